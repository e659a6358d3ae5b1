"""The district put together: every house, street and open place, with nothing standing on anything else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from shapely import Polygon

from ingest.gaon import plan, quarters, roads, sites, terrain, water
from ingest.gaon.houses import House
from ingest.gaon.roads import Road
from ingest.gaon.shapes import DOMAIN, polygons


@dataclass(frozen=True, slots=True)
class District:
    """Houses in a fixed order, roads (main ones first), open ground by class."""

    houses: tuple[House, ...]
    roads: tuple[Road, ...]
    open: tuple[tuple[str, Polygon], ...]


@cache
def district() -> District:
    """Return the district: superblocks filled around the named places, overlaps removed, lanes named."""
    main = roads.main()
    wide = shapely.union_all([r.area for r in main if r.width >= 15 and r.level == 0])
    axes = shapely.union_all([r.line for r in main if r.level == 0])
    reserved = sites.occupied()
    houses = [house for place in sites.places() for house in place.houses if place.site.shape != "bim"]
    local: list[Road] = []
    ground: list[tuple[str, Polygon]] = [("pitch", p.yard) for p in sites.places() if p.yard is not None]
    number = 0
    for block in roads.superblocks():
        for free in polygons(block.area.difference(reserved), 500.0):
            built = quarters.fill(block, free, wide)
            houses += built.houses
            ground += built.open
            for line, width, grade in built.streets:
                number += 1
                reached = line if grade == "service" else roads.reach_out(line, axes)
                name = "" if grade == "service" else f"{NAMES[number % len(NAMES)]}{number // len(NAMES) + 1}길"
                local.append(Road(name, "", grade, width, 2 if width >= 6 else 1, reached))
    kept = without_overlap(houses, [*main, *local])
    return District(tuple(kept), (*main, *local), tuple(tidy_open(ground)))


#: first parts of the names of local streets
NAMES = (
    "가온",
    "샘골",
    "버들",
    "솔내",
    "한빛",
    "방죽",
    "은행",
    "꽃재",
    "들말",
    "누리",
    "새싹",
    "미리내",
    "해밀",
    "도담",
    "아람",
    "마루",
    "온새미",
    "라온",
)


def without_overlap(houses: list[House], paved: list[Road]) -> list[House]:
    """Return the houses that stand on no road, in no water, inside the district and on no earlier house."""
    strips = np.asarray(
        [r.line.buffer(r.width / 2 - 0.05, cap_style="flat") for r in paved if r.level == 0 or r.grade != "service"],
        dtype=object,
    )
    streets = shapely.STRtree(strips)
    rail = terrain.railway().buffer(plan.RAIL_HALF + 2)
    shapely.prepare(wet := water.corridor())
    areas = np.asarray([h.area for h in houses], dtype=object)
    ok = shapely.is_valid(areas) & ~shapely.intersects(areas, wet) & shapely.contains(DOMAIN.buffer(-2), areas)
    on_street, _ = streets.query(areas, predicate="intersects")
    ok[on_street] = False
    ok &= ~shapely.intersects(areas, rail)
    ok |= [house.use == "station" for house in houses]  # it stands over the tracks
    tree = shapely.STRtree(areas)
    first, second = tree.query(areas, predicate="intersects")
    for a, b in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if a < b and ok[a] and ok[b] and areas[a].intersection(areas[b]).area > 0.01:
            ok[b] = False
    return [house for house, good in zip(houses, ok, strict=True) if good]


#: land use of a quarter, in the words of OpenStreetMap
CLASS = {"works": "industrial", "centre": "commercial", "fields": "farmland"}


def tidy_open(ground: list[tuple[str, Polygon]]) -> list[tuple[str, Polygon]]:
    """Return the open ground with built land, forest and river banks added, as valid polygons."""
    found = [(name, p) for name, shape in ground for p in polygons(shape, 20.0)]
    found += [("forest", p) for p in polygons(roads.forest(), 100.0)]
    wet = shapely.union_all([p for _, _, p in water.surface()])
    built = shapely.union_all([p for _, p in found])
    for block in roads.superblocks():
        found += [(CLASS.get(block.quarter, "residential"), p) for p in polygons(block.area.difference(built), 20.0)]
    found += [("grass", p) for p in polygons(water.corridor().difference(wet), 200.0)]
    return found
