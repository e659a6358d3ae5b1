"""What a facade receives: view factors, radiation of openings and facades, flames out of windows and above roofs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Value = float | Array

STEFAN_BOLTZMANN = 5.67e-11
"""kW m-2 K-4."""
AMBIENT = 293.0
"""K."""
EMITTER_TEMPERATURE, EMISSIVITY = 1136.0, 0.9
"""K and 1, of a burning facade: the middle of 1073 to 1200 K; with them it emits 84.6 kW m-2, as BR 187 (1991) assumes
for moderate fire loads, 84 kW m-2 (unverified)."""
RADIATIVE = 0.35
"""Share of the heat release that leaves as radiation: default of CFAST."""
CONTACT_FLUX = 60.0
"""kW m-2 on a wall that a flame touches (assumption)."""
FUEL_HEAT = 17_500.0
"""kJ kg-1 of wood, EN 1991-1-2 annex E."""


def _root(value: Value) -> Array:
    return np.asarray(np.sqrt(1 + np.square(np.asarray(value, np.float64))))


def view_parallel_corner(width: Value, height: Value, distance: Value) -> Array:
    """Return the view factor of a rectangle from an element opposite one of its corners, parallel to it.

    width, height  m   of the rectangle; negative: on the other side, which gives the negative factor
    distance       m   > 0

    Source: BR 187 (1991), appendix A4.
    """
    x, y = np.asarray(width, np.float64) / distance, np.asarray(height, np.float64) / distance
    return np.asarray((x / _root(x) * np.arctan(y / _root(x)) + y / _root(y) * np.arctan(x / _root(y))) / (2 * np.pi))


def view_parallel(width: Value, height: Value, distance: Value) -> Array:
    """Return the view factor of a rectangle from an element opposite its centre, parallel to it.

    width, height  m   of the rectangle     distance  m   > 0
    """
    half = np.asarray(width, np.float64) / 2, np.asarray(height, np.float64) / 2
    return 4 * view_parallel_corner(*half, distance)


def view_perpendicular_corner(width: Value, height: Value, distance: Value) -> Array:
    """Return the view factor of a rectangle from an element opposite one of its corners, at right angles to it.

    width   m   across the normal of the element     height  m   along it     distance  m   > 0

    Source: BR 187 (1991), appendix A5.
    """
    x, y = np.asarray(width, np.float64) / distance, np.asarray(height, np.float64) / distance
    return np.asarray((np.arctan(x) - np.arctan(x / _root(y)) / _root(y)) / (2 * np.pi))


def emitted(temperature: Value, emissivity: Value, ambient: float = AMBIENT) -> Array:
    """Return what a square metre emits beyond its surroundings, in kW m-2.

    temperature  K      emissivity  1      ambient  K

    Source: Stefan and Boltzmann.
    """
    fourth = np.asarray(temperature, np.float64) ** 4 - ambient**4
    return np.asarray(np.asarray(emissivity, np.float64) * STEFAN_BOLTZMANN * fourth)


FACADE_EMITS = float(emitted(EMITTER_TEMPERATURE, EMISSIVITY))
"""kW m-2 of a burning opening or wall."""


def facade_emission(heat: Value, share: Value, emitting: Value, facade: Value) -> Array:
    """Return what a square metre of facade emits on average, in kW m-2.

    The part of the building that is alight is its share of the peak heat release; its edge along the facade goes with
    the root of it. A facade never radiates more than the radiative share of what the fire releases.

    heat      kW   of the fire              share   1    heat over its peak, 0 to 1
    emitting  1    share of a facade that shines when all of it is alight
    facade    m2   of all facades
    """
    hot = FACADE_EMITS * np.asarray(emitting, np.float64) * np.sqrt(share)
    return np.asarray(np.minimum(hot, RADIATIVE * np.asarray(heat, np.float64) / facade))


def roof_radiation(heat: Value, emission: Value, facade: Value, roof: Value) -> Array:
    """Return the radiation of the flame above the roof in kW: what the facades do not radiate of the radiative share.

    heat  kW      emission  kW m-2, of `facade_emission`      facade  m2      roof  1, see `tables.Structure`
    """
    rest = RADIATIVE * np.asarray(heat, np.float64) - np.asarray(emission, np.float64) * facade
    return np.asarray(np.maximum(0.0, rest) * roof)


def point_source(radiation: Value, distance: Value) -> Array:
    """Return the radiation of a small source on an element that faces it, in kW m-2.

    radiation  kW      distance  m, > 0

    Source: inverse square law.
    """
    return np.asarray(np.asarray(radiation, np.float64) / (4 * np.pi * np.square(distance)))


def flame_height(heat: Value, area: Value) -> Array:
    """Return the mean height of the flame above a burning area, in m; 0 where it stays within.

    heat  kW      area  m2, > 0

    Source: Heskestad (1983), with the diameter of the circle of that area.
    """
    d = np.sqrt(4 / np.pi * np.asarray(area, np.float64))
    return np.asarray(np.maximum(0.0, 0.235 * np.asarray(heat, np.float64) ** 0.4 - 1.02 * d))


def flame_tilt(heat: Value, area: Value, wind: float) -> Array:
    """Return the sine of the angle between the flame and the vertical.

    heat  kW      area  m2, > 0      wind  m s-1

    Source: American Gas Association (1974): cos = (u*)^-1/2, u* = u / (g m'' D / rho)^(1/3), air of 1.2 kg m-3.
    """
    d = np.sqrt(4 / np.pi * np.asarray(area, np.float64))
    rate = np.asarray(heat, np.float64) / (FUEL_HEAT * np.asarray(area, np.float64))
    scaled = wind / np.cbrt(np.maximum(9.81 * rate * d / 1.2, 1e-9))
    return np.asarray(np.sqrt(1 - 1 / np.maximum(1.0, scaled)))


def window_flame_above(heat: Value, width: Value, height: float) -> Array:
    """Return how far the flame rises above the windows without a through draught, in m.

    heat  MW, of the room      width  m, of all its windows, > 0      height  m, of a window

    Source: EN 1991-1-2, annex B, equation B.7 (as transcribed).
    """
    length = 1.9 * (np.asarray(heat, np.float64) / np.asarray(width, np.float64)) ** (2 / 3) - height
    return np.asarray(np.maximum(0.0, length))


def window_flame_out(height: float) -> float:
    """Return how far the flame leans out of a window that is wider than high, without a through draught, in m.

    height  m   of the window

    Source: EN 1991-1-2, annex B, equation B.8.
    """
    return height / 3


def window_flame_draught(heat: Value, area: Value, height: float, wind: float) -> Array:
    """Return how far the flame reaches out of the windows downwind with a through draught, in m.

    heat  MW, of the room      area  m2, of its openings, > 0      height  m, of a window      wind  m s-1, > 0

    Source: EN 1991-1-2, annex B, equations B.16 and B.17 (as transcribed): length plus height of the window.
    """
    along = 1.366 * wind**-0.43 * np.asarray(heat, np.float64) / np.sqrt(np.asarray(area, np.float64))
    return np.asarray(0.605 * (wind**2 / height) ** 0.22 * along)
