"""The auction and the search in plain Python, as they are thought: every route is driven anew for every try.

What the kernels are held against: the same draws give the same routes. Too slow for more than a few dozen tasks.
"""

from __future__ import annotations

import numpy as np

from twin.coordination.kernels import KEEP, NEVER, POOL
from twin.coordination.problem import Problem, driving

Routes = list[list[int]]


def driven(p: Problem, unit: int, route: list[int]) -> tuple[list[int], list[int]] | None:
    """Return the ticks at which a unit comes to the stops of a route and has done them; None: one is done too late."""
    arrive: list[int] = []
    done: list[int] = []
    free, row = int(p.free[unit]), unit
    for task in route:
        arrive.append(free + driving(p, unit, row, task))
        free = max(arrive[-1], int(p.earliest[task])) + int(p.service[task])
        done.append(free)
        if free > p.deadline[task]:
            return None
        row = len(p.pace) + task
    return arrive, done


def worth(p: Problem, routes: Routes) -> tuple[int, int]:
    """Return (weight met, minus weighted completion): the greater the better."""
    met = late = 0
    for unit, route in enumerate(routes):
        times = driven(p, unit, route)
        assert times is not None
        for task, done in zip(route, times[1], strict=True):
            met += int(p.weight[task])
            late += int(p.weight[task]) * done
    return met, -late


def fits(p: Problem, routes: Routes, task: int) -> bool:
    """Return whether what a task uses is left of every resource."""
    load = dict.fromkeys(range(len(p.capacity)), 0)
    for each in [task, *(j for route in routes for j in route)]:
        for k in range(p.first[each], p.first[each + 1]):
            load[int(p.used[k])] += int(p.amount[k])
    mine = {int(p.used[k]) for k in range(p.first[task], p.first[task + 1])}
    return all(load[r] <= p.capacity[r] for r in sorted(mine))


def bid(p: Problem, routes: Routes, unit: int, task: int, firm: int, *, short: bool) -> tuple[int, int]:
    """Return (cost, place) of the best place for a task in the route of a unit."""
    best = (NEVER, -1)
    if not p.allowed[unit, task]:
        return best
    route = routes[unit]
    before = driven(p, unit, route)
    assert before is not None
    cost_before = sum(int(p.weight[j]) * done for j, done in zip(route, before[1], strict=True))
    for place in range(firm, len(route) + 1):
        tried = [*route[:place], task, *route[place:]]
        times = driven(p, unit, tried)
        if times is None:
            continue
        if not short:
            cost = sum(int(p.weight[j]) * done for j, done in zip(tried, times[1], strict=True)) - cost_before
        elif place < len(route):
            cost = times[0][place + 1] - before[0][place]
        else:
            cost = times[1][-1] - (before[1][-1] if route else int(p.free[unit]))
        if cost < best[0]:
            best = (cost, place)
    return best


def auction(p: Problem, routes: Routes) -> Routes:
    """Return the routes after an auction of the tasks that are in none."""
    routes = [list(route) for route in routes]
    while True:
        best: tuple[int, int, int, int, int] | None = None
        served = {task for route in routes for task in route}
        for task in range(len(p.weight)):
            if task in served or not fits(p, routes, task):
                continue
            for unit in range(len(routes)):
                cost, place = bid(p, routes, unit, task, 0, short=False)
                offer = (-int(p.weight[task]), cost, task, unit, place)
                if cost < NEVER and (best is None or offer < best):
                    best = offer
        if best is None:
            return routes
        routes[best[3]].insert(best[4], best[2])


def fill(
    p: Problem, routes: Routes, firm: list[int], pool: list[int], rank: list[float], manner: int, *, short: bool
) -> None:
    """Put tasks of a pool into routes, in place."""
    left = dict(enumerate(pool))
    while left:
        best: tuple[float, int, int, int] | None = None
        for i, task in list(left.items()):
            offers = [bid(p, routes, unit, task, firm[unit], short=short) for unit in range(len(routes))]
            costs = sorted(cost for cost, _ in offers)
            if costs[0] == NEVER or not fits(p, routes, task):
                del left[i]
                continue
            second = costs[1] if len(costs) > 1 else NEVER
            value = rank[i] if manner == 1 else (1e18 if second == NEVER else float(second - costs[0])) * rank[i]
            if best is None or value > best[0]:
                unit = [cost for cost, _ in offers].index(costs[0])
                best = (value, i, unit, offers[unit][1])
        if best is None:
            return
        routes[best[2]].insert(best[3], left.pop(best[1]))


def improve(
    p: Problem, routes: Routes, firm: list[int], rng: np.random.Generator, iterations: int, remove: int
) -> Routes:
    """Return the routes after a search; see `kernels.improve`."""
    tasks = len(p.weight)
    for _ in range(iterations):
        draws = rng.random(5)
        served = {task for route in routes for task in route}
        fixed = {task for route, held in zip(routes, firm, strict=True) for task in route[:held]}
        waiting = [task for task in range(tasks) if task not in served]
        if len(waiting) == tasks:
            return routes
        late_first = bool(waiting) and draws[0] < 0.5
        seed = waiting[int(draws[1] * len(waiting))] if late_first else int(draws[1] * tasks)
        count, scattered = 1 + int(draws[2] * remove), draws[0] > 0.85
        pool: list[int] = []
        for i in range(tasks):
            task = int(rng.random() * tasks) if scattered else int(p.near[seed, i])
            if task not in served or task in pool or task in fixed or (not scattered and rng.random() < KEEP):
                continue
            pool.append(task)
            if len(pool) >= count:
                break
        trial = [[task for task in route if task not in pool] for route in routes]
        if late_first or len(waiting) <= POOL:
            pool += [int(task) for task in p.near[seed] if task not in served][:POOL]
        manner, rank = int(draws[3] * 2), []
        for task in pool:
            noise = rng.random()
            rank.append(float(p.weight[task]) * noise if manner == 1 else 0.5 + noise)
        fill(p, trial, firm, pool, rank, manner, short=bool(draws[4] < 0.5))
        if worth(p, trial) > worth(p, routes):
            routes = trial
    return routes
