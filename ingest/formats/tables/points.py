"""Rows of a table to features: with a place where two columns give one, without where none does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ingest.formats.columns import Columns, attribute_of
from ingest.formats.tables import numbers as _numbers
from ingest.formats.tables.header import plain
from ingest.formats.tables.rows import masked
from ingest.reading import BATCH
from twin.model.feature import Features
from twin.model.finding import Finding, Quarantined
from twin.names import ATTRIBUTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.formats.tables.declaration import Declaration
    from ingest.formats.tables.header import Header
    from ingest.formats.tables.rows import Block

#: names of columns that only tables have -> attributes of the twin; the rest is known to `_columns`
KNOWN = {
    "학교명": "name", "쉼터명칭": "name", "설치위치명": "name", "지점정보": "name", "측정소명": "name",
    "이용가능인원": "capacity",
}  # fmt: skip

#: columns that are never numbers, however they look: identifiers, codes, telephones, dates
_TEXT = re.compile(r"번호|코드|전화|연락|일자|날짜|code|id$|no$|phone|date|zip", re.IGNORECASE)
_LEADING_ZERO = re.compile(r"0\d")


@dataclass(slots=True)
class Points:
    """Turns the blocks of one file into features; decides by its first block which columns are numbers."""

    name: str
    header: Header
    declared: Declaration
    kind: str
    layer: str | None
    unplaced: int = 0
    repeated: int = 0
    _numeric: frozenset[int] | None = None
    _columns: Columns = field(init=False)
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._columns = Columns(self.name)

    def read(self, block: Block) -> Iterator[Features | Quarantined]:
        """Yield the features of a block in batches, and its bad rows (and cells: `part`) with their reasons."""
        if not block.cells:
            return
        if self._numeric is None:
            self._numeric = self._decide(block.cells)
        geometry, bad = self._geometry(block)
        for row, reason in bad.items():
            yield self._quarantine(block, row, reason, part=False)
        ids = self._ids(block)
        keep = np.array([i for i in range(len(block.lines)) if i not in bad], dtype=np.int64)
        for first in range(0, len(keep), BATCH):
            rows = keep[first : first + BATCH]
            picked = rows.tolist()
            attributes = self._attributes(block, picked, [ids[i] for i in picked])
            yield from self._columns.quarantined
            self._columns.quarantined.clear()
            yield Features(
                kind=self.kind,
                ids=[ids[i] for i in picked],
                geometry=geometry[rows],
                crs=self.declared.crs,
                attributes=attributes,
                lines=np.array(block.lines, dtype=np.int64)[rows],
                layer=self.layer,
            )

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be said at the end of the file."""
        yield from self._columns.findings()
        if self.unplaced:
            text = f"{self.name}: {self.unplaced} rows have blank coordinates and are stored without a place"
            yield Finding("warning", "no-place", text)
        if self.repeated:
            names = ", ".join(self.declared.id)
            text = (
                f"{self.name}: id column {names} is no key: {self.repeated} rows repeat an id and got their line added"
            )
            yield Finding("warning", "id-repeats", text)

    def _geometry(self, block: Block) -> tuple[NDArray[np.object_], dict[int, str]]:
        """Return points (n,), None where the cells are blank, and why the coordinates of rows are no numbers."""
        d, n = self.declared, len(block.lines)
        out = np.full(n, None, dtype=object)
        if not (d.x and d.y):
            return out, {}
        import shapely

        bad: dict[int, str] = {}
        axes = []
        for column in (d.x, d.y):
            place = self.header.find(column, self.name)
            numbers = self._numbers([row[place] for row in block.cells])
            bad |= {i: f"column '{column}': {why}" for i, why in numbers.bad.items()}
            axes.append(numbers.values)
        there = ~np.isnan(axes[0]) & ~np.isnan(axes[1])
        half = np.flatnonzero(np.isnan(axes[0]) ^ np.isnan(axes[1])).tolist()
        bad |= {i: "one of the two coordinates is blank" for i in half if i not in bad}
        out[there] = shapely.points(axes[0][there], axes[1][there])
        self.unplaced += n - int(there.sum()) - len(bad)
        return out, bad

    def _decide(self, rows: Sequence[Sequence[str]]) -> frozenset[int]:
        """Return which of the file's own columns are numbers: those declared, and those that all look like it."""
        d = self.declared
        numeric = {self.header.find(c, self.name) for c in d.numbers}
        fixed = numeric | {self.header.find(c, self.name) for c in d.texts}
        for i, column in enumerate(self.header.names):
            if i in fixed or _TEXT.search(column) or attribute_of(self._attribute(i)) is not None:
                continue
            cells = [cell for row in rows if (cell := row[i].strip())]
            if cells and not any(_LEADING_ZERO.match(cell) for cell in cells) and not self._numbers(cells).bad:
                numeric.add(i)
        return frozenset(numeric)

    def _numbers(self, cells: Sequence[str]) -> _numbers.Numbers:
        return _numbers.parse(cells, self.declared.decimal, self.declared.thousands, self.declared.missing)

    def _attribute(self, column: int) -> str:
        """Return the name that a column's values have in the twin."""
        given = self.declared.attributes or {}
        for name, place in self.header.places.items():
            if place == column and name in given:
                return given[name]
        name = self.header.names[column]
        return KNOWN.get(plain(name), name)

    def _attributes(self, block: Block, rows: list[int], ids: list[str]) -> dict[str, list[object]]:
        """Return the columns of `rows` that are no coordinates, in the words of the twin; bad cells are set aside."""
        d = self.declared
        skip = {self.header.find(c, self.name) for c in (d.x, d.y) if c}
        own_signs = d.decimal != "." or bool(d.thousands)
        lines = [block.lines[i] for i in rows]
        out: dict[str, list[object]] = {}
        for i, column in enumerate(self.header.names):
            if i in skip:
                continue
            name = self._attribute(i)
            name = column if name in out else name
            cells = [block.cells[row][i].strip() for row in rows]
            known = ATTRIBUTES.get(attribute_of(name) or "")
            counted = known is not None and known.type in ("number", "integer")
            numbers = self._numbers(cells) if counted or i in (self._numeric or ()) else None
            if numbers is None or (counted and numbers.bad and not own_signs):
                out[name] = [cell if cell and cell not in d.missing else None for cell in cells]
                continue
            out[name] = [None if np.isnan(v) else v for v in numbers.values.tolist()]
            for k, why in numbers.bad.items():
                self._columns.quarantined.append(
                    Quarantined(lines[k], f"column '{column}': {why}", f"{column} = {cells[k]}", ids[k], part=True)
                )
        return self._columns.tidy(out, ids, lines)

    def _ids(self, block: Block) -> list[str]:
        """Return the ids of the rows: the declared columns, else file and line; a repeated one gets its line added."""
        stem = self.name.split(".")[0]
        if not self.declared.id:
            return [f"{stem}:{line}" for line in block.lines]
        places = [self.header.find(c, self.name) for c in self.declared.id]
        out = []
        for line, row in zip(block.lines, block.cells, strict=True):
            key = "/".join(filter(None, (row[i].strip() for i in places))) or f"{stem}:{line}"
            if key in self._seen:
                self.repeated += 1
                key = f"{key}:{line}"
            self._seen.add(key)
            out.append(key)
        return out

    def _quarantine(self, block: Block, row: int, reason: str, *, part: bool) -> Quarantined:
        raw = self.header.delimiter.join(block.cells[row])
        return Quarantined(block.lines[row], reason, masked(raw), part=part)
