from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.storage import LIMITS, Storages
from twin.physics.shallow_water.structures.vessel import Shapes, Vessel

TOLERANCE = {"float64": 1e-12, "float32": 1e-7}
METRES = st.floats(0.1, 50.0)


def cells(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([r for r, _ in pairs]), np.array([c for _, c in pairs])


def room(id_: str = "a", at: tuple[int, int] = (5, 5), *, floor: float = 97.0, sill: float = 100.1, **more) -> Vessel:
    """A cellar of 100 m2 with its ceiling 0.5 m above the ground at 100 m."""
    given_ = {"rim": 3.5, "top": 3.5, "flat": 100.0, "wide": 100.0} | more
    return Vessel(id_, floor, entrances=cells(at), sill=np.array([sill]), width=np.array([1.5]), **given_)


def street(vessels: list[Vessel], depth: float = 0.4, precision: str = "float64", rain=None) -> tuple:
    water = ShallowWater(np.full((20, 20), 100.0), 5.0, depth=np.full((20, 20), depth), precision=precision, order=1)
    held = Storages("basements", "basement_depth", vessels, rain)
    water.put(held)
    return water, held


def gap(water: ShallowWater) -> float:
    parts = water.budget()
    return abs(water.stored() - water.stored_at_start - parts["rain"] + parts["pumped"]) / max(
        water.stored_at_start, parts["rain"]
    )


@given(flat=METRES, more=METRES, rim=st.floats(0.5, 10.0), above=st.floats(0.0, 3.0), share=st.floats(0.0, 1.0))
def test_height_is_the_reverse_of_volume(flat: float, more: float, rim: float, above: float, share: float) -> None:
    shapes = Shapes([room(rim=rim, top=rim + above, flat=flat, wide=flat + more)])
    volume = shapes.capacity * share
    np.testing.assert_allclose(shapes.volume(shapes.height(volume)), volume, rtol=1e-9, atol=1e-9)
    assert shapes.height(shapes.capacity)[0] == pytest.approx(rim + above)


def test_an_underpass_with_ramps_holds_what_its_section_says() -> None:
    # 200 m long, 8 m wide, 5 m deep, ramps of 80 m at both ends: 8 * (40 * 5 + 2 * 80 * 5 / 2) = 4800 m3
    shapes = Shapes([room(rim=5.0, top=5.0, flat=8.0 * 40, wide=8.0 * 200)])
    assert shapes.capacity[0] == pytest.approx(4800.0)
    # half way up the ramps are 40 m long each: 8 * (40 * 2.5 + 2 * 40 * 2.5 / 2)
    assert shapes.volume(np.array([2.5]))[0] == pytest.approx(1600.0)
    assert shapes.area(np.array([2.5]))[0] == pytest.approx(8 * 120.0)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_storage_fills_to_the_level_outside_and_not_above(precision: str) -> None:
    water, held = street([room()], precision=precision)
    inside = []
    for minute in range(1, 18):
        water.advance(60.0 * minute)
        inside.append(float(held.depth[0]))
        assert 97.0 + inside[-1] <= 100 + float(water.depth[5, 5]) + 1e-3  # the street swings
    assert 97.0 + inside[-1] == pytest.approx(100 + float(water.depth.mean()), abs=2e-3)
    assert (np.diff(inside)[:12] > 0).all()
    assert np.ptp(inside[-2:]) < 2e-3
    assert gap(water) < TOLERANCE[precision]


def test_the_first_water_over_the_sill_is_a_weir() -> None:
    water, held = street([room()])
    water.advance(0.5)
    # (2/3) 0.6 1.5 sqrt(2 g) 0.3^1.5 = 0.4367 m3/s
    assert held.volume[0] == pytest.approx(0.5 * 0.4367, rel=0.02)


def test_a_storage_gives_back_only_what_stands_above_the_sill() -> None:
    water, held = street([room()])
    water.advance(1800.0)
    assert held.depth[0] > 3.2
    water.water.empty(cells(*((r, c) for r in range(20) for c in range(20))))
    water.disturbed()
    water.advance(3600.0)
    assert 97.0 + held.depth[0] == pytest.approx(100.1, abs=0.01)


def test_a_full_storage_takes_no_more_and_a_dry_street_gives_nothing() -> None:
    water, held = street([room(top=1.0, rim=1.0)])
    water.advance(900.0)
    assert held.volume[0] == pytest.approx(100.0)
    dry, empty = street([room()], depth=0.05)
    dry.advance(300.0)
    assert empty.volume[0] == 0
    assert empty.limits() == []


def test_thousands_that_share_cells_never_take_more_than_there_is() -> None:
    rng = np.random.default_rng(5)
    vessels = [room(f"b{i}", tuple(rng.integers(0, 20, 2)), floor=90.0, rim=10.0, top=10.0) for i in range(3000)]
    water, held = street(vessels, depth=0.5)
    water.advance(600.0)
    assert water.depth.min() >= 0
    assert np.abs(water.depth - 0.1).max() < 0.02  # down to the sills
    assert gap(water) < 1e-12
    again, same = street(vessels[::-1], depth=0.5)
    again.advance(600.0)
    np.testing.assert_allclose(same.volume[::-1], held.volume, rtol=1e-6)


def test_boards_keep_water_out_until_it_stands_above_them() -> None:
    water, held = street([room("a"), room("b", (15, 15))])
    held.boards[0] = 0.5
    water.advance(300.0)
    assert held.volume[0] == 0
    assert held.volume[1] > 50
    held.boards[0] = 0.1
    water.advance(600.0)
    assert held.volume[0] > 10


def test_its_own_pump_lifts_water_out_of_the_area() -> None:
    water, held = street([room()])
    water.advance(900.0)
    held.boards[0], before = 2.0, float(held.volume[0])
    held.pumps[0] = 0.05
    water.advance(1900.0)
    assert held.volume[0] == pytest.approx(before - 50.0, abs=1.0)
    assert water.budget()["pumped"] == pytest.approx(50.0)
    held.pumps[0] = 10.0
    water.advance(2000.0)
    assert held.volume[0] == 0
    assert gap(water) < 1e-12


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_rain_on_its_cells_runs_into_it(precision: str) -> None:
    rain = Series((0.0, 3600.0), (50e-3 / 3600, 0.0), step=True)
    inside = tuple(a.ravel() for a in np.mgrid[8:12, 8:12])
    open_cut = room(sill=101.0, catch=inside)
    water, held = street([open_cut], depth=0.0, precision=precision, rain=rain.at)
    water.rain = rain
    water.advance(3600.0)
    assert held.volume[0] == pytest.approx(0.05 * 16 * 25, rel=0.03)
    assert gap(water) < TOLERANCE[precision]


def test_limits_are_passed_in_the_order_of_their_depths_and_written_once() -> None:
    water, held = street([room(sill=100.0, top=0.2, rim=0.2), room("b", (15, 15), sill=100.3)], depth=0.01)
    water.rain = Series((0.0, 600.0), (1e-3, 0.0), step=True)
    water.advance(900.0)
    times = {row["limit"]: row["time"] for row in held.limits() if row["id"] == "a"}
    assert list(times) == list(LIMITS)
    assert sorted(times.values()) == list(times.values())
    assert times["water_enters"] < 3.0
    assert times["door_shut"] == pytest.approx(400, abs=20)
    assert {row["limit"] for row in held.limits() if row["id"] == "b"} >= {"water_enters", "stairs_hard"}
    reached = held.reached()
    assert reached["a"]["deepest_m"] == pytest.approx(0.2)
    assert reached["a"]["limits"] == times
    water.advance(1000.0)
    assert {row["limit"]: row["time"] for row in held.limits() if row["id"] == "a"} == times


def test_storages_go_on_from_what_they_saved_to_the_last_bit() -> None:
    vessels = [room("a"), room("b", (5, 6)), room("c", (15, 15), sill=100.2)]
    first, held = street(vessels, precision="float32")
    second, other = street(vessels, precision="float32")
    held.boards[1], held.pumps[2] = 0.2, 0.01
    first.advance(100.0)
    second.load(first.save())
    first.advance(400.0)
    second.advance(400.0)
    assert first.depth.tobytes() == second.depth.tobytes()
    assert held.state() == other.state()
    assert held.limits() == other.limits()
    assert first.budget() == second.budget()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    dt=st.floats(0.01, 300.0),
    count=st.integers(1, 40),
    precision=st.sampled_from(["float32", "float64"]),
)
def test_whatever_the_step_it_neither_makes_nor_loses_water(seed: int, dt: float, count: int, precision: str) -> None:
    rng = np.random.default_rng(seed)
    vessels = [
        room(
            f"b{i}",
            tuple(rng.integers(0, 20, 2)),
            floor=float(rng.uniform(95, 100)),
            sill=float(rng.uniform(99, 101)),
            flat=float(rng.uniform(0, 500)),
            wide=float(rng.uniform(1, 500)),
        )
        for i in range(count)
    ]
    water, held = street(vessels, depth=float(rng.uniform(0, 2)), precision=precision)
    for _ in range(5):
        held.boards = rng.uniform(0, 0.5, count)
        held.step(water.water, 0.0, dt)
        assert (held.volume >= 0).all()
        assert (held.volume <= held.shapes.capacity * (1 + 1e-12)).all()
        assert water.water.now[0].min() >= 0
        assert gap(water) < TOLERANCE[precision]
