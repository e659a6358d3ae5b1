"""Rates of spread as the kernels of the front take them: four numbers per cell, on a flat grid with a rim."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import kernel, part
from twin.physics.wildfire.compiling import sources
from twin.physics.wildfire.stencil import BINS, SECTORS
from twin.physics.wildfire.surface import Value

Floats = NDArray[Value]
Whole = NDArray[Value]

SETTLED = 1
LIMITS = np.array([(4.0 ** (k / 4.0) - 1.0) / (4.0 ** (k / 4.0) + 1.0) for k in range(BINS - 1)]) + 1e-12
"""Greatest eccentricity of each class but the last; see stencil.eccentricity_class."""


@part
def waits(state: Whole, here: int, width: int) -> bool:
    """Return whether a cell has not burnt and one of those around it has; state as in marching.py."""
    if state[here] & SETTLED:
        return False
    found = 0
    for row in (here - width, here, here + width):
        found |= state[row - 1] | state[row] | state[row + 1]
    return bool(found & SETTLED)


def _build(source: str) -> Callable[..., tuple[int, int]]:
    @kernel
    def pack(
        head: Floats,
        eccentricity: Floats,
        heading: Floats,
        cell: float,
        limits: Floats,
        rim: int,
        state: Whole,
        old: Floats,
        new: Floats,
        opened: Whole,
    ) -> tuple[int, int]:
        """Write rates into the flat grid; return the first cell whose rates cannot be (-1: none), and how many open.

        head, eccentricity, heading  (ny, nx)  m s-1, 1, rad    see rates.Rates
        cell      m                   side of a cell
        limits    (classes - 1,) 1    greatest eccentricities of the classes
        rim       cells
        state     (cells,)            of the flat grid, see marching.py
        old, new  (cells, 4) float32  rates until now, and out: from now on; see ways.py. Closed cells stay so.
        opened    (room,)             out: cells beside fire that could not burn until now and can from now on
        """
        source  # noqa: B018  # makes the parts' text part of the key of the copy on disk
        ny, nx = head.shape
        width = nx + 2 * rim
        found = 0
        for i in range(ny):
            for j in range(nx):
                here = (i + rim) * width + j + rim
                speed, e = head[i, j], eccentricity[i, j]
                if not (0.0 <= speed < np.inf and 0.0 <= e < 1.0 and abs(heading[i, j]) < np.inf):
                    return i * nx + j, found
                if speed == 0.0:
                    new[here, 0] = math.copysign(np.float32(0.0), old[here, 0])
                    new[here, 1], new[here, 2], new[here, 3] = 0.0, 0.0, 0.0
                    continue
                a = cell / (speed * (1.0 - e))
                kind = 0
                while kind < limits.shape[0] and e > limits[kind]:
                    kind += 1
                sector = math.floor(heading[i, j] * (SECTORS / math.tau) + 0.5) % SECTORS
                new[here, 0] = math.copysign(np.float32(a), old[here, 0])
                new[here, 1], new[here, 2] = a * e * math.cos(heading[i, j]), a * e * math.sin(heading[i, j])
                new[here, 3] = kind * SECTORS + sector
                if old[here, 0] == 0.0 and new[here, 0] > 0.0 and waits(state, here, width):
                    if found < opened.shape[0]:
                        opened[found] = here
                    found += 1
        return -1, found

    return pack


pack = _build(sources())
