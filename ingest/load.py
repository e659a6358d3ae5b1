"""Read files into a twin: each file is one transaction, each line is accounted for, a second load stores nothing.

This is where readers and the store meet. A reader states what a file says, `Border` brings it into the city's
system, units and names, the store keeps it; whatever goes wrong on the way, nothing of that file stays.
"""

from __future__ import annotations

import codecs
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from ingest.border import Border
from ingest.reading import Reader, ReadOptions
from ingest.report import LoadReport, Remarks, Tally, from_first
from ingest.unpack import COMPANIONS, companions, unpacked
from twin.errors import InputError, MissingError, RefusedError, TwinError, UsageError, suggest
from twin.geometry import crs as systems
from twin.model.feature import Features
from twin.model.field import Raster, Tin
from twin.model.finding import Counted, Finding, Quarantined
from twin.model.mesh import Model
from twin.model.observation import Observations
from twin.names import KINDS
from twin.rooms import discover
from twin.store.files import INCOMING

if TYPE_CHECKING:
    from ingest.reading import Item
    from twin.store.city import City
    from twin.store.writing import Transaction

    Progress = Callable[[str, float], None]

#: bytes of a file that readers look at to know their own
HEAD = 65_536

#: quarantined records that are handed to the store together
WAITING = 1000


def load(
    city: City,
    files: Iterable[Path | str] | Path | str,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> list[LoadReport]:
    """Return a report per file, in order, after reading all of them into the twin.

    files     one or many; of a shapefile the .shp (its other parts may be named, they are read with it)
    options   what the files themselves do not say
    progress  called with a file's name and how far it is, 0..1, or -1 while that is not known

    Each file is committed by itself. Raises TwinError at the first file that cannot go in: that one leaves nothing
    behind, the ones before it are in.
    """
    said = options or ReadOptions()
    _known(said)
    given = [Path(files)] if isinstance(files, Path | str) else [Path(file) for file in files]
    return [_load(city, path, said, progress or _quiet) for path in mains(given)]


def mains(files: Iterable[Path]) -> list[Path]:
    """Return the files without those that are read with another one of them: a shapefile's parts, declarations."""
    given = list(files)
    beside = {companion for path in given for companion in companions(path)}
    beside |= {path.with_name(f"{path.name}.xml") for path in given if path.suffix.lower() == ".shp"}
    return [path for path in given if path not in beside]


def _quiet(name: str, fraction: float) -> None:
    """Say nothing about progress."""


def _known(options: ReadOptions) -> None:
    """Raise for words in the options that nobody knows, before any file is opened."""
    if options.kind is not None and options.kind not in KINDS:
        raise UsageError(f"kind '{options.kind}' is not known; {suggest(options.kind, KINDS)}")
    if options.crs is not None:
        systems.horizontal(options.crs)
    systems.vertical_datum(options.vertical)
    if options.encoding is not None:
        try:
            codecs.lookup(options.encoding)
        except LookupError as error:
            raise UsageError(f"encoding '{options.encoding}' is not known; usual ones: utf-8, cp949, utf-16") from error
    if options.zone is not None:
        try:
            ZoneInfo(options.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UsageError(f"time zone '{options.zone}' is not known; write one such as Asia/Seoul") from error


def _load(city: City, path: Path, options: ReadOptions, progress: Progress) -> LoadReport:
    begin = time.perf_counter()
    _look(path)
    progress(path.name, -1.0)
    with _translated(path):
        digest = fingerprint(path, options)
        known = city.sources.find(digest)
        if known is not None:
            progress(path.name, 1.0)
            when = f"{known.recorded_at:%Y-%m-%d %H:%M} UTC"
            return from_first(str(path), known.reader, known.report, when, time.perf_counter() - begin)
        aside = city.path / INCOMING
        aside.mkdir(exist_ok=True)
        with unpacked(path, aside) as inner:
            beside = path.with_name(f"{inner.name}.toml")
            if options.declaration is None and inner != path and beside.is_file():
                options = replace(options, declaration=beside)
            reader = choose(inner)
            with city.writing(
                file=str(path),
                sha256=digest,
                reader=reader.name,
                licence=options.licence or "",
                size=path.stat().st_size,
            ) as transaction:
                passage = _Passage(city, transaction, inner, options, digest)
                for item in reader.read(inner, options):
                    passage.take(item)
                    progress(path.name, -1.0)
                report = passage.close(str(path), reader.name, begin)
                transaction.finish(report.as_dict())
    progress(path.name, 1.0)
    return replace(report, seconds=time.perf_counter() - begin)


def _look(path: Path) -> None:
    """Raise unless the path is a file that can be read as one by itself."""
    if path.is_dir():
        inside = sorted(p.name for p in path.iterdir() if p.is_file() and p.suffix.lower() not in COMPANIONS)
        some = ", ".join(inside[:5]) + (", ..." if len(inside) > 5 else "")
        raise UsageError(
            f"{path}: is a folder; name the files in it, in the order they shall go in ({some or 'it is empty'})"
        )
    if not path.exists():
        raise MissingError(f"{path}: there is no such file")
    if not path.is_file():
        raise RefusedError(f"{path}: is not a plain file but a device, pipe or socket")
    main = path.with_suffix("")
    if path.suffix.lower() == ".toml" and main.is_file():
        raise UsageError(f"{path}: declares what {main.name} holds and is read with it; load {main.name}")
    shape = next((p for p in (path.with_suffix(".shp"), path.with_suffix(".SHP")) if p.is_file()), None)
    if path.suffix.lower() in COMPANIONS and shape is not None:
        raise UsageError(f"{path}: is a part of {shape.name} and is read with it; load {shape.name}")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn what the system or Python's own limits say about a file into our words."""
    try:
        yield
    except TwinError:  # a refusal is a PermissionError too, and says more than the system would
        raise
    except RecursionError as error:
        raise RefusedError(f"{path}: is nested too deep to be read") from error
    except MemoryError as error:
        raise RefusedError(f"{path}: needs more memory than there is; cut it into parts") from error
    except UnicodeError as error:
        raise InputError(f"{path}: text cannot be decoded ({error}); state the encoding with --encoding") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def fingerprint(path: Path, options: ReadOptions) -> str:
    """Return the sha256 of a file; with companions (.dbf, .prj, a declaration) one over theirs and its own.

    The same digest means that reading again can bring nothing new.
    """
    parts = [path, *companions(path)]
    if options.declaration is not None and options.declaration not in parts:
        parts.append(options.declaration)
    digests = []
    for part in parts:
        if not part.is_file():
            raise MissingError(f"{part}: there is no such file")
        with part.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def choose(path: Path) -> Reader:
    """Return the reader that knows the file: by its first bytes, of several the one with the longest matching suffix.

    Raises InputError, naming what is known, when there is none.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    readers = cast("dict[str, Reader]", discover("ingest.readers", "reader"))
    name = path.name.lower()
    fits = {key: max((len(s) for s in room.suffixes if name.endswith(s)), default=0) for key, room in readers.items()}
    suffixes = sorted({suffix for room in readers.values() for suffix in room.suffixes})
    if not head:
        raise InputError(f"{path.name}: the file is empty")
    for key in sorted(readers, key=lambda key: -fits[key]):
        if readers[key].sniff(head, path):
            return readers[key]
    start = head[:24].decode("ascii", errors="replace").strip()
    named = [key for key, length in fits.items() if length]
    if named:
        raise InputError(f"{path.name}: is not what its name says ({', '.join(named)}); it begins with {start!r}")
    raise InputError(f"{path.name}: format is not known (known: {', '.join(suffixes)}); it begins with {start!r}")


class _Passage:
    """The way of one file's items through the border into the store."""

    def __init__(self, city: City, transaction: Transaction, path: Path, options: ReadOptions, digest: str) -> None:
        self.city, self.transaction, self.path, self.digest = city, transaction, path, digest
        self.layer = options.layer
        self.border = Border(path.name, city)
        self.tally, self.remarks = Tally(), Remarks()
        self.counted: Counted | None = None
        self._rasters = 0

    def take(self, item: Item) -> None:
        """Let an item in, or keep what is said about it."""
        if isinstance(item, Features):
            self._features(item)
        elif isinstance(item, Observations):
            batch = self.border.observations(item)
            self.tally.readings(batch.lines, self.transaction.observations(batch))
        elif isinstance(item, Quarantined):
            self.border.quarantined.append(item)
        elif isinstance(item, Finding):
            self.remarks.add(item)
        elif isinstance(item, Raster | Tin):
            self._raster(item)
        elif isinstance(item, Model):
            self.transaction.model(self.border.model(item))
        else:
            self.counted = item
        self._settle()

    def _features(self, item: Features) -> None:
        batch = self.border.features(item)
        if len(batch):
            self.tally.records(self.transaction.features(batch))

    def _raster(self, item: Raster | Tin) -> None:
        field = self.border.raster(item)
        name = self.layer or self.path.stem.removesuffix(".city")
        self._rasters += 1
        if self._rasters > 1:
            name = f"{name}-{self._rasters}"
        other = next((info for info in self.city.rasters.list() if info.name == name), None)
        if other is not None and not np.allclose(other.bounds, field.grid.bounds, rtol=0.0, atol=field.grid.cell):
            text = f"{self.path.name}: a raster '{name}' of another extent is there already; this one is"
            name = f"{name}-{self.digest[:6]}"
            self.remarks.add(Finding("info", "raster-name", f"{text} '{name}'"))
        self.tally.records([self.transaction.raster(field, name)])

    def _settle(self, most: int = WAITING) -> None:
        """Hand on what the border has put aside: findings now, quarantined records when more than `most` wait."""
        for finding in self.border.findings:
            self.remarks.add(finding)
        self.border.findings = []
        if len(self.border.quarantined) > most:
            self.tally.quarantined(self.border.quarantined)
            self.transaction.quarantine(self.border.quarantined)
            self.border.quarantined = []

    def close(self, file: str, reader: str, begin: float) -> LoadReport:
        """Return the report of the whole file. Raises when it is not of this city, or its lines do not add up."""
        if self.counted is None:
            raise InputError(f"{file}: the reader '{reader}' did not say how many records the file holds (report this)")
        self.border.close()
        self._settle(0)
        stored, quarantined, duplicate = self.tally.close(self.counted.lines, self.path.name)
        return LoadReport(
            file,
            reader,
            self.counted.lines,
            stored,
            quarantined,
            duplicate,
            time.perf_counter() - begin,
            self.remarks.all(),
        )
