from __future__ import annotations

import numpy as np
import pytest

from twin.impact import Valuation
from twin.impact.fire import TOTAL_LOSS, doubts, loss
from twin.impact.value import COST


def test_a_house_that_burns_whole() -> None:
    """By hand: 24.078 * 20591^0.3852 = 1104.6 EUR/m2 of 2010; times 0.6, times 1.5 with contents, times 1,532."""
    (whole,) = loss(np.array([100.0]), ["residential"], np.array([1.0]), Valuation())
    assert whole == pytest.approx(100 * 24.078 * 20591**0.3852 * 0.6 * 1.5 * 1532)
    assert whole == pytest.approx(1.523e8, rel=1e-3)


def test_loss_follows_share_area_and_use() -> None:
    area, share = np.array([10.0, 20.0, np.nan, 10.0]), np.array([1.0, 0.5, 1.0, 0.0])
    found = loss(area, ["industrial", "industrial", None, "office"], share, Valuation())
    assert found[0] == found[1] > 0
    assert found[2] == found[3] == 0
    assert COST["industrial"][2] == 1.5
    assert loss(np.zeros(0), [], np.zeros(0), Valuation()).shape == (0,)


def test_what_nobody_has_checked_is_told() -> None:
    codes = [d["code"] for d in doubts(Valuation())]
    assert codes.count(TOTAL_LOSS) == 1
    assert "depreciation" in codes
    assert "one_curve" not in codes
