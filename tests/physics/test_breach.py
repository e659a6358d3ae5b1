"""Breaches: ground that sinks in its time, and water that stays whole."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.breach import Breach

MIDDLE = (np.repeat(np.arange(20), 2), np.tile([20, 21], 20))
"""The cells of a dike across a basin of 20 x 60 cells."""


def dammed(high: float = 2.0, low: float = 0.0, **options: object) -> ShallowWater:
    bed = np.full((20, 60), 100.0)
    bed[MIDDLE] = 103.0
    depth = np.where(np.arange(60) < 20, high, low) * np.ones((20, 1))
    depth[MIDDLE] = 0.0
    return ShallowWater(bed, 5.0, depth=depth, roughness=0.03, **options)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_it_opens_in_its_time_and_loses_no_water(order: int, precision: str) -> None:
    water = dammed(order=order, precision=precision)
    water.put(Breach("b", water.water, MIDDLE, 100.5, 30.0, 60.0))
    water.advance(30.0)
    assert water.bed[10, 20] == 103.0
    assert water.depth[:, 22:].max() == 0
    water.advance(60.0)
    assert water.bed[10, 20] == pytest.approx(101.75, abs=1e-5)
    water.advance(90.0)
    assert water.bed[10, 20] == pytest.approx(100.5, abs=1e-5)
    assert water.depth[:, 26].min() > 0.05
    water.advance(200.0)
    assert water.bed[10, 20] == pytest.approx(100.5, abs=1e-5)
    assert water.stored() == pytest.approx(water.stored_at_start, rel=1e-7 if precision == "float32" else 1e-13)


def test_the_ground_sinks_and_the_water_on_it_stays() -> None:
    water = dammed(high=3.5)
    water.water.now[0][2:-2, 2:-2][MIDDLE] = 0.5
    water.disturbed()
    before = water.stored()
    breach = Breach("b", water.water, MIDDLE, 101.0, 0.0, 100.0)
    breach.step(water.water, 0.0, 50.0)
    assert water.bed[3, 20] == pytest.approx(102.0)
    assert water.depth[3, 20] == 0.5
    assert water.stored() == before
    assert water.water.moved


def test_it_opens_at_once_when_it_is_told_to() -> None:
    water = dammed()
    water.put(Breach("b", water.water, MIDDLE, 100.0, 12.5, 0.0))
    water.advance(12.5)
    assert water.bed.max() == 103.0
    water.advance(12.6)
    assert water.bed.max() == 100.0
    steps = water.steps
    water.advance(13.5)
    assert water.steps - steps < 30


def test_a_widening_gap_begins_in_the_middle() -> None:
    water = dammed()
    apart = np.abs(MIDDLE[0] - 9.5) / 10
    breach = Breach("b", water.water, MIDDLE, 100.0, 0.0, 100.0, apart)
    widths = []
    for time in (10.0, 40.0, 70.0, 100.0):
        breach.step(water.water, time - 1.0, 1.0)
        widths.append(int((water.bed[:, 20] < 102.9).sum()))
    assert widths == sorted(widths)
    assert widths[0] < 5
    assert widths[-1] == 20
    assert (water.bed[:, 20] == 100.0).all()


def test_steps_follow_the_sinking_ground_and_only_while_it_sinks() -> None:
    water = dammed()
    breach = Breach("b", water.water, MIDDLE, 100.0, 30.0, 60.0)
    assert breach.longest(water.water, 10.0) == np.inf
    assert breach.longest(water.water, 30.0) == pytest.approx(0.05 / 3.0 * 60.0)
    assert breach.longest(water.water, 90.0) == np.inf
    assert list(breach.corners()) == [30.0, 90.0]


def test_ground_at_the_edge_of_the_area_goes_on_as_it_does_inside() -> None:
    from twin.physics.shallow_water.edges import Edge

    water = dammed(edges={"south": Edge("open")})
    water.put(Breach("b", water.water, MIDDLE, 100.0, 0.0, 20.0))
    water.advance(30.0)
    assert water.water.bed[1, 22] + water.water.datum == pytest.approx(100.0)
    assert water.stored() == pytest.approx(water.stored_at_start - water.budget()["edge_out"], rel=1e-7)


def test_where_nothing_lies_above_the_level_there_is_nothing_to_open() -> None:
    water = dammed()
    with pytest.raises(InputError, match=r"levee 7: nothing to open: of 40 cells there none lies above 103 m.*103\.00"):
        Breach("levee 7", water.water, MIDDLE, 103.0, 0.0, 60.0)
    walls = ShallowWater(np.where(np.arange(60) == 20, np.nan, 100.0) * np.ones((20, 1)), 5.0)
    with pytest.raises(InputError, match="all are solid"):
        Breach("b", walls.water, (np.arange(20), np.full(20, 20)), 90.0, 0.0, 60.0)
