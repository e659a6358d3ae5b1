"""The march in plain Python, cell by cell: what the kernels of marching.py must give in steady weather."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from twin.physics.wildfire.marching import RADIUS
from twin.physics.wildfire.rates import Rates
from twin.physics.wildfire.stencil import Way, crossed, eccentricity_class, heading_class, ring

Cell = tuple[int, int]


class Ground:
    """What a way costs on (ny, nx) cells of `cell` m; `shut` (ny, nx) does not burn."""

    def __init__(self, rates: Rates, cell: float, shut: NDArray[np.bool_] | None = None) -> None:
        burns = rates.head > 0 if shut is None else (rates.head > 0) & ~shut
        with np.errstate(divide="ignore"):
            slow = np.where(burns, cell / (rates.head * (1.0 - rates.eccentricity)), 0.0)
        self.shape = slow.shape
        self.slow = slow.astype(np.float32).astype(np.float64)
        drift = slow * rates.eccentricity * np.array([np.cos(rates.heading), np.sin(rates.heading)])
        self.drift = drift.astype(np.float32).astype(np.float64)
        self.rates = rates

    def burns(self, cell: Cell) -> bool:
        """Return whether a cell (row, column) is in the grid and has a rate."""
        inside = 0 <= cell[0] < self.shape[0] and 0 <= cell[1] < self.shape[1]
        return inside and bool(self.slow[cell] > 0)

    def ways(self, cell: Cell) -> tuple[Way, ...]:
        """Return the ways (dx, dy) by which a cell lights others."""
        e, heading = float(self.rates.eccentricity[cell]), float(self.rates.heading[cell])
        return ring(eccentricity_class(e), heading_class(heading))

    def mean(self, start: Cell, way: Way) -> tuple[float, float, float] | None:
        """Return slowness and drift x, y, s per cell, means over a way of any length; None if it is barred."""
        common = math.gcd(*way)
        cells, corner = crossed(way[0] // common, way[1] // common)
        a = x = y = length = 0.0
        for leg in range(common):
            row, column = start[0] + leg * way[1] // common, start[1] + leg * way[0] // common
            if corner and not any(self.burns((row + dy, column + dx)) for dx, dy in corner):
                return None
            for dx, dy, part in cells:
                here = (row + dy, column + dx)
                if not self.burns(here):
                    return None
                length += part
                a, x, y = a + part * self.slow[here], x + part * self.drift[0][here], y + part * self.drift[1][here]
        return a / length, x / length, y / length

    def best_between(self, one: Cell, t1: float, v: Way, t2: float, w: Way) -> float:
        """Return the time (s) of the best way from between a cell reached at t1, way v, and one at t2, way w."""
        two = (one[0] + v[1] - w[1], one[1] + v[0] - w[0])
        first = self.mean(one, v)
        assert first is not None
        p, q = np.array(v, float), np.array(w, float) - v
        l1, l2 = math.hypot(*v), math.hypot(*w)
        late = t2 - t1 - float(np.dot(first[1:], q))
        if not first[0] * (np.dot(v, w) / l2 - l2) < late < first[0] * (l1 - np.dot(v, w) / l1):
            return math.inf
        second = self.mean(two, w)
        if second is None:
            return math.inf
        u1, u2 = t1 - float(np.dot(first[1:], v)), t2 - float(np.dot(second[1:], w))
        slope = (u1 - u2 - (second[0] - first[0]) * (l1 + l2) / 2) / ((first[0] + second[0]) / 2)
        span = float(np.dot(q, q))
        if slope * slope >= span:
            return math.inf
        root = 1 / math.sqrt(span - slope * slope)
        s = (slope * root - float(np.dot(p, q))) / span
        if not 0 < s < 1:
            return math.inf
        return u1 + s * (u2 - u1) + (first[0] + s * (second[0] - first[0])) * root


def arrival(ground: Ground, ignitions: Iterable[tuple[int, int, float]], until: float) -> NDArray[np.float64]:
    """Return (ny, nx) s when fire reaches each cell, infinity where it does not until `until` s.

    ignitions   row, column, time s
    """
    time = np.full(ground.shape, np.inf)
    settled = np.zeros(ground.shape, bool)
    queue: list[tuple[float, Cell]] = []
    sources: set[Cell] = set()

    def offer(when: float, cell: Cell) -> None:
        if when < time[cell]:
            time[cell] = when
            heapq.heappush(queue, (when, cell))

    for row, column, when in ignitions:
        if ground.burns((row, column)) and when < time[row, column]:
            sources.add((row, column))
            offer(when, (row, column))
    while queue:
        now, here = heapq.heappop(queue)
        if now > until:
            break
        if settled[here] or now != time[here]:
            continue
        settled[here] = True
        if here in sources:
            for cell, when in straight_ways(ground, here, now):
                if not settled[cell]:
                    offer(when, cell)
        ways = ground.ways(here)
        for k, way in enumerate(ways):
            there = (here[0] + way[1], here[1] + way[0])
            if not ground.burns(there) or settled[there]:
                continue
            first = ground.mean(here, way)
            if first is None:
                continue
            best = now + first[0] * math.hypot(*way) - float(np.dot(first[1:], way))
            for other in (ways[(k + 1) % len(ways)], ways[k - 1]):
                beside = (there[0] - other[1], there[1] - other[0])
                if ground.burns(beside) and settled[beside]:
                    found = ground.best_between(here, now, way, float(time[beside]), other)
                    if now <= found < best:
                        best = found
            offer(best, there)
    return np.where(settled, time, np.inf)


def straight_ways(ground: Ground, start: Cell, now: float) -> Iterable[tuple[Cell, float]]:
    """Yield cells near a point of ignition, and when a straight way from there, begun at `now` s, reaches them."""
    a, w = float(ground.slow[start]), ground.drift[:, start[0], start[1]]
    limit = RADIUS * math.sqrt(a * a - float(w @ w))
    for row, column in np.ndindex(ground.shape):
        way = (column - start[1], row - start[0])
        if way == (0, 0) or a * math.hypot(*way) - float(np.dot(w, way)) > limit:
            continue
        mean = ground.mean(start, way)
        if mean is not None:
            yield (row, column), now + mean[0] * math.hypot(*way) - float(np.dot(mean[1:], way))
