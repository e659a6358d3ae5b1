"""The score of a response: its approved plan against what else could have been done, on weather it was not made for.

The plan that persons approved in a run is held, as it was approved, against no action, the rule of the nearest unit, a
fixed procedure, and hindsight (the same agents with a perfect forecast). The two rules act as they do in practice: on a
single call, without a forecast, and without a shield. All of them meet the same further courses of
the weather, member by member, with the same people; the run's own course is not among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from twin import agents as teams
from twin.errors import InputError, UsageError
from twin.hazards import Setting, make
from twin.model.response.proposal import MEASURES, Proposal
from twin.model.scenario import Spread
from twin.runs.document import parse_scenario
from twin.runs.ensembles.members import draw, varied
from twin.runs.execution.march import march
from twin.runs.inputs.ready import made_ready
from twin.runs.response.courses import layout_of
from twin.runs.response.memory import Forgetful
from twin.runs.response.pool import here, several
from twin.runs.response.respond import response_of
from twin.runs.response.stage import Stage, stage_of
from twin.settings import Settings
from twin.shield.policy import Player, Policy

if TYPE_CHECKING:
    from twin.model.scenario import Scenario
    from twin.runs.inputs.prepare import Prepared
    from twin.runs.response.courses import Layout
    from twin.runs.response.town import Outcome
    from twin.store import City

COURSES = ("none", "nearest", "sop", "plan", "hindsight")
EXPOSURE = ("person_minutes_water", "person_minutes_fire", "person_minutes_crowd")
"""What is summed up as exposure: people in water, at fire, in a crush."""
SCORE = "score.json"
DRAWS = 2000
LOW, HIGH = 0.025, 0.975
APART = 1000
"""Numbers of the score's members begin here: no other ensemble of the scenario draws them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """One course: what is done about which member."""

    what: str
    member: int


@dataclass(frozen=True, slots=True, eq=False)
class _Play:
    """What every course starts from; it is the same for all of them."""

    stage: Stage
    scenario: Scenario
    fine: Prepared
    layout: Layout
    spread: Spread
    plan: tuple[tuple[float, Proposal], ...]
    policy: Policy


def score(
    city: City,
    run: str,
    *,
    members: int = 8,
    cell: float | None = None,
    workers: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Return the score of a run with agents, and keep it in the run's folder.

    members  further courses of the weather, as the scenario's table `ensemble` spreads them
    cell     m, of the runs behind it; None: that of the scenario's `proof_cell_m`
    progress told the share done

    Raises MissingError (no such run, or one without agents) and UsageError (the scenario's weather has no spread, a
    run that has not ended).
    """
    found = city.runs.get(run)
    told = response_of(city, found.id)
    if found.status != "done":
        raise UsageError(f"run {found.id} is {found.status}; a response is scored when it has ended")
    scenario = parse_scenario(city.runs.scenario_text(found.id), "scenario.toml")
    spread = Spread.of(scenario.ensemble)
    if not scenario.ensemble:
        raise UsageError(f"run {found.id}: its scenario has no table 'ensemble', so there is no other weather to meet")
    drill = scenario.response
    wanted = cell or (scenario.cell if drill is None else max(drill.proof_cell, scenario.cell))
    acting, fine = made_ready(city, replace(scenario, cell=wanted), make(scenario.hazard))
    stage = stage_of(city, acting, fine)
    play = _Play(
        stage,
        acting,
        fine,
        layout_of(city, stage.facts, fine.grid),
        spread,
        _approved(city, found.id, told),
        _players(),
    )
    courses = [_Course(what, member) for member in range(members) for what in COURSES]
    with several(workers or Settings.from_environment().threads) as together:
        outcomes = []
        for outcome in together(_lived, [(play, course) for course in courses]):
            outcomes.append(outcome)
            if progress is not None:
                progress(len(outcomes) / len(courses))
    by_course: dict[str, list[Outcome]] = {what: [] for what in COURSES}
    for course, outcome in zip(courses, outcomes, strict=True):
        by_course[course.what].append(outcome)
    facts = _facts(by_course) | {
        "run": found.id,
        "members": members,
        "cell": wanted,
        "forecast": told["forecast"],
        "spread": asdict(spread),
    }
    file = city.runs.folder(found.id) / SCORE
    file.write_text(json.dumps(facts, ensure_ascii=False, indent=1, default=float) + "\n", encoding="utf-8")
    return facts


def score_of(city: City, run: str) -> dict[str, Any] | None:
    """Return the score that was kept of a run; None where nobody has scored it. Raises InputError for a broken file."""
    file = city.runs.folder(city.runs.get(run).id) / SCORE
    if not file.is_file():
        return None
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise InputError(f"{file}: the score cannot be read: {error}; score the run again") from error


def _approved(city: City, run: str, told: Mapping[str, Any]) -> tuple[tuple[float, Proposal], ...]:
    """Return what was carried out in a run, with the time at which it began."""
    begun = {row["hash"]: row for row in told["proposals"] if row["begun"] is not None}
    found = []
    for pending in city.board.proposals(run):
        whole, row = pending.proposal, begun.get(pending.proposal.hash)
        if row is not None:
            found.append((float(row["begun"]), replace(whole, steps=tuple(whole.steps[n] for n in row["steps"]))))
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].hash)))


def _players() -> Policy:
    """Return a policy under which the baselines and hindsight are approved: everything, as fast as in an exercise."""
    from twin.shield.policy import Person, Role

    roles = {name: Role(name, name, name, (2, 3), ("*",)) for name in ("chief", "department")}
    persons = {name: Person(f"player-{name}", name, name, (name,)) for name in roles}
    players = tuple(
        Player(f"player-{name}", name, 60.0 * minutes, ("*",)) for name, minutes in (("chief", 3), ("department", 4))
    )
    return Policy(
        "score",
        "1",
        1200.0,
        roles,
        {p.id: p for p in persons.values()},
        ("chief", "department"),
        exercise=True,
        players=players,
    )


def _lived(task: tuple[_Play, _Course]) -> Outcome:
    """Return what a course comes to."""
    play, course = task
    setting = Setting(
        play.fine.grid,
        play.scenario,
        play.fine.fields,
        play.fine.forcing,
        play.fine.assets,
        np.random.default_rng(play.scenario.seed),
    )
    setting = varied(setting, draw(play.scenario.seed, APART + course.member, play.spread))
    # other people, other noise of the gauges: of the member and not of what is done
    scenario = replace(setting.scenario, seed=play.scenario.seed + APART + course.member)
    setting = replace(setting, scenario=scenario)
    names = {"nearest": "nearest", "sop": "sop", "hindsight": "all"}.get(course.what, "none")
    control = play.stage.control(
        scenario,
        play.fine,
        play.layout,
        teams.make(names),
        play.policy,
        Forgetful(),
        here,
        perfect=course.what == "hindsight",
    )
    control.coordinate = "auction" if course.what == "hindsight" else "nearest"
    control.proofs, control.shielded = False, course.what == "hindsight"
    control.planned = play.plan if course.what == "plan" else ()
    hazard = make(scenario.hazard)
    hazard.start(setting)
    for _ in march(hazard, scenario, _nobody, conductor=control):
        pass
    return control.outcome()


def _nobody(reached: float) -> None:
    """Watch nothing."""
    del reached


def _facts(outcomes: Mapping[str, Sequence[Outcome]]) -> dict[str, Any]:
    """Return every measure of every course by member, what the plan saves against each, and what it leaves undone."""
    measures = {name: {what: [one.of(name) for one in found] for what, found in outcomes.items()} for name in MEASURES}
    measures["exposure"] = {
        what: [sum(one.of(name) for name in EXPOSURE) for one in found] for what, found in outcomes.items()
    }
    against = {
        other: compared(measures["exposure"]["plan"], measures["exposure"][other])
        for other in ("none", "nearest", "sop")
    }
    gain = {what: float(np.mean(values)) for what, values in measures["exposure"].items()}
    possible = gain["none"] - gain["hindsight"]
    return {
        "measures": {name: table for name, table in measures.items() if any(any(values) for values in table.values())},
        "against": against,
        # of what hindsight would have saved, the share that the plan did not; None: there was nothing to save
        "regret": None if possible <= 0 else (gain["plan"] - gain["hindsight"]) / possible,
    }


def compared(plan: Sequence[float], other: Sequence[float]) -> dict[str, float | bool | None]:
    """Return how a plan does against another course of action, member by member; less is better.

    saved, low, high          mean of (other - plan), with the interval of 95 % of a bootstrap over members
    ratio, ratio_low, _high   sum(plan) / sum(other), and its interval; None where a draw of the other one is nothing
    better                    the interval of what is saved lies above 0
    """
    a, b = np.asarray(plan, np.float64), np.asarray(other, np.float64)
    rows = np.random.default_rng(1).integers(len(a), size=(DRAWS, len(a)))
    saved = (b - a)[rows].mean(axis=1)
    low, high = np.quantile(saved, [LOW, HIGH])
    ratio: dict[str, float | None] = {"ratio": None, "ratio_low": None, "ratio_high": None}
    sums = b[rows].sum(axis=1)
    if (sums > 0).all():
        parts = a[rows].sum(axis=1) / sums
        below, above = np.quantile(parts, [LOW, HIGH])
        ratio = {"ratio": float(a.sum() / b.sum()), "ratio_low": float(below), "ratio_high": float(above)}
    return {"saved": float((b - a).mean()), "low": float(low), "high": float(high), "better": bool(low > 0)} | ratio
