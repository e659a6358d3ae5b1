"""Fire brigade: engines to what burns, water where there is no hydrant, wet facades and a break ahead of the front.

Fires compete for engines: each gets one by the people it threatens, then each its second, until none is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.agents import _forecast as forecast
from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._break import fire_break
from twin.agents._places import home_at
from twin.agents._readings import recent
from twin.agents._threat import threat
from twin.model.response.city import Home
from twin.model.response.proposal import Proposal, Step
from twin.model.response.view import Outlook, View


@dataclass(frozen=True, slots=True)
class Settings:
    """How fires are met. Design, but where a source stands.

    near      m from a reported place to the building that is meant;   lasting  s after which a report says no more
    burns     share of members in which a building burns now, from which it does;  catches  the same of one that will
    reach     m around a fire in which its neighbours count
    engines   for a fire;   more  one for so many neighbours that will catch fire;   most  for one fire
    service   s of an engine to set up;   late  s for which it still helps to come
    hose      m up to which a hydrant is of use (unverified: 15 lengths of 15 m are 225 m);   tank  L s-1 of a shuttle
    wet       L s-1 on a facade (450 L/min, unverified: one stream);   wetting  s that it is kept up
    ahead     s that are looked at: wetted is what fire reaches within this;   wets  facades in one proposal
    hot       people at risk in a fire of which nothing else is known
    stale, lasts  s: age of a forecast; until a proposal expires
    """

    near: float = 100.0
    lasting: float = 3600.0
    burns: float = 0.5
    catches: float = 0.5
    reach: float = 60.0
    engines: int = 2
    more: int = 3
    most: int = 6
    service: float = 60.0
    late: float = 1800.0
    hose: float = 225.0
    tank: float = 10.0
    wet: float = 7.5
    wetting: float = 3600.0
    ahead: float = 2700.0
    wets: int = 8
    hot: float = 2.0
    stale: float = 1800.0
    lasts: float = 900.0


@dataclass(frozen=True, slots=True)
class Fire:
    """A building that burns: by whose word, how many neighbours will catch fire, how many people are in danger."""

    home: Home
    evidence: str
    neighbours: int
    weight: float


@dataclass(frozen=True, slots=True)
class FireBrigade:
    """Sends engines, and water ahead of the fire."""

    settings: Settings = Settings()
    name: str = "fire_brigade"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("reports", "wind", "outlook", "units", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield one proposal for each fire, one for the facades to be wetted by district, and one for a break."""
        s = self.settings
        outlook = forecast.fits(view.outlook, view, s.stale)
        catches = self._catching(view, outlook)
        busy = taken(view)
        fires = [fire for fire in self._fires(view, outlook, catches) if ("engine", fire.home.id) not in busy]
        free = sum(unit.kind == "engine" and math.isfinite(unit.free) for unit in view.units)
        free -= sum(one.work is not None and one.work.unit == "engine" for p, _ in view.board for one in p.steps)
        shares = _shares([self._wish(fire) for fire in fires], max(0, free))
        for fire, engines in zip(fires, shares, strict=True):
            if engines:
                yield self._sent(view, outlook, fire, engines)
        left = max(0, free) - sum(shares)
        if outlook is None:
            return
        yield from self._wetted(view, outlook, catches, min(left, s.wets))
        yield from fire_break(self, view, outlook, catches, s.lasts)

    def _wish(self, fire: Fire) -> int:
        """Return how many engines a fire needs."""
        s = self.settings
        return min(s.most, s.engines + fire.neighbours // s.more)

    def _catching(self, view: View, outlook: Outlook | None) -> dict[int, tuple[float, float]]:
        """Return, of the homes that will catch fire and do not burn, the chance and the s by when: number -> both."""
        s = self.settings
        if outlook is None:
            return {}
        burns = threat(view, outlook, s.ahead)
        chance, when = forecast.share(burns.fire), forecast.soon(burns.fire, burns.times, s.catches)
        now = burns.fire[:, 0].mean(axis=0) if burns.fire.shape[1] else np.zeros(len(chance))
        likely = np.flatnonzero((chance >= s.catches) & (now < s.burns))
        return {int(i): (float(chance[i]), float(when[i])) for i in likely}

    def _fires(self, view: View, outlook: Outlook | None, catches: dict[int, tuple[float, float]]) -> list[Fire]:
        """Return what burns, the most dangerous first: as reported, unless a newer forecast sees it out."""
        s = self.settings
        homes = view.facts.homes
        places = {home.id: i for i, home in enumerate(homes)}
        found: dict[str, str] = {}
        for one in recent(view.reports, "fire", view.time, s.lasting):
            home = homes[places[one.target]] if one.target in places else home_at(view.facts, one.x, one.y, s.near)
            if (
                home is None
                or home.node < 0
                or home.id in found
                or self._out(view, outlook, places[home.id], one.received)
            ):
                continue
            found[home.id] = one.id
        fires = []
        for id_, evidence in found.items():
            home = homes[places[id_]]
            near = [i for i in catches if math.hypot(homes[i].x - home.x, homes[i].y - home.y) <= s.reach]
            people = home.people + sum(homes[i].people * catches[i][0] for i in near)
            fires.append(Fire(home, evidence, len(near), max(people, s.hot)))
        return sorted(fires, key=lambda fire: (-fire.weight, fire.home.id))

    def _out(self, view: View, outlook: Outlook | None, number: int, reported: float) -> bool:
        """Return whether a forecast newer than a report sees no fire at a home, in no member, now or later."""
        if outlook is None or outlook.made <= reported:
            return False
        part = forecast.window(outlook.homes, view.time, math.inf)
        return not bool(outlook.homes.fire[:, part, number].any())

    def _sent(self, view: View, outlook: Outlook | None, fire: Fire, engines: int) -> Proposal:
        """Return the engines for a fire, with a shuttle of water where no hydrant is near."""
        s, home = self.settings, fire.home
        task = work("engine", home.node, s.service, view, view.time + s.late, fire.weight)
        steps = [step("engine", view, home.id, {"number": 1}, task) for _ in range(engines)]
        why = [
            reason(
                "fire.engines",
                about=home.id,
                engines=engines,
                wish=self._wish(fire),
                neighbours=fire.neighbours,
                people=fire.weight,
            )
        ]
        hydrants = view.facts.of("hydrant")
        away = min((math.hypot(h.x - home.x, h.y - home.y) for h in hydrants), default=math.inf)
        if away > s.hose and ("hydrant", home.id) not in taken(view):
            place = {"x": home.x, "y": home.y, "rate": s.tank}
            steps.append(
                step(
                    "hydrant",
                    view,
                    home.id,
                    place,
                    work("engine", home.node, s.service, view, view.time + s.late, fire.weight / 2),
                )
            )
            why.append(reason("fire.no_hydrant", about=home.id, hose=s.hose))
        evidence = (fire.evidence, outlook.id if outlook else "")
        return proposal(self, view, steps, why, evidence, s.lasts)

    def _wetted(
        self, view: View, outlook: Outlook, catches: dict[int, tuple[float, float]], engines: int
    ) -> Iterator[Proposal]:
        """Yield the facades to be wetted before fire comes, with the engines that no fire needs, by district."""
        s, homes = self.settings, view.facts.homes
        busy = taken(view)
        dry = [i for i in catches if ("wet", homes[i].id) not in busy and homes[i].node >= 0]
        dry.sort(key=lambda i: (-homes[i].people * catches[i][0], catches[i][1], homes[i].id))
        lists: dict[str, list[Step]] = {}
        people: dict[str, float] = {}
        for i in dry[: max(0, engines)]:
            chance, when = catches[i]
            home = homes[i]
            task = work("engine", home.node, s.service, view, when, home.people * chance)
            params = {"rate": s.wet, "duration": s.wetting}
            lists.setdefault(home.district, []).append(step("wet", view, home.id, params, task))
            people[home.district] = people.get(home.district, 0.0) + home.people
        for district, steps in sorted(lists.items()):
            why = reason("fire.wet", about=district, homes=len(steps), people=people[district])
            yield proposal(self, view, steps, (why,), (outlook.id,), s.lasts)


def _shares(wishes: list[int], free: int) -> list[int]:
    """Return how many engines each fire gets, the most dangerous first: one each, then a second each, and so on."""
    got = [0] * len(wishes)
    while free > 0 and got != wishes:
        for i, wish in enumerate(wishes):
            if free > 0 and got[i] < wish:
                got[i] += 1
                free -= 1
    return got


agent = FireBrigade()
