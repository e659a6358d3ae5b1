"""What a load has to say: every line of a file accounted for, and a word on everything that was decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError
from twin.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from twin.model.finding import Quarantined

#: findings of one code that are listed one by one; the others are counted (the quarantine names them all)
MOST_OF_A_CODE = 20


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The account of one file: lines_in = stored + quarantined + duplicate, always.

    file     as the caller named it
    reader   the room that read it
    seconds  from the first byte to the commit
    """

    file: str
    reader: str
    lines_in: int
    stored: int
    quarantined: int
    duplicate: int
    seconds: float
    findings: list[Finding] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain data, as `twin load --json` prints it."""
        return {
            "file": self.file,
            "reader": self.reader,
            "lines_in": self.lines_in,
            "stored": self.stored,
            "quarantined": self.quarantined,
            "duplicate": self.duplicate,
            "seconds": round(self.seconds, 3),
            "findings": [
                {"severity": f.severity, "code": f.code, "message": f.message, "where": f.where} for f in self.findings
            ],
        }

    def text(self, language: str = "ko") -> str:
        """Return the account in one line, Korean ("ko") or English ("en")."""
        if language == "ko":
            return (
                f"{self.file}: {self.lines_in}건 읽음 = 저장 {self.stored} + 격리 {self.quarantined}"
                f" + 중복 {self.duplicate} ({self.reader}, {self.seconds:.1f}초)"
            )
        return (
            f"{self.file}: {self.lines_in} read = {self.stored} stored + {self.quarantined} quarantined"
            f" + {self.duplicate} duplicate ({self.reader}, {self.seconds:.1f} s)"
        )


class Tally:
    """Counts what becomes of each record of a file.

    A feature, a raster and a surface are a record each. Several readings may stand on one line: the line is stored
    when any of them is, else quarantined when something of it is, else a duplicate.
    """

    def __init__(self) -> None:
        self._stored = 0
        self._duplicate = 0
        self._whole = 0
        self._readings = False
        self._lines_stored: list[NDArray[np.int64]] = []
        self._lines_duplicate: list[NDArray[np.int64]] = []
        self._lines_bad: list[int] = []

    def records(self, status: NDArray[np.int8] | Sequence[int]) -> None:
        """Count records by what the store says of each: 0 stored, 1 duplicate."""
        duplicate = int(np.count_nonzero(np.asarray(status)))
        self._duplicate += duplicate
        self._stored += len(status) - duplicate

    def readings(self, lines: NDArray[np.int64], status: NDArray[np.int8]) -> None:
        """Count the lines of readings by what the store says of each reading."""
        self._readings = True
        self._lines_stored.append(_distinct(lines[status == 0]))
        self._lines_duplicate.append(_distinct(lines[status != 0]))

    def quarantined(self, records: Sequence[Quarantined]) -> None:
        """Count what was quarantined; a part of a record does not count by itself."""
        self._whole += sum(not record.part for record in records)
        self._lines_bad.extend(record.line for record in records)

    def close(self, lines_in: int, name: str) -> tuple[int, int, int]:
        """Return stored, quarantined, duplicate.

        lines_in  records by the reader's own count
        Raises InputError when they do not add up: then nobody knows what is missing, and the file must not go in.
        """
        stored, bad, duplicate = self._stored, self._whole, self._duplicate
        if self._readings:
            good = _distinct(np.concatenate(self._lines_stored))
            flawed = _without(_distinct(np.array(self._lines_bad, dtype=np.int64)), good)
            known = _without(_without(_distinct(np.concatenate(self._lines_duplicate)), good), flawed)
            stored, bad, duplicate = stored + len(good), len(flawed), duplicate + len(known)
        if lines_in != stored + bad + duplicate:
            raise InputError(
                f"{name}: {lines_in} records were read, but {stored} stored + {bad} quarantined + {duplicate} duplicate"
                f" are {stored + bad + duplicate}; nothing of it is kept (its reader is at fault: report it)"
            )
        return stored, bad, duplicate


def _distinct(lines: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the lines once each, rising; cheap when they rise already, as they do in most files."""
    kept = lines[np.flatnonzero(np.diff(lines, prepend=lines[:1] - 1))]
    return kept if (np.diff(kept) > 0).all() else np.unique(kept)


def _without(lines: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the lines that are not among the others; both distinct."""
    return np.setdiff1d(lines, others, assume_unique=True) if len(lines) and len(others) else lines


class Remarks:
    """The findings of one file; of many with the same code some are listed and the rest counted."""

    def __init__(self) -> None:
        self._listed: list[Finding] = []
        self._of: Counter[str] = Counter()

    def add(self, finding: Finding) -> None:
        """Take a finding in."""
        self._of[finding.code] += 1
        if self._of[finding.code] <= MOST_OF_A_CODE:
            self._listed.append(finding)

    def all(self) -> list[Finding]:
        """Return what is listed, then how many more there are of each code."""
        more = [
            Finding("info", code, f"... and {n - MOST_OF_A_CODE} more findings of '{code}'")
            for code, n in self._of.items()
            if n > MOST_OF_A_CODE
        ]
        return [*self._listed, *more]


def from_first(file: str, reader: str, first: Mapping[str, object], when: str, seconds: float) -> LoadReport:
    """Return the report about a file whose bytes were loaded before: every line a duplicate.

    first  the report of that load, as `as_dict` gave it
    when   the moment of it, for the finding
    """
    lines = first.get("lines_in")
    count = lines if isinstance(lines, int) else 0
    said = Finding("info", "known-file", f"{file}: the same file was loaded {when} as {first.get('file', 'a file')}")
    return LoadReport(file, reader, count, 0, 0, count, seconds, [said])
