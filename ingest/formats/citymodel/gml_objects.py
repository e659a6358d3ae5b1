"""Elements of CityGML to city objects with flat bodies: geometry by level of detail, attributes as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from ingest.formats.citymodel.objects import FARTHEST, LETTERS, Body, CityObject, Fault, Vertices

GML_ID = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
HREF = "{http://www.w3.org/1999/xlink}href"
#: properties that hold further city objects
PARTS = {
    "consistsOfBuildingPart",
    "buildingPart",
    "consistsOfBridgePart",
    "bridgePart",
    "consistsOfTunnelPart",
    "tunnelPart",
}
BOUNDARIES = {"boundedBy", "boundary"}
#: properties that are not attributes
OTHERS = {
    "appearance", "appearanceMember", "opening", "outerBuildingInstallation", "interiorBuildingInstallation",
    "interiorRoom",
    "buildingInstallation", "buildingRoom", "interiorFurniture", "buildingFurniture", "reliefComponent", "tin",
    "outerBridgeInstallation", "outerBridgeConstruction", "auxiliaryTrafficArea", "trafficArea",
    "auxiliaryTrafficSpace",
    "trafficSpace", "buildingSubdivision", "adeOfAbstractBuilding",
}  # fmt: skip
#: patches of surfaces that are polygons
POLYGONS = ("{*}Polygon", "{*}Triangle", "{*}Rectangle", "{*}PolygonPatch")
METRES = {"m", "#m", "metre", "meter", "urn:ogc:def:uom:ucum::m", "urn:ogc:def:uom:epsg::9001"}

_LOD = re.compile(r"lod([0-4])(Solid|MultiSurface|Surface|Geometry|FootPrint|RoofEdge|MultiSolid)$")
_OTHER_LOD = re.compile(r"lod\d")
_GENERIC = re.compile(r"(string|int|double|date|uri|measure|String|Int|Double|Date|Uri|Measure|Code)Attribute$")


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def identifier(element: Any) -> str | None:
    """Return the gml:id of an element."""
    return next((str(element.get(key)) for key in GML_ID if element.get(key)), None)


class Reading:
    """What is gathered while the elements of a file are read: corners, and what was left out."""

    def __init__(self) -> None:
        self.vertices = Vertices()
        self.left: dict[str, int] = {}
        self.unclosed: list[str] = []
        self.thin: dict[str, int] = {}

    def object(self, element: Any, name: str, line: int) -> CityObject:
        """Return an element as a city object, with the bodies of its highest level of detail."""
        one = CityObject(name, local(element), line, {}, [], [])
        shapes: dict[int, list[tuple[str, Any]]] = {}
        bounded: dict[int, list[tuple[str, Any]]] = {}
        for child in element:
            tag = local(child)
            if tag in PARTS or not tag:
                continue
            level = _LOD.match(tag)
            if level:
                shapes.setdefault(int(level.group(1)), []).append(("O", child))
            elif tag in BOUNDARIES and len(child):
                for surface in child:
                    for held in surface:
                        if (deep := _LOD.match(local(held))) is not None:
                            letter = LETTERS.get(local(surface), "O")
                            bounded.setdefault(int(deep.group(1)), []).append((letter, held))
            elif tag in OTHERS or (_OTHER_LOD.match(tag) and len(child)):
                self.left[tag] = self.left.get(tag, 0) + 1
            elif tag != "boundedBy":
                _attribute(one, child, tag)
        self._body(one, shapes, bounded)
        return one

    def _body(
        self, one: CityObject, shapes: dict[int, list[tuple[str, Any]]], bounded: dict[int, list[tuple[str, Any]]]
    ) -> None:
        """Give an object its body: the highest level that holds polygons; surfaces with a meaning before bare ones."""
        try:
            for level in sorted({*shapes, *bounded}, reverse=True):
                held = bounded.get(level) or shapes.get(level, [])
                if level == 0 and len(held) > 1:
                    held = [h for h in held if local(h[1]).endswith("FootPrint")] or held[:1]
                if (body := self.body(held, one.id)) is None and level in bounded:
                    body = self.body(shapes.get(level, []), one.id)
                if body is not None:
                    one.bodies.append(body)
                    if thin := self.thin.get(one.id):
                        one.faults.append(f"{one.id}: {thin} faces without three different corners; left out")
                    one.lod = level
                    return
        except Fault as fault:
            one.faults.append(str(fault))

    def body(self, held: list[tuple[str, Any]], where: str) -> Body | None:
        """Return the polygons of geometry properties as a body, None where there are none. Raises Fault."""
        place: list[float] = []
        rings: list[int] = []
        faces: list[int] = []
        letters: list[str] = []
        thin = 0
        for letter, geometry in held:
            for polygon in geometry.iter(*POLYGONS):
                # the schema puts the outer ring first
                sides = [self._ring(ring, where) for ring in polygon.iter("{*}LinearRing")]
                if not sides or min(map(len, sides)) < 9:
                    thin += 1
                    continue
                for numbers in sides:
                    place += numbers
                    rings.append(len(numbers) // 3)
                faces.append(len(sides))
                letters.append(letter)
        if not faces:
            if thin:
                raise Fault(f"{where}: none of its {thin} faces has three different corners")
            return None
        if thin:
            self.thin[where] = thin
        xyz = np.array(place, dtype=np.float64).reshape(-1, 3)
        if not (np.abs(xyz) < FARTHEST).all():
            bad = xyz[~(np.abs(xyz) < FARTHEST).all(axis=1)][0]
            raise Fault(f"{where}: a corner is no place: {bad.tolist()}")
        base = self.vertices.add(xyz)
        return Body(np.arange(len(xyz), dtype=np.int64), rings, faces, "".join(letters), base, len(xyz))

    def _ring(self, ring: Any, where: str) -> list[float]:
        """Return the numbers of a ring, the first corner not repeated at the end."""
        numbers = _numbers(ring, where)
        if numbers[:3] == numbers[-3:]:
            del numbers[-3:]
        else:
            self.unclosed.append(where)
        return numbers


def parts(element: Any) -> Iterator[Any]:
    """Yield the parts of a building or bridge, and their parts."""
    for child in element:
        if local(child) in PARTS:
            for part in child:
                yield part
                yield from parts(part)


def system(element: Any) -> str | None:
    """Return the first coordinate system that the geometry of an element names."""
    return next((str(e.get("srsName")) for e in element.iter() if e.get("srsName")), None)


def terrain(element: Any) -> list[tuple[str, Any]]:
    """Return what holds the triangles of a relief feature."""
    return [("O", e) for e in element.iter() if local(e) in {"TriangulatedSurface", "Tin"}]


def _numbers(ring: Any, where: str) -> list[float]:
    """Return x, y, z, x, y, z, ... of a ring, as they stand. Raises Fault for text, for 2-D and for no corner."""
    words: list[str] = []
    for element in ring:
        text, tag = element.text or "", local(element)
        if tag in {"posList", "pos"}:
            words += text.split()
        elif tag == "coordinates":
            words += text.replace(",", " ").split()
    try:
        numbers = list(map(float, words))
    except ValueError:
        bad = next(w for w in words if not _is_number(w))
        raise Fault(f"{where}: coordinate {bad[:40]!r} is not a number") from None
    if len(numbers) % 3 or not numbers:
        raise Fault(f"{where}: a ring of {len(numbers)} numbers, which are not x, y and z")
    return numbers


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _attribute(one: CityObject, child: Any, tag: str) -> None:
    """Add a property to the attributes: text as it stands, what has parts as JSON."""
    if _GENERIC.match(tag) or tag == "genericAttribute":
        holder = child[0] if tag == "genericAttribute" and len(child) else child
        name = holder.get("name") or next((e.text for e in holder if local(e) == "name"), None)
        value = next((e.text for e in holder if local(e) == "value"), None)
        _put(one, name or tag, _text(value))
    elif len(child):
        found = _tree(child)
        if tag == "height" and isinstance(found, dict):  # CityGML 3: a height with what it is measured between
            one.attributes.setdefault("measuredHeight", found.get("Height", {}).get("value"))
            tag = "constructionHeight"
        if found:
            _put(one, tag, found)
    elif child.get(HREF):
        _put(one, tag, child.get(HREF))
    else:
        unit = (child.get("uom") or "m").lower()
        if tag == "measuredHeight" and unit not in METRES:
            one.faults.append(f"{one.id}: measuredHeight is in '{unit}', not metres; left out")
            return
        _put(one, tag, _text(child.text))


def _put(one: CityObject, name: str, value: object) -> None:
    """Set an attribute; what comes several times becomes a list."""
    if value is None:
        return
    if name not in one.attributes:
        one.attributes[name] = value
    elif isinstance(one.attributes[name], list):
        one.attributes[name].append(value)
    else:
        one.attributes[name] = [one.attributes[name], value]


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


def _tree(element: Any) -> object:
    """Return what stands inside an element: text, or a mapping of names to such."""
    if not len(element):
        return _text(element.text)
    out: dict[str, object] = {}
    for child in element:
        value = _tree(child)
        if value is None or not local(child):
            continue
        name = child.get("name") or local(child)
        if child.get("name") and isinstance(value, dict) and list(value) == ["value"]:
            value = value["value"]
        out[name] = [*_many(out[name]), value] if name in out else value
    return out


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
