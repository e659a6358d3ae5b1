"""What is kept of a whole run: greatest depth, speed and their product, time of arrival; and the watch for blow-up."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numba import prange
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import sources, strict
from twin.physics.shallow_water.update import Array

DEEPEST = 1e5
"""m; a depth beyond this, or a speed beyond it in m s-1, is a computation out of its valid range."""


def _build(key: str) -> Callable[..., None]:
    @strict
    def record(
        now: tuple[Array, Array, Array],
        runs: NDArray[np.int32],
        time: float,
        wet: float,
        summary: tuple[NDArray[np.float32], ...],
        bad: NDArray[np.int64],
    ) -> None:
        """Bring the summaries of the cells in the runs up to date.

        now      depth m, velocity east and north m s-1, (ny + 4, nx + 4)
        runs     (k, 6)  see `tiles.Tiles.runs`
        time     s       of the state
        wet      m       depth from which water has arrived, and speeds count
        summary  (ny, nx) each: greatest depth m, speed m s-1, depth times speed m2 s-1, arrival s (NaN: not yet)
        bad      (k,)    out: a cell with NaN or beyond `DEEPEST`, as row * nx + column, else -1
        """
        if key == "":
            return
        h, u, v = now
        max_depth, max_speed, max_hazard, arrival = summary
        nx = max_depth.shape[1]
        for k in prange(runs.shape[0]):
            found = np.int64(-1)
            for i in range(runs[k, 0], runs[k, 1]):
                for j in range(runs[k, 2], runs[k, 3]):
                    depth = h[i, j]
                    speed = sqrt(u[i, j] * u[i, j] + v[i, j] * v[i, j])
                    if not (depth < DEEPEST and speed < DEEPEST):
                        found = (i - 2) * nx + j - 2
                        continue
                    y, x = i - 2, j - 2
                    max_depth[y, x] = max(max_depth[y, x], np.float32(depth))
                    if depth >= wet:
                        max_speed[y, x] = max(max_speed[y, x], np.float32(speed))
                        max_hazard[y, x] = max(max_hazard[y, x], np.float32(depth * speed))
                        if np.isnan(arrival[y, x]):
                            arrival[y, x] = time
            bad[k] = found

    return record


record = _build(sources())
