"""What people in each room take up in a step; kernels."""

from __future__ import annotations

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Array, Building, State
from twin.physics.zone_fire.constants import CO, CO2, GROUND, HCN, HIGH_WALL, LOWER, SIGMA, UPPER, ZERO_C
from twin.physics.zone_fire.openings import INTERFACE, T_LOWER
from twin.physics.zone_fire.people import EYES, gas_dose, heat_dose

MOLAR = 28.76
"""g mol-1, of a gas of 289.14 J kg-1 K-1."""


@called
def add_doses(b: Building, s: State, seen: Array, dt: float) -> None:
    """Add to `s.dose` what a step of `dt` s does at the height of the eyes, or of the layer there.

    seen  (R + 1, SIDE) at the start of the step

    Source: ISO 13571 as in CFAST Technical Reference Guide; radiation: what falls on the floor (in the hot layer: on
    the wall) beyond that of surroundings at the outside temperature.
    """
    for i in range(len(b.area)):
        layer = LOWER if seen[i, INTERFACE] > EYES and not b.mixed[i] else UPPER
        gas = s.species[i, layer]
        scale = MOLAR / gas.sum()
        co, hcn = 1e6 * gas[CO] * scale / 28.01, 1e6 * gas[HCN] * scale / 27.03
        s.dose[i, 0] += dt / 60 * gas_dose(co, 100 * gas[CO2] * scale / 44.01, hcn)
        falling = s.falling[i, GROUND if layer == LOWER else HIGH_WALL]
        flux = max(0.0, falling - SIGMA * b.outside[0] ** 4) / 1000
        s.dose[i, 1] += dt / 60 * heat_dose(flux, seen[i, T_LOWER + layer] - ZERO_C)
