"""What a building can lose at most, in won: the construction-cost formula of the JRC, with every input named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.impact.curves import JRC, Curve
from twin.impact.doubt import doubt

#: construction cost = a GDP^b in euros of 2010 per m2, GDP per head in US$ of 2010; contents as a factor of structure
#: (Huizinga et al. 2017, doi:10.2760/16510)
COST: Mapping[str, tuple[float, float, float]] = {
    "residential": (24.078, 0.3852, 0.5),
    "commercial": (33.642, 0.3574, 1.0),
    "industrial": (30.824, 0.3249, 1.5),
}

#: share of a structure that water does not damage, by material (the same source); unknown counts as concrete
UNDAMAGEABLE: Mapping[str, float] = {"timber": 0.0, "masonry": 0.4, "concrete": 0.4, "steel": 0.4}

#: what the shares of a JRC curve are of (`curves.Curve.covers`)
BOTH = "structure and contents"

#: use of a building (`names.ATTRIBUTES`) -> class of value; the rest, and unknown, counts as residential
CLASS_OF_USE: Mapping[str, str] = {
    **dict.fromkeys(("commercial", "office", "school", "hospital", "fire_station", "station"), "commercial"),
    **dict.fromkeys(("public", "religious"), "commercial"),
    **dict.fromkeys(("industrial", "agricultural"), "industrial"),
}


@dataclass(frozen=True, slots=True)
class Valuation:
    """The inputs of a sum of money. None of them is hidden: all go into the result.

    gdp_per_head  US$ of 2010 per head; 20,591 for Korea: IMF, World Economic Outlook, April 2011, as the press gave it
    krw_per_eur   mean of 2010, from 1,156 KRW and 0.754 EUR to the dollar: not checked at the Bank of Korea
    price_year    year of the prices: no index is applied
    depreciation  1, value left of the construction cost: not checked at its source
    """

    gdp_per_head: float = 20_591.0
    krw_per_eur: float = 1_532.0
    price_year: int = 2010
    depreciation: float = 0.6

    def unverified(self, curves: Mapping[str, Curve]) -> Iterator[dict[str, str]]:
        """Yield `code`, `value` and an English `text` for every figure that nobody has checked at its source."""
        rate, gdp, left = f"{self.krw_per_eur:g}", f"{self.gdp_per_head:g}", f"{self.depreciation:g}"
        yield doubt("exchange_krw_per_eur", rate, "mean of 2010, not checked at the Bank of Korea")
        yield doubt("gdp_per_head_usd", gdp, "IMF, April 2011, from the press")
        yield doubt("depreciation", left, "quoted, not seen in EUR 28552 EN")
        yield doubt("greatest_damage", "JRC formula", "the Korean values of the JRC table were not obtained")
        for curve in dict.fromkeys(curves.values()):
            if not curve.verified and curve.source == JRC:
                yield doubt("curve_shares", curve.name, "not checked against the JRC table")
            elif not curve.verified:
                yield doubt("curve_not_seen", curve.name, "quoted from memory, its table was not seen")
        if len(set(curves.values())) == 1:
            yield doubt("one_curve", curves["residential"].name, "is used for every use of building")

    def greatest_per_m2(self, of: str, structure: str | None, covers: str = BOTH) -> float:
        """Return the greatest damage in KRW per m2 of ground floor.

        of         residential, commercial or industrial
        structure  material of the building, None when unknown (counts as concrete)
        covers     what the curve's shares are of: structure and contents, or the whole "structure" (MD-FDA), which
                   has neither contents nor a part that water does not damage

        Source: Huizinga et al. (2017), doi:10.2760/16510: a GDP^b, depreciation, undamageable part, contents.
        """
        a, b, contents = COST[of]
        cost = a * float(self.gdp_per_head**b)
        if covers == "structure":
            return cost * self.depreciation * self.krw_per_eur
        left = self.depreciation * (1 - UNDAMAGEABLE.get(structure or "", 0.4))
        return cost * left * (1 + contents) * self.krw_per_eur


def value_class(use: object) -> str:
    """Return residential, commercial or industrial for the use of a building."""
    return CLASS_OF_USE.get(str(use), "residential")


def damage(
    above_floor: NDArray[np.floating],
    area: NDArray[np.floating],
    uses: Sequence[object],
    structures: Sequence[object],
    curves: Mapping[str, Curve],
    money: Valuation,
) -> NDArray[np.float64]:
    """Return (n,) damage in KRW: ground floor area times greatest damage times the curve's share.

    above_floor  (n,) m   depth of water above the first floor; 0 or less, or NaN, does no damage
    area         (n,) m2  ground floor area, >= 0
    uses, structures      n words of `names.ATTRIBUTES`, or None

    A basement is not in it: the JRC has no curve for one.
    Source: Huizinga et al. (2017), doi:10.2760/16510.
    """
    depth = np.nan_to_num(above_floor, nan=0.0)
    kinds = [(value_class(u), None if s is None else str(s)) for u, s in zip(uses, structures, strict=True)]
    price = {(of, s): money.greatest_per_m2(of, s, curves[of].covers) for of, s in set(kinds)}
    greatest = np.array([price[kind] for kind in kinds], dtype=np.float64)
    classes = np.array([of for of, _ in kinds], dtype=object)
    share = np.zeros(len(depth))
    for name, curve in curves.items():
        mine = classes == name
        share[mine] = curve.share(depth[mine])
    return np.asarray(np.maximum(area, 0.0) * greatest * share, dtype=np.float64)
