"""Barriers that stand on the ground: what lay under them, so that they can be taken away again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.water import Cells, Water


@dataclass(slots=True, eq=False)
class Barriers(Structure):
    """The ground under all barriers of a run.

    standing  name -> the cells it stands on, counted through the grid (n,), and its crest in m
    ground    (ny * nx,) m, height of the ground before the first barrier stood there; NaN: none ever did
    """

    ground: NDArray[np.float64]
    name: str = "barriers"
    standing: dict[str, tuple[NDArray[np.intp], float]] = field(default_factory=dict)

    def step(self, water: Water, time: float, dt: float) -> None:
        """Do nothing: the ground itself holds the water."""

    def remember(self, water: Water, name: str, cells: NDArray[np.bool_], crest: float) -> None:
        """Keep the ground of free cells, (ny, nx), before a barrier is raised on them to `crest` m."""
        flat = np.flatnonzero(cells & ~water.solid)
        fresh = flat[np.isnan(self.ground[flat])]
        self.ground[fresh] = water.bed_at(np.divmod(fresh, water.nx))
        self.standing[name] = flat, crest

    def remove(self, water: Water, name: str) -> int:
        """Lower the ground to what it was, or to other barriers that stand there; return how many cells sank.

        What others have changed since then (a breach) stays: ground is lowered only.
        """
        flat, _ = self.standing.pop(name)
        height = self.ground[flat].copy()
        for others, crest in self.standing.values():
            height[np.isin(flat, others)] = np.maximum(height[np.isin(flat, others)], crest)
        cells: Cells = np.divmod(flat, water.nx)
        lower = water.bed_at(cells) > height
        water.set_bed((cells[0][lower], cells[1][lower]), height[lower])
        return int(np.count_nonzero(lower))

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return the ground under all barriers."""
        return {"ground": self.ground.copy()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self.ground = saved["ground"].copy()
