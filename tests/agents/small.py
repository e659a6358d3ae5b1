"""A city of 25 crossings that everybody can draw on paper: streets 100 m apart, six homes, two shelters, an underpass.

4  . . . . E      E, W   shelters (50 and 6 people)     P  pump    G  gate    L  levee    F  fire station
3  F . . . .      A..F'  homes HA .. HF at the crossings below; U the underpass between (2,2) and (3,2)
2  . HE U . HF    Node of column i, row j: 5 j + i. Row roads R0..R4, column roads C0..C4.
1  HA HB HC HD .
0  W . P . G
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from twin.model.response.city import Facts, Home, Network, Site, Unit
from twin.model.response.view import Course, Outlook, Reading, Report, View

N, GAP = 5, 100.0
TIMES = np.arange(0.0, 3601.0, 300.0)
MEMBERS = 4


def node(i: int, j: int) -> int:
    return N * j + i


def roads() -> Network:
    j, i = np.divmod(np.arange(N * N), N)
    pairs = [(node(a, b), node(a + 1, b), f"R{b}") for b in range(N) for a in range(N - 1)]
    pairs += [(node(a, b), node(a, b + 1), f"C{a}") for a in range(N) for b in range(N - 1)]
    names = tuple(dict.fromkeys(name for _, _, name in pairs))
    k = len(pairs)
    return Network(
        x=i * GAP,
        y=j * GAP,
        start=np.array([p[0] for p in pairs], np.int32),
        end=np.array([p[1] for p in pairs], np.int32),
        length=np.full(k, GAP),
        speed=np.full(k, 10.0),
        lanes=np.full(k, 2.0),
        road=np.array([names.index(p[2]) for p in pairs], np.int32),
        roads=names,
        over=np.zeros(k, bool),
        foot=np.zeros(k, bool),
    )


def edge(a: tuple[int, int], b: tuple[int, int]) -> int:
    net = roads()
    ends = {node(*a), node(*b)}
    return next(e for e in range(len(net.start)) if {int(net.start[e]), int(net.end[e])} == ends)


def home(id_: str, i: int, j: int, below: float, ground: float, upper: float, district: str) -> Home:
    return Home(id_, i * GAP + 10, j * GAP + 10, node(i, j), below, ground, upper, 0.3, district, "residential")


def site(id_: str, kind: str, i: int, j: int, **more: Any) -> Site:
    return Site(id_, kind, id_, i * GAP, j * GAP, node(i, j), **more)


def city() -> Facts:
    homes = (
        home("HA", 0, 1, 4.0, 2.0, 0.0, "d1"),
        home("HB", 1, 1, 3.0, 2.0, 2.0, "d1"),
        home("HC", 2, 1, 0.0, 4.0, 4.0, "d1"),
        home("HD", 3, 1, 0.0, 2.0, 0.0, "d2"),
        home("HE", 1, 2, 2.0, 1.0, 0.0, "d2"),
        home("HF", 4, 2, 0.0, 0.0, 9.0, "d2"),
    )
    sites = (
        site("E", "shelter", 4, 4, capacity=50.0),
        site("F", "fire_station", 0, 3, capacity=2.0),
        site("G", "gate", 4, 0, params={"ground": 20.0, "level": 18.0}),
        site("L", "levee", 3, 0, params={"level": 21.0}),
        site("P", "pump", 2, 0, params={"rate": 2.0}),
        site("U", "underpass", 2, 2, edges=(edge((2, 2), (3, 2)),), params={"depth": 4.0}),
        site("W", "shelter", 0, 0, capacity=6.0),
        site("Y", "hydrant", 1, 2),
    )
    return Facts(homes, sites, {"d1": "첫째동", "d2": "둘째동"}, roads())


EMPTY = Facts(
    (),
    (),
    {},
    replace(
        roads(),
        **{n: np.zeros(0) for n in ("x", "y", "length", "speed", "lanes")},
        **{n: np.zeros(0, np.int32) for n in ("start", "end", "road")},
        **{n: np.zeros(0, bool) for n in ("over", "foot")},
        roads=(),
    ),
)

Course_of = Mapping[Any, tuple[float, float, int]]
"""Thing -> from when on (s), how deep (m), in how many of the members."""


def course(ids: tuple[str, ...], wet: Course_of, burns: Course_of) -> Course:
    depth = np.zeros((MEMBERS, len(TIMES), len(ids)), np.float32)
    fire = np.zeros(depth.shape, bool)
    for id_, (start, value, members) in wet.items():
        depth[:members, TIMES >= start, ids.index(str(id_))] = value
    for id_, (start, _, members) in burns.items():
        fire[:members, TIMES >= start, ids.index(str(id_))] = True
    return Course(ids, TIMES, depth, np.zeros(depth.shape, np.float32), fire)


def outlook(
    facts: Facts | None = None,
    homes: Course_of | None = None,
    sites: Course_of | None = None,
    edges: Course_of | None = None,
    burns: Course_of | None = None,
    made: float = 0.0,
) -> Outlook:
    facts = facts or city()
    return Outlook(
        "outlook-1",
        made,
        3600.0,
        course(tuple(h.id for h in facts.homes), homes or {}, burns or {}),
        course(tuple(s.id for s in facts.sites), sites or {}, {}),
        course(tuple(str(k) for k in range(len(facts.roads.start))), edges or {}, {}),
    )


def units(**kinds: int) -> tuple[Unit, ...]:
    return tuple(Unit(f"{kind}-{n}", kind, node(0, 3), seats=20) for kind in sorted(kinds) for n in range(kinds[kind]))


def reading(
    sensor: str, quantity: str, value: float, time: float = 0.0, x: float = 0.0, y: float = 0.0, mark: str = ""
) -> Reading:
    return Reading(f"{sensor}/{quantity}@{time:g}", sensor, quantity, value, x, y, time, time, mark)


def report(kind: str, target: str, x: float = 0.0, y: float = 0.0, time: float = 0.0) -> Report:
    return Report(f"{kind}/{target or f'{x:.0f},{y:.0f}'}@{time:g}", kind, x, y, time, time, target)


def view(**changes: Any) -> View:
    return View(**({"time": 0.0, "cycle": 0, "every": 600.0, "facts": city()} | changes))


def flood(**changes: Any) -> View:
    """The half-basements of d1 and the ground floor of HC in water from 30 min on, in all members."""
    wet = {"HA": (1800.0, 0.5, 4), "HB": (1800.0, 0.6, 4), "HC": (2400.0, 0.9, 4)}
    made = {"outlook": outlook(homes=wet), "units": units(crew=2, police=2, pump_crew=1, engine=3, bus=1)}
    return view(**(made | changes))
