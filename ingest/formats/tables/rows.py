"""A delimited text file cut into rows; every line of it is accounted for, as a row or as bad with its reason."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twin.model.finding import Quarantined

if TYPE_CHECKING:
    from pathlib import Path

#: characters of a bad record that are kept
RAW = 10_000
#: rows in one block
BLOCK = 50_000

DELIMITERS = (",", "\t", ";", "|")

#: a resident registration number: birth date, a dash, a digit for century and sex, six more
_RESIDENT = re.compile(r"(?<!\d)(\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-)[1-8]\d{6}(?!\d)")
_DASHED = re.compile(r"-[1-8]\d{6}(?!\d)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?[.,]?\d*(?:[eE][+-]?\d+)?")


@dataclass(slots=True)
class Block:
    """Rows that stand one after the other: `lines` where each begins, `cells` by row; and what was no row."""

    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    bad: list[Quarantined] = field(default_factory=list)


def masked(text: str) -> str:
    """Return `text` with resident registration numbers covered, cut to what is kept of a bad record."""
    return _RESIDENT.sub(r"\1*******", text)[:RAW]


def holds_resident_number(text: str) -> bool:
    """Return whether a resident registration number stands in `text`."""
    return "-" in text and _RESIDENT.search(text) is not None


def looks_like_number(text: str) -> bool:
    """Return whether `text` is a number in any of the ways people write one, thousands marks and decimal commas too."""
    return any(c.isdigit() for c in text) and _NUMBER.fullmatch(text.strip()) is not None


def delimiter_of(lines: Sequence[str]) -> str:
    """Return the delimiter of a file by its first lines: the one that cuts most as it cuts the first."""

    def score(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        return (counts.count(counts[0]), counts[0]) if counts and counts[0] > 1 else (0, 0)

    return max(DELIMITERS, key=score)


class _Lines(Iterator[str]):
    """Lines of a file that remember what was read since `start`, so that a bad record can be shown as it stands."""

    def __init__(self, lines: Iterable[str], before: int) -> None:
        self._lines = iter(lines)
        self.read = before
        self.since: list[str] = []

    def __next__(self) -> str:
        line = next(self._lines)
        self.read += 1
        self.since.append(line)
        return line


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is cut: `width` cells in a row; `secret` columns that may hold nothing (resident numbers)."""

    encoding: str
    delimiter: str
    width: int
    secret: tuple[int, ...] = ()


def blocks(path: Path, form: Form, skip: int) -> Iterator[Block]:
    """Yield the rows of a file in blocks; `skip` lines come before the first row of data.

    Blank lines are no rows; rows with more or fewer cells are bad. Where a quote is not closed, every line from
    there on is bad: what stands where can no longer be told. Rows with a resident registration number, a NUL or an
    undecodable byte are bad too.
    """
    with path.open(encoding=form.encoding, errors="surrogateescape", newline="") as file:
        number = sum(1 for _ in itertools.islice(file, skip))
        while batch := list(itertools.islice(file, BLOCK)):
            rows = _clean(batch, form)
            if rows is not None:
                yield Block(list(range(number + 1, number + len(rows) + 1)), rows)
                number += len(rows)
                continue
            lines = _Lines(itertools.chain(batch, file), number)
            yield from _one_by_one(lines, form, number + len(batch))
            number = lines.read


def _clean(batch: list[str], form: Form) -> list[list[str]] | None:
    """Return the rows of lines that hold nothing to complain of, one row a line; None when a closer look is needed."""
    text = "".join(batch)
    if form.secret or "\0" in text or _DASHED.search(text) or not (text.isascii() or _encodes(text)):
        return None
    try:
        rows = list(csv.reader(batch, delimiter=form.delimiter, strict=True))
    except csv.Error:
        return None
    return rows if len(rows) == len(batch) and set(map(len, rows)) == {form.width} else None


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _one_by_one(lines: _Lines, form: Form, end: int) -> Iterator[Block]:
    """Yield the rows up to line `end`, and to the end of the record that stands there, each looked at by itself."""
    block = Block()
    for found in _records(lines, form.delimiter):
        if isinstance(found, Quarantined):
            block.bad.append(found)
        else:
            start, row = found
            reason = _fault(row, lines.since, form)
            if reason is None:
                block.lines.append(start)
                block.cells.append(row)
            elif reason:
                block.bad.append(_bad(start, reason, lines.since, [row[i] for i in form.secret if i < len(row)]))
        lines.since.clear()
        if len(block.lines) + len(block.bad) >= BLOCK:
            yield block
            block = Block()
        if lines.read >= end and not isinstance(found, Quarantined):
            break
    yield block


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]] | Quarantined]:
    """Yield each record with its first line, or what could not be cut into cells."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.read + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            if lines.read == start and "end of data" not in str(error):
                yield _bad(start, f"cannot be cut into cells ({error})", lines.since)
                continue
            reason = f"a quote that opens in line {start} is not closed"
            for number, line in enumerate(itertools.chain(list(lines.since), lines), start):
                if line.strip():
                    yield _bad(number, reason, [line])
            return
        if row is None:
            return
        yield start, row


def _fault(row: list[str], raw: list[str], form: Form) -> str | None:
    """Return why a row is bad, "" when it is a blank line, None when it is good."""
    if len(row) != form.width:
        return "" if not "".join(raw).strip() else f"{len(row)} cells where the header has {form.width}"
    text = raw[0] if len(raw) == 1 else "".join(raw)
    if holds_resident_number(text) or any(row[i].strip() for i in form.secret):
        return "a resident registration number (주민등록번호) may not enter the twin"
    if "\0" in text:
        return "a NUL character"
    if not text.isascii() and any("\udc80" <= c <= "\udcff" for c in text):
        return "a byte that does not belong to the encoding of the file"
    return None


def _bad(line: int, reason: str, raw: Iterable[str], hidden: Iterable[str] = ()) -> Quarantined:
    text = "".join(raw).rstrip("\r\n").encode("utf-8", "backslashreplace").decode()
    for cell in filter(None, hidden):
        text = text.replace(cell, "*******")
    return Quarantined(line, reason, masked(text))
