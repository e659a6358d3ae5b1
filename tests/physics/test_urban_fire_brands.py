"""Firebrands: the published numbers, the draws, and that they depend on nothing but seed, node and step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.physics.cases.town import BARE, box
from twin.errors import InputError
from twin.physics.urban_fire import brands, reference, throwing
from twin.physics.urban_fire.buildings import buildings
from twin.physics.urban_fire.engine import UrbanFire


def test_himoto_is_that_of_the_reference() -> None:
    number = brands.transport_number(30_000.0, 10.0, np.array([5.0, 10.0, 20.0]), 100.0, 0.005)
    assert number == pytest.approx([1.55360, 3.10720, 6.21440], rel=1e-5)
    mean, deviation, across = brands.landing_distance(number, 10.0)
    assert mean == pytest.approx([6.30459, 10.00792, 15.88658], rel=1e-5)
    assert deviation == pytest.approx([10.19207, 12.84120, 16.17890], rel=1e-5)
    assert across == pytest.approx(9.2)


def test_lognormal_has_the_mean_and_deviation_it_was_given() -> None:
    mu, sigma = brands.lognormal(10.0, 13.0)
    assert np.exp(mu + sigma**2 / 2) == pytest.approx(10)
    assert np.exp(mu + sigma**2 / 2) * np.sqrt(np.expm1(sigma**2)) == pytest.approx(13)


def test_brands_add_up_to_a_probability() -> None:
    found = brands.ignition_probability(0.1, np.array([0.0, 1.0, 2.0, 1e9]))
    assert found == pytest.approx([0, 0.1, 0.19, 1])


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(0, 2**62), st.integers(0, 10**7), st.integers(0, 10**6), st.integers(-2, 10**4))
def test_draws_are_those_of_the_reference(seed: int, node: int, step: int, draw: int) -> None:
    found = throwing.uniform(seed, node, step, draw)
    assert found == reference.uniform(seed, node, step, draw)
    assert 0 < found < 1


def test_draws_are_even_and_do_not_hang_together() -> None:
    one, two = throwing.uniforms(7, 20_000, 1, 0), throwing.uniforms(7, 20_000, 2, 0)
    assert np.histogram(one, 20, (0, 1))[0] == pytest.approx(1000, abs=150)
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.03
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 0.03


def test_brands_land_downwind_as_far_as_the_formula_says() -> None:
    town = buildings([box(0, 0, 10, 10), box(1000, 0, 10, 10)], [BARE] * 2)
    kind = brands.Brands(rate=0.05)
    fire = UrbanFire(town, seed=3, brands=kind)
    fire.ignite(0, 0.0)
    landed, number = [], []
    for k in range(180):
        fire.advance((k + 1) * 10.0, wind_speed=9.0, wind_from=270.0)
        landed.append(fire.brands_thrown)
        number += [brands.transport_number(fire.heat_release[0], 10.0, 9.0, 100.0, kind.thickness)] * len(landed[-1])
    x, y, weight = np.concatenate(landed).T
    assert (weight == 1).all()
    assert len(x) == pytest.approx(0.05 * fire.burnt[0] / 1e3, rel=0.1)
    mean, _, across = brands.landing_distance(np.array(number), 10.0)
    assert x.mean() == pytest.approx(float(mean.mean()), rel=0.1)
    assert (x > 0).all()
    assert y.std() == pytest.approx(float(across), rel=0.1)


def test_without_wind_brands_fall_where_they_rose() -> None:
    fire = UrbanFire(buildings([box(0, 0, 10, 10)], [BARE]), seed=3, brands=brands.Brands(rate=1.0))
    fire.ignite(0, 0.0)
    fire.advance(1200.0, wind_speed=0.5)
    assert fire.brands_thrown.shape == (0, 3)


def test_brands_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="rate -1"):
        brands.Brands(rate=-1.0)
