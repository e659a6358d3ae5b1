"""Where everything came from: one row per loaded file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from twin.store.coding import aware, unpack

if TYPE_CHECKING:
    from twin.store.database import Database

_SELECT = "SELECT id, file, sha256, size, reader, licence, recorded_at, report FROM source"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A file that was loaded: `size` in bytes, `recorded_at` the moment of its commit, `report` what the load said."""

    id: int
    file: str
    sha256: str
    size: int
    reader: str
    licence: str
    recorded_at: datetime
    report: Mapping[str, object]


class SourceRoom:
    """The files of a city."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[SourceRow]:
        """Return all sources in the order they were loaded."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(f"{_SELECT} ORDER BY id").fetchall()
        return [_row(*row) for row in rows]

    def find(self, sha256: str) -> SourceRow | None:
        """Return the newest source with exactly these bytes, None when there is none."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(f"{_SELECT} WHERE sha256 = ? ORDER BY id DESC LIMIT 1", [sha256]).fetchall()
        return _row(*rows[0]) if rows else None


def _row(
    id_: int, file: str, sha256: str, size: int, reader: str, licence: str, recorded_at: datetime, report: str
) -> SourceRow:
    return SourceRow(id_, unpack(file), sha256, size, reader, unpack(licence), aware(recorded_at), json.loads(report))
