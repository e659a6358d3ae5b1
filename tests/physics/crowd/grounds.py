"""Grounds and crowds that the tests of the crowd share."""

from __future__ import annotations

import numpy as np

from twin.physics.crowd.crowd import Crowd
from twin.physics.crowd.people import People, bound_for, population, standing
from twin.physics.crowd.plan import Gate, Plan
from twin.physics.crowd.walking import speed_at


def box(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    return ((west, south), (east, south), (east, north), (west, north))


def lattice(count: int, west: float, south: float, east: float, north: float) -> tuple[np.ndarray, np.ndarray]:
    """Return so many places, evenly over a rectangle, row by row."""
    nx = max(1, int(np.ceil(np.sqrt(count * (east - west) / (north - south)))))
    ny = int(np.ceil(count / nx))
    x, y = np.meshgrid(
        west + (np.arange(nx) + 0.5) * (east - west) / nx, south + (np.arange(ny) + 0.5) * (north - south) / ny
    )
    return x.ravel()[:count], y.ravel()[:count]


def alike(people: People, speed: float) -> People:
    """Return them all of one speed and radius."""
    people.speed[:] = speed
    people.radius[:] = 0.2
    return people


def room(width: float = 1.0, count: int = 100, seed: int = 1, long: float = 8.0, wide: float = 5.0) -> Crowd:
    """Return a room with a door in the middle of its east side: that of IMO's test 4."""
    plan = Plan((box(0, 0, long, wide),), gates=(Gate("door", (long, (wide - width) / 2), (long, (wide + width) / 2)),))
    people = population(count, np.random.default_rng(seed))
    return Crowd(plan, standing(people, *lattice(count, 0, 0, long, wide)))


def corridor(long: float = 44.0, wide: float = 2.0) -> Plan:
    return Plan(
        (box(0, 0, long, wide),), gates=(Gate("west", (0, 0), (0, wide)), Gate("east", (long, 0), (long, wide)))
    )


def one_way(density: float, seed: int = 1) -> tuple[float, float, float]:
    """Return density, speed and Weidmann's speed at it, in the middle of a corridor of 4 x 50 m filled at a density."""
    long, wide = 50.0, 4.0
    count = int(density * long * wide)
    rng = np.random.default_rng(seed)
    x, y = lattice(count, 0, 0, long, wide)
    x = np.clip(x + rng.uniform(-0.2, 0.2, count) / np.sqrt(density), 0.25, long)
    y = np.clip(y + rng.uniform(-0.2, 0.2, count) / np.sqrt(density), 0.25, wide - 0.25)
    crowd = Crowd(corridor(long + 2, wide), bound_for(standing(population(count, rng), x, y), 1))
    found = []
    for time in np.arange(5.0, 13.0):
        crowd.advance(float(time))
        inside = crowd.inside
        middle = inside[np.abs(crowd.state.position[inside, 0] - 25.0) < 5.0]
        found.append((len(middle) / (10 * wide), crowd.state.velocity[middle, 0].mean()))
    rho, speed = np.mean(found, axis=0)
    return float(rho), float(speed), float(speed_at(rho))


def flow_of(times: np.ndarray) -> float:
    """Return persons s-1 between the 15th and the 85th of a hundred who leave at times (n,) s."""
    times = np.sort(times[np.isfinite(times)])
    low, high = int(0.15 * len(times)), int(0.85 * len(times))
    return float((high - low) / (times[high] - times[low]))
