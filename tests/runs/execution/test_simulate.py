from __future__ import annotations

import json
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.pool import Pool
from tests.runs.town import SCENARIO, batch, document, town
from twin import runs
from twin.errors import InputError, MissingError, UnstableError
from twin.runs import document as documents

PUMP = batch("pump", ["P-1"], [shapely.Point(200, 100)], rate=[0.01])
MEASURE = '[[measure]]\nkind = "pump"\nat_min = 15\ntarget = "P-1"\n'


@pytest.fixture
def pool(monkeypatch):
    for module in (sys.modules["twin.runs.document.read"], sys.modules["twin.hazards"]):
        monkeypatch.setattr(module, "discover", lambda _package, _name: {"flood": Pool})


def after(calls: int):
    """Return a `cancel` that says yes after so many times no."""
    said = iter([False] * calls + [True] * 99)
    return lambda: next(said)


@pytest.fixture
def city(tmp_path: Path, pool):
    with town(tmp_path, PUMP) as city:
        yield city


def test_a_run_has_its_frames_books_and_record(city, tmp_path: Path) -> None:
    told: list[tuple[float, float]] = []
    run = runs.simulate(city, document(tmp_path), progress=lambda done, left: told.append((done, left)))
    assert run.status == "done"
    assert (run.frames, run.cells, run.simulated_s, run.hazard) == (5, 2400, 2400, "flood")
    assert run.title_en == "Rain on a basin"
    assert run.budget.inflow == pytest.approx(0.06 * 60_000)
    assert abs(run.budget.error_relative) < 1e-12
    assert [done for done, _ in told] == [0.25, 0.5, 0.75, 1.0]
    assert told[-1][1] == 0
    assert len(run.id) == 12
    assert run.snapshot == city.snapshot
    frames = runs.open_frames(city, run.id[:5])
    assert frames.times == (0, 600, 1200, 1800, 2400)
    assert frames.read("depth", 4)[0, 0] == pytest.approx(0.06)
    assert frames.summary("max_depth").max() == pytest.approx(0.06)
    assert frames.grid.crs == city.crs
    record = json.loads((city.runs.folder(run.id) / "run.json").read_text())
    assert record["scenario"] == SCENARIO == city.runs.scenario_text(run.id)
    assert "pool" in [found["code"] for found in record["findings"]]  # what the hazard itself found
    assert record["layers"] == {"elevation": 1, "building": 5}
    assert [b["time"] for b in record["budget_per_frame"]] == list(frames.times)
    assert all(abs(b["error_relative"]) < 1e-12 for b in record["budget_per_frame"])
    assert record["scenario_hash"] == run.scenario_hash
    assert record["grid"]["cell"] == 5
    assert set(record["phases_s"]) == {"prepare", "start", "advance"}
    assert city.runs.list() == [run]
    lines = (city.runs.folder(run.id) / "budget.csv").read_text().splitlines()
    assert lines[0] == "time_s,in_m3,out_m3,stored_m3,error_relative,rain_m3,pumped_m3"
    assert [float(v) for v in lines[-1].split(",")][:4] == [
        2400,
        *(getattr(run.budget, n) for n in ("inflow", "outflow", "stored")),
    ]
    assert frames.status == "done"
    assert frames.read("level", 4)[0, 0] == pytest.approx(frames.constant("elevation")[0, 0] + 0.06)


def test_the_same_run_is_not_computed_twice(city, tmp_path: Path, monkeypatch) -> None:
    first = runs.simulate(city, document(tmp_path))
    monkeypatch.setattr(Pool, "advance", None)
    assert runs.simulate(city, runs.read_scenario(document(tmp_path))) == first


def test_the_seed_is_the_only_chance(city, tmp_path: Path) -> None:
    scenario = runs.read_scenario(document(tmp_path))
    first, second = (runs.simulate(city, replace(scenario, seed=s)) for s in (1, 2))
    speeds = [float(runs.open_frames(city, r.id).read("speed", 0)[0, 0]) for r in (first, second)]
    assert speeds[0] == np.float32(np.random.default_rng(1).random())
    assert speeds[0] != speeds[1]


def test_measures_are_done_at_their_time_with_the_place_of_their_target(city, tmp_path: Path) -> None:
    run = runs.simulate(city, document(tmp_path, SCENARIO + MEASURE))
    record = json.loads((city.runs.folder(run.id) / "run.json").read_text())
    (effect,) = record["measures"]
    assert effect["note"] == "0.01 m taken at 900 s"
    assert effect["action"]["params"] == {"rate": 0.01, "x": 200_200.0, "y": 450_100.0}
    assert run.budget.outflow == pytest.approx(0.01 * 60_000)
    frames = runs.open_frames(city, run.id)
    assert frames.read("depth", 1)[0, 0] == pytest.approx(0.03)
    assert frames.read("depth", 2)[0, 0] == pytest.approx(0.05)


def test_what_the_scenario_states_goes_before_the_target(city, tmp_path: Path) -> None:
    run = runs.simulate(city, document(tmp_path, SCENARIO + MEASURE + "rate_m3_per_s = 0.02\n"))
    assert run.budget.outflow == pytest.approx(0.02 * 60_000)


def test_an_unknown_target_is_named_before_the_first_step(city, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"rain\.toml: measure\[0\] at 15 min: pump: .*'P-9'.*such as P-1"):
        runs.simulate(city, document(tmp_path, SCENARIO + MEASURE.replace("P-1", "P-9")))
    assert city.runs.list() == []


def test_a_cancelled_run_keeps_its_frames(city, tmp_path: Path) -> None:
    # asked while a frame is on its way, and at it
    run = runs.simulate(city, document(tmp_path), cancel=after(5))
    assert (run.status, run.frames, run.simulated_s) == ("partial", 3, 1200)
    assert run.budget.inflow == pytest.approx(0.06 * 60_000)
    frames = runs.open_frames(city, run.id)
    assert (frames.times, frames.status) == ((0, 600, 1200), "partial")
    assert frames.summary("max_depth").max() == pytest.approx(0.06)
    folder = city.runs.folder(run.id)
    assert (folder / "frames.zarr" / ".zmetadata").is_file()
    record = json.loads((folder / "run.json").read_text())
    assert (record["status"], record["error"]) == ("partial", "cancelled")
    again = runs.simulate(city, document(tmp_path))
    assert (again.id, again.status, again.frames) == (run.id, "done", 5)
    assert [r.status for r in city.runs.list()] == ["done"]


def test_a_run_is_cancelled_in_the_middle_of_a_frame(city, tmp_path: Path) -> None:
    run = runs.simulate(city, document(tmp_path), cancel=after(4))
    assert (run.status, run.frames, run.simulated_s) == ("partial", 2, 600)
    assert run.budget.inflow == pytest.approx(0.03 * 60_000)


def test_progress_is_told_in_the_middle_of_a_frame(city, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys.modules["twin.runs.execution.pace"], "TELL_EVERY", 0.0)
    told: list[float] = []
    runs.simulate(city, document(tmp_path), progress=lambda done, _left: told.append(done))
    assert told == [0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0]


def test_ctrl_c_ends_a_run_between_two_steps(city, tmp_path: Path, monkeypatch) -> None:
    advance = Pool.advance

    def pressed(pool: Pool, until: float, watch=None):
        if until == 1200:
            signal.raise_signal(signal.SIGINT)
            pool.depth += 0  # still at work: the signal has not torn the step
        return advance(pool, until, watch)

    monkeypatch.setattr(Pool, "advance", pressed)
    with pytest.raises(KeyboardInterrupt):
        runs.simulate(city, document(tmp_path))
    (run,) = city.runs.list()
    assert (run.status, run.frames) == ("partial", 2)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    monkeypatch.undo()


def test_an_interrupt_leaves_a_partial_run(city, tmp_path: Path) -> None:
    def interrupt() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.simulate(city, document(tmp_path), cancel=interrupt)
    (run,) = city.runs.list()
    assert (run.status, run.frames) == ("partial", 0)


def test_a_failed_run_leaves_a_record(city, tmp_path: Path) -> None:
    with pytest.raises(UnstableError, match="negative depth"):
        runs.simulate(city, document(tmp_path, SCENARIO + "[flood]\nbreaks_at = 1800\n"))
    (run,) = city.runs.list()
    assert (run.status, run.frames, run.simulated_s) == ("failed", 3, 1200)
    record = json.loads((city.runs.folder(run.id) / "run.json").read_text())
    assert record["error"] == "pool: negative depth at 1800 s"
    assert runs.open_frames(city, run.id).times == (0, 600, 1200)


def test_a_refused_scenario_leaves_nothing(city, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="breks_at"):
        runs.simulate(city, document(tmp_path, SCENARIO + "[flood]\nbreks_at = 1800\n"))
    scenario = replace(documents.read_scenario(document(tmp_path)), hazard="flod")
    with pytest.raises(MissingError, match="Did you mean 'flood'"):
        runs.simulate(city, scenario)
    assert city.runs.list() == []


def test_frames_that_are_gone_are_named(city, tmp_path: Path) -> None:
    run = runs.simulate(city, document(tmp_path))
    shutil.rmtree(city.runs.folder(run.id))
    with pytest.raises(MissingError, match="simulate it again"):
        runs.open_frames(city, run.id)
    assert runs.simulate(city, document(tmp_path)).frames == 5
    assert runs.open_frames(city, run.id).times[-1] == 2400


def test_values_of_things_and_storages_are_kept(city, tmp_path: Path, monkeypatch) -> None:
    advance = Pool.advance

    def with_pump(pool: Pool, until: float, watch=None):
        frame = advance(pool, until, watch)
        return replace(frame, assets={"pump_rate": {"P-1": until / 600}})

    monkeypatch.setattr(Pool, "advance", with_pump)
    monkeypatch.setattr(Pool, "aftermath", lambda _pool: {"storages": [{"id": "U-1", "closed_s": 90.0}]})
    run = runs.simulate(city, document(tmp_path))
    ids, values = runs.open_frames(city, run.id).assets("pump_rate")
    assert ids == ("P-1",)
    assert values[:, 0].tolist() == [0, 1, 2, 3, 4]
    record = json.loads((city.runs.folder(run.id) / "run.json").read_text())
    assert record["storages"] == [{"id": "U-1", "closed_s": 90.0}]


def test_the_last_frame_is_at_the_end(city, tmp_path: Path) -> None:
    run = runs.simulate(city, document(tmp_path, SCENARIO.replace("frame_every_min = 10", "frame_every_min = 15")))
    assert runs.open_frames(city, run.id).times == (0, 900, 1800, 2400)
