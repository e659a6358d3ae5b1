"""Who takes part in a response besides the agents: who remembers, who listens, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from twin.agents import limited
from twin.runs.execution.pace import CancelledError

if TYPE_CHECKING:
    from twin.agents import Agent
    from twin.coordination.award import Awarded
    from twin.model.response.proposal import Alert, Decision, Proof, Proposal, Refusal
    from twin.model.response.view import View


class Memory(Protocol):
    """Who remembers what happened. Everything that is told is told once, in the order in which it happened."""

    def told(self, kind: str, cycle: int, time: float, id_: str, content: object, by: str = "system") -> None:
        """Take in that something happened."""
        ...

    def planned(self, cycle: int, time: float, plan: Awarded) -> None:
        """Take in who shall do what: what was announced, what units bid, and what nobody does."""
        ...

    def decided(self, time: float, proposal: Proposal) -> Sequence[Decision]:
        """Return what persons have decided on a proposal that is open."""
        ...


class WaitingError(CancelledError):
    """The run stands still until persons have decided; its message names the proposals."""

    def __init__(self, now: float, proposals: Sequence[str]) -> None:
        super().__init__(f"waits at {now / 60:g} min for decisions on {', '.join(proposals)}")


@dataclass(slots=True)
class Open:
    """A proposal that waits or is at work; `begun`: s when it was carried out, as `carried`: what of it was safe."""

    proposal: Proposal
    cycle: int
    proof: Proof | None
    refusals: tuple[Refusal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    state: str = "open"
    begun: float | None = None
    carried: Proposal | None = None

    def lasts(self, now: float) -> bool:
        """Return whether it is neither done nor expired at `now` s: it waits, or what was approved of it goes on."""
        if self.state == "open":
            return True
        ends = [step.award.done for step in self.proposal.steps if step.award is not None]
        return self.state == "approved" and max([self.proposal.expires, *ends]) >= now


@dataclass(frozen=True, slots=True)
class Listened:
    """An agent that gets no more of a view than it says it sees."""

    agent: Agent

    @property
    def name(self) -> str:
        """By what it is called."""
        return self.agent.name

    def propose(self, view: View) -> Iterable[Proposal | Alert]:
        """Return what it wants done now."""
        return self.agent.propose(limited(view, self.agent))
