"""Derive the table of versions in force from the log, and keep its rows in Hilbert order.

Rows of a small change are put at the end of the table ("loose"); when a layer has too many of them, the whole
layer is laid anew in order. Either way it happens in the transaction that changed the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.store.writing import Transaction

#: a layer is laid anew when more rows than this, and more than this share of it, are loose
LOOSE_ROWS, LOOSE_SHARE = 5_000, 0.2


def refresh(tx: Transaction) -> None:
    """Bring `feature` up to date with what this transaction has added to the log."""
    for layer in sorted(tx.layers):
        _refresh_layer(tx, layer)


def _refresh_layer(tx: Transaction, layer: str) -> None:
    cursor, here = tx.cursor, {"layer": layer}
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE winner AS
        SELECT id, arg_max(seq, (valid_from, seq)) AS seq FROM feature_log
        WHERE layer = $layer AND id IN (SELECT id FROM feature_log WHERE layer = $layer AND seq > $began)
        GROUP BY id""",
        {**here, "began": tx.began},
    )
    cursor.execute("DELETE FROM feature WHERE layer = $layer AND id IN (SELECT id FROM winner)", here)
    kept, loose, added = cursor.execute(
        """SELECT (SELECT count(*) FROM feature WHERE layer = $layer),
                  coalesce((SELECT loose FROM layer WHERE name = $layer), 0), (SELECT count(*) FROM winner)""",
        here,
    ).fetchall()[0]
    loose += added
    if loose > LOOSE_ROWS and loose > LOOSE_SHARE * (kept + added):
        cursor.execute("INSERT INTO winner SELECT id, seq FROM feature WHERE layer = $layer", here)
        cursor.execute("DELETE FROM feature WHERE layer = $layer", here)
        loose = 0
    cursor.execute(
        """INSERT INTO feature SELECT * FROM feature_log
        WHERE layer = $layer AND seq IN (SELECT seq FROM winner) ORDER BY hilbert, seq""",
        here,
    )
    cursor.execute("INSERT OR REPLACE INTO layer VALUES ($layer, $loose)", {**here, "loose": loose})
    cursor.execute("DROP TABLE winner")
