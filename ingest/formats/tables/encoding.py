"""Which character coding a text file is in: by its mark, by strict decoding, and where two fit, by its content."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.errors import InputError, suggest
from twin.model.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

#: marks at the start of a file, longest first, and the coding that reads past them
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

#: names people write for a coding -> the one that reads all such files (euc_kr refuses 뷁 and 똠)
NAMES = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "utf16": "utf-16",
    "cp949": "cp949", "euc-kr": "cp949", "euckr": "cp949", "euc_kr": "cp949", "windows-949": "cp949", "ms949": "cp949",
    "uhc": "cp949", "ksc5601": "cp949", "cp932": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "latin-1": "latin-1", "latin1": "latin-1", "iso-8859-1": "latin-1", "cp1252": "cp1252",
}  # fmt: skip

_PIECE = 1 << 20
_KANA = re.compile("[ぁ-ゖァ-ヺー一-龯々]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` as Python knows it, and what is to be said about how it was found."""

    name: str
    finding: Finding


def detect(path: Path, stated: str | None = None) -> Encoding:
    """Return the coding of a text file: the stated one, else the one that its bytes show.

    Raises InputError when the file is empty, when the mark at its start denies what was stated, or when its
    bytes are neither UTF-8 nor CP949 nor Shift_JIS (it names the first line that is not).
    """
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise InputError(f"{path.name}: the file is empty")
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    if stated is not None:
        name = NAMES.get(stated.lower())
        if name is None:
            raise InputError(f"{path.name}: encoding '{stated}' is not known; {suggest(stated.lower(), NAMES)}")
        if marked is not None and name.removesuffix("-sig") != marked.removesuffix("-sig"):
            raise InputError(f"{path.name}: declared as {name}, but the mark at its start says {marked}")
        return Encoding(
            marked or name, Finding("info", "encoding", f"{path.name}: read as {marked or name}, as stated")
        )
    if marked is not None:
        if (line := _undecodable(path, marked)) is not None:
            raise InputError(f"{path.name}:{line}: not {marked}, though the mark at the start of the file says so")
        return Encoding(marked, Finding("info", "encoding", f"{path.name}: read as {marked}, as its mark says"))
    bad = _undecodable(path, "utf-8")
    if bad is None:
        return Encoding("utf-8", Finding("info", "encoding", f"{path.name}: read as utf-8"))
    return _asian(path, bad)


def _asian(path: Path, bad: int) -> Encoding:
    """Return CP949 or Shift_JIS for a file that is not UTF-8 from line `bad` on."""
    fitting = [name for name in ("cp949", "cp932") if _undecodable(path, name) is None]
    if not fitting:
        raise InputError(
            f"{path.name}:{bad}: bytes that are neither UTF-8 nor CP949 nor Shift_JIS; "
            "save the file as UTF-8 or state its encoding"
        )
    with path.open("rb") as file:
        sample = file.read(_PIECE)
    best = max(fitting, key=lambda name: likeness(sample, name))
    known = f"{path.name}: not UTF-8 (line {bad}); read as {best}"
    if likeness(sample, best) < 0.5:
        raise InputError(
            f"{path.name}:{bad}: not UTF-8, and read as {best} it does not look like Korean or Japanese; "
            "state its encoding"
        )
    if len(fitting) == 1:
        return Encoding(best, Finding("info", "encoding", known))
    other = "cp932" if best == "cp949" else "cp949"
    return Encoding(best, Finding("warning", "encoding", f"{known} by its content, though {other} would decode it too"))


def likeness(sample: bytes, name: str) -> float:
    """Return the share 0..1 of the non-ASCII characters of `sample` that people really write in that coding.

    CP949 holds 8,822 rare syllables outside the 2,350 of KS X 1001; Japanese bytes read as CP949 fall among them,
    and Korean bytes read as Shift_JIS become half-width katakana.
    """
    text = sample.decode(name, "ignore")
    strange = [c for c in text if c > "\x7f"]
    if not strange:
        return 0.0
    if name == "cp949":
        common = sum(1 for c in strange if not _KANA.match(c) and _is_common(c))
    else:
        common = sum(1 for c in strange if _KANA.match(c))
    return common / len(strange)


def _is_common(sign: str) -> bool:
    """Return whether a syllable or sign is one of KS X 1001."""
    try:
        return len(sign.encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False


def _undecodable(path: Path, name: str) -> int | None:
    """Return the first line, counted from 1, that is not in coding `name`; None when all are."""
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            try:
                line += decoder.decode(piece, final=not piece).count("\n")
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            if not piece:
                return None
