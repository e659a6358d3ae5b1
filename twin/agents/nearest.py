"""Baseline: whatever is reported now gets the nearest unit. No forecast, no plan, no look at capacities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._readings import recent
from twin.agents._simple import LASTS, RECENT, SOON, fires, leave, nearest_shelter, reported, wet_underpasses
from twin.model.response.proposal import Proposal
from twin.model.response.view import View


@dataclass(frozen=True, slots=True)
class Settings:
    """How units work: s of a crew at a door, of an engine to set up, of a crew in a breach. Design."""

    visit: float = 180.0
    engine: float = 60.0
    breach: float = 2400.0


@dataclass(frozen=True, slots=True)
class Nearest:
    """Answers each report with one unit. Which one is left to whoever gives out units: by this rule the nearest."""

    settings: Settings = Settings()
    name: str = "nearest"
    version: str = "1"
    team: str = "nearest"
    sees: tuple[str, ...] = ("readings", "reports", "away", "closed", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield a crew for each flooded home, police for each wet underpass, an engine for each fire."""
        s, busy = self.settings, taken(view)
        shelters = view.facts.of("shelter")
        entries, evidence = [], []
        for id_, (home, one) in reported(view, "water").items():
            site = nearest_shelter(shelters, home)
            if site is None or id_ in view.away or ("evacuate", id_) in busy or home.node < 0 or home.people <= 0:
                continue
            task = work("crew", home.node, s.visit, view, view.time + SOON, home.people)
            entries.append((home, site, task))
            evidence.append(one.id)
        yield from leave(self, view, entries, "nearest.water", evidence)
        yield from wet_underpasses(self, view)
        yield from fires(self, view, 1, s.engine)
        levees = {site.id: site for site in view.facts.of("levee")}
        breaches = {one.target: one for one in recent(view.reports, "breach", view.time, RECENT)}
        for id_, breach in sorted(breaches.items()):
            site = levees.get(id_)
            level = None if site is None else site.params.get("level")
            if site is None or site.node < 0 or not isinstance(level, int | float) or ("barrier", id_) in busy:
                continue
            task = work("crew", site.node, s.breach, view, view.time + SOON, 1.0)
            barrier = step("barrier", view, id_, {"level": float(level)}, task)
            why = reason("nearest.breach", about=id_, level=float(level))
            yield proposal(self, view, (barrier,), (why,), (breach.id,), LASTS)


agent = Nearest()
