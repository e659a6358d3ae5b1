"""Small tools for lines and polygons that every room of the generator uses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from ingest.gaon.plan import HEIGHT, SEED, WIDTH

Shape = TypeVar("Shape", bound=BaseGeometry)
DOMAIN = shapely.box(0, 0, WIDTH, HEIGHT)


def dice(room: str) -> np.random.Generator:
    """Return the room's own random numbers: what one room draws does not change another's."""
    return np.random.default_rng([SEED, *room.encode()])


def smooth(points: Sequence[tuple[float, float]], step: float = 5.0) -> LineString:
    """Return a line through `points` without corners (chord-length pchip), a vertex every `step` m."""
    from scipy.interpolate import PchipInterpolator

    xy = np.asarray(points, dtype=float)
    s = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    at = np.linspace(0, s[-1], max(2, math.ceil(s[-1] / step) + 1))
    return LineString(np.round(np.column_stack([PchipInterpolator(s, xy[:, k])(at) for k in (0, 1)]), 2))


def piece(line: LineString, start: float, end: float) -> LineString:
    """Return the part of `line` from `start` to `end` m along it."""
    part = substring(line, start, end)
    assert isinstance(part, LineString)
    return part


def beside(line: LineString, distance: float, side: str) -> LineString:
    """Return the line `distance` m to the left or right of `line`."""
    found = line.parallel_offset(distance, side)
    return max(lines(found), key=lambda part: part.length)


def crossing(one: LineString, other: LineString) -> Point:
    """Return where two lines of the plan cross."""
    found = shapely.get_parts(one.intersection(other))[0]
    assert isinstance(found, Point)
    return found


def polygons(shape: BaseGeometry | Iterable[BaseGeometry], least: float = 0.0) -> list[Polygon]:
    """Return the polygons in `shape` of at least `least` m2, in a fixed order."""
    parts = shapely.get_parts(shape if isinstance(shape, BaseGeometry) else np.asarray(list(shape), dtype=object))
    found = [p for part in parts for p in shapely.get_parts(part) if isinstance(p, Polygon) and p.area >= least]
    return sorted(found, key=lambda p: (round(p.centroid.x), round(p.centroid.y), p.area))


def lines(shape: BaseGeometry, least: float = 0.0) -> list[LineString]:
    """Return the lines in `shape` of at least `least` m, in a fixed order."""
    found = [p for p in shapely.get_parts(shape) if isinstance(p, LineString) and p.length >= least]
    return sorted(found, key=lambda p: (round(p.centroid.x, 1), round(p.centroid.y, 1), p.length))


def bearing(polygon: Polygon) -> float:
    """Return the angle in degrees (-90 < a <= 90, from east, left-handed turn positive) of the longer side."""
    ring = shapely.get_coordinates(shapely.minimum_rotated_rectangle(polygon))
    if len(ring) < 4:
        return 0.0
    sides = np.diff(ring[:3], axis=0)
    dx, dy = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    angle = math.degrees(math.atan2(dy, dx))
    return (angle + 90.0) % 180.0 - 90.0


def turn(shape: Shape, angle: float, origin: tuple[float, float] = (0.0, 0.0)) -> Shape:
    """Return `shape` turned by `angle` degrees, left-handed, about `origin`."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    matrix, shift = np.array([[c, s], [-s, c]]), np.asarray(origin)
    turned: Shape = shapely.transform(shape, lambda xy: (xy - shift) @ matrix + shift)
    return turned


def turn_all(shapes: NDArray[np.object_], angle: float) -> NDArray[np.object_]:
    """Return an array of shapes turned by `angle` degrees about (0, 0)."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    matrix = np.array([[c, s], [-s, c]])
    turned: NDArray[np.object_] = shapely.transform(shapes, lambda xy: xy @ matrix)
    return turned


def slenderness(polygon: Polygon) -> tuple[float, float]:
    """Return (shorter side of the smallest rectangle around it in m, share of that rectangle that it fills)."""
    box = shapely.minimum_rotated_rectangle(polygon)
    ring = shapely.get_coordinates(box)
    if len(ring) < 4 or box.area == 0:
        return 0.0, 0.0
    sides = np.hypot(*np.diff(ring[:3], axis=0).T)
    return float(sides.min()), polygon.area / box.area
