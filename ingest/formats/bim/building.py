"""What a BIM model holds, as features: buildings, storeys, rooms, doors, windows, with their shapes in plan."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ingest.formats.bim import joins, plan
from ingest.formats.bim.georeference import Georeference
from ingest.formats.bim.plan import Body
from ingest.formats.words import USES
from twin.model.feature import Features
from twin.model.mesh import Model, Part

KINDS = {
    "IfcBuilding": "building", "IfcBuildingStorey": "storey", "IfcSpace": "space", "IfcDoor": "door",
    "IfcWindow": "window",
}  # fmt: skip

#: colours of bodies whose file gives none: red, green, blue, alpha
COLOURS = {
    "wall": (0.85, 0.83, 0.78, 1.0), "curtainwall": (0.6, 0.75, 0.85, 0.6), "slab": (0.7, 0.7, 0.7, 1.0),
    "roof": (0.6, 0.35, 0.3, 1.0), "door": (0.55, 0.4, 0.25, 1.0), "window": (0.6, 0.8, 0.95, 0.5),
    "stair": (0.65, 0.6, 0.55, 1.0), "railing": (0.4, 0.4, 0.4, 1.0), "footing": (0.5, 0.5, 0.5, 1.0),
}  # fmt: skip

#: bodies that are no part of a building
_OUTSIDE = {"space", "site", "geographicelement", "buildingstorey", "building", "openingelement"}
#: what authoring tools write where nobody stated a fire rating
_OPEN = re.compile(r"|fire ?rating|none|n/a", re.IGNORECASE)
_ROOF = re.compile(r"roof|지붕|옥탑|屋根|^dach$", re.IGNORECASE)
#: m below the ground floor from which a storey counts as a basement
_SUNK = 0.6

Thing = Mapping[str, Any]


@dataclass(slots=True)
class Building:
    """All of one file that becomes features.

    things   what the child read, those that are kept, in the order of their records
    lines    the record of each
    place    where the model lies; None when it has no bodies, so nothing has to be placed
    doors    by what their rooms were found ("": no room) -> their ids; filled while features are made
    """

    things: Sequence[Thing]
    lines: Sequence[int]
    bodies: Sequence[Body]
    links: Sequence[tuple[str, str]]
    unit: float
    place: Georeference | None
    crs: str | None
    vertical: str | None
    layer: str | None
    without_area: list[str] = field(default_factory=list)
    passages: list[joins.Passage] = field(default_factory=list)
    stairs: list[joins.Stair] = field(default_factory=list)
    doors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _of: dict[str, Body] = field(default_factory=dict)
    _rooms: dict[str, tuple[Any, float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._of = {body.id: body for body in self.bodies}
        for body in self.bodies:
            if body.kind == "space" and (shape := plan.outline([body], tidy=False)) is not None:
                self._rooms[body.id] = (shape, body.low, body.high)
        called = {thing["id"]: f"{thing['name']} {thing['long_name']}" for thing in self.things}
        self.passages = joins.passages(self._rooms, self.bodies)
        self.stairs = joins.stairs(self._rooms, self.bodies, called)

    def features(self) -> Iterator[Features]:
        """Yield one batch per kind: buildings first, then what they hold."""
        makers: dict[str, Callable[[Thing], tuple[Any, dict[str, object]]]] = {
            "building": self._building, "storey": self._storey, "space": self._space, "door": self._opening,
            "window": self._opening,
        }  # fmt: skip
        for kind, make in makers.items():
            mine = [(t, n) for t, n in zip(self.things, self.lines, strict=True) if KINDS[t["class"]] == kind]
            if mine:
                yield self._batch(kind, mine, [make(thing) for thing, _ in mine])

    def _batch(self, kind: str, mine: list[tuple[Thing, int]], made: list[tuple[Any, dict[str, object]]]) -> Features:
        names = list(dict.fromkeys(name for _, row in made for name in row))
        shapes = np.empty(len(made), dtype=object)
        shapes[:] = [self._placed(shape) for shape, _ in made]
        return Features(
            kind=kind,
            ids=[thing["id"] for thing, _ in mine],
            geometry=shapes,
            crs=self.place.crs if self.place else self.crs,
            attributes={name: [row.get(name) for _, row in made] for name in names},
            lines=np.array([line for _, line in mine], dtype=np.int64),
            layer=self.layer if kind == "building" else None,
            parents=[self._parent(kind, thing) for thing, _ in mine],
            vertical=self.vertical,
        )

    def _placed(self, shape: Any) -> Any:
        import shapely

        if shape is None or self.place is None:
            return None
        return shapely.transform(shape, self.place.plan)

    def _parent(self, kind: str, thing: Thing) -> str | None:
        if kind == "building":
            return None
        above = thing["building"] if kind == "storey" else thing["storey"] or thing["building"]
        return None if above is None else str(above)

    def _belonging(self, building: str) -> list[Body]:
        """Return the bodies of a building; what belongs to none goes to the only one there is."""
        alone = sum(t["class"] == "IfcBuilding" for t in self.things) == 1
        mine = [b for b in self.bodies if b.building == building or (alone and b.building is None)]
        return [b for b in mine if b.kind not in _OUTSIDE]

    def _level(self, storey: Thing) -> float:
        """Return the level of a storey's floor in local metres."""
        return float(storey.get("z", storey.get("Elevation", 0.0))) * self.unit

    def _storeys(self, building: str) -> list[Thing]:
        mine = [t for t in self.things if t["class"] == "IfcBuildingStorey" and t["building"] == building]
        return sorted(mine, key=self._level)

    def _ground(self, building: str) -> float:
        """Return the local level of the ground floor: the lowest storey that does not lie below the model's zero."""
        levels = [self._level(t) for t in self._storeys(building)]
        return min((z for z in levels if z >= -_SUNK), default=min(levels, default=0.0))

    def _up(self, z: float) -> float | None:
        return round(float(z + self.place.up), 3) if self.place else None

    def _building(self, thing: Thing) -> tuple[Any, dict[str, object]]:
        bodies = self._belonging(thing["id"])
        rooms = [
            self._rooms[t["id"]][0] for t in self.things if t["id"] in self._rooms and t["building"] == thing["id"]
        ]
        shape, source = plan.footprint(bodies, rooms)
        if bodies and source != "walls and slabs":
            self.without_area.append(f"building {thing['id']}: outline from {source}")
        ground = self._ground(thing["id"])
        roofless = [t for t in self._storeys(thing["id"]) if not _ROOF.search(str(t["name"] or ""))]
        lived = [t for t in roofless if any(s["storey"] == t["id"] for s in self.things if s["class"] == "IfcSpace")]
        counted = lived or roofless
        row: dict[str, object] = {"name": thing["name"] or thing["long_name"], "long_name": thing["long_name"]}
        if bodies:
            row |= {"height": round(max(b.high for b in bodies) - ground, 3), "ground": self._up(ground)}
        if counted:
            row["storeys"] = sum(self._level(t) >= ground - _SUNK for t in counted)
            row["basements"] = sum(self._level(t) < ground - _SUNK for t in lived)
        if rooms:
            row["floor_area"] = round(sum(room.area for room in rooms), 2)
        words = " ".join(str(thing.get(k) or "") for k in ("OccupancyType", "type", "long_name", "name")).lower()
        row["use"] = next((use for use, pattern in USES if re.search(pattern, words)), None)
        if year := re.search(r"\b(1[5-9]|20)\d\d\b", str(thing.get("YearOfConstruction") or "")):
            row["year"] = int(year[0])
        return shape, {k: v for k, v in row.items() if v is not None}

    def _storey(self, thing: Thing) -> tuple[Any, dict[str, object]]:
        bodies = [b for b in self.bodies if b.storey == thing["id"] and b.kind not in _OUTSIDE]
        z = self._level(thing)
        above = [self._level(t) for t in self._storeys(str(thing["building"])) if self._level(t) > z + 0.01]
        row: dict[str, object] = {"name": thing["name"] or thing["long_name"], "level": self._up(z)}
        if above:
            row["height"] = round(min(above) - z, 3)
        rooms = [r for t in self.things if t["storey"] == thing["id"] and (r := self._rooms.get(t["id"]))]
        if rooms:
            row["floor_area"] = round(sum(shape.area for shape, *_ in rooms), 2)
        return plan.footprint(bodies, [shape for shape, *_ in rooms])[0] if bodies else None, row

    def _space(self, thing: Thing) -> tuple[Any, dict[str, object]]:
        room = self._rooms.get(thing["id"])
        row: dict[str, object] = {"name": thing["name"], "long_name": thing["long_name"], **self._common(thing)}
        if room is not None:
            body = self._of[thing["id"]]
            row |= {
                "floor_area": round(room[0].area, 3),
                "height": round(room[2] - room[1], 3),
                "level": self._up(room[1]),
            }
            if (volume := plan.volume(body)) is not None:
                row["volume"] = round(volume, 3)
        row |= self._ways(thing["id"])
        return room[0] if room else None, row

    def _ways(self, room: str) -> dict[str, object]:
        """Return where a room is open to others, as `names.ATTRIBUTES` writes it; each way stands with one of two."""
        passages = [
            f"{p.other}:{p.width:.3f}:{p.height:.3f}:{(self._up(p.level) or 0.0):.3f}"
            for p in self.passages
            if p.one == room
        ]
        stairs = [f"{s.upper}:{s.area:.3f}:{s.width:.3f}" for s in self.stairs if s.lower == room]
        row = {"passages": " ".join(passages), "stairs": " ".join(stairs)}
        return {name: text for name, text in row.items() if text}

    def _opening(self, thing: Thing) -> tuple[Any, dict[str, object]]:
        body = self._of.get(thing["id"])
        row: dict[str, object] = {"name": thing["name"], **self._common(thing)}
        shape = plan.opening(body) if body is not None else None
        measured = plan.size(body) if body is not None else {}
        for name, given in (("width", "OverallWidth"), ("height", "OverallHeight")):
            size = float(thing[given]) * self.unit if thing.get(given) else measured.get(name)
            if size is not None:
                row[name] = round(size, 3)
        if body is not None:
            row["level"] = self._up(body.low)
        stated = sorted({room for element, room in self.links if element == thing["id"] and room in self._rooms})
        spaces, by = joins.sides(body, stated, self._rooms, outside=row.get("is_external") is True)
        if spaces:
            row |= {"spaces": " ".join(spaces), "spaces_by": by}
        if thing["class"] == "IfcDoor":
            self.doors[by].append(thing["id"])
        return shape, row

    def _common(self, thing: Thing) -> dict[str, object]:
        """Return the attributes that rooms, doors and windows share; words that authoring tools leave open are none."""
        names = {t["id"]: t["name"] for t in self.things if t["class"] == "IfcBuildingStorey"}
        fire = thing["fire_rating"]
        row: dict[str, object] = {
            "storey": names.get(thing["storey"]),
            "class": thing["type"],
            "fire_rating": None if _OPEN.fullmatch(str(fire or "")) else fire,
            "material": ", ".join(thing["materials"]) or None,
            "is_external": thing["is_external"] if isinstance(thing["is_external"], bool) else None,
        }
        return {k: v for k, v in row.items() if v is not None}

    def models(self) -> Iterator[Model]:
        """Yield the bodies of each building, turned to east and north, around an origin amid them."""
        if self.place is None:
            return
        by_building: dict[str, list[Body]] = defaultdict(list)
        for thing in self.things:
            if thing["class"] == "IfcBuilding":
                by_building[thing["id"]] = self._belonging(thing["id"])
        for key, bodies in by_building.items():
            if not bodies:
                continue
            points = np.concatenate([b.vertices for b in bodies])
            middle = np.array([[*(points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2, 0.0]])
            shift = self.place.axes(middle)[0]
            x, y = self.place.plan(middle)[0].tolist()
            parts = []
            for body in bodies:
                colour = COLOURS.get(body.kind, (0.8, 0.8, 0.8, 1.0))
                if body.colour:
                    red, green, blue, alpha = body.colour
                    colour = (red, green, blue, alpha)
                parts.append(
                    Part(body.id, body.kind, self.place.axes(body.vertices) - shift, plan.repaired(body), colour)
                )
            yield Model(key, parts, (x, y, float(self.place.up)), self.place.crs, self.vertical)
