"""Which cells have to be advanced: bands of rows, cut into tiles; tiles side by side make a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.update import LONGEST, TILE

BAND = 16
"""Rows of a tile, advanced one after another by one thread."""


class Tiles:
    """Flags of the tiles of a grid of (ny, nx) cells.

    A tile must be advanced when it or a neighbour is wet now, was wet one step before (its other buffer would still
    hold the old water), or was touched from outside in the last two steps.
    """

    def __init__(self, ny: int, nx: int) -> None:
        self.ny, self.nx = ny, nx
        self.shape = -(-ny // BAND), -(-nx // TILE)
        self._wet = np.zeros(self.shape, bool)
        self._was_wet = np.zeros(self.shape, bool)
        self._touched = np.zeros(self.shape, np.int8)
        self._walls = np.zeros(self.shape, bool)
        self._cache: dict[bytes, NDArray[np.int32]] = {}
        self.window: tuple[int, int, int, int] | None = None

    def confine(self, window: tuple[int, int, int, int]) -> None:
        """Make runs of nothing but these cells from now on: rows from .. to, columns from .. to, without ghosts."""
        self.window = window
        self._cache.clear()

    def set_solid(self, solid: NDArray[np.bool_]) -> None:
        """Remember which tiles have a solid cell in them or beside them; `solid` is (ny + 4, nx + 4)."""
        inner = solid[1:-1, 1:-1]
        near = inner | solid[:-2, 1:-1] | solid[2:, 1:-1] | solid[1:-1, :-2] | solid[1:-1, 2:]
        self._walls = self.reduce(near[1:-1, 1:-1], np.logical_or)
        self._cache.clear()

    def reduce(self, values: NDArray[np.generic], how: np.ufunc) -> NDArray[np.generic]:
        """Return one value per tile of (ny, nx) values, by `how` (np.maximum, np.logical_or)."""
        rows = how.reduceat(values, np.arange(0, self.ny, BAND), axis=0)
        return how.reduceat(rows, np.arange(0, self.nx, TILE), axis=1)

    def touch(self, rows: NDArray[np.intp] | None = None, columns: NDArray[np.intp] | None = None) -> None:
        """Keep the tiles of these cells (all tiles without cells) for the next two steps."""
        if rows is None or columns is None:
            self._touched[:] = 2
        else:
            self._touched[rows // BAND, columns // TILE] = 2

    def settle(self, fastest: NDArray[np.floating]) -> None:
        """Take over, after a step, which tiles are wet: those in which a wave could run."""
        self._was_wet, self._wet = self._wet, fastest > 0
        self._touched -= self._touched > 0

    def active(self) -> NDArray[np.bool_]:
        """Return which tiles to advance."""
        core = self._wet | self._was_wet | (self._touched > 0)
        core[1:] |= core[:-1].copy()
        core[:-1] |= core[1:].copy()
        core[:, 1:] |= core[:, :-1].copy()
        core[:, :-1] |= core[:, 1:].copy()
        return core

    def save(self) -> NDArray[np.int8]:
        """Return the flags, (3, bands, columns): wet, wet one step before, steps for which a tile is kept."""
        return np.array([self._wet, self._was_wet, self._touched], np.int8)

    def load(self, saved: NDArray[np.int8]) -> None:
        """Stand where `save` stood: the same tiles are advanced next."""
        self._wet, self._was_wet, self._touched = saved[0] > 0, saved[1] > 0, saved[2].astype(np.int8)

    def runs(self, active: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the active tiles as runs, (k, 6): rows from .. to, columns from .. to, walls, band.

        Rows and columns are counted in arrays with two rings of ghost cells, the second of each pair excluded;
        walls: whether solid cells are near; band: number of the row of tiles.
        """
        key = active.tobytes()
        if key in self._cache:
            return self._cache[key]
        longest = LONGEST // TILE
        found: list[tuple[int, int, int, int, int, int]] = []
        for band in range(self.shape[0]):
            columns = np.flatnonzero(active[band])
            if not len(columns):
                continue
            for group in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
                for first in range(0, len(group), longest):
                    a, b = int(group[first]), int(group[min(first + longest, len(group)) - 1]) + 1
                    found.append(
                        (
                            2 + band * BAND,
                            2 + min((band + 1) * BAND, self.ny),
                            2 + a * TILE,
                            2 + min(b * TILE, self.nx),
                            int(self._walls[band, a:b].any()),
                            band,
                        )
                    )
        if len(self._cache) > 3:
            self._cache.clear()
        runs = np.array(found, np.int32).reshape(-1, 6)
        self._cache[key] = runs if self.window is None else _within(runs, self.window)
        return self._cache[key]


def _within(runs: NDArray[np.int32], window: tuple[int, int, int, int]) -> NDArray[np.int32]:
    """Return what of the runs lies in a window; no part is longer than a tile, so that each tells of one alone."""
    r0, r1, c0, c1 = (edge + 2 for edge in window)
    found = []
    for a, b, first, last, walls, band in runs.tolist():
        rows = max(a, r0), min(b, r1)
        for tile in range(first, last, TILE):
            columns = max(tile, c0), min(tile + TILE, last, c1)
            if rows[0] < rows[1] and columns[0] < columns[1]:
                found.append((*rows, *columns, walls, band))
    return np.array(found, np.int32).reshape(-1, 6)
