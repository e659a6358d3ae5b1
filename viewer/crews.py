"""Fire engines of a run: where they work, since when, and which hydrants feed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from viewer.memo import remember
from viewer.record import record

if TYPE_CHECKING:
    from twin.store import City

#: m, engines nearer than this to each other share a mark
NEAR = 25.0

#: what the record calls the water that an engine brought along
TANK = "tank"


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine. Times in s from the start; None: it never arrived.

    station, target  ids of buildings, "" for none     x, y  m, where it was sent
    held             s for which water on the way held it up
    source           id of the hydrant that fed it last, TANK     water  m3 that it threw
    straight         no road was near: it drove a straight line   length  m of its way, where recorded
    note             what the run says of it, "Korean · English"
    """

    name: str
    station: str
    target: str
    x: float
    y: float
    called: float
    arrived: float | None
    held: float
    source: str
    water: float
    recalled: bool
    straight: bool = False
    length: float | None = None
    note: str = ""

    def there(self, time: float | None) -> bool:
        """Return whether it has arrived by `time` s; None: at any time of the run."""
        return self.arrived is not None and (time is None or self.arrived <= time)


@remember(size=8)
def engines(city: City, run: str) -> tuple[Engine, ...]:
    """Return the engines of a run in the order in which they were called."""
    rows = record(city, run).get("engines", []) if run else []
    found = [
        Engine(
            str(row["name"]),
            str(row.get("station") or ""),
            str(row.get("target") or ""),
            float(row["x"]),
            float(row["y"]),
            float(row["called_s"]),
            None if row.get("arrived_s") is None else float(row["arrived_s"]),
            float(row.get("held_up_s") or 0.0),
            str(row.get("source") or TANK),
            float(row.get("water_m3") or 0.0),
            bool(row.get("recalled")),
            row.get("way") == "straight line",
            _number(row.get("way_m")),
            str(row.get("note") or ""),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda e: (e.called, e.arrived is None, e.arrived or 0.0, e.name)))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def groups(found: tuple[Engine, ...], time: float | None) -> list[list[Engine]]:
    """Return the engines that have arrived by `time` s, those near each other together."""
    places: list[list[Engine]] = []
    for engine in (e for e in found if e.there(time)):
        near = next((p for p in places if np.hypot(p[0].x - engine.x, p[0].y - engine.y) < NEAR), None)
        if near is None:
            places.append([engine])
        else:
            near.append(engine)
    return places


@remember(size=8)
def hydrants(city: City, run: str) -> tuple[tuple[str, float, float], ...]:
    """Return id and place (m) of the hydrants that fed engines in a run."""
    used = {e.source for e in engines(city, run)} - {TANK}
    if not used or not city.features.count("hydrant"):
        return ()
    import shapely

    batch = city.features.read("hydrant")
    rows = [row for row, id_ in enumerate(batch.ids) if id_ in used and batch.geometry[row] is not None]
    return tuple(
        (batch.ids[row], float(shapely.get_x(point)), float(shapely.get_y(point)))
        for row, point in ((row, shapely.centroid(batch.geometry[row])) for row in rows)
    )
