"""Speed of the network of buildings: 100,000 of them, six hours in steps of 10 s, the search for neighbours included.

A made-up city of timber houses, 10 x 10 m two storeys, mortar outside, 14 m apart and a little out of
line, one fire and a wind of 4 m/s, so that about 20,000 have burnt or burn in the end. CPU seconds of one thread. Outlines and
attributes become nodes before the clock starts: that is reading the city, not simulating it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from twin.physics.urban_fire.brands import Brands
from twin.physics.urban_fire.buildings import Buildings, buildings
from twin.physics.urban_fire.engine import UrbanFire

PITCH, SIDE, STEP = 14.0, 10.0, 10.0
"""m between middles, m, s."""
FIRE, WIND = (0.45, 0.4), 4.0
"""Where it starts, as shares of the city's width and depth; m s-1."""


def city(n: int) -> Buildings:
    """Return n x n houses."""
    middles = np.stack(np.meshgrid(np.arange(n) * PITCH, np.arange(n) * PITCH), -1).reshape(-1, 2)
    middles += np.random.default_rng(1).normal(0, 0.5, middles.shape)
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * SIDE / 2
    house = {"structure": "timber", "cladding": "non_combustible", "storeys": 2, "height": 6.0}
    return buildings(list(middles[:, None] + square), [house] * len(middles))


def burn(houses: Buildings, n: int, hours: float) -> tuple[float, UrbanFire]:
    """Return the CPU seconds of the search and the simulation, and the fire."""
    begin = time.process_time()
    fire = UrbanFire(houses, seed=1, step=STEP, brands=Brands())
    fire.ignite(int(FIRE[1] * n) * n + int(FIRE[0] * n), 0.0)
    fire.advance(hours * 3600, wind_speed=WIND, wind_from=200.0)
    return time.process_time() - begin, fire


def measure(short: bool) -> Iterator[Measure]:
    n, hours, repeats = (40, 1.0, 1) if short else (317, 6.0, 3)
    houses = city(n)
    burn(city(10), 10, 0.1)
    best = min((burn(houses, n, hours) for _ in range(repeats)), key=lambda found: found[0])
    seconds, fire = best
    yield Measure("fire.urban_100k.cpu_s", seconds, "s", "<= 5")
    yield Measure("fire.urban_100k.buildings", float(houses.count), "1")
    yield Measure("fire.urban_100k.burnt", float((fire.state >= 2).sum()), "1")
    yield Measure("fire.urban_100k.pairs", float(len(fire.pairs.target)), "1")
