"""What is kept of a whole run, and the watch for blow-up.

Kept are the greatest depth, speed, product of both and hazard rating, when the water arrived and how long it stayed.
Speed, product and rating take two bytes a cell each, rounded up to 10 binary digits: at most 0.1 % too high, never
too low. All that is kept is 18 bytes a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import llvmlite.ir
import numpy as np
from numba import prange, types
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, inlined, intrinsic, like, sources, span, strict, watchful
from twin.physics.shallow_water.update import STRIDE, Array, Row

ir: Any = llvmlite.ir

Kept = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]
"""See `record`."""

NEVER = np.float32(3e38)
"""s, arrival where there was none yet: a number, because the kernels must not see infinity."""

UNREAL = 1e4
"""m and m s-1; a row whose depths and speeds are above this on average is out of the valid range."""

TICK = 0.01
"""s; times under water are counted in whole ones, which adds up exactly: 497 days fit in four bytes."""

DEFRA = 0.5
"""m s-1, added to the speed in the hazard rating of Defra (2006), R&D FD2321/TR1, without its debris factor."""

LOWEST = 87 << 23
"""Bits of 2^-40 in float32, the smallest number that is kept."""


@intrinsic
def bits(_typing: Any, x: Any) -> Any:
    """Return the bits of a float32 as an integer; of numbers >= 0 the greater one has the greater bits."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(x), generate


@inlined
def pack(x: float) -> np.uint16:
    """Return 16 bits that stand for a float32 x >= 0: six of its exponent and ten of its digits, rounded up."""
    return np.uint16(min(max((bits(x) - np.int32(LOWEST - 0x1FFF)) >> np.int32(13), np.int32(0)), np.int32(0xFFFF)))


def unpack(packed: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the numbers that `pack` packed."""
    wide = (packed.astype(np.int32) << 13) + np.int32(LOWEST)
    return np.where(packed > 0, wide.view(np.float32), np.float32(0))


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
def record_row(now: tuple[Row, Row, Row], kept: Kept, scratch: Row, time: float, ticks: int, wet: float) -> None:
    """Bring what is kept of a row of n cells up to date.

    now      m, m s-1, m s-1   depth, velocity east and north; (n,) each
    kept     see `record`; (n,) each
    scratch  (STRIDE,) float32
    time     s    of the state
    ticks    1    whole TICKs since the last look
    wet      m    depth from which water has arrived, speeds count and time under water runs
    """
    h, u, v = now
    max_depth, arrival, under, max_speed, max_hazard, max_rating = kept
    zero, far, none = like(max_depth[0], 0.0), like(max_depth[0], NEVER), np.uint32(0)
    for j in range(h.shape[0]):
        depth, speed = np.float32(h[j]), np.float32(sqrt(u[j] * u[j] + v[j] * v[j]))
        there = depth >= wet
        max_depth[j] = max(max_depth[j], depth)
        arrival[j] = min(arrival[j], time if there else far)
        under[j] += ticks if there else none
        scratch[j] = speed if there else -like(depth, DEFRA)
    for j in range(h.shape[0]):
        depth, speed = np.float32(h[j]), scratch[j]
        max_speed[j] = max(max_speed[j], pack(max(speed, zero)))
        max_hazard[j] = max(max_hazard[j], pack(depth * max(speed, zero)))
        max_rating[j] = max(max_rating[j], pack(depth * (speed + like(depth, DEFRA))))


def _build(key: str) -> Callable[..., None]:
    @strict
    def record(
        now: tuple[Array, Array, Array],
        runs: NDArray[np.int32],
        time: float,
        ticks: int,
        wet: float,
        kept: Kept,
        bad: NDArray[np.int64],
    ) -> None:
        """Bring what is kept of the cells in the runs up to date.

        now      m, m s-1, m s-1   depth, velocity east and north, (ny + 4, nx + 4)
        runs     (k, 6)  see `tiles.Tiles.runs`
        time     s       of the state, float32
        ticks    1       whole TICKs since the last look, uint32
        wet      m       depth from which water has arrived, speeds count and time under water runs, float32
        kept     (ny, nx) each: greatest depth m and arrival s (NEVER), float32; ticks under water, uint32; greatest
                 speed m s-1, depth times speed m2 s-1 and rating m2 s-1, packed
        bad      (k,)    out: row of the run that is not real, counted with ghosts, else -1
        """
        if key == "":
            return
        h, u, v = now
        for k in prange(runs.shape[0]):
            found, c0 = np.int64(-1), runs[k, 2]
            n = runs[k, 3] - c0
            scratch = np.empty(STRIDE, np.float32)
            for i in range(runs[k, 0], runs[k, 1]):
                cells = span(h, i, c0, n), span(u, i, c0, n), span(v, i, c0, n)
                if not is_real(cells):
                    found = np.int64(i)
                a, b = i - 2, c0 - 2
                rows = (
                    span(kept[0], a, b, n),
                    span(kept[1], a, b, n),
                    span(kept[2], a, b, n),
                    span(kept[3], a, b, n),
                    span(kept[4], a, b, n),
                    span(kept[5], a, b, n),
                )
                record_row(cells, rows, scratch, time, ticks, wet)
            bad[k] = found

    return record


record = _build(sources())


class Summaries:
    """What is kept of a whole run, (ny, nx) each; `wet` m as in `record`."""

    def __init__(self, shape: tuple[int, int], wet: float) -> None:
        self.wet = wet
        # np.full writes its pages; masked stores into the untouched ones of np.zeros take twenty times as long
        self.max_depth = np.full(shape, 0, np.float32)
        self._arrival = np.full(shape, NEVER, np.float32)
        self._under = np.full(shape, 0, np.uint32)
        self._speed, self._hazard, self._rating = (np.full(shape, 0, np.uint16) for _ in range(3))
        self._looked = 0

    @property
    def max_speed(self) -> NDArray[np.float32]:
        """(ny, nx) m s-1, greatest speed where it was wet."""
        return unpack(self._speed)

    @property
    def max_hazard(self) -> NDArray[np.float32]:
        """(ny, nx) m2 s-1, greatest product of depth and speed where it was wet."""
        return unpack(self._hazard)

    @property
    def max_rating(self) -> NDArray[np.float32]:
        """(ny, nx) m2 s-1, greatest depth times (speed + 0.5 m s-1) where it was wet."""
        return unpack(self._rating)

    @property
    def arrival(self) -> NDArray[np.float32]:
        """(ny, nx) s, when the depth first reached `wet`; NaN where it has not."""
        return np.where(self._arrival == NEVER, np.float32(np.nan), self._arrival)

    @property
    def duration(self) -> NDArray[np.float32]:
        """(ny, nx) s, time for which the depth was `wet` or more."""
        return (self._under * TICK).astype(np.float32)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything that is kept, by name; views."""
        return {
            "max_depth": self.max_depth,
            "arrival": self._arrival,
            "under": self._under,
            "speed": self._speed,
            "hazard": self._hazard,
            "rating": self._rating,
        }

    def look(self, state: tuple[Array, Array, Array], runs: NDArray[np.int32], time: float) -> int:
        """Bring everything up to date at `time` s in the runs; return a row, with ghosts, that is not real, or -1."""
        now = round(time / TICK)
        bad = np.full(len(runs), -1, np.int64)
        record(
            state,
            runs,
            np.float32(time),
            np.uint32(now - self._looked),
            np.float32(self.wet),
            tuple(self.arrays.values()),
            bad,
        )
        self._looked = now
        found = bad[bad >= 0]
        return int(found.min()) if len(found) else -1

    def load(self, saved: Mapping[str, NDArray[Any]], time: float) -> None:
        """Stand where `arrays` stood at `time` s."""
        for name, array in self.arrays.items():
            array[:] = saved[name]
        self._looked = round(time / TICK)
