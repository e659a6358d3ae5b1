"""The parameters of a flood: table `[flood]` of a scenario. What is not known is an error, never ignored."""

from __future__ import annotations

import math
from collections.abc import Mapping

from twin.errors import InputError, suggest
from twin.hazards._values import number
from twin.model.scenario import Series

NO_ROUGHNESS = 0.035
"""s m-1/3, Manning's n where nobody knows better: between asphalt (0.015) and rough grass (0.05)."""

CHOICES: dict[str, tuple[object, ...]] = {
    "order": (1, 2),
    "precision": ("float32", "float64"),
    "buildings": ("block", "porosity", "none"),
    "infiltration": ("none", "constant", "green_ampt"),
    "drains": ("none", "swmm"),
    "underpasses": ("storage", "cut", "none"),
    "basements": ("storage", "none"),
    "pumps": ("auto", "off"),
    "gates": ("auto", "off"),
}
NUMBERS = {"wet_depth_m": (1e-4, 10.0), "manning": (1e-3, 1.0), "saturation": (0.0, 1.0), "loss_mm_per_h": (0.0, 1e3)}
"""Parameters that are numbers, with the least and the greatest value that makes sense."""

OF_THE_SOIL = ("soil", "saturation", "loss_mm_per_h")
"""Parameters that say what the fields of infiltration are where the city does not; they are laid on the grid before."""

DEFAULTS: dict[str, object] = {
    "order": 2,
    "precision": "float32",
    "buildings": "block",
    "wet_depth_m": 0.05,
    "manning": NO_ROUGHNESS,
    "infiltration": "none",
    "drains": "none",
    "underpasses": "storage",
    "basements": "storage",
    "pumps": "auto",
    "gates": "auto",
}


def checked(params: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters with the defaults of those not given. Raises InputError for what is not known or wrong.

    order        2 (default) or 1: accuracy or speed of the scheme
    precision    "float32" (default) or "float64"
    buildings    "block" (default): walls that water goes round; "porosity": cells built up in part hold and pass less
                 water; "none": the ground without them
    wet_depth_m  m, depth from which water has arrived and speeds count, default 0.05
    manning      s m-1/3, roughness where the city has none, default 0.035
    infiltration "none" (default), "constant": the ground takes its infiltration_rate; "green_ampt": after Green, Ampt
    drains       "none" (default), "swmm": the city's drains as a network of SWMM
    underpasses  "storage" (default): they fill through their entrances; "cut": lowered ground; "none"
    basements    "storage" (default): they fill through doors and stairs; "none"
    soil, saturation, loss_mm_per_h   see `OF_THE_SOIL`
    pumps, gates "auto" (default): the city's work by their rules; "off": only what measures do
    """
    for name, value in params.items():
        if name not in DEFAULTS and name not in OF_THE_SOIL:
            raise InputError(f"flood parameter '{name}' is not known; {suggest(name, (*DEFAULTS, *OF_THE_SOIL))}")
        if name in CHOICES and (value not in CHOICES[name] or isinstance(value, bool)):
            known = ", ".join(repr(choice) for choice in CHOICES[name])
            raise InputError(f"flood parameter '{name}' is {value!r}; known: {known}")
        if name in NUMBERS:
            number(value, f"flood parameter '{name}'", *NUMBERS[name])
    return DEFAULTS | dict(params)


def rising(series: Series, what: str) -> Series:
    """Return the series. Raises InputError when its times do not rise or a value is negative or not finite."""
    for before, after in zip(series.times, series.times[1:], strict=False):
        if not after > before:
            raise InputError(f"{what}: time {after:g} s follows {before:g} s; times must rise")
    for time, value in zip(series.times, series.values, strict=True):
        if not (0 <= value < math.inf):
            raise InputError(f"{what}: {value:g} at {time:g} s; values must be finite and not below 0")
    return series
