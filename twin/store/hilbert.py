"""Order places so that neighbours on the ground are neighbours on the disk.

The curve lies over a fixed frame of 33,554 km with cells of 32 m, not over the extent of a layer: a key once
stored stays right when the layer grows, and 32 m is far below the size of any viewport.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BITS = 20
CELL = 32.0
NOWHERE = np.int64(1) << (2 * BITS)
"""Key of what has no place: after everything that has one."""


def key(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the position of each place along the curve, NOWHERE where x or y is NaN.

    x, y  (n,)  m  coordinates in the city's system; beyond the frame they count as its edge
    """
    half = 1 << (BITS - 1)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    column, row = (
        np.clip(np.floor(np.where(lost, 0.0, axis) / CELL) + half, 0, 2 * half - 1).astype(np.int64) for axis in (x, y)
    )
    return np.where(lost, NOWHERE, distance(column, row))


def distance(column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the steps from the start of the curve to each cell.

    column, row  (n,)  whole numbers from 0 to 2**BITS - 1

    Source: Warren, Hacker's Delight (2nd ed.), section 16-2: at each level of quadrants the steps of the
    quadrants before are added, then the quadrant is turned upright.
    """
    x, y = column.copy(), row.copy()
    steps = np.zeros_like(x)
    side = 1 << (BITS - 1)
    while side:
        east, north = (x & side) > 0, (y & side) > 0
        steps += side * side * ((3 * east.astype(np.int64)) ^ north)
        x, y = x & (side - 1), y & (side - 1)
        turn = ~north
        flip = turn & east
        x[flip], y[flip] = side - 1 - x[flip], side - 1 - y[flip]
        x, y = np.where(turn, y, x), np.where(turn, x, y)
        side >>= 1
    return steps
