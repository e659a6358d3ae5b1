"""Hostile agents: proposals that look almost sound, with anything in them broken on purpose; and sound ones to compare."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

import numpy as np

from twin.geometry.network import towards, usable
from twin.model.action import Action
from twin.model.response.city import Network
from twin.model.response.proposal import Award, Proposal, Reason, Step, Work
from twin.model.response.view import View

NAN, INF = float("nan"), float("inf")
JUNK = (
    None, NAN, INF, -INF, -1, -1.0, 0, 1e308, 10**400, True, "", "nobody", "\ud800", "x" * 5000, [], {}, (), (1, 2), [NAN], {"a": NAN},
    {1: 2}, object(), b"bytes", np.float64("nan"), np.int64(3), np.arange(3), set(), -(10**9), 2**63, [[[[[[[[1]]]]]]]], 1e15,
)  # fmt: skip
KINDS = (
    "evacuate", "evacuate", "evacuate", "close_road", "close_road", "reopen_road", "message_sign", "green_wave", "inspect", "barrier",
    "pump", "gate", "underpass", "underpass", "basement", "drain", "engine", "hydrant", "wet", "clear", "alert", "hold_entrance",
    "open_exit", "divert", "evacuation_order", "power_cut", "send_alert", "breach", "nuke", "",
)  # fmt: skip
GATES = ("gateA", "gateB")


class Loud(str):
    """A text that raises when anybody compares it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("boo")

    __hash__ = str.__hash__


@lru_cache(maxsize=64)
def _onward(net: Network, goal: int, foot: bool) -> list[int]:
    return towards(net, [goal], foot=foot)[0].tolist()


def way(view: View, start: int, goal: int, foot: bool) -> tuple[int, ...]:
    """Return the fastest way as if the sun shone."""
    net, found = view.facts.roads, []
    onward = _onward(net, goal, foot)
    while start != goal and onward[start] >= 0 and len(found) < 500:
        edge = int(onward[start])
        found.append(edge)
        start = int(net.end[edge] if net.start[edge] == start else net.start[edge])
    return tuple(found)


def params(kind: str, view: View, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Return a target and params that make sense for a kind."""
    city = view.facts
    edges = [rng.randrange(len(city.roads.start)) for _ in range(rng.choice([1, 1, 2, 6]))]
    home, site = rng.choice(city.homes), rng.choice(city.sites)
    place = {"x": home.x, "y": home.y}
    line = [[home.x, home.y], [home.x + 30, home.y]]
    if kind == "evacuate":
        shelter = rng.choice([s for s in city.sites if s.kind == "shelter"])
        found: dict[str, object] = {"shelter": shelter.id, "mode": rng.choice(["foot", "foot", "bus"]), "by": "crew"}
        if rng.random() < 0.6 and shelter.node >= 0:
            found["edges"] = way(view, home.node, shelter.node, found["mode"] == "foot")
        return home.id, found
    road = rng.choice([*city.roads.roads, "unde1"])
    table: dict[str, tuple[str, dict[str, object]]] = {
        "close_road": (road, {"edges": edges} if rng.random() < 0.7 else {}),
        "reopen_road": (road, {"edges": edges} if rng.random() < 0.7 else {}),
        "message_sign": (road, {"avoid": edges}),
        "green_wave": ("", {"edges": edges, "speed": 1.3}),
        "inspect": (rng.choice([home.id, site.id, "call0"]), {}),
        "barrier": (site.id, {"line": line, "level": 3.0}),
        "pump": ("pump1", {"rate": 0.5, "mode": "on"}),
        "gate": ("gate1", {"opening": 0.0}),
        "underpass": ("unde1", rng.choice([{"boards": 1.0}, {"closed": True}, {"closed": False}])),
        "basement": (home.id, {"boards": 0.5}),
        "drain": ("", {"share": rng.choice([0.0, 1.0]), **place}),
        "engine": (rng.choice([home.id, *(r.target for r in view.reports if r.target)]), {"number": 1}),
        "hydrant": ("hydr1", {"open": True}),
        "wet": (home.id, {"rate": 5.0}),
        "clear": ("", {"line": line, "demolish": rng.random() < 0.3}),
        "alert": ("", {"areas": ["d0"]}),
        "hold_entrance": (rng.choice(GATES), {}),
        "open_exit": (rng.choice(GATES), {}),
        "divert": (rng.choice(GATES), {"to": "gateB"}),
    }
    return table.get(kind, (home.id, {}))


UNIT = {"close_road": "police", "reopen_road": "police", "engine": "engine", "wet": "engine", "pump": "pump_crew"}


def sound_step(kind: str, view: View, rng: random.Random, ready: dict[str, tuple[int, float]]) -> Step:
    """Return a step that is sound as long as there is no hazard. ready  unit -> where and when it is free, kept up."""
    target, given = params(kind, view, rng)
    action = Action(kind, view.time, target, given)
    bus = kind == "evacuate" and given.get("mode") == "bus"
    if not bus and rng.random() < 0.5:
        return Step(action)
    wanted = "bus" if bus else UNIT.get(kind, "crew")
    home = next((h for h in view.facts.homes if h.id == target), None)
    net = view.facts.roads
    drivable = np.flatnonzero(usable(net))
    node = home.node if home is not None else int(net.start[rng.choice(list(drivable) or [0])])
    unit = rng.choice([u for u in view.units if u.kind == wanted])
    at, free = ready.get(unit.id, (unit.node, max(unit.free, view.time)))
    if _onward(net, node, foot=False)[at] < 0 and at != node:  # no car gets there
        return Step(Action("inspect", view.time, "hosp1"))
    edges = way(view, at, node, foot=False)
    drive = float(sum(net.length[e] / net.speed[e] for e in edges)) * rng.choice([1.0, 1.0, 1.5])
    service = rng.choice([0.0, 120.0, 600.0])
    award = Award(unit.id, free, free + drive, free + drive + service, edges)
    ready[unit.id] = (node, award.done)
    return Step(action, Work(wanted, node, service, view.time, view.time + 3600, rng.random() * 10), award)


def too_many(view: View, step: Step) -> bool:
    """Return whether a sound evacuation is none: its shelter has no road, or is too small."""
    if step.action.kind != "evacuate":
        return False
    home = next(h for h in view.facts.homes if h.id == step.action.target)
    site = next(s for s in view.facts.sites if s.id == step.action.params["shelter"])
    foot = step.action.params["mode"] == "foot"
    cut = site.node < 0 or (_onward(view.facts.roads, site.node, foot)[home.node] < 0 and home.node != site.node)
    return cut or home.below + home.ground + home.upper > (site.capacity or 200.0)


def sound(view: View, rng: random.Random, kinds: tuple[str, ...], agent: str = "good", most: int = 4) -> Proposal:
    """Return a proposal that is sound as long as there is no hazard."""
    ready: dict[str, tuple[int, float]] = {}
    steps = tuple(sound_step(rng.choice(kinds), view, rng, ready) for _ in range(rng.randrange(1, most + 1)))
    evidence = ("outlook-1",) if view.outlook is not None else ()
    return Proposal(agent, "1", view.time, view.time + 1200, 3, steps, (Reason("why", {"about": "x"}),), evidence)


def broken(proposal: Proposal, view: View, rng: random.Random) -> object:
    """Return a proposal with one thing in it broken, most of them so that it still looks sound."""
    which = rng.randrange(16)
    steps = list(proposal.steps)
    if which == 0:
        return replace(proposal, level=rng.choice([-5, 0, 1, 2, 3, 4, 99, True, "3", NAN]))
    if which == 1:
        name = rng.choice(["agent", "version", "made", "expires", "level", "steps", "reasons", "evidence"])
        return replace(proposal, **{name: rng.choice(JUNK)})
    if which == 2:
        pool = [f"read{n}" for n in range(7)] + ["call0", "call1", "call2", "outlook-1", "outlook-9", "x"]
        return replace(proposal, evidence=tuple(rng.sample(rng.choice([pool, pool[7:10]]), rng.randrange(0, 3))))
    if which == 3:
        return replace(
            proposal, made=view.time + rng.choice([-1e6, -700, 1, 1e6]), expires=view.time + rng.choice([-1, 0, 1e9])
        )
    if which == 4:
        return replace(proposal, steps=tuple(steps * rng.choice([2, 3])))
    if which == 5:
        return rng.choice([None, 3, "p", [proposal], {"agent": "x"}, proposal.steps, Loud("p")])
    n = rng.randrange(len(steps))
    step = steps[n]
    if which in (6, 7) and step.action.params:
        key = rng.choice([*step.action.params, "extra"])
        near = [rng.randrange(60), [rng.randrange(60) for _ in range(4)], "shel1", "shel3", "hosp1", 1.0]
        steps[n] = replace(
            step, action=replace(step.action, params={**step.action.params, key: rng.choice([*JUNK, *near])})
        )
    elif which == 8:
        near = ["home09", "home01", "road00", "unde1", "shel1", "gate1", "burning", "call1", Loud("home01")]
        steps[n] = replace(step, action=replace(step.action, target=rng.choice([*JUNK, *near])))
    elif which == 9:
        steps[n] = replace(step, action=replace(step.action, at=rng.choice([*JUNK, view.time - 1, view.time + 1e5])))
    elif which == 10:
        steps[n] = replace(step, action=replace(step.action, kind=rng.choice([*KINDS, *JUNK])))
    elif which in (11, 12, 13) and type(step.award) is Award and type(step.award.edges) is tuple:
        a, net = step.award, view.facts.roads
        worse = [
            {"unit": rng.choice([u.id for u in view.units] + ["foreign", NAN])},
            {"leaves": view.time + rng.choice([-600.0, -1.0, 0.0, 30.0])},
            {"arrives": a.leaves},
            {"done": a.leaves},
            {"edges": tuple(rng.randrange(len(net.start)) for _ in range(3))},
            {"edges": a.edges[::-1]},
            {"edges": a.edges[1:]},
            {"edges": (*a.edges, 10**6)},
            {"leaves": rng.choice(JUNK)},
            {"edges": rng.choice(JUNK)},
        ]
        steps[n] = replace(step, award=replace(a, **rng.choice(worse)))
    elif which == 14 and type(step.work) is Work:
        changed = rng.choice(
            [
                {"unit": "bus"},
                {"node": rng.choice([-1, 10**6, 0])},
                {"service": -600.0},
                {"weight": NAN},
                {"deadline": -1.0},
            ]
        )
        steps[n] = replace(step, work=replace(step.work, **changed))
    else:
        steps[n] = replace(step, **rng.choice([{"award": None}, {"work": None}, {"action": None}, {"work": "crew"}]))
    return replace(proposal, steps=tuple(steps))


def attack(view: View, rng: random.Random, count: int, most: int = 6) -> list[object]:
    """Return what hostile agents hand over in one cycle; some of it is sound but for the hazard."""
    made: list[object] = []
    for n in range(count):
        one: object = sound(view, rng, KINDS, f"agent{n % 3}", most)
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            if (
                type(one) is Proposal
                and type(one.steps) is tuple
                and one.steps
                and all(type(s) is Step for s in one.steps)
            ):
                if all(type(s.action) is Action and type(s.action.params) is dict for s in one.steps):
                    one = broken(one, view, rng)
        made.append(one)
    return made + ([rng.choice(made)] if made and rng.random() < 0.2 else [])


def steps_in(proposals: list[object]) -> int:
    """Return how many actions are in what was handed over; what is no proposal counts as one."""
    return sum(len(p.steps) if type(p) is Proposal and type(p.steps) is tuple and p.steps else 1 for p in proposals)
