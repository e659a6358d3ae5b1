"""A hundred fires of 6 h on a million cells, two cores: the rates of each member from its own weather, then the spread.

GR2 at 30 m, wind of 20 km/h at 10 m, dead fuel at 3-5 %; wind, its direction, the moisture and the rate of each member
drawn with the spread of a forecast. Two threads of one process, one grid of fuel: what the members differ in is weather.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tests.measures import Measure
from tests.physics.fire_rates import SIX_HOURS
from twin.physics.wildfire.front import Front
from twin.physics.wildfire.rates import Moisture, Options, rates

CELL, SIDE, AT, GR2 = 30.0, 1000, (350, 500), 102
SEED = 20


def member(fuel: np.ndarray, number: int) -> np.ndarray:
    """Return (ny, nx) which cells one member burns."""
    random = np.random.default_rng([SEED, number])
    wind = 20.0 / 3.6 * float(np.exp(random.normal(0.0, 0.15)))
    moisture = np.array([0.03, 0.04, 0.05, 0.30, 0.60]) * float(np.exp(random.normal(0.0, 0.1)))
    made = rates(
        fuel,
        Moisture(*moisture.tolist()),
        wind_speed=wind,
        wind_from=180.0 + float(random.normal(0.0, 15.0)),
        options=Options(factor=float(np.exp(random.normal(0.0, 0.3)))),
    )
    front = Front(fuel.shape, CELL)
    front.burn(made, 0.0)
    front.ignite([AT[0]], [AT[1]], 0.0)
    front.advance(SIX_HOURS)
    assert front.touched == np.inf
    return front.burnt


def measure(short: bool) -> Iterator[Measure]:
    fuel = np.full((SIDE, SIDE), GR2, np.int16)
    count = 4 if short else 100
    member(fuel, 0)
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:
        times = np.zeros(fuel.shape, np.int32)
        for burnt in pool.map(lambda k: member(fuel, k), range(count)):
            times += burnt
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    scale = 100 / count
    yield Measure("fire.ensemble_100.wall_s", wall * scale, "s", "<= 20")
    yield Measure("fire.ensemble_100.cpu_s", cpu * scale, "CPU-s")
    yield Measure("fire.ensemble_100.cells_per_member", float(times.sum() / count), "1")
    yield Measure("fire.ensemble_100.cores", float(os.cpu_count() or 0), "1")
