"""What moves water besides the flow: one file per kind, each a `Structure` that acts once per time step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.water import Cells, Water

ENTERS = ("inflow", "surcharge", "outfall")
"""Parts of a budget that are water from outside, m3 >= 0."""

LEAVES = ("pumped", "drained", "infiltrated")
"""Parts of a budget that are water that has left, m3 >= 0."""


class Structure(Protocol):
    """Something on the ground that moves water, or moves the ground. Derive from it: what a kind lacks is said here.

    name  unique within a run: what the budget, the journal and errors call it
    """

    name: str

    def corners(self) -> Iterable[float]:
        """Return the times in s at which it changes abruptly; a time step ends there."""
        return ()

    def longest(self, water: Water, time: float) -> float:  # noqa: ARG002 - those that need them look at them
        """Return the longest time step in s that it stands now; infinity when it does not matter."""
        return float("inf")

    def places(self) -> Iterable[Cells]:
        """Return the groups of cells that it works on; none: it works everywhere."""
        return ()

    def step(self, water: Water, time: float, dt: float) -> None:
        """Do from `time` s what it does in `dt` s, by the verbs of `water`."""
        ...

    def budget(self) -> Mapping[str, float]:
        """Return the m3 it has brought in (`ENTERS`) and out (`LEAVES`) since the start, each >= 0."""
        return {}

    def stored(self) -> float:
        """Return the m3 it holds itself (a basement, an underpass, a drain)."""
        return 0.0

    def state(self) -> Mapping[str, Mapping[str, float]]:
        """Return what people want to see of it now: quantity -> id of a thing of the city -> value."""
        return {}

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return what changes while it works, by name."""
        return {}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
