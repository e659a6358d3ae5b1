from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import UsageError
from twin.impact import AIDR, CURVES, DEFAULT, HALF_BASEMENT, Valuation, aidr_class, curve_set, damage, value_class

MONEY = Valuation()
depths = st.floats(-2, 12)


def one(depth: float, use: str = "residential", structure: str | None = None, curve: str = DEFAULT) -> float:
    return float(damage(np.array([depth]), np.array([100.0]), [use], [structure], curve_set(curve), MONEY)[0])


def test_jrc_asia_residential_by_hand() -> None:
    asia = curve_set(DEFAULT)["residential"]
    assert asia.share(0.75) == pytest.approx(0.41035)
    assert asia.share(np.array([-1, 0, 0.5, 6, 9])).tolist() == [0, 0, 0.3266, 1, 1]
    assert asia.verified
    assert "10.2760/16510" in asia.source


@pytest.mark.parametrize("name", CURVES)
def test_curves_rise_from_nothing_to_all(name: str) -> None:
    for curve in CURVES[name].values():
        assert curve.depths[0] == curve.shares[0] == 0
        assert curve.shares[-1] == 1
        assert all(a < b for a, b in zip(curve.shares, curve.shares[1:], strict=False))
        assert len(curve.depths) == len(curve.shares)


def test_unknown_curve_says_what_is_known() -> None:
    with pytest.raises(UsageError, match=r"'jrc-asia'.*known: .*Did you mean 'jrc-asia"):
        curve_set("jrc-asia")


def test_greatest_damage_by_hand() -> None:
    euros = 24.078 * 20_591**0.3852
    assert euros == pytest.approx(1105, abs=1)
    assert MONEY.greatest_per_m2("residential", None) == pytest.approx(euros * 0.6 * 0.6 * 1.5 * 1532)
    assert MONEY.greatest_per_m2("residential", "timber") == pytest.approx(euros * 0.6 * 1.5 * 1532)
    assert MONEY.greatest_per_m2("industrial", "steel") == pytest.approx(
        30.824 * 20_591**0.3249 * 0.6 * 0.6 * 2.5 * 1532
    )
    assert one(0.75) == pytest.approx(100 * 0.41035 * euros * 0.6 * 0.6 * 1.5 * 1532)


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


@pytest.mark.parametrize(
    ("depth", "speed", "number"),
    [(0.5, 1.0, 2), (0.2, 2.5, 5), (0.0, 3.0, 0), (0.1, 0.1, 1), (1.2, 0.5, 3), (1.5, 0.5, 4), (2.5, 1.0, 5), (4.5, 0.1, 6), (0.5, 4.5, 6), (2.0, 2.5, 6)],
)  # fmt: skip
def test_aidr_by_hand(depth: float, speed: float, number: int) -> None:
    assert aidr_class(np.array([depth]), np.array([speed]), np.array([depth * speed])).tolist() == [number]


@given(*[st.floats(0.001, 8)] * 3, *[st.floats(0, 3)] * 3)
def test_danger_never_falls_with_depth_speed_or_product(
    d: float, v: float, p: float, dd: float, dv: float, dp: float
) -> None:
    def rank(*x: float) -> int:
        return int(aidr_class(*(np.array([y]) for y in x))[0])

    before = rank(d, v, p)
    assert 1 <= before <= len(AIDR) + 1
    assert min(rank(d + dd, v, p), rank(d, v + dv, p), rank(d, v, p + dp)) >= before


def test_limits_of_half_basements_rise() -> None:
    assert [limit.depth for limit in HALF_BASEMENT] == sorted(limit.depth for limit in HALF_BASEMENT)
    assert {limit.name: limit.depth for limit in HALF_BASEMENT}["door_shut"] == 0.40
    assert all(limit.ko and limit.source for limit in HALF_BASEMENT)
