"""Cars in plain Python, one event after the other: what the tests hold `driving` to."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.model.response.city import Network
from twin.physics.movement.driving import FLOW
from twin.physics.movement.driving_kernels import TURNS
from twin.physics.movement.driving_trips import TOLD, UNIT, Trips


@dataclass(slots=True)
class PlainCar:
    """A car: `state` is one of waiting, driving, queueing, stuck, arrived, no_way; times in s."""

    node: int
    state: str = "waiting"
    edge: int = -1
    due: float = math.inf
    left: float = 0.0
    since: float = 0.0
    stuck: float = 0.0
    arrived: float = math.inf
    marks: set[int] = field(default_factory=set)


class PlainCars:
    """All cars. The clock jumps to the next event, be it of water, of what is known, or of a car, in this order."""

    def __init__(self, network: Network, trips: Trips) -> None:
        """Put cars at their starts."""
        self.network, self.trips = network, trips
        self.cars = [PlainCar(int(node), due=float(at)) for node, at in zip(trips.start, trips.departs, strict=True)]
        none = np.zeros(len(network.start), bool)
        self.shut, self.avoid, self.barred = none, none, none
        self.free = dict.fromkeys([(edge, way) for edge in range(len(none)) for way in (0, 1)], -math.inf)
        self.entered: list[tuple[float, int, int]] = []

    def run(
        self,
        until: float,
        times: NDArray[np.float64],
        depth: NDArray[np.float64],
        known: dict[float, tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]],
    ) -> None:
        """Drive from 0 to `until` s; `times`, `depth` as in `Cars.advance`.

        known  from which s on -> shut, avoid, barred
        """
        change = sorted({0.0, *(float(t) for t in times[1:] if 0 < t < until), *(t for t in known if t < until)})
        for begin, end in zip(change, [*change[1:], until], strict=True):
            row = depth[max(int(np.searchsorted(times, begin, side="right")) - 1, 0)]
            water = np.where(self.network.over, 0.0, row)
            if begin in known:
                self.shut, self.avoid, self.barred = known[begin]
                self._try_again(begin, None)
            if begin == 0.0 or begin in times[1:]:
                self._meet(begin, water)
                self._try_again(begin, water)
            while True:
                due, number = min((car.due, number) for number, car in enumerate(self.cars))
                if due >= end:
                    break
                self._step(number, due, water)

    def _try_again(self, now: float, water: NDArray[np.float64] | None) -> None:
        """Let those without a way try: all when they are told something, else who turned round at what is passable."""
        for number, car in enumerate(self.cars):
            limit = self.trips.limit[number]
            opened = water is None or not car.marks or any(water[edge] <= limit for edge in car.marks)
            if car.state == "no_way" and opened:
                car.state, car.due = "driving", now
                if water is not None:
                    car.marks.clear()

    def _meet(self, now: float, water: NDArray[np.float64]) -> None:
        for number, car in enumerate(self.cars):
            deep = car.edge >= 0 and water[car.edge] > self.trips.limit[number]
            if car.state == "stuck" and not deep:
                car.state, car.due = "driving", now + car.left
                car.stuck += now - car.since
            elif car.state in {"driving", "queueing"} and deep:
                car.left = car.due - now if car.state == "driving" else 0.0
                car.state, car.since, car.due = "stuck", now, math.inf

    def _step(self, number: int, now: float, water: NDArray[np.float64]) -> None:
        car, network, trips = self.cars[number], self.network, self.trips
        if car.edge >= 0 and car.state == "driving":
            way = 0 if car.node == network.end[car.edge] else 1
            leave = max(now, self.free[car.edge, way])
            self.free[car.edge, way] = leave + 3600.0 / (FLOW * network.lanes[car.edge] / 2)
            car.state, car.due = "queueing", leave
            return
        car.edge, car.state = -1, "driving"
        if car.node == trips.goal[number]:
            car.state, car.arrived, car.due = "arrived", now, math.inf
            return
        edge = self._next(number)
        while edge >= 0 and water[edge] > trips.limit[number] and trips.cautious[number]:
            car.marks.add(edge)
            edge = -1 if len(car.marks) >= TURNS else self._next(number)
        if edge < 0:
            car.state, car.due = "no_way", math.inf
            return
        self.entered.append((now, number, edge))
        car.edge, car.node = edge, int(network.start[edge] + network.end[edge] - car.node)
        takes = float(network.length[edge] / network.speed[edge] / trips.share[number])
        car.due = now + takes
        if water[edge] > trips.limit[number]:
            car.state, car.left, car.since, car.due = "stuck", takes, now, math.inf

    def _next(self, number: int) -> int:
        kind = int(self.trips.kind[number])
        closed = self.barred if kind == UNIT else self.shut
        if kind == TOLD:
            edge = self._way(number, closed | self.avoid)
            if edge >= 0:
                return edge
        return self._way(number, closed)

    def _way(self, number: int, closed: NDArray[np.bool_]) -> int:
        """Return the first edge of the fastest way from where a car stands to its goal, -1: there is none."""
        network, car = self.network, self.cars[number]
        best, after = {int(self.trips.goal[number]): 0.0}, {int(self.trips.goal[number]): -1}
        queue = [(0.0, int(self.trips.goal[number]))]
        while queue:
            seconds, node = heapq.heappop(queue)
            for edge in np.flatnonzero(((network.start == node) | (network.end == node)) & ~closed & ~network.foot):
                other = int(network.start[edge] + network.end[edge] - node)
                there = seconds + float(network.length[edge] / network.speed[edge])
                if edge not in car.marks and there < best.get(other, math.inf):
                    best[other], after[other] = there, int(edge)
                    heapq.heappush(queue, (there, other))
        return after.get(car.node, -1)
