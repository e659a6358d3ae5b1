"""Many runs of one scenario that differ as its table `[ensemble]` says: how likely it is, and how sure that is.

Members run in worker processes with one thread each. The city's database stays with this process; workers read its
arrays from files. A worker needs about 200 MB and 150 bytes a cell (`worker_bytes`): their number bounds the memory.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.errors import InputError, MissingError, UnstableError, UsageError
from twin.hazards import Setting
from twin.model.run import Budget, Run
from twin.model.scenario import Scenario, Spread
from twin.runs.ensembles.made import made_of
from twin.runs.ensembles.member import Plan, lay_out
from twin.runs.ensembles.members import VARY, draw, strangers, varies, without_effect
from twin.runs.ensembles.statistics import ranks, write_buildings, write_statistics
from twin.runs.ensembles.workers import working
from twin.runs.execution.march import hazard_of
from twin.runs.execution.pace import CancelledError, Pace, Progress
from twin.runs.execution.simulate import document_of, known_run, named
from twin.runs.frames.store import has_frames
from twin.runs.inputs.prepare import Prepared
from twin.runs.inputs.ready import made_ready
from twin.runs.provenance import RECORD, code_version, write_record
from twin.settings import Settings

if TYPE_CHECKING:
    from twin.hazards import Kept
    from twin.store import City

log = logging.getLogger(__name__)

WORK = "members"
"""Folder in the run's own, while it is at work, of what workers read and write."""


@dataclass(slots=True)
class Outcome:
    """What has become of the members: books of those that are done, why others are missing, shares of all."""

    done: dict[int, dict[str, Any]] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)
    shares: dict[int, float] = field(default_factory=dict)

    def take(self, number: int, answer: Mapping[str, Any]) -> None:
        """Take in what a worker says of a member."""
        if "share" in answer:
            self.shares[number] = answer["share"]
            return
        self.shares[number] = 1.0
        if "done" in answer:
            self.done[number] = answer["done"]
        else:
            self.missing[number] = answer["failed"]
            log.warning("member %d is missing: %s", number, answer["failed"])


def ensemble(
    city: City,
    scenario: Scenario | Path | str,
    *,
    members: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Run:
    """Return the run that holds the statistics of an ensemble; one that is done already is not computed again.

    scenario  a document's path, or a `Scenario`; its `ensemble` says how members differ
    members   how many; None: as the scenario says
    workers   processes at a time; None: as many as `Settings` has threads. They do not change the result
    progress  told the share done and the seconds left
    cancel    asked now and then; True ends it as "partial", with the members that are done

    Of a flood its frames hold `depth` (median of the members) and `exceedance_now`, its summaries `exceedance` (share
    of members deeper than the threshold), quantiles of the greatest depth and of the arrival; of a fire
    `burn_probability_now`, `burn_probability` and quantiles of the arrival. `buildings.parquet` lies beside them. A
    member that fails is reported, the others stand, and the run is "partial".

    Raises what reading and preparing raise, UsageError (a hazard that has no ensembles), InputError (a spread of
    something that the hazard or the scenario does not have) and UnstableError (no member is left).
    """
    file = "" if isinstance(scenario, Scenario) else str(scenario)
    scenario, text = document_of(scenario)
    spread = Spread.of(dict(scenario.ensemble) | ({} if members is None else {"members": members}))
    identity = ensemble_id(scenario, spread, city.snapshot)
    folder = city.runs.folder(identity)
    known = known_run(city, identity)
    if known is not None and known.status == "done" and has_frames(folder):
        return known
    shutil.rmtree(folder, ignore_errors=True)
    begun, started = time.perf_counter(), datetime.now(UTC)
    hazard = hazard_of(scenario)
    if hazard.members.frame not in hazard.outputs:
        what = f"has no {hazard.members.frame}" if hazard.members.frame else "says nothing of it"
        raise UsageError(f"hazard '{scenario.hazard}' {what}; there are no ensembles of it")
    made_of(hazard.members, spread.threshold)
    with named(file):
        _of_this_hazard(scenario, spread, hazard.members)
        with_places, ready = made_ready(city, scenario, hazard)
        idle = without_effect(spread, with_places, ready.fields, ready.forcing)
        if idle:
            raise InputError(
                f"ensemble '{scenario.title}': the scenario has {'; '.join(idle)}; take it out, or add what it varies"
            )
        if spread.members > 1 and not varies(spread):
            raise InputError(
                f"ensemble '{scenario.title}': nothing differs between its {spread.members} members; say in its table "
                f"[ensemble] how they do: {', '.join(k for k, n in VARY.items() if n in hazard.members.spread)}"
            )
        # what is wrong with the scenario is said once and now, not by every member; members build it anew
        hazard.start(Setting(ready.grid, with_places, ready.fields, ready.forcing, ready.assets))
        ready.findings += hazard.findings
        hazard = hazard_of(scenario)
    outcome, stopped = Outcome(), ""
    try:
        plan = lay_out(folder / WORK, hazard, with_places, spread, ready)
        ended: BaseException | None = None
        try:
            _run_members(plan, workers or Settings.from_environment().threads, outcome, progress, cancel)
        except CancelledError:
            stopped = "cancelled"
        except KeyboardInterrupt as error:
            stopped, ended = "interrupted", error
        if not outcome.done:
            if ended is not None:
                raise ended
            why = stopped or next(iter(outcome.missing.values()))
            raise UnstableError(f"ensemble '{scenario.title}': no member was finished: {why}")
        run = _keep(city, plan, outcome, identity, text, begun, started, stopped, ready)
        if ended is not None:
            raise ended
        return run
    finally:
        shutil.rmtree(folder / WORK, ignore_errors=True)
        if not has_frames(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _of_this_hazard(scenario: Scenario, spread: Spread, kept: Kept) -> None:
    """Raise InputError where a spread speaks of what the hazard does not have."""
    strange = strangers(spread, kept.spread)
    if strange:
        known = ", ".join(key for key, name in VARY.items() if name in kept.spread)
        raise InputError(
            f"ensemble '{scenario.title}': members of hazard '{scenario.hazard}' cannot differ in "
            f"{', '.join(strange)}; known: {known}"
        )
    if kept.above is not None and spread.threshold != Spread().threshold:
        raise InputError(
            f"ensemble '{scenario.title}': threshold_m is of depths, and hazard '{scenario.hazard}' has none; "
            "take it out"
        )


def ensemble_id(scenario: Scenario, spread: Spread, snapshot: int) -> str:
    """Return 12 hexadecimal digits of scenario, spread, state of the city and version of the code."""
    content = f"{scenario.hash} {json.dumps(asdict(spread))} {snapshot} {code_version()} ensemble"
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def worker_bytes(cells: int) -> int:
    """Return the bytes of memory that a worker needs at most, by what was measured on floods of 0.01 to 4 M cells."""
    return 200_000_000 + 150 * cells


def ensemble_facts(city: City, run_id: str) -> dict[str, Any]:
    """Return the figures of an ensemble as JSON can hold them. Raises MissingError when the run is none."""
    run = city.runs.get(run_id)
    record = city.runs.folder(run.id) / RECORD
    facts = json.loads(record.read_text()).get("ensemble") if record.is_file() else None
    if facts is None:
        raise MissingError(f"run {run.id} ({run.title}) is no ensemble; twin run --members makes one")
    return dict(facts)


def _run_members(
    plan: Plan, workers: int, outcome: Outcome, progress: Progress | None, cancel: Callable[[], bool] | None
) -> None:
    """Run all members. Raises CancelledError and KeyboardInterrupt."""
    count = plan.spread.members
    pace = Pace(float(count), 0.0, progress, cancel)
    with working(plan, range(count), workers) as at_work:
        for number, answer in at_work.answers(lambda: pace(sum(outcome.shares.values()))):
            outcome.take(number, answer)
    pace.frame(float(count))


def _keep(
    city: City, plan: Plan, outcome: Outcome, identity: str, text: str, begun: float, started: datetime, stopped: str,
    ready: Prepared,
) -> Run:  # fmt: skip
    """Write the statistics and the record; store the run and return it."""
    scenario, grid, spread = plan.scenario, plan.grid, plan.spread
    folder, numbers = city.runs.folder(identity), sorted(outcome.done)
    validated = str(outcome.done[numbers[0]]["validated"])
    title, title_en = (
        f"{scenario.title} · 앙상블 {spread.members}",
        f"{scenario.title_en} · ensemble of {spread.members}",
    )
    frames = write_statistics(
        folder,
        plan,
        numbers,
        {
            "title": title,
            "source": f"{scenario.hazard}, gaon-twin {code_version()}",
            "history": f"ensemble of {len(numbers)} members, run {identity}",
            "comment": validated,
        },
    )
    counted = write_buildings(folder, city, plan, numbers)
    run = Run(
        id=identity,
        title=title,
        title_en=title_en if scenario.title_en else "",
        scenario_hash=scenario.hash,
        hazard=scenario.hazard,
        status=frames.status,
        frames=len(frames.times),
        cells=grid.nx * grid.ny,
        simulated_s=frames.times[-1],
        wall_s=time.perf_counter() - begun,
        cell_updates=int(sum(books["cell_updates"] for books in outcome.done.values())),
        budget=_budget([Budget.of(outcome.done[n]["budget"]) for n in numbers]),
        started=started,
        snapshot=city.snapshot,
        code=code_version(),
        validated=validated,
        members=len(numbers),
    )
    facts = {
        "asked": spread.members,
        "members": len(numbers),
        "hazard": scenario.hazard,
        "threshold_m": spread.threshold if plan.hazard.members.above is None else None,
        "spread": asdict(spread),
        "missing": [{"member": n, "error": why} for n, why in sorted(outcome.missing.items())],
        "stopped": stopped,
        **counted,
    }
    record = asdict(run) | {
        "error": stopped,
        "scenario": text,
        "grid": asdict(grid),
        "layers": ready.layers,
        "findings": [asdict(f) for f in ready.findings],
        "ensemble": facts,
        "draws": [{"member": n, **asdict(draw(scenario.seed, n, spread))} for n in range(spread.members)],
        "budget_per_member": [{"member": n, **outcome.done[n]["budget"]} for n in numbers],
        "memory_bound_bytes_per_worker": worker_bytes(grid.nx * grid.ny),
    }
    write_record(folder, record)
    city.runs.add(run, text)
    return run


def _budget(budgets: list[Budget]) -> Budget:
    """Return the median of each term over the members, and the greatest error; so of each hazard."""

    def middle(values: list[float]) -> float:
        return float(ranks(np.array(values), [0.5])[0])

    names = dict.fromkeys(name for b in budgets for name in b.parts)
    return Budget(
        middle([b.inflow for b in budgets]),
        middle([b.outflow for b in budgets]),
        middle([b.stored for b in budgets]),
        max((b.error_relative for b in budgets), key=abs),
        {name: middle([b.parts.get(name, 0.0) for b in budgets]) for name in names},
        budgets[0].unit,
        tuple(_budget(list(others)) for others in zip(*(b.also for b in budgets), strict=True)),
    )
