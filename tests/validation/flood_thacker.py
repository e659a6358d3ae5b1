"""Water that swings as a plane in a parabolic bowl (Thacker 1981), frictionless: moving shorelines, second order.

Depth 4 m, half-width 10 m, amplitude 2 m, g = 9.8 m s-2; after one period (7.096 s) it must be where it began. The
bound is 1 % of the greatest depth, also with a quarter of the cells of the published table (400).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.analytic import planar_thacker
from twin.physics.shallow_water.engine import ShallowWater

DEPTH, LENGTH, AMPLITUDE, GRAVITY = 4.0, 10.0, 2.0, 9.8


def error(cells: int, order: int) -> float:
    """Return the mean error of the depth in m after one period, over the cells that are wet then."""
    x = (np.arange(cells) + 0.5) * 40 / cells - 20
    period = 2 * np.pi * LENGTH / np.sqrt(2 * GRAVITY * DEPTH)
    h, u = planar_thacker(x, 0.0, DEPTH, LENGTH, AMPLITUDE, GRAVITY)
    bed = np.tile(DEPTH * (x / LENGTH) ** 2, (3, 1))
    water = ShallowWater(
        bed,
        40 / cells,
        roughness=0.0,
        depth=np.tile(h, (3, 1)),
        velocity=(np.tile(u, (3, 1)), np.zeros((3, cells))),
        gravity=GRAVITY,
        order=order,
    )
    water.advance(period)
    wet = h > 0
    return float(np.abs(water.depth[1] - h)[wet].mean())


def measure(short: bool) -> Iterator[Measure]:
    yield Measure("flood.thacker_planar.l1_m", error(100 if short else 400, 2), "m", "<= 0.04")
