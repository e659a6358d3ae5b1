"""Which gate people choose: the one by which they expect to be out first.

What one expects of a gate is the longer of two times: one's own way there at the free speed, and the time in which
those who are nearer to it and bound for it get through, at `DOOR_FLOW` times its width or its capacity, if less. One
changes one's mind only for a gain of a tenth and of `GAIN`, and thinks of it every `EVERY` s.  [design]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Whole = NDArray[np.int64]

GAIN = 3.0
"""s."""
EVERY = 20.0
"""s between two thoughts of one person; a quarter of all think every quarter of it, by their numbers."""


def expected(way: Values, speed: Values, goal: Whole, flow: Values) -> Values:
    """Return (n, g) s until each person is out by each gate; infinity where no way leads.

    way    (n, g) s at 1 m s-1 on dry and level ground;  speed (n,) m s-1, free
    goal   (n,) where each is bound for now, negative: nowhere;  flow (g,) persons s-1 that get through
    """
    out = way / speed[:, None]
    for g in range(way.shape[1]):
        bound = np.sort(way[goal == g, g])
        ahead = np.searchsorted(bound, way[:, g], side="left")
        out[:, g] = np.maximum(out[:, g], ahead / flow[g])
    return out


def choose(times: Values, goal: Whole, allowed: NDArray[np.bool_]) -> Whole:
    """Return (n,) the gate each chooses, -1 where none is allowed or reached; ties go to the first.

    times    (n, g) s as `expected` gives them;  goal (n,) the present choice, -1: none
    allowed  (n, g)
    """
    if not allowed.shape[1]:
        return np.full(len(goal), -1, np.int64)
    cost = np.where(allowed, times, np.inf)
    rows = np.arange(len(goal))
    best = np.argmin(cost, axis=1)
    found = cost[rows, best]
    now = np.where(goal >= 0, cost[rows, np.maximum(goal, 0)], np.inf)
    fine = np.isfinite(now)  # and then what was found is, too
    gain = np.where(fine, now, 0.0) - np.where(fine, found, 0.0)
    stays = fine & ((gain < GAIN) | (gain < 0.1 * now))
    return np.where(stays, goal, np.where(np.isfinite(found), best, -1))
