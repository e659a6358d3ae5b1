"""The kernels behind `timed`: when an edge is crossed that opens and closes, and the search over all of them."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


def crossing(at: float, seconds: float, times: NDArray[np.float64], share: NDArray[np.float32]) -> tuple[float, float]:
    """Return when an edge is entered at the earliest from `at` s on, and left; infinity twice: never.

    seconds  s it takes when free
    times    (t,) s, rising;   share  (t,) of the free speed from then on, 0: closed; the first holds before, too

    It has to be open from end to end of the crossing; else one waits until it opens again. So who comes later is never
    through earlier, and the search by first arrival is exact.
    """
    step: int = np.searchsorted(times, at, side="right") - 1  # type: ignore[assignment]  # an int where it is compiled
    step, enter = max(step, 0), at
    while step < len(times):
        if share[step] <= 0:
            step += 1
            if step < len(times):
                enter = times[step]
            continue
        now, left = enter, seconds
        while step < len(times) and share[step] > 0:
            until = times[step + 1] if step + 1 < len(times) else np.inf
            done = now + left / share[step]
            if done <= until:
                return enter, done
            left -= (until - now) * share[step]
            now = until
            step += 1
    return np.inf, np.inf


_crossing: Any = njit(error_model="numpy", nogil=True)(crossing)


@njit(error_model="numpy", nogil=True, cache=True)
def search(
    start: int,
    at: float,
    wanted: NDArray[np.bool_],
    first: NDArray[np.int64],
    edge: NDArray[np.int64],
    other: NDArray[np.int64],
    seconds: NDArray[np.float64],
    times: NDArray[np.float64],
    share: NDArray[np.float32],
) -> tuple[int, NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Go out from a node until one that is wanted is reached, or all are.

    wanted              (n,)                first        (n + 1,) where the edges of a node begin in `edge` and `other`
    edge, other         (2 k,)              edges of a node, and the node at their other end
    seconds             (k,) s when free    times, share (t,) s, (t, k) as in `crossing`

    Returns the node that was reached, -1 none; (n,) s of arrival, infinity: not reached; (n,) s when the last edge was
    entered; (n,) this edge and (n,) the node before, -1 none. Of equally fast ways the one with the lower nodes wins.
    """
    nodes = len(first) - 1
    arrival, entered = np.full(nodes, np.inf), np.full(nodes, np.inf)
    before, come = np.full(nodes, -1), np.full(nodes, -1)
    done = np.zeros(nodes, np.bool_)
    arrival[start] = at
    queue = [(at, start)]
    while len(queue) > 0:
        now, node = heappop(queue)
        if done[node]:
            continue
        done[node] = True
        if wanted[node]:
            return node, arrival, entered, before, come
        for place in range(first[node], first[node + 1]):
            one, there = edge[place], other[place]
            if done[there]:
                continue
            enter, leave = _crossing(now, seconds[one], times, share[:, one])
            if leave < arrival[there]:
                arrival[there], entered[there], before[there], come[there] = leave, enter, one, node
                heappush(queue, (leave, there))
    return -1, arrival, entered, before, come
