"""The ground under a hazard: bare earth as the terrain holds it, its gaps closed, crests raised, underpasses cut.

Bridges do not dam: they are in no input. Where underpasses are storages of their own, the street over them stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.geometry.burn import coverage, raise_crests
from twin.model.finding import Finding
from twin.runs.inputs.surface import areas

if TYPE_CHECKING:
    import shapely

    from twin.model.feature import Features
    from twin.model.field import Grid
    from twin.runs.inputs.prepare import Prepared
    from twin.store import City

#: share of the terrain that may be gaps before the run is refused
MAX_GAP = 0.5
#: share of an underpass's length that each ramp takes, where nobody has surveyed it
RAMP = 0.4
#: m, beyond the deepest pit and the highest mountain
LOWEST, HIGHEST = -500.0, 9000.0
#: terrains that an error names
NAMED = 5


def elevation(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return the ground in m above the city's datum: terrain, gaps filled, crests raised, underpasses cut."""
    del default
    grid = ready.grid
    ready.layers["elevation"] = sum(r.quantity == "elevation" for r in city.rasters.list())
    ground = np.ascontiguousarray(city.rasters.read("elevation", grid).values, dtype=np.float64)
    _check(city, ground, grid)
    ground = _filled(ground, ready)
    if ready.params.get("underpasses") == "cut" and city.features.count("underpass"):
        ground = _cut_underpasses(city, ground, ready)
    if city.features.count("levee"):
        levees = city.features.read("levee", bounds=grid.bounds)
        ready.layers["levee"] = len(levees)
        levels = heights(levees)
        ground, raised = raise_crests(ground, levees.geometry, levels, grid)
        unknown = [i for i, level in zip(levees.ids, levels, strict=True) if np.isnan(level)]
        if unknown:
            ready.findings.append(
                Finding("warning", "crest_unknown", "levees without a crest level add nothing", ", ".join(unknown[:10]))
            )
        if raised.any():
            text = f"{int(raised.sum())} cells raised to the crests of {len(levees)} levees"
            ready.findings.append(Finding("info", "crests_raised", text))
    return ground


def _check(city: City, ground: NDArray[np.float64], grid: Grid) -> None:
    """Raise InputError, naming the terrains and their files, where a height is none: nodata not declared, another unit.

    ground  (ny, nx) m, NaN where there is none
    """
    bad = ~np.isnan(ground) & ~((ground >= LOWEST) & (ground <= HIGHEST))
    if not bad.any():
        return
    files = {source.id: Path(source.file).name for source in city.sources.list()}
    names = [f"'{r.name}' ({files.get(r.source, 'no file')})" for r in city.rasters.list() if r.quantity == "elevation"]
    raise InputError(
        f"terrain {', '.join(names[:NAMED])}: the elevation is not between {LOWEST:g} and {HIGHEST:g} m in "
        f"{np.count_nonzero(bad)} of {bad.size} cells, the first {ground[bad][0]:g} at {_where(bad, grid)}; declare "
        "its number for missing data, or convert its unit to m, and load it again"
    )


def heights(features: Features) -> NDArray[np.float64]:
    """Return (n,) the `level` of features in m, NaN where there is none. Raises InputError for one that cannot be."""
    levels = features.numbers("level")
    for i in np.flatnonzero((levels < LOWEST) | (levels > HIGHEST)).tolist():
        raise InputError(
            f"{features.kind} '{features.ids[i]}': its level of {levels[i]:g} m is not between {LOWEST:g} and "
            f"{HIGHEST:g} m; mend it at its source and load it again"
        )
    return levels


def _filled(ground: NDArray[np.float64], ready: Prepared) -> NDArray[np.float64]:
    """Return the ground with its gaps closed: each cell of one takes the height of the nearest known cell.

    What lies outside the terrain (gaps that reach the edge of the grid) stays NaN. Both are reported.
    """
    from scipy.ndimage import distance_transform_edt, label

    unknown = np.isnan(ground)
    if not unknown.any():
        return ground
    if unknown.all():
        raise InputError("the terrain has no elevation anywhere in the area; choose another area, or load more terrain")
    labels, count = label(unknown)
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    outside = np.isin(labels, edge[edge > 0])
    gap = unknown & ~outside
    share = float(gap.sum() / (~outside).sum())
    if share > MAX_GAP:
        raise InputError(f"{share:.0%} of the terrain in the area are gaps without elevation; load a better terrain")
    if outside.any():
        ready.findings.append(
            Finding(
                "warning",
                "outside_terrain",
                f"{int(outside.sum())} of {outside.size} cells lie outside the terrain and take no part; "
                "water leaves over their border where the edges of the area are open, none enters",
                _where(outside, ready.grid),
            )
        )
    if gap.any():
        number = count - int((edge > 0).sum())
        ready.findings.append(
            Finding(
                "warning",
                "elevation_gap",
                f"{int(gap.sum())} of {gap.size} cells in {number} gap{'s' * (number > 1)} of the terrain have no "
                "elevation; "
                "they take the height of the nearest cell that has one",
                _where(gap, ready.grid),
            )
        )
        nearest = distance_transform_edt(unknown, return_distances=False, return_indices=True)
        ground = np.where(gap, ground[tuple(nearest)], ground)
    return ground


def _where(cells: NDArray[np.bool_], grid: Grid) -> str:
    """Return the place of the first of some cells."""
    row, col = np.argwhere(cells)[0]
    return f"x {grid.west + (col + 0.5) * grid.cell:.1f}, y {grid.south + (row + 0.5) * grid.cell:.1f}"


def _cut_underpasses(city: City, ground: NDArray[np.float64], ready: Prepared) -> NDArray[np.float64]:
    """Return the ground with underpasses lowered by their depth, in cells they cover by half or more.

    The roadway falls from both ends of the longer side over `RAMP` of the length each, and is level between.
    """
    features = city.features.read("underpass", bounds=ready.grid.bounds)
    ready.layers["underpass"] = len(features)
    depth = features.numbers("depth")
    for shape, below in zip(areas(features), depth, strict=True):
        if shape is not None and np.isfinite(below):
            ground = ground - below * _profile(shape, ready.grid)
    flat = [i for i, d in zip(features.ids, depth, strict=True) if np.isnan(d)]
    if flat:
        ready.findings.append(
            Finding("warning", "depth_unknown", "underpasses without a depth are not cut", ", ".join(flat[:10]))
        )
    return ground


def _profile(shape: shapely.Geometry, grid: Grid) -> NDArray[np.float64]:
    """Return (ny, nx) 0..1, how far down the roadway of an underpass lies; 0 in cells outside it."""
    import shapely

    corners = shapely.get_coordinates(shapely.get_exterior_ring(shapely.minimum_rotated_rectangle(shape)))[:3]
    sides = np.diff(corners, axis=0)
    longer = int(np.argmax(np.hypot(*sides.T)))
    start, side = corners[longer], sides[longer]
    length = float(np.hypot(*side))
    x = grid.west + (np.arange(grid.nx) + 0.5) * grid.cell
    y = (grid.south + (np.arange(grid.ny) + 0.5) * grid.cell)[:, None]
    along = ((x - start[0]) * side[0] + (y - start[1]) * side[1]) / length
    down = np.clip(np.minimum(along, length - along) / (RAMP * length), 0, 1)
    return np.where(coverage(np.array([shape], dtype=object), grid) >= 0.5, down, 0.0)


def averaged(shapes: NDArray[np.object_], values: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Return (ny, nx) the mean of values by covered area, NaN in cells covered by less than half."""
    weight, total = np.zeros(grid.shape), np.zeros(grid.shape)
    for value in np.unique(values[np.isfinite(values)]):
        share = coverage(shapes[values == value], grid)
        weight += share
        total += share * value
    return np.asarray(np.where(weight >= 0.5, total / np.maximum(weight, 0.5), np.nan), dtype=np.float64)
