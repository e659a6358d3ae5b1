"""Apartments and public buildings as CityJSON 2.0: a block for LoD1, lift houses and gables for LoD2."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import shapely
from shapely import Polygon

from ingest.gaon import plan
from ingest.gaon.people import Entry
from ingest.gaon.shapes import turn

Ring = list[tuple[float, float, float]]
Face = tuple[str, list[Ring]]
#: millimetres
SCALE = 0.001


def write(file: Path, entries: list[Entry]) -> None:
    """Write the buildings with their LoD1 solid and LoD2 surfaces."""
    vertices: dict[tuple[int, int, int], int] = {}
    objects = {}
    for entry in entries:
        shape = Polygon(shapely.orient_polygons(entry.house.area).exterior)
        block = prism(shape, entry.ground, entry.ground + entry.house.height)
        objects[entry.register_id] = {
            "type": "Building",
            "attributes": attributes(entry),
            "geometry": [_solid("1.2", block, vertices), _surfaces("2.2", detailed(entry, shape), vertices)],
        }
    xyz = np.array(list(vertices)) if vertices else np.zeros((0, 3))
    origin = [plan.WEST, plan.SOUTH, 0.0]
    low, high = xyz.min(axis=0) * SCALE + origin, xyz.max(axis=0) * SCALE + origin
    document = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [SCALE] * 3, "translate": origin},
        "metadata": {
            "title": f"가온시 공동주택·공공건축물 3차원 모형 (가상 데이터). {plan.FICTION}",
            "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{plan.CRS[5:]}",
            "geographicalExtent": [round(float(v), 3) for v in (*low, *high)],
        },
        "CityObjects": objects,
        "vertices": [list(map(int, v)) for v in vertices],
    }
    file.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), "utf-8")


def attributes(entry: Entry) -> dict[str, object]:
    """Return what the register says of a building, under English names that other programs use."""
    house = entry.house
    return {
        "name": house.name,
        "measuredHeight": house.height,
        "storeysAboveGround": house.storeys,
        "storeysBelowGround": house.basements,
        "use": house.use,
        "structure": house.structure,
        "yearOfConstruction": house.year,
        "floor_area": house.floor_area,
        "residents": entry.residents,
        "half_basement": house.half_basement,
        "ground": entry.ground,
        "register_id": entry.register_id,
        "parcel_id": entry.parcel_id,
        "address_id": entry.address_id,
        "address": entry.address,
    }


def prism(shape: Polygon, low: float, high: float, holes: tuple[Polygon, ...] = ()) -> list[Face]:
    """Return the faces of a block over `shape` from `low` to `high` m, its roof left open where `holes` stand on it."""
    ring = shapely.get_coordinates(shape.exterior)[:-1].tolist()
    roof = [[(x, y, high) for x, y in ring]]
    roof += [[(x, y, high) for x, y in shapely.get_coordinates(hole.exterior)[:-1][::-1].tolist()] for hole in holes]
    faces: list[Face] = [("GroundSurface", [[(x, y, low) for x, y in ring[::-1]]]), ("RoofSurface", roof)]
    return faces + walls(shape, low, high)


def walls(shape: Polygon, low: float, high: float) -> list[Face]:
    """Return the upright faces over the edge of `shape` (counter-clockwise) from `low` to `high` m."""
    ring = shapely.get_coordinates(shape.exterior).tolist()
    return [
        ("WallSurface", [[(x0, y0, low), (x1, y1, low), (x1, y1, high), (x0, y0, high)]])
        for (x0, y0), (x1, y1) in itertools.pairwise(ring)
    ]


def detailed(entry: Entry, shape: Polygon) -> list[Face]:
    """Return the faces of a building with what stands on its roof."""
    house = entry.house
    low, high = entry.ground, entry.ground + house.height
    if house.roof == "gable" and len(shape.exterior.coords) == 5:
        return gable(shape, low, high - 1.5, high + 1.5)
    boxes = roof_boxes(shape, house.angle, house.group == "slab")
    faces = prism(shape, low, high, boxes)
    for box in boxes:
        top = high + (4.2 if house.group == "slab" else 3.0)
        faces += walls(box, high, top)
        faces.append(("RoofSurface", [[(x, y, top) for x, y in shapely.get_coordinates(box.exterior)[:-1].tolist()]]))
    return faces


def roof_boxes(shape: Polygon, angle: float, slab: bool) -> tuple[Polygon, ...]:
    """Return lift houses well inside the roof: one for every second stairwell of a slab, one on other buildings."""
    flat = turn(shape, -angle)
    west, south, east, north = flat.bounds
    count = max(1, round((east - west) / 27.0)) if slab else 1
    found = []
    for k in range(count):
        x = west + (k + 0.5) * (east - west) / count
        y = (south + north) / 2 + (1.0 if slab else 0.0)
        box = shapely.box(x - 3.2, y - 2.6, x + 3.2, y + 2.6)
        if flat.buffer(-0.5).contains(box):
            found.append(shapely.orient_polygons(Polygon(np.round(shapely.get_coordinates(turn(box, angle)), 3))))
    return tuple(found)


def gable(shape: Polygon, low: float, eaves: float, ridge: float) -> list[Face]:
    """Return the faces of a four-cornered building with a ridge along its longer side."""
    c = shapely.get_coordinates(shape.exterior)[:-1]
    if np.hypot(*(c[1] - c[0])) < np.hypot(*(c[2] - c[1])):
        c = np.roll(c, -1, axis=0)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = c.tolist()
    r0, r1 = ((ax + dx) / 2, (ay + dy) / 2, ridge), ((bx + cx) / 2, (by + cy) / 2, ridge)
    a, b, g, d = ((x, y, eaves) for x, y in c.tolist())
    return [
        ("GroundSurface", [[(x, y, low) for x, y in c[::-1].tolist()]]),
        ("RoofSurface", [[a, b, r1, r0]]),
        ("RoofSurface", [[g, d, r0, r1]]),
        ("WallSurface", [[(ax, ay, low), (bx, by, low), b, a]]),
        ("WallSurface", [[(bx, by, low), (cx, cy, low), g, r1, b]]),
        ("WallSurface", [[(cx, cy, low), (dx, dy, low), d, g]]),
        ("WallSurface", [[(dx, dy, low), (ax, ay, low), a, r0, d]]),
    ]


def _index(ring: Ring, vertices: dict[tuple[int, int, int], int]) -> list[int]:
    return [
        vertices.setdefault((round(x / SCALE), round(y / SCALE), round(z / SCALE)), len(vertices)) for x, y, z in ring
    ]


def _solid(lod: str, faces: list[Face], vertices: dict[tuple[int, int, int], int]) -> dict[str, object]:
    return {
        "type": "Solid",
        "lod": lod,
        "boundaries": [[[_index(ring, vertices) for ring in face] for _, face in faces]],
    }


def _surfaces(lod: str, faces: list[Face], vertices: dict[tuple[int, int, int], int]) -> dict[str, object]:
    kinds = ["GroundSurface", "RoofSurface", "WallSurface"]
    return {
        "type": "Solid",
        "lod": lod,
        "boundaries": [[[_index(ring, vertices) for ring in face] for _, face in faces]],
        "semantics": {"surfaces": [{"type": k} for k in kinds], "values": [[kinds.index(kind) for kind, _ in faces]]},
    }
