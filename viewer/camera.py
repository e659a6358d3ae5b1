"""How near a map's camera may come so that a whole area stays in the picture."""

from __future__ import annotations

from math import cos, log2, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

#: m, round the world at the equator; one tile of 512 px shows all of it at zoom 0
EQUATOR = 40_075_016.7

#: the map's eye is this many heights of the picture away from the point it looks at
ALTITUDE = 1.5


def fit(
    across: float, along: float, latitude: float, pitch: float, bearing: float, width: float, height: float
) -> tuple[float, float, float]:
    """Return the greatest zoom at which an area stays in the picture, and where to look: m east and north of its middle.

    across, along   m        the area to the east and to the north
    latitude        degree
    pitch, bearing  degree   how far the picture leans back; what direction lies ahead
    width, height   px       the picture
    """
    turn, lean = radians(bearing), radians(pitch)
    x = np.array([-1.0, 1.0, 1.0, -1.0]) * max(across, 50.0) / 2
    y = np.array([-1.0, -1.0, 1.0, 1.0]) * max(along, 50.0) / 2
    side, ahead = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
    steps = np.linspace(-0.35, 0.35, 29) * float(np.ptp(ahead))
    scales = [_scale(side, ahead - step, lean, width, height) for step in steps]
    best = int(np.argmax([scale for scale, _ in scales]))
    (scale, right), forward = scales[best], float(steps[best])
    zoom = round(log2(scale * EQUATOR * cos(radians(latitude)) / 512), 2)
    return zoom, right * cos(turn) + forward * sin(turn), forward * cos(turn) - right * sin(turn)


def _scale(
    side: NDArray[np.float64], ahead: NDArray[np.float64], lean: float, width: float, height: float
) -> tuple[float, float]:
    """Return the greatest px per m at which points stay in the picture, and how far to look to the right for it, m.

    side, ahead  (n,) m  from where the camera looks
    """
    low, high, right = 1e-6, 100.0, 0.0
    while high / low > 1.001:
        scale = sqrt(low * high)
        distance = ALTITUDE * height + ahead * scale * sin(lean)
        near = scale * ALTITUDE * height / np.maximum(distance, 1e-9)  # px per m at each point
        least, most = float(np.max(side - 0.5 * width / near)), float(np.min(side + 0.5 * width / near))
        fits = least <= most and bool((distance > 0).all() and (np.abs(ahead * cos(lean) * near) <= 0.5 * height).all())
        if fits:
            low, right = scale, (least + most) / 2
        else:
            high = scale
    return low, right
