"""Lay a file's raster or triangles on a grid of the city: square cells in metres, row 0 south, NaN where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError, RefusedError
from twin.geometry.crs import convert_xy, horizontal, label, same
from twin.model.field import Field, Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pyproj import CRS

    from twin.model.field import Raster, Tin

#: cells of one field; above, the result would not fit into the memory that a load may use
MOST_CELLS = 120_000_000

#: quantities whose values are numbers of classes: the nearest is taken, never a mean of two
CLASSES = frozenset({"fuel_model"})

#: m; cells that triangles are laid on when nobody says which
TIN_CELLS = np.array([0.5, 1.0, 2.0, 5.0, 10.0])

#: pairs of a triangle and a cell that are worked on at a time
CHUNK = 2_000_000

#: rows of the city's grid that are resampled at a time
STRIP = 512

#: cells between the points that are converted exactly; between them a straight line is off by less than 1e-4 cells
LATTICE = 16


def to_field(raster: Raster, crs: str | CRS, cell: float | None = None) -> Field:
    """Return the raster on a grid of the city, values in the unit they came in.

    raster  as a file holds it; its `crs` must be stated
    crs     the city's coordinate system
    cell    m  side of the cells; None: the raster's own resolution, and its own cells where they already fit
    Raises InputError (no system, no extent) and RefusedError (more cells than a load may hold).
    """
    if raster.crs is None:
        raise InputError(f"raster of '{raster.quantity}': states no coordinate system; give it with --crs")
    a, b, c, d, e, f = raster.transform
    if not np.isfinite(raster.transform).all() or abs(a * e - b * d) <= 0.0:
        raise InputError(f"raster of '{raster.quantity}': the placement {raster.transform} spans no area")
    straight = b == d == 0.0 and a > 0.0 and abs(abs(e) - a) <= 1e-6 * a
    if straight and same(raster.crs, crs) and (cell is None or abs(cell - a) <= 1e-9 * a):
        rows, columns = raster.values.shape
        values = raster.values[::-1] if e < 0.0 else raster.values
        south = f + e * rows if e < 0.0 else f
        grid = Grid(label(crs), float(c), float(south), float(a), columns, rows)
        return Field(raster.quantity, np.ascontiguousarray(values), grid, raster.vertical)
    grid = _grid_for(raster, crs, cell)
    return Field(raster.quantity, _resampled(raster, grid), grid, raster.vertical)


def _grid_for(raster: Raster, crs: str | CRS, cell: float | None) -> Grid:
    """Return a grid over the raster's outline, in cells of its own mean resolution unless `cell` says otherwise."""
    rows, columns = raster.values.shape
    edge_c = np.linspace(0, columns, 65)
    edge_r = np.linspace(0, rows, 65)
    col = np.concatenate([edge_c, edge_c, np.zeros(65), np.full(65, columns)])
    row = np.concatenate([np.zeros(65), np.full(65, rows), edge_r, edge_r])
    a, b, c, d, e, f = raster.transform
    x, y = convert_xy(a * col + b * row + c, d * col + e * row + f, str(raster.crs), crs)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(f"raster of '{raster.quantity}': its outline has no place in {label(crs)}")
    bounds = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    if cell is None:
        middle_c, middle_r = columns / 2, rows / 2
        col, row = np.array([0.0, 1.0, 0.0]) + middle_c, np.array([0.0, 0.0, 1.0]) + middle_r
        x, y = convert_xy(a * col + b * row + c, d * col + e * row + f, str(raster.crs), crs)
        across = np.hypot(x[1:] - x[0], y[1:] - y[0])
        cell = _round_cell(float(np.sqrt(across[0] * across[1])))
    return _checked(Grid.over(label(crs), bounds, cell), raster.quantity)


def _checked(grid: Grid, quantity: str) -> Grid:
    if grid.nx * grid.ny > MOST_CELLS:
        raise RefusedError(
            f"raster of '{quantity}': {grid.nx} x {grid.ny} cells of {grid.cell} m are more than {MOST_CELLS};"
            " cut it to the city or give a coarser one"
        )
    return grid


def _round_cell(cell: float) -> float:
    """Return the cell to 3 digits, so that 29.97 m from degrees does not become 29.970412 m."""
    return float(f"{cell:.3g}")


def _resampled(raster: Raster, grid: Grid) -> NDArray[np.floating]:
    """Return (ny, nx) values at the cell centres: bilinear among the known neighbours, nearest for classes."""
    out = np.full(grid.shape, np.nan, dtype=raster.values.dtype)
    a, b, c, d, e, f = raster.transform
    inverse = np.linalg.inv(np.array([[a, b], [d, e]]))
    for start in range(0, grid.ny, STRIP):
        lines = min(STRIP, grid.ny - start)
        east, north = _places(grid, start, lines, str(raster.crs))
        with np.errstate(invalid="ignore"):
            col = inverse[0, 0] * (east - c) + inverse[0, 1] * (north - f)
            row = inverse[1, 0] * (east - c) + inverse[1, 1] * (north - f)
        take = _nearest if raster.quantity in CLASSES else _bilinear
        out[start : start + lines] = take(raster.values, col, row).reshape(lines, grid.nx)
    return out


def _places(grid: Grid, start: int, lines: int, crs: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x, y in `crs` of the cell centres of `lines` rows from `start` on, row by row."""
    column = np.append(np.arange(0, grid.nx - 1, LATTICE), grid.nx - 1).astype(np.float64)
    line = np.append(np.arange(0, lines - 1, LATTICE), lines - 1).astype(np.float64)
    x, y = np.meshgrid(grid.west + (column + 0.5) * grid.cell, grid.south + (start + line + 0.5) * grid.cell)
    exact = convert_xy(x.ravel(), y.ravel(), grid.crs, crs)
    at_column, column_share = _between(np.arange(grid.nx, dtype=np.float64), column)
    at_line, line_share = _between(np.arange(lines, dtype=np.float64), line)
    found = []
    for value in exact:
        lattice = value.reshape(len(line), len(column))
        with np.errstate(invalid="ignore"):
            along = lattice[:, at_column] * (1.0 - column_share)
            along += lattice[:, np.minimum(at_column + 1, len(column) - 1)] * column_share
            both = along[at_line] * (1.0 - line_share)[:, None]
            both += along[np.minimum(at_line + 1, len(line) - 1)] * line_share[:, None]
        found.append(both.ravel())
    return found[0], found[1]


def _between(at: NDArray[np.float64], nodes: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the node before each position and how far it is on the way to the next one, 0..1."""
    before = np.clip(np.searchsorted(nodes, at, side="right") - 1, 0, max(len(nodes) - 2, 0))
    step = np.diff(nodes, append=nodes[-1] + 1.0)
    return before, (at - nodes[before]) / step[before]


def _nearest(values: NDArray[np.floating], col: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.floating]:
    """Return the value of the pixel each point lies in, NaN outside; col and row count from the upper left corner."""
    rows, columns = values.shape
    with np.errstate(invalid="ignore"):
        inside = (col >= 0) & (col < columns) & (row >= 0) & (row < rows)
    out = np.full(len(col), np.nan, dtype=values.dtype)
    out[inside] = values[row[inside].astype(np.int64), col[inside].astype(np.int64)]
    return out


def _bilinear(values: NDArray[np.floating], col: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.floating]:
    """Return the mean of the four nearest pixels by distance, over those that are known; NaN where the pixel is not.

    A point in a pixel without a value stays without one: a gap keeps its outline.
    """
    rows, columns = values.shape
    out = np.full(len(col), np.nan, dtype=values.dtype)
    known = np.flatnonzero(np.isfinite(_nearest(values, col, row)))
    i, j = row[known] - 0.5, col[known] - 0.5
    i0, j0 = np.floor(i), np.floor(j)
    total, weight = np.zeros(len(known)), np.zeros(len(known))
    for di in (0, 1):
        for dj in (0, 1):
            pixel = values[
                np.clip(i0 + di, 0, rows - 1).astype(np.int64), np.clip(j0 + dj, 0, columns - 1).astype(np.int64)
            ].astype(np.float64)
            share = (1.0 - np.abs(i - i0 - di)) * (1.0 - np.abs(j - j0 - dj)) * np.isfinite(pixel)
            total += share * np.nan_to_num(pixel, nan=0.0, posinf=0.0, neginf=0.0)
            weight += share
    out[known] = total / weight
    return out


def tin_to_field(tin: Tin, crs: str | CRS, cell: float | None = None) -> Field:
    """Return the triangulated surface at the centres of a grid's cells, in the unit of its heights; NaN beside it.

    tin   its `crs` must be stated
    cell  m  side of the cells; None: of 0.5, 1, 2, 5 and 10 m the nearest to half the side of the median triangle
    Raises InputError (no system, no triangle, a face without its vertices) and RefusedError (too many cells).
    """
    if tin.crs is None:
        raise InputError(f"surface of '{tin.quantity}': states no coordinate system; give it with --crs")
    stray = tin.faces[(tin.faces < 0) | (tin.faces >= len(tin.vertices))]
    if len(stray):
        raise InputError(f"surface of '{tin.quantity}': a face names vertex {stray[0]} of {len(tin.vertices)}")
    x, y = convert_xy(tin.vertices[:, 0], tin.vertices[:, 1], horizontal(tin.crs), crs)
    z = tin.vertices[:, 2].astype(np.float64)
    good = (np.isfinite(x) & np.isfinite(y) & np.isfinite(z))[tin.faces].all(axis=1)
    faces = tin.faces[good]
    px, py, pz = x[faces], y[faces], z[faces]
    twice = (px[:, 1] - px[:, 0]) * (py[:, 2] - py[:, 0]) - (px[:, 2] - px[:, 0]) * (py[:, 1] - py[:, 0])
    flat = np.abs(twice) > 1e-9
    px, py, pz, twice = px[flat], py[flat], pz[flat], twice[flat]
    if not len(px):
        raise InputError(f"surface of '{tin.quantity}': none of its {len(tin.faces)} triangles covers ground")
    if cell is None:
        side = 0.5 * np.sqrt(np.median(np.abs(twice)))
        cell = float(TIN_CELLS[np.argmin(np.abs(np.log(TIN_CELLS / side)))])
    bounds = (float(px.min()), float(py.min()), float(px.max()), float(py.max()))
    grid = _checked(Grid.over(label(crs), bounds, cell), tin.quantity)
    out = np.full(grid.nx * grid.ny, np.nan)
    px, py = (px - grid.west) / cell - 0.5, (py - grid.south) / cell - 0.5  # in cells, centres on whole numbers
    for at, inside in _covered(px, py, grid):
        value = _interpolated(px[inside], py[inside], pz[inside], at, grid.nx)
        out[at] = value
    return Field(tin.quantity, out.reshape(grid.shape).astype(np.float32), grid, tin.vertical)


def _covered(
    px: NDArray[np.float64], py: NDArray[np.float64], grid: Grid
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield (cells, triangles) pairwise: the cell's centre lies in the triangle. Scan lines, a chunk at a time.

    px, py  (n, 3)  corners in cells, cell centres on whole numbers
    """
    slack = 1e-7
    first = np.clip(np.ceil(py.min(axis=1) - slack), 0, grid.ny).astype(np.int64)
    last = np.clip(np.floor(py.max(axis=1) + slack), -1, grid.ny - 1).astype(np.int64)
    lines = np.maximum(last - first + 1, 0)
    bound = np.cumsum(lines * (np.ptp(px, axis=1) + 1.0))
    start = 0
    while start < len(px):
        done = bound[start - 1] if start else 0.0
        stop = max(start + 1, int(np.searchsorted(bound, done + CHUNK)))
        owner, line = _spread(lines[start:stop], first[start:stop])
        owner += start
        low, high = _span(px[owner], py[owner], line)
        left = np.clip(np.ceil(low - slack), 0, grid.nx).astype(np.int64)
        right = np.clip(np.floor(high + slack), -1, grid.nx - 1).astype(np.int64)
        of, column = _spread(np.maximum(right - left + 1, 0), left)
        yield line[of] * grid.nx + column, owner[of]
        start = stop


def _spread(counts: NDArray[np.int64], first: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for every unit of `counts` whose it is and its number from that one's `first` on."""
    owner = np.repeat(np.arange(len(counts)), counts)
    begin = np.cumsum(counts) - counts
    return owner, first[owner] + np.arange(len(owner)) - begin[owner]


def _span(
    px: NDArray[np.float64], py: NDArray[np.float64], line: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where a horizontal line enters and leaves each triangle (left > right where it misses)."""
    low, high = np.full(len(line), np.inf), np.full(len(line), -np.inf)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        ya, yb, xa, xb = py[:, a], py[:, b], px[:, a], px[:, b]
        meets = (np.minimum(ya, yb) <= line + 1e-7) & (np.maximum(ya, yb) >= line - 1e-7)
        level = np.abs(yb - ya) < 1e-12
        with np.errstate(divide="ignore", invalid="ignore"):
            x = xa + np.clip((line - ya) / (yb - ya), 0.0, 1.0) * (xb - xa)
        one, two = np.where(level, np.minimum(xa, xb), x), np.where(level, np.maximum(xa, xb), x)
        low = np.where(meets, np.minimum(low, one), low)
        high = np.where(meets, np.maximum(high, two), high)
    return low, high


def _interpolated(
    px: NDArray[np.float64], py: NDArray[np.float64], pz: NDArray[np.float64], at: NDArray[np.int64], nx: int
) -> NDArray[np.float64]:
    """Return the height of each triangle's plane at a cell's centre."""
    dx, dy = at % nx - px[:, 0], at // nx - py[:, 0]
    ux, uy, vx, vy = px[:, 1] - px[:, 0], py[:, 1] - py[:, 0], px[:, 2] - px[:, 0], py[:, 2] - py[:, 0]
    twice = ux * vy - vx * uy
    s, t = (dx * vy - vx * dy) / twice, (ux * dy - dx * uy) / twice
    return np.asarray(pz[:, 0] + s * (pz[:, 1] - pz[:, 0]) + t * (pz[:, 2] - pz[:, 0]))
