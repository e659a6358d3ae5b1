"""What the rules look things up in: a view, turned into tables once per screening. It decides nothing."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.model.response.city import Home, Network, Site, Unit
from twin.model.response.proposal import Proposal, Step
from twin.model.response.view import Course, Outlook, Reading, Report, View
from twin.shield.limits import MODES, Limits

DEPTHS = ("depth", "underpass_depth")
"""Quantities whose readings are m of water on a road."""


@dataclass(frozen=True, slots=True)
class Item:
    """A step that is judged: the proposal it stands in, its number there, its level."""

    proposal: Proposal
    number: int
    step: Step
    level: int

    @property
    def begins(self) -> float:
        """Return when its action begins as it is planned, in s."""
        return self.step.award.done if self.step.work and self.step.award else self.step.action.at


@dataclass(frozen=True, eq=False)
class Known:
    """A view with its tables.

    gates  ids of the gates of a crowd, which are no sites of the city
    bound  the proposals are approved as they are: data were judged when they were made, nothing may be repaired, and
           what is late begins now
    """

    view: View
    limits: Limits
    gates: frozenset[str] = frozenset()
    bound: bool = False

    @property
    def roads(self) -> Network:
        """Return the network."""
        return self.view.facts.roads

    @cached_property
    def homes(self) -> Mapping[str, Home]:
        """Return homes by id."""
        return {home.id: home for home in self.view.facts.homes}

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Return sites by id."""
        return {site.id: site for site in self.view.facts.sites}

    @cached_property
    def place_of_site(self) -> Mapping[str, int]:
        """Return the position of each site in the forecast."""
        return {site.id: n for n, site in enumerate(self.view.facts.sites)}

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Return units by id."""
        return {unit.id: unit for unit in self.view.units}

    @cached_property
    def edges_of(self) -> Mapping[str, tuple[int, ...]]:
        """Return the edges of each road, and of each site that has some."""
        order = np.argsort(self.roads.road, kind="stable")
        ends = np.searchsorted(self.roads.road[order], np.arange(len(self.roads.roads) + 1))
        found = {road: tuple(int(e) for e in order[ends[n] : ends[n + 1]]) for n, road in enumerate(self.roads.roads)}
        return found | {site.id: site.edges for site in self.view.facts.sites if site.edges}

    @cached_property
    def reports(self) -> Mapping[str, Report]:
        """Return reports by id."""
        return {report.id: report for report in self.view.reports}

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """Return readings by id, those of the last hours too."""
        past = {reading.id: reading for series in self.view.history.values() for reading in series}
        return past | {reading.id: reading for reading in self.view.readings}

    def fresh(self, reading: Reading) -> bool:
        """Return whether a reading is young enough and not marked."""
        if reading.mark or not math.isfinite(reading.value) or reading.received > self.view.time:
            return False
        return 0 <= self.view.time - reading.time <= self.limits.age(reading.quantity)

    @cached_property
    def outlook(self) -> Outlook | None:
        """Return the forecast, if there is one of this city that is young enough; else None."""
        given = self.view.outlook
        if given is None or not 0 <= self.view.time - given.made <= self.limits.outlook_age:
            return None
        sizes = (len(self.view.facts.homes), len(self.view.facts.sites), len(self.roads.start))
        courses = (given.homes, given.sites, given.edges)
        return given if all(_whole(c, n) for c, n in zip(courses, sizes, strict=True)) else None

    @cached_property
    def wet(self) -> Mapping[str, NDArray[np.bool_]]:
        """Return for each mode (m, t, k) whether water on an edge is beyond its limit; a bridge stands above it."""
        assert self.outlook is not None
        course = self.outlook.edges
        found = {}
        for mode in MODES:
            depth, product = self.limits.passing(mode)
            # float32 as the forecast: 0.3 of it is 0.3 of the limit; and what is no number does not keep a limit
            wet = ~((course.depth <= np.float32(depth)) & (course.product <= np.float32(product)))
            found[mode] = wet & ~self.roads.over
        return found

    @cached_property
    def ever(self) -> Mapping[str, NDArray[np.bool_]]:
        """Return for each mode (k,) whether water or fire ever bars an edge in any member."""
        assert self.outlook is not None
        fire = self.outlook.edges.fire.any(axis=(0, 1))
        return {mode: np.asarray(self.wet[mode].any(axis=(0, 1)) | fire) for mode in MODES}

    @cached_property
    def read(self) -> Mapping[str, Mapping[int, str]]:
        """Return for each mode edge -> id of a reading by which water on it is beyond the limit now."""
        found: dict[str, dict[int, str]] = {mode: {} for mode in MODES}
        for reading in self.view.readings:
            if reading.quantity not in DEPTHS or not self.fresh(reading):
                continue
            barred = [mode for mode in MODES if reading.value > self.limits.passing(mode)[0]]
            for edge in self._beside(reading) if barred else ():
                for mode in barred:
                    found[mode].setdefault(edge, reading.id)
        return found

    def _beside(self, reading: Reading) -> tuple[int, ...]:
        """Return the edges a reading of depth speaks for: those of its site, else those within reach."""
        own = next((s for s in self.view.facts.sites if s.edges and _belongs(reading.sensor, s.id)), None)
        if own is not None:
            return own.edges
        if reading.quantity == "underpass_depth":
            low = [s for s in self.view.facts.sites if s.edges]
            near = min(low, key=lambda s: (math.dist((s.x, s.y), (reading.x, reading.y)), s.id), default=None)
            return near.edges if near is not None else ()
        net = self.roads
        x0, y0 = net.x[net.start], net.y[net.start]
        dx, dy = net.x[net.end] - x0, net.y[net.end] - y0
        length = np.maximum(dx * dx + dy * dy, 1e-12)
        t = np.clip(((reading.x - x0) * dx + (reading.y - y0) * dy) / length, 0.0, 1.0)
        apart = np.hypot(reading.x - x0 - t * dx, reading.y - y0 - t * dy)
        return tuple(int(e) for e in np.flatnonzero((apart <= self.limits.reading_reach) & ~net.over))

    @cached_property
    def closed(self) -> NDArray[np.bool_]:
        """Return (k,) the edges that closures in force shut."""
        return self._shut(frozenset(self.view.closed))

    @cached_property
    def closing_soon(self) -> NDArray[np.bool_]:
        """Return (k,) the edges that are shut, or will be when units get there to close them."""
        under_way = [self.view.running.get(kind, ()) for kind in ("close_road", "underpass")]
        return self._shut(frozenset(self.view.closed).union(*under_way))

    def _shut(self, targets: frozenset[str]) -> NDArray[np.bool_]:
        """Return (k,) the edges of closed roads and sites.

        The view names roads; which part of one is closed stands in the proposals on the board, else it is all of it.
        """
        shut = np.zeros(len(self.roads.start), bool)
        parts: dict[str, list[int]] = {}
        for proposal, _ in self.view.board:
            for step in proposal.steps:
                if step.action.kind == "close_road" and step.action.target in targets:
                    parts.setdefault(step.action.target, []).extend(self.closing(step))
        for target in sorted(targets):
            shut[list(parts.get(target) or self.edges_of.get(target, ()))] = True
        return shut

    def closing(self, step: Step) -> tuple[int, ...]:
        """Return the edges that a step closes or opens."""
        given = step.action.params.get("edges", ())
        edges = tuple(given) if isinstance(given, list | tuple) else ()
        if not edges:
            return self.edges_of.get(step.action.target, ())
        return tuple(e for e in edges if isinstance(e, int) and 0 <= e < len(self.roads.start))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of the city in m, with a margin of 5 km."""
        things: tuple[Home | Site, ...] = (*self.view.facts.homes, *self.view.facts.sites)
        x = [*self.roads.x.tolist(), *(thing.x for thing in things)]
        y = [*self.roads.y.tolist(), *(thing.y for thing in things)]
        if not x:
            return -math.inf, -math.inf, math.inf, math.inf
        return min(x) - 5000, min(y) - 5000, max(x) + 5000, max(y) + 5000


def known(view: View, limits: Limits, gates: Collection[str] = (), *, bound: bool = False) -> Known:
    """Return a view with its tables."""
    return Known(view, limits, frozenset(gates), bound)


def _whole(course: Course, things: int) -> bool:
    """Return whether a course has members, rising times, and a value for each thing."""
    members, times = course.depth.shape[0], len(course.times)
    shape = (members, times, things)
    if members < 1 or times < 1 or not bool(np.all(np.diff(course.times) > 0)):
        return False
    return course.depth.shape == shape and course.product.shape == shape and course.fire.shape == shape


def _belongs(sensor: str, id_: str) -> bool:
    return sensor == id_ or sensor.endswith(f":{id_}")
