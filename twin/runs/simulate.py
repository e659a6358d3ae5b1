"""Run a scenario over a city: prepare, advance frame by frame, act on time, keep the books."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import MissingError, suggest
from twin.hazards import Setting
from twin.model.run import Budget, Frame, Run
from twin.rooms import discover
from twin.runs.document import parse_scenario, read_text
from twin.runs.frames import NAME, FrameWriter
from twin.runs.place import placed
from twin.runs.prepare import Prepared, prepare
from twin.runs.provenance import code_version, run_id, write_record
from twin.settings import Settings

if TYPE_CHECKING:
    from twin.hazards import Hazard
    from twin.model.scenario import Scenario
    from twin.store import City

log = logging.getLogger(__name__)

#: reports how far a run is: share done 0..1, seconds left by the pace so far
Progress = Callable[[float, float], None]


@dataclass(slots=True)
class Course:
    """How a run has gone so far: the budget at each frame, the effects of measures, wall seconds per phase."""

    frames: list[dict[str, object]] = field(default_factory=list)
    effects: list[dict[str, object]] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)


def simulate(
    city: City,
    scenario: Scenario | Path | str,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Run:
    """Return the run of a scenario over a city; one that is done already is not computed again.

    scenario  a document's path, or a `Scenario`
    threads   of the solver; None: as `Settings` says. They do not change the result
    progress  called after every frame after the first
    cancel    asked after every frame; True ends the run as "partial", with the frames up to then

    Raises what reading and preparing raise, and UnstableError; a run that breaks off is kept as "failed".
    """
    if isinstance(scenario, Path | str):
        text = read_text(scenario)
        scenario = parse_scenario(text, str(scenario))
    else:
        text = json.dumps(asdict(scenario), ensure_ascii=False, indent=1, default=str)
    identity = run_id(scenario, city.snapshot)
    folder = city.runs.folder(identity)
    known = _known(city, identity)
    if known is not None and known.status == "done" and (folder / NAME / "zarr.json").is_file():
        return known
    shutil.rmtree(folder, ignore_errors=True)
    execution = _Execution(city, scenario, identity, text, folder)
    try:
        execution.begin(threads or Settings.from_environment().threads)
        execution.go(progress, cancel)
    except KeyboardInterrupt:
        if execution.prepared is not None:
            execution.keep("partial", "interrupted")
        raise
    except Exception as error:
        if execution.prepared is not None:
            execution.keep("failed", str(error))
        raise
    return execution.keep("done" if execution.complete else "partial", "")


def _known(city: City, identity: str) -> Run | None:
    try:
        return city.runs.get(identity)
    except MissingError:
        return None


class _Execution:
    """One execution of a scenario: holds the hazard, the writer and the books."""

    def __init__(self, city: City, scenario: Scenario, identity: str, text: str, folder: Path) -> None:
        hazards = discover("twin.hazards", "hazard")
        if scenario.hazard not in hazards:
            raise MissingError(f"hazard '{scenario.hazard}' is not known; {suggest(scenario.hazard, hazards)}")
        room: Any = hazards[scenario.hazard]
        self.hazard: Hazard = room()
        self.city = city
        self.scenario = scenario
        self.identity = identity
        self.text = text
        self.folder = folder
        self.snapshot = city.snapshot
        self.started = datetime.now(UTC)
        self.begun = time.perf_counter()
        self.course = Course()
        self.prepared: Prepared | None = None
        self.writer: FrameWriter | None = None
        self.reached = 0.0

    @property
    def complete(self) -> bool:
        """Return whether the run stands at its end."""
        return self.reached >= self.scenario.duration

    def begin(self, threads: int) -> None:
        """Lay the city on the grid and let the hazard stand at time 0."""
        scenario, hazard = self.scenario, self.hazard
        ready = prepare(self.city, scenario, hazard.inputs, hazard.forcing, hazard.assets)
        self._phase("prepare")
        for finding in ready.findings:
            log.log(logging.WARNING if finding.severity == "warning" else logging.INFO, "%s", finding.message)
        rng = np.random.default_rng(scenario.seed)
        hazard.start(Setting(ready.grid, scenario, ready.fields, ready.forcing, ready.assets, rng, threads))
        about = {
            "title": scenario.title,
            "source": f"{scenario.hazard}, gaon-twin {code_version()}",
            "history": f"{self.started.isoformat(timespec='seconds')} simulated, run {self.identity}",
            "comment": hazard.validated,
        }
        self.writer = FrameWriter(self.folder, ready.grid, scenario.start, hazard.outputs, about)
        self.prepared = ready
        self._phase("start")

    def go(self, progress: Progress | None, cancel: Callable[[], bool] | None) -> None:
        """Advance to the end: a frame every `frame_every` s and at the end, measures at their times."""
        scenario = self.scenario
        todo = sorted(scenario.measures, key=lambda m: m.at)
        count = int(np.ceil(scenario.duration / scenario.frame_every - 1e-9))
        for number in range(count + 1):
            until = min(number * scenario.frame_every, scenario.duration)
            while todo and todo[0].at <= until:
                action = placed(self.city, todo.pop(0))
                self.hazard.advance(action.at)
                effect = self.hazard.apply(action)
                self.course.effects.append(asdict(effect))
                log.info("measure %s at %.0f s: %s", action.kind, action.at, effect.note)
            self._frame(self.hazard.advance(until))
            done = until / scenario.duration
            if progress is not None and done > 0:
                progress(done, (time.perf_counter() - self.begun) / done * (1 - done))
            if cancel is not None and cancel():
                return
        self._phase("advance")

    def _frame(self, frame: Frame) -> None:
        assert self.writer is not None
        self.writer.add(frame)
        self.reached = frame.time
        self.course.frames.append({"time": frame.time, **_budget(self.hazard.budget())})

    def _phase(self, name: str) -> None:
        self.course.phases[name] = time.perf_counter() - self.begun - sum(self.course.phases.values())

    def keep(self, status: str, error: str) -> Run:
        """Write summaries, record and provenance; store the run and return it."""
        assert self.prepared is not None
        assert self.writer is not None
        grid, hazard = self.prepared.grid, self.hazard
        self.writer.close(hazard.summary() if status != "failed" else {})
        run = Run(
            id=self.identity,
            title=self.scenario.title,
            title_en=self.scenario.title_en,
            scenario_hash=self.scenario.hash,
            hazard=self.scenario.hazard,
            status=status,
            frames=len(self.writer.times),
            cells=grid.nx * grid.ny,
            simulated_s=self.reached,
            wall_s=time.perf_counter() - self.begun,
            cell_updates=int(hazard.cell_updates),
            budget=hazard.budget(),
            started=self.started,
            snapshot=self.snapshot,
            code=code_version(),
            validated=hazard.validated,
        )
        record = asdict(run) | {
            "error": error,
            "scenario": self.text,
            "grid": asdict(grid),
            "layers": self.prepared.layers,
            "findings": [asdict(f) for f in self.prepared.findings],
            "measures": self.course.effects,
            "budget_per_frame": self.course.frames,
            "phases_s": self.course.phases,
        }
        write_record(self.folder, record)
        self.city.runs.add(run, self.text)
        return run


def _budget(budget: Budget) -> dict[str, object]:
    """Return a budget in m3 as the record holds it."""
    return {
        "in": budget.inflow,
        "out": budget.outflow,
        "stored": budget.stored,
        "error_relative": budget.error_relative,
        "parts": dict(budget.parts),
    }
