"""How near a map's camera may come so that a whole area stays in the picture."""

from __future__ import annotations

from math import cos, log2, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

#: m, round the world at the equator; one tile of 512 px shows all of it at zoom 0
EQUATOR = 40_075_016.7

#: the map's eye is this many heights of the picture away from the point it looks at
ALTITUDE = 1.5

#: m, a city is looked at from no nearer than this lets see
LEAST = 50.0

#: how far from the middle the corners of the area may lie, as a share of the picture: the outermost bit is cut off
REACH = 0.53


def zoom(scale: float, latitude: float) -> float:
    """Return the zoom of a map at which a metre on the ground at a latitude (degrees) is `scale` px in its middle."""
    return round(log2(scale * EQUATOR * cos(radians(latitude)) / 512), 2)


def fit(
    across: float, along: float, pitch: float, bearing: float, width: float, height: float, least: float = LEAST
) -> tuple[float, float, float]:
    """Return the px per m at which an area fills the picture, and where to look: m east and north of its middle.

    across, along   m        the area to the east and to the north
    pitch, bearing  degree   how far the picture leans back; what direction lies ahead
    width, height   px       the picture
    least           m        a side that is shorter counts as this
    """
    turn, lean = radians(bearing), radians(pitch)
    x = np.array([-1.0, 1.0, 1.0, -1.0]) * max(across, least) / 2
    y = np.array([-1.0, -1.0, 1.0, 1.0]) * max(along, least) / 2
    side, ahead = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
    steps = np.linspace(-0.35, 0.35, 29) * float(np.ptp(ahead))
    tries = [_scale(side, ahead - step, lean, width, height) for step in steps]
    best = int(np.argmax([scale * (1 - uneven) for scale, _, uneven in tries]))
    (scale, right, _), forward = tries[best], float(steps[best])
    return scale, right * cos(turn) + forward * sin(turn), forward * cos(turn) - right * sin(turn)


def _scale(
    side: NDArray[np.float64], ahead: NDArray[np.float64], lean: float, width: float, height: float
) -> tuple[float, float, float]:
    """Return the greatest px per m at which points stay in the picture, and how the camera has to look for it.

    Second comes how far to the right it looks, m; third how uneven the margins above and below are, as a share of
    the height.

    side, ahead  (n,) m  from where the camera looks
    """
    low, high, right, uneven = 1e-6, 100.0, 0.0, 1.0
    while high / low > 1.001:
        scale = sqrt(low * high)
        distance = ALTITUDE * height + ahead * scale * sin(lean)
        near = scale * ALTITUDE * height / np.maximum(distance, 1e-9)  # px per m at each point
        least, most = float(np.max(side - REACH * width / near)), float(np.min(side + REACH * width / near))
        up = ahead * cos(lean) * near
        if least <= most and bool((distance > 0).all() and (np.abs(up) <= REACH * height).all()):
            low, right, uneven = scale, (least + most) / 2, abs(float(up.max() + up.min())) / height
        else:
            high = scale
    return low, right, uneven
