"""Fastest ways while edges open and close, against a plain search in fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geometry.test_network import grid_of
from twin.errors import InputError
from twin.geometry.network import Passable, earliest, fastest, travel_seconds
from twin.geometry.network.heap import crossing
from twin.model.response.city import Network


def random_city(seed: int, nodes: int, edges: int) -> Network:
    """Return a network of whole seconds, with parallel edges and perhaps several parts."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, nodes, edges).astype(np.int32)
    end = ((start + rng.integers(1, nodes, edges)) % nodes).astype(np.int32)
    return Network(
        x=rng.uniform(0, 100, nodes), y=rng.uniform(0, 100, nodes), start=start, end=end,
        length=rng.integers(1, 9, edges) * 10.0, speed=np.full(edges, 10.0), lanes=np.ones(edges),
        road=np.arange(edges, dtype=np.int32), roads=tuple(map(str, range(edges))), over=np.zeros(edges, bool),
        foot=rng.random(edges) < 0.2,
    )  # fmt: skip


def passable(seed: int, edges: int) -> Passable:
    """Return edges that open and close at whole seconds, at full or half speed."""
    rng = np.random.default_rng(seed + 1)
    times = np.sort(rng.choice(np.arange(-5, 40), rng.integers(1, 6), replace=False)).astype(float)
    return Passable(times, rng.choice([0.0, 0.5, 1.0], (len(times), edges), p=[0.4, 0.3, 0.3]).astype(np.float32))


def brute(network: Network, start: int, at: float, way: Passable, *, foot: bool) -> list[float]:
    """Return the first arrivals: every edge is tried at once and at each later change, until nothing gets better."""

    def through(edge: int, enter: Fraction) -> Fraction | None:
        left, now = Fraction(network.length[edge]) / 10, enter
        for number, share in enumerate(way.share[:, edge]):
            until = Fraction(way.times[number + 1]) if number + 1 < len(way.times) else None
            if until is not None and until <= now:
                continue
            if not share:
                return None
            if until is None or now + left / Fraction(float(share)) <= until:
                return now + left / Fraction(float(share))
            left -= (until - now) * Fraction(float(share))
            now = until
        raise AssertionError

    arrival: dict[int, Fraction] = {start: Fraction(at)}
    better = True
    while better:
        better = False
        for edge in np.flatnonzero(~network.foot | foot):
            for a, b in ((network.start[edge], network.end[edge]), (network.end[edge], network.start[edge])):
                if a not in arrival:
                    continue
                tries = [arrival[a], *(Fraction(time) for time in way.times if time > arrival[a])]
                ends = [end for end in (through(edge, enter) for enter in tries) if end is not None]
                if ends and (b not in arrival or min(ends) < arrival[b]):
                    arrival[b], better = min(ends), True
    return [float(arrival.get(node, math.inf)) for node in range(len(network.x))]


@given(seed=st.integers(0, 2**32), nodes=st.integers(2, 7), edges=st.integers(1, 14), foot=st.booleans())
@settings(max_examples=60, deadline=None)
def test_first_arrivals_are_those_of_a_plain_search(seed: int, nodes: int, edges: int, foot: bool) -> None:
    network, way = random_city(seed, nodes, edges), passable(seed, edges)
    at = float(seed % 11)
    arrival, before = earliest(network, 0, at, way, foot=foot, speed=10.0)
    np.testing.assert_array_equal(arrival, brute(network, 0, at, way, foot=foot))
    assert ((before >= 0) == (np.isfinite(arrival) & (np.arange(nodes) != 0))).all()


@given(seed=st.integers(0, 2**32), nodes=st.integers(2, 8), edges=st.integers(1, 16))
@settings(max_examples=60, deadline=None)
def test_a_route_is_open_wherever_it_is_when_it_is_there(seed: int, nodes: int, edges: int) -> None:
    network, way = random_city(seed, nodes, edges), passable(seed, edges)
    arrival, _ = earliest(network, 0, 3.0, way)
    for goal in range(nodes):
        route = fastest(network, 0, [goal], 3.0, way)
        if route is None:
            assert math.isinf(arrival[goal])
            continue
        assert route.nodes[0] == 0
        assert route.nodes[-1] == goal
        assert route.arrives[0] == 3.0
        assert route.arrives[-1] == arrival[goal]
        for i, edge in enumerate(route.edges):
            assert {network.start[edge], network.end[edge]} == {route.nodes[i], route.nodes[i + 1]}
            assert not network.foot[edge]
            assert route.arrives[i] <= route.enters[i] < route.arrives[i + 1]
            driven = 0.0
            for now in np.arange(route.enters[i], route.arrives[i + 1], 0.5):
                share = way.share[max(int(np.searchsorted(way.times, now, side="right")) - 1, 0), edge]
                assert share > 0
                driven += 0.5 * float(share)
            assert driven == pytest.approx(network.length[edge] / 10.0)


@given(seed=st.integers(0, 2**32), early=st.floats(-20, 60), later=st.floats(0, 30), seconds=st.floats(0.1, 30))
def test_who_comes_later_is_not_through_earlier(seed: int, early: float, later: float, seconds: float) -> None:
    way = passable(seed, 1)
    share = way.share[:, 0].astype(np.float64)
    first, second = (crossing(at, seconds, way.times, share) for at in (early, early + later))
    assert first[1] <= second[1] + 1e-9
    assert all(enter <= leave for enter, leave in (first, second))


def test_it_goes_round_or_waits_whichever_is_faster() -> None:
    network = grid_of(3, 2)  # 0 1 2 below, 3 4 5 above; 100 m and 10 s each
    direct = next(e for e in range(len(network.start)) if {network.start[e], network.end[e]} == {0, 1})
    share = np.ones((2, len(network.start)), np.float32)
    share[0, direct] = 0
    waits = fastest(network, 0, [1], 0.0, Passable(np.array([0.0, 15.0]), share))
    assert waits is not None
    assert (waits.edges, waits.enters, waits.arrives) == ((direct,), (15.0,), (0.0, 25.0))
    round_ = fastest(network, 0, [1], 0.0, Passable(np.array([0.0, 25.0]), share))
    assert round_ is not None
    assert round_.nodes == (0, 3, 4, 1)
    assert round_.arrives == (0.0, 10.0, 20.0, 30.0)


def test_an_edge_that_would_close_under_way_is_not_entered() -> None:
    network = grid_of(2, 1)
    share = np.array([[1.0], [0.0]], np.float32)
    assert fastest(network, 0, [1], 0.0, Passable(np.array([0.0, 9.9]), share)) is None
    just = fastest(network, 0, [1], 0.0, Passable(np.array([0.0, 10.0]), share))
    assert just is not None
    assert just.arrives[-1] == 10.0


def test_without_water_it_is_the_static_way() -> None:
    network = random_city(5, 40, 90)
    for foot in (False, True):
        for start in (0, 7):
            arrival, _ = earliest(network, start, 100.0, foot=foot)
            np.testing.assert_allclose(arrival - 100.0, travel_seconds(network, [start], foot=foot)[0])
    shut = np.arange(90) % 3 == 0
    arrival, _ = earliest(network, 0, 0.0, shut=shut)
    np.testing.assert_allclose(arrival, travel_seconds(network, [0], shut=shut)[0])


def test_the_goal_may_be_where_one_is_and_the_nearest_of_many_is_taken() -> None:
    network = grid_of(4, 1)
    stays = fastest(network, 2, [2, 3], 5.0)
    assert stays is not None
    assert (stays.nodes, stays.edges, stays.arrives) == ((2,), (), (5.0,))
    near = fastest(network, 0, [3, 2], 5.0)
    assert near is not None
    assert near.nodes[-1] == 2
    assert fastest(network, 0, [], 5.0) is None


@pytest.mark.parametrize(
    ("times", "share"),
    [([], np.ones((0, 1))), ([0.0, 0.0], np.ones((2, 1))), ([0.0], -np.ones((1, 1))), ([0.0], np.ones(1)),
     ([0.0], np.full((1, 1), np.nan)), ([np.inf], np.ones((1, 1)))],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(times: list[float], share: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"times|share"):
        Passable(np.array(times), share.astype(np.float32))


def test_what_does_not_fit_the_network_is_refused() -> None:
    network = grid_of(2, 1)
    with pytest.raises(InputError, match="node 2"):
        fastest(network, 2, [0], 0.0)
    with pytest.raises(InputError, match="3 edges"):
        fastest(network, 0, [1], 0.0, Passable(np.zeros(1), np.ones((1, 3), np.float32)))
