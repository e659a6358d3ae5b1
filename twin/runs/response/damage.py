"""What water and fire cost at the buildings of a city, in won."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.impact import DEFAULT, Valuation, curve_set, damage
from twin.impact.fire import loss

if TYPE_CHECKING:
    from twin.model.response.city import Facts
    from twin.store import City


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What of n homes decides their damage.

    area, floors   (n,) m2   of the ground floor, of all storeys
    first_floor    (n,) m    above ground
    """

    ids: tuple[str, ...]
    districts: tuple[str, ...]
    area: NDArray[np.float64]
    floors: NDArray[np.float64]
    first_floor: NDArray[np.float64]
    uses: tuple[object, ...]
    structures: tuple[object, ...]

    def water(self, depth: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return (n,) KRW that water of a greatest depth (n,) m above ground costs, as `runs.assess` prices it."""
        above = depth - self.first_floor
        return damage(above, self.area, self.uses, self.structures, curve_set(DEFAULT), Valuation())

    def fire(self, lit: Collection[str]) -> NDArray[np.float64]:
        """Return (n,) KRW of homes that have been on fire: they are taken as lost whole."""
        share = np.array([float(id_ in lit) for id_ in self.ids])
        return loss(self.floors, self.uses, share, Valuation())

    def by_district(self, each: NDArray[np.float64]) -> tuple[dict[str, float], float]:
        """Return the sums of (n,) KRW by district, and of what lies in none."""
        sums = dict.fromkeys(sorted(set(self.districts) - {""}), 0.0)
        outside = 0.0
        for district, value in zip(self.districts, each.tolist(), strict=True):
            if district:
                sums[district] += value
            else:
                outside += value
        return sums, outside


def prices_of(city: City, facts: Facts) -> Prices:
    """Return what decides the damage at the homes of a city."""
    import shapely

    ids = tuple(home.id for home in facts.homes)
    area, floors = np.zeros(len(ids)), np.zeros(len(ids))
    uses: Sequence[object] = [None] * len(ids)
    structures: Sequence[object] = [None] * len(ids)
    if ids and city.features.count("building"):
        found = city.features.read("building")
        row = {id_: i for i, id_ in enumerate(found.ids)}
        rows = [row[id_] for id_ in ids]
        area = np.nan_to_num(shapely.area(found.geometry[rows]))
        storeys = np.nan_to_num(found.numbers("storeys")[rows], nan=1.0)
        stated = found.numbers("floor_area")[rows]
        floors = np.where(np.isnan(stated), area * np.maximum(storeys, 1.0), stated)
        use, structure = found.column("use"), found.column("structure")
        uses, structures = [use[i] for i in rows], [structure[i] for i in rows]
    return Prices(
        ids,
        tuple(home.district for home in facts.homes),
        area,
        floors,
        np.array([home.first_floor for home in facts.homes], np.float64),
        tuple(uses),
        tuple(structures),
    )
