"""RoboCup Rescue: a map (`map.gml`: buildings and roads) and its scenario (`scenario.xml`: who stands where).

Coordinates are metres of the map's own plane, which lies nowhere on Earth: both files state no coordinate system. Give
the twin's, in metres: with --crs EPSG:5186 for the twin and for both files, distances are those of the map, and it
comes to lie in the sea south-west of Korea, near the origin of that system, where nobody takes it for a real place.

A map becomes one feature per area. A building is its outline. A road is the ways across its surface: from the middle of
each side that leads to a neighbour (road or building) to the middle of the surface, so that neighbouring roads meet and
a road network exists; the surface is kept as the number `area` (m2). A road that leads nowhere stays a surface.

`storeys` and `structure` are read from `floors` and `buildingcode` only where some building differs from floors 1 and
code 0: else the file has never been filled in, and they are left unknown and said to be so.

A scenario names areas of the map.gml beside it, from which its entries get their places. Civilians of one area become
one population, with their number as `residents` and the area as its outline; everybody and everything else becomes a
feature by itself. `at` is the id of the area.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.formats.citymodel.gml import head_text
from ingest.formats.rescue.cast import SORTS, Entry, read_cast
from ingest.formats.rescue.cast import SPACE as SCENARIO
from ingest.formats.rescue.plan import SPACE as MAP
from ingest.formats.rescue.plan import Area, Plan, read_plan
from ingest.formats.systems import settle
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from pathlib import Path

    import shapely

    from ingest.reading import Item, ReadOptions

BESIDE = "map.gml"
"""The map that a scenario speaks of."""

KINDS = {"building": "building", "road": "road", "space": "feature"}

STRUCTURES = {0: "timber", 1: "steel", 2: "concrete"}
"""`buildingcode` -> structure; unverified."""

Row = tuple[str, int, "shapely.Geometry", Mapping[str, object]]
"""Id, number of the record, shape and attributes."""


class Rcrs:
    """Reads maps and scenarios of RoboCup Rescue."""

    name = "rcrs"
    suffixes = (".gml", ".xml")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether the file speaks of a map or a scenario of RoboCup Rescue."""
        text = head_text(head)
        return MAP in text or SCENARIO in text

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield features by kind, what is quarantined and findings; last the number of areas or entries.

        Raises InputError where the file is neither, or a scenario has no map beside it.
        """
        with path.open("rb") as file:
            head = head_text(file.read(65_536))
        systems = settle(None, options, path.name)
        yield from systems.findings
        if SCENARIO in head:
            yield from _scenario(path, systems.crs, options.layer)
        else:
            yield from _map(path, systems.crs, options.layer)


def _map(path: Path, crs: str | None, layer: str | None) -> Iterator[Item]:
    plan = read_plan(path)
    yield from plan.findings
    shapes, refused = _shapes(plan)
    yield from refused
    rows: dict[str, list[Row]] = {}
    for area in plan.areas:
        if area.number in shapes:
            outline = shapes[area.number]
            shape: shapely.Geometry = outline
            said: dict[str, object] = {"class": "space"} if area.kind == "space" else {"area": float(outline.area)}
            if area.kind == "building":
                said, faults = _building(area)
                yield from (Quarantined(area.number, fault, area.raw, area.id, part=True) for fault in faults)
            elif area.kind == "road":
                shape = _ways(plan, area, outline)
            rows.setdefault(KINDS[area.kind], []).append((area.id, area.number, shape, said))
    houses = rows.get("building", [])
    blank = all(said.get("floors") in (1, None) and said.get("buildingcode") in (0, None) for *_, said in houses)
    if not blank:
        rows["building"] = [(id_, line, shape, _filled(said)) for id_, line, shape, said in houses]
    yield from _findings(path.name, plan, [area for area in plan.areas if area.number in shapes], blank=blank)
    for kind, some in rows.items():
        yield _features(kind, some, crs, layer)
    yield Counted(len(plan.areas), "areas")


def _shapes(plan: Plan) -> tuple[dict[int, shapely.Polygon], list[Quarantined]]:
    """Return number -> outline of the areas that have one and an id of their own, and the others with the reason."""
    seen: dict[str, int] = {}
    shapes, refused = {}, []
    for area in plan.areas:
        shape = plan.shape(area)
        reason = shape if isinstance(shape, str) else ""
        if not area.id:
            reason = f"line {area.line}: a {area.kind} without an id, by which neighbours and scenarios would name it"
        elif area.id in seen:
            reason = f"line {area.line}: repeats the id of the area on line {seen[area.id]}"
        seen.setdefault(area.id, area.line)
        if reason or isinstance(shape, str):
            refused.append(Quarantined(area.number, reason, area.raw, area.id))
        else:
            shapes[area.number] = shape
    return shapes, refused


def _building(area: Area) -> tuple[dict[str, object], list[str]]:
    """Return the whole numbers that a building states, by the file's own names, and what is none."""
    said: dict[str, object] = {}
    faults = []
    for name in ("floors", "buildingcode", "importance"):
        if name in area.said:
            text = area.said[name].strip()
            if text.isascii() and text.isdigit() and len(text) < 10:
                said[name] = int(text)
            else:
                faults.append(f"{name} = {text[:60]!r} is no whole number")
    return said, faults


def _filled(said: Mapping[str, object]) -> dict[str, object]:
    """Return the attributes of a building in a map that says what its buildings are."""
    out = dict(said)
    floors, code = said.get("floors"), said.get("buildingcode")
    if isinstance(floors, int) and floors > 0:
        out["storeys"] = floors
    if isinstance(code, int) and code in STRUCTURES:
        out["structure"] = STRUCTURES[code]
    return out


def _ways(plan: Plan, road: Area, surface: shapely.Polygon) -> shapely.Geometry:
    """Return the ways across a road: between its two doors over its middle, else from its middle to each door."""
    import shapely

    middle = surface.centroid if surface.contains(surface.centroid) else surface.representative_point()
    centre = (float(middle.x), float(middle.y))
    doors = [plan.door(side) for side in road.sides if side.neighbour]
    doors = [door for door in dict.fromkeys(doors) if door != centre]
    if len(doors) == 2:
        return shapely.LineString([doors[0], centre, doors[1]])
    if len(doors) == 1:
        return shapely.LineString([centre, doors[0]])
    return shapely.MultiLineString([[centre, door] for door in doors]) if doors else surface


def _findings(name: str, plan: Plan, areas: Sequence[Area], *, blank: bool) -> Iterator[Finding]:
    counts = Counter(area.kind for area in areas)
    kinds = ", ".join(f"{count} {kind}s" for kind, count in sorted(counts.items())) or "no area"
    parts = f"{len(plan.nodes)} nodes and {len(plan.edges)} edges"
    yield Finding("info", "kinds", f"{name}: {kinds}, made of {parts}; their metres are of a plane of their own")
    if counts["building"] and blank:
        text = (
            "all buildings have floors 1 and buildingcode 0, as nobody filled them in: storeys and structure are left"
        )
        yield Finding("warning", "buildings-blank", f"{name}: {text} unknown, and a fire has to assume them")
    known = {area.id: area for area in areas}
    lost = sorted({(a.id, s.neighbour) for a in areas for s in a.sides if s.neighbour and s.neighbour not in known})
    for id_, other in lost:
        text = f"{name}: area {id_} leads to {other}, which is not there; its way ends at that side"
        yield Finding("warning", "neighbour", text, id_)
    back = {(a.id, s.edge, s.neighbour) for a in areas for s in a.sides if s.neighbour in known}
    for id_, edge, other in sorted(back):
        if (other, edge, id_) not in back:
            text = f"{name}: area {id_} leads over edge {edge} to {other}, which does not lead back; taken both ways"
            yield Finding("warning", "one-sided", text, id_)
    shut = sorted(area.id for area in areas if area.kind == "road" and not any(s.neighbour for s in area.sides))
    if shut:
        text = f"{len(shut)} roads lead nowhere and stay surfaces, on which nobody drives ({', '.join(shut[:5])})"
        yield Finding("warning", "road-alone", f"{name}: {text}")


def _scenario(path: Path, crs: str | None, layer: str | None) -> Iterator[Item]:
    entries, findings = read_cast(path)
    yield from findings
    beside = path.with_name(BESIDE)
    if not beside.is_file():
        raise InputError(
            f"{path.name}: names areas of a map by their ids only, and no {BESIDE} lies beside it; put the map of this "
            "scenario there and load again"
        )
    plan = read_plan(beside)
    shapes, _ = _shapes(plan)
    places = {area.id: shapes[area.number] for area in plan.areas if area.number in shapes}
    rows: dict[str, list[Row]] = {}
    records = 0
    for together in _records(entries):
        records += 1
        first = together[0]
        reason = _fault(first, places)
        if reason:
            people = f" ({len(together)} civilians)" if len(together) > 1 else ""
            yield Quarantined(records, reason + people, first.raw, f"{first.sort}-{first.number}")
            continue
        kind, class_ = SORTS[first.sort]
        said: dict[str, object] = {"class": class_, "at": first.at}
        shape: Any = places[first.at]
        if kind == "population":
            said["residents"] = len(together)
        else:
            shape = shape.representative_point()
        if "bedCapacity" in first.said:
            beds = first.said["bedCapacity"]
            if beds.isascii() and beds.isdigit() and len(beds) < 10:
                said["capacity"] = int(beds)
            else:
                reason = f"bedCapacity = {beds[:60]!r} is no whole number"
                yield Quarantined(records, reason, first.raw, f"{first.sort}-{first.number}", part=True)
        rows.setdefault(kind, []).append((f"{first.sort}-{first.number}", records, shape, said))
    counts = ", ".join(f"{n} {sort}" for sort, n in sorted(Counter(entry.sort for entry in entries).items()))
    yield Finding("info", "kinds", f"{path.name}: {counts or 'nobody'}; civilians of one area are one population")
    if not any(entry.sort == "fire" for entry in entries):
        yield Finding("warning", "no-fire", f"{path.name}: no fire is named: who runs it has to say where it burns")
    for kind, some in rows.items():
        yield _features(kind, some, crs, layer)
    yield Counted(records, "entries, the civilians of one area together")


def _records(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the entries by themselves, but the civilians of one area together, in the order of the file."""
    out: list[list[Entry]] = []
    crowd: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.sort == "civilian" and entry.at in crowd:
            crowd[entry.at].append(entry)
            continue
        out.append([entry])
        if entry.sort == "civilian":
            crowd[entry.at] = out[-1]
    return out


def _fault(entry: Entry, places: Mapping[str, object]) -> str:
    """Return why an entry cannot be used, "": it can."""
    if entry.sort not in SORTS:
        return f"'{entry.sort[:60]}' is not known; known: {', '.join(sorted(SORTS))}"
    if not entry.at:
        return "it has no location"
    return "" if entry.at in places else f"location {entry.at[:60]!r} is no area of the {BESIDE} beside it"


def _features(kind: str, rows: Sequence[Row], crs: str | None, layer: str | None) -> Features:
    names = sorted({name for *_, said in rows for name in said})
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for _, _, shape, _ in rows]
    return Features(
        kind=kind,
        ids=[id_ for id_, *_ in rows],
        geometry=shapes,
        crs=crs,
        attributes={name: [said.get(name) for *_, said in rows] for name in names},
        lines=np.array([line for _, line, *_ in rows], dtype=np.int64),
        layer=layer,
    )


reader = Rcrs()
