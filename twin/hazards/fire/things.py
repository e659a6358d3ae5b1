"""Buildings of the city as a fire sees them: where they stand on the grid, and which cells lie near them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.model.asset import Asset
from twin.physics.urban_fire.outlines import LEAST_AREA, Outlines

if TYPE_CHECKING:
    from twin.model.field import Grid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

REACH = 40.0
"""m beyond which burning vegetation does not ignite a building by radiation (Cohen and Butler 1998)."""


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """n buildings on a grid; those that reach over its edge take part too.

    assets       as the city has them, in the order of their ids
    shapes       (n,) shapely polygons
    x, y, area   (n,)  m, m, m2   of the middle; under the outline
    owner, cell  (m,)  which cells (row * nx + column) are a building's: centres inside it, else that of its middle
    """

    assets: Sequence[Asset]
    shapes: NDArray[np.object_]
    x: Floats
    y: Floats
    area: Floats
    owner: Ints
    cell: Ints

    def __len__(self) -> int:
        return len(self.assets)

    @property
    def ids(self) -> list[str]:
        """Ids of the buildings."""
        return [asset.id for asset in self.assets]


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Cells of vegetation near buildings: pairs, sorted by cell, and a way from a cell to its pairs.

    cell      (m,)  row * nx + column       building  (m,)
    distance  (m,)  m   from the middle of the cell to the outline
    first     (ny * nx + 1,)  pairs of cell c are first[c] .. first[c + 1]
    start     (n + 1,)  pairs of building b are order[start[b] .. start[b + 1]]
    """

    cell: Ints
    building: Ints
    distance: Floats
    first: NDArray[np.int32]
    order: Ints
    start: Ints

    def of_cells(self, cells: Ints) -> tuple[Ints, Ints]:
        """Return the pairs (k,) of these cells, and to which of them (k,) each belongs."""
        return _ranges(self.first[cells].astype(np.int64), self.first[cells + 1].astype(np.int64))

    def of_buildings(self, buildings: Ints) -> tuple[Ints, Ints]:
        """Return the pairs (k,) of these buildings, and to which of them (k,) each belongs."""
        places, which = _ranges(self.start[buildings], self.start[buildings + 1])
        return self.order[places], which


def built(assets: Sequence[Asset], grid: Grid) -> tuple[Built, list[str]]:
    """Return the buildings whose outline touches the grid, and the ids of the others: beyond it, or no outline.

    An outline of less than `LEAST_AREA` is none, as for the engine: a sliver that drawing left.

    assets  of kind "building"
    """
    import shapely

    kept: list[Asset] = []
    rings: list[object] = []
    out: list[str] = []
    domain = shapely.box(*grid.bounds)
    for asset in sorted(assets, key=lambda a: a.id):
        ring = asset.points
        if len(ring) < 4 or ring[0] != ring[-1]:
            out.append(asset.id)
            continue
        kept.append(asset)
        rings.append(shapely.Polygon(ring))
    shapes = np.array(rings, dtype=object)
    if len(shapes):
        corners = [np.array(asset.points[:-1], dtype=np.float64) for asset in kept]
        starts = np.cumsum([0, *map(len, corners)]).astype(np.int64)
        area = np.abs(Outlines(np.concatenate(corners), starts).area)
        touches = shapely.intersects(shapes, domain)
        take = (area >= LEAST_AREA) & touches
        out += [asset.id for asset, here in zip(kept, take, strict=True) if not here]
        kept = [asset for asset, here in zip(kept, take, strict=True) if here]
        shapes = shapes[take]
    owner, cell = _cells(shapes, grid)
    middle = shapely.centroid(shapes)
    x, y = (shapely.get_x(middle), shapely.get_y(middle)) if len(shapes) else (np.zeros(0), np.zeros(0))
    area = shapely.area(shapes) if len(shapes) else np.zeros(0)
    return Built(kept, shapes, x, y, area, owner, cell), sorted(out)


def near(buildings: Built, burnable: NDArray[np.bool_], grid: Grid) -> Near:
    """Return the pairs of burnable cells and buildings at most `REACH` m apart.

    burnable  (ny, nx)
    """
    import shapely

    cells = np.flatnonzero(burnable & around(buildings, grid, REACH))
    pairs = np.zeros((2, 0), dtype=np.int64)
    if len(cells) and len(buildings):
        rows, columns = np.divmod(cells, grid.nx)
        points: Any = shapely.points(grid.west + (columns + 0.5) * grid.cell, grid.south + (rows + 0.5) * grid.cell)
        tree = shapely.STRtree(points)
        pairs = tree.query(buildings.shapes, predicate="dwithin", distance=REACH).astype(np.int64)
        which, point = pairs
        distance = shapely.distance(points[point], buildings.shapes[which])
        sorting = np.lexsort((which, point))
        which, cell, distance = which[sorting], cells[point[sorting]], distance[sorting]
    else:
        which, cell, distance = pairs[0], pairs[1], np.zeros(0)
    first = np.zeros(burnable.size + 1, dtype=np.int32)
    np.cumsum(np.bincount(cell, minlength=burnable.size), out=first[1:])
    order = np.argsort(which, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(which, minlength=len(buildings)))]).astype(np.int64)
    return Near(cell, which, distance, first, order, start)


def around(buildings: Built, grid: Grid, reach: float) -> NDArray[np.bool_]:
    """Return (ny, nx) the cells that lie, in part, within `reach` m of the box round a building."""
    import shapely

    corners = np.zeros((grid.ny + 1, grid.nx + 1), dtype=np.int64)
    if not len(buildings):
        return corners[:-1, :-1] > 0
    west, south, east, north = shapely.bounds(buildings.shapes).T
    first = np.clip(np.floor((west - reach - grid.west) / grid.cell), 0, grid.nx).astype(np.int64)
    last = np.clip(np.floor((east + reach - grid.west) / grid.cell) + 1, 0, grid.nx).astype(np.int64)
    low = np.clip(np.floor((south - reach - grid.south) / grid.cell), 0, grid.ny).astype(np.int64)
    high = np.clip(np.floor((north + reach - grid.south) / grid.cell) + 1, 0, grid.ny).astype(np.int64)
    for rows, columns, count in ((low, first, 1), (high, last, 1), (low, last, -1), (high, first, -1)):
        np.add.at(corners, (rows, columns), count)
    return np.asarray(corners.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _cells(shapes: NDArray[np.object_], grid: Grid) -> tuple[Ints, Ints]:
    """Return (owner, cell): cells whose centre is inside a shape, of a small one the cell of its middle."""
    import shapely

    none = np.zeros(0, dtype=np.int64)
    if not len(shapes):
        return none, none
    bounds = shapely.bounds(shapes)
    low = np.ceil((bounds[:, :2] - (grid.west, grid.south)) / grid.cell - 0.5).astype(np.int64)
    high = np.floor((bounds[:, 2:] - (grid.west, grid.south)) / grid.cell - 0.5).astype(np.int64)
    low, high = np.maximum(low, 0), np.minimum(high, (grid.nx - 1, grid.ny - 1))
    wide, tall = np.maximum(high - low + 1, 0).T
    count = wide * tall
    owner = np.repeat(np.arange(len(shapes)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    column = low[owner, 0] + number % np.maximum(wide[owner], 1)
    row = low[owner, 1] + number // np.maximum(wide[owner], 1)
    shapely.prepare(shapes)
    inside = shapely.contains_xy(
        shapes[owner], grid.west + (column + 0.5) * grid.cell, grid.south + (row + 0.5) * grid.cell
    )
    owner, cell = owner[inside], (row * grid.nx + column)[inside]
    small = np.flatnonzero(np.bincount(owner, minlength=len(shapes)) == 0)
    inner = shapely.point_on_surface(shapely.intersection(shapes[small], shapely.box(*grid.bounds)))
    column = np.floor((shapely.get_x(inner) - grid.west) / grid.cell).astype(np.int64)
    row = np.floor((shapely.get_y(inner) - grid.south) / grid.cell).astype(np.int64)
    column, row = np.minimum(column, grid.nx - 1), np.minimum(row, grid.ny - 1)
    owner = np.concatenate([owner, small])
    cell = np.concatenate([cell, row * grid.nx + column])
    order = np.lexsort((cell, owner))
    return owner[order], cell[order]


def _ranges(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return all numbers of n ranges begin .. end one after the other, and of which range each is."""
    count = end - begin
    which = np.repeat(np.arange(len(begin)), count)
    return np.arange(len(which)) - np.repeat(np.cumsum(count) - count - begin, count), which
