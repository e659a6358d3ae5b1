"""A fire in bands of weather: the kernel that carries it through their changes, against plain Python and exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.physics.fire_rates import eccentricity_of, rates_of
from twin.physics.wildfire import bands, bands_reference, stencil
from twin.physics.wildfire.bands_reference import BandedFire
from twin.physics.wildfire.front import Front
from twin.physics.wildfire.marching_reference import Ground
from twin.physics.wildfire.progress import ANGLES, NEAR
from twin.physics.wildfire.rates import Rates

CELL = 30.0
RELATIVE, SECONDS = 1e-9, 1e-6
"""Difference of times that is rounding."""


class Both:
    """A front and its reference, told the same."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.front, self.plain = Front(shape, CELL), BandedFire(shape, CELL)

    def burn(self, rates: Rates, now: float) -> None:
        self.front.burn(rates, now)
        self.plain.burn(rates, now)

    def close(self, mask: np.ndarray, now: float) -> None:
        self.front.close(mask, now)
        self.plain.close(mask, now)

    def open(self, mask: np.ndarray, now: float) -> None:
        self.front.open(mask, now)
        self.plain.open(mask, now)

    def ignite(self, cell: tuple[int, int], when: float) -> None:
        self.front.ignite([cell[0]], [cell[1]], when)
        self.plain.ignite(cell, when)

    def advance(self, until: float) -> None:
        self.front.advance(until)
        self.plain.advance(until)

    def agree(self) -> None:
        """Hold times of what has burnt and of what fire is on its way to, and the directions it comes from, together."""
        inner, fire = self.front._inner, self.plain.fire
        np.testing.assert_array_equal(self.front.burnt, fire.burnt)
        np.testing.assert_allclose(inner(self.front._time), fire.time, rtol=RELATIVE, atol=SECONDS)
        np.testing.assert_allclose(inner(self.front._clock), fire.clock, rtol=RELATIVE, atol=SECONDS)
        # ways of other lengths through the same cells may take the same time
        ways = [
            np.where(np.isfinite(fire.time), w[..., 0] + 1j * w[..., 1], 1.0)
            for w in (inner(self.front._came), fire.came)
        ]
        np.testing.assert_allclose(*(w / np.where(w == 0.0, 1.0, np.abs(w)) for w in ways), atol=1e-3)


def random_rates(random: np.random.Generator, shape: tuple[int, int], fuel: np.ndarray, wind: float) -> Rates:
    """Return rates of fuels (ny, nx) of 0 (never burns), 1 (not in this weather, one time in four), 2, 3; cell by cell."""
    head = np.array([0.0, 0.1, 0.3, 0.6])[fuel] * random.uniform(0.5, 1.5, shape) * random.uniform(0.3, 2.0)
    if random.random() < 0.25:
        head[fuel == 1] = 0.0
    if random.random() < 0.05:
        head[:] = 0.0  # rain
    heading = wind + random.uniform(-0.3, 0.3, shape)
    return rates_of(shape, head, eccentricity_of(random.uniform(1.0, random.choice([1.5, 3.0, 6.0]), shape)), heading)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_bands_of_weather_give_what_plain_python_gives(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = (int(random.integers(7, 15)), int(random.integers(7, 15)))
    both = Both(shape)
    fuel = random.choice(4, shape, p=[0.08, 0.17, 0.35, 0.4])
    wind = random.uniform(-4, 8)
    both.burn(random_rates(random, shape, fuel, wind), 0.0)
    for when in (0.0, *random.uniform(0, 900, 3)):
        both.ignite((int(random.integers(shape[0])), int(random.integers(shape[1]))), float(when))
    now, shut = 0.0, np.zeros(shape, bool)
    for _ in range(int(random.integers(1, 4))):
        now += float(random.uniform(20, 500))
        # whether rates change first, or what is shut, is left to chance; now and then it is later
        for what in random.permutation(3):
            if what == 0:
                wind += random.normal(0, 1.0)
                both.burn(random_rates(random, shape, fuel, wind), now)
            elif what == 1 and random.random() < 0.5:
                more = random.random(shape) < 0.1
                shut |= more
                both.close(more, now)
            elif what == 2 and random.random() < 0.5:
                fewer = shut & (random.random(shape) < 0.5)
                both.open(fewer, now)
                shut &= ~fewer
            both.agree()
            now += float(random.choice([0.0, 40.0]))
        both.ignite(
            (int(random.integers(shape[0])), int(random.integers(shape[1]))), now + float(random.uniform(0, 200))
        )
    both.agree()
    both.advance(now + float(random.uniform(100, 2000)))
    both.agree()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_a_piece_of_a_way_takes_what_plain_python_says(seed: int, plane: bool) -> None:
    random = np.random.default_rng(seed)
    shape = (9, 9)
    fuel = random.choice(4, shape, p=[0.05, 0.05, 0.4, 0.5])
    fuel[4, 4] = 3
    grounds, packed = [], []
    for _ in range(2):
        rates = random_rates(random, shape, fuel, random.uniform(-4, 8))
        front = Front(shape, CELL)
        front.burn(rates, 0.0)
        grounds.append(Ground(rates, CELL))
        packed.append(front._fuel)
    angle = random.choice([math.pi / 4 * int(random.integers(8)), random.uniform(-4, 8)])
    x, y = math.cos(angle), math.sin(angle)
    time = float(random.uniform(-300, 300))
    normal = angle + random.uniform(-1, 1) if plane else None
    at = (4 + stencil.REACH) * front._width + 4 + stencil.REACH
    unit = (0.0, 0.0) if normal is None else (math.cos(normal), math.sin(normal))
    found = bands.travelled((*packed, front._state), front._width, at, x, y, time, unit)
    expected = bands_reference.travelled(grounds[0], grounds[1], (4, 4), (x, y), time, normal)
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_piece_of_a_way_is_exact_in_one_dimension() -> None:
    speeds = np.array([[0.1, 0.3, 0.6], [0.2, 0.15, 0.6]])  # m s-1; a cell is 30 m
    old, new = (Ground(rates_of((1, 3), v, 0.0, 0.0), CELL) for v in speeds)
    # half a cell at 0.1 is 150 s, a cell at 0.3 is 100 s, then 20 s at 0.6
    expected = 75.0 + 200.0 + 20.0
    assert bands_reference.travelled(old, new, (0, 0), (1.0, 0.0), 270.0) == pytest.approx(expected)
    # against the fire from the last cell: 25 s at 0.6, 100 s at 0.3, then 30 s at 0.1
    assert bands_reference.travelled(old, new, (0, 2), (1.0, 0.0), -155.0) == pytest.approx(25.0 + 200.0 + 15.0)


def test_the_first_ways_lead_to_the_cells_around() -> None:
    tables = stencil.stencils(100)
    assert {tuple(way) for way in tables.way[:NEAR, :2].tolist()} == {
        (x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)
    } - {(0, 0)}


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("diagonal", [False, True])
def test_fire_enters_what_is_opened_from_every_side(turns: int, diagonal: bool) -> None:
    shape, speed = (7, 7), 0.5
    shut = np.zeros(shape, bool)
    shut[:, 3] = True
    if diagonal:
        shut = np.add.outer(np.arange(7), np.arange(7)) == 6
    lit = np.zeros(shape, bool)
    lit[0, 0] = True
    both = Both(shape)
    both.burn(rates_of(shape, speed, 0.0, 0.0), 0.0)
    both.close(np.rot90(shut, turns), 0.0)
    row, column = np.argwhere(np.rot90(lit, turns))[0].tolist()
    both.ignite((row, column), 0.0)
    both.advance(10000.0)
    assert not both.front.burnt.all()
    both.open(np.rot90(shut, turns), 10000.0)
    both.advance(20000.0)
    both.agree()
    assert both.front.burnt.all()
    late = both.front.arrival[np.rot90(shut, turns)]
    assert late.min() == pytest.approx(10000.0 + 30.0, rel=1e-9)  # half a cell of 30 m at 0.5 m s-1


def test_fire_that_stands_at_a_cell_is_not_lost_with_the_one_before_it() -> None:
    shape, at, e = (2, 2), (1, 1), 0.9
    shut = np.zeros(shape, bool)
    shut[at] = True
    for speed in np.linspace(0.05, 1.0, 60):
        both = Both(shape)
        both.burn(rates_of(shape, speed, e, math.pi / 4), 0.0)  # its head runs over the corner
        both.close(shut, 0.0)
        both.ignite((0, 0), 0.0)
        both.open(shut, 12345.6)
        both.close(~shut, 12345.6)  # in the same moment
        both.advance(1e5)
        both.agree()
        assert both.front.arrival[at] == pytest.approx(12345.6 + CELL * math.sqrt(0.5) / speed, abs=1e-3)


def test_fire_needs_the_piece_of_an_opened_cell_whatever_the_wind_does() -> None:
    shape = (1, 12)
    dry, wet = np.full(shape, 0.5), np.full(shape, 0.5)
    wet[0, 6] = 0.0
    east, still = float(eccentricity_of(3.0)), 0.0
    for e in (still, east):
        both = Both(shape)
        both.burn(rates_of(shape, wet, 0.0, 0.0), 0.0)
        both.ignite((0, 0), 0.0)
        both.burn(rates_of(shape, dry, e, 0.0), 10000.0)
        both.advance(20000.0)
        both.agree()
        np.testing.assert_allclose(both.front.arrival[0, 6:], 10000.0 + 30.0 + 60.0 * np.arange(6), rtol=1e-6)


@pytest.mark.parametrize("by_rates", [False, True])
def test_fire_that_was_held_goes_on_as_if_the_wind_had_not_turned_meanwhile(by_rates: bool) -> None:
    shape, speed, e = (1, 24), 0.1, float(eccentricity_of(3.0))
    both = Both(shape)
    both.burn(rates_of(shape, speed, 0.0, 0.0), 0.0)
    both.ignite((0, 0), 0.0)
    shut = np.zeros(shape, bool)
    shut[0, 4:] = True
    if by_rates:
        both.burn(rates_of(shape, 0.0, 0.0, 0.0), 1000.0)
        both.burn(rates_of(shape, speed, 0.0, 0.0), 50000.0)
    else:
        both.close(shut, 1000.0)
        both.open(shut, 50000.0)
    both.burn(rates_of(shape, speed, e, 0.0), 50010.0)  # the head runs as fast as the fire without wind did
    both.advance(1e5)
    both.agree()
    np.testing.assert_allclose(both.front.arrival[0, 4:], 50000.0 + 150.0 + 300.0 * np.arange(20), rtol=1e-6)


def test_progress_of_a_fire_at_a_point_is_that_of_plane_fronts() -> None:
    ground = Ground(rates_of((1, 1), 0.4, float(eccentricity_of(2.0)), 1.0), CELL)
    rates = bands_reference.rate_along_normals(ground, (0, 0), ANGLES)
    # the greatest reach of the ellipse around the rear focus along each normal
    angles = np.linspace(0.0, math.tau, 20001)
    a, (wx, wy) = ground.slow[0, 0], ground.drift[:, 0, 0]
    radius = 1.0 / (a - wx * np.cos(angles) - wy * np.sin(angles))
    reach = (radius * np.cos(angles - ANGLES[:, None])).max(axis=1)
    np.testing.assert_allclose(rates, reach, rtol=1e-6)
