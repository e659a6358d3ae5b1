from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.impact import AIDR, HALF_BASEMENT, aidr_class


@pytest.mark.parametrize(
    ("depth", "speed", "number"),
    [(0.5, 1.0, 2), (0.2, 2.5, 5), (0.0, 3.0, 0), (0.1, 0.1, 1), (1.2, 0.5, 3), (1.5, 0.5, 4), (2.5, 1.0, 5), (4.5, 0.1, 6), (0.5, 4.5, 6), (2.0, 2.5, 6)],
)  # fmt: skip
def test_aidr_by_hand(depth: float, speed: float, number: int) -> None:
    assert aidr_class(np.array([depth]), np.array([speed]), np.array([depth * speed])).tolist() == [number]


@given(*[st.floats(0.001, 8)] * 3, *[st.floats(0, 3)] * 3)
def test_danger_never_falls_with_depth_speed_or_product(
    d: float, v: float, p: float, dd: float, dv: float, dp: float
) -> None:
    def rank(*x: float) -> int:
        return int(aidr_class(*(np.array([y]) for y in x))[0])

    before = rank(d, v, p)
    assert 1 <= before <= len(AIDR) + 1
    assert min(rank(d + dd, v, p), rank(d, v + dv, p), rank(d, v, p + dp)) >= before


moments = st.lists(st.tuples(st.floats(0.001, 6), st.floats(0, 6)), min_size=1, max_size=8)


@given(moments)
def test_the_class_of_the_greatest_values_is_the_worst_of_the_moments(course: list[tuple[float, float]]) -> None:
    depth, speed = (np.array(x) for x in zip(*course, strict=True))
    product = depth * speed
    worst = aidr_class(depth, speed, product).max()
    assert aidr_class(*(np.array([x.max()]) for x in (depth, speed, product)))[0] == worst


def test_multiplying_the_greatest_values_would_be_worse_than_what_happened() -> None:
    depth, speed = np.array([1.0, 0.1]), np.array([0.1, 1.5])
    assert aidr_class(depth, speed, depth * speed).max() == 3
    assert aidr_class(depth[:1], speed[1:], depth[:1] * speed[1:])[0] == 5


def test_limits_of_half_basements_rise() -> None:
    assert [limit.depth for limit in HALF_BASEMENT] == sorted(limit.depth for limit in HALF_BASEMENT)
    assert {limit.name: limit.depth for limit in HALF_BASEMENT}["door_shut"] == 0.40
    assert all(limit.ko and limit.source for limit in HALF_BASEMENT)
