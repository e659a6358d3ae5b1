"""Which cells of a grid a place means: a circle, a box, a line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.model.field import Grid

Cells = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns, (n,) each."""


def centres(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x (nx,) and y (ny,) of the cell centres in m."""
    return (
        grid.west + np.arange(0.5, grid.nx) * grid.cell,
        grid.south + np.arange(0.5, grid.ny) * grid.cell,
    )


def within(grid: Grid, x: float, y: float, radius: float, what: str) -> NDArray[np.bool_]:
    """Return (ny, nx): cells whose centre is within `radius` m of a point, at least the one it lies in.

    Raises InputError, naming `what`, when the point is outside the grid.
    """
    column, row = int(np.floor((x - grid.west) / grid.cell)), int(np.floor((y - grid.south) / grid.cell))
    if not (0 <= column < grid.nx and 0 <= row < grid.ny):
        west, south, east, north = grid.bounds
        raise InputError(
            f"{what} at {x:.1f}, {y:.1f} is outside the area, which reaches from {west:.1f}, {south:.1f} to "
            f"{east:.1f}, {north:.1f}"
        )
    xs, ys = centres(grid)
    mask = (xs - x) ** 2 + (ys[:, None] - y) ** 2 <= radius**2
    mask[row, column] = True
    return mask


def along(grid: Grid, points: Sequence[tuple[float, float]], distance: float = 0.0) -> NDArray[np.bool_]:
    """Return (ny, nx): cells that a line of two or more points touches; no water slips between them.

    A cell is touched when its centre is no farther from the line than half its diagonal, or than `distance` m.
    """
    xs, ys = centres(grid)
    reach = max(distance, 0.5 * np.sqrt(2.0) * grid.cell) * (1 + 1e-9)
    mask = np.zeros(grid.shape, bool)
    for (x0, y0), (x1, y1) in pairwise(points):
        columns = slice(*np.searchsorted(xs, [min(x0, x1) - reach, max(x0, x1) + reach]))
        rows = slice(*np.searchsorted(ys, [min(y0, y1) - reach, max(y0, y1) + reach]))
        px, py = xs[None, columns], ys[rows, None]
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy
        t = np.clip(((px - x0) * dx + (py - y0) * dy) / length, 0, 1) if length > 0 else 0.0
        mask[rows, columns] |= (px - x0 - t * dx) ** 2 + (py - y0 - t * dy) ** 2 <= reach**2
    return mask


def box(grid: Grid, bounds: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """Return (ny, nx): cells whose centre is between west, south, east and north."""
    xs, ys = centres(grid)
    west, south, east, north = bounds
    return ((xs >= west) & (xs <= east)) & ((ys >= south) & (ys <= north))[:, None]


def lowest(ground: NDArray[np.float64], cells: NDArray[np.bool_], what: str) -> Cells:
    """Return the lower ones of the marked cells: those in the lowest quarter of their range of height.

    ground  (ny, nx) m, NaN where a cell is solid; such cells are left out
    Raises InputError, naming `what`, when none is left.
    """
    heights = ground[cells & ~np.isnan(ground)]
    if not len(heights):
        raise InputError(f"{what}: all {np.count_nonzero(cells)} cells there are under buildings or without ground")
    limit = heights.min() + 0.25 * (heights.max() - heights.min())
    rows, columns = np.nonzero(cells & (np.nan_to_num(ground, nan=np.inf) <= limit))
    return rows, columns


def inside(grid: Grid, ring: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    """Return (ny, nx): cells whose centre is inside a ring of four or more points, the last one the first."""
    import shapely

    xs, ys = centres(grid)
    west, south, east, north = shapely.bounds(shapely.Polygon(ring))
    columns = slice(*np.searchsorted(xs, [west, east]))
    rows = slice(*np.searchsorted(ys, [south, north]))
    mask = np.zeros(grid.shape, bool)
    if xs[columns].size and ys[rows].size:
        mask[rows, columns] = shapely.contains_xy(shapely.Polygon(ring), xs[columns][None, :], ys[rows][:, None])
    return mask
