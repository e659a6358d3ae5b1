"""Water and dikes as lines and areas: what the map and the levee register of the city hold."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from ingest.gaon import plan, terrain
from ingest.gaon.shapes import DOMAIN, beside, lines, piece, polygons

#: m, depth of the river on an ordinary day
ORDINARY = 0.8


@cache
def surface() -> list[tuple[str, str, Polygon]]:
    """Return name, class and area of the river and the tributary, without overlap."""
    wide = terrain.river().buffer(plan.RIVER_HALF[1], quad_segs=4).intersection(DOMAIN)
    narrow = terrain.stream().buffer(plan.STREAM_HALF[1], quad_segs=4).intersection(DOMAIN).difference(wide)
    return [("가온강", "river", polygons(wide)[0]), ("솔내천", "stream", max(polygons(narrow), key=lambda p: p.area))]


def reaches() -> list[tuple[str, str, float, Polygon]]:
    """Return name, class, level (m) of the water on an ordinary day and area of every 100 m of river and tributary."""
    found = []
    for (name, kind, area), axis in zip(surface(), (terrain.river(), terrain.stream()), strict=True):
        half = (plan.RIVER_HALF if kind == "river" else plan.STREAM_HALF)[1] + 1.0
        for start in np.arange(0.0, axis.length, 100.0):
            middle = axis.interpolate(start + 50.0)
            bed = float(
                terrain.river_bed(np.array(middle.x)) if kind == "river" else terrain.stream_bed(np.array(start + 50.0))
            )
            strip = piece(axis, start, start + 100.0).buffer(half, cap_style="flat")
            level = round(bed + (ORDINARY if kind == "river" else ORDINARY / 2), 2)
            found += [(name, kind, level, part) for part in polygons(strip.intersection(area), 20.0)]
    return found


@cache
def corridor() -> BaseGeometry:
    """Return the ground that belongs to river and tributary: water, terraces and dikes."""
    return shapely.union_all([
        terrain.river().buffer(plan.RIVER_HALF[5], quad_segs=4),
        terrain.stream().buffer(plan.STREAM_HALF[5], quad_segs=4),
    ]).intersection(DOMAIN)  # fmt: skip


@cache
def dikes() -> list[tuple[str, str, LineString, list[float]]]:
    """Return name, bank, crest line and the crest's level (m) at every vertex of the line.

    Lines are cut every 100 m, as a levee register has them, and where the other water joins.
    """
    found = []
    for name, kind, axis, halves in (
        ("가온강 제방", "river", terrain.river(), plan.RIVER_HALF),
        ("솔내천 제방", "stream", terrain.stream(), plan.STREAM_HALF),
    ):
        middle = (halves[3] + halves[4]) / 2
        other = terrain.stream() if kind == "river" else terrain.river()
        gap = other.buffer((plan.STREAM_HALF if kind == "river" else plan.RIVER_HALF)[3])
        for bank, side in (("좌안", "left"), ("우안", "right")):  # as seen downstream
            crest = beside(axis, middle, side)
            for whole in lines(crest.intersection(DOMAIN).difference(gap), 10.0):
                for start in np.arange(0.0, whole.length - 5.0, 100.0):
                    part = shapely.segmentize(piece(whole, start, min(start + 100.0, whole.length)), 10.0)
                    xy = shapely.get_coordinates(part)
                    along = np.asarray(shapely.line_locate_point(axis, shapely.points(xy)), dtype=float)
                    level = terrain.crest(kind, xy[:, 0], xy[:, 1], along)
                    found.append((name, bank, part, [round(float(v), 2) for v in level]))
    return found
