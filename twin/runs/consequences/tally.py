"""Counts what the water of one run reaches: buildings, people, money, shelters and other places that are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.impact import (
    AIDR,
    CLASSES,
    HALF_BASEMENT,
    Curve,
    Rules,
    Valuation,
    basements_wet,
    damage,
    defra_class,
    storey_height,
    storeys_wet,
    verified_sets,
)
from twin.model.feature import Features
from twin.runs.consequences.closures import BASEMENT, Traffic, stored
from twin.runs.consequences.exposure import Places, blocked_cells, buildings, places_of, residents, water_of
from twin.runs.consequences.over_time import DepthSeries, Stay, has_speed, stay, watch
from twin.runs.consequences.worst import Worst, WorstOfFrames, summary, worst_moments

if TYPE_CHECKING:
    from twin.runs.consequences.exposure import Water
    from twin.runs.frames.store import Frames
    from twin.store import City

#: m, a building is affected from this depth on, about a kerb or a low door sill
AFFECTED = 0.10
#: m, limits of the classes in which people and buildings are counted by depth
BANDS = (AFFECTED, 0.3, 0.5, 1.0, 2.0)
#: uses of buildings that are needed in an emergency
NEEDED = frozenset({"hospital", "fire_station", "school", "station", "public"})
#: kinds of features that are needed in an emergency
KINDS = ("shelter", "facility")


class Group:
    """Features of one kind, where water stands at them, and their depth over the frames.

    found   the features
    wet     (m,) positions of those that are affected
    series  depth over time at the affected ones (a watcher)
    """

    def __init__(self, found: Features, frames: Frames, blocked: NDArray[np.bool_]) -> None:
        self.found = found
        self.places: Places = places_of(found.geometry, frames.grid, blocked)
        depth = np.nan_to_num(self.places.reached(summary(frames, "max_depth", 0.0)))
        self.wet = np.flatnonzero(depth >= AFFECTED)
        self.series = DepthSeries(self.places.only(self.wet), frames)
        self._frames = frames

    def water(self, worst: Worst) -> Water:
        """Return the water at all of them."""
        return water_of(self.places, self._frames, worst)

    def stay(self) -> Stay:
        """Return when it stands at the affected ones."""
        return stay(self._frames.times, self.series.depths, AFFECTED)


class Tally:
    """Counts what the water of one run reaches."""

    def __init__(self, city: City, frames: Frames, curves: Mapping[str, Curve], money: Valuation, rules: Rules) -> None:
        """Read the features, then look at every frame once."""
        self.city = city
        self.curves = curves
        self.money = money
        self.rules = rules
        houses, footprints = buildings(city)
        blocked = blocked_cells(frames, footprints)
        empty = Features("building", [], np.empty(0, dtype=object), city.crs, {}, np.empty(0, dtype=np.int64))
        self.houses = Group(houses or empty, frames, blocked)
        self.others = [Group(city.features.read(k), frames, blocked) for k in KINDS if city.features.count(k)]
        self.traffic = Traffic(city, frames, blocked, rules.vehicles)
        seen = WorstOfFrames(frames.grid.nx * frames.grid.ny, rules.form) if has_speed(frames) else None
        series = [group.series for group in (self.houses, *self.others)]
        watch(frames, [*series, *self.traffic.watchers, *([seen] if seen else [])])
        self.traffic.finish(summary(frames, "max_depth", 0.0))
        self.below = stored(frames, BASEMENT)
        self.times = frames.times
        self.worst = worst_moments(frames, rules.form, seen)

    def facts(self) -> dict[str, Any]:
        """Return the figures."""
        houses, water, when = self.houses.found, self.houses.water(self.worst), self.houses.stay()
        affected = np.zeros(len(houses), dtype=bool)
        affected[self.houses.wet] = True
        people, unknown = residents(self.city, houses)
        floor = houses.numbers("first_floor")
        cost = np.where(affected, np.round(self.cost(water, self.curves)), 0.0)
        each, assumed = storey_height(houses.numbers("height"), houses.numbers("storeys"))
        half = np.array([flag is True for flag in houses.column("half_basement")], dtype=bool)
        storeys = np.where(affected, storeys_wet(water.depth, floor, each, houses.numbers("storeys")), 0)
        below = basements_wet(affected, houses.numbers("basements"), half)
        rating = defra_class(water.rating, self.rules.most_limit)
        use = np.array([str(u) if u else "unknown" for u in houses.column("use")], dtype=object)
        deepest = max(curve.valid_m[1] for curve in self.curves.values())

        def sums(rows: NDArray[np.bool_]) -> dict[str, Any]:
            return {
                "buildings": int(rows.sum()),
                "people": round(float(people[rows].sum()), 1),
                "damage_krw": int(cost[rows].sum()),
            }

        rows = self._rows(water, when, people, cost, storeys, below)
        return {
            "buildings_affected": int(affected.sum()),
            "buildings_total": len(houses),
            "buildings_outside": int((~water.inside).sum()),
            "damage_krw": int(cost.sum()),
            "damage_by_curve_krw": {
                name: int(np.round(self.cost(water, curves))[affected].sum())
                for name, curves in verified_sets().items()
            },
            "people_exposed": round(float(people[affected].sum()), 1),
            "homes_without_residents": unknown,
            "storeys_wet": int(storeys.sum()),
            "basements_wet": int(below.sum()),
            "storey_height_assumed": int((affected & assumed).sum()),
            "first_floor_unknown": int((affected & np.isnan(floor)).sum()),
            "deeper_than_curve": int((affected & (water.depth - np.nan_to_num(floor) > deepest)).sum()),
            "by_use": {name: sums(affected & (use == name)) for name in sorted(set(use[affected].tolist()))},
            "by_hazard_class": {
                name: sums(affected & (water.danger == number)) for number, name in enumerate([*AIDR, "H6"], start=1)
            },
            "by_defra_class": {
                name: sums(affected & (rating == number)) for number, name in enumerate(CLASSES, start=1)
            },
            "by_depth": [
                {"from_m": low, "to_m": high if np.isfinite(high) else None}
                | sums((water.depth >= low) & (water.depth < high))
                for low, high in zip(BANDS, (*BANDS[1:], np.inf), strict=True)
            ],
            **_half_basements(half, water.depth, affected),
            "basements_modelled": len(self.below),
            "basements_flooded": self._basements(people),
            **self.traffic.facts(),
            "facilities": list(self._facilities(water, when)),
            "facilities_total": {
                **{group.found.kind: len(group.found) for group in self.others},
                "building": int(np.isin(use, sorted(NEEDED)).sum()),
            },
            "buildings": rows,
        }

    def cost(self, water: Water, curves: Mapping[str, Curve]) -> NDArray[np.float64]:
        """Return (n,) damage in KRW; a first floor that nobody has stated lies at the ground."""
        import shapely

        houses = self.houses.found
        return damage(
            water.depth - np.nan_to_num(houses.numbers("first_floor")),
            np.nan_to_num(shapely.area(houses.geometry)),
            houses.column("use"),
            houses.column("structure"),
            curves,
            self.money,
        )

    def _rows(
        self,
        water: Water,
        when: Stay,
        people: NDArray[np.float64],
        cost: NDArray[np.float64],
        storeys: NDArray[np.int64],
        below: NDArray[np.int64],
    ) -> list[dict[str, Any]]:
        """Return the affected buildings, the deepest water first."""
        houses = self.houses.found
        name, use, half = (houses.column(n) for n in ("name", "use", "half_basement"))
        return [
            {
                "id": houses.ids[i],
                "name": _text(name[i]),
                "use": _text(use[i]),
                **self._reached(water, when, i, k),
                "damage_krw": int(cost[i]),
                "residents": round(float(people[i]), 1),
                "half_basement": half[i] is True,
                "storeys_wet": int(storeys[i]),
                "basements_wet": int(below[i]),
            }
            for k, i in self._deepest(self.houses, water)
        ]

    def _basements(self, people: NDArray[np.float64]) -> list[dict[str, Any]]:
        """Return the basements that the run keeps as storages and that take water, the deepest first."""
        houses = self.houses.found
        row = {id_: i for i, id_ in enumerate(houses.ids)}
        mine = [(row[id_], series) for id_, series in self.below.items() if id_ in row and series.max() >= AFFECTED]
        name, half = houses.column("name"), houses.column("half_basement")
        rows = []
        for i, series in sorted(mine, key=lambda x: (-x[1].max(), houses.ids[x[0]])):
            when = stay(self.times, series[:, None], AFFECTED)
            rows.append(
                {
                    "id": houses.ids[i],
                    "name": _text(name[i]),
                    "half_basement": half[i] is True,
                    "depth_max_m": round(float(series.max()), 3),
                    "from_s": seconds(when.since[0]),
                    "for_s": seconds(when.during[0]),
                    "peak_s": seconds(when.peak[0]),
                    "at_end": bool(when.at_end[0]),
                    "residents": round(float(people[i]), 1),
                }
            )
        return rows

    def _reached(self, water: Water, when: Stay, i: int, k: int) -> dict[str, Any]:
        """Return depth, class and time at feature `i`, the `k`-th of the affected ones."""
        return {
            "depth_max": round(float(water.depth[i]), 3),
            "arrival_s": seconds(water.arrival[i]),
            "affected_from_s": seconds(when.since[k]),
            "affected_for_s": seconds(when.during[k]),
            "affected_at_end": bool(when.at_end[k]),
            "peak_s": seconds(when.peak[k]),
            "wet_s": seconds(water.wet[i]),
            "hazard_class": f"H{water.danger[i]}" if water.danger[i] else "",
            "hazard_rating": round(float(water.rating[i]), 3),
            "defra_class": ["", *CLASSES][int(defra_class(water.rating[i], self.rules.most_limit))],
        }

    @staticmethod
    def _deepest(group: Group, water: Water) -> list[tuple[int, int]]:
        """Return (place among the affected, position) of the affected features, the deepest water first, then by id."""
        ids = np.array(group.found.ids, dtype=object)[group.wet]
        order = np.lexsort((ids, -water.depth[group.wet]))
        return list(zip(order.tolist(), group.wet[order].tolist(), strict=True))

    def _facilities(self, water: Water, when: Stay) -> Iterator[dict[str, Any]]:
        """Yield the shelters and facilities that water reaches, and the buildings that are needed in an emergency."""
        for group in self.others:
            here, stays = group.water(self.worst), group.stay()
            for k, i in self._deepest(group, here):
                yield self._facility(group.found, i, "class") | self._reached(here, stays, i, k)
        use = self.houses.found.column("use")
        for k, i in self._deepest(self.houses, water):
            if use[i] in NEEDED:
                yield self._facility(self.houses.found, i, "use") | self._reached(water, when, i, k)

    @staticmethod
    def _facility(found: Features, i: int, class_: str) -> dict[str, Any]:
        capacity = found.numbers("capacity")[i] if found.kind == "shelter" else np.nan
        return {
            "id": found.ids[i],
            "name": _text(found.column("name")[i]),
            "kind": found.kind,
            "class": _text(found.column(class_)[i]),
            "capacity": None if np.isnan(capacity) else float(capacity),
        }


def _half_basements(half: NDArray[np.bool_], depth: NDArray[np.float64], affected: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the half-basements, counted by the Korean limits; no damage curve holds for them."""
    return {
        "half_basements": int(half.sum()),
        "half_basements_wet": int((half & affected).sum()),
        "half_basement_limits": [
            {
                "name": x.name,
                "depth_m": x.depth,
                "ko": x.ko,
                "source": x.source,
                "count": int((half & (depth >= x.depth)).sum()),
            }
            for x in HALF_BASEMENT
        ],
    }


def seconds(value: float) -> float | None:
    """Return a time in s as JSON can hold it."""
    return round(float(value), 1) if np.isfinite(value) else None


def _text(value: object) -> str:
    return "" if value is None else str(value)
