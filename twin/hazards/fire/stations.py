"""Where crews and their water come from: the fire stations, hydrants and supplies of a city."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from twin.hazards.fire.crews import Crews, Hydrant

if TYPE_CHECKING:
    from twin.hazards.fire.params import Params
    from twin.model.asset import Asset
    from twin.model.field import Grid

SUPPLY = ("substation", "waterworks", "pumping_station", "water_works")
"""Classes of facilities without which the hydrants near them have no pressure."""

SAME = 100.0
"""m within which two features that are fire stations are one."""


def crews_of(assets: Mapping[str, Sequence[Asset]], grid: Grid, params: Params) -> Crews:
    """Return the stations, hydrants, supplies and roads of a city.

    assets  kind -> things: "hydrant", "facility" (class "fire_station", or one of `SUPPLY`), "building" (use
            "fire_station"), "road"
    """
    stations: list[tuple[str, float, float]] = []
    supplies: list[tuple[str, float, float]] = []
    for asset in (*assets.get("facility", ()), *assets.get("building", ())):
        x, y = middle(asset.points)
        if "fire_station" in (asset.params.get("class"), asset.params.get("use")):
            if not any(_one(asset, (x, y), (there[0], there[1])) for _, *there in stations):
                stations.append((asset.id, x, y))
        elif asset.kind == "facility" and asset.params.get("class") in SUPPLY:
            supplies.append((asset.id, x, y))
    hydrants = []
    for asset in assets.get("hydrant", ()):
        x, y = middle(asset.points)
        rate = asset.params.get("rate")
        stated = isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0
        flow = 1000.0 * float(rate) if stated and isinstance(rate, int | float) else params.hydrant_l_per_s
        hung = min(range(len(supplies)), key=lambda i: math.dist(supplies[i][1:], (x, y)), default=-1)
        hydrants.append(Hydrant(asset.id, x, y, flow, supply=hung, stated=stated))
    return Crews(params, grid, assets.get("road", ()), stations, hydrants, supplies, away=[0] * len(stations))


def _one(asset: Asset, place: tuple[float, float], station: tuple[float, float]) -> bool:
    """Return whether a thing at a place, m, is a station that is known: near it, or the building around it."""
    if math.dist(place, station) < SAME:
        return True
    import shapely

    ring = asset.points
    return len(ring) >= 4 and bool(shapely.Polygon(ring).contains(shapely.Point(station)))


def middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean of the points of a thing, in m; a closing one is not counted twice."""
    if len(points) > 1 and points[0] == points[-1]:
        points = points[:-1]
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
