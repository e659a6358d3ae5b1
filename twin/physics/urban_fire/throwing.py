"""The firebrands of one step, compiled. Each draw is a hash of seed, node, step and its number: no order, no threads.

`reference.throw` is the same in plain Python.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, exp, log, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called, kernel
from twin.physics.urban_fire import brands
from twin.physics.urban_fire.compiling import constants
from twin.physics.urban_fire.neighbours import Grid

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

HEAT, THROWS = 2, 7
"""Columns, as in `stepping`, from which it cannot be imported without a copy on disk that is never renewed."""
GOLDEN, FIRST, SECOND = (np.uint64(v) for v in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
BURNING, BRAND, OUTSIDE = 2, 4, 5
G, LIFTS = brands.GRAVITY, brands.AIR_DENSITY * brands.AIR_HEAT * brands.AIR_TEMPERATURE * brands.GRAVITY**0.5
EVERY = 6
"""Steps between two throws of a node, which throws the brands of all of them at once: in turn with the others."""
CHUNK = 30.0
"""Greatest mean of a Poisson number drawn in one go."""
FROM_OUTSIDE, FROM_SPRINKLER = -1, -2
"""Numbers of the step's one draw for brands from outside, and of the one that says whether sprinklers work."""


@called
def mixed(x: np.uint64) -> np.uint64:
    """Return well-mixed bits of x. Source: SplitMix64, Steele, Lea and Flood (2014)."""
    x = (x ^ (x >> np.uint64(30))) * FIRST
    x = (x ^ (x >> np.uint64(27))) * SECOND
    return x ^ (x >> np.uint64(31))


@called
def uniform(seed: int, node: int, step: int, draw: int) -> float:
    """Return a number between 0 and 1, neither of them, that depends on its four arguments alone."""
    x = mixed(np.uint64(seed) + GOLDEN)
    x = mixed(x + np.uint64(node) * GOLDEN)
    x = mixed(x + np.uint64(step) * GOLDEN)
    x = mixed(x + np.uint64(draw) * GOLDEN)
    return (float(x >> np.uint64(11)) + 0.5) * 2.0**-53


@kernel
def uniforms(seed: int, count: int, step: int, draw: int) -> Array:
    """Return one such number (count,) for each node."""
    out = np.empty(count)
    for i in range(count):
        out[i] = uniform(seed, i, step, draw)
    return out


@called
def inside(corners: Array, first: int, last: int, x: float, y: float) -> bool:
    """Return whether a point lies in a ring.

    corners  (m, 2) m      first, last  its first corner and the one after its last      x, y  m
    """
    odd = False
    for k in range(first, last):
        n = k + 1 if k + 1 < last else first
        ya, yb = corners[k, 1], corners[n, 1]
        if (ya > y) != (yb > y):
            crossing = corners[k, 0] + (y - ya) / (yb - ya) * (corners[n, 0] - corners[k, 0])
            if x < crossing:
                odd = not odd
    return odd


@called
def landed(grid: Grid, corners: Array, starts: Integers, catches: Array, x: float, y: float) -> int:
    """Return the node on whose roof a brand at x, y m lands, -1 where there is none that a brand could ignite."""
    first, members, west, south, cell, nx, ny = grid
    column, row = int((x - west) // cell), int((y - south) // cell)
    if not (0 <= column < nx and 0 <= row < ny):
        return -1
    at = row * nx + column
    for k in range(first[at], first[at + 1]):
        j = members[k]
        if catches[j] > 0 and inside(corners, starts[j], starts[j + 1], x, y):
            return int(j)
    return -1


def _build(key: str) -> Callable[..., tuple[int, Array]]:
    @kernel
    def throw(
        alight: Integers, count: int, time: float, dt: float, step: int, seed: int, wind: float, east: float,
        north: float, kind: tuple[float, float, float], grid: Grid, corners: Array, starts: Integers, middle: Array,
        size: Array, fires: Array, runs: Array, catches: Array, outside: Array, wet: Array,
        standing: NDArray[np.bool_], state: tuple[Codes, Array, Codes, Integers],
    ) -> tuple[int, Array]:  # fmt: skip
        """Throw the brands of a step; return how many nodes burn after it, and where brands fell, (k, 2) m.

        alight      (n,)  first `count`: the nodes that burn; kept up to date
        time, dt    s     at the end of the step, its length      step  its number
        wind        m s-1      east, north  1   where it blows to
        kind        MJ-1, kg m-3, m   see `brands.Brands`
        grid, corners (m, 2) m, starts (n + 1,), middle (n, 2) m, size (n,) m   where the buildings are, how large
        fires, runs (n, 8)   see `stepping`                  catches  (n,) 1   see `tables.Structure`
        outside     (n,)   brands expected from elsewhere in this step (none: empty)
        wet         (n,) L s-1   brands on wetted buildings are lost      standing  (n,)
        state       state, ignited s, cause, by; written
        """
        if key == "":
            return 0, np.empty((0, 2))
        code, ignited, cause, by = state
        rate, density, thickness = kind
        kept, fell, total = count, np.empty((64, 2)), 0
        for k in range(count):
            i = alight[k]
            if (i + step) % EVERY != 0:
                continue
            heat = runs[i, HEAT]
            mean = rate * fires[i, THROWS] * heat * dt * EVERY / 1e3
            if mean <= 0 or wind < brands.LEAST_WIND:
                continue
            draw, number, left = 0, 0, mean
            while left > 0:
                limit, product = exp(-min(left, CHUNK)), 1.0
                left -= CHUNK
                while True:
                    product *= uniform(seed, i, step, draw)
                    draw += 1
                    if product <= limit:
                        break
                    number += 1
            if number == 0:
                continue
            d = size[i]
            b = wind / sqrt(G * d) * (density / brands.AIR_DENSITY) ** -0.75 * (thickness / d) ** -0.75
            b *= sqrt(heat / (LIFTS * d**2.5))
            average, spread = 0.47 * b ** (2 / 3) * d, 0.88 * b ** (1 / 3) * d
            s2 = log(1 + (spread / average) ** 2)
            for _ in range(number):
                radius = sqrt(-2 * log(uniform(seed, i, step, draw)))
                angle = 2 * pi * uniform(seed, i, step, draw + 1)
                along = exp(log(average) - s2 / 2 + sqrt(s2) * radius * cos(angle))
                aside = 0.92 * d * radius * sin(angle)
                x, y = middle[i, 0] + along * east - aside * north, middle[i, 1] + along * north + aside * east
                if total == fell.shape[0]:
                    more = np.empty((2 * total, 2))
                    more[:total] = fell
                    fell = more
                fell[total, 0], fell[total, 1] = x, y
                total += 1
                j = landed(grid, corners, starts, catches, x, y)
                bare = j >= 0 and code[j] < BURNING and standing[j] and wet[j] <= 0
                if bare and uniform(seed, i, step, draw + 2) < catches[j]:
                    code[j], ignited[j], cause[j], by[j] = BURNING, time, BRAND, i
                    alight[kept] = j
                    kept += 1
                draw += 3
        for j in range(outside.shape[0]):
            bare = outside[j] > 0 and code[j] < BURNING and standing[j] and wet[j] <= 0
            if bare and uniform(seed, j, step, FROM_OUTSIDE) < 1 - (1 - catches[j]) ** outside[j]:
                code[j], ignited[j], cause[j], by[j] = BURNING, time, OUTSIDE, -1
                alight[kept] = j
                kept += 1
        return kept, fell[:total]

    return throw


throw = _build(constants())
