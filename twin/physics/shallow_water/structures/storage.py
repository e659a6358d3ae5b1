"""Underpasses and basements: storages that fill through their entrances and give back what stands above the sill.

Thousands of them work as one structure. The ground above them stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.structures.hydraulics import drowned, weir
from twin.physics.shallow_water.structures.vessel import Floats, Shapes, Vessel
from twin.physics.shallow_water.water import Water

LIMITS: Mapping[str, float] = {
    "water_enters": 0.01,
    "stairs_hard": 0.17,
    "door_opens": 0.30,
    "stairs_handrail": 0.35,
    "door_shut": 0.40,
    "stairs_impassable": 0.455,
}
"""m of water above the sill of an entrance. Above the first it is more than rain that runs off; then careful walking on
stairs ends, a door still opens against it (up to here), stairs need the handrail, a door does not open any more, nobody
climbs the stairs. Source: experiments of the National Disaster Management Research Institute of Korea, as the press
reports them."""


@dataclass(frozen=True, slots=True)
class Bottom:
    """The lowest place of one storage, where the pump stands that belongs to it."""

    storages: Storages
    number: int

    def held(self) -> float:
        """Return the depth of water there in m."""
        return float(self.storages.depth[self.number])

    def draw(self, volume: float) -> float:
        """Take `volume` m3 out; return the m3 taken, never more than there is."""
        held = self.storages
        taken = min(volume, float(held.volume[self.number]))
        if taken <= 0:
            return 0.0
        held.volume = held.volume.copy()
        held.volume[self.number] -= taken
        held.depth = held.shapes.height(held.volume)
        return taken


class Storages(Structure):
    """Storages below the ground. `number` says which of them a thing of the city belongs to.

    quantity  what their depth is called in frames
    vessels   their shapes and entrances
    rain      time in s -> m s-1, of which the cells whose rain they catch take their share

    volume (n,) m3 and depth (n,) m above the floor are what each holds, deepest (n,) m the most so far. boards (n,) m
    and pumps (n,) m3 s-1 may be set at any time: flood boards raise the sills, its own pump lifts the water out of the
    area.
    """

    def __init__(
        self, name: str, quantity: str, vessels: list[Vessel], rain: Callable[[float], float] | None = None
    ) -> None:
        self.name, self.quantity = name, quantity
        self.ids = [v.id for v in vessels]
        parts = [(part, i, floor) for i, v in enumerate(vessels) for part, floor in v.parts or ((v.id, v.floor),)]
        self.number = {part: i for part, i, _ in parts}
        self._part_floor = np.array([floor for _, _, floor in parts])
        self.shapes = Shapes(vessels)
        counts = [len(v.sill) for v in vessels]
        self._of = np.repeat(np.arange(len(vessels)), counts)
        self._doors = np.array(counts, np.float64)[self._of]
        self._first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
        self.cells = (
            np.concatenate([v.entrances[0] for v in vessels]).astype(np.intp),
            np.concatenate([v.entrances[1] for v in vessels]).astype(np.intp),
        )
        self._sill = np.concatenate([v.sill for v in vessels]).astype(np.float64)
        self._width = np.concatenate([v.width for v in vessels]).astype(np.float64)
        pairs, self._where, shared = np.unique(np.stack(self.cells), axis=1, return_inverse=True, return_counts=True)
        self._where = self._where.ravel()
        self._unique = pairs[0], pairs[1]
        self._sharing = shared.astype(np.float64)[self._where]
        self._rain = rain
        caught = np.stack([np.concatenate([v.catch[i] for v in vessels]).astype(np.intp) for i in (0, 1)])
        # where two of them cross, the first one has the rain
        _, first = np.unique(caught, axis=1, return_index=True)
        self._caught_by = np.repeat(np.arange(len(vessels)), [len(v.catch[0]) for v in vessels])[first]
        self._catch = caught[0][first], caught[1][first]
        count = len(vessels)
        self.volume, self.boards, self.pumps = np.zeros(count), np.zeros(count), np.zeros(count)
        self.closed = np.zeros(count, bool)
        self.depth, self.deepest = np.zeros(count), np.zeros(count)
        self._passed = np.full((count, len(LIMITS)), np.nan)
        self.left, self.slack = 0.0, 0.0

    def places(self) -> Iterable[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Return the entrances."""
        return (self.cells,)

    def step(self, water: Water, time: float, dt: float) -> None:
        """Let water in and out through the entrances, catch the rain, pump; at most what makes levels equal."""
        before = self.volume
        depth = water.depth_at(self.cells)
        if depth.any() or before.any():
            bed = water.bed_at(self.cells)
            self._exchange(water, bed + depth, np.maximum(self._sill + self.boards[self._of], bed), time, dt)
        if self._rain is not None and len(self._catch[0]):
            self._catch_rain(water, self._rain(time) * dt)
        if self.pumps.any():
            lifted = np.minimum(self.volume, self.pumps * dt)
            self.volume = self.volume - lifted
            self.left += float(lifted.sum())
        if self.volume is not before:
            self.depth = self.shapes.height(self.volume)
            self.deepest = np.maximum(self.deepest, self.depth)

    def below(self, row: int, column: int) -> int | None:
        """Return which storage catches the rain of a cell, or of one beside it."""
        near = (abs(self._catch[0] - row) <= 1) & (abs(self._catch[1] - column) <= 1)
        return int(self._caught_by[near][0]) if near.any() else None

    def limits(self) -> list[dict[str, object]]:
        """Return what has been passed and when: id, limit (a name of `LIMITS`), depth in m, time in s."""
        names = list(LIMITS)
        return [
            {"id": self.ids[i], "limit": names[k], "depth": LIMITS[names[k]], "time": float(self._passed[i, k])}
            for i, k in np.argwhere(~np.isnan(self._passed))
        ]

    def reached(self) -> dict[str, dict[str, object]]:
        """Return id -> m3 it can hold and holds, greatest depth in m, limits passed and when, if water came at all."""
        passed = ~np.isnan(self._passed)
        return {
            self.ids[i]: {
                "capacity_m3": float(self.shapes.capacity[i]),
                "volume_m3": float(self.volume[i]),
                "deepest_m": float(self.deepest[i]),
                "limits": {name: float(self._passed[i, k]) for k, name in enumerate(LIMITS) if passed[i, k]},
            }
            for i in np.flatnonzero(passed.any(axis=1) | (self.deepest > 0))
        }

    def budget(self) -> Mapping[str, float]:
        """Return what their own pumps have lifted out, in m3."""
        return {"pumped": self.left}

    def stored(self) -> float:
        """Return the m3 in all of them, with what rounding kept from the street."""
        return float(self.volume.sum()) + self.slack

    def state(self) -> Mapping[str, Mapping[str, float]]:
        """Return the depth in m of each."""
        level = (self.shapes.floor + self.depth)[list(self.number.values())]
        depth = np.where(self.depth[list(self.number.values())] > 0, np.maximum(level - self._part_floor, 0.0), 0.0)
        return {self.quantity: dict(zip(self.number, depth.tolist(), strict=True))}

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return volumes, boards, pumps, and when limits were passed."""
        return {
            "volume": self.volume.copy(),
            "boards": self.boards.copy(),
            "pumps": self.pumps.copy(),
            "closed": self.closed.copy(),
            "deepest": self.deepest.copy(),
            "passed": self._passed.copy(),
            "books": np.array([self.left, self.slack]),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self.volume, self.boards, self.pumps = (saved[n].copy() for n in ("volume", "boards", "pumps"))
        self.closed, self.deepest, self._passed = (saved[n].copy() for n in ("closed", "deepest", "passed"))
        self.left, self.slack = (float(v) for v in saved["books"])
        self.depth = self.shapes.height(self.volume)

    def _exchange(self, water: Water, street: Floats, crest: Floats, time: float, dt: float) -> None:
        """Move water through the entrances.

        street, crest  (entrances,) m, level of the water outside and height that it must pass
        """
        self._note(street - crest, time)
        works = np.flatnonzero((street > crest) | ((self.shapes.floor + self.depth)[self._of] > crest))
        if not len(works):
            return
        street, crest, of = street[works], crest[works], self._of[works]
        inside = (self.shapes.floor + self.depth)[of]
        up, down = np.maximum(street, inside) - crest, np.minimum(street, inside) - crest
        flow = np.asarray(weir(up, self._width[works], water.gravity) * drowned(up, down)) * dt
        # what serves several entrances gives each of them a part of its area, so that none can take what others take
        outer = water.area_at((self.cells[0][works], self.cells[1][works])) / self._sharing[works]
        inner = self.shapes.area(self.depth)[of] / self._doors[works]
        inwards = street > inside
        spare = up * np.where(inwards, outer, inner)
        moved = np.minimum(flow, np.minimum((up - down) * outer * inner / (outer + inner), spare))
        entering = np.bincount(of, np.where(inwards, moved, 0.0), len(self.ids))
        room = np.maximum(self.shapes.capacity - self.volume, 0.0)
        share = np.divide(room, entering, out=np.ones_like(room), where=entering > room)
        moved = np.where(inwards, moved * share[of], -moved)
        if not moved.any():
            return
        before, gained = self.volume, np.bincount(of, moved, len(self.ids))
        self.volume = np.maximum(before + gained, 0.0)
        booked = float((before - self.volume).sum())
        street_gains = -np.bincount(self._where[works], moved, len(self._unique[0])).astype(np.float64)
        self._give(water, self._unique, street_gains, booked)

    def _catch_rain(self, water: Water, rain: float) -> None:
        """Take the rain that has fallen on the cells above, their share of `rain` m, as far as there is room below."""
        share_of_rain = water.rain_share[self._catch[0] + 2 if len(water.rain_share) > 1 else 0, self._catch[1] + 2]
        fallen = np.minimum(water.depth_at(self._catch), rain * share_of_rain.astype(np.float64))
        held = fallen * water.area_at(self._catch)
        if not held.any():
            return
        entering = np.bincount(self._caught_by, held, len(self.ids))
        room = np.maximum(self.shapes.capacity - self.volume, 0.0)
        share = np.divide(room, entering, out=np.ones_like(room), where=entering > room)
        self.volume = self.volume + entering * share
        taken = held * share[self._caught_by]
        self._give(water, self._catch, -taken, -float((entering * share).sum()))

    def _give(self, water: Water, cells: tuple[Any, Any], volume: Floats, booked: float) -> None:
        """Add `volume` (n,) m3 to cells of the street; what rounding makes of it beside `booked` m3 is kept."""
        some = volume != 0
        self.slack += booked - water.add((cells[0][some], cells[1][some]), volume[some])

    def _note(self, over: Floats, time: float) -> None:
        """Write down which limits the water above the sills, (entrances,) m, passes for the first time."""
        worst = np.maximum.reduceat(over, self._first)
        for k, limit in enumerate(LIMITS.values()):
            new = (worst > limit) & np.isnan(self._passed[:, k])
            self._passed[new, k] = time
