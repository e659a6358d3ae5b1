"""What a fire takes: a burnt building is lost whole, one that was put out by the share of its fuel that had burnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.impact.curves import JRC
from twin.impact.doubt import doubt
from twin.impact.value import COST, Valuation, value_class

TOTAL_LOSS = "total_loss"
"""Name of the one way in which a fire is priced."""
LOSS_RULE = (
    "a building that burns out, or still burns at the end, is lost whole, structure and contents, on all its floors; "
    "one that was put out by the share of its fuel that had burnt; heated ones, smoke and water of engines cost nothing"
)

HEAT_LIMIT = 1.7
"""kW m-2 that skin bears for long. Source: LWF, as reference values of evacuation print it."""
HEAT_RULE = f"radiant heat of {HEAT_LIMIT:g} kW/m2 or more, which skin does not bear for long"


def loss(
    floor_area: NDArray[np.floating],
    uses: Sequence[object],
    share: NDArray[np.floating],
    money: Valuation,
) -> NDArray[np.float64]:
    """Return (n,) loss in KRW: floor area times construction cost left, with contents, times the share that is lost.

    floor_area  (n,) m2  of all storeys, >= 0; NaN counts as 0
    uses        n words of `names.ATTRIBUTES`, or None
    share       (n,) 0..1

    Nothing of a structure is left out as water would leave it (`value.UNDAMAGEABLE`).
    Source: costs and contents of Huizinga et al. (2017), doi:10.2760/16510, as the valuation of floods takes them.
    """
    kinds = [value_class(use) for use in uses]
    price = {of: money.greatest_per_m2(of, None, "structure") * (1 + COST[of][2]) for of in set(kinds)}
    each = np.array([price[kind] for kind in kinds], dtype=np.float64)
    return np.asarray(np.maximum(np.nan_to_num(floor_area), 0.0) * each * share, dtype=np.float64)


def doubts(money: Valuation) -> Iterator[dict[str, str]]:
    """Yield what nobody has checked of the sums, as `Valuation.unverified` does."""
    yield from money.unverified({})
    yield doubt(
        TOTAL_LOSS, "1.0", f"shares of loss are assumed; costs are of {JRC.split(',')[0]} et al., drawn for floods"
    )
