"""A front in weather that changes, past cells that are shut and opened, saved and resumed; in small steps as in large."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.physics.fire_rates import burnt_front, eccentricity_of, rates_of
from twin.errors import InputError, UsageError
from twin.physics.wildfire import progress
from twin.physics.wildfire.front import Front

HOUR = 3600.0


def line(speeds: np.ndarray, bands: np.ndarray, hours: float, cell: float = 30.0) -> tuple[np.ndarray, np.ndarray]:
    """Return arrival in a row of cells lit at its west end, by the front and exactly.

    speeds (bands, cells) m s-1 from each of `bands` s on.
    """
    n = speeds.shape[1]
    front = Front((1, n), cell)
    for k, time in enumerate(bands):
        front.burn(rates_of((1, n), speeds[k], 0.0, 0.0), time)
        if k == 0:
            front.ignite([0], [0], 0.0)
    front.advance(hours * HOUR)
    exact, time, place = np.full(n, np.inf), 0.0, 0.5
    exact[0] = 0.0
    ends = [*bands[1:], hours * HOUR]
    for k, end in enumerate(ends):
        while time < end and place < n - 0.5:
            here = int(place)
            stop = here + 0.5 if place < here + 0.5 else here + 1.0
            v = speeds[k, here] / cell
            need = (stop - place) / v
            if time + need > end:
                place += (end - time) * v
                time = end
            else:
                time += need
                place = stop
                if place == int(place) + 0.5:
                    exact[int(place)] = time
        time = max(time, end) if place < n - 0.5 else time
    return front.arrival[0], exact


def test_slow_fuel_advances_through_many_hours_of_weather() -> None:
    speeds = np.full((48, 12), 6.0 / HOUR)
    arrival, exact = line(speeds, np.arange(48) * HOUR, 48.0)
    np.testing.assert_allclose(arrival, exact, rtol=1e-6)
    assert np.isfinite(arrival).sum() == 1 + 48 * 6 // 30


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_place_of_the_front_is_exact_when_rates_change_on_the_way(seed: int, each: bool) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 30))
    speeds = random.uniform(2.0, 40.0, (count, 1)) / HOUR * np.ones(20)
    if each:  # cells of different fuel, each of which takes the weather in its own way
        speeds = speeds * random.uniform(0.3, 3.0, (count, 20))
    arrival, exact = line(
        speeds, np.cumsum(random.uniform(0.1, 3.0, count)) * HOUR * np.r_[0, np.ones(count - 1)], 100.0
    )
    # stencils are in float32
    np.testing.assert_allclose(arrival, exact, rtol=1e-5)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_weather_that_stays_may_be_told_again(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = (40, 40)
    head = random.choice([0.0, 0.02, 0.2, 0.7], shape, p=[0.1, 0.3, 0.3, 0.3])
    head[20, 20] = 0.5
    rates = rates_of(shape, head, eccentricity_of(random.uniform(1, 4, shape)), random.uniform(0, 7, shape))
    whole = burnt_front(rates, 30.0, (20, 20), 2 * HOUR)
    parts = burnt_front(rates, 30.0, (20, 20), 0.0)
    for time in np.sort(random.uniform(0, 2 * HOUR, 12)):
        parts.burn(rates, time)
    parts.advance(2 * HOUR)
    assert abs(int(parts.burnt.sum()) - int(whole.burnt.sum())) <= 1
    both = parts.burnt & whole.burnt
    np.testing.assert_allclose(parts.arrival[both], whole.arrival[both], rtol=1e-5, atol=1e-3)


def story(front: Front, step: float) -> list[int]:
    """Let a fire run for two hours in weather that turns, with breaks and late ignitions; return what lit, in order."""
    shape, lit = front.shape, []
    random = np.random.default_rng(3)
    head = random.choice([0.05, 0.2, 0.7], shape)
    shut = np.zeros(shape, bool)
    shut[:, 40] = True
    events = {
        0.0: lambda t: (front.burn(rates_of(shape, head, 0.8, 0.2), t), front.ignite([25, 5], [10, 50], 1200.0))[0],
        600.0: lambda t: (front.ignite([30], [20], t), [])[1],
        2400.0: lambda t: front.close(shut, t),
        3600.0: lambda t: front.burn(rates_of(shape, head * 0.7, 0.9, 1.5), t),
        5400.0: lambda t: front.open(shut, t),
    }
    for time in np.arange(0.0, 7200.0 + step / 2, step).tolist():
        if time < front.time or (front.time == time and time > 0.0):
            continue
        lit += front.advance(time).tolist()
        if time in events:
            lit += list(events[time](time))
    return lit


def test_small_steps_give_what_large_ones_give_to_the_last_bit() -> None:
    one, other = Front((50, 60), 30.0), Front((50, 60), 30.0)
    assert story(one, 600.0) == story(other, 10.0)
    assert one.burnt.sum() > 500
    for name in ("heap_times", "heap_cells"):
        assert np.array_equal(np.sort(one.save()[name]), np.sort(other.save()[name]))
    assert np.array_equal(one.arrival, other.arrival)
    assert np.array_equal(one.direction, other.direction)


@pytest.mark.parametrize("at", [0.0, 600.0, 3000.0, 4200.0])
def test_a_front_goes_on_from_where_it_was_saved_to_the_last_bit(at: float) -> None:
    shape = (50, 60)
    head = np.random.default_rng(3).choice([0.05, 0.2, 0.7], shape)

    def rest(front: Front) -> Front:
        front.burn(rates_of(shape, head, 0.6, 2.0), 4500.0)
        front.open(shut, 5000.0)
        front.advance(7200.0)
        return front

    shut = np.zeros(shape, bool)
    shut[:, 40] = True
    front = Front(shape, 30.0)
    front.burn(rates_of(shape, head, 0.8, 0.2), 0.0)
    front.close(shut, 0.0)
    front.ignite([25], [10], 0.0)
    front.ignite([5], [50], 4400.0)
    front.advance(at)
    again = Front(shape, 30.0)
    again.load({name: value.copy() for name, value in front.save().items()})
    assert again.time == at
    rest(front)
    rest(again)
    assert np.array_equal(front.arrival, again.arrival)
    assert np.array_equal(front.direction, again.direction)
    assert front.touched == again.touched
    assert front.burnt[5, 50]


def test_what_lit_comes_in_the_order_of_time() -> None:
    front = Front((30, 40), 30.0)
    front.burn(rates_of((30, 40), 0.5, 0.7, 1.0), 0.0)
    front.ignite([10], [10], 5.0)
    first, second = front.advance(400.0), front.advance(2000.0)
    times = front.arrival.ravel()
    lit = np.concatenate([first, second])
    assert (np.diff(times[lit]) >= 0).all()
    assert np.array_equal(np.sort(lit), np.flatnonzero(front.burnt))
    assert times[first].max() <= 400.0 < times[second].min()
    assert len(front.advance(2000.0)) == 0


def test_a_few_cells_are_told_as_the_whole_grid_tells_them() -> None:
    front = Front((30, 40), 30.0)
    front.burn(rates_of((30, 40), 0.5, 0.7, 1.0), 0.0)
    front.ignite([10], [10], 5.0)
    front.advance(300.0)
    cells = np.array([10 * 40 + 10, 29 * 40 + 39, 11 * 40 + 12, 10 * 40 + 10])
    times, ways = front.came(cells)
    assert np.array_equal(times, front.arrival.ravel()[cells])
    assert np.array_equal(ways, front.direction.ravel()[cells])
    assert np.isinf(times[1]) and np.isfinite(times[2])
    for wrong in (-1, 1200):
        with pytest.raises(InputError, match=f"cell {wrong} lies outside"):
            front.came(np.array([0, wrong]))


def test_a_break_stops_fire_that_comes_later_and_nothing_that_has_burnt() -> None:
    shape = (41, 81)
    rates = rates_of(shape, 0.5, eccentricity_of(3.0), 0.0)
    free = burnt_front(rates, 30.0, (20, 10), 4 * HOUR)
    shut = np.zeros(shape, bool)
    shut[:, 40] = True
    for at in (0.0, 500.0, 1790.0, 1900.0, 4000.0):
        front = burnt_front(rates, 30.0, (20, 10), at)
        before = front.arrival
        front.close(shut, at)
        front.advance(4 * HOUR)
        assert np.array_equal(front.arrival[np.isfinite(before)], before[np.isfinite(before)])
        assert (front.arrival[shut & front.burnt] <= at).all()
        assert front.burnt[:, 41:].any() == (free.arrival[:, 40].min() <= at)
        assert (front.arrival >= free.arrival - 1e-6).all()


def test_a_break_across_a_way_of_several_cells_bars_it() -> None:
    shape = (9, 40)
    front = Front(shape, 30.0)
    front.burn(rates_of(shape, 1.0, eccentricity_of(7.0), 0.0), 0.0)
    front.ignite([4], [2], 0.0)
    front.advance(45.0)  # one cell on, and many ahead have their times from straight ways
    shut = np.zeros(shape, bool)
    shut[:, 8] = True
    front.close(shut, 45.0)
    front.advance(1e6)
    assert not front.burnt[:, 8:].any()
    assert front.burnt[:, :8].all()


def test_fire_waits_at_a_shut_cell_and_enters_it_when_it_is_opened() -> None:
    for by_rates in (False, True):
        shape, speed = (1, 12), 0.5
        wet = np.full(shape, speed)
        wet[0, 6] = 0.0
        front = Front(shape, 30.0)
        front.burn(rates_of(shape, wet if by_rates else speed, 0.0, 0.0), 0.0)
        shut = np.zeros(shape, bool)
        shut[0, 6] = not by_rates
        front.close(shut, 0.0)
        front.ignite([0], [0], 0.0)
        front.advance(10000.0)
        assert front.burnt.sum() == 6
        if by_rates:
            front.burn(rates_of(shape, speed, 0.0, 0.0), 10000.0)
        else:
            front.open(shut, 10000.0)
        front.advance(20000.0)
        np.testing.assert_allclose(front.arrival[0, 6:], 10000.0 + 30.0 + 60.0 * np.arange(6), rtol=1e-6)


def test_weather_in_which_nothing_burns_holds_a_fire_and_it_goes_on_afterwards() -> None:
    shape, speed = (1, 30), 0.1
    front = burnt_front(rates_of(shape, speed, 0.0, 0.0), 30.0, (0, 0), 1000.0)
    front.burn(rates_of(shape, 0.0, 0.0, 0.0), 1000.0)
    front.advance(5000.0)
    assert front.burnt.sum() == 4
    front.burn(rates_of(shape, speed, 0.0, 0.0), 5000.0)
    front.advance(9000.0)
    # the piece of a cell that had been run is run again, from the side of the cell on
    np.testing.assert_allclose(front.arrival[0, 4:8], 5000.0 + 150.0 + 300.0 * np.arange(4), rtol=1e-6)


def test_burnt_cells_that_are_shut_light_nothing_and_stay_out() -> None:
    shape = (21, 21)
    rates = rates_of(shape, 0.1, 0.0, 0.0)
    front = burnt_front(rates, 30.0, (10, 10), 1.0)
    drowned = np.zeros(shape, bool)
    drowned[10, 10] = True
    front.close(drowned, 1.0)
    front.advance(HOUR)
    front.open(drowned, HOUR)
    front.advance(10 * HOUR)
    assert front.burnt.sum() == 1
    assert not front.ignite([10], [10], front.time)[0]


def test_what_is_shut_stays_shut_in_new_weather() -> None:
    shape = (21, 21)
    shut = np.zeros(shape, bool)
    shut[:, 12] = True
    front = burnt_front(rates_of(shape, 0.1, 0.0, 0.0), 30.0, (10, 10), 0.0, shut)
    front.burn(rates_of(shape, 0.0, 0.0, 0.0), 100.0)
    front.burn(rates_of(shape, 0.5, 0.5, 0.0), 200.0)
    front.advance(10 * HOUR)
    assert not front.burnt[:, 12:].any()
    front.open(shut, 10 * HOUR)
    front.advance(20 * HOUR)
    assert front.burnt.all()


def test_several_ignitions_burn_as_each_by_itself() -> None:
    shape = (60, 60)
    rates = rates_of(shape, 0.3, 0.6, 0.7)
    lit = [((20, 15), 0.0), ((40, 40), 1500.0), ((10, 50), 3000.0)]
    front = Front(shape, 30.0)
    front.burn(rates, 0.0)
    alone = []
    for (row, column), time in lit:
        front.ignite([row], [column], time)
        single = Front(shape, 30.0)
        single.burn(rates, 0.0)
        single.ignite([row], [column], time)
        single.advance(1e6)
        alone.append(single.arrival)
    front.advance(1e6)
    earliest = np.minimum.reduce(alone)
    assert (front.arrival <= earliest + 1e-6).all()
    np.testing.assert_allclose(front.arrival, earliest, atol=60.0)


def test_an_ignition_to_come_outlives_changes() -> None:
    shape = (5, 40)
    front = Front(shape, 30.0)
    front.burn(rates_of(shape, 0.5, 0.0, 0.0), 0.0)
    front.ignite([2], [0], 0.0)
    front.ignite([2], [20], 1190.0)  # fire would be there at 1200 s
    front.ignite([2], [30], 1790.0)
    front.ignite([2], [25], 1600.0)  # and here before
    front.burn(rates_of(shape, 0.05, 0.0, 0.0), 600.0)
    front.advance(1790.0)
    assert front.arrival[2, 20] == 1190.0
    assert front.arrival[2, 30] == 1790.0
    assert front.arrival[2, 25] == 1600.0


def test_ignition_says_what_it_lit_and_refuses_what_cannot_be() -> None:
    shape = (5, 8)
    head = np.full(shape, 0.5)
    head[1, 1] = 0.0
    front = Front(shape, 30.0)
    with pytest.raises(UsageError, match="before any rates"):
        front.ignite([0], [0], 0.0)
    front.burn(rates_of(shape, head, 0.0, 0.0), 100.0)
    assert front.ignite([1, 2, 2], [1, 2, 2], 100.0).tolist() == [False, True, True]
    with pytest.raises(InputError, match=r"row 5, column 0 lies outside the grid of \(5, 8\)"):
        front.ignite([1, 5], [1, 0], 100.0)
    for verb in (front.advance, lambda t: front.ignite([0], [0], t), lambda t: front.burn(rates_of(shape, 1, 0, 0), t)):
        with pytest.raises(UsageError, match="stands at 100 s and never goes back"):
            verb(99.0)
    front.advance(1e4)
    assert front.ignite([2], [2], 1e4).tolist() == [False]
    with pytest.raises(InputError, match="mask of the shape"):
        front.close(np.zeros((8, 5), bool), 1e4)
    with pytest.raises(InputError, match="saved front"):
        Front((8, 9), 30.0).load(front.save())


def test_many_ignitions_at_once_and_a_heap_that_grows() -> None:
    shape = (150, 150)
    random = np.random.default_rng(0)
    front = Front(shape, 30.0)
    front.burn(rates_of(shape, 0.2, eccentricity_of(4.0), 1.0), 0.0)
    rows, columns = random.integers(0, 150, (2, 5000))
    assert front.ignite(rows, columns, 10.0).all()
    assert len(front.advance(10.0)) == len(set(zip(rows.tolist(), columns.tolist(), strict=True)))
    front.advance(1e6)
    assert front.burnt.all()
    assert math.isclose(front.touched, 10.0)


@pytest.mark.parametrize(("ratio", "least"), [(1.0, 0.999), (1.75, 0.99), (5.0, 0.9)])
def test_progress_along_normals_gives_the_times_of_the_ellipse(ratio: float, least: float) -> None:
    e, a = float(eccentricity_of(ratio)), 60.0
    wx, wy = a * e * math.cos(0.3), a * e * math.sin(0.3)
    slowness = np.array([progress.slowness_of_normal(a, wx, wy, x, y) for x, y in progress.NORMAL])
    gained = np.zeros(progress.NORMALS)
    progress.add_band(gained, a, wx, wy, 20.0)
    np.testing.assert_allclose(gained * slowness, 20.0)
    for x, y in ((1.0, 0.0), (2.0, 1.0), (0.0, 1.0), (-1.0, -1.0)):
        straight = a * math.hypot(x, y) - wx * x - wy * y
        from_start = progress.time_to(np.zeros(progress.NORMALS), slowness, x, y)
        assert least * straight <= from_start <= straight * (1 + 1e-9)
        assert progress.time_to(gained, slowness, x, y) == pytest.approx(max(from_start - 20.0, 0.0))


def test_slow_fuel_takes_wind_that_turns_every_hour() -> None:
    from tests.validation.fire_split import huygens, in_bands

    shape, at, hours = (140, 140), (40, 40), 240
    headings = [math.pi / 2 * (k % 2) for k in range(hours)]
    times = [HOUR * k for k in range(hours + 1)]
    e = float(eccentricity_of(1.75))
    front = in_bands(shape, at, times, headings, 15.0 / HOUR, e)
    exact, area = huygens(shape, at, times, headings, 15.0 / HOUR, e)
    assert front.touched == np.inf
    assert abs(front.burnt.sum() / area - 1) < 0.05
    assert (front.burnt & exact).sum() / (front.burnt | exact).sum() > 0.93
