"""A street of 500 m with a loop round its middle, three houses, two shelters and a hospital: what a town is tested on.

A(0)---0---(1)B---1---(2)---2---(3)---3---(4)S2---4---(5)C, S1, H
                        \\--5--(6)--6--/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from twin.model.action import Action
from twin.model.response.city import Facts, Home, Network, Site, Unit
from twin.model.response.proposal import Award, Proposal, Step, Work
from twin.model.response.view import Course, Outlook
from twin.runs.response.town import Town, TownSettings

START, END = [0, 1, 2, 3, 4, 2, 6], [1, 2, 3, 4, 5, 6, 3]
X, Y = [0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 250.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 100.0]
K = len(START)

#: everybody obeys at once, nobody is slow, nobody climbs: what happens can be counted by hand
PLAIN = TownSettings(
    step=30.0, compliance=1.0, by_crew=1.0, preparing=0.0, spread=0.0, fetched=0.0, vulnerable=0.0, walk=1.0, climb=0.0
)


def network() -> Network:
    x, y = np.array(X), np.array(Y)
    start, end = np.array(START, np.int32), np.array(END, np.int32)
    return Network(
        x, y, start, end,
        length=np.full(K, 100.0), speed=np.full(K, 10.0), lanes=np.full(K, 2.0),
        road=np.zeros(K, np.int32), roads=("main",), over=np.zeros(K, bool), foot=np.zeros(K, bool),
    )  # fmt: skip


HOMES = (
    Home("A", 0.0, 0.0, 0, below=2.0, ground=2.0, upper=4.0, first_floor=0.2, district="d1"),
    Home("B", 100.0, 0.0, 1, below=0.0, ground=3.0, upper=0.0, district="d2"),
    Home("C", 500.0, 0.0, 5, below=1.0, ground=1.0, upper=0.0),
)
SITES = (
    Site("H", "hospital", "의원", 500.0, 10.0, 5),
    Site("S1", "shelter", "학교", 500.0, 20.0, 5, capacity=5.0),
    Site("S2", "shelter", "강당", 400.0, 20.0, 4, capacity=100.0),
    Site("U", "underpass", "지하차도", 250.0, 0.0, 2, edges=(2,)),
)
UNITS = (Unit("crew-1", "crew", 5), Unit("police-1", "police", 3), Unit("bus-1", "bus", 5, seats=5))


def facts(*more: Home) -> Facts:
    homes = tuple(sorted((*HOMES, *more), key=lambda home: home.id))
    return Facts(homes, SITES, {"d1": "윗동", "d2": "아랫동"}, network())


def town(settings: TownSettings = PLAIN, units: Sequence[Unit] = UNITS, seed: int = 1, *more: Home) -> Town:
    return Town.of(facts(*more), units, settings, seed)


def course(ids: Sequence[str], times: Sequence[float], deep: Mapping[object, Sequence[float]], fire: object) -> Course:
    shape = (1, len(times), len(ids))
    depth, burns = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for i, id_ in enumerate(ids):
        depth[0, :, i] = deep.get(id_, 0.0)
        burns[0, :, i] = fire.get(id_, False)  # type: ignore[attr-defined]
    return Course(tuple(ids), np.array(times, float), depth, np.zeros(shape, np.float32), burns)


def outlook(
    times: Sequence[float] = (0.0,),
    homes: Mapping[object, Sequence[float]] | None = None,
    edges: Mapping[object, Sequence[float]] | None = None,
    fire: Mapping[object, Sequence[bool]] | None = None,
    hot: Mapping[object, Sequence[bool]] | None = None,
    of: Facts | None = None,
    sites: Mapping[object, Sequence[float]] | None = None,
    lit: Mapping[object, Sequence[bool]] | None = None,
) -> Outlook:
    """Return one member: depths at homes and edges by time, whether homes burn, whether edges are hot."""
    ids = [home.id for home in (of or facts()).homes]
    return Outlook(
        "test",
        0.0,
        7200.0,
        course(ids, times, homes or {}, fire or {}),
        course([site.id for site in SITES], times, sites or {}, lit or {}),
        course([str(k) for k in range(K)], times, {str(k): v for k, v in (edges or {}).items()}, {str(k): v for k, v in (hot or {}).items()}),
    )  # fmt: skip


def proposal(*steps: Step) -> Proposal:
    return Proposal("test", "1", 0.0, 9999.0, 3, steps)


def evacuate(home: str, shelter: str, at: float = 0.0, **params: object) -> Step:
    return Step(Action("evacuate", at, home, {"shelter": shelter, "mode": "foot", "by": "broadcast", **params}))


def sent(
    unit: str, kind: str, action: Action, node: int, edges: Sequence[int], service: float = 60.0, leaves: float = 0.0
) -> Step:
    """Return a step with its unit on the way, at 10 m/s over edges of 100 m."""
    arrives = leaves + 10.0 * len(edges)
    work = Work(kind, node, service, 0.0, 9999.0, 1.0)
    return Step(action, work, Award(unit, leaves, arrives, arrives + service, tuple(edges)))
