"""What the front of a vegetation fire did to cells: how it passed, until when they burn, and what they gave off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

UNBURNT, VEGETATION_BURNS, VEGETATION_BURNT, BUILDING_BURNS, BUILDING_BURNT = range(5)
"""Values of `fire_state`."""

FIELDS = ("until", "rate", "intensity", "flame", "depth", "kind", "heat")


@dataclass(slots=True, eq=False)
class Passed:
    """Of each cell (ny * nx,), what holds since the front came.

    begun      s       when the front came; infinite where it has not
    until      s       burns until then; 0 where it has not come
    rate       m s-1   of the front, along its normal
    intensity  kW m-1  of the front
    flame      m       length of the flames
    depth      m       of the flames, along the way of the front
    heat       MJ      that the cell gives off while it burns
    kind       1 surface, 2 passive, 3 active crown fire
    active     cells that burn, in the order in which they began
    released   MJ      given off so far by cells that have burnt out
    count      cells that the front has come to
    """

    begun: NDArray[np.float64]
    until: NDArray[np.float64]
    rate: NDArray[np.float32]
    intensity: NDArray[np.float32]
    flame: NDArray[np.float32]
    depth: NDArray[np.float32]
    heat: NDArray[np.float64]
    kind: NDArray[np.int8]
    active: NDArray[np.int64]
    released: float = 0.0
    count: int = 0

    @classmethod
    def none(cls, cells: int) -> Passed:
        """Return ground that nothing has passed over."""
        return cls(
            np.full(cells, np.inf),
            np.zeros(cells),
            np.zeros(cells, np.float32),
            np.zeros(cells, np.float32),
            np.zeros(cells, np.float32),
            np.zeros(cells, np.float32),
            np.zeros(cells),
            np.zeros(cells, np.int8),
            np.zeros(0, np.int64),
        )

    def come(self, cells: NDArray[np.int64], begun: NDArray[np.float64], **what: NDArray[Any]) -> None:
        """Note the cells that the front has come to, with `FIELDS` (n,) of each."""
        self.begun[cells] = begun
        for name in FIELDS:
            getattr(self, name)[cells] = what[name]
        self.active = np.concatenate([self.active, cells])
        self.count += len(cells)

    def end(self, time: float) -> None:
        """Take the cells that have burnt out by `time` s off the list of the active ones."""
        if len(self.active):
            over = self.until[self.active] <= time
            if over.any():
                self.released += float(self.heat[self.active[over]].sum())
                self.active = self.active[~over]

    def given(self, time: float) -> float:
        """Return the MJ given off by `time` s, up to which `end` has been called."""
        cells = self.active
        share = (time - self.begun[cells]) / np.maximum(self.until[cells] - self.begun[cells], 1e-9)
        return self.released + float((self.heat[cells] * np.clip(share, 0.0, 1.0)).sum())

    def left(self, time: float, fuel: NDArray[np.float64]) -> float:
        """Return the MJ left in all cells at `time` s, counted from the cells themselves.

        fuel  (ny * nx,) MJ at the start
        """
        lasted = np.where(np.isfinite(self.begun), self.until - self.begun, 1.0)
        since = np.where(np.isfinite(self.begun), time - self.begun, 0.0)
        share = np.clip(since / np.maximum(lasted, 1e-9), 0.0, 1.0)
        return float((fuel - self.heat * share).sum())

    def state(self, time: float) -> NDArray[np.float32]:
        """Return (ny * nx,) `fire_state` of the vegetation at `time` s."""
        burns = np.where(time < self.until, VEGETATION_BURNS, VEGETATION_BURNT)
        return np.where(self.begun <= time, burns, UNBURNT).astype(np.float32)

    def burning(self, time: float) -> NDArray[np.float32]:
        """Return (ny * nx,) kW m-1 of the cells that burn at `time` s, 0 elsewhere."""
        return np.where((self.begun <= time) & (time < self.until), self.intensity, np.float32(0.0))

    def save(self) -> dict[str, NDArray[Any]]:
        """Return what has changed since the start."""
        known = np.flatnonzero(np.isfinite(self.begun))
        held = {f"passed_{name}": getattr(self, name)[known] for name in ("begun", *FIELDS)}
        books = np.array([self.released, float(self.count)])
        return held | {"passed_cells": known, "passed_active": self.active, "passed_books": books}

    @classmethod
    def of(cls, saved: Mapping[str, NDArray[Any]], cells: int) -> Passed:
        """Return what `save` returned, on a grid of so many cells. Raises InputError for one of another grid."""
        known, one = saved["passed_cells"], cls.none(cells)
        if len(known) and known[-1] >= cells:
            raise InputError("what was saved is of a larger grid than this one; start the fire with the same setting")
        for name in ("begun", *FIELDS):
            getattr(one, name)[known] = saved[f"passed_{name}"]
        one.active = saved["passed_active"].copy()
        one.released, one.count = float(saved["passed_books"][0]), int(saved["passed_books"][1])
        return one
