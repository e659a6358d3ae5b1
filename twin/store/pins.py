"""Where the journal ends, written beside the database: who cuts the end off the journal does not cut it off here.

`ledger/journal.head` holds the last row that is committed and, from before a commit until after it, the row that
will then be the last. A crash at any moment leaves a database that ends at one of the two, and nothing else does.
`ledger/journal.days` holds the last row of every day that is over, each line with the hash of the line before;
the head holds the hash of its last line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from twin.errors import InputError, TwinError
from twin.model.response.canonical import canonical, digest

FOLDER, HEAD, DAYS = "ledger", "journal.head", "journal.days"
FORMAT = "gaon-journal-head"


@dataclass(frozen=True, slots=True)
class End:
    """A row as the last one: its number and hash, and the day (UTC, ISO) it was recorded; 0: before the first row."""

    number: int
    hash: str
    day: str = ""


NOWHERE = End(-1, "")
"""Where a journal ends of which no head is written: no journal ends there."""


@dataclass(frozen=True, slots=True)
class Pin:
    """What the head says.

    end    last committed row
    after  the row that is last when the commit under way has been made; None: none is under way
    days   hash of the last line of the days, "" while there is none
    """

    end: End
    after: End | None = None
    days: str = ""

    def holds(self, number: int, hash_: str) -> bool:
        """Return whether a journal may end with this row."""
        return any(end is not None and (end.number, end.hash) == (number, hash_) for end in (self.end, self.after))


def read(folder: Path) -> Pin | None:
    """Return the head of the journal in a twin's folder, None when there is none. Raises InputError (not readable)."""
    path = folder / FOLDER / HEAD
    if not path.exists():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document.get("format") != FORMAT:
            raise InputError(f"{path}: not the head of a journal, its format is {document.get('format')!r}")
        after = document["after"]
        return Pin(_end(document["end"]), None if after is None else _end(after), str(document["days"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: the head of the journal does not read: {error}") from error


def read_days(folder: Path) -> list[Mapping[str, object]]:
    """Return the lines of the days, oldest first: day, number, hash, prev. Raises InputError (not readable)."""
    path = folder / FOLDER / DAYS
    if not path.exists():
        return []
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [{name: line[name] for name in ("day", "hash", "number", "prev")} for line in lines]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: the days of the journal do not read: {error}") from error


def write(folder: Path, pin: Pin, before: Pin | None) -> None:
    """Write the head in one go; when it begins a new day, the last row of the day before joins the days.

    before  the head that stands there now; None: none that reads

    Raises TwinError when the disk does not take it.
    """
    try:
        (folder / FOLDER).mkdir(exist_ok=True)
        days = "" if before is None else before.days
        if before is not None and before.end.number > 0 and before.end.day < pin.end.day:
            days = _close_day(folder, before.end)
        _replace(folder / FOLDER / HEAD, canonical({"format": FORMAT, **_document(replace(pin, days=days))}) + "\n")
    except OSError as error:
        raise TwinError(
            f"{folder / FOLDER}: the head of the journal cannot be written; make room and see that the folder may be"
            f" written ({error})"
        ) from error


def _close_day(folder: Path, end: End) -> str:
    """Add the last row of a day to the days, unless a crash came just after; returns the hash of the last line."""
    try:
        lines = read_days(folder)
        first = ""
    except InputError:  # the rest goes on; that this chain does not begin at the beginning shows for good
        lines, first = [], "unreadable"
    if not lines or lines[-1]["number"] != end.number:
        prev = digest(lines[-1]) if lines else first
        lines.append({"day": end.day, "hash": end.hash, "number": end.number, "prev": prev})
        _replace(folder / FOLDER / DAYS, "".join(f"{canonical(line)}\n" for line in lines))
    return digest(lines[-1])


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut may bring the old name back
    finally:
        os.close(folder)


def _document(pin: Pin) -> dict[str, object]:
    return {"after": pin.after, "days": pin.days, "end": pin.end}


def _end(document: Mapping[str, object]) -> End:
    number = document["number"]
    if not isinstance(number, int):
        raise InputError(f"number {number!r} of a head is not a whole number")
    return End(number, str(document["hash"]), str(document["day"]))
