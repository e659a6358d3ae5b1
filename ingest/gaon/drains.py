"""Storm drains: pipes under the streets that fall to outfalls in river and tributary, manholes, and inlets at kerbs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point

from ingest.gaon import osm, plan, terrain
from ingest.gaon.roads import Road
from ingest.gaon.shapes import DOMAIN, beside, lines, piece

#: streets without a drain of their own
WITHOUT = {"service", "footway", "living_street"}
#: mm, what pipes are made in
SIZES = (450, 500, 600, 700, 800, 900, 1000, 1200, 1350, 1500, 1650, 1800, 2000, 2200, 2400)
#: m3 s-1 that a metre of street brings: 75 mm in an hour (ten years) on a strip of 50 m of which three quarters run off
PER_METRE = 0.075 / 3600 * 50 * 0.75
#: s m-1/3 of concrete; m of ground over a pipe: wished and least; least fall
MANNING, COVER, LEAST_COVER, FALL = 0.013, 1.0, 0.4, 0.0007
#: m: outfalls along a bank, manholes, inlets; height of an outfall above the bed of the water
OUTFALL_EVERY, MANHOLE_EVERY, INLET_EVERY, ABOVE_BED = 300.0, 100.0, 30.0, 0.1
#: m2, open area of an inlet of two grates
INLET_AREA = 0.24
#: m between the head of a pipe and the junction above it, where other pipes pass
CLEAR = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Pipe:
    """A pipe, drawn downhill: diameter in mm, bottom at both ends in m, axis, width of its street in m."""

    diameter: int
    top: float
    foot: float
    line: LineString
    street: float


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Streets as a tree: for each node its place, ground in m, and the next node and edge on the way to the water.

    depth  nodes in the order of their way to the water, the nearest first
    """

    xy: NDArray[np.float64]
    ground: NDArray[np.float64]
    below: NDArray[np.int64]
    by: NDArray[np.int64]
    depth: list[int]


def streets() -> list[tuple[LineString, Road]]:
    """Return the pieces of street between junctions that have a drain, and where a road passes the railway."""
    rail = terrain.railway()
    return [
        (line, road)
        for line, road in osm.pieces()
        if road.grade not in WITHOUT and line.length > 1.0 and (not road.level or line.intersects(rail))
    ]


@cache
def network() -> tuple[list[Pipe], list[tuple[float, Point]]]:
    """Return the pipes, and level of the bottom and place of the outfalls."""
    edges = streets()
    ends = np.round([[line.coords[0], line.coords[-1]] for line, _ in edges], 2)
    xy, node = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    node = node.reshape(-1, 2)
    mouths = outfalls(xy)
    tree = to_water(xy, node, np.array([line.length for line, _ in edges]), sorted(mouths))
    load, branches = loads(tree, node, edges)
    wished = sizes(tree, load, edges)
    bottom = graded(tree, wished, edges, mouths)
    size = fitting(wished, tree.ground - bottom - LEAST_COVER)
    met = np.bincount(node.ravel())
    found: list[Pipe] = []
    for i in tree.depth:
        if i in mouths:
            level, place = mouths[i]
            way = LineString([tuple(xy[i]), place.coords[0]])
            found.append(Pipe(int(size[i]), round(float(bottom[i]), 2), level, way, 0.0))
            continue
        line, road = edges[tree.by[i]]
        downhill = line if node[tree.by[i], 0] == i else line.reverse()
        high, foot = float(bottom[i]), float(bottom[tree.below[i]])
        if met[i] == 1:  # a head
            downhill = piece(downhill, min(CLEAR, line.length / 2), line.length)
            high = min(high, _ground(downhill) - LEAST_COVER - size[i] / 1000)
            if high < foot:  # no fall to be had under this ground
                continue
        found += in_parts(downhill, int(size[i]), high, foot, road.width)
    for e, low in branches:
        line, road = edges[e]
        downhill = line.reverse() if node[e, 0] == low else line
        begun = piece(downhill, CLEAR, line.length)
        mm = SIZES[0]
        high = _ground(begun) - COVER - mm / 1000
        foot = float(bottom[low])
        if high > foot:
            found += in_parts(begun, mm, high, foot, road.width)
    return found, [mouths[i] for i in sorted(mouths) if i in set(tree.depth)]


def _ground(line: LineString) -> float:
    """Return the height of the ground in m at the first point of a line."""
    x, y = np.array(line.coords[0])[:, None]
    return float(terrain.ground().at(x, y)[0])


def in_parts(line: LineString, size: int, high: float, low: float, street: float) -> list[Pipe]:
    """Return a pipe cut where its manholes are."""
    count = max(1, int(np.ceil(line.length / MANHOLE_EVERY)))
    levels = np.round(np.linspace(high, low, count + 1), 2).tolist()
    cuts = np.linspace(0.0, line.length, count + 1).tolist()
    found = []
    for (top, foot), (start, end) in zip(pairwise(levels), pairwise(cuts), strict=True):
        part = piece(line, start, end).simplify(0.5)
        assert isinstance(part, LineString)
        found.append(Pipe(size, top, foot, part, street))
    return found


def outfalls(xy: NDArray[np.float64]) -> dict[int, tuple[float, Point]]:
    """Return node of the streets -> level and place of its outfall in the water; one for each stretch of a bank."""
    found: dict[int, tuple[float, Point]] = {}
    for kind, axis, halves, reach in (
        ("river", terrain.river(), plan.RIVER_HALF, 75.0), ("stream", terrain.stream(), plan.STREAM_HALF, 45.0),
    ):  # fmt: skip
        points = shapely.points(xy)
        far = np.asarray(shapely.distance(axis, points), dtype=float)
        along = np.asarray(shapely.line_locate_point(axis, points), dtype=float)
        left = shapely.distance(beside(axis, halves[4], "left"), points) < far
        near = (far > halves[4]) & (far < halves[5] + reach) & DOMAIN.buffer(-20).contains(points)
        for bank in (True, False):
            for stretch in range(int(axis.length // OUTFALL_EVERY) + 1):
                here = np.flatnonzero(near & (left == bank) & (along // OUTFALL_EVERY == stretch))
                if len(here):
                    i = int(here[np.argmin(far[here])])
                    foot = axis.interpolate(float(along[i]))
                    way = LineString([foot, Point(xy[i])])
                    mouth = way.interpolate(halves[0] - 2.0)
                    bed = terrain.river_bed(np.array(foot.x)) if kind == "river" else terrain.stream_bed(along[i])
                    place = Point(np.round(mouth.coords[0], 2))
                    if DOMAIN.contains(place):
                        found[i] = (round(float(bed) + ABOVE_BED, 2), place)
    return found


def to_water(xy: NDArray[np.float64], node: NDArray[np.int64], length: NDArray[np.float64], sinks: list[int]) -> Tree:
    """Return for each node the way to the nearest outfall; a metre uphill costs as much as 60 m."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    ground = terrain.ground().at(xy[:, 0], xy[:, 1])
    a, b = np.concatenate([node, node[:, ::-1]]).T
    way = np.tile(length, 2)
    cost = way + 60.0 * np.maximum(ground[b] - ground[a], 0.0)
    order = np.lexsort((cost, a, b))
    b, a, cost, edge = b[order], a[order], cost[order], np.tile(np.arange(len(node)), 2)[order]
    first = np.ones(len(a), bool)
    first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    best = {(int(u), int(v)): int(e) for u, v, e in zip(a[first], b[first], edge[first], strict=True)}
    graph = coo_matrix((cost[first], (b[first], a[first])), shape=(len(xy), len(xy))).tocsr()
    far, below, _ = dijkstra(graph, indices=sinks, min_only=True, return_predecessors=True)
    by = np.array([best.get((i, int(k)), -1) for i, k in enumerate(below)])
    depth = [int(i) for i in np.argsort(far, kind="stable") if np.isfinite(far[i])]
    return Tree(xy, ground, below.astype(np.int64), by, depth)


def loads(
    tree: Tree, node: NDArray[np.int64], edges: list[tuple[LineString, Road]]
) -> tuple[NDArray[np.float64], list[tuple[int, int]]]:
    """Return the metres of street that drain through each node, and the other streets: edge and lower node."""
    load = np.zeros(len(tree.xy))
    used, reached = set(tree.by[tree.depth].tolist()), set(tree.depth)
    branches = []
    for e, (line, _) in enumerate(edges):
        a, b = node[e].tolist()
        if e not in used and {a, b} <= reached and line.length > 20.0:
            low = a if tree.ground[a] <= tree.ground[b] else b
            branches.append((e, low))
            load[low] += line.length
    for i in reversed(tree.depth):
        if tree.by[i] >= 0:
            load[i] += edges[tree.by[i]][0].length
            load[tree.below[i]] += load[i]
    return load, branches


def sizes(tree: Tree, load: NDArray[np.float64], edges: list[tuple[LineString, Road]]) -> NDArray[np.int64]:
    """Return in mm the pipe that leaves each node: full, it carries its load; it is no smaller than those above."""
    size = np.full(len(load), SIZES[0])
    for i in reversed(tree.depth):
        slope = 0.002
        if tree.by[i] >= 0:
            slope = max(slope, (tree.ground[i] - tree.ground[tree.below[i]]) / edges[tree.by[i]][0].length)
        # Manning, full: Q = pi / 4 D^2 (D / 4)^(2/3) sqrt(S) / n
        wide = (load[i] * PER_METRE * MANNING * 4 ** (5 / 3) / (np.pi * np.sqrt(slope))) ** (3 / 8) * 1000
        size[i] = max(size[i], next((s for s in SIZES if s >= wide), SIZES[-1]))
        if tree.by[i] >= 0:
            size[tree.below[i]] = max(size[tree.below[i]], size[i])
    return size


def graded(
    tree: Tree,
    size: NDArray[np.int64],
    edges: list[tuple[LineString, Road]],
    mouths: dict[int, tuple[float, Point]],
) -> NDArray[np.float64]:
    """Return the bottom of the drain in m at each node: as deep as its cover wants, and falling all the way."""
    bottom = np.full(len(size), np.nan)
    for i in tree.depth:
        if i in mouths:
            level, place = mouths[i]
            below, length = level, float(np.hypot(*(tree.xy[i] - place.coords[0])))
        else:
            below, length = float(bottom[tree.below[i]]), edges[tree.by[i]][0].length
        wished = tree.ground[i] - COVER - size[i] / 1000
        highest = tree.ground[i] - LEAST_COVER - size[i] / 1000
        bottom[i] = max(min(max(wished, below + FALL * length), highest), below + 0.2 * FALL * length)
    return bottom


def fitting(size: NDArray[np.int64], room: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return sizes in mm that have `room` m under the ground: in the low basin what is wished does not fit."""
    made = np.array(SIZES)
    most = made[np.clip(np.searchsorted(made, room * 1000, side="right") - 1, 0, None)]
    return np.asarray(np.minimum(size, most))


@cache
def points() -> list[tuple[str, float | None, float | None, Point]]:
    """Return class, open area (m2, of inlets), level of the bottom (m, of the others) and place of all points.

    Inlets stand along the kerbs, on both sides in turn; manholes where pipes meet.
    """
    pipes, mouths = network()
    bottoms: dict[tuple[float, float], float] = {}
    inlets: list[Any] = []
    taken = {tuple(p.coords[0]) for _, p in mouths}
    for pipe in pipes:
        for (x, y), level in ((pipe.line.coords[0], pipe.top), (pipe.line.coords[-1], pipe.foot)):
            key = (round(x, 2), round(y, 2))
            if key not in taken:
                bottoms[key] = min(level, bottoms.get(key, level))
        if pipe.street:
            for k, s in enumerate(np.arange(INLET_EVERY / 2, pipe.line.length, INLET_EVERY)):
                kerb = lines(pipe.line.parallel_offset(pipe.street / 2 - 0.3, "right" if k % 2 else "left"), 1.0)
                if kerb:
                    inlets.append(kerb[0].interpolate(s / pipe.line.length, normalized=True))
    return [
        *(("outfall", None, level, place) for level, place in mouths),
        *(("manhole", None, level, Point(xy)) for xy, level in sorted(bottoms.items())),
        *(("inlet", INLET_AREA, None, Point(np.round(p.coords[0], 2))) for p in inlets if DOMAIN.contains(p)),
    ]
