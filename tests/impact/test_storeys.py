from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.impact import basements_wet, storey_height, storeys_wet


def test_storey_heights_by_hand() -> None:
    each, assumed = storey_height(
        np.array([12.0, 9.0, np.nan, 6.0, 3.0, 5.0]), np.array([4.0, 3.0, 2.0, np.nan, 3.0, 0.0])
    )
    assert each.tolist() == [3, 3, 3, 3, 3, 3]
    assert assumed.tolist() == [False, False, True, True, True, True]
    assert storey_height(np.array([14.0]), np.array([4.0]))[0][0] == 3.5


def test_storeys_by_hand() -> None:
    depth = np.array([0.0, 0.1, 0.5, 0.5, 3.0, 3.1, 20.0, 4.0])
    floor = np.array([0.0, np.nan, 0.5, 0.4, 0.0, 0.0, 0.3, 0.0])
    storeys = np.array([2, 2, 2, 2, 2, 2, 3, np.nan])
    assert storeys_wet(depth, floor, np.full(8, 3.0), storeys).tolist() == [0, 1, 0, 1, 1, 2, 3, 1]


def test_basements_are_counted_once_water_stands_at_the_building() -> None:
    wet = basements_wet(
        np.array([True, True, True, False, True]),
        np.array([2, np.nan, 0, 3, np.nan]),
        np.array([False, True, True, True, False]),
    )
    assert wet.tolist() == [2, 1, 1, 0, 0]


@given(st.floats(0, 30), st.floats(0, 30), st.floats(0, 2), st.floats(2, 6), st.integers(1, 40))
def test_storeys_never_fall_with_depth(a: float, b: float, floor: float, each: float, storeys: int) -> None:
    low, high = sorted((a, b))
    wet = storeys_wet(np.array([low, high]), np.full(2, floor), np.full(2, each), np.full(2, float(storeys)))
    assert 0 <= wet[0] <= wet[1] <= storeys
