"""Share of the free walking speed that is left in water, in smoke and on stairs; fields in, fields out."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

WATER_DEPTH = (0.0, 0.35, 0.60, 0.90)
WATER_FACTOR = (1.0, 0.58, 0.45, 0.35)
"""m and 1: interpolated from published reductions. Li, Song, Zhang & Bode (2026), 188 people: -38.6 % (men), -44.8 %
(women) at 0.35 m, smaller further drops at 0.60 and 0.90 m; the two lower factors are [design]."""
TURBID = 0.6
"""In turbid water or at night. Mizuno & Nihei (2016): a further -30 to -50 %."""
DEEPEST = 0.9
"""m above which nobody walks here [design]; people of a smaller limit are the caller's."""
SMOKE_SLOPE, SMOKE_FLOOR = 0.057 / 0.706, 0.1
"""m and 1. FDS+Evac's form of Frantzich & Nilsson (2003), measured at extinctions of 1.9 to 7.4 m-1."""
STAIRS_DOWN, STAIRS_UP = 0.52, 0.46
"""Horizontal speed on stairs to that on the flat: 0.69 and 0.61 m s-1 to 1.34. Weidmann (1993) [unverified]."""


def in_water(depth: ArrayLike, *, turbid: bool = False) -> NDArray[np.float64]:
    """Return the factor at depths in m, of their shape; 0 above `DEEPEST`. Errors: that of the papers, some 0.1."""
    deep = np.asarray(depth, np.float64)
    factor = np.interp(deep, WATER_DEPTH, WATER_FACTOR) * np.where(turbid & (deep > 0), TURBID, 1.0)
    return np.where(deep > DEEPEST, 0.0, factor)


def in_smoke(extinction: ArrayLike) -> NDArray[np.float64]:
    """Return the factor at extinction coefficients in m-1, of their shape."""
    return np.maximum(SMOKE_FLOOR, 1.0 - SMOKE_SLOPE * np.asarray(extinction, np.float64))
