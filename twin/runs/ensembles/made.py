"""What an ensemble makes of its members, by what their hazard says (`hazards.Kept`): names, limits and shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.hazards import Kept

NOW = {"depth": "exceedance_now", "fire_state": "burn_probability_now"}
EVER = {"max_depth": "exceedance", "fire_arrival": "burn_probability"}
"""What members keep -> the name of the share of them in which it is above the limit, at a moment and over the run."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is made of the members of a hazard, by `hazards.Kept`.

    frames     quantities of the frames: the probability at each moment, and the median where the hazard wants it
    quantiles  summary of the members -> name of a quantile -> its share
    limit      above which a member counts
    now, ever  names of the probability at a moment and over the run
    """

    kept: Kept
    limit: float

    @property
    def now(self) -> str:
        """The name of the probability at a moment."""
        return NOW[self.kept.frame]

    @property
    def ever(self) -> str:
        """The name of the probability over the run."""
        return EVER[self.kept.whole]

    @property
    def frames(self) -> tuple[str, ...]:
        """The quantities of the frames."""
        return (self.kept.frame, self.now) if self.kept.shown == "median" else (self.now,)

    @property
    def quantiles(self) -> dict[str, dict[str, float]]:
        """Summary of the members -> name of a quantile of it -> its share."""
        return {
            name: {f"{name}_p{100 * share:.0f}": share for share in shares}
            for name, shares in self.kept.summaries.items()
        }

    def reached(self, name: str, values: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return where members count: with a time at all where that is asked for, else with more than the limit."""
        if name.endswith("arrival"):
            return np.asarray(np.isfinite(values))
        return np.asarray(values > np.float32(self.limit))


def made_of(kept: Kept, threshold: float) -> Made:
    """Return what is made of members. Raises UsageError where the hazard says nothing that has a name.

    threshold  m  of the scenario, for a hazard that has no limit of its own
    """
    if kept.frame not in NOW or kept.whole not in EVER:
        raise UsageError(
            f"ensembles keep {', '.join(NOW)} and {', '.join(EVER)}, this hazard '{kept.frame}' and '{kept.whole}'"
        )
    return Made(kept, threshold if kept.above is None else kept.above)
