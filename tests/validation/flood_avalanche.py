"""Debris avalanches down a slope of 0.1 with Coulomb friction of slope 0.05 (Mungkasi, Roberts 2011), second order.

20 m of debris are let go at x = 0 over dry ground, or over 10 m of the same. Coulomb friction does not depend on the
speed; the engine has none, so it acts here as a `Structure` of the test: what is shown is the flow under a body force.
Compared after 1, 2 and 4 s on 200 m of slope, g = 9.81 m s-2; the error is the mean of |h - exact|, the greatest of
the three times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.analytic import avalanche
from tests.physics.cases.water import across, volume_error
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.water import Water

SLOPE, FRICTION, TIMES = 0.1, 0.05, (1.0, 2.0, 4.0)
HIGH, LOW = 20.0, {"dry": 0.0, "wet": 10.0}
REACH = 500.0
"""m, from the middle to each end: so far that no end is felt."""


class Coulomb(Structure):
    """Slows what moves by `pull` m s-2, to rest at most."""

    name = "coulomb"

    def __init__(self, pull: float) -> None:
        self.pull = pull

    def step(self, water: Water, time: float, dt: float) -> None:
        _, east, north = water.now
        speed = np.hypot(east, north)
        kept = np.maximum(0, 1 - self.pull * dt / np.maximum(speed, 1e-9)).astype(east.dtype)
        east *= kept
        north *= kept


def slope(case: str, cell: float, order: int = 2) -> tuple[ShallowWater, NDArray[np.float64]]:
    """Return the debris at the start, and the places of the cells in m."""
    x = np.arange(-REACH + cell / 2, REACH, cell)
    depth = np.where(x > 0, HIGH, LOW[case])
    water = ShallowWater(across(SLOPE * x), cell, roughness=0.0, depth=across(depth), order=order)
    # the acceleration on level ground, as the exact solution has it
    water.put(Coulomb(FRICTION * 9.81 / (1 + SLOPE**2)))
    return water, x


def error(case: str, cell: float, order: int = 2) -> tuple[float, float]:
    """Return the greatest mean error of the depth in m, and the volume error."""
    water, x = slope(case, cell, order)
    near, errors = np.abs(x) < 100, []
    for time in TIMES:
        water.advance(time)
        exact = avalanche(x, time, HIGH, LOW[case], SLOPE, FRICTION)
        errors.append(float(np.abs(water.depth[1] - exact)[near].mean()))
    return max(errors), volume_error(water)


BOUNDS = {"dry": "<= 0.03", "wet": "<= 0.025"}
"""m, of debris 20 m deep in cells of 0.5 m."""


def measure(short: bool) -> Iterator[Measure]:
    del short  # it takes a second
    for case, bound in BOUNDS.items():
        found, lost = error(case, 0.5)
        yield Measure(f"flood.avalanche_{case}.l1_m", found, "m", bound)
        yield Measure(f"flood.avalanche_{case}.volume_error", lost, "1", "<= 1e-6")
