"""The way to the work: which roads a kind of unit can drive, how long it takes, and along which edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.coordination.tasks import Limit, Settings, Task
from twin.geometry import network
from twin.model.response.city import Network, Unit
from twin.model.response.view import Outlook, View

GOALS = 128
"""Nodes whose times to all others are held in memory together."""


class Roads:
    """The roads of a view as each kind of unit can drive them.

    What is shut is shut for the whole plan: a plan looks `Settings.ahead` s ahead, and a road that water reaches within
    that time is not counted on before either.
    """

    def __init__(self, view: View, settings: Settings) -> None:
        """Take the roads, what is closed, and the forecast."""
        self._view, self._settings = view, settings
        self._share: dict[Limit, NDArray[np.float64]] = {}

    @property
    def network(self) -> Network:
        """The roads."""
        return self._view.facts.roads

    def share(self, kind: str) -> NDArray[np.float64]:
        """Return (k,) the share of the free speed of a kind of unit; 0 where it is closed, for walkers, under water."""
        limit = self._settings.limits.get(kind, self._settings.limits[""])
        if limit not in self._share:
            roads, view = self.network, self._view
            closed = np.array([road in view.closed for road in roads.roads], np.bool_)
            share = np.where(roads.foot, 0.0, 1.0)
            if len(closed):
                share[closed[roads.road]] = 0.0
            if view.outlook is not None:
                share *= passable(roads, view.outlook, view.time, limit, self._settings)
            self._share[limit] = share
        return self._share[limit]

    def seconds(self, units: Sequence[Unit], tasks: Sequence[Task]) -> NDArray[np.float64]:
        """Return (units + tasks, tasks) s at a car's speed; infinity: no way, or another kind of unit.

        A row of a task counts from its work on: a ride to where the task ends is in it.
        """
        found = np.full((len(units) + len(tasks), len(tasks)), np.inf)
        for kind in sorted({task.kind for task in tasks}):
            goals = [k for k, task in enumerate(tasks) if task.kind == kind and self._known(task.node)]
            rows = [k for k, unit in enumerate(units) if unit.kind == kind and self._known(unit.node)]
            whole = np.array([*(units[k].node for k in rows), *(tasks[k].node for k in goals)], np.int64)
            ends = [tasks[k].ends for k in goals]
            rides = np.zeros(len(goals))
            stay = whole[len(rows) :].copy()
            for begin in range(0, len(goals), GOALS):
                part = slice(begin, begin + GOALS)
                nodes = whole[len(rows) :][part]
                for i, row in enumerate(network.travel_seconds(self.network, nodes, share=self.share(kind)), begin):
                    if ends[i] >= 0:
                        rides[i], stay[i] = row[ends[i]], ends[i]
                    found[[*rows, *(len(units) + k for k in goals)], goals[i]] = row[[*whole]]
            moved = [i for i, end in enumerate(ends) if end >= 0]
            if moved:
                away = network.travel_seconds(self.network, stay[moved], share=self.share(kind))
                for i, row in zip(moved, away, strict=True):
                    found[len(units) + goals[i], goals] = rides[i] + row[whole[len(rows) :]]
        return found

    def way(self, kind: str, start: int, goal: int) -> tuple[int, ...]:
        """Return the edges of the fastest way of a kind of unit; empty where there is none, or the nodes are one."""
        roads = self.network
        by = network.towards(roads, [goal], share=self.share(kind))[0]
        node, edges = start, []
        while node != goal and by[node] >= 0:
            edge = int(by[node])
            edges.append(edge)
            node = int(roads.end[edge] if roads.start[edge] == node else roads.start[edge])
        return tuple(edges) if node == goal else ()

    def _known(self, node: int) -> bool:
        return 0 <= node < len(self.network.x)


def passable(roads: Network, outlook: Outlook, now: float, limit: Limit, settings: Settings) -> NDArray[np.float64]:
    """Return (k,) the share of the free speed that a forecast leaves from now to `settings.ahead` s on.

    Each member shuts an edge where it is beyond the limit at any time; the state at `settings.quantile` of the members,
    from the best to the worst, counts. Water on the ground does not reach a bridge; flames do.
    """
    course = outlook.edges
    when = np.flatnonzero((course.times >= now) & (course.times <= now + settings.ahead))
    when = np.concatenate([np.flatnonzero(course.times < now)[-1:], when])
    edges = np.array([int(name) for name in course.ids], np.int64)
    wet, fire = (np.zeros((course.depth.shape[0], len(edges)), np.bool_) for _ in range(2))
    for t in when:
        wet |= ((course.depth[:, t] > limit.depth) | (course.product[:, t] > limit.product)) & ~roads.over[edges]
        fire |= course.fire[:, t]
    share = np.ones(len(roads.start))
    if len(wet):
        place = min(int(settings.quantile * len(wet)), len(wet) - 1)
        share[edges[np.sort(fire, axis=0)[place]]] = limit.fire
        share[edges[np.sort(wet | (fire & (limit.fire <= 0)), axis=0)[place]]] = 0.0
    return share
