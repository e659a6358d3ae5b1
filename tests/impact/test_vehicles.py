from __future__ import annotations

import numpy as np
import pytest

from twin.impact import LARGE_VEHICLE, SMALL_CAR, impassable
from twin.impact.vehicles import emergency


@pytest.mark.parametrize(
    ("depth", "speed", "car", "large"),
    [(0.3, 1.0, False, False), (0.31, 0.0, True, False), (0.2, 1.6, True, False), (0.5, 1.0, True, False), (0.51, 0.0, True, True), (0.3, 2.1, True, True)],
)  # fmt: skip
def test_limits_by_hand(depth: float, speed: float, car: bool, large: bool) -> None:
    d, p = np.array([depth]), np.array([depth * speed])
    assert (bool(impassable(d, p, SMALL_CAR)[0]), bool(impassable(d, p, LARGE_VEHICLE)[0])) == (car, large)
    assert bool(impassable(d.astype(np.float32), p.astype(np.float32), SMALL_CAR)[0]) is car


def test_limits_are_those_of_the_guideline() -> None:
    assert (SMALL_CAR.depth, SMALL_CAR.product) == (0.3, 0.3)
    assert (LARGE_VEHICLE.depth, LARGE_VEHICLE.product) == (0.5, 0.6)


def test_a_fleet_that_states_nothing_passes_what_a_large_vehicle_passes() -> None:
    assert (emergency(None, None).depth, emergency(None, None).product) == (0.5, 0.6)
    assert "no fleet setting" in emergency(None, None).source
    assert (emergency(0.8, None).depth, emergency(0.8, None).product) == (0.8, 0.6)
    assert emergency(0.8, 1.0).source == "fleet setting"
