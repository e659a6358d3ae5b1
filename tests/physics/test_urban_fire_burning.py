"""Heat release, dose, water: the curves close, and what stands in the reference comes out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.physics.urban_fire import burning, dose, suppression

POSITIVE = st.floats(0.001, 0.2), st.floats(100.0, 5e5), st.floats(1e4, 1e9)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(*POSITIVE)
def test_the_integral_of_the_heat_release_is_the_energy(growth: float, peak: float, energy: float) -> None:
    fires = burning.curve(growth, peak, energy)
    ages = np.unique(
        np.concatenate(
            [
                np.linspace(a, b, 4001)
                for a, b in (
                    (0.0, fires.grown[0]),
                    (fires.grown[0], fires.decays[0]),
                    (fires.decays[0], fires.ends[0]),
                )
            ]
        )
    )
    total = np.trapezoid(burning.heat_release(fires, ages), ages)
    assert total == pytest.approx(energy, rel=1e-4)
    assert burning.energy_released(fires, fires.ends)[0] == pytest.approx(energy, rel=1e-12)
    assert burning.energy_released(fires, fires.ends + 1e6)[0] == pytest.approx(energy, rel=1e-12)
    middle = fires.decays[0]
    assert burning.energy_released(fires, middle)[0] == pytest.approx(0.7 * energy, rel=1e-9)
    assert (np.diff(burning.energy_released(fires, ages)) >= -1e-9 * energy).all()


def test_a_small_load_lowers_the_peak() -> None:
    fires = burning.curve(0.0111, 50_000.0, 1e5)
    assert fires.peak[0] < 50_000
    assert fires.grown == fires.decays


def test_growth_is_that_of_1000_kw() -> None:
    found = burning.growth_coefficient(np.array([600.0, 300.0, 150.0, 75.0]))
    assert found == pytest.approx([0.00278, 0.0111, 0.0444, 0.178], rel=3e-3)


def test_air_limits_the_peak() -> None:
    assert burning.peak_heat_release(250.0, 100.0, 100.0, 1.2) == 25_000
    assert burning.peak_heat_release(250.0, 1000.0, 2.0, 1.0) == pytest.approx(2800)


def test_a_draught_burns_the_contents_in_twenty_minutes() -> None:
    fires = burning.curve(0.0444, 25_000.0, 0.8e3 * 780 * 100)
    full = burning.draught_rate(fires, 1.0, 10.0)[0]
    assert full * fires.peak[0] * 1200 == pytest.approx(fires.energy[0])
    assert burning.draught_rate(fires, 1.0, 0.0)[0] == 1
    assert burning.draught_rate(fires, 1.0, 3.0)[0] == pytest.approx((1 + full) / 2)


def test_times_to_ignition_are_those_of_the_reference() -> None:
    assert np.round(dose.ignition_time(np.array([15.0, 20.0, 30.0, 40.0]))).tolist() == [3558, 337, 65, 28]
    assert np.isinf(dose.ignition_time(13.1))


def test_dose_adds_up_and_is_forgotten() -> None:
    found = np.zeros(2)
    for _ in range(34):
        found = dose.add_dose(found, np.array([20.0, 13.0]), 10.0)
    assert found[0] >= dose.LIMIT
    assert found[1] == 0
    assert dose.add_dose(100.0, 0.0, dose.FORGETS) == pytest.approx(100 / np.e)


def test_water_slows_the_clock_and_stops_it() -> None:
    sink = suppression.heat_sink(1.0)
    assert sink == pytest.approx(1040)
    none = np.inf
    assert suppression.clock_rate(10_000.0, 2.0, 0.0, none) == 2
    assert suppression.clock_rate(10_000.0, 1.0, 5.0, none) == pytest.approx(0.48)
    assert suppression.clock_rate(10_000.0, 1.0, 50.0, none) == 0
    assert suppression.clock_rate(10_000.0, 1.0, 0.0, 1000.0) == pytest.approx(0.1)
    assert suppression.flow_needed(60.0) == pytest.approx(5.0)
    assert suppression.facade_cooling(1.0, 104.0) == pytest.approx(10.0)
    assert suppression.dry_share(np.array([0.0, 1.5, 9.0]), 3.0).tolist() == [1, 0.5, 0]
