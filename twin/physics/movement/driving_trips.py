"""Who drives where, and how they fare: what goes into `driving.Cars` and comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLAIN, TOLD, UNIT = range(3)
"""Kinds of drivers: know what is closed; heed message signs as well; emergency units, which may pass what is closed."""


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """Who wants to go where.

    start, goal  (m,) int32 nodes;      departs   (m,) s from the start of the run
    persons      (m,) in the car;       kind      (m,) int8 PLAIN, TOLD or UNIT
    cautious     (m,) bool turns round at water deeper than `limit`, (m,) m; else drives in
    share        (m,) of the speed of a car on the free road, > 0
    """

    start: NDArray[np.int32]
    goal: NDArray[np.int32]
    departs: NDArray[np.float64]
    persons: NDArray[np.float64]
    kind: NDArray[np.int8]
    cautious: NDArray[np.bool_]
    limit: NDArray[np.float64]
    share: NDArray[np.float64]


def drivers(
    rng: np.random.Generator,
    start: NDArray[np.integer],
    goal: NDArray[np.integer],
    departs: NDArray[np.float64],
    persons: NDArray[np.float64],
    *,
    limit: float,
    turning: float,
    heeding: float,
) -> Trips:
    """Return trips of private cars; of them a share `turning` turns round at water, and `heeding` heeds signs.

    limit  m, depth that a car still passes;   start, goal, departs, persons  (m,) as in `Trips`
    """
    turns, heeds = rng.random((2, len(start)))
    return Trips(
        start=start.astype(np.int32),
        goal=goal.astype(np.int32),
        departs=departs.astype(np.float64),
        persons=persons.astype(np.float64),
        kind=np.where(heeds < heeding, TOLD, PLAIN).astype(np.int8),
        cautious=turns < turning,
        limit=np.full(len(start), limit),
        share=np.ones(len(start)),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How the cars fare.

    waiting, driving, stuck, arrived, rescued, no_way   cars; waiting have not departed, no_way stand at a node
    persons               in cars that are stuck
    person_seconds_stuck  since the beginning
    delay                 vehicle s since departure, beyond what the trip takes on free, dry and open roads
    """

    waiting: int
    driving: int
    stuck: int
    arrived: int
    rescued: int
    no_way: int
    persons: float
    person_seconds_stuck: float
    delay: float
