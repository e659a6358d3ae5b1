from __future__ import annotations

import numpy as np
import pytest

from twin.errors import UsageError
from twin.impact import CURVES, DEFAULT, curve_set, verified_sets

BOTH = "structure and contents"


def test_jrc_asia_residential_by_hand() -> None:
    asia = curve_set(DEFAULT)["residential"]
    assert asia.share(0.75) == pytest.approx(0.41035)
    assert asia.share(np.array([-1, 0, 0.5, 6, 9])).tolist() == [0, 0, 0.3266, 1, 1]
    assert asia.verified
    assert "10.2760/16510" in asia.source


@pytest.mark.parametrize("name", CURVES)
def test_curves_rise_from_nothing_to_all(name: str) -> None:
    for curve in CURVES[name].values():
        assert curve.depths[0] == curve.share(0.0) == 0
        assert curve.shares[-1] == curve.share(curve.depths[-1] + 1) == 1
        assert all(a < b for a, b in zip(curve.shares, curve.shares[1:], strict=False))
        assert all(a < b for a, b in zip(curve.depths, curve.depths[1:], strict=False))
        assert len(curve.depths) == len(curve.shares)


@pytest.mark.parametrize(
    ("name", "depth", "share"),
    [
        ("jrc-europe-residential", 0.75, 0.325),
        ("jrc-north-america-residential", 0.1, 0.2018),
        ("jrc-north-america-residential", 0.3, 0.32255),
        ("jrc-oceania-residential", 0.25, 0.24),
    ],
)
def test_other_regions_of_the_jrc_by_hand(name: str, depth: float, share: float) -> None:
    curve = curve_set(name)["commercial"]
    assert curve.share(depth) == pytest.approx(share)
    assert curve.verified
    assert (curve.valid_m, curve.covers, curve.unit, curve.version) == ((0, 6), BOTH, "1", "2017")


def test_md_fda_holds_in_steps_and_is_not_verified() -> None:
    korea = curve_set("md-fda-structure")["residential"]
    steps = korea.share(np.array([-1, 0, 0.01, 0.5, 0.51, 1, 1.5, 2, 2.5, 3, 3.01, 9]))
    assert steps.tolist() == [0, 0, 0.15, 0.15, 0.32, 0.32, 0.64, 0.64, 0.95, 0.95, 1, 1]
    assert not korea.verified
    assert "md-fda-structure" not in verified_sets()
    assert "jrc-asia-by-use" not in verified_sets()
    assert len(verified_sets()) == 4


def test_a_curve_says_all_about_itself() -> None:
    said = curve_set(DEFAULT)["residential"].as_dict()
    assert said == {
        "name": "asia-residential", "source": "Huizinga, de Moel, Szewczyk 2017, EUR 28552 EN, doi:10.2760/16510",
        "version": "2017", "unit": "1", "covers": BOTH, "valid_from_m": 0, "valid_to_m": 6, "stepped": False, "verified": True,
    }  # fmt: skip


def test_unknown_curve_says_what_is_known() -> None:
    with pytest.raises(UsageError, match=r"'jrc-asia'.*known: .*Did you mean 'jrc-asia"):
        curve_set("jrc-asia")
