"""Auction and large-neighbourhood search, compiled: an insertion is tried in constant time at each place of a route.

Every stop of a route is met in time, always. For each stop it is kept when its unit comes and is done, how much later
it may come before a stop from there on is late (`slack`), and what weight follows; so a place for a task is judged
without driving the route anew. All in one file and without numbers from others, because numba looks only
at this one when it decides whether its copy is good.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.coordination.problem import Ints, Problem
from twin.coordination.state import Memo, State
from twin.physics.compiling import called, kernel

NEVER = 1 << 62
"""Cost of what cannot be done."""

POOL = 48
"""Waiting tasks that one iteration tries to find a place for, at most; with those that it takes out."""

KEEP = 0.35
"""Chance that a task alike to the seed is passed over when tasks are taken out."""


@called
def drive(p: Problem, u: int, row: int, j: int) -> int:
    """Return ticks from a row of `travel` to a task."""
    ticks: int = (p.travel[row, j] * p.pace[u] + p.fine - 1) // p.fine
    return ticks


@called
def refresh(p: Problem, s: State, u: int) -> None:
    """Drive the route of a unit anew."""
    n, units = s.size[u], len(p.pace)
    free, row = p.free[u], u
    for k in range(n):
        j = s.stops[u, k]
        s.arrive[u, k] = free + drive(p, u, row, j)
        free = max(s.arrive[u, k], p.earliest[j]) + p.service[j]
        s.done[u, k] = free
        row = units + j
    slack, after, calm = NEVER >> 1, 0, True
    for k in range(n - 1, -1, -1):
        j = s.stops[u, k]
        wait = max(p.earliest[j] - s.arrive[u, k], 0)
        slack = wait + min(p.deadline[j] - s.done[u, k], slack)
        after += p.weight[j]
        calm = calm and wait == 0 and s.arrive[u, k] >= p.earliest[j]
        s.slack[u, k], s.after[u, k], s.calm[u, k] = slack, after, calm


@called
def pushed(p: Problem, s: State, u: int, k: int, shift: int) -> int:
    """Return by how much the weighted completion grows when a unit comes to its stop k later by `shift` ticks."""
    if shift >= 0 and s.calm[u, k]:
        return shift * int(s.after[u, k])
    total = 0
    for i in range(k, s.size[u]):
        j = s.stops[u, i]
        shift = max(s.arrive[u, i] + shift, p.earliest[j]) + p.service[j] - s.done[u, i]
        if shift == 0:
            break
        total += shift * p.weight[j]
    return total


@called
def bid(p: Problem, s: State, u: int, j: int, short: bool) -> tuple[int, int]:
    """Return (cost, place) of the best place for a task in the route of a unit; NEVER: it has none.

    The cost is what the weighted completion grows by; with `short`, the ticks that the unit is busy longer.
    """
    best, place = NEVER, -1
    if not p.allowed[u, j]:
        return best, place
    units = len(p.pace)
    for k in range(s.firm[u], s.size[u] + 1):
        free = p.free[u] if k == 0 else s.done[u, k - 1]
        row = u if k == 0 else units + s.stops[u, k - 1]
        done = max(free + drive(p, u, row, j), p.earliest[j]) + p.service[j]
        if done > p.deadline[j]:
            continue
        cost = done - free if short else p.weight[j] * done
        if k < s.size[u]:
            shift = done + drive(p, u, units + j, s.stops[u, k]) - s.arrive[u, k]
            if shift > s.slack[u, k]:
                continue
            cost = shift if short else cost + pushed(p, s, u, k, shift)
        if cost < best:
            best, place = cost, k
    return best, place


@called
def fits(p: Problem, s: State, j: int) -> bool:
    """Return whether what a task uses is left of every resource."""
    enough = True
    for k in range(p.first[j], p.first[j + 1]):
        enough &= s.load[p.used[k]] + p.amount[k] <= p.capacity[p.used[k]]
    return enough


@called
def put(p: Problem, s: State, u: int, k: int, j: int) -> None:
    """Put a task in at place k of the route of a unit."""
    for i in range(s.size[u], k, -1):
        s.stops[u, i] = s.stops[u, i - 1]
    s.stops[u, k] = j
    s.size[u] += 1
    s.of[j] = u
    for i in range(p.first[j], p.first[j + 1]):
        s.load[p.used[i]] += p.amount[i]
    refresh(p, s, u)


@called
def drop(p: Problem, s: State, j: int) -> None:
    """Take a task out of its route, whose times are old from then on."""
    u, k = s.of[j], 0
    while s.stops[u, k] != j:
        k += 1
    for i in range(k, s.size[u] - 1):
        s.stops[u, i] = s.stops[u, i + 1]
    s.size[u] -= 1
    s.of[j] = -1
    for i in range(p.first[j], p.first[j + 1]):
        s.load[p.used[i]] -= p.amount[i]


@called
def worth(p: Problem, s: State) -> tuple[int, int]:
    """Return (weight met, weighted completion) of all routes."""
    met, late = 0, 0
    for u in range(len(p.pace)):
        for k in range(s.size[u]):
            met += p.weight[s.stops[u, k]]
            late += p.weight[s.stops[u, k]] * s.done[u, k]
    return met, late


@kernel
def auction(p: Problem, s: State, order: Ints, offers: Ints) -> int:
    """Award waiting tasks one by one, each time the best bid of all: most weight, then least growth of completion.

    order   (t,) filled with the tasks in the order they are awarded; returned is how many
    offers  (t, u) filled with what every unit bid for a task when it was awarded; NEVER: nothing
    """
    u, t = p.allowed.shape
    cost, place = np.full((t, u), NEVER, np.int64), np.zeros((t, u), np.int64)
    for j in range(t):
        for k in range(u):
            if s.of[j] < 0:
                cost[j, k], place[j, k] = bid(p, s, k, j, False)
    rounds = 0
    while u > 0:
        who, what = -1, -1
        for j in range(t):
            if s.of[j] >= 0 or not fits(p, s, j):
                continue
            k = int(np.argmin(cost[j]))
            if cost[j, k] == NEVER or (what >= 0 and p.weight[j] < p.weight[what]):
                continue
            if what < 0 or p.weight[j] > p.weight[what] or cost[j, k] < cost[what, who]:
                who, what = k, j
        if what < 0:
            break
        order[rounds] = what
        offers[what] = cost[what]
        rounds += 1
        put(p, s, who, place[what, who], what)
        for j in range(t):
            if s.of[j] < 0:
                cost[j, who], place[j, who] = bid(p, s, who, j, False)
    return rounds


@called
def remembered(p: Problem, s: State, m: Memo, u: int, j: int, short: bool) -> tuple[int, int]:
    """Return what `bid` returns."""
    if m.touched[u]:
        return bid(p, s, u, j, short)
    k = int(short)
    if m.stamp[k, j, u] != m.version[u]:
        m.cost[k, j, u], m.place[k, j, u] = bid(p, s, u, j, short)
        m.stamp[k, j, u] = m.version[u]
    return m.cost[k, j, u], m.place[k, j, u]


@called
def two(costs: Ints) -> tuple[int, int]:
    """Return the least and the second least of some costs."""
    first, second = NEVER, NEVER
    for cost in costs:
        if cost < first:
            first, second = cost, first
        elif cost < second:
            second = cost
    return first, second


@called
def fill(
    p: Problem, s: State, m: Memo, pool: Ints, size: int, rank: NDArray[np.float64], manner: int, short: bool
) -> None:
    """Find places for the tasks of a pool, that first which is first in rank or would regret most to come second.

    manner  0: regret, what the second best unit costs more than the best;  1: `rank` (size,), highest first
    """
    units = len(p.pace)
    cost, place = np.full((size, units), NEVER, np.int64), np.zeros((size, units), np.int64)
    for i in range(size):
        for u in range(units):
            cost[i, u], place[i, u] = remembered(p, s, m, u, pool[i], short)
    first, second = np.empty(size, np.int64), np.empty(size, np.int64)
    for i in range(size):
        first[i], second[i] = two(cost[i])
    left = np.ones(size, np.bool_)
    while True:
        what, most = -1, -1.0
        for i in range(size):
            if not left[i]:
                continue
            if first[i] == NEVER or not fits(p, s, pool[i]):
                left[i] = False
                continue
            value = rank[i] if manner == 1 else (1e18 if second[i] == NEVER else float(second[i] - first[i])) * rank[i]
            if value > most:
                what, most = i, value
        if what < 0:
            return
        left[what] = False
        u = int(np.argmin(cost[what]))
        m.touched[u] = True
        put(p, s, u, place[what, u], pool[what])
        for i in range(size):
            if left[i]:
                before = cost[i, u]
                cost[i, u], place[i, u] = bid(p, s, u, pool[i], short)
                if min(before, cost[i, u]) <= second[i]:
                    first[i], second[i] = two(cost[i])


@called
def copied(s: State, t: State, u: int) -> None:
    """Copy the route of a unit from state s to state t."""
    n = s.size[u]
    t.size[u] = n
    for k in range(n):
        t.stops[u, k], t.arrive[u, k], t.done[u, k] = s.stops[u, k], s.arrive[u, k], s.done[u, k]
        t.slack[u, k], t.after[u, k], t.calm[u, k] = s.slack[u, k], s.after[u, k], s.calm[u, k]


@kernel
def improve(
    p: Problem,
    s: State,
    trial: State,
    m: Memo,
    rng: np.random.Generator,
    iterations: int,
    remove: int,
    fixed: NDArray[np.bool_],
) -> int:
    """Search from state s on; it holds the best in the end. Returned is how often a better one was found.

    trial  a state of the same size with the same content
    m      an empty memo
    fixed  (t,) tasks that stay where they are
    """
    units, t = p.allowed.shape
    met, late = worth(p, s)
    pool, rank = np.empty(t, np.int64), np.empty(t)
    found = 0
    for _ in range(iterations):
        # draws: way of taking out, seed, how many, manner of filling, short
        draws = rng.random(5)
        waiting = 0
        for j in range(t):
            if s.of[j] < 0:
                pool[waiting] = j
                waiting += 1
        if waiting == t:
            return found
        late_first = waiting > 0 and draws[0] < 0.5
        seed = pool[int(draws[1] * waiting)] if late_first else int(draws[1] * t)
        count, size = 1 + int(draws[2] * remove), 0
        scattered = draws[0] > 0.85
        for i in range(t):
            j = int(rng.random() * t) if scattered else p.near[seed, i]
            if trial.of[j] < 0 or fixed[j] or (not scattered and rng.random() < KEEP):
                continue
            m.touched[trial.of[j]] = True
            drop(p, trial, j)
            pool[size] = j
            size += 1
            if size >= count:
                break
        taken = size
        if late_first or waiting <= POOL:
            for i in range(t):
                j = p.near[seed, i]
                if s.of[j] < 0 and size < taken + POOL:
                    pool[size] = j
                    size += 1
        for u in range(units):
            if m.touched[u]:
                refresh(p, trial, u)
        manner = int(draws[3] * 2)
        for i in range(size):
            noise = rng.random()
            rank[i] = p.weight[pool[i]] * noise if manner == 1 else 0.5 + noise
        fill(p, trial, m, pool, size, rank, manner, draws[4] < 0.5)
        now, then = worth(p, trial)
        better = now > met or (now == met and then < late)
        if better:
            met, late = now, then
            found += 1
            s.of[:] = trial.of
            s.load[:] = trial.load
        else:
            trial.of[:] = s.of
            trial.load[:] = s.load
        for u in range(units):
            if m.touched[u] and better:
                copied(trial, s, u)
                m.version[u] += 1
            elif m.touched[u]:
                copied(s, trial, u)
            m.touched[u] = False
    return found
