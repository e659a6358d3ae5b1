"""Rows of a table with a geometry column, as Arrow hands them over, to features: shared by the vector formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.formats.columns import Columns
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Finding, Quarantined

#: names of columns that tell things apart wherever they are met, best first (lower case)
GLOBAL_IDS = (
    "gml_id", "gml:id", "건물관리번호", "bd_mgt_sn", "register_id", "ufid", "pnu", "parcel_id", "guid", "globalid",
    "uuid",
    "osm_id", "identificatie", "adm_cd2", "adm_cd", "관리번호", "code",
)  # fmt: skip
#: names of columns that tell things apart in their own file
LOCAL_IDS = ("id", "uid", "identifier", "building_id")


@dataclass(frozen=True, slots=True)
class Identity:
    """Where ids come from: a column, or (None) the number of the record; `prefix` makes file-wide numbers city-wide."""

    column: str | None
    prefix: str
    finding: Finding

    def of(self, values: list[object] | None, numbers: list[int]) -> list[str]:
        """Return ids of records from the values of the column, or from their numbers in the file."""
        source: list[Any] = numbers if values is None else values
        return [f"{self.prefix}{_whole(v)}" for v in source]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def identity(names: list[str], values: Callable[[str], list[object]], stem: str, layer: str) -> Identity:
    """Return the column whose values are all there and all different, else the number of the record.

    names   columns of the layer
    values  returns all values of a column
    """
    known = {name.lower(): name for name in reversed(names)}
    repeated = []
    for word in (*GLOBAL_IDS, *LOCAL_IDS):
        if word not in known:
            continue
        column = known[word]
        try:
            found = values(column)
        except UnicodeDecodeError as error:
            raise InputError(f"{stem}: column '{column}' is not UTF-8 ({error.reason}); state the encoding") from error
        texts = {str(_whole(v)) for v in found if v is not None and v != ""}
        if len(texts) < len(found):
            repeated.append(column)
            continue
        counts_rows = word in LOCAL_IDS and all(t.lstrip("-").isdigit() and len(t) < 10 for t in texts)
        prefix = f"{stem}/{layer}:" if counts_rows else ""
        how = f", which counts within the file, behind '{prefix}'" if prefix else ""
        return Identity(column, prefix, Finding("info", "id", f"{stem}: ids are column '{column}'{how}"))
    why = f"; not used, because values repeat or are missing: {', '.join(repeated)}" if repeated else ""
    message = f"{stem}: ids are '{stem}/{layer}:' and the number of the record{why}"
    return Identity(None, f"{stem}/{layer}:", Finding("info", "id", message))


@dataclass(slots=True)
class Table:
    """One layer on its way from Arrow batches to features.

    where       file and layer, for messages
    geographic  whether coordinates must be longitude and latitude
    decode      turns a text the driver read as Latin-1 into what it says; None where texts are right already
    """

    where: str
    kind: str
    layer: str | None
    crs: str | None
    vertical: str | None
    ids: Identity
    geographic: bool
    decode: Callable[[str], str] | None = None
    geometry: str | None = None
    number: str | None = None
    records: int = 0
    flat: int = 0
    nowhere: list[int] = field(default_factory=list)
    columns: Columns = field(init=False)

    def __post_init__(self) -> None:
        self.columns = Columns(self.where)

    def batch(self, rows: Any) -> Iterator[Features | Quarantined]:
        """Yield the features of a batch of rows (an Arrow RecordBatch), and what had to be left out of it."""
        n = rows.num_rows
        lines = np.arange(self.records + 1, self.records + n + 1, dtype=np.int64)
        table: dict[str, list[object]] = {}
        for name, column in zip(rows.schema.names, rows.columns, strict=True):
            if name not in {self.geometry, self.number}:
                table[self.decode(name) if self.decode else name] = self._values(column)
        numbers = rows.column(self.number).to_pylist() if self.number else (lines - 1).tolist()
        ids = self.ids.of(table.get(self.ids.column) if self.ids.column else None, numbers)
        self.records += n
        geometry, bad = self._geometry(rows, lines)
        raw = _Raw(ids, lines, table, geometry)
        for i, reason in bad.items():
            yield raw.quarantined(i, reason)
        for i, text in enumerate(ids):
            if i not in bad and not _writable(text):
                bad[i] = "its id holds a character that cannot be stored"
                yield raw.quarantined(i, bad[i])
        attributes = self.columns.tidy(table, ids, lines.tolist())
        yield from self.columns.quarantined
        self.columns.quarantined.clear()
        features = Features(
            kind=self.kind,
            ids=ids,
            geometry=geometry,
            crs=self.crs,
            attributes=attributes,
            lines=lines,
            layer=self.layer,
            vertical=self.vertical,
        )
        if bad:
            keep = np.ones(n, dtype=bool)
            keep[list(bad)] = False
            features = features.take(keep)
        if len(features):
            yield features

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said about the layer as a whole."""
        yield self.ids.finding
        yield from self.columns.findings()
        if self.nowhere:
            some = ", ".join(map(str, self.nowhere[:5]))
            more = "..." * (len(self.nowhere) > 5)
            message = f"{self.where}: {len(self.nowhere)} records have no geometry (records {some}{more})"
            yield Finding("warning", "no-geometry", message, some)
        if self.flat:
            message = f"{self.where}: {self.flat} shapes hold heights that the file does not explain; kept in plan only"
            yield Finding("info", "heights-not-used", message)

    def _values(self, column: Any) -> list[object]:
        try:
            if self.decode is not None and str(column.type) in {"string", "large_string"}:
                coded = column.dictionary_encode()
                words = [None if w is None else self.decode(w) for w in coded.dictionary.to_pylist()]
                return [None if i is None else words[i] for i in coded.indices.to_pylist()]
            values: list[object] = column.to_pylist()
        except UnicodeDecodeError as error:
            raise InputError(f"{self.where}: text that is not UTF-8 ({error.reason}); state the encoding") from error
        return values

    def _geometry(self, rows: Any, lines: NDArray[np.int64]) -> tuple[NDArray[np.object_], dict[int, str]]:
        """Return the shapes in plan, and which rows cannot be used and why."""
        import shapely

        if self.geometry is None:
            self.nowhere += lines.tolist()
            return np.full(len(lines), None, dtype=object), {}
        stored = np.array(rows.column(self.geometry).to_pylist(), dtype=object)
        absent = np.array([value is None for value in stored], dtype=bool)
        bad: dict[int, str] = {}
        try:
            shapes = shapely.from_wkb(stored, on_invalid="ignore")
        except NotImplementedError:
            curves = [i for i, value in enumerate(stored) if value is not None and not _is_straight(value)]
            bad = dict.fromkeys(curves, "its geometry is made of curves; write it with straight lines")
            stored[curves] = None
            shapes = shapely.from_wkb(stored, on_invalid="ignore")
        unread = np.flatnonzero(shapely.is_missing(shapes) & ~absent).tolist()
        bad |= {i: "its geometry cannot be read" for i in unread if i not in bad}
        deep = shapely.has_z(shapes)
        self.flat += int(deep.sum())
        shapes = shapely.force_2d(shapes)
        empty = shapely.is_empty(shapes)
        shapes[empty] = None
        self.nowhere += lines[absent | empty].tolist()
        bounds = shapely.bounds(shapes)
        there = ~(absent | empty)
        there[list(bad)] = False
        # shapely.bounds leaves out NaN coordinates, so they are looked for one by one
        place, owner = shapely.get_coordinates(shapes, return_index=True)
        odd = np.zeros(len(shapes), dtype=bool)
        odd[owner[~np.isfinite(place).all(axis=1)]] = True
        bad |= dict.fromkeys(np.flatnonzero(odd & there).tolist(), "a coordinate is not a finite number")
        if self.geographic:
            with np.errstate(invalid="ignore"):
                outside = (
                    there
                    & ~odd
                    & ((np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1))
                )
            if outside.sum() * 2 > there.sum():
                raise InputError(_astray(self.where, bounds[outside], int(lines[outside][0])))
            bad |= dict.fromkeys(np.flatnonzero(outside).tolist(), "lies outside the range of longitude and latitude")
        return shapes, bad


def _is_straight(wkb: bytes) -> bool:
    """Return whether shapely takes a geometry at all; it refuses a whole array for one curve in it."""
    import shapely

    try:
        shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return False
    return True


def _astray(where: str, bounds: NDArray[np.float64], line: int) -> str:
    """Return the error about coordinates outside lon/lat range: projected ones, or latitude before longitude."""
    x, y = bounds[0, 0], bounds[0, 1]
    if (np.abs(bounds[:, [0, 2]]) <= 90).all() and (np.abs(bounds[:, [1, 3]]) <= 180).all():
        what = "latitude stands before longitude: swap them"
    else:
        what = "they look projected: write the file in longitude and latitude, or with the coordinate system it is in"
    place = f"record {line}: {x:.10g}, {y:.10g}"
    return f"{where}: coordinates are outside the range of longitude and latitude ({place}); {what}"


@dataclass(frozen=True, slots=True)
class _Raw:
    """The rows of a batch as a person can mend them."""

    ids: list[str]
    lines: NDArray[np.int64]
    table: Mapping[str, list[object]]
    geometry: NDArray[np.object_]

    def quarantined(self, i: int, reason: str) -> Quarantined:
        import shapely

        record = {name: values[i] for name, values in self.table.items()}
        shape = shapely.to_wkt(self.geometry[i]) if self.geometry[i] is not None else None
        text = json.dumps({"id": self.ids[i], "geometry": shape, "properties": record}, ensure_ascii=True, default=str)
        shown = self.ids[i] if _writable(self.ids[i]) else ascii(self.ids[i])
        return Quarantined(int(self.lines[i]), reason, text[:10_000], shown)


def _writable(text: str) -> bool:
    """Return whether a database takes the text as a key: no NUL, no half of a surrogate pair."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))
