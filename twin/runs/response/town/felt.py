"""The hazard of one member of an outlook, at one moment, and what it makes of the roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.model.response.view import Course, Outlook
from twin.physics.movement import walking
from twin.runs.response.town.ground import Ground
from twin.runs.response.town.settings import CHILDREN, PRODUCT, WOMEN

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

ABLE, VULNERABLE = 0, 1
"""Kinds of people on foot."""

ON_FOOT = (WOMEN, CHILDREN)
"""m, depth that each kind passes at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Felt:
    """Water and fire at h homes, s sites and k edges; water under a bridge is not on it.

    depth, fire                        (h,) m above ground, (h,)
    site_depth, site_fire              (s,) m, (s,) at sites
    edge_depth, edge_product, edge_fire  (k,) m, (k,) m2 s-1, (k,)
    rate  (2, k) m s-1  of people on foot, 0: nobody gets on
    shut  (2, k)        nobody steps on it
    """

    depth: Floats
    fire: Mask
    site_depth: Floats
    site_fire: Mask
    edge_depth: Floats
    edge_product: Floats
    edge_fire: Mask
    rate: Floats
    shut: Mask

    def passes(self, depth: float, product: float) -> Mask:
        """Return (k,) the edges on which water is not over the limits of a vehicle, m and m2 s-1."""
        # courses hold float32: 0.3 of a course is 0.3 of the limit
        return np.asarray((self.edge_depth <= np.float32(depth)) & (self.edge_product <= np.float32(product)))

    def deep(self, kind: NDArray[np.int64], edge: NDArray[np.int64]) -> Mask:
        """Return (m,) whether people of a kind are in water over their limit on an edge, -1: on none."""
        limit = np.array(ON_FOOT, dtype=np.float32)[kind]
        over = (self.edge_depth[edge] > limit) | (self.edge_product[edge] > np.float32(PRODUCT))
        return np.asarray((edge >= 0) & over)

    def burns(self, edge: NDArray[np.int64]) -> Mask:
        """Return (m,) whether an edge is within reach of fire, -1: none is meant."""
        return np.asarray((edge >= 0) & self.edge_fire[edge])


class Weather:
    """What a member of an outlook holds for each time; a value holds until the next, the first also before."""

    def __init__(self, ground: Ground, outlook: Outlook, member: int) -> None:
        """Take the outlook. Raises InputError where it is not of this city, or has no such member."""
        self._ground, self._member = ground, member
        self._homes, self._sites, self._edges = outlook.homes, outlook.sites, outlook.edges
        for name, course, count in (
            ("homes", outlook.homes, len(ground.node)),
            ("sites", outlook.sites, len(ground.facts.sites)),
            ("edges", outlook.edges, len(ground.roads.start)),
        ):
            members, times, things = course.depth.shape
            if things != count or times != len(course.times) or not times:
                raise InputError(
                    f"outlook {outlook.id}: its {name} have {len(course.times)} times and values for {times} times and"
                    f" {things} things; the city has {count}"
                )
            if not 0 <= member < members:
                raise InputError(f"outlook {outlook.id}: there is no member {member}; it has {members}, from 0")
        self._at = (-1, -1, -1)
        self._felt: Felt | None = None

    def at(self, time: float) -> Felt:
        """Return the hazard at a time in s."""
        at = _row(self._homes, time), _row(self._sites, time), _row(self._edges, time)
        if self._felt is None or at != self._at:
            self._at, self._felt = at, self._read(*at)
        return self._felt

    def _read(self, home: int, site: int, edge: int) -> Felt:
        settings, roads = self._ground.settings, self._ground.roads
        depth = np.where(roads.over, 0.0, self._edges.depth[self._member, edge]).astype(np.float64)
        product = np.where(roads.over, 0.0, self._edges.product[self._member, edge]).astype(np.float64)
        fire = self._edges.fire[self._member, edge]
        night = walking.NIGHT if settings.night else 1.0
        rate = np.stack(
            [
                speed * walking.speed_factor(depth.astype(np.float32), float(np.float32(limit)), night)
                for speed, limit in zip((settings.walk, settings.slow), ON_FOOT, strict=True)
            ]
        )
        rate[:, product > np.float32(PRODUCT)] = 0.0
        return Felt(
            depth=self._homes.depth[self._member, home].astype(np.float64),
            fire=self._homes.fire[self._member, home],
            site_depth=self._sites.depth[self._member, site].astype(np.float64),
            site_fire=self._sites.fire[self._member, site],
            edge_depth=depth,
            edge_product=product,
            edge_fire=fire,
            rate=rate,
            shut=(rate <= 0) | fire,
        )


def _row(course: Course, time: float) -> int:
    return max(int(np.searchsorted(course.times, time, side="right")) - 1, 0)
