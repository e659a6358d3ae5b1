"""People in water: the stated factor; the kernel that follows ways is the plain loop, and steps on nothing that is shut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.movement import walking, walking_reference

RUNS = settings(derandomize=True, deadline=None, max_examples=150)


def test_the_factor_is_that_of_the_reference() -> None:
    depth = np.array([0.0, 0.20, 0.35, 0.60, 0.90, 0.91])
    assert walking.speed_factor(depth, 0.90) == pytest.approx([1.0, 0.76, 0.58, 0.45, 0.35, 0.0])
    assert walking.speed_factor(depth, 0.90, walking.NIGHT) == pytest.approx([1.0, 0.456, 0.348, 0.27, 0.21, 0.0])


@RUNS
@given(st.lists(st.floats(0, 3), min_size=2, max_size=20), st.floats(0.1, 1.5), st.sampled_from([1.0, walking.NIGHT]))
def test_speed_never_rises_with_depth(depths: list[float], limit: float, night: float) -> None:
    found = walking.speed_factor(np.sort(np.array(depths)), limit, night)
    assert (np.diff(found) <= 1e-12).all()
    assert ((found >= 0) & (found <= 1)).all()


def crowd(seed: int, m: int) -> dict[str, np.ndarray]:
    """Return the arguments of `advance` for some parties on a made-up set of edges."""
    rng = np.random.default_rng(seed)
    k, c = 12, 3
    count = rng.integers(0, 9, m)
    way = rng.integers(0, k, int(count.sum())).astype(np.int32)
    return {
        "first": (np.cumsum(count) - count).astype(np.int64),
        "count": count.astype(np.int64),
        "way": way,
        "length": rng.uniform(1, 40, k),
        "kind": rng.integers(0, c, m),
        "rate": np.where(rng.random((c, k)) < 0.15, 0.0, rng.uniform(0.1, 2, (c, k))),
        "shut": rng.random((c, k)) < 0.1,
        "share": rng.uniform(0.3, 1.5, m),
        "step": rng.uniform(0, 60, m),
        "at": np.zeros(m, np.int64),
        "done": np.zeros(m),
        "left": np.zeros(m),
        "state": np.zeros(m, np.int8),
    }


@RUNS
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_the_kernel_is_the_plain_loop(seed: int, m: int) -> None:
    one, other = crowd(seed, m), crowd(seed, m)
    for _ in range(3):
        walking.advance(**one)
        walking_reference.advance(**other)
    for name in ("at", "done", "left", "state"):
        assert np.array_equal(one[name], other[name]), name


@RUNS
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_nobody_steps_on_what_is_shut_or_is_faster_than_the_road(seed: int, m: int) -> None:
    args = crowd(seed, m)
    closed = args["shut"] | (args["rate"] <= 0)
    before = args["at"].copy()
    walking.advance(**args)
    for i in range(m):
        edges = args["way"][args["first"][i] : args["first"][i] + args["count"][i]]
        entered = edges[before[i] : args["at"][i] + (args["done"][i] > 0)]
        assert not closed[args["kind"][i], entered].any()
        metres = args["length"][edges[: args["at"][i]]].sum() + args["done"][i]
        assert metres <= args["rate"][args["kind"][i]].max() * args["share"][i] * args["step"][i] + 1e-9
        assert 0 <= args["left"][i] <= args["step"][i]
        assert (args["state"][i] == walking.THERE) == (args["at"][i] == args["count"][i])


def test_who_is_on_an_edge_when_it_shuts_leaves_it_and_in_deep_water_stands() -> None:
    args = crowd(0, 1) | {
        "first": np.zeros(1, np.int64), "count": np.array([2]), "way": np.array([0, 1], np.int32),
        "length": np.array([10.0, 10.0]), "kind": np.zeros(1, np.int64), "share": np.ones(1),
        "rate": np.ones((1, 2)), "shut": np.zeros((1, 2), bool), "step": np.array([4.0]),
    }  # fmt: skip
    walking.advance(**args)
    assert (args["at"][0], args["done"][0], args["state"][0]) == (0, 4.0, walking.GOING)
    args["rate"] = np.array([[0.0, 1.0]])
    walking.advance(**args)
    assert (args["done"][0], args["state"][0]) == (4.0, walking.HELD)
    args["rate"], args["shut"] = np.ones((1, 2)), np.ones((1, 2), bool)
    args["step"] = np.array([9.0])
    walking.advance(**args)
    assert (args["at"][0], args["state"][0], args["left"][0]) == (1, walking.BARRED, 3.0)
    args["shut"] = np.zeros((1, 2), bool)
    args["step"] = np.array([12.0])
    walking.advance(**args)
    assert (args["state"][0], args["left"][0]) == (walking.THERE, 2.0)


def test_a_way_is_followed_to_its_goal() -> None:
    start, end = np.array([0, 2, 2], np.int32), np.array([1, 1, 3], np.int32)
    after = np.array([0, 1, 2, -1, -1], np.int32)  # towards node 3; node 4 has no way
    edges, nodes = walking.follow(after, start, end, 0)
    assert (edges.tolist(), nodes.tolist()) == ([0, 1, 2], [0, 1, 2, 3])
    edges, nodes = walking.follow(after, start, end, 4)
    assert (edges.tolist(), nodes.tolist()) == ([], [4])
