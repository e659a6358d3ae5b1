"""Reader of ANUGA's triangular meshes (.tsh), laid on a grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.physics.cases.files import Raster


def read_mesh(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return corners (n, 2) m, heights (n,) m and triangles (m, 3) as numbers of corners."""
    lines = path.read_text().splitlines()
    count = int(lines[0].split()[0])
    corners = np.array([line.split()[1:4] for line in lines[1 : 1 + count]], np.float64)
    start = next(i for i, line in enumerate(lines) if line.endswith("Triangulation Triangles..."))
    rows = lines[start + 1 : start + 1 + int(lines[start].split()[0])]
    return corners[:, :2], corners[:, 2], np.array([row.split()[1:4] for row in rows], np.intp)


def on_grid(path: Path, cell: float) -> Raster:
    """Return the heights of a mesh at the centres of cells of `cell` m, linear in each triangle; NaN outside."""
    corners, heights, triangles = read_mesh(path)
    west, south = np.floor(corners.min(axis=0) / cell) * cell
    nx, ny = (np.ceil((corners.max(axis=0) - (west, south)) / cell)).astype(int)
    values = np.full((ny, nx), np.nan)
    for triangle in triangles:
        (x0, y0), (x1, y1), (x2, y2) = (corners[triangle] - (west, south)) / cell - 0.5
        columns = np.arange(max(0, int(np.ceil(min(x0, x1, x2)))), min(nx - 1, int(max(x0, x1, x2))) + 1)
        rows = np.arange(max(0, int(np.ceil(min(y0, y1, y2)))), min(ny - 1, int(max(y0, y1, y2))) + 1)[:, None]
        twice = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if not columns.size or not rows.size or twice == 0:
            continue
        b = ((columns - x0) * (y2 - y0) - (x2 - x0) * (rows - y0)) / twice
        c = ((x1 - x0) * (rows - y0) - (columns - x0) * (y1 - y0)) / twice
        inside = (b >= -1e-9) & (c >= -1e-9) & (b + c <= 1 + 1e-9)
        z0, z1, z2 = heights[triangle]
        plane = z0 + b * (z1 - z0) + c * (z2 - z0)
        window = np.ix_(rows[:, 0], columns)
        values[window] = np.where(inside, plane, values[window])
    return Raster(values, float(west), float(south), cell)
