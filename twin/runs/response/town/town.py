"""A town in the course of a hazard: approved proposals become what people, units and drivers do, step by step.

The clock goes in steps of `TownSettings.step` from 0; what comes about between two steps counts from the next one on,
with the time at which it came about. The same town under the same hazard comes out the same to the last bit, however
often it is stopped, copied and taken up again; a proposal without steps changes nothing.

Not in it: who is away from home by day, or in the streets for another reason; crowding on the way; one-way streets,
traffic in the way of units; doors and stairs of single houses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.impact.vehicles import LARGE_VEHICLE
from twin.model.action import Action
from twin.model.finding import Finding
from twin.model.response.city import Facts, Unit
from twin.model.response.proposal import Proposal
from twin.model.response.view import Outlook
from twin.runs.response.town.cars import Traffic
from twin.runs.response.town.felt import Felt, Weather
from twin.runs.response.town.fleet import Fleet, Happened
from twin.runs.response.town.ground import Ground, ground_of
from twin.runs.response.town.homes import Homes
from twin.runs.response.town.jobs import Job, jobs_of
from twin.runs.response.town.outcome import Outcome
from twin.runs.response.town.parties import HOME, STAYS, Parties
from twin.runs.response.town.paths import Paths, chained
from twin.runs.response.town.settings import TownSettings
from twin.runs.response.town.tally import HOUR, tally
from twin.runs.response.town.works import Works, edges_of, mapping_of

OWN = frozenset({"evacuate", "close_road", "reopen_road", "message_sign", "green_wave", "inspect", "alert"})
"""Kinds of action that the town carries out itself; all others are for the hazard, or the crowd."""

RESCUERS = frozenset({"crew", "engine"})
"""Kinds of unit that take people out of the cars that are stuck where they inspect."""

HELPS: Mapping[str, tuple[bool, bool]] = {
    "crew": (True, False),
    "bus": (True, False),
    "pump_crew": (True, False),
    "engine": (True, True),
}
"""Kind of unit -> whether it is help at an incident of water, of fire."""


class Town:
    """The people, units and roads of a city. Get one from `of`."""

    def __init__(self, ground: Ground, fleet: Fleet, traffic: Traffic | None) -> None:
        """Begin at 0 s with everybody at home and the units as they stand."""
        self._ground, self._fleet, self._traffic = ground, fleet, traffic
        self._homes, self._parties, self._works = Homes.of(ground), Parties(), Works.of(ground)
        self._paths = Paths(ground.roads)
        self._steps, self._taken = 0, 0
        self._waiting: list[Job] = []
        self._due: list[Action] = []
        self._remarks: list[Finding] = []
        self._visits = np.full((2, len(ground.node)), np.inf)
        self._spent = np.zeros(len(ground.districts) + 1)
        self._floods = np.zeros(len(ground.roads.start), bool)
        self._lost = np.zeros(len(ground.node), bool)

    @classmethod
    def of(cls, facts: Facts, units: Sequence[Unit], settings: TownSettings, seed: int) -> Town:
        """Return a town at 0 s.

        units  where they stand;   seed  of what chance gives each home, by its id, and of trips of cars
        """
        ground = ground_of(facts, settings, seed)
        return cls(ground, Fleet.of(units), Traffic.of(ground, seed))

    @property
    def time(self) -> float:
        """The time to which the town has lived, in s: a whole number of steps."""
        return self._steps * self._ground.settings.step

    def copy(self) -> Town:
        """Return the same town, independent of this one; what never changes is shared."""
        other = object.__new__(Town)
        other.__dict__.update(self.__dict__)
        other._fleet, other._homes = self._fleet.copy(), self._homes.copy()
        other._parties, other._works, other._paths = self._parties.copy(), self._works.copy(), self._paths.copy()
        other._waiting, other._due, other._remarks = list(self._waiting), list(self._due), list(self._remarks)
        other._traffic = None if self._traffic is None else self._traffic.copy()
        other._visits, other._spent = self._visits.copy(), self._spent.copy()
        return other

    def take(self, proposal: Proposal, at: float) -> None:
        """Begin with an approved proposal at `at` s; units leave when their award says, or as soon as they are free.

        A step that asks for a unit and was awarded none does not begin. What cannot be carried out is in `remarks`.
        """
        jobs = jobs_of(self._ground, proposal, at, self._taken)
        self._taken += len(jobs)
        for job in jobs:
            if job.award is None:
                self._waiting.append(job)
            elif job.work is None or not 0 <= job.work.node < len(self._ground.roads.x):
                self._remark(
                    "job_no_node", f"{job.action.kind} for {job.action.target!r}: no place on the roads to work"
                )
            elif not self._fleet.take(job):
                self._remark("job_no_unit", f"{job.action.kind} for {job.action.target!r}: no unit {job.award.unit!r}")
            else:
                self._works.note(job.action.kind, job.action.target)

    def advance(self, until: float, outlook: Outlook, member: int = 0) -> list[Action]:
        """Live on to `until` s, or the last step before it, and return what became due for the hazard, by time.

        outlook  the hazard at homes and edges; a value holds until the next;   member  of it

        Raises InputError where the outlook is not of this city, or has no such member.
        """
        weather, step = Weather(self._ground, outlook, member), self._ground.settings.step
        while (self._steps + 1) * step <= until:
            self._step(weather.at(self.time), self.time, step)
        due, self._due = self._due, []
        return sorted(due, key=lambda action: action.at)

    def outcome(self) -> Outcome:
        """Return the measures so far; what is under way counts up to now."""
        return tally(
            self._ground,
            self._homes,
            self._parties,
            self._fleet,
            self._works,
            self._traffic,
            self._visits,
            self._spent,
            self.time,
        )

    def units(self) -> tuple[Unit, ...]:
        """Return the units in the order of their ids: where and when each can take work; infinity while it is stuck."""
        return self._fleet.units(self._ground)

    def sheltered(self) -> dict[str, float]:
        """Return id of a shelter -> people who are there, on the way, or have a place and are getting ready."""
        booked, sites = self._parties.booked(self._ground), self._ground.facts.sites
        return {sites[i].id: float(booked[i]) for i in np.flatnonzero(booked > 0).tolist()}

    def away(self) -> frozenset[str]:
        """Return the ids of homes whose people, those who follow, have left or are getting ready."""
        self._parties.settle()
        gone = (self._parties.phase != HOME) & (self._parties.phase != STAYS)
        homes = self._ground.facts.homes
        return frozenset(homes[i].id for i in np.unique(self._parties.home[gone]).tolist())

    def closed(self) -> frozenset[str]:
        """Return the ids of roads and underpasses that are closed."""
        return self._works.closed()

    def running(self) -> dict[str, tuple[str, ...]]:
        """Return kind of action -> ids of targets for which one is in force or under way."""
        return mapping_of(self._works.running)

    def remarks(self) -> tuple[Finding, ...]:
        """Return what could not be carried out as it was approved, and why."""
        return tuple(self._remarks)

    def _step(self, felt: Felt, time: float, step: float) -> None:
        """Live from `time` for `step` s under one state of the hazard."""
        ground, homes = self._ground, self._homes
        self._begin(felt, time)
        homes.see(ground, felt, time)
        self._works.see(ground, felt, time)
        self._fleet.run(
            ground,
            self._paths,
            felt,
            self._works.wave(ground),
            time + step,
            lambda what: self._happened(what, felt),
        )
        self._parties.move(ground, homes, self._paths, felt, time, step)
        if self._traffic is not None:
            self._traffic.drive(ground, felt, self._works.shut(ground), self._works.avoided(ground), time, step)
        homes.suffer(ground, felt, self._without_access(felt), step)
        self._parties.suffer(homes, felt, self._fleet.held(), step)
        self._steps += 1
        self._begin(felt, self.time)

    def _begin(self, felt: Felt, time: float) -> None:
        """Begin what waits for no unit and is due by `time` s."""
        ready = [job for job in self._waiting if job.at <= time]
        if ready:
            self._waiting = [job for job in self._waiting if job.at > time]
            for job in sorted(ready, key=lambda job: (job.at, job.number)):
                self._carry_out(job, max(job.at, 0.0), felt)

    def _happened(self, what: Happened, felt: Felt) -> bool:
        """Do what follows from what a unit did; return whether it has people to bring to a shelter."""
        job, vehicle = what.job, self._fleet.vehicles[what.vehicle]
        kind = vehicle.unit.kind
        if what.what == "arrived":
            self._visit(kind, job, what.time)
            return False
        if what.what == "brought":
            self._parties.alight(what.vehicle)
            self._pay(kind, job, what.time - vehicle.begun)
            return False
        if what.what == "handed":
            award = job.award
            assert award is not None
            self._visit(kind, job, what.time + max(award.arrives - award.leaves, 0.0))
            self._pay(kind, job, max(award.done - award.leaves, 0.0))
            roads = self._ground.roads
            start = [float(roads.x[vehicle.node]), float(roads.y[vehicle.node])]
            # the hazard sends its own from a station where nobody says whence this one comes
            self._due.append(replace(job.action, at=what.time, params={"from": start, **job.action.params}))
            return False
        rides = job.action.kind == "evacuate" and job.action.params.get("mode") == "bus" and vehicle.unit.seats > 0
        if rides and self._board(job, what.vehicle, what.time, felt):
            return True
        self._pay(kind, job, what.time - vehicle.begun)
        if not rides:
            self._carry_out(job, what.time, felt)
        return False

    def _carry_out(self, job: Job, time: float, felt: Felt) -> None:
        """Do what a step is for, at `time` s: a unit has done its work, or none is needed."""
        action, works, ground = job.action, self._works, self._ground
        if action.kind not in OWN:
            works.note(action.kind, action.target)
            self._due.append(replace(action, at=time))
            return
        if action.kind == "inspect":
            works.forget("inspect", action.target)
            if self._traffic is not None and job.work is not None and job.work.unit in RESCUERS:
                self._traffic.rescue(edges_of(ground, action, "edges"))
            return
        works.note(action.kind, action.target)
        if action.kind == "evacuate":
            self._evacuate(job, time, felt)
        elif action.kind == "close_road":
            works.close(ground, action, job.district, time)
        elif action.kind == "reopen_road":
            works.reopen(action, time)
            works.forget("reopen_road", action.target)
        elif action.kind == "message_sign":
            works.sign(ground, action)
        elif action.kind == "green_wave":
            works.lights(ground, action, time)

    def _evacuate(self, job: Job, time: float, felt: Felt) -> None:
        """Tell the people of a home to walk to a shelter."""
        shelter = self._shelter(job)
        if shelter < 0:
            return
        ground, given = self._ground, job.action.params.get("edges")
        way = None
        if isinstance(given, Sequence) and not isinstance(given, str) and len(given):
            way = chained(ground.roads, int(ground.node[job.home]), given)
            if way is None:
                self._remark("way_broken", f"evacuate {job.action.target!r}: the edges of its way do not join")
        self._parties.tell(
            ground, self._homes, self._paths, felt, job.home, shelter, time, way, fetched=job.work is not None
        )

    def _board(self, job: Job, number: int, time: float, felt: Felt) -> bool:
        """Let people into a bus at their door; return whether it has somebody to bring."""
        shelter, vehicle = self._shelter(job), self._fleet.vehicles[number]
        if shelter < 0:
            return False
        seats = vehicle.unit.seats
        came = self._parties.board(self._ground, self._homes, felt, job.home, shelter, time, number, seats)
        if came <= 0:
            return False
        vehicle.node, vehicle.goal, vehicle.shelter = vehicle.goal, self._ground.facts.sites[shelter].node, shelter
        return True

    def _shelter(self, job: Job) -> int:
        """Return the position of the shelter that an evacuation is to, -1 with a remark where it makes no sense."""
        place = self._ground.site.get(str(job.action.params.get("shelter", "")), -1)
        if job.home < 0 or place < 0 or self._ground.facts.sites[place].node < 0:
            self._remark(
                "evacuation_nowhere",
                f"evacuate {job.action.target!r} to {job.action.params.get('shelter')!r}: no such home, or no shelter"
                " of that id on the roads",
            )
            return -1
        return place

    def _visit(self, kind: str, job: Job, time: float) -> None:
        """Remember that a unit has come, at `time` s, to where its job is."""
        ground = self._ground
        if job.home < 0 and np.isnan(job.x):
            return
        near = np.hypot(ground.x - job.x, ground.y - job.y) <= ground.settings.near
        for row, helps in enumerate(HELPS.get(kind, (False, False))):
            if helps:
                self._visits[row, near] = np.minimum(self._visits[row, near], time)

    def _pay(self, kind: str, job: Job, seconds: float) -> None:
        """Count what a unit costs that has been at a job for some s."""
        price = seconds / HOUR * self._ground.settings.wage(kind)
        self._spent[job.district] += price
        if job.home >= 0 and job.action.kind == "evacuate":
            self._homes.cost[job.home] += price

    def _without_access(self, felt: Felt) -> NDArray[np.bool_]:
        """Return (h,) homes that have lost their way to any hospital; looked for anew when other edges are shut."""
        floods = ~felt.passes(LARGE_VEHICLE.depth, LARGE_VEHICLE.product)
        if not np.array_equal(floods, self._floods):
            self._floods = floods
            self._lost = self._ground.access & ~self._ground.joined(floods)
        return self._lost

    def _remark(self, code: str, text: str) -> None:
        self._remarks.append(Finding("warning", code, text))
