"""Numbers and places in arrays that all kernels of the zone model share.

Source of the gas constants: CFAST Technical Reference Guide (NIST TN 1889v1): cp 1012 J kg-1 K-1, gamma 1.4.
"""

from __future__ import annotations

GRAVITY = 9.80665
CP = 1012.0
"""J kg-1 K-1."""
GAMMA = 1.4
GAS = CP * (GAMMA - 1) / GAMMA
"""J kg-1 K-1."""
ZERO_C = 273.15
SIGMA = 5.670374e-8
"""W m-2 K-4."""
HUGE = 1e300

LOWER, UPPER = 0, 1
"""Layers."""

NITROGEN, OXYGEN, CO2, CO, WATER, HCN, SOOT, FUEL, SPECIES = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""What gas is made of; `NITROGEN` stands for all that takes no part."""

CEILING, HIGH_WALL, LOW_WALL, GROUND, SURFACES = 0, 1, 2, 3, 4
"""Surfaces of a room: the walls above and below the interface count apart."""

CELLS = 30
"""Cells in the depth of a lining."""

THINNEST = 1e-4
"""Share of the height that each layer keeps at least."""

HOTTEST, COLDER = 2000.0, 5.0
"""K that no layer may pass, and K by which none may be colder than air outside and at the start: a run is given up."""
GAVE_TOO_MUCH, PRESSED_TOO_MUCH, TOO_COLD, TOO_HOT = 0, 1, 2, 3
"""Why it was given up."""

WALL_VENT, CEILING_VENT, FAN = 0, 1, 2

# columns of the numbers of a vent
WIDTH, BOTTOM, TOP, AREA, HEIGHT_A, HEIGHT_B, CUT_FROM, CUT_TO, SQUARE, VENT_NUMBERS = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9

# what passes a vent, kg s-1: out of (side, layer), and what is drawn along inside the rooms on its sides
FROM_A_LOWER, FROM_A_UPPER, FROM_B_LOWER, FROM_B_UPPER, RISES_A, RISES_B, SINKS_A, SINKS_B, PASSES = range(9)

# columns of the numbers of a fire
F_AREA, F_HEIGHT, F_SHARE, F_HEAT_OF, F_RADIATIVE, F_NUMBERS = 0, 1, 2, 3, 4, 5

# books of a run, J and kg since the start
RELEASED, TO_LININGS, THROUGH_VENTS, RADIATED_OUT, GAS_START, FUEL_MASS, MASS_OUT, MASS_START, STEPS, REPEATS = range(
    10
)
WITH_FUEL, BOOKS = 10, 11
