"""What every agent needs to propose: levels of actions, what is already under way, and a proposal put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from twin.model.action import Action
from twin.model.response.proposal import Proposal, Reason, Step, Work
from twin.model.response.view import View

if TYPE_CHECKING:
    from twin.agents import Agent

LEVELS: Mapping[str, int] = {
    "inspect": 1,
    **dict.fromkeys(("message_sign", "pump", "gate", "barrier", "underpass", "basement", "engine"), 2),
    **dict.fromkeys(("hydrant", "wet", "green_wave", "open_exit"), 2),
    **dict.fromkeys(("close_road", "reopen_road", "evacuate", "clear", "alert", "hold_entrance", "divert"), 3),
}
"""Kind of action -> approval level: 1 by itself, 2 one person, 3 two persons."""

Key = tuple[str, str]


def taken(view: View) -> frozenset[Key]:
    """Return kind and target of every action that is in force, under way, or proposed and still open."""
    found = {(kind, target) for kind, targets in view.running.items() for target in targets}
    found |= {(step.action.kind, step.action.target) for proposal, _ in view.board for step in proposal.steps}
    return frozenset(found)


def said(view: View, agent: Agent) -> frozenset[Key]:
    """Return code and `about` of every reason of the agent's own open proposals: what it need not say again."""
    return frozenset(
        (reason.code, str(reason.values.get("about", "")))
        for proposal, _ in view.board
        if proposal.agent == agent.name
        for reason in proposal.reasons
    )


def reason(code: str, **values: float | str) -> Reason:
    """Return a reason; numbers are cut to four digits behind the point, and to what is finite."""
    return Reason(code, {name: v if isinstance(v, str) else number(v) for name, v in values.items()})


def number(value: float) -> float:
    """Return a number as it can be hashed and read: finite, with four digits behind the point."""
    return round(float(min(max(value, -1e12), 1e12)), 4) if not math.isnan(value) else 0.0


def step(
    kind: str, view: View, target: str = "", params: Mapping[str, object] | None = None, work: Work | None = None
) -> Step:
    """Return an action to be begun now, or by a unit."""
    return Step(Action(kind, view.time, target, dict(params or {})), work)


def work(
    unit: str, node: int, service: float, view: View, deadline: float, weight: float, earliest: float | None = None
) -> Work:
    """Return what a unit has to do; a deadline is neither before the work could be done nor endless."""
    first = view.time if earliest is None else max(view.time, earliest)
    return Work(unit, int(node), service, number(first), number(max(deadline, first + service)), number(weight))


def proposal(
    agent: Agent,
    view: View,
    steps: Sequence[Step],
    reasons: Iterable[Reason],
    evidence: Iterable[str],
    lasts: float,
    level: int | None = None,
) -> Proposal:
    """Return a proposal that can be approved for `lasts` s; its level is the highest of its steps, or `level`.

    evidence  ids; named once, in their order
    """
    highest = max((LEVELS[one.action.kind] for one in steps), default=1)
    return Proposal(
        agent.name,
        agent.version,
        view.time,
        view.time + lasts,
        highest if level is None else level,
        tuple(steps),
        tuple(reasons),
        tuple(sorted({one for one in evidence if one})),
    )
