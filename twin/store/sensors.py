"""Read things, datastreams, the newest readings and series. Sensors live here, not among the features."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import MissingError, suggest
from twin.model.observation import Datastream, Thing
from twin.store.coding import aware, naive_utc, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.store.database import Database

# of each time the value known last; `source` rises with the moment of recording
_SERIES = """
SELECT time, arg_max(value, seq) AS value FROM observation
WHERE stream = $stream AND ($since IS NULL OR time >= $since) AND ($until IS NULL OR time < $until)
  AND ($known_at IS NULL OR source <= (SELECT max(id) FROM source WHERE recorded_at <= $known_at))
GROUP BY time ORDER BY time"""


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest reading of a datastream: `time` aware, `value` in `unit`."""

    datastream: str
    thing: str
    property: str
    unit: str
    time: datetime
    value: float


class SensorRoom:
    """The sensors of a city and their readings."""

    def __init__(self, database: Database, crs: str) -> None:
        self._database = database
        self._crs = crs

    def things(self) -> list[Thing]:
        """Return all things, by id."""
        with self._database.cursor() as cursor:
            rows = cursor.execute("SELECT id, name, x, y, properties FROM thing ORDER BY id").fetchall()
        return [
            Thing(
                unpack(id_),
                unpack(name),
                None if x is None else (x, y),
                None if x is None else self._crs,
                json.loads(properties),
            )
            for id_, name, x, y, properties in rows
        ]

    def datastreams(self) -> list[Datastream]:
        """Return all datastreams, by id."""
        with self._database.cursor() as cursor:
            query = "SELECT id, thing, property, unit, name FROM datastream ORDER BY id"
            return [Datastream(*map(unpack, row)) for row in cursor.execute(query).fetchall()]

    def current(self) -> list[Latest]:
        """Return the newest reading of each datastream that has any, by id."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(
                "SELECT id, thing, property, unit, time, value FROM latest JOIN datastream USING (stream) ORDER BY id"
            ).fetchall()
        return [
            Latest(unpack(id_), unpack(thing), unpack(property_), unpack(unit), aware(time), value)
            for id_, thing, property_, unit, time, value in rows
        ]

    def series(
        self,
        datastream: str,
        since: datetime | None = None,
        until: datetime | None = None,
        known_at: datetime | None = None,
    ) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
        """Return times (datetime64[us], UTC, rising) and values of a datastream, corrections in place.

        since, until  aware; from `since` on, before `until`
        known_at      aware; as far as was known then

        Raises MissingError when there is no such datastream, UsageError for a time without zone.
        """
        limits = {
            name: None if moment is None else naive_utc(moment)
            for name, moment in (("since", since), ("until", until), ("known_at", known_at))
        }
        with self._database.cursor() as cursor:
            query = "SELECT stream FROM datastream WHERE id = ?"
            number = cursor.execute(query, [pack(datastream)]).fetchall()
            if not number:
                known = [stream.id for stream in self.datastreams()]
                raise MissingError(f"datastream '{datastream}' is not in this twin; {suggest(datastream, known)}")
            columns = cursor.execute(_SERIES, {"stream": number[0][0], **limits}).fetchnumpy()
        return np.asarray(columns["time"], "datetime64[us]"), np.asarray(columns["value"], np.float64)
