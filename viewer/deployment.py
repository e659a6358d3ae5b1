"""Where the units of a response are at a moment, what is ordered by then, and what still waits; and where that lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer.ground import LON_LAT
from viewer.layers.burning import names as building_names
from viewer.memo import remember
from viewer.plain import plain
from viewer.response import answered, listed, told, version
from viewer.words import kind_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from twin.model.action import Action
    from twin.model.response.city import Facts, Home, Site
    from twin.model.response.proposal import Step
    from twin.runs.response.decide import Listed
    from twin.store import City

#: kinds of action that close a road, and the one that opens it again
CLOSES, OPENS = ("close_road", "underpass"), "reopen_road"

#: s, until when something holds that nobody ends
ALWAYS = 1e9


@dataclass(frozen=True, slots=True)
class Order:
    """Something that is ordered of a thing of the city, or waits to be; s from the start of the run.

    unit  id of the unit that does it, "" for none;   proposal  the first digits of its hash
    """

    action: Action
    since: float
    until: float
    unit: str
    agent: str
    proposal: str

    def holds(self, time: float | None) -> bool:
        """Return whether it holds at a time; None: at any time of the run."""
        return time is None or self.since <= time < self.until


@dataclass(frozen=True, slots=True)
class Posted:
    """A unit at a moment.

    node  of the network;   task  what it drives to or does, None: nothing;   there  whether it has arrived
    """

    id: str
    kind: str
    node: int
    task: Order | None
    there: bool


@remember(size=2)
def facts(city: City) -> Facts:
    """Return the city as its agents know it."""
    from twin.runs.response.facts import facts_of

    return facts_of(city)[0]


@remember(size=2)
def nodes(city: City) -> NDArray[np.float64]:
    """Return (n, 2) longitude and latitude of the nodes of the road network."""
    from twin.geometry import crs

    roads = facts(city).roads
    if not len(roads.x):
        return np.zeros((0, 2))
    lon, lat = crs.convert_xy(roads.x, roads.y, city.crs, LON_LAT)
    return np.column_stack([np.round(lon, 6), np.round(lat, 6)]).astype(np.float64)


@remember(size=2)
def _places(city: City) -> dict[str, tuple[float, float]]:
    """Return id of a home or site -> longitude and latitude."""
    from twin.geometry import crs

    here = facts(city)
    things: list[Home | Site] = [*here.homes, *here.sites]
    if not things:
        return {}
    lon, lat = crs.convert_xy([t.x for t in things], [t.y for t in things], city.crs, LON_LAT)
    return {t.id: (round(float(x), 6), round(float(y), 6)) for t, x, y in zip(things, lon, lat, strict=True)}


@remember(size=4)
def districts(city: City) -> dict[str, str]:
    """Return id -> name of the districts as text, without the words with which all their names begin."""
    found = {id_: name.split() for id_, name in facts(city).districts.items()}
    shared = 0
    for column in zip(*found.values(), strict=False):
        if len(set(column)) > 1 or len(found) < 2:
            break
        shared += 1
    return {id_: plain(" ".join(words[shared:] or words)) for id_, words in found.items()}


@remember(size=4)
def names(city: City, language: str) -> dict[str, str]:
    """Return id -> what people call it: districts, sites, roads, buildings, sensors; else its kind and its id."""
    found = {thing.id: plain(thing.name or thing.id) for thing in city.sensors.things()}
    for kind in ("road", "underpass"):
        if city.features.count(kind):
            batch = city.features.read(kind)
            found |= {
                id_: plain(name or f"{kind_label(kind, language)} {id_}")
                for id_, name in zip(batch.ids, batch.column("name"), strict=True)
            }
    if city.features.count("building"):
        found |= building_names(city, language)
    return found | {site.id: plain(site.name) for site in facts(city).sites if site.name} | districts(city)


def edges_of(action: Action) -> list[int]:
    """Return the edges of the network that an action is about; none where it names none."""
    for name in ("edges", "avoid"):
        found: Any = action.params.get(name)
        if isinstance(found, list | tuple) and all(isinstance(edge, int) for edge in found):
            return [int(edge) for edge in found]
    return []


def lines(city: City, edges: Iterable[int]) -> list[list[list[float]]]:
    """Return edges of the network as lines in longitude and latitude; those that are not there are left out."""
    roads, at = facts(city).roads, nodes(city)
    return [
        [at[roads.start[edge]].tolist(), at[roads.end[edge]].tolist()] for edge in edges if 0 <= edge < len(roads.start)
    ]


def geometry(city: City, action: Action) -> dict[str, Any] | None:
    """Return where an action takes effect, as GeoJSON: its roads, else the point of its target; None: nobody knows."""
    on_roads = action.kind in {*CLOSES, OPENS, "message_sign", "green_wave"}
    found = lines(city, edges_of(action)) if on_roads else []
    if found:
        return {"type": "MultiLineString", "coordinates": found}
    place = _places(city).get(action.target)
    return None if place is None else {"type": "Point", "coordinates": list(place)}


def begins(one: Listed, step: Step) -> float:
    """Return when a step of a proposal takes effect, s: when its unit has done its work, else when it was begun."""
    if step.award is not None:
        return step.award.done
    return max(step.action.at, one.begun or 0.0)


def orders(city: City, run: str) -> tuple[Order, ...]:
    """Return what was carried out in a run, step by step, in the order of time."""
    return _orders(city, run, version(city, run)) if answered(city, run) else ()


@remember(size=4)
def _orders(city: City, run: str, version: str) -> tuple[Order, ...]:
    del version
    done = [
        (begins(one, step), one.proposal, step)
        for one in listed(city, run)
        if one.begun is not None
        for step in one.proposal.steps
    ]
    done.sort(key=lambda row: (row[0], row[1].hash))
    opened = [(since, step.action.target) for since, _, step in done if step.action.kind == OPENS]
    found = []
    for since, proposal, step in done:
        until = min((t for t, target in opened if target == step.action.target and t > since), default=ALWAYS)
        until = until if step.action.kind in CLOSES else ALWAYS
        unit = "" if step.award is None else step.award.unit
        found.append(Order(step.action, since, until, unit, proposal.agent, proposal.id))
    return tuple(found)


def closes(action: Action) -> bool:
    """Return whether an action closes a road to everybody."""
    return action.kind == "close_road" or (action.kind == "underpass" and bool(action.params.get("closed")))


def waiting(city: City, run: str) -> tuple[Order, ...]:
    """Return the steps of proposals from when they were made until they began, were rejected or expired."""
    return _waiting(city, run, version(city, run)) if answered(city, run) else ()


@remember(size=4)
def _waiting(city: City, run: str, version: str) -> tuple[Order, ...]:
    del version
    found = []
    for one in listed(city, run):
        if one.state == "refused" or one.proposal.level < 2:
            continue
        no = [decision.at for decision in one.decisions if decision.verdict == "reject"]
        until = min([one.proposal.expires, *no, *([] if one.begun is None else [one.begun])])
        found += [
            Order(
                step.action,
                one.proposal.made,
                until,
                "" if step.award is None else step.award.unit,
                one.proposal.agent,
                one.proposal.id,
            )
            for step in one.proposal.steps
            if until > one.proposal.made
        ]
    return tuple(found)


def posted(city: City, run: str, time: float | None) -> list[Posted]:
    """Return the units of a run at a time, s, by their ids; None: at its end."""
    track = told(city, run)["track"] if answered(city, run) else []
    before = [row for row in track if time is None or row["time"] <= time]
    if not before:
        return []
    now = float(before[-1]["time"]) if time is None else time
    tasks = _tasks(city, run, version(city, run))
    found = []
    for id_, node in sorted(before[-1]["units"].items()):
        here = next(((order, at <= now) for at, order in tasks.get(id_, ()) if order.since <= now < order.until), None)
        task, there = here or (None, False)
        found.append(Posted(id_, id_.rpartition("-")[0] or id_, int(node), task, there))
    return found


@remember(size=4)
def _tasks(city: City, run: str, version: str) -> dict[str, list[tuple[float, Order]]]:
    """Return unit -> when it arrives and what it does, from leaving until it is done."""
    del version
    found: dict[str, list[tuple[float, Order]]] = {}
    for one in listed(city, run):
        for step in one.proposal.steps if one.begun is not None else ():
            award = step.award
            if award is not None:
                leaves = max(award.leaves, one.begun or 0.0)
                order = Order(step.action, leaves, award.done, award.unit, one.proposal.agent, one.proposal.id)
                found.setdefault(award.unit, []).append((award.arrives, order))
    return found
