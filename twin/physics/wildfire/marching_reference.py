"""The march in plain Python, cell by cell: what the kernels of marching.py must give while the weather stays."""

from __future__ import annotations

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
        """Return the ways (dx, dy) by which a cell lights others; those of a circle where nothing burns."""
        if not self.rates.head[cell] > 0:
            return ring(0, 0)
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

    def duration(self, start: Cell, way: Way) -> float:
        """Return the time (s) that a way takes; infinity if it is barred."""
        mean = self.mean(start, way)
        return math.inf if mean is None else mean[0] * math.hypot(*way) - float(np.dot(mean[1:], way))

    def best_between(self, one: Cell, t1: float, v: Way, t2: float, w: Way) -> tuple[float, tuple[float, float]]:
        """Return the time (s) of the best way from between a cell reached at t1, way v, and one at t2, way w; that way.

        Infinity and no way (0, 0) where the best one begins at one of the cells, or is barred.
        """
        two = (one[0] + v[1] - w[1], one[1] + v[0] - w[0])
        none = math.inf, (0.0, 0.0)
        first = self.mean(one, v)
        assert first is not None
        p, q = np.array(v, float), np.array(w, float) - v
        l1, l2 = math.hypot(*v), math.hypot(*w)
        late = t2 - t1 - float(np.dot(first[1:], q))
        if not first[0] * (np.dot(v, w) / l2 - l2) < late < first[0] * (l1 - np.dot(v, w) / l1):
            return none
        second = self.mean(two, w)
        if second is None:
            return none
        u1, u2 = t1 - float(np.dot(first[1:], v)), t2 - float(np.dot(second[1:], w))
        slope = (u1 - u2 - (second[0] - first[0]) * (l1 + l2) / 2) / ((first[0] + second[0]) / 2)
        span = float(np.dot(q, q))
        if slope * slope >= span:
            return none
        root = 1 / math.sqrt(span - slope * slope)
        s = (slope * root - float(np.dot(p, q))) / span
        if not 0 < s < 1:
            return none
        x, y = (p + s * q).tolist()
        return u1 + s * (u2 - u1) + (first[0] + s * (second[0] - first[0])) * root, (x, y)


class Fire:
    """What has burnt, and what fire is on its way to; `advance` leaves it in a state from which it goes on.

    burnt    (ny, nx)             cells whose times stand
    time     (ny, nx)     s       when fire came to what has burnt, or will come; infinity where it is not on its way
    clock    (ny, nx)     s       of what has burnt: when ways from there begin; `time` unless rates have changed
    came     (ny, nx, 2)  cells   float32; x, y of the way by which fire came or will come; 0 before a cell that is to
                                  light by itself, the drift of the cell once it has
    sources                       cells that were to light by themselves
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.burnt = np.zeros(shape, bool)
        self.time, self.clock = np.full(shape, np.inf), np.full(shape, np.inf)
        self.came = np.zeros((*shape, 2), np.float32)
        self.sources: set[Cell] = set()

    @property
    def arrival(self) -> NDArray[np.float64]:
        """(ny, nx) s, when fire came; infinity where it has not."""
        return np.where(self.burnt, self.time, np.inf)

    def offer(self, when: float, cell: Cell, way: tuple[float, float]) -> None:
        """Let fire come to a cell at `when` s by `way` (x, y cells) if it would not come earlier."""
        if when < self.time[cell]:
            self.time[cell], self.came[cell] = when, way

    def ignite(self, ground: Ground, cell: Cell, when: float) -> None:
        """Let a cell light by itself at `when` s if it burns and fire would not come earlier."""
        if ground.burns(cell) and when < self.time[cell]:
            self.sources.add(cell)
            self.offer(when, cell, (0.0, 0.0))

    def advance(self, ground: Ground, until: float) -> None:
        """Let cells light in the order of their times, ties by row and column, until `until` s."""
        while True:
            ahead = np.where(self.burnt, np.inf, self.time)
            row, column = divmod(int(ahead.argmin()), ahead.shape[1])
            here = (row, column)
            if np.isinf(ahead[here]) or ahead[here] > until:
                return
            self.burnt[here] = True
            self.clock[here] = self.time[here]
            if not self.came[here].any():
                self.came[here] = ground.drift[:, row, column]
            if here in self.sources:
                self.light_straight(ground, here)
            self.light_around(ground, here)

    def light_around(self, ground: Ground, here: Cell) -> None:
        """Offer fire from a burnt cell, and from between it and other burnt ones, to those that its ways lead to."""
        now = float(self.clock[here])
        ways = ground.ways(here)
        for k, way in enumerate(ways):
            there = (here[0] + way[1], here[1] + way[0])
            if not ground.burns(there) or self.burnt[there]:
                continue
            best, by = now + ground.duration(here, way), (float(way[0]), float(way[1]))
            if math.isinf(best):
                continue
            for other in (ways[(k + 1) % len(ways)], ways[k - 1]):
                beside = (there[0] - other[1], there[1] - other[0])
                if ground.burns(beside) and self.burnt[beside]:
                    found, between = ground.best_between(here, now, way, float(self.clock[beside]), other)
                    if now <= found < best:
                        best, by = found, between
            self.offer(best, there, by)

    def light_straight(self, ground: Ground, start: Cell) -> None:
        """Offer fire by straight ways from a point of ignition to the cells near it."""
        a, w = float(ground.slow[start]), ground.drift[:, start[0], start[1]]
        limit = RADIUS * math.sqrt(a * a - float(w @ w))
        for row, column in np.ndindex(*ground.shape):
            way = (column - start[1], row - start[0])
            if way == (0, 0) or self.burnt[row, column] or a * math.hypot(*way) - float(np.dot(w, way)) > limit:
                continue
            self.offer(float(self.clock[start]) + ground.duration(start, way), (row, column), way)


def arrival(ground: Ground, ignitions: Iterable[tuple[int, int, float]], until: float) -> NDArray[np.float64]:
    """Return (ny, nx) s when fire reaches each cell, infinity where it does not until `until` s.

    ignitions   row, column, time s
    """
    fire = Fire((ground.shape[0], ground.shape[1]))
    for row, column, when in ignitions:
        fire.ignite(ground, (row, column), when)
    fire.advance(ground, until)
    return fire.arrival
