"""Which roads and places a fire reaches, and when: what lies in it, next to it, or under heat that nobody bears."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.geometry.burn import around
from twin.impact.fire import HEAT_LIMIT, HEAT_RULE
from twin.runs.consequences.roads import Roads, roads_on
from twin.runs.consequences.sections import cell_of, centres_within

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.runs.frames.store import Frames
    from twin.store import City

STATE, HEAT, ARRIVAL = "fire_state", "heat_flux", "fire_arrival"
#: states of `fire_state` in which a cell burns
BURNS = (1.0, 3.0)
RULE = (
    "a road is closed from the moment the fire reaches one of its cells, or a cell next to it, up to the first frame "
    "at which nothing burns there any more; closures by smoke and by order are not modelled"
)


class Reach:
    """What a fire does to cells over the frames of a run.

    arrival  (cells,) s   first time at which it reached the cell or one of the eight around it, or at which a frame
             shows heat above the limit; inf: never
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self.grid, self.times = frames.grid, frames.times
        self.hot = HEAT in frames.quantities
        first = frames.summary(ARRIVAL).astype(np.float64)
        self._first = _spread(np.where(np.isfinite(first), first, np.inf), np.minimum)
        arrival = self._first
        for i in range(len(self.times) - 1, -1, -1) if self.hot else ():
            arrival = np.where(self._heat(i), np.minimum(self._first, self.times[i]), arrival)
        self.arrival = arrival.ravel()

    def near(self, i: int) -> NDArray[np.bool_]:
        """Return (cells,) where something burns at frame `i`, or did since the one before, or heat is above the limit.

        A cell counts when one of the eight around it burns.
        """
        since = self.times[i - 1] if i else -np.inf
        burns = (self._first > since) & (self._first <= self.times[i])
        if STATE in self._frames.quantities:
            burns |= _spread(np.isin(self._frames.read(STATE, i), BURNS), np.logical_or)
        if self.hot:
            burns |= self._heat(i)
        return burns.ravel()

    def _heat(self, i: int) -> NDArray[np.bool_]:
        return np.asarray(np.nan_to_num(self._frames.read(HEAT, i)) >= np.float32(HEAT_LIMIT))

    @property
    def rule(self) -> str:
        """What counts as reached, in words."""
        heat = f", or under {HEAT_RULE}" if self.hot else "; the run keeps no radiant heat"
        return f"places in the fire or within a cell of it ({self.grid.cell:g} m){heat}"

    def at(self, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
        """Return (n,) s at which the fire reaches shapes: any cell in them or around them; NaN: never."""
        owner, cell = around(shapes, self.grid, np.zeros(self.grid.shape, dtype=bool))
        inner, xy = centres_within(_solid(shapes), self.grid)
        first = np.full(len(shapes), np.inf)
        cells = np.concatenate([cell, cell_of(xy, self.grid)[0]])
        np.minimum.at(first, np.concatenate([owner, inner]), self.arrival[cells])
        return np.where(np.isfinite(first), first, np.nan)


def road_facts(city: City, reach: Reach) -> dict[str, Any]:
    """Return the roads that the fire closes, when and how much of the network at each frame, as JSON can hold it."""
    # no cell is left out: a road beside a building is as near to its fire as can be
    roads = roads_on(city, reach.grid, np.zeros(reach.grid.shape, dtype=bool))
    if roads is None:
        return {"rule": RULE, "total": 0, "km": 0.0, "left_out": {}, "closed_roads": 0, "closed_km": 0.0} | {
            "over_time": [],
            "closed": [],
        }
    count, cells = len(roads.features), roads.sections.cells
    first = np.full(count, np.inf)
    np.minimum.at(first, roads.sections.owner, reach.arrival[cells].min(axis=1))
    shut = np.zeros((len(reach.times), count), dtype=bool)
    for i in range(len(reach.times)):
        shut[i, roads.sections.owner[reach.near(i)[cells].any(axis=1)]] = True
    km = roads.length / 1000
    rows = np.flatnonzero(np.isfinite(first))
    ids = np.array(roads.features.ids, dtype=object)
    return {
        "rule": RULE,
        "total": count,
        "km": round(float(km.sum()), 3),
        "left_out": roads.left_out,
        "closed_roads": len(rows),
        "closed_km": round(float(km[rows].sum()), 3),
        "over_time": [
            {"time_s": time, "closed_roads": int(shut[i].sum()), "closed_km": round(float(km[shut[i]].sum()), 3)}
            for i, time in enumerate(reach.times)
        ],
        "closed": [_closed(roads, i, first[i], shut[:, i], reach) for i in rows[np.lexsort((ids[rows], first[rows]))]],
    }


def _closed(roads: Roads, i: int, first: float, shut: NDArray[np.bool_], reach: Reach) -> dict[str, Any]:
    when = np.flatnonzero(shut)
    last = int(when[-1]) + 1 if len(when) else len(reach.times)
    name, class_ = roads.features.column("name")[i], roads.features.column("class")[i]
    return {
        "id": roads.features.ids[i],
        "name": "" if name is None else str(name),
        "class": str(class_ or ""),
        "length_m": round(float(roads.length[i]), 1),
        "from_s": round(float(first), 1),
        "until_s": float(reach.times[last]) if last < len(reach.times) else None,
    }


def place_facts(reach: Reach, found: Features) -> Iterator[dict[str, Any]]:
    """Yield the features that the fire reaches, the first to be reached first."""
    first, ids = reach.at(found.geometry), np.array(found.ids, dtype=object)
    rows = np.flatnonzero(np.isfinite(first))
    name, class_, capacity = found.column("name"), found.column("class"), found.numbers("capacity")
    for i in rows[np.lexsort((ids[rows], first[rows]))].tolist():
        yield {
            "id": found.ids[i],
            "name": "" if name[i] is None else str(name[i]),
            "kind": found.kind,
            "class": "" if class_[i] is None else str(class_[i]),
            "capacity": None if np.isnan(capacity[i]) or found.kind != "shelter" else float(capacity[i]),
            "arrival_s": round(float(first[i]), 1),
        }


def _solid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the shapes that have an area, None for the others."""
    import shapely

    out = np.array(shapes, dtype=object)
    out[shapely.get_dimensions(out) < 2] = None
    return out


def _spread(field: NDArray[Any], take: np.ufunc) -> NDArray[Any]:
    """Return (ny, nx) what `take` makes of each cell and the eight around it."""
    rows = field.copy()
    take(rows[1:], field[:-1], out=rows[1:])
    take(rows[:-1], field[1:], out=rows[:-1])
    out = rows.copy()
    take(out[:, 1:], rows[:, :-1], out=out[:, 1:])
    take(out[:, :-1], rows[:, 1:], out=out[:, :-1])
    return out
