"""The roads that engines drive: which pieces there are, how fast each is driven, which water has closed, and the way.

Closed is a piece with a cell deeper than an engine can pass; bridges are not closed by the water below them where the
road says that it is one. Not modelled: one-way rules, turns, traffic, smoke, and the heat of a burning street on crews.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network.junctions import Net, joined
from twin.geometry.network.lines import bridge, class_of, points_of, sort_out

if TYPE_CHECKING:
    from twin.hazards.fire.params import Params
    from twin.hazards.fire.water import Water
    from twin.model.asset import Asset
    from twin.model.field import Grid

Place = tuple[float, float]

FAR = 500.0
"""m from a road beyond which a place is off the roads; assumed."""

WALK = 1.0
"""m s-1 at which a crew lays its hose from the engine to the fire. Unverified."""

SPEED: Mapping[str, float] = {
    "motorway": 2.0,
    "trunk": 5 / 3,
    "primary": 4 / 3,
    "secondary": 7 / 6,
    "tertiary": 1.0,
    "unclassified": 1.0,
    "residential": 5 / 6,
    "living_street": 0.5,
    "service": 0.5,
    "track": 1 / 3,
}
"""Class of a road -> speed of an engine there over `engine_km_per_h`. Unverified: the order of common routing profiles
of cars (motorway 90, primary 65, tertiary 40, service 15 km/h), with the ends drawn in. A link is as its road."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way along roads.

    nodes    that it passes, at least one   seconds  at each, from the first
    pieces   between them                   length   m, with the rest
    rest     s from the last node to the fire
    """

    nodes: list[int]
    seconds: list[float]
    pieces: list[int]
    length: float
    rest: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What the roads are made of.

    driven, surfaces, walking, short   roads that are driven, and that are left out: short have no length
    unknown  of those driven, without a class that has a speed      apart  km that do not join the rest
    """

    driven: int
    surfaces: int
    walking: int
    short: int
    unknown: int
    apart: float


class Roads:
    """Nodes and pieces; of two pieces between the same nodes the faster.

    start, end  (m,) nodes   length  (m,) m   seconds  (m,) s   of each piece
    x, y        (n,) m       of nodes         counts   what they come from
    """

    def __init__(
        self, net: Net, speed: NDArray[np.float64], over: NDArray[np.bool_], grid: Grid, params: Params, counts: Counts
    ) -> None:
        """Take the pieces of a net, with m s-1 and whether it is a bridge for each of its lines."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components
        from scipy.spatial import cKDTree

        self._params, nodes = params, len(net.x)
        self.x, self.y = net.x, net.y
        seconds = net.length / speed[net.line]
        low, high = np.minimum(net.start, net.end), np.maximum(net.start, net.end)
        order = np.lexsort((seconds, high, low))
        key = (low * nodes + high)[order]
        order = order[np.append(True, key[1:] != key[:-1])]
        self.start, self.end, self._key = low[order], high[order], np.unique(key)
        self.length, self.seconds = net.length[order], np.maximum(seconds[order], 1e-6)
        ground = np.flatnonzero(~over[net.line[order]])
        self._piece, self._cell = self._cells(ground, grid)
        links = coo_array((self.seconds, (self.start, self.end)), shape=(nodes, nodes))
        part = connected_components(links, directed=False)[1]
        size = np.bincount(part[self.start], self.length)
        self._main = np.flatnonzero(part == int(np.argmax(size)))
        self._tree = cKDTree(np.column_stack([self.x, self.y])[self._main])
        self.counts = replace(counts, apart=float(size.sum() - size.max()) / 1000.0)
        self.km = float(size.max()) / 1000.0
        self._depth: NDArray[np.float64] | None = None
        self._shut = np.zeros(len(order), bool)
        self._trees: dict[int, tuple[NDArray[np.float64], NDArray[np.int64]]] = {}
        self._dry: dict[int, tuple[NDArray[np.float64], NDArray[np.int64]]] = {}

    def _cells(self, pieces: NDArray[np.int64], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (piece, cell) of what lies on the grid, looked at every half cell."""
        steps = np.ceil(self.length[pieces] / (grid.cell / 2)).astype(np.int64) + 1
        piece = np.repeat(pieces, steps)
        step = np.arange(len(piece)) - np.repeat(np.cumsum(steps) - steps, steps)
        share = step / np.maximum(np.repeat(steps, steps) - 1, 1)
        a, b = self.start[piece], self.end[piece]
        column = np.floor((self.x[a] + share * (self.x[b] - self.x[a]) - grid.west) / grid.cell).astype(np.int64)
        row = np.floor((self.y[a] + share * (self.y[b] - self.y[a]) - grid.south) / grid.cell).astype(np.int64)
        here = (row >= 0) & (row < grid.ny) & (column >= 0) & (column < grid.nx)
        return piece[here], (row * grid.nx + column)[here]

    def at(self, node: int) -> Place:
        """Return the place of a node, m."""
        return float(self.x[node]), float(self.y[node])

    def near(self, place: Place) -> int:
        """Return the node nearest to a place, -1 where none lies within `FAR` m."""
        away, found = self._tree.query(place)
        return int(self._main[found]) if away <= FAR else -1

    def closed(self, water: Water) -> NDArray[np.bool_]:
        """Return (m,) the pieces that water has closed; the same array as long as they are the same."""
        if water.depth is not self._depth:
            self._depth = water.depth
            shut = np.zeros(len(self._shut), bool)
            if water.depth is not None:
                shut[self._piece[water.depth.ravel()[self._cell] > water.ford]] = True
            if not np.array_equal(shut, self._shut):
                self._shut = shut
                self._trees.clear()
        return self._shut

    def way(self, start: int, place: Place, water: Water | None) -> Way | None:
        """Return the fastest way from a node to a place; None: water closes every one. Without water: as it is dry.

        It ends at a node from which the hose reaches the place, else at the nearest, and straight on from there.
        """
        seconds, before = self._search(start, water)
        ends = self._main[sorted(self._tree.query_ball_point(place, self._params.hose_m))]
        if not len(ends):
            ends = np.array([self.near(place)])
        gap = np.hypot(self.x[ends] - place[0], self.y[ends] - place[1])
        hose = gap <= self._params.hose_m
        metres = np.where(hose, gap, gap * self._params.detour)
        rest = metres / np.where(hose, WALK, self._params.engine_km_per_h / 3.6)
        best = int(np.argmin(seconds[ends] + rest))
        node = int(ends[best])
        if math.isinf(seconds[node]) or (water is not None and self.shut_off(node, place, water)):
            return None
        nodes = [node]
        while nodes[-1] != start:
            nodes.append(int(before[nodes[-1]]))
        nodes.reverse()
        pairs = [min(a, b) * len(self.x) + max(a, b) for a, b in pairwise(nodes)]
        pieces = np.searchsorted(self._key, pairs).tolist()
        length = float(self.length[pieces].sum()) + float(metres[best])
        return Way(nodes, seconds[nodes].tolist(), pieces, length, float(rest[best]))

    def shut_off(self, node: int, place: Place, water: Water) -> bool:
        """Return whether water keeps a crew at a node from a place."""
        if water.at(*place) > water.ford:
            return True
        return math.dist(self.at(node), place) > self._params.hose_m and water.blocks(self.at(node), place)

    def _search(self, start: int, water: Water | None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return (n,) s from a node to each along what is open, and the node before each; kept while that stays so."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        shut = None if water is None else self.closed(water)
        kept = self._dry if shut is None or not shut.any() else self._trees
        if start not in kept:
            free = np.ones(len(self.length), bool) if shut is None else ~shut
            nodes = len(self.x)
            links = coo_array((self.seconds[free], (self.start[free], self.end[free])), shape=(nodes, nodes)).tocsr()
            seconds, before = dijkstra(links, directed=False, indices=start, return_predecessors=True)
            kept[start] = seconds, before.astype(np.int64)
        return kept[start]


def roads_of(assets: Sequence[Asset], grid: Grid, params: Params) -> Roads | Counts:
    """Return the roads of a city, or only what there was where none of it can be driven."""
    kept = sort_out(assets)
    shares = [SPEED.get(class_of(asset).removesuffix("_link")) for asset in kept.driven]
    speed = np.array([(1.0 if share is None else share) * params.engine_km_per_h / 3.6 for share in shares])
    counts = Counts(len(kept.driven), kept.surfaces, len(kept.walked), kept.short, shares.count(None), 0.0)
    if not kept.driven:
        return counts
    above = np.array([bridge(asset) for asset in kept.driven])
    return Roads(joined([points_of(asset) for asset in kept.driven], above), speed, above, grid, params, counts)
