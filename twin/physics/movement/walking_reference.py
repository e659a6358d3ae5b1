"""Following a way, in plain Python over one party after the other: what the tests hold the kernel to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GOING, THERE, BARRED, HELD = 0, 1, 2, 3
"""States of a party: under way, at the end of its way, at a node before a shut edge, on an edge where it stands."""


def advance(
    first: NDArray[np.int64],
    count: NDArray[np.int64],
    way: NDArray[np.int32],
    length: NDArray[np.float64],
    kind: NDArray[np.int64],
    rate: NDArray[np.float64],
    shut: NDArray[np.bool_],
    share: NDArray[np.float64],
    step: NDArray[np.float64],
    at: NDArray[np.int64],
    done: NDArray[np.float64],
    left: NDArray[np.float64],
    state: NDArray[np.int8],
) -> None:
    """Let parties follow their ways for `step` s each; arguments as of `walking.advance`."""
    for i in range(len(first)):
        edges = way[first[i] : first[i] + count[i]].tolist()
        rest, what = float(step[i]), GOING
        while at[i] < count[i]:
            edge = edges[at[i]]
            begins = done[i] <= 0
            if begins and (shut[kind[i], edge] or rate[kind[i], edge] <= 0):
                what = BARRED
                break
            speed = float(rate[kind[i], edge] * share[i])
            if speed <= 0:
                what = HELD
                break
            needs = max((length[edge] - done[i]) / speed, 0.0)
            if needs > rest:
                done[i] += rest * speed
                rest = 0.0
                break
            rest -= needs
            at[i], done[i] = at[i] + 1, 0.0
        if at[i] >= count[i] and what == GOING:
            what = THERE
        left[i], state[i] = rest, what
