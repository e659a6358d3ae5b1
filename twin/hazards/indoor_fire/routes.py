"""Ways out of a building on its room graph: how long each leg takes, and which joint to make for next.

People walk straight from joint to joint. Speeds on the level and on stairs and the flow through doors are those of the
IMO guidelines for evacuation analysis (tables 1.1 to 1.3: 1.2 m/s, 0.8 m/s up, 1.3 persons per m and s of clear width).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np

from twin.hazards.indoor_fire.graph import OUTSIDE, Graph, Joint
from twin.hazards.indoor_fire.params import Params

#: unverified: slope of stairs, in degrees from the level; m of height from which on a leg is a stair
SLOPE, STEP = 32.0, 0.5
#: m: a door to the open that lies this much higher than the lowest one is a balcony's, not a way out
ABOVE = 2.0
#: m: what is lower or narrower is no way for people; the sill that they step over at most
LOW, NARROW, SILL = 1.5, 0.4, 0.6
FOREVER = math.inf


class Routes:
    """Where people can walk, and how long it takes."""

    def __init__(self, graph: Graph, params: Params) -> None:
        self.graph, self.params = graph, params
        self.exits = _exits(graph, params)
        self.of: list[list[int]] = [[] for _ in graph.rooms]
        for number, joint in enumerate(graph.joints):
            if walkable(graph, joint) and (not joint.outer or number in self.exits):
                for room in joint.rooms:
                    if room != OUTSIDE:
                        self.of[room].append(number)
        self._known: dict[frozenset[int], dict[tuple[int, int], float]] = {}

    def through(self, joint: int) -> float:
        """Return how many s one person takes a joint for: the inverse of its flow."""
        return 1.0 / (self.params.flow_per_m_s * max(self.graph.joints[joint].width, NARROW))

    def beyond(self, joint: int, room: int) -> int:
        """Return the room on the other side of a joint."""
        one, other = self.graph.joints[joint].rooms
        return other if one == room else one

    def climb(self, joint: int) -> float:
        """Return how many s it takes to get from one room into the other: a stair's flights, 0 through a door."""
        it = self.graph.joints[joint]
        if it.kind != "stair":
            return 0.0
        lower, upper = (self.graph.rooms[r].floor for r in it.rooms)
        return abs(upper - lower) / math.sin(math.radians(SLOPE)) / self.params.stairs_m_per_s

    def leg(self, room: int, start: int, end: int) -> float:
        """Return how many s it takes from one joint of a room to another."""
        a, b = self.graph.joints[start], self.graph.joints[end]
        flat = math.hypot(a.x - b.x, a.y - b.y)
        up = abs(self._foot(a, room) - self._foot(b, room))
        if up < STEP:
            return flat / self.params.walking_m_per_s
        return max(flat / self.params.walking_m_per_s, up / math.sin(math.radians(SLOPE)) / self.params.stairs_m_per_s)

    def first_leg(self, room: int, end: int, share: float) -> float:
        """Return how many s it takes to a joint from `share` (0..1) of the way to the farthest place of the room."""
        joint, place = self.graph.joints[end], self.graph.rooms[room]
        corners = np.array(place.outline)
        far = float(np.hypot(corners[:, 0] - joint.x, corners[:, 1] - joint.y).max())
        if len(corners) < 3:
            far = math.sqrt(place.area)
        return share * far / self.params.walking_m_per_s

    def next(self, room: int, at: int, blocked: frozenset[int], share: float = 0.0) -> tuple[int, float]:
        """Return the joint to make for and the s to get there and out, -1 and inf where there is no way.

        at       the joint at which they stand, -1: amid the room, `share` of the way to its farthest place
        blocked  rooms into which nobody goes
        """
        costs = self._costs(blocked)
        best = (-1, FOREVER)
        for joint in self.of[room]:
            onwards = costs.get((joint, self.beyond(joint, room)), FOREVER)
            if joint == at or onwards == FOREVER:
                continue
            reach = self.first_leg(room, joint, share) if at < 0 else self.leg(room, at, joint)
            if reach + onwards < best[1] - 1e-9:
                best = (joint, reach + onwards)
        if best[0] < 0 and at >= 0 and costs.get((at, self.beyond(at, room)), FOREVER) < FOREVER:
            return at, costs[at, self.beyond(at, room)]
        return best

    def _foot(self, joint: Joint, room: int) -> float:
        """Return the level on which people stand at a joint of a room, m: the foot of a stair is its own floor."""
        floor = self.graph.rooms[room].floor
        return floor if joint.kind == "stair" else max(joint.sill, floor)

    def _costs(self, blocked: frozenset[int]) -> dict[tuple[int, int], float]:
        """Return (joint, room entered by it) -> s to the open from there; what is not in it leads nowhere."""
        if blocked in self._known:
            return self._known[blocked]
        costs: dict[tuple[int, int], float] = {}
        heap: list[tuple[float, int, int]] = [(0.0, joint, OUTSIDE) for joint in sorted(self.exits)]
        while heap:
            cost, joint, into = heapq.heappop(heap)
            if (joint, into) in costs:
                continue
            costs[joint, into] = cost
            here = self.beyond(joint, into)
            if here == OUTSIDE or here in blocked or self.graph.rooms[here].lift:
                continue
            for before in self.of[here]:
                if before != joint and (before, here) not in costs and not self.graph.joints[before].outer:
                    time = cost + self.leg(here, before, joint) + self.climb(before)
                    heapq.heappush(heap, (time, before, here))
        self._known[blocked] = costs
        return costs


def walkable(graph: Graph, joint: Joint) -> bool:
    """Return whether people can go through a joint."""
    if joint.kind == "stair":
        return True
    floors = [graph.rooms[r].floor for r in joint.rooms if r != OUTSIDE]
    return (
        joint.kind in ("door", "passage")
        and joint.height >= LOW
        and joint.width >= NARROW
        and min(joint.sill - floor for floor in floors) <= SILL
    )


def _exits(graph: Graph, params: Params) -> frozenset[int]:
    """Return the numbers of the doors that lead to safety."""
    if params.exits:
        return frozenset(
            graph.joint(one, "door", f"indoor_fire parameter 'exits[{n}]'") for n, one in enumerate(params.exits)
        )
    doors: Sequence[tuple[int, float]] = [
        (n, j.sill) for n, j in enumerate(graph.joints) if j.kind == "door" and j.outer and walkable(graph, j)
    ]
    lowest = min((sill for _, sill in doors), default=0.0)
    return frozenset(n for n, sill in doors if sill <= lowest + ABOVE)
