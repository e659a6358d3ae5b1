"""The graph of roads: how lines become it, nearest nodes, parts, travel times, and who is cut off."""

from __future__ import annotations

import heapq
import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import InputError
from twin.geometry.network import (
    Line,
    access,
    leading,
    lines_of,
    nearest,
    network_of,
    only_access,
    parts,
    towards,
    travel_seconds,
    usable,
)
from twin.geometry.network.graph import REACH
from twin.geometry.network.junctions import PIECE, joined
from twin.geometry.network.lines import WALK
from twin.geometry.network.thinning import BEND, thinned
from twin.model.asset import Asset
from twin.model.response.city import Network


def grid_of(nx: int, ny: int, side: float = 100.0) -> Network:
    """Return streets in a grid, node j * nx + i at (i, j) * side, 10 m/s, one edge from crossing to crossing."""
    number = np.arange(nx * ny, dtype=np.int32).reshape(ny, nx)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    k = len(start)
    return Network(
        x=np.tile(np.arange(nx) * side, ny), y=np.repeat(np.arange(ny) * side, nx), start=start, end=end,
        length=np.full(k, side), speed=np.full(k, 10.0), lanes=np.full(k, 2.0), road=np.arange(k, dtype=np.int32),
        roads=tuple(map(str, range(k))), over=np.zeros(k, bool), foot=np.zeros(k, bool),
    )  # fmt: skip


def changed(network: Network, **fields: np.ndarray) -> Network:
    return Network(**{name: fields.get(name, getattr(network, name)) for name in Network.__slots__})


def edge_between(network: Network, a: int, b: int) -> int:
    return next(e for e in range(len(network.start)) if {network.start[e], network.end[e]} == {a, b})


def plain(network: Network, start: int, shut: np.ndarray, seconds: np.ndarray) -> list[float]:
    """Return s to every node, by Dijkstra as in the books."""
    best = [math.inf] * len(network.x)
    best[start] = 0.0
    queue = [(0.0, start)]
    while queue:
        now, node = heapq.heappop(queue)
        for edge in np.flatnonzero(~shut & ((network.start == node) | (network.end == node))):
            other = int(network.start[edge] + network.end[edge] - node)
            if now + seconds[edge] < best[other]:
                best[other] = now + float(seconds[edge])
                heapq.heappush(queue, (best[other], other))
    return best


@st.composite
def cities(draw: st.DrawFn) -> tuple[Network, np.ndarray]:
    """A network with parallel edges and ways for people on foot, and which of its edges are shut."""
    nodes, edges = draw(st.integers(2, 9)), draw(st.integers(1, 20))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    start = rng.integers(0, nodes, edges).astype(np.int32)
    end = ((start + rng.integers(1, nodes, edges)) % nodes).astype(np.int32)
    network = Network(
        x=rng.uniform(0, 100, nodes), y=rng.uniform(0, 100, nodes), start=start, end=end,
        length=rng.uniform(1, 200, edges), speed=rng.uniform(1, 20, edges), lanes=np.ones(edges),
        road=np.arange(edges, dtype=np.int32), roads=tuple(map(str, range(edges))), over=np.zeros(edges, bool),
        foot=rng.random(edges) < 0.3,
    )  # fmt: skip
    return network, rng.random(edges) < 0.3


@given(cities(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_travel_times_access_and_ways_are_those_of_plain_dijkstra(city: tuple[Network, np.ndarray], foot: bool) -> None:
    network, shut = city
    nodes = range(len(network.x))
    seconds = network.length / (WALK if foot else network.speed)
    closed = shut if foot else shut | network.foot
    expected = np.array([plain(network, node, closed, seconds) for node in nodes])
    found = travel_seconds(network, nodes, shut=shut, foot=foot)
    np.testing.assert_allclose(found, expected)
    goals = [0, len(network.x) - 1]
    np.testing.assert_allclose(access(network, nodes, goals, shut=shut, foot=foot), expected[goals].min(axis=0))
    seconds_to, away = leading(network, nodes, shut=shut, foot=foot)
    np.testing.assert_allclose(seconds_to, expected)
    assert ((away < 0) == ((expected == np.inf) | np.eye(len(nodes), dtype=bool))).all()
    for goal, node in zip(*np.nonzero(away >= 0), strict=True):
        edge = away[goal, node]
        assert not closed[edge]
        other = network.start[edge] + network.end[edge] - node
        assert expected[goal, node] == pytest.approx(seconds[edge] + expected[goal, other])
    label = parts(network, shut=shut, foot=foot)
    assert ((label[:, None] == label[None, :]) == (expected < np.inf)).all()
    size = np.bincount(label[network.start[~closed]], network.length[~closed], minlength=label.max() + 1)
    assert (np.diff(size) <= 1e-9).all()


@given(cities(), st.integers(0, 8), st.sets(st.integers(0, 19)))
@settings(max_examples=80, deadline=None)
def test_only_access_is_what_is_no_longer_reached_from_most_of_what_was(
    city: tuple[Network, np.ndarray], goal: int, edges: set[int]
) -> None:
    network, shut = city
    goal %= len(network.x)
    gone = sorted(edge for edge in edges if edge < len(network.start))
    before = shut | network.foot
    after = before.copy()
    after[gone] = True

    def reach(node: int, closed: np.ndarray) -> np.ndarray:
        return np.isfinite(plain(network, node, closed, network.length))

    def length(node: int) -> float:
        return float(network.length[~after & reach(node, after)[network.start]].sum())

    mine = np.flatnonzero(reach(goal, before))
    if len(mine) == 1:
        expected = False
    else:
        longest = max(length(node) for node in mine)
        main = next(node for node in mine if length(node) >= longest - 1e-9)
        expected = longest == 0.0 or not reach(goal, after)[main]
    assert only_access(network, goal, gone, shut=shut) == expected


def test_a_hospital_at_the_end_of_a_street_has_one_way_in() -> None:
    network = grid_of(4, 3)
    ring = [edge_between(network, 0, 1), edge_between(network, 0, 4)]
    assert not only_access(network, 0, ring[:1])
    assert only_access(network, 0, ring)
    shut = np.zeros(len(network.start), bool)
    shut[ring[0]] = True
    assert only_access(network, 0, ring[1:], shut=shut)
    shut[ring[1]] = True
    assert not only_access(network, 0, [5], shut=shut)


def test_of_parallel_edges_the_faster_open_one_is_driven() -> None:
    one = grid_of(2, 1)
    network = Network(**{name: np.repeat(getattr(one, name), 2) for name in Network.__slots__ if name not in "xyroads"},
                      x=one.x, y=one.y, roads=("slow", "fast"), road=np.array([0, 1], np.int32))  # fmt: skip
    network.speed[:] = [5.0, 20.0]
    assert travel_seconds(network, [0])[0, 1] == 5.0
    assert towards(network, [1]).tolist() == [[1, -1]]
    assert travel_seconds(network, [0], shut=np.array([False, True]))[0, 1] == 20.0
    assert travel_seconds(network, [0], share=np.array([1.0, 0.1]))[0, 1] == 20.0
    assert travel_seconds(network, [0], share=np.array([0.5, 0.0]))[0, 1] == 40.0
    assert math.isinf(travel_seconds(network, [0], share=np.zeros(2))[0, 1])
    with pytest.raises(InputError, match="share"):
        travel_seconds(network, [0], share=np.array([1.0, -1.0]))


def test_lines_join_into_short_straight_edges_that_know_their_road() -> None:
    lines = [
        Line("long", np.array([[0.0, 0.0], [100.0, 0.0], [200.0, 0.0]]), 10.0, 2.0),
        Line("side", np.array([[100.4, 0.4], [100.0, 80.0]]), 5.0, 1.0),
        Line("walk", np.array([[0.0, 0.0], [0.0, 60.0]]), WALK, 1.0, foot=True),
        Line("over", np.array([[150.0, -50.0], [150.0, 50.0]]), 20.0, 4.0, over=True),
    ]
    network = network_of(lines)
    assert network.roads == ("long", "side", "walk", "over")
    assert network.length.max() <= PIECE
    for number, (line, length) in enumerate(zip(lines, (200.0, 80.0, 60.0, 100.0), strict=True)):
        mine = network.road == number
        assert network.length[mine].sum() == pytest.approx(length, abs=1.0)
        assert (network.speed[mine] == line.speed).all()
        assert (network.lanes[mine] == line.lanes).all()
        assert (network.over[mine] == line.over).all()
        assert (network.foot[mine] == line.foot).all()
    cars = parts(network)
    node = nearest(network, [0, 200, 150, 0], [0, 1, 50, 60], cars=True).tolist()
    assert [(network.x[n], network.y[n]) for n in node[:2]] == [(0.0, 0.0), (200.0, 0.0)]
    assert cars[node[0]] == cars[node[1]] == 0
    assert network.y[node[2]] == pytest.approx(0.0, abs=0.5)  # the bridge is another part
    assert network.y[node[3]] == pytest.approx(0.0, abs=0.5)
    walks = nearest(network, [0], [60], cars=False)
    assert network.y[walks[0]] == 60.0
    assert nearest(network, [0.0], [500.0], within=400.0).tolist() == [-1]
    assert usable(network, foot=True).all()
    assert np.array_equal(usable(network), ~network.foot)


def test_an_end_that_meets_nothing_reaches_the_nearest_road_of_its_level() -> None:
    street, alley = np.array([[0.0, 0.0], [100.0, 0.0]]), np.array([[40.0, 2.5], [40.0, 60.0]])
    above, beside = np.array([[0.0, 1.2], [100.0, 1.2]]), np.array([[0.0, -2.0], [100.0, -2.0]])
    met = np.array([[60.0, -0.6], [60.0, 50.0]])  # meets the street, and so does not reach what is beside
    level = np.array([False, False, True, False, False])
    for reach in (1.0, REACH):
        net = joined([street, alley, above, beside, met], level, reach)
        of = [set(net.start[net.line == i]) | set(net.end[net.line == i]) for i in range(5)]
        assert bool(of[0] & of[1]) == (reach == REACH)
        assert of[0] & of[4]
        assert not of[2] & (of[0] | of[1] | of[3])
        assert not of[3] & (of[1] | of[4])
    far = joined([street, alley + np.array([0.0, 1.0])], level[:2], REACH)
    assert not set(far.start[far.line == 0]) & set(far.start[far.line == 1])


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_thinning_takes_out_bends_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bends = [np.cumsum(rng.uniform((2, -2), (9, 2), (20, 2)), axis=0) + rng.uniform(-30, 30, 2) for _ in range(3)]
    crossings = [np.array([one[5], one[5] + (0, 40), other[12]]) for one, other in pairwise(bends)]
    net = joined([*bends, *crossings], np.zeros(5, bool))
    thin = thinned(net)
    assert len(thin.x) < len(net.x)
    assert thin.length.max() <= PIECE
    for line in range(5):
        assert thin.length[thin.line == line].sum() == pytest.approx(net.length[net.line == line].sum())
    chord = np.hypot(thin.x[thin.start] - thin.x[thin.end], thin.y[thin.start] - thin.y[thin.end])
    assert (chord <= thin.length + 3.0).all()  # nodes stand in the middle of what they join

    def away(nodes: object) -> np.ndarray:
        one = nodes
        k = len(one.start)
        network = Network(one.x, one.y, one.start.astype(np.int32), one.end.astype(np.int32), one.length, np.ones(k),
                          np.ones(k), one.line.astype(np.int32), ("",), np.zeros(k, bool), np.zeros(k, bool))  # fmt: skip
        return travel_seconds(network, np.arange(len(one.x)))

    place = {(a, b): i for i, (a, b) in enumerate(zip(net.x.tolist(), net.y.tolist(), strict=True))}
    kept = [place[x, y] for x, y in zip(thin.x.tolist(), thin.y.tolist(), strict=True)]
    np.testing.assert_allclose(away(thin), away(net)[np.ix_(kept, kept)])
    segments = np.stack([np.column_stack([thin.x[e], thin.y[e]]) for e in (thin.start, thin.end)], axis=1)
    lines = shapely.linestrings(segments)
    assert all(
        shapely.distance(lines, shapely.Point(x, y)).min() <= BEND + 1e-9 for x, y in zip(net.x, net.y, strict=True)
    )


def test_no_roads_are_a_network_without_nodes() -> None:
    network = network_of([])
    assert len(network.x) == len(network.start) == 0
    assert nearest(network, [1.0, 2.0], [1.0, 2.0]).tolist() == [-1, -1]


@pytest.mark.parametrize(
    "line",
    [
        Line("bad", np.array([[0.0, 0.0]]), 1.0, 1.0),
        Line("bad", np.array([[0.0, 0.0], [0.0, 0.0]]), 1.0, 1.0),
        Line("bad", np.array([[0.0, 0.0], [np.nan, 0.0]]), 1.0, 1.0),
        Line("bad", np.array([[0.0, 0.0], [1.0, 0.0]]), 0.0, 1.0),
        Line("bad", np.array([[0.0, 0.0], [1.0, 0.0]]), 1.0, 0.0),
    ],
)
def test_a_line_that_is_none_is_refused(line: Line) -> None:
    with pytest.raises(InputError, match="bad"):
        network_of([line])


def test_roads_become_lines_by_their_class() -> None:
    def road(id_: str, *points: tuple[float, float], **params: object) -> Asset:
        return Asset("road", id_, points, params)

    assets = [
        road("z", (0, 0), (100, 0), **{"class": "Primary"}),
        road("b", (0, 0), (0, 50), **{"class": "시도", "lanes": 6}),
        road("c", (0, 0), (0, 50), **{"class": "residential", "lanes": 0, "bridge": "yes"}),
        road("walk", (0, 0), (9, 9), **{"class": "footway"}),
        road("square", (0, 0), (9, 0), (9, 9), (0, 0), **{"class": "pedestrian"}),
        road("area", (30, 30), (39, 30), (39, 39), (30, 30)),
        road("dot", (5, 5), (5, 5)),
    ]
    lines = lines_of(assets)
    assert [line.id for line in lines] == ["b", "c", "walk", "z"]
    assert [line.speed for line in lines] == pytest.approx([40 / 3.6, 25 / 3.6, WALK, 50 / 3.6])
    assert [line.lanes for line in lines] == [6.0, 2.0, 1.0, 4.0]
    assert [line.over for line in lines] == [False, True, False, False]
    assert [line.foot for line in lines] == [False, False, True, False]
