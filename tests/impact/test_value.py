from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.impact import CURVES, DEFAULT, Valuation, curve_set, damage, value_class

MONEY = Valuation()
depths = st.floats(-2, 12)


def one(depth: float, use: str = "residential", structure: str | None = None, curve: str = DEFAULT) -> float:
    return float(damage(np.array([depth]), np.array([100.0]), [use], [structure], curve_set(curve), MONEY)[0])


def test_greatest_damage_by_hand() -> None:
    euros = 24.078 * 20_591**0.3852
    assert euros == pytest.approx(1105, abs=1)
    assert MONEY.greatest_per_m2("residential", None) == pytest.approx(euros * 0.6 * 0.6 * 1.5 * 1532)
    assert MONEY.greatest_per_m2("residential", "timber") == pytest.approx(euros * 0.6 * 1.5 * 1532)
    assert MONEY.greatest_per_m2("industrial", "steel") == pytest.approx(
        30.824 * 20_591**0.3249 * 0.6 * 0.6 * 2.5 * 1532
    )
    assert one(0.75) == pytest.approx(100 * 0.41035 * euros * 0.6 * 0.6 * 1.5 * 1532)


def test_md_fda_is_of_the_whole_structure_without_contents() -> None:
    euros = 24.078 * 20_591**0.3852
    assert one(0.3, curve="md-fda-structure") == pytest.approx(100 * 0.15 * euros * 0.6 * 1532)
    doubts = {d["code"]: d["value"] for d in MONEY.unverified(curve_set("md-fda-structure"))}
    assert doubts["curve_not_seen"] == "md-fda-structure"
    assert "curve_shares" not in doubts


@given(depths, depths, st.sampled_from(sorted(CURVES)), st.sampled_from(["residential", "office", "industrial"]))
def test_damage_never_falls_with_depth(a: float, b: float, curve: str, use: str) -> None:
    low, high = sorted((a, b))
    assert one(low, use, curve=curve) <= one(high, use, curve=curve)


@given(st.lists(st.floats(-5, 0), max_size=5), st.sampled_from(sorted(CURVES)))
def test_no_water_is_exactly_no_damage(dry: list[float], curve: str) -> None:
    n = len(dry)
    assert damage(np.array(dry), np.full(n, 80.0), ["office"] * n, [None] * n, curve_set(curve), MONEY).sum() == 0


def test_unknown_depth_does_no_damage() -> None:
    assert one(float("nan")) == 0


def test_uses_have_a_class_of_value() -> None:
    assert [value_class(u) for u in ("apartment", "office", "hospital", "industrial", None, "castle")] == [
        "residential", "commercial", "commercial", "industrial", "residential", "residential",
    ]  # fmt: skip


def test_curves_by_use_are_off_by_default_and_say_that_they_are_not_checked() -> None:
    assert one(0.5, "office", curve="jrc-asia-by-use") / one(6, "office", curve="jrc-asia-by-use") == pytest.approx(
        0.38
    )
    assert one(0.5, "office") / one(6, "office") == pytest.approx(0.3266)
    said = " ".join(d["text"] for d in MONEY.unverified(curve_set("jrc-asia-by-use")))
    assert "asia-commercial" in said and "asia-industrial" in said
    assert "asia-commercial" not in " ".join(d["text"] for d in MONEY.unverified(curve_set(DEFAULT)))
    assert "every use" in " ".join(d["text"] for d in MONEY.unverified(curve_set(DEFAULT)))
