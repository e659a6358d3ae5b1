"""Firebrands of buildings: how many, how far, and what one of them ignites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

Array = NDArray[np.float64]
Value = float | Array

AIR_DENSITY, AIR_TEMPERATURE, AIR_HEAT, GRAVITY = 1.1, 300.0, 1.0, 9.81
"""kg m-3, K, kJ kg-1 K-1, m s-2: as in the published form of the formula."""

LEAST_WIND = 1.0
"""m s-1 below which brands fall where they rose (assumption)."""


@dataclass(frozen=True, slots=True)
class Brands:
    """What is assumed of the brands of a building.

    rate       MJ-1     brands that can ignite something, per energy that bare timber releases. The one number that was
                        calibrated: together with the probabilities of `tables.CLASSES`, so that the quarter of
                        tests/validation/fire_itoigawa.py has 5 to 20 spot fires in the middle of its members, as in the
                        one event of Itoigawa 2016 (10 were counted)
    density    kg m-3   of a brand
    thickness  m        of a brand
    """

    rate: float = 0.0001
    density: float = 100.0
    thickness: float = 0.002

    def __post_init__(self) -> None:
        if not (self.rate >= 0 and self.density > 0 and self.thickness > 0):
            raise InputError(
                f"brands: rate {self.rate:g}, density {self.density:g} and thickness {self.thickness:g} were given; a "
                "rate of 0 or more per MJ, and a density and thickness above 0 were expected"
            )


def transport_number(heat: Value, size: Value, wind: Value, density: float, thickness: float) -> Array:
    """Return B*, how far brands of a fire fly relative to its size.

    heat       kW      of the fire          size       m       of the burning building, > 0
    wind       m s-1                        density    kg m-3  of a brand
    thickness  m       of a brand

    Source: Himoto and Tanaka (2005), in the form that is coded in public fire-spread software.
    """
    d = np.asarray(size, np.float64)
    froude = np.asarray(wind, np.float64) / np.sqrt(GRAVITY * d)
    flow = AIR_DENSITY * AIR_HEAT * AIR_TEMPERATURE * np.sqrt(GRAVITY) * d**2.5
    lift = (density / AIR_DENSITY) ** -0.75 * (thickness / d) ** -0.75
    return np.asarray(froude * lift * np.sqrt(np.asarray(heat, np.float64) / flow))


def landing_distance(number: Value, size: Value) -> tuple[Array, Array, Array]:
    """Return mean and standard deviation of the distance downwind, and the standard deviation across, in m.

    number  1, B*      size  m

    Source: Himoto and Tanaka (2005).
    """
    b, d = np.asarray(number, np.float64), np.asarray(size, np.float64)
    return 0.47 * b ** (2 / 3) * d, 0.88 * np.cbrt(b) * d, 0.92 * d


def lognormal(mean: Value, deviation: Value) -> tuple[Array, Array]:
    """Return mu and sigma of the logarithm of a lognormal distribution.

    mean, deviation  of the distribution itself, > 0
    """
    s2 = np.log1p(np.square(np.asarray(deviation, np.float64) / mean))
    return np.log(np.asarray(mean, np.float64)) - s2 / 2, np.sqrt(s2)


def ignition_probability(catches: Value, number: Value) -> Array:
    """Return the probability that brands on a roof start a fire.

    catches  1   probability for one brand, 0 to 1, see `tables.Structure`
    number   1   of capable brands on the roof, expected
    """
    return np.asarray(1 - (1 - np.asarray(catches, np.float64)) ** np.asarray(number, np.float64))
