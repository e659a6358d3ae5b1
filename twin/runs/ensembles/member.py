"""The worker process of an ensemble: takes numbers of members, runs them, says how far it is.

It gets a plan and then numbers on its standard input, and answers in lines of JSON on its standard output. It knows
no database: the city comes as arrays in files that all workers share through the page cache.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.hazards import Setting
from twin.model.asset import Asset
from twin.model.field import FieldSeries, Grid
from twin.model.run import Frame
from twin.model.scenario import Scenario, Spread
from twin.runs.ensembles.made import made_of
from twin.runs.ensembles.members import draw, varied
from twin.runs.execution.march import march
from twin.runs.frames.store import FrameWriter

if TYPE_CHECKING:
    from twin.hazards import Hazard
    from twin.runs.inputs.prepare import Prepared

BURNING, BUILDINGS = "building_fire", "buildings"
"""Quantity of a frame's things that holds the states of buildings, and table of what became of them."""
LIT = 2
"""State from which a building has been on fire."""
FATES = "fates.npz"
"""File of a member: `id` of the buildings that burnt, and `time` in s at which each was set on fire."""
SHARES = "shares.npy"
"""File of a member whose hazard asks for shares only: (frames, bytes) a bit per cell, whether it counts."""
TELL_EVERY = 0.2
"""Seconds between two reports."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What every member starts from. Arrays lie in files in `folder`.

    hazard   its class
    fields   quantities that have a file
    forcing  quantity -> times in s; each map has a file
    """

    folder: Path
    hazard: type[Hazard]
    grid: Grid
    scenario: Scenario
    spread: Spread
    fields: Sequence[str]
    forcing: Mapping[str, tuple[float, ...]]
    assets: Mapping[str, Sequence[Asset]]

    def member(self, number: int) -> Path:
        """Return the folder of a member's frames."""
        return self.folder / f"member-{number:05d}"

    def setting(self) -> Setting:
        """Return the setting of the scenario itself; its arrays cannot be written to."""
        return Setting(
            self.grid,
            self.scenario,
            {name: np.load(self.folder / f"{name}.npy", mmap_mode="r") for name in self.fields},
            {name: FieldSeries(name, times, self._reader(name)) for name, times in self.forcing.items()},
            self.assets,
            np.random.default_rng(self.scenario.seed),
            1,
        )

    def _reader(self, name: str) -> Callable[[int], NDArray[np.floating]]:
        def read(i: int) -> NDArray[np.floating]:
            with np.load(self.folder / f"{name}-{i}.npz") as file:
                return np.asarray(file["values"])

        return read


def lay_out(folder: Path, hazard: Hazard, scenario: Scenario, spread: Spread, ready: Prepared) -> Plan:
    """Return the plan of an ensemble, with its arrays written into `folder`.

    scenario  with its measures placed
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in ready.fields.items():
        np.save(folder / f"{name}.npy", values)
    for name, series in ready.forcing.items():
        for i in range(len(series.times)):
            np.savez_compressed(folder / f"{name}-{i}.npz", values=series.read(i))
    times = {name: series.times for name, series in ready.forcing.items()}
    return Plan(folder, type(hazard), ready.grid, scenario, spread, tuple(ready.fields), times, ready.assets)


def run_member(plan: Plan, number: int, tell: Callable[[float], None]) -> dict[str, Any]:
    """Run a member, keep its frames in the plan's folder and return its books.

    tell  called with the share done
    """
    duration = plan.scenario.duration
    setting = varied(plan.setting(), draw(plan.scenario.seed, number, plan.spread))
    hazard = plan.hazard()
    hazard.start(setting)
    kept, lit, shares = hazard.members, dict[str, float](), list[NDArray[np.uint8]]()
    made, whole = made_of(kept, plan.spread.threshold), kept.shown == "median"
    writer = FrameWriter(plan.member(number), plan.grid, plan.scenario.start, (kept.frame,) if whole else (), {})
    for event in march(hazard, setting.scenario, lambda reached: tell(reached / duration)):
        if isinstance(event, Frame):
            values = event.fields[kept.frame]
            writer.add(Frame(event.time, {kept.frame: values} if whole else {}))
            if not whole:
                shares.append(np.packbits(made.reached(kept.frame, values)))
            for id_, state in event.assets.get(BURNING, {}).items():
                if state >= LIT:
                    lit.setdefault(id_, event.time)
            tell(event.time / duration)
    summary = hazard.summary()
    writer.close({name: summary[name] for name in kept.summaries if name in summary})
    if shares:
        np.save(plan.member(number) / SHARES, np.stack(shares))
    if lit:
        # the hazard knows the second, frames only their own moments
        known = {str(row["id"]): row.get("ignited_s") for row in hazard.aftermath().get(BUILDINGS, [])}
        lit |= {id_: float(str(time)) for id_, time in known.items() if time is not None}
        np.savez(plan.member(number) / FATES, id=np.array(list(lit)), time=np.array(list(lit.values())))
    return {"budget": asdict(hazard.budget()), "cell_updates": hazard.cell_updates, "validated": hazard.validated}


def main() -> None:
    """Work until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear; it ends its workers
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    told = 0.0

    def say(**answer: object) -> None:
        answers.write(json.dumps(answer, ensure_ascii=False, default=float) + "\n")
        answers.flush()

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            say(share=share)

    # what is unpickled was written by the parent process itself
    plan: Plan = pickle.load(sys.stdin.buffer)  # noqa: S301 (see above)
    while True:
        try:
            number: int = pickle.load(sys.stdin.buffer)  # noqa: S301 (see above)
        except EOFError:
            return
        try:
            books = run_member(plan, number, tell)
        except Exception as error:  # noqa: BLE001 (whatever ends a member is reported, and the next one runs)
            say(failed=f"{type(error).__name__}: {error}")
        else:
            say(done=books)
