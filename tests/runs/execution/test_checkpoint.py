from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.runs.ember import DOCUMENT, ROOMS, Ember
from tests.runs.pool import Pool
from tests.runs.town import SCENARIO, document, town
from twin import runs
from twin.errors import InputError, MissingError, RefusedError
from twin.runs.execution import checkpoint as checkpoints
from twin.runs.execution.checkpoint import Checkpoint, read_checkpoint, write_checkpoint

simulation = sys.modules["twin.runs.execution.simulate"]

#: one measure before the run is cancelled, one after
MEASURES = """
[[measure]]
kind = "barrier"
at_min = 5
box = [200150.0, 450050.0, 200180.0, 450150.0]
level_m = 19.5

[[measure]]
kind = "breach"
at_min = 8
line = [[200165.0, 450060.0], [200165.0, 450140.0]]
level_m = 18.6
duration = 1500.0

[[measure]]
kind = "pump"
at_min = 12
x = 200200.0
y = 450100.0
rate_m3_per_s = 0.2

[[measure]]
kind = "pump"
at_min = 33
x = 200200.0
y = 450100.0
rate_m3_per_s = 0.0
"""


@pytest.fixture
def city(tmp_path: Path):
    with town(tmp_path) as city:
        yield city


@pytest.fixture
def pooled(city, monkeypatch):
    for name in ("twin.runs.document.read", "twin.hazards"):
        monkeypatch.setattr(sys.modules[name], "discover", lambda _package, _name: {"flood": Pool})
    return city


class Cancel:
    """Says yes at the n-th question."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def everything(city, run) -> dict[str, np.ndarray]:
    """Return all fields of a run, by name."""
    frames = runs.open_frames(city, run.id)
    fields = {f"{q}/{i}": frames.read(q, i) for q in frames.quantities for i in range(len(frames.times))}
    return fields | {name: frames.summary(name) for name in frames.summaries} | {"times": np.array(frames.times)}


@pytest.mark.parametrize("order", [1, 2])
def test_a_flood_goes_on_as_if_nothing_had_been(city, tmp_path: Path, order: int) -> None:
    path = document(
        tmp_path,
        SCENARIO.replace("frame_every_min = 10", "frame_every_min = 4") + f"[flood]\norder = {order}\n" + MEASURES,
    )
    asked = Cancel(10**9)
    whole = runs.simulate(city, path, threads=1, cancel=asked)
    assert whole.status == "done"
    folder = city.runs.folder(whole.id)
    assert not list(folder.glob("checkpoint*"))
    expected = everything(city, whole)
    calls = 10**9 - asked.left
    assert calls > 20, "the run is asked within frames"
    city.runs.add(replace(whole, status="failed"), "")
    stopped = runs.simulate(city, path, threads=1, cancel=Cancel(2 * calls // 3))
    assert stopped.status == "partial"
    assert 2 <= stopped.frames < whole.frames
    assert (folder / "checkpoint.npz").is_file()
    # and a second time, at once
    again = runs.simulate(city, path, threads=1, cancel=Cancel(3), resume=True)
    assert (again.status, again.frames) == ("partial", stopped.frames)
    done = runs.simulate(city, path, threads=1, resume=True)
    assert (done.status, done.frames, done.cell_updates) == ("done", whole.frames, whole.cell_updates)
    assert done.budget == whole.budget
    assert not list(folder.glob("checkpoint*"))
    found = everything(city, done)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)
    record = (folder / "budget.csv").read_text().splitlines()
    assert len(record) == 1 + whole.frames


def test_frames_after_the_checkpoint_are_made_anew(pooled, tmp_path: Path, monkeypatch) -> None:
    """A process that dies leaves frames that its checkpoint does not know, and no row in the database."""
    monkeypatch.setattr(simulation, "CHECKPOINT_EVERY", 0.0)
    path = document(tmp_path, SCENARIO)
    kept: list[bytes] = []
    write = checkpoints.write_checkpoint

    def second_is_the_last(folder, checkpoint) -> None:
        if len(kept) < 2:
            write(folder, checkpoint)
            kept.append((folder / "checkpoint.npz").read_bytes())

    monkeypatch.setattr(simulation, "write_checkpoint", second_is_the_last)
    whole = runs.simulate(pooled, path)
    expected = everything(pooled, whole)
    folder = pooled.runs.folder(whole.id)
    pooled.runs.add(replace(whole, status="failed"), "")
    (folder / "checkpoint.npz").write_bytes(kept[-1])
    (folder / "frames.zarr" / ".zmetadata").unlink()
    assert read_checkpoint(folder).about["frames"][-1]["time"] < 2400
    done = runs.simulate(pooled, path, resume=True)
    assert done.status == "done"
    found = everything(pooled, done)
    assert all(np.array_equal(found[name], values, equal_nan=True) for name, values in expected.items())


def test_what_does_not_fit_is_refused(pooled, tmp_path: Path, monkeypatch) -> None:
    path = document(tmp_path, SCENARIO)
    with pytest.raises(MissingError, match="no checkpoint to go on from"):
        runs.simulate(pooled, path, resume=True)
    runs.simulate(pooled, path, cancel=Cancel(5))
    with pytest.raises(RefusedError, match=r"the scenario is .*there it was"):
        runs.simulate(pooled, document(tmp_path, SCENARIO.replace("depth_mm = 60", "depth_mm = 61")), resume=True)
    other = SCENARIO.replace("depth_mm = 60", "depth_mm = 61").replace("분지에 비", "다른 비")
    with pytest.raises(MissingError, match="no checkpoint to go on from"):
        runs.simulate(pooled, document(tmp_path, other), resume=True)
    monkeypatch.setattr(simulation, "code_version", lambda: "9.9.9+abc")
    monkeypatch.setattr(sys.modules["twin.runs.provenance"], "code_version", lambda: "9.9.9+abc")
    with pytest.raises(RefusedError, match=r"the code is 9\.9\.9\+abc, there it was"):
        runs.simulate(pooled, document(tmp_path, SCENARIO), resume=True)
    monkeypatch.undo()


def test_a_changed_city_is_refused(pooled, tmp_path: Path) -> None:
    from tests.runs.town import BUILDINGS

    path = document(tmp_path, SCENARIO)
    runs.simulate(pooled, path, cancel=Cancel(5))
    with pooled.writing(file="more", sha256="1" * 64, reader="test") as tx:
        tx.features(replace(BUILDINGS, kind="parking"))
        tx.finish({})
    with pytest.raises(RefusedError, match="the state of the city is"):
        runs.simulate(pooled, path, resume=True)


@pytest.mark.parametrize("harm", ["cut", "flip", "other"])
def test_a_damaged_checkpoint_is_told_and_the_run_begins_anew_when_asked(pooled, tmp_path: Path, harm: str) -> None:
    path = document(tmp_path, SCENARIO)
    run = runs.simulate(pooled, path, cancel=Cancel(5))
    file = pooled.runs.folder(run.id) / "checkpoint.npz"
    raw = bytearray(file.read_bytes())
    if harm == "cut":
        file.write_bytes(raw[: len(raw) // 2])
    elif harm == "flip":
        with np.load(file) as held:
            arrays = {name: held[name] for name in held.files}
        arrays["item0"] = arrays["item0"] + 1
        np.savez(file, **arrays)
    else:
        file.write_bytes(b"PK nothing of ours")
    with pytest.raises(InputError, match=r"checkpoint\.npz: the checkpoint is damaged"):
        runs.simulate(pooled, path, resume=True)
    assert runs.simulate(pooled, path).status == "done"
    assert not file.exists()


def test_a_checkpoint_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch) -> None:
    write_checkpoint(tmp_path, Checkpoint({"run": "비"}, {"a/'깊이'": np.arange(3)}))
    monkeypatch.setattr(np, "savez_compressed", None)
    with pytest.raises(TypeError):
        write_checkpoint(tmp_path, Checkpoint({"run": "b"}, {}))
    found = read_checkpoint(tmp_path)
    assert found.about["run"] == "비"
    np.testing.assert_array_equal(found.arrays["a/'깊이'"], [0, 1, 2])


def test_a_fire_goes_on_with_the_things_it_had(city, tmp_path: Path, monkeypatch) -> None:
    for name in ROOMS:
        monkeypatch.setattr(sys.modules[name], "discover", lambda _package, _name: {"fire": Ember})
    path = document(tmp_path, DOCUMENT + '[[measure]]\nkind = "engine"\ntarget = "high-1"\nat_min = 5\n')
    whole = runs.simulate(city, path)
    expected, table = everything(city, whole), runs.table(city, whole.id, "buildings")
    things = runs.open_frames(city, whole.id).assets("building_fire")
    folder = city.runs.folder(whole.id)
    kept = (folder / "assets.parquet").read_bytes()
    (folder / "frames.zarr" / ".zgroup").unlink()
    part = runs.simulate(city, path, cancel=Cancel(4))
    assert (part.status, part.budget.unit) == ("partial", "MJ")
    assert part.frames < whole.frames
    again = runs.simulate(city, path, resume=True)
    assert (again.status, again.budget) == ("done", whole.budget)
    found = everything(city, again)
    assert expected.keys() == found.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values)
    assert runs.table(city, again.id, "buildings") == table
    assert runs.open_frames(city, again.id).assets("building_fire")[0] == things[0]
    assert (folder / "assets.parquet").read_bytes() == kept
    assert runs.assess(city, again.id).as_dict()["by_state"]["extinguished"]["buildings"] == 1
