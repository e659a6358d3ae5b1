"""What a run wrote down beside its frames: budget over time, findings, storages, members."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from twin.errors import InputError
from twin.runs.provenance import RECORD
from viewer.memo import remember

if TYPE_CHECKING:
    from twin.store import City


@remember(size=8)
def record(city: City, run: str) -> dict[str, Any]:
    """Return the record of a run; empty where there is none. Raises InputError for one that cannot be read."""
    path = city.runs.folder(run) / RECORD
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: the record of the run cannot be read: {error}; simulate it again") from error
    return dict(found)


def ensemble(city: City, run: str) -> dict[str, Any]:
    """Return what the record says of the members of an ensemble; empty when the run is none."""
    return dict(record(city, run).get("ensemble") or {}) if run else {}
