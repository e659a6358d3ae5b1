"""The planning as whole numbers: sums are exact, so the same plan comes out on every machine, in any order of adding.

Times are tenths of a second, driving rounded up and deadlines down; weights, amounts and paces are thousandths.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.coordination.tasks import Bid, Plan, Stop, Task
from twin.errors import InputError
from twin.model.response.city import Unit

TICK = 10
"""Ticks of time in a second."""

FINE = 1000
"""Parts of one of weight, amount and pace."""

FAR = 1 << 40
"""Ticks: never."""

LAST = FAR // FINE - 1
"""Tick of the latest deadline: no unit, however fast, comes before it where there is no way."""

SPEED, WEIGHT = 100.0, 1e6
"""Highest speed, in cars' speeds, and highest weight of a task: sums of whole numbers stay within 64 bit."""

Ints = NDArray[np.int64]


class Problem(NamedTuple):
    """u units, t tasks, r resources.

    travel    (u + t, t)  ticks from a unit, or from where a task ends, to a task; FAR: no way
    fine      FINE
    pace      (u,)        thousandths, by which a unit takes longer than `travel` says
    free      (u,)        tick when it can leave
    allowed   (u, t)      of the right kind, with seats enough, and there is a way
    service, earliest, deadline, weight   (t,)
    first     (t + 1,)    where in `used` and `amount` the uses of a task begin
    used      resource of a use;   amount  what of it
    capacity  (r,)        what is free of each resource
    near      (t, t)      the other tasks of each, those most alike first, itself at the head
    """

    travel: Ints
    fine: int
    pace: Ints
    free: Ints
    allowed: NDArray[np.bool_]
    service: Ints
    earliest: Ints
    deadline: Ints
    weight: Ints
    first: Ints
    used: Ints
    amount: Ints
    capacity: Ints
    near: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Tasks and units with their numbers; made by `case`."""

    tasks: tuple[Task, ...]
    units: tuple[Unit, ...]
    numbers: Problem


def case(
    tasks: Sequence[Task],
    units: Sequence[Unit],
    travel: NDArray[np.float64],
    capacity: Mapping[str, float] = MappingProxyType({}),
) -> Case:
    """Return a planning to be solved.

    travel    (units + tasks, tasks) s, at a car's speed; infinity: no way
    capacity  id of a resource -> what is free of it; each that a task uses must be there

    Raises InputError where shapes, numbers or resources do not go together.
    """
    u, t = len(units), len(tasks)
    seconds = np.asarray(travel, np.float64)
    if seconds.shape != (u + t, t):
        raise InputError(f"travel has the shape {seconds.shape}; {u} units and {t} tasks need ({u + t}, {t})")
    if np.isnan(seconds).any() or (seconds < 0).any():
        raise InputError("travel holds NaN or negative seconds; infinity says that there is no way")
    for task in tasks:
        _check(task, capacity)
    for unit in units:
        if not 0 < unit.speed <= SPEED:
            raise InputError(
                f"unit {unit.id!r}: speed {unit.speed}, a share of a car's, is above 0 and at most {SPEED:g}"
            )
    ticks = np.where(np.isfinite(seconds), np.ceil(np.where(np.isfinite(seconds), seconds, 0.0) * TICK), FAR)
    able = [[suits(unit, task) for task in tasks] for unit in units]
    names = sorted(capacity)
    number = {name: k for k, name in enumerate(names)}
    uses = [(k, use) for k, task in enumerate(tasks) for use in task.uses]
    first = np.searchsorted(np.array([k for k, _ in uses], np.int64), np.arange(t + 1))
    due = np.array([task.deadline for task in tasks], np.float64)
    deadline = np.where(due < 0, -1, np.minimum(_ticks([task.deadline for task in tasks], np.floor), LAST))
    whole = np.ascontiguousarray(ticks, np.int64)  # one layout, one compiled kernel
    arrays = Problem(
        whole,
        FINE,
        np.ceil(np.array([1.0 / unit.speed for unit in units]) * FINE).astype(np.int64),
        _ticks([max(unit.free, 0.0) for unit in units], np.ceil),
        np.array(able, np.bool_).reshape(u, t),
        _ticks([task.service for task in tasks], np.ceil),
        _ticks([task.earliest for task in tasks], np.ceil),
        deadline,
        np.round(np.array([task.weight for task in tasks]) * FINE).astype(np.int64),
        first.astype(np.int64),
        np.array([number[use.resource] for _, use in uses], np.int64),
        np.ceil(np.array([use.amount for _, use in uses]) * FINE).astype(np.int64),
        np.floor(np.array([min(max(capacity[name], 0.0), FAR / FINE) for name in names]) * FINE).astype(np.int64),
        _alike(whole[u:], deadline, [task.kind for task in tasks]),
    )
    return Case(tuple(tasks), tuple(units), arrays)


def suits(unit: Unit, task: Task) -> bool:
    """Return whether a unit is of the kind that a task asks for, in service, and has the seats."""
    return unit.kind == task.kind and task.seats <= unit.seats and math.isfinite(unit.free)


def _ticks(seconds: Sequence[float], rounded: np.ufunc) -> Ints:
    """Return s as ticks, at most FAR and at least 0."""
    return np.asarray(rounded(np.clip(np.array(seconds, np.float64), 0.0, FAR / TICK) * TICK)).astype(np.int64)


def _check(task: Task, capacity: Mapping[str, float]) -> None:
    numbers = (task.service, task.earliest, task.weight, *(use.amount for use in task.uses))
    if any(math.isnan(number) or number < 0 for number in numbers) or task.weight > WEIGHT:
        raise InputError(
            f"task {task.id!r}: service, earliest, weight and amounts are numbers from 0 on, "
            f"the weight at most {WEIGHT:g}"
        )
    if math.isnan(task.deadline):
        raise InputError(f"task {task.id!r} has NaN as its deadline; infinity says that it has none")
    for use in task.uses:
        if use.resource not in capacity:
            raise InputError(f"task {task.id!r} uses {use.resource!r}, of which no capacity is given")


def _alike(travel: Ints, deadline: Ints, kinds: Sequence[str]) -> Ints:
    """Return (t, t) the tasks by how alike they are to each: near by road, due at about the same time, of one kind."""
    t = len(deadline)
    way = np.minimum(travel, travel.T) + np.abs(deadline[:, None] - deadline[None, :]) // 4
    codes = np.unique(np.array(kinds, dtype=str), return_inverse=True)[1] if t else np.zeros(0, np.int64)
    way = np.where(codes[:, None] == codes[None, :], np.minimum(way, FAR), 2 * FAR)
    np.fill_diagonal(way, -1)
    return np.ascontiguousarray(np.argsort(way, axis=1, kind="stable").reshape(t, t), np.int64)


def stops(p: Problem, unit: int, route: Sequence[int]) -> tuple[Stop, ...]:
    """Return the stops of a unit with their times; it leaves as late as it can and still be there at the earliest."""
    found: list[Stop] = []
    free, row = int(p.free[unit]), unit
    for task in route:
        drive = driving(p, unit, row, task)
        arrives = max(free + drive, int(p.earliest[task]))
        done = arrives + int(p.service[task])
        found.append(Stop(int(task), (arrives - drive) / TICK, arrives / TICK, done / TICK))
        free, row = done, len(p.pace) + task
    return tuple(found)


def driving(p: Problem, unit: int, row: int, task: int) -> int:
    """Return ticks that a unit drives from a row of `travel` to a task."""
    return (int(p.travel[row, task]) * int(p.pace[unit]) + FINE - 1) // FINE


def planned(case: Case, routes: Sequence[Sequence[int]], bids: tuple[Bid, ...] = ()) -> Plan:
    """Return the plan of some routes; what is done too late is not met."""
    p = case.numbers
    made = tuple(stops(p, unit, route) for unit, route in enumerate(routes))
    served = {stop.task for route in made for stop in route}
    met = late = 0
    for stop in (stop for route in made for stop in route):
        done, weight = round(stop.done * TICK), int(p.weight[stop.task])
        met += weight if done <= p.deadline[stop.task] else 0
        late += weight * done
    waiting = tuple(task for task in range(len(p.weight)) if task not in served)
    return Plan(made, waiting, met / FINE, late / FINE / TICK, bids)
