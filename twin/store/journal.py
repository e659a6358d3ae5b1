"""The journal: what was seen, proposed, decided and done, by whom and why; rows are added and never changed.

Each row carries the hash of the row before it. Where the journal ends is pinned outside the database
(`twin.store.pins`). Who can write both can forge both: only a head that somebody else has kept finds that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twin.errors import InputError, UsageError, suggest
from twin.model.response.canonical import canonical, digest
from twin.store import pins
from twin.store.chain import BREAK, GENESIS, Verdict, Walk, row_hash
from twin.store.coding import aware, naive_utc, pack, unpack
from twin.store.pins import NOWHERE, End, Pin

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from twin.store.database import Database

ACTORS = ("agent", "person", "system", "exercise")

_COLUMNS = (
    "number", "prev_hash", "row_hash", "event_at", "recorded_at", "run", "actor_kind", "actor", "actor_version", "kind",
    "inputs", "decision", "reasons", "policy", "policy_hash", "effect", "approvals", "content",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM journal"  # noqa: S608 - our own column names
_TYPES = ("BIGINT", "VARCHAR", "VARCHAR", "TIMESTAMP", "TIMESTAMP", *["VARCHAR"] * (len(_COLUMNS) - 5))
#: columns as lists: many times faster than row by row
_INSERT = f"INSERT INTO journal SELECT {', '.join(f'unnest(?::{kind}[])' for kind in _TYPES)}"
_HASH = re.compile(r"[0-9a-f]{64}")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it.

    kind     agent, person, system or exercise (a role player)
    id       name of the agent, of the service, or the sign of a person
    version  of the agent or the program; the role of a person
    """

    kind: str
    id: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. What is documents here takes all that `canonical` takes.

    kind       perceive, propose, refuse, decide ...: a word of the caller's
    event      aware moment when it was so; None: when it is recorded
    run        id of the run it belongs to, "" for none
    inputs     id -> hash of what it rests on
    decision   what was decided, "" where nothing was
    reasons    with their codes
    policy, policy_hash  version and hash of the policy in force
    effect     with its interval
    approvals  who approved, in their order
    content    the thing itself
    """

    kind: str
    actor: Actor
    event: datetime | None = None
    run: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    decision: str = ""
    reasons: Sequence[object] = ()
    policy: str = ""
    policy_hash: str = ""
    effect: object = None
    approvals: Sequence[object] = ()
    content: object = None


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it stands in the journal, its documents as JSON gives them back (tuples as lists)."""

    number: int
    prev_hash: str
    row_hash: str
    recorded: datetime
    entry: Entry


class JournalRoom:
    """The journal of a city.

    clock  gives the moment of recording
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def append(self, *entries: Entry) -> list[Row]:
        """Add entries in their order, all or none, and return their rows.

        Inside a transaction of this thread they become part of it. Raises UsageError (kind of actor, a kind that is
        the journal's own, a time without zone), InputError (what canonical JSON does not hold), TwinError (disk).
        """
        for entry in entries:
            if entry.kind == BREAK:
                raise UsageError(f"entries of kind '{BREAK}' are written by the journal itself; choose another word")
            if entry.actor.kind not in ACTORS:
                raise UsageError(f"actor kind '{entry.actor.kind}' is not known; {suggest(entry.actor.kind, ACTORS)}")
        if not entries:
            return []
        recorded = naive_utc(self._clock())
        with self._database.change() as cursor:
            last, pin, broken = self._end(cursor)
            rows = _chained([*broken, *entries], last, recorded)
            cursor.execute(_INSERT, [[row[name] for row in rows] for name in _COLUMNS])
            self._pin(rows[-1], last, pin, broken=bool(broken))
        return [_row(row) for row in rows[len(broken) :]]

    def read(self, run: str | None = None, kinds: Sequence[str] | None = None, after: int = 0) -> list[Row]:
        """Return rows in the order of their numbers.

        run    of this run; None: of all;  kinds  of these kinds;  after  with greater numbers
        """
        where, values = ["number > ?"], list[object]((after,))
        if run is not None:
            where.append("run = ?")
            values.append(pack(run))
        if kinds is not None:
            where.append("list_contains(?::VARCHAR[], kind)")
            values.append([pack(kind) for kind in kinds])
        query = f"{_SELECT} WHERE {' AND '.join(where)} ORDER BY number"  # ours but for the values
        with self._database.look() as cursor:
            return [_row(row) for row in _rows(cursor.execute(query, values))]

    def course(self, run: str) -> str:
        """Return a hash over what happened in a run, without numbers, run id and moments of recording.

        The same scenario with the same decisions gives the same course on every machine, if all its entries say
        when they were so.
        """
        return digest([(row.entry.event, digest(_documents(row.entry, run=""))) for row in self.read(run)])

    def verify(self, head: str | None = None) -> Verdict:
        """Return what is wrong with the journal: edits, deletions, rows out of order, a cut end, a head of another.

        head  row hash that an auditor has kept; it must be the hash of a row here

        Raises UsageError when `head` is not a hash.
        """
        if head is not None and not _HASH.fullmatch(head):
            raise UsageError(f"head {head!r} is not a row hash: 64 digits 0-9 and a-f")
        walk = Walk()
        pin, days = self._beside(walk)
        wanted = frozenset({number for line in days if isinstance(number := line["number"], int)})
        if pin is not None:
            wanted |= {pin.end.number}
        with self._database.look() as cursor:
            walk.over(_rows(cursor.execute(f"{_SELECT} ORDER BY number, row_hash")), wanted)
            kept = head is None or cursor.execute("SELECT 1 FROM journal WHERE row_hash = ?", [head]).fetchall()
        pending = _hold_against_pin(walk, pin)
        _hold_against_days(walk, pin, days)
        if not kept:
            walk.flaw("auditor", 0, f"no row has the hash {head} that was kept elsewhere")
        return Verdict(walk.rows, walk.number, walk.hash, tuple(walk.flaws), walk.flawed, pending)

    def _end(self, cursor: DuckDBPyConnection) -> tuple[End, Pin | None, list[Entry]]:
        """Return the last row, the head that stands beside, and the row to add when the two do not go together."""
        rows = cursor.execute(
            "SELECT number, row_hash, recorded_at FROM journal ORDER BY number DESC, row_hash DESC LIMIT 1"
        ).fetchall()
        last = End(rows[0][0], rows[0][1], _day(rows[0][2])) if rows else End(0, GENESIS)
        try:
            pin = pins.read(self._database.folder)
        except InputError as error:
            return last, None, [_break(last, str(error))]
        if pin is None:
            return last, None, [_break(last, "no head")] if rows else []
        return last, pin, [] if pin.holds(last.number, last.hash) else [_break(last, pin)]

    def _pin(self, row: Mapping[str, Any], last: End, pin: Pin | None, *, broken: bool) -> None:
        """Announce the new last row beside the database, and have it pinned after the commit."""
        new = End(row["number"], row["row_hash"], _day(row["recorded_at"]))
        if broken:  # if this commit is not made, the break must still be seen
            base = NOWHERE if pin is None else pin.end
        elif pin is not None and self._database.awaits("journal"):  # `last` is not committed either
            base = pin.end
        else:
            base = last
        folder = self._database.folder
        announced = Pin(base, new)
        pins.write(folder, announced, pin)
        self._database.after_commit("journal", lambda: pins.write(folder, Pin(new), pins.read(folder)))

    def _beside(self, walk: Walk) -> tuple[Pin | None, list[Mapping[str, object]]]:
        """Return head and days; what does not read becomes a flaw."""
        pin, days = None, []
        try:
            pin = pins.read(self._database.folder)
        except InputError as error:
            walk.flaw("head_unreadable", 0, str(error))
        try:
            days = pins.read_days(self._database.folder)
        except InputError as error:
            walk.flaw("days", 0, str(error))
        return pin, days


def _hold_against_pin(walk: Walk, pin: Pin | None) -> bool:
    """Note how the journal's end differs from its head; returns whether a crash came just before the head."""
    if pin is None:
        if walk.rows and not any(flaw.code == "head_unreadable" for flaw in walk.flaws):
            walk.flaw("head_missing", 0, f"there are {walk.rows} rows, but no {pins.FOLDER}/{pins.HEAD}")
        return False
    if (walk.number, walk.hash) == (pin.end.number, pin.end.hash):
        return False
    if pin.holds(walk.number, walk.hash):
        return True
    if walk.number < pin.end.number:
        walk.flaw("cut", walk.number, f"the journal ends at row {walk.number}, its head is at {pin.end.number}")
    elif pin.end.number > 0 and walk.hashes.get(pin.end.number) != pin.end.hash:
        walk.flaw("head_foreign", pin.end.number, f"row {pin.end.number} is not the one the head was written for")
    else:
        walk.flaw("beyond", walk.number, f"rows after {max(pin.end.number, 0)} are not covered by the head")
    return False


def _hold_against_days(walk: Walk, pin: Pin | None, days: Sequence[Mapping[str, object]]) -> None:
    prev = ""
    for line in days:
        number = line["number"]
        if line["prev"] != prev:
            walk.flaw("days", 0, f"the line of {line['day']} does not follow the line before it")
        if not isinstance(number, int) or walk.hashes.get(number) != line["hash"]:
            walk.flaw("days", 0, f"the journal of {line['day']} does not end with the row {number} that was kept")
        prev = digest(line)
    # a crash may come after a line and before the head that names it
    if pin is not None and pin.days not in {prev, days[-1]["prev"] if days else ""}:
        walk.flaw("days", 0, f"{pins.FOLDER}/{pins.DAYS} is not the one the head was written for")


def _chained(entries: Sequence[Entry], last: End, recorded: datetime) -> list[dict[str, Any]]:
    """Return entries as rows of the table, after the row `last`."""
    rows: list[dict[str, Any]] = []
    number, prev = last.number, last.hash
    for entry in entries:
        number += 1
        row: dict[str, Any] = {
            "number": number, "prev_hash": prev, "row_hash": "",
            "event_at": recorded if entry.event is None else naive_utc(entry.event), "recorded_at": recorded,
            **_documents(entry, entry.run),
        }  # fmt: skip
        row["row_hash"] = prev = row_hash(row)
        rows.append(row)
    return rows


def _documents(entry: Entry, run: str) -> dict[str, str]:
    """Return the columns of an entry that are text, as they are stored."""
    texts = {
        "run": run, "actor_kind": entry.actor.kind, "actor": entry.actor.id, "actor_version": entry.actor.version,
        "kind": entry.kind, "inputs": canonical(entry.inputs), "decision": entry.decision,
        "reasons": canonical(list(entry.reasons)), "policy": entry.policy, "policy_hash": entry.policy_hash,
        "effect": canonical(entry.effect), "approvals": canonical(list(entry.approvals)),
        "content": canonical(entry.content),
    }  # fmt: skip
    return {name: pack(text) for name, text in texts.items()}


def _rows(cursor: DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    while batch := cursor.fetchmany(_BATCH):
        for values in batch:
            yield dict(zip(_COLUMNS, values, strict=True))


def _row(row: Mapping[str, Any]) -> Row:
    text = {name: unpack(row[name]) for name in _COLUMNS[5:]}
    entry = Entry(
        text["kind"], Actor(text["actor_kind"], text["actor"], text["actor_version"]), aware(row["event_at"]),
        text["run"], json.loads(text["inputs"]), text["decision"], json.loads(text["reasons"]), text["policy"],
        text["policy_hash"], json.loads(text["effect"]), json.loads(text["approvals"]), json.loads(text["content"]),
    )  # fmt: skip
    return Row(row["number"], row["prev_hash"], row["row_hash"], aware(row["recorded_at"]), entry)


def _break(last: End, head: object) -> Entry:
    return Entry(BREAK, Actor("system", "journal"), content={"found": last, "head": head})


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
