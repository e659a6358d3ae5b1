"""Ways on foot to shelters that stay open, in every member of the forecast, until the slowest have passed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.agents import _forecast as forecast
from twin.agents._limits import WADE, WADE_PRODUCT
from twin.agents._readings import at
from twin.model.response.city import Home, Site
from twin.model.response.view import Outlook, Reading, View

if TYPE_CHECKING:
    from twin.geometry.network import Passable

DRY = 0.10
"""m of water from which a shelter does not count as dry (design)."""

BESIDE = 30.0
"""m from a gauge within which it speaks for a shelter (the shield's rule)."""


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a home: position of the shelter, s of walking, edges in their order."""

    shelter: int
    walk: float
    edges: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Escape:
    """Where people can go, and how many still fit in.

    shelters  that stay dry;   room  people that each still takes
    closed    (k,) edges that are closed, or in which a gauge shows too much water
    passable  which edges are open until when: one that closes does not open again
    pace      m s-1 on foot of the slowest;   preparing  s until the last have left
    """

    view: View
    shelters: tuple[Site, ...]
    room: list[float]
    closed: NDArray[np.bool_]
    passable: Passable
    pace: float
    preparing: float
    _found: dict[tuple[int, float, tuple[int, ...]], Exit | None] = field(default_factory=dict)

    def on_foot(self, home: Home, told: float) -> Exit | None:
        """Return the way to the nearest shelter with room, for people who are told at `told` s; None: there is none."""
        roomy = tuple(i for i in range(len(self.shelters)) if self.room[i] >= home.people)
        return self._exit(home, told, roomy)

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
        return self._exit(home, self.view.time, tuple(range(len(self.shelters)))) is not None

    def _exit(self, home: Home, told: float, shelters: tuple[int, ...]) -> Exit | None:
        from twin.geometry.network import fastest

        key = home.node, told, shelters
        if key not in self._found:
            found = None
            if home.node >= 0 and shelters:
                goals = {self.shelters[i].node: i for i in reversed(shelters)}
                begins = told + self.preparing
                route = fastest(
                    self.view.facts.roads,
                    home.node,
                    sorted(goals),
                    begins,
                    self.passable,
                    shut=self.closed,
                    foot=True,
                    speed=self.pace,
                )
                if route is not None:
                    found = Exit(goals[route.nodes[-1]], route.arrives[-1] - begins, route.edges)
            self._found[key] = found
        return self._found[key]


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
    return Escape(view, shelters, room, _closed(view, readings), _passable(view, outlook), pace, preparing)


def _passable(view: View, outlook: Outlook) -> Passable:
    """Return which edges are open until when, on foot; one that is barred in any member stays closed from then on.

    What comes between two times of the forecast may come right after the first of them.
    """
    from twin.geometry.network import Passable

    course = outlook.edges
    part = forecast.window(course, view.time, math.inf)
    hit = forecast.over(course, part, WADE, WADE_PRODUCT) | course.fire[:, part]
    barred = np.asarray(hit.any(axis=0), bool)
    after = np.logical_or.accumulate(np.concatenate([barred[1:], barred[-1:]]), axis=0) | barred[0]
    return Passable(np.asarray(course.times[part], float), (~after).astype(np.float32))


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
