"""What a way between two cells costs, and the best of the ways from between two cells; parts of kernels.

A cell of the flat grid has four float32: the slowness a in s per cell (0: nothing burns, below 0: closed), the drift
(wx, wy) = a e (cos h, sin h), also in s per cell, and the number of its stencil. Fire takes a |v| - w.v along v.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import part
from twin.physics.wildfire.surface import Value

Floats = NDArray[Value]
Whole = NDArray[Value]
Tables = tuple[NDArray[Value], ...]

NEVER = np.inf


@part
def along(fuel: Floats, cell: int, way: int, tables: Tables) -> tuple[float, float, float]:
    """Return slowness and drift x, y of a way, s per cell, means over its length; a slowness below 0 if it is barred.

    fuel    (cells, 4) float32  see the head of the file
    cell    where the way begins
    way     its number in `tables`
    tables  the arrays of `stencil.Stencils`, in their order
    """
    _, _, _, _, corner, cell_from, crossed, share = tables
    if corner[way, 0] != 0 and fuel[cell + corner[way, 0], 0] <= 0.0 and fuel[cell + corner[way, 1], 0] <= 0.0:
        return -1.0, 0.0, 0.0
    slow, across, up = 0.0, 0.0, 0.0
    for k in range(cell_from[way], cell_from[way + 1]):
        here = cell + crossed[k]
        a = fuel[here, 0]
        if a <= 0.0:
            return -1.0, 0.0, 0.0
        slow += share[k] * a
        across += share[k] * fuel[here, 1]
        up += share[k] * fuel[here, 2]
    return slow, across, up


@part
def from_between(
    t1: float, a1: float, x1: float, y1: float, t2: float, a2: float, x2: float, y2: float
) -> tuple[float, float]:
    """Return the time (s) of the best way from between two cells, and where between them it begins; infinity if none.

    t1, t2   s           times at the two cells, less the drift of the ways from there
    a1, a2   s per cell  mean slowness of the ways, above 0
    x1 .. y2 cells       the ways, which span an area of 1

    The minimum over 0 < s < 1 of t1 + s (t2 - t1) + (a1 + s (a2 - a1)) |p1 + s (p2 - p1)|: exact for a1 = a2; else s is
    that of the mean slowness, the difference taken over the mean length, and the time is what belongs to that s.
    Source: Hopf-Lax formula; Sethian and Vladimirsky (2003), doi:10.1137/S0036142901392742.
    """
    qx, qy = x2 - x1, y2 - y1
    span = qx * qx + qy * qy
    longer = 0.5 * (math.sqrt(x1 * x1 + y1 * y1) + math.sqrt(x2 * x2 + y2 * y2))
    slope = (t1 - t2 - (a2 - a1) * longer) / (0.5 * (a1 + a2))
    rest = span - slope * slope
    if rest <= 0.0:
        return NEVER, 0.0
    # 1 / span is the squared distance of the line between the two cells, because the ways span an area of 1
    root = 1.0 / math.sqrt(rest)
    s = (slope * root - (x1 * qx + y1 * qy)) / span
    if not 0.0 < s < 1.0:
        return NEVER, 0.0
    return t1 + s * (t2 - t1) + (a1 + s * (a2 - a1)) * root, s


@part
def straight(fuel: Floats, width: int, cell: int, dx: int, dy: int) -> float:
    """Return the time (s) of the straight way from a cell to the one dx, dy further; infinity if it is barred.

    fuel    (cells, 4) float32  see the head of the file
    width   cells from row to row
    """
    ax, ay = abs(dx), abs(dy)
    sx, sy = (1 if dx > 0 else -1), (width if dy > 0 else -width)
    slow, across, up, at = 0.0, 0.0, 0.0, 0.0
    i, j, here = 0, 0, cell
    while True:
        f = fuel[here, 0]
        if f <= 0.0:
            return NEVER
        if i == ax and j == ay:
            rest = 1.0 - at
        else:
            # compared in integers, so that corners are exact; see stencil.crossed
            right, above = (2 * i + 1) * ay, (2 * j + 1) * ax
            sideways = ay == 0 or (ax != 0 and right <= above)
            rest = ((2 * i + 1) / (2.0 * ax) if sideways else (2 * j + 1) / (2.0 * ay)) - at
        slow += rest * f
        across += rest * fuel[here, 1]
        up += rest * fuel[here, 2]
        if i == ax and j == ay:
            break
        at += rest
        if ax != 0 and ay != 0 and right == above:
            if fuel[here + sx, 0] <= 0.0 and fuel[here + sy, 0] <= 0.0:
                return NEVER
            here += sx + sy
            i += 1
            j += 1
        elif sideways:
            here += sx
            i += 1
        else:
            here += sy
            j += 1
    time: float = slow * math.sqrt(float(dx * dx + dy * dy)) - across * dx - up * dy
    return time
