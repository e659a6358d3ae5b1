"""Speed of the flood engine on a million cells, in CPU seconds, summaries and all; ratios within one run.

A wet square of 1000 x 1000 cells of 5 m, a dam break in its middle, friction 0.03; a sixth of a square kilometre of
water in 25 for the ratio of wet to dry. Medians, because other work on the machine shares the caches.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from tests.measures import Measure
from twin.physics.shallow_water.engine import ShallowWater

BOUNDS = {
    ("first", "float32"): ">= 200",
    ("first", "float64"): ">= 100",
    ("second", "float32"): ">= 80",
    ("second", "float64"): "",
}


def square(n: int, order: str, precision: str, threads: int, share: float = 1.0) -> ShallowWater:
    """Return n x n cells of which a share is wet, with a step of the level in the middle."""
    depth = np.zeros((n, n))
    side = round(n * np.sqrt(share))
    depth[:side, :side] = 1.0
    depth[: side // 2, :side] = 2.0
    return ShallowWater(
        np.zeros((n, n)),
        5.0,
        roughness=0.03,
        depth=depth,
        order={"first": 1, "second": 2}[order],
        precision=precision,
        threads=threads,
    )


def speed(water: ShallowWater, steps: int, repeats: int) -> tuple[float, float]:
    """Return million cell updates per CPU second and per second of wall time, medians of the repeats."""
    water.advance(0.2)
    cpu, wall = [], []
    for _ in range(repeats):
        before, c, w = water.cell_updates, time.process_time(), time.perf_counter()
        water.advance(water.time + 0.4 * steps)
        done = (water.cell_updates - before) / 1e6
        cpu.append(done / (time.process_time() - c))
        wall.append(done / (time.perf_counter() - w))
    return median(cpu), median(wall)


def measure(short: bool) -> Iterator[Measure]:
    n, steps, repeats = (300, 4, 1) if short else (1000, 64, 5)
    for (order, precision), bound in BOUNDS.items():
        found, _ = speed(square(n, order, precision, 1), steps, repeats)
        name = f"flood.{order}_order.f{precision[5:]}.mcell_per_cpu_s"
        yield Measure(name, found, "Mcell CPU-s-1", bound)
    yield Measure("flood.two_cores.speedup", speedup(n, 4, 10 * repeats), "1", ">= 1.7")
    yield Measure("flood.wet6pct.speedup", median(lazy(n, steps) for _ in range(repeats)), "1", ">= 4")
    yield Measure("flood.bytes_per_cell", square(n, "second", "float32", 1).bytes_per_cell, "B", "<= 60")


def speedup(n: int, steps: int, repeats: int) -> float:
    """Return how many times faster two threads are than one in wall time, in second order.

    The best of many short runs in turn on each side: whatever else the machine does in between slows down both, and two
    threads wait for the one that was put aside.
    """
    waters = [square(n, "second", "float32", threads) for threads in (1, 2)]
    fastest = [0.0, 0.0]
    for _ in range(repeats):
        for k, water in enumerate(waters):
            before, begin = water.cell_updates, time.perf_counter()
            water.advance(water.time + 0.4 * steps)
            fastest[k] = max(fastest[k], (water.cell_updates - before) / (time.perf_counter() - begin))
    return fastest[1] / fastest[0]


def lazy(n: int, steps: int) -> float:
    """Return how many times faster a square of which 6 % are wet is than the same with every tile awake."""
    spent = []
    for awake in (True, False):
        water = square(n, "first", "float32", 1, 0.06)
        water.advance(0.2)
        if awake:
            everything = np.ones(water.water.tiles.shape, bool)
            water.water.tiles.active = lambda everything=everything: everything  # type: ignore[method-assign]  # for the ratio
        begin = time.process_time()
        water.advance(water.time + 0.4 * steps)
        spent.append(time.process_time() - begin)
    return spent[0] / spent[1]
