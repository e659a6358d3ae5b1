"""Ways along what is open now; what was looked for once is kept until something opens or shuts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network import towards
from twin.model.response.city import Network
from twin.physics.movement import walking

Way = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Edges, and the nodes they lead over: one more."""


class Paths:
    """Fastest ways to goals; the same answer whoever asked before."""

    def __init__(self, roads: Network) -> None:
        """Take the roads."""
        self._roads = roads
        self._shut: dict[Hashable, NDArray[np.bool_]] = {}
        self._trees: dict[tuple[Hashable, int], NDArray[np.int32]] = {}
        self._ways: dict[tuple[Hashable, int, int], Way] = {}

    def copy(self) -> Paths:
        """Return the same; what is kept is never written to."""
        other = Paths(self._roads)
        other._shut, other._trees, other._ways = dict(self._shut), dict(self._trees), dict(self._ways)
        return other

    def way(self, who: Hashable, start: int, goal: int, shut: NDArray[np.bool_], *, foot: bool) -> Way | None:
        """Return the fastest way between two nodes for somebody, None where there is none.

        who   those for whom `shut` (k,) holds
        foot  people, else vehicles; the speed of both is that on dry roads
        """
        if start < 0 or goal < 0:
            return None
        kept = self._shut.get(who)
        if kept is None or not np.array_equal(kept, shut):
            self._shut[who] = shut.copy()
            self._trees = {key: tree for key, tree in self._trees.items() if key[0] != who}
            self._ways = {key: way for key, way in self._ways.items() if key[0] != who}
        key = (who, start, goal)
        if key not in self._ways:
            if (who, goal) not in self._trees:
                self._trees[who, goal] = towards(self._roads, [goal], shut=shut, foot=foot)[0]
            self._ways[key] = walking.follow(self._trees[who, goal], self._roads.start, self._roads.end, start)
        way = self._ways[key]
        return way if way[1][-1] == goal else None


def chained(roads: Network, start: int, edges: Sequence[object]) -> Way | None:
    """Return a given way with its nodes, None where its edges do not join on to each other from the start."""
    nodes = [start]
    for edge in edges:
        if not isinstance(edge, int | np.integer) or not 0 <= edge < len(roads.start):
            return None
        a, b = int(roads.start[edge]), int(roads.end[edge])
        if nodes[-1] not in (a, b):
            return None
        nodes.append(a + b - nodes[-1])
    return np.array(edges, dtype=np.int32), np.array(nodes, dtype=np.int32)
