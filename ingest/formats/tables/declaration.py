"""The declaration of a table: a TOML file that says what each column of a CSV holds.

It lies beside the file as `FILE.csv.toml`, or is named by `ReadOptions.declaration`. Only `content` is required.

    content   = "series"           # series: readings over time; points: things with a place; table: rows without one
    encoding  = "cp949"            # utf-8, utf-16, cp949, cp932; default: recognised, and said
    delimiter = ","                # default: recognised among , ; tab |
    header    = 2                  # line of the header; [1, 2] where there are two; 0 where there is none
    columns   = ["a", "b"]         # names of the columns where header = 0
    decimal   = ","                # default "."
    thousands = "."                # default: none, "1,234" is no number
    missing   = ["-9999", "-"]     # texts that mean "no value"; a blank cell always does

    # points and table (and, for x, y and crs, series that write the place in each row)
    id = "관리번호"                 # column, or list of columns, that tells things apart; default: file and line
    kind = "streetlight"           # a kind of feature
    layer = "lights"
    x = "경도"
    y = "위도"
    crs = "EPSG:4326"
    numbers = ["높이"]              # columns that are numbers; others are, when all of them look like it
    texts = ["코드"]                # columns that stay text whatever they look like
    [attributes]
    "주차구획수" = "capacity"        # column = name in the twin; other columns keep their own name

    # series
    [time]
    column = "일시"                 # or columns = ["date", "time"]: joined by a blank
    format = "%Y%m%d"              # default: ISO 8601 and its Korean relatives; "epoch", "epoch_ms"; or strptime
    zone   = "Asia/Seoul"          # for times written without an offset
    [thing]
    column = "측정소명"              # or columns = [...], or a constant: id = "cheonan", name = "천안"
    location = [127.11, 36.82]     # of a constant thing, in `crs`
    properties = ["지역구"]          # columns that describe the thing
    [[value]]                      # once per measured column
    column = "기온"
    property = "air_temperature"   # a quantity of the twin, or a word of one's own
    unit = "degC"                  # as the file has it; converted to the quantity's own
    [wide]                         # instead of [[value]]: one column per hour of the row's day
    columns = "%H시"
    property = "traffic_count"
    unit = "1"
    [long]                         # with [[value]]: the row says what it measures; `column` is then that word
    property = "항목"
    value = "값"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from twin.errors import InputError, MissingError, suggest
from twin.names import KINDS

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Value:
    """A measured column (or, in a long table, a word of its property column): what it is, in which unit."""

    column: str
    property: str
    unit: str


@dataclass(frozen=True, slots=True)
class Time:
    """Where a row's time stands; several columns are joined by a blank."""

    columns: tuple[str, ...]
    format: str = "auto"
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries the sensors: a constant `id`, or `columns` that name it row by row."""

    columns: tuple[str, ...] = ()
    id: str = ""
    name: str = ""
    location: tuple[float, float] | None = None
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wide:
    """One column per hour of the row's day: `columns` is a strptime pattern of the hour ("%H시")."""

    columns: str
    property: str
    unit: str


@dataclass(frozen=True, slots=True)
class Long:
    """Names of the column that says what a row measures, and of the column with the number."""

    property: str
    value: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person said about a table; the words are those of the module's docstring."""

    content: str
    encoding: str | None = None
    delimiter: str | None = None
    header: tuple[int, ...] | None = None
    columns: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    kind: str | None = None
    layer: str | None = None
    x: str | None = None
    y: str | None = None
    crs: str | None = None
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    attributes: Mapping[str, str] | None = None
    time: Time | None = None
    thing: Carrier | None = None
    values: tuple[Value, ...] = ()
    wide: Wide | None = None
    long: Long | None = None


class _Table:
    """A TOML table that is read key by key; `done` refuses what nobody asked for."""

    def __init__(self, data: object, where: str, known: tuple[str, ...]) -> None:
        if not isinstance(data, dict):
            raise InputError(f"{where} must be a table, found {data!r}")
        for key in data:
            if key not in known:
                raise InputError(f"{where}: '{key}' is not known; {suggest(key, known)}")
        self.data: dict[str, object] = data
        self.where = where

    def take(self, key: str, kind: type[T]) -> T | None:
        value = self.data.get(key)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise InputError(f"{self.where}: '{key}' must be of type {kind.__name__}, found {value!r}")
        return value

    def need(self, key: str) -> str:
        value = self.take(key, str)
        if not value:
            raise MissingError(f"{self.where}: '{key}' is missing")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a text or a list of texts as a tuple."""
        value = self.data.get(key)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(item, str) for item in items):
            raise InputError(f"{self.where}: '{key}' must be a text or a list of texts, found {value!r}")
        return tuple(items)


def read(path: Path) -> Declaration:
    """Return the declaration in a TOML file.

    Raises InputError for what is not TOML, not known or of the wrong type; MissingError for what must be said.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: a declaration must be UTF-8: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: not TOML: {error}") from error
    except OSError as error:
        raise MissingError(f"{path.name}: the declaration cannot be read: {error.strerror}") from error
    return parse(data, path.name)


_KEYS = (
    "content",
    "encoding",
    "delimiter",
    "header",
    "columns",
    "decimal",
    "thousands",
    "missing",
    "id",
    "kind",
    "layer",
    "x",
    "y",
    "crs",
    "numbers",
    "texts",
    "attributes",
    "time",
    "thing",
    "value",
    "wide",
    "long",
)


def parse(data: Mapping[str, object], where: str) -> Declaration:
    """Return the declaration in `data`, the content of a TOML file; `where` names it in errors."""
    table = _Table(data, where, _KEYS)
    content = table.need("content")
    if content not in ("series", "points", "table"):
        raise InputError(
            f"{where}: content '{content}' is not known; {suggest(content, ('series', 'points', 'table'))}"
        )
    kind = table.take("kind", str)
    if kind is not None and kind not in KINDS:
        raise InputError(f"{where}: kind '{kind}' is not known; {suggest(kind, KINDS)}")
    decimal = table.take("decimal", str) or "."
    if decimal not in (".", ","):
        raise InputError(f"{where}: decimal must be '.' or ',', found {decimal!r}")
    thousands = table.take("thousands", str) or ""
    if thousands not in ("", ",", ".", " ", "'") or thousands == decimal:
        raise InputError(f"{where}: thousands must be ',', '.', ' ' or an apostrophe, and not the decimal sign")
    delimiter = table.take("delimiter", str)
    if delimiter is not None and len(delimiter) != 1:
        raise InputError(f"{where}: delimiter must be one character, found {delimiter!r}")
    declared = Declaration(
        content=content,
        encoding=table.take("encoding", str),
        delimiter=delimiter,
        header=_header(table),
        columns=table.texts("columns"),
        decimal=decimal,
        thousands=thousands,
        missing=table.texts("missing"),
        id=table.texts("id"),
        kind=kind,
        layer=table.take("layer", str),
        x=table.take("x", str),
        y=table.take("y", str),
        crs=table.take("crs", str),
        numbers=table.texts("numbers"),
        texts=table.texts("texts"),
        attributes=_attributes(table),
        time=_time(data, where),
        thing=_thing(data, where),
        values=_values(data, where),
        wide=_wide(data, where),
        long=_long(data, where),
    )
    if declared.header == () and not declared.columns:
        raise MissingError(f"{where}: header = 0 says that the file has no header; name the columns in 'columns'")
    if content == "points" and not (declared.x and declared.y):
        raise MissingError(
            f"{where}: points need 'x' and 'y', the columns of longitude and latitude (or east and north)"
        )
    if content == "series" and declared.time is None:
        raise MissingError(f"{where}: a series needs a table [time] with the column of the time")
    if content == "series" and not (declared.values or declared.wide):
        raise MissingError(f"{where}: a series needs a table [[value]] per measured column, or a table [wide]")
    return declared


def _header(table: _Table) -> tuple[int, ...] | None:
    found = table.data.get("header")
    lines: list[Any] = found if isinstance(found, list) else [] if found is None else [found]
    if any(not isinstance(n, int) or isinstance(n, bool) or n < 0 for n in lines):
        raise InputError(f"{table.where}: 'header' must be a line number or a list of them, found {found!r}")
    return None if found is None else () if lines == [0] else tuple(sorted(lines))


def _attributes(table: _Table) -> dict[str, str]:
    found: dict[str, object] = table.take("attributes", dict) or {}
    for column, name in found.items():
        if not isinstance(name, str):
            raise InputError(f"{table.where} [attributes]: '{column}' must be given a name, found {name!r}")
    return {column: str(name) for column, name in found.items()}


def _columns(table: _Table) -> tuple[str, ...]:
    return table.texts("columns") or table.texts("column")


def _time(data: Mapping[str, object], where: str) -> Time | None:
    if "time" not in data:
        return None
    table = _Table(data["time"], f"{where} [time]", ("column", "columns", "format", "zone"))
    columns = _columns(table)
    if not columns:
        raise MissingError(f"{table.where}: 'column' is missing")
    return Time(columns, table.take("format", str) or "auto", table.take("zone", str))


def _thing(data: Mapping[str, object], where: str) -> Carrier | None:
    if "thing" not in data:
        return None
    table = _Table(data["thing"], f"{where} [thing]", ("column", "columns", "id", "name", "location", "properties"))
    columns, identifier, place = _columns(table), table.take("id", str), table.take("location", list)
    if bool(columns) == bool(identifier):
        raise InputError(f"{table.where}: give either 'column', which names the thing row by row, or 'id', its name")
    location = None
    if place is not None:
        if len(place) != 2 or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in place):
            raise InputError(f"{table.where}: 'location' must be two numbers, x and y, found {place!r}")
        location = (float(place[0]), float(place[1]))
    name = table.take("name", str) or identifier or ""
    return Carrier(columns, identifier or "", name, location, table.texts("properties"))


def _values(data: Mapping[str, object], where: str) -> tuple[Value, ...]:
    found = data.get("value", [])
    if not isinstance(found, list):
        raise InputError(f"{where}: write [[value]] with two brackets, once per measured column")
    tables = [_Table(one, f"{where} [[value]] {n}", ("column", "property", "unit")) for n, one in enumerate(found, 1)]
    return tuple(Value(t.need("column"), t.need("property"), t.need("unit")) for t in tables)


def _wide(data: Mapping[str, object], where: str) -> Wide | None:
    if "wide" not in data:
        return None
    table = _Table(data["wide"], f"{where} [wide]", ("columns", "property", "unit"))
    return Wide(table.need("columns"), table.need("property"), table.need("unit"))


def _long(data: Mapping[str, object], where: str) -> Long | None:
    if "long" not in data:
        return None
    table = _Table(data["long"], f"{where} [long]", ("property", "value"))
    return Long(table.need("property"), table.need("value"))
