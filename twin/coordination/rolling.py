"""Rolling horizon: plan anew with the newest state, but keep what is about to begin, and do not swap for little.

A unit that has begun something is free only when it has done it (`Unit.free`), so that stays. Of the plan before, stops
whose unit leaves within `Settings.firm` stay where they were; the rest is tentative. A new plan is taken only if it
gains `Settings.swap` of the weight at stake over the plan before with the new tasks put into its gaps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from twin.coordination.auction import auction, kept
from twin.coordination.calendar import Calendar
from twin.coordination.improve import improve
from twin.coordination.problem import TICK, Case, case, driving, planned
from twin.coordination.resources import narrowed, span
from twin.coordination.tasks import Plan, Settings, Stop, Task
from twin.errors import UnstableError
from twin.model.response.city import Unit


@dataclass(frozen=True, slots=True)
class Kept:
    """A stop of the plan before: the id of its task, and when the unit would leave for it, s."""

    task: str
    leaves: float


def solve(
    tasks: Sequence[Task],
    units: Sequence[Unit],
    travel: NDArray[np.float64],
    calendar: Calendar,
    settings: Settings,
    before: Mapping[str, Sequence[Kept]] = MappingProxyType({}),
    now: float = 0.0,
) -> tuple[Case, Plan]:
    """Return the planning and the plan of a cycle; what it uses is reserved in the calendar under the ids of the tasks.

    travel    (units + tasks, tasks) s, see `problem.case`
    calendar  holds what is reserved already
    before    id of a unit -> its stops in the plan before, in their order
    now       s from the start of the run
    """
    posed = pose(tasks, units, travel, calendar, now)
    plan = replan(posed, settings, before, now)
    for stop in (stop for route in plan.routes for stop in route):
        if not booked(posed, stop, calendar):
            raise UnstableError(f"task {posed.tasks[stop.task].id!r} was planned beyond what it shares with others")
    return posed, stretched(posed, plan, calendar)


def pose(
    tasks: Sequence[Task], units: Sequence[Unit], travel: NDArray[np.float64], calendar: Calendar, now: float
) -> Case:
    """Return the planning of tasks within the windows of what they use, with what is left of it from `now` on.

    An amount counts as taken from now on for good, though a task may use it for a while only: so a plan never takes
    more than there is, whatever comes when; `stretched` uses the rest. Of tasks that use a thing for different purposes
    the weightier ones can be planned.
    """
    narrow = [narrowed(task, calendar.resources) for task in tasks]
    purpose: dict[str, str] = {}
    for number, task in sorted(enumerate(narrow), key=lambda each: (-each[1].weight, each[0])):
        single = [use for use in task.uses if calendar.resources[use.resource].single]
        if all(
            purpose.get(use.resource, use.purpose) == use.purpose
            and calendar.fits(
                use.resource,
                0.0,
                max(now, calendar.resources[use.resource].opens),
                calendar.resources[use.resource].closes,
                use.purpose,
            )
            for use in single
        ):
            purpose |= {use.resource: use.purpose for use in single}
        else:
            narrow[number] = replace(task, deadline=-math.inf)
    left = {
        name: calendar.free(name, max(now, calendar.resources[name].opens), calendar.resources[name].closes)
        for name in sorted({use.resource for task in tasks for use in task.uses})
    }
    ready = [replace(unit, free=max(unit.free, now)) for unit in units]
    return case(narrow, ready, travel, left)


def replan(case: Case, settings: Settings, before: Mapping[str, Sequence[Kept]], now: float) -> Plan:
    """Return the plan of a cycle.

    before  id of a unit -> its stops in the plan before, in their order
    now     s from the start of the run
    """
    number = {task.id: k for k, task in enumerate(case.tasks)}
    old = [[stop for stop in before.get(unit.id, ()) if stop.task in number] for unit in case.units]
    firm = kept(case, [[number[stop.task] for stop in route if stop.leaves < now + settings.firm] for route in old])
    held = [len(route) for route in firm]
    fresh = improve(case, auction(case, firm, settings.bids, held), settings, held)
    if not any(old):
        return fresh
    head = {task for route in firm for task in route}
    whole = [
        [*first, *(number[stop.task] for stop in route if number[stop.task] not in head)]
        for first, route in zip(firm, old, strict=True)
    ]
    steady = auction(case, kept(case, whole, held), settings.bids, held)
    best = max(fresh, improve(case, steady, settings, held), key=lambda plan: (plan.met, -plan.late))
    return best if best.met - steady.met > settings.swap * sum(task.weight for task in case.tasks) else steady


def stretched(case: Case, plan: Plan, calendar: Calendar) -> Plan:
    """Return the plan with open tasks at the ends of routes, where the calendar has room just then.

    What the plan uses has to be reserved in the calendar before; what this adds is reserved.
    """
    p = case.numbers
    routes = [[stop.task for stop in route] for route in plan.routes]
    for task in sorted(plan.open, key=lambda task: (-case.tasks[task].weight, task)):
        if not case.tasks[task].uses:
            continue  # nothing but a unit was missing
        offers: list[tuple[float, int, Stop]] = []
        for unit, route in enumerate(routes):
            last = planned(case, routes).routes[unit]
            free = round(last[-1].done * TICK) if last else int(p.free[unit])
            drive = driving(p, unit, len(routes) + route[-1] if route else unit, task)
            arrives = max(free + drive, int(p.earliest[task]))
            done = arrives + int(p.service[task])
            stop = Stop(task, (arrives - drive) / TICK, arrives / TICK, done / TICK)
            if p.allowed[unit, task] and done <= p.deadline[task] and booked(case, stop, calendar, dry=True):
                offers.append((stop.done, unit, stop))
        if offers:
            _, unit, stop = min(offers, key=lambda offer: offer[:2])
            booked(case, stop, calendar)
            routes[unit].append(task)
    return planned(case, routes, plan.bids)


def booked(case: Case, stop: Stop, calendar: Calendar, *, dry: bool = False) -> bool:
    """Reserve what a stop uses, with the id of its task as the holder, and return whether all of it fits.

    dry  only look
    """
    task = case.tasks[stop.task]
    for use in task.uses:
        begin, end = span(use, stop)
        if not calendar.fits(use.resource, use.amount, begin, end, use.purpose):
            calendar.release(task.id)
            return False
        calendar.reserve(task.id, use.resource, use.amount, begin, end, use.purpose)
    if dry:
        calendar.release(task.id)
    return True
