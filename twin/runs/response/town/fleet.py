"""Units on the road: each drives to its jobs one after the other, works, and is free where it is then.

It takes the way of its award, and another where water over its limit bars that; without any it waits and tries again
every step, and says that it is stuck. A bus takes people in at its job and is free when it has brought them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from twin.model.response.city import Unit
from twin.physics.movement import walking
from twin.runs.response.town.felt import Felt
from twin.runs.response.town.ground import Ground
from twin.runs.response.town.jobs import DRIVEN_BY_HAZARD, Job
from twin.runs.response.town.parties import NOWHERE
from twin.runs.response.town.paths import Paths, Way, chained

IDLE, DRIVING, WORKING, CARRYING, AWAY = range(5)
"""Nothing to do; to a job; at it; a bus with people to their shelter; driven by the hazard."""


@dataclass(slots=True, eq=False)
class Vehicle:
    """A unit and what it is about.

    node    where it is, or its way begins;   clock  s up to which it has lived
    jobs    those ahead, the first the one it is about;   begun  s when it took that one up
    way, at, done   as of a party;   until  s when its work, or the hazard's, is done
    goal    node of what it drives to;   shelter  position of the site a bus goes to
    stuck   s since when water keeps it, -1: it does not
    worked  s of work that is finished
    """

    unit: Unit
    node: int
    clock: float
    jobs: tuple[Job, ...] = ()
    phase: int = IDLE
    begun: float = 0.0
    way: Way = NOWHERE
    at: int = 0
    done: float = 0.0
    until: float = 0.0
    goal: int = -1
    shelter: int = -1
    stuck: float = -1.0
    worked: float = 0.0


@dataclass(frozen=True, slots=True)
class Happened:
    """Something a unit did, when, in which job: "arrived", "done", "handed" over to the hazard, "brought" people."""

    what: str
    time: float
    vehicle: int
    job: Job


Report = Callable[[Happened], bool]
"""Told of each thing as it happens; says of "done" whether the unit, a bus, has people to bring somewhere."""


@dataclass(slots=True, eq=False)
class Fleet:
    """The units of a town, in the order of their ids."""

    vehicles: list[Vehicle] = field(default_factory=list)

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Fleet:
        """Return the units where they stand, free from when they say."""
        return cls([Vehicle(unit, unit.node, unit.free) for unit in sorted(units, key=lambda unit: unit.id)])

    def copy(self) -> Fleet:
        """Return the same, independent."""
        return Fleet([replace(vehicle) for vehicle in self.vehicles])

    def held(self) -> list[int]:
        """Return the positions of buses with people that stand on an edge in water."""
        return [i for i, one in enumerate(self.vehicles) if one.phase == CARRYING and one.stuck >= 0 and one.done > 0]

    def take(self, job: Job) -> bool:
        """Give a job to the unit of its award, after those it has; return whether there is such a unit."""
        assert job.award is not None
        for vehicle in self.vehicles:
            if vehicle.unit.id == job.award.unit:
                vehicle.jobs = (*vehicle.jobs, job)
                return True
        return False

    def run(
        self, ground: Ground, paths: Paths, felt: Felt, wave: NDArray[np.float64] | None, end: float, report: Report
    ) -> None:
        """Let all units live until `end` s, one after the other.

        wave  (k,) share by which green lights make edges faster, None: nowhere
        """
        for number, vehicle in enumerate(self.vehicles):
            road = None
            while vehicle.jobs:
                if road is None:
                    road = Road.of(ground, felt, vehicle.unit, wave)
                if not _live(ground, paths, road, vehicle, number, end, report):
                    break
            if not vehicle.jobs and vehicle.clock < end:
                vehicle.clock = end

    def units(self, ground: Ground) -> tuple[Unit, ...]:
        """Return what the others may know of the units: where and when each can take work, infinity while stuck."""
        return tuple(_known(ground, vehicle) for vehicle in self.vehicles)


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """The roads as a unit finds them: (1, k) m s-1 and (1, k) whether it does not drive on to an edge."""

    rate: NDArray[np.float64]
    shut: NDArray[np.bool_]

    @classmethod
    def of(cls, ground: Ground, felt: Felt, unit: Unit, wave: NDArray[np.float64] | None) -> Road:
        """Return them for a unit."""
        settings, roads = ground.settings, ground.roads
        open_ = felt.passes(settings.passes(unit.kind), settings.product) & ~roads.foot
        speed = roads.speed * unit.speed if wave is None else roads.speed * unit.speed * wave
        return cls(np.where(open_, speed, 0.0)[None], (~open_ | felt.edge_fire)[None])


def _live(ground: Ground, paths: Paths, road: Road, vehicle: Vehicle, number: int, end: float, report: Report) -> bool:
    """Let a unit do the next thing before `end`; return whether there is time left for another."""
    job = vehicle.jobs[0]
    if vehicle.phase == IDLE:
        begins = max(vehicle.clock, job.at)
        if begins > end:
            vehicle.clock = max(vehicle.clock, end) if np.isfinite(vehicle.clock) else vehicle.clock
            return False
        return _begin(ground, paths, road, vehicle, number, job, begins, report)
    if vehicle.phase in (DRIVING, CARRYING):
        if not _drive(ground, paths, road, vehicle, end):
            return False
        if vehicle.phase == CARRYING:
            _finish(vehicle, vehicle.clock)
            report(Happened("brought", vehicle.clock, number, job))
            return True
        assert job.work is not None
        vehicle.phase, vehicle.until = WORKING, vehicle.clock + job.work.service
        report(Happened("arrived", vehicle.clock, number, job))
        return True
    if vehicle.until > end:
        vehicle.clock = end
        return False
    vehicle.clock = vehicle.until
    if vehicle.phase == WORKING and report(Happened("done", vehicle.clock, number, job)) and vehicle.goal >= 0:
        vehicle.phase = CARRYING
        _look(paths, road, vehicle)
        return True
    _finish(vehicle, vehicle.clock)
    return True


def _begin(
    ground: Ground, paths: Paths, road: Road, vehicle: Vehicle, number: int, job: Job, time: float, report: Report
) -> bool:
    """Take up a job at `time` s."""
    assert job.award is not None
    assert job.work is not None
    vehicle.clock = vehicle.begun = time
    vehicle.goal = job.work.node
    if job.action.kind in DRIVEN_BY_HAZARD:
        vehicle.phase = AWAY
        vehicle.until = time + max(job.award.done - job.award.leaves, 0.0)
        report(Happened("handed", time, number, job))
        vehicle.node = job.work.node
        return True
    vehicle.phase = DRIVING
    way = chained(ground.roads, vehicle.node, job.award.edges)
    if way is not None and way[1][-1] == vehicle.goal and not road.shut[0, way[0]].any():
        vehicle.way, vehicle.at, vehicle.done, vehicle.stuck = way, 0, 0.0, -1.0
    else:
        _look(paths, road, vehicle)
    return True


def _look(paths: Paths, road: Road, vehicle: Vehicle) -> None:
    """Plan the way from where it stands to its goal; without one it is stuck."""
    way = paths.way(("unit", vehicle.unit.kind), vehicle.node, vehicle.goal, road.shut[0], foot=False)
    vehicle.way, vehicle.at, vehicle.done = NOWHERE, 0, 0.0
    if way is None:
        vehicle.stuck = vehicle.clock if vehicle.stuck < 0 else vehicle.stuck
        return
    vehicle.way, vehicle.stuck = way, -1.0


def _drive(ground: Ground, paths: Paths, road: Road, vehicle: Vehicle, end: float) -> bool:
    """Drive until `end`; return whether it has come to its goal."""
    if vehicle.stuck >= 0 and vehicle.done <= 0:
        _look(paths, road, vehicle)
    looked = False
    while vehicle.stuck < 0 or vehicle.done > 0:
        edges, nodes = vehicle.way
        at, done = np.array([vehicle.at], dtype=np.int64), np.array([vehicle.done])
        left, state = np.zeros(1), np.zeros(1, np.int8)
        walking.advance(
            np.zeros(1, np.int64), np.array([len(edges)], dtype=np.int64), edges, ground.roads.length,
            np.zeros(1, np.int64), road.rate, road.shut, np.ones(1), np.array([max(end - vehicle.clock, 0.0)]),
            at, done, left, state,
        )  # fmt: skip
        vehicle.at, vehicle.done = int(at[0]), float(done[0])
        if state[0] == walking.THERE:
            vehicle.clock, vehicle.node, vehicle.stuck = end - float(left[0]), vehicle.goal, -1.0
            return True
        if state[0] == walking.GOING:
            vehicle.stuck = -1.0
            break
        vehicle.clock = end - float(left[0])
        if state[0] == walking.HELD:
            vehicle.stuck = vehicle.clock if vehicle.stuck < 0 else vehicle.stuck
            break
        vehicle.node = int(nodes[vehicle.at])
        if looked:  # a way that was just looked for does not begin on a shut edge
            break
        looked = True
        _look(paths, road, vehicle)
    vehicle.clock = end
    return False


def _finish(vehicle: Vehicle, time: float) -> None:
    """End the job a unit is about."""
    vehicle.worked += time - vehicle.begun
    vehicle.jobs, vehicle.phase, vehicle.way, vehicle.at, vehicle.done = vehicle.jobs[1:], IDLE, NOWHERE, 0, 0.0
    vehicle.node = vehicle.goal if vehicle.goal >= 0 else vehicle.node


def _known(ground: Ground, vehicle: Vehicle) -> Unit:
    """Return a unit with the node and time at which it can take more work, by what is planned."""
    if not vehicle.jobs:
        return replace(vehicle.unit, node=vehicle.node, free=vehicle.clock)
    if vehicle.stuck >= 0:
        return replace(vehicle.unit, node=vehicle.node, free=np.inf)
    first, *rest = vehicle.jobs
    edges = vehicle.way[0][vehicle.at :]
    metres = ground.roads.length[edges]
    metres[:1] -= vehicle.done
    seconds = float((metres / ground.roads.speed[edges]).sum()) / vehicle.unit.speed
    service = 0.0 if first.work is None else first.work.service
    award = first.award
    node, free = vehicle.goal, vehicle.clock + seconds
    if vehicle.phase == DRIVING:
        free += service
    elif vehicle.phase in (WORKING, AWAY):
        free = max(vehicle.until, vehicle.clock)
    elif vehicle.phase == IDLE and award is not None and first.work is not None:
        node, free = first.work.node, max(award.done, max(vehicle.clock, first.at) + award.done - award.leaves)
    for job in rest:
        if job.award is not None and job.work is not None:
            node, free = job.work.node, max(free, job.at) + job.award.done - job.award.leaves
    return replace(vehicle.unit, node=node, free=free)
