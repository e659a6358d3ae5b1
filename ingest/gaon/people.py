"""Who lives where, and the numbers under which the registers know a building: none of them belongs to a real place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from shapely import Polygon, box

from ingest.gaon import plan, terrain
from ingest.gaon.city import district
from ingest.gaon.houses import House
from ingest.gaon.shapes import dice

#: 읍면동: code, name, centre in local m; a building belongs to the nearest one
WARDS = (
    ("101", "가온동", 1350, 620), ("102", "샘골동", 900, 800), ("103", "버들동", 2000, 780),
    ("104", "방죽동", 250, 650), ("105", "남산동", 800, 150), ("106", "새터동", 2100, 150),
    ("107", "강북동", 900, 1350), ("108", "산들동", 1200, 1850),
    ("109", "솔내동", 2300, 1600), ("110", "해밀동", 2900, 2050),
)  # fmt: skip
#: m, side of a cell of the population grid
GRID = 100.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A building with its place in the registers. `ground` in m, `residents` people; ids are digits kept as text."""

    house: House
    register_id: str
    parcel_id: str
    address_id: str
    ward: str
    address: str
    residents: int
    ground: float


@cache
def entries() -> tuple[Entry, ...]:
    """Return every building of the district with ids, residents and ground level, ordered by its id."""
    houses = district().houses
    centres = np.array([h.area.representative_point().coords[0] for h in houses])
    ward = np.argmin(
        np.hypot(*(centres[:, None, :] - np.array([w[2:] for w in WARDS])[None]).transpose(2, 0, 1)), axis=1
    )
    streets = [r for r in district().roads if r.name]
    tree = shapely.STRtree([r.line for r in streets])
    nearest = np.asarray(tree.nearest(shapely.points(centres)))
    names = {name: number for number, name in enumerate(sorted({r.name for r in streets}))}
    random = dice("people")
    ground = terrain.ground()
    found = []
    plots: dict[int, int] = {}
    doors: dict[str, int] = {}
    for i, house in enumerate(houses):
        code, name = WARDS[ward[i]][:2]
        plots[ward[i]] = plot = plots.get(ward[i], -1) + 1
        street = streets[nearest[i]].name
        doors[street] = door = doors.get(street, 0) + 1
        parcel = f"{plan.DISTRICT}{code}001{plot // 20 + 1:04d}{plot % 20:04d}"
        rim = shapely.get_coordinates(house.area)
        found.append(Entry(
            house=house,
            register_id=f"{parcel}{i + 1:06d}",
            parcel_id=parcel,
            address_id=f"{plan.DISTRICT}{code}{4_990_001 + names[street]:07d}0{door:05d}{0:05d}",
            ward=name,
            address=f"{plan.CITY} {name} {street} {door}",
            residents=int(random.binomial(house.households * 4, 0.56)) if house.households else 0,
            ground=round(float(np.median(ground.at(rim[:, 0], rim[:, 1]))), 2),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda e: e.register_id))


def population() -> list[tuple[str, Polygon, int, int]]:
    """Return id, cell, people and homes of each 100 m cell where somebody lives."""
    people: dict[tuple[int, int], list[int]] = {}
    for entry in entries():
        if entry.residents:
            x, y = entry.house.area.representative_point().coords[0]
            cell = people.setdefault((int(y // GRID), int(x // GRID)), [0, 0])
            cell[0] += entry.residents
            cell[1] += entry.house.households
    return [
        (f"가온{column:02d}{row:02d}", box(column * GRID, row * GRID, (column + 1) * GRID, (row + 1) * GRID), n, homes)
        for (row, column), (n, homes) in sorted(people.items())
    ]  # fmt: skip
