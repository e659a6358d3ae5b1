"""Gates: the short ways on which inner roads and lanes come out on the street; without one they would join nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString

from ingest.gaon import plan, terrain, water
from ingest.gaon.city import district
from ingest.gaon.roads import Road

#: m, longest gate, and what a gate keeps from the walls of houses
REACH, WALL = 60.0, 0.5

#: m between roads that meet: what rounding to centimetres leaves
MET = 0.05

GATE = Road("", "", "service", 5.0, 1, LineString())

Piece = tuple[LineString, Road]


def gates_of(pieces: list[Piece]) -> list[Piece]:
    """Return a way from each group of roads that joins no other to its nearest neighbour, the nearest groups first.

    A gate crosses no house, no water and no railway; a group that has no such way is left as it is.
    """
    driven = [(line, road) for line, road in pieces if road.grade != "footway"]
    group = groups([line for line, _ in driven])
    flat = np.array([not road.level for _, road in driven])  # nothing joins a bridge or an underpass
    ground, of = np.array([line for line, _ in driven], dtype=object)[flat], group[flat]
    size = np.bincount(group, [line.length for line, _ in driven])
    inside = np.arange(len(size)) == np.argmax(size)
    found: list[Piece] = []
    while True:
        net = ground[inside[of]]
        tree, fresh = shapely.STRtree(net), []
        rest = np.flatnonzero(~inside[of])
        ways = shapely.shortest_line(ground[rest], net[tree.nearest(ground[rest])])
        long = shapely.length(ways)
        free = (long <= REACH) & ~_barred(ways)
        for number in np.unique(of[rest]):
            mine = np.flatnonzero((of[rest] == number) & free)
            if len(mine):
                fresh.append((int(number), mine[np.argmin(long[mine])]))
        if not fresh:
            return found
        for number, which in fresh:
            inside[number] = True
            if long[which] > MET:
                found.append((ways[which], replace(GATE, line=ways[which])))


def groups(driven: list[LineString]) -> NDArray[np.int64]:
    """Return the number of the group of each road; roads of a group meet at their ends, to the centimetre."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = np.round([[line.coords[0], line.coords[-1]] for line in driven], 2).reshape(-1, 2)
    _, node = np.unique(ends, axis=0, return_inverse=True)
    start, end = node.reshape(-1, 2).T
    count = int(node.max()) + 1
    links = coo_array((np.ones(len(start)), (start, end)), shape=(count, count))
    part = connected_components(links, directed=False)[1][start]
    return np.unique(part, return_inverse=True)[1]


def _barred(ways: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return whether a house, water or the railway lies on each way."""
    houses, shut = _in_the_way()
    barred = shapely.intersects(ways, shut)
    way, _ = houses.query(shapely.buffer(ways, WALL), predicate="intersects")
    barred[way] = True
    return barred


@cache
def _in_the_way() -> tuple[shapely.STRtree, shapely.Geometry]:
    """Return houses, and water with the railway."""
    houses = shapely.STRtree([house.area for house in district().houses])
    shut = shapely.union(water.corridor(), terrain.railway().buffer(plan.RAIL_HALF))
    shapely.prepare(shut)
    return houses, shut


def cornered(lines: list[LineString], points: NDArray[np.float64]) -> list[LineString]:
    """Return lines with a corner at each of the points (n, 2) m that lies on them, so that they meet there."""
    at = shapely.points(points)
    tree = shapely.STRtree(lines)
    where, which = tree.query(at, predicate="dwithin", distance=MET)
    made = list(lines)
    for number in np.unique(which):
        line = lines[number]
        xy = shapely.get_coordinates(line)
        along = np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T)))
        extra = points[where[which == number]]
        spot = shapely.line_locate_point(line, shapely.points(extra))
        order = np.argsort(np.concatenate([along, spot]), kind="stable")
        made[number] = LineString(np.vstack([xy, extra])[order])
    return made
