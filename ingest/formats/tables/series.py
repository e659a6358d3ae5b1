"""Rows of a table to observations: wide, long or one value a row, whole columns at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ingest.formats.tables import numbers as _numbers
from ingest.formats.tables import times as _times
from ingest.formats.tables import units
from ingest.formats.tables.rows import masked
from twin.errors import InputError, MissingError, UnitsError
from twin.model.finding import Finding, Quarantined
from twin.model.observation import Datastream, Observations, Thing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.formats.tables.declaration import Declaration, Value
    from ingest.formats.tables.header import Header
    from ingest.formats.tables.rows import Block

_HOUR = np.timedelta64(3_600_000_000, "us")


@dataclass(frozen=True, slots=True)
class _Stream:
    """What one column (or word of a long table) measures, and how it becomes what is stored."""

    column: str
    property: str
    factor: float
    offset: float
    unit: str


@dataclass(slots=True)
class Series:
    """Turns the blocks of one file into observations; remembers the things it has met."""

    name: str
    header: Header
    declared: Declaration
    zone: str | None
    things: dict[str, Thing] = field(default_factory=dict)
    _streams: list[_Stream] = field(default_factory=list)
    _hours: list[int] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        d = self.declared
        if d.wide is not None:
            hours = _hour_columns(self.header, d.wide.columns)
            if not hours:
                raise InputError(f"{self.name}: no column is called like '{d.wide.columns}'")
            self._hours, self._columns = list(hours.values()), list(hours)
            self._streams = [self._stream(d.wide.columns, d.wide.property, d.wide.unit)]
            return
        self._streams = [self._stream(v.column, v.property, v.unit) for v in d.values]
        if d.long is None:
            self._columns = [self.header.find(v.column, self.name) for v in d.values]
        if not self._streams:
            raise MissingError(f"{self.name}: no column of readings is named")

    def _stream(self, column: str, name: str, unit: str) -> _Stream:
        try:
            found = units.conversion(name, unit)
        except UnitsError as error:
            raise UnitsError(f"{self.name}: column '{column}': {error}") from error
        return _Stream(column, name, found.factor, found.offset, found.unit)

    def findings(self) -> Iterator[Finding]:
        """Yield which units were converted and which columns were left unread."""
        values: Sequence[Value] = self.declared.values
        for value, stream in zip(values, self._streams, strict=False):
            if (stream.factor, stream.offset) != (1.0, 0.0):
                text = f"{self.name}: '{value.column}' converted from {value.unit} to {stream.unit}"
                yield Finding("info", "unit", text)
        read = {*self._columns, *self._places(self.declared.time.columns if self.declared.time else ())}
        thing, long = self.declared.thing, self.declared.long
        read |= self._places((*thing.columns, *thing.properties) if thing else ())
        read |= self._places((long.property, long.value) if long else ())
        read |= self._places(tuple(c for c in (self.declared.x, self.declared.y) if c))
        left = [n for i, n in enumerate(self.header.names) if i not in read]
        if left:
            yield Finding("info", "unread-columns", f"{self.name}: columns that are not read: {', '.join(left)}")

    def _places(self, names: Sequence[str]) -> set[int]:
        return {self.header.find(name, self.name) for name in names}

    def read(self, block: Block) -> tuple[Observations | None, list[Quarantined]]:
        """Return the observations of a block, and its bad rows (and cells: `part`) with their reasons."""
        n = len(block.lines)
        times = self._time(block)
        keys = self._keys(block)
        reasons: dict[int, str] = dict(times.reasons)
        reasons |= {i: "the row does not say what measured it" for i, key in enumerate(keys) if not key}
        values, which, cell_reasons = self._values(block, reasons)
        utc = times.utc[:, None] if not self._hours else self._clock(times.utc, reasons)
        utc = np.broadcast_to(utc, values.shape)
        good: NDArray[np.bool_] = np.logical_not(np.isnan(values))
        good[list(reasons)] = False
        good &= ~np.isnat(utc)
        bad: list[Quarantined] = []
        by_row: dict[int, list[str]] = {}
        for (row, column), reason in cell_reasons.items():
            by_row.setdefault(row, []).append(f"{self._label(column)}: {reason}")
        alive = np.logical_or.reduce(good, axis=1)
        for row in np.flatnonzero(~alive).tolist():
            why = reasons.get(row) or "; ".join(by_row.get(row, ())) or "a row without a reading (every value is blank)"
            bad.append(self._quarantine(block, row, why, part=False))
        for row, whys in by_row.items():
            if alive[row]:
                bad.extend(self._quarantine(block, row, why, part=True) for why in whys)
        if not n or not good.any():
            return None, bad
        rows, columns = np.nonzero(good)
        return self._observations(block, keys, rows, which[rows, columns], utc[good], values[good]), bad

    def _time(self, block: Block) -> _times.Times:
        time = self.declared.time
        assert time is not None, "a declared series has a time"
        places = [self.header.find(c, self.name) for c in time.columns]
        texts = [row[places[0]].strip() for row in block.cells]
        for i in places[1:]:
            texts = [f"{text} {row[i].strip()}" for text, row in zip(texts, block.cells, strict=True)]
        try:
            return _times.parse(texts, time.format, "UTC" if self._hours else self.zone)
        except (InputError, MissingError) as error:
            raise type(error)(f"{self.name}: {error}") from error

    def _clock(self, days: NDArray[np.datetime64], reasons: dict[int, str]) -> NDArray[np.datetime64]:
        """Return the instants (rows, hours) of a wide table from the local midnights of its rows."""
        local = days[:, None] + np.array(self._hours) * _HOUR
        try:
            found = _times.localise(local.ravel(), self.zone)
        except (InputError, MissingError) as error:
            raise type(error)(f"{self.name}: {error}") from error
        reasons |= {i // len(self._hours): why for i, why in found.reasons.items()}
        return found.utc.reshape(local.shape)

    def _keys(self, block: Block) -> list[str]:
        thing = self.declared.thing
        if thing is None:
            return [self.name] * len(block.cells)
        if thing.id:
            return [thing.id] * len(block.cells)
        places = [self.header.find(c, self.name) for c in thing.columns]
        if len(places) == 1:
            return [row[places[0]].strip() for row in block.cells]
        return [" ".join(filter(None, (row[i].strip() for i in places))) for row in block.cells]

    def _values(
        self, block: Block, reasons: dict[int, str]
    ) -> tuple[NDArray[np.float64], NDArray[np.int32], dict[tuple[int, int], str]]:
        """Return values (rows, columns), the stream of each, and the reasons of bad cells."""
        d, n = self.declared, len(block.lines)
        if d.long is not None:
            place = self.header.find(d.long.property, self.name)
            known = {s.column: k for k, s in enumerate(self._streams)}
            words = [row[place].strip() for row in block.cells]
            reasons |= {i: f"'{w}' is not declared as a quantity" for i, w in enumerate(words) if w not in known}
            which = np.array([known.get(w, 0) for w in words], dtype=np.int32).reshape(n, 1)
            columns = [self.header.find(d.long.value, self.name)]
        else:
            columns = self._columns
            streams = [0] * len(columns) if self._hours else range(len(columns))
            which = np.broadcast_to(np.array(streams, dtype=np.int32), (n, len(columns)))
        values = np.empty((n, len(columns)))
        bad: dict[tuple[int, int], str] = {}
        for k, column in enumerate(columns):
            numbers = _numbers.parse([row[column] for row in block.cells], d.decimal, d.thousands, d.missing)
            values[:, k] = numbers.values
            bad |= {(i, column): why for i, why in numbers.bad.items()}
            for i in np.flatnonzero(np.isin(numbers.values, _numbers.SENTINELS)).tolist():
                bad[i, column] = (
                    f"{numbers.values[i]:g} looks like the mark of a missing value; declare it in 'missing'"
                )
                values[i, k] = np.nan
        factor = np.array([s.factor for s in self._streams])
        offset = np.array([s.offset for s in self._streams])
        return values * factor[which] + offset[which], which, bad

    def _label(self, column: int) -> str:
        return f"column '{self.header.names[column]}'"

    def _quarantine(self, block: Block, row: int, reason: str, *, part: bool) -> Quarantined:
        raw = self.header.delimiter.join(block.cells[row])
        return Quarantined(block.lines[row], reason, masked(raw), part=part)

    def _observations(
        self,
        block: Block,
        keys: list[str],
        rows: NDArray[np.intp],
        which: NDArray[np.int32],
        utc: NDArray[np.datetime64],
        values: NDArray[np.float64],
    ) -> Observations:
        index: dict[str, int] = {}
        codes = np.fromiter((index.setdefault(key, len(index)) for key in keys), dtype=np.int64, count=len(keys))
        first = np.unique(codes, return_index=True)[1]
        for key, code in index.items():
            if key not in self.things:
                self.things[key] = self._thing(key, block.cells[first[code]])
        met = list(index)
        numbers, stream = np.unique(codes[rows] * len(self._streams) + which, return_inverse=True)
        pairs = [divmod(int(number), len(self._streams)) for number in numbers]
        return Observations(
            things=[self.things[met[t]] for t in sorted({t for t, _ in pairs})],
            datastreams=[self._datastream(met[t], self._streams[s]) for t, s in pairs],
            stream=stream.astype(np.int32),
            time=utc,
            value=values,
            lines=np.array(block.lines, dtype=np.int64)[rows],
        )

    def _datastream(self, thing: str, stream: _Stream) -> Datastream:
        """Return a datastream; several columns of one quantity are told apart by the column's name."""
        alone = sum(s.property == stream.property for s in self._streams) == 1
        return Datastream(
            f"{thing}/{stream.property if alone else stream.column}", thing, stream.property, stream.unit, stream.column
        )

    def _thing(self, key: str, row: Sequence[str]) -> Thing:
        """Return the thing called `key`, placed and described by its first row."""
        d = self.declared
        carrier = d.thing
        if carrier is not None and carrier.id:
            return Thing(carrier.id, carrier.name, carrier.location, d.crs if carrier.location else None)
        properties = {c: row[self.header.find(c, self.name)].strip() for c in (carrier.properties if carrier else ())}
        place = None
        if d.x and d.y:
            cells = [row[self.header.find(c, self.name)] for c in (d.x, d.y)]
            x, y = _numbers.parse(cells, d.decimal, d.thousands, d.missing).values.tolist()
            place = None if np.isnan([x, y]).any() else (x, y)
        return Thing(key, key, place, d.crs if place else None, properties)


def _hour_columns(header: Header, pattern: str) -> dict[int, int]:
    """Return position -> hour of the columns that are called like `pattern`, in which %H stands for the hour."""
    before, found, after = pattern.partition("%H")
    if not found:
        raise InputError(f"wide columns '{pattern}': write %H where the hour stands")
    name = re.compile(rf"{re.escape(before)}(\d\d?){re.escape(after)}")
    return {i: int(m[1]) for n, i in header.places.items() if (m := name.fullmatch(n)) and int(m[1]) <= 24}
