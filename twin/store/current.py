"""Derive the table of versions in force from the log, and keep its rows in Hilbert order.

The rows of a small change are put at the end of the table: they are loose, and each viewport looks through them.
When a layer has too many of them it is laid anew in order: at once, in the transaction that changed the log, when
they would be felt; when the twin is closed, so that many small files do not pay for it one by one, else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from twin.store.database import Database
    from twin.store.writing import Transaction

#: a layer may have this many loose rows, and beyond that this share of its rows: while it is open, when it is closed
LOOSE_ROWS, LOOSE_OPEN, LOOSE_CLOSED = 5_000, 0.25, 0.03


def refresh(tx: Transaction) -> None:
    """Bring `feature` up to date with what this transaction has added to the log."""
    for layer in sorted(tx.layers):
        _replace(tx.cursor, layer, tx.began)


def settle(database: Database) -> None:
    """Lay every layer with many loose rows in order, before the twin is closed."""
    with database.cursor() as cursor:
        rows = cursor.execute(
            """SELECT name, loose, (SELECT count(*) FROM feature WHERE feature.layer = name) FROM layer
            WHERE loose > ? ORDER BY name""",
            [LOOSE_ROWS],
        ).fetchall()
    for layer in [name for name, loose, count in rows if loose > LOOSE_CLOSED * count]:
        with database.transaction() as cursor:
            cursor.execute(
                "CREATE OR REPLACE TEMP TABLE winner AS SELECT id, seq FROM feature WHERE layer = ?", [layer]
            )
            cursor.execute("DELETE FROM feature WHERE layer = ?", [layer])
            _lay(cursor, layer, loose=0)


def _replace(cursor: DuckDBPyConnection, layer: str, began: int) -> None:
    """Put the versions in force of everything that has a row in the log after `began` in the place of earlier ones."""
    here = {"layer": layer}
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE winner AS
        SELECT id, arg_max(seq, (valid_from, seq)) AS seq FROM feature_log
        WHERE layer = $layer AND id IN (SELECT id FROM feature_log WHERE layer = $layer AND seq > $began)
        GROUP BY id""",
        {**here, "began": began},
    )
    cursor.execute("DELETE FROM feature WHERE layer = $layer AND id IN (SELECT id FROM winner)", here)
    kept, loose, added = cursor.execute(
        """SELECT (SELECT count(*) FROM feature WHERE layer = $layer),
                  coalesce((SELECT loose FROM layer WHERE name = $layer), 0), (SELECT count(*) FROM winner)""",
        here,
    ).fetchall()[0]
    loose += added
    if loose > LOOSE_ROWS and loose > LOOSE_OPEN * (kept + added):
        cursor.execute("INSERT INTO winner SELECT id, seq FROM feature WHERE layer = $layer", here)
        cursor.execute("DELETE FROM feature WHERE layer = $layer", here)
        loose = 0
    _lay(cursor, layer, loose)


def _lay(cursor: DuckDBPyConnection, layer: str, loose: int) -> None:
    """Add the rows of `winner` to the table in order."""
    cursor.execute(
        """INSERT INTO feature SELECT * FROM feature_log
        WHERE layer = $layer AND seq IN (SELECT seq FROM winner) ORDER BY hilbert, seq""",
        {"layer": layer},
    )
    cursor.execute("INSERT OR REPLACE INTO layer VALUES ($layer, $loose)", {"layer": layer, "loose": loose})
    cursor.execute("DROP TABLE winner")
