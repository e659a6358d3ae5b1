"""Discharge of weirs, openings and barrels: one equation, one function. Levels in m, discharge in m3 s-1.

All take arrays or numbers and none goes below 0; which way the water runs is the caller's business.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64] | float

WEIR = 0.6
"""Discharge coefficient of a broad sill in a wall, rounded; 0.54 to 0.65 (Bos 1989)."""

ORIFICE = 0.6
"""Discharge coefficient of a sharp-edged opening; 0.59 to 0.62 (Bos 1989)."""

INLET_C, INLET_Y, INLET_KU = 0.0398, 0.67, 1.811
"""Constants of a submerged inlet: concrete pipe, square edge with headwall; SI (FHWA HDS-5, 2012, table A.1)."""

ENTRANCE_LOSS = 0.5
"""Share of the velocity head that a square-edged inlet takes (FHWA HDS-5, 2012, table C.2)."""


def weir(head: Values, width: Values, gravity: float, coefficient: Values = WEIR) -> Values:
    """Return the free flow over a crest, m3 s-1.

    head   m of water level upstream above the crest; none flows below 0
    width  m along the crest

    Source: Poleni 1717, Q = (2/3) Cd b sqrt(2 g) H^1.5 (Bos 1989, Discharge Measurement Structures).
    """
    return np.asarray((2 / 3) * coefficient * width * np.sqrt(2 * gravity) * np.maximum(head, 0.0) ** 1.5)


def drowned(up: Values, down: Values) -> Values:
    """Return the share of the free flow over a crest that passes when water stands above it downstream, 0..1.

    up, down  m of water level above the crest on either side; up >= down

    Source: Villemonte 1947, (1 - (H2/H1)^1.5)^0.385.
    """
    above = np.maximum(up, 1e-12)
    return np.asarray((1 - np.clip(np.maximum(down, 0.0) / above, 0.0, 1.0) ** 1.5) ** 0.385)


def orifice(head: Values, area: Values, gravity: float, coefficient: Values = ORIFICE) -> Values:
    """Return the flow through an opening under water, m3 s-1.

    head  m between the levels on both sides, or above the middle of the opening where it falls freely
    area  m2

    Source: Torricelli 1643, Q = Cd A sqrt(2 g dH).
    """
    return np.asarray(coefficient * area * np.sqrt(2 * gravity * np.maximum(head, 0.0)))


def inlet_control(head: Values, area: Values, height: Values) -> Values:
    """Return the most that a culvert's inlet lets in, m3 s-1, whatever the barrel could carry.

    head    m of water level upstream above the invert; the form holds once the inlet is under water, and below that
            the value at the top of the barrel stays: there the weir formula says less
    area    m2 of the barrel
    height  m of the barrel

    Source: FHWA HDS-5 (2012) equation A.3, HW/D = c (Ku Q / (A D^0.5))^2 + Y, slope left out.
    """
    relative = np.maximum(np.asarray(head) / height, 1.0)
    return np.asarray(area * np.sqrt(height) / INLET_KU * np.sqrt((relative - INLET_Y) / INLET_C))


def barrel_coefficient(length: float, radius: float, roughness: float, gravity: float) -> float:
    """Return the coefficient of the orifice formula for a full barrel: its losses at inlet, walls and outlet.

    length     m
    radius     m, hydraulic: area over wetted perimeter
    roughness  s m-1/3, Manning's n

    Source: FHWA HDS-5 (2012) equation 3.6, H = (1 + ke + 2 g n^2 L / R^(4/3)) V^2 / 2g.
    """
    losses = 1 + ENTRANCE_LOSS + 2 * gravity * roughness**2 * length / radius ** (4 / 3)
    return float(losses**-0.5)
