"""The text of SWMM input files: sections of rows of words, comments behind a semicolon."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

from twin.errors import InputError

FEET = 0.3048
"""m; SWMM's lengths are feet with the flow units of the United States, metres with the others."""

AMERICAN, METRIC = ("CFS", "GPM", "MGD"), ("CMS", "LPS", "MLD")

#: sections whose content is taken, or says nothing about the network itself
SECTIONS = {
    "TITLE", "OPTIONS", "JUNCTIONS", "OUTFALLS", "STORAGE", "DIVIDERS", "CONDUITS", "XSECTIONS", "COORDINATES",
    "VERTICES", "CURVES", "REPORT", "MAP", "TAGS", "BACKDROP", "PROFILES", "LABELS", "SYMBOLS",
}  # fmt: skip

#: characters of a line
LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a section: its words, its line in the file, and its text."""

    words: tuple[str, ...]
    line: int
    text: str

    def number(self, at: int) -> float | None:
        """Return the word at a position as a number, None where there is none."""
        if at >= len(self.words):
            return None
        try:
            value = float(self.words[at])
        except ValueError:
            return None
        return value if math.isfinite(value) else None


@dataclass(slots=True)
class Sections:
    """The rows of a file by section, in capitals.

    metres  what a length of the file is multiplied by
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    metres: float = 1.0

    @classmethod
    def read(cls, path: Path, encoding: str | None = None) -> Sections:
        """Return the sections of a file. Raises InputError when it is no text, or a row stands before any section."""
        found = cls()
        section: list[Row] | None = None
        try:
            with path.open(encoding=encoding or "utf-8-sig") as file:
                for number, line in enumerate(file, 1):
                    if len(line) > LONGEST or "\0" in line:
                        raise InputError(f"{path.name}:{number}: is no line of a SWMM input file")
                    words = line.split(";", 1)[0].split()
                    if not words:
                        continue
                    if words[0].startswith("["):
                        section = found.rows.setdefault(words[0].strip("[]").upper(), [])
                    elif section is None:
                        raise InputError(f"{path.name}:{number}: '{words[0][:40]}' stands before the first [SECTION]")
                    else:
                        section.append(Row(tuple(w.strip('"') for w in words), number, line.strip()[:10_000]))
        except UnicodeDecodeError as error:
            raise InputError(f"{path.name}: is not text ({error.reason} at byte {error.start})") from error
        units = found.option("FLOW_UNITS", "CFS")
        if units not in (*AMERICAN, *METRIC):
            raise InputError(f"{path.name}: FLOW_UNITS {units} are not known; known: {', '.join((*AMERICAN, *METRIC))}")
        found.metres = FEET if units in AMERICAN else 1.0
        return found

    def option(self, name: str, default: str) -> str:
        """Return the value of an option in capitals, as SWMM itself would take it where it is not given."""
        for row in self.rows.get("OPTIONS", ()):
            if row.words[0].upper() == name and len(row.words) > 1:
                return row.words[1].upper()
        return default


def conduit_size(row: Row | None, unit: float) -> dict[str, object]:
    """Return profile, diameter, height and width of a conduit in m; of closed boxes the circle of equal area."""
    if row is None or len(row.words) < 3:
        return {}
    shape, high, wide = row.words[1].upper(), row.number(2), row.number(3)
    found: dict[str, object] = {"profile": shape.lower()}
    if high is None:
        return found
    if shape in {"CIRCULAR", "FORCE_MAIN"}:
        return found | {"diameter": high * unit}
    found |= {"height": high * unit} | ({"width": wide * unit} if wide else {})
    if shape == "RECT_CLOSED" and wide:
        found["diameter"] = math.sqrt(4 * high * wide / math.pi) * unit
    return found


def storage_area(row: Row, sections: Sections) -> float | None:
    """Return the plan area of a storage in m2: the constant of its function, or the mean of its curve."""
    square = sections.metres**2
    kind = row.words[4].upper() if len(row.words) > 4 else ""
    if kind == "FUNCTIONAL":
        factor, constant = row.number(5), row.number(7)
        return constant * square if constant is not None and not factor else None
    if kind == "TABULAR" and len(row.words) > 5:
        values: list[float] = []
        for line in sections.rows.get("CURVES", ()):
            if line.words[0] == row.words[5]:
                start = 2 if len(line.words) > 1 and line.number(1) is None else 1
                numbers = [line.number(k) for k in range(start, len(line.words))]
                values += [v for v in numbers[1::2] if v is not None]
        return sum(values) / len(values) * square if values else None
    return None
