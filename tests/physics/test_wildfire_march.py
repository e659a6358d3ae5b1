"""Ways between cells, and the march in the order of time: kernels against plain Python, and against the ellipse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.physics.fire_rates import burnt_front, eccentricity_of, exact_times, rates_of
from twin.errors import InputError
from twin.physics.wildfire import marching_reference, stencil
from twin.physics.wildfire.front import Front
from twin.physics.wildfire.packing import LIMITS
from twin.physics.wildfire.rates import Rates
from twin.physics.wildfire.ways import from_between


def test_ways_side_by_side_span_a_cell_and_are_acute_in_the_measure_of_the_ellipse() -> None:
    for kind in range(stencil.BINS):
        # above a length to width of 8, which rates of spread never reach, the reach of the ways is the limit
        e = min(float(eccentricity_of(8.0)), LIMITS[kind] if kind < len(LIMITS) else 1.0)
        for sector in range(stencil.SECTORS):
            ways = stencil.ring(kind, sector)
            assert {(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)} <= set(ways)
            for u, v in zip(ways, ways[1:] + ways[:1], strict=True):
                assert u[0] * v[1] - u[1] * v[0] == 1
                a, b = np.array(u) / math.hypot(*u), np.array(v) / math.hypot(*v)
                for off in (-0.5, 0.0, 0.5):
                    heading = (sector + off) * math.tau / stencil.SECTORS
                    h = e * np.array([math.cos(heading), math.sin(heading)])
                    assert (a - h) @ b > 0
                    assert (b - h) @ a > 0


def test_a_turn_by_90_degrees_turns_the_ways() -> None:
    quarter = stencil.SECTORS // 4
    for kind, sector in ((0, 0), (7, 3), (16, 9)):
        turned = {(-y, x) for x, y in stencil.ring(kind, sector)}
        assert turned == set(stencil.ring(kind, sector + quarter))


def test_classes_hold_the_limits_that_the_kernel_uses() -> None:
    for kind, limit in enumerate(LIMITS):
        assert stencil.eccentricity_class(float(limit) - 1e-9) == kind
        assert stencil.eccentricity_class(float(limit) + 1e-9) == kind + 1
    assert stencil.heading_class(-1e-9) == stencil.heading_class(math.tau) == 0


@pytest.mark.parametrize("way", [(1, 0), (0, -1), (1, 1), (-3, 1), (2, 5), (7, -4), (11, 3)])
def test_cells_of_a_way_are_those_that_it_crosses(way: tuple[int, int]) -> None:
    cells, corner = stencil.crossed(*way)
    assert sum(part for _, _, part in cells) == pytest.approx(math.hypot(*way))
    fine = (np.arange(100000) + 0.5) / 100000
    seen = {(round(f * way[0]), round(f * way[1])) for f in fine}
    assert {(x, y) for x, y, part in cells if part > 1e-3} <= seen | {(0, 0)}
    assert seen <= {(x, y) for x, y, _ in cells}
    assert (corner is not None) == (way[0] % 2 != 0 and way[1] % 2 != 0)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(0, 3), st.floats(-1.5, 1.5), st.floats(0.2, 5.0))
def test_the_best_way_from_between_two_cells_is_the_best(pair: int, late: float, slow: float) -> None:
    (x1, y1), (x2, y2) = [((1, 0), (1, 1)), ((2, 1), (1, 1)), ((5, 1), (4, 1)), ((-1, 0), (-2, -1))][pair]
    found, s = from_between(10.0, slow, x1, y1, 10.0 + late, slow, x2, y2)
    shares = np.linspace(0.0, 1.0, 100001)
    times = 10.0 + shares * late + slow * np.hypot(x1 + shares * (x2 - x1), y1 + shares * (y2 - y1))
    if 0 < times.argmin() < len(shares) - 1:
        assert found == pytest.approx(times.min(), rel=1e-9)
        assert s == pytest.approx(shares[times.argmin()], abs=1e-4)
    else:
        assert found == np.inf or found >= times.min() - 1e-9


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_kernels_give_what_plain_python_gives(seed: int, patches: bool) -> None:
    random = np.random.default_rng(seed)
    shape = (int(random.integers(1, 26)), int(random.integers(1, 26)))
    if patches:
        kind = random.integers(0, 3, (shape[0] // 6 + 1, shape[1] // 6 + 1)).repeat(6, 0).repeat(6, 1)
        kind = kind[: shape[0], : shape[1]]
        head, e = np.array([0.05, 0.6, 0.2])[kind], eccentricity_of(np.array([1.1, 1.8, 5.0]))[kind]
        heading = np.full(shape, random.uniform(-4, 8))
    else:
        head, heading = random.uniform(0.01, 1.0, shape), random.uniform(-4, 8, shape)
        e = eccentricity_of(random.uniform(1.0, 8.0, shape))
    head[random.random(shape) < 0.1] = 0.0
    rates = rates_of(shape, head, e, heading)
    shut = random.random(shape) < 0.1
    lit = [(int(random.integers(shape[0])), int(random.integers(shape[1])), float(t)) for t in (0, 0, 300, 50)]
    until = float(random.uniform(100, 3000))
    front = Front(shape, 30.0)
    front.burn(rates, 0.0)
    front.close(shut, 0.0)
    for row, column, time in lit:
        front.ignite([row], [column], time)
    front.advance(until)
    expected = marching_reference.arrival(marching_reference.Ground(rates, 30.0, shut), lit, until)
    np.testing.assert_allclose(front.arrival, expected, rtol=1e-9)


@pytest.mark.parametrize("ratio", [1.0, 1.42, 3.0, 7.0])
def test_near_the_point_of_ignition_times_are_exact(ratio: float) -> None:
    shape, at, e = (41, 61), (20, 20), float(eccentricity_of(ratio))
    front = burnt_front(rates_of(shape, 0.5, e, 0.3), 30.0, at, 1e5)
    exact = exact_times(shape, 30.0, at, 0.5, e, 0.3)
    across = 0.5 * (1 - e) / math.sqrt(1 - e * e) * exact / 30.0
    near = across < 7.9
    np.testing.assert_allclose(front.arrival[near], exact[near], rtol=1e-4, atol=1e-6)


def test_times_converge_on_the_ellipse_with_the_size_of_the_fire() -> None:
    errors = []
    for n in (50, 200):
        shape, at = (2 * n + 1, 2 * n + 1), (n, n)
        e = float(eccentricity_of(2.0))
        front = burnt_front(rates_of(shape, 0.5, e, 1.0), 30.0, at, 1e9)
        exact = exact_times(shape, 30.0, at, 0.5, e, 1.0)
        far = exact > 0.5 * exact.max()
        errors.append(np.abs(front.arrival / np.where(far, exact, 1.0) - 1)[far].mean())
    assert errors[1] < 0.5 * errors[0] < 0.002


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_wind_gives_the_turned_fire(turns: int) -> None:
    random = np.random.default_rng(5)
    shape = (61, 61)
    head, e = random.choice([0.1, 0.3, 0.5], shape), eccentricity_of(random.choice([1.2, 2.0, 5.0], shape))
    heading = random.uniform(0, 6, shape)
    one = burnt_front(rates_of(shape, head, e, heading), 30.0, (30, 30), 3000.0)

    def turn(a: np.ndarray) -> np.ndarray:
        return np.rot90(a, -turns)  # row 0 is south: this turns counter-clockwise

    other = burnt_front(
        rates_of(shape, turn(head), turn(e), turn(heading) + turns * math.pi / 2), 30.0, (30, 30), 3000.0
    )
    np.testing.assert_allclose(other.arrival, turn(one.arrival), rtol=1e-5)


def test_a_break_of_one_cell_holds_straight_and_diagonal() -> None:
    shape = (80, 80)
    for ratio in (1.0, 1.7, 5.0, 8.0):
        rates = rates_of(shape, 0.5, eccentricity_of(ratio), math.radians(-40))
        straight = np.zeros(shape, bool)
        straight[:, 40] = True
        diagonal = np.eye(80, dtype=bool)
        for wall in (straight, diagonal):
            front = burnt_front(rates, 30.0, (60, 10), 1e7, wall)
            beyond = np.indices(shape)[1] > np.where(wall.any(1), wall.argmax(1), 0)[:, None]
            assert front.burnt.any()
            assert not (front.burnt & beyond).any()
            rates.head[wall] = 0.0
            assert np.array_equal(burnt_front(rates, 30.0, (60, 10), 1e7).burnt, front.burnt)
            rates.head[wall] = 0.5


def test_a_ring_of_cells_that_do_not_burn_stops_a_fire() -> None:
    shape = (60, 60)
    y, x = np.indices(shape) - 30
    ring = np.hypot(x, y).round() == 15  # closed over corners only
    front = burnt_front(rates_of(shape, 1.0, eccentricity_of(6.0), 0.7), 10.0, (30, 30), 1e9, ring)
    assert front.touched == np.inf
    assert front.burnt.sum() == (np.hypot(x, y).round() < 15).sum()


def test_fire_at_the_edge_of_the_grid_says_when() -> None:
    front = burnt_front(rates_of((21, 41), 0.5, 0.0, 0.0), 30.0, (10, 20), 599.0)
    assert front.touched == np.inf
    front.advance(1e5)
    assert front.touched == pytest.approx(10 * 30 / 0.5)
    assert front.burnt.all()


def test_direction_is_that_from_the_point_of_ignition() -> None:
    front = burnt_front(rates_of((101, 101), 0.5, 0.8, 1.0), 30.0, (50, 50), 1e6)
    y, x = np.indices((101, 101)) - 50
    off = np.angle(np.exp(1j * (front.direction - np.arctan2(y, x))))
    off[50, 50] = front.direction[50, 50] - 1.0
    assert np.abs(off).max() < 0.12
    assert np.abs(off).mean() < 0.02


@pytest.mark.parametrize(
    ("head", "e", "heading"), [(-1.0, 0, 0), (np.nan, 0, 0), (np.inf, 0, 0), (1, 1.0, 0), (1, -0.1, 0), (1, 0, np.nan)]
)
def test_rates_that_cannot_be_are_refused_with_their_place(head: float, e: float, heading: float) -> None:
    shape = (4, 5)
    rates = rates_of(shape, 0.5, 0.5, 0.0)
    rates.head[2, 3], rates.eccentricity[2, 3], rates.heading[2, 3] = head, e, heading
    with pytest.raises(InputError, match="row 2, column 3"):
        Front(shape, 30.0).burn(rates, 0.0)


def test_rates_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match=r"rates.head has the shape \(4, 5\)"):
        Front((5, 4), 30.0).burn(rates_of((4, 5), 0.5, 0.5, 0.0), 0.0)
    with pytest.raises(InputError, match="positive side"):
        Front((5, 4), 0.0)


def test_rates_are_not_kept() -> None:
    rates = rates_of((9, 9), 0.5, 0.5, 0.0)
    front = Front((9, 9), 30.0)
    front.burn(rates, 0.0)
    rates.head[:] = 0.0
    front.ignite([4], [4], 0.0)
    front.advance(1e5)
    assert front.burnt.all()
    assert isinstance(rates, Rates)
