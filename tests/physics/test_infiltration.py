"""Infiltration against the worked examples of Chow, Maidment and Mays (1988) and the implicit solution."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError
from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.infiltration import Infiltration, green_ampt

CM_H = 1e-2 / 3600
SILT_LOAM = 0.65 * CM_H, 0.167 * 0.340
"""Conductivity in m s-1 and suction times deficit in m of examples 4.3.1 and 4.4.1: silt loam, 30 % saturated."""


def ponds(
    depth: float, rate: float, suction: float | None = None, **options: object
) -> tuple[ShallowWater, Infiltration]:
    shape = (6, 9)
    water = ShallowWater(np.zeros(shape), 20.0, depth=np.full(shape, depth), **options)
    drawn = None if suction is None else np.full(shape, suction)
    ground = Infiltration(water.water, np.full(shape, rate), drawn)
    water.put(ground)
    return water, ground


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_green_and_ampt_takes_what_the_textbook_says(order: int, precision: str) -> None:
    water, ground = ponds(0.5, *SILT_LOAM, order=order, precision=precision)
    water.advance(3600.0)
    assert ground.taken.mean() == pytest.approx(0.0317, abs=5e-5)  # example 4.3.1: 3.17 cm after 1 h
    gone = water.stored_at_start - water.stored()
    assert water.budget()["infiltrated"] == pytest.approx(gone, rel=1e-12)
    assert gone == pytest.approx(ground.taken.sum() * 400, rel=1e-12)


def test_rain_on_dry_ground_ponds_when_the_textbook_says() -> None:
    water, ground = ponds(0.0, *SILT_LOAM)
    water.rain = Series((0.0,), (5 * CM_H,))
    water.advance(0.17 * 3600 - 30)  # example 4.4.1: 5 cm/h pond after 0.17 h
    assert water.depth.max() < 1e-4
    water.advance(0.17 * 3600 + 120)
    assert water.depth.min() > 1e-4
    water.advance(3600.0)
    assert ground.taken.mean() == pytest.approx(0.0302, abs=1e-4)  # example 4.4.3: 3.02 cm after 1 h
    assert water.stored() + water.budget()["infiltrated"] == pytest.approx(water.budget()["rain"], rel=1e-8)


def test_a_step_is_the_root_of_the_implicit_equation() -> None:
    from scipy.optimize import brentq

    rng = np.random.default_rng(5)
    for _ in range(200):
        before, suction = 10 ** rng.uniform(-6, 0), 10 ** rng.uniform(-3, 0)
        rate, dt = 10 ** rng.uniform(-8, -4), 10 ** rng.uniform(-1, 1)

        def rest(x: float) -> float:
            return x - suction * np.log1p(x / (before + suction)) - rate * dt

        expected = brentq(rest, rate * dt, rate * dt + suction + 1, xtol=1e-18, rtol=1e-14)
        assert green_ampt(before, rate, suction, dt) == pytest.approx(expected, rel=2e-5)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_constant_loss_takes_its_rate_and_never_more_than_there_is(precision: str) -> None:
    water, ground = ponds(0.01, 1e-5, precision=precision)
    water.advance(500.0)
    assert ground.taken.mean() == pytest.approx(5e-3, rel=2e-3)
    water.advance(2000.0)
    np.testing.assert_allclose(ground.taken, 0.01, rtol=1e-6)
    assert water.stored() == 0
    assert water.budget()["infiltrated"] == pytest.approx(water.stored_at_start, rel=1e-12)


def test_walls_take_nothing_and_dry_tiles_cost_nothing() -> None:
    depth, solid = np.zeros((200, 400)), np.zeros((200, 400), bool)
    depth[10:20, 10:20], solid[14:16, 14:16] = 1.0, True
    depth[solid] = 0.0
    water = ShallowWater(np.zeros((200, 400)), 5.0, depth=depth, solid=solid, roughness=0.1)
    ground = Infiltration(water.water, np.full(depth.shape, 1e-4))
    water.put(ground)
    water.advance(20.0)
    assert (ground.taken[solid] == 0).all()
    assert 0 < np.count_nonzero(ground.taken) < 8000
    assert water.cell_updates < 0.4 * water.steps * depth.size
    assert water.stored() + ground.infiltrated == pytest.approx(water.stored_at_start, rel=1e-7)


@pytest.mark.parametrize(
    ("rate", "suction", "match"),
    [
        (-1e-6, None, "infiltration rate: 36 of 36 values must be between 0 and 0.1 m s-1"),
        (10.0, None, "infiltration rate"),
        (np.nan, None, "infiltration rate"),
        (1e-6, -0.1, "suction head times moisture deficit: 36 of 36"),
        (1e-6, np.inf, "suction head times moisture deficit"),
    ],
)
def test_ground_that_cannot_be_is_refused(rate: float, suction: float | None, match: str) -> None:
    water = ShallowWater(np.zeros((6, 6)), 1.0)
    with pytest.raises(InputError, match=match):
        Infiltration(water.water, np.full((6, 6), rate), None if suction is None else np.full((6, 6), suction))
