"""The blackboard: what a response worked with and decided, cycle by cycle. Rows are added, never changed.

The store keeps; whether an approval is worth anything (role, expiry, used once) is judged by `twin.shield`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from twin.errors import InputError, MissingError, UsageError, suggest
from twin.model.response.canonical import canonical, digest
from twin.model.response.proposal import Decision, Proof, Proposal
from twin.store.coding import aware, naive_utc, pack, unpack
from twin.store.nouns import restored
from twin.store.schema import BOARD

if TYPE_CHECKING:
    from twin.store.database import Database

VERDICTS = ("approve", "reject")

#: kinds that are written by a verb of their own
OWN_VERBS = {"proposal": "propose", "proof": "prove", "approval": "decide"}

_TYPES = ("BIGINT", "VARCHAR", "INTEGER", "DOUBLE", "VARCHAR", "VARCHAR", "VARCHAR", "TIMESTAMP")
_COLUMNS = "number, run, cycle, time, id, hash, content, recorded_at"


@dataclass(frozen=True, slots=True)
class Post:
    """A row of the blackboard.

    number    of the row among those of its kind, from 1
    time      s from the start of the run
    hash      SHA-256 of the content
    content   as JSON gives it back (tuples as lists)
    recorded  moment it was written
    """

    kind: str
    number: int
    run: str
    cycle: int
    time: float
    id: str
    hash: str
    content: object
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """A proposal on the board, with its proof (None: none yet) and what was decided on it, oldest first."""

    cycle: int
    proposal: Proposal
    proof: Proof | None
    decisions: tuple[Decision, ...]


class BoardRoom:
    """The blackboard of a city.

    clock  gives the moment of recording
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def post(self, kind: str, run: str, cycle: int, time: float, id: str, content: object) -> Post:  # noqa: A002
        """Add a row, and return it; what this id says already, in the same words, is not added again.

        kind     event, forecast, task, bid, plan, action or outcome; the others have verbs of their own
        time     s from the start of the run
        content  all that canonical JSON holds

        Raises UsageError (kind) and InputError (content).
        """
        return self.post_all(kind, run, cycle, time, {id: content})[0]

    def post_all(self, kind: str, run: str, cycle: int, time: float, contents: Mapping[str, object]) -> list[Post]:
        """Add rows, id -> content, in their order, all or none; as `post`, and many times faster than one by one."""
        if kind in OWN_VERBS:
            raise UsageError(f"a {kind} is written by '{OWN_VERBS[kind]}', which binds it to exactly one proposal")
        return self._post(kind, run, cycle, time, contents)

    def propose(self, run: str, cycle: int, proposal: Proposal) -> Post:
        """Add a proposal under its whole hash. Raises InputError when it holds what canonical JSON does not."""
        return self._post("proposal", run, cycle, proposal.made, {proposal.hash: proposal})[0]

    def prove(self, run: str, cycle: int, time: float, proof: Proof) -> Post:
        """Add the proof of a proposal that is on the board of this run. Raises MissingError."""
        self._known(run, proof.proposal)
        return self._post("proof", run, cycle, time, {proof.proposal: proof})[0]

    def decide(self, run: str, cycle: int, decision: Decision) -> Post:
        """Add what was decided on exactly one proposal of this run; the same decision again is kept once.

        Raises MissingError (no such proposal here: the whole hash is needed, see `find`), UsageError (verdict, nobody
        named).
        """
        if decision.verdict not in VERDICTS:
            raise UsageError(f"verdict '{decision.verdict}' is not known; {suggest(decision.verdict, VERDICTS)}")
        if not decision.by.strip() or not decision.role.strip():
            raise UsageError("a decision names who made it and in which role; say both")
        self._known(run, decision.proposal)
        id_ = f"{decision.proposal}:{digest(decision)}"
        return self._post("approval", run, cycle, decision.at, {id_: decision})[0]

    def read(
        self,
        kind: str,
        run: str | None = None,
        cycle: int | None = None,
        id: str | None = None,  # noqa: A002 - the word of the contract
        after: int = 0,
    ) -> list[Post]:
        """Return the rows of a kind in the order they were written.

        run, cycle, id  of these only;  after  with greater numbers

        Raises UsageError for an unknown kind.
        """
        where, values = ["number > ?"], list[object]((after,))
        for name, value in (("run", run), ("cycle", cycle), ("id", id)):
            if value is not None:
                where.append(f"{name} = ?")
                values.append(pack(value) if isinstance(value, str) else value)
        query = f"SELECT {_COLUMNS} FROM {_table(kind)} WHERE {' AND '.join(where)} ORDER BY number"  # noqa: S608
        with self._database.look() as cursor:
            return [_row(kind, *row) for row in cursor.execute(query, values).fetchall()]

    def newest(self, kind: str, run: str) -> dict[str, Post]:
        """Return id -> its last row, in the order the ids first came. Raises UsageError for an unknown kind."""
        return {post.id: post for post in self.read(kind, run)}

    def find(self, run: str, beginning: str) -> Proposal:
        """Return the proposal of a run whose hash begins so. Raises MissingError, or UsageError when several do."""
        hashes = [post.id for post in self.read("proposal", run)]
        found = [hash_ for hash_ in hashes if beginning and hash_.startswith(beginning)]
        if not found:
            short = [hash_[:12] for hash_ in hashes]
            raise MissingError(f"proposal '{beginning}' is not on the board of {run}; {suggest(beginning, short)}")
        if len(found) > 1:
            raise UsageError(f"proposal '{beginning}' can be any of {', '.join(found)}; write more of it")
        return self._proposal(self.read("proposal", run, id=found[0])[0])

    def proposals(self, run: str) -> list[Pending]:
        """Return all proposals of a run in the order they were made, each as it was hashed.

        Raises InputError when a row is no longer what its hash says.
        """
        proofs = {post.id: restored(Proof, post.content) for post in self.read("proof", run)}
        decisions: dict[str, list[Decision]] = {}
        for post in self.read("approval", run):
            decision = restored(Decision, post.content)
            decisions.setdefault(decision.proposal, []).append(decision)
        return [
            Pending(post.cycle, self._proposal(post), proofs.get(post.id), tuple(decisions.get(post.id, ())))
            for post in self.read("proposal", run)
        ]

    def _proposal(self, post: Post) -> Proposal:
        proposal = restored(Proposal, post.content)
        if not proposal.hash == post.hash == post.id:
            raise InputError(
                f"proposal {post.id[:12]} of run {post.run} is not what was proposed, its hash is now"
                f" {proposal.hash[:12]}; run 'twin audit verify'"
            )
        return proposal

    def _known(self, run: str, hash_: str) -> None:
        if not self.read("proposal", run, id=hash_):
            known = [post.id for post in self.read("proposal", run)]
            raise MissingError(f"proposal '{hash_}' is not on the board of {run}; {suggest(hash_, known)}")

    def _post(self, kind: str, run: str, cycle: int, time: float, contents: Mapping[str, object]) -> list[Post]:
        """Add rows in their order; those whose id says the same already are returned as they stand."""
        table, recorded = _table(kind), self._clock()
        with self._database.change() as cursor:
            query = f"""SELECT {_COLUMNS} FROM {table} WHERE run = ? AND list_contains(?::VARCHAR[], id)
                        ORDER BY number"""  # noqa: S608 - our own table
            rows = cursor.execute(query, [pack(run), [pack(id_) for id_ in contents]]).fetchall()
            there = {post.id: post for post in (_row(kind, *row) for row in rows)}
            number = cursor.execute(f"SELECT coalesce(max(number), 0) FROM {table}").fetchall()[0][0]  # noqa: S608
            posts, new = [], []
            for id_, content in contents.items():
                hash_ = digest(content)
                if id_ in there and there[id_].hash == hash_:
                    posts.append(there[id_])
                    continue
                number += 1
                text = canonical(content)
                posts.append(Post(kind, number, run, cycle, float(time), id_, hash_, json.loads(text), recorded))
                new.append([number, pack(run), cycle, float(time), pack(id_), hash_, pack(text), naive_utc(recorded)])
            if new:
                columns = ", ".join(f"unnest(?::{kind_}[])" for kind_ in _TYPES)
                cursor.execute(f"INSERT INTO {table} SELECT {columns}", [list(c) for c in zip(*new, strict=True)])
        return posts


def _table(kind: str) -> str:
    if kind not in BOARD:
        raise UsageError(f"the blackboard has no rows of kind '{kind}'; {suggest(kind, BOARD)}")
    return f"board_{kind}"


def _row(
    kind: str, number: int, run: str, cycle: int, time: float, id_: str, hash_: str, text: str, recorded: datetime
) -> Post:
    content = json.loads(unpack(text))
    return Post(kind, number, unpack(run), cycle, time, unpack(id_), hash_, content, aware(recorded))
