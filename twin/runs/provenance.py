"""What a result came from: version of the code, identity of a run, the record beside its frames."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import errors
from twin.errors import UsageError, suggest
from twin.model.scenario import Scenario

if TYPE_CHECKING:
    from twin.store import City

#: folders whose code decides what comes out of a run
DECIDES = ("geometry", "hazards", "model", "physics", "runs", "store")
RECORD = "run.json"
BUDGET = "budget.csv"


@cache
def code_version() -> str:
    """Return the version of the package and of the code that computes: "0.1.0+3f2a91bc"."""
    root = Path(errors.__file__).parent
    digest = hashlib.sha256()
    for folder in DECIDES:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{version('gaon-twin')}+{digest.hexdigest()[:8]}"


def run_id(scenario: Scenario, snapshot: int) -> str:
    """Return 12 hexadecimal digits of scenario, state of the city and version of the code."""
    return hashlib.sha256(f"{scenario.hash} {snapshot} {code_version()}".encode()).hexdigest()[:12]


def write_record(folder: Path, record: Mapping[str, object]) -> None:
    """Write `run.json` into a run's folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (RECORD + ".part")
    part.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n")
    part.replace(folder / RECORD)


def record(city: City, run_id: str) -> dict[str, Any]:
    """Return the record of a run: its books, findings and the tables of its hazard; empty where it is gone."""
    file = city.runs.folder(city.runs.get(run_id).id) / RECORD
    return dict(json.loads(file.read_text())) if file.is_file() else {}


def table(city: City, run_id: str, name: str) -> list[dict[str, Any]]:
    """Return a table of a run's record: "findings", "measures", or one of its hazard (storages, buildings, rooms, ...).

    Raises UsageError for a table that the run does not have.
    """
    tables = {key: rows for key, rows in record(city, run_id).items() if isinstance(rows, list)}
    if name not in tables:
        raise UsageError(f"run {run_id} has no table '{name}'; {suggest(name, tables)}")
    return list(tables[name])


def findings_of(city: City, run_id: str) -> list[dict[str, str]]:
    """Return what a run found and assumed, as rows of `Finding`; none where its record is gone."""
    return list(record(city, run_id).get("findings", []))


def write_budget(folder: Path, frames: Sequence[Mapping[str, Any]]) -> None:
    """Write `budget.csv` into a run's folder: one line per frame, every term in its unit, the error as a share.

    frames  the books at each frame; those of further hazards, in their own units, follow in further columns
    """
    heads: list[str] = ["time_s"]
    lines: list[list[float]] = [[frame["time"]] for frame in frames]
    for books in zip(*([frame, *frame.get("also", ())] for frame in frames), strict=True):
        unit = str(books[0].get("unit", "m3"))
        terms = list(dict.fromkeys(name for one in books for name in one["parts"]))
        error = "error_relative" if "error_relative" not in heads else f"error_relative_{unit}"
        heads += [f"in_{unit}", f"out_{unit}", f"stored_{unit}", error, *(f"{name}_{unit}" for name in terms)]
        for line, one in zip(lines, books, strict=True):
            line += [one[name] for name in ("in", "out", "stored", "error_relative")]
            line += [one["parts"].get(name, 0.0) for name in terms]
    if not frames:
        heads += ["in_m3", "out_m3", "stored_m3", "error_relative"]
    part = folder / (BUDGET + ".part")
    with part.open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out)
        written.writerow(heads)
        written.writerows(lines)
    part.replace(folder / BUDGET)
