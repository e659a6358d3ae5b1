"""The room graph of a building: rooms from `space`, and what joins them: doors, windows, passages, stairs.

Everything that the city does not state gets a named default and is counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twin.errors import InputError, suggest
from twin.model.asset import Asset
from twin.model.finding import Finding

OUTSIDE = -1
"""The number that stands for the open air."""

#: what is taken where nothing is stated: height of a room, door (width, height) and window (width, height, sill), m
ROOM_HEIGHT, DOOR, WINDOW = 2.5, (0.9, 2.05), (1.2, 1.4, 0.9)
#: m: a lower or narrower opening is none
LEAST = 0.05
#: m2 of a stair's hole at least
HOLE = 0.5
_LIFT = re.compile(r"\belev|\blift|승강기|엘리베이터|エレベータ|aufzug", re.IGNORECASE)
_EMPTY = re.compile(r"stair|계단|treppe|\broof\b|지붕|옥상|shaft|샤프트", re.IGNORECASE)

Missing = dict[str, list[str]]
"""What was not stated -> ids of the things that lack it."""


@dataclass(frozen=True, slots=True)
class Room:
    """One room: `floor` m above the lowest floor, `outline` x, y in m.

    called  what a person may call it       empty   nobody is in it at the start       lift   nobody goes through it
    """

    id: str
    name: str
    called: tuple[str, ...]
    storey: str
    area: float
    height: float
    floor: float
    outline: tuple[tuple[float, float], ...]
    capacity: float | None
    empty: bool
    lift: bool

    @property
    def perimeter(self) -> float:
        """Length of the walls in m; that of a square where the outline says less: a stated area may be a larger one."""
        ring, square = np.array(self.outline), 4 * math.sqrt(self.area)
        return max(float(np.hypot(*np.diff(ring, axis=0).T).sum()), square) if len(ring) > 2 else square


@dataclass(frozen=True, slots=True)
class Joint:
    """What joins two rooms, or a room and OUTSIDE.

    kind    "door", "window", "passage" or "stair"
    rooms   numbers of rooms; the second may be OUTSIDE; of a stair the lower one first
    width, height   m         sill   m above the lowest floor
    x, y    m, where it stands
    area    m2 of the hole of a stair
    rated   it has a fire rating
    """

    id: str
    kind: str
    rooms: tuple[int, int]
    width: float
    height: float
    sill: float
    x: float
    y: float
    area: float = 0.0
    rated: bool = False

    @property
    def outer(self) -> bool:
        """Whether it leads to the open."""
        return OUTSIDE in self.rooms


@dataclass(frozen=True, slots=True)
class Graph:
    """Rooms, what joins them, and what had to be assumed."""

    rooms: tuple[Room, ...]
    joints: tuple[Joint, ...]
    findings: tuple[Finding, ...] = ()

    def room(self, text: str, what: str) -> int:
        """Return the number of a room by its id or name. Raises InputError, naming `what`, for none or several."""
        for number, room in enumerate(self.rooms):
            if room.id == text:
                return number
        found = [n for n, room in enumerate(self.rooms) if text in (room.name, *room.called)]
        if len(found) == 1:
            return found[0]
        if found:
            some = ", ".join(f"{self.rooms[n].name} ({self.rooms[n].id})" for n in found[:6])
            raise InputError(f"{what}: {len(found)} rooms are called '{text}': {some}; give the id")
        raise InputError(f"{what}: no room of the building is called '{text}'; {self._known(text)}")

    def joint(self, text: str, kind: str, what: str) -> int:
        """Return the number of a door or window by its id. Raises InputError, naming `what`."""
        known = [joint.id for joint in self.joints if joint.kind == kind]
        for number, joint in enumerate(self.joints):
            if joint.id == text and joint.kind == kind:
                return number
        raise InputError(f"{what}: no {kind} of the building has the id '{text}'; {suggest(text, known)}")

    def _known(self, text: str) -> str:
        names = [room.name for room in self.rooms]
        near = suggest(text, names)
        return near if len(names) <= 12 else f"there are {len(names)}, such as {', '.join(names[:8])}"

    def joined_to(self, rooms: Iterable[int]) -> Graph:
        """Return the part of the graph that rooms are joined to through the building, not through the open air."""
        kept = set(rooms)
        todo = list(kept)
        while todo:
            here = todo.pop()
            for joint in self.joints:
                if here in joint.rooms and not joint.outer:
                    other = joint.rooms[joint.rooms[0] == here]
                    if other not in kept:
                        kept.add(other)
                        todo.append(other)
        if len(kept) == len(self.rooms):
            return self
        number = {old: new for new, old in enumerate(sorted(kept))} | {OUTSIDE: OUTSIDE}
        left = Finding(
            "info",
            "rooms_left_out",
            f"{len(self.rooms) - len(kept)} of {len(self.rooms)} rooms are not joined to the burning ones and left out",
        )
        return Graph(
            tuple(self.rooms[i] for i in sorted(kept)),
            tuple(
                replace(j, rooms=(number[j.rooms[0]], number[j.rooms[1]]))
                for j in self.joints
                if all(r in number for r in j.rooms)
            ),
            (*self.findings, left),
        )


def graph_of(assets: Mapping[str, Sequence[Asset]]) -> Graph:
    """Return the graph of the rooms in `assets`: kinds space, door and window. Raises InputError without a room."""
    spaces = assets.get("space", ())
    if not spaces:
        raise InputError("indoor_fire: there is no 'space' in the area; load a building model with rooms (IFC)")
    missing: Missing = {}
    base = min((v for a in spaces if (v := _number(a, "level")) is not None), default=0.0)
    rooms = [_room(asset, base, missing) for asset in spaces]
    number = {room.id: n for n, room in enumerate(rooms)}
    joints: list[Joint] = []
    for kind in ("door", "window"):
        for asset in assets.get(kind, ()):
            joints += _opening(asset, rooms, number, base, missing)
    for asset in spaces:
        joints += _ways(asset, rooms, number, base, missing)
    return Graph(tuple(rooms), tuple(joints), tuple(_said(missing, len(rooms), joints)))


def _room(asset: Asset, base: float, missing: Missing) -> Room:
    area = _number(asset, "floor_area") or _area(asset.points)
    if area <= 0:
        raise InputError(f"indoor_fire: room '{asset.id}' has neither a floor_area nor an outline")
    height, level = _number(asset, "height"), _number(asset, "level")
    if not height or height <= 0:
        missing.setdefault("room_height", []).append(asset.id)
    if level is None:
        missing.setdefault("room_level", []).append(asset.id)
    called = tuple(str(asset.params[k]) for k in ("name", "long_name") if asset.params.get(k))
    name = " ".join(w for n, w in enumerate(called) if n == 0 or w not in called[0]) or asset.id
    capacity = _number(asset, "capacity")
    return Room(
        asset.id,
        name,
        called,
        str(asset.params.get("storey", "")),
        float(area),
        height if height and height > 0 else ROOM_HEIGHT,
        0.0 if level is None else level - base,
        asset.points,
        capacity,
        bool(_EMPTY.search(name) or _LIFT.search(name)),
        bool(_LIFT.search(name)),
    )


def _opening(
    asset: Asset, rooms: Sequence[Room], number: Mapping[str, int], base: float, missing: Missing
) -> list[Joint]:
    """Return the joints of a door or window: one, or to the open one for each room that it stands before."""
    stated = str(asset.params.get("spaces", "")).split()
    of = [number[i] for i in dict.fromkeys(stated) if i in number]
    if not of:
        missing.setdefault(f"{asset.kind}_rooms", []).append(asset.id)
        return []
    if len(stated) == 2 and stated[0] == stated[1]:
        missing.setdefault("within", []).append(asset.id)
        return []
    usual = DOOR if asset.kind == "door" else WINDOW
    width, height = _number(asset, "width"), _number(asset, "height")
    if not width or not height:
        missing.setdefault(f"{asset.kind}_size", []).append(asset.id)
    level = _number(asset, "level")
    if level is None:
        missing.setdefault(f"{asset.kind}_level", []).append(asset.id)
    outer = len(of) == 1 or asset.params.get("is_external") is True
    pairs = [(room, OUTSIDE) for room in of] if outer else [(of[0], of[1])]
    middle = np.array(asset.points).mean(axis=0)
    made = []
    for n, pair in enumerate(pairs):
        floor = max(rooms[r].floor for r in pair if r != OUTSIDE)
        sill = floor + (0.0 if asset.kind == "door" else WINDOW[2]) if level is None else level - base
        made.append(
            Joint(
                asset.id if n == 0 else f"{asset.id}+{n}",
                asset.kind,
                pair,
                (width or usual[0]) / len(pairs),
                height or usual[1],
                sill,
                float(middle[0]),
                float(middle[1]),
                rated=bool(asset.params.get("fire_rating")),
            )
        )
    return made


def _ways(asset: Asset, rooms: Sequence[Room], number: Mapping[str, int], base: float, missing: Missing) -> list[Joint]:
    """Return the passages and stairs that a room states."""
    here, made = number[asset.id], []
    for kind in ("passages", "stairs"):
        for entry in str(asset.params.get(kind, "")).split():
            other, *sizes = entry.split(":")
            values = [float(v) for v in sizes]
            if other not in number:
                missing.setdefault("beyond", []).append(asset.id)
                continue
            there = number[other]
            x, y = _between(rooms[here], rooms[there])
            if kind == "passages":
                width, height, level = values
                made.append(Joint(f"{asset.id}|{other}", "passage", (here, there), width, height, level - base, x, y))
            else:
                area, width = values
                made.append(
                    Joint(
                        f"{asset.id}/{other}", "stair", (here, there), width, 0.0, rooms[there].floor, x, y,
                        area=max(area, HOLE),
                    )
                )  # fmt: skip
    return made


def _between(one: Room, other: Room) -> tuple[float, float]:
    """Return where two rooms touch, overlap or are nearest, x and y in m."""
    import shapely

    a, b = (shapely.Polygon(r.outline) if len(r.outline) > 3 else shapely.Point(r.outline[0]) for r in (one, other))
    shared = a.buffer(0.05).intersection(b.buffer(0.05))
    spot = shapely.line_interpolate_point(shapely.shortest_line(a, b), 0.5, normalized=True)
    place = shapely.point_on_surface(shared) if shared.area > 0 else spot
    return float(shapely.get_x(place)), float(shapely.get_y(place))


def _area(points: Sequence[tuple[float, float]]) -> float:
    """Return the m2 within a ring; 0 for a point or a line."""
    if len(points) < 4 or points[0] != points[-1]:
        return 0.0
    x, y = (np.array(points) - np.array(points[0])).T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _number(asset: Asset, name: str) -> float | None:
    value = asset.params.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


_SAID = {
    "room_height": ("info", f"rooms without a height: {ROOM_HEIGHT} m"),
    "room_level": ("warning", "rooms without a level: they are taken to lie on the lowest floor"),
    "door_rooms": ("warning", "doors that join no room here: left out"),
    "window_rooms": ("info", "windows that touch no room here: left out"),
    "within": ("info", "doors and windows within one room (of cubicles): left out"),
    "door_size": ("info", f"doors without a size: {DOOR[0]} m by {DOOR[1]} m"),
    "window_size": ("info", f"windows without a size: {WINDOW[0]} m by {WINDOW[1]} m"),
    "door_level": ("info", "doors without a level: on the floor of their room"),
    "window_level": ("info", f"windows without a level: {WINDOW[2]} m above the floor of their room"),
    "beyond": ("warning", "rooms open to rooms that are not here: those ways are left out"),
}


def _said(missing: Missing, rooms: int, joints: Sequence[Joint]) -> list[Finding]:
    counts = {kind: sum(j.kind == kind for j in joints) for kind in ("door", "window", "passage", "stair")}
    text = f"{rooms} rooms, joined by {', '.join(f'{n} {kind}s' for kind, n in counts.items())}"
    found = [Finding("info", "room_graph", text)]
    for code, (severity, words) in _SAID.items():
        if ids := missing.get(code):
            found.append(Finding(severity, code, f"{len(ids)} {words} (the first: {ids[0]})", ids[0]))
    return found
