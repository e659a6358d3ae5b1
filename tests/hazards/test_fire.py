"""The whole of a fire: a hillside, houses at its foot, and what goes from one to the other."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.hazards.hillside import CELL, DRY, GRASS, GRID, at, begun, codes, do, house, rows, street, wind
from twin.model.scenario import Ignition, Series, Weather


def test_a_fire_on_a_hillside_reaches_the_houses_at_its_foot() -> None:
    fire = begun()
    first = fire.advance(300.0)
    assert set(np.unique(first.fields["fire_state"])) == {0.0, 1.0, 2.0}
    assert first.fields["fireline_intensity"].max() > 500
    assert not first.assets["building_fire"]
    fire.advance(1500.0)
    burnt = rows(fire)
    assert len(burnt) == 18
    facing = {id_: row for id_, row in burnt.items() if row["cause"] == "vegetation"}
    assert facing
    assert {id_[:2] for id_ in facing} == {"h0"}
    first_house = min(burnt, key=lambda id_: burnt[id_]["ignited_s"])
    assert first_house in facing
    x, y = (float(v) for v in str(burnt[first_house]["by"]).split(", "))
    assert np.hypot(x - at(521, 0)[0], y - at(0, 260 + 12 * int(first_house[2]))[1]) < 40
    behind = [row for id_, row in burnt.items() if id_ not in facing]
    assert {row["cause"] for row in behind} <= {"contact", "radiation", "brand"}
    assert {str(row["by"])[:2] for row in behind if row["cause"] != "brand"} <= {"h0", "h1", "h2"}
    for row in behind:
        if row["cause"] != "brand":
            assert burnt[str(row["by"])]["ignited_s"] < row["ignited_s"]
    frame = fire.advance(1510.0)
    row, column = int(264 // CELL), int(525 // CELL)
    assert frame.fields["fire_state"][row, column] == 3.0
    assert frame.assets["heat_release"]["h00"] > 1000
    arrival = fire.summary()["fire_arrival"]
    assert arrival[row, column] == burnt["h00"]["ignited_s"]
    assert np.isnan(arrival[0, -1])


def test_the_budget_closes_and_says_what_burnt() -> None:
    fire = begun()
    for until in (7.0, 600.0, 1234.5, 5400.0):
        fire.advance(until)
        budget = fire.budget()
        assert budget.unit == "MJ"
        assert abs(budget.error_relative) < 1e-9
        assert budget.stored + budget.outflow == pytest.approx(budget.parts["fuel_at_start"], rel=1e-12)
    assert budget.parts["buildings_burnt"] == pytest.approx(
        sum(row["energy_mj"] for row in rows(fire).values()), rel=1e-9
    )
    assert budget.parts["vegetation_burnt"] > 1e5


def test_a_burning_house_sets_fire_to_the_grass_around_it() -> None:
    alone = {"building": [house("hut", 300, 300)]}
    still = Weather(Series((0.0,), (0.0,), step=True), Series((0.0,), (0.0,), step=True), moisture=DRY)
    fire = begun(alone, weather=still, ignitions=(Ignition("hut", target="hut"),))
    fire.advance(60.0)
    assert rows(fire)["hut"]["cause"] == "given"
    assert (fire.advance(60.0).fields["fire_state"] == 1.0).sum() == 0
    frame = fire.advance(900.0)
    beside = frame.fields["fire_state"][29:33, 29:33]
    assert ((beside == 1.0) | (beside == 2.0)).sum() >= 3
    assert fire.world.diary.from_buildings >= 1
    street_only = begun(
        alone, {"fuel_model": np.full(GRID.shape, 91.0)}, weather=still, ignitions=(Ignition("hut", target="hut"),)
    )
    street_only.advance(900.0)
    assert street_only.world.passed.count == 0


def test_brands_of_houses_light_grass_that_nothing_else_reaches() -> None:
    fuel = np.full(GRID.shape, 91.0)
    fuel[:, 59:70] = GRASS
    fire = begun(
        {"building": street()},
        {"fuel_model": fuel},
        weather=wind(15.0),
        ignitions=(Ignition("h", target="h00"),),
        params={"brand_factor": 20.0},
    )
    fire.advance(5400.0)
    assert fire.world.diary.spots > 0
    assert fire.world.passed.count > 0
    none = begun(
        {"building": street()},
        {"fuel_model": fuel},
        weather=wind(15.0),
        ignitions=(Ignition("h", target="h00"),),
        params={"spotting": "off", "brand_factor": 0.0},
    )
    none.advance(5400.0)
    assert none.world.passed.count == 0


def test_a_fire_that_leaves_the_area_says_when_and_where() -> None:
    fire = begun({}, ignitions=(Ignition("near the edge", points=(at(20, 300),)),))
    fire.advance(1800.0)
    said = [row for row in fire.aftermath()["findings"] if row["code"] == "fire_at_edge"]
    assert [row["where"] for row in said] == ["west"]
    first = np.nanmin(fire.summary()["fire_arrival"][:, 0])
    assert f"{first / 60:.1f} min" in str(said[0]["message"])
    assert "경계" in str(said[0]["message"])
    house_at_edge = begun(
        {"building": [house("rim", 795, 300)]},
        {"fuel_model": np.full(GRID.shape, 91.0)},
        ignitions=(Ignition("rim", target="rim"),),
    )
    house_at_edge.advance(120.0)
    assert "fire_at_edge" in codes(house_at_edge)


def test_wind_that_turns_carries_the_fire_the_other_way() -> None:
    turning = Weather(Series((0.0,), (8.0,), step=True), Series((0.0, 600.0), (270.0, 90.0), step=True), moisture=DRY)
    fires = [
        begun({}, ignitions=(Ignition("g", points=(at(300, 300),)),), weather=weather, params={"spotting": "off"})
        for weather in (wind(), turning)
    ]
    before = [fire.advance(600.0).fields["fire_state"] for fire in fires]
    assert (before[0] == before[1]).all()
    after = [fire.advance(1200.0).fields["fire_state"] > 0 for fire in fires]
    columns = np.arange(GRID.nx)
    assert (columns * after[1].any(axis=0)).max() < (columns * after[0].any(axis=0)).max()
    assert np.flatnonzero(after[1].any(axis=0)).min() < np.flatnonzero(after[0].any(axis=0)).min()
    assert fires[1].cell_updates > fires[0].cell_updates


@pytest.mark.parametrize("cut", [130.0, 905.0, 1203.0])
def test_goes_on_from_what_it_saved_to_the_last_bit(cut: float) -> None:
    hydrant = {"hydrant": [], "facility": []}
    given = {"building": street(), **hydrant}

    def played(until: float):
        fire = begun(given)
        for time, kind, target, params in PLAY:
            if time <= until:
                fire.advance(time)
                do(fire, kind, target, **params)
        fire.advance(until)
        return fire

    first, second = played(cut), begun(given)
    second.load({name: np.array(value) for name, value in first.save().items()}, [])
    assert json.dumps(second.aftermath()) == json.dumps(first.aftermath())
    for fire in (first, second):
        fire.advance(cut + 333.0)
        do(fire, "engine", "h01", **{"from": [*at(700, 300)]})
    a, b = first.advance(3000.0), second.advance(3000.0)
    for quantity in a.fields:
        assert a.fields[quantity].tobytes() == b.fields[quantity].tobytes()
    assert a.assets == b.assets
    assert first.budget() == second.budget()
    assert json.dumps(second.aftermath()) == json.dumps(first.aftermath())
    for quantity, values in first.summary().items():
        assert values.tobytes() == second.summary()[quantity].tobytes()


PLAY = [
    (60.0, "wet", "", {"box": [*at(200, 100), *at(300, 250)], "duration": 600.0}),
    (60.0, "clear", "", {"line": [[*at(400, 100)], [*at(400, 200)]], "width": 20.0, "demolish": True}),
    (120.0, "engine", "h02", {"from": [*at(700, 300)]}),
    (121.0, "evacuate", "h02", {}),
    (130.0, "wet", "h03", {"duration": 3000.0}),
]


def test_other_seeds_throw_other_brands_and_the_same_seed_the_same() -> None:
    states = [begun({}, seed=seed).advance(1500.0).fields["fire_state"] for seed in (1, 1, 2)]
    assert (states[0] == states[1]).all()
    assert (states[0] != states[2]).any()


def test_twice_the_rate_of_spread_burns_more() -> None:
    areas = [
        begun({}, params={"spread_rate_factor": factor, "spotting": "off"})
        .advance(900.0)
        .fields["fire_state"]
        .astype(bool)
        .sum()
        for factor in (0.5, 1.0, 2.0)
    ]
    assert areas[0] < areas[1] < areas[2]


def test_where_the_times_of_frames_lie_changes_next_to_nothing() -> None:
    one, many = begun(), begun()
    for time in np.arange(45.0, 1500.0, 45.0):
        many.advance(float(time))
    a, b = one.advance(1500.0), many.advance(1500.0)
    burnt = [(frame.fields["fire_state"] > 0).sum() for frame in (a, b)]
    assert burnt[0] == pytest.approx(burnt[1], rel=0.03)
    assert a.assets["building_fire"].keys() == b.assets["building_fire"].keys()


def test_a_park_under_trees_has_crown_fires() -> None:
    fields = {"fuel_model": np.full(GRID.shape, 165.0)} | {
        f"canopy_{name}": np.full(GRID.shape, value)
        for name, value in {"cover": 0.7, "height": 15.0, "base_height": 1.0, "bulk_density": 0.2}.items()
    }
    fire = begun({}, fields, weather=wind(15.0))
    fire.advance(1200.0)
    assert fire.summary()["fire_type"].max() == 3.0
    bare = begun({}, fields, weather=wind(15.0), params={"crown": "none"})
    bare.advance(1200.0)
    assert bare.summary()["fire_type"].max() == 1.0
