"""A fire like that of Itoigawa, 22 December 2016: 147 buildings damaged, 10 spot fires, mean wind 9 m/s. One event.

A made-up quarter: 9 columns of 22 timber houses along the wind, mortar outside, a tenth of them bare wood, gaps of 1 to
2 m, a street of 6 m after every third column and fourth row, open ground and the sea around it. It starts in one house at the
windward end. Engines come as they did: some at once, fifty after three hours and a quarter, each with 10 L/s; the
newest fires get the water first. Neither the plan of the real quarter nor what residents did is known here.

Spot fires: fires by brands farther than 15 m from the house that threw them, out of reach of its radiation. The rate of
capable brands in `brands.Brands` was calibrated on their number in this ensemble and on nothing else; what burns down
is not fitted, but hangs on the made-up quarter and on where the water goes: without brands the median is near 118
houses, with four times the rate nearly all 198. Members differ in the seed and in the wind (9 m/s, 10 %; direction, 10 degrees).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.cases.town import MORTARED, box
from twin.physics.urban_fire.brands import Brands
from twin.physics.urban_fire.buildings import Buildings, buildings
from twin.physics.urban_fire.engine import UrbanFire

COLUMNS, ROWS, SIDE, STREET, SPOT = 9, 22, 9.0, 6.0, 15.0
"""houses across and along, m, m, m."""
HOURS, CREW_EVERY, FLOW = 10.4, 240.0, 10.0
"""h from report to containment, s between two engines until fifty are there, L s-1 of each."""


def quarter(seed: int) -> Buildings:
    """Return the quarter: where exactly the houses stand, and which are bare, goes with the seed."""
    rng = np.random.default_rng([seed, 1])
    rings, about = [], []
    for i in range(COLUMNS):
        for j in range(ROWS):
            x = i * (SIDE + 1.5) + (i // 3) * STREET + rng.uniform(-0.25, 0.25)
            y = j * (SIDE + 1.5) + (j // 4) * STREET + rng.uniform(-0.25, 0.25)
            rings.append(box(x, y, SIDE, SIDE))
            about.append({**MORTARED, "cladding": "combustible" if rng.random() < 0.1 else "non_combustible"})
    return buildings(rings, about)


def fight(fire: UrbanFire, engines: int) -> None:
    """Give each engine's water to one burning house, the newest fires first."""
    now = fire.burning[::-1][:engines]
    for i in np.flatnonzero(fire.hosed > 0):
        fire.hose(int(i), 0.0)
    for i in now:
        fire.hose(int(i), 2 * FLOW if engines > 2 * len(now) else FLOW)


def member(seed: int, brands: Brands) -> UrbanFire:
    """Return the quarter when the fire is out, or after the hours it took."""
    rng = np.random.default_rng([seed, 2])
    wind, turn = 9.0 * (1 + 0.1 * rng.standard_normal()), 10.0 * rng.standard_normal()
    fire = UrbanFire(quarter(seed), seed=seed, brands=brands)
    fire.ignite((COLUMNS // 2) * ROWS + 1, 0.0)
    for k in range(int(HOURS * 60)):
        fight(fire, min(50, int(k * 60 / CREW_EVERY)))
        fire.advance((k + 1) * 60.0, wind_speed=wind, wind_from=180.0 + turn)
        if not len(fire.burning):
            break
    return fire


def counts(fire: UrbanFire) -> tuple[int, int]:
    """Return how many houses burnt and how many spot fires there were."""
    middle = fire.city.outlines.centroid
    brand = np.flatnonzero(fire.cause == 4)
    far = np.hypot(*(middle[brand] - middle[fire.by[brand]]).T) > SPOT + SIDE
    return int((fire.state >= 2).sum()), int(far.sum())


def ensemble(members: int, brands: Brands) -> tuple[np.ndarray, np.ndarray]:
    """Return burnt houses and spot fires of so many members."""
    found = np.array([counts(member(seed, brands)) for seed in range(members)])
    return found[:, 0], found[:, 1]


def measure(short: bool) -> Iterator[Measure]:
    burnt, spots = ensemble(4 if short else 24, Brands())
    yield Measure("fire.itoigawa.members", float(len(burnt)), "1")
    for name, values in (("burnt", burnt), ("spot_fires", spots)):
        low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
        yield Measure(f"fire.itoigawa.{name}_median", float(middle), "1")
        yield Measure(f"fire.itoigawa.{name}_p10", float(low), "1")
        yield Measure(f"fire.itoigawa.{name}_p90", float(high), "1")
