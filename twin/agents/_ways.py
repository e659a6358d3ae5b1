"""Ways on foot to shelters that no member of the forecast bars, for as long as people may be on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.agents import _forecast as forecast
from twin.agents._limits import WADE, WADE_PRODUCT
from twin.agents._readings import at
from twin.model.response.city import Home, Network, Site
from twin.model.response.view import Outlook, Reading, View

DRY = 0.10
"""m of water from which a shelter does not count as dry (design)."""

BESIDE = 30.0
"""m from a gauge within which it speaks for a shelter (the shield's rule)."""

WINDOWS = (1800.0, 2700.0, 3600.0, math.inf)
"""s from now over which ways are kept free of water, the shortest in which people arrive counts; infinity: as long as
the forecast goes (design)."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The fastest open ways from every node to each of some shelters, in the order of their ids.

    seconds  (shelters, n) s on foot, infinity: no way is open
    leave    (shelters, n) the edge by which one leaves a node, -1: none
    """

    roads: Network
    seconds: NDArray[np.float64]
    leave: NDArray[np.int32]

    def edges(self, shelter: int, node: int) -> list[int]:
        """Return the edges of the way from a node to a shelter, in their order."""
        way: list[int] = []
        while (edge := int(self.leave[shelter, node])) >= 0:
            way.append(edge)
            node = int(self.roads.end[edge] if self.roads.start[edge] == node else self.roads.start[edge])
        return way


@dataclass(slots=True, eq=False)
class Escape:
    """Where people can go, and how many still fit in.

    shelters  that stay dry;   room  people that each still takes
    closed    (k,) edges that are closed, or in which a gauge shows too much water
    pace      m s-1 on foot of the slowest;   preparing  s until the last have left
    """

    view: View
    outlook: Outlook
    shelters: tuple[Site, ...]
    room: list[float]
    closed: NDArray[np.bool_]
    pace: float
    preparing: float
    _found: dict[float, Ways] = field(default_factory=dict)

    def on_foot(self, home: Home, windows: Sequence[float]) -> tuple[int, float, list[int]]:
        """Return the nearest shelter with room, the s to it and the edges; -1, infinity: none can be reached.

        windows  of `WINDOWS`, rising, that may be looked at
        """
        for window in windows if home.node >= 0 and self.shelters else ():
            ways = self._ways(window)
            best = (math.inf, -1)
            for i, seconds in enumerate(ways.seconds[:, home.node].tolist()):
                if self.room[i] >= home.people and seconds + self.preparing <= window and math.isfinite(seconds):
                    best = min(best, (seconds, i))
            if best[1] >= 0:
                return best[1], best[0], ways.edges(best[1], home.node)
        return -1, math.inf, []

    def by_bus(self, home: Home) -> int:
        """Return the nearest shelter with room as the crow flies; -1: none."""
        away = [
            (math.hypot(site.x - home.x, site.y - home.y), i)
            for i, site in enumerate(self.shelters)
            if self.room[i] >= home.people
        ]
        return min(away)[1] if away and home.node >= 0 else -1

    def reaches(self, home: Home) -> bool:
        """Return whether there is an open way to any shelter, full or not."""
        if home.node < 0 or not self.shelters:
            return False
        return any(bool(np.isfinite(self._ways(w).seconds[:, home.node]).any()) for w in WINDOWS)

    def _ways(self, window: float) -> Ways:
        from twin.geometry.network import towards, travel_seconds

        if window not in self._found:
            course, roads = self.outlook.edges, self.view.facts.roads
            part = forecast.window(course, self.view.time, self.view.time + window)
            part = slice(part.start, part.stop + 1)  # what comes right after may come a little earlier
            barred = forecast.over(course, part, WADE, WADE_PRODUCT) | course.fire[:, part]
            shut = self.closed | barred.any(axis=(0, 1))
            goals = [site.node for site in self.shelters]
            self._found[window] = Ways(
                roads,
                travel_seconds(roads, goals, shut=shut, foot=True, speed=self.pace),
                towards(roads, goals, shut=shut, foot=True, speed=self.pace),
            )
        return self._found[window]


def escape(
    view: View, outlook: Outlook, readings: Sequence[Reading], pace: float, preparing: float, allowed: float
) -> Escape:
    """Return where people can go.

    allowed  share of members in which a shelter may be wet or in fire
    """
    course = outlook.sites
    part = forecast.window(course, view.time, math.inf)
    bad = forecast.share(forecast.over(course, part, DRY) | course.fire[:, part])
    chances = zip(view.facts.sites, bad.tolist(), strict=True)
    dry = [site for site, chance in chances if chance <= allowed and not _wet(site, readings)]
    shelters = tuple(site for site in dry if site.kind == "shelter" and site.node >= 0 and site.capacity > 0)
    room = [site.capacity - view.sheltered.get(site.id, 0.0) for site in shelters]
    return Escape(view, outlook, shelters, room, _closed(view, readings), pace, preparing)


def _wet(site: Site, readings: Sequence[Reading]) -> bool:
    """Return whether a gauge beside a site shows water now."""
    return any(
        one.value > DRY and math.dist((one.x, one.y), (site.x, site.y)) <= BESIDE
        for one in readings
        if one.quantity in {"depth", "underpass_depth"}
    )


def _closed(view: View, readings: Sequence[Reading]) -> NDArray[np.bool_]:
    """Return (k,) the edges of closed roads, and of underpasses in which a gauge shows water."""
    roads = view.facts.roads
    names = {name: i for i, name in enumerate(roads.roads)}
    shut = np.isin(roads.road, [names[id_] for id_ in sorted(view.closed) if id_ in names])
    for site in view.facts.sites:
        if site.edges:
            gauge = at(readings, site, "underpass_depth") or at(readings, site, "depth")
            if site.id in view.closed or (gauge is not None and gauge.value > WADE):
                shut[list(site.edges)] = True
    return shut
