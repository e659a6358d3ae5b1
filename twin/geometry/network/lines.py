"""Which roads of a city are lines that somebody drives or walks, how fast, and on how many lanes.

A closed ring is the outline of a surface and no line, but for one at which two roads end: that is a roundabout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.geometry.network.junctions import JOIN
from twin.model.asset import Asset
from twin.names.roads import ON_FOOT

CLASSES: Mapping[str, tuple[float, float]] = {
    "motorway": (90.0, 4.0),
    "motorway_link": (45.0, 2.0),
    "trunk": (85.0, 4.0),
    "trunk_link": (40.0, 2.0),
    "primary": (50.0, 4.0),
    "primary_link": (30.0, 2.0),
    "secondary": (50.0, 2.0),
    "secondary_link": (25.0, 2.0),
    "tertiary": (40.0, 2.0),
    "tertiary_link": (20.0, 2.0),
    "unclassified": (25.0, 2.0),
    "residential": (25.0, 2.0),
    "living_street": (10.0, 1.0),
    "service": (15.0, 1.0),
    "track": (5.0, 1.0),
}
"""Class of a road -> km/h of a car on the free road, lanes in both directions together where nobody says.

Speeds: the car profile common to OSRM and Itinero (primary 65, secondary 55), not above 50 inside a town
(도로교통법 시행규칙 제19조, unverified). Lanes: assumed, unverified."""

OTHER = "tertiary"
"""A road of another class, or of none, is driven as this one; assumed."""

WALK = 1.2
"""m s-1, people on a free way; assumed, unverified. What `Line.speed` is on ways that no car takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A centre line.

    id      of the road;   points  (k, 2) m, two different points or more
    speed   m s-1 of a car on the free road, > 0;   lanes  in both directions together, > 0
    over    a bridge: water on the ground does not reach it
    foot    for people on foot only
    """

    id: str
    points: NDArray[np.float64]
    speed: float
    lanes: float
    over: bool = False
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """Roads by what they are.

    driven    lines that cars take;   walked  of a class for people on foot, of whatever shape
    surfaces  outlines of surfaces, left out;   short  roads without a length, left out
    """

    driven: tuple[Asset, ...]
    walked: tuple[Asset, ...]
    surfaces: int
    short: int


def sort_out(assets: Sequence[Asset]) -> Kept:
    """Return the roads of a city by what they are, each in its order."""
    driven, walked = [], []
    surfaces = short = 0
    ends = _ends(assets)
    for asset in assets:
        points = points_of(asset)
        if class_of(asset) in ON_FOOT:
            walked.append(asset)
        elif not _long(points):
            short += 1
        elif (points[0] == points[-1]).all() and not _roundabout(points, ends):
            surfaces += 1
        else:
            driven.append(asset)
    return Kept(tuple(driven), tuple(walked), surfaces, short)


def lines_of(assets: Sequence[Asset]) -> list[Line]:
    """Return the lines of a city's roads, in the order of their ids.

    What says `lanes` has as many. Closed rings for people on foot are squares, which nobody can say a way across:
    they are left out, as are all surfaces and roads without a length.
    """
    kept = sort_out(assets)
    lines = []
    for asset in kept.driven:
        speed, lanes = CLASSES.get(class_of(asset), CLASSES[OTHER])
        said = asset.params.get("lanes")
        if isinstance(said, int | float) and not isinstance(said, bool) and 0 < said < np.inf:
            lanes = float(said)
        lines.append(Line(asset.id, points_of(asset), speed / 3.6, lanes, bridge(asset)))
    for asset in kept.walked:
        points = points_of(asset)
        if _long(points) and (points[0] != points[-1]).any():
            lines.append(Line(asset.id, points, WALK, 1.0, bridge(asset), foot=True))
    return sorted(lines, key=lambda line: line.id)


def points_of(asset: Asset) -> NDArray[np.float64]:
    """Return (k, 2) m the points of a road."""
    return np.asarray(asset.points, dtype=np.float64).reshape(-1, 2)


def class_of(asset: Asset) -> str:
    """Return the class of a road in small letters, "" where it has none."""
    return str(asset.params.get("class") or "").lower()


def bridge(asset: Asset) -> bool:
    """Return whether a road says that it is a bridge, by that word or by its layer."""
    said, layer = asset.params.get("bridge"), asset.params.get("layer")
    above = isinstance(layer, int | float) and not isinstance(layer, bool) and layer > 0
    return above or (said is not None and str(said).lower() not in {"", "no", "false", "0", "f"})


def _long(points: NDArray[np.float64]) -> bool:
    return len(points) >= 2 and bool((points != points[0]).any())


def _ends(assets: Sequence[Asset]) -> NDArray[np.float64]:
    """Return (n, 2) m where open lines end that carry cars."""
    found = [
        asset.points[i]
        for asset in assets
        if len(asset.points) > 1 and asset.points[0] != asset.points[-1] and class_of(asset) not in ON_FOOT
        for i in (0, -1)
    ]
    return np.asarray(found, dtype=np.float64).reshape(-1, 2)


def _roundabout(ring: NDArray[np.float64], ends: NDArray[np.float64]) -> bool:
    """Return whether two roads end at the vertices of a ring."""
    near = ends[((ends >= ring.min(axis=0) - JOIN) & (ends <= ring.max(axis=0) + JOIN)).all(axis=1)]
    if len(near) < 2:
        return False
    away = np.hypot(near[:, None, 0] - ring[None, :, 0], near[:, None, 1] - ring[None, :, 1])
    return int((away.min(axis=1) <= JOIN).sum()) >= 2
