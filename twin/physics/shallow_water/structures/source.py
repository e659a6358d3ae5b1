"""Water that enters or leaves at places, as much as a series says: a river, a spring, a plain pump."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.scenario import Series
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.water import COURANT, LONGEST_STEP, Cells, Water


def longest_entering(water: Water, cells: Cells, rate: float) -> float:
    """Return the time step in s in which the wave of water that enters stays within the Courant number.

    cells  where it enters, at `rate` m3 s-1; infinity when nothing does
    """
    rise = rate / float(water.area_at(cells).sum())
    if rise <= 0:
        return inf
    step = 0.01 * water.cell / rise
    held = float(water.depth_at(cells).max())
    return min(step, COURANT * water.cell / sqrt(water.gravity * (held + rise * step)))


class Source(Structure):
    """Water enters some cells at `rate` m3 s-1, or is pumped out of them where it is below 0.

    It takes no more than there is.
    """

    def __init__(self, name: str, cells: Cells, rate: Series) -> None:
        self.name, self.cells, self.rate = name, cells, rate
        self.entered, self.left = 0.0, 0.0

    def corners(self) -> Iterable[float]:
        """Return the times in s of the series."""
        return self.rate.times

    def places(self) -> Iterable[Cells]:
        """Return where it enters."""
        return (self.cells,)

    def longest(self, water: Water, time: float) -> float:
        """Return the time step in s in which the wave of the water that enters stays within the Courant number."""
        step = longest_entering(water, self.cells, self.rate.at(time))
        end = self.rate.reach(time, min(step, LONGEST_STEP))  # a hydrograph that rises from 0 brings more by then
        return min(step, longest_entering(water, self.cells, self.rate.at(end)))

    def step(self, water: Water, time: float, dt: float) -> None:
        """Move what the series says for the middle of the step."""
        volume = self.rate.at(time + dt / 2) * dt
        if volume > 0:
            self.entered += water.give(self.cells, volume)
        elif volume < 0:
            self.left += water.take(self.cells, -volume)

    def budget(self) -> Mapping[str, float]:
        """Return what has entered and what was pumped out, in m3."""
        return {"inflow": self.entered, "pumped": self.left}

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return the volumes so far."""
        return {"volumes": np.array([self.entered, self.left])}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self.entered, self.left = (float(v) for v in saved["volumes"])
