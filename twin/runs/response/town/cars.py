"""Private cars of a town: trips that begin hour by hour, through closures, signs and water.

Who drives where is drawn anew for every hour from a generator of its own: people who leave or enter the city by the
roads that end at its rim, and people who drive from their homes, to a few goals of both kinds. Trips, goals and the
share of drivers who turn round at water are this project's own assumptions (unverified).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network import leading, parts
from twin.model.response.city import Network
from twin.physics.movement.driving import Cars
from twin.physics.movement.driving_kernels import STUCK
from twin.physics.movement.driving_trips import Trips, drivers
from twin.runs.response.town.felt import Felt
from twin.runs.response.town.ground import Ground

HOUR = 3600.0
STREAM = 0xCA25
"""Keeps the draws of cars apart from those of homes."""

GOALS = 16
"""Places that people drive to, half of them where roads leave the city."""

THROUGH = 0.5
"""Share of trips that begin where roads come into the city."""

TURNING = 0.7
"""Share of drivers who turn round at water over the limit of their car; the others drive in and are stuck."""

PERSONS = 1.3
"""People in a car."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """The fastest ways of a network, as cars look for them."""

    roads: Network

    def __call__(
        self, goals: NDArray[np.int64], shut: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        return leading(self.roads, goals, shut=shut)


@dataclass(slots=True, eq=False)
class Traffic:
    """The cars of a town.

    seed      of the trips;   starts, goals  nodes, and the weight of each start
    district  (k,) of each edge, that of the home nearest to its middle
    cars      all that have begun a trip, or will within the hour;   hours  for which there are trips
    water     (k,) m at the last change of it, `changed` s
    stuck     (d + 1,) person s in cars that are stuck, by district
    """

    seed: int
    starts: NDArray[np.int64]
    weight: NDArray[np.float64]
    goals: NDArray[np.int64]
    district: NDArray[np.int64]
    cars: Cars
    hours: int
    water: NDArray[np.float64]
    changed: float
    stuck: NDArray[np.float64]

    @classmethod
    def of(cls, ground: Ground, seed: int) -> Traffic | None:
        """Return the cars of a town at 0 s; None where the settings have none, or no road leads anywhere."""
        roads = ground.roads
        if ground.settings.cars <= 0 or roads.foot.all():
            return None
        main = parts(roads) == 0
        rim = _rim(roads, main)
        near = ground.node >= 0
        people = np.bincount(ground.node[near], ground.people.sum(axis=1)[near], len(roads.x)) * main
        lived = np.flatnonzero(people)
        rng = np.random.default_rng([seed, STREAM])
        goals = _some(rng, rim, None, GOALS // 2)
        if len(lived):
            goals = np.union1d(goals, _some(rng, lived, people[lived], GOALS - GOALS // 2))
        share = THROUGH if len(lived) else 1.0
        weight = np.concatenate([np.full(len(rim), share / len(rim)), (1 - share) * people[lived] / people.sum()])
        middle = [(values[roads.start] + values[roads.end]) / 2 for values in (roads.x, roads.y)]
        return cls(
            seed=seed,
            starts=np.concatenate([rim, lived]),
            weight=weight,
            goals=goals,
            district=ground.districts_at(*middle),
            cars=Cars(roads, _Ways(roads), _trips(rng, ground, 0.0, [], [])),
            hours=0,
            water=np.zeros(len(roads.start)),
            changed=0.0,
            stuck=np.zeros(len(ground.districts) + 1),
        )

    def copy(self) -> Traffic:
        """Return the same, independent."""
        return Traffic(
            self.seed, self.starts, self.weight, self.goals, self.district, self.cars.copy(), self.hours, self.water,
            self.changed, self.stuck.copy(),
        )  # fmt: skip

    def drive(
        self, ground: Ground, felt: Felt, shut: NDArray[np.bool_], avoid: NDArray[np.bool_], time: float, step: float
    ) -> None:
        """Let everybody drive from `time` s for `step` s.

        shut, avoid  (k,) edges that are closed, that signs tell drivers to avoid
        """
        while self.hours * HOUR <= time:
            self._begin_hour(ground)
        if not np.array_equal(felt.edge_depth, self.water):
            self.water, self.changed = felt.edge_depth, time
        self.cars.know(shut, avoid=avoid)
        self.cars.advance(time + step, np.array([self.changed]), self.water[None])
        self.stuck += step * np.bincount(self.district, self.cars.in_water(), len(self.stuck))

    def rescue(self, edges: tuple[int, ...]) -> float:
        """Take people out of cars that are stuck on some edges; return how many."""
        return self.cars.rescue(np.flatnonzero(np.isin(self.cars.edge, edges) & (self.cars.status == STUCK)))

    def _begin_hour(self, ground: Ground) -> None:
        rng = np.random.default_rng([self.seed, STREAM, self.hours])
        count = round(ground.settings.cars)
        start = rng.choice(self.starts, count, p=self.weight / self.weight.sum())
        goal = rng.choice(self.goals, count)
        departs = np.sort(self.hours * HOUR + rng.random(count) * HOUR)
        goes = start != goal
        self.cars.add(_trips(rng, ground, departs[goes], start[goes], goal[goes]))
        self.hours += 1


def _trips(rng: np.random.Generator, ground: Ground, departs: object, start: object, goal: object) -> Trips:
    start, goal = np.asarray(start, dtype=np.int64), np.asarray(goal, dtype=np.int64)
    when = np.broadcast_to(np.asarray(departs, dtype=np.float64), start.shape)
    settings = ground.settings
    persons = np.full(len(start), PERSONS)
    return drivers(
        rng, start, goal, when, persons, limit=settings.car_depth, turning=TURNING, heeding=settings.obeys
    )  # fmt: skip


def _rim(roads: Network, main: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the nodes where fast roads end, else the outermost nodes: where cars come in and leave."""
    cars = ~roads.foot
    ends = np.concatenate([roads.start[cars], roads.end[cars]])
    degree = np.bincount(ends, minlength=len(roads.x))
    fast = np.zeros(len(roads.x))
    np.maximum.at(fast, ends, np.concatenate([roads.speed[cars], roads.speed[cars]]))
    tips = np.flatnonzero(main & (degree == 1) & (fast > np.median(roads.speed[cars])))
    if len(tips) >= 2:
        return tips
    on = np.flatnonzero(main & (degree > 0))
    away = np.hypot(roads.x[on] - roads.x[on].mean(), roads.y[on] - roads.y[on].mean())
    return np.sort(on[np.argsort(-away, kind="stable")[:GOALS]])


def _some(
    rng: np.random.Generator, nodes: NDArray[np.int64], weight: NDArray[np.float64] | None, count: int
) -> NDArray[np.int64]:
    share = None if weight is None else weight / weight.sum()
    return np.sort(rng.choice(nodes, min(count, len(nodes)), replace=False, p=share))
