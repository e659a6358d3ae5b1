"""Hydrants and pumps."""

from __future__ import annotations

import numpy as np
from shapely import Point

from ingest.gaon import plan, water
from ingest.gaon.city import district
from ingest.gaon.shapes import DOMAIN, beside

#: m between hydrants along a street
HYDRANT_EVERY = 140.0


def hydrants() -> list[tuple[str, Point]]:
    """Return type and place of the hydrants: at the kerb of the streets, none nearer than 100 m to another."""
    kept: list[tuple[float, float]] = []
    for road in sorted(district().roads, key=lambda r: -r.width):
        if road.level or road.grade in ("service", "footway", "living_street") or road.line.length < 60:
            continue
        kerb = beside(road.line, road.width / 2 - 0.4, "left")
        for s in np.arange(20.0, kerb.length, HYDRANT_EVERY):
            x, y = kerb.interpolate(s).coords[0]
            near = kept and np.min(np.hypot(*(np.array(kept) - (x, y)).T)) < 100.0
            if not near and DOMAIN.contains(Point(x, y)) and not water.corridor().contains(Point(x, y)):
                kept.append((round(x, 2), round(y, 2)))
    return [("지상식" if k % 3 else "지하식", Point(p)) for k, p in enumerate(sorted(kept))]


def pumps() -> list[tuple[str, float, Point]]:
    """Return name, capacity (m3 s-1) and place of the drainage pumps."""
    return [(name, rate, Point(x, y)) for name, x, y, rate in plan.PUMPS]
