"""Fire watch: reports, wind and forecast ensemble become remarks, and warnings by district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from twin.agents._acts import proposal, reason, said
from twin.agents._forecast import fits
from twin.agents._places import district_of
from twin.agents._threat import in_fire, threat
from twin.agents._watch import Rules, watched
from twin.model.response.proposal import Alert, Proposal
from twin.model.response.view import View


@dataclass(frozen=True, slots=True)
class Settings:
    """When it speaks.

    rules   of warnings: a fire leaves less time than water, so that more false alarms are borne (design)
    wind    m s-1 worth a remark while something burns: 강풍주의보 on land, 14 m/s (unverified)
    stale   s, age of a forecast that still counts;   lasts  s that a remark stands (design)
    """

    rules: Rules = field(default_factory=lambda: Rules(false_alarms=0.5, ends=0.15, people=1.0))
    wind: float = 14.0
    stale: float = 1800.0
    lasts: float = 1800.0


@dataclass(frozen=True, slots=True)
class FireWatch:
    """Says what reports of fire, wind and forecasts mean."""

    settings: Settings = field(default_factory=Settings)
    name: str = "fire_watch"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("reports", "wind", "outlook", "board")

    def propose(self, view: View) -> Iterator[Proposal | Alert]:
        """Yield remarks on each reported fire, and warnings for districts that fire will reach."""
        s = self.settings
        told = said(view, self)
        fires = [one for one in view.reports if one.kind == "fire" and one.received <= view.time]
        for one in fires:
            if ("fire.reported", one.id) in told or view.time - one.received > s.lasts:
                continue
            why = [reason("fire.reported", about=one.id, place=one.target or f"{one.x:.0f}, {one.y:.0f}")]
            if view.wind[0] >= s.wind:
                why.append(reason("fire.wind", about=one.id, speed=view.wind[0], direction=view.wind[1]))
            yield proposal(self, view, (), why, (one.id,), s.lasts, level=0)
        outlook = fits(view.outlook, view, s.stale)
        if outlook is None:
            return
        threatened = threat(view, outlook, s.rules.ahead)
        danger = in_fire(view.facts.homes, threatened)
        recent = [one for one in fires if view.time - one.received <= s.stale]
        seen = sorted({district_of(view.facts, one.x, one.y) for one in recent if one.target})
        evidence = (*(one.id for one in recent), outlook.id)
        yield from watched(self, view, s.rules, "fire", threatened.times, danger, seen, evidence)


agent = FireWatch()
