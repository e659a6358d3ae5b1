"""Hazards: one file per model, found by being here. A room holds a class called `hazard`.

A hazard lays a physics engine on a grid and drives it: it declares what it reads and writes, picks its own stable
time steps, takes actions while it runs and keeps a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.model.action import Action, Effect
from twin.model.asset import Asset
from twin.model.field import FieldSeries, Grid
from twin.model.finding import Finding
from twin.model.run import Budget, Frame
from twin.model.scenario import Scenario

Watch = Callable[[float], None]
"""Called now and then with the time in s that has been reached; what it raises ends the run."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What a hazard starts from: the city, laid on a grid.

    fields   quantity -> (ny, nx) float64, row 0 south; what the hazard's `inputs` names
    forcing  quantity -> its course in time and space; what the hazard's `forcing` names, where it is not the same
             everywhere (that stands in the scenario)
    assets   kind -> things of the city; what the hazard's `assets` names
    rng      seeded by the scenario
    """

    grid: Grid
    scenario: Scenario
    fields: Mapping[str, NDArray[np.float64]]
    forcing: Mapping[str, FieldSeries] = field(default_factory=dict)
    assets: Mapping[str, Sequence[Asset]] = field(default_factory=dict)
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))
    threads: int = 1


class Hazard(Protocol):
    """A model that advances fields in time.

    inputs     quantities it needs on the grid; a value is the default where the city has none, None: required
    forcing    quantities that it takes as a series of fields
    assets     kinds of features that it takes as things
    outputs    quantities of its frames
    summaries  quantities of `summary()`, one field each for the whole run
    measures   kinds of action that `apply` knows
    validated  one sentence: against which cases and how well, or that it is not validated
    findings   what `start` found or had to assume about the things of the city
    """

    inputs: Mapping[str, float | None]
    forcing: tuple[str, ...]
    assets: tuple[str, ...]
    outputs: tuple[str, ...]
    summaries: tuple[str, ...]
    measures: tuple[str, ...]
    validated: str
    findings: list[Finding]

    def start(self, setting: Setting) -> None:
        """Take the inputs and stand at time 0. Raises InputError for unknown params."""
        ...

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        """Move to `until` s and return the fields there. Raises UnstableError, and what `watch` raises."""
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

    def aftermath(self) -> dict[str, list[dict[str, object]]]:
        """Return what is to be said of things up to now, as tables for the record of the run.

        "findings" (rows as of `Finding`) is for all hazards; other tables are the hazard's own.
        """
        ...

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name, as arrays."""
        ...

    def load(self, saved: Mapping[str, NDArray[Any]], done: Sequence[Action]) -> None:
        """Stand where `save` stood, after `start` with the same setting; what follows is the same to the last bit.

        done  the actions that had been carried out by then, in their order
        """
        ...

    @property
    def cell_updates(self) -> int:
        """Cells advanced so far, summed over time steps."""
        ...
