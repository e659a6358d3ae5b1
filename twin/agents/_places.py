"""Where things are to each other: the home, the node and the district next to a place."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from twin.model.response.city import Facts, Home, Site


def home_at(facts: Facts, x: float, y: float, radius: float) -> Home | None:
    """Return the home nearest to a place, within `radius` m; None: there is none. Of equally near ones the first."""
    near = min(facts.homes, key=lambda home: (math.hypot(home.x - x, home.y - y), home.id), default=None)
    return near if near is not None and math.hypot(near.x - x, near.y - y) <= radius else None


def site_at(sites: Sequence[Site], x: float, y: float, radius: float = math.inf) -> Site | None:
    """Return the site nearest to a place, within `radius` m; None: there is none."""
    near = min(sites, key=lambda site: (math.hypot(site.x - x, site.y - y), site.id), default=None)
    return near if near is not None and math.hypot(near.x - x, near.y - y) <= radius else None


def node_at(facts: Facts, x: float, y: float) -> int:
    """Return the node that cars reach next to a place; -1: there is none."""
    from twin.geometry.network import nearest

    return int(nearest(facts.roads, x, y)[0])


def district_of(facts: Facts, x: float, y: float) -> str:
    """Return the district of the home nearest to a place; "" without homes."""
    home = home_at(facts, x, y, math.inf)
    return "" if home is None else home.district


def districts(facts: Facts) -> list[str]:
    """Return the ids of all districts in which somebody lives, "" for homes in none, in their order."""
    return sorted({home.district for home in facts.homes})


def members(facts: Facts, district: str) -> np.ndarray:
    """Return (n,) which homes lie in a district."""
    return np.array([home.district == district for home in facts.homes], bool)
