"""Ways that steps send somebody: which edges, in which mode, and between when and when each of them is used.

A way is judged over all times at which its edges may be used, not at one: a unit may be held up anywhere between the
times it leaves and arrives, and people walk as slowly as old people do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network import towards
from twin.model.response.city import Network
from twin.model.response.proposal import Reason
from twin.shield.known import Known
from twin.shield.limits import OF_UNIT

TO_FIRE = frozenset({"engine", "wet", "hydrant"})
"""Kinds of action for which a fire engine goes up to a fire."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Edges in their order.

    enter, leave  (n,) s  first and last moment at which somebody may be on each
    armed         (n,) bool  near enough to its end that a fire engine may meet heat on it
    """

    mode: str
    edges: tuple[int, ...]
    enter: NDArray[np.float64]
    leave: NDArray[np.float64]
    armed: NDArray[np.bool_]


def end_of(network: Network, start: int, edges: tuple[int, ...]) -> int | None:
    """Return the node at which edges end that are followed from a node; None: they do not join."""
    at = start
    for edge in edges:
        ends = int(network.start[edge]), int(network.end[edge])
        if at not in ends:
            return None
        at = ends[1] if at == ends[0] else ends[0]
    return at


def free_seconds(network: Network, edges: tuple[int, ...], speed: float) -> NDArray[np.float64]:
    """Return (n,) s that edges take on the free road at a share of a car's speed."""
    chosen = list(edges)
    return np.asarray(network.length[chosen] / (network.speed[chosen] * speed), float)


def driven(
    known: Known, kind: str, speed: float, edges: tuple[int, ...], leaves: float, arrives: float, *, to_fire: bool
) -> Way:
    """Return the way of a unit that is given: on no edge before it can be there, nor after it must have gone on.

    leaves, arrives  s, as awarded; what may be late is `limits.late` later
    """
    seconds = free_seconds(known.roads, edges, speed)
    before = np.cumsum(seconds) - seconds
    after = seconds[::-1].cumsum()[::-1] - seconds
    enter, leave = leaves + before, np.maximum(arrives - after, leaves + before + seconds) + known.limits.late
    lengths = known.roads.length[list(edges)]
    beyond = lengths[::-1].cumsum()[::-1]
    near = (beyond <= known.limits.engine_reach) | (np.arange(len(edges)) == len(edges) - 1)
    armed = near & (kind == "engine" and to_fire)
    return Way(OF_UNIT.get(kind, "car"), edges, enter, leave, armed)


def evacuees(known: Known, mode: str, edges: tuple[int, ...], start: float) -> Way:
    """Return the way of people of a home, on foot or by bus, who are told at `start` s."""
    limits = known.limits
    if mode == "foot":
        lengths = np.asarray(known.roads.length[list(edges)], float)
        fast, slow = lengths / limits.foot_fast, lengths / limits.foot_slow
    else:
        fast = free_seconds(known.roads, edges, 1.0)
        slow = fast * limits.bus_slow
    enter, leave = start + np.cumsum(fast) - fast, start + limits.setting_out + np.cumsum(slow)
    return Way("foot" if mode == "foot" else "large", edges, enter, leave, np.zeros(len(edges), bool))


def barred(way: Way, known: Known) -> Reason | None:
    """Return why a way may not be taken, None: it may. Forecast and readings both have to let it."""
    if not way.edges:
        return None
    read = known.read[way.mode]
    for edge in way.edges:
        if edge in read:
            return Reason("shield.way.reading", {"mode": way.mode, "edge": edge, "reading": read[edge]})
    outlook, limits = known.outlook, known.limits
    if outlook is None:
        return Reason("shield.way.no_forecast", {"mode": way.mode})
    times = outlook.edges.times
    if way.leave.max() > times[-1] + limits.beyond:
        return Reason("shield.way.beyond_forecast", {"until": float(way.leave.max()), "known": float(times[-1])})
    first, last = span(times, way.enter, way.leave)
    wet, fire = known.wet[way.mode], outlook.edges.fire
    hit, worst = np.zeros(wet.shape[0], bool), -1
    for n, edge in enumerate(way.edges):
        if known.ever[way.mode][edge]:
            part = slice(first[n], last[n] + 1)
            here = wet[:, part, edge].any(axis=1)
            if not way.armed[n]:
                here = here | fire[:, part, edge].any(axis=1)
            worst = edge if here.any() and worst < 0 else worst
            hit |= here
    share = float(hit.mean())
    if share <= limits.way_share:
        return None
    return Reason("shield.way.hazard", {"mode": way.mode, "edge": worst, "share": share, "limit": limits.way_share})


def span(
    times: NDArray[np.float64], enter: NDArray[np.float64], leave: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (n,) the first and the last time of a forecast that bear on what lies between two moments.

    The ones before and after count too, and the last one goes on.
    """
    last = len(times) - 1
    first = np.clip(np.searchsorted(times, enter, side="right") - 1, 0, last)
    return first, np.maximum(first, np.clip(np.searchsorted(times, leave, side="left"), 0, last))


def safe_way(known: Known, mode: str, start: int, goal: int, at: float, kept: dict[object, object]) -> tuple[int, ...]:
    """Return the fastest way that no member bars from `at` s to the end of the forecast; empty: there is none.

    kept  what was worked out for other homes, added to
    """
    outlook = known.outlook
    if outlook is None:
        return ()
    begin = int(span(outlook.edges.times, np.array([at]), np.array([at]))[0][0])
    key = mode, goal, begin
    if key not in kept:
        passing = "foot" if mode == "foot" else "large"
        shut = (known.wet[passing][:, begin:] | outlook.edges.fire[:, begin:]).any(axis=(0, 1)) | known.closed
        shut[list(known.read[passing])] = True
        kept[key] = towards(known.roads, [goal], shut=shut, foot=mode == "foot")[0]
    onward, way, node = kept[key], [], start
    assert isinstance(onward, np.ndarray)
    while node != goal:
        edge = int(onward[node])
        if edge < 0:
            return ()
        way.append(edge)
        node = int(known.roads.end[edge] if known.roads.start[edge] == node else known.roads.start[edge])
    return tuple(way)
