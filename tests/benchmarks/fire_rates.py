"""Rates of spread of a million cells with mixed fuel: cells per CPU second, whatever differs from cell to cell.

Flat ground in even weather, fuel in stands of 20 x 20 cells (a cell like its neighbour costs next to nothing) or mixed
cell by cell; slopes; dead fuel drier here than there; and everything at once, with crowns.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from tests.measures import Measure
from twin.physics.wildfire import kernels
from twin.physics.wildfire.fuels import standard
from twin.physics.wildfire.moisture import Moisture
from twin.physics.wildfire.rates import Canopy, Inputs, Options, Terrain, inputs


def landscapes(n: int) -> dict[str, Inputs]:
    """Return n x n cells of all burnable fuel models, by what differs from cell to cell."""
    rng = np.random.default_rng(4)
    table, shape = standard(), (n, n)
    number = rng.choice(table.number[table.burns], shape)
    even = Moisture(0.06, 0.07, 0.08, 0.60, 0.90)
    slopes = Terrain(rng.normal(0, 0.2, shape), rng.normal(0, 0.2, shape))
    dead = Moisture(*(rng.uniform(0.03, 0.12, shape) for _ in range(3)), 0.60, 0.90)
    every = Moisture(dead.one, dead.ten, dead.hundred, rng.uniform(0.3, 1.2, shape), rng.uniform(0.6, 1.5, shape))
    crowns = Canopy(
        rng.uniform(0, 1, shape), rng.uniform(0, 20, shape), rng.uniform(0, 5, shape), rng.choice([0, 0.1, 0.2], shape)
    )
    stands = np.repeat(np.repeat(number[::20, ::20], 20, axis=0), 20, axis=1)[:n, :n]
    return {
        "stands": inputs(stands, even, 10.0, 270.0),
        "even": inputs(number, even, 10.0, 270.0),
        "slopes": inputs(number, even, 10.0, 270.0, slopes),
        "dead_moisture": inputs(number, dead, 10.0, 270.0, slopes),
        "everything": inputs(number, every, rng.uniform(0, 20, shape), rng.uniform(0, 360, shape), slopes, crowns),
    }


def measure(short: bool) -> Iterator[Measure]:
    n, repeats = (200, 2) if short else (1000, 7)
    for name, given in landscapes(n).items():
        kernels.run(given, Options())
        spent = []
        for _ in range(repeats):
            begin = time.process_time()
            kernels.run(given, Options())
            spent.append(time.process_time() - begin)
        key = "fire.rates.cells_per_cpu_s" if name == "slopes" else f"fire.rates.{name}.cells_per_cpu_s"
        yield Measure(key, n * n / median(spent), "cells s-1", ">= 5e6" if name == "slopes" else "")
