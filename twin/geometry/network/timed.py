"""Fastest ways while edges open, close and slow down: water rises and falls on the way.

Who comes to an edge that is closed, or that would close before its end, waits at the node until it is open long
enough. No part of a way is ever on a closed edge. Waiting is seen in `Route`: an edge is entered after its node is
reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.geometry.network.graph import usable
from twin.geometry.network.lines import WALK
from twin.geometry.network.ways import edge_seconds
from twin.model.response.city import Network


@dataclass(frozen=True, slots=True, eq=False)
class Passable:
    """How edges can be passed over time.

    times  (t,) s, rising
    share  (t, k) float32 of the free speed from that time on; 0: closed. The first holds before, the last for ever

    Raises InputError where these do not fit, and for a share below 0.
    """

    times: NDArray[np.float64]
    share: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Look whether it makes sense."""
        if not len(self.times) or self.share.ndim != 2 or len(self.share) != len(self.times):
            raise InputError(f"{len(self.times)} times, share {self.share.shape}: one row is needed for each time")
        if not np.isfinite(self.times).all() or not (np.diff(self.times) > 0).all():
            raise InputError("times of what is passable: they have to be finite and to rise")
        if not (np.isfinite(self.share).all() and (self.share >= 0).all()):
            raise InputError("share of the free speed: a number below 0, or none, was found; it has to be 0 or more")


@dataclass(frozen=True, slots=True)
class Route:
    """A way, and when.

    nodes    that it passes, at least one;   arrives  s at each, from the first, where it sets out
    edges    between them;                   enters   s at each, after waiting for it
    """

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    enters: tuple[float, ...]
    arrives: tuple[float, ...]


def fastest(
    network: Network,
    start: int,
    goals: Iterable[int],
    at: float,
    passable: Passable | None = None,
    *,
    shut: NDArray[np.bool_] | None = None,
    foot: bool = False,
    speed: float = WALK,
) -> Route | None:
    """Return the way from a node, at `at` s, to the goal that is reached first; None: there is none, ever.

    passable  None: all is free;   shut  (k,) edges that stay closed
    foot      people at `speed` m s-1 on every edge, else cars
    """
    wanted = np.zeros(len(network.x), bool)
    wanted[list(goals)] = True
    found, arrival, entered, before, come = _searched(network, start, at, passable, wanted, shut, foot, speed)
    if found < 0:
        return None
    nodes, edges = [found], []
    while come[nodes[-1]] >= 0:
        edges.append(int(before[nodes[-1]]))
        nodes.append(int(come[nodes[-1]]))
    nodes.reverse()
    edges.reverse()
    return Route(tuple(nodes), tuple(edges), tuple(entered[nodes[1:]].tolist()), tuple(arrival[nodes].tolist()))


def earliest(
    network: Network,
    start: int,
    at: float,
    passable: Passable | None = None,
    *,
    shut: NDArray[np.bool_] | None = None,
    foot: bool = False,
    speed: float = WALK,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return (n,) s of the first arrival at each node, infinity: never, and (n,) the edge before it, -1: none.

    Arguments as in `fastest`.
    """
    wanted = np.zeros(len(network.x), bool)
    _, arrival, _, before, _ = _searched(network, start, at, passable, wanted, shut, foot, speed)
    return arrival, before.astype(np.int32)


def _searched(
    network: Network,
    start: int,
    at: float,
    passable: Passable | None,
    wanted: NDArray[np.bool_],
    shut: NDArray[np.bool_] | None,
    foot: bool,
    speed: float,
) -> tuple[int, NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    from twin.geometry.network.heap import search

    nodes, edges = len(network.x), len(network.start)
    if not 0 <= start < nodes:
        raise InputError(f"node {start} of a way: the network has {nodes}, from 0")
    if passable is None:
        passable = Passable(np.zeros(1), np.ones((1, edges), np.float32))
    if passable.share.shape[1] != edges:
        raise InputError(f"share of {passable.share.shape[1]} edges: the network has {edges}")
    use = np.flatnonzero(usable(network, foot=foot, shut=shut))
    ends = np.concatenate([network.start[use], network.end[use]]).astype(np.int64)
    order = np.argsort(ends, kind="stable")
    first = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=nodes), out=first[1:])
    edge = np.concatenate([use, use])[order]
    other = np.concatenate([network.end[use], network.start[use]]).astype(np.int64)[order]
    times = np.ascontiguousarray(passable.times, dtype=np.float64)
    share = np.ascontiguousarray(passable.share, dtype=np.float32)
    seconds = edge_seconds(network, foot=foot, speed=speed)
    found: tuple[int, NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]
    found = search(start, float(at), wanted, first, edge, other, seconds, times, share)
    return found
