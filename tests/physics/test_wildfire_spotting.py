from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError
from twin.physics.wildfire import spotting

SHAPE, CELL = (40, 100), 30.0


def thrown(cells: np.ndarray, seed: int = 7, **kwargs) -> spotting.Brands:
    given = {"intensity": np.full(cells.shape, 20_000.0), "heat": np.full(cells.shape, 10_000.0)}
    given |= {"wind_speed": 20.0, "wind_from": 270.0} | kwargs
    return spotting.throw(cells, SHAPE, CELL, seed=seed, **given)


def test_the_published_example() -> None:
    mu, spread = spotting.landing(20_000.0, 20.0)
    assert np.exp(mu) == pytest.approx(53, abs=0.6)
    assert spread == pytest.approx(1.04, abs=0.01)
    assert np.exp(spotting.landing(1e6, 30.0)[0]) <= np.exp(5.0)
    assert spotting.froude(20.0, spotting.plume_length(20_000.0)) > 1


def test_brands_fly_downwind_as_far_as_the_distribution_says() -> None:
    cells = np.arange(SHAPE[0] * SHAPE[1])
    brands = thrown(cells)
    assert len(brands.x) == pytest.approx(9 * len(cells), rel=0.01)
    ahead = brands.x - (brands.source % SHAPE[1] + 0.5) * CELL
    aside = brands.y - (brands.source // SHAPE[1] + 0.5) * CELL
    assert np.median(ahead) == pytest.approx(53.5, rel=0.02)
    assert aside.std() == pytest.approx(0.92 * spotting.plume_length(20_000.0), rel=0.02)
    assert abs(aside.mean()) < 0.1
    np.testing.assert_allclose(brands.delay, ahead / 20)
    north = thrown(cells[:200], wind_from=180.0)
    assert ((north.y - (north.source // SHAPE[1] + 0.5) * CELL) > 0).all()


def test_a_cell_throws_the_same_brands_whatever_else_burns() -> None:
    every, few = thrown(np.arange(500)), thrown(np.array([17, 3]))
    for cell in (3, 17):
        np.testing.assert_array_equal(every.x[every.source == cell], few.x[few.source == cell])
    assert not np.array_equal(thrown(np.array([3]), seed=8).x, few.x[few.source == 3])
    first = spotting.ignites(every, 0.3, 7)
    np.testing.assert_array_equal(first[every.source == 3], spotting.ignites(few, 0.3, 7)[few.source == 3])
    assert first.mean() == pytest.approx(0.3, abs=0.03)


def test_without_wind_or_fire_nothing_flies() -> None:
    cells = np.arange(50)
    assert len(thrown(cells, wind_speed=0.0).x) == 0
    assert len(thrown(cells, intensity=np.zeros(50)).x) == 0
    assert len(thrown(cells[:0]).x) == 0


def test_dry_and_warm_fuel_ignites_sooner() -> None:
    chance = spotting.ignition_probability(np.array([0.0, 0.03, 0.06, 0.10, 0.20, 0.6]))
    assert (np.diff(chance) < 0).all()
    assert chance[0] <= 1
    assert chance[-1] == 0
    # by hand: Q = 144.51 - 5.32 - 0.232 - 1.2 + 18.54 (1 - exp(-0.906)) + 38.4 = 187.2 J/g at 6 % and 20 degC
    assert spotting.preignition_heat(0.06, 20.0) == pytest.approx(187.2, abs=0.1)
    assert chance[2] == pytest.approx(0.000048 * 21.28**4.3 / 50, rel=2e-3)
    assert spotting.ignition_probability(0.06, 40.0) > chance[2]


def test_random_numbers_are_even_and_counts_are_poissons() -> None:
    share = spotting.uniform(1, np.arange(40_000), 0)
    assert 0 < share.min() < share.max() < 1
    assert share.mean() == pytest.approx(0.5, abs=0.005)
    assert abs(np.corrcoef(share[1:], share[:-1])[0, 1]) < 0.02
    for mean in (0.3, 5.0, 150.0):
        count = spotting.poisson(np.full(share.shape, mean), share)
        assert count.mean() == pytest.approx(mean, rel=0.02)
        assert count.var() == pytest.approx(mean, rel=0.04)
    assert spotting.poisson(np.zeros(3), np.array([0.1, 0.5, 0.999])).tolist() == [0, 0, 0]


@pytest.mark.parametrize("heat", [np.nan, -1.0, 1e12])
def test_heat_that_cannot_be_is_refused(heat: float) -> None:
    with pytest.raises(InputError, match=r"brands: .* expected of one cell"):
        thrown(np.arange(2), heat=np.array([1.0, heat]))
