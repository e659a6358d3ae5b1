"""What the baselines have in common: they answer to what is seen now, without a forecast."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from twin.agents._acts import proposal, reason, step, taken, work
from twin.agents._limits import UNDERPASS
from twin.agents._places import home_at
from twin.agents._readings import recent, trusted
from twin.agents.traffic import underpass_gauge
from twin.model.response.city import Home, Site
from twin.model.response.proposal import Proposal, Work
from twin.model.response.view import Report, View

if TYPE_CHECKING:
    from twin.agents import Agent

NEAR = 100.0
"""m from a reported place to the home that is meant (design)."""

RECENT = 3600.0
"""s, age of a report that still counts (design)."""

MOST = 300
"""Homes that are told to leave in one cycle: the shield's bound."""

OLDEST = 1200.0
"""s, age of a reading that still counts (design)."""

LASTS = 1800.0
"""s until a proposal expires (design)."""

CLOSING = 180.0
"""s of police to close an underpass (design)."""

TRAVELLERS = 10.0
"""People at risk in an underpass (design)."""

SOON = 3600.0
"""s within which something has to be done to be of use (design)."""


def reported(view: View, kind: str) -> dict[str, tuple[Home, Report]]:
    """Return the homes of which something is reported, with the first report of each, by id."""
    homes = {home.id: home for home in view.facts.homes}
    found: dict[str, tuple[Home, Report]] = {}
    for one in recent(view.reports, kind, view.time, RECENT):
        home = homes.get(one.target) or home_at(view.facts, one.x, one.y, NEAR)
        if home is not None:
            found.setdefault(home.id, (home, one))
    return dict(sorted(found.items()))


def wet_underpasses(agent: Agent, view: View) -> Iterator[Proposal]:
    """Yield each underpass in which a gauge shows 15 cm, to be closed."""
    readings, busy = trusted(view.readings, view.time, OLDEST), taken(view)
    for site in view.facts.of("underpass"):
        gauge = underpass_gauge(readings, site)
        if gauge is None or gauge.value < UNDERPASS or site.id in view.closed or ("close_road", site.id) in busy:
            continue
        task = work("police", site.node, CLOSING, view, view.time + SOON, TRAVELLERS) if site.node >= 0 else None
        one = step("close_road", view, site.id, {"edges": list(site.edges)}, task)
        why = reason(f"{agent.name}.underpass", about=site.id, depth=gauge.value, limit=UNDERPASS)
        yield proposal(agent, view, (one,), (why,), (gauge.id,), LASTS)


def fires(agent: Agent, view: View, engines: int, service: float) -> Iterator[Proposal]:
    """Yield engines, a fixed number, for each building of which a fire is reported."""
    busy = taken(view)
    for id_, (home, one) in reported(view, "fire").items():
        if ("engine", id_) in busy or home.node < 0:
            continue
        task = work("engine", home.node, service, view, view.time + SOON, max(1.0, home.people))
        steps = [step("engine", view, id_, {"number": 1}, task) for _ in range(engines)]
        why = reason(f"{agent.name}.fire", about=id_, engines=engines)
        yield proposal(agent, view, steps, (why,), (one.id,), LASTS)


def nearest_shelter(shelters: Sequence[Site], home: Home) -> Site | None:
    """Return the shelter nearest to a home as the crow flies; None: there is none."""
    return min(shelters, key=lambda site: (math.hypot(site.x - home.x, site.y - home.y), site.id), default=None)


def leave(
    agent: Agent, view: View, entries: Sequence[tuple[Home, Site, Work | None]], code: str, evidence: Sequence[str]
) -> Iterator[Proposal]:
    """Yield evacuations by district; those with work are fetched by a crew, others follow a broadcast."""
    lists: dict[str, list[tuple[Home, Site, Work | None]]] = {}
    for entry in entries[:MOST]:
        lists.setdefault(entry[0].district, []).append(entry)
    for district, here in sorted(lists.items()):
        steps = []
        for home, site, task in here:
            by = "broadcast" if task is None else "crew"
            params = {"shelter": site.id, "mode": "foot", "by": by, "edges": []}
            steps.append(step("evacuate", view, home.id, params, task))
        people = sum(home.people for home, _, _ in here)
        why = reason(code, about=district, homes=len(here), people=people)
        yield proposal(agent, view, steps, (why,), evidence, LASTS)
