"""Water that begins to enter dry ground: the first steps must be short enough for what comes, not for what there is."""

from __future__ import annotations

import numpy as np
import pytest

from tests.physics.cases.water import discharge, volume_error
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import SIDES, Edge
from twin.physics.shallow_water.engine import ShallowWater

RISING = {
    "inflow": Series((0.0, 10.0, 20.0), (0.0, 12.0, 12.0)),
    "discharge": Series((0.0, 10.0, 20.0), (0.0, 3.0, 3.0)),
    "level": Series((0.0, 5.0, 20.0), (0.0, 2.0, 2.0)),
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("kind", RISING)
def test_a_series_that_rises_from_nothing_makes_no_water(kind: str, order: int) -> None:
    edges = {side: Edge() for side in SIDES}
    if kind != "inflow":
        edges["west"] = Edge(kind, RISING[kind])
    water = ShallowWater(np.zeros((4, 8)), 2.0, edges=edges, order=order, precision="float64")
    if kind == "inflow":
        discharge(water, "spring", [(0, 0), (0, 1)], RISING[kind])
    water.advance(20.0)
    assert water.budget()["clipped"] < 1e-9
    assert volume_error(water) < 1e-12
    assert water.stored() > 100


def test_a_step_ends_at_the_next_corner_of_a_series() -> None:
    series = Series((0.0, 2.0, 9.0), (0.0, 5.0, 0.0))
    assert [series.reach(1.0, 0.5), series.reach(1.0, 5.0), series.reach(2.0, 5.0), series.reach(9.0, 5.0)] == [
        1.5,
        2.0,
        7.0,
        14.0,
    ]
