"""Fields of density, and what they are called: Fruin's levels of service, Seoul's levels of alarm."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.physics.crowd.compiling import kernel

Values = NDArray[np.float64]

WIDTH = 0.7
"""m, standard deviation of the Gaussian that a person is spread over [design]: one person counts over about 6 m2."""
FRUIN = 0.31, 0.43, 0.72, 1.08, 2.17
"""Persons m-2 up to which a walkway is of level A, B, C, D, E; above F. Fruin (1971), areas of 3.24, 2.32, 1.39, 0.93
and 0.46 m2 (35, 25, 15, 10, 5 square feet) per person; read in later documents, not in the book."""
CAUTION, ALERT, SERIOUS = 3.0, 4.0, 5.0
"""Persons m-2 of 주의, 경계, 심각 of the cameras with which Seoul counts crowds, as SBS and Newsis reported in October
2023; some districts begin one lower. Still, too, calls more than 5 m-2 dangerous, as CNN reported in 2022."""


@kernel
def spread(x: Values, y: Values, frame: Values, width: float, out: Values) -> None:
    """Write persons m-2.

    x, y   (n,) m     frame  (3,) m west, south, cell    width  m, standard deviation; cut at three of them
    out    (ny, nx)   row 0 south; what falls beside the raster is lost
    """
    west, south, cell = frame[0], frame[1], frame[2]
    ny, nx = out.shape
    reach = 3.0 * width
    high = 1.0 / (2.0 * math.pi * width * width)
    weight = np.empty(nx)
    out[:] = 0.0
    for k in range(len(x)):
        left = max(0, math.ceil((x[k] - reach - west) / cell - 0.5))
        right = min(nx - 1, math.floor((x[k] + reach - west) / cell - 0.5))
        low = max(0, math.ceil((y[k] - reach - south) / cell - 0.5))
        top = min(ny - 1, math.floor((y[k] + reach - south) / cell - 0.5))
        for i in range(left, right + 1):
            away = west + (i + 0.5) * cell - x[k]
            weight[i] = math.exp(-0.5 * away * away / (width * width))
        for j in range(low, top + 1):
            away = south + (j + 0.5) * cell - y[k]
            up = high * math.exp(-0.5 * away * away / (width * width))
            for i in range(left, right + 1):
                out[j, i] += up * weight[i]


def level_of_service(density: ArrayLike) -> NDArray[np.str_]:
    """Return Fruin's letter A to F of walkways at densities in persons m-2, of their shape."""
    return np.array(list("ABCDEF"))[np.searchsorted(FRUIN, np.asarray(density, np.float64), side="left")]


def alarm_level(density: ArrayLike) -> NDArray[np.int64]:
    """Return 0 none, 1 `CAUTION`, 2 `ALERT`, 3 `SERIOUS` at densities in persons m-2, of their shape."""
    return np.searchsorted((CAUTION, ALERT, SERIOUS), np.asarray(density, np.float64), side="right")
