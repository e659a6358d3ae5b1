"""Write things, datastreams and readings; keep the newest reading of each datastream beside the log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError, UnitsError
from twin.model.observation import Datastream, Observations, Thing
from twin.store.coding import encode_mapping, pack, unpack

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from twin.store.writing import Transaction

# `before`: the value in force for a time just before a reading: the reading before it in the batch, else the log.
# When the last reading of a time says what the log says, all of that time are duplicates: a file that contradicts
# itself changes nothing when it is loaded again.
_CHANGED = """
WITH known AS (
    SELECT stream, time, arg_max(value, seq) AS value FROM observation
    WHERE stream IN (SELECT DISTINCT stream FROM batch) AND time BETWEEN $first AND $last
    GROUP BY stream, time
), compared AS (
    SELECT position, batch.value, known.value AS known,
           coalesce(lag(batch.value) OVER same, known.value) AS before, last_value(batch.value) OVER same AS last
    FROM batch LEFT JOIN known ON known.stream = batch.stream AND known.time = batch.time
    WINDOW same AS (PARTITION BY batch.stream, batch.time ORDER BY position
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT position FROM compared
WHERE value IS DISTINCT FROM before AND last IS DISTINCT FROM known ORDER BY position"""

_ADD = """
INSERT INTO observation
SELECT $first + row_number() OVER (ORDER BY position) - 1, $source, line, stream, time, value
FROM batch ORDER BY position"""

# reduced to one row per datastream first: of several, ON CONFLICT would keep the first and not the newest
_LATEST = """
INSERT INTO latest
SELECT stream, max(time), arg_max(value, (time, seq)), arg_max(seq, (time, seq)) FROM observation
WHERE seq >= $first GROUP BY stream
ON CONFLICT (stream) DO UPDATE SET time = excluded.time, value = excluded.value, seq = excluded.seq
WHERE excluded.time > latest.time OR (excluded.time = latest.time AND excluded.seq > latest.seq)"""


def store(tx: Transaction, observations: Observations) -> NDArray[np.int8]:
    """Add what is new of a batch to the log; returns a status (n,): 0 stored, 1 duplicate."""
    import pyarrow as pa

    cursor = tx.cursor
    _put_things(cursor, observations.things)
    streams = _put_datastreams(cursor, observations.datastreams)
    status = np.ones(len(observations), np.int8)
    if not len(observations):
        return status
    time = observations.time.astype("datetime64[us]")
    untimed = np.flatnonzero(np.isnat(time))
    if len(untimed):
        raise InputError(f"line {observations.lines[untimed[0]]}: a reading without a time cannot be stored")
    batch = pa.table(
        {
            "position": pa.array(np.arange(len(observations))),
            "line": pa.array(observations.lines, pa.int64()),
            "stream": pa.array(streams[observations.stream]),
            "time": pa.array(time, pa.timestamp("us")),
            "value": pa.array(observations.value.astype(np.float64)),
        }
    )
    cursor.register("batch", batch.select(["position", "stream", "time", "value"]))
    window = {"first": time.min().item(), "last": time.max().item()}
    positions = cursor.sql(_CHANGED, params=window).to_arrow_table()["position"].to_numpy()
    cursor.unregister("batch")
    status[positions] = 0
    if not len(positions):
        return status
    numbers = tx.take(len(positions))
    cursor.register("batch", batch if len(positions) == len(status) else batch.take(positions))
    cursor.execute(_ADD, {"first": numbers[0], "source": tx.source})
    cursor.unregister("batch")
    cursor.execute(_LATEST, {"first": numbers[0]})
    return status


def _put_things(cursor: DuckDBPyConnection, things: Sequence[Thing]) -> None:
    """Add things, or bring known ones up to date; what a file does not say about a thing stays as it was."""
    if not things:
        return
    known = {
        unpack(id_): (name, x, y, properties)
        for id_, name, x, y, properties in cursor.execute("SELECT id, name, x, y, properties FROM thing").fetchall()
    }
    for thing in {thing.id: thing for thing in things}.values():
        name, x, y, properties = known.get(thing.id, ("", None, None, "{}"))
        if thing.location is not None:
            x, y = map(float, thing.location)
        merged = encode_mapping(json.loads(properties) | dict(thing.properties))
        row = (pack(thing.name) or name, x, y, merged)
        if row != known.get(thing.id):
            cursor.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?, ?, ?)", [pack(thing.id), *row])


def _put_datastreams(cursor: DuckDBPyConnection, datastreams: Sequence[Datastream]) -> NDArray[np.int32]:
    """Add datastreams and return the number of each. Raises UnitsError when a known one comes as something else."""
    known = {
        unpack(id_): (stream, unpack(thing), unpack(property_), unpack(unit), unpack(name))
        for id_, stream, thing, property_, unit, name in cursor.execute(
            "SELECT id, stream, thing, property, unit, name FROM datastream"
        ).fetchall()
    }
    for new in datastreams:
        if new.id not in known:
            number = 1 + max((row[0] for row in known.values()), default=0)
            known[new.id] = (number, new.thing, new.property, new.unit, new.name)
            cursor.execute(
                "INSERT INTO datastream VALUES (?, ?, ?, ?, ?, ?)",
                [pack(new.id), number, pack(new.thing), pack(new.property), pack(new.unit), pack(new.name)],
            )
        _, thing, property_, unit, _ = known[new.id]
        if (thing, property_, unit) != (new.thing, new.property, new.unit):
            raise UnitsError(
                f"datastream '{new.id}' holds {property_} in {unit} of thing '{thing}', the file has {new.property}"
                f" in {new.unit} of thing '{new.thing}'; give it an id of its own"
            )
    return np.array([known[new.id][0] for new in datastreams], np.int32)
