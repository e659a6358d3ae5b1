"""Baseline: a fixed procedure. Thresholds of sensors, a fixed first alarm, the same answer whatever is forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.agents import _rain
from twin.agents._acts import proposal, reason, step, taken
from twin.agents._limits import EXTREME_3H, EXTREME_ALONE, EXTREME_HOUR
from twin.agents._simple import LASTS, OLDEST, fires, leave, wet_underpasses
from twin.model.response.city import Home, Site
from twin.model.response.proposal import Proposal, Work
from twin.model.response.view import View


@dataclass(frozen=True, slots=True)
class Settings:
    """The procedure. Where `_limits` has no source it is design: procedures differ from city to city (unverified).

    districts  ids in which half-basements are told to leave in extreme rain; none: all that have some
    pumps      mm h-1 from which all pumps are set running
    engines    of the first alarm, to each reported fire (unverified);   service  s of one to set up
    """

    districts: tuple[str, ...] = ()
    pumps: float = 20.0
    engines: int = 3
    service: float = 60.0


@dataclass(frozen=True, slots=True)
class Sop:
    """Follows the procedure."""

    settings: Settings = Settings()
    name: str = "sop"
    version: str = "1"
    team: str = "sop"
    sees: tuple[str, ...] = ("readings", "history", "reports", "sheltered", "away", "closed", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield pumps on, underpasses closed at 15 cm, half-basements told to leave, a first alarm to each fire."""
        s, busy = self.settings, taken(view)
        rain, gauges = _rain.now(view, OLDEST)
        pumps = [site.id for site in view.facts.of("pump") if ("pump", site.id) not in busy]
        if rain >= s.pumps and pumps:
            why = reason("sop.pumps", about="", rain=rain, limit=s.pumps)
            steps = [step("pump", view, id_, {"mode": "on"}) for id_ in pumps]
            yield proposal(self, view, steps, (why,), [one.id for one in gauges], LASTS)
        yield from wet_underpasses(self, view)
        extreme = [one for one in gauges if _extreme(view, one.sensor)]
        if extreme:
            yield from leave(self, view, self._homes(view), "sop.extreme_rain", [one.id for one in extreme])
        yield from fires(self, view, s.engines, s.service)

    def _homes(self, view: View) -> list[tuple[Home, Site, Work | None]]:
        """Return the half-basements of the listed districts, each with the nearest shelter that has room."""
        listed, busy = self.settings.districts, taken(view)
        room = {site.id: site.capacity - view.sheltered.get(site.id, 0.0) for site in view.facts.of("shelter")}
        found: list[tuple[Home, Site, Work | None]] = []
        for home in view.facts.homes:
            if home.below <= 0 or (listed and home.district not in listed):
                continue
            if home.id in view.away or ("evacuate", home.id) in busy:
                continue
            open_ = [site for site in view.facts.of("shelter") if room[site.id] >= home.people]
            near = [((site.x - home.x) ** 2 + (site.y - home.y) ** 2, site.id, site) for site in open_]
            if near:
                site = min(near, key=lambda entry: entry[:2])[2]
                room[site.id] -= home.people
                found.append((home, site, None))
        return found


def _extreme(view: View, sensor: str) -> bool:
    """Return whether the rain at a gauge is extreme as KMA says."""
    hour = _rain.fallen(view, sensor, 3600.0)
    return hour >= EXTREME_ALONE or (hour >= EXTREME_HOUR and _rain.fallen(view, sensor, 10800.0) >= EXTREME_3H)


agent = Sop()
