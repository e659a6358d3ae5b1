"""Run a scenario over a city: prepare, advance frame by frame, act on time, keep the books."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import MissingError, TwinError
from twin.hazards import Setting
from twin.model.run import Budget, Frame, Run
from twin.model.scenario import Scenario
from twin.runs.document import parse_scenario, read_text
from twin.runs.execution.books import Course, books_of
from twin.runs.execution.checkpoint import Checkpoint, belongs, find_checkpoint, remove_checkpoint, write_checkpoint
from twin.runs.execution.march import Conductor, hazard_of, in_order, march
from twin.runs.execution.pace import CancelledError, Pace, Progress
from twin.runs.frames.store import FrameWriter, has_frames
from twin.runs.frames.things import Things
from twin.runs.inputs.prepare import Prepared
from twin.runs.inputs.ready import made_ready
from twin.runs.provenance import code_version, run_id, write_budget, write_record
from twin.settings import Settings

if TYPE_CHECKING:
    from twin.store import City

log = logging.getLogger(__name__)

CHECKPOINT_EVERY = 30.0
"""Seconds of wall time between two checkpoints, at least; they are made at frames."""
CHECKPOINT_SHARE = 0.1
"""Of the wall time that writing checkpoints may take."""


Conduct = Callable[[Scenario, Prepared], Conductor]
"""Given the scenario with its measures placed and the city on the grid: who looks at the run and acts on it."""


def simulate(
    city: City,
    scenario: Scenario | Path | str,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    resume: bool = False,
) -> Run:
    """Return the run of a scenario over a city; one that is done already is not computed again.

    scenario  a document's path, or a `Scenario`
    threads   of the solver; None: as `Settings` says. They do not change the result
    progress  called at every frame after the first, and now and then within one
    cancel    asked at every frame and between time steps; True ends the run as "partial", with the frames up to then
    resume    go on from the checkpoint that a cancelled or broken run has left; its frames are the same to the last
              bit as if it had not been cancelled. False: a run that is not done begins anew

    Raises what reading and preparing raise, and UnstableError; a run that breaks off is kept as "failed". With
    `resume` also MissingError (no checkpoint), RefusedError (it is of another scenario, city or code) and InputError
    (it is damaged).
    """
    file = "" if isinstance(scenario, Scenario) else str(scenario)
    scenario, text = document_of(scenario)
    identity = run_id(scenario, city.snapshot)
    folder = city.runs.folder(identity)
    known = known_run(city, identity)
    if known is not None and known.status == "done" and has_frames(folder):
        return known
    with named(file):
        point = find_checkpoint(city, identity, scenario, code_version()) if resume else None
        if point is None:
            shutil.rmtree(folder, ignore_errors=True)
        execution = _Execution(city, scenario, identity, text, folder)
        return _carried_out(execution, threads or Settings.from_environment().threads, point, progress, cancel)


def conducted(
    city: City,
    scenario: Scenario,
    text: str,
    identity: str,
    conduct: Conduct,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Run:
    """Return the run of a scenario that somebody looks at and acts on while it runs; it is always computed.

    text      of the document;   identity  of the run, which must tell apart all that the conductor decides by
    conduct   called when the hazard stands at time 0; returns the conductor

    A run that ends early leaves no checkpoint: who conducts remembers more than the hazard.
    Raises as `simulate` does.
    """
    folder = city.runs.folder(identity)
    shutil.rmtree(folder, ignore_errors=True)
    execution = _Execution(city, scenario, identity, text, folder, conduct)
    return _carried_out(execution, threads or Settings.from_environment().threads, None, progress, cancel)


def _carried_out(
    execution: _Execution,
    threads: int,
    point: Checkpoint | None,
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
) -> Run:
    """Return the run of an execution, however it has ended. Raises what has ended it, but not a cancellation."""
    try:
        execution.begin(threads, point)
        execution.go(progress, cancel)
    except CancelledError as end:
        return execution.keep("partial", str(end) or "cancelled")
    except KeyboardInterrupt:
        if execution.writer is not None:
            execution.keep("partial", "interrupted")
        raise
    except Exception as error:
        if execution.writer is not None:
            execution.keep("failed", str(error))
        raise
    return execution.keep("done", "")


def document_of(scenario: Scenario | Path | str) -> tuple[Scenario, str]:
    """Return a scenario and the text of its document; of a `Scenario` it is made from its fields."""
    if isinstance(scenario, Path | str):
        text = read_text(scenario)
        return parse_scenario(text, str(scenario)), text
    return scenario, json.dumps(asdict(scenario), ensure_ascii=False, indent=1, default=str)


@contextmanager
def named(file: str) -> Iterator[None]:
    """Let what ends a run begin with the name of the scenario's file, if it has one."""
    try:
        yield
    except TwinError as error:
        if not file or str(error).startswith(file):
            raise
        raise type(error)(f"{file}: {error}") from None


def known_run(city: City, identity: str) -> Run | None:
    """Return a run of the city, None when there is none of this id."""
    try:
        return city.runs.get(identity)
    except MissingError:
        return None


class _Execution:
    """One execution of a scenario: holds the hazard, the writer and the books."""

    def __init__(
        self, city: City, scenario: Scenario, identity: str, text: str, folder: Path, conduct: Conduct | None = None
    ) -> None:
        self.hazard = hazard_of(scenario)
        self.city = city
        self.scenario = scenario
        self.acting = scenario
        self.identity = identity
        self.text = text
        self.folder = folder
        self.snapshot = city.snapshot
        self.started = datetime.now(UTC)
        self.begun = time.perf_counter()
        self.course = Course()
        self.things = Things()
        self.prepared: Prepared | None = None
        self.writer: FrameWriter | None = None
        self.budget: Budget | None = None
        self.reached = 0.0
        self._conduct = conduct
        self._conductor: Conductor | None = None
        self._latest: Checkpoint | None = None
        self._next_checkpoint = CHECKPOINT_EVERY

    def begin(self, threads: int, point: Checkpoint | None) -> None:
        """Lay the city on the grid and let the hazard stand at time 0, or where a checkpoint was made."""
        hazard = self.hazard
        # what a measure is aimed at is known before the first step; the run's identity stays that of the document
        scenario, ready = made_ready(self.city, self.scenario, hazard)
        self.acting = scenario
        self._phase("prepare")
        rng = np.random.default_rng(scenario.seed)
        hazard.start(Setting(ready.grid, scenario, ready.fields, ready.forcing, ready.assets, rng, threads))
        ready.findings += hazard.findings
        for finding in ready.findings:
            log.log(logging.WARNING if finding.severity == "warning" else logging.INFO, "%s", finding.message)
        self.prepared = ready
        if point is not None:
            self._stand_at(point, ready)
        else:
            about = {
                "title": scenario.title,
                "source": f"{scenario.hazard}, gaon-twin {code_version()}",
                "history": f"{self.started.isoformat(timespec='seconds')} simulated, run {self.identity}",
                "comment": hazard.validated,
            }
            given = {name: ready.fields[name] for name in ("elevation",) if name in ready.fields}
            self.writer = FrameWriter(self.folder, ready.grid, scenario.start, hazard.outputs, about, given)
        if self._conduct is not None:
            self._conductor = self._conduct(scenario, ready)
        self._phase("start")

    def _stand_at(self, point: Checkpoint, ready: Prepared) -> None:
        """Take over hazard, books and frames as they were at a checkpoint."""
        about = point.about
        done = in_order(self.acting.measures)[: len(about["effects"])]
        parts: dict[str, dict[str, NDArray[Any]]] = {"hazard": {}, "things": {}}
        for name, array in point.arrays.items():
            owner, _, own = name.partition("/")
            parts[owner][own] = array
        self.hazard.load(parts["hazard"], done)
        self.things.load(parts["things"])
        self.course = Course(list(about["frames"]), list(about["effects"]), self.course.phases)
        self.budget = Budget.of(about["budget"])
        self.started = datetime.fromisoformat(about["started"])
        self.begun -= about["wall_s"]
        self.course.phases["before"] = about["wall_s"]
        self.reached = float(self.course.frames[-1]["time"])
        self.writer = FrameWriter.again(self.folder, ready.grid, len(self.course.frames))
        log.info("run %s goes on from %.0f s", self.identity, self.reached)

    def go(self, progress: Progress | None, cancel: Callable[[], bool] | None) -> None:
        """Advance to the end: a frame every `frame_every` s and at the end, measures at their times."""
        pace = Pace(self.scenario.duration, self.reached, progress, cancel)
        done = {"frames": len(self.course.frames), "measures": len(self.course.effects)}
        with pace.interruptible():
            for event in march(self.hazard, self.acting, pace, **done, conductor=self._conductor):
                if isinstance(event, Frame):
                    self._frame(event)
                    pace.frame(event.time)
                else:
                    self.course.effects.append(asdict(event))
                    log.info("measure %s at %.0f s: %s", event.action.kind, event.action.at, event.note)
        self._phase("advance")

    def _frame(self, frame: Frame) -> None:
        assert self.writer is not None
        self.writer.add(frame)
        self.things.add(frame)
        self.budget = self.hazard.budget()
        self.course.frames.append({"time": frame.time, **books_of(self.budget)})
        self.reached = frame.time
        if self.reached < self.scenario.duration and self._conductor is None:
            self._hold()

    def _hold(self) -> None:
        """Keep the state at this frame at hand; write it when the last one written is old enough."""
        assert self.budget is not None
        saved = {f"hazard/{name}": array for name, array in self.hazard.save().items()}
        saved |= {f"things/{name}": array for name, array in self.things.save().items()}
        about = belongs(self.scenario, self.snapshot, code_version()) | {
            "run": self.identity,
            "title": self.scenario.title,
            "started": self.started.isoformat(),
            "wall_s": time.perf_counter() - self.begun,
            "budget": asdict(self.budget),
            "frames": list(self.course.frames),
            "effects": list(self.course.effects),
        }
        self._latest = Checkpoint(about, saved)
        begin = time.perf_counter()
        if begin - self.begun >= self._next_checkpoint:
            self._write_latest()
            end = time.perf_counter()
            self._next_checkpoint = end - self.begun + max(CHECKPOINT_EVERY, (end - begin) / CHECKPOINT_SHARE)

    def _write_latest(self) -> None:
        if self._latest is not None:
            write_checkpoint(self.folder, self._latest)
            self._latest = None

    def _phase(self, name: str) -> None:
        self.course.phases[name] = time.perf_counter() - self.begun - sum(self.course.phases.values())

    def keep(self, status: str, note: str) -> Run:
        """Write summaries, record and provenance; store the run and return it.

        A run that is not done leaves a checkpoint at its last frame.
        """
        assert self.prepared is not None
        assert self.writer is not None
        grid, hazard = self.prepared.grid, self.hazard
        if status == "partial":
            self._write_latest()
        self.writer.close(hazard.summary() if status != "failed" else {}, status)
        self.things.write(self.folder)
        write_budget(self.folder, self.course.frames)
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
            budget=self.budget or hazard.budget(),
            started=self.started,
            snapshot=self.snapshot,
            code=code_version(),
            validated=hazard.validated,
        )
        after = hazard.aftermath()
        late = after.pop("findings", [])
        for found in late:
            log.log(logging.WARNING if found["severity"] == "warning" else logging.INFO, "%s", found["message"])
        findings = [asdict(finding) for finding in self.prepared.findings] + late
        record = asdict(run) | {
            "error": note,
            "scenario": self.text,
            "grid": asdict(grid),
            "layers": self.prepared.layers,
            "findings": findings,
            "measures": self.course.effects,
            "budget_per_frame": self.course.frames,
            "phases_s": self.course.phases,
            **after,
        }
        write_record(self.folder, record)
        self.city.runs.add(run, self.text)
        if status == "done":
            remove_checkpoint(self.folder)
        return run
