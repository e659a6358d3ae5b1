"""Blocks cut into lots: in two rows back to back, along a street front, or irregularly as old quarters grew."""

from __future__ import annotations

import itertools
import math

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from ingest.gaon.shapes import bearing, polygons, slenderness, turn, turn_all


def rows(
    block: Polygon, angle: float, width: tuple[float, float], random: np.random.Generator, depth: float = 16.0
) -> list[Polygon]:
    """Return the lots of a block: rows of about `depth` m, lots of random width in the range given, along `angle`."""
    flat = turn(block, -angle)
    west, south, east, north = flat.bounds
    count = max(1, round((north - south) / depth))
    step = (north - south) / count
    cells = []
    for row in range(count):
        x = west
        while x < east - width[0] * 0.4:
            wide = random.uniform(*width)
            wide = east - x if east - x - wide < width[0] * 0.7 else wide
            cells.append(shapely.box(x, south + row * step, x + wide, south + (row + 1) * step))
            x += wide
    cut = shapely.intersection(np.asarray(cells, dtype=object), flat)
    return polygons(turn_all(cut, angle), 40.0)


def fronts(
    block: Polygon, street: BaseGeometry, width: tuple[float, float], depth: float, random: np.random.Generator
) -> list[Polygon]:
    """Return the lots that line `street` along the edge of a block, `depth` m deep, corner lots first come."""
    ring = shapely.get_coordinates(shapely.orient_polygons(block).exterior.simplify(1.5))
    made: list[Polygon] = []
    used: BaseGeometry = Polygon()
    for start, end in itertools.pairwise(ring):
        length = math.hypot(*(end - start))
        if length < width[0] or shapely.distance(street, shapely.Point((start + end) / 2)) > 4.0:
            continue
        along = (end - start) / length
        inward = np.array([-along[1], along[0]])
        count = max(1, round(length / random.uniform(*width)))
        cuts = (
            np.concatenate([[0.0], (np.arange(1, count) + random.uniform(-0.22, 0.22, count - 1)) / count, [1.0]])
            * length
        )
        for a, b in itertools.pairwise(cuts.tolist()):
            quad = Polygon(
                [
                    start + along * a,
                    start + along * b,
                    start + along * b + inward * depth,
                    start + along * a + inward * depth,
                ]
            )
            for lot in polygons(quad.intersection(block).difference(used), 60.0)[:1]:
                made.append(lot)
                used = shapely.union(used, lot.buffer(0.02))
    return made


def grown(area: Polygon, least: float, random: np.random.Generator) -> tuple[list[Polygon], list[LineString]]:
    """Return the lots of an old quarter and the axes of its lanes: cut again and again, a little askew.

    least  m2, lots of less than twice this are not cut any more
    """
    lots: list[Polygon] = []
    lanes: list[LineString] = []
    stack = [area]
    while stack:
        piece = stack.pop()
        if piece.area < least * random.uniform(1.5, 2.3):
            lots.append(piece)
            continue
        angle = bearing(piece) + 90.0 + random.uniform(-7, 7)
        box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))
        share = random.uniform(0.40, 0.60)
        long = box[1] - box[0] if math.hypot(*(box[1] - box[0])) > math.hypot(*(box[2] - box[1])) else box[2] - box[1]
        middle = box[:4].mean(axis=0) + long * (share - 0.5)
        away = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))]) * 600
        cut = LineString([middle - away, middle + away])
        wide = 4.0 if piece.area > 9000 else 3.0 if piece.area > 2200 else 2.2 if piece.area > least * 5 else 0.0
        axis = cut.intersection(piece)
        if wide:
            lanes += [part for part in shapely.get_parts(axis) if isinstance(part, LineString)]
        parts = polygons(piece.difference(cut.buffer(wide / 2 or 0.01, cap_style="flat")), 25.0)
        if len(parts) < 2:
            lots += parts
        else:
            stack += parts
    return sorted(lots, key=lambda p: (round(p.centroid.x, 1), round(p.centroid.y, 1))), lanes


def footprint(lot: Polygon, setback: float, least: float = 34.0, narrow: float = 5.0) -> Polygon | None:
    """Return the ground a house takes on a lot, `setback` m from its edges; None when nothing sensible fits."""
    inner = shapely.simplify(lot, 0.4).buffer(-setback, join_style="mitre")
    parts = polygons(inner, least)
    if not parts:
        return None
    best = max(parts, key=lambda p: p.area)
    side, fill = slenderness(best)
    if side < narrow:
        return None
    if fill < 0.62:
        return None
    return Polygon(best.exterior)


def notched(house: Polygon, angle: float, random: np.random.Generator, share: float = 0.35) -> Polygon:
    """Return `house` with one corner taken out, as an L; `share` is about the part of each side that goes."""
    flat = turn(house, -angle)
    west, south, east, north = flat.bounds
    wide, high = (
        (east - west) * random.uniform(share * 0.7, share * 1.3),
        (north - south) * random.uniform(share * 0.7, share * 1.3),
    )
    corner = int(random.integers(4))
    x0, x1 = (west - 1, west + wide) if corner % 2 else (east - wide, east + 1)
    y0, y1 = (south - 1, south + high) if corner < 2 else (north - high, north + 1)
    parts = polygons(turn(flat.difference(shapely.box(x0, y0, x1, y1)), angle), 25.0)
    return max(parts, key=lambda p: p.area) if parts else house
