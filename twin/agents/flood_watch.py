"""Flood watch: gauges, nowcast and forecast ensemble become remarks, and warnings by district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from twin.agents import _rain
from twin.agents._acts import number, proposal, reason, said
from twin.agents._forecast import fits
from twin.agents._places import district_of
from twin.agents._readings import of, recent, rising, trusted
from twin.agents._threat import in_water, threat
from twin.agents._watch import Rules, watched
from twin.model.response.proposal import Alert, Proposal
from twin.model.response.view import View


@dataclass(frozen=True, slots=True)
class Settings:
    """When it speaks.

    rules   of warnings
    rain    mm h-1 worth a remark: 강한 비 of KMA (unverified: as a wiki quotes it)
    rise    m h-1 of a river worth a remark (design)
    oldest  s, age of a reading that still counts;   stale  s, of a forecast;   back  s over which a rise is measured
    lasts   s that a remark stands (design)
    """

    rules: Rules = field(default_factory=Rules)
    rain: float = 30.0
    rise: float = 0.5
    oldest: float = 1200.0
    stale: float = 1800.0
    back: float = 3600.0
    lasts: float = 1800.0


@dataclass(frozen=True, slots=True)
class FloodWatch:
    """Says what gauges and forecasts mean."""

    settings: Settings = field(default_factory=Settings)
    name: str = "flood_watch"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("readings", "history", "reports", "nowcast", "outlook", "board")

    def propose(self, view: View) -> Iterator[Proposal | Alert]:
        """Yield remarks on hard rain and rising rivers, and warnings for districts where people will be in water."""
        s = self.settings
        told = said(view, self)
        falls, gauges = _rain.now(view, s.oldest)
        peak, total = _rain.expected(view, s.rules.ahead)
        evidence = [one.id for one in gauges]
        if max(falls, peak) >= s.rain and ("flood.rain", "") not in told:
            why = reason("flood.rain", about="", now=falls, peak=peak, sum=total)
            yield proposal(self, view, (), (why,), evidence, s.lasts, level=0)
        for one in of(trusted(view.readings, view.time, s.oldest), "water_level"):
            rise = rising(view, one, s.back, s.oldest) * 3600.0
            if rise >= s.rise and ("flood.rising", one.sensor) not in told:
                why = reason("flood.rising", about=one.sensor, rise=rise, level=number(one.value))
                yield proposal(self, view, (), (why,), (one.id,), s.lasts, level=0)
        outlook = fits(view.outlook, view, s.stale)
        if outlook is None:
            return
        threatened = threat(view, outlook, s.rules.ahead)
        danger = in_water(view.facts.homes, threatened)
        yield from watched(
            self, view, s.rules, "flood", threatened.times, danger, self._seen(view), (*evidence, outlook.id)
        )

    def _seen(self, view: View) -> list[str]:
        """Return the districts from which two people or more report water within the last half hour."""
        where = [
            district_of(view.facts, r.x, r.y) for r in recent(view.reports, "water", view.time, self.settings.stale)
        ]
        return sorted({district for district in where if where.count(district) > 1})


agent = FloodWatch()
