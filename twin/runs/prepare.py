"""From the city to the grid: what a hazard declared as input is taken from rasters and features and laid on cells.

The ground is bare earth as the terrain holds it, with levee crests raised onto it and underpasses cut into it where
the city knows a crest or a depth. Bridges do not dam: they are in no input. Water bodies keep the bed or surface the
terrain shows and begin dry, unless a feature states its water `level`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, MissingError, RefusedError
from twin.geometry.burn import coverage, raise_crests
from twin.model.asset import Asset
from twin.model.field import FieldSeries, Grid
from twin.model.finding import Finding
from twin.runs.surface import areas, roughness

if TYPE_CHECKING:
    from twin.model.scenario import Scenario
    from twin.store import City

#: cells of one run: 60 bytes each in the solver, and as many again in frames and inputs
MAX_CELLS = 20_000_000
#: s m-1/3, Manning's n where neither the city nor the scenario nor the hazard says anything
UNKNOWN_GROUND = 0.035
#: share of the terrain that may be gaps before the run is refused
MAX_GAP = 0.5


@dataclass(slots=True, eq=False)
class Prepared:
    """What a hazard starts from.

    params    the scenario's own parameters of the hazard
    fields    quantity -> (ny, nx) float64, row 0 south; NaN only in elevation, outside the terrain
    forcing   quantity -> its course over the run where it differs from place to place
    assets    kind -> the things of the city that the hazard takes as things
    layers    kind of feature or raster -> how many went in
    findings  what a person should know about the inputs
    """

    grid: Grid
    params: Mapping[str, object] = field(default_factory=dict)
    fields: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    forcing: dict[str, FieldSeries] = field(default_factory=dict)
    assets: dict[str, list[Asset]] = field(default_factory=dict)
    layers: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def prepare(city: City, scenario: Scenario, inputs: Mapping[str, float | None]) -> Prepared:
    """Return the grid of a scenario and every declared input on it.

    inputs  quantity -> default where the city has nothing, None: required

    Raises MissingError (no terrain, a required quantity nowhere), InputError (the area misses the terrain) and
    RefusedError (too many cells).
    """
    ready = Prepared(grid_of(city, scenario), scenario.params)
    for quantity, default in inputs.items():
        if quantity in MAKERS:
            ready.fields[quantity] = MAKERS[quantity](city, ready, default)
        elif any(r.quantity == quantity for r in city.rasters.list()):
            ready.fields[quantity] = _raster(city, quantity, ready, default)
        elif default is not None:
            ready.fields[quantity] = np.full(ready.grid.shape, float(default))
        else:
            raise MissingError(f"hazard '{scenario.hazard}' needs '{quantity}', and the twin has no raster of it")
    return ready


def grid_of(city: City, scenario: Scenario) -> Grid:
    """Return the scenario's grid: over its area, or inside all terrain there is. Raises as `prepare`."""
    sheets = [r for r in city.rasters.list() if r.quantity == "elevation"]
    if not sheets:
        raise MissingError(
            f"{city.path}: the twin has no elevation; load a terrain: a GeoTIFF, an Arc ASCII grid, "
            "or a CityJSON or CityGML with relief"
        )
    boxes = np.array([r.bounds for r in sheets])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    cell = scenario.cell
    if scenario.area is None:
        west, south = np.ceil(west / cell - 1e-9) * cell, np.ceil(south / cell - 1e-9) * cell
        nx, ny = int((east - west) / cell + 1e-9), int((north - south) / cell + 1e-9)
        if nx < 1 or ny < 1:
            raise InputError(f"cells of {cell:g} m are larger than the terrain; choose a smaller cell_m")
        grid = Grid(city.crs, float(west), float(south), cell, nx, ny)
    else:
        a = scenario.area
        if a[0] >= east or a[2] <= west or a[1] >= north or a[3] <= south:
            raise InputError(f"area {list(a)} lies outside the terrain, which covers {[west, south, east, north]}")
        grid = Grid.over(city.crs, a, cell)
    if grid.nx * grid.ny > MAX_CELLS:
        raise RefusedError(
            f"{grid.nx} x {grid.ny} cells of {cell:g} m are more than {MAX_CELLS:,}; choose a larger cell_m or an area"
        )
    return grid


def _elevation(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return the ground in m above the city's datum: terrain, gaps filled, crests raised, underpasses cut."""
    del default
    grid = ready.grid
    ready.layers["elevation"] = sum(r.quantity == "elevation" for r in city.rasters.list())
    ground = _filled(np.ascontiguousarray(city.rasters.read("elevation", grid).values, dtype=np.float64), ready)
    if city.features.count("underpass"):
        ground = _cut_underpasses(city, ground, ready)
    if city.features.count("levee"):
        levees = city.features.read("levee", bounds=grid.bounds)
        ready.layers["levee"] = len(levees)
        levels = levees.numbers("level")
        ground, raised = raise_crests(ground, levees.geometry, levels, grid)
        unknown = [i for i, level in zip(levees.ids, levels, strict=True) if np.isnan(level)]
        if unknown:
            ready.findings.append(
                Finding("warning", "crest_unknown", "levees without a crest level add nothing", ", ".join(unknown[:10]))
            )
        ready.findings.append(
            Finding("info", "crests_raised", f"{int(raised.sum())} cells raised to the crests of {len(levees)} levees")
        )
    return ground


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
                "no water crosses their border",
                _where(outside, ready.grid),
            )
        )
    if gap.any():
        number = count - int((edge > 0).sum())
        ready.findings.append(
            Finding(
                "warning",
                "elevation_gap",
                f"{int(gap.sum())} of {gap.size} cells in {number} gaps of the terrain have no elevation; "
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
    """Return the ground with underpasses lowered by their depth, in cells they cover by half or more."""
    features = city.features.read("underpass", bounds=ready.grid.bounds)
    ready.layers["underpass"] = len(features)
    depth = features.numbers("depth")
    below = np.nan_to_num(_averaged(areas(features), depth, ready.grid))
    flat = [i for i, d in zip(features.ids, depth, strict=True) if np.isnan(d)]
    if flat:
        ready.findings.append(
            Finding("warning", "depth_unknown", "underpasses without a depth are not cut", ", ".join(flat[:10]))
        )
    return ground - below


def _averaged(shapes: NDArray[np.object_], values: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Return (ny, nx) the mean of values by covered area, NaN in cells covered by less than half."""
    weight, total = np.zeros(grid.shape), np.zeros(grid.shape)
    for value in np.unique(values[np.isfinite(values)]):
        share = coverage(shapes[values == value], grid)
        weight += share
        total += share * value
    return np.asarray(np.where(weight >= 0.5, total / np.maximum(weight, 0.5), np.nan), dtype=np.float64)


def _roughness(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return Manning's n in s m-1/3: a raster of it where the city has one, else from the features.

    Where neither says anything, the scenario's `manning` holds, else the hazard's default.
    """
    stated = ready.params.get("manning", default)
    base = float(stated) if isinstance(stated, int | float) else UNKNOWN_GROUND
    if any(r.quantity == "roughness" for r in city.rasters.list()):
        return _raster(city, "roughness", ready, base)
    n, used, findings = roughness(city, ready.grid, base)
    ready.layers.update(used)
    ready.findings += findings
    return n


def _building_share(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return the share of each cell that footprints cover, 0..1."""
    del default
    if not city.features.count("building"):
        return np.zeros(ready.grid.shape)
    shapes = city.features.read("building", bounds=ready.grid.bounds).geometry
    ready.layers["building"] = len(shapes)
    return coverage(shapes, ready.grid)


def _depth(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return the water there is at the start, in m: water bodies that state their level, nothing elsewhere."""
    depth = np.full(ready.grid.shape, default or 0.0)
    if not city.features.count("water"):
        return depth
    water = city.features.read("water", bounds=ready.grid.bounds)
    level = water.numbers("level")
    standing = _averaged(areas(water), level, ready.grid) - ready.fields["elevation"]
    depth = np.where(standing > depth, standing, depth)
    dry = int(np.isnan(level).sum())
    if dry:
        ready.findings.append(Finding("info", "water_dry", f"{dry} water bodies state no level and begin dry"))
    return depth


def _raster(city: City, quantity: str, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return a raster of the city on the grid; the default fills its gaps."""
    values = np.ascontiguousarray(city.rasters.read(quantity, ready.grid).values, dtype=np.float64)
    gap = np.isnan(values)
    if gap.any():
        if default is None:
            raise InputError(f"raster '{quantity}' has no value in {int(gap.sum())} of {gap.size} cells of the area")
        values[gap] = default
        ready.findings.append(
            Finding("info", "raster_gap", f"'{quantity}' is {default:g} in {int(gap.sum())} cells without a value")
        )
    ready.layers[quantity] = 1
    return values


MAKERS: Mapping[str, Callable[[City, Prepared, float | None], NDArray[np.float64]]] = {
    "elevation": _elevation,
    "roughness": _roughness,
    "building_share": _building_share,
    "depth": _depth,
}
