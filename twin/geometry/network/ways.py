"""Fastest ways as things stand at one moment, and who is cut off.

A closed edge is left out of what is planned here. Where something moves, no capacity is ever 0: what is on an edge
when it closes gets off it, and what needs it waits or goes round.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError
from twin.geometry.network.graph import parts, usable
from twin.geometry.network.lines import WALK
from twin.model.response.city import Network

LEAST = 1e-6
"""s that any edge takes at least: to the library, 0 is no edge."""


def edge_seconds(network: Network, *, foot: bool = False, speed: float = WALK) -> NDArray[np.float64]:
    """Return (k,) s that each free edge takes: by car, or with `foot` at `speed` m s-1."""
    return np.maximum(network.length / (speed if foot else network.speed), LEAST)


def travel_seconds(
    network: Network,
    starts: ArrayLike,
    *,
    shut: NDArray[np.bool_] | None = None,
    share: NDArray[np.floating] | None = None,
    foot: bool = False,
    speed: float = WALK,
) -> NDArray[np.float64]:
    """Return (starts, n) s of the fastest way from each start to each node, infinity where there is none.

    starts  nodes;   shut   (k,) closed edges
    share   (k,) of the free speed; an edge with 0 is closed as in `shut`
    foot    people at `speed` m s-1 on every edge, else cars
    """
    from scipy.sparse.csgraph import dijkstra

    starts = np.atleast_1d(np.asarray(starts, dtype=np.int64))
    links, _ = _links(network, shut, share, foot, speed)
    seconds = dijkstra(links, directed=False, indices=starts)
    return np.asarray(seconds, dtype=np.float64).reshape(len(starts), len(network.x))


def towards(
    network: Network,
    goals: ArrayLike,
    *,
    shut: NDArray[np.bool_] | None = None,
    share: NDArray[np.floating] | None = None,
    foot: bool = False,
    speed: float = WALK,
) -> NDArray[np.int32]:
    """Return (goals, n) the edge by which one leaves each node on the fastest way to each goal.

    It is -1 at the goal, and where there is no way. Arguments as in `travel_seconds`.
    """
    return leading(network, goals, shut=shut, share=share, foot=foot, speed=speed)[1]


def leading(
    network: Network,
    goals: ArrayLike,
    *,
    shut: NDArray[np.bool_] | None = None,
    share: NDArray[np.floating] | None = None,
    foot: bool = False,
    speed: float = WALK,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return, for each goal and node, (goals, n) s of the fastest way to it, and (goals, n) the edge it begins with.

    Without a way these are infinity and -1; at the goal 0 and -1. Arguments as in `travel_seconds`.
    """
    from scipy.sparse.csgraph import dijkstra

    goals, nodes = np.atleast_1d(np.asarray(goals, dtype=np.int64)), len(network.x)
    links, edge = _links(network, shut, share, foot, speed)
    seconds, after = dijkstra(links, directed=False, indices=goals, return_predecessors=True)
    after = after.reshape(len(goals), nodes)
    found = np.full(after.shape, -1, np.int32)
    goal, node = np.nonzero(after >= 0)
    other = after[goal, node]
    low, high = np.minimum(node, other), np.maximum(node, other)
    key = links.row.astype(np.int64) * nodes + links.col
    found[goal, node] = edge[np.searchsorted(key, low.astype(np.int64) * nodes + high)]
    return np.asarray(seconds, dtype=np.float64).reshape(found.shape), found


def access(
    network: Network,
    homes: ArrayLike,
    goals: ArrayLike,
    *,
    shut: NDArray[np.bool_] | None = None,
    share: NDArray[np.floating] | None = None,
    foot: bool = False,
    speed: float = WALK,
) -> NDArray[np.float64]:
    """Return (homes,) s from each node to the goal that is reached fastest, infinity: access to all of them is lost.

    Arguments as in `travel_seconds`; without goals nobody has access.
    """
    from scipy.sparse.csgraph import dijkstra

    homes = np.atleast_1d(np.asarray(homes, dtype=np.int64))
    goals = np.unique(np.asarray(goals, dtype=np.int64))
    if not len(goals):
        return np.full(len(homes), np.inf)
    links, _ = _links(network, shut, share, foot, speed)
    seconds: NDArray[np.float64] = dijkstra(links, directed=False, indices=goals, min_only=True)[homes]
    return seconds


def only_access(
    network: Network, goal: int, edges: Sequence[int] | NDArray[np.integer], *, shut: NDArray[np.bool_] | None = None
) -> bool:
    """Return whether closing some edges cuts a node off: cars no longer come to it from the main part of its roads.

    edges  numbers of those that would close;   shut  (k,) those that are closed already

    Its roads are what a car reaches from it before; the main part is the longest that closing leaves of them. What
    was cut off before stays so, and is not the fault of these edges.
    """
    closed = np.zeros(len(network.start), bool) if shut is None else shut.copy()
    before = parts(network, shut=closed)
    own = usable(network, shut=closed) & (before[network.start] == before[goal])
    closed[np.asarray(edges, dtype=np.int64)] = True
    if not own.any():
        return False
    after = parts(network, shut=closed | ~own)
    return bool(after[goal] != 0 or not (own & ~closed).any())


def _links(
    network: Network,
    shut: NDArray[np.bool_] | None,
    share: NDArray[np.floating] | None,
    foot: bool,
    speed: float,
) -> tuple[Any, NDArray[np.int64]]:
    """Return a sparse matrix (n, n) of s between nodes, low to high and in that order, and the edge of each entry.

    Of edges between the same nodes the fastest is kept, of equally fast ones the first.
    """
    from scipy.sparse import coo_array

    nodes, use, seconds = (
        len(network.x),
        usable(network, foot=foot, shut=shut),
        edge_seconds(network, foot=foot, speed=speed),
    )
    if share is not None:
        if not (share >= 0).all():
            raise InputError("share of the free speed: a number below 0, or none, was found; it has to be 0 or more")
        use &= share > 0
        seconds = np.divide(seconds, share, out=np.full(len(seconds), np.inf), where=share > 0)
    edge = np.flatnonzero(use & (network.start != network.end))
    low = np.minimum(network.start[edge], network.end[edge])
    high = np.maximum(network.start[edge], network.end[edge])
    order = np.lexsort((edge, seconds[edge], high, low))
    low, high, edge = low[order], high[order], edge[order]
    first = np.ones(len(edge), bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    edge = edge[first]
    return coo_array((np.maximum(seconds[edge], LEAST), (low[first], high[first])), shape=(nodes, nodes)), edge
