"""What proposals ask for, as tasks and claims: which steps need a unit, what they take up, who is bound already."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from twin.coordination.calendar import Calendar
from twin.coordination.resources import Resource
from twin.coordination.tasks import Task, Use
from twin.model.action import Action
from twin.model.response.city import Home, Site, Unit
from twin.model.response.proposal import Award, Proposal, Step, Work
from twin.model.response.view import View

CLOSED, OPEN, EVACUATION, DIVERSION = "closed", "open", "evacuation", "diversion"
"""Purposes of a road: it is closed or has to be open; people flee along it, or traffic is sent over it."""

RANK = {"close_road": 0, "evacuate": 1, "green_wave": 2}
"""Kind of action -> whose claims on roads come first; all others come last."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A step of a proposal, by their numbers, and its task; None: it needs no unit."""

    proposal: int
    step: int
    task: Task | None


class City:
    """Things of a view by their ids, and the calendar of what is shared.

    A shelter has room for its capacity less those who are there or on the way; of unknown capacity (0) it has none.
    Every edge of a road is there twice: to be driven (closed, or open) and to be filled (by people who flee, or by a
    diversion), each for one purpose at a time.
    """

    def __init__(self, view: View, proposals: Sequence[Proposal]) -> None:
        """Take the view and the proposals of a cycle; what is bound from earlier cycles is reserved."""
        self.view = view
        self.homes: Mapping[str, Home] = {home.id: home for home in view.facts.homes}
        self.sites: Mapping[str, Site] = {site.id: site for site in view.facts.sites}
        self.bound = tuple(bound(view, proposals))
        shut = [road for road, name in enumerate(view.facts.roads.roads) if name in view.closed]
        steps = [step for proposal in (*proposals, *(p for p, _ in self.bound)) for step in proposal.steps]
        names = sorted({name for step in steps for name, _ in claims(step.action)})
        shelters = [Resource(f"shelter:{site.id}", site.capacity) for site in view.facts.of("shelter")]
        self.calendar = Calendar([*shelters, *(Resource(name, single=True) for name in names)])
        for site in view.facts.of("shelter"):
            inside = min(view.sheltered.get(site.id, 0.0), site.capacity)
            self.calendar.reserve("sheltered", f"shelter:{site.id}", inside, 0.0)
        of = view.facts.roads.road
        for name in names:
            if name.startswith("drive:") and int(of[int(name.removeprefix("drive:"))]) in shut:
                self.calendar.reserve("closed", name, 0.0, 0.0, purpose=CLOSED)
        for proposal, _ in self.bound:
            for number, step in enumerate(proposal.steps):
                self.claim(f"{proposal.id}/{number}", step.action, refuge=step.action.target not in view.away)

    def claim(self, holder: str, action: Action, *, refuge: bool) -> str:
        """Reserve the roads of an action from now on, and with `refuge` its places in a shelter.

        Return "", or why it cannot be: road_taken, full, unknown; then nothing is reserved.
        """
        now = self.view.time
        for name, purpose in claims(action):
            if not self.calendar.fits(name, 0.0, now, math.inf, purpose):
                self.calendar.release(holder)
                return "road_taken"
            self.calendar.reserve(holder, name, 0.0, now, purpose=purpose)
        if refuge:
            wrong = self.wrong(action)
            need = () if wrong else self.refuge(action)
            if wrong or not all(self.calendar.fits(use.resource, use.amount, now, math.inf) for use in need):
                self.calendar.release(holder)
                return wrong or "full"
            for use in need:
                self.calendar.reserve(holder, use.resource, use.amount, now)
        return ""

    def wrong(self, action: Action) -> str:
        """Return "unknown" where an evacuation names a home or a shelter that is none, else ""."""
        shelter = str(action.params.get("shelter", ""))
        known = f"shelter:{shelter}" in self.calendar.resources if shelter else True
        return "" if action.kind != "evacuate" or (action.target in self.homes and known) else "unknown"

    def refuge(self, action: Action) -> tuple[Use, ...]:
        """Return the places in a shelter that an action takes up, for good."""
        shelter = str(action.params.get("shelter", ""))
        if action.kind != "evacuate" or not shelter:
            return ()
        return (Use(f"shelter:{shelter}", self.homes[action.target].people),)

    def task(self, name: str, step: Step, work: Work) -> Task:
        """Return the task of a step.

        A bus needs seats for all people of a home, or the most seats that a bus has (the others stay); after that it is
        at the shelter.
        """
        action = step.action
        seats, ends = 0, -1
        if action.kind == "evacuate" and work.unit == "bus":
            most = max((unit.seats for unit in self.view.units if unit.kind == work.unit), default=0)
            seats, ends = min(math.ceil(self.homes[action.target].people), most), self._shelter_node(action)
        uses = self.refuge(action)
        return Task(
            name, work.unit, work.node, work.service, work.earliest, work.deadline, work.weight, uses, seats, ends
        )

    def _shelter_node(self, action: Action) -> int:
        """Return the node of the shelter of an action, -1: none."""
        shelter = self.sites.get(str(action.params.get("shelter", "")))
        return -1 if shelter is None else shelter.node

    def units(self) -> tuple[Unit, ...]:
        """Return the units as they are after what binds them already, in the order of their ids.

        `Unit.free` counts what a unit has been told to do; what still awaits approval is added.
        """
        found = []
        for unit in sorted(self.view.units, key=lambda unit: unit.id):
            free, node = max(unit.free, self.view.time), unit.node
            stops = [
                (step.award, step.work, step.action)
                for proposal, approved in self.bound
                for step in proposal.steps
                if step.award is not None and step.work is not None and step.award.unit == unit.id
                if not self._known(step.award, step.action, unit, approved=approved)
            ]
            for award, work, action in sorted(stops, key=lambda stop: (stop[0].leaves, stop[0].done, stop[2].target)):
                free = max(free, award.leaves) + award.done - award.leaves
                ends = self._shelter_node(action) if action.kind == "evacuate" and work.unit == "bus" else -1
                node = work.node if ends < 0 else ends
            found.append(replace(unit, free=free, node=node))
        return tuple(found)

    def _known(self, award: Award, action: Action, unit: Unit, *, approved: bool) -> bool:
        """Return whether a unit has been told of its work, so that it is in `Unit.free`."""
        told = action.target in self.view.running.get(action.kind, ())
        return told or (approved and unit.free >= award.done - 1.0)


def bound(view: View, proposals: Sequence[Proposal]) -> Iterator[tuple[Proposal, bool]]:
    """Yield the proposals of earlier cycles that bind units and places, and whether somebody has approved them.

    A rejected one does not, nor one that nobody has approved yet and that its agent makes anew in this cycle.
    """
    anew = {(p.agent, step.action.kind, step.action.target) for p in proposals for step in p.steps}
    for proposal, decisions in view.board:
        verdicts = {decision.verdict for decision in decisions}
        if "reject" in verdicts:
            continue
        approved = "approve" in verdicts
        same = any((proposal.agent, step.action.kind, step.action.target) in anew for step in proposal.steps)
        if approved or not same:
            yield proposal, approved


def claims(action: Action) -> tuple[tuple[str, str], ...]:
    """Return what an action claims of roads: name of the resource, purpose; edge by edge.

    `edges` of a closure are closed; those of a green wave and of a bus have to be open, and so have the edges `via`
    which a message sends drivers; people who flee fill their way, so that it is no diversion.
    """
    edges, via = _edges(action, "edges"), _edges(action, "via")
    if action.kind == "close_road":
        return tuple((f"drive:{edge}", CLOSED) for edge in edges)
    if action.kind == "evacuate":
        bus = [(f"drive:{edge}", OPEN) for edge in edges] if action.params.get("mode") == "bus" else []
        return tuple(bus + [(f"fill:{edge}", EVACUATION) for edge in edges])
    if action.kind == "green_wave":
        return tuple((f"drive:{edge}", OPEN) for edge in edges)
    return tuple(
        (name, purpose) for edge in via for name, purpose in ((f"drive:{edge}", OPEN), (f"fill:{edge}", DIVERSION))
    )


def _edges(action: Action, name: str) -> tuple[int, ...]:
    """Return the edges in a parameter of an action, each once, rising."""
    found = action.params.get(name, ())
    return tuple(sorted({int(edge) for edge in found})) if isinstance(found, list | tuple) else ()
