"""Evacuation: who leaves, to which shelter, by which way, told by whom, and until when.

Who: homes where it is worth it. Leaving costs everybody in the house the time away; staying costs those in danger,
with some chance, the time they stand in water or fire, which counts many times as much. One leaves where the expected
loss is at least the cost. In a house where everybody lives in a half-basement that is from a chance of 0.1 on; who
lives above the water goes up the stairs and does not count as in danger.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from twin.agents import _forecast as forecast
from twin.agents._acts import proposal, reason, said, step, taken, work
from twin.agents._readings import trusted
from twin.agents._threat import Threat, threat
from twin.agents._ways import Escape, escape
from twin.model.response.city import Home, Site
from twin.model.response.proposal import Proposal, Reason, Step
from twin.model.response.view import Outlook, View


@dataclass(frozen=True, slots=True)
class Settings:
    """What an evacuation is weighed by. All of it is design, but where a source stands.

    away, stay   min that a needless evacuation costs a person; min that water or fire stays where it came
    below, ground, fire   min away that one minute in a flooded half-basement, on a flooded ground floor, in fire counts
    early        share of members by whose arrival the time is set: the early ones
    ahead, lead  s that are looked at; s before the latest departure at which people are told, and not before
    decision     s that persons may take to decide: ways are open that much longer, where there are such
    preparing    s from being told until the last have left;   margin  s to be in the shelter before the water
    pace         m s-1 on foot of the slowest: 0.8 of old people (unverified), 0.76 of it in water (impact.md, 6)
    far          s on foot from which a bus goes;   shelter  share of members in which one may be wet (the shield's)
    visit, drive  s of a crew at a door, and from one door to the next
    board        s of a bus at a stop;   trips  that a bus makes in time
    late         s for which it still helps to fetch people, once the water has come
    slot         s within which what comes first does not matter, but how many people are in danger
    most         homes in one cycle (the shield's bound);   lasts  s until a proposal expires
    oldest, stale  s, age of a reading, of a forecast that still count
    """

    away: float = 120.0
    stay: float = 60.0
    below: float = 20.0
    ground: float = 5.0
    fire: float = 30.0
    early: float = 0.25
    ahead: float = 3600.0
    lead: float = 2700.0
    decision: float = 600.0
    preparing: float = 900.0
    margin: float = 600.0
    pace: float = 0.6
    far: float = 2400.0
    shelter: float = 0.05
    visit: float = 180.0
    drive: float = 180.0
    board: float = 300.0
    trips: int = 2
    late: float = 1800.0
    slot: float = 900.0
    most: int = 300
    lasts: float = 1800.0
    oldest: float = 1200.0
    stale: float = 1800.0


@dataclass(frozen=True, slots=True)
class Case:
    """A home to be left.

    cause   of most of the danger: fire, below or ground (water there);   chance  of it
    when    s, by which it is there in the early members
    weight  expected loss, in people in a half-basement that floods for certain
    """

    home: Home
    cause: str
    chance: float
    when: float
    weight: float


Entry = tuple[Case, Step, Site]


@dataclass(frozen=True, slots=True)
class Evacuation:
    """Says who leaves, where to, how and when."""

    settings: Settings = Settings()
    name: str = "evacuation"
    version: str = "1"
    team: str = "response"
    sees: tuple[str, ...] = ("readings", "outlook", "units", "sheltered", "away", "closed", "running", "board")

    def propose(self, view: View) -> Iterator[Proposal]:
        """Yield one proposal for each district, danger and way of leaving; apart what can only be done at once."""
        s = self.settings
        outlook = forecast.fits(view.outlook, view, s.stale)
        cases = [] if outlook is None else self._cases(view, threat(view, outlook, s.ahead))
        if outlook is None or not cases:
            return
        readings = trusted(view.readings, view.time, s.oldest)
        out = escape(view, outlook, readings, s.pace, s.preparing, s.shelter)
        fetched, seats = self._fetched(view, cases), _number(view, "bus") * s.trips
        lists: dict[tuple[str, str, str, bool], list[Entry]] = {}
        left: dict[tuple[str, str], list[Case]] = {}
        entries = 0
        for case in cases:
            if entries >= s.most:
                break
            found = self._out(view, out, case, fetched=case.home.id in fetched, seats=seats)
            if isinstance(found, str):
                left.setdefault((found, case.home.district), []).append(case)
            elif found is not None:
                by, place, edges, latest, hurry = found
                out.room[place] -= case.home.people
                seats -= by == "bus"
                entries += 1
                one = self._step(view, case, out.shelters[place], by, latest, edges)
                lists.setdefault((case.home.district, case.cause, by, hurry), []).append(
                    (case, one, out.shelters[place])
                )
        for (district, cause, by, _), chosen in sorted(lists.items()):
            why = _why(view, f"evacuation.{cause}.{by}", district, chosen)
            yield proposal(self, view, [one for _, one, _ in chosen], (why,), (outlook.id,), s.lasts)
        yield from self._left(view, outlook, left)

    def _cases(self, view: View, threatened: Threat) -> list[Case]:
        """Return the homes to be left and not being left: the most urgent first, and of these what saves most a place.

        A place in a shelter is what runs out first, so that a half-basement with one storey above it goes before a
        block of flats with as many people below.
        """
        s = self.settings
        going = {target for kind, target in taken(view) if kind == "evacuate"} | view.away
        hits = {"fire": threatened.fire, "below": threatened.below, "ground": threatened.ground}
        chances = {name: forecast.share(hit).tolist() for name, hit in hits.items()}
        times = {name: forecast.soon(hit, threatened.times, s.early).tolist() for name, hit in hits.items()}
        found = []
        for i, home in enumerate(view.facts.homes):
            if home.id in going or home.people <= 0:
                continue
            below, ground = s.below * chances["below"][i] * home.below, s.ground * chances["ground"][i] * home.ground
            fire = s.fire * chances["fire"][i] * home.people
            if s.stay * max(fire, below + ground) < s.away * home.people:
                continue
            cause = "fire" if fire > below + ground else "below" if below > 0 else "ground"
            when = times[cause][i] if math.isfinite(times[cause][i]) else view.time + s.ahead
            loss = max(fire, below + ground) / s.below
            found.append(Case(home, cause, chances[cause][i], max(when, view.time), loss))
        return sorted(found, key=lambda c: ((c.when - view.time) // s.slot, -c.weight / c.home.people, c.home.id))

    def _fetched(self, view: View, cases: list[Case]) -> frozenset[str]:
        """Return the half-basements that crews reach before the water, those with the most people first."""
        s = self.settings
        pace = _number(view, "crew") / (s.visit + s.drive)
        chosen: list[Case] = []
        for case in sorted((c for c in cases if c.cause == "below"), key=lambda c: (-c.weight, c.home.id)):
            before = sum(other.when <= case.when for other in chosen)
            if before + 1 <= pace * (case.when - view.time):
                chosen.append(case)
        return frozenset(case.home.id for case in chosen)

    def _out(
        self, view: View, out: Escape, case: Case, *, fetched: bool, seats: int
    ) -> tuple[str, int, list[int], float, bool] | str | None:
        """Return by what a home is left, to which shelter, by which edges, until when, and if only at once.

        None: later, or not at all; a text: the code of why it cannot be.
        """
        s = self.settings
        by, found = "broadcast", None
        if fetched:  # people wait at home until somebody comes, and the way has to be open then
            by, found = "crew", out.on_foot(case.home, view.time + s.late)
        if found is None:
            by, found = "broadcast", out.on_foot(case.home, view.time + s.decision)
        hurry = found is None  # it is decided on alone: what comes too late for it must not take others with it
        if found is None:
            found = out.on_foot(case.home, view.time)
        walk, place, edges = (math.inf, -1, []) if found is None else (found.walk, found.shelter, list(found.edges))
        if walk > s.far and seats > 0 and (by_bus := out.by_bus(case.home)) >= 0:
            by, place, walk, edges = "bus", by_bus, s.board, []
        if place < 0:
            return "evacuation.full" if out.reaches(case.home) else "evacuation.cut_off"
        latest = case.when - s.margin - walk
        if latest - s.preparing > view.time + s.lead:
            return None  # there is time to know better
        if case.cause == "ground" and case.when <= view.time:
            return None  # the stairs are safer than the street
        return by, place, edges, latest, hurry and by != "bus"

    def _step(self, view: View, case: Case, site: Site, by: str, latest: float, edges: list[int]) -> Step:
        """Return the evacuation of one home; a crew or a bus comes to it, a broadcast needs nobody."""
        s = self.settings
        params = {
            "shelter": site.id,
            "mode": "bus" if by == "bus" else "foot",
            "by": "crew" if by == "crew" else "broadcast",
            "edges": edges,
        }
        task = None
        if by != "broadcast":
            unit, service = ("crew", s.visit) if by == "crew" else ("bus", s.board)
            deadline = max(latest, view.time + s.late)
            task = work(unit, case.home.node, service, view, deadline, case.weight)
        return step("evacuate", view, case.home.id, params, task)

    def _left(self, view: View, outlook: Outlook, left: dict[tuple[str, str], list[Case]]) -> Iterator[Proposal]:
        """Yield remarks on people for whom there is no room, or no way."""
        told = said(view, self)
        for (code, district), cases in sorted(left.items()):
            if (code, district) not in told:
                people = sum(case.home.people for case in cases)
                why = reason(code, about=district, homes=len(cases), people=people)
                yield proposal(self, view, (), (why,), (outlook.id,), self.settings.lasts)


def _number(view: View, kind: str) -> int:
    """Return how many units of a kind are in service."""
    return sum(unit.kind == kind and math.isfinite(unit.free) for unit in view.units)


def _why(view: View, code: str, district: str, chosen: list[Entry]) -> Reason:
    """Return the reason of a proposal."""
    return reason(
        code,
        about=district,
        homes=len(chosen),
        people=sum(case.home.people for case, _, _ in chosen),
        chance=max(case.chance for case, _, _ in chosen),
        minutes=(min(case.when for case, _, _ in chosen) - view.time) / 60,
        shelters=len({site.id for _, _, site in chosen}),
    )


agent = Evacuation()
