"""Hazards: one file per model, found by being here. A room holds a class called `hazard`.

A hazard lays a physics engine on a grid and drives it: it declares what it reads and writes, picks its own stable
time steps, takes actions while it runs and keeps a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from twin.errors import MissingError, UsageError, suggest
from twin.model.action import Action, Effect
from twin.model.asset import Asset
from twin.model.field import FieldSeries, Grid
from twin.model.finding import Finding
from twin.model.run import Budget, Frame
from twin.model.scenario import Scenario
from twin.rooms import discover

Things = Mapping[str, Mapping[str, float]]
"""Quantity -> id of a thing of the city -> its value."""
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What an ensemble keeps of each member and makes of it.

    frame      quantity of the frames that is kept; "" : ensembles of this hazard are not known
    shown      how members become one frame of it: "median", or "share" (of members in which it is above `above`)
    above      limit of the probability; None: the scenario's `threshold`
    whole      summary whose share of members above the limit is the probability over the run
    summaries  summary -> shares whose quantiles are kept, such as 0.5
    spread     names of `Spread` that this hazard's members can differ in
    """

    frame: str = ""
    shown: str = "median"
    above: float | None = None
    whole: str = ""
    summaries: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    spread: tuple[str, ...] = ()


class Hazard(Protocol):
    """A model that advances fields in time.

    inputs     quantities it needs on the grid; a value is the default where the city has none, None: required
    forcing    quantities that it takes as a series of fields
    assets     kinds of features that it takes as things -> attributes of which a thing must have one; empty: all
    sees       quantities of other hazards' frames that it takes in when both run in one scenario
    outputs    quantities of its frames
    summaries  quantities of `summary()`, one field each for the whole run
    members    what an ensemble keeps of its members
    measures   kinds of action that `apply` knows
    validated  one sentence: against which cases and how well, or that it is not validated
    findings   what `start` found or had to assume about the things of the city
    """

    inputs: Mapping[str, float | None]
    forcing: tuple[str, ...]
    assets: Mapping[str, tuple[str, ...]]
    sees: tuple[str, ...]
    outputs: tuple[str, ...]
    summaries: tuple[str, ...]
    members: Kept
    measures: tuple[str, ...]

    @property
    def validated(self) -> str:
        """Say how well it agrees with what."""
        ...

    @property
    def findings(self) -> list[Finding]:
        """Return what `start` found."""
        ...

    def start(self, setting: Setting) -> None:
        """Take the inputs and stand at time 0. Raises InputError for unknown params."""
        ...

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        """Move to `until` s and return the fields there. Raises UnstableError, and what `watch` raises."""
        ...

    def see(self, fields: Mapping[str, NDArray[np.floating]], things: Things) -> None:
        """Take in what another hazard's fields (ny, nx) and things are now; asked at every coupling step.

        fields  those of `sees` that the other one has       things  quantity -> id -> value, all that it has
        """
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


@runtime_checkable
class Confined(Protocol):
    """What a hazard can do besides, of which a part can be run again by itself."""

    def confine(self, box: tuple[int, int, int, int], ahead: Sequence[Frame]) -> bool:
        """Move only what is in a window from now on; around it things are as they were in a run of the whole grid.

        box    rows from .. to, columns from .. to, the second of each excluded
        ahead  frames of that run, from now on, by time; between two of them straight lines

        Return False, with nothing done, where the parts of this run hang together over the whole grid. From a hazard
        that was confined only frames are to be asked, and of them the fields in the window.
        """
        ...


def make(name: str) -> Hazard:
    """Return a new hazard: a room of this folder, or several joined by "+", such as "flood+fire".

    Raises MissingError for a name that is not known, UsageError where one is joined with itself.
    """
    from twin.hazards._together import Together

    rooms: Mapping[str, Any] = discover(__name__, "hazard")
    names = name.split("+")
    for part in names:
        if part not in rooms:
            raise MissingError(f"hazard '{part}' is not known; {suggest(part, rooms)}")
    if len(set(names)) < len(names):
        raise UsageError(f"hazard '{name}': name each one once")
    made: dict[str, Hazard] = {part: rooms[part]() for part in names}
    if len(names) == 1:
        return made[name]
    return Together(made)
