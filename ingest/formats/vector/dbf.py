"""Which character coding a shapefile's table is in: what the .cpg says, what the .dbf says, a person, its bytes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.formats.tables.encoding import NAMES, likeness
from twin.errors import InputError, suggest
from twin.model.finding import Finding

#: language driver ids that name a coding; 0x00 (none) and 0x57 ("ANSI", whatever the writer's machine had) do not
LANGUAGE_DRIVERS = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x4D: "cp936", 0x4E: "cp949", 0x4F: "cp950",
    0x64: "cp852", 0x65: "cp866", 0x78: "cp950", 0x79: "cp949", 0x7A: "cp936", 0x7B: "cp932", 0xC8: "cp1250",
    0xC9: "cp1251",
}  # fmt: skip

#: rows that are looked at when the coding must be told by content
SAMPLE_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Coding:
    """A coding as Python names it, and what is to be said about how it was found (None: nothing)."""

    name: str
    finding: Finding | None = None


def beside(path: Path, suffix: str) -> Path | None:
    """Return the file with the same stem and this suffix in any case, None when it is not there."""
    wanted = (path.stem + suffix).lower()
    return next((p for p in sorted(path.parent.iterdir()) if p.name.lower() == wanted and p.is_file()), None)


def coding(path: Path, stated: str | None) -> Coding:
    """Return the coding of the text in the .dbf beside a .shp.

    stated  what a person says, used where the file says nothing or says what cannot be
    Raises InputError when nothing is said and the bytes fit neither UTF-8 nor CP949 nor Shift_JIS.
    """
    table = beside(path, ".dbf")
    if table is None:
        return Coding(
            "utf-8", Finding("warning", "no-table", f"{path.name}: there is no .dbf beside it, so no attributes")
        )
    with table.open("rb") as file:
        head = file.read(32)
    given = _lookup(stated, path) if stated else None
    said, where = None, ""
    page = beside(path, ".cpg")
    if page is not None:
        word = page.read_text("latin-1").strip()
        said, where = _python_name(word), f"{page.name} says {word}"
    if said is None and len(head) == 32 and head[29] in LANGUAGE_DRIVERS:
        said, where = LANGUAGE_DRIVERS[head[29]], f"{table.name} says language driver 0x{head[29]:02X}"
    if said is not None and (given is None or given == said):
        return _stated(table, said, where)
    if given is not None:
        return _given(table, given, said, where)
    return _by_content(table)


def _stated(table: Path, said: str, where: str) -> Coding:
    """Return what the file says about itself, if its bytes bear it."""
    if _fits(table, said):
        return Coding(said, Finding("info", "encoding", f"{table.name}: read as {said}, because {where}"))
    raise InputError(
        f"{table.name}: {where}, but its text is not {said}; state the encoding (known: cp949, cp932, utf-8, cp1252)"
    )


def _given(table: Path, given: str, said: str | None, where: str) -> Coding:
    """Return what a person says; against the file's own word only where that cannot be."""
    if said is not None and _fits(table, said):
        message = f"{table.name}: read as {said}, because {where}; the stated {given} was not used"
        return Coding(said, Finding("warning", "encoding", message))
    if not _fits(table, given):
        raise InputError(f"{table.name}: its text is not {given}, as was stated")
    against = f", though {where}" if said else ""
    return Coding(given, Finding("info", "encoding", f"{table.name}: read as {given}, as stated{against}"))


def _by_content(table: Path) -> Coding:
    """Return the coding that the bytes show; where two fit, the one whose characters people write, and say so."""
    sample = b"\n".join(_texts(table))
    if sample.isascii():
        return Coding("utf-8")
    fitting = [name for name in ("utf-8", "cp949", "cp932") if _fits(table, name)]
    if not fitting:
        raise InputError(
            f"{table.name}: says nothing of its encoding and its text is neither UTF-8 nor CP949 nor Shift_JIS;"
            " state it or put a .cpg file beside it"
        )
    best = fitting[0] if fitting[0] == "utf-8" else max(fitting, key=lambda name: likeness(sample, name))
    others = [name for name in fitting if name != best]
    also = f", though {' and '.join(others)} would decode it too" if others and best != "utf-8" else ""
    message = f"{table.name}: says nothing of its encoding; read as {best} by its content{also}"
    return Coding(best, Finding("info" if best == "utf-8" else "warning", "encoding", message))


def _python_name(word: str) -> str | None:
    """Return Python's name for what a .cpg says ("949", "EUC-KR", "ANSI 949", "UTF-8"), None when it is not known."""
    plain = word.strip().lower()
    if plain in NAMES:
        return NAMES[plain].removesuffix("-sig")
    number = re.search(r"\d{3,5}$", plain)
    tries = [plain, f"cp{number.group()}" if number else "", f"iso-{plain}"]
    if number and number.group() in {"949", "51949"}:
        return "cp949"
    for name in filter(None, tries):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return None


def _lookup(stated: str, path: Path) -> str:
    name = _python_name(stated)
    if name is None:
        raise InputError(f"{path.name}: encoding '{stated}' is not known; {suggest(stated.lower(), NAMES)}")
    return name


def _texts(table: Path) -> Iterator[bytes]:
    """Yield the names of the fields and the text of the first rows, byte for byte."""
    with table.open("rb") as file:
        head = file.read(32)
        rows = int.from_bytes(head[4:8], "little")
        header, width = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
        places, at = [], 1
        for _ in range(max(0, header - 33) // 32):
            field = file.read(32)
            if len(field) < 32 or field[0] == 0x0D:
                break
            yield field[:11].split(b"\0")[0]
            if field[11:12] in {b"C", b"V"}:
                places.append((at, at + field[16]))
            at += field[16]
        file.seek(header)
        for _ in range(min(rows, SAMPLE_ROWS)):
            row = file.read(width)
            if len(row) < width:
                return
            for a, b in places:
                yield row[a:b].rstrip(b" \0")


def _fits(table: Path, name: str) -> bool:
    """Return whether every text of the table is in coding `name`; a character cut at a field's end is forgiven."""
    return all(text.isascii() or decode(text, name) is not None for text in _texts(table))


def decode(text: bytes, name: str) -> str | None:
    """Return `text` in coding `name` without a character that its field cut in two; None when it is not in it."""
    try:
        return text.decode(name)
    except UnicodeDecodeError as error:
        if error.start >= len(text) - 3 and error.reason in {"incomplete multibyte sequence", "unexpected end of data"}:
            return text[: error.start].decode(name)
        return None
