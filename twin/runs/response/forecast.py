"""The forecast ensemble: coarse hazards that are told what has been observed and what is expected, never the truth.

Each member goes on from where the observed rain, the reported fires and the actions so far have brought it, and from
there looks ahead with its own error of rain, inflow and wind. What was reported late begins late in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards import Confined, Setting, make
from twin.model.response.canonical import digest
from twin.model.response.view import Outlook, Report
from twin.model.scenario import Ignition, Scenario, Series
from twin.runs.ensembles.members import Draw, factor, varied
from twin.runs.execution.march import tried
from twin.runs.response.ahead import KEPT, look_ahead, looks
from twin.runs.response.courses import Layout, Moment, moment_of, outlook_of
from twin.runs.response.perceive import rain_at
from twin.runs.response.pool import Shared, Together

if TYPE_CHECKING:
    from twin.model.action import Action
    from twin.model.response.drill import Drill
    from twin.model.run import Frame
    from twin.runs.inputs.prepare import Prepared


SPARK = 15.0
"""m, radius within which a fire that was seen from afar is taken to burn (design)."""
FIRE = "fire"
MM_PER_H = 3.6e6
"""mm h-1 in 1 m s-1."""
LEFT_OUT = frozenset({"basement"})
"""Kinds of action on things that the coarse city does not hold; see `stage`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the forecast is told at a time.

    time     s
    reports  of fires and breaches that have come in
    done     actions of the response on the hazard that have been carried out, in their order, with `at`
    """

    time: float
    reports: tuple[Report, ...] = ()
    done: tuple[Action, ...] = ()


@dataclass(slots=True)
class _Member:
    """A member between two cycles: where it stands, and what it had been told by then."""

    saved: Mapping[str, NDArray[Any]] | None = None
    reached: float = 0.0
    done: tuple[Action, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """From where a member can be run ahead again: with other actions, or the same ones.

    setting       of the member's hazard
    done, coming  what had been carried out at `saved`, and what is known to come
    frames        what the member sees ahead, of a hazard of which a part can be run again by itself; see `ahead`
    """

    setting: Setting
    saved: Mapping[str, NDArray[Any]]
    done: tuple[Action, ...]
    coming: tuple[Action, ...]
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How a member is brought from where it stood (`saved`, None: its start) up to `now`, and looks ahead `until`."""

    layout: Shared[Layout]
    setting: Setting
    saved: Mapping[str, NDArray[Any]] | None
    reached: float
    before: tuple[Action, ...]
    done: tuple[Action, ...]
    coming: tuple[Action, ...]
    now: float
    until: float


def _go(way: _Way) -> tuple[Mapping[str, NDArray[Any]], list[Moment], tuple[Frame, ...]]:
    """Return where a member stands now, what it sees ahead, and the frames of a `Branch`."""
    hazard = make(way.setting.scenario.hazard)
    hazard.start(way.setting)
    if way.saved is not None:
        hazard.load(way.saved, way.before)
    for action in way.done[len(way.before) :]:
        if action.at > way.reached:
            hazard.advance(action.at)
        tried(hazard, action)
    if way.now > way.reached:
        hazard.advance(way.now)
    saved, local = hazard.save(), isinstance(hazard, Confined)
    frames = list(look_ahead(hazard, way.now, way.until, way.coming, kept=KEPT if local else 1))
    moments = [moment_of(way.layout.value, frame) for frame in looks(frames)]
    return saved, moments, tuple(frames) if local else ()


@dataclass(slots=True)
class Forecaster:
    """The members of a forecast.

    scenario  as the document has it, with its measures placed;   ready  the city on the coarse grid
    together  runs the members, here or in other processes
    perfect   a single member without any error, told of everything beforehand: the hindsight of a score
    """

    scenario: Scenario
    ready: Prepared
    layout: Layout
    drill: Drill
    together: Together
    perfect: bool = False
    branches: list[Branch] = field(default_factory=list)
    _members: list[_Member] = field(default_factory=list)
    _laid: Shared[Layout] = field(init=False)

    def __post_init__(self) -> None:
        self._laid = Shared(self.layout)
        self._members = [_Member() for _ in range(1 if self.perfect else self.drill.members)]

    def outlook(self, known: Known) -> Outlook | None:
        """Return the forecast from `known.time` on; None where nothing is known that could come."""
        until = min(known.time + self.drill.horizon, self.scenario.duration)
        if until <= known.time:
            return None
        fires = [(r.target, round(r.x, 1), round(r.y, 1), r.time) for r in _fires(known)]
        told = digest([fires, [(a.kind, a.target, a.at) for a in self._happened(0, known)]])
        scenarios = [self._expected(number, known) for number in range(len(self._members))]
        ways = []
        for number, (member, scenario) in enumerate(zip(self._members, scenarios, strict=True)):
            if scenario is None:
                return None
            ways.append(self._way(number, member, scenario, known, until, told))
        ends = list(self.together(_go, ways))
        self.branches = []
        for way, member, (saved, _, frames) in zip(ways, self._members, ends, strict=True):
            member.saved, member.reached, member.done, member.told = saved, known.time, way.done, told
            self.branches.append(Branch(way.setting, saved, way.done, way.coming, frames))
        identity = digest([self.scenario.hash, known.time, told, [(a.kind, a.target, a.at) for a in known.done]])
        return outlook_of(
            self.layout, [moments for _, moments, _ in ends], known.time, until - known.time, identity[:16]
        )

    def _way(self, number: int, member: _Member, scenario: Scenario, known: Known, until: float, told: str) -> _Way:
        """Return how a member gets up to now and looks ahead."""
        kinds = make(scenario.hazard).measures
        acts = sorted((*self._happened(number, known), *known.done), key=lambda action: action.at)
        acts = [action for action in acts if action.kind in kinds and action.kind not in LEFT_OUT]
        goes_on = member.saved is not None and member.told == told
        return _Way(
            self._laid,
            self._setting(number, scenario),
            member.saved if goes_on else None,
            member.reached if goes_on else 0.0,
            member.done if goes_on else (),
            tuple(action for action in acts if action.at <= known.time),
            tuple(action for action in acts if action.at > known.time),
            known.time,
            until,
        )

    def _happened(self, number: int, known: Known) -> list[Action]:
        """Return what has gone wrong by now and is known: breaches by report, the rest (pumps, gates) by telemetry.

        How wide a breach is nobody knows yet: each member takes it with its own error.
        """
        if self.perfect:
            return list(self.scenario.measures)
        seen = {(report.target, report.time) for report in known.reports if report.kind == "breach"}
        found = []
        for action in self.scenario.measures:
            if action.kind != "breach" and action.at + self.drill.delay <= known.time:
                found.append(action)
            elif action.kind == "breach" and any(action.target == id_ and action.at <= at for id_, at in seen):
                by = factor(
                    self.drill.known_cv, np.random.default_rng([self.scenario.seed, 13, number]).standard_normal()
                )
                wide = {"width": by * float(str(action.params["width"]))} if "width" in action.params else {}
                found.append(replace(action, params={**action.params, **wide}))
        return found

    def _expected(self, number: int, known: Known) -> Scenario | None:
        """Return the scenario that a member is told; None where there is neither rain, water nor fire in it."""
        whole = self.scenario
        ignitions = whole.ignitions if self.perfect else tuple(_lit(report) for report in _fires(known))
        parts = [part for part in whole.hazard.split("+") if part != FIRE or ignitions]
        if not parts:
            return None
        params = whole.params
        if "+" in whole.hazard and len(parts) == 1:
            table = whole.params.get(parts[0], {})
            params = dict(table) if isinstance(table, Mapping) else {}
        scenario = replace(
            whole,
            hazard="+".join(parts),
            cell=self.drill.forecast_cell,
            params=params,
            measures=(),
            ignitions=ignitions if FIRE in parts else (),
        )
        if self.perfect or scenario.rain is None:
            return scenario
        return replace(scenario, rain=self.nowcast(number, known.time))

    def rain_ahead(self, now: float) -> NDArray[np.float64]:
        """Return (t, 2) s and mm h-1 of the rain that the first member expects, every ten minutes."""
        if self.scenario.rain is None:
            rain = rain_at(self.scenario, now)
            return np.array([[now, rain * MM_PER_H]]) if rain > 0 else np.zeros((0, 2))
        course = self.nowcast(0, now)
        times = np.arange(now, now + self.drill.horizon + 1.0, 600.0)
        return np.column_stack([times, [MM_PER_H * course.at(float(t)) for t in times]])

    def nowcast(self, number: int, now: float) -> Series:
        """Return the rain that member `number` expects, in m s-1: as it fell so far, with its error from now on."""
        rain = self.scenario.rain
        assert rain is not None
        rng = np.random.default_rng([self.scenario.seed, 7, round(now), number])
        by, later = (
            factor(self.drill.nowcast_cv, rng.standard_normal()),
            self.drill.nowcast_shift * rng.standard_normal(),
        )
        past = [(t, v) for t, v in zip(rain.times, rain.values, strict=True) if t <= now]
        moved = [(t + later, v * by) for t, v in zip(rain.times, rain.values, strict=True)]
        ahead = [(t, v) for t, v in moved if t > now]
        running = [v for t, v in moved if t <= now]
        if ahead or running:
            ahead = [(now + 1e-3, running[-1] if running else 0.0), *ahead]
        course = past + ahead
        return Series(tuple(t for t, _ in course), tuple(v for _, v in course), step=True)

    def _setting(self, number: int, scenario: Scenario) -> Setting:
        """Return what a member starts from: the coarse city, and its own error of what is told."""
        parts = scenario.hazard.split("+")
        hazards = [make(part) for part in parts]
        inputs = {name for hazard in hazards for name in hazard.inputs}
        setting = Setting(
            self.ready.grid,
            scenario,
            {name: values for name, values in self.ready.fields.items() if name in inputs},
            {name: s for name, s in self.ready.forcing.items() if any(name in h.forcing for h in hazards)},
            {kind: a for kind, a in self.ready.assets.items() if any(kind in h.assets for h in hazards)},
            np.random.default_rng(scenario.seed),
        )
        if self.perfect:
            return setting
        rng = np.random.default_rng([scenario.seed, 11, number])
        z, own = rng.standard_normal(3), int(rng.integers(2**62))
        drawn = Draw(
            inflow=factor(self.drill.known_cv, z[0]),
            wind=factor(self.drill.known_cv, z[1]),
            wind_turn=float(50.0 * self.drill.known_cv * z[2]),
            seed=own,
        )
        return varied(setting, drawn)


def _fires(known: Known) -> list[Report]:
    """Return the reports from which a fire begins: those seen from afar, and each building that was reported alight."""
    return [report for report in known.reports if report.kind == FIRE]


def _lit(report: Report) -> Ignition:
    """Return the fire that a report is taken for: in its building, or on the ground where it was seen."""
    name = report.id
    if report.target:
        return Ignition(name, report.time, ((report.x, report.y),), 0.0, report.target)
    return Ignition(name, report.time, ((report.x, report.y),), SPARK)
