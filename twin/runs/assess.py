"""What a run does to buildings and people: hazard x exposure x vulnerability, with every assumption in the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError
from twin.impact import AIDR, DEFAULT, HALF_BASEMENT, Valuation, curve_set, damage
from twin.impact.danger import AIDR_SOURCE
from twin.runs.exposure import OUTLINE, Water, blocked_cells, buildings, residents, water_at
from twin.runs.frames import open_frames
from twin.runs.provenance import code_version

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.runs.frames import Frames
    from twin.store import City

#: m, a building is affected from this depth on, about a kerb or a low door sill
AFFECTED = 0.10
#: m, limits of the classes in which people and buildings are counted by depth
BANDS = (AFFECTED, 0.3, 0.5, 1.0, 2.0)
#: uses of buildings that are needed in an emergency
NEEDED = frozenset({"hospital", "fire_station", "school", "station", "public"})
#: classes of features of kind `facility` that are needed in an emergency
KINDS = ("shelter", "facility")


@dataclass(frozen=True, slots=True)
class Impact:
    """What a run does to a city. `facts` is what `as_dict` returns; the properties are its first figures."""

    facts: Mapping[str, Any] = field(repr=False)

    @property
    def curve(self) -> str:
        """Return the name of the depth-damage curve."""
        return str(self.facts["curve"])

    @property
    def buildings_affected(self) -> int:
        """Return the number of buildings with water from `affected_from_m` on."""
        return int(self.facts["buildings_affected"])

    @property
    def damage_krw(self) -> float:
        """Return the damage in won."""
        return float(self.facts["damage_krw"])

    @property
    def people_exposed(self) -> float:
        """Return the number of people who live in affected buildings."""
        return float(self.facts["people_exposed"])

    def as_dict(self) -> dict[str, Any]:
        """Return all figures as JSON can hold them."""
        return dict(self.facts)


def assess(city: City, run_id: str, curve: str = DEFAULT, money: Valuation | None = None) -> Impact:
    """Return what a run does to buildings and people; the same question again is answered from the store.

    run_id  id of a run, or a unique beginning of it
    curve   a name of `impact.CURVES`
    money   inputs of the sums; None: the stated defaults

    Raises MissingError (no such run), UsageError (unknown curve; a failed run, or one without greatest depths).
    """
    curves = curve_set(curve)
    run = city.runs.get(run_id)
    stamp = {"run": run.id, "curve": curve, "snapshot": city.snapshot, "code": code_version()}
    kept = city.runs.impact(run.id, curve)
    if money is None and kept is not None and all(kept.get(key) == value for key, value in stamp.items()):
        return Impact(kept)
    frames = open_frames(city, run.id)
    if "max_depth" not in frames.summaries:
        raise UsageError(f"run {run.id} ({run.hazard}, {run.status}) has no greatest depths to assess")
    money_used = money or Valuation()
    facts = stamp | {
        "status": run.status,
        "price_year": money_used.price_year,
        "exchange_krw_per_eur": money_used.krw_per_eur,
        "gdp_per_head_usd": money_used.gdp_per_head,
        "depreciation": money_used.depreciation,
        "affected_from_m": AFFECTED,
        "depth_rule": f"greatest depth that {1 - OUTLINE:.0%} of the cells around the building reach",
        "hazard_rule": f"{AIDR_SOURCE}; from the greatest depth, speed and product of the run",
        "curve_source": curves["residential"].source,
    }
    facts |= _Count(city, frames, dict(curves), money_used).facts()
    facts["unverified"] = list(money_used.unverified(curves))
    if money is None:
        city.runs.put_impact(run.id, curve, facts)
    return Impact(facts)


class _Count:
    """Counts what the water of one run reaches."""

    def __init__(self, city: City, frames: Frames, curves: dict[str, Any], money: Valuation) -> None:
        self.city = city
        self.frames = frames
        self.curves = curves
        self.money = money
        self.houses, footprints = buildings(city)
        names = ("name", "use", "half_basement", "structure")
        self.columns = {n: self.houses.column(n) for n in names} if self.houses is not None else {}
        self.blocked = blocked_cells(frames, footprints)

    def facts(self) -> dict[str, Any]:
        """Return the figures."""
        facilities = list(self.facilities())
        if self.houses is None:
            empty = {"buildings_affected": 0, "buildings_total": 0, "buildings_outside": 0, "damage_krw": 0}
            none = {"people_exposed": 0, "homes_without_residents": 0, "half_basements": 0, "half_basements_wet": 0}
            lists: dict[str, Any] = {"by_use": {}, "by_hazard_class": {}, "by_depth": [], "half_basement_limits": []}
            return empty | none | lists | {"facilities": facilities, "buildings": []}
        houses = self.houses
        water = water_at(houses.geometry, self.frames, self.blocked)
        affected = water.depth >= AFFECTED
        people, unknown = residents(self.city, houses)
        cost = np.where(affected, np.round(self.cost(houses, water)), 0.0)
        listed = np.flatnonzero(affected)
        listed = listed[np.lexsort((np.array(houses.ids, dtype=object)[listed], -water.depth[listed]))]
        use = [str(u) if u else "unknown" for u in self.columns["use"]]
        return {
            "buildings_affected": int(affected.sum()),
            "buildings_total": len(houses),
            "buildings_outside": int((~water.inside).sum()),
            "damage_krw": int(cost.sum()),
            "people_exposed": round(float(people[affected].sum()), 1),
            "homes_without_residents": unknown,
            "by_use": {
                name: _sums(affected & np.array([u == name for u in use]), people, cost)
                for name in sorted({use[i] for i in listed})
            },
            "by_hazard_class": {
                name: _sums(affected & (water.danger == number), people, cost)
                for number, name in enumerate([*AIDR, "H6"], start=1)
            },
            "by_depth": list(_bands(water.depth, people, cost)),
            **_half_basements(houses, water.depth, affected),
            "facilities": facilities + list(self.needed(houses, water, listed)),
            "buildings": [self.row(houses, water, people, cost, i) for i in listed.tolist()],
        }

    def cost(self, houses: Features, water: Water) -> NDArray[np.float64]:
        """Return (n,) damage in KRW; a first floor that nobody has stated lies at the ground."""
        import shapely

        floor = np.nan_to_num(houses.numbers("first_floor"))
        return damage(
            water.depth - floor,
            np.nan_to_num(shapely.area(houses.geometry)),
            self.columns["use"],
            self.columns["structure"],
            self.curves,
            self.money,
        )

    def row(
        self, houses: Features, water: Water, people: NDArray[np.float64], cost: NDArray[np.float64], i: int
    ) -> dict[str, Any]:
        """Return one affected building."""
        name, use = self.columns["name"][i], self.columns["use"][i]
        return {
            "id": houses.ids[i],
            "name": "" if name is None else str(name),
            "use": "" if use is None else str(use),
            "depth_max": round(float(water.depth[i]), 3),
            "arrival_s": _seconds(water.arrival[i]),
            "damage_krw": int(cost[i]),
            "residents": round(float(people[i]), 1),
            "hazard_class": _class(water.danger[i]),
            "half_basement": self.columns["half_basement"][i] is True,
        }

    def facilities(self) -> Iterator[dict[str, Any]]:
        """Yield the shelters and facilities that water reaches."""
        for kind in KINDS:
            if not self.city.features.count(kind):
                continue
            found = self.city.features.read(kind)
            water = water_at(found.geometry, self.frames, self.blocked)
            for i in np.flatnonzero(water.depth >= AFFECTED).tolist():
                yield _facility(found, water, i, kind, found.column("class")[i])

    def needed(self, houses: Features, water: Water, listed: NDArray[np.int64]) -> Iterator[dict[str, Any]]:
        """Yield the affected buildings that are needed in an emergency."""
        for i in listed.tolist():
            if self.columns["use"][i] in NEEDED:
                yield _facility(houses, water, i, "building", self.columns["use"][i])


def _facility(found: Features, water: Water, i: int, kind: str, class_: object) -> dict[str, Any]:
    name = found.column("name")[i]
    return {
        "id": found.ids[i],
        "name": "" if name is None else str(name),
        "kind": kind,
        "class": "" if class_ is None else str(class_),
        "depth_max": round(float(water.depth[i]), 3),
        "arrival_s": _seconds(water.arrival[i]),
        "hazard_class": _class(water.danger[i]),
    }


def _sums(rows: NDArray[np.bool_], people: NDArray[np.float64], cost: NDArray[np.float64]) -> dict[str, Any]:
    return {
        "buildings": int(rows.sum()),
        "people": round(float(people[rows].sum()), 1),
        "damage_krw": int(cost[rows].sum()),
    }


def _bands(
    depth: NDArray[np.float64], people: NDArray[np.float64], cost: NDArray[np.float64]
) -> Iterator[dict[str, Any]]:
    """Yield buildings, people and damage per class of depth."""
    for low, high in zip(BANDS, (*BANDS[1:], np.inf), strict=True):
        rows = (depth >= low) & (depth < high)
        yield {"from_m": low, "to_m": high if np.isfinite(high) else None, **_sums(rows, people, cost)}


def _half_basements(houses: Features, depth: NDArray[np.float64], affected: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the half-basements, counted by the Korean limits; no damage curve holds for them."""
    half = np.array([flag is True for flag in houses.column("half_basement")], dtype=bool)
    limits: Sequence[dict[str, Any]] = [
        {
            "name": x.name,
            "depth_m": x.depth,
            "ko": x.ko,
            "source": x.source,
            "count": int((half & (depth >= x.depth)).sum()),
        }
        for x in HALF_BASEMENT
    ]
    return {
        "half_basements": int(half.sum()),
        "half_basements_wet": int((half & affected).sum()),
        "half_basement_limits": limits,
    }


def _seconds(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def _class(number: int) -> str:
    return f"H{number}" if number else ""
