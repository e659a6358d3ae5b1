"""What moves water besides the flow: one file per kind, each a `Structure` that acts once per time step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.water import Water

ENTERS = ("inflow", "surcharge")
"""Parts of a budget that are water from outside, m3 >= 0."""

LEAVES = ("pumped", "drained", "infiltrated")
"""Parts of a budget that are water that has left, m3 >= 0."""


class Structure(Protocol):
    """Something on the ground that moves water, or moves the ground.

    name  unique within a run: what the budget, the journal and errors call it
    """

    name: str

    def corners(self) -> Iterable[float]:
        """Return the times in s at which it changes abruptly; a time step ends there."""
        ...

    def longest(self, water: Water, time: float) -> float:
        """Return the longest time step in s that it stands now; infinity when it does not matter."""
        ...

    def step(self, water: Water, time: float, dt: float) -> None:
        """Do from `time` s what it does in `dt` s, by the verbs of `water`."""
        ...

    def budget(self) -> Mapping[str, float]:
        """Return the m3 it has brought in (`ENTERS`) and out (`LEAVES`) since the start, each >= 0."""
        ...

    def stored(self) -> float:
        """Return the m3 it holds itself (a basement, an underpass, a drain)."""
        ...

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return what changes while it works, by name."""
        ...

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        ...
