"""Compiled loops over few cells: what structures put into them and take out, and the ghosts of an open side.

On a small grid calling NumPy twenty times for a dozen cells takes longer than the flow itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import plain

Array = NDArray[np.floating]
"""(ny + 4, nx + 4): cells with two rings of ghost cells."""


@plain
def put(
    now: tuple[Array, Array, Array],
    lost: Array,
    cells: tuple[NDArray[np.intp], NDArray[np.intp]],
    volume: NDArray[np.float64],
    area: NDArray[np.float64],
    gained: NDArray[np.float64],
) -> None:
    """Add `volume` (n,) m3 to cells of `area` (n,) m2, at rest (below 0: take it, never more than there is).

    now     depth m, velocity east and north m s-1;   lost  m, what rounding has kept
    cells   rows and columns without ghosts; each may be named once
    gained  (n,) m3   out: what is there more, with what rounding keeps
    """
    h, u, v = now
    for k in range(len(volume)):
        i, j = cells[0][k] + 2, cells[1][k] + 2
        before, kept = h[i, j], lost[i, j]
        exact = np.float64(before) + np.float64(kept) + volume[k] / area[k]
        h[i, j] = max(exact, 0.0)
        after = h[i, j]
        lost[i, j] = 0.0 if exact < 0 else exact - np.float64(after)
        if after > before:
            share = before / after
            u[i, j] *= share
            v[i, j] *= share
        rest = np.float64(lost[i, j]) - np.float64(kept)
        gained[k] = (np.float64(after) - np.float64(before) + rest) * area[k]


@plain
def place(array: Any, upright: bool, ring: int, along: int) -> tuple[int, int]:
    """Return row and column of what lies `along` a side in its `ring`; counted from the far end where below 0."""
    if upright:
        return along, ring if ring >= 0 else array.shape[1] + ring
    return ring if ring >= 0 else array.shape[0] + ring, along


@plain
def open_side(
    now: tuple[Array, Array, Array],
    bed: Array,
    outside: Array,
    upright: bool,
    far: bool,
    walls: tuple[float, float],
) -> None:
    """Set ground, depth and velocity in the ghosts of an open side: as inside, and a wall where water runs inwards.

    now      depth m, velocity across and along the side m s-1
    bed      m;   outside  (2, n + 4) m, the ground beyond the side, outermost first, where nothing runs inwards
    upright  whether the side is the west or the east one;   far  whether it is the east or the north one
    walls    m, bed of a wall that stands there, and that from which a cell is one
    """
    h, across, along = now
    wall, solid = walls
    count = outside.shape[1]
    for j in range(count):
        first = place(h, upright, -3 if far else 2, j)
        speed = across[first]
        inwards = speed < 0 if far else speed > 0
        for ring in range(2):
            ghost = place(h, upright, -1 - ring if far else ring, j)
            bed[ghost] = wall if inwards else outside[ring, j]
            if 2 <= j < count - 2:
                h[ghost] = h[first] if bed[ghost] < solid else 0.0
                across[ghost] = -speed if inwards else speed
                along[ghost] = along[first]
