"""The rule to be compared with: the unit that is free first takes the nearest open task, and looks at no deadline."""

from __future__ import annotations

import numpy as np

from twin.coordination.problem import FAR, Case, driving, planned
from twin.coordination.tasks import Plan


def first_free(case: Case) -> Plan:
    """Return the plan of that rule, with tasks in it that are done too late.

    Of units free at the same time the first, of tasks equally near the first; only what a shared resource has left.
    """
    p = case.numbers
    units, tasks = p.allowed.shape
    free, row, left = p.free.copy(), np.arange(units), p.capacity.copy()
    waiting, working = np.ones(tasks, np.bool_), np.ones(units, np.bool_)
    routes: list[list[int]] = [[] for _ in range(units)]
    while working.any():
        unit = int(np.argmin(np.where(working, free, 2 * FAR)))
        able = np.flatnonzero(waiting & p.allowed[unit] & (p.travel[row[unit]] < FAR))
        able = able[np.argsort(p.travel[row[unit], able], kind="stable")]
        task = next((int(j) for j in able if (_need(case, int(j)) <= left).all()), -1)
        if task < 0:
            working[unit] = False
            continue
        arrives = max(int(free[unit]) + driving(p, unit, int(row[unit]), task), int(p.earliest[task]))
        free[unit] = arrives + int(p.service[task])
        row[unit] = units + task
        left -= _need(case, task)
        waiting[task] = False
        routes[unit].append(task)
    return planned(case, routes)


def _need(case: Case, task: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    p = case.numbers
    uses = slice(p.first[task], p.first[task + 1])
    return np.bincount(p.used[uses], p.amount[uses], len(p.capacity)).astype(np.int64)
