"""The landscapes of the fire benchmark, the same for everybody: flat, 1000 x 1000 cells of 30 m, wind from the south.

Conditions of the uniform cases and the mosaic in the reference of this project; numbers only, so that a peer's own
environment can read it.
"""

from __future__ import annotations

CELL = 30.0
"""m."""

SIDE = 1000
"""Cells along a side; row 0 is the south edge."""

START = (200, 500)
"""Row and column of the cell that is lit at time 0."""

WIND = (20.0 / 3.6, 180.0)
"""m s-1 at 10 m, and the degrees it blows from."""

MOISTURE = {"1h": 0.03, "10h": 0.04, "100h": 0.05, "herb": 0.30, "woody": 0.60}
"""Water by dry mass."""

FOLIAR = 0.9
"""Water by dry mass of crowns, of which there are none here."""

FUELS = {"GR2": 102, "SH5": 145, "TU5": 165}
"""Numbers of the standard fuel models."""

PATCHES = (102, 145, 165)
"""What 0, 1 and 2 stand for in the pattern of the mosaic, patches of 20 x 20 cells."""

PATCH = 20
