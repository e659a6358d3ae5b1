"""A breach: the ground along a line sinks over time, and the water on it stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.water import Cells, Water

SINKS = 0.05
"""m, the most that the ground sinks in one time step while a breach opens, unless it opens at once."""

LATEST = 0.95
"""Share of the opening time after which the outermost cells of a widening breach begin to sink."""


class Breach(Structure):
    """Ground that sinks evenly to `level` from `start` s on, for `duration` s; cells that lie lower stay.

    cells     those of the breach; those that are walls or lie below `level` are left out
    level     m, at the end, in the datum of the city
    duration  s, until it is there; 0: at once
    apart     (n,) 0..1   how far from the middle a cell is, of half the final width; with it the breach widens: the
              middle begins to sink at once, the rest as the gap reaches it. None: all cells sink together

    Raises InputError when no cell lies above `level`.
    """

    def __init__(
        self,
        name: str,
        water: Water,
        cells: Cells,
        level: float,
        start: float,
        duration: float,
        apart: NDArray[np.float64] | None = None,
    ) -> None:
        before = water.bed_at(cells)
        high = ~water.solid[cells] & (before > level)
        if not high.any():
            free = before[~water.solid[cells]]
            found = f"the highest lies at {free.max():.2f} m" if len(free) else "all are solid"
            raise InputError(
                f"{name}: nothing to open: of {len(before)} cells there none lies above {level:g} m, {found}; "
                "check the place and the level"
            )
        self.name, self.cells, self.level = name, (cells[0][high], cells[1][high]), level
        self._start, self._duration = start, duration
        self._before = before[high]
        waits = np.zeros(len(before)) if apart is None else np.clip(apart, 0, LATEST)
        self._waits = waits[high]

    def corners(self) -> Iterable[float]:
        """Return when it begins and when it is open, in s."""
        return self._start, self._start + self._duration

    def places(self) -> Iterable[Cells]:
        """Return the ground that sinks."""
        return (self.cells,)

    def longest(self, water: Water, time: float) -> float:  # noqa: ARG002 - of the protocol
        """Return the time step in s in which the ground sinks by no more than `SINKS`."""
        if not self._start <= time < self._start + self._duration:
            return inf
        fall = float(((self._before - self.level) / (1 - self._waits)).max())
        return max(SINKS / fall, 1e-3) * self._duration

    def heights(self, time: float) -> NDArray[np.float64]:
        """Return the height of the ground of its cells at `time` s, (n,) m."""
        past = time - self._start
        done = np.clip(past / self._duration, 0, 1) if self._duration > 0 else float(past > 0)
        share = np.clip((done - self._waits) / (1 - self._waits), 0, 1)
        return self._before + share * (self.level - self._before)

    def step(self, water: Water, time: float, dt: float) -> None:
        """Lower the ground to where it is at the end of the step; ground that is lower already stays."""
        opened = time >= self._start + self._duration if self._duration > 0 else time > self._start
        if opened or time + dt <= self._start:
            return
        now, then = water.bed_at(self.cells), self.heights(time + dt)
        sinks = then < now
        if sinks.any():
            water.set_bed((self.cells[0][sinks], self.cells[1][sinks]), then[sinks])

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return where the ground was before."""
        return {"before": self._before.copy()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self._before = np.array(saved["before"], np.float64)
