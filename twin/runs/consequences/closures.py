"""Roads closed by water: from when, until when, for which vehicles; and how much of the network at every moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.impact import Vehicle, impassable
from twin.runs.consequences.roads import joined, roads_on, underpass_sections
from twin.runs.consequences.sections import Sections

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.runs.frames.store import Frames
    from twin.store import City

#: quantities of things of the city that a run may keep (`names.QUANTITIES`)
UNDERPASS, BASEMENT = "underpass_depth", "basement_depth"
RULE = (
    "a road is closed while any section of it, looked at in its middle and a third of its width to either side, is "
    "impassable at two of the three places; an underpass, and the road through it, while any of its cells or the water "
    "that the run keeps inside it is; at the moments of the frames, open "
    "again at the first frame at which it is passable"
)


class Closing:
    """Keeps which of n roads are closed in each frame (a watcher of `over_time.watch`).

    closed  (vehicles, frames, n) bool
    km      (vehicles, frames)  length of the impassable sections
    depth   (n,) m  greatest depth of any section
    """

    def __init__(self, sections: Sections, count: int, vehicles: Sequence[Vehicle], frames: Frames) -> None:
        self.sections = sections
        self.vehicles = vehicles
        self.times = frames.times
        self.closed = np.zeros((len(vehicles), len(frames.times), count), dtype=bool)
        self.km = np.zeros((len(vehicles), len(frames.times)))
        self.depth = np.zeros(count)
        self.peak = np.full(count, np.nan)
        self._owners, self._starts = np.unique(sections.owner, return_index=True)

    def see(self, i: int, depth: NDArray[np.float32], speed: NDArray[np.float32]) -> None:
        """Take in a frame."""
        if not len(self._owners):
            return
        cells = self.sections.cells
        deep, product = depth[cells], depth[cells] * speed[cells]
        for number, vehicle in enumerate(self.vehicles):
            bad = impassable(deep, product, vehicle).sum(axis=1) >= 2
            self.closed[number, i, self._owners] = np.logical_or.reduceat(bad, self._starts)
            self.km[number, i] = self.sections.length[bad].sum() / 1000
        here = self._deepest(deep)
        higher = self._owners[here > self.depth[self._owners]]
        self.peak[higher] = self.times[i]
        self.depth[self._owners] = np.maximum(self.depth[self._owners], here)

    def greatest(self, depth: NDArray[np.floating]) -> None:
        """Take in the greatest depth of the run, (cells,) m: it may lie between two frames."""
        if len(self._owners):
            here = self._deepest(np.nan_to_num(depth)[self.sections.cells])
            self.depth[self._owners] = np.maximum(self.depth[self._owners], here)

    def join(self, depths: NDArray[np.floating]) -> None:
        """Take in (frames, n) m of water that stands in no cell, because the run keeps it in a storage."""
        for number, vehicle in enumerate(self.vehicles):
            self.closed[number] |= depths > vehicle.depth
        if len(depths):
            top = depths.max(axis=0)
            higher = top > self.depth
            self.peak[higher] = np.asarray(self.times)[depths.argmax(axis=0)][higher]
            self.depth = np.maximum(self.depth, top)

    def _deepest(self, deep: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the depth of each road's deepest section: the middle one of its three places."""
        return np.asarray(np.maximum.reduceat(np.sort(deep, axis=1)[:, 1], self._starts), dtype=np.float64)

    def spans(self, i: int) -> dict[str, Any]:
        """Return, by class of vehicle, when road `i` is closed: `from_s`, `until_s` (None: to the end), `for_s`."""
        return {v.name: _span(self.times, self.closed[k, :, i]) for k, v in enumerate(self.vehicles)}


class Traffic:
    """The roads and underpasses of a city under one run: give `watchers` to `over_time.watch`, then ask for `facts`."""

    def __init__(self, city: City, frames: Frames, blocked: NDArray[np.bool_], vehicles: Sequence[Vehicle]) -> None:
        self.vehicles = vehicles
        self.times = frames.times
        self.stored = stored(frames, UNDERPASS)
        self.roads = roads_on(city, frames.grid, blocked, self.stored)
        self.underpasses: Features | None = None
        self.watchers: list[Closing] = []
        if self.roads is not None:
            self.on_roads = Closing(self.roads.sections, len(self.roads.features), vehicles, frames)
            self.watchers.append(self.on_roads)
        if city.features.count("underpass"):
            self.underpasses = city.features.read("underpass", bounds=frames.grid.bounds)
            self.parts = joined(self.underpasses, frames.grid.cell)
            sections = underpass_sections(self.underpasses, self.parts, frames.grid, blocked, self.stored)
            self.in_underpasses = Closing(sections, int(self.parts.max(initial=-1)) + 1, vehicles, frames)
            self.watchers.append(self.in_underpasses)

    def finish(self, depth: NDArray[np.floating]) -> None:
        """Take in the greatest depth of the run, (cells,) m, and the water in underpasses that are storages."""
        for closing in self.watchers:
            closing.greatest(depth)
        if self.underpasses is None:
            return
        inside = np.zeros((len(self.times), len(self.in_underpasses.depth)))
        number = dict(zip(self.underpasses.ids, self.parts.tolist(), strict=True))
        for id_, series in self.stored.items():
            if id_ in number:
                inside[:, number[id_]] = np.fmax(inside[:, number[id_]], series)
        self.in_underpasses.join(inside)
        if self.roads is not None:
            on_road = np.zeros((len(self.times), len(self.roads.features)))
            for road, ids in self.roads.through.items():
                for k in {number[id_] for id_ in ids if id_ in number}:
                    on_road[:, road] = np.maximum(on_road[:, road], inside[:, k])
            self.on_roads.join(on_road)

    def facts(self) -> dict[str, Any]:
        """Return `roads` and `underpasses` as JSON can hold them."""
        return {"roads": self._roads(), "underpasses": list(self._underpasses())}

    def _roads(self) -> dict[str, Any]:
        roads = self.roads
        if roads is None:
            none: dict[str, Any] = {"rule": RULE, "total": 0, "km": 0.0, "left_out": {}}
            return none | {"by_vehicle": {}, "over_time": [], "closed": []}
        seen, length = self.on_roads, roads.length / 1000
        ever = np.asarray(seen.closed.any(axis=1))
        rows = np.flatnonzero(np.asarray(ever.any(axis=0)))
        ids = np.array(roads.features.ids, dtype=object)
        rows = rows[np.lexsort((ids[rows], -seen.depth[rows]))]
        return {
            "rule": RULE,
            "total": len(roads.features),
            "km": round(float(length.sum()), 3),
            "left_out": roads.left_out,
            "by_vehicle": {
                v.name: {
                    "closed_roads": int(ever[k].sum()),
                    "closed_km": round(float(length[ever[k]].sum()), 3),
                    "deeper_between_frames_roads": int((~ever[k] & (seen.depth > v.depth)).sum()),
                }
                for k, v in enumerate(self.vehicles)
            },
            "over_time": list(self._over_time(length)),
            "closed": [
                {
                    **_named(roads.features, i),
                    "class": str(roads.features.column("class")[i] or ""),
                    "length_m": round(float(roads.length[i]), 1),
                    "depth_max_m": round(float(seen.depth[i]), 3),
                    "peak_s": _seconds(seen.peak[i]),
                    "closed": seen.spans(i),
                }
                for i in rows.tolist()
            ],
        }

    def _over_time(self, length: NDArray[np.float64]) -> Iterator[dict[str, Any]]:
        """Yield, for every frame, how many roads and how many km are closed to each class of vehicle."""
        seen = self.on_roads
        for i, time in enumerate(self.times):
            yield {
                "time_s": time,
                **{
                    v.name: {
                        "closed_roads": int(seen.closed[k, i].sum()),
                        "closed_km": round(float(length[seen.closed[k, i]].sum()), 3),
                        "impassable_km": round(float(seen.km[k, i]), 3),
                    }
                    for k, v in enumerate(self.vehicles)
                },
            }

    def _underpasses(self) -> Iterator[dict[str, Any]]:
        """Yield every underpass in the area, the deepest water first; one that states no depth is not cut."""
        found = self.underpasses
        if found is None:
            return
        seen, below = self.in_underpasses, found.numbers("depth")
        ids = np.array(found.ids, dtype=object)
        parts = [np.flatnonzero(self.parts == k) for k in range(len(seen.depth))]
        parts = [rows[np.lexsort((ids[rows], -np.nan_to_num(below[rows])))] for rows in parts]
        first = np.array([ids[rows[0]] for rows in parts], dtype=object)
        for k in np.lexsort((first, -seen.depth)).tolist():
            deepest = below[parts[k][0]]
            yield {
                **_named(found, int(parts[k][0])),
                "parts": sorted(ids[parts[k]].tolist()),
                "depth_max_m": round(float(seen.depth[k]), 3),
                "peak_s": _seconds(seen.peak[k]),
                "below_ground_m": None if np.isnan(deepest) else float(deepest),
                "closed": seen.spans(k),
            }


def stored(frames: Frames, quantity: str) -> dict[str, NDArray[np.float64]]:
    """Return (frames,) values of a quantity by id of the thing; none where the run has no such thing."""
    if quantity not in frames.asset_quantities:
        return {}
    ids, values = frames.assets(quantity)
    return dict(zip(ids, np.nan_to_num(values).T, strict=True))


def _span(times: Sequence[float], closed: NDArray[np.bool_]) -> dict[str, float | None] | None:
    """Return when a road is closed, None when it never is."""
    when = np.flatnonzero(closed)
    if not len(when):
        return None
    steps = np.diff(np.append(times, times[-1]))
    last = int(when[-1]) + 1
    return {
        "from_s": float(times[when[0]]),
        "until_s": float(times[last]) if last < len(times) else None,
        "for_s": float(steps[when].sum()),
    }


def _named(found: Features, i: int) -> dict[str, str]:
    name = found.column("name")[i]
    return {"id": found.ids[i], "name": "" if name is None else str(name)}


def _seconds(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None
