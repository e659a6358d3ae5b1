"""What the kernels work on: routes with their times, and bids that need not be made twice."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.coordination.problem import Ints, Problem


class State(NamedTuple):
    """Routes of u units over t tasks.

    stops  (u, t) tasks in order, `size` (u,) how many;   firm  (u,) of these, at the head, that stay
    arrive, done, slack, after, calm  (u, t) of each stop: ticks, ticks, ticks, weight from it on, no waiting from it on
    of     (t,) unit of a task, -1: nobody's
    load   (r,) what is taken of each resource
    """

    stops: Ints
    size: Ints
    firm: Ints
    arrive: Ints
    done: Ints
    slack: Ints
    after: Ints
    calm: NDArray[np.bool_]
    of: Ints
    load: Ints


def empty(p: Problem) -> State:
    """Return the state in which nobody does anything."""
    u, t = p.allowed.shape
    stops, arrive, done, slack, after = (np.zeros((u, t), np.int64) for _ in range(5))
    size, firm = np.zeros(u, np.int64), np.zeros(u, np.int64)
    calm, of = np.zeros((u, t), np.bool_), np.full(t, -1, np.int64)
    return State(stops, size, firm, arrive, done, slack, after, calm, of, np.zeros(len(p.capacity), np.int64))


def routes_of(s: State) -> list[list[int]]:
    """Return the tasks of each unit."""
    return [s.stops[u, :n].tolist() for u, n in enumerate(s.size.tolist())]


class Memo(NamedTuple):
    """Bids for routes as they are in the best plan, by manner of cost (2), task and unit.

    version  (u,) of each route, which changes when a better plan changes it;   stamp  that for which a bid holds
    touched  (u,) routes that this iteration has changed: their bids are new each time
    """

    cost: Ints
    place: Ints
    stamp: Ints
    version: Ints
    touched: NDArray[np.bool_]


def memo(p: Problem) -> Memo:
    """Return an empty one."""
    u, t = p.allowed.shape
    cost, place = np.zeros((2, t, u), np.int64), np.zeros((2, t, u), np.int64)
    return Memo(cost, place, np.full((2, t, u), -1, np.int64), np.zeros(u, np.int64), np.zeros(u, np.bool_))
