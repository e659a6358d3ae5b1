"""The course of an indoor fire: gas and people side by side, and every few seconds a look at what changes on the way.

At a look windows fall out, contents catch fire, water takes hold, detectors warn, and rooms become untenable.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards.indoor_fire.building import Building, passing
from twin.hazards.indoor_fire.graph import OUTSIDE, Graph
from twin.hazards.indoor_fire.params import Params
from twin.hazards.indoor_fire.people import People
from twin.hazards.indoor_fire.tenable import Air, air, slowed, turned_back, untenable

LOOK = 5.0
"""s between two looks."""
#: a hot layer is seen when it is this much warmer than the room was and fills this share of its height
SEEN_K, SEEN_SHARE = 5.0, 0.15
HOLD = 60.0
"""s for which a fire must get all the water it needs to be out for good."""
#: tau = SPRAY u**-1.8 s for u mm/s of water on the floor: CFAST Technical Reference Guide
SPRAY, SPRAY_POWER = 3.0, -1.8

_ARRAYS = (
    "share", "broken", "started", "sprayed", "tau", "sink", "fed", "out", "factor", "since", "why", "caught", "hottest",
    "gas", "heat", "pace", "shut",
)  # fmt: skip


class Course:
    """What has happened up to `time` s.

    share, broken    (joints,) how far each stands open; windows that have fallen out
    started          (fires,) s, inf: does not burn yet
    sprayed, tau     (fires,) s from which water falls on it (inf: none) and in which it goes down to 1/e
    sink, fed, out   (fires,) kW that water takes; s from which that is enough; whether it is out for good
    since, why       (rooms,) s from which a room is untenable (inf: it is not), and the number of the reason
    caught           (rooms,) people in it at that moment
    hottest          (rooms,) degC, highest temperature of the hot layer
    alarm            s when all were warned, inf: not yet
    """

    def __init__(self, graph: Graph, params: Params, building: Building, people: People, shares: list[float]) -> None:
        self.graph, self.params, self.building, self.people = graph, params, building, people
        self.engine = building.engine
        rooms, fires = len(graph.rooms), len(building.fires)
        self.time, self.alarm = 0.0, math.inf
        self.share = np.array(shares, float)
        self.broken = np.zeros(len(shares), bool)
        self.started = np.array([fire.begin for fire in building.fires])
        self.sprayed, self.tau = np.full(fires, np.inf), np.full(fires, np.inf)
        self.sink, self.fed, self.out = np.zeros(fires), np.full(fires, np.inf), np.zeros(fires, bool)
        self.factor = np.where(np.isfinite(self.started), 1.0, 0.0)
        self.since, self.why = np.full(rooms, np.inf), np.zeros(rooms, np.int8)
        self.caught = np.zeros(rooms, np.int64)
        self.hottest = self.engine.upper_temperature.copy()
        self.gas, self.heat = np.zeros(rooms), np.zeros(rooms)
        self.pace, self.shut = np.ones(rooms), np.zeros(rooms, bool)
        self.steps = 0

    def advance(self, until: float, watch: Callable[[float], None] | None) -> None:
        """Go on to `until` s, with a look at every multiple of LOOK on the way."""
        while self.time < until:
            look = (math.floor(self.time / LOOK + 1e-9) + 1) * LOOK
            target = min(until, look)
            self.engine.advance(target)
            self.people.advance(target, self.pace, frozenset(np.flatnonzero(self.shut).tolist()))
            self.time = target
            self.steps += 1
            if target == look:
                self._look()
            if watch is not None:
                watch(target)

    def _look(self) -> None:
        now = air(self.engine, self.params.head_m)
        self.hottest = np.maximum(self.hottest, self.engine.upper_temperature)
        self._judge(now)
        self._warn()
        self._break_glass()
        self._catch_fire()
        self.quench()
        self._leave_open()
        self.people.breathe(now.gas - self.gas, now.heat - self.heat)
        self.gas, self.heat = now.gas.copy(), now.heat.copy()
        self.pace, self.shut = slowed(now), turned_back(now, self.params)

    def _judge(self, now: Air) -> None:
        """Mark the rooms that have become untenable; one that has stays so."""
        why = untenable(now, self.params)
        new = (why > 0) & np.isinf(self.since)
        self.since[new], self.why[new] = self.time, why[new]
        self.caught[new] = self.people.count()[new]
        self.people.meet(why > 0)

    def _warn(self) -> None:
        """Warn all when a device has gone off or the stated time has come, and those who see fire or smoke."""
        params = self.params
        burning = [f.room for f, t in zip(self.building.fires, self.started, strict=True) if t <= self.time]
        self.people.warn(self.time, params.aware_s, burning)
        stated = math.inf if params.alarm_s is None else params.alarm_s
        went = float(min([stated, *self.engine.activated.tolist()]))
        if went <= self.time and math.isinf(self.alarm):
            self.alarm = went
            self.people.warn(self.time, params.premovement_s)
        height = np.array([room.height for room in self.graph.rooms])
        seen = (self.engine.interface < (1 - SEEN_SHARE) * height) & (
            self.engine.upper_temperature > params.inside_c + SEEN_K
        )
        if seen.any():
            self.people.warn(self.time, params.premovement_s, np.flatnonzero(seen).tolist())

    def _break_glass(self) -> None:
        """Let closed windows fall out before which the hot layer is hot enough and low enough to reach them."""
        for number, joint in enumerate(self.graph.joints):
            if joint.kind != "window" or self.broken[number] or self.share[number] >= 1:
                continue
            for room in (r for r in joint.rooms if r != OUTSIDE):
                under = self.graph.rooms[room].floor + self.engine.interface[room]
                hot = self.engine.upper_temperature[room] >= self.params.window_breaks_c
                if hot and under < joint.sill + joint.height:
                    self.broken[number] = True
                    self.set_open(number, 1.0)
                    break

    def _catch_fire(self) -> None:
        """Let the contents of rooms burn whose hot layer is hot enough."""
        temperature = self.engine.upper_temperature
        for number, fire in enumerate(self.building.fires):
            if math.isinf(self.started[number]) and temperature[fire.room] >= self.params.spread_c:
                self.started[number] = self.time

    def quench(self) -> None:
        """Give every fire the share of its heat that water leaves it."""
        for number, fire in enumerate(self.building.fires):
            if math.isinf(self.started[number]):
                continue
            heat = fire.curve.at(self.time - self.started[number])
            left = 1.0
            if self.time > self.sprayed[number]:
                left = math.exp(-(self.time - self.sprayed[number]) / self.tau[number])
            if self.sink[number] > 0 and heat > 0:
                left = min(left, max(0.0, 1 - self.sink[number] / heat))
                if left > 0:
                    self.fed[number] = np.inf
                elif math.isinf(self.fed[number]):
                    self.fed[number] = self.time
                self.out[number] |= self.time - self.fed[number] >= HOLD
            left = 0.0 if self.out[number] else left
            given = left if math.isfinite(fire.begin) else left * heat / fire.curve.peak
            if given != self.factor[number]:
                self.factor[number] = given
                self.engine.set_fire(fire.id, given)

    def _leave_open(self) -> None:
        """Open the doors that people have gone through, but those that shut by themselves."""
        if not self.params.door_left_open:
            return
        for number in sorted(self.people.passed):
            joint = self.graph.joints[number]
            if joint.kind == "door" and not joint.rated and self.share[number] < 1:
                self.set_open(number, 1.0)
        self.people.passed.clear()

    def set_open(self, joint: int, share: float) -> None:
        """Open a joint to a share from now on."""
        self.share[joint] = share
        if joint in self.building.vents:
            through = passing(self.graph.joints[joint], share, self.params)
            self.engine.set_open(self.building.vents[joint], through)

    def burning(self, room: int | None) -> list[int]:
        """Return the numbers of the fires of a room, or of all, that burn or may burn."""
        return [n for n, fire in enumerate(self.building.fires) if room is None or fire.room == room]

    def spray(self, fires: list[int], water: float) -> float:
        """Let `water` mm/s fall on fires from now on; return the s in which they go down to 1/e."""
        tau = float(SPRAY * water**SPRAY_POWER)
        for number in fires:
            self.sprayed[number], self.tau[number] = min(self.time, float(self.sprayed[number])), tau
        return tau

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name."""
        saved: dict[str, NDArray[Any]] = {name: getattr(self, name).copy() for name in _ARRAYS}
        saved["clock"] = np.array([self.time, self.alarm, self.steps], float)
        saved |= {f"engine/{name}": array for name, array in self.engine.save().items()}
        return saved | {f"people/{name}": array for name, array in self.people.save().items()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        for name in _ARRAYS:
            getattr(self, name)[:] = saved[name]
        self.time, self.alarm, self.steps = float(saved["clock"][0]), float(saved["clock"][1]), int(saved["clock"][2])
        self.engine.load(_part(saved, "engine/"))
        self.people.load(_part(saved, "people/"))


def _part(saved: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """Return what is saved under a prefix, without it."""
    return {name.removeprefix(prefix): array for name, array in saved.items() if name.startswith(prefix)}
