"""Rothermel's surface fire, equation by equation, in the units it was fitted in: ft, min, lb, Btu.

Every function takes numbers or arrays of any one shape; the kernels compile the same functions.
Source: Rothermel (1972), INT-115, with Albini (1976), INT-30, as restated by Andrews (2018), RMRS-GTR-371; curing after
Scott and Burgan (2005), RMRS-GTR-153, with the constant 1.333 that reproduces firelab/behave.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Value = Any
"""A float, or an array of float64."""

PARTICLE_DENSITY = 32.0
"""lb ft-3, oven-dry."""
TOTAL_MINERAL, EFFECTIVE_MINERAL = 0.0555, 0.010
"""Share of the dry mass that is mineral, and that without silica."""


def cured_share(herb: Value) -> Value:
    """Return the share of herbs that is dead, 0..1, by the moisture of the living ones (1); dynamic models only."""
    return (herb < 0.30) * 1.0 + ((herb >= 0.30) & (herb <= 1.20)) * (1.333 - 1.11 * herb)


def surface_area(load: Value, savr: Value) -> Value:
    """Return the surface of a class of fuel per area of ground (1); load in lb ft-2, surface to volume in ft-1."""
    return load * savr / PARTICLE_DENSITY


def net_load(load: Value) -> Value:
    """Return the load without minerals, lb ft-2."""
    return load * (1.0 - TOTAL_MINERAL)


def heating_number(savr: Value) -> Value:
    """Return the share of a particle that is heated before it ignites (1), by its surface to volume, ft-1."""
    return np.exp(-138.0 / savr)


def live_heating_number(savr: Value) -> Value:
    """Return the weight of live fuel against dead in the moisture of extinction (1); savr in ft-1. Source: Albini."""
    return np.exp(-500.0 / savr)


def live_extinction(dead: Value, dead_to_live: Value, fine: Value) -> Value:
    """Return the moisture at which live fuel no longer burns (1).

    dead          1  moisture of extinction of dead fuel
    dead_to_live  1  ratio of fine dead to live loads W
    fine          1  moisture of fine dead fuel
    """
    return np.maximum(dead, 2.9 * dead_to_live * (1.0 - fine / dead) - 0.226)


def moisture_damping(moisture: Value, extinction: Value) -> Value:
    """Return the share of the reaction that moisture leaves, 0..1; both arguments 1, water by dry mass."""
    r = np.minimum(1.0, moisture / extinction)
    # at 1 the polynomial ends at zero but for rounding, and what is too wet must not burn at all
    return (r < 1.0) * np.maximum(0.0, 1.0 + r * (-2.59 + r * (5.11 - 3.52 * r)))


def mineral_damping() -> float:
    """Return the share of the reaction that minerals leave (1)."""
    return min(1.0, 0.174 * float(EFFECTIVE_MINERAL**-0.19))


def optimum_packing(sigma: Value) -> Value:
    """Return the packing ratio at which fuel of surface to volume sigma ft-1 burns best (1)."""
    return 3.348 * sigma**-0.8189


def reaction_velocity(sigma: Value, packing: Value) -> Value:
    """Return the optimum reaction velocity, min-1; packing relative to the optimum (1)."""
    power = 133.0 * sigma**-0.7913
    root = sigma * np.sqrt(sigma)
    return root / (495.0 + 0.0594 * root) * packing**power * np.exp(power * (1.0 - packing))


def flux_ratio(sigma: Value, packing: Value) -> Value:
    """Return the share of the reaction that heats fuel ahead (1); packing as volume of fuel by volume of bed (1)."""
    return np.exp((0.792 + 0.681 * np.sqrt(sigma)) * (packing + 0.1)) / (192.0 + 0.2595 * sigma)


def preignition_heat(moisture: Value) -> Value:
    """Return the heat that ignites fuel of this moisture (1), Btu lb-1."""
    return 250.0 + 1116.0 * moisture


def wind_coefficient(sigma: Value, packing: Value) -> Value:
    """Return C rr^-E of the wind factor C rr^-E U^B, U in ft min-1; packing relative to the optimum (1)."""
    return 7.47 * np.exp(-0.133 * sigma**0.55) * packing ** (-0.715 * np.exp(-3.59e-4 * sigma))


def wind_exponent(sigma: Value) -> Value:
    """Return B of the wind factor (1), by the surface to volume in ft-1."""
    return 0.02526 * sigma**0.54


def slope_coefficient(packing: Value) -> Value:
    """Return the slope factor divided by the squared tangent of the slope (1); packing as volume by volume (1)."""
    return 5.275 * packing**-0.3


def wind_factor(wind: Value, coefficient: Value, exponent: Value) -> Value:
    """Return the wind factor phi_w (1) of a midflame wind in ft min-1."""
    return coefficient * wind**exponent


def effective_wind(factor: Value, coefficient: Value, exponent: Value) -> Value:
    """Return the wind, ft min-1, that alone would have this factor (1) of wind and slope together."""
    return (factor / coefficient) ** (1.0 / exponent)


def greatest_factor(reaction_intensity: Value) -> Value:
    """Return 0.9 I_R, the cap on the slope factor and, as ft min-1, on the effective wind; I_R in Btu ft-2 min-1."""
    return 0.9 * reaction_intensity


def residence_time(sigma: Value) -> Value:
    """Return for how long a front burns over a place, min. Source: Anderson (1969)."""
    return 384.0 / sigma


def fireline_intensity(heat: Value, rate: Value) -> Value:
    """Return Byram's intensity, kW m-1, of fuel with `heat` kJ m-2 that a front passes at `rate` m s-1."""
    return heat * rate


def flame_length(intensity: Value) -> Value:
    """Return the length of the flames of a surface fire, m, by its intensity in kW m-1.

    Source: Byram (1959): 0.45 I^0.46 ft, I in Btu ft-1 s-1.
    """
    return 0.45 * 0.3048 * (intensity / KW_M) ** 0.46


KW_M = 1.05505585262 / 0.3048
"""kW m-1 of one Btu ft-1 s-1. (firelab/behave prints kW m-1 with 3.46414 instead of 3.46147.)"""
KJ_M2 = 1.05505585262 / 0.3048**2
"""kJ m-2 of one Btu ft-2."""
FT_MIN = 0.3048 / 60
"""m s-1 of one ft min-1."""
MPH = 88.0
"""ft min-1 of one mile per hour."""
