"""Proposals in, proposals with units and times out: the joint plan of a cycle."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from twin.coordination.demands import RANK, City, Demand
from twin.coordination.firstfree import first_free
from twin.coordination.problem import FAR, TICK, Case, suits
from twin.coordination.roads import Roads
from twin.coordination.rolling import Kept, booked, pose, solve
from twin.coordination.tasks import Bid, Plan, Settings, Stop, Task
from twin.model.response.canonical import digest
from twin.model.response.city import Unit
from twin.model.response.proposal import Award, Proposal, Reason, Step
from twin.model.response.view import View


@dataclass(frozen=True, slots=True)
class Unserved:
    """A step that is not done.

    proposal  number of its proposal among those that came in;   step  its number there
    reason    plan.no_unit     there is no unit of the kind in service
              plan.no_seats    none of them has the seats
              plan.no_way      none comes there: a node that is none, or roads that are closed, under water or in flames
              plan.late        none could do it in time, even if it did nothing else
              plan.full        the shelter, or what else it needs, is full, or not open then
              plan.road_taken  its way is closed or filled by something that comes first
              plan.unknown     it names a home or a shelter that is none
              plan.busy        the units do what weighs more
    """

    proposal: int
    step: int
    agent: str
    kind: str
    target: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Awarded:
    """The joint plan of a cycle.

    proposals  those that came in, in their order, without the steps in `unserved`; one of which no step is left is
               left out
    unserved   in the order of proposals and steps
    tasks      announced, in the order of their ids
    bids       what units offered for them, round by round (none by the rule of the nearest unit)
    units      where and when each can begin, after what binds it already; the routes begin there
    routes     id of a unit -> its stops, for the cycle after
    met, asked  weight done in time, and of all tasks
    hash       digest of who does what when, and of what nobody does
    """

    proposals: tuple[Proposal, ...]
    unserved: tuple[Unserved, ...]
    tasks: tuple[Task, ...]
    bids: tuple[Bid, ...]
    units: tuple[Unit, ...]
    routes: Mapping[str, tuple[Kept, ...]]
    met: float
    asked: float
    hash: str


def award(
    proposals: Sequence[Proposal], view: View, settings: Settings | None = None, before: Awarded | None = None
) -> Awarded:
    """Return proposals with units and times, by auction and search.

    before  the plan of the cycle before: what begins soon stays, and little gains change nothing

    What proposals of earlier cycles have taken is respected, see `demands.bound`. Closures claim roads first, then
    evacuations, then the rest; steps without `work` are not planned, but they too find a shelter full or a road taken.
    Raises InputError for work with numbers that make no sense.
    """
    settings = settings or Settings()
    routes = {} if before is None else before.routes

    def solved(tasks: Sequence[Task], units: Sequence[Unit], roads: Roads, city: City) -> tuple[Case, Plan]:
        return solve(tasks, units, roads.seconds(units, tasks), city.calendar, settings, routes, view.time)

    return _awarded(proposals, view, settings, solved)


def nearest(
    proposals: Sequence[Proposal], view: View, settings: Settings | None = None, before: Awarded | None = None
) -> Awarded:
    """Return proposals with units and times by the rule to be compared with: who is free first takes what is nearest.

    It looks at no deadline; `before` is not looked at either. All else as in `award`.
    """
    del before

    def solved(tasks: Sequence[Task], units: Sequence[Unit], roads: Roads, city: City) -> tuple[Case, Plan]:
        posed = pose(tasks, units, roads.seconds(units, tasks), city.calendar, view.time)
        plan = first_free(posed)
        fits = [[stop for stop in route if booked(posed, stop, city.calendar)] for route in plan.routes]
        done = {stop.task for route in fits for stop in route}
        waiting = tuple(k for k in range(len(tasks)) if k not in done)
        return posed, replace(plan, routes=tuple(tuple(route) for route in fits), open=waiting)

    return _awarded(proposals, view, settings or Settings(), solved)


def _awarded(
    proposals: Sequence[Proposal],
    view: View,
    settings: Settings,
    solved: Callable[[Sequence[Task], Sequence[Unit], Roads, City], tuple[Case, Plan]],
) -> Awarded:
    city = City(view, proposals)
    demands, refused = _demands(proposals, city)
    wanted = [(demand, demand.task) for demand in demands if demand.task is not None]
    tasks, units = [task for _, task in wanted], city.units()
    roads = Roads(view, settings)
    case, plan = solved(tasks, units, roads, city)
    awards: dict[tuple[int, int], Award] = {}
    for unit, route in zip(units, plan.routes, strict=True):
        node = unit.node
        for stop in route:
            demand, task = wanted[stop.task]
            way = roads.way(task.kind, node, task.node)
            awards[demand.proposal, demand.step] = Award(unit.id, stop.leaves, stop.arrives, stop.done, way)
            node = task.node if task.ends < 0 else task.ends
    for number in plan.open:
        demand, _ = wanted[number]
        refused[demand.proposal, demand.step] = hopeless(case, number, city)
    unserved = tuple(_unserved(proposals[p], p, s, code) for (p, s), code in sorted(refused.items()))
    routes = {
        unit.id: tuple(Kept(tasks[stop.task].id, stop.leaves) for stop in route)
        for unit, route in zip(units, plan.routes, strict=True)
    }
    told = [[p, s, given] for (p, s), given in sorted(awards.items())]
    left = [[p, s, code] for (p, s), code in sorted(refused.items())]
    made = tuple(
        replace(proposal, steps=steps)
        for p, proposal in enumerate(proposals)
        if (steps := _steps(proposal, p, awards, refused)) or not proposal.steps
    )
    asked = sum(task.weight for task in tasks)
    mark = digest([told, left, [p.hash for p in made]])
    return Awarded(made, unserved, tuple(tasks), plan.bids, units, routes, plan.met, asked, mark)


def _demands(proposals: Sequence[Proposal], city: City) -> tuple[list[Demand], dict[tuple[int, int], str]]:
    """Return the tasks of all steps in the order of their ids, and the steps that what they claim shuts out."""
    order = sorted(
        (RANK.get(step.action.kind, len(RANK)), p, s)
        for p, proposal in enumerate(proposals)
        for s, step in enumerate(proposal.steps)
    )
    found: list[Demand] = []
    refused: dict[tuple[int, int], str] = {}
    seen: dict[str, int] = {}
    for _, p, s in order:
        step = proposals[p].steps[s]
        code = city.claim(f"step {p}/{s}", step.action, refuge=step.work is None) or city.wrong(step.action)
        if code:
            refused[p, s] = code
        elif step.work is not None:
            name = f"{proposals[p].agent}:{step.action.kind}:{step.action.target}"
            seen[name] = seen.get(name, 0) + 1
            name += f"#{seen[name]}" if seen[name] > 1 else ""
            found.append(Demand(p, s, city.task(name, step, step.work)))
    return sorted(found, key=lambda demand: "" if demand.task is None else demand.task.id), refused


def _steps(
    proposal: Proposal, number: int, awards: Mapping[tuple[int, int], Award], refused: Mapping[tuple[int, int], str]
) -> tuple[Step, ...]:
    return tuple(
        step if (number, s) not in awards else replace(step, award=awards[number, s])
        for s, step in enumerate(proposal.steps)
        if (number, s) not in refused
    )


def _unserved(proposal: Proposal, number: int, place: int, code: str) -> Unserved:
    step = proposal.steps[place]
    values: dict[str, float | str] = {"kind": step.action.kind, "target": step.action.target}
    if step.work is not None:
        values |= {"unit": step.work.unit, "weight": step.work.weight}
        values |= {"deadline": step.work.deadline} if math.isfinite(step.work.deadline) else {}
    reason = Reason(f"plan.{code}", values)
    return Unserved(number, place, proposal.agent, step.action.kind, step.action.target, reason)


def hopeless(case: Case, number: int, city: City) -> str:
    """Return why a task stays open, the last part of a code of `Unserved`."""
    p, task = case.numbers, case.tasks[number]
    if not any(unit.kind == task.kind and math.isfinite(unit.free) for unit in case.units):
        return "no_unit"
    able = [k for k, unit in enumerate(case.units) if suits(unit, task)]
    if not able:
        return "no_seats"
    reached = [k for k in able if p.travel[k, number] < FAR]
    if not reached:
        return "no_way"
    arrivals = [
        max(int(p.free[k]) + int(p.travel[k, number] * p.pace[k]) // p.fine, int(p.earliest[number])) for k in reached
    ]
    if min(arrivals) + int(p.service[number]) > p.deadline[number]:
        return "late"
    done = (min(arrivals) + int(p.service[number])) / TICK
    alone = Stop(number, done, done, done)
    return "busy" if booked(case, alone, city.calendar, dry=True) else "full"
