"""Cars in the city: each drives from edge to edge the way it knows, queues where roads are full, and meets water.

* Who drives knows what is closed, and at the next node looks for the fastest way without it; who is on an edge when
  it closes gets off it. Those who heed message signs avoid what these say, as long as there is another way.
* At the end of an edge cars wait in a queue without length, which lets `FLOW` per lane and hour off; it is never 0.
* Nobody knows the depth of water ahead. Who comes to an edge deeper than the limit of the car turns round there, or
  drives in and is stuck, by the kind of driver; so is who is on an edge when it rises above. The car goes on when the
  water has fallen to the limit, unless its people have been rescued. Who turned round avoids that edge, until there is
  no way left without, or it has turned at `TURNS`: then it waits until one of these edges is passable, forgets what
  it saw, and tries again.

Not modelled: one-way rules, signals, jams that reach back over a node, parking, cars that float or break down.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.model.response.city import Network
from twin.physics.movement.driving_kernels import (
    ARRIVED,
    DRIVING,
    END,
    NO_WAY,
    NODE,
    RESCUED,
    STUCK,
    WAITING,
    drive,
)
from twin.physics.movement.driving_trips import PLAIN, TOLD, UNIT, Counts, Trips

FLOW = 1800.0
"""Cars per hour and lane: one in 2 s, saturation flow of the Highway Capacity Manual 1985 (1,900 in later editions),
read in secondary sources. Signals, which are not modelled, leave perhaps half of it."""

LEAST = 1e-6
"""s that any edge takes at least."""

BATCH = 256
"""Goals that ways are looked for at once: what that needs of memory is this by the number of nodes."""

Leading = Callable[[NDArray[np.int64], NDArray[np.bool_]], tuple[NDArray[np.float64], NDArray[np.int32]]]
"""(g,) goals and (k,) edges left out -> (g, n) s of the fastest way from each node to each goal, infinity: none, and
(g, n) the edge it begins with, -1: none. `twin.geometry.network.leading` is one; no edge for people on foot is used."""

FREE = UNIT + 1
"""In place of a kind of driver: who knows of nothing that is closed."""


class Cars:
    """All cars and where they are; `copy` it to try something out.

    trips     who they are;   time  s from the start of the run
    status    (m,) WAITING, DRIVING, STUCK, ARRIVED, RESCUED or NO_WAY
    edge      (m,) on which it is, -1: at a node;   node  (m,) to which it drives, or where it stands
    arrived   (m,) s of arrival, infinity: not yet
    wave      (k,) speed of units over that of others; > 1 is a green wave, in which they do not queue either
    """

    def __init__(self, network: Network, leading: Leading, trips: Trips, *, time: float = 0.0) -> None:
        """Put cars at their starts at `time` s; `leading` finds ways."""
        edges = len(network.start)
        self._network, self._leading, self.time, self._seen = network, leading, time, -np.inf
        self._seconds = np.maximum(network.length / network.speed, LEAST)
        self._headway = 3600.0 / (FLOW * network.lanes / 2)
        self._free = np.full((edges, 2), -np.inf)
        self._closed = np.zeros((FREE + 1, edges), bool)
        self.wave = np.ones(edges)
        use = np.flatnonzero(~network.foot)
        ends = np.concatenate([network.start[use], network.end[use]])
        order = np.argsort(ends, kind="stable")
        self._out = np.append(0, np.cumsum(np.bincount(ends, minlength=len(network.x))))
        self._out_edge = np.concatenate([use, use])[order].astype(np.int32)
        self._out_node = np.concatenate([network.end[use], network.start[use]])[order]
        self._rows: dict[int, int] = {}
        self._table = np.zeros((0, len(network.x)), np.int32)
        self._ahead = np.zeros((0, len(network.x)))
        self._used, self._way, self._marks = np.zeros(2, np.int64), np.zeros(0, np.int32), np.zeros((0, 2), np.int32)
        none, byte, whole, flag = np.zeros(0), np.zeros(0, np.int8), np.zeros(0, np.int32), np.zeros(0, bool)
        self.trips = Trips(whole, whole, none, none, byte, flag, none, none)
        self.status, self._phase, self.edge, self.node, self._row = byte, byte, whole, whole, whole
        self._due, self.arrived, self._since, self._left, self._stuck, self._dry = (none,) * 6
        self._second, self._mark, self._astray = whole, whole, flag
        self._at, self._stop = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.add(trips)

    def add(self, trips: Trips) -> NDArray[np.int64]:
        """Put more cars in, which depart no earlier than now; return (m,) their numbers.

        Raises InputError for nodes that there are not, a share that is not > 0, or a departure in the past.
        """
        nodes, count, more = len(self._network.x), len(self.status), len(trips.start)
        for name in ("start", "goal"):
            at = getattr(trips, name)
            if more and not (at.min() >= 0 and at.max() < nodes):
                raise InputError(f"{name} of trips: nodes {at.min()} to {at.max()}; the network has {nodes}, from 0")
        if not (trips.share > 0).all() or not np.isfinite(trips.departs).all():
            raise InputError("trips: each share of speed has to be > 0, each departure finite")
        if more and trips.departs.min() < self.time:
            raise InputError(f"trips: departure at {trips.departs.min()} s lies before now, {self.time} s")

        def grown(old: NDArray[Any], new: NDArray[Any] | float) -> NDArray[Any]:
            return np.concatenate([old, np.broadcast_to(np.asarray(new), more).astype(old.dtype)])

        self.trips = Trips(*(grown(getattr(self.trips, name), getattr(trips, name)) for name in Trips.__slots__))
        self.status, self._phase = grown(self.status, WAITING), grown(self._phase, NODE)
        self.edge, self.node, self._row = grown(self.edge, -1), grown(self.node, trips.start), grown(self._row, -1)
        self._due, self.arrived = grown(self._due, trips.departs), grown(self.arrived, np.inf)
        self._since, self._left, self._stuck = (grown(old, 0.0) for old in (self._since, self._left, self._stuck))
        self._second, self._mark, self._astray = (
            grown(old, value) for old, value in ((self._second, -1), (self._mark, -1), (self._astray, False))
        )
        self._at, self._stop = grown(self._at, 0), grown(self._stop, 0)
        new = np.arange(count, count + more)
        self._look(new)
        self._dry = grown(self._dry, self._without_water(trips))
        return new

    def know(
        self,
        shut: NDArray[np.bool_],
        *,
        avoid: NDArray[np.bool_] | None = None,
        barred: NDArray[np.bool_] | None = None,
    ) -> None:
        """Tell drivers from now on.

        shut    (k,) closed edges, of which all know; units may pass them
        avoid   (k,) edges that those who heed signs avoid as well, where there is a way without
        barred  (k,) edges that units do not take
        """
        none = np.zeros(len(shut), bool)
        told = shut if avoid is None else shut | avoid
        closed = np.stack([shut, told, none if barred is None else barred, none])
        if np.array_equal(closed, self._closed):
            return
        self._closed, self._rows = closed, {}
        self._table, self._ahead = self._table[:0], self._ahead[:0]
        self._astray, self._at, self._stop = self._mark >= 0, self._at * 0, self._stop * 0
        self._look(np.flatnonzero((self.status != ARRIVED) & (self.status != RESCUED)))
        stands = self.status == NO_WAY
        self.status[stands], self._due[stands] = DRIVING, self.time

    def advance(self, until: float, times: NDArray[np.float64], depth: NDArray[np.floating]) -> None:
        """Drive on to `until` s; what happens exactly then is left for the next call.

        times  (t,) s, rising;   depth  (t, k) m on each edge from that time on; the first holds before, the last after

        The same in one call or in many. Raises InputError for depths that do not fit, or a time in the past.
        """
        edges = len(self._network.start)
        if depth.shape != (len(times), edges) or not len(times):
            raise InputError(f"depth {depth.shape} of water: {len(times)} times and {edges} edges are needed")
        if until < self.time:
            raise InputError(f"cars cannot drive back from {self.time} s to {until} s")
        depth = np.where(self._network.over, 0.0, depth).astype(np.float32)
        step = max(int(np.searchsorted(times, self.time, side="right")) - 1, 0)
        while self.time < until:
            if times[step] > self._seen:
                self._meet(depth[step])
                self._seen = float(times[step])
            end = min(until, float(times[step + 1])) if step + 1 < len(times) else until
            self._drive(end, depth[step])
            self.time = end
            step += step + 1 < len(times) and end == times[step + 1]

    def rescue(self, cars: NDArray[np.integer]) -> float:
        """Take the people out of cars that are stuck, and return how many; of other cars nobody is taken."""
        out = np.unique(cars)
        out = out[self.status[out] == STUCK]
        self._stuck[out] += self.time - self._since[out]
        self.status[out] = RESCUED
        return float(self.trips.persons[out].sum())

    def in_water(self) -> NDArray[np.float64]:
        """Return (k,) persons in cars that are stuck on each edge."""
        stuck = self.status == STUCK
        persons = np.zeros(len(self._network.start))
        np.add.at(persons, self.edge[stuck], self.trips.persons[stuck])
        return persons

    def counts(self) -> Counts:
        """Return how the cars fare, until now."""
        number = np.bincount(self.status, minlength=NO_WAY + 1).tolist()
        stuck, gone = self.status == STUCK, (self.status != WAITING) & (self.status != RESCUED)
        seconds = self._stuck + np.where(stuck, self.time - self._since, 0.0)
        beyond = np.minimum(self.arrived, self.time) - self.trips.departs - self._dry
        return Counts(
            waiting=number[WAITING],
            driving=number[DRIVING],
            stuck=number[STUCK],
            arrived=number[ARRIVED],
            rescued=number[RESCUED],
            no_way=number[NO_WAY],
            persons=float(self.trips.persons[stuck].sum()),
            person_seconds_stuck=float(self.trips.persons @ seconds),
            delay=float(np.maximum(beyond[gone], 0.0).sum()),
        )

    def copy(self) -> Self:
        """Return the same state, which goes its own way from here."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray | dict | list):
                setattr(other, name, value.copy())
        return other

    def _meet(self, depth: NDArray[np.float32]) -> None:
        """Let cars off whose water has fallen, catch those whose water has risen, let some without a way try again."""
        here = np.where(self.edge >= 0, depth[self.edge], 0.0)
        deep = here > self.trips.limit.astype(np.float32)  # as the depth: what is equal stays so
        off = (self.status == STUCK) & ~deep
        self._stuck[off] += self.time - self._since[off]
        self.status[off], self._due[off] = DRIVING, self.time + self._left[off]
        caught = (self.status == DRIVING) & deep
        self._left[caught] = np.where(self._phase[caught] == END, self._due[caught] - self.time, 0.0)
        self.status[caught], self._phase[caught] = STUCK, END
        self._since[caught], self._due[caught] = self.time, np.inf
        stands = np.flatnonzero(self.status == NO_WAY)
        free = np.array([self._opened(car, depth) for car in stands.tolist()], bool)
        again = stands[free]
        self._mark[again], self._astray[again], self._at[again], self._stop[again] = -1, False, 0, 0
        self.status[again], self._due[again] = DRIVING, self.time

    def _opened(self, car: int, depth: NDArray[np.float32]) -> bool:
        """Return whether a car that found no way can pass an edge at which it has turned round, or has at none."""
        place = self._mark[car]
        if place < 0:
            return True
        while place >= 0:
            if depth[self._marks[place, 0]] <= np.float32(self.trips.limit[car]):
                return True
            place = self._marks[place, 1]
        return False

    def _drive(self, end: float, depth: NDArray[np.float32]) -> None:
        heap = np.argsort(self._due, kind="stable").astype(np.int32)
        network, trips = self._network, self.trips
        limit = trips.limit.astype(np.float32)
        while not drive(
            end, heap, depth,
            self._seconds, self._headway, network.start, network.end, self.wave, self._free, self._closed,
            self._out, self._out_edge, self._out_node,
            trips.goal, trips.kind, trips.cautious, limit, trips.share, UNIT, PLAIN,
            self._due, self._phase, self.status, self.node, self.edge, self._since, self._left, self.arrived,
            self._row, self._second, self._table, self._ahead,
            self._astray, self._mark, self._at, self._stop, self._used, self._way, self._marks,
        ):  # fmt: skip
            self._way = np.append(self._way, np.zeros(len(self._way) + 2 * len(network.x), np.int32))
            self._marks = np.append(self._marks, np.zeros((len(self._marks) + len(heap) + 1, 2), np.int32), axis=0)

    def _look(self, cars: NDArray[np.integer]) -> None:
        """Find the ways of some cars, as they know things now."""
        goal, kind = self.trips.goal[cars], self.trips.kind[cars]
        self._row[cars] = self._found(goal, kind)
        told = kind == TOLD
        self._second[cars[told]] = self._found(goal[told], np.full(told.sum(), PLAIN))

    def _found(self, goal: NDArray[np.integer], kind: NDArray[np.integer]) -> NDArray[np.int32]:
        """Return (m,) rows of the ways to goals, as drivers know them; those who know nothing closed are one kind."""
        nodes = len(self._network.x)
        key = np.where(self._closed.any(axis=1), np.arange(FREE + 1), FREE)[kind].astype(np.int64) * nodes + goal
        keys, place = np.unique(key, return_inverse=True)
        missing = [one for one in keys.tolist() if one not in self._rows]
        for which in range(FREE + 1):
            mine = [one for one in missing if one // nodes == which]
            for begin in range(0, len(mine), BATCH):
                some = mine[begin : begin + BATCH]
                ahead, table = self._leading(np.array(some, dtype=np.int64) % nodes, self._closed[which])
                have = len(self._rows)
                if have + len(some) > len(self._table):
                    more = max(len(self._table), len(mine) - begin)
                    self._table = np.append(self._table, np.empty((more, nodes), np.int32), axis=0)
                    self._ahead = np.append(self._ahead, np.empty((more, nodes)), axis=0)
                self._table[have : have + len(some)], self._ahead[have : have + len(some)] = table, ahead
                self._rows |= {one: have + i for i, one in enumerate(some)}
        return np.array([self._rows[one] for one in keys.tolist()], dtype=np.int32)[place]

    def _without_water(self, trips: Trips) -> NDArray[np.float64]:
        """Return (m,) s that trips take on free, dry and open roads, infinity where there is no way."""
        row = self._found(trips.goal, np.full(len(trips.goal), FREE))
        return self._ahead[row, trips.start] / trips.share
