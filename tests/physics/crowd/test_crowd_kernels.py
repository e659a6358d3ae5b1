"""The kernels of the crowd against plain NumPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.crowd import density, reference, routing, steering, steering_reference
from twin.physics.crowd.crowd import ANGLES
from twin.physics.crowd.walking import Walking

SEEDS = st.integers(0, 10_000)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, closed=st.floats(0.0, 0.4), cell=st.floats(0.1, 2.0))
def test_march_finds_the_times_of_the_sweeps(seed: int, closed: float, cell: float) -> None:
    rng = np.random.default_rng(seed)
    slowness = np.where(rng.random((9, 11)) < closed, np.inf, rng.uniform(0.5, 5.0, (9, 11)))
    seeds = np.zeros((9, 11), bool)
    seeds[rng.integers(9), rng.integers(11)] = True
    found = np.empty((9, 11))
    routing.march(slowness, seeds, cell, found)
    wanted = reference.march(slowness, seeds, cell)
    assert np.array_equal(np.isfinite(found), np.isfinite(wanted))
    some = np.isfinite(found)
    assert np.allclose(found[some], wanted[some], rtol=1e-9)


def test_march_is_near_the_distance_on_open_ground() -> None:
    seeds = np.zeros((81, 81), bool)
    seeds[40, 40] = True
    time = np.empty((81, 81))
    routing.march(np.ones((81, 81)), seeds, 0.25, time)
    j, i = np.indices(time.shape)
    exact = np.hypot(j - 40, i - 40) * 0.25
    assert np.abs(time - exact).max() < 2.5 * 0.25
    way = routing.directions(time)
    away = exact > 3
    cos = -((i - 40) * way[..., 0] + (j - 40) * way[..., 1])[away] * 0.25 / exact[away]
    assert cos.min() > np.cos(np.deg2rad(12))


def test_directions_are_zero_where_no_way_leads_at_all() -> None:
    assert not routing.directions(np.full((4, 5), np.inf)).any()


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, count=st.integers(0, 12), width=st.floats(0.2, 1.5), cell=st.floats(0.2, 1.0))
def test_densities_are_those_of_the_reference(seed: int, count: int, width: float, cell: float) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-2, 12, count), rng.uniform(-2, 9, count)
    out, frame = np.empty((15, 20)), (-1.0, -0.5, cell)
    density.spread(x, y, np.array(frame), width, out)
    assert np.allclose(out, reference.spread(x, y, out.shape, frame, width), atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, count=st.integers(0, 20))
def test_the_way_to_a_goal_is_read_as_by_the_reference(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    fields = rng.normal(size=(3, 7, 6, 2))
    position = rng.uniform(-1, 8, (count, 2))
    goal = rng.integers(-1, 3, count)
    frame, out = np.array([0.5, -0.25, 1.0]), np.empty((count, 2))
    steering.look(position, goal, fields, frame, out)
    for k in range(count):
        wanted = reference.read(fields[goal[k]], *position[k], *frame) if goal[k] >= 0 else np.zeros(2)
        size = np.hypot(*wanted)
        assert np.allclose(out[k], wanted / size if size > 1e-9 else 0.0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 60), side=st.floats(2.0, 12.0), towards=st.booleans())
def test_steering_is_that_of_the_reference(seed: int, count: int, side: float, towards: bool) -> None:
    rng, walking = np.random.default_rng(seed), Walking()
    position = rng.uniform(0, side, (count, 2))
    velocity = rng.normal(0, 0.7, (count, 2))
    angle = rng.uniform(0, 2 * np.pi, count) if towards else rng.uniform(-0.4, 0.4, count)
    wish = np.column_stack([np.cos(angle), np.sin(angle)])
    wish[rng.random(count) < 0.1] = 0.0
    pace = np.where(rng.random(count) < 0.1, 0.0, rng.uniform(0.5, 2.0, count))
    body = np.column_stack([rng.uniform(0.15, 0.3, count), np.where(rng.random(count) < 0.5, 1.0, -1.0)])
    clearance = rng.uniform(0.0, 2.0, (30, 30))
    share = rng.uniform(0.1, 1.0, (30, 30))
    ground = clearance, share, np.array([-1.0, -1.0, 0.5])
    thinks = rng.random(count) < 0.7
    target = rng.normal(0, 0.5, (count, 2))
    before, out = target.copy(), np.empty((count, 2))
    steering.steer(position, velocity, wish, pace, body, ground, walking.array(), ANGLES, thinks, target, out)
    part = 1 - np.exp(-walking.step / walking.relax)
    for k in range(count):
        if pace[k] == 0 or not wish[k].any():
            wanted = np.zeros(2)
        elif thinks[k]:
            wanted = steering_reference.target(k, position, velocity, wish, pace[k], body, ground, walking, ANGLES)
        else:
            wanted = before[k]
        assert np.allclose(target[k], wanted, atol=1e-9)
        assert np.allclose(out[k], velocity[k] + part * (wanted - velocity[k]), atol=1e-9)
