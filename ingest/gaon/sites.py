"""Named places: station, city hall, hospitals, schools, fire stations; their ground and their buildings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from shapely import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from ingest.gaon import plan, terrain
from ingest.gaon.houses import House
from ingest.gaon.roads import superblocks
from ingest.gaon.shapes import polygons, turn

#: m, plan of the building that is handed over as BIM
BIM_SIZE = (28.8, 16.8)


@dataclass(frozen=True, slots=True)
class Place:
    """A named place: its ground, its buildings, the direction of its longer side in degrees."""

    site: plan.Site
    ground: Polygon
    houses: tuple[House, ...]
    angle: float
    yard: Polygon | None = None


def parts_of(
    site: plan.Site,
) -> tuple[list[tuple[float, float, float, float, int]], tuple[float, float, float, float] | None]:
    """Return the wings (west, south, east, north in m about the centre, storeys) and the yard of a place."""
    w, d, n = site.width / 2, site.depth / 2, site.storeys
    match site.shape:
        case "school":
            wings = [
                (-w + 8, d - 20, w - 24, d - 7, n),
                (w - 24, d - 46, w - 9, d - 7, n),
                (-w + 8, -d + 8, -w + 30, -d + 40, 2),
            ]
            return wings, (-w + 36, -d + 6, w - 30, d - 26)
        case "hospital":
            return [(-w + 10, -d + 12, w - 10, d - 34, 3), (-w + 14, d - 34, w - 14, d - 12, n)], None
        case "hall":
            return [(-w + 14, d - 34, w - 14, d - 12, n), (-w + 14, -d + 30, -w + 34, d - 34, 4)], (
                -w + 40,
                -d + 10,
                w - 10,
                d - 40,
            )
        case "fire":
            return [(-w + 6, d - 20, w - 6, d - 5, n), (w - 12, -d + 6, w - 6, -d + 12, 7)], None
        case "market":
            return [(-w + 3, -d + 3, w - 3, -4, n), (-w + 3, 4, w - 3, d - 3, n)], None
        case "gym":
            return [(-w + 10, -d + 8, w - 10, d - 8, n)], None
        case "bim":
            return [(-BIM_SIZE[0] / 2, -BIM_SIZE[1] / 2, BIM_SIZE[0] / 2, BIM_SIZE[1] / 2, n)], None
        case _:
            return [(-w + 7, -d + 12, w - 7, d - 5, n)], None


STRUCTURE = {"gym": "steel", "market": "steel", "station": "steel"}


@cache
def places() -> list[Place]:
    """Return the named places in the plan's order."""
    blocks = superblocks()
    found: list[Place] = [station()]
    for number, site in enumerate(plan.SITES):
        if site.shape == "station":
            continue
        at = Point(site.x, site.y)
        block = min(blocks, key=lambda b: shapely.distance(b.area, at))
        angle = (block.angle + 45.0) % 90.0 - 45.0
        ground = turn(
            box(site.x - site.width / 2, site.y - site.depth / 2, site.x + site.width / 2, site.y + site.depth / 2),
            angle,
            (site.x, site.y),
        )
        clear = polygons(
            ground.intersection(block.area.buffer(-0.5)).difference(
                shapely.union_all([p.ground.buffer(3) for p in found])
            ),
            100.0,
        )
        if not clear:
            continue
        ground = max(clear, key=lambda p: p.area)
        wings, yard = parts_of(site)
        year = 1974 + (number * 7) % 46
        houses: list[House] = []
        for k, (west, south, east, north, storeys) in enumerate(wings):
            wing: BaseGeometry = turn(
                box(site.x + west, site.y + south, site.x + east, site.y + north), angle, (site.x, site.y)
            )
            wing = wing.difference(shapely.union_all([h.area.buffer(0.02) for h in houses])) if houses else wing
            for part in polygons(wing.intersection(ground), 30.0)[:1]:
                house = House(Polygon(np.round(shapely.get_coordinates(part.exterior), 2)), "site", site.use,
                              STRUCTURE.get(site.shape, "concrete"), storeys, year, int(storeys > 2),
                              angle=angle)  # fmt: skip
                house.name = site.name if k == 0 else f"{site.name} {'나다라마'[k - 1]}동"
                house.roof = "gable" if site.shape == "gym" else "flat"
                houses.append(house)
        field = None
        if yard is not None:
            west, south, east, north = yard
            pitch = box(site.x + west, site.y + south, site.x + east, site.y + north)
            field = next(iter(polygons(turn(pitch, angle, (site.x, site.y)).intersection(ground), 100.0)), None)
        found.append(Place(site, ground, tuple(houses), angle, field))
    return found


def station() -> Place:
    """Return the station: a concourse over the tracks and the square to the north of it."""
    site = plan.SITES[0]
    rail = terrain.railway()
    at = rail.project(Point(site.x, site.y))
    a, b = (np.array(rail.interpolate(at + k).coords[0]) for k in (-5, 5))
    angle = float(np.degrees(np.arctan2(*(b - a)[::-1])))
    x, y = rail.interpolate(at).coords[0]
    hall = turn(box(x - 48, y - 21, x + 48, y + 27), angle, (x, y))
    house = House(
        Polygon(np.round(shapely.get_coordinates(hall), 2)),
        "site",
        "station",
        "steel",
        3,
        2004,
        name=site.name,
        angle=angle,
    )
    return Place(site, hall.buffer(6, join_style="mitre"), (house,), angle)


def occupied() -> BaseGeometry:
    """Return the ground of all named places with a verge of 3 m."""
    return shapely.union_all([p.ground.buffer(3.0, join_style="mitre") for p in places()])
