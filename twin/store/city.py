"""A city: an open twin. Its rooms (features, sensors, rasters ...) do the work; this file opens and closes."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twin.errors import InputError, MissingError, UnitsError, UsageError
from twin.geometry import crs as systems
from twin.settings import Settings
from twin.store import current, database, schema
from twin.store.board import BoardRoom
from twin.store.features import FeatureRoom
from twin.store.journal import JournalRoom
from twin.store.models import ModelRoom
from twin.store.quarantine import QuarantineRoom
from twin.store.rasters import RasterRoom
from twin.store.runs import RunRoom
from twin.store.sensors import SensorRoom
from twin.store.sources import SourceRoom
from twin.store.writing import Transaction, writing

if TYPE_CHECKING:
    from typing import Self

FOLDERS = ("rasters", "runs", "meshes")


class City:
    """An open twin. Get one from `create` or `open_city`; close it, or use it in a `with`."""

    def __init__(self, held: database.Database, meta: dict[str, str | None]) -> None:
        self.database = held
        self.path = held.folder
        self.crs = meta["crs"] or ""
        self.zone = meta["zone"] or ""
        self.features = FeatureRoom(held, self.crs)
        self.sensors = SensorRoom(held, self.crs)
        self.rasters = RasterRoom(held, self.crs)
        self.models = ModelRoom(held, self.crs)
        self.runs = RunRoom(held)
        self.sources = SourceRoom(held)
        self.quarantine = QuarantineRoom(held)
        self.journal = JournalRoom(held)
        self.board = BoardRoom(held)
        self._closed = False

    @property
    def snapshot(self) -> int:
        """Return the last seq of the log: same number, same data."""
        return self.database.seq

    @property
    def vertical(self) -> str | None:
        """Return the height datum of the city ("EPSG:5193", "ellipsoidal"), None while nobody has stated one."""
        with self.database.look() as cursor:
            row = cursor.execute("SELECT value FROM meta WHERE name = 'vertical'").fetchall()
        return str(row[0][0]) if row and row[0][0] else None

    def set_vertical(self, code: str) -> None:
        """State the height datum, once. Raises UnitsError when another one is stated already."""
        datum, known = systems.vertical_datum(code), self.vertical
        if known is not None and known != datum:
            raise UnitsError(
                f"{self.path}: heights of this city are above {known}, not {datum};"
                " convert the heights first, or load them into a city of their own"
            )
        with self.database.change() as cursor:
            cursor.execute("UPDATE meta SET value = ? WHERE name = 'vertical'", [datum])

    def writing(
        self,
        *,
        file: Path | str,
        sha256: str,
        reader: str,
        licence: str = "",
        size: int = 0,
        valid_from: datetime | None = None,
    ) -> AbstractContextManager[Transaction]:
        """Open the transaction that stores one file; see `twin.store.writing.writing`."""
        return writing(
            self.database, self.crs, file=str(file), sha256=sha256, reader=reader, licence=licence, size=size,
            valid_from=valid_from,
        )  # fmt: skip

    def close(self) -> None:
        """Put the twin in order and let go of it; the file is closed when nobody in this process uses it any more."""
        self._close(in_order=not self.database.changing)

    def _close(self, *, in_order: bool) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            if in_order and self.database.users == 1:
                current.settle(self.database)
        finally:
            database.release(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close(in_order=kind is None)


def create(
    path: Path | str, crs: str, vertical: str | None = None, zone: str = "Asia/Seoul", settings: Settings | None = None
) -> City:
    """Make a new twin and return it open.

    path      a folder that is not there yet, or empty
    crs       projected coordinate system in metres ("EPSG:5186", WKT)
    vertical  height datum ("EPSG:5193", "ellipsoidal"); None: the first file that states one decides
    zone      IANA time zone in which people read times

    Raises UsageError (the folder holds something, the zone is not known), InputError, MissingError or UnitsError
    (the coordinate system).
    """
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: is already there and not empty; a new twin needs a folder of its own")
    system = systems.require_projected_metres(systems.parse(crs))
    code = system.to_epsg(min_confidence=100)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"time zone '{zone}' is not known; write an IANA name such as Asia/Seoul") from error
    meta = {
        "crs": f"EPSG:{code}" if code else system.to_wkt(),
        "vertical": systems.vertical_datum(vertical),
        "zone": zone,
        "created": datetime.now(UTC).isoformat(),
    }
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        held = _lay(folder, meta, settings or Settings.from_environment())
    except BaseException:
        for left in [*folder.iterdir()]:  # the folder was empty: all of it is ours
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        if made:
            folder.rmdir()
        raise
    return City(held, meta)


def _lay(folder: Path, meta: dict[str, str | None], settings: Settings) -> database.Database:
    held = database.hold(folder, settings)
    try:
        for name in FOLDERS:
            (folder / name).mkdir()
        with held.transaction() as cursor:
            schema.lay(cursor, meta)
    except BaseException:
        database.release(held)
        raise
    return held


def open_city(path: Path | str, settings: Settings | None = None) -> City:
    """Return a twin open for reading and writing.

    Raises MissingError (nothing there), InputError (not a twin, or of another version), BusyError (another process
    holds it; the message names its PID).
    """
    folder = Path(path)
    if not folder.exists():
        raise MissingError(f"{folder}: there is no twin; make one with 'twin new {folder} --crs EPSG:5186'")
    if not folder.is_dir():
        raise InputError(f"{folder}: a twin is a folder that holds {database.FILE}; this is a file")
    if not (folder / database.FILE).is_file():
        raise InputError(f"{folder}: not a twin, it holds no {database.FILE}")
    held = database.hold(folder, settings or Settings.from_environment())
    try:
        with held.cursor() as cursor:
            meta = schema.read_meta(cursor)
    except BaseException:
        database.release(held)
        raise
    return City(held, meta)
