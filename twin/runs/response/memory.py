"""What a response leaves in the twin: rows of blackboard and journal, once however often it is replayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from twin.model.response.canonical import digest
from twin.store.journal import Actor, Entry

if TYPE_CHECKING:
    from twin.coordination.award import Awarded
    from twin.model.response.proposal import Decision, Proposal
    from twin.model.scenario import Scenario
    from twin.store import City

ON_BOARD = ("event", "forecast", "plan", "action", "outcome")
"""Kinds of rows that stand on the blackboard as they are told; proposals, proofs and approvals have own verbs."""


class Forgetful:
    """A memory that keeps nothing and in which nobody decides: of the courses that a score is held against."""

    def told(self, kind: str, cycle: int, time: float, id_: str, content: object, by: str = "system") -> None:
        """Forget it."""

    def planned(self, cycle: int, time: float, plan: Awarded) -> None:
        """Forget it."""

    def decided(self, time: float, proposal: Proposal) -> Sequence[Decision]:
        """Return nothing."""
        del time, proposal
        return ()


@dataclass(slots=True)
class TwinMemory:
    """A memory in a twin.

    run     id of the run;   agents  name -> version
    policy  its version and hash
    """

    city: City
    scenario: Scenario
    run: str
    agents: dict[str, str]
    policy: tuple[str, str]
    _known: dict[str, int] = field(default_factory=dict)
    _decisions: dict[str, tuple[Decision, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decisions = {one.proposal.hash: one.decisions for one in self.city.board.proposals(self.run)}
        for row in self.city.journal.read(run=self.run):
            key = digest([row.entry.kind, row.entry.content])
            self._known[key] = self._known.get(key, 0) + 1

    def told(self, kind: str, cycle: int, time: float, id_: str, content: object, by: str = "system") -> None:
        """Write a row of the journal, and of the blackboard where it has a place; what is known stays as it is."""
        board = self.city.board
        if kind == "proposal":
            board.propose(self.run, cycle, content)  # type: ignore[arg-type]
        elif kind == "proof":
            board.prove(self.run, cycle, time, content)  # type: ignore[arg-type]
        elif kind == "approval":
            board.decide(self.run, cycle, content)  # type: ignore[arg-type]
        elif kind in ON_BOARD:
            board.post(kind, self.run, cycle, time, id_, content)
        told = {"id": id_, "cycle": cycle, "what": content}
        key = digest([kind, told])
        if self._known.get(key, 0) > 0:
            self._known[key] -= 1
            return
        self.city.journal.append(
            Entry(
                kind,
                self._actor(by),
                event=self.scenario.start + timedelta(seconds=time),
                run=self.run,
                policy=self.policy[0],
                policy_hash=self.policy[1],
                content=told,
            )
        )

    def planned(self, cycle: int, time: float, plan: Awarded) -> None:
        """Write tasks and bids onto the blackboard, and the plan's hash and what nobody does into the journal."""
        tasks = {
            task.id: {
                name: getattr(task, name) for name in ("kind", "node", "service", "earliest", "deadline", "weight")
            }
            for task in plan.tasks
        }
        bids = {f"{bid.round}:{bid.task}:{bid.unit}": bid for bid in plan.bids}
        self.city.board.post_all("task", self.run, cycle, time, tasks)
        self.city.board.post_all("bid", self.run, cycle, time, bids)
        told = {"hash": plan.hash, "met": plan.met, "asked": plan.asked, "unserved": plan.unserved}
        self.told("plan", cycle, time, f"cycle {cycle}", told)

    def _actor(self, by: str) -> Actor:
        if by in self.agents:
            return Actor("agent", by, self.agents[by])
        return Actor("system" if by == "system" else "exercise", by)

    def decided(self, time: float, proposal: Proposal) -> Sequence[Decision]:
        """Return what had been decided on a proposal when this memory was opened, up to a time of the run.

        Who decides while nobody runs decides for the next time: the run goes on from there.
        """
        return tuple(decision for decision in self._decisions.get(proposal.hash, ()) if decision.at <= time)
