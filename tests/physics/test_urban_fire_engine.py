"""The network: kernels against the reference, the books, what measures do, and what is the same whatever one does."""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.cases.town import BARE, CONCRETE, MORTARED, box, mixed, rows
from twin.errors import InputError
from twin.physics.urban_fire import tables, throwing
from twin.physics.urban_fire.brands import Brands
from twin.physics.urban_fire.buildings import Buildings, buildings
from twin.physics.urban_fire.engine import UrbanFire
from twin.physics.urban_fire.reference import Reference

KINDS = ["timber", "timber", "masonry", "concrete"]
SHOWN = "state", "cause", "ignited", "ended", "heat_release", "dose", "radiation", "burnt", "by"


def burn(town: Buildings, hours: float = 1.0, *, wind: float = 8.0, came: float = 200.0, seed: int = 1) -> UrbanFire:
    """Return a town some hours after its first node caught fire."""
    fire = UrbanFire(town, seed=seed)
    fire.ignite(0, 0.0)
    fire.advance(hours * 3600, wind_speed=wind, wind_from=came)
    return fire


@pytest.mark.parametrize("seed", [3, 8])
def test_the_kernels_do_what_the_reference_does(seed: int) -> None:
    town, kind = mixed(seed, 5, 5, KINDS, [1, 2, 3, 7]), Brands(rate=0.003)
    fire = UrbanFire(town, seed=seed, brands=kind)
    plain = Reference(town, fire.pairs, seed, 10.0, kind)
    first = int(np.flatnonzero(town.structure == 0)[0])
    fire.ignite(first, 0.0)
    plain.ignite(first)
    heat, sparks = np.zeros(town.count), np.zeros(town.count)
    for k in range(240):
        wind = 8.0 if k < 180 else 0.0
        if k == 60:
            fire.hose(20, 30.0)
            fire.wet(5, 20.0)
            fire.stop(7)
            plain.hosed[20], plain.wetted[5], plain.standing[7] = 30.0, 20.0, False
        if k == 150:
            fire.flood(0.7)
            plain.dry = 1 - np.maximum(0.0, 0.7 - (town.base - town.ground)) / (town.top - town.base)
        heat[3], sparks[11] = (25.0, 0.1) if 50 < k < 80 else (0.0, 0.0)
        came = np.radians(200.0)
        fire.advance((k + 1) * 10.0, wind_speed=wind, wind_from=200.0, flux=heat, brands=sparks)
        plain.advance(wind, (-np.sin(came), -np.cos(came)), heat, sparks)
        for name in SHOWN:
            np.testing.assert_allclose(getattr(fire, name), getattr(plain, name), rtol=1e-9, atol=1e-9, err_msg=name)
        # the one goes by the time at which nodes caught fire, the other by their numbers
        fell = sorted(plain.fell), sorted(map(tuple, fire.brands_thrown[:, :2].tolist()))
        np.testing.assert_allclose(np.array(fell[1]), np.array(fell[0]), rtol=1e-9)
    assert {1, 2, 3} <= set(fire.cause.tolist())
    assert (fire.state >= 2).sum() > 10


def test_the_book_closes_and_every_fire_gives_its_fuel() -> None:
    fire = burn(rows(6, 6, 10, 3, MORTARED), 4.0)
    assert fire.released > 1e5
    assert abs(fire.released + fire.left - fire.fuel) / fire.fuel < 1e-9
    assert (fire.state == 3).all()
    assert fire.burnt == pytest.approx(fire.city.fires.energy, rel=1e-12)
    assert (fire.ended > fire.ignited).all()


def test_it_goes_on_to_the_last_bit() -> None:
    town = mixed(5, 6, 6, KINDS, [1, 2, 6])
    whole, begun, second = (UrbanFire(town, seed=4, brands=Brands(rate=0.002)) for _ in range(3))
    for fire in (whole, begun):
        fire.ignite(0, 0.0)
        fire.ignite(30, 2000.0, cause=5)
        fire.hose(4, 3.0)
    for k in range(60):
        whole.advance((k + 1) * 60.0, wind_speed=9.0, wind_from=230.0)
        if k < 25:
            begun.advance((k + 1) * 60.0, wind_speed=9.0, wind_from=230.0)
    second.load(begun.save())
    for k in range(25, 60):
        second.advance((k + 1) * 60.0, wind_speed=9.0, wind_from=230.0)
    ours, theirs = whole.save(), second.save()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert np.array_equal(array, theirs[name]), name


def test_how_often_one_asks_changes_nothing() -> None:
    town = mixed(5, 5, 5, KINDS, [1, 2])
    at_once, often = (UrbanFire(town, seed=4) for _ in range(2))
    for fire in (at_once, often):
        fire.ignite(2, 0.0)
    at_once.advance(3600.0, wind_speed=9.0)
    for until in np.arange(7.0, 3607.0, 7.0):
        often.advance(float(min(until, 3600.0)), wind_speed=9.0)
    assert at_once.time == often.time == 3600
    assert np.array_equal(at_once.ignited, often.ignited)
    assert at_once.released == often.released


def test_the_seed_decides_about_brands_only() -> None:
    town = rows(8, 8, 10, 6, BARE)
    calm = [burn(town, 1.0, wind=0.0, seed=s).ignited for s in (1, 2)]
    windy = [burn(town, 1.0, wind=12.0, seed=s).ignited for s in (1, 1, 2)]
    assert np.array_equal(*calm)
    assert np.array_equal(windy[0], windy[1])
    assert not np.array_equal(windy[0], windy[2])


def test_turning_town_and_wind_turns_the_fire() -> None:
    c, s = np.cos(0.6), np.sin(0.6)
    straight = [box(i * 14, j * 15, 10, 9) for i in range(5) for j in range(5)]
    turned = [ring @ np.array([[c, s], [-s, c]]) for ring in straight]
    found = []
    for rings, came in ((straight, 180.0), (turned, 180.0 - np.degrees(0.6))):
        fire = UrbanFire(buildings(rings, [BARE] * 25), seed=1, brands=Brands(rate=0.0))
        fire.ignite(2, 0.0)
        fire.advance(3600.0, wind_speed=6.0, wind_from=came)
        found.append(fire.ignited)
    assert np.isfinite(found[0]).all()
    assert found[1] == pytest.approx(found[0], abs=10.0)


def test_fire_runs_faster_downwind_and_by_contact() -> None:
    fire = burn(rows(1, 9, 10, 3, BARE), 1.0, wind=10.0, came=180.0)
    against = burn(rows(1, 9, 10, 3, BARE), 1.0, wind=10.0, came=0.0)
    assert (fire.cause[1:] >= 2).all()
    assert (fire.cause[1:] == 3).any()
    assert fire.by[1] == 0
    assert fire.ignited[8] < 0.7 * against.ignited[8]


def test_concrete_hardly_burns_on() -> None:
    timber, concrete = (burn(rows(5, 5, 10, 3, kind), 1.0, wind=0.0) for kind in (BARE, CONCRETE))
    assert (timber.state >= 2).all()
    assert set(concrete.city.building[concrete.state >= 2]) == {0}


def test_fire_climbs_open_stairs_after_their_time_and_enclosed_ones_not() -> None:
    low, high = (burn(rows(1, 1, 10, 3, {"structure": "concrete", "storeys": n}), 3.0) for n in (3, 5))
    climbed = np.diff(low.ignited)
    assert (tables.STAIRS <= climbed).all()
    assert (climbed < tables.STAIRS + 300).all()
    assert np.isfinite(high.ignited).tolist() == [True] + [False] * 4
    assert low.burnt[0] == pytest.approx(low.city.fires.energy[0])


def test_wind_fans_a_wooden_house_and_not_one_of_concrete() -> None:
    for house, fanned in ((BARE, True), (CONCRETE, False)):
        calm, windy = (burn(rows(1, 1, 10, 3, house), 0.4, wind=w).heat_release[0] for w in (0.0, 9.0))
        assert (windy > 1.5 * calm) == fanned
        assert fanned or windy == calm


def test_flames_out_of_windows_do_not_reach_storeys_above_them() -> None:
    town = buildings([box(0, 0, 10, 10), box(10.35, 0, 10, 10)], [MORTARED, {"structure": "concrete", "storeys": 6}])
    fire = burn(town, 0.25)
    by = fire.cause[1:]
    assert by[0] == 3
    assert 3 not in by[3:]


def test_water_puts_a_fire_out_when_there_is_enough() -> None:
    def after(flow: float) -> UrbanFire:
        fire = UrbanFire(rows(1, 1, 10, 3, MORTARED), seed=1)
        fire.ignite(0, 0.0)
        fire.advance(900.0)
        fire.hose(0, flow)
        fire.advance(1800.0)
        return fire

    none, some, enough = after(0.0), after(5.0), after(60.0)
    assert enough.state[0] == 4
    assert enough.ended[0] <= 900 + 310
    assert enough.left > 0.9 * enough.fuel
    assert none.state[0] == some.state[0] == 2
    assert 0 < some.released < none.released
    assert abs(enough.released + enough.left - enough.fuel) < 1e-9 * enough.fuel


def test_wet_facades_and_cleared_houses_do_not_catch_fire() -> None:
    def caught(what: str) -> list[int]:
        fire = UrbanFire(rows(1, 3, 10, 4, BARE), seed=1)
        fire.ignite(0, 0.0)
        if what == "wet":
            fire.wet(1, 12.0)
        if what == "cleared":
            fire.stop(1)
        fire.advance(2400.0)
        return [int(i) for i in np.flatnonzero(fire.state >= 2)]

    assert caught("") == [0, 1, 2]
    assert caught("wet") == [0]
    assert caught("cleared") == [0]


def test_a_wall_stops_fire_but_not_brands() -> None:
    town = rows(3, 2, 10, 5, BARE)
    wall = np.array([[-50.0, 7.5, 80.0, 7.5, 8.0]])

    def behind(walls: np.ndarray | None, rate: float) -> int:
        fire = UrbanFire(town, seed=1, brands=Brands(rate=rate), walls=walls)
        for i in range(3):
            fire.ignite(i, 0.0)
        fire.advance(3600.0, wind_speed=6.0, wind_from=180.0)
        return int((fire.state[3:] >= 2).sum())

    assert behind(None, 0.0) == 3
    assert behind(wall, 0.0) == 0
    assert behind(wall, 0.01) > 0


def test_a_burning_house_that_is_cleared_is_out() -> None:
    fire = burn(rows(1, 1, 10, 3, BARE), 0.1)
    fire.stop(0)
    fire.advance(fire.time + 10)
    assert fire.state[0] == 4
    assert fire.heat_release[0] == 0
    assert not fire.ignite(0, fire.time)


def test_what_stands_in_water_does_not_burn() -> None:
    dry, wet = (UrbanFire(rows(1, 1, 10, 3, MORTARED), seed=1) for _ in range(2))
    wet.flood(1.5)
    for fire in (dry, wet):
        fire.ignite(0, 0.0)
        fire.advance(7200.0)
    assert wet.released == pytest.approx(0.75 * dry.released)
    assert abs(wet.released + wet.left - wet.fuel) < 1e-9 * wet.fuel


def test_sprinklers_work_nine_times_in_ten() -> None:
    houses = [{**MORTARED, "sprinklers": True}] * 100
    town = buildings([box(60.0 * i, 0, 10, 10) for i in range(100)], houses)
    fire = UrbanFire(town, seed=6)
    for i in range(100):
        fire.ignite(i, 0.0)
    fire.advance(3600.0)
    assert fire.sprinklers_work.sum() == pytest.approx(90, abs=8)
    assert ((fire.state == 4) == fire.sprinklers_work).all()
    assert fire.burnt[fire.sprinklers_work].max() < 0.05 * fire.burnt[~fire.sprinklers_work].min()
    assert (fire.sprinklers_work == (throwing.uniforms(6, 100, 0, -2) < 0.9)).all()


def test_vegetation_ignites_by_heat_and_by_brands() -> None:
    fire = UrbanFire(buildings([box(100 * i, 0, 10, 10) for i in range(3)], [BARE] * 3), seed=1)
    fire.advance(600.0, flux=[20.0, 0.0, 10.0], brands=[0.0, 50.0, 0.0])
    assert fire.cause.tolist() == [5, 5, 0]
    assert fire.by.tolist() == [-1, -1, -1]
    assert fire.ignited[0] == 340
    assert fire.state[2] == 0


def test_fire_climbs_outside_storey_by_storey() -> None:
    def reached(cladding: str) -> UrbanFire:
        tall = {"structure": "concrete", "storeys": 10, "height": 30.0, "cladding": cladding, "use": "apartment"}
        fire = UrbanFire(buildings([box(0, 0, 20, 12)], [tall]), seed=1)
        fire.ignite(3, 0.0)
        fire.advance(3 * 3600.0)
        return fire

    bare, clad = reached("non_combustible"), reached("combustible")
    assert (clad.state[3:] >= 2).all()
    assert (clad.state[:3] < 2).all()
    assert clad.cause[4:].tolist() == [3] * 6
    assert clad.by[4:].tolist() == [3, 4, 5, 6, 7, 8]
    assert (bare.state >= 2).sum() <= (clad.state >= 2).sum()


def test_a_fire_asked_for_later_comes_later() -> None:
    fire = UrbanFire(rows(3, 1, 10, 30, BARE), seed=1)
    assert fire.ignite(1, 125.0, cause=4, by=0)
    fire.advance(120.0)
    assert fire.state.tolist() == [0, 0, 0]
    fire.advance(130.0)
    assert fire.state.tolist() == [0, 2, 0]
    assert (fire.ignited[1], fire.cause[1], fire.by[1]) == (125, 4, 0)
    assert fire.burning.tolist() == [1]


def test_what_cannot_be_is_refused() -> None:
    town = rows(2, 1, 10, 3, BARE)
    fire = UrbanFire(town, seed=1)
    fire.advance(600.0)
    for action, words in (
        (lambda: fire.ignite(2, 700.0), "no node 2; known: 0 to 1"),
        (lambda: fire.ignite(0, 0.0), "it is 600 s already"),
        (lambda: fire.ignite(0, 700.0, cause=9), "cause 9"),
        (lambda: fire.hose(0, -1.0), "flow of -1"),
        (lambda: fire.wet(-1, 1.0), "no node -1"),
        (lambda: fire.stop(5), "no node 5"),
        (lambda: fire.flood([0.0, np.nan]), "depth of water at node 1"),
        (lambda: fire.advance(700.0, wind_speed=-1.0), "wind of -1"),
        (lambda: fire.advance(700.0, flux=[0.0, -2.0]), "flux at node 1 is -2"),
        (lambda: UrbanFire(town, seed=-1), "seed -1"),
        (lambda: UrbanFire(town, seed=1, step=0.0), "step of 0 s"),
    ):
        with pytest.raises(InputError, match=words):
            action()


def test_an_empty_town_does_nothing() -> None:
    fire = UrbanFire(buildings([], []), seed=1)
    fire.advance(600.0, wind_speed=9.0)
    assert fire.time == 600
    assert fire.released == fire.left == 0
