"""Lines become a graph; its nearest nodes and its connected parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError
from twin.geometry.network.junctions import joined
from twin.geometry.network.lines import Line
from twin.geometry.network.thinning import thinned
from twin.model.response.city import Network

REACH = 3.0
"""m from an end that meets nothing to the road it joins: alleys are drawn to the edge of a street. Assumed."""


def network_of(lines: Sequence[Line]) -> Network:
    """Return the network of some lines; of none, one without nodes.

    Which lines meet where is said in `junctions`: at shared vertices and near ends; lines that only cross do not meet,
    for one passes over the other. Edges are at most `junctions.PIECE` m long, so that water closes a part of a road and
    not the whole, and straight to within `thinning.BEND` m; two edges may join the same nodes. One-way rules are not
    known: all go both ways.

    Raises InputError for a line without two different finite points, or whose speed or lanes are not > 0.
    """
    for line in lines:
        if len(line.points) < 2 or not np.isfinite(line.points).all() or not (line.points != line.points[0]).any():
            raise InputError(f"road {line.id!r}: a line has two different finite points or more; leave it out")
        if not (0 < line.speed < np.inf and 0 < line.lanes < np.inf):
            raise InputError(f"road {line.id!r}: speed {line.speed} m/s and lanes {line.lanes} have to be > 0")
    if not lines:
        none, number = np.zeros(0), np.zeros(0, np.int32)
        said = np.zeros(0, bool)
        return Network(none, none, number, number, none, none, none, number, (), said, said)
    over = np.array([line.over for line in lines])
    net = thinned(joined([np.asarray(line.points, dtype=np.float64) for line in lines], over, REACH))
    roads = tuple(dict.fromkeys(line.id for line in lines))
    place = {road: number for number, road in enumerate(roads)}
    of = net.line
    return Network(
        x=net.x,
        y=net.y,
        start=net.start.astype(np.int32),
        end=net.end.astype(np.int32),
        length=net.length,
        speed=np.array([line.speed for line in lines])[of],
        lanes=np.array([line.lanes for line in lines])[of],
        road=np.array([place[line.id] for line in lines], dtype=np.int32)[of],
        roads=roads,
        over=over[of],
        foot=np.array([line.foot for line in lines])[of],
    )


def usable(network: Network, *, foot: bool = False, shut: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Return (k,) which edges are open: to cars, or with `foot` to people on foot, who walk on every edge.

    shut  (k,) closed edges, which are left out
    """
    use = np.ones(len(network.start), bool) if foot else ~network.foot
    return use if shut is None else use & ~shut


def parts(network: Network, *, foot: bool = False, shut: NDArray[np.bool_] | None = None) -> NDArray[np.int32]:
    """Return (n,) the connected part of each node, 0 for the largest.

    They are in the order of the length of their edges, those of the same length in that of their first node; a node
    without an open edge is a part of its own.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes, use = len(network.x), usable(network, foot=foot, shut=shut)
    start, end = network.start[use], network.end[use]
    links = coo_array((np.ones(len(start)), (start, end)), shape=(nodes, nodes))
    number, part = connected_components(links, directed=False)
    size = np.bincount(part[start], network.length[use], minlength=number)
    first = np.full(number, nodes)
    np.minimum.at(first, part, np.arange(nodes))
    rank = np.empty(number, np.int32)
    rank[np.lexsort((first, -size))] = np.arange(number, dtype=np.int32)
    of: NDArray[np.int32] = rank[part]
    return of


def nearest(
    network: Network, x: ArrayLike, y: ArrayLike, *, cars: bool = True, within: float = np.inf
) -> NDArray[np.int32]:
    """Return (m,) the node nearest to each place, of the largest connected part; -1 where none is within `within` m.

    x, y  (m,) m   places;   cars  nodes that cars reach, else people on foot
    """
    from scipy.spatial import cKDTree

    x, y = np.atleast_1d(np.asarray(x, dtype=np.float64)), np.atleast_1d(np.asarray(y, dtype=np.float64))
    if not usable(network, foot=not cars).any():
        return np.full(len(x), -1, np.int32)
    main = np.flatnonzero(parts(network, foot=not cars) == 0)
    away, found = cKDTree(np.column_stack([network.x, network.y])[main]).query(np.column_stack([x, y]))
    return np.where(away <= within, main[found], -1).astype(np.int32)
