"""Large-neighbourhood search: take some tasks out, find places for them and for waiting ones, keep it if it is better.

Half of the iterations start at a task that waits (it came too late) and take out what is done near it, at about its
time; the others at any task, and some take out here and there. Places are found by regret, or by weight with luck. The
number of iterations ends it, never the clock; better is more weight met, then less weighted completion.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.coordination.problem import Case, planned
from twin.coordination.state import empty, memo, routes_of
from twin.coordination.tasks import Plan, Settings


def improve(case: Case, plan: Plan, settings: Settings, firm: Sequence[int] = ()) -> Plan:
    """Return a plan that is never worse, with the bids of the one it comes from.

    plan  whose stops are all met in time, as `auction` makes them
    firm  of each unit, how many of its first stops stay as they are; empty: none
    """
    from twin.coordination import kernels

    p = case.numbers
    if not len(case.tasks) or not len(case.units):
        return plan
    state, trial = empty(p), empty(p)
    fixed = np.zeros(len(case.tasks), np.bool_)
    for unit, route in enumerate(plan.routes):
        held = firm[unit] if firm else 0
        for each in (state, trial):
            each.firm[unit] = held
            for place, stop in enumerate(route):
                kernels.put(p, each, unit, place, stop.task)
        fixed[[stop.task for stop in route[:held]]] = True
    rng = np.random.default_rng(settings.seed)
    kernels.improve(p, state, trial, memo(p), rng, settings.iterations, settings.remove, fixed)
    return planned(case, routes_of(state), plan.bids)
