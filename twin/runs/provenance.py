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


def findings_of(city: City, run_id: str) -> list[dict[str, str]]:
    """Return what a run found and assumed, as rows of `Finding`; none where its record is gone."""
    record = city.runs.folder(city.runs.get(run_id).id) / RECORD
    return list(json.loads(record.read_text()).get("findings", [])) if record.is_file() else []


def write_budget(folder: Path, frames: Sequence[Mapping[str, Any]]) -> None:
    """Write `budget.csv` into a run's folder: one line per frame, every term in m3, the error as a share."""
    terms = list(dict.fromkeys(name for frame in frames for name in frame["parts"]))
    part = folder / (BUDGET + ".part")
    with part.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["time_s", "in_m3", "out_m3", "stored_m3", "error_relative", *(f"{name}_m3" for name in terms)])
        for frame in frames:
            sums = (frame[name] for name in ("time", "in", "out", "stored", "error_relative"))
            table.writerow([*sums, *(frame["parts"].get(name, 0.0) for name in terms)])
    part.replace(folder / BUDGET)
