"""The village laid out for a response, without a run: forecasts, proofs and conducted runs in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.runs.response.village import DRILL
from twin.coordination.award import Awarded
from twin.hazards import Hazard, Setting, make
from twin.model.action import Action
from twin.model.response.proposal import Decision, Proposal, Step
from twin.model.response.view import View
from twin.model.run import Frame
from twin.model.scenario import Scenario
from twin.runs.document import parse_scenario
from twin.runs.execution.march import march
from twin.runs.inputs.prepare import Prepared
from twin.runs.inputs.ready import made_ready
from twin.runs.response.control import Control
from twin.runs.response.courses import Layout, layout_of
from twin.runs.response.forecast import Forecaster, Known
from twin.runs.response.memory import Forgetful
from twin.runs.response.pool import Together, here
from twin.runs.response.prove import Prover
from twin.runs.response.stage import Stage, stage_of
from twin.shield.policy import parse_policy
from twin.store import City


@dataclass(frozen=True)
class Laid:
    """A city laid out for a scenario: with its measures placed, on the grid of its run, and for its response."""

    scenario: Scenario
    fine: Prepared
    layout: Layout
    stage: Stage

    def forecaster(self, *, perfect: bool = False, **changed: Any) -> Forecaster:
        """Return a forecaster of the scenario, with fields of it changed."""
        scenario = replace(self.scenario, **changed)
        stage = self.stage
        return Forecaster(scenario, stage.coarse, stage.coarse_layout, stage.drill, here, perfect=perfect)

    def prover(self, forecaster: Forecaster, known: Known, together: Together = here) -> Prover:
        """Return who proves by a forecast from what is known."""
        outlook = forecaster.outlook(known)
        assert outlook is not None
        stage = self.stage
        return Prover(
            stage.town(2), outlook, forecaster.branches, stage.coarse_layout, stage.prices, stage.targets, together
        )

    def control(self, agents: Sequence[Any], policy: str = "", memory: Any = None) -> Control:
        """Return who conducts a run with these agents under the text of a policy."""
        rules = parse_policy(policy, "policy.toml") if policy else None
        return self.stage.control(self.scenario, self.fine, self.layout, agents, rules, memory or Recorder(), here)

    def started(self) -> Hazard:
        """Return the hazard of the run at its beginning."""
        scenario, fine = self.scenario, self.fine
        hazard = make(scenario.hazard)
        rng = np.random.default_rng(scenario.seed)
        hazard.start(Setting(fine.grid, scenario, fine.fields, fine.forcing, fine.assets, rng))
        return hazard

    def looked(self, control: Control, *times: float) -> None:
        """Let `control` look at the run at some times, and act."""
        hazard = self.started()
        for time in times:
            for action in control.act(hazard.advance(time)):
                hazard.apply(replace(action, at=time))

    def played(self, control: Control) -> list[Frame]:
        """Return the frames of the run that `control` conducts."""
        events = march(self.started(), self.scenario, lambda _: None, conductor=control)
        return [event for event in events if isinstance(event, Frame)]


def laid_out(city: City, text: str = DRILL) -> Laid:
    """Return a city laid out for the text of a scenario."""
    scenario = parse_scenario(text, "test.toml")
    acting, fine = made_ready(city, scenario, make(scenario.hazard))
    stage = stage_of(city, acting, fine)
    return Laid(acting, fine, layout_of(city, stage.facts, fine.grid), stage)


@dataclass
class Recorder(Forgetful):
    """A memory that keeps what it is told, (kind, time, id, content, by), and knows some decisions."""

    rows: list[tuple[str, float, str, Any, str]] = field(default_factory=list)
    decisions: Mapping[str, Sequence[Decision]] = field(default_factory=dict)

    def told(self, kind: str, cycle: int, time: float, id_: str, content: object, by: str = "system") -> None:
        del cycle
        self.rows.append((kind, time, id_, content, by))

    def planned(self, cycle: int, time: float, plan: Awarded) -> None:
        self.told("plan", cycle, time, f"cycle {cycle}", plan.hash)

    def decided(self, time: float, proposal: Proposal) -> Sequence[Decision]:
        return [one for one in self.decisions.get(proposal.agent, ()) if one.at <= time]

    def of(self, kind: str) -> list[tuple[str, float, str, Any, str]]:
        """Return the rows of a kind."""
        return [row for row in self.rows if row[0] == kind]


@dataclass(frozen=True)
class Script:
    """An agent that says in each cycle what a function makes of the view."""

    says: Callable[[View], Iterable[Any]]
    name: str = "script"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("outlook",)

    def propose(self, view: View) -> Iterable[Any]:
        return self.says(view)


def proposed(*actions: Action, level: int = 2, agent: str = "script", made: float = 0.0, lasts: float = 900.0, **more: Any) -> Proposal:  # fmt: skip
    """Return a proposal of actions that need no unit."""
    return Proposal(agent, "1", made, made + lasts, level, tuple(Step(action) for action in actions), **more)


def first_only(proposal: Callable[[View], Proposal]) -> Script:
    """Return an agent that proposes this in the first cycle and is silent afterwards."""
    return Script(lambda view: [proposal(view)] if view.cycle == 0 else [])


def course_of(city: City, run: str) -> Any:
    """Return hashes of the plans of a run in their order, and the hash over its journal."""
    plans = [row.content["hash"] for row in city.board.read("plan", run)]
    return plans, city.journal.course(run)
