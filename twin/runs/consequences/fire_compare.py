"""Two fires side by side: how much later it arrives, how much less burns, and which buildings fare otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.model.field import Grid

HECTARE = 1e4
UNHARMED = "unburnt"


def fire_differences(
    first: NDArray[np.floating], second: NDArray[np.floating], grid: Grid, end: float
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Return how much later the fire of the second run arrives, (ny, nx) s, and figures of it.

    first, second  (ny, nx) s  arrival; NaN or infinite: never, which counts as `end`
    end            s           of the longer run
    """
    reached = [np.isfinite(values) for values in (first, second)]
    times = [np.where(there, v, end).astype(np.float64) for there, v in zip(reached, (first, second), strict=True)]
    difference = (times[1] - times[0]).astype(np.float32)
    both = reached[0] & reached[1]
    burnt = [float(np.count_nonzero(there)) * grid.cell**2 / HECTARE for there in reached]
    here = difference[both]
    return difference, {
        "burnt_ha_first": burnt[0],
        "burnt_ha_second": burnt[1],
        "burnt_ha_difference": burnt[1] - burnt[0],
        "burnt_in_both_ha": float(both.sum()) * grid.cell**2 / HECTARE,
        "burnt_only_first_ha": float((reached[0] & ~reached[1]).sum()) * grid.cell**2 / HECTARE,
        "burnt_only_second_ha": float((reached[1] & ~reached[0]).sum()) * grid.cell**2 / HECTARE,
        "mean_arrival_difference_s": float(here.mean(dtype=np.float64)) if here.size else 0.0,
        "latest_arrival_difference_s": max(0.0, float(here.max())) if here.size else 0.0,
        "earliest_arrival_difference_s": min(0.0, float(here.min())) if here.size else 0.0,
    }


def fates_differ(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return which buildings are in another state at the end, and how many are in each, by two assessments of fires."""
    one, two = ({row["id"]: row["state"] for row in facts["buildings"]} for facts in (first, second))
    changed = sorted(i for i in one.keys() | two.keys() if one.get(i, UNHARMED) != two.get(i, UNHARMED))
    counts = {
        name: (first["by_state"][name]["buildings"], second["by_state"][name]["buildings"])
        for name in first["by_state"]
    }
    return {
        **{f"buildings_{name}_first": a for name, (a, _) in counts.items()},
        **{f"buildings_{name}_second": b for name, (_, b) in counts.items()},
        **{f"buildings_{name}_difference": b - a for name, (a, b) in counts.items()},
        "buildings_saved": sorted(i for i in changed if _burns(one.get(i)) and not _burns(two.get(i))),
        "buildings_newly_burnt": sorted(i for i in changed if _burns(two.get(i)) and not _burns(one.get(i))),
        "states_changed": [{"id": i, "first": one.get(i, UNHARMED), "second": two.get(i, UNHARMED)} for i in changed],
    }


def _burns(state: str | None) -> bool:
    return state not in (None, UNHARMED, "heated")
