"""What joins the rooms of a building: doors, places where they are open to each other, and stairs between storeys.

A file may say which room a door bounds; where it does not, and for everything that is no door, the shapes say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ingest.formats.bim import plan
from ingest.formats.bim.plan import Body

Rooms = Mapping[str, tuple[Any, float, float]]
"""Id of a room -> its outline in plan, the z of its floor and of its ceiling in m."""

#: m: rooms nearer than this are open to each other where no wall stands between them
TOUCH = 0.03
#: m: what is narrower or lower is no passage
NARROW, LOW = 0.5, 1.2
#: m: flights of one stair lie this close in plan and in height; a stair's foot or head this far from a floor
FLIGHTS, LANDING, FLOOR = 0.6, 0.3, 0.6
#: m that a rail of a stair's body may reach above the upper floor
RAIL = 1.3
#: m: a stair's head may lie this far beside the room that it leads to
ARRIVES = 1.0
#: of the overlap of two stair rooms above each other that is taken as open where no stair is drawn
STAIRWELL = 0.5
_STAIR = re.compile(r"stair|계단|treppe|階段", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """Two rooms open to each other without a door: width, height and level (local z) of the opening in m."""

    one: str
    other: str
    width: float
    height: float
    level: float


@dataclass(frozen=True, slots=True)
class Stair:
    """A way up from a room to one above it: area of the hole in m2, width of the flight in m; `by` stair or name."""

    lower: str
    upper: str
    area: float
    width: float
    by: str


def sides(body: Body | None, stated: Sequence[str], rooms: Rooms, *, outside: bool) -> tuple[list[str], str]:
    """Return the rooms (at most two) that a door or window joins, and by what: boundary, probe, or both with a plus.

    A door that stands within a room (of a toilet's cubicle) has that room on both sides.
    stated   rooms that the file's space boundaries name
    outside  the file says that it leads to the open, so that one room is enough
    """
    if len(stated) == 2 or (len(stated) == 1 and outside) or body is None:
        return list(stated), "boundary" if stated else ""
    felt = plan.rooms_beside(body, rooms)
    if len(stated) > 2:
        kept = [room for room in stated if room in felt]
        return (kept, "boundary+probe") if 1 <= len(kept) <= 2 else (list(stated[:2]), "boundary")
    if not stated:
        return felt, "probe" if felt else ""
    more = [room for room in felt if room not in stated][: 2 - len(stated)]
    return sorted([*stated, *more]), "boundary+probe" if more else "boundary"


def passages(rooms: Rooms, bodies: Sequence[Body]) -> list[Passage]:
    """Return where rooms are open to each other: along edges that they share, and through holes in walls."""
    found = [*_edges(rooms, bodies), *_holes(rooms, bodies)]
    return sorted(found, key=lambda p: (p.one, p.other, p.level))


def _edges(rooms: Rooms, bodies: Sequence[Body]) -> Iterator[Passage]:
    """Yield the shared edges along which no wall stands."""
    import shapely

    if len(rooms) < 2:
        return
    ids = sorted(rooms)
    shapes = np.array([rooms[i][0] for i in ids], dtype=object)
    walls = [b for b in bodies if b.kind.startswith(("wall", "curtainwall", "column"))]
    drawn = [(plan.outline([b], tidy=False), b) for b in walls]
    solid = [(shape, b) for shape, b in drawn if shape is not None]
    tree = shapely.STRtree([shape for shape, _ in solid]) if solid else None
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCH)
    for i, j in sorted({(int(a), int(b)) for a, b in zip(first, second, strict=True) if a < b}):
        low, high = (f(rooms[ids[i]][n], rooms[ids[j]][n]) for f, n in ((max, 1), (min, 2)))
        if high - low < LOW:
            continue
        line = shapely.intersection(shapes[i].boundary, shapes[j].buffer(TOUCH, join_style="mitre"))
        if tree is not None and not line.is_empty:
            near = [solid[n] for n in tree.query(line, predicate="dwithin", distance=TOUCH)]
            between = [s for s, b in near if b.low < high - LOW / 2 and b.high > low + LOW / 2]
            line = line.difference(shapely.union_all(between).buffer(TOUCH)) if between else line
        width = float(line.length) - 2 * TOUCH
        if width >= NARROW:
            yield Passage(ids[i], ids[j], width, high - low, low)


def _holes(rooms: Rooms, bodies: Sequence[Body]) -> Iterator[Passage]:
    """Yield the openings in walls that no door or window fills."""
    import shapely

    for body in bodies:
        if body.kind != "openingelement" or body.high - body.low < LOW:
            continue
        beside = plan.rooms_beside(body, rooms)
        ring = shapely.get_coordinates(plan.opening(body))
        if len(set(beside)) != 2 or len(ring) < 4:
            continue
        width = float(np.hypot(*np.diff(ring[:3], axis=0).T).max())
        if width >= NARROW:
            yield Passage(beside[0], beside[1], width, body.high - body.low, body.low)


def stairs(rooms: Rooms, bodies: Sequence[Body], names: Mapping[str, str]) -> list[Stair]:
    """Return the ways up between rooms: by the stairs drawn, else by stair rooms that lie above each other.

    names  id of a room -> what it is called
    A room that reaches up into the next storey is open to it along its edges, and its stair is no way to another room.
    """
    found: dict[tuple[str, str], Stair] = {}
    for flights in _flights(bodies):
        stair = _led(rooms, flights)
        if stair is not None:
            found.setdefault((stair.lower, stair.upper), stair)
    called = [i for i in sorted(rooms) if _STAIR.search(names.get(i, ""))]
    for one, other in combinations(called, 2):
        lower, upper = sorted((one, other), key=lambda i: rooms[i][1])
        gap = rooms[upper][1] - rooms[lower][2]
        over = float(rooms[lower][0].intersection(rooms[upper][0]).area)
        known = any(s.lower == lower or s.upper == upper for s in found.values())
        if not known and 0 <= gap <= 2.5 and over >= STAIRWELL * min(rooms[i][0].area for i in (lower, upper)):
            found[lower, upper] = Stair(lower, upper, STAIRWELL * over, 1.0, "name")
    return [found[key] for key in sorted(found)]


def _flights(bodies: Sequence[Body]) -> list[list[Body]]:
    """Return the bodies of stairs and ramps, those together that go on from one another."""
    import shapely

    parts = [b for b in bodies if b.kind in ("stair", "stairflight", "ramp", "rampflight")]
    hulls = [shapely.convex_hull(shapely.multipoints(b.vertices[:, :2])) for b in parts]
    group = list(range(len(parts)))
    for i, j in combinations(range(len(parts)), 2):
        apart = max(parts[i].low, parts[j].low) - min(parts[i].high, parts[j].high)
        if apart <= LANDING and shapely.dwithin(hulls[i], hulls[j], FLIGHTS):
            old, new = group[j], group[i]
            group = [new if g == old else g for g in group]
    return [[b for b, g in zip(parts, group, strict=True) if g == number] for number in sorted(set(group))]


def _led(rooms: Rooms, flights: Sequence[Body]) -> Stair | None:
    """Return from which room to which some flights lead, None where that cannot be told."""
    import shapely

    plans: list[Any] = [shapely.convex_hull(shapely.multipoints(b.vertices[:, :2])) for b in flights]
    hull: Any = shapely.union_all(plans)
    low, high = min(b.low for b in flights), max(b.high for b in flights)

    def nearest(ids: list[str]) -> str | None:
        near = [i for i in ids if shapely.dwithin(rooms[i][0], hull, ARRIVES)]
        return max(near, key=lambda i: (rooms[i][0].intersection(hull).area, i), default=None)

    lower = nearest([i for i in sorted(rooms) if abs(rooms[i][1] - low) <= FLOOR])
    if lower is None:
        return None
    upper = nearest(
        [i for i in sorted(rooms) if high - RAIL <= rooms[i][1] <= high + LANDING and rooms[i][1] > low + LOW]
    )
    if upper is None or rooms[lower][2] > rooms[upper][1] + LOW:
        return None
    one = shapely.get_coordinates(plan.opening(flights[0]))
    width = float(np.hypot(*np.diff(one[:3], axis=0).T).min()) if len(one) >= 4 else 1.0
    return Stair(lower, upper, float(hull.area), width, "stair")
