"""A fire for tests of the runner: it runs from its ignitions at one speed in all directions, and buildings burn in it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from twin.errors import InputError, UsageError
from twin.hazards import Kept, Setting, Watch
from twin.model.action import Action, Effect
from twin.model.run import Budget, Frame

#: s from heated to burning, and from burning to burnt out
HEATED, BURNS = 60.0, 600.0


class Ember:
    inputs: ClassVar = {"elevation": None, "building_share": 0.0}
    forcing = ()
    assets: ClassVar = {"building": ()}
    sees = ("depth",)
    outputs = ("fire_state", "heat_flux")
    summaries = ("fire_arrival", "flame_length")
    members = Kept(
        "fire_state",
        shown="share",
        above=0.0,
        whole="fire_arrival",
        summaries={"fire_arrival": (0.1, 0.5)},
        spread=("wind_cv", "wind_turn", "moisture_cv", "spread_rate_cv", "brands"),
    )
    measures = ("engine", "evacuate", "wet")
    validated = "not validated: an ember for tests of the runner"

    def __init__(self) -> None:
        self.findings = []

    def start(self, setting: Setting) -> None:
        grid, scenario = setting.grid, setting.scenario
        unknown = set(scenario.params) - {"spread_rate_factor", "rate"}
        if unknown:
            raise InputError(f"ember: parameter '{unknown.pop()}' is not known")
        self.grid, self.time, self.steps = grid, 0.0, 0
        wind = scenario.weather.wind_speed.at(0.0) if scenario.weather else 0.0
        dry = scenario.weather.moisture["1h"].at(0.0) if scenario.weather and scenario.weather.moisture else 0.06
        base = float(scenario.params.get("rate", 0.05)) * (1 + wind) * 0.06 / dry
        self.rate = base * float(scenario.params.get("spread_rate_factor", 1.0))
        x = grid.west + (np.arange(grid.nx) + 0.5) * grid.cell
        y = (grid.south + (np.arange(grid.ny) + 0.5) * grid.cell)[:, None]
        self.arrival = np.full(grid.shape, np.inf)
        houses = [(a.id, *np.mean(a.points[:-1], axis=0)) for a in setting.assets["building"]]
        self.hit = {id_: np.inf for id_, *_ in houses}
        for i in scenario.ignitions:
            for u, v in i.points:
                away = np.hypot(x - u, y - v)
                self.arrival = np.minimum(self.arrival, i.at + away / self.rate)
                for id_, bx, by in houses:
                    self.hit[id_] = min(self.hit[id_], i.at + np.hypot(bx - u, by - v) / self.rate)
        self.built = setting.fields["building_share"] >= 0.5
        self.out: dict[str, float] = {}
        self.away: dict[str, float] = {}
        self.seed = scenario.seed

    def _state(self, id_: str, time: float) -> int:
        since = time - self.hit[id_]
        if since < 0:
            return 0
        if since < HEATED:
            return 1
        if id_ in self.out and self.out[id_] < self.hit[id_] + BURNS:
            return 4 if time >= self.out[id_] else 2
        return 2 if since < HEATED + BURNS else 3

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        assert until >= self.time
        if watch is not None:
            watch(until)
        self.time, self.steps = until, self.steps + 1
        burnt = self.arrival <= until
        state = np.where(burnt, np.where(self.built, 3, np.where(self.arrival > until - BURNS, 1, 2)), 0)
        near = np.where(burnt, 20.0, np.where(self.arrival <= until + 120, 5.0, 0.0))
        states = {id_: float(self._state(id_, until)) for id_ in self.hit}
        return Frame(
            until,
            {"fire_state": state.astype(np.float32), "heat_flux": near.astype(np.float32)},
            {"building_fire": {id_: s for id_, s in states.items() if s}},
        )

    def see(self, fields, things) -> None:
        self.seen = dict(fields)

    def apply(self, action: Action) -> Effect:
        if action.kind not in self.measures:
            raise UsageError(f"ember: '{action.kind}' is not known")
        if action.kind == "engine":
            self.out[action.target] = action.at
        if action.kind == "evacuate":
            self.away[action.target] = action.at
        return Effect(action, 0, f"{action.kind} at {action.at:g} s")

    def budget(self) -> Budget:
        held = float(self.arrival.size) * self.grid.cell**2
        gone = float((self.arrival <= self.time).sum()) * self.grid.cell**2
        parts = {"fuel_at_start": held, "buildings_burnt": 0.0, "vegetation_burnt": gone}
        return Budget(0.0, gone, held - gone, 0.0, parts, "MJ")

    def summary(self):
        arrival = np.where(self.arrival <= self.time, self.arrival, np.nan)
        return {
            "fire_arrival": arrival.astype(np.float32),
            "flame_length": np.where(np.isnan(arrival), 0, 2).astype(np.float32),
        }

    def aftermath(self):
        rows = [self._row(id_) for id_ in self.hit if self._state(id_, self.time)]
        away = [{"id": id_, "by_s": by} for id_, by in self.away.items()]
        return {"findings": [], "buildings": rows, "evacuated": away}

    def _row(self, id_: str) -> dict[str, object]:
        state = self._state(id_, self.time)
        burning = self.hit[id_] + HEATED if state > 1 else None
        names = ("unburnt", "heated", "burning", "burnt_out", "extinguished")
        return {
            "id": id_,
            "state": names[state],
            "ignited_s": burning,
            "ended_s": {3: self.hit[id_] + HEATED + BURNS, 4: self.out.get(id_)}.get(state),
            "cause": "vegetation" if state > 1 else "",
            "by": "",
            "energy_mj": 100.0 if state == 3 else 25.0 if state in (2, 4) else 0.0,
            "load_mj": 100.0,
        }

    def save(self):
        return {
            "books": np.array([self.time, self.steps]),
            "out": np.array([f"{k}={v}" for k, v in self.out.items()], dtype=np.str_),
        }

    def load(self, saved, done) -> None:
        self.time, self.steps = float(saved["books"][0]), int(saved["books"][1])
        self.out = {k: float(v) for k, v in (str(text).rsplit("=", 1) for text in saved["out"])}

    @property
    def cell_updates(self) -> int:
        return self.steps * self.arrival.size


#: from the hill in the west into the basin: in 40 min it takes the five houses that a front of 0.1 m/s reaches
DOCUMENT = """
title = "분지에 불"
title_en = "Fire in a basin"
hazard = "fire"
start = 2026-04-11T08:00:00+09:00
duration_min = 40
frame_every_min = 10
cell_m = 5
[weather]
wind_m_per_s = 1
wind_from_deg = 270
moisture_percent = {1h = 6}
[[ignition]]
name = "능선"
x = 200026
y = 450025
"""
ROOMS = ("twin.runs.document.read", "twin.hazards")
"""Modules that look for hazards."""
