from __future__ import annotations

import pytest

from twin.errors import InputError
from twin.runs.document.storm import CUMULATIVE, storm


def depth(series) -> float:
    ends = zip(series.times, series.times[1:], series.values, strict=False)
    return sum((b - a) * v for a, b, v in ends)


@pytest.mark.parametrize("shape", CUMULATIVE)
def test_all_of_the_depth_falls_and_the_end_is_dry(shape: str) -> None:
    rain = storm(0.07, 3600.0, shape, start=600.0)
    assert depth(rain) == pytest.approx(0.07, rel=1e-12)
    assert rain.step
    assert rain.times[0] == 600.0
    assert rain.times[-1] == pytest.approx(4200.0)
    assert rain.at(0.0) == 0
    assert rain.at(5000.0) == 0


def test_centred_is_symmetric_and_peaks_near_twice_the_mean() -> None:
    rates = storm(0.06, 3600.0, "centred").values[:-1]
    assert rates == pytest.approx(rates[::-1])
    assert max(rates) == pytest.approx(1.9 * 0.06 / 3600)


def test_huff2_peaks_in_the_second_quarter() -> None:
    rates = storm(0.06, 3600.0, "huff2").values
    assert 5 <= rates.index(max(rates)) < 10


def test_unknown_shape_says_what_is_known() -> None:
    with pytest.raises(InputError, match=r"'huff' is not known.*huff2.*uniform"):
        storm(0.07, 3600.0, "huff")
