"""What is kept of a whole run: greatest depth, speed and their product, time of arrival; and the watch for blow-up."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numba import prange
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, like, sources, span, strict, watchful
from twin.physics.shallow_water.update import Array, Row, spans

NEVER = np.float32(3e38)
"""s, arrival where there was none yet: a number, because the kernels must not see infinity."""

UNREAL = 1e4
"""m and m s-1; a row whose depths and speeds are above this on average is out of the valid range."""


@watchful
def is_real(now: tuple[Row, Row, Row]) -> bool:
    """Return whether a row of n cells holds neither NaN nor infinity nor, on average, values beyond `UNREAL`.

    now  m, m s-1, m s-1   depth, velocity east and north; (n,) each
    """
    h, u, v = now
    total = like(h[0], 0.0)
    for j in range(h.shape[0]):
        total += h[j] + abs(u[j]) + abs(v[j])
    return bool(total < h.shape[0] * UNREAL)


@compiled
def record_row(now: tuple[Row, Row, Row], summary: tuple[Row, Row, Row, Row], time: float, wet: float) -> None:
    """Bring the summaries of a row of n cells up to date.

    now      m, m s-1, m s-1   depth, velocity east and north; (n,) each
    summary  m, m s-1, m2 s-1, s   see `record`; (n,) each
    time     s                 of the state
    wet      m                 depth from which water has arrived, and speeds count
    """
    h, u, v = now
    max_depth, max_speed, max_hazard, arrival = summary
    zero, far = like(max_depth[0], 0.0), like(max_depth[0], NEVER)
    for j in range(h.shape[0]):
        depth, speed = np.float32(h[j]), np.float32(sqrt(u[j] * u[j] + v[j] * v[j]))
        there = depth >= wet
        fast = speed if there else zero
        max_depth[j] = max(max_depth[j], depth)
        max_speed[j] = max(max_speed[j], fast)
        max_hazard[j] = max(max_hazard[j], depth * fast)
        arrival[j] = min(arrival[j], time if there else far)


def _build(key: str) -> Callable[..., None]:
    @strict
    def record(
        now: tuple[Array, Array, Array],
        runs: NDArray[np.int32],
        time: float,
        wet: float,
        summary: tuple[Array, Array, Array, Array],
        bad: NDArray[np.int64],
    ) -> None:
        """Bring the summaries of the cells in the runs up to date.

        now      m, m s-1, m s-1   depth, velocity east and north, (ny + 4, nx + 4)
        runs     (k, 6)  see `tiles.Tiles.runs`
        time     s       of the state, float32
        wet      m       depth from which water has arrived, and speeds count, float32
        summary  (ny, nx) each, float32: greatest depth m, speed m s-1, depth times speed m2 s-1, arrival s (NEVER)
        bad      (k,)    out: row of the run that is not real, counted with ghosts, else -1
        """
        if key == "":
            return
        h, u, v = now
        depth, speed, product, arrival = summary
        for k in prange(runs.shape[0]):
            found, c0 = np.int64(-1), runs[k, 2]
            n = runs[k, 3] - c0
            for i in range(runs[k, 0], runs[k, 1]):
                cells = span(h, i, c0, n), span(u, i, c0, n), span(v, i, c0, n)
                if not is_real(cells):
                    found = np.int64(i)
                record_row(cells, spans(depth, speed, product, arrival, i - 2, c0 - 2, n), time, wet)
            bad[k] = found

    return record


record = _build(sources())
