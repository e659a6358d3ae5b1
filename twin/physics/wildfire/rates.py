"""How fast, which way and how hot vegetation burns in every cell, and what a front that passes is like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SURFACE, PASSIVE, ACTIVE = 1, 2, 3
"""Kinds of fire: along the ground, with single crowns, from crown to crown."""


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """How fire spreads in each cell: an ellipse around the rear focus, where it started. All arrays (ny, nx).

    head          float64  m s-1   rate of spread towards `heading`; 0: does not burn
    eccentricity  float64  1       of the ellipse, 0 to below 1
    heading       float64  rad     counter-clockwise from east, the direction the fire runs to
    heat          float64  kJ m-2  heat per unit area of the surface (and crown) fuel
    kind          int8     1       1 surface, 2 passive crown, 3 active crown fire; 0 where nothing burns
    """

    head: NDArray[np.float64]
    eccentricity: NDArray[np.float64]
    heading: NDArray[np.float64]
    heat: NDArray[np.float64]
    kind: NDArray[np.int8]
