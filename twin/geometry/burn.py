"""Shapes onto a grid and back: covered shares, cells that a line crosses, the cells around a building.

Outlines are cut at every grid line they cross. Each piece then lies in one cell, and everything follows from the
pieces: exact areas (signed areas summed along rows, as font rasterisers do), crossed cells, cells around a shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.model.field import Grid

#: shapes in one go: bounds the memory of `around` on a city of 600,000 buildings
BATCH = 20_000

#: offsets of a cell's eight neighbours and itself
AROUND = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Outlines cut at the grid lines, n pieces.

    owner     (n,) int64    position of the shape in the input
    row, col  (n,) int64    cell of the piece, may lie outside the grid
    rise      (n,) float64  northward extent of the piece, in cells, signed
    left      (n,) float64  share of the cell's width to the west of the piece's middle, 0..1
    """

    owner: NDArray[np.int64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    rise: NDArray[np.float64]
    left: NDArray[np.float64]


def pieces(shapes: NDArray[np.object_], grid: Grid) -> Pieces:
    """Return the outlines of shapes, cut at the grid lines.

    shapes  (n,) shapely geometries in the grid's coordinates: polygons (outer rings run counter-clockwise here),
            lines and points; None and empty ones have no piece
    """
    import shapely

    solid = shapely.get_dimensions(shapes) == 2
    outlines = np.array(shapes, dtype=object)
    outlines[solid] = shapely.boundary(shapely.orient_polygons(shapes[solid]))
    parts, whole = shapely.get_parts(outlines, return_index=True)
    near = shapely.box(*grid.bounds).buffer(grid.cell)
    here = shapely.intersects(shapely.box(*shapely.bounds(parts).T), near)
    xy, line = shapely.get_coordinates(parts[here], return_index=True)
    owner = whole[here][line]
    u, v = (xy[:, 0] - grid.west) / grid.cell, (xy[:, 1] - grid.south) / grid.cell
    same = line[1:] == line[:-1]
    alone = np.bincount(line, minlength=int(here.sum()))[line] == 1
    start = np.concatenate([np.flatnonzero(same), np.flatnonzero(alone)])
    end = np.concatenate([np.flatnonzero(same) + 1, np.flatnonzero(alone)])
    return _cut(owner[start], u[start], v[start], u[end], v[end])


def _cut(
    owner: NDArray[np.int64],
    u0: NDArray[np.float64],
    v0: NDArray[np.float64],
    u1: NDArray[np.float64],
    v1: NDArray[np.float64],
) -> Pieces:
    """Return edges (in cell units) cut at the integer lines of both axes."""
    edge = [np.arange(len(owner))]
    at = [np.zeros(len(owner))]
    for a, b in ((u0, u1), (v0, v1)):
        low, high = np.minimum(a, b), np.maximum(a, b)
        first = np.floor(low).astype(np.int64) + 1
        count = np.maximum(0, np.ceil(high).astype(np.int64) - first)
        which = np.repeat(np.arange(len(owner)), count)
        line = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + first[which]
        edge.append(which)
        at.append((line - a[which]) / (b - a)[which])
    edges, t = np.concatenate(edge), np.concatenate(at)
    order = np.lexsort((t, edges))
    edges, t = edges[order], t[order]
    until = np.append(t[1:], 1.0)
    until[np.append(edges[1:] != edges[:-1], True)] = 1.0
    middle = 0.5 * (t + until)
    u = u0[edges] + middle * (u1 - u0)[edges]
    v = v0[edges] + middle * (v1 - v0)[edges]
    col = np.floor(u).astype(np.int64)
    rise = (until - t) * (v1 - v0)[edges]
    return Pieces(owner[edges], np.floor(v).astype(np.int64), col, rise, u - col)


def coverage(shapes: NDArray[np.object_], grid: Grid) -> NDArray[np.float64]:
    """Return (ny, nx) the share of each cell that polygons cover, 0..1, exact where they do not overlap.

    shapes  (n,) shapely polygons in the grid's coordinates; where they overlap, shares add up to 1 at most;
            lines, points and None cover nothing
    """
    import shapely

    shapes = shapes[shapely.get_dimensions(shapes) == 2]
    ny, nx = grid.shape
    area, cover = np.zeros((ny, nx)), np.zeros((ny, nx + 1))
    for begin in range(0, len(shapes), BATCH):
        p = pieces(shapes[begin : begin + BATCH], grid)
        rows = (p.row >= 0) & (p.row < ny)
        inside = rows & (p.col >= 0) & (p.col < nx)
        np.add.at(area, (p.row[inside], p.col[inside]), p.rise[inside] * p.left[inside])
        right = rows & (p.col >= 0)
        np.add.at(cover, (p.row[right], np.minimum(p.col[right], nx)), p.rise[right])
    west_of = np.cumsum(cover[:, ::-1], axis=1)[:, ::-1][:, 1:]
    return np.clip(area + west_of, 0.0, 1.0)


def crossed(shapes: NDArray[np.object_], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (owner, cell): every cell an outline, line or point touches, once per shape.

    cell  row * nx + col, inside the grid
    """
    p = pieces(shapes, grid)
    return _unique(p.owner, p.row, p.col, grid)


def around(
    shapes: NDArray[np.object_], grid: Grid, blocked: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (owner, cell): the cells in which water stands at each shape, sorted by owner.

    These are the cells on its outline and their neighbours, without the blocked ones; all of them where every one
    is blocked. Shapes outside the grid have none.

    blocked  (ny, nx) cells that are mostly building
    """
    owners, cells = [], []
    for begin in range(0, len(shapes), BATCH):
        p = pieces(shapes[begin : begin + BATCH], grid)
        row, col = (p.row[:, None] + AROUND[:, 0]).ravel(), (p.col[:, None] + AROUND[:, 1]).ravel()
        owner, cell = _unique(np.repeat(p.owner, len(AROUND)), row, col, grid)
        free = ~blocked.ravel()[cell]
        some = np.zeros(len(shapes), dtype=bool)
        some[owner[free]] = True
        keep = free | ~some[owner]
        owners.append(owner[keep] + begin)
        cells.append(cell[keep])
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *owners]), np.concatenate([none, *cells])


def _unique(
    owner: NDArray[np.int64], row: NDArray[np.int64], col: NDArray[np.int64], grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return owners and flat cells without repetition, inside the grid, sorted by owner and cell."""
    ny, nx = grid.shape
    inside = (row >= 0) & (row < ny) & (col >= 0) & (col < nx)
    key = np.unique(owner[inside] * (ny * nx) + row[inside] * nx + col[inside])
    return key // (ny * nx), key % (ny * nx)


def share_of_group(
    owner: NDArray[np.int64], values: NDArray[np.floating], count: int, quantile: float
) -> NDArray[np.float64]:
    """Return (count,) the value that a share of each group's values does not exceed, NaN for an empty group.

    owner     (n,) group of each value, sorted
    values    (n,) without NaN
    quantile  0..1: 1 is the greatest; 0.5 the upper median
    """
    order = np.lexsort((values, owner))
    size = np.bincount(owner, minlength=count)
    first = np.cumsum(size) - size
    pick = first + np.minimum((quantile * size).astype(np.int64), np.maximum(size - 1, 0))
    out = np.full(count, np.nan)
    out[size > 0] = values[order][pick[size > 0]]
    return out


def raise_crests(
    elevation: NDArray[np.float64], lines: NDArray[np.object_], levels: NDArray[np.float64], grid: Grid
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the ground in m with crests laid onto it, and (n,) how many cells each line raised.

    Every cell that a line crosses stands at least as high as its crest: no gap between neighbours is left.

    elevation  (ny, nx) m
    lines      (n,) shapely lines
    levels     (n,) m, same datum as the ground; NaN raises nothing
    """
    owner, cell = crossed(lines, grid)
    known = np.isfinite(levels)[owner]
    owner, cell = owner[known], cell[known]
    ground = elevation.ravel().copy()
    higher = levels[owner] > ground[cell]
    np.maximum.at(ground, cell, levels[owner])
    return ground.reshape(elevation.shape), np.bincount(owner[higher], minlength=len(lines))
