"""What of a town does not change: homes as arrays, places by id, and what chance has given each home.

Chance is drawn for each home by its id: the same with and without an action, and whatever else there is in the city.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network import parts
from twin.model.response.city import Facts, Network, Site
from twin.runs.response.town.settings import TownSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Of h homes, s sites and d districts; position d stands for what lies in none.

    home, site   id -> position in `Facts`
    people       (h, 3) at the start: below, ground, upper;   first_floor  (h,) m above ground
    x, y         (h,) m;   node  (h,) int64, -1: no road is near
    district     (h,) int64;   site_district  (s,) int64, that of the nearest home
    shelters     positions of sites, in the order of their ids, that people can walk to
    hospitals    nodes of theirs
    access       (h,)  whether there is a way to a hospital while all roads are dry
    chance       (h, 4) standard normal: until they leave (able, vulnerable), until they are up (below, ground floor)
    """

    facts: Facts
    settings: TownSettings
    home: Mapping[str, int]
    site: Mapping[str, int]
    districts: tuple[str, ...]
    people: Floats
    first_floor: Floats
    x: Floats
    y: Floats
    node: NDArray[np.int64]
    district: NDArray[np.int64]
    site_district: NDArray[np.int64]
    shelters: tuple[int, ...]
    hospitals: NDArray[np.int64]
    access: NDArray[np.bool_]
    chance: Floats

    @property
    def roads(self) -> Network:
        """The roads of the city."""
        return self.facts.roads

    def site_of(self, id_: object) -> Site | None:
        """Return a site by its id, None where there is no such."""
        place = self.site.get(str(id_))
        return None if place is None else self.facts.sites[place]

    def districts_at(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """Return (m,) the district of the home nearest to each place in m; without homes that of no district."""
        return _of_nearest(x, y, self.x, self.y, self.district, len(self.districts))

    def summed(self, of_home: Floats) -> Floats:
        """Return (d + 1,) the sums by district of (h,) what homes have."""
        return np.bincount(self.district, of_home, len(self.districts) + 1).astype(np.float64)

    def joined(self, shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return (h,) whether there is a way to a hospital that avoids (k,) shut edges."""
        return reached(self.roads, self.node, self.hospitals, shut)


def ground_of(facts: Facts, settings: TownSettings, seed: int) -> Ground:
    """Return what does not change of a town."""
    homes, sites = facts.homes, facts.sites
    districts = tuple(sorted({*facts.districts, *(home.district for home in homes)} - {""}))
    number = {id_: i for i, id_ in enumerate(districts)} | {"": len(districts)}
    x, y = (np.array([getattr(home, name) for home in homes], dtype=np.float64) for name in "xy")
    district = np.array([number[home.district] for home in homes], dtype=np.int64)
    node = np.array([home.node for home in homes], dtype=np.int64)
    hospitals = np.array([site.node for site in facts.of("hospital") if site.node >= 0], dtype=np.int64)
    return Ground(
        facts=facts,
        settings=settings,
        home={home.id: i for i, home in enumerate(homes)},
        site={site.id: i for i, site in enumerate(sites)},
        districts=districts,
        people=np.array([(home.below, home.ground, home.upper) for home in homes], dtype=np.float64).reshape(-1, 3),
        first_floor=np.array([home.first_floor for home in homes], dtype=np.float64),
        x=x,
        y=y,
        node=node,
        district=district,
        site_district=_of_nearest(
            np.array([site.x for site in sites]),
            np.array([site.y for site in sites]),
            x,
            y,
            district,
            len(districts),
        ),
        shelters=tuple(i for i, site in enumerate(sites) if site.kind == "shelter" and site.node >= 0),
        hospitals=hospitals,
        access=reached(facts.roads, node, hospitals, np.zeros(len(facts.roads.start), bool)),
        chance=_chance(facts, seed),
    )


def reached(
    roads: Network, node: NDArray[np.int64], goals: NDArray[np.int64], shut: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return (h,) whether a vehicle comes from a node to one of the goals while (k,) edges are shut."""
    if not len(goals) or not len(roads.x):
        return np.zeros(len(node), bool)
    part = parts(roads, shut=shut)
    return np.asarray((node >= 0) & np.isin(part[node], part[goals]))


def _of_nearest(
    x: Floats, y: Floats, home_x: Floats, home_y: Floats, district: NDArray[np.int64], outside: int
) -> NDArray[np.int64]:
    from scipy.spatial import cKDTree

    if not len(home_x) or not len(x):
        return np.full(len(x), outside, np.int64)
    _, nearest = cKDTree(np.column_stack([home_x, home_y])).query(np.column_stack([x, y]))
    return np.asarray(district[nearest], dtype=np.int64)


def _chance(facts: Facts, seed: int) -> Floats:
    """Return (h, 4) standard normal draws, each row from a generator of its home's own."""
    out = np.empty((len(facts.homes), 4))
    for i, home in enumerate(facts.homes):
        word = int.from_bytes(hashlib.sha256(home.id.encode()).digest()[:8], "little")
        out[i] = np.random.default_rng([seed, word]).standard_normal(4)
    return out
