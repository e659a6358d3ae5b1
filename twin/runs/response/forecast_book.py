"""The forecasts of a run beside what came: Brier score and reliability of "water or fire comes to this home"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.model.response.view import Course, Outlook
    from twin.runs.response.courses import Moment

WET = 0.17
"""m of water at a home that counts: stairs of a half-basement are hard to climb (`impact.danger`)."""
BINS = 10


@dataclass(slots=True, eq=False)
class _Told:
    """A forecast: from when until when, (n,) probability at homes, (n,) whether it came."""

    made: float
    until: float
    chance: NDArray[np.float64]
    came: NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class ForecastBook:
    """Keeps what was forecast at the homes, and looks at what comes."""

    _told: list[_Told] = field(default_factory=list)

    def told(self, outlook: Outlook) -> None:
        """Take in a forecast."""
        chance = reached(outlook.homes).mean(axis=0)
        until = outlook.made + outlook.horizon
        self._told.append(_Told(outlook.made, until, chance, np.zeros(len(chance), bool)))

    def look(self, moment: Moment) -> None:
        """Take in what is."""
        here = (moment.homes[0] >= WET) | moment.homes[2]
        for told in self._told:
            if told.made <= moment.time <= told.until:
                told.came |= here

    def facts(self) -> dict[str, object]:
        """Return how good the forecasts were.

        brier         mean of (chance - came)^2 over homes and forecasts; beside it that of always saying the mean
        reliability   by tenth of chance: how many forecasts, mean chance, share that came
        Homes that nobody forecast and where nothing came are most of a city: they are left out of all figures.
        """
        chance = np.concatenate([told.chance for told in self._told]) if self._told else np.zeros(0)
        came = np.concatenate([told.came for told in self._told]) if self._told else np.zeros(0, bool)
        counts = (chance > 0) | came
        chance, came = chance[counts], came[counts]
        if not len(chance):
            return {"homes": 0, "brier": None, "brier_of_the_mean": None, "reliability": []}
        place = np.minimum((chance * BINS).astype(int), BINS - 1)
        rows = [
            {
                "from": number / BINS,
                "forecasts": int((place == number).sum()),
                "chance": float(chance[place == number].mean()),
                "came": float(came[place == number].mean()),
            }
            for number in range(BINS)
            if (place == number).any()
        ]
        return {
            "homes": len(chance),
            "brier": float(((chance - came) ** 2).mean()),
            "brier_of_the_mean": float(((came.mean() - came) ** 2).mean()),
            "reliability": rows,
        }


def reached(homes: Course) -> NDArray[np.bool_]:
    """Return (m, n) whether water that counts, or fire, comes to homes at any time of a course."""
    return np.asarray(((homes.depth >= WET) | homes.fire).any(axis=1))
