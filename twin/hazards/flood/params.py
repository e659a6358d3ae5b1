"""The parameters of a flood: table `[flood]` of a scenario. What is not known is an error, never ignored."""

from __future__ import annotations

import math
from collections.abc import Mapping

from twin.errors import InputError, suggest
from twin.model.scenario import Series

NO_ROUGHNESS = 0.035
"""s m-1/3, Manning's n where nobody knows better: between asphalt (0.015) and rough grass (0.05)."""

CHOICES: dict[str, tuple[object, ...]] = {
    "order": (1, 2),
    "precision": ("float32", "float64"),
    "buildings": ("block", "none"),
}
NUMBERS = {"wet_depth_m": (1e-4, 10.0), "manning": (1e-3, 1.0)}
"""Parameters that are numbers, with the least and the greatest value that makes sense."""

DEFAULTS: dict[str, object] = {
    "order": 2,
    "precision": "float32",
    "buildings": "block",
    "wet_depth_m": 0.05,
    "manning": NO_ROUGHNESS,
}


def checked(params: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters with the defaults of those not given. Raises InputError for what is not known or wrong.

    order        2 (default) or 1: accuracy or speed of the scheme
    precision    "float32" (default) or "float64"
    buildings    "block" (default): walls that water goes round; "none": the ground without them
    wet_depth_m  m, depth from which water has arrived and speeds count, default 0.05
    manning      s m-1/3, roughness where the city has none, default 0.035
    """
    for name, value in params.items():
        if name not in DEFAULTS:
            raise InputError(f"flood parameter '{name}' is not known; {suggest(name, DEFAULTS)}")
        if name in CHOICES and (value not in CHOICES[name] or isinstance(value, bool)):
            known = ", ".join(repr(choice) for choice in CHOICES[name])
            raise InputError(f"flood parameter '{name}' is {value!r}; known: {known}")
        if name in NUMBERS:
            number(value, f"flood parameter '{name}'", *NUMBERS[name])
    return DEFAULTS | dict(params)


def number(value: object, what: str, least: float, greatest: float = math.inf) -> float:
    """Return a value of a document as a number. Raises InputError when it is none, or outside least .. greatest."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= greatest:
        raise InputError(f"{what} is {value!r}; it must be a number from {least:g} to {greatest:g}")
    return float(value)


def rising(series: Series, what: str) -> Series:
    """Return the series. Raises InputError when its times do not rise or a value is negative or not finite."""
    for before, after in zip(series.times, series.times[1:], strict=False):
        if not after > before:
            raise InputError(f"{what}: time {after:g} s follows {before:g} s; times must rise")
    for time, value in zip(series.times, series.values, strict=True):
        if not (0 <= value < math.inf):
            raise InputError(f"{what}: {value:g} at {time:g} s; values must be finite and not below 0")
    return series
