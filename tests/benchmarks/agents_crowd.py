"""Speed of the crowd: 5,000 people on a plaza of 70 x 70 m, bound for four gates, steps of 0.1 s of one core."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.crowd.grounds import box, lattice
from twin.physics.crowd.crowd import Crowd
from twin.physics.crowd.people import bound_for, population, standing
from twin.physics.crowd.plan import Gate, Plan

PEOPLE, SIDE = 5000, 70.0


def plaza(count: int = PEOPLE) -> Crowd:
    """Return so many people spread over a plaza with four stalls, each bound for one of four gates of 8 m."""
    a, b = SIDE / 2 - 4, SIDE / 2 + 4
    ends = ((a, 0), (b, 0)), ((SIDE, a), (SIDE, b)), ((a, SIDE), (b, SIDE)), ((0, a), (0, b))
    gates = tuple(Gate(name, *end) for name, end in zip("snew", ends, strict=True))
    stalls = tuple(box(x, y, x + 2, y + 2) for x in (15, 50) for y in (15, 50))
    x, y = lattice(count + 200, 0, 0, SIDE, SIDE)
    free = ~np.any([(np.abs(x - s[0][0] - 1) < 1.3) & (np.abs(y - s[0][1] - 1) < 1.3) for s in stalls], axis=0)
    keep = np.flatnonzero(free)[:count]
    rng = np.random.default_rng(1)
    people = bound_for(standing(population(count, rng), x[keep], y[keep]), rng.integers(0, 4, count))
    return Crowd(Plan((box(0, 0, SIDE, SIDE),), obstacles=stalls, gates=gates), people)


def measure(short: bool) -> Iterator[Measure]:
    plaza(100).advance(1.0)  # compiles, or reads what was compiled
    crowd = plaza(500 if short else PEOPLE)
    crowd.advance(1.0)
    rates = []
    for _ in range(1 if short else 5):
        begin, first = time.perf_counter(), crowd.state.step
        crowd.advance(crowd.time + 3.0)
        rates.append((crowd.state.step - first) / (time.perf_counter() - begin))
    # the short form moves 500; it is only to show that it runs
    yield Measure("agents.crowd_5000.steps_per_s", float(np.median(rates)), "1/s", ">= 25")
    yield Measure("agents.crowd_5000.people_at_the_end", float(len(crowd.inside)), "1")
