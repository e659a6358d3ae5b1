"""SI inside, the units of the trade outside: millimetres of rain, percent, kilowatts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from twin.names import QUANTITIES


@dataclass(frozen=True, slots=True)
class Shown:
    """How people read a quantity: SI value times `factor`, in `unit`, with `decimals`."""

    factor: float
    unit: str
    decimals: int


_TRADE = {
    "rain_rate": Shown(3.6e6, "mm/h", 1),
    "rainfall": Shown(1e3, "mm", 1),
    "humidity": Shown(100.0, "%", 0),
    "power": Shown(1e-3, "kW", 1),
    "wind_direction": Shown(1.0, "°", 0),
    "air_temperature": Shown(1.0, "°C", 1),
    "wind_speed": Shown(1.0, "m/s", 1),
    "speed": Shown(1.0, "m/s", 2),
    "discharge": Shown(1.0, "m³/s", 1),
    "pm10": Shown(1.0, "㎍/m³", 0),
    "pm25": Shown(1.0, "㎍/m³", 0),
    "no2": Shown(1.0, "ppm", 3),
    "o3": Shown(1.0, "ppm", 3),
    "co": Shown(1.0, "ppm", 1),
    "so2": Shown(1.0, "ppm", 3),
}


def shown(quantity: str, unit: str) -> Shown:
    """Return how to show a series: by its quantity when its unit is that quantity's own, as it stands otherwise."""
    known = QUANTITIES.get(quantity)
    if known is not None and known.unit == unit and quantity in _TRADE:
        return _TRADE[quantity]
    return Shown(1.0, "" if unit == "1" else unit, 2)


def label(quantity: str, language: str) -> str:
    """Return what people call a quantity; the file's own word when it is not in the vocabulary."""
    known = QUANTITIES.get(quantity)
    if known is None:
        return quantity
    return known.ko if language == "ko" else known.en


def text(value: float, quantity: str, unit: str) -> str:
    """Return a value with its unit: "2.31 m"; "–" for NaN."""
    how = shown(quantity, unit)
    if math.isnan(value):
        return "–"
    return f"{value * how.factor:,.{how.decimals}f} {how.unit}".rstrip()
