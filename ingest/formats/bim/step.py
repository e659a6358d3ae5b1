"""What must hold of a STEP file before a library reads it, and what the library would not say if it did not.

The library accepts truncated files, duplicate ids and dangling references, and reads strings that are not ASCII as
''. So the file is looked at here as text; strings in CP949, UTF-8 or Shift_JIS are written as the escapes of ISO
10303-21 into a copy, and the library gets that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.formats.tables.encoding import NAMES, likeness
from twin.errors import InputError, RefusedError, suggest
from twin.model.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

#: bytes of an IFC file that are read at most
LARGEST = 1024**3

#: schemas the library reads, and names of the same schema that it does not know
SCHEMAS = {
    "IFC2X3": "IFC2X3", "IFC2X3_TC1": "IFC2X3", "IFC4": "IFC4", "IFC4_ADD1": "IFC4", "IFC4_ADD2": "IFC4",
    "IFC4_ADD2_TC1": "IFC4", "IFC4X3_ADD2": "IFC4X3_ADD2",
}  # fmt: skip

_END = b"END-ISO-10303-21;"
_STRING = re.compile(rb"'(?:\\S\\.|''|[^'])*'", re.DOTALL)
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)'", re.IGNORECASE)
_RECORD = re.compile(rb"#(\d+)\s*=([^;]*);")
_REFERENCE = re.compile(rb"#(\d+)")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_OCTET = re.compile(rb"\\X\\([0-9A-Fa-f]{2})|\\S\\(.)|\\\\", re.DOTALL)
_NO_NUMBER = re.compile(
    rb"[(,]\s*[+-]?(NAN|INF(?:INITY)?|\d+\.?\d*E\+?0*(?:3(?:09|[1-9]\d)|[4-9]\d\d|\d{4,}))\s*[,)]", re.IGNORECASE
)
_NOTHING = re.compile(rb",\s*,|\(\s*,|,\s*\)|;\s*;")


@dataclass(frozen=True, slots=True)
class Step:
    """A file that may be read: its bytes as ASCII, its schema, and the records that refer to what is not there."""

    text: bytes
    schema: str
    dangling: dict[int, tuple[int, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def check(path: Path, encoding: str | None = None) -> Step:
    """Return the file, made safe to read.

    encoding  of strings that are not ASCII, when the person knows it
    Raises InputError (not STEP, truncated, unknown schema, duplicate ids, numbers that are none), RefusedError.
    """
    if path.stat().st_size > LARGEST:
        raise RefusedError(f"{path.name}: {path.stat().st_size:,} bytes; an IFC file may have {LARGEST:,}")
    data = path.read_bytes()
    findings: list[Finding] = []
    if data.startswith(b"\xef\xbb\xbf"):
        findings.append(Finding("warning", "bom", f"{path.name}: a UTF-8 mark stands before ISO-10303-21; left out"))
        data = data[3:]
    _frame(path.name, data)
    schema, data = _schema(path.name, data)
    data, said = _octets_read(path.name, data, encoding)
    findings += said
    if _NOT_ASCII.search(data):
        data, finding = _escaped(path.name, data, encoding)
        findings.append(finding)
    bare = _COMMENT.sub(_blank, _STRING.sub(_blank, data))
    if (odd := _NO_NUMBER.search(bare)) is not None:
        raise InputError(f"{path.name}:{_line(data, odd.start())}: {odd[1].decode()} is no number that can be measured")
    if (gap := _NOTHING.search(bare)) is not None:
        raise InputError(f"{path.name}:{_line(data, gap.start())}: a value is missing between two separators")
    dangling = _references(path.name, bare)
    if dangling:
        some = ", ".join(f"#{n}" for n in sorted({r for refs in dangling.values() for r in refs})[:10])
        findings.append(Finding("warning", "dangling", f"{path.name}: refers to records that are not there: {some}"))
    return Step(data, schema, dangling, tuple(findings))


def _blank(found: re.Match[bytes]) -> bytes:
    """Return blanks in place of a string or comment, so that places in the text stay what they are."""
    inside = re.sub(rb"[^\n]", b" ", found[0][1:-1])
    return b" " + inside + b" " if found[0][:1] == b"/" else b"'" + inside + b"'"


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _frame(name: str, data: bytes) -> None:
    """Raise unless the file begins and ends as STEP does."""
    start = data.lstrip()[:200]
    if not start:
        raise InputError(f"{name}: the file is empty")
    if start.startswith(b"<"):
        raise InputError(f"{name}: this is XML (ifcXML?), not IFC as STEP; export it as .ifc")
    if start.startswith(b"PK"):
        raise InputError(f"{name}: this is a zip archive (ifcZIP?); unpack it first")
    if not start.startswith(b"ISO-10303-21;"):
        raise InputError(f"{name}: begins with {start[:20]!r}, not with ISO-10303-21;")
    if not data.rstrip().endswith(_END):
        raise InputError(f"{name}:{_line(data, len(data))}: cut off: END-ISO-10303-21; is missing at the end")
    if re.match(rb"ISO-10303-21;\s*(?:/\*.*?\*/\s*)*HEADER\s*;", data.lstrip()[:10_000], re.DOTALL) is None:
        raise InputError(f"{name}: has no HEADER section")


def _schema(name: str, data: bytes) -> tuple[str, bytes]:
    """Return the schema, and the file with the name by which the library knows it."""
    found = _SCHEMA.search(data[:100_000])
    if found is None:
        raise InputError(f"{name}: the header names no FILE_SCHEMA")
    schema = found[1].decode("ascii", "replace").strip().upper()
    if schema not in SCHEMAS:
        raise InputError(f"{name}: schema {schema} cannot be read; {suggest(schema, SCHEMAS)}")
    return schema, data[: found.start(1)] + SCHEMAS[schema].encode() + data[found.end(1) :]


def _escaped(name: str, data: bytes, stated: str | None) -> tuple[bytes, Finding]:
    """Return the file with its non-ASCII strings as escapes, and what was found."""
    raw = [s[0] for s in _STRING.finditer(data) if _NOT_ASCII.search(s[0])]
    coding = _coding(raw, stated) if raw else "ascii"
    if coding is None:
        at = data.index(raw[0])
        raise InputError(
            f"{name}:{_line(data, at)}: a string holds bytes that are neither UTF-8 nor CP949 nor Shift_JIS; "
            "state the encoding"
        )

    def escape(found: re.Match[bytes]) -> bytes:
        return _step(found[0].decode(coding)) if _NOT_ASCII.search(found[0]) else found[0]

    out = _NOT_ASCII.sub(b"?", _STRING.sub(escape, data))
    example = raw[0].decode(coding)[:40] if raw else ""
    text = (
        f"{name}: {len(raw)} strings are not ASCII, which IFC does not allow; read as {coding}, for instance {example}"
    )
    return out, Finding("warning", "encoding", text)


def _octets_read(name: str, data: bytes, stated: str | None) -> tuple[bytes, list[Finding]]:
    r"""Return the file with names whose bytes stand in it as \X\8A or \S\z, which the standard means for Latin-1 only.

    Japanese and Korean tools write double-byte text so. It is told from Latin-1 by control characters that no name
    has, or by reading as plain Korean; a file that only means ä and é stays as it is.
    """
    raw = [_octets(s[0]) for s in _STRING.finditer(data) if _high(s[0])]
    joined = b"".join(raw)
    coding = _coding(raw, stated) if raw else None
    if coding is None or not (re.search(rb"[\x80-\x9f]", joined) or likeness(joined, coding) > 0.9):
        return data, []

    def rewrite(found: re.Match[bytes]) -> bytes:
        return _step(_octets(found[0]).decode(coding).replace("\\", "\\\\")) if _high(found[0]) else found[0]

    text = f"{name}: {len(raw)} strings hold {coding} bytes as Latin-1 escapes; read as {raw[0].decode(coding)[:40]}"
    return _STRING.sub(rewrite, data), [Finding("warning", "encoding", text)]


def _high(text: bytes) -> bool:
    return any(m[2] or (m[1] and m[1] >= b"80") for m in _OCTET.finditer(text)) and b"\\X2\\" not in text


def _octets(text: bytes) -> bytes:
    r"""Return a string with its \X\ and \S\ escapes as the bytes they stand for."""
    return _OCTET.sub(lambda m: bytes([int(m[1], 16)]) if m[1] else bytes([m[2][0] | 0x80]) if m[2] else b"\\", text)


def _coding(raw: list[bytes], stated: str | None) -> str | None:
    """Return the coding in which all strings can be read, the one they look like when there are several."""
    if stated is not None and NAMES.get(stated.lower()) is None:
        raise InputError(f"encoding '{stated}' is not known; {suggest(stated.lower(), NAMES)}")
    if stated:
        coding = NAMES[stated.lower()]
        return coding if all(_decodes(s, coding) for s in raw) else None
    if all(_decodes(s, "utf-8") for s in raw):
        return "utf-8"
    fitting = [coding for coding in ("cp949", "cp932") if all(_decodes(s, coding) for s in raw)]
    best = max(fitting, key=lambda coding: likeness(b"".join(raw), coding), default=None)
    return best if best is not None and likeness(b"".join(raw), best) >= 0.5 else None


def _decodes(raw: bytes, coding: str) -> bool:
    try:
        raw.decode(coding)
    except UnicodeDecodeError:
        return False
    return True


def _step(text: str) -> bytes:
    r"""Return a string of STEP in ASCII: what is not, as \X2\...\X0\ or \X4\...\X0\."""

    def code(found: re.Match[str]) -> str:
        wide = max(found[0]) > "\uffff"
        return ("\\X4\\" if wide else "\\X2\\") + "".join(f"{ord(c):0{8 if wide else 4}X}" for c in found[0]) + "\\X0\\"

    return re.sub(r"[^\x00-\x7f]+", code, text).encode("ascii")


def _references(name: str, bare: bytes) -> dict[int, tuple[int, ...]]:
    """Return the records that refer to records that are not there: id -> what they miss. Duplicate ids raise."""
    known: set[int] = set()
    twice: list[int] = []
    held: list[tuple[int, bytes]] = []
    for found in _RECORD.finditer(bare):
        number = int(found[1])
        if number in known or number == 0:
            twice.append(number)
        known.add(number)
        held.append((number, found[2]))
    if twice:
        some = ", ".join(f"#{n}" for n in twice[:10])
        raise InputError(f"{name}: ids that stand twice or cannot be: {some}; which record counts is open")
    return {n: missing for n, body in held if (missing := _missing(_REFERENCE.findall(body), known))}


def _missing(references: Iterable[bytes], known: set[int]) -> tuple[int, ...]:
    return tuple(n for n in map(int, references) if n not in known)
