"""Traffic: roads closed before the water, opened after it; signs beforehand; a green wave for emergency vehicles."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.agents import _forecast as forecast
from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._limits import CAR, CAR_PRODUCT, LARGE, LARGE_PRODUCT, UNDERPASS
from twin.agents._places import district_of
from twin.agents._readings import at, recent, trusted
from twin.model.response.city import Site
from twin.model.response.proposal import Proposal, Step
from twin.model.response.view import Outlook, Reading, View

BLUE = ("engine", "crew", "pump_crew", "police")
"""Units that get a green wave."""

BESIDE = 100.0
"""m from a road within which a report of water speaks for it (design)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """When roads close and open. Design, but where `_limits` has a source.

    lead       s before the water at which a road is closed
    underpass, road   share of members in which one floods, from which it is closed: an underpass traps people
    sign       the same, from which drivers are told
    dry        m up to which a road is dry again;   calm  s for which the forecast has to keep it so
    service    s of police to close one;   travellers, drivers  people at risk in an underpass; per lane of a road
    closures   roads in one cycle for each unit of police;   signs  roads in one cycle and district
    early      share of members that sets the time;   late  s for which it still helps to close once water is there
    speed      share of its own by which an emergency vehicle is faster on a green wave (unverified)
    oldest, stale, lasts  s: age of readings, of a forecast; until a proposal expires
    """

    lead: float = 1500.0
    underpass: float = 0.2
    road: float = 0.5
    sign: float = 0.3
    dry: float = 0.05
    calm: float = 3600.0
    service: float = 180.0
    travellers: float = 10.0
    drivers: float = 1.0
    closures: int = 2
    signs: int = 12
    late: float = 1800.0
    early: float = 0.25
    speed: float = 1.3
    oldest: float = 1200.0
    stale: float = 1800.0
    lasts: float = 1800.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """Closes, opens, warns and clears the way."""

    settings: Settings = Settings()
    name: str = "traffic"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("readings", "reports", "outlook", "units", "closed", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield closures and signs by district, openings, and green waves."""
        s = self.settings
        outlook = forecast.fits(view.outlook, view, s.stale)
        readings = trusted(view.readings, view.time, s.oldest)
        yield from self._underpasses(view, outlook, readings)
        if outlook is not None:
            yield from self._roads(view, outlook)
            yield from self._opened(view, outlook, readings)
            yield from self._waves(view, outlook)

    def _underpasses(self, view: View, outlook: Outlook | None, readings: list[Reading]) -> Iterator[Proposal]:
        """Yield underpasses to be closed: where a gauge shows it, or where the forecast sees it come in time."""
        s, busy = self.settings, taken(view)
        chance, when = np.zeros(len(view.facts.sites)), np.full(len(view.facts.sites), math.inf)
        if outlook is not None:
            part = forecast.window(outlook.sites, view.time, view.time + s.lead)
            deep = forecast.over(outlook.sites, part, UNDERPASS)
            chance, when = forecast.share(deep), forecast.soon(deep, outlook.sites.times[part], s.early)
        for i, site in enumerate(view.facts.sites):
            if site.kind != "underpass" or site.id in view.closed or ("close_road", site.id) in busy:
                continue
            gauge = underpass_gauge(readings, site)
            seen = gauge is not None and gauge.value >= UNDERPASS
            if not seen and chance[i] < s.underpass:
                continue
            due = view.time if seen or not math.isfinite(when[i]) else float(when[i])
            sure = 1.0 if seen else float(chance[i])
            task = None
            if site.node >= 0:
                task = work("police", site.node, s.service, view, max(due, view.time + s.late), s.travellers * sure)
            one = step("close_road", view, site.id, {"edges": list(site.edges)}, task)
            code = "traffic.underpass_wet" if seen else "traffic.underpass_soon"
            depth = gauge.value if seen and gauge is not None else UNDERPASS
            why = reason(code, about=site.id, chance=sure, minutes=(due - view.time) / 60, depth=depth)
            evidence = (gauge.id if seen and gauge is not None else "", outlook.id if outlook else "")
            yield proposal(self, view, (one,), (why,), evidence, s.lasts)

    def _roads(self, view: View, outlook: Outlook) -> Iterator[Proposal]:
        """Yield roads to be closed, the widest first, as many as there are police for, and signs for the others."""
        s, busy, roads = self.settings, taken(view), view.facts.roads
        part = forecast.window(outlook.edges, view.time, view.time + s.lead)
        deep = forecast.over(outlook.edges, part, CAR, CAR_PRODUCT)
        chance, when = forecast.share(deep), forecast.soon(deep, outlook.edges.times[part], s.early)
        fled = _fled(view)
        found = []
        for road, edges in self._wet(view, chance).items():
            sure = [edge for edge in edges if chance[edge] >= s.road]
            used = sure if sure and not fled & set(edges) else edges
            due = float(when[used].min())
            due = due if math.isfinite(due) else view.time + s.lead
            weight = s.drivers * float(roads.lanes[used].max()) * float(chance[used].max())
            found.append((weight, road, used, due, used is sure and ("close_road", road) not in busy))
        found.sort(key=lambda entry: (-entry[0], entry[1]))
        police = sum(unit.kind == "police" and math.isfinite(unit.free) for unit in view.units)
        close = [entry[1] for entry in found if entry[4]][: police * s.closures]
        lists: dict[tuple[str, str], list[tuple[Step, float]]] = {}
        for weight, road, used, due, _ in found:
            kind = "close_road" if road in close else "message_sign"
            if (kind, road) in busy:
                continue
            node = int(roads.start[used[len(used) // 2]])
            district = district_of(view.facts, float(roads.x[node]), float(roads.y[node]))
            if kind == "close_road":
                task = work("police", node, s.service, view, max(due, view.time + s.late), weight)
                one = step(kind, view, road, {"edges": used}, task)
            else:
                one = step(kind, view, road, {"avoid": used})
            lists.setdefault((district, kind), []).append((one, due))
        for (district, kind), entries in sorted(lists.items()):
            chosen = entries[: s.signs] if kind == "message_sign" else entries
            minutes = (min(due for _, due in chosen) - view.time) / 60
            why = reason(f"traffic.{kind}", about=district, roads=len(chosen), minutes=minutes)
            yield proposal(self, view, [one for one, _ in chosen], (why,), (outlook.id,), s.lasts)

    def _wet(self, view: View, chance: NDArray[np.float64]) -> dict[str, list[int]]:
        """Return the roads for cars that are open and may flood, with the edges on which; underpasses are no part."""
        roads = view.facts.roads
        wet = (chance >= self.settings.sign) & ~roads.foot
        for site in view.facts.of("underpass"):
            wet[list(site.edges)] = False
        found: dict[str, list[int]] = {}
        for edge in np.flatnonzero(wet).tolist():
            road = roads.roads[roads.road[edge]]
            if road not in view.closed:
                found.setdefault(road, []).append(edge)
        return dict(sorted(found.items()))

    def _opened(self, view: View, outlook: Outlook, readings: list[Reading]) -> Iterator[Proposal]:
        """Yield closed roads that are dry by their gauge, by reports and in every member, now and for a while."""
        s, roads = self.settings, view.facts.roads
        part = forecast.window(outlook.edges, view.time, view.time + s.calm)
        wet = forecast.share(forecast.over(outlook.edges, part, s.dry)) > 0
        on_board = {one.action.target for p, _ in view.board for one in p.steps}
        sites = {site.id: (i, site) for i, site in enumerate(view.facts.sites)}
        of_sites = forecast.window(outlook.sites, view.time, view.time + s.calm)
        site_wet = forecast.share(forecast.over(outlook.sites, of_sites, s.dry)) > 0
        for id_ in sorted(view.closed):
            if id_ in on_board:
                continue
            evidence = [outlook.id]
            if id_ in sites:
                i, site = sites[id_]
                gauge = underpass_gauge(readings, site)
                edges, x, y = list(site.edges), site.x, site.y
                dry = not site_wet[i] and gauge is not None and gauge.value <= s.dry
                evidence += [gauge.id] if gauge is not None else []
            elif id_ in roads.roads:
                edges = np.flatnonzero(roads.road == roads.roads.index(id_)).tolist()
                x, y = float(roads.x[roads.start[edges[0]]]), float(roads.y[roads.start[edges[0]]])
                dry = True
            else:
                continue
            if dry and not wet[edges].any() and not _reported(view, x, y, s.stale):
                one = step("reopen_road", view, id_, {"edges": edges})
                why = reason("traffic.dry", about=id_, minutes=s.calm / 60, depth=s.dry)
                yield proposal(self, view, (one,), (why,), evidence, s.lasts)

    def _waves(self, view: View, outlook: Outlook) -> Iterator[Proposal]:
        """Yield green waves on the ways of emergency vehicles that were awarded and have not arrived."""
        s, busy = self.settings, taken(view)
        part = forecast.window(outlook.edges, view.time, view.time + s.lead)
        barred = forecast.over(outlook.edges, part, LARGE, LARGE_PRODUCT) | outlook.edges.fire[:, part]
        open_ = ~barred.any(axis=(0, 1)) & ~view.facts.roads.foot
        ways: dict[str, list[int]] = {}
        for one, _ in view.board:
            for st in one.steps:
                award, task, target = st.award, st.work, st.action.target
                if award is None or task is None or task.unit not in BLUE or not target:
                    continue
                if award.arrives > view.time and ("green_wave", target) not in busy:
                    ways.setdefault(target, []).extend(edge for edge in award.edges if open_[edge])
        steps = [
            step("green_wave", view, target, {"edges": sorted(set(edges)), "speed": s.speed})
            for target, edges in sorted(ways.items())
            if edges
        ]
        if steps:
            why = reason("traffic.green_wave", about="", ways=len(steps), speed=s.speed)
            yield proposal(self, view, steps, (why,), (outlook.id,), view.every)


def _fled(view: View) -> set[int]:
    """Return the edges along which people have been told to leave: on these no road is closed over their heads."""
    found: set[int] = set()
    for one, _ in view.board:
        for st in one.steps:
            edges = st.action.params.get("edges", ())
            if st.action.kind == "evacuate" and isinstance(edges, list | tuple):
                found.update(edge for edge in edges if isinstance(edge, int))
    return found


def underpass_gauge(readings: list[Reading], site: Site) -> Reading | None:
    """Return the reading of the gauge in an underpass, as "underpass_depth" or as "depth"; None: it has none."""
    inside = at(readings, site, "underpass_depth")
    return inside if inside is not None else at(readings, site, "depth")


def _reported(view: View, x: float, y: float, oldest: float) -> bool:
    """Return whether somebody lately reported water beside a place."""
    seen = recent(view.reports, "water", view.time, oldest)
    return any(math.hypot(one.x - x, one.y - y) <= BESIDE for one in seen)


agent = Traffic()
