"""View factors and flames against closed forms, against each other and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.urban_fire import exposure
from twin.physics.urban_fire.neighbours import view_of_wall

LENGTH = st.floats(0.5, 20.0)


def by_cutting(a: tuple[float, float], b: tuple[float, float], low: float, high: float) -> float:
    """Return the view factor of an upright rectangle from an element at the origin that looks east, from small pieces."""
    share = (np.arange(400) + 0.5) / 400
    x, y = (a[k] + share * (b[k] - a[k]) for k in (0, 1))
    z = low + share * (high - low)
    area = np.hypot(b[0] - a[0], b[1] - a[1]) * (high - low) / 400**2
    across = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(b[0] - a[0], b[1] - a[1])
    r2 = (x**2 + y**2)[:, None] + z[None] ** 2
    cosines = np.maximum(0.0, x)[:, None] * np.abs(x * across[0] + y * across[1])[:, None] / r2
    return float((cosines / (np.pi * r2)).sum() * area)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(LENGTH, LENGTH, LENGTH)
def test_a_wall_that_faces_the_element_is_that_of_br_187(width: float, height: float, distance: float) -> None:
    found = view_of_wall(distance, -width / 2, distance, width / 2, -height / 2, height / 2, 1.0, 0.0)
    assert found == pytest.approx(float(exposure.view_parallel(width, height, distance)), rel=1e-9)
    corner = view_of_wall(distance, 0.0, distance, width, 0.0, height, 1.0, 0.0)
    assert corner == pytest.approx(float(exposure.view_parallel_corner(width, height, distance)), rel=1e-9)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(LENGTH, LENGTH, LENGTH)
def test_a_wall_at_right_angles_is_that_of_br_187(width: float, height: float, distance: float) -> None:
    found = view_of_wall(0.0, distance, width, distance, 0.0, height, 1.0, 0.0)
    assert found == pytest.approx(float(exposure.view_perpendicular_corner(height, width, distance)), rel=1e-9)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.floats(2.0, 15.0), st.floats(-15.0, 15.0), st.floats(-15.0, 15.0), st.floats(2.0, 15.0), st.floats(-3.0, 0.0))
def test_any_wall_is_what_its_pieces_are(ax: float, ay: float, bx: float, by: float, low: float) -> None:
    if np.hypot(ax - bx, ay - by) < 0.5 or abs(ax * by - ay * bx) < 5:
        return
    found = view_of_wall(ax, ay, bx, by, low, low + 5, 1.0, 0.0)
    assert found == pytest.approx(by_cutting((ax, ay), (bx, by), low, low + 5), rel=5e-3, abs=1e-6)


def test_what_is_behind_the_element_is_cut_off() -> None:
    whole = view_of_wall(-5.0, 4.0, 5.0, 4.0, 0.0, 3.0, 1.0, 0.0)
    assert whole == pytest.approx(view_of_wall(0.0, 4.0, 5.0, 4.0, 0.0, 3.0, 1.0, 0.0), rel=1e-9)
    assert view_of_wall(-5.0, 4.0, -1.0, 4.0, 0.0, 3.0, 1.0, 0.0) == 0


def test_view_factors_have_the_digits_of_the_reference() -> None:
    found = [f"{float(exposure.view_parallel(10.0, 6.0, d)):.3g}" for d in (1, 3, 6, 10, 14, 20)]
    assert found == ["0.94", "0.65", "0.332", "0.156", "0.0875", "0.0452"]


def test_a_burning_facade_never_radiates_more_than_its_share_of_the_fire() -> None:
    heat, facade = 2000.0, 140.0
    emits = float(exposure.facade_emission(heat, 0.5, 1.0, facade))
    assert emits * facade == pytest.approx(exposure.RADIATIVE * heat)
    assert exposure.roof_radiation(heat, emits, facade, 1.0) == pytest.approx(0.0, abs=1e-9)
    few = float(exposure.facade_emission(50_000.0, 1.0, 0.25, facade))
    assert few == pytest.approx(0.25 * exposure.FACADE_EMITS)
    roof = float(exposure.roof_radiation(50_000.0, few, facade, 1.0))
    assert roof + few * facade == pytest.approx(exposure.RADIATIVE * 50_000)


def test_emission_of_openings_is_that_of_the_reference() -> None:
    found = exposure.emitted(np.array([1073.0, 1173.0, 1200.0]), np.array([0.9, 0.9, 1.0]))
    assert found == pytest.approx([67.2672, 96.2329, 117.1552], rel=1e-5)
    assert pytest.approx(84.6, abs=0.1) == exposure.FACADE_EMITS


def test_flames_grow_with_heat_and_lean_with_wind() -> None:
    assert exposure.flame_height(0.0, 50.0) == 0
    assert exposure.flame_height(40_000.0, 50.0) > exposure.flame_height(20_000.0, 50.0) > 0
    assert exposure.flame_tilt(20_000.0, 50.0, 0.0) == 0
    assert 0.5 < exposure.flame_tilt(20_000.0, 50.0, 10.0) < 1
    assert exposure.window_flame_out(1.2) == pytest.approx(0.4)
    assert exposure.window_flame_above(0.1, 4.0, 1.2) == 0
    assert exposure.window_flame_above(8.0, 4.0, 1.2) == pytest.approx(1.9 * 2 ** (2 / 3) - 1.2)
    # 1.366 u^-0.43 Q A^-1/2, out by 0.605 (u^2 / h)^0.22 of it
    assert exposure.window_flame_draught(5.0, 4.0, 1.2, 6.0) == pytest.approx(0.605 * 30**0.22 * 1.366 * 6**-0.43 * 2.5)
    assert exposure.point_source(4 * np.pi * 100, 10.0) == pytest.approx(1.0)
