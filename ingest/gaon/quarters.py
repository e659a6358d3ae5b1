"""How a superblock is built: villas, shop streets, apartment slabs, factories, the timber quarter, houses, fields."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from ingest.gaon import lots
from ingest.gaon.houses import House
from ingest.gaon.roads import Superblock, local_streets
from ingest.gaon.shapes import bearing, dice, lines, polygons, slenderness, turn


@dataclass(slots=True)
class Built:
    """What fills a superblock: houses, streets (axis, width, grade) and open ground (class, area)."""

    houses: list[House] = field(default_factory=list)
    streets: list[tuple[LineString, float, str]] = field(default_factory=list)
    open: list[tuple[str, Polygon]] = field(default_factory=list)


def fill(block: Superblock, free: Polygon, arteries: BaseGeometry) -> Built:
    """Return what is built on `free`, the part of a superblock that no named place takes."""
    random = dice(f"block {block.number} {round(free.centroid.x)}")
    if block.quarter in ("slabs", "slabs_old") and min(slenderness(free)[0], free.area / 70) > 75:
        return slabs(free, block, arteries, random)
    if block.quarter == "works":
        return works(free, block, random)
    if block.quarter == "timber":
        return timber(free, arteries, random)
    if block.quarter == "fields":
        return fields(free, block, random)
    if block.quarter == "park":
        return park(free)
    return streets_of_houses(free, block, arteries, random)


def streets_of_houses(free: Polygon, block: Superblock, arteries: BaseGeometry, random: np.random.Generator) -> Built:
    """Return villas or houses on a grid of local streets, shops where they face a main road."""
    built = Built()
    houses = block.quarter == "houses"
    axes = local_streets(free, block.angle, 37.0 if houses else 36.0, 84.0, 6.0, random)
    built.streets = [(axis, 6.0, "residential") for axis in axes]
    paved = shapely.union_all([axis.buffer(3.0, cap_style="flat") for axis in axes])
    centre = block.quarter == "centre"
    for piece in polygons(free.difference(paved), 120.0):
        front = (
            []
            if houses
            else lots.fronts(piece, arteries, (16, 30) if centre else (13, 24), 22.0 if centre else 18.0, random)
        )
        for lot in front:
            built.houses += shop(lot, centre, random)
        rest = piece.difference(shapely.union_all(front).buffer(0.1, join_style="mitre")) if front else piece
        for part in polygons(rest, 60.0):
            for lot in lots.rows(
                part, block.angle, (16.0, 23.0) if houses else (14.5, 20.5), random, 18.5 if houses else 18.0
            ):
                draw = random.random()
                if draw < 0.035:
                    built.open.append(("parking" if draw < 0.02 else "park", lot))
                elif centre and draw < 0.55:
                    built.houses += shop(lot, centre, random)
                else:
                    built.houses += detached(lot, block.angle, random) if houses else villa(lot, block, random)
    return built


def villa(lot: Polygon, block: Superblock, random: np.random.Generator) -> list[House]:
    """Return a multi-family house (다세대) of 2 to 5 storeys; older ones in low ground have half-basements."""
    low = block.quarter == "low_villa"
    year = int(
        random.integers(1983, 2003)
        if low
        else random.choice([random.integers(1985, 2000), random.integers(2000, 2023)])
    )
    area = lots.footprint(lot, random.uniform(0.5, 0.68), 40.0, 5.5)
    if area is None:
        return []
    if random.random() < 0.22:
        area = lots.notched(area, block.angle, random, 0.22)
    piloti = year >= 2002 and random.random() < 0.8
    storeys = int(random.integers(4, 6)) if piloti else int(random.integers(2, 5))
    half = not piloti and year < 2001 and random.random() < (0.62 if low else 0.22)
    homes = max(1, round(area.area * (storeys - piloti + half) / 85))
    small = year < 1990 and storeys == 2
    group, structure = "detached" if small else "villa", "masonry" if year < 1995 else "concrete"
    roof = "gable" if small and random.random() < 0.4 else "flat"
    return [
        House(
            area, group, "residential", structure, storeys, year, int(half), half, piloti, homes, "", roof, block.angle
        )
    ]


def detached(lot: Polygon, angle: float, random: np.random.Generator) -> list[House]:
    """Return a one-family house with a garden."""
    area = lots.footprint(lot, random.uniform(1.5, 2.4), 40.0, 5.5)
    if area is None:
        return []
    if random.random() < 0.45:
        area = lots.notched(area, angle, random, 0.38)
    year = int(random.integers(1972, 2021))
    storeys = int(random.choice([1, 2, 2, 3]))
    roof = "gable" if random.random() < 0.6 else "flat"
    return [House(area, "detached", "residential", "masonry" if year < 2000 else "concrete", storeys, year,
                  households=1 + (storeys > 1), roof=roof, angle=angle)]  # fmt: skip


def shop(lot: Polygon, centre: bool, random: np.random.Generator) -> list[House]:
    """Return a shop building (근린생활시설), wall to wall with its neighbours."""
    area = lots.footprint(lot, random.uniform(0.45, 0.9), 38.0, 5.0)
    if area is None:
        return []
    year = int(random.integers(1978, 2022))
    storeys = int(random.integers(3, 11) if centre else random.integers(2, 7))
    homes = int(random.integers(0, 5)) if storeys < 6 else 0
    return [House(area, "shop", "commercial", "concrete" if year > 1985 else "masonry", storeys, year,
                  int(storeys > 3) + int(storeys > 7), households=homes)]  # fmt: skip


def timber(free: Polygon, arteries: BaseGeometry, random: np.random.Generator) -> Built:
    """Return the old quarter: narrow lanes, one-storey timber houses around yards, low shops along the main roads."""
    built = Built()
    front = lots.fronts(free, arteries, (8, 14), 14.0, random)
    for lot in front:
        for house in shop(lot, False, random):
            house.storeys = min(house.storeys, 3)
            house.basements = 0
            built.houses.append(house)
    rest = free.difference(shapely.union_all(front).buffer(1.6, join_style="mitre")) if front else free
    for part in polygons(rest, 200.0):
        cut, lanes = lots.grown(part, 132.0, random)
        built.streets += [(lane, 3.0, "living_street") for lane in lanes]
        for lot in cut:
            area = lots.footprint(lot, 0.55, 30.0, 4.5)
            if area is None:
                continue
            angle = bearing(area)
            year = int(random.integers(1931, 1976))
            if random.random() < 0.82:
                area = hanok(area, angle, random)
                built.houses.append(
                    House(area, "hanok", "residential", "timber", 1, year, households=1, roof="gable", angle=angle)
                )
            else:
                storeys = int(random.integers(1, 4))
                year = int(random.integers(1968, 1996))
                built.houses.append(House(area, "detached", "residential", "masonry", storeys, year,
                                          int(storeys == 3), storeys == 3, False, storeys, angle=angle))  # fmt: skip
    return built


def hanok(area: Polygon, angle: float, random: np.random.Generator) -> Polygon:
    """Return a house of wings around a yard: ㄱ, ㄷ or ㅡ."""
    flat = turn(area, -angle)
    west, south, east, north = flat.bounds
    wing = random.uniform(3.6, 4.4)
    draw = random.random()
    left = west + wing if draw < 0.75 else west - 1
    right = east - wing if draw < 0.35 else east + 1
    yard = (
        shapely.box(left, south - 1, right, north - wing)
        if random.random() < 0.7
        else shapely.box(left, south + wing, right, north + 1)
    )
    parts = polygons(turn(flat.difference(yard), angle), 26.0)
    return max(parts, key=lambda p: p.area) if parts and north - south > wing + 2.5 else area


def works(free: Polygon, block: Superblock, random: np.random.Generator) -> Built:
    """Return factories and warehouses on large lots."""
    built = Built()
    axes = local_streets(free, block.angle, 92.0, 130.0, 10.0, random)
    built.streets = [(axis, 10.0, "unclassified") for axis in axes]
    paved = shapely.union_all([axis.buffer(5.0, cap_style="flat") for axis in axes])
    for piece in polygons(free.difference(paved), 400.0):
        for lot in lots.rows(piece, block.angle, (34, 66), random, 46.0):
            hall = lots.footprint(lot, random.uniform(4.0, 8.0), 220.0, 11.0)
            if hall is None:
                continue
            flat = turn(hall, -block.angle)
            west, south, east, north = flat.bounds
            year = int(random.integers(1976, 2021))
            if random.random() < 0.6 and east - west > 28:
                edge = west + (east - west) * random.uniform(0.62, 0.74)
                front = shapely.box(edge + 5, south, east, north - (north - south) * 0.35)
                office = polygons(turn(flat.intersection(front), block.angle), 60.0)
                built.houses += [
                    House(p, "works", "office", "concrete", int(random.integers(2, 5)), year) for p in office
                ]
                flat = polygons(flat.intersection(shapely.box(west, south, edge, north)))[0]
            built.houses += [
                House(
                    p, "works", "industrial", "steel", int(random.integers(1, 3)), year, roof="gable", angle=block.angle
                )
                for p in polygons(turn(flat, block.angle), 150.0)
            ]
    return built


def fields(free: Polygon, block: Superblock, random: np.random.Generator) -> Built:
    """Return fields at the foot of the hills, with a few farmhouses and greenhouses."""
    built = Built()
    for lot in lots.rows(free, block.angle + random.uniform(-8, 8), (30, 60), random, 38.0):
        built.open.append(("farmland", lot))
        draw = random.random()
        if draw < 0.30:
            area = lots.footprint(lot, 12.0, 60.0, 7.0)
            if area is not None:
                flat = turn(area, -block.angle)
                west, south, *_ = flat.bounds
                for part in polygons(
                    turn(flat.intersection(shapely.box(west, south, west + 13, south + 9)), block.angle), 50.0
                ):
                    built.houses.append(House(part, "detached", "residential", "masonry", 1,
                                              int(random.integers(1960, 2005)), households=1, roof="gable",
                                              angle=block.angle))  # fmt: skip
        elif draw < 0.42:
            inner = turn(lot.buffer(-5, join_style="mitre"), -block.angle)
            if inner.is_empty:
                continue
            west, south, east, north = inner.bounds
            for k in range(int((north - south) // 9)):
                tunnel = inner.intersection(shapely.box(west, south + k * 9, east, south + k * 9 + 6.5))
                year = int(random.integers(2002, 2022))
                built.houses += [House(p, "works", "agricultural", "steel", 1, year, angle=block.angle)
                                 for p in polygons(turn(tunnel, block.angle), 90.0)]  # fmt: skip
    return built


def park(free: Polygon) -> Built:
    """Return a park with a path around it and two across."""
    built = Built(open=[("park", free)])
    west, south, east, north = free.bounds
    across = [LineString([(west, south), (east, north)]), LineString([(west, north), (east, south)])]
    inner = free.buffer(-6.0)
    rings = [shapely.get_coordinates(part.exterior.simplify(0.5)) for part in polygons(free.buffer(-18.0), 500.0)]
    paths = [
        *(LineString(ring) for ring in rings),
        *(p for line in across for p in lines(line.intersection(inner), 10.0)),
    ]
    built.streets = [(path, 3.0, "footway") for path in paths]
    return built


def slabs(whole: Polygon, block: Superblock, arteries: BaseGeometry, random: np.random.Generator) -> Built:
    """Return an apartment complex: rows of slabs that look south, inner roads, lawns, a few shops by the main road."""
    built = Built()
    gates = lots.fronts(whole, arteries, (20, 30), 17.0, random)[:3]
    for lot in gates:
        built.houses += shop(lot, False, random)
    shops = len(built.houses)
    free = max(polygons(whole.difference(shapely.union_all(gates).buffer(4.0))), key=lambda p: p.area)
    new = block.quarter == "slabs"
    angle = (block.angle + 45.0) % 90.0 - 45.0 + random.uniform(-2.0, 2.0)
    inner = free.buffer(-11.0, join_style="mitre")
    flat = turn(inner, -angle)
    west, south, east, north = flat.bounds
    storeys, pitch = (int(random.integers(19, 26)), 56.0) if new else (int(random.integers(12, 16)), 46.0)
    year = int(random.integers(2008, 2022) if new else random.integers(1988, 2001))
    number = 101
    standing: list[Polygon] = []
    y = south
    rows: list[float] = []
    while y < north - 14.0:
        made = 0
        x = west + random.uniform(0, 9)
        while x < east - 38.0:
            units = int(random.integers(3, 6 if new else 7))
            tries = [slab_shape(x, y + k, units, 13.5, new) for k in (0.0, 6.0, 12.0, 18.0)]
            slab = next(
                (s for s in tries if flat.contains(s) and all(s.distance(other) > 11 for other in standing)), None
            )
            if slab is None:
                x += 5.0
                continue
            standing.append(slab)
            built.houses.append(House(
                Polygon(np.round(shapely.get_coordinates(turn(slab, angle)), 2)), "slab", "apartment", "concrete",
                storeys - int(random.integers(0, 3)), year, 2 if new else 1, name=f"{number}동", angle=angle,
            ))  # fmt: skip
            made += 1
            number += 1
            x += units * 13.5 + random.uniform(11, 18)
        if made and (not rows or y - rows[-1] > 0.8 * pitch):
            rows.append(y)
        y += pitch if made > 1 else 7.0
    for house in built.houses[shops:]:
        house.households = house.storeys * max(2, round(house.area.area / 150))
    for part in polygons(free.buffer(-6.0, join_style="mitre"), 2000.0):
        built.streets.append((LineString(shapely.get_coordinates(part.exterior.simplify(0.5))), 5.0, "service"))
    for low in rows[:-1]:
        y = low + pitch * 0.78
        axis = turn(LineString([(west - 20, y), (east + 20, y)]), angle).intersection(
            free.buffer(-6.0, join_style="mitre")
        )
        built.streets += [(part, 5.0, "service") for part in lines(axis, 30.0)]
    built.open += [("apartment", part) for part in polygons(free.buffer(-3.5), 500.0)]
    return built


def slab_shape(x: float, y: float, units: int, wide: float, new: bool) -> Polygon:
    """Return a slab of `units` stairwells on flat ground: 11.5 m deep, a stair core standing out north of each."""
    depth, core = (12.2, 2.6) if new else (11.0, 1.6)
    ring = [(x, y), (x + units * wide, y), (x + units * wide, y + depth)]
    for k in reversed(range(units)):
        middle = x + (k + 0.5) * wide
        ring += [
            (middle + 2.8, y + depth),
            (middle + 2.8, y + depth + core),
            (middle - 2.8, y + depth + core),
            (middle - 2.8, y + depth),
        ]
    return Polygon([*ring, (x, y + depth)])
