"""Speed of spread: burnt cells per CPU second, one thread, every cell with rates of its own; from the first ignition on.

Uniform: SH5, 6 h, 1000 x 1000 cells of 30 m. Mosaic: patches of GR2, SH5 and TU5, 12 h (the case of fire_mosaic). Rough:
rate, ellipse and heading of every cell drawn by itself, which nothing in the march may profit from. The same mode as
in the validation: there is only one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from tests.measures import Measure
from tests.physics.fire_rates import SIX_HOURS, eccentricity_of, rates_of
from tests.validation.fire_mosaic import mosaic
from twin.physics.wildfire.front import Front
from twin.physics.wildfire.rates import Rates

CELL, AT = 30.0, (200, 500)


def speed(rates: Rates, until: float, repeats: int) -> float:
    """Return burnt cells per CPU second, median of the repeats; what `burn` costs is not in it."""
    found = []
    for _ in range(repeats):
        front = Front(rates.head.shape, CELL)
        front.burn(rates, 0.0)
        begin = time.process_time()
        front.ignite([AT[0]], [AT[1]], 0.0)
        burnt = len(front.advance(until))
        found.append(burnt / (time.process_time() - begin))
    return median(found)


def packing(rates: Rates, repeats: int) -> float:
    """Return million cells per CPU second that `burn` takes in a change of the weather, median of the repeats."""
    front = Front(rates.head.shape, CELL)
    front.burn(rates, 0.0)
    front.ignite([AT[0]], [AT[1]], 0.0)
    found = []
    for k in range(repeats):
        front.advance(3600.0 * (k + 1))
        begin = time.process_time()
        front.burn(rates, front.time)
        found.append(rates.head.size / 1e6 / (time.process_time() - begin))
    return median(found)


def measure(short: bool) -> Iterator[Measure]:
    repeats = 1 if short else 7
    shape = (1000, 1000)
    uniform = rates_of(shape, 36.93571 / 60.0, eccentricity_of(1.752691), math.pi / 2)
    speed(uniform, 1800.0, 1)
    name, unit = "fire.wildfire.{}.cells_per_cpu_s", "cells CPU-s-1"
    yield Measure(name.format("uniform"), speed(uniform, SIX_HOURS, repeats), unit, ">= 400000")
    yield Measure(name.format("mosaic"), speed(mosaic(), 2 * SIX_HOURS, repeats), unit, ">= 300000")
    random = np.random.default_rng(4)
    head, e = random.uniform(0.1, 0.6, shape), eccentricity_of(random.uniform(1.0, 4.0, shape))
    rough = rates_of(shape, head, e, math.pi / 2 + random.normal(0.0, 0.5, shape))
    yield Measure(name.format("rough"), speed(rough, SIX_HOURS, repeats), unit)
    windy = rates_of(shape, 0.5, eccentricity_of(5.0), math.radians(17.0 + 90.0))
    yield Measure(name.format("lw5"), speed(windy, SIX_HOURS, repeats), unit)
    yield Measure("fire.wildfire.burn.mcell_per_cpu_s", packing(uniform, min(repeats, 5)), "Mcell CPU-s-1")
    yield Measure("fire.wildfire.bytes_per_cell", Front(shape, CELL).bytes_per_cell, "B", "<= 60")
