"""Ways to a gate: least time over the raster by fast marching, and the directions that go with it.

Source: Sethian (1996), doi:10.1073/pnas.93.4.1591; first order, so that times from a point are too long by a cell or
two, and directions are off by a few degrees there. Ways keep off walls because the raster is slower beside them.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from twin.physics.crowd.compiling import kernel

Grid = NDArray[np.float64]


@kernel
def march(slowness: NDArray[np.float64], seeds: NDArray[np.bool_], cell: float, out: NDArray[np.float64]) -> None:
    """Write the least time to the seeds.

    slowness  (ny, nx) s m-1, infinity where nobody walks     seeds  (ny, nx) where the time is 0
    cell      m                                               out    (ny, nx) s, infinity where no way leads

    Cells are settled in the order of their times, ties by their number.
    """
    ny, nx = slowness.shape
    settled = np.zeros((ny, nx), np.bool_)
    heap = [(0.0, 0)]
    heap.pop()
    for j in range(ny):
        for i in range(nx):
            out[j, i] = math.inf
            if seeds[j, i] and slowness[j, i] < math.inf:
                out[j, i] = 0.0
                heapq.heappush(heap, (0.0, j * nx + i))
    while heap:
        _, here = heapq.heappop(heap)
        j, i = here // nx, here % nx
        if settled[j, i]:
            continue
        settled[j, i] = True
        for k in range(4):
            b = j + (1 if k == 0 else -1 if k == 1 else 0)
            a = i + (1 if k == 2 else -1 if k == 3 else 0)
            if b < 0 or b >= ny or a < 0 or a >= nx or settled[b, a] or not slowness[b, a] < math.inf:
                continue
            across = along = math.inf
            if a > 0 and settled[b, a - 1]:
                across = out[b, a - 1]
            if a + 1 < nx and settled[b, a + 1]:
                across = min(across, out[b, a + 1])
            if b > 0 and settled[b - 1, a]:
                along = out[b - 1, a]
            if b + 1 < ny and settled[b + 1, a]:
                along = min(along, out[b + 1, a])
            cost = slowness[b, a] * cell
            low, high = min(across, along), max(across, along)
            if high - low < cost:
                value = 0.5 * (low + high + math.sqrt(2.0 * cost * cost - (high - low) ** 2))
            else:
                value = low + cost
            if value < out[b, a]:
                out[b, a] = value
                heapq.heappush(heap, (value, b * nx + a))


def directions(time: Grid) -> NDArray[np.float64]:
    """Return (ny, nx, 2) the unit vectors x, y along which times (ny, nx) s fall fastest.

    Where no way leads, the vector of the nearest cell that has one; 0 where none has. By differences to the earlier of
    the two neighbours, as the march makes them.
    """
    ny, nx = time.shape
    wide = np.full((ny + 2, nx + 2), np.inf)
    wide[1:-1, 1:-1] = time
    reached = np.isfinite(time)
    out = np.zeros((ny, nx, 2))
    for axis, (less, more) in enumerate(
        ((wide[1:-1, :-2], wide[1:-1, 2:]), (wide[:-2, 1:-1], wide[2:, 1:-1])),
    ):
        low = np.minimum(less, more)
        fall = np.where(reached & (low < time), np.where(reached, time, 0.0) - np.where(low < np.inf, low, 0.0), 0.0)
        out[..., axis] = np.where(less < more, -fall, fall)
    size = np.hypot(out[..., 0], out[..., 1])
    has = size > 0
    out[has] /= size[has][:, None]
    if has.any() and not has.all():
        _, near = ndimage.distance_transform_edt(~has, return_indices=True)
        out = out[near[0], near[1]]
    return np.ascontiguousarray(out)
