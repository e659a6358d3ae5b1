"""Cells that do not burn for a time: cleared breaks, wet ground, and ground under water."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Works:
    """Keeps which cells (ny, nx) are closed, and when that changes.

    cleared  s  from which a cell has no fuel; infinite: never
    wet      s  until which a cell is wet
    flooded     under water, now or before
    closed      as the front knows it
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.cleared = np.full(shape, np.inf)
        self.wet = np.full(shape, -np.inf)
        self.flooded = np.zeros(shape, bool)
        self.closed = np.zeros(shape, bool)
        self._times: list[float] = []

    def clear(self, mask: NDArray[np.bool_], times: NDArray[np.float64]) -> None:
        """Take the fuel from cells, each at its time in s ((ny, nx); looked at where the mask is set)."""
        self.cleared[mask] = np.minimum(self.cleared[mask], times[mask])
        self._times = sorted({*self._times, *np.unique(times[mask]).tolist()})

    def wetten(self, mask: NDArray[np.bool_], until: float) -> None:
        """Keep cells wet until a time in s."""
        self.wet[mask] = np.maximum(self.wet[mask], until)
        self._times = sorted({*self._times, until})

    def next(self, time: float) -> float:
        """Return the first time in s after `time` at which cells close or open; infinite: never."""
        return next((t for t in self._times if t > time), np.inf)

    def due(self, time: float) -> bool:
        """Return whether something was to change up to `time` s, and forget that it was."""
        due = bool(self._times) and self._times[0] <= time
        if due:
            self._times = [t for t in self._times if t > time]
        return due

    def change(self, time: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the cells (ny, nx) that close, and those that open, at `time` s; they are taken as done."""
        now = (self.cleared <= time) | (self.wet > time) | self.flooded
        shut, opened = now & ~self.closed, self.closed & ~now
        self.closed = now
        return shut, opened

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start."""
        cleared, wet = np.flatnonzero(np.isfinite(self.cleared)), np.flatnonzero(np.isfinite(self.wet))
        return {
            "works_cleared": cleared,
            "works_cleared_at": self.cleared.ravel()[cleared],
            "works_wet": wet,
            "works_wet_until": self.wet.ravel()[wet],
            "works_flooded": np.flatnonzero(self.flooded),
            "works_closed": np.flatnonzero(self.closed),
            "works_times": np.array(self._times, dtype=np.float64),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, on the same grid."""
        self.__init__(self.closed.shape)  # type: ignore[misc]  # the books begin anew
        self.cleared.ravel()[saved["works_cleared"]] = saved["works_cleared_at"]
        self.wet.ravel()[saved["works_wet"]] = saved["works_wet_until"]
        self.flooded.ravel()[saved["works_flooded"]] = True
        self.closed.ravel()[saved["works_closed"]] = True
        self._times = saved["works_times"].tolist()
