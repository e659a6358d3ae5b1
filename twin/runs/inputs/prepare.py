"""From the city to the grid: what a hazard declared as input is taken from rasters and features and laid on cells.

Water bodies keep the bed or surface the terrain shows and begin dry, unless a feature states its water `level`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, MissingError, RefusedError
from twin.geometry.burn import coverage
from twin.model.asset import Asset
from twin.model.field import Bounds, FieldSeries, Grid
from twin.model.finding import Finding
from twin.runs.inputs.assets import assets_of
from twin.runs.inputs.fuel import CANOPY, canopy, fuel_model
from twin.runs.inputs.gauges import between_gauges, gauges_of
from twin.runs.inputs.ground import averaged, elevation, heights
from twin.runs.inputs.rain_maps import rain_maps
from twin.runs.inputs.rooms import extent_of_rooms
from twin.runs.inputs.soil import soil
from twin.runs.inputs.surface import areas, roughness

if TYPE_CHECKING:
    from twin.model.scenario import Scenario
    from twin.store import City

#: cells of one run: 60 bytes each in the solver, and as many again in frames and inputs
MAX_CELLS = 20_000_000
#: s m-1/3, Manning's n where neither the city nor the scenario nor the hazard says anything
UNKNOWN_GROUND = 0.035
#: input -> kinds of features that are laid on the grid for it
LAID = {"building_share": ("building",), "roughness": ("landuse",), "fuel_model": ("landuse", "vegetation")}


@dataclass(slots=True, eq=False)
class Prepared:
    """What a hazard starts from.

    params    the scenario's own parameters of the hazard, of a joined one those of all its parts
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


def prepare(
    city: City,
    scenario: Scenario,
    inputs: Mapping[str, float | None],
    forcing: Sequence[str] = (),
    assets: Mapping[str, Sequence[str]] | None = None,
) -> Prepared:
    """Return the grid of a scenario and every declared input on it.

    inputs   quantity -> default where the city has nothing, None: required
    forcing  quantities that may differ from place to place over the run
    assets   kinds of features that are taken as things -> attributes of which they must have one

    Raises MissingError (no terrain, a required quantity nowhere), InputError (the area misses the terrain) and
    RefusedError (too many cells).
    """
    ready = Prepared(grid_of(city, scenario, terrain=bool(inputs)), _params(scenario))
    if inputs:
        meet(city, {kind for quantity in inputs for kind in LAID.get(quantity, ())})
    for quantity, default in inputs.items():
        if quantity in MAKERS:
            ready.fields[quantity] = MAKERS[quantity](city, ready, default)
        elif any(r.quantity == quantity for r in city.rasters.list()):
            ready.fields[quantity] = _raster(city, quantity, ready, default)
        elif default is not None:
            ready.fields[quantity] = np.full(ready.grid.shape, float(default))
        else:
            raise MissingError(f"hazard '{scenario.hazard}' needs '{quantity}', and the twin has no raster of it")
    if "rain_rate" in forcing:
        _rain(city, scenario, ready)
    for kind, one_of in (assets or {}).items():
        ready.assets[kind] = assets_of(city, kind, ready.grid.bounds, one_of)
    return ready


def _params(scenario: Scenario) -> Mapping[str, object]:
    """Return the parameters of the hazard, of a joined one those of all parts, the first that states one before."""
    if "+" not in scenario.hazard:
        return scenario.params
    tables = (scenario.params.get(part) for part in scenario.hazard.split("+"))
    return ChainMap(*(dict(table) for table in tables if isinstance(table, Mapping)))


def meet(city: City, kinds: Collection[str]) -> None:
    """Raise InputError where all features of a kind lie beside the terrain: their places, or its, are wrong."""
    west, south, east, north = _terrain(city)
    for kind in sorted(kinds):
        found = city.features.extent(kind) if city.features.count(kind) else None
        if found is not None and (found[0] > east or found[2] < west or found[1] > north or found[3] < south):
            raise InputError(
                f"{city.path}: layer '{_layer(city, kind)}' and the terrain do not overlap: its {kind} features lie in "
                f"{[round(v, 1) for v in found]}, the terrain covers {[west, south, east, north]} "
                f"in {city.crs}; check with which coordinate system each was loaded"
            )


def _terrain(city: City) -> Bounds:
    """Return what all terrain together covers: west, south, east, north in m. Raises MissingError without any."""
    sheets = [r.bounds for r in city.rasters.list() if r.quantity == "elevation"]
    if not sheets:
        raise MissingError(
            f"{city.path}: the twin has no elevation; load a terrain: a GeoTIFF, an Arc ASCII grid, "
            "or a CityJSON or CityGML with relief"
        )
    west, south, east, north = zip(*sheets, strict=True)
    return float(min(west)), float(min(south)), float(max(east)), float(max(north))


def _layer(city: City, kind: str) -> str:
    """Return the layers in which a kind lies, by name."""
    return ", ".join(layer.name for layer in city.features.layers() if layer.kind == kind)


def _rain(city: City, scenario: Scenario, ready: Prepared) -> None:
    """Put the rain into the forcing where it differs from place to place."""
    if scenario.rain_from == "city":
        gauges, findings = gauges_of(city, scenario)
        ready.findings += findings
        ready.layers["gauge"] = len(gauges)
        ready.forcing["rain_rate"] = between_gauges(gauges, ready.grid, scenario.duration)
    elif scenario.rain_from:
        ready.forcing["rain_rate"] = rain_maps(scenario, ready.grid)
    elif scenario.gauges:
        ready.forcing["rain_rate"] = between_gauges(scenario.gauges, ready.grid, scenario.duration)


def grid_of(city: City, scenario: Scenario, *, terrain: bool = True) -> Grid:
    """Return the scenario's grid: over its area, or inside all terrain there is. Raises as `prepare`.

    terrain  False: the hazard needs none, and without an area the grid lies over the rooms that it is about
    """
    cell = scenario.cell
    if not terrain:
        return _small_enough(Grid.over(city.crs, scenario.area or extent_of_rooms(city, scenario), cell))
    west, south, east, north = _terrain(city)
    if scenario.area is None:
        west, south = float(np.ceil(west / cell - 1e-9) * cell), float(np.ceil(south / cell - 1e-9) * cell)
        nx, ny = int((east - west) / cell + 1e-9), int((north - south) / cell + 1e-9)
        if nx < 1 or ny < 1:
            raise InputError(f"cells of {cell:g} m are larger than the terrain; choose a smaller cell_m")
        grid = Grid(city.crs, west, south, cell, nx, ny)
    else:
        a = scenario.area
        if a[0] >= east or a[2] <= west or a[1] >= north or a[3] <= south:
            extent = [west, south, east, north]
            raise InputError(f"area {list(a)} lies outside the terrain, which covers {extent} in {city.crs}")
        grid = Grid.over(city.crs, a, cell)
    return _small_enough(grid)


def _small_enough(grid: Grid) -> Grid:
    """Return the grid. Raises RefusedError when it has too many cells."""
    if grid.nx * grid.ny > MAX_CELLS:
        raise RefusedError(
            f"{grid.nx} x {grid.ny} cells of {grid.cell:g} m are more than {MAX_CELLS:,}; "
            "choose a larger cell_m or an area"
        )
    return grid


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
    level = heights(water)
    standing = averaged(areas(water), level, ready.grid) - ready.fields["elevation"]
    depth = np.where(standing > depth, standing, depth)
    dry = int(np.isnan(level).sum())
    if dry:
        ready.findings.append(Finding("info", "water_dry", f"{dry} water bodies state no level and begin dry"))
    return depth


def _raster(city: City, quantity: str, ready: Prepared, default: float | None) -> NDArray[np.float64]:
    """Return a raster of the city on the grid; the default fills its gaps."""
    values = np.ascontiguousarray(city.rasters.read(quantity, ready.grid).values, dtype=np.float64)
    gap = np.isnan(values)
    if gap.all():
        raise InputError(
            f"{city.path}: raster '{quantity}' and the area do not overlap: it has no value in any of the {gap.size} "
            "cells; check with which coordinate system it was loaded"
        )
    if gap.any():
        if default is None:
            raise InputError(f"raster '{quantity}' has no value in {int(gap.sum())} of {gap.size} cells of the area")
        values[gap] = default
        ready.findings.append(
            Finding("info", "raster_gap", f"'{quantity}' is {default:g} in {int(gap.sum())} cells without a value")
        )
    ready.layers[quantity] = 1
    return values


def _of_soil(quantity: str) -> Callable[[City, Prepared, float | None], NDArray[np.float64]]:
    """Return the maker of a quantity of infiltration: a raster of it where the city has one, else from the soil.

    The first one that needs the soil lays all that comes of it.
    """

    def maker(city: City, ready: Prepared, default: float | None) -> NDArray[np.float64]:
        wanted = ready.params.get("infiltration", "none") != "none"
        if wanted and any(r.quantity == quantity for r in city.rasters.list()):
            return _raster(city, quantity, ready, default)
        if wanted and quantity not in ready.fields:
            made, findings = soil(city, ready.grid, ready.params)
            ready.fields = made | ready.fields
            ready.findings += findings
        return ready.fields.get(quantity, np.full(ready.grid.shape, default or 0.0))

    return maker


MAKERS: Mapping[str, Callable[[City, Prepared, float | None], NDArray[np.float64]]] = {
    "elevation": elevation,
    "roughness": _roughness,
    "building_share": _building_share,
    "depth": _depth,
    "infiltration_rate": _of_soil("infiltration_rate"),
    "suction_head": _of_soil("suction_head"),
    "moisture_deficit": _of_soil("moisture_deficit"),
    "fuel_model": fuel_model,
    **{quantity: canopy(quantity) for quantity in CANOPY},
}
