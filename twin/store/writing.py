"""One file, one transaction: everything of it becomes visible at once, or nothing does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from twin.errors import UnitsError, UsageError
from twin.geometry import crs as systems
from twin.store import current, models, quarantine, rasters, readings, versions
from twin.store.coding import encode_mapping, naive_utc, pack
from twin.store.files import Staged

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from twin.model.feature import Features
    from twin.model.field import Field
    from twin.model.finding import Quarantined
    from twin.model.mesh import Model
    from twin.model.observation import Observations
    from twin.store.database import Database


class Transaction:
    """What can be stored while a file is being loaded. Every row it stores has a status: 0 stored, 1 duplicate.

    source      number of the file in this twin
    valid_from  since when what the file says is so, UTC without zone
    seq         last number given out in the log
    """

    def __init__(
        self,
        cursor: DuckDBPyConnection,
        staged: Staged,
        crs: str,
        *,
        seq: int,
        source: int,
        valid_from: datetime,
    ) -> None:
        self.cursor = cursor
        self.staged = staged
        self.source = source
        self.began = seq
        self.seq = seq
        self.valid_from = valid_from
        self.layers: set[str] = set()
        self.report: Mapping[str, object] = {}
        self._crs = crs

    def take(self, count: int) -> range:
        """Return the next `count` numbers of the log."""
        first = self.seq + 1
        self.seq += count
        return range(first, self.seq + 1)

    def features(self, features: Features) -> NDArray[np.int8]:
        """Store features; returns a status (n,) per row.

        A row is a duplicate when the layer has this id with the same content; with other content it is a new
        version. Raises UnitsError when the batch is not in the city's system, UsageError for an unknown kind.
        """
        if any(shape is not None for shape in features.geometry):
            self._own_system(features.crs, f"features of layer '{features.layer or features.kind}'")
        return versions.store(self, features)

    def observations(self, observations: Observations) -> NDArray[np.int8]:
        """Store readings; returns a status (n,) per reading.

        A reading is a duplicate when its datastream has this value at this time; another value is a correction.
        Raises UnitsError when a known datastream comes with another unit or quantity.
        """
        for thing in observations.things:
            if thing.location is not None:
                self._own_system(thing.crs, f"location of thing '{thing.id}'")
        return readings.store(self, observations)

    def raster(self, field: Field, name: str) -> int:
        """Store a raster; returns its status. The same name with other content is a new version of that raster."""
        self._own_system(field.grid.crs, f"raster '{name}'")
        return rasters.store(self, field, name)

    def model(self, model: Model) -> int:
        """Store a three-dimensional model; returns its status. A building has one model: the newest."""
        self._own_system(model.crs, f"model '{model.id}'")
        return models.store(self, model)

    def quarantine(self, records: Sequence[Quarantined]) -> None:
        """Keep records that cannot be stored."""
        quarantine.store(self.cursor, self.source, records)

    def finish(self, report: Mapping[str, object]) -> None:
        """Keep what the load has to say about the file."""
        self.report = dict(report)

    def _own_system(self, crs: str | None, what: str) -> None:
        if crs is None:
            raise UnitsError(
                f"{what}: without a coordinate system; the city is in {self._name}, say what the file is in"
            )
        if crs != self._crs and not systems.same(crs, self._crs):
            raise UnitsError(f"{what}: in {systems.label(crs)}, the city is in {self._name}; convert before storing")

    @property
    def _name(self) -> str:
        return systems.label(self._crs)


@contextlib.contextmanager
def writing(
    database: Database,
    crs: str,
    *,
    file: str,
    sha256: str,
    reader: str,
    licence: str,
    size: int,
    valid_from: datetime | None,
) -> Iterator[Transaction]:
    """Give the transaction that stores one file: committed at the end, rolled back whole on any exception.

    file, sha256, size, reader, licence  go into the file's row of `sources`
    valid_from  aware moment since when the file's features are so; None: since now

    Raises UsageError when `valid_from` has no zone or lies in the future, or when this thread writes already.
    """
    since = None if valid_from is None else naive_utc(valid_from)
    if since is not None and since > datetime.now(UTC).replace(tzinfo=None):
        raise UsageError(f"{file}: valid from {valid_from}, which is still to come; the twin holds what is or was so")
    staged = Staged(database.folder)
    moved = False
    try:
        with database.transaction() as cursor:
            last = cursor.execute("SELECT coalesce(max(id), 0) FROM source").fetchall()[0][0]
            begun = since or _after_all(cursor)
            tx = Transaction(cursor, staged, crs, seq=database.seq, source=last + 1, valid_from=begun)
            yield tx
            current.refresh(tx)
            cursor.execute("UPDATE meta SET value = ? WHERE name = 'seq'", [str(tx.seq)])
            cursor.execute(
                "INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    tx.source,
                    pack(file),
                    sha256,
                    size,
                    reader,
                    pack(licence),
                    _after_all(cursor),
                    encode_mapping(tx.report),
                ],
            )
            staged.publish()
            moved = True
    except BaseException:
        # a commit that raises may still have been made (disk full at the checkpoint): its files must stay, and the
        # next opening removes them if it was not
        if not moved:
            staged.discard()
        raise
    database.seq = tx.seq


def _after_all(cursor: DuckDBPyConnection) -> datetime:
    """Return this moment, but after that of every earlier commit even when the clock was set back."""
    now = datetime.now(UTC).replace(tzinfo=None)
    last: datetime | None = cursor.execute("SELECT max(recorded_at) FROM source").fetchall()[0][0]
    return now if last is None or now > last else last + timedelta(microseconds=1)
