"""A small town for the shield: a grid of streets, homes, shelters, units, and a forecast with water and fire in it."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from twin.model.response.city import Facts, Home, Network, Site, Unit
from twin.model.response.view import Course, Outlook, Reading, Report, View

BLOCK = 80.0
KINDS_OF_UNIT = ("crew", "pump_crew", "police", "engine", "bus")


@dataclass(frozen=True)
class Town:
    """How a town is drawn; 0 chances: dry and quiet."""

    side: int = 4
    wet: float = 0.15
    fire: float = 0.03
    bad_shelter: float = 0.2
    marked: float = 0.3
    no_outlook: float = 0.05


DRY = Town(wet=0.0, fire=0.0, bad_shelter=0.0, marked=0.0, no_outlook=0.0)


def network(side: int, rng: random.Random) -> Network:
    ends, road, foot = [], [], []
    for j in range(side):
        for i in range(side - 1):
            ends.append((j * side + i, j * side + i + 1))
            road.append(j)
    for i in range(side):
        for j in range(side - 1):
            ends.append((j * side + i, (j + 1) * side + i))
            road.append(side + i)
    foot = [rng.random() < 0.05 for _ in ends]
    a, b = np.array(ends, np.int32).T
    x = np.tile(np.arange(side) * BLOCK, side)
    y = np.repeat(np.arange(side) * BLOCK, side)
    count = len(ends)
    return Network(
        x=x, y=y, start=a, end=b,
        length=np.full(count, BLOCK), speed=np.full(count, 8.0), lanes=np.full(count, 2.0),
        road=np.array(road, np.int32), roads=tuple(f"road{n:02d}" for n in range(2 * side)),
        over=np.array([rng.random() < 0.05 for _ in ends]), foot=np.array(foot),
    )  # fmt: skip


def facts(town: Town, rng: random.Random) -> Facts:
    net = network(town.side, rng)
    nodes = len(net.x)

    def at(node: int) -> tuple[float, float, int]:
        return float(net.x[node]), float(net.y[node]), node

    homes = tuple(
        Home(f"home{n:02d}", *at(rng.randrange(nodes)), below=rng.choice([0.0, 0.4, 2.5]), ground=2.25, upper=rng.random() * 9,
             district=f"d{n % 2}")
        for n in range(10)
    )  # fmt: skip
    sites = [
        Site("fire1", "fire_station", "f", *at(0), capacity=4),
        Site("gate1", "gate", "g", *at(rng.randrange(nodes))),
        Site("hosp1", "hospital", "h", *at(rng.randrange(nodes))),
        Site("hydr1", "hydrant", "y", *at(rng.randrange(nodes))),
        Site("pump1", "pump", "p", *at(rng.randrange(nodes))),
        Site("shel1", "shelter", "s1", *at(rng.randrange(nodes)), capacity=rng.choice([0.0, 15.0, 40.0])),
        Site("shel2", "shelter", "s2", *at(rng.randrange(nodes)), capacity=rng.choice([12.5, 400.0])),
        Site("shel3", "shelter", "s3", 1e4, 1e4, -1, capacity=100.0),
        Site("stat1", "station", "st", *at(rng.randrange(nodes))),
        Site("unde1", "underpass", "u", *at(nodes // 2), edges=(rng.randrange(len(net.start)), rng.randrange(len(net.start)))),
    ]  # fmt: skip
    return Facts(homes, tuple(sites), {"d0": "a", "d1": "b"}, net)


def course(
    ids: tuple[str, ...], times: np.ndarray, members: int, wet: float, fire: float, rng: random.Random
) -> Course:
    shape = (members, len(times), len(ids))
    depth, product, burning = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, bool)
    for n in range(len(ids)):
        if rng.random() < wet:
            first = rng.randrange(len(times))
            last = rng.randrange(first, len(times)) + 1
            for m in range(members):
                if rng.random() < 0.7:
                    deep = rng.choice([0.1, 0.2, 0.3, 0.35, 0.5, 0.51, 1.5, float("nan")])
                    depth[m, first:last, n] = deep
                    product[m, first:last, n] = rng.choice([0.0, 0.3, 0.31, 0.6, 0.7])
        if rng.random() < fire:
            first = rng.randrange(len(times))
            for m in range(members):
                burning[m, first:, n] = rng.random() < 0.6
    return Course(ids, times, depth, product, burning)


def outlook(city: Facts, now: float, town: Town, rng: random.Random) -> Outlook:
    members = rng.choice([1, 4, 8, 20])
    made = now - rng.choice([0.0, 0.0, 0.0, 300.0, 1800.0] + ([5000.0] if town.marked else []))
    times = made + np.arange(0.0, 3601.0, 600.0)
    count = len(city.roads.start)
    edges = course(tuple(str(n) for n in range(count)), times, members, town.wet, town.fire, rng)
    homes = course(tuple(h.id for h in city.homes), times, members, town.wet, town.fire, rng)
    sites = course(tuple(s.id for s in city.sites), times, members, town.bad_shelter, town.bad_shelter / 4, rng)
    return Outlook("outlook-1", made, 3600.0, homes, sites, edges)


def view(town: Town, rng: random.Random) -> View:
    city, now = facts(town, rng), rng.choice([0.0, 600.0, 7200.0])
    readings = []
    for n in range(6):
        bad = rng.random() < town.marked
        time = now - rng.choice([0.0, 60.0, 900.0] + ([1801.0, 9000.0, -50.0] if bad else []))
        readings.append(
            Reading(
                f"read{n}", f"sensor{n}" if n else "x:unde1", rng.choice(["depth", "rain_rate", "underpass_depth", "water_level"]),
                rng.choice([0.0, 0.05, 0.25, 0.4, 2.0]) if town.wet else 0.0, rng.random() * 240, rng.random() * 240, time,
                max(time, now - 1.0) if not bad else time + 100, rng.choice(["stale", "frozen", "spike", "gap", ""]) if bad else "",
            )
        )  # fmt: skip
    reports = tuple(
        Report(f"call{n}", rng.choice(["fire", "water"]), rng.random() * 2000, rng.random() * 2000, now - 30.0 * n, now,
               rng.choice(["", "home01", "burning"]))
        for n in range(3)
    )  # fmt: skip
    units = tuple(
        Unit(f"{kind}{n}", kind, rng.randrange(len(city.roads.x)), now + rng.choice([0.0, 0.0, 120.0]) if n else now,
             seats=40 if kind == "bus" else 0)
        for kind in KINDS_OF_UNIT for n in range(2)
    )  # fmt: skip
    some = town.marked > 0
    return View(
        time=now, cycle=int(now // 600), every=600.0, facts=city, readings=tuple(readings), reports=reports,
        outlook=None if rng.random() < town.no_outlook else outlook(city, now, town, rng), units=units,
        sheltered={"shel2": 5.5} if some else {}, away=frozenset({"home09"} if some else ()),
        closed=frozenset({rng.choice(city.roads.roads)} if some and rng.random() < 0.3 else ()),
    )  # fmt: skip
