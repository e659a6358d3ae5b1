"""The kernels against the NumPy reference, and against what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.zone_fire import burning, devices, linings, openings, people, plume, radiation, reference
from twin.physics.zone_fire.constants import (
    AREA,
    BOTTOM,
    GROUND,
    HEIGHT_A,
    HEIGHT_B,
    SIGMA,
    SQUARE,
    SURFACES,
    TOP,
    WIDTH,
)
from twin.physics.zone_fire.engine import ZoneFire
from twin.physics.zone_fire.network import imbalance
from twin.physics.zone_fire.openings import FLOOR, HEIGHT, INTERFACE, PRESSURE, RHO_LOWER, ROOM, SIDE, T_LOWER, T_UPPER
from twin.physics.zone_fire.rooms import OUTSIDE, WOOD, Fire, Room, Vent

OUT = 1.2
fixed = settings(max_examples=60, deadline=None, derandomize=True)
temperature = st.floats(270.0, 1200.0)
share = st.floats(0.05, 0.95)


def side(pressure: float, lower: float, upper: float, at: float, floor: float = 0.0) -> np.ndarray:
    """Return a room 3 m high as an opening sees it; `at` is the interface as a share of the height."""
    seen = np.zeros(SIDE)
    seen[[FLOOR, HEIGHT, PRESSURE, INTERFACE, ROOM]] = floor, 3.0, pressure, 3.0 * at, 1.0
    seen[T_LOWER], seen[T_UPPER] = lower, upper
    seen[[RHO_LOWER, RHO_LOWER + 1]] = 352.0 / lower, 352.0 / upper
    return seen


def air() -> np.ndarray:
    """Return the outside as an opening sees it."""
    seen = np.zeros(SIDE)
    seen[[HEIGHT, RHO_LOWER, RHO_LOWER + 1, T_LOWER, T_UPPER]] = 1.0, OUT, OUT, 352 / OUT, 352 / OUT
    return seen


def wall(bottom: float = 0.2, top: float = 2.1) -> np.ndarray:
    numbers = np.zeros(9)
    numbers[[WIDTH, BOTTOM, TOP]] = 0.9, bottom, top
    return numbers


rooms = st.builds(side, st.floats(-30.0, 30.0), temperature, temperature, share)


@fixed
@given(rooms, st.one_of(rooms, st.just(air())), st.floats(0.0, 1.0))
def test_wall_vents_are_those_of_the_reference(a: np.ndarray, b: np.ndarray, part: float) -> None:
    out = np.zeros(8)
    openings.wall_vent(a, b, wall(), part, OUT, out)
    flows, ends = reference.wall_flows(a, b, wall(), part, OUT)
    moved = reference.drawn_along(a, b, flows, ends, 0.9 * part)
    assert out[:4] == pytest.approx(flows.ravel(), rel=1e-9, abs=1e-12)
    assert [out[4], out[6], out[5], out[7]] == pytest.approx(moved.ravel(), rel=1e-9, abs=1e-12)


@fixed
@given(rooms, st.one_of(rooms, st.just(air())), st.booleans(), st.floats(0.01, 1.0))
def test_ceiling_vents_are_those_of_the_reference(a: np.ndarray, b: np.ndarray, square: bool, part: float) -> None:
    numbers, out = np.zeros(9), np.zeros(8)
    numbers[[AREA, HEIGHT_A, HEIGHT_B, SQUARE]] = 1.5, 3.0, 3.0, float(square)
    b = b.copy()
    b[FLOOR] = 3.0
    openings.ceiling_vent(a, b, numbers, part, OUT, out)
    assert out[:4] == pytest.approx(reference.ceiling_flows(a, b, numbers, part, OUT).ravel(), rel=1e-9, abs=1e-12)


def test_a_slab_is_the_integral_of_bernoulli_over_its_height() -> None:
    z = (np.arange(100_000) + 0.5) / 100_000 * 1.5
    exact = (0.7 * np.sqrt(2 * 1.1 * (0.4 + 1.2 * z)) * 0.8).mean() * 1.5
    assert openings.slab_flow(0.8, 0.0, 1.5, 0.4, 0.4 + 1.8, 1.1) == pytest.approx(exact, rel=1e-4)


def test_the_right_hand_side_of_a_building_is_that_of_the_reference() -> None:
    parts = [
        Room("a", 20.0, 2.5),
        Room("b", 12.0, 2.5),
        Room("stair", 9.0, 6.0, mixed=True),
        Room("top", 20.0, 2.5, 2.8),
    ]
    vents = [
        Vent("ab", ("a", "b"), "wall", 0.9, 0.0, 2.0),
        Vent("b-", ("b", OUTSIDE), "wall", 1.0, 1.0, 2.0),
        Vent("b-stair", ("b", "stair"), "wall", 0.9, 0.0, 2.0),
        Vent("up", ("stair", "top"), "wall", 0.9, 2.8, 4.8),
        Vent("hatch", ("a", "top"), "ceiling", area=0.5),
        Vent("roof", ("top", OUTSIDE), "ceiling", area=0.1),
    ]
    zones = ZoneFire(parts, vents, [Fire("f", "a", ((0.0, 0.0), (60.0, 400.0)), 0.5, fuel=WOOD)])
    zones.advance(90.0)
    building, state, work = zones.building, zones.state, zones._work
    assert zones.upper_temperature[3] > 40
    imbalance(building, state, work, 0.5, np.zeros(8))
    state.drawn[:] = work.drawn  # the model takes those of the step before
    imbalance(building, state, work, 0.5, np.zeros(8))
    flows, moved = [], []
    for pair, numbers, kind, part in zip(
        building.vent_rooms, building.vent_numbers, building.vent_kind, work.shares, strict=True
    ):
        left, right = work.seen[pair[0]], work.seen[pair[1]]
        if kind == 0:
            flow, ends = reference.wall_flows(left, right, numbers, part, building.outside[2])
            moved.append(reference.drawn_along(left, right, flow, ends, numbers[WIDTH] * part))
        else:
            flow = reference.ceiling_flows(left, right, numbers, part, building.outside[2])
            moved.append(np.zeros((2, 2)))
        flows.append(flow)
    assert work.gained == pytest.approx(reference.gained(building, work.seen, flows, moved), rel=1e-9, abs=1e-6)
    assert np.abs(work.gained).max() > 1e4


def factors(interface: float) -> np.ndarray:
    out = np.zeros((SURFACES, SURFACES))
    radiation.view_factors(5.0, 3.0, 2.5, interface, out)
    return out


@pytest.mark.parametrize("interface", [2.5e-4, 0.7, 1.9, 2.5 - 2.5e-4])
def test_view_factors_sum_to_one_and_are_reciprocal(interface: float) -> None:
    seen = factors(interface)
    areas = np.array([15.0, 16 * (2.5 - interface), 16 * interface, 15.0])
    assert seen.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-9)
    assert areas[:, None] * seen == pytest.approx((areas[:, None] * seen).T, abs=1e-9)


def test_facing_squares_are_as_tabled() -> None:
    # Howell's catalogue C-11: squares as far apart as they are wide see a fifth of each other
    assert radiation.facing(1.0, 1.0, 1.0) == pytest.approx(0.19982, abs=1e-5)
    assert radiation.sky(1.0, 1.0, 0.5) == pytest.approx(1 / 6)


gas_share = st.floats(0.0, 0.9)


@fixed
@given(st.lists(temperature, min_size=4, max_size=4), st.lists(st.floats(0.1, 0.99), min_size=4, max_size=4), share)
def test_radiosity_gives_the_net_fluxes_of_the_reference(kelvin: list[float], eps: list[float], at: float) -> None:
    seen = factors(2.5 * at)
    areas = np.array([15.0, 16 * 2.5 * (1 - at), 16 * 2.5 * at, 15.0])
    warm, grey = np.array(kelvin), np.array(eps)
    out, glow = np.zeros(SURFACES + 2), np.zeros(SURFACES + 2)
    glow[:SURFACES] = 100.0, 200.0, 300.0, 400.0
    gas = np.array([300.0, 500.0, 0.0, 0.0, 0.0, 0.0])
    lost = radiation.exchange(seen, areas, warm, grey, np.zeros(4), gas, glow, 293.0, out)
    net = grey * (out[:SURFACES] - SIGMA * warm**4)
    exact = reference.net_fluxes(seen, np.ones((4, 4)), warm, grey, glow[:SURFACES] / areas)
    assert net == pytest.approx(exact, rel=1e-8, abs=1e-6)
    assert lost == 0
    assert (net * areas).sum() == pytest.approx(1000.0, abs=1e-5)


@fixed
@given(gas_share, gas_share, st.floats(300.0, 1300.0), st.floats(300.0, 1300.0), share, st.floats(0.0, 0.5))
def test_radiation_loses_nothing(low: float, high: float, cool: float, hot: float, at: float, hole: float) -> None:
    seen = factors(2.5 * at)
    areas = np.array([15.0, 16 * 2.5 * (1 - at), 16 * 2.5 * at, 15.0])
    warm, grey, opened = (
        np.array([600.0, 450.0, 350.0, 320.0]),
        np.array([0.9, 0.0, 0.8, 0.5]),
        np.array([0, hole, hole, 0]),
    )
    gas = np.array([cool, hot, low, high, low / 2, high / 2])
    out, glow = np.zeros(SURFACES + 2), np.zeros(SURFACES + 2)
    radiation.fire_glow(5000.0, 5.0, 3.0, 2.5, 2.5 * at, 0.8, gas, glow)
    assert glow.sum() == pytest.approx(5000.0)
    lost = radiation.exchange(seen, areas, warm, grey, opened, gas, glow, 293.0, out)
    net = (1 - opened) * grey * (out[:SURFACES] - SIGMA * warm**4) * areas
    assert net.sum() + out[SURFACES:].sum() + lost == pytest.approx(5000.0, abs=1e-6)


def test_a_clear_gas_does_not_radiate_and_smoke_is_black() -> None:
    assert radiation.emissivity(0.0, 0.0, 0.0, 800.0, 3.0) == 0.0
    assert radiation.emissivity(0.0, 0.0, 0.1, 1200.0, 3.0) > 0.99
    # water and CO2 of 0.1 atm each over 3 m at 1000 K: Hottel's charts give about 0.4
    assert radiation.emissivity(0.1, 0.1, 0.0, 1000.0, 3.0) == pytest.approx(0.4, abs=0.06)


@fixed
@given(st.floats(-5e3, 4e4), st.floats(0.01, 5.0), st.floats(300.0, 900.0))
def test_conduction_is_that_of_the_dense_system(flux: float, dt: float, inside: float) -> None:
    sizes, stuff = linings.thicknesses(0.02), np.array([0.3, 9e5, 0.9, 1.0])
    cells = np.linspace(inside, 300.0, 30)
    exact = reference.conducted(cells.copy(), sizes, stuff, 293.0, dt, flux)
    entering, surface = linings.conduct(cells, sizes, stuff, 293.0, dt, inside, (flux, 0.0), (0.0, 293.0, 0.0))
    assert entering == flux
    assert cells == pytest.approx(exact, rel=1e-10)
    assert surface == pytest.approx(cells[0] + flux * sizes[0] / 2 / 0.3)


def test_a_thick_wall_warms_as_the_half_space() -> None:
    # surface of a half space under a steady flux: T0 + 2 q sqrt(t/(pi k rho c))
    sizes, stuff = linings.thicknesses(0.3), np.array([1.0, 2e6, 0.9, 1.0])
    cells = np.full(30, 293.0)
    for _ in range(600):
        _, surface = linings.conduct(cells, sizes, stuff, 293.0, 1.0, 293.0, (5000.0, 0.0), (0.0, 293.0, 0.0))
    assert surface - 293 == pytest.approx(2 * 5000 * np.sqrt(600 / (np.pi * 2e6)), rel=0.01)


def test_a_ceiling_jet_heats_up_to_the_gas_and_not_beyond() -> None:
    sizes, stuff = linings.thicknesses(0.02), np.array([0.3, 9e5, 0.9, 1.0])
    cells, surface = np.full(30, 300.0), 300.0
    for _ in range(3000):
        entering, surface = linings.conduct(cells, sizes, stuff, 300.0, 1.0, surface, (0.0, 0.0), (5.0, 400.0, 2000.0))
    assert surface == pytest.approx(400.0)
    assert 0 < entering < 2000


def test_plume_by_hand() -> None:
    # 1 MW, 1 m2, 0.35 radiated, 4 m up in air of 293 K and 1.2 kg/m3, with Heskestad's numbers in kW
    heat, d = 1000.0, np.sqrt(4 / np.pi)
    number = heat / (1.2 * 1.012 * 293 * np.sqrt(9.80665 * d) * d**2)
    start, qc = d * (-1.02 + 1.4 * number**0.4), 650.0
    above = 4 - start
    near = 2.9 * qc ** (2 / 3) / (np.sqrt(9.80665) * 1.012 * 1.2 * 293) ** (2 / 3)
    exact = 0.196 * (9.80665 * 1.44 / (1.012 * 293)) ** (1 / 3) * qc ** (1 / 3) * (above ** (5 / 3) + near)
    assert plume.entrained(1e6, 6.5e5, 1.0, 4.0, 1.2, 293.0, 1.0) == pytest.approx(exact, rel=1e-9)
    assert plume.entrained(1e6, 6.5e5, 1.0, 0.0, 1.2, 293.0, 1.0) == 0.0


@pytest.mark.parametrize(("part", "ratio"), [(0.5, 0.63), (0.25, 0.40)])
def test_walls_and_corners_shut_the_plume_in(part: float, ratio: float) -> None:
    free, near = (plume.entrained(1e5, 7e4, 0.01, 6.0, 1.2, 293.0, s) for s in (1.0, part))
    assert near / free == pytest.approx(ratio, abs=0.04)


def test_ceiling_jet_falls_off_and_is_capped() -> None:
    near, far = (plume.jet(5e5, 3e5, 0.5, 3.0, r, 1.2, 293.0) for r in (0.3, 6.0))
    assert near[0] > 2 * far[0] > 0
    assert near[1] > 2 * far[1] > 0
    assert plume.centre_rise(1e7, 0.1, 1.2, 293.0) == 900.0


def test_fuel_goes_out_at_fifteen_percent() -> None:
    assert burning.burns(0.23) == pytest.approx(1.0, abs=1e-6)
    assert burning.burns(0.155) == pytest.approx(0.5, abs=1e-6)
    assert burning.burns(0.14) < 1e-4


def test_links_follow_the_gas_exactly() -> None:
    once = devices.link_after(293.0, 393.0, 4.0, 100.0, 10.0)
    half = devices.link_after(devices.link_after(293.0, 393.0, 4.0, 100.0, 5.0), 393.0, 4.0, 100.0, 5.0)
    assert once == pytest.approx(393 - 100 * np.exp(-2 / 100 * 10))
    assert half == pytest.approx(once, rel=1e-12)


def test_doses_by_hand() -> None:
    assert people.gas_dose(35_000.0, 0.0, 0.0) == pytest.approx(1.0)
    assert people.gas_dose(35_000.0, 5.0, 0.0) == pytest.approx(np.e)
    assert people.gas_dose(0.0, 0.0, 1.2e6 ** (1 / 2.36)) == pytest.approx(1.0)
    assert people.heat_dose(2.4, 0.0) == 0.0
    assert people.heat_dose(10.0, 0.0) == pytest.approx(10**1.9 / 4.2)
    assert people.heat_dose(0.0, 100.0) == pytest.approx(100**3.61 / 4.1e8)
    assert people.optical_density(1e-3) == pytest.approx(8.7 / np.log(10))


def test_convection_knows_level_from_upright() -> None:
    assert linings.convection(GROUND, 8.0) == pytest.approx(3.04)
    assert linings.convection(1, -8.0) == pytest.approx(2.62)
    assert linings.flux_over_fire(5e4, 7.84, 2.13) == pytest.approx(0.27 * 5e4 / (7.84**0.68 * 2.13**0.64))
