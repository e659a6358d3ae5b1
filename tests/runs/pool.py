"""A hazard for tests of the runner: rain stands where it falls, a pump takes some away; it breaks or dies when told to."""

from __future__ import annotations

import os
import sys
from typing import ClassVar

import numpy as np

from twin.errors import InputError, UnstableError, UsageError
from twin.hazards import Kept, Setting, Watch
from twin.model.action import Action, Effect
from twin.model.finding import Finding
from twin.model.run import Budget, Frame


class Pool:
    inputs: ClassVar = {"elevation": None, "building_share": 0.0}
    forcing = ()
    assets: ClassVar = {}
    sees = ()
    outputs = ("depth", "speed")
    summaries = ("max_depth", "arrival")
    members = Kept(
        "depth",
        whole="max_depth",
        summaries={"max_depth": (0.1, 0.5, 0.9), "arrival": (0.1, 0.5)},
        spread=("rain_cv", "rain_shift", "inflow_cv", "breach_time"),
    )
    measures = ("pump",)
    validated = "not validated: a pool for tests of the runner"
    findings: ClassVar = [Finding("info", "pool", "a pool has no city around it")]

    def start(self, setting: Setting) -> None:
        grid, scenario = setting.grid, setting.scenario
        unknown = set(scenario.params) - {"breaks_at", "breaks_above", "dies_above"}
        if unknown:
            raise InputError(f"pool: parameter '{unknown.pop()}' is not known")
        rate = max(scenario.rain.values)
        if rate > scenario.params.get("breaks_above", np.inf):
            raise UnstableError(f"pool: {rate:g} m/s of rain is too much")
        if rate > scenario.params.get("dies_above", np.inf):
            print("pool: out of luck", file=sys.stderr, flush=True)
            os._exit(9)
        self.grid, self.scenario, self.time = grid, scenario, 0.0
        self.noise = setting.rng.random()
        self.depth = np.zeros(grid.shape)
        self.deepest = np.zeros(grid.shape)
        self.fallen = self.pumped = 0.0
        self.steps = 0

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        assert until >= self.time
        if watch is not None:
            watch(until)
        if until >= self.scenario.params.get("breaks_at", np.inf):
            raise UnstableError(f"pool: negative depth at {until:g} s")
        rain = self.scenario.rain.at(self.time) * (until - self.time)
        self.depth += rain
        self.fallen += rain * self.depth.size * self.grid.cell**2
        self.deepest = np.maximum(self.deepest, self.depth)
        self.time = until
        self.steps += 1
        field = self.depth.astype(np.float32)
        return Frame(until, {"depth": field, "speed": np.full_like(field, self.noise)})

    def apply(self, action: Action) -> Effect:
        if action.kind != "pump":
            raise UsageError(f"pool: '{action.kind}' is not known")
        taken = min(float(action.params["rate"]), float(self.depth.min()))
        self.depth -= taken
        self.pumped += taken * self.depth.size * self.grid.cell**2
        return Effect(action, self.depth.size, f"{taken:g} m taken at {action.at:g} s")

    def budget(self) -> Budget:
        stored = float(self.depth.sum()) * self.grid.cell**2
        error = (stored - self.fallen + self.pumped) / max(self.fallen, stored, 1e-9)
        return Budget(self.fallen, self.pumped, stored, error, {"rain": self.fallen, "pumped": self.pumped})

    def summary(self):
        arrival = np.where(self.deepest > 0, 60.0, np.nan)
        return {"max_depth": self.deepest.astype(np.float32), "arrival": arrival.astype(np.float32)}

    def save(self):
        books = [self.time, self.fallen, self.pumped, self.steps]
        return {"depth": self.depth.copy(), "deepest": self.deepest.copy(), "books": np.array(books)}

    def load(self, saved, done) -> None:
        self.depth[:], self.deepest[:] = saved["depth"], saved["deepest"]
        self.time, self.fallen, self.pumped, self.steps = (float(v) for v in saved["books"])

    def aftermath(self):
        return {"findings": []}

    @property
    def cell_updates(self) -> int:
        return self.steps * self.depth.size
