"""Pumps and gates: pumps on before the rain, gates shut against the river, mobile pumps to where it will be deepest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.agents import _forecast as forecast
from twin.agents import _rain
from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._limits import STAIRS, UNDERPASS
from twin.agents._readings import at, trusted
from twin.agents._threat import in_water, threat
from twin.model.response.city import Site
from twin.model.response.proposal import Proposal, Step
from twin.model.response.view import Outlook, Reading, View


@dataclass(frozen=True, slots=True)
class Settings:
    """When pumps and gates move. Design, but where a source stands.

    rain       mm h-1, fallen or expected, from which pumps run
    wet        m at a pump from which it must run;   still  m3 s-1 up to which it stands still
    rate       m3 s-1 of a mobile pump, 3 m3 min-1 (unverified: trailer pumps)
    chance     share of members in which a place floods, from which a mobile pump goes there
    underpass  the same of an underpass: it fills faster;   travellers  people at risk in one
    apart      m between mobile pumps;   reach  m around one in which people count
    pumps      mobile ones that each pump crew has;   late  s for which one still helps once the water has come
    setup      s to set one up;   early  share of members by whose arrival the time is set;   ahead  s looked at
    gauge      m up to which a river gauge speaks for a gate;   height  m of a gate that states none
    back       m below which the river has to fall before a gate is opened again
    oldest, stale, lasts  s: age of readings, of a forecast; until a proposal expires
    """

    rain: float = 20.0
    wet: float = 0.1
    still: float = 1e-3
    rate: float = 0.05
    chance: float = 0.3
    underpass: float = 0.2
    travellers: float = 10.0
    apart: float = 200.0
    reach: float = 100.0
    pumps: int = 2
    late: float = 3600.0
    setup: float = 600.0
    early: float = 0.25
    ahead: float = 3600.0
    gauge: float = 500.0
    height: float = 2.0
    back: float = 0.3
    oldest: float = 1200.0
    stale: float = 1800.0
    lasts: float = 1800.0


@dataclass(frozen=True, slots=True)
class PumpsGates:
    """Sets pumps and gates."""

    settings: Settings = Settings()
    name: str = "pumps_gates"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("readings", "nowcast", "outlook", "units", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield proposals for pumping stations, for gates, for underpasses, and for mobile pumps by district."""
        outlook = forecast.fits(view.outlook, view, self.settings.stale)
        readings = trusted(view.readings, view.time, self.settings.oldest)
        yield from self._stations(view, outlook, readings)
        yield from self._gates(view, readings)
        if outlook is not None:
            left = self._left(view)
            under = list(self._underpasses(view, outlook, left))
            yield from under
            yield from self._mobile(view, outlook, left - sum(len(one.steps) for one in under))

    def _stations(self, view: View, outlook: Outlook | None, readings: list[Reading]) -> Iterator[Proposal]:
        """Yield the pumping stations to be set running: those that wait to their rule, those under water at once."""
        s = self.settings
        falls, gauges = _rain.now(view, s.oldest)
        peak, _ = _rain.expected(view, s.ahead)
        open_ = {target for one, _ in view.board for st in one.steps if (target := st.action.target)}
        running = {target for kind, target in taken(view) if kind == "pump"}
        lists: dict[str, list[Step]] = {}
        evidence = [one.id for one in gauges] + ([outlook.id] if outlook else [])
        for i, site in enumerate(view.facts.sites):
            if site.kind != "pump" or site.id in open_:
                continue
            water = outlook is not None and _at_now(view, outlook, i) > s.wet
            told = at(readings, site, "pump_rate")
            stands = told is not None and told.value <= s.still
            if site.id in running and not (stands and water):
                continue
            if stands and water and told is not None:
                lists.setdefault("pump.stands_still", []).append(step("pump", view, site.id, {"mode": "on"}))
                evidence.append(told.id)
            elif water or max(falls, peak) >= s.rain:
                mode = "on" if water else "auto"
                lists.setdefault("pump.before_rain", []).append(step("pump", view, site.id, {"mode": mode}))
        # a nowcast alone is no evidence that anybody could look up
        for code, steps in sorted(lists.items()) if evidence else ():
            why = reason(code, about="", pumps=len(steps), now=falls, peak=peak)
            yield proposal(self, view, steps, (why,), evidence, s.lasts)

    def _gates(self, view: View, readings: list[Reading]) -> Iterator[Proposal]:
        """Yield gates to be shut while the river stands above the ground behind them, and opened when it has fallen."""
        s = self.settings
        busy = taken(view)
        on_board = {st.action.target for one, _ in view.board for st in one.steps if st.action.kind == "gate"}
        for site in view.facts.of("gate"):
            river = at(readings, site, "water_level", s.gauge)
            behind = _behind(site, s.height)
            if river is None or behind is None or site.id in on_board:
                continue
            opening = at(readings, site, "gate_opening")
            is_open = opening.value > 0.1 if opening is not None else ("gate", site.id) not in busy
            shut = is_open and river.value > behind
            again = opening is not None and not is_open and river.value < behind - s.back
            if not shut and not again:
                continue
            code = "gate.river_high" if shut else "gate.river_low"
            why = reason(code, about=site.id, level=river.value, ground=behind)
            one = step("gate", view, site.id, {"opening": 0.0 if shut else 1.0})
            evidence = (river.id, opening.id if opening else "")
            yield proposal(self, view, (one,), (why,), evidence, s.lasts)

    def _left(self, view: View) -> int:
        """Return how many mobile pumps are neither set up nor spoken for."""
        stations = {site.id for site in view.facts.of("pump")}
        out = {key for key in taken(view) if key[0] in {"pump", "underpass"}} - {("pump", id_) for id_ in stations}
        crews = sum(unit.kind == "pump_crew" and math.isfinite(unit.free) for unit in view.units)
        return max(0, crews * self.settings.pumps - len(out))

    def _underpasses(self, view: View, outlook: Outlook, left: int) -> Iterator[Proposal]:
        """Yield pumps for underpasses that will fill."""
        s = self.settings
        course, busy = outlook.sites, taken(view)
        part = forecast.window(course, view.time, view.time + s.ahead)
        deep = forecast.over(course, part, UNDERPASS)
        chance, when = forecast.share(deep), forecast.soon(deep, course.times[part], s.early)
        sites = view.facts.sites
        filling = [
            i
            for i, site in enumerate(sites)
            if site.kind == "underpass" and site.node >= 0 and chance[i] >= s.underpass
            if ("underpass", site.id) not in busy
        ]
        filling.sort(key=lambda i: (-chance[i], when[i], sites[i].id))
        steps = []
        for i in filling[:left]:
            weight = s.travellers * float(chance[i])
            task = work("pump_crew", sites[i].node, s.setup, view, _by(view, when[i], s.late), weight)
            steps.append(step("underpass", view, sites[i].id, {"pump": s.rate}, task))
        if steps:
            why = reason("pump.underpass", about="", underpasses=len(steps), chance=float(chance[filling[0]]))
            yield proposal(self, view, steps, (why,), (outlook.id,), s.lasts)

    def _mobile(self, view: View, outlook: Outlook, left: int) -> Iterator[Proposal]:
        """Yield mobile pumps for where most people will be in water, as many as are left."""
        s = self.settings
        homes = view.facts.homes
        threatened = threat(view, outlook, s.ahead)
        hit = threatened.water
        chance = forecast.share(hit)
        likely = np.flatnonzero(chance >= s.chance)
        if left <= 0 or not len(likely):
            return
        people = in_water(homes, threatened).max(axis=1).mean(axis=0)
        when = forecast.soon(hit, threatened.times, s.early)
        part = forecast.window(outlook.homes, view.time, view.time + s.ahead)
        depth = np.median(outlook.homes.depth[:, part].max(axis=1), axis=0)
        xy = np.array([(home.x, home.y) for home in homes])
        close = np.hypot(*(xy[likely, None] - xy[None, likely]).transpose(2, 0, 1)) <= s.reach
        weight = close @ people[likely]
        there = {target for kind, target in taken(view) if kind == "pump"}
        spots = [(home.x, home.y) for home in homes if home.id in there]
        lists: dict[str, list[tuple[Step, float]]] = {}
        for k in sorted(range(len(likely)), key=lambda k: (-weight[k], homes[likely[k]].id)):
            around = likely[close[k]]
            i = min(around.tolist(), key=lambda j: (-float(depth[j]), homes[j].id))
            home = homes[i]
            if left <= 0:
                break
            if home.node < 0 or any(math.dist((home.x, home.y), spot) < s.apart for spot in spots):
                continue
            spots.append((home.x, home.y))
            left -= 1
            roads = view.facts.roads
            place = {"x": float(roads.x[home.node]), "y": float(roads.y[home.node])}
            task = work("pump_crew", home.node, s.setup, view, _by(view, when[i], s.late), float(weight[k]))
            one = step("pump", view, home.id, {**place, "radius": 30.0, "rate": s.rate, "mode": "on"}, task)
            lists.setdefault(home.district, []).append((one, max(float(depth[i]), STAIRS)))
        for district, entries in sorted(lists.items()):
            deepest = max(depth for _, depth in entries)
            people_here = sum(one.work.weight for one, _ in entries if one.work)
            why = reason("pump.deepest", about=district, pumps=len(entries), depth=deepest, people=people_here)
            yield proposal(self, view, [one for one, _ in entries], (why,), (outlook.id,), s.lasts)


def _by(view: View, when: float, late: float) -> float:
    """Return a deadline in s: when the water comes, or later where a pump that comes late still helps."""
    return max(float(when), view.time + late) if math.isfinite(when) else view.time + late


def _at_now(view: View, outlook: Outlook, site: int) -> float:
    """Return m of water at a site now, the median of the members."""
    part = forecast.window(outlook.sites, view.time, view.time)
    depth = outlook.sites.depth[:, part, site]
    return float(np.median(depth[:, -1])) if depth.size else 0.0


def _behind(site: Site, height: float) -> float | None:
    """Return m, the level from which the river comes in: the ground behind if stated, else the top of the opening."""
    ground, sill, own = (site.params.get(name) for name in ("ground", "level", "height"))
    if isinstance(ground, int | float):
        return float(ground)
    tall = float(own) if isinstance(own, int | float) else height
    return float(sill) + tall if isinstance(sill, int | float) else None


agent = PumpsGates()
