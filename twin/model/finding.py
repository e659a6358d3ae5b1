"""What a reader or a check has to say besides data. Nothing is repaired, dropped or assumed in silence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark about a file: `severity` is info, warning or error; `code` a short stable word; `where` a line or id."""

    severity: str
    code: str
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that was not stored: its place in the file, why, and its raw text (10 kB of it) to mend.

    part  True when only a piece of the record is bad (a cell of a row): the rest of the record is stored, and
          the record itself does not count as quarantined
    """

    line: int
    reason: str
    raw: str
    id: str = ""
    part: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """The end of a file: how many records it held, by the reader's own count. `unit` names what was counted."""

    lines: int
    unit: str
