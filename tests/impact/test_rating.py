from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.impact import CLASSES, DEBRIS, debris_factor, defra_class, hazard_rating

BY_DEPTH = DEBRIS["by-depth"]


def test_rating_by_hand() -> None:
    assert hazard_rating(0.5, 1.0, BY_DEPTH) == 1.25
    assert hazard_rating(0.5, 1.0, DEBRIS["two-step"]) == 1.75
    assert hazard_rating(0.2, 2.0, DEBRIS["constant"]) == 1.5
    assert hazard_rating(0.0, 3.0, DEBRIS["constant"]) == 0


@pytest.mark.parametrize(
    ("form", "factors"),
    [
        ("by-depth", [0, 0, 0, 0.5, 0.5, 1, 1]),
        ("two-step", [0, 0.5, 0.5, 1, 1, 1, 1]),
        ("constant", [0, 1, 1, 1, 1, 1, 1]),
    ],
)
def test_debris_by_hand(form: str, factors: list[float]) -> None:
    assert debris_factor(np.array([0, 0.1, 0.25, 0.26, 0.75, 0.76, 3]), DEBRIS[form]).tolist() == factors


def test_forms_say_what_they_are() -> None:
    assert BY_DEPTH.text == "0 up to 0.25 m, 0.5 up to 0.75 m, 1 above"
    assert DEBRIS["constant"].text == "1 everywhere"
    assert all(form.source for form in DEBRIS.values())


def test_classes_by_hand() -> None:
    ratings = np.array([0, 0.1, 0.74, 0.75, 1.24, 1.25, 2.0, 2.1, 2.5, 2.51])
    assert defra_class(ratings, 2.5).tolist() == [0, 1, 1, 2, 2, 3, 3, 3, 3, 4]
    assert defra_class(ratings, 2.0).tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 4]
    assert len(CLASSES) == 4


@given(st.floats(0.001, 6), st.floats(0, 6), st.floats(0, 3), st.floats(0, 3), st.sampled_from(sorted(DEBRIS)))
def test_rating_never_falls_with_depth_or_speed(d: float, v: float, dd: float, dv: float, form: str) -> None:
    before = hazard_rating(d, v, DEBRIS[form])
    assert hazard_rating(d + dd, v, DEBRIS[form]) >= before
    assert hazard_rating(d, v + dv, DEBRIS[form]) >= before
    assert defra_class(hazard_rating(d + dd, v + dv, DEBRIS[form]), 2.5) >= defra_class(before, 2.5) >= 1
