"""City objects of CityJSON: from nested arrays to flat ones, and who is part of whom. Every fault names its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: type -> kind; extensions and everything else are kind "feature"
KINDS = {
    "Building": "building", "BuildingPart": "building", "BuildingStorey": "storey", "BuildingRoom": "space",
    "Bridge": "bridge", "BridgePart": "bridge", "Road": "road", "Track": "road", "Square": "road",
    "TransportSquare": "road", "Railway": "railway", "WaterBody": "water", "Waterway": "water", "LandUse": "landuse",
    "PlantCover": "vegetation", "SolitaryVegetationObject": "vegetation",
}  # fmt: skip
#: objects that are merged into the one they are part of
PARTS = {"BuildingPart", "BridgePart", "TunnelPart"}
LETTERS = {
    "GroundSurface": "G", "RoofSurface": "R", "WallSurface": "W", "ClosureSurface": "C", "FloorSurface": "F",
    "OuterFloorSurface": "F",
}  # fmt: skip
#: m or degrees: no place on Earth has such a coordinate in any system
FARTHEST = 1e9
#: how deep faces lie in `boundaries`
DEPTH = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}


class Fault(Exception):  # noqa: N818  never leaves the reader
    """What is wrong with an object, and where in it."""


@dataclass(slots=True)
class Body:
    """Faces of an object: indices of corners into vertices `base` to `base + limit`.

    kind      "faces", "points" or "lines"; for these two, `rings` are the points and lines
    mismatch  whether the semantics did not match the faces
    thin      faces that were left out, because a ring has fewer than three corners
    """

    corners: NDArray[np.int64]
    rings: list[int]
    faces: list[int]
    letters: str
    base: int = 0
    limit: int = 0
    kind: str = "faces"
    mismatch: bool = False
    thin: int = 0


@dataclass(slots=True)
class CityObject:
    """One member of CityObjects. `span` is where its text stands in the file's."""

    id: str
    type: str
    line: int
    attributes: dict[str, Any]
    parents: list[str]
    children: list[str]
    bodies: list[Body] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    fatal: str = ""
    span: tuple[int, int] = (0, 0)
    lod: int = 0


@dataclass(slots=True)
class Vertices:
    """Corners of a file, of its template geometries and of placed templates."""

    xyz: list[NDArray[np.float64]] = field(default_factory=list)
    count: int = 0

    def add(self, xyz: NDArray[np.float64]) -> int:
        """Append corners (n, 3); return where they start."""
        start = self.count
        self.xyz.append(xyz)
        self.count += len(xyz)
        return start

    def all(self) -> NDArray[np.float64]:
        """Return all of them."""
        return np.concatenate(self.xyz) if self.xyz else np.empty((0, 3))


def city_object(name: str, found: Any, line: int) -> CityObject:
    """Return a member of CityObjects without its geometry, with `fatal` set where it is none."""

    def texts(key: str) -> list[str]:
        value = found.get(key)
        if not value:
            return []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            out.fatal = f"{key} must be a list of ids"
            return []
        return value

    out = CityObject(name, "", line, {}, [], [])
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        out.fatal = "is no object with a type"
        return out
    out.type = found["type"]
    out.parents, out.children = texts("parents"), texts("children")
    attributes = found.get("attributes") or {}
    if not isinstance(attributes, dict):
        out.fatal = "attributes must be an object"
    else:
        out.attributes = attributes
    if "\0" in name or (not name.isascii() and any("\ud800" <= c <= "\udfff" for c in name)):
        out.fatal = "its id holds a character that cannot be stored"
    return out


def chosen(geometries: Any) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the geometries of the highest level of detail, with their positions: solids where there are any.

    Raises Fault when they are no list of objects.
    """
    if geometries is None:
        return []
    if not isinstance(geometries, list) or not all(isinstance(g, dict) for g in geometries):
        raise Fault("geometry: must be a list of objects")
    if not geometries:
        return []
    levels = [_lod(g.get("lod")) for g in geometries]
    best = [(i, g) for i, g in enumerate(geometries) if levels[i] == max(levels)]
    solid = [(i, g) for i, g in best if DEPTH.get(str(g.get("type")), 0) > 0]
    return solid[:1] or best


def _lod(value: object) -> float:
    """Return a level of detail as a number; 1.0 writes numbers, later versions text ("2.2")."""
    try:
        return float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return 0.0


def flatten(geometry: Mapping[str, Any], where: str) -> Body:
    """Return the outer faces, points or lines of a geometry. Raises Fault with the path of what is wrong."""
    kind, boundaries = geometry.get("type"), geometry.get("boundaries")
    try:
        if kind == "MultiPoint":
            return Body(_integers(boundaries, where), [1] * len(boundaries or ()), [], "", kind="points")
        if kind == "MultiLineString":
            lines: Any = boundaries
            return Body(_integers(list(chain.from_iterable(lines)), where), list(map(len, lines)), [], "", kind="lines")
        if kind not in DEPTH:
            raise Fault(f"{where}: type {kind!r} is not known")
        depth = DEPTH[str(kind)]
        faces: Any = boundaries
        if depth == 1:
            faces = faces[0]
        elif depth == 2:
            faces = list(chain.from_iterable(solid[0] for solid in faces))
        rings = list(chain.from_iterable(faces))
        corners = _integers(list(chain.from_iterable(rings)), where)
        body = Body(corners, list(map(len, rings)), list(map(len, faces)), "")
    except (TypeError, IndexError, KeyError) as error:
        raise Fault(f"{where}.boundaries: are not nested as a {kind} is") from error
    if not body.faces or min(body.faces) < 1:
        raise Fault(f"{where}.boundaries: hold no face, or a face without a ring")
    body.letters, body.mismatch = _letters(geometry.get("semantics"), depth, len(body.faces))
    return body if min(body.rings) > 2 else _without_thin(body, where)


def _without_thin(body: Body, where: str) -> Body:
    """Return a body without the faces that have a ring of fewer than three corners. Raises Fault when none is left."""
    rings, faces = np.array(body.rings), np.array(body.faces)
    face_of_ring = np.repeat(np.arange(len(faces)), faces)
    good = np.bincount(face_of_ring, weights=rings < 3, minlength=len(faces)) == 0
    if not good.any():
        raise Fault(f"{where}.boundaries: a ring of {rings.min()} vertices")
    kept = good[face_of_ring]
    return Body(
        body.corners[np.repeat(kept, rings)], rings[kept].tolist(), faces[good].tolist(),
        "".join(letter for letter, fine in zip(body.letters, good, strict=True) if fine),
        mismatch=body.mismatch, thin=int((~good).sum()),
    )  # fmt: skip


def _integers(found: Any, where: str) -> NDArray[np.int64]:
    """Return indices as an array. Raises Fault for anything that is not a whole number in range."""
    kinds = set(map(type, found))
    if kinds - {int}:
        odd = ", ".join(sorted(kind.__name__ for kind in kinds - {int}))
        raise Fault(f"{where}.boundaries: indices must be whole numbers, found {odd}")
    try:
        return np.array(found, dtype=np.int64)
    except OverflowError as error:
        raise Fault(f"{where}.boundaries: index {max(found, key=abs)} is out of range") from error


def _letters(semantics: Any, depth: int, n: int) -> tuple[str, bool]:
    """Return one letter per face, and whether the semantics do not match the faces."""
    if not semantics:
        return "O" * n, False
    try:
        kinds = [LETTERS.get(s["type"], "O") for s in semantics["surfaces"]]
        values = semantics["values"]
        if depth == 1 and values is not None:
            values = values[0]
        elif depth == 2 and values is not None:
            values = list(chain.from_iterable(solid[0] for solid in values))
        if values is None:
            return "O" * n, False
        letters = "".join("O" if v is None else kinds[v] if v >= 0 else "?" for v in values)
    except (TypeError, IndexError, KeyError):
        return "O" * n, True
    return (letters, False) if len(letters) == n and "?" not in letters else ("O" * n, True)


def placed(
    geometry: Mapping[str, Any], templates: Mapping[str, Any] | None, vertices: NDArray[np.float64], where: str
) -> tuple[Mapping[str, Any], NDArray[np.float64]]:
    """Return a template's geometry and its vertices where a GeometryInstance puts them. Raises Fault."""
    number, anchor, matrix = geometry.get("template"), geometry.get("boundaries"), geometry.get("transformationMatrix")
    known = (templates or {}).get("templates") or []
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(known):
        raise Fault(f"{where}.template: {number!r} is not among the {len(known)} templates of the file")
    if (
        not isinstance(anchor, list)
        or len(anchor) != 1
        or not isinstance(anchor[0], int)
        or not 0 <= anchor[0] < len(vertices)
    ):
        raise Fault(f"{where}.boundaries: must be the index of one vertex")
    try:
        turn = np.array(matrix, dtype=np.float64).reshape(4, 4)
        corners = np.array((templates or {})["vertices-templates"], dtype=np.float64).reshape(-1, 3)
    except (TypeError, ValueError, KeyError) as error:
        raise Fault(
            f"{where}.transformationMatrix: must be 16 numbers, and the file must hold vertices-templates"
        ) from error
    if known[number].get("type") not in DEPTH:
        raise Fault(f"{where}.template: a {known[number].get('type')!r} is not placed")
    moved = np.c_[corners, np.ones(len(corners))] @ turn.T
    return known[number], moved[:, :3] + vertices[anchor[0]]


def adopt(objects: Mapping[str, CityObject]) -> dict[str, str]:
    """Return the id of the object that each part is merged into (itself for all others); marks cycles as fatal.

    A parent that the file does not hold leaves the object on its own.
    """
    listed = {child: one.id for one in objects.values() if one.type != "CityObjectGroup" for child in one.children}

    def parent(one: CityObject) -> str | None:
        named = [p for p in one.parents if p not in objects or objects[p].type != "CityObjectGroup"]
        return named[0] if named else listed.get(one.id) if one.type in PARTS else None

    roots: dict[str, str] = {}
    for one in objects.values():
        path = [one.id]
        while (up := parent(objects[path[-1]])) is not None and up in objects and up not in path:
            path.append(up)
        if up is not None and up in path:
            for name in path[path.index(up) :]:
                objects[name].fatal = f"is its own ancestor through {' > '.join([*path[path.index(up) :], up])}"
        root = one.id
        for name in path[1:]:
            if objects[root].type not in PARTS:
                break
            root = name
        roots[one.id] = root
    return roots


def orphans(objects: Mapping[str, CityObject]) -> Sequence[str]:
    """Return ids of parts whose parent is not in the file."""
    return [
        o.id for o in objects.values() if o.type in PARTS and o.parents and not any(p in objects for p in o.parents)
    ]
