"""A flood that the fire sees: where it stands, whom it blocks, what it puts out of service."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards.fire.things import Built

if TYPE_CHECKING:
    from twin.model.field import Grid

WET_GROUND = 0.02
"""m of water on the ground from which fine fuel does not burn; assumed: the litter lies in it."""

STANDING = 0.05
"""m of water at the start from which a cell is a river or a pond: streets cross those on bridges."""


class Water:
    """What stands on the ground now, beyond rivers and ponds.

    ford    m            depth from which an engine cannot pass
    depth   (ny, nx) m   as it was seen last; None: no flood is in this run
    soaked  (ny, nx)     ground that has been under water: its fuel does not dry in the hours of a run
    risen   (n,) m       greatest depth at each building so far
    """

    def __init__(self, grid: Grid, standing: NDArray[np.float64], buildings: Built, ford: float) -> None:
        self.grid, self.ford = grid, ford
        self.depth: NDArray[np.float64] | None = None
        self._land = standing <= STANDING
        self._round = _rings(buildings, grid)
        self.soaked = np.zeros(grid.shape, bool)
        self.risen = np.zeros(len(buildings))

    def see(self, depth: NDArray[np.floating]) -> None:
        """Take in the depth of water in m, (ny, nx); at a building the deepest of its cells and those beside them."""
        self.depth = np.where(self._land, np.nan_to_num(np.asarray(depth, dtype=np.float64)), 0.0)
        self.soaked |= self.depth > WET_GROUND
        owner, cell = self._round
        np.maximum.at(self.risen, owner, self.depth.ravel()[cell])

    def at(self, x: float, y: float) -> float:
        """Return the depth in m at a place, the deepest of its cell and those beside; 0 outside the grid."""
        if self.depth is None:
            return 0.0
        row, column = int((y - self.grid.south) // self.grid.cell), int((x - self.grid.west) // self.grid.cell)
        part = self.depth[max(row - 1, 0) : max(row + 2, 0), max(column - 1, 0) : max(column + 2, 0)]
        return float(part.max()) if part.size else 0.0

    def blocks(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Return whether an engine cannot drive from one place to the other: somewhere between it is too deep.

        The way is taken as the straight line: cells under buildings hold no water and block nothing.
        """
        if self.depth is None:
            return False
        if max(self.at(*start), self.at(*end)) > self.ford:
            return True
        grid = self.grid
        x, y = np.linspace(start, end, 2 + int(4 * math.dist(start, end) / grid.cell)).T
        column = np.floor((x - grid.west) / grid.cell).astype(np.int64)
        row = np.floor((y - grid.south) / grid.cell).astype(np.int64)
        here = (row >= 0) & (row < grid.ny) & (column >= 0) & (column < grid.nx)
        return bool((self.depth[row[here], column[here]] > self.ford).any())

    def save(self) -> dict[str, NDArray[Any]]:
        """Return the depth that was seen last, and what the water has left behind."""
        if self.depth is None:
            return {}
        return {"water_depth": self.depth, "water_soaked": self.soaked.copy(), "water_risen": self.risen.copy()}

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self.depth = None
        if "water_depth" in saved:
            self.depth, self.soaked = saved["water_depth"].copy(), saved["water_soaked"].copy()
            self.risen = saved["water_risen"].copy()


def _rings(buildings: Built, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (owner, cell): the cells of each building and the eight around each of them."""
    row, column = np.divmod(buildings.cell, grid.nx)
    steps = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    rows, columns = row[:, None] + steps[:, 0], column[:, None] + steps[:, 1]
    here = (rows >= 0) & (rows < grid.ny) & (columns >= 0) & (columns < grid.nx)
    owner = np.repeat(buildings.owner, len(steps))[here.ravel()]
    return owner, (rows * grid.nx + columns)[here]
