"""The empirical formula of Hamada (1951) for the spread of fire in a town: a baseline, no part of the model.

From pre-war wooden Japanese cities; "doubtful that validity still remains" for modern ones (NISTIR 6588). It holds for
10 m/s and more; the blend that HAZUS makes for less wind is not made here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import UsageError, suggest

COEFFICIENTS = {
    "down": (1.6, 0.1, 0.007, 25.0, 2.5),
    "side": (1.0, 0.0, 0.005, 5.0, 0.25),
    "up": (1.0, 0.0, 0.002, 5.0, 0.2),
}
"""direction -> c1 .. c5; c1 downwind is 1.6 in HAZUS and 1.5 in other software."""


def spread_rate(
    side: ArrayLike,
    gap: ArrayLike,
    wind: ArrayLike,
    fire_resistant: ArrayLike = 0.0,
    *,
    direction: str = "down",
    constant: float | None = None,
) -> NDArray[np.float64]:
    """Return the rate of spread in m s-1.

    side, gap       m      of a building, and between buildings
    wind            m s-1
    fire_resistant  1      share of buildings that are, 0 to 1
    direction       "down", "side" or "up" the wind
    constant        1      c1; None: that of HAZUS

    Raises UsageError for a direction that is none of these.
    Source: Hamada (1951), as in HAZUS-MH and in public fire-spread software.
    """
    if direction not in COEFFICIENTS:
        raise UsageError(f"hamada: direction {direction!r} is not known; {suggest(direction, COEFFICIENTS)}")
    c1, c2, c3, c4, c5 = COEFFICIENTS[direction]
    c1 = c1 if constant is None else constant
    a, d, v, f = (np.asarray(x, np.float64) for x in (side, gap, wind, fire_resistant))
    bare = 3 + 0.375 * a + 8 * d / (c4 + c5 * v)
    resistant = 5 + 0.625 * a + 16 * d / (c4 + c5 * v)
    minutes = ((1 - f) * bare + f * resistant) / (c1 * (1 + c2 * v + c3 * v**2))
    return np.asarray((a + d) / minutes / 60)
