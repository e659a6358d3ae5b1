"""The verbs of the command line that run and export, in this process, over a small town."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.runs.town import SCENARIO, document, town
from twin.cli import app

FAST = SCENARIO.replace("cell_m = 5", "cell_m = 10") + "[flood]\norder = 1\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    town(tmp_path).close()
    return tmp_path / "town.twin"


def call(*words: object):
    return CliRunner().invoke(app, [str(w) for w in words])


def test_a_run_prints_its_budget_and_is_exported(place: Path, tmp_path: Path) -> None:
    done = call("run", place, document(tmp_path, FAST), "--threads", 1)
    assert done.exit_code == 0, done.output
    assert "강우" in done.stdout
    assert "error, relative" in done.stdout
    facts = json.loads(call("run", place, tmp_path / "rain.toml", "--json").stdout)
    assert (facts["status"], facts["members"]) == ("done", 1)
    for words in (
        ("level", "a.tif", "--minute", 20),
        ("depth", "b.tif", "--every"),
        ("all", "c.nc"),
        ("budget", "d.csv"),
    ):
        quantity, name, *more = words
        written = call("export", place, facts["run"], quantity, tmp_path / name, *more)
        assert written.exit_code == 0, written.output
        assert (tmp_path / name).stat().st_size > 0
    import rasterio

    with rasterio.open(tmp_path / "a.tif") as data:
        assert data.tags()["time_s"] == "1200"
    with rasterio.open(tmp_path / "b.tif") as data:
        assert data.count == 5


def test_an_ensemble_prints_its_probabilities(place: Path, tmp_path: Path) -> None:
    path = document(tmp_path, FAST + "[ensemble]\nmembers = 2\nrain_cv = 0.2\n")
    done = call("run", place, path, "--ensemble", "--threads", 1)
    assert done.exit_code == 0, done.output
    assert "2 / 2" in done.stdout
    facts = json.loads(call("run", place, path, "--members", 2, "--json").stdout)
    assert (facts["members"], facts["missing"]) == (2, [])
    assert facts["buildings_with_probability"]["0.9"] > 0
    listed = call("runs", place).stdout
    assert "앙상블 2" in listed


def test_what_cannot_be_resumed(place: Path, tmp_path: Path) -> None:
    path = document(tmp_path, FAST)
    none = call("run", place, path, "--resume")
    assert "no checkpoint to go on from" in str(none.exception)
    both = call("run", place, path, "--resume", "--members", 3)
    assert "leave --resume out" in str(both.exception)


def test_ctrl_c_says_how_to_go_on(place: Path, tmp_path: Path, monkeypatch) -> None:
    from twin import runs

    simulate = runs.simulate

    def pressed(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    def pressed_halfway(city, scenario, **_more: object) -> None:
        simulate(city, scenario, cancel=lambda: True)
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "simulate", pressed)
    early = call("run", place, document(tmp_path, FAST))
    assert early.exit_code == 130
    assert "nothing was kept" in early.stderr
    monkeypatch.setattr(runs, "simulate", pressed_halfway)
    stopped = call("run", place, document(tmp_path, FAST))
    assert stopped.exit_code == 130
    assert "--resume goes on" in stopped.stderr
