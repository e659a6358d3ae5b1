"""People on foot in water, and how those who follow a way get on along it while its pieces open and shut.

`advance` is the kernel; the same in plain Python stands in `walking_reference`. It serves whoever follows a way: people
with the speeds of `speed_factor`, vehicles with those of the road.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import kernel
from twin.physics.movement.walking_reference import BARRED, GOING, HELD, THERE

__all__ = ["BARRED", "GOING", "HELD", "NIGHT", "SLOWING", "THERE", "WET", "advance", "follow", "speed_factor"]

SLOWING: tuple[tuple[float, float], ...] = ((0.0, 1.0), (0.35, 0.58), (0.60, 0.45), (0.90, 0.35))
"""(m, 1) depth -> share of the speed on dry ground, straight between. Interpolated from published reductions: Li, Song,
Zhang, Bode 2026 (0.35 m: -38.6 % men, -44.8 % women, smaller further drops at 0.60 and 0.90 m); the shares themselves
are this project's choice."""

NIGHT = 0.6
"""1, further share in water at night or in turbid water: Mizuno & Nihei 2016, -30 to -50 %."""

WET = 0.05
"""m of water from which darkness slows people; assumed."""


def speed_factor(depth: NDArray[np.floating], limit: float, night: float = 1.0) -> NDArray[np.float64]:
    """Return (...) the share of the speed on dry ground that is left in water, 0 above the person's limit.

    depth  (...) m  >= 0
    limit  m        depth above which the person does not get on, > 0
    night  1        further share from `WET` m of water on: `NIGHT` in the dark, else 1
    """
    at, share = zip(*SLOWING, strict=True)
    depth = np.asarray(depth, dtype=np.float64)
    out = np.interp(depth, at, share) * np.where(depth >= WET, night, 1.0)
    return np.asarray(np.where(depth > limit, 0.0, out), dtype=np.float64)


@kernel
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
    """Let m parties follow their ways for `step` s each; writes `at`, `done`, `left` and `state`.

    first, count  (m,)           where the way of each stands in `way`, and of how many edges it is
    way           (w,)           edges, in the order of each way
    length        (k,) m         of edges, > 0
    kind          (m,)           row of `rate` and `shut`
    rate          (c, k) m s-1   speed on each edge now, 0: nobody gets on
    shut          (c, k)         nobody who is not on it steps on it
    share         (m,) 1         of that speed
    step          (m,) s         >= 0
    at            (m,)           edges behind each, in and out;   done  (m,) m  of the next one, in and out
    left          (m,) s         of the step, after it came there
    state         (m,)           GOING; THERE at the end of its way; BARRED at a node; HELD on an edge
    """
    for i in range(first.shape[0]):
        rest = step[i]
        what = GOING
        while True:
            if at[i] >= count[i]:
                what = THERE
                break
            edge = way[first[i] + at[i]]
            if done[i] <= 0.0 and (shut[kind[i], edge] or rate[kind[i], edge] <= 0.0):
                what = BARRED
                break
            speed = rate[kind[i], edge] * share[i]
            if speed <= 0.0:
                what = HELD
                break
            needs = max((length[edge] - done[i]) / speed, 0.0)
            if needs > rest:
                done[i] += rest * speed
                rest = 0.0
                break
            rest -= needs
            at[i] += 1
            done[i] = 0.0
        left[i] = rest
        state[i] = what


@kernel
def follow(
    after: NDArray[np.int32], start: NDArray[np.int32], end: NDArray[np.int32], node: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the edges from a node to where `after` leads, and the nodes on this way; no edge where it leads nowhere.

    after       (n,) edge by which one leaves each node towards a goal, -1: there, or there is no way
    start, end  (k,) nodes of each edge
    """
    count, here = 0, node
    while after[here] >= 0 and count < after.shape[0]:
        here = start[after[here]] + end[after[here]] - here
        count += 1
    edges, nodes = np.empty(count, np.int32), np.empty(count + 1, np.int32)
    here = node
    nodes[0] = here
    for i in range(count):
        edges[i] = after[here]
        here = start[edges[i]] + end[edges[i]] - here
        nodes[i + 1] = here
    return edges, nodes
