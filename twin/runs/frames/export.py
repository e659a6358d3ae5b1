"""Results for other programs: GeoTIFF for GIS, NetCDF for science, CSV for tables, polygons of the front of a fire."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError, MissingError, UsageError, suggest
from twin.runs.consequences.assess import assess
from twin.runs.frames.geotiff import write_geotiff
from twin.runs.frames.netcdf import write_netcdf
from twin.runs.frames.perimeters import ARRIVAL, DRIVERS, write_perimeters
from twin.runs.frames.store import open_frames
from twin.runs.provenance import BUDGET, RECORD

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.runs.frames.store import Frames
    from twin.store import City

BUILDINGS, BOOKS, EVERYTHING, PERIMETERS = "buildings", "budget", "all", "perimeters"
RASTERS, SCIENCE, TABLE = (".tif", ".tiff"), (".nc",), (".csv",)
COLUMNS = {
    "flood": ("depth_max", "arrival_s", "damage_krw", "residents", "hazard_class", "half_basement"),
    "fire": ("state", "cause", "by", "ignited_s", "ended_s", "damage_krw", "residents"),
}
"""Hazard -> what the table of its buildings holds, after id, name and use."""


def export(
    city: City, run_id: str, quantity: str, path: Path | str, *, time: float | None = None, every: bool = False
) -> Path:
    """Write a quantity of a run to a file and return its path. The suffix decides the format.

    quantity  .tif: a summary, or the frame nearest to `time`; .nc: all frames, or "all" that the run holds;
              .csv: "buildings" or "budget"; .geojson, .gpkg: "perimeters" of a fire
    time      s from the start, for the frame of a .tif; None: the last
    every     one band per frame in a .tif

    A file that is there is replaced. Raises MissingError (no such run, frames or budget), InputError (no such
    folder) and UsageError (unknown quantity or suffix, no frame to write, an ensemble's budget).
    """
    file = Path(path)
    run = city.runs.get(run_id)
    if not file.parent.is_dir():
        raise InputError(f"{path}: the folder {file.parent} is not there; make it first")
    if quantity in (BUILDINGS, BOOKS):
        _of_kind(file, quantity, TABLE)
        if quantity == BUILDINGS:
            _write_table(city, run.id, file)
        else:
            _copy_budget(city, run, file)
        return file
    frames = open_frames(city, run.id)
    if quantity == PERIMETERS:
        _of_kind(file, quantity, tuple(DRIVERS))
        write_perimeters(frames, file, {name: _tags(run)[name] for name in ("run", "status", "validated")})
        return file
    stored = (*frames.quantities, *frames.summaries, *frames.given)
    known = (*stored, *frames.derived)
    if quantity not in (*known, EVERYTHING):
        fire = (PERIMETERS,) if ARRIVAL in frames.summaries else ()
        extra = (EVERYTHING, BUILDINGS, BOOKS, *fire, "picture")
        raise UsageError(f"run {run.id} has no '{quantity}'; {suggest(quantity, (*known, *extra))}")
    if quantity == EVERYTHING:
        _of_kind(file, quantity, SCIENCE)
    _of_kind(file, "fields", (*RASTERS, *SCIENCE))
    if file.suffix.lower() in SCIENCE:
        write_netcdf(frames, stored if quantity == EVERYTHING else [quantity], file, _tags(run))
    else:
        write_geotiff(frames, quantity, file, _numbers(run, frames, quantity, time, every=every), _tags(run))
    return file


def _of_kind(file: Path, what: str, suffixes: tuple[str, ...]) -> None:
    if file.suffix.lower() not in suffixes:
        raise UsageError(f"{file}: '{what}' are written as {' or '.join(suffixes)}, not '{file.suffix}'")


def _numbers(run: Run, frames: Frames, quantity: str, time: float | None, *, every: bool) -> list[int] | None:
    """Return the frames that a .tif shows; None for a field of the whole run."""
    if quantity in (*frames.summaries, *frames.given):
        if every or time is not None:
            raise UsageError(f"run {run.id}: '{quantity}' is one field of the whole run, it has no moments")
        return None
    if not frames.times:
        raise UsageError(f"run {run.id} ({run.status}) has no frame of '{quantity}' to write")
    if time is not None and not frames.times[0] <= time <= frames.times[-1]:
        raise UsageError(
            f"run {run.id} has no minute {time / 60:g}; its frames go from {frames.times[0] / 60:g} to "
            f"{frames.times[-1] / 60:g} min"
        )
    return list(range(len(frames.times))) if every else [frames.at(time)]


def _tags(run: Run) -> dict[str, str]:
    """Return where a file comes from, and what may be said of it."""
    return {
        "title": run.title,
        "run": run.id,
        "status": run.status,
        "members": str(run.members),
        "scenario": run.scenario_hash,
        "snapshot": str(run.snapshot),
        "source": f"gaon-twin {run.code}",
        "validated": run.validated,
    }


def _copy_budget(city: City, run: Run, file: Path) -> None:
    """Write the budget at each frame."""
    books = city.runs.folder(run.id) / BUDGET
    if run.members > 1:
        raise UsageError(f"run {run.id} is an ensemble; the budgets of its members stand in its {RECORD}")
    if not books.is_file():
        raise MissingError(f"{books}: the budget of run {run.id} is not there; simulate it again")
    shutil.copyfile(books, file)


def _write_table(city: City, run_id: str, file: Path) -> None:
    """Write the affected buildings, one per line, UTF-8 with a mark so that spreadsheets read Korean.

    Of several hazards each adds its columns; the damage is then the greatest of a building's.
    """
    facts = assess(city, run_id).as_dict()
    hazards = [name for name in facts.get("hazards", facts["hazard"].split("+")) if name in COLUMNS]
    if not hazards:
        raise UsageError(f"run {run_id} ({facts['hazard']}) has no table of buildings")
    rows: dict[str, dict[str, object]] = {}
    for name in hazards:
        for row in facts.get(name, facts)["buildings"]:
            before = rows.setdefault(row["id"], {})
            most = max(row["damage_krw"], before.get("damage_krw", 0))
            before |= {**row, "damage_krw": most}
    columns = dict.fromkeys(("id", "name", "use", *(column for name in hazards for column in COLUMNS[name])))
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(columns)
        table.writerows([_harmless(row.get(name)) for name in columns] for row in rows.values())


def _harmless(value: object) -> object:
    """Return a cell that a spreadsheet shows and does not run: text that begins like a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return "" if value is None else value
