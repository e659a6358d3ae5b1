"""The response to a run, cycle by cycle: what is seen, proposed, awarded, refused, proved, decided and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.coordination.award import Awarded, award, nearest
from twin.errors import MissingError, RefusedError
from twin.hazards import make
from twin.model.response.proposal import Reason, Refusal
from twin.model.response.view import View
from twin.runs.response.courses import Layout, Moment, moment_of, outlook_of
from twin.runs.response.forecast import Forecaster, Known
from twin.runs.response.forecast_book import ForecastBook
from twin.runs.response.guard import Guard, seal, sealed
from twin.runs.response.perceive import Senses, newest
from twin.runs.response.prove import Prover, only_harms
from twin.runs.response.roles import Listened, Memory, Open, WaitingError
from twin.shield.decide import played, standing
from twin.shield.effects import screen_effects
from twin.shield.levels import level_of_proposal
from twin.shield.limits import Limits
from twin.shield.policy import PLAYED
from twin.shield.screen import Verdict, screen

if TYPE_CHECKING:
    from twin.agents import Agent
    from twin.model.action import Action
    from twin.model.response.city import Facts
    from twin.model.response.drill import Drill
    from twin.model.response.proposal import Alert, Proof, Proposal
    from twin.model.response.view import Outlook
    from twin.model.run import Frame
    from twin.model.scenario import Scenario
    from twin.runs.response.crowds import Crowd
    from twin.runs.response.damage import Prices
    from twin.runs.response.targets import Targets
    from twin.runs.response.town import Outcome, Town
    from twin.shield.policy import Policy


LOOK = 60.0
"""s between two looks of the town at the hazard."""


@dataclass(slots=True, eq=False)
class Control:
    """Conducts the response of one run; see `march.Conductor`.

    facts, targets, prices, layout   the city; the layout on the grid of the run
    town       the people, units and cars of the truth;   believed  the same as the forecast has them
    agents     who propose;   coordinate  "auction" or "nearest"
    proofs     whether proposals are proved before they are decided
    planned    (s, proposal) that begin at their times whatever comes: a plan that was approved before
    shielded   whether the shield judges what is proposed; a rule of thumb in a score has none, as in practice
    waits      whether the run stops where persons have to decide; else what they do not decide expires
    every      s between two looks
    """

    scenario: Scenario
    drill: Drill
    facts: Facts
    targets: Targets
    prices: Prices
    layout: Layout
    town: Town
    believed: Town
    senses: Senses
    forecaster: Forecaster
    agents: Sequence[Agent]
    guard: Guard
    policy: Policy | None
    memory: Memory
    crowds: Crowd | None = None
    coordinate: str = "auction"
    proofs: bool = True
    planned: Sequence[tuple[float, Proposal]] = ()
    shielded: bool = True
    waits: bool = False
    forecasts: ForecastBook = field(default_factory=ForecastBook)
    every: float = LOOK
    cycles: int = 0
    waits_at: float | None = None
    open: dict[str, Open] = field(default_factory=dict)
    done: list[Action] = field(default_factory=list)
    alerts: list[tuple[float, str, Alert]] = field(default_factory=list)
    track: list[dict[str, object]] = field(default_factory=list)
    deepest: NDArray[np.float32] | None = None
    lit: frozenset[str] = frozenset()
    _last: Moment | None = None
    _outlook: Outlook | None = None
    _used: set[str] = field(default_factory=set)
    _kinds: tuple[str, ...] = ()
    _sealed: Facts | None = None
    _planned_until: float = -1.0
    _away: frozenset[str] = frozenset()
    _plan: Awarded | None = None
    _proving: Prover | None = None

    def __post_init__(self) -> None:
        self._kinds = make(self.scenario.hazard).measures
        self._sealed = seal(self.facts)

    @property
    def limits(self) -> Limits:
        """What no agent gets beyond."""
        return Limits() if self.policy is None else self.policy.limits

    @property
    def gates(self) -> tuple[str, ...]:
        """Ids of the gates of the crowd."""
        return () if self.drill.crowd is None else tuple(gate.id for gate in self.drill.crowd.gates)

    def act(self, frame: Frame) -> Sequence[Action]:
        """Let the town live up to the frame, run a cycle when it is time, and return what the hazard is to take."""
        now, moment = frame.time, moment_of(self.layout, frame)
        acts: list[Action] = []
        if self._last is not None and now > self._last.time:
            seen = outlook_of(self.layout, [[self._last]], self._last.time, now - self._last.time, "")
            acts += self.town.advance(now, seen, 0)
        if self.crowds is not None:
            self.crowds.advance(now, moment.sites[0], moment.homes[0])
        depth = np.nan_to_num(frame.fields["depth"]).ravel() if "depth" in frame.fields else None
        self.senses.look(moment, depth, {} if self.crowds is None else self.crowds.densities())
        self.forecasts.look(moment)
        here = moment.homes[0]
        self.deepest = here if self.deepest is None else np.maximum(self.deepest, here)
        self.lit |= moment.lit
        self._last = moment
        gone = self.town.away()
        left, self._away = sorted(gone - self._away), gone
        self.track.append({"time": now, "units": {u.id: u.node for u in self.town.units()}, "left": left})
        if now < self.scenario.duration and now >= self.cycles * self.drill.cycle - 1e-6:
            self._cycle(now)
        self._decide(now)
        for time, proposal in self.planned:
            if self._planned_until < time <= now:
                self.town.take(proposal, now)
                if self.crowds is not None:
                    self.crowds.take(proposal, now)
        self._planned_until = now
        return self._carried_out(now, acts)

    def _cycle(self, now: float) -> None:
        """Perceive, forecast, propose, coordinate, shield, prove."""
        number = self.cycles
        self.cycles += 1
        if self._outlook is not None:
            self.believed.advance(now, self._outlook, 0)
        # the shield judges ways and shelters by the forecast, whoever proposes them, and proofs start from it
        if self.agents and self.shielded:
            reports = self.senses.reports(now)
            self._outlook = self.forecaster.outlook(Known(now, reports, tuple(self.done)))
            if self._outlook is not None:
                self.forecasts.told(self._outlook)
        view = self._view(now, number)
        self._tell_of(view)
        proposals = self._heard(view)
        plan = award if self.coordinate == "auction" else nearest
        self._plan = awarded = plan(proposals, view, None, self._plan)
        self.memory.planned(number, now, awarded)
        passed = self._screened(number, now, awarded, view) if self.shielded else awarded.proposals
        proofs: dict[str, Proof] = {}
        possible: list[Proposal] = []
        for proposal in passed:
            self.memory.told("proposal", number, now, proposal.hash, proposal, proposal.agent)
            try:
                proof = self._proved(proposal)
            except RefusedError as error:
                why = Refusal("hazard", -1, Reason("response.hazard", {"what": str(error)[:200]}))
                self._kept_back(number, now, proposal, why)
                continue
            if proof is not None:
                proofs[proposal.hash] = proof
                self.memory.told("proof", number, now, proposal.hash, proof)
                if only_harms(proof):
                    self._kept_back(number, now, proposal, Refusal("gain", -1, Reason("response.no_gain")))
                    continue
            possible.append(proposal)
        judged = screen_effects(possible, proofs, self.limits).verdicts if self.proofs else ()
        self._refused(number, now, judged)
        held = {verdict.came: verdict for verdict in judged}
        for proposal in possible:
            verdict = held.get(proposal.hash)
            if verdict is None or verdict.passed is not None:
                refusals = () if verdict is None else verdict.refusals
                self.open[proposal.hash] = Open(proposal, number, proofs.get(proposal.hash), refusals)

    def _screened(self, number: int, now: float, awarded: Awarded, view: View) -> Sequence[Proposal]:
        """Return what the shield lets through; units begin where what is approved, or waits, lets them go."""
        screened = screen(awarded.proposals, replace(view, units=awarded.units), self.limits, self.gates)
        self._refused(number, now, screened.verdicts)
        return screened.passed

    def _heard(self, view: View) -> list[Proposal]:
        """Return what the agents propose; who gives offence is named and the others go on."""
        proposals: list[Proposal] = []
        for agent in self.agents:
            heard = self.guard.hear(agent.name, Listened(agent), view)
            if heard.complaint is not None:
                self.memory.told("cut_off", view.cycle, view.time, agent.name, heard.complaint, agent.name)
            proposals += heard.proposals
            for alert in heard.alerts:
                self.alerts.append((view.time, agent.name, alert))
                self.memory.told("alert", view.cycle, view.time, f"{agent.name}@{view.time:g}", alert, agent.name)
        return proposals

    def _kept_back(self, number: int, now: float, proposal: Proposal, why: Refusal) -> None:
        """Remember why what was proposed is not put to persons."""
        self.memory.told("refusal", number, now, proposal.hash, {"agent": proposal.agent, "refusals": (why,)})

    def _proved(self, proposal: Proposal) -> Proof | None:
        """Return the proof of a proposal that persons are to decide; None where there is nothing to prove it by."""
        prover = self._prover() if self.proofs and proposal.steps and level_of_proposal(proposal) >= 2 else None
        return None if prover is None else prover.prove(proposal)

    def _prover(self) -> Prover | None:
        """Return who proves in this cycle; None without a forecast."""
        if self._outlook is None:
            return None
        if self._proving is None or self._proving.outlook is not self._outlook:
            ahead = self.forecaster
            self._proving = Prover(
                self.believed.copy(),
                self._outlook,
                ahead.branches,
                ahead.layout,
                self.prices,
                self.targets,
                ahead.together,
            )
        return self._proving

    def _view(self, now: float, number: int) -> View:
        """Return what agents may see now."""
        weather = self.scenario.weather
        wind = (0.0, 0.0) if weather is None else (weather.wind_speed.at(now), weather.wind_direction.at(now))
        history, town = self.senses.history(now), self.town
        view = View(
            time=now,
            cycle=number,
            every=self.drill.cycle,
            facts=self.facts,
            readings=newest(history, now),
            history=history,
            reports=self.senses.reports(now),
            nowcast=self.forecaster.rain_ahead(now),
            wind=wind,
            outlook=self._outlook,
            units=town.units(),
            sheltered=town.sheltered(),
            away=town.away(),
            closed=town.closed(),
            running=town.running(),
            board=tuple((one.proposal, one.decisions) for one in self.open.values() if one.lasts(now)),
            seed=self.scenario.seed,
        )
        return sealed(view, self._sealed)

    def _tell_of(self, view: View) -> None:
        told = {"readings": [r.id for r in view.readings], "reports": [r.id for r in view.reports]}
        self.memory.told("event", view.cycle, view.time, f"cycle {view.cycle}", told)
        if view.outlook is not None:
            about = {"id": view.outlook.id, "horizon": view.outlook.horizon, "members": len(self.forecaster.branches)}
            self.memory.told("forecast", view.cycle, view.time, view.outlook.id, about)

    def _refused(self, number: int, now: float, verdicts: Sequence[Verdict]) -> None:
        """Remember what the shield has refused."""
        for verdict in verdicts:
            if verdict.refusals:
                told = {"agent": verdict.agent, "refusals": verdict.refusals}
                self.memory.told("refusal", number, now, verdict.came, told)

    def _decide(self, now: float) -> None:
        """Take what persons have decided; what is approved and still safe begins, what has expired is gone.

        Raises WaitingError where persons have to decide and the run waits for them.
        """
        waiting: list[str] = []
        for hash_, one in self.open.items():
            if one.state != "open":
                continue
            players = played(self.policy, one.proposal, now)
            one.decisions = tuple(dict.fromkeys((*self.memory.decided(now, one.proposal), *players)))
            stands = standing(one.proposal, one.decisions, now, self.policy, self._used, one.refusals)
            if stands.acts:
                self._begin(now, one)
                for decision in stands.counted:
                    if decision.by.startswith(PLAYED):
                        self.memory.told("approval", one.cycle, now, hash_, decision, decision.by)
            elif stands.state != "open":
                one.state = stands.state
            if one.state == "open" and self.waits:
                waiting.append(one.proposal.id)
            if one.state != "open":
                self.memory.told("outcome", one.cycle, now, hash_, {"state": one.state, "why": stands.why})

        if waiting:
            self.waits_at = now
            raise WaitingError(now, waiting)

    def _begin(self, now: float, one: Open) -> None:
        """Carry out what of an approved proposal is still safe: the world may have changed since it was made."""
        self._used.add(one.proposal.hash)
        view, safe = self._view(now, one.cycle), one.proposal
        again = screen([safe], view, self.limits, self.gates, approved=True)
        if safe.steps and self.shielded and not again.passed:
            # fewer steps than were approved are no more than was approved
            gone = {refusal.step for verdict in again.verdicts for refusal in verdict.refusals}
            safe = replace(
                safe, steps=tuple(step for n, step in enumerate(safe.steps) if n not in gone and -1 not in gone)
            )
            self._refused(one.cycle, now, again.verdicts)
            if not safe.steps or not screen([safe], view, self.limits, self.gates, approved=True).passed:
                one.state = "unsafe"
                return
        one.state, one.begun, one.carried = "approved", now, safe
        self.town.take(safe, now)
        self.believed.take(safe, now)
        if self.crowds is not None:
            self.crowds.take(safe, now)
        told = {"steps": len(safe.steps), "of": len(one.proposal.steps)}
        self.memory.told("action", one.cycle, now, one.proposal.hash, told)

    def _carried_out(self, now: float, acts: Sequence[Action]) -> list[Action]:
        """Return the actions that the hazard knows, with their places."""
        found = []
        for action in acts:
            if action.kind not in self._kinds:
                continue
            try:
                found.append(self.targets.placed(action))
            except MissingError as error:
                self.memory.told("refusal", self.cycles, now, action.target, {"kind": action.kind, "why": str(error)})
        self.done += found
        return found

    def outcome(self) -> Outcome:
        """Return what the town has been through up to now, with the damage and the crowds."""
        assert self.deepest is not None
        each = np.maximum(self.prices.water(self.deepest), self.prices.fire(self.lit))
        outcome = self.town.outcome().adding("damage", *self.prices.by_district(each))
        if self.crowds is not None:
            outcome = outcome.adding("person_minutes_crowd", {}, self.crowds.person_minutes())
        return outcome
