"""One execution of a scenario, with its provenance, and one instant of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Budget:
    """What went in and out and what is left, in the hazard's conserved unit.

    unit            of the sums and the parts: "m3" of water, "MJ" of fuel

    error_relative  (stored - stored at the start - in + out) / max(in, stored), without a unit
    parts           the named terms behind the sums (rain, inflow, outflow, pumped, clipped, ...)
    also            the budgets of the other hazards, when several run in one scenario
    """

    inflow: float
    outflow: float
    stored: float
    error_relative: float
    parts: Mapping[str, float] = field(default_factory=dict)
    unit: str = "m3"
    also: tuple[Budget, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Budget:
        """Return the budget of which `dataclasses.asdict` has made a table."""
        return cls(**(dict(table) | {"also": tuple(cls.of(other) for other in table.get("also", ()))}))


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One instant.

    time    s from the start
    fields  quantity -> (ny, nx) float32, row 0 south
    assets  quantity -> id of a thing of the city -> its value (depth in an underpass, rate of a pump)
    """

    time: float
    fields: Mapping[str, NDArray[np.float32]]
    assets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A finished, partial or failed execution.

    id         from the scenario's hash, the state of the city (snapshot) and the version of the code: same
               inputs, same id
    status     "done", "partial" (cancelled: the frames up to then are there) or "failed"
    snapshot   last seq of the city's log that the run has seen
    members    executions behind it: 1, or those of an ensemble, whose fields are then their statistics
    """

    id: str
    title: str
    scenario_hash: str
    hazard: str
    status: str
    frames: int
    cells: int
    simulated_s: float
    wall_s: float
    cell_updates: int
    budget: Budget
    started: datetime
    snapshot: int
    code: str
    validated: str = ""
    title_en: str = ""
    members: int = 1
