"""What a fire does to buildings, people, plants, roads and places: counts and sums, with every rule in the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.impact import Valuation
from twin.impact.fire import LOSS_RULE, TOTAL_LOSS, doubts, loss
from twin.model.feature import Features
from twin.runs.consequences.exposure import buildings, residents
from twin.runs.consequences.fates import BURNING, HEATED, MEMBERS_RULE, STATES, Fates, fates
from twin.runs.consequences.fire_reach import STATE, Reach, place_facts, road_facts
from twin.runs.consequences.tally import KINDS, NEEDED, seconds

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.runs.frames.store import Frames
    from twin.store import City

HECTARE = 1e4
#: states of `fire_state` of vegetation: it burns, or has burnt
VEGETATION = (1.0, 2.0)
STATE_RULE = "states at the end of the run; heated are those that were at any time and never burnt"
PEOPLE_RULE = (
    "people who live in buildings that were heated or burnt, less those who had been evacuated before; who walks or "
    "drives past is not counted"
)


def fire_facts(city: City, run: Run, frames: Frames, money: Valuation) -> dict[str, Any]:
    """Return what a fire does, as JSON can hold it.

    frames  those of the run, with `fire_arrival` among the summaries
    """
    houses = buildings(city)[0] or Features(
        "building", [], np.empty(0, dtype=object), city.crs, {}, np.empty(0, dtype=np.int64)
    )
    return FireTally(city, run, frames, houses, money).facts()


class FireTally:
    """Counts what the fire of one run reaches."""

    def __init__(self, city: City, run: Run, frames: Frames, houses: Features, money: Valuation) -> None:
        self.city, self.run, self.frames, self.houses = city, run, frames, houses
        self.money = money
        self.fates: Fates = fates(city, run.id, frames, houses.ids)
        self.reach = Reach(frames)
        self.people, self.unknown = residents(city, houses)
        self.floors, self.one_storey = _floor_area(houses)
        lost = loss(self.floors, houses.column("use"), self.fates.lost, money)
        self.cost = np.round(lost)

    def facts(self) -> dict[str, Any]:
        """Return the figures."""
        fate, houses, many = self.fates, self.houses, self.run.members > 1
        affected, touched = fate.state >= BURNING, np.isfinite(fate.heated) | (fate.state >= HEATED)
        use = np.array([str(u) if u else "unknown" for u in houses.column("use")], dtype=object)
        cause = np.array([word or "unknown" for word in fate.cause], dtype=object)
        extinguished = fate.state == STATES.index("extinguished")
        return {
            "curve": TOTAL_LOSS,
            "damage_rule": LOSS_RULE,
            "people_rule": PEOPLE_RULE,
            "state_rule": MEMBERS_RULE if many else STATE_RULE,
            "place_rule": self.reach.rule,
            "price_year": self.money.price_year,
            "exchange_krw_per_eur": self.money.krw_per_eur,
            "gdp_per_head_usd": self.money.gdp_per_head,
            "depreciation": self.money.depreciation,
            "buildings_affected": int(affected.sum()),
            "buildings_heated": int((touched & ~affected).sum()),
            "buildings_total": len(houses),
            "buildings_outside": int((~self._inside()).sum()),
            "damage_krw": int(self.cost.sum()),
            "damage_by_curve_krw": {TOTAL_LOSS: int(self.cost.sum())},
            "people_exposed": round(float(self.people[fate.exposed].sum()), 1),
            "people_evacuated": round(float(self.people[np.isfinite(fate.away)].sum()), 1),
            "people_evacuated_in_time": round(float(self.people[touched & ~fate.exposed].sum()), 1),
            "homes_without_residents": self.unknown,
            "storeys_unknown": int((affected & self.one_storey).sum()),
            "energy_share_unknown": int((extinguished & np.isnan(fate.share)).sum()),
            "by_state": {
                name: self._sums(fate.state == number if number > HEATED else touched & ~affected)
                for number, name in enumerate(STATES)
                if number
            },
            "by_cause": {
                name: self._sums(affected & (cause == name)) for name in sorted(set(cause[affected].tolist()))
            },
            "by_use": {name: self._sums(affected & (use == name)) for name in sorted(set(use[affected].tolist()))},
            "burnt_ha": self._hectares(np.isfinite(self.frames.summary("fire_arrival"))),
            "burnt_vegetation_ha": self._vegetation(len(self.frames.times) - 1),
            "over_time": list(self._over_time()),
            "roads": road_facts(self.city, self.reach),
            "facilities": list(self._facilities()),
            "facilities_total": {
                **{kind: n for kind in KINDS if (n := self.city.features.count(kind))},
                "building": int(np.isin(use, sorted(NEEDED)).sum()),
            },
            "buildings": list(self._rows(touched | affected)),
            "unverified": list(doubts(self.money)),
        }

    def _inside(self) -> NDArray[np.bool_]:
        """Return (n,) which buildings touch the area of the run."""
        import shapely

        west, south, east, north = self.frames.grid.bounds
        low_x, low_y, high_x, high_y = shapely.bounds(self.houses.geometry).reshape(-1, 4).T
        with np.errstate(invalid="ignore"):
            return np.asarray((low_x < east) & (high_x > west) & (low_y < north) & (high_y > south))

    def _sums(self, rows: NDArray[np.bool_]) -> dict[str, Any]:
        return {
            "buildings": int(rows.sum()),
            "people": round(float(self.people[rows & self.fates.exposed].sum()), 1),
            "damage_krw": int(self.cost[rows].sum()),
        }

    def _hectares(self, cells: NDArray[np.bool_]) -> float:
        return round(float(np.count_nonzero(cells)) * self.frames.grid.cell**2 / HECTARE, 4)

    def _vegetation(self, i: int) -> float | None:
        """Return the vegetation in ha that has burnt by frame `i`; None where the run does not tell it apart."""
        if STATE not in self.frames.quantities or i < 0:
            return None
        return self._hectares(np.isin(self.frames.read(STATE, i), VEGETATION))

    def _over_time(self) -> Iterator[dict[str, Any]]:
        """Yield, for every frame, how many buildings are in which state, how many people have been reached, and ha."""
        heated = np.where(self.fates.exposed, self.fates.heated, np.nan)
        for i, time in enumerate(self.frames.times):
            course = self.fates.course[i]
            with np.errstate(invalid="ignore"):
                reached = heated <= time
            yield {
                "time_s": time,
                **{f"buildings_{name}": int((course == k).sum()) for k, name in enumerate(STATES) if k},
                "people_exposed": round(float(self.people[reached].sum()), 1),
                "burnt_vegetation_ha": self._vegetation(i),
            }

    def _rows(self, rows: NDArray[np.bool_]) -> Iterator[dict[str, Any]]:
        """Yield the buildings that the fire heats or burns, the first to burn first."""
        fate, houses = self.fates, self.houses
        name, use = houses.column("name"), houses.column("use")
        which = np.flatnonzero(rows)
        ids = np.array(houses.ids, dtype=object)
        never = np.where(np.isfinite(fate.ignited), fate.ignited, np.inf)
        for i in which[np.lexsort((ids[which], never[which]))].tolist():
            yield {
                "id": houses.ids[i],
                "name": "" if name[i] is None else str(name[i]),
                "use": "" if use[i] is None else str(use[i]),
                "state": STATES[max(int(fate.state[i]), HEATED)],
                "cause": fate.cause[i],
                "by": fate.by[i],
                "heated_s": seconds(fate.heated[i]),
                "ignited_s": seconds(fate.ignited[i]),
                "ended_s": seconds(fate.ended[i]),
                "share_burnt": None if np.isnan(fate.share[i]) else round(float(fate.share[i]), 3),
                "damage_krw": int(self.cost[i]),
                "residents": round(float(self.people[i]), 1),
                "evacuated_s": seconds(fate.away[i]),
                "exposed": bool(fate.exposed[i]),
            }

    def _facilities(self) -> Iterator[dict[str, Any]]:
        """Yield the shelters and facilities that the fire reaches, and the buildings needed in an emergency."""
        for kind in KINDS:
            if self.city.features.count(kind):
                yield from place_facts(self.reach, self.city.features.read(kind))
        use, name = self.houses.column("use"), self.houses.column("name")
        needed = np.isin(np.array([str(u) for u in use], dtype=object), sorted(NEEDED))
        for i in np.flatnonzero(needed & np.isfinite(self.fates.heated)).tolist():
            yield {
                "id": self.houses.ids[i],
                "name": "" if name[i] is None else str(name[i]),
                "kind": "building",
                "class": str(use[i]),
                "capacity": None,
                "arrival_s": seconds(self.fates.heated[i]),
            }


def _floor_area(houses: Features) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return (n,) m2 of all storeys, and (n,) where only the ground floor is known to be there."""
    import shapely

    stated, storeys = houses.numbers("floor_area"), houses.numbers("storeys")
    known = np.isfinite(stated) & (stated > 0)
    levels = np.isfinite(storeys) & (storeys >= 1)
    plan = np.nan_to_num(np.asarray(shapely.area(houses.geometry), dtype=np.float64))
    return np.where(known, stated, plan * np.where(levels, storeys, 1.0)), ~known & ~levels
