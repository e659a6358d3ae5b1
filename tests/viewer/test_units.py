from __future__ import annotations

import pytest

from viewer import units


@pytest.mark.parametrize(
    ("value", "quantity", "unit", "text"),
    [
        (2.314, "water_level", "m", "2.31 m"),
        (70e-3 / 3600, "rain_rate", "m s-1", "70.0 mm/h"),
        (0.012, "rainfall", "m", "12.0 mm"),
        (0.54, "humidity", "1", "54 %"),
        (1500.0, "power", "W", "1.5 kW"),
        (1500.0, "power", "hp", "1,500.00 hp"),
        (3.0, "염도", "psu", "3.00 psu"),
        (float("nan"), "water_level", "m", "–"),
    ],
)
def test_values_read_as_the_trade_reads_them(value: float, quantity: str, unit: str, text: str) -> None:
    assert units.text(value, quantity, unit) == text


def test_labels() -> None:
    assert units.label("water_level", "ko") == "수위"
    assert units.label("water_level", "en") == "water level"
    assert units.label("염도", "en") == "염도"
