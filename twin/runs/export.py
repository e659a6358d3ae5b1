"""Results for other programs: GeoTIFF for GIS, NetCDF for science, CSV for tables."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import InputError, UsageError, suggest
from twin.names import QUANTITIES
from twin.runs.assess import assess
from twin.runs.frames import CONVENTIONS, attributes, coordinates, crs_attributes, open_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.model.run import Run
    from twin.runs.frames import Frames
    from twin.store import City

NODATA = -9999.0
BUILDINGS = "buildings"


def export(city: City, run_id: str, quantity: str, path: Path | str, *, time: float | None = None) -> Path:
    """Write a quantity of a run to a file and return its path. The suffix decides the format.

    quantity  .tif: one field (a summary, or the frame nearest to `time`); .nc: all frames; .csv: "buildings"
    time      s from the start, for the frame of a .tif; None: the last

    A file that is there is replaced. Raises MissingError (no such run), UsageError (unknown quantity or suffix).
    """
    file = Path(path)
    run = city.runs.get(run_id)
    if not file.parent.is_dir():
        raise InputError(f"{path}: the folder {file.parent} is not there; make it first")
    if quantity == BUILDINGS:
        if file.suffix.lower() != ".csv":
            raise UsageError(f"{path}: '{BUILDINGS}' are written as .csv, not '{file.suffix}'")
        _write_table(city, run.id, file)
        return file
    frames = open_frames(city, run.id)
    known = (*frames.quantities, *frames.summaries)
    if quantity not in known:
        raise UsageError(f"run {run.id} has no '{quantity}'; {suggest(quantity, (*known, BUILDINGS, 'picture'))}")
    write = WRITERS.get(file.suffix.lower())
    if write is None:
        raise UsageError(f"{path}: fields are written as {' or '.join(WRITERS)}, not '{file.suffix}'")
    write(run, frames, quantity, file, time)
    return file


def _write_geotiff(run: Run, frames: Frames, quantity: str, file: Path, time: float | None) -> None:
    """Write one field; row 0 of the file is the north row, dry and unknown cells without a value are NODATA."""
    import rasterio
    from affine import Affine

    tags = {"run": run.id, "quantity": quantity, "units": QUANTITIES[quantity].unit, "source": f"gaon-twin {run.code}"}
    if quantity in frames.summaries:
        values = frames.summary(quantity)
    else:
        number = frames.at(time)
        values = frames.read(quantity, number)
        tags["time_s"] = f"{frames.times[number]:g}"
    grid = frames.grid
    _, _, _, north = grid.bounds
    north_up = np.where(np.isfinite(values), values, NODATA).astype(np.float32)[::-1]
    with rasterio.open(
        file, "w", driver="GTiff", width=grid.nx, height=grid.ny, count=1, dtype="float32", crs=grid.crs,
        transform=Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, north), nodata=NODATA,
        compress="deflate", predictor=3, tiled=True,
    ) as data:  # fmt: skip
        data.write(north_up, 1)
        data.set_band_description(1, QUANTITIES[quantity].en)
        data.update_tags(**tags)


def _write_netcdf(run: Run, frames: Frames, quantity: str, file: Path, time: float | None) -> None:
    """Write all frames of a quantity, or a field of the whole run, as NetCDF by the CF conventions."""
    import xarray

    del time
    whole = quantity in frames.summaries
    values: NDArray[np.float32] = (
        frames.summary(quantity) if whole else np.stack([frames.read(quantity, i) for i in range(len(frames.times))])
    )
    clock, y, x = coordinates(frames.grid, frames.start).values()
    axes: dict[str, Any] = {"y": ("y", *y), "x": ("x", *x)}
    if not whole:
        axes["time"] = ("time", np.array(frames.times), clock[1])
    data = xarray.Dataset(
        {
            quantity: (("y", "x") if whole else ("time", "y", "x"), values, attributes(quantity)),
            "crs": ((), np.int32(0), crs_attributes(frames.grid.crs)),
        },
        coords=axes,
        attrs={"Conventions": CONVENTIONS, "title": run.title, "source": f"gaon-twin {run.code}", "run": run.id},
    )
    encoding = {name: {"_FillValue": None} for name in data.variables if name != quantity}
    data.to_netcdf(file, engine="scipy", format="NETCDF3_64BIT", encoding=encoding)


def _write_table(city: City, run_id: str, file: Path) -> None:
    """Write the affected buildings, one per line, UTF-8 with a mark so that spreadsheets read Korean."""
    facts = assess(city, run_id).as_dict()
    columns = (
        "id",
        "name",
        "use",
        "depth_max",
        "arrival_s",
        "damage_krw",
        "residents",
        "hazard_class",
        "half_basement",
    )
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(columns)
        table.writerows([_harmless(row[name]) for name in columns] for row in facts["buildings"])


def _harmless(value: object) -> object:
    """Return a cell that a spreadsheet shows and does not run: text that begins like a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return "" if value is None else value


WRITERS: Mapping[str, Callable[[Run, Frames, str, Path, float | None], None]] = {
    ".tif": _write_geotiff,
    ".tiff": _write_geotiff,
    ".nc": _write_netcdf,
}
