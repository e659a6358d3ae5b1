"""The main roads, what the railway and the rivers do to them, and the superblocks between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from ingest.gaon import plan, terrain, water
from ingest.gaon.shapes import DOMAIN, bearing, beside, crossing, lines, piece, polygons, smooth, turn

#: distance of the road on the dike's foot from the river's axis, and of the roads along tributary and railway
DIKE_ROAD, STREAM_ROAD, RAIL_ROAD = 75.0, 31.0, 20.0


@dataclass(frozen=True, slots=True)
class Road:
    """A road by its axis. `level`: 0 on the ground, 1 on a bridge, -1 under the railway."""

    name: str
    name_en: str
    grade: str
    width: float
    lanes: int
    line: LineString
    level: int = 0

    @property
    def area(self) -> Polygon:
        """The paved strip."""
        return self.line.buffer(self.width / 2, cap_style="flat", quad_segs=3)


@cache
def main() -> list[Road]:
    """Return the main roads inside the district, those under the railway cut where their ramps begin."""
    found = []
    reach = terrain.TRENCH_FLAT / 2 + terrain.TRENCH_RAMP
    for road in plan.MAIN_ROADS:
        line = smooth(road.line)
        made = Road(road.name, road.name_en, road.grade, road.width, road.lanes, line)
        if not road.over_rail:
            parts = [made]
        else:
            middle = line.project(crossing(line, terrain.railway()))
            level = -1 if road.over_rail == "under" else 1
            cuts = [0.0, middle - reach, middle + reach, line.length]
            parts = [
                replace(made, line=piece(line, a, b), level=k)
                for a, b, k in zip(cuts, cuts[1:], (0, level, 0), strict=False)
            ]
        for part in parts:
            found += [replace(part, line=inside) for inside in lines(part.line.intersection(DOMAIN), 1.0)]
    return found + along_water() + along_rail()


def along_water() -> list[Road]:
    """Return the roads at the feet of the dikes."""
    found = []
    for name, name_en, axis, distance in (
        ("강변길", "Gangbyeon-gil", terrain.river(), DIKE_ROAD),
        ("솔내천길", "Solnaecheon-gil", terrain.stream(), STREAM_ROAD),
    ):
        for side in ("left", "right"):
            offset = beside(axis, distance, side)
            free = DOMAIN.difference(water.corridor()).difference(forest())
            found += [
                Road(name, name_en, "unclassified", 8.0, 2, line) for line in lines(offset.intersection(free), 60.0)
            ]
    return found


def along_rail() -> list[Road]:
    """Return the roads on both sides of the railway; they end at the ramps of the underpasses and at the station."""
    ramps = shapely.union_all([
        piece(line, at - 110, at + 110).buffer(terrain.TRENCH_HALF + 4, cap_style="flat")
        for _, line, at in terrain.underpasses()
    ])  # fmt: skip
    found = []
    for side in ("left", "right"):
        line = beside(terrain.railway(), RAIL_ROAD, side)
        free = DOMAIN.difference(ramps).difference(station_ground())
        found += [
            Road("철길옆길", "Cheolgilyeop-gil", "unclassified", 8.0, 2, p)
            for p in lines(line.intersection(free), 40.0)
        ]
    return found


@cache
def station_ground() -> Polygon:
    """Return the ground of the station: tracks, platforms, concourse and the square to its north."""
    rail = terrain.railway()
    at = rail.project(Point(1512, 446))
    yard = piece(rail, at - 160, at + 160).buffer(30, cap_style="flat")
    return polygons(yard.union(shapely.box(1440, 466, 1590, 520)))[0]


@cache
def bridges() -> BaseGeometry:
    """Return the ground over which a road is a bridge: the rivers between the outer edges of their dikes."""
    return shapely.union_all([
        terrain.river().buffer(plan.RIVER_HALF[4]), terrain.stream().buffer(plan.STREAM_HALF[4]),
    ])  # fmt: skip


@cache
def forest() -> BaseGeometry:
    """Return the wooded hillsides: where the hills rise more than 7 m above the valley."""
    from rasterio import Affine
    from rasterio.features import shapes

    step = 4
    rise = terrain.ground().hills[::step, ::step]
    size = terrain.CELL * step
    found = shapes((rise > 7.0).astype(np.uint8), rise > 7.0, transform=Affine(size, 0, 0, 0, size, 0))
    wooded = (
        shapely.union_all([shapely.geometry.shape(g) for g, _ in found])
        .buffer(-18)
        .buffer(36)
        .buffer(-18)
        .simplify(3.0)
    )
    return shapely.union_all(polygons(wooded, 5000.0)).intersection(DOMAIN)


@cache
def taken() -> BaseGeometry:
    """Return the ground where no house can stand: main roads, railway, water, forest."""
    rail = terrain.railway().buffer(plan.RAIL_CORRIDOR)
    paved = [road.area for road in main()]
    return shapely.union_all([*paved, rail, station_ground(), water.corridor(), forest()])


@dataclass(frozen=True, slots=True)
class Superblock:
    """Ground between main roads: `quarter` says how it is built, `angle` (degrees) how its streets lie."""

    number: int
    area: Polygon
    quarter: str
    angle: float


@cache
def superblocks() -> list[Superblock]:
    """Return the superblocks, each of the kind of the nearest seed of the plan."""
    seeds = [Point(x, y) for x, y, _ in plan.QUARTERS]
    free = DOMAIN.difference(taken())
    found: list[Superblock] = []
    opened = free.buffer(-7, join_style="mitre").buffer(7, join_style="mitre").intersection(free)
    for area in polygons(opened, 900.0):
        middle = area.representative_point() if not area.contains(area.centroid) else area.centroid
        inside = [i for i, s in enumerate(seeds) if area.contains(s)]
        nearest = inside[0] if inside else int(np.argmin(shapely.distance(seeds, middle)))
        found.append(Superblock(len(found), area, plan.QUARTERS[nearest][2], bearing(area)))
    return found


def local_streets(
    area: Polygon, angle: float, depth: float, length: float, width: float, random: np.random.Generator
) -> list[LineString]:
    """Return the axes of local streets that cut `area` into blocks of `depth` x `length` m along `angle`."""
    flat = turn(area, -angle)
    west, south, east, north = flat.bounds
    rows = max(1, round((north - south) / (depth + width)))
    pitch = (north - south) / rows
    axes = [LineString([(west - 5, south + k * pitch), (east + 5, south + k * pitch)]) for k in range(1, rows)]
    columns = max(1, round((east - west) / (length + width)))
    for k in range(1, columns):
        x = west + k * (east - west) / columns + random.uniform(-6, 6)
        axes.append(LineString([(x, south - 5), (x, north + 5)]))
    found: list[LineString] = []
    for axis in axes:
        found += lines(turn(axis.intersection(flat), angle), 12.0)
    return found


def reach_out(street: LineString, network: BaseGeometry, far: float = 24.0) -> LineString:
    """Return `street` with each end drawn out to the axis of the main road it opens into, if one is within `far` m."""
    xy = shapely.get_coordinates(street)
    for end, before in ((0, 1), (-1, -2)):
        away = xy[end] - xy[before]
        ray = LineString([xy[end], xy[end] + away / np.hypot(*away) * far])
        hit = ray.intersection(network)
        if not hit.is_empty:
            point = shapely.get_coordinates(shapely.shortest_line(Point(xy[end]), hit))[1]
            xy = np.vstack([point, xy]) if end == 0 else np.vstack([xy, point])
    return LineString(xy)
