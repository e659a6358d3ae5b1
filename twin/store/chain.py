"""The chain of the journal: the hash of a row, and what is wrong with rows that shall be a chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from twin.errors import InputError
from twin.model.response.canonical import digest
from twin.store.coding import aware

GENESIS = "0" * 64
"""What stands for the row before the first."""

BREAK = "break"
"""Kind of the row which the journal itself adds when it does not end where its head says it does."""

#: flaws that are listed one by one; more are only counted
LISTED = 50

_TIMES = ("event_at", "recorded_at")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is wrong with the journal.

    code    edited, link, missing, order, break: of rows; cut, beyond, head_missing, head_unreadable, head_foreign,
            days: of what is kept beside the database; auditor: of the hash an auditor brought
    number  of the row, 0: of none
    """

    code: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found.

    rows, number, hash  how many there are, and the last one
    flaws               the first `LISTED` of them;  flawed  how many there are in all
    pending             whether a crash came between the last commit and its head; the next row settles it
    """

    rows: int
    number: int
    hash: str
    flaws: tuple[Flaw, ...] = ()
    flawed: int = 0
    pending: bool = False

    @property
    def intact(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.flawed


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 over the canonical JSON of a row of the table `journal`, all columns but `row_hash`.

    Documents in the row count as the text that is stored, so that a blank more is an edit too. Raises InputError.
    """
    plain = {name: value for name, value in row.items() if name != "row_hash"}
    for name in _TIMES:
        plain[name] = aware(plain[name])
    return digest(plain)


class Walk:
    """One walk over the rows in the order of their numbers, keeping what is wrong and the hashes asked for."""

    def __init__(self) -> None:
        self.rows = 0
        self.number = 0
        self.hash = GENESIS
        self.hashes: dict[int, str] = {}
        self.flaws: list[Flaw] = []
        self.flawed = 0

    def flaw(self, code: str, number: int, text: str) -> None:
        """Note a flaw."""
        self.flawed += 1
        if len(self.flaws) < LISTED:
            self.flaws.append(Flaw(code, number, text))

    def over(self, rows: Iterable[Mapping[str, Any]], wanted: frozenset[int]) -> None:
        """Walk over rows; hashes of the numbers in `wanted` are kept."""
        for row in rows:
            self.rows += 1
            for code, text in self._wrong(row):
                self.flaw(code, row["number"], text)
            self.number, self.hash = row["number"], row["row_hash"]
            if self.number in wanted:
                self.hashes[self.number] = self.hash

    def _wrong(self, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        number, due = row["number"], self.number + 1
        if number > due:
            missing = f"row {due} is" if number == due + 1 else f"rows {due} to {number - 1} are"
            yield "missing", f"{missing} not there"
        elif number < due:
            yield "order", f"row {number} stands where row {due} should"
        if row["prev_hash"] != self.hash:
            yield "link", f"row {number} does not follow the row before it"
        try:
            found = row_hash(row)
        except (InputError, ValueError, TypeError, AttributeError) as error:
            yield "edited", f"row {number} holds what no row holds: {error}"
        else:
            if found != row["row_hash"]:
                yield "edited", f"row {number} was changed after it was written"
        if row["kind"] == BREAK:
            yield BREAK, f"before row {number} the journal did not end where its head said: {row['content']}"
