"""Readings on which an action may rest, and where they belong."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from twin.model.response.city import Site
from twin.model.response.view import Reading, Report, View

PLAUSIBLE: Mapping[str, tuple[float, float]] = {
    "rain_rate": (0.0, 6e-4),
    "rainfall": (0.0, 3.0),
    "water_level": (-500.0, 9000.0),
    "level": (-500.0, 9000.0),
    "depth": (0.0, 50.0),
    "underpass_depth": (0.0, 20.0),
    "basement_depth": (0.0, 20.0),
    "pump_rate": (0.0, 1000.0),
    "gate_opening": (0.0, 1.0),
    "crowd_density": (0.0, 15.0),
    "crowd_count": (0.0, 1e6),
    "traffic_count": (0.0, 1e6),
    "wind_speed": (0.0, 113.0),
}
"""Quantity -> least and greatest value, in its unit, that is believed: beyond it an instrument is broken.
Rain: about the greatest minute on record (31 mm, unverified); wind: the strongest gust on record (113 m/s,
unverified); else design.
"""


def trusted(readings: Iterable[Reading], now: float, oldest: float) -> list[Reading]:
    """Return the readings that carry no mark, are plausible, and are not older than `oldest` s."""
    return [one for one in readings if not one.mark and plausible(one) and -1e-6 <= now - one.time <= oldest]


def recent(reports: Iterable[Report], kind: str, now: float, oldest: float) -> list[Report]:
    """Return the reports of a kind of what was seen within the last `oldest` s, oldest first."""
    return [one for one in reports if one.kind == kind and one.received <= now and now - one.time <= oldest]


def plausible(one: Reading) -> bool:
    """Return whether a value can be true at all."""
    least, greatest = PLAUSIBLE.get(one.quantity, (-1e9, 1e9))
    return math.isfinite(one.value) and least <= one.value <= greatest


def belongs(one: Reading, id_: str) -> bool:
    """Return whether a sensor is that of a thing: it has its id, or ends in it after a colon."""
    return one.sensor == id_ or one.sensor.endswith(f":{id_}")


def of(readings: Iterable[Reading], quantity: str) -> list[Reading]:
    """Return the readings of a quantity, by sensor."""
    return sorted((one for one in readings if one.quantity == quantity), key=lambda one: (one.sensor, one.id))


def at(readings: Iterable[Reading], site: Site, quantity: str, radius: float = 0.0) -> Reading | None:
    """Return the reading of a site: of its own sensor, else of the nearest one within `radius` m; None: none is."""
    known = of(readings, quantity)
    own = next((one for one in known if belongs(one, site.id)), None)
    if own is not None:
        return own
    near = min(known, key=lambda one: (math.dist((one.x, one.y), (site.x, site.y)), one.sensor), default=None)
    return near if near is not None and math.dist((near.x, near.y), (site.x, site.y)) <= radius else None


def rising(view: View, one: Reading, back: float, oldest: float) -> float:
    """Return how fast a quantity has risen, in its unit per s, by trusted readings of the last `back` s; 0: unknown."""
    past = [
        r
        for r in view.history.get((one.sensor, one.quantity), ())
        if not r.mark and plausible(r) and one.time - back <= r.time <= one.time
    ]
    if len(past) < 2 or past[-1].time - past[0].time < 1.0 or view.time - one.time > oldest:
        return 0.0
    return (past[-1].value - past[0].value) / (past[-1].time - past[0].time)
