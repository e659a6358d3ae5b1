"""Hazards: one file per model, found by being here. A room holds a class called `hazard`.

A hazard lays a physics engine on a grid and drives it: it declares what it reads and writes, picks its own stable
time steps, takes actions while it runs and keeps a budget.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from twin.model.action import Action, Effect
from twin.model.field import Grid
from twin.model.run import Budget, Frame
from twin.model.scenario import Scenario


class Hazard(Protocol):
    """A model that advances fields in time.

    inputs     quantities it needs on the grid; a value is the default where the city has none, None: required
    outputs    quantities of its frames
    summaries  quantities of `summary()`, one field each for the whole run
    measures   kinds of action that `apply` knows
    validated  one sentence: against which cases and how well, or that it is not validated
    """

    inputs: Mapping[str, float | None]
    outputs: tuple[str, ...]
    summaries: tuple[str, ...]
    measures: tuple[str, ...]
    validated: str

    def start(
        self,
        grid: Grid,
        fields: Mapping[str, NDArray[np.float64]],
        scenario: Scenario,
        rng: np.random.Generator,
        threads: int,
    ) -> None:
        """Take the inputs ((ny, nx), row 0 south) and stand at time 0. Raises InputError for unknown params."""
        ...

    def advance(self, until: float) -> Frame:
        """Move to `until` s and return the fields there. Raises UnstableError."""
        ...

    def apply(self, action: Action) -> Effect:
        """Carry out an action now. Raises UsageError for an unknown kind."""
        ...

    def budget(self) -> Budget:
        """Return what went in and out since the start and what is stored."""
        ...

    def summary(self) -> dict[str, NDArray[np.float32]]:
        """Return the fields of `summaries` up to now."""
        ...

    @property
    def cell_updates(self) -> int:
        """Cells advanced so far, summed over time steps."""
        ...
