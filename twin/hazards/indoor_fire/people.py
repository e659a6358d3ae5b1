"""People who leave a building: each from room to room to the nearest way out, in line where a door is narrow.

Events are settled in the order of their times, and of people's numbers where times are equal: the same again each time.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards.indoor_fire.graph import OUTSIDE, Graph
from twin.hazards.indoor_fire.routes import FOREVER, Routes

WAITING, WALKING, OUT, DOWN = range(4)
"""States of a person; DOWN: has taken a dose after which half of all people cannot go on."""
AGAIN = 10.0
"""s after which somebody who found no way looks again."""
COUNTED = 20_000
"""People in one building at most."""


def placed(graph: Graph, density: float, stated: Mapping[int, float]) -> NDArray[np.int64]:
    """Return (rooms,) people at the start: stated, the room's own capacity, else its area times `density`.

    Shares of a person go to the rooms with the largest ones, the first where they are equal.
    """
    wanted = np.array(
        [
            stated.get(n, room.capacity if room.capacity is not None else 0.0 if room.empty else room.area * density)
            for n, room in enumerate(graph.rooms)
        ]
    )
    counts = np.floor(wanted + 1e-9).astype(np.int64)
    left = wanted - counts
    more = int(np.floor(left.sum() + 0.5))
    order = np.argsort(-left, kind="stable")
    counts[order[: min(more, int(np.count_nonzero(left > 1e-9)))]] += 1
    return counts


class People:
    """Everybody in a building; arrays (people,), in the order of their rooms.

    room     where they are, OUTSIDE when they are out        state  WAITING, WALKING, OUT, DOWN
    sets_off s, when they set off: inf until they are warned    at     joint at which they stand, -1: where they began
    way      joint that they make for, -1: none                 due    s of what happens next to them
    queued   they have their turn at the joint, and `due` is when they are through it
    met      they have been in a room that was untenable
    """

    def __init__(self, graph: Graph, routes: Routes, counts: NDArray[np.int64]) -> None:
        self.graph, self.routes = graph, routes
        self.home = np.repeat(np.arange(len(counts)), counts)
        n = len(self.home)
        self.room = self.home.copy()
        self.state = np.zeros(n, np.int8)
        self.sets_off = np.full(n, np.inf)
        self.at = np.full(n, -1, np.int64)
        self.way = np.full(n, -1, np.int64)
        self.due = np.full(n, np.inf)
        self.queued = np.zeros(n, bool)
        self.gas, self.heat = np.zeros(n), np.zeros(n)
        self.met = np.zeros(n, bool)
        self.free = np.zeros(len(graph.joints))
        self.last = np.full(len(graph.rooms), np.nan)
        self.passed: set[int] = set()
        within = np.arange(n) - np.searchsorted(self.home, self.home)
        self._share = (within + 0.5) / np.maximum(1, counts[self.home]) if n else np.zeros(0)

    def warn(self, time: float, delay: float, rooms: Sequence[int] | None = None) -> int:
        """Let people set off `delay` s from now, those in some rooms or all; return how many had not been warned."""
        mine = (self.state == WAITING) & np.isinf(self.sets_off)
        if rooms is not None:
            mine &= np.isin(self.room, list(rooms))
        self.sets_off[mine] = self.due[mine] = time + delay
        return int(mine.sum())

    def advance(self, until: float, pace: NDArray[np.float64], shut: frozenset[int]) -> None:
        """Settle what happens up to `until` s.

        pace  (rooms,) factor on walking speed      shut  rooms into which nobody goes
        """
        heap = [(float(self.due[i]), int(i)) for i in np.flatnonzero(self.due <= until)]
        heapq.heapify(heap)
        while heap:
            time, i = heapq.heappop(heap)
            self._happen(i, time, pace, shut)
            if self.due[i] <= until:
                heapq.heappush(heap, (float(self.due[i]), i))

    def _happen(self, i: int, time: float, pace: NDArray[np.float64], shut: frozenset[int]) -> None:
        """Let one person set off, arrive at a joint, or come through it."""
        if self.state[i] == WAITING or self.way[i] < 0:
            self.state[i] = WALKING
            self._make_for(i, time, pace, shut)
        elif not self.queued[i]:
            joint = int(self.way[i])
            if self.routes.beyond(joint, int(self.room[i])) in shut and self._other_way(i, shut):
                self.at[i] = joint
                self._make_for(i, time, pace, shut)
                return
            turn = max(time, float(self.free[joint]))
            self.free[joint] = turn + self.routes.through(joint)
            self.due[i], self.queued[i] = turn, True
        else:
            self._come_through(i, time, pace, shut)

    def _come_through(self, i: int, time: float, pace: NDArray[np.float64], shut: frozenset[int]) -> None:
        joint, before = int(self.way[i]), int(self.room[i])
        self.last[before] = time
        self.passed.add(joint)
        self.room[i] = after = self.routes.beyond(joint, before)
        self.queued[i], self.at[i] = False, joint
        if after == OUTSIDE:
            self.state[i], self.due[i], self.way[i] = OUT, np.inf, -1
            return
        self._make_for(i, time + self.routes.climb(joint) / float(pace[after]), pace, shut)

    def _make_for(self, i: int, time: float, pace: NDArray[np.float64], shut: frozenset[int]) -> None:
        """Choose where one person goes from here, and when they get there."""
        room, at = int(self.room[i]), int(self.at[i])
        share = float(self._share[i])
        way, _ = self.routes.next(room, at, shut - {room}, share)
        if way < 0 and room in shut:
            way, _ = self.routes.next(room, at, frozenset(), share)
        if way < 0:
            self.way[i], self.due[i] = -1, time + AGAIN
            return
        walk = 0.0 if way == at else self.routes.leg(room, at, way) if at >= 0 else 0.0
        if at < 0:
            walk = self.routes.first_leg(room, way, share)
        self.way[i], self.due[i] = way, time + walk / float(pace[room])

    def _other_way(self, i: int, shut: frozenset[int]) -> bool:
        """Return whether to turn back at a joint: the room is tenable, or another way is open."""
        room = int(self.room[i])
        return room not in shut or self.routes.next(room, int(self.way[i]), shut - {room})[1] < FOREVER

    def breathe(self, gas: NDArray[np.float64], heat: NDArray[np.float64]) -> None:
        """Add what each room gave since the last time, (rooms,) each; who has had a dose of 1 goes no farther."""
        inside = self.room != OUTSIDE
        self.gas[inside] += gas[self.room[inside]]
        self.heat[inside] += heat[self.room[inside]]
        down = inside & (self.state != DOWN) & ((self.gas >= 1) | (self.heat >= 1))
        self.state[down], self.due[down], self.way[down] = DOWN, np.inf, -1

    def meet(self, untenable: NDArray[np.bool_]) -> None:
        """Mark those who are in rooms that are untenable now, (rooms,)."""
        inside = self.room != OUTSIDE
        self.met[inside] |= untenable[self.room[inside]]

    def count(self) -> NDArray[np.int64]:
        """Return (rooms,) how many people are in each room now."""
        return np.bincount(self.room[self.room != OUTSIDE], minlength=len(self.graph.rooms))

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name."""
        names = ("room", "state", "sets_off", "at", "way", "due", "queued", "gas", "heat", "met", "free", "last")
        return {name: getattr(self, name).copy() for name in names} | {
            "passed": np.array(sorted(self.passed), np.int64)
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        for name, values in saved.items():
            if name == "passed":
                self.passed = {int(v) for v in values}
            else:
                getattr(self, name)[:] = values
