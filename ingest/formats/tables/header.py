"""The header of a table: which line it is, what the columns are called, where its rows begin."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ingest.formats.tables.rows import DELIMITERS, delimiter_of, looks_like_number
from twin.errors import InputError, suggest
from twin.model.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.formats.tables.declaration import Declaration

#: lines that are looked at to find delimiter and header, and to see what the columns hold
SAMPLE = 200

#: names of coordinate columns, compared without blanks and case -> the axis and whether it is in degrees
AXES = {
    "경도": ("x", True), "lon": ("x", True), "lng": ("x", True), "long": ("x", True), "longitude": ("x", True),
    "위도": ("y", True), "lat": ("y", True), "latitude": ("y", True),
    "x": ("x", False), "x좌표": ("x", False), "xcord": ("x", False), "easting": ("x", False),
    "y": ("y", False), "y좌표": ("y", False), "ycord": ("y", False), "northing": ("y", False),
}  # fmt: skip

_UNNAMED = re.compile(r"(Unnamed: \d+)?")
_RESIDENT = re.compile(r"주민(등록)?번호")
_PERSONAL = re.compile(r"성명|이름|전화번호|전화|휴대폰|연락처|이메일|생년월일|e-?mail|phone", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table.

    names    one per column
    places   every name a column goes by (two header lines give two) -> its position
    skip     lines before the first row of data
    sample   the first rows, cut into cells
    secret   positions of columns with resident registration numbers
    """

    names: tuple[str, ...]
    places: Mapping[str, int]
    delimiter: str
    skip: int
    sample: tuple[tuple[str, ...], ...]
    secret: tuple[int, ...]
    findings: tuple[Finding, ...]

    def find(self, name: str, where: str) -> int:
        """Return the position of the column called `name`; InputError when there is none."""
        if name not in self.places:
            raise InputError(f"{where}: there is no column '{name}'; {suggest(name, self.places)}")
        return self.places[name]

    def axis(self, axis: str) -> tuple[int, bool] | None:
        """Return position of the x or y column by its name and whether it is in degrees; degrees are preferred."""
        found = [(i, AXES[key][1]) for name, i in self.places.items() if AXES.get(key := plain(name), ("",))[0] == axis]
        return max(found, key=lambda one: one[1], default=None)


def plain(name: str) -> str:
    """Return a column's name as it is compared: without blanks and case."""
    return re.sub(r"\s", "", name).casefold()


def understand(path: Path, encoding: str, declared: Declaration | None) -> Header:
    """Return the header of a table, declared or recognised.

    Raises InputError when there is none (the first line holds numbers) or when two columns have one name.
    """
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        lines = list(islice(file, SAMPLE))
    written = [line for line in lines if line.strip()]
    if not written:
        raise InputError(f"{path.name}: the file is empty but for blank lines")
    delimiter = (declared and declared.delimiter) or delimiter_of(
        [line for line in written[:20] if line.count('"') % 2 == 0] or written[:1]
    )
    findings = []
    if declared is None or declared.delimiter is None:
        named = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}.get(delimiter, delimiter)
        severity = "info" if delimiter == DELIMITERS[0] else "warning"
        findings.append(Finding(severity, "delimiter", f"{path.name}: cells are separated by {named}"))
    rows = [_cells(line, delimiter) for line in lines]
    if declared is not None and declared.header is not None:
        heads = [n - 1 for n in declared.header]
        if heads and heads[-1] >= len(rows):
            raise InputError(f"{path.name}: header declared in line {heads[-1] + 1}, but the file ends before it")
    else:
        heads = _find(path, rows)
        if heads != [0]:
            said = " and ".join(str(n + 1) for n in heads)
            findings.append(
                Finding("warning", "header", f"{path.name}: the header stands in line {said}", str(heads[0] + 1))
            )
    if broken := [n for n in heads if not rows[n]]:
        raise InputError(f"{path.name}:{broken[0] + 1}: a quote of the header is not closed in its line")
    titles: list[Sequence[str]] = [rows[n] for n in heads] or [declared.columns if declared else ()]
    names, places = _names(path, titles)
    skip = heads[-1] + 1 if heads else 0
    sample = tuple(tuple(row) for row in rows[skip:] if len(row) == len(names))
    secret = tuple(i for i, name in enumerate(names) if _RESIDENT.search(name))
    findings.extend(_personal(path, names))
    return Header(names, places, delimiter, skip, sample, secret, tuple(findings))


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, none when it is blank or its quotes are not closed."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _find(path: Path, rows: Sequence[Sequence[str]]) -> list[int]:
    """Return positions of the header's lines: the first that names columns, and the next if it names them too."""
    written = [n for n, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not written:
        raise InputError(f"{path.name}:1: no line of cells; a quote that opens is not closed")
    first = written[0]
    blank = sum(bool(_UNNAMED.fullmatch(cell.strip())) for cell in rows[first])
    if len(written) > 1 and len(rows[first]) > 1 and blank * 2 >= len(rows[first]):
        first = written[1]  # a title line, with nothing over most columns
    head = rows[first]
    if numeric := [cell for cell in head if looks_like_number(cell)]:
        raise InputError(
            f"{path.name}:{first + 1}: the first line holds numbers ({numeric[0]}), so the file has no header; "
            "declare header = 0 and the names of its columns"
        )
    after = [n for n in written if n > first]
    if after:
        second = rows[after[0]]
        spots = [i for i, cell in enumerate(head) if plain(cell) in AXES]
        if len(second) == len(head) and sum(plain(cell) in AXES for cell in second) >= 2:
            return [first, after[0]]
        if spots and all(i < len(second) and plain(second[i]) in AXES for i in spots):
            return [first, after[0]]
    return [first]


def _names(path: Path, titles: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the names of the columns, from the last title line that has one, and all names with their positions."""
    width = len(titles[-1])
    names: list[str] = []
    places: dict[str, int] = {}
    for i in range(width):
        given = [title[i].strip() for title in titles if i < len(title) and title[i].strip()]
        if any("\0" in name or "\udc80" <= max(name) <= "\udcff" for name in given):
            raise InputError(f"{path.name}: the name of column {i + 1} holds a character that no name can have")
        names.append(given[-1] if given else f"column_{i + 1}")
        for name in {*given, names[-1]}:
            if name in places:
                raise InputError(f"{path.name}: two columns are called '{name}' ({places[name] + 1} and {i + 1})")
            places[name] = i
    return tuple(names), places


def _personal(path: Path, names: Iterable[str]) -> list[Finding]:
    """Return a warning when columns look as if they told of persons."""
    found = [name for name in names if _RESIDENT.search(name) or _PERSONAL.fullmatch(name)]
    text = f"{path.name}: columns that may tell of persons: {', '.join(found)}; keep them out of public layers"
    return [Finding("warning", "personal-data", text)] if found else []
