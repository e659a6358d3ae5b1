"""Rain as one rate and as maps over time: every drop in the books, one map in memory."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from twin.errors import InputError
from twin.model.field import FieldSeries
from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.rainfall import HEAVIEST, check
from twin.physics.shallow_water.runoff import Runoff, to_nearest

MM_H = 1e-3 / 3600
SHAPE = (12, 17)


def clouds(count: int = 3, seed: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.random(SHAPE) * 60 * MM_H for _ in range(count)]


def maps(times: tuple[float, ...], values: list[np.ndarray]) -> FieldSeries:
    return FieldSeries("rain_rate", times, lambda number: values[number])


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_each_map_falls_in_its_time_and_the_books_are_exact(order: int, precision: str) -> None:
    fields = clouds()
    fields[1][:] = 0  # a break in the storm
    water = ShallowWater(np.zeros(SHAPE), 5.0, order=order, precision=precision, roughness=0.5)
    water.rain = maps((-30.0, 40.0, 55.5), fields)
    expected = np.zeros(SHAPE)
    for until, seconds, number in ((40.0, 40.0, 0), (55.5, 15.5, 1), (100.0, 44.5, 2)):
        water.advance(until)
        expected += fields[number] * seconds
        assert water.budget()["rain"] == pytest.approx(expected.sum() * 25, rel=1e-12)
        assert water.stored() == pytest.approx(expected.sum() * 25, rel=1e-6 if precision == "float32" else 1e-13)
    held = water.water.now[0][2:-2, 2:-2]
    assert np.corrcoef(held.ravel(), expected.ravel())[0, 1] > 0.7  # some of it has run off to lower levels


def test_before_the_first_map_nothing_falls_and_the_last_one_goes_on() -> None:
    water = ShallowWater(np.zeros(SHAPE), 5.0, precision="float64")
    field = clouds(1)[0]
    water.rain = maps((20.0,), [field])
    water.advance(20.0)
    assert water.budget()["rain"] == 0
    water.advance(80.0)
    assert water.budget()["rain"] == pytest.approx(field.sum() * 60 * 25, rel=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_a_cloudburst_on_two_metres_of_water_is_not_lost_in_float32(order: int) -> None:
    water = ShallowWater(np.zeros(SHAPE), 1.0, depth=np.full(SHAPE, 2.0), order=order)
    field = np.full(SHAPE, 60 * MM_H)
    field[:, :5] = 1 * MM_H
    water.rain = maps((0.0,), [field])
    water.advance(120.0)
    fallen = field.sum() * 120.0
    assert field[0, 0] * 120.0 / water.steps < 0.2 * np.spacing(np.float32(2.0))
    assert water.budget()["rain"] == pytest.approx(fallen, rel=1e-12)
    assert water.stored() - water.stored_at_start == pytest.approx(fallen, rel=1e-4)


def test_only_the_map_that_falls_is_held_in_memory() -> None:
    alive: list[weakref.ref[np.ndarray]] = []

    def read(number: int) -> np.ndarray:
        field = np.full(SHAPE, (number + 1) * MM_H)
        alive.append(weakref.ref(field))
        return field

    water = ShallowWater(np.zeros(SHAPE), 5.0)
    water.rain = FieldSeries("rain_rate", tuple(10.0 * k for k in range(8)), read)
    assert not alive
    water.advance(75.0)
    gc.collect()
    assert len(alive) == 8
    assert sum(ref() is not None for ref in alive) <= 1


def test_walls_take_no_rain_and_one_rate_can_follow_maps() -> None:
    solid = np.zeros(SHAPE, bool)
    solid[3:6, 3:6] = True
    water = ShallowWater(np.zeros(SHAPE), 5.0, solid=solid, precision="float64")
    water.rain = maps((0.0,), [np.full(SHAPE, 10 * MM_H)])
    water.advance(60.0)
    first = 10 * MM_H * 60 * (SHAPE[0] * SHAPE[1] - 9) * 25
    assert water.budget()["rain"] == pytest.approx(first, rel=1e-12)
    water.rain = Series((0.0,), (20 * MM_H,))
    water.advance(120.0)
    assert water.budget()["rain"] == pytest.approx(3 * first, rel=1e-12)
    assert (water.depth[solid] == 0).all()


@pytest.mark.parametrize(
    ("field", "match"),
    [
        (np.full(SHAPE, -MM_H), r"rain map 1 at 300 s: 204 of 204 values must be between 0 .* first is -2.7"),
        (np.full(SHAPE, np.nan), "rain map 1 at 300 s: 204 of 204"),
        (np.full(SHAPE, 60.0), r"rain map 1 .*3000 mm/h.*first is 60"),
        (np.zeros((3, 3)), r"rain map 1 at 300 s has \(3, 3\) cells, and the grid \(12, 17\)"),
    ],
)
def test_a_map_that_is_no_rain_is_refused_before_and_when_it_falls(field: np.ndarray, match: str) -> None:
    course = maps((0.0, 300.0), [np.zeros(SHAPE), field])
    with pytest.raises(InputError, match=match):
        check(course, SHAPE)
    water = ShallowWater(np.zeros(SHAPE), 5.0)
    water.rain = course
    with pytest.raises(InputError, match=match):
        water.advance(301.0)


def test_a_course_out_of_order_or_beyond_belief_is_refused() -> None:
    water = ShallowWater(np.zeros(SHAPE), 5.0)
    for course in (maps((0.0, 0.0), clouds(2)), Series((60.0, 30.0), (1e-5, 0.0), step=True)):
        with pytest.raises(InputError, match="times must rise"):
            water.rain = course
    for value in (-1e-6, 1.1 * HEAVIEST, np.inf, np.nan):
        with pytest.raises(InputError, match=r"rain: .* at 60 s"):
            check(Series((0.0, 60.0), (0.0, value)), SHAPE)


def test_what_falls_on_closed_cells_goes_to_the_nearest_open_one() -> None:
    amount = np.ones((5, 7))
    open_cells = np.ones((5, 7), bool)
    open_cells[1:4, 2:5] = False
    out = to_nearest(amount, open_cells)
    assert out.sum() == 35.0
    assert (out[~open_cells] == 0).all()
    assert out[0, 3] == 2.0
    assert out[0, 0] == 1.0
    runoff = Runoff(open_cells)
    rates = np.random.default_rng(1).random((5, 7))
    np.testing.assert_array_equal(runoff.hand(rates), to_nearest(rates, open_cells))
    assert runoff.hand(rates).sum() == pytest.approx(rates.sum(), rel=1e-14)
