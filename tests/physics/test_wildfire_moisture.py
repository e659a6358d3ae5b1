from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError
from twin.physics.wildfire.moisture import Moisture, dead_of_air, equilibrium, of


def test_equilibrium_moisture_has_the_three_branches_of_simard() -> None:
    assert equilibrium(80.0, 5.0) == pytest.approx(0.03229 + 0.281073 * 5 - 0.000578 * 5 * 80)
    assert equilibrium(80.0, 30.0) == pytest.approx(2.22749 + 0.160107 * 30 - 0.014784 * 80)
    assert equilibrium(80.0, 70.0) == pytest.approx(21.0606 + 0.005565 * 4900 - 0.00035 * 70 * 80 - 0.483199 * 70)
    np.testing.assert_allclose(equilibrium(70.0, np.array([9.999, 10.001])), [2.44, 2.80], atol=0.02)


def test_dry_air_dries_fuel_and_thick_fuel_less() -> None:
    one, ten, hundred = dead_of_air(18.0, 0.25)
    emc = float(equilibrium(64.4, 25.0)) / 100
    assert (one, ten, hundred) == pytest.approx((1.03 * emc, 1.28 * emc, 1.28 * emc + 0.01))
    damp = dead_of_air(np.array([[18.0, 18.0]]), np.array([[0.25, 0.9]]))
    assert damp[0][0, 1] > 3 * damp[0][0, 0]


def test_what_is_stated_goes_before_the_air_and_the_rest_is_told() -> None:
    made, why = of({"1h": 0.05, "herb": 0.4}, 18.0, 0.25)
    assert (made.one, made.herb, made.woody) == (0.05, 0.4, 0.9)
    assert made.ten == pytest.approx(dead_of_air(18.0, 0.25)[1])
    assert set(why) == {"10h", "100h", "woody"}
    assert "Simard" in why["10h"]


def test_without_any_word_the_defaults_of_scott_and_burgan_hold() -> None:
    made, why = of({})
    assert (made.one, made.ten, made.hundred, made.herb, made.woody) == pytest.approx((0.06, 0.07, 0.08, 0.6, 0.9))
    assert set(why) == {"1h", "10h", "100h", "herb", "woody"}
    stepped, why = of({"1h": 0.10})
    assert (stepped.ten, stepped.hundred) == pytest.approx((0.11, 0.12))
    assert "1h" not in why


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: of({"1hr": 0.05}), "fuel class '1hr' is not known.*Did you mean '1h'"),
        (lambda: of({}, 18.0), "state both, or neither"),
        (lambda: of({}, 18.0, 25.0), "humidity of the air is 25; it must be from 0 to 1"),
        (lambda: of({}, 291.0, 0.25), "temperature of the air is 291 degC"),
        (lambda: of({"1h": 6.0}), "moisture of 1h fuel is 600 %; it must be from 0 to 100%"),
        (lambda: of({"woody": 4.0}), "moisture of woody fuel is 400 %"),
        (lambda: Moisture(-0.1, 0.1, 0.1, 0.6, 0.9), "1h fuel is -10 %"),
        (lambda: Moisture(0.1, np.array([[0.1, np.nan]]), 0.1, 0.6, 0.9), "10h fuel is nan % at row 0, column 1"),
    ],
)
def test_moisture_that_cannot_be_is_refused(make, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()
