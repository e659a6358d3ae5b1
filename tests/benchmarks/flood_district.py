"""A district of 8 km2 in cells of 5 m under a storm of six hours, buildings as walls: wall time on two threads.

The ground is made up from a seed: a valley with a stream in a channel and slopes of some per cent on both sides, hills
and hollows, streets as wide as two cells in blocks of 55 m, and about 2,500 buildings between them, as walls whose
roofs drain to the ground beside them. 220 mm fall, as a storm does that comes once in a hundred years in the middle
of Korea, with 85 mm in its worst hour. Nothing seeps away, the whole ground is wet, and water leaves over all edges.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.runoff import to_nearest

CELL, ROWS, COLUMNS = 5.0, 640, 500
"""m, cells northwards and eastwards: 3.2 km by 2.5 km."""

BLOCK, STREET = 11, 2
"""Cells from one street to the next, and across a street."""

DEPTH, DURATION, FRAME = 0.220, 6 * 3600.0, 600.0
"""m, s; seconds between two looks at the water, as a run takes its frames."""

SHARES = (0.01, 0.02, 0.03, 0.05, 0.09, 0.20, 0.19, 0.15, 0.10, 0.07, 0.05, 0.04)
"""Share of the rain that falls in each half hour."""

WORST = 2.5 * 3600.0
"""s, when the worst half hour begins."""

MOST_GAINED = 1e-6
"""Share of the water that may be gained or lost."""


@dataclass(frozen=True, slots=True)
class District:
    """(ny, nx): height of the ground in m, walls, Manning's n in s m-1/3, and how many buildings there are."""

    bed: NDArray[np.float64]
    solid: NDArray[np.bool_]
    roughness: NDArray[np.float64]
    buildings: int


def district(ny: int, nx: int, seed: int = 20) -> District:
    """Return a district of ny x nx cells, the same for the same seed."""
    rng = np.random.default_rng(seed)
    y, x = (np.arange(ny) + 0.5) * CELL, (np.arange(nx) + 0.5) * CELL
    # the stream winds southwards through the middle, falling 4 m per km; the slopes grow steeper away from it
    middle = nx * CELL / 2 + 0.08 * nx * CELL * np.sin(y / 450)
    away = np.abs(x[None, :] - middle[:, None])
    bed = 0.004 * y[:, None] + 0.01 * away + 1.5e-5 * away**2
    for _ in range(ny * nx // 1000):
        at, width, height = rng.uniform((0, 0), (y[-1], x[-1])), rng.uniform(30, 150), rng.normal(0, 0.5)
        bed += height * np.outer(np.exp(-(((y - at[0]) / width) ** 2)), np.exp(-(((x - at[1]) / width) ** 2)))
    channel = away < 12
    bed -= np.where(channel, 2.5, 0)
    rows, columns = np.arange(ny) % BLOCK < STREET, np.arange(nx) % BLOCK < STREET
    street = (rows[:, None] | columns[None, :]) & ~channel
    bed -= np.where(street, 0.15, 0)
    solid = np.zeros((ny, nx), bool)
    buildings = 0
    for row in range(STREET, ny - BLOCK, BLOCK):
        for column in range(STREET, nx - BLOCK, BLOCK):
            high, wide = rng.integers(4, BLOCK - STREET, 2)
            up, right = (rng.integers(0, BLOCK - STREET - size + 1) for size in (high, wide))
            lot = np.s_[row + up : row + up + high, column + right : column + right + wide]
            if away[lot].min() > 40:  # nobody builds on the banks
                solid[lot] = True
                buildings += 1
    roughness = np.where(channel, 0.035, np.where(street, 0.016, 0.06))
    return District(bed, solid, roughness, buildings)


def storm(start: float, seconds: float) -> Series:
    """Return the rain in m s-1 of `seconds` of the storm from `start` s on, counted from there."""
    step = DURATION / len(SHARES)
    rates = [share * DEPTH / step for share in SHARES]
    changes = [start, *(i * step for i in range(len(SHARES)) if start < i * step < start + seconds)]
    times = (*(t - start for t in changes), seconds)
    return Series(times, (*(rates[int(t // step)] for t in changes), 0.0), step=True)


def flood(place: District, order: int, start: float, seconds: float) -> tuple[float, ShallowWater]:
    """Return the wall time in s that `seconds` of the storm from `start` s on take, and the water after them.

    Raises ArithmeticError when the water does not add up.
    """
    begin = time.perf_counter()
    water = ShallowWater(
        place.bed,
        CELL,
        roughness=place.roughness,
        solid=place.solid,
        rain_share=to_nearest(np.ones(place.bed.shape), ~place.solid),
        edges=Edge("open"),
        order=order,
        threads=2,
    )
    water.rain = storm(start, seconds)
    for until in np.arange(FRAME, seconds + FRAME, FRAME):
        water.advance(min(float(until), seconds))
        if not np.isfinite(water.depth).all():
            raise ArithmeticError("the depths are not numbers")
    spent = time.perf_counter() - begin
    parts = water.budget()
    entered = water.stored_at_start + parts["rain"] + parts["edge_in"]
    error = (water.stored() + parts["edge_out"] - entered - parts["clipped"]) / entered
    if abs(error) > MOST_GAINED:
        raise ArithmeticError(f"order {order}: {error:.2g} of the water was gained or lost")
    print(
        f"district, order {order}: {spent:.0f} s for {water.steps} steps of {seconds / water.steps:.3f} s, "
        f"{water.cell_updates / spent / 1e6:.0f} Mcell/s of wall time, deepest {water.max_depth.max():.2f} m, "
        f"fastest {water.max_speed.max():.1f} m/s, {(water.max_depth > 0.3).mean():.1%} of the ground above 0.3 m, "
        f"volume error {error:.1e}",
        file=sys.stderr,
        flush=True,
    )
    return spent, water


def measure(short: bool) -> Iterator[Measure]:
    """Yield the wall time of both orders; the short form floods a small corner for two minutes of the worst rain."""
    place = district(*((110, 88) if short else (ROWS, COLUMNS)))
    for order in (1, 2):
        flood(district(33, 33), order, 0.0, 60.0)  # compiles
    size, part = ("small_2min", (WORST, 120.0)) if short else ("8km2_5m_6h", (0.0, DURATION))
    second, water = flood(place, 2, *part)
    yield Measure(f"flood.district_{size}.wall_s", second, "s", "" if short else "<= 180")
    yield Measure(f"flood.district_{size}.mcell_per_s", water.cell_updates / second / 1e6, "Mcell s-1")
    yield Measure(f"flood.district_{size}.first_order.wall_s", flood(place, 1, *part)[0], "s")
    yield Measure(f"flood.district_{size}.buildings", place.buildings, "1")
