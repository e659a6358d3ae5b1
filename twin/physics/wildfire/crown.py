"""Crown fire: when the surface fire reaches the crowns, and how fast it then runs through them. SI, rates in m s-1.

Source: Van Wagner (1977); Cruz, Alexander and Wakimoto (2005), doi:10.1139/x05-085; Rothermel (1991), INT-438.
"""

from __future__ import annotations

import numpy as np

from twin.physics.wildfire.surface import KW_M, Value

LOW_HEAT = 8000 * 1.05505585262 / 0.45359237
"""kJ kg-1, heat of crown fuel, as firelab/behave takes it (8000 Btu lb-1)."""
OPEN_ADJUSTMENT = 0.4
"""Midflame wind by wind at 20 ft of the surface fire from which Rothermel's crown fire is scaled."""
CROWN_FUEL = 10
"""The fuel model of that surface fire."""


def critical_intensity(base_height: Value, foliar: Value) -> Value:
    """Return the intensity of the surface fire, kW m-1, above which crowns catch fire.

    base_height  m   of the crowns, not below 0.1
    foliar       1   moisture of the needles, not below 0.3

    Source: Van Wagner (1977), eq. 4.
    """
    heat = 0.010 * np.maximum(base_height, 0.1) * (460.0 + 25.9 * 100.0 * np.maximum(foliar, 0.3))
    return heat * np.sqrt(heat)


def active_limit(bulk_density: Value) -> Value:
    """Return the rate, m s-1, from which on fire runs from crown to crown; crown fuel in kg m-3, above 0.

    Source: Van Wagner (1977): 3.0 kg m-2 min-1.
    """
    return 3.0 / bulk_density / 60.0


def cruz_rate(wind_10m: Value, bulk_density: Value, moisture: Value) -> Value:
    """Return the rate of an active crown fire, m s-1.

    wind_10m      m s-1   at 10 m above open ground
    bulk_density  kg m-3  of the crown fuel
    moisture      1       of dead fine fuel

    Source: Cruz et al. (2005), eq. 1 with U in km h-1.
    """
    return 11.02 * (3.6 * wind_10m) ** 0.9 * bulk_density**0.19 * np.exp(-17.0 * moisture) / 60.0


def passive_rate(active: Value, limit: Value) -> Value:
    """Return the rate, m s-1, of a fire whose crowns burn one by one; both arguments m s-1. Source: Cruz (2005)."""
    return active * np.exp(-active / limit)


def rothermel_rate(ten: Value) -> Value:
    """Return the rate of an active crown fire from that of fuel model 10 (any unit). Source: Rothermel (1991)."""
    return 3.34 * ten


def crown_load(bulk_density: Value, height: Value, base_height: Value) -> Value:
    """Return the crown fuel per area of ground, kg m-2; kg m-3, m, m."""
    return bulk_density * np.maximum(height - base_height, 0.0)


def crown_heat(load: Value, share: Value) -> Value:
    """Return the heat of crown fuel, kJ m-2: load in kg m-2, of which a share 0..1 burns."""
    return LOW_HEAT * load * share


def flame_length(intensity: Value) -> Value:
    """Return the length of the flames of a crown fire, m, by its intensity in kW m-1.

    Source: Thomas (1963) as Rothermel (1991) takes it: 0.2 I^(2/3) ft, I in Btu ft-1 s-1.
    """
    return 0.2 * 0.3048 * (intensity / KW_M) ** (2.0 / 3.0)
