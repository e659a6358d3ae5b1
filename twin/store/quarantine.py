"""Records that were not stored, kept with the reason until a person mends them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.store.coding import pack, unpack

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from twin.model.finding import Quarantined
    from twin.store.database import Database


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A record that was not stored: `source` and `file` say where it came from, the rest as in `Quarantined`."""

    source: int
    file: str
    line: int
    id: str
    reason: str
    raw: str
    part: bool


class QuarantineRoom:
    """The quarantine of a city."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, source: int | None = None) -> list[QuarantineRow]:
        """Return the records of one source, or of all, in the order of the files."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(
                "SELECT source, file, line, quarantine.id, reason, raw, part FROM quarantine"
                " JOIN source ON source.id = source WHERE source = $source OR $source IS NULL ORDER BY source, line",
                {"source": source},
            ).fetchall()
        return [
            QuarantineRow(s, unpack(f), n, unpack(i), unpack(why), unpack(raw), p) for s, f, n, i, why, raw, p in rows
        ]


def store(cursor: DuckDBPyConnection, source: int, records: Sequence[Quarantined]) -> None:
    """Add records to the quarantine of a source."""
    import pyarrow as pa

    if not records:
        return
    batch = pa.table(
        {
            "line": pa.array([r.line for r in records], pa.int64()),
            "id": pa.array([pack(r.id) for r in records], pa.string()),
            "reason": pa.array([pack(r.reason) for r in records], pa.string()),
            "raw": pa.array([pack(r.raw) for r in records], pa.string()),
            "part": pa.array([r.part for r in records], pa.bool_()),
        }
    )
    cursor.register("batch", batch)
    cursor.execute("INSERT INTO quarantine SELECT $source, line, id, reason, raw, part FROM batch", {"source": source})
    cursor.unregister("batch")
