"""Several hazards in one scenario, on one clock: at every coupling step each is shown what the others have become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UsageError, suggest
from twin.hazards import Hazard, Kept, Setting, Things, Watch
from twin.model.action import Action, Effect
from twin.model.asset import Asset
from twin.model.finding import Finding
from twin.model.run import Budget, Frame
from twin.model.scenario import Scenario

EVERY = 60.0
"""s between two looks at each other, where the scenario says nothing: an engine drives 500 m in it."""

LEAST, MOST = 1.0, 3600.0
"""s, bounds of that time."""


class Together:
    """Hazards side by side; see `twin.hazards.Hazard` for the verbs.

    What lies on the grid is read once and handed to each that declares it. The scenario's `params` hold a table for
    each part under its name, and `together` with `every` in s. An action goes to every part that knows its kind.
    """

    def __init__(self, parts: Mapping[str, Hazard]) -> None:
        """Join hazards, by their names."""
        self.parts = dict(parts)
        each = list(self.parts.values())
        self.inputs: Mapping[str, float | None] = {
            name: None if any(name in h.inputs and h.inputs[name] is None for h in each) else default
            for h in each
            for name, default in h.inputs.items()
        }
        self.forcing = tuple(dict.fromkeys(name for h in each for name in h.forcing))
        self.assets: Mapping[str, tuple[str, ...]] = _assets(each)
        self.sees: tuple[str, ...] = ()
        self.outputs = tuple(dict.fromkeys(name for h in each for name in h.outputs))
        self.summaries = tuple(dict.fromkeys(name for h in each for name in h.summaries))
        self.members = Kept()
        self.measures = tuple(dict.fromkeys(kind for h in each for kind in h.measures))
        self._every, self._reached = EVERY, 0.0

    @property
    def validated(self) -> str:
        """Say of each part against what it was compared; how they act on each other was not."""
        said = " ".join(f"{name}: {hazard.validated}" for name, hazard in self.parts.items())
        return f"{said} How they act on each other is not validated."

    @property
    def findings(self) -> list[Finding]:
        """Return what the parts found."""
        return [finding for hazard in self.parts.values() for finding in hazard.findings]

    def start(self, setting: Setting) -> None:
        """Let every part stand at time 0. Raises InputError for a table of params that is of no part."""
        params = setting.scenario.params
        known = (*self.parts, "together")
        for name in params:
            if name not in known:
                raise InputError(f"params '{name}' are of none of the hazards; {suggest(name, known)}")
        self._every, self._reached = _every(params.get("together", {})), 0.0
        seeds = setting.rng.spawn(len(self.parts))
        for (name, hazard), rng in zip(self.parts.items(), seeds, strict=True):
            own = replace(
                setting,
                scenario=_share(setting.scenario, name, hazard),
                fields={q: values for q, values in setting.fields.items() if q in hazard.inputs},
                forcing={q: series for q, series in setting.forcing.items() if q in hazard.forcing},
                assets={kind: _of(setting.assets.get(kind, ()), need) for kind, need in hazard.assets.items()},
                rng=rng,
            )
            hazard.start(own)

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        """Move all to `until` s, from one coupling step to the next, and return what each has there."""
        while True:
            target = min(until, (floor(self._reached / self._every + 1e-9) + 1) * self._every)
            frames = {name: hazard.advance(target, watch) for name, hazard in self.parts.items()}
            whole = target == (floor(self._reached / self._every + 1e-9) + 1) * self._every
            self._reached = target
            if whole:
                self._show(frames)
            if target >= until:
                return _joined(until, frames)

    def _show(self, frames: Mapping[str, Frame]) -> None:
        """Show each part the frames of the others."""
        for name, hazard in self.parts.items():
            for other, frame in frames.items():
                if other != name:
                    hazard.see({q: v for q, v in frame.fields.items() if q in hazard.sees}, frame.assets)

    def see(self, fields: Mapping[str, NDArray[np.floating]], things: Things) -> None:
        """Show every part what somebody else has become."""
        for hazard in self.parts.values():
            hazard.see({q: v for q, v in fields.items() if q in hazard.sees}, things)

    def apply(self, action: Action) -> Effect:
        """Carry out an action in every part that knows its kind. Raises UsageError when none does."""
        taking = [h for h in self.parts.values() if action.kind in h.measures]
        if not taking:
            raise UsageError(f"action '{action.kind}' is not known; {suggest(action.kind, self.measures)}")
        effects = [hazard.apply(action) for hazard in taking]
        return Effect(action, sum(e.cells for e in effects), "; ".join(e.note for e in effects))

    def budget(self) -> Budget:
        """Return the budget of the first part, with those of the others beside it."""
        first, *others = (hazard.budget() for hazard in self.parts.values())
        return replace(first, also=tuple(others))

    def summary(self) -> dict[str, NDArray[np.float32]]:
        """Return the fields of all parts."""
        return {name: field for hazard in self.parts.values() for name, field in hazard.summary().items()}

    def aftermath(self) -> dict[str, list[dict[str, object]]]:
        """Return the tables of all parts; those of one name follow each other."""
        tables: dict[str, list[dict[str, object]]] = {}
        for hazard in self.parts.values():
            for name, rows in hazard.aftermath().items():
                tables.setdefault(name, []).extend(rows)
        return tables

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by part and name."""
        saved: dict[str, NDArray[Any]] = {"reached": np.array([self._reached])}
        for name, hazard in self.parts.items():
            saved |= {f"{name}/{key}": array for key, array in hazard.save().items()}
        return saved

    def load(self, saved: Mapping[str, NDArray[Any]], done: Sequence[Action]) -> None:
        """Stand where `save` stood."""
        self._reached = float(saved["reached"][0])
        for name, hazard in self.parts.items():
            own = {key.removeprefix(f"{name}/"): a for key, a in saved.items() if key.startswith(f"{name}/")}
            hazard.load(own, [action for action in done if action.kind in hazard.measures])

    @property
    def cell_updates(self) -> int:
        """Cells advanced so far, of all parts."""
        return sum(hazard.cell_updates for hazard in self.parts.values())


def _assets(hazards: Sequence[Hazard]) -> dict[str, tuple[str, ...]]:
    """Return the kinds of things that any of them takes; an attribute is needed only where each needs one."""
    needs: dict[str, tuple[str, ...]] = {}
    for hazard in hazards:
        for kind, one_of in hazard.assets.items():
            before = needs.get(kind, one_of)
            needs[kind] = tuple(dict.fromkeys((*before, *one_of))) if before and one_of else ()
    return needs


def _of(assets: Sequence[Asset], one_of: Sequence[str]) -> list[Asset]:
    """Return the things that have one of the attributes; all of them where none is asked for."""
    return [asset for asset in assets if not one_of or any(asset.params.get(name) for name in one_of)]


def _share(scenario: Scenario, name: str, hazard: Hazard) -> Scenario:
    """Return the scenario as one part is to see it: its own params and measures."""
    params = scenario.params.get(name, {})
    if not isinstance(params, Mapping):
        raise InputError(f"params '{name}' are {params!r}; they must be a table")
    measures = tuple(action for action in scenario.measures if action.kind in hazard.measures)
    return replace(scenario, hazard=name, params=params, measures=measures)


def _every(table: object) -> float:
    """Return the s between two looks at each other. Raises InputError."""
    if not isinstance(table, Mapping):
        raise InputError(f"params 'together' are {table!r}; they must be a table")
    for name in table:
        if name != "every":
            raise InputError(f"together: '{name}' is not known; {suggest(str(name), ('every',))}")
    every = table.get("every", EVERY)
    if isinstance(every, bool) or not isinstance(every, int | float) or not LEAST <= every <= MOST:
        raise InputError(f"together: every is {every!r}; it must be a number from {LEAST:g} to {MOST:g} s")
    return float(every)


def _joined(time: float, frames: Mapping[str, Frame]) -> Frame:
    """Return one frame of all."""
    things: dict[str, dict[str, float]] = {}
    for frame in frames.values():
        for quantity, values in frame.assets.items():
            things.setdefault(quantity, {}).update(values)
    return Frame(time, {q: field for frame in frames.values() for q, field in frame.fields.items()}, things)
