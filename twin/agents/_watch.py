"""Watching a hazard by district: when to warn, when to keep quiet, when to end a warning. No flapping.

A warning begins at a chance that keeps false alarms within their budget, and ends only far below it. That it is in
force is read from the board, or from alerts that run: the watch itself remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.agents._acts import proposal, reason, said
from twin.agents._places import districts, members
from twin.model.response.proposal import Alert, Proposal, Reason
from twin.model.response.view import View

if TYPE_CHECKING:
    from twin.agents import Agent


@dataclass(frozen=True, slots=True)
class Rules:
    """When a watch warns. All of it is design.

    false_alarms  share of warnings that may turn out false, if the forecast is reliable: it warns from 1 less that on
    ends          chance below which a warning ends: far below, so that it does not come and go
    people        in danger, from which something has happened in a district
    lasts         s that a warning stands;   ahead  s that are looked at
    severe, extreme   people in danger from which it is so in the words of CAP
    """

    false_alarms: float = 0.4
    ends: float = 0.2
    people: float = 3.0
    lasts: float = 3600.0
    ahead: float = 3600.0
    severe: float = 10.0
    extreme: float = 100.0

    @property
    def begins(self) -> float:
        """Return the chance from which it warns."""
        return 1.0 - self.false_alarms


def watched(
    agent: Agent,
    view: View,
    rules: Rules,
    event: str,
    times: NDArray[np.float64],
    danger: NDArray[np.float64],
    observed: Sequence[str],
    evidence: Sequence[str],
) -> Iterator[Proposal | Alert]:
    """Yield warnings, their ends, and remarks where something is possible.

    danger    (m, t, n) people in danger, homes in the order of `Facts.homes`;   times  (t,) s
    observed  ids of districts where it is seen already
    """
    told = said(view, agent)
    for district in districts(view.facts):
        here = danger[:, :, members(view.facts, district)].sum(axis=2)
        hit = here >= rules.people
        chance = float(hit.any(axis=1).mean()) if hit.size else 0.0
        people = float(np.median(here.max(axis=1))) if hit.size else 0.0
        seen = district in observed
        began, until = _force(agent, view, event, district)
        if began and chance < rules.ends and not seen:
            why = (reason(f"{event}.over", about=district, chance=chance),)
            yield Alert(event, "Past", "Minor", "Unlikely", view.time, view.time + rules.lasts, (district,), why)
            yield proposal(agent, view, (), why, evidence, rules.lasts)
        elif (began and until <= view.time + view.every) or (not began and (seen or chance >= rules.begins)):
            onset = view.time if seen or not hit.size else _onset(hit, times, view.time)
            why = (
                reason(
                    f"{event}.warning",
                    about=district,
                    chance=chance,
                    people=people,
                    minutes=(onset - view.time) / 60,
                    false_alarms=rules.false_alarms,
                ),
            )
            yield _alert(event, view, rules, district, onset, people, chance, why, seen=seen)
            yield proposal(agent, view, (), why, evidence, rules.lasts)
        elif not began and chance >= rules.ends and (f"{event}.possible", district) not in told:
            why = (reason(f"{event}.possible", about=district, chance=chance, people=people),)
            yield proposal(agent, view, (), why, evidence, rules.lasts)


def _force(agent: Agent, view: View, event: str, district: str) -> tuple[bool, float]:
    """Return whether a warning is in force for a district, and until when by the newest remark."""
    newest: Proposal | None = None
    for one, _ in view.board:
        codes = {why.code for why in one.reasons if why.values.get("about") == district}
        if one.agent == agent.name and codes & {f"{event}.warning", f"{event}.over"}:
            newest = one if newest is None or one.made > newest.made else newest
    if newest is None:
        return False, 0.0
    return any(why.code == f"{event}.warning" for why in newest.reasons), newest.expires


def _onset(hit: NDArray[np.bool_], times: NDArray[np.float64], now: float) -> float:
    """Return s when it begins: the median over the members in which it does."""
    found = [float(times[row.argmax()]) for row in hit if row.any()]
    return max(now, float(np.median(found))) if found else now


def _alert(
    event: str,
    view: View,
    rules: Rules,
    district: str,
    onset: float,
    people: float,
    chance: float,
    why: tuple[Reason, ...],
    *,
    seen: bool,
) -> Alert:
    """Return a warning in the words of CAP 1.2: Expected is within the next hour, Likely is above one half."""
    urgency = "Immediate" if onset - view.time <= 900.0 else "Expected" if onset - view.time <= 3600.0 else "Future"
    severity = "Extreme" if people >= rules.extreme else "Severe" if people >= rules.severe else "Moderate"
    certainty = "Observed" if seen else "Likely" if chance > 0.5 else "Possible"
    return Alert(event, urgency, severity, certainty, onset, view.time + rules.lasts, (district,), why)
