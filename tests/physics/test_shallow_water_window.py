from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError
from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.source import Source
from twin.physics.shallow_water.window import State

NY, NX, EVERY, END = 60, 150, 30.0, 600.0
BOX = 20, 47, 100, 141
"""A window that crosses tiles both ways."""


def valley(order: int = 1) -> ShallowWater:
    """Return a stream that comes down a rough valley in the rain, with some houses in it."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:NY, :NX]
    bed = 0.02 * x + 0.004 * (y - NY / 2) ** 2 + 0.05 * rng.random((NY, NX))
    solid = (y % 9 < 3) & (x % 11 < 4) & (abs(y - NY / 2) > 5)
    water = ShallowWater(bed, 10.0, roughness=0.04, solid=solid, order=order, edges={"west": _open()})
    water.rain = Series((0.0, END), (3e-5, 3e-5))
    water.put(Source("stream", (np.arange(28, 32), np.full(4, 146)), Series((0.0, 900.0), (2.0, 40.0))))
    return water


def _open() -> object:
    from twin.physics.shallow_water.edges import Edge

    return Edge("open")


def state(water: ShallowWater) -> State:
    return (water.depth, *water.velocity)


def watched(order: int = 1) -> tuple[dict[str, np.ndarray], list[float], list[State]]:
    """Return the water of the valley after a while, and what it does from then on: times and states."""
    water = valley(order)
    water.advance(300.0)
    saved = water.save()
    times, states = [water.time], [state(water)]
    while water.time < 300.0 + END:
        water.advance(water.time + EVERY)
        times.append(water.time)
        states.append(state(water))
    return saved, times, states


@pytest.mark.parametrize("order", [1, 2])
def test_a_window_of_a_larger_run_has_the_same_water_inside(order: int) -> None:
    saved, times, states = watched(order)
    part = valley(order)
    part.load(saved)
    part.confine(BOX, times, states)
    before = part.cell_updates
    part.advance(times[-1])
    inside = np.s_[BOX[0] : BOX[1], BOX[2] : BOX[3]]
    whole = states[-1][0][inside]
    assert whole.max() > 0.3
    assert np.abs(states[0][0][inside] - whole).max() > 0.1  # the water has risen meanwhile
    assert np.abs(part.depth[inside] - whole).max() < 0.002
    assert part.cell_updates - before < 0.3 * NY * NX * part.steps


def test_what_is_done_in_a_window_tells_as_in_the_whole() -> None:
    saved, times, states = watched()
    found = []
    for confined in (False, True):
        depths = []
        for dug in (False, True):
            water = valley()
            water.load(saved)
            if confined:
                water.confine(BOX, times, states)
            if dug:
                cells = np.arange(29, 33), np.full(4, 120)
                water.put(Source("pump", cells, Series((0.0, 1.0), (-0.5, -0.5))))
            water.advance(times[-1])
            depths.append(water.depth[BOX[0] : BOX[1], BOX[2] : BOX[3]])
        found.append(depths[1] - depths[0])
    whole, window = found
    assert whole.min() < -0.008
    np.testing.assert_allclose(window, whole, atol=0.004)  # the rim holds the water beside it up
    np.testing.assert_allclose(window[3:-3, 3:-3], whole[3:-3, 3:-3], atol=0.002)


def test_what_is_outside_stands_still_and_sources_there_sleep() -> None:
    saved, times, states = watched()
    water = valley()
    water.load(saved)
    far = 2, 20, 3, 40
    water.confine(far, times, states)
    entered = water.budget()["inflow"]
    water.advance(times[-1])
    assert water.budget()["inflow"] == entered
    outside = ~water.water.inside((0, far[1] + 2, 0, far[3] + 2))
    np.testing.assert_array_equal(water.depth[outside], states[0][0][outside])


def test_the_whole_grid_as_a_window_is_the_run_itself() -> None:
    saved, times, states = watched()
    water = valley()
    water.load(saved)
    water.confine((0, NY, 0, NX), times, states)
    for time in times[1:]:
        water.advance(time)
    np.testing.assert_allclose(water.depth, states[-1][0], atol=1e-5)


@pytest.mark.parametrize("box", [(0, NY + 1, 0, 5), (5, 5, 0, 5), (-1, 5, 0, 5)])
def test_a_window_beside_the_grid_is_refused(box: tuple[int, int, int, int]) -> None:
    water = valley()
    with pytest.raises(InputError, match="the grid has"):
        water.confine(box, [0.0], [state(water)])


def test_times_that_do_not_rise_are_refused() -> None:
    water = valley()
    with pytest.raises(InputError, match="times must rise"):
        water.confine(BOX, [10.0, 10.0], [state(water)] * 2)
