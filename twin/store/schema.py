"""The tables of a twin. Logs are only ever added to; what is derived from them says so.

Every row of a log has a `seq` that rises with each stored version, over all logs together: it breaks all ties.
`valid_from` is when it was so; when we knew it is `recorded_at` of the row's source, the moment of its commit.
Times are UTC without zone. Geometry is in the city's one coordinate system, which stands in `meta`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMAT = "gaon-twin"
VERSION = 2

_FEATURE = """
    seq BIGINT NOT NULL, source INTEGER NOT NULL, line BIGINT, valid_from TIMESTAMP NOT NULL,
    layer VARCHAR NOT NULL, kind VARCHAR NOT NULL, id VARCHAR NOT NULL, parent VARCHAR,
    hash BIGINT NOT NULL, hilbert BIGINT NOT NULL,
    name VARCHAR, height DOUBLE, ground DOUBLE, vertical VARCHAR, attributes VARCHAR NOT NULL,
    xmin DOUBLE, ymin DOUBLE, xmax DOUBLE, ymax DOUBLE, geometry GEOMETRY"""

BOARD = ("event", "forecast", "task", "bid", "proposal", "proof", "plan", "approval", "action", "outcome")
"""Kinds of rows of the blackboard, a table each."""

#: what one cycle of a response left on the blackboard; rows are added, never changed
_BOARD = """
    number BIGINT NOT NULL, run VARCHAR NOT NULL, cycle INTEGER NOT NULL, time DOUBLE NOT NULL, id VARCHAR NOT NULL,
    hash VARCHAR NOT NULL, content VARCHAR NOT NULL, recorded_at TIMESTAMP NOT NULL"""

TABLES = {
    "meta": "name VARCHAR PRIMARY KEY, value VARCHAR",
    "source": """
    id INTEGER PRIMARY KEY, file VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, size BIGINT NOT NULL,
    reader VARCHAR NOT NULL, licence VARCHAR NOT NULL, recorded_at TIMESTAMP NOT NULL, report VARCHAR NOT NULL""",
    "quarantine": """
    source INTEGER NOT NULL, line BIGINT NOT NULL, id VARCHAR NOT NULL, reason VARCHAR NOT NULL, raw VARCHAR NOT NULL,
    part BOOLEAN NOT NULL""",
    # log of features; their outer surfaces apart, because a viewport never asks for them
    "feature_log": _FEATURE,
    "surface": "seq BIGINT NOT NULL, wkb BLOB NOT NULL, kinds VARCHAR",
    # derived: the version in force of each feature, layer by layer in Hilbert order
    "feature": _FEATURE,
    "layer": "name VARCHAR PRIMARY KEY, loose BIGINT NOT NULL",
    "thing": "id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, x DOUBLE, y DOUBLE, properties VARCHAR NOT NULL",
    "datastream": """
    id VARCHAR PRIMARY KEY, stream INTEGER NOT NULL, thing VARCHAR NOT NULL, property VARCHAR NOT NULL,
    unit VARCHAR NOT NULL, name VARCHAR NOT NULL""",
    "observation": """
    seq BIGINT NOT NULL, source INTEGER NOT NULL, line BIGINT NOT NULL, stream INTEGER NOT NULL,
    time TIMESTAMP NOT NULL, value DOUBLE NOT NULL""",
    # derived: the newest reading of each datastream
    "latest": "stream INTEGER PRIMARY KEY, time TIMESTAMP NOT NULL, value DOUBLE NOT NULL, seq BIGINT NOT NULL",
    "raster": """
    seq BIGINT PRIMARY KEY, source INTEGER NOT NULL, name VARCHAR NOT NULL, quantity VARCHAR NOT NULL,
    west DOUBLE NOT NULL, south DOUBLE NOT NULL, cell DOUBLE NOT NULL, nx INTEGER NOT NULL, ny INTEGER NOT NULL,
    vertical VARCHAR, hash BIGINT NOT NULL, file VARCHAR NOT NULL""",
    "model": """
    seq BIGINT PRIMARY KEY, source INTEGER NOT NULL, id VARCHAR NOT NULL, x DOUBLE NOT NULL, y DOUBLE NOT NULL,
    z DOUBLE NOT NULL, vertical VARCHAR, hash BIGINT NOT NULL, file VARCHAR NOT NULL""",
    "run": """
    id VARCHAR PRIMARY KEY, started TIMESTAMP NOT NULL, run VARCHAR NOT NULL, scenario VARCHAR NOT NULL""",
    "impact": "run VARCHAR NOT NULL, curve VARCHAR NOT NULL, impact VARCHAR NOT NULL, PRIMARY KEY (run, curve)",
    # log of the response, each row chained to the one before; without a key, which would stop nobody but ourselves
    # and hide from `verify` what somebody else has done
    "journal": """
    number BIGINT NOT NULL, prev_hash VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, event_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL, run VARCHAR NOT NULL, actor_kind VARCHAR NOT NULL, actor VARCHAR NOT NULL,
    actor_version VARCHAR NOT NULL, kind VARCHAR NOT NULL, inputs VARCHAR NOT NULL, decision VARCHAR NOT NULL,
    reasons VARCHAR NOT NULL, policy VARCHAR NOT NULL, policy_hash VARCHAR NOT NULL, effect VARCHAR NOT NULL,
    approvals VARCHAR NOT NULL, content VARCHAR NOT NULL""",
    **{f"board_{kind}": _BOARD for kind in BOARD},
}

#: schema version -> the tables that came with it
_ADDED = {2: ("journal", *(f"board_{kind}" for kind in BOARD))}


def lay(cursor: DuckDBPyConnection, meta: dict[str, str | None]) -> None:
    """Make all tables and write the first lines of `meta`: format, schema version, and what the caller gives."""
    for name, columns in TABLES.items():
        cursor.execute(f"CREATE TABLE {name} ({columns})")
    lines = {"format": FORMAT, "schema": str(VERSION), "seq": "0", **meta}
    cursor.executemany("INSERT INTO meta VALUES (?, ?)", [[name, value] for name, value in lines.items()])


def read_meta(cursor: DuckDBPyConnection) -> dict[str, str | None]:
    """Return the lines of `meta`; nothing when the database is not a twin's."""
    columns = cursor.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'meta'").fetchall()
    if sorted(columns) != [("name",), ("value",)]:
        return {}
    return dict(cursor.execute("SELECT name, value FROM meta").fetchall())


def lift(cursor: DuckDBPyConnection, meta: dict[str, str | None]) -> None:
    """Give a checked twin of an earlier version the tables that came since; within the caller's transaction."""
    for version in range(int(meta["schema"] or 0) + 1, VERSION + 1):
        for name in _ADDED[version]:
            cursor.execute(f"CREATE TABLE {name} ({TABLES[name]})")
    cursor.execute("UPDATE meta SET value = ? WHERE name = 'schema'", [str(VERSION)])


def check(folder: Path, meta: dict[str, str | None]) -> None:
    """Raise InputError when `meta` is not that of a twin that this version reads, or can lift to its own."""
    if meta.get("format") != FORMAT:
        raise InputError(f"{folder}: its database is a DuckDB file, but not of a twin")
    version = int(meta.get("schema") or 0)
    if not 1 <= version <= VERSION:
        age, cure = (
            ("newer", "update the program") if version > VERSION else ("older", "load its files into a new twin")
        )
        raise InputError(
            f"{folder}: written by a version of this program that is {age} (schema {version};"
            f" this one reads 1 to {VERSION}); {cure}"
        )
