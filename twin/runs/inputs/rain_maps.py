"""Rain as a radar sees it: maps over time from a file, laid on the grid of a run.

A file is NetCDF (.nc) or Zarr (.zarr) by the CF conventions with dimensions time, y, x (or lat, lon). A cell takes the
pixel in which its centre lies; each map holds until the time of the next one, the last as long as the one before.
"""

from __future__ import annotations

import itertools
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, MissingError, suggest
from twin.model.field import FieldSeries

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.model.scenario import Scenario

#: factor to m s-1 of the units in which rain maps come
UNITS = {
    "m s-1": 1.0, "m/s": 1.0,
    "mm h-1": 1e-3 / 3600, "mm/h": 1e-3 / 3600, "mm/hr": 1e-3 / 3600, "mm hr-1": 1e-3 / 3600,
    "kg m-2 s-1": 1e-3, "mm s-1": 1e-3,
}  # fmt: skip
#: names that a rain rate goes by, where no standard name tells
NAMES = ("rain_rate", "rainfall_rate", "precipitation", "precip", "rain", "rr", "hsr")
STANDARD = ("rainfall_rate", "rainfall_flux", "lwe_precipitation_rate", "precipitation_flux")
EAST, NORTH = ("x", "lon", "longitude", "easting"), ("y", "lat", "latitude", "northing")
#: m s-1; no radar believes more, above it the unit is wrong (mm taken for m)
GREATEST = 3.0 / 3600


def rain_maps(scenario: Scenario, grid: Grid) -> FieldSeries:
    """Return the rain rate, m s-1, on a grid from the file that the scenario names.

    Raises MissingError (no such file) and InputError, naming the file, when it is not a series of rain maps, its unit
    is not known, its maps do not cover the grid or the run, or hold values that no rain has.
    """
    import xarray

    path = Path(scenario.rain_from)
    if not path.exists():
        raise MissingError(f"{path}: there is no such file of rain maps")
    try:
        kind: dict[str, Any] = {"engine": "zarr", "consolidated": False} if path.is_dir() else {}
        data: Any = xarray.open_dataset(path, decode_coords="all", **kind)
    except (ValueError, OSError):
        raise InputError(f"{path}: not a NetCDF file or Zarr folder that can be read; write the maps anew") from None
    rate = _variable(data, path)
    east, north = _axis(rate, EAST, path), _axis(rate, NORTH, path)
    factor = UNITS.get(str(rate.attrs.get("units", "")).strip())
    if factor is None:
        raise InputError(f"{path}: '{rate.name}' is in '{rate.attrs.get('units', '')}'; known: {', '.join(UNITS)}")
    times = _times(data, scenario, path)
    rows, columns = _pixels(rate, east, north, _system(data, rate, east, grid), grid, path)
    ordered = rate.transpose("time", north, east)

    last = times[-1] + (times[-1] - times[-2] if len(times) > 1 else scenario.frame_every)

    def read(i: int) -> NDArray[np.float64]:
        if i == len(times):
            return np.zeros(grid.shape)
        values = np.asarray(ordered[i].values, dtype=np.float64)[rows, columns] * factor
        bad = ~((values >= 0) & (values <= GREATEST))
        if bad.any():
            row, column = (int(v) for v in np.argwhere(bad)[0])
            raise InputError(
                f"{path}: map {i}: {int(bad.sum())} of {bad.size} cells have a rain that cannot be, the first "
                f"{values[row, column] / factor:g} {rate.attrs['units']} (negative, missing, or above 3,000 mm/h)"
            )
        return values

    return FieldSeries("rain_rate", (*times, last), read)


def _variable(data: Any, path: Path) -> Any:
    """Return the variable of a dataset that is a rain rate over time."""
    mapped = {n: v for n, v in data.data_vars.items() if v.ndim == 3 and "time" in v.dims}
    for name, variable in mapped.items():
        if variable.attrs.get("standard_name") in STANDARD or str(name).lower() in NAMES:
            return variable
    found = ", ".join(f"{n} {v.dims}" for n, v in data.data_vars.items()) or "nothing"
    raise InputError(
        f"{path}: no variable over time, y and x is a rain rate (standard_name {', '.join(STANDARD)}, or the name "
        f"{', '.join(NAMES)}); found {found}"
    )


def _axis(rate: Any, names: tuple[str, ...], path: Path) -> str:
    """Return the name of a dimension with coordinates."""
    for name in rate.dims:
        if str(name).lower() in names and name in rate.coords:
            return str(name)
    raise InputError(f"{path}: '{rate.name}' has dimensions {rate.dims}; {suggest(names[0], list(rate.dims))}")


def _system(data: Any, rate: Any, east: str, grid: Grid) -> str:
    """Return the coordinate system of the maps: as the file states it, degrees, or else that of the city."""
    mapping = str(rate.attrs.get("grid_mapping", rate.encoding.get("grid_mapping", "")))
    held = data.variables.get(mapping)
    for key in ("spatial_ref", "crs_wkt"):
        if held is not None and key in held.attrs:
            return str(held.attrs[key])
    return "EPSG:4326" if east.lower().startswith("lon") else grid.crs


def _times(data: Any, scenario: Scenario, path: Path) -> tuple[float, ...]:
    """Return the times of the maps in s from the start of the run."""
    stamps = np.asarray(data["time"].values)
    if not np.issubdtype(stamps.dtype, np.datetime64):
        raise InputError(
            f"{path}: its times are {stamps.dtype}, not moments; give 'time' units such as 'seconds since'"
        )
    start = np.datetime64(scenario.start.astimezone(UTC).replace(tzinfo=None), "ns")
    times = tuple(float(t) for t in (stamps - start) / np.timedelta64(1, "s"))
    for before, after in itertools.pairwise(times):
        if not after > before:
            raise InputError(
                f"{path}: its times do not rise ({before:g} s, then {after:g} s from the start of the run)"
            )
    if not times or times[0] > scenario.duration or times[-1] < 0:
        raise InputError(f"{path}: no map lies within the run, which starts at {scenario.start.isoformat()}")
    return times


def _pixels(
    rate: Any, east: str, north: str, system: str, grid: Grid, path: Path
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (ny, nx) row and column of the pixel in which each cell of the grid has its centre."""
    from pyproj import Transformer

    x = grid.west + (np.arange(grid.nx) + 0.5) * grid.cell
    y = grid.south + (np.arange(grid.ny) + 0.5) * grid.cell
    xs, ys = Transformer.from_crs(grid.crs, system, always_xy=True).transform(*np.meshgrid(x, y))
    found = []
    for values, name in ((ys, north), (xs, east)):
        centres = np.asarray(rate[name].values, dtype=np.float64)
        if len(centres) < 2 or not (np.diff(centres) > 0).all() | (np.diff(centres) < 0).all():
            raise InputError(f"{path}: '{name}' must hold two or more values that rise or fall")
        step = abs(float(np.median(np.diff(centres))))
        order = np.argsort(centres)
        near = np.clip(np.searchsorted(centres[order], values), 1, len(centres) - 1)
        low, high = centres[order][near - 1], centres[order][near]
        index = order[np.where(values - low <= high - values, near - 1, near)]
        outside = np.abs(centres[index] - values) > 0.5 * step * (1 + 1e-6)
        if outside.any():
            raise InputError(
                f"{path}: the maps cover {name} {centres.min():g} to {centres.max():g}; {int(outside.sum())} of "
                f"{outside.size} cells of the run lie outside"
            )
        found.append(index)
    return found[0], found[1]
