"""Field crews: barriers on low levees and breaches, boards before underpasses and basements, a look at what is odd."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from twin.agents import _forecast as forecast
from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._limits import UNDERPASS
from twin.agents._places import district_of, home_at, node_at, site_at
from twin.agents._readings import at, belongs, recent, rising, trusted
from twin.agents._threat import in_water, threat
from twin.model.response.city import Home, Site
from twin.model.response.proposal import Proposal, Step
from twin.model.response.view import Outlook, Reading, View


@dataclass(frozen=True, slots=True)
class Settings:
    """What crews do. All of it is design.

    freeboard  m below a crest at which the river is too high;   gauge  m up to which a gauge speaks for a levee
    raise_by   m above the crest of a levee that is put on it;   chance  share of members from which crews go
    deep       m of water at a crest, of the forecast, that is more than rain or a corner of the river
    barrier, breach, boards, visit  s of work on a levee, in a breach, at an entrance, for a look
    board      m, height of flood boards: they help where the water stays lower
    likely     share of members in which a basement fills, from which it is boarded up;   worth  of what people weigh
    travellers people at risk in an underpass
    early      share of members that sets the time;   ahead  s looked at;   back  s over which a rise is measured
    near       m around a report in which another one confirms it, and from a gauge to the thing it stands at
    looks      inspections of a sort in one cycle;   glance  what one weighs, in people
    oldest, reported, stale, lasts  s: age of readings, of reports, of a forecast; until a proposal expires
    """

    freeboard: float = 0.3
    gauge: float = 500.0
    raise_by: float = 0.5
    deep: float = 0.3
    chance: float = 0.3
    barrier: float = 1800.0
    breach: float = 2400.0
    boards: float = 300.0
    visit: float = 300.0
    board: float = 0.5
    likely: float = 0.5
    worth: float = 0.3
    travellers: float = 10.0
    early: float = 0.25
    ahead: float = 3600.0
    back: float = 3600.0
    near: float = 200.0
    looks: int = 6
    glance: float = 0.1
    oldest: float = 1200.0
    reported: float = 1800.0
    stale: float = 1800.0
    lasts: float = 1800.0


@dataclass(frozen=True, slots=True)
class FieldCrews:
    """Sends crews to build and to look."""

    settings: Settings = Settings()
    name: str = "field_crews"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("readings", "history", "reports", "outlook", "units", "away", "closed", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield barriers and boards, by district, and inspections."""
        s = self.settings
        crews = sum(unit.kind == "crew" and math.isfinite(unit.free) for unit in view.units)
        outlook = forecast.fits(view.outlook, view, s.stale)
        readings = trusted(view.readings, view.time, s.oldest)
        yield from self._breaches(view, outlook)
        yield from self._levees(view, outlook, readings, crews)
        if outlook is not None:
            yield from self._underpasses(view, outlook)
            yield from self._basements(view, outlook, crews)
        yield from self._looks(view, outlook, readings)

    def _breaches(self, view: View, outlook: Outlook | None) -> Iterator[Proposal]:
        """Yield a barrier for each reported breach of a levee whose level is known."""
        s, busy = self.settings, taken(view)
        levees = {site.id: site for site in view.facts.of("levee")}
        seen: set[str] = set()
        for one in recent(view.reports, "breach", view.time, s.reported):
            site = levees.get(one.target)
            level = _level(site)
            if site is None or level is None or site.node < 0 or site.id in seen:
                continue
            seen.add(site.id)
            if ("barrier", site.id) in busy:
                continue
            weight = max(1.0, self._people(view, outlook))
            task = work("crew", site.node, s.breach, view, view.time + s.ahead, weight)
            why = reason("barrier.breach", about=site.id, level=level, people=weight)
            evidence = (one.id, outlook.id if outlook else "")
            yield proposal(
                self, view, (step("barrier", view, site.id, {"level": level}, task),), (why,), evidence, s.lasts
            )

    def _people(self, view: View, outlook: Outlook | None) -> float:
        """Return how many people will be in water, the mean of the members."""
        if outlook is None:
            return 0.0
        people = in_water(view.facts.homes, threat(view, outlook, self.settings.ahead))
        return float(people.max(axis=1).mean(axis=0).sum()) if people.size else 0.0

    def _levees(self, view: View, outlook: Outlook | None, readings: list[Reading], crews: int) -> Iterator[Proposal]:
        """Yield barriers on the levees with the least left between river and crest, as many as there are crews."""
        s, busy = self.settings, taken(view)
        over = np.zeros(len(view.facts.sites))
        if outlook is not None:
            part = forecast.window(outlook.sites, view.time, view.time + s.ahead)
            wet = forecast.over(outlook.sites, part, s.deep)
            # a levee that stands in water from the start shares a coarse cell with the river
            over = np.where(wet[:, :1].any(axis=(0, 1)), 0.0, forecast.share(wet))
        broken = {one.target for one in recent(view.reports, "breach", view.time, s.reported)}
        low: list[tuple[float, float, Site, str]] = []
        for i, site in enumerate(view.facts.sites):
            level = _level(site)
            if site.kind != "levee" or level is None or site.node < 0 or site.id in broken:
                continue
            if ("barrier", site.id) in busy:
                continue
            gauge = at(readings, site, "water_level", s.gauge)
            left, when = math.inf, view.time + s.ahead
            if gauge is not None:
                rise = max(0.0, rising(view, gauge, s.back, s.oldest))
                left = level - gauge.value - rise * s.ahead
                when = view.time + (level - gauge.value) / rise if rise > 0 else when
            if left < s.freeboard or over[i] >= s.chance:
                low.append((min(left, s.freeboard), when, site, gauge.id if gauge and left < s.freeboard else ""))
        lists: dict[str, list[tuple[float, Step, str]]] = {}
        for left, when, site, evidence in sorted(low, key=lambda entry: (entry[0], entry[2].id))[: max(0, crews)]:
            level = (_level(site) or 0.0) + s.raise_by
            weight = max(1.0, s.travellers * (s.freeboard - left))
            task = work("crew", site.node, s.barrier, view, min(max(when, view.time), view.time + s.ahead), weight)
            entry = (left, step("barrier", view, site.id, {"level": level}, task), evidence)
            lists.setdefault(district_of(view.facts, site.x, site.y), []).append(entry)
        for district, entries in sorted(lists.items()):
            why = reason("barrier.low", about=district, levees=len(entries), left=min(left for left, _, _ in entries))
            by = [*(one for _, _, one in entries), outlook.id if outlook else ""]
            yield proposal(self, view, [one for _, one, _ in entries], (why,), by, s.lasts)

    def _underpasses(self, view: View, outlook: Outlook) -> Iterator[Proposal]:
        """Yield boards across underpasses that are closed already and will fill."""
        s, busy = self.settings, taken(view)
        part = forecast.window(outlook.sites, view.time, view.time + s.ahead)
        deep = forecast.over(outlook.sites, part, UNDERPASS)
        chance, when = forecast.share(deep), forecast.soon(deep, outlook.sites.times[part], s.early)
        steps, worst = [], 0.0
        for i, site in enumerate(view.facts.sites):
            if site.kind != "underpass" or site.id not in view.closed or site.node < 0 or chance[i] < s.chance:
                continue
            if ("underpass", site.id) not in busy:
                due = float(when[i]) if math.isfinite(when[i]) else view.time + s.ahead
                task = work("crew", site.node, s.boards, view, due, float(chance[i]))
                steps.append(step("underpass", view, site.id, {"boards": s.board}, task))
                worst = max(worst, float(chance[i]))
        if steps:
            why = reason("boards.underpass", about="", underpasses=len(steps), chance=worst, height=s.board)
            yield proposal(self, view, steps, (why,), (outlook.id,), s.lasts)

    def _basements(self, view: View, outlook: Outlook, crews: int) -> Iterator[Proposal]:
        """Yield boards before half-basements where the water will come and stay lower than they are."""
        s, busy, homes = self.settings, taken(view), view.facts.homes
        threatened = threat(view, outlook, s.ahead)
        chance = forecast.share(threatened.below)
        likely = [
            int(i)
            for i in np.flatnonzero(chance >= s.likely)
            if homes[i].id not in view.away and homes[i].node >= 0 and ("basement", homes[i].id) not in busy
        ]
        if not likely or crews <= 0:
            return
        when = forecast.soon(threatened.below, threatened.times, s.early)
        part = forecast.window(outlook.homes, view.time, view.time + s.ahead)
        deepest = outlook.homes.depth[:, part].max(axis=1).max(axis=0)
        held = [i for i in likely if deepest[i] < s.board and when[i] > view.time]
        held.sort(key=lambda i: (-homes[i].below * chance[i], homes[i].id))
        lists: dict[str, list[Step]] = {}
        for i in held[: 2 * crews]:  # a crew reaches about two before the water does
            home = homes[i]
            task = work("crew", home.node, s.boards, view, float(when[i]), s.worth * home.below * float(chance[i]))
            lists.setdefault(home.district, []).append(step("basement", view, home.id, {"boards": s.board}, task))
        for district, steps in sorted(lists.items()):
            why = reason("boards.basement", about=district, homes=len(steps), height=s.board)
            yield proposal(self, view, steps, (why,), (outlook.id,), s.lasts)

    def _looks(self, view: View, outlook: Outlook | None, readings: list[Reading]) -> Iterator[Proposal]:
        """Yield inspections: where a gauge cannot be trusted, and of what only one person reported."""
        s, left = self.settings, self.settings.looks
        places: dict[str, tuple[str, int]] = {}
        for one in view.readings:
            if one.mark in {"frozen", "spike", "gap"}:
                things: tuple[Site | Home, ...] = (*view.facts.sites, *view.facts.homes)
                own = next((thing for thing in things if belongs(one, thing.id)), None)
                near = own or site_at(view.facts.sites, one.x, one.y, s.near)
                place = near or home_at(view.facts, one.x, one.y, s.near)
                if place is not None and place.node >= 0:
                    places.setdefault(place.id, (one.id, place.node))
        # a marked reading is no evidence: that the rest of the network speaks is
        others = [outlook.id] if outlook is not None else [one.id for one in readings[:1]]
        if others:
            yield from self._look(view, "inspect.gauge", places, others, left)
        seen = [r for kind in ("blocked", "water") for r in recent(view.reports, kind, view.time, s.reported)]
        alone: dict[str, tuple[str, int]] = {}
        for report in seen:
            near_it = [r for r in seen if math.hypot(r.x - report.x, r.y - report.y) <= s.near]
            node = node_at(view.facts, report.x, report.y) if len(near_it) == 1 else -1
            if node >= 0:
                alone.setdefault(report.id, (report.id, node))
        yield from self._look(view, "inspect.report", alone, [], left)

    def _look(
        self, view: View, code: str, places: Mapping[str, tuple[str, int]], evidence: list[str], most: int
    ) -> Iterator[Proposal]:
        """Yield one order to look at some places: target -> id of what is odd, and node."""
        s, busy = self.settings, taken(view)
        chosen = [target for target in sorted(places) if ("inspect", target) not in busy][:most]
        steps, why = [], []
        for target in chosen:
            source, node = places[target]
            task = work("crew", node, s.visit, view, view.time + s.ahead, s.glance)
            steps.append(step("inspect", view, target, {}, task))
            why.append(reason(code, about=target, source=source))
        if steps:
            yield proposal(self, view, steps, why, evidence or chosen, s.lasts)


def _level(site: Site | None) -> float | None:
    """Return m, the crest of a levee; None: not known."""
    level = None if site is None else site.params.get("level")
    return float(level) if isinstance(level, int | float) and not isinstance(level, bool) else None


agent = FieldCrews()
