"""The kernels of the crowd in plain NumPy, written apart from them; the tests hold the kernels to it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def march(slowness: Values, seeds: NDArray[np.bool_], cell: float) -> Values:
    """Return (ny, nx) s as `routing.march` writes it, by sweeps over all cells until nothing changes."""
    ny, nx = slowness.shape
    time = np.full((ny + 2, nx + 2), np.inf)
    time[1:-1, 1:-1][seeds & np.isfinite(slowness)] = 0.0
    cost = slowness * cell
    changed = True
    while changed:
        low_x = np.minimum(time[1:-1, :-2], time[1:-1, 2:])
        low_y = np.minimum(time[:-2, 1:-1], time[2:, 1:-1])
        low, high = np.minimum(low_x, low_y), np.maximum(low_x, low_y)
        new = time[1:-1, 1:-1].copy()
        for j, i in zip(*np.nonzero(np.isfinite(cost) & np.isfinite(low)), strict=True):
            c, a, b = cost[j, i], low[j, i], high[j, i]
            value = 0.5 * (a + b + math.sqrt(2 * c * c - (b - a) ** 2)) if b - a < c else a + c
            new[j, i] = min(new[j, i], value)
        changed = bool((new < time[1:-1, 1:-1]).any())
        time[1:-1, 1:-1] = new
    return time[1:-1, 1:-1]


def read(field: Values, x: float, y: float, west: float, south: float, cell: float) -> Values:
    """Return the values (..., k) of a field (ny, nx, k) at a point, linear between centres of cells, m."""
    ny, nx = field.shape[:2]
    u = min(max((x - west) / cell - 0.5, 0.0), nx - 1.0)
    v = min(max((y - south) / cell - 0.5, 0.0), ny - 1.0)
    i, j = min(int(u), nx - 2), min(int(v), ny - 2)
    a, b = u - i, v - j
    low = (1 - a) * field[j, i] + a * field[j, i + 1]
    high = (1 - a) * field[j + 1, i] + a * field[j + 1, i + 1]
    found: Values = (1 - b) * low + b * high
    return found


def spread(x: Values, y: Values, shape: tuple[int, int], frame: tuple[float, float, float], width: float) -> Values:
    """Return (ny, nx) persons m-2 as `density.spread` writes it: Gaussians of a width in m, cut at three widths."""
    west, south, cell = frame
    gx = west + (np.arange(shape[1]) + 0.5) * cell
    gy = south + (np.arange(shape[0]) + 0.5) * cell
    total = np.zeros(shape)
    for px, py in zip(x, y, strict=True):
        inside = (np.abs(gy[:, None] - py) <= 3 * width) & (np.abs(gx[None, :] - px) <= 3 * width)
        square = (gx[None, :] - px) ** 2 + (gy[:, None] - py) ** 2
        total += np.where(inside, np.exp(-square / (2 * width**2)) / (2 * math.pi * width**2), 0.0)
    return total
