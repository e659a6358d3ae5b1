"""Announce, bid, award: one task at a time, always the best bid of all (sequential single-item auction).

Every open task is announced to every unit. A unit bids the best place it has for it among what it already does: what
weight is met in time with it, and by how much the weighted completion of all it does grows. The best bid of all wins,
the others bid anew. This is the contract net of FIPA, whose rows (announcement, bids, award) are `Plan.bids`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from twin.coordination.problem import FINE, TICK, Case, driving, planned
from twin.coordination.state import empty, routes_of
from twin.coordination.tasks import Bid, Plan


def auction(case: Case, routes: Sequence[Sequence[int]] = (), bids: int = 8, firm: Sequence[int] = ()) -> Plan:
    """Return the plan of an auction; every task in it is met in time, what nobody can do in time stays open.

    routes  numbers of the tasks that units have already, in order, as `kept` leaves them; empty: nobody has any
    bids    that are told of each task, the best ones
    firm    of each unit, how many of its first stops stay before all others; empty: none
    """
    from twin.coordination import kernels

    p = case.numbers
    units, tasks = p.allowed.shape
    state = empty(p)
    for unit, route in enumerate(routes):
        state.firm[unit] = firm[unit] if firm else 0
        for place, task in enumerate(route):
            kernels.put(p, state, unit, place, task)
    order, offers = np.zeros(tasks, np.int64), np.full((tasks, units), kernels.NEVER, np.int64)
    rounds = kernels.auction(p, state, order, offers)
    told: list[Bid] = []
    for number, task in enumerate(order[:rounds].tolist()):
        best = np.argsort(offers[task], kind="stable")[:bids]
        told += [
            Bid(
                number,
                case.tasks[task].id,
                case.units[unit].id,
                int(p.weight[task]) / FINE,
                int(offers[task, unit]) / FINE / TICK,
                place == 0,
            )
            for place, unit in enumerate(best.tolist())
            if offers[task, unit] < kernels.NEVER
        ]
    return planned(case, routes_of(state), tuple(told))


def kept(case: Case, routes: Sequence[Sequence[int]], firm: Sequence[int] = ()) -> list[list[int]]:
    """Return routes without the stops that their units cannot make, or not in time, or that find a resource full.

    firm  of each unit, how many of its first stops come first where a resource is short
    """
    p = case.numbers
    left, time, row = p.capacity.copy(), p.free.tolist(), list(range(len(case.units)))
    found: list[list[int]] = [[] for _ in case.units]
    heads = list(firm) or [0] * len(routes)
    first = [(unit, task) for unit, route in enumerate(routes) for task in route[: heads[unit]]]
    then = [(unit, task) for unit, route in enumerate(routes) for task in route[heads[unit] :]]
    taken: set[int] = set()
    for unit, task in first + then:
        uses = slice(p.first[task], p.first[task + 1])
        need = np.bincount(p.used[uses], p.amount[uses], len(left)).astype(np.int64)
        arrives = max(time[unit] + driving(p, unit, row[unit], task), int(p.earliest[task]))
        done = arrives + int(p.service[task])
        if not p.allowed[unit, task] or task in taken or done > p.deadline[task] or (need > left).any():
            continue
        found[unit].append(task)
        taken.add(task)
        left -= need
        time[unit], row[unit] = done, len(case.units) + task
    return found
