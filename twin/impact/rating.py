"""The hazard rating of Defra and the Environment Agency: one number for depth, speed and debris."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SOURCE = "Defra/EA FD2320 and FD2321, supplementary note of May 2008: HR = d (v + 0.5) + DF"

#: 1, rating from which the first three classes end; where the third ends differs between users (`Rules.most_limit`)
LOW, SOME = 0.75, 1.25

#: class -> Korean name, from the least to the greatest
CLASSES: Mapping[str, str] = {
    "low": "낮음",
    "danger_for_some": "일부에게 위험",
    "danger_for_most": "대부분에게 위험",
    "danger_for_all": "모두에게 위험",
}


@dataclass(frozen=True, slots=True)
class Debris:
    """A form of the debris factor: constant between depths.

    depths   m   depths above which the next factor holds, rising
    factors  1   one more than depths
    """

    name: str
    depths: tuple[float, ...]
    factors: tuple[float, ...]
    source: str

    @property
    def text(self) -> str:
        """The form in words."""
        parts = [f"{f:g} up to {d:g} m" for d, f in zip(self.depths, self.factors, strict=False)]
        return ", ".join([*parts, f"{self.factors[-1]:g} above" if parts else f"{self.factors[-1]:g} everywhere"])


#: the three forms in use, by name
DEBRIS: Mapping[str, Debris] = {
    d.name: d
    for d in (
        Debris("by-depth", (0.25, 0.75), (0.0, 0.5, 1.0), "FD2321, urban"),
        Debris("two-step", (0.25,), (0.5, 1.0), "as 3Di uses it"),
        Debris("constant", (), (1.0,), "as Flood Modeller uses it by default"),
    )
}


def debris_factor(depth: NDArray[np.floating] | float, form: Debris) -> NDArray[np.float64]:
    """Return the debris factor, without unit, at depths in m; 0 where it is dry."""
    factor = np.asarray(form.factors, dtype=np.float64)[np.searchsorted(form.depths, depth, side="left")]
    return np.asarray(np.where(np.asarray(depth) > 0, factor, 0.0), dtype=np.float64)


def hazard_rating(
    depth: NDArray[np.floating] | float, speed: NDArray[np.floating] | float, form: Debris
) -> NDArray[np.float64]:
    """Return the hazard rating, without unit by convention, of water at one moment; 0 where it is dry.

    depth  m      >= 0
    speed  m s-1  >= 0, at the same moment
    form   debris factor

    Source: Defra/EA FD2320, HR = d (v + 0.5) + DF.
    """
    d, v = np.asarray(depth, dtype=np.float64), np.asarray(speed, dtype=np.float64)
    return np.asarray(d * (v + 0.5) + debris_factor(d, form), dtype=np.float64)


def defra_class(rating: NDArray[np.floating] | float, most_limit: float) -> NDArray[np.int64]:
    """Return 1 (low) to 4 (danger for all), 0 where the rating is 0: dry.

    most_limit  1  greatest rating that is dangerous for most and not for all
    """
    r = np.asarray(rating, dtype=np.float64)
    out = 1 + (r >= LOW).astype(np.int64) + (r >= SOME) + (r > most_limit)
    return np.where(r > 0, out, 0).astype(np.int64)
