"""The verbs of the command line that run and export, in this process, over a small town."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.runs.ember import DOCUMENT, ROOMS, Ember
from tests.runs.town import SCENARIO, document, town
from twin.cli import app
from twin.hazards.flood import FloodHazard

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


@pytest.fixture
def fires(monkeypatch) -> None:
    for name in ROOMS:
        monkeypatch.setattr(
            sys.modules[name], "discover", lambda _package, _name: {"fire": Ember, "flood": FloodHazard}
        )


def test_a_fire_from_run_to_perimeters(place: Path, tmp_path: Path, fires: None) -> None:
    done = call("run", place, document(tmp_path, DOCUMENT))
    assert done.exit_code == 0, done.output
    assert "연소 면적 burnt 4." in done.stdout
    assert "연소 건물 buildings burnt 5 (연소 중 burning 3, 전소 burnt out 2)" in done.stdout
    assert "fuel and heat budget" in done.stdout
    assert "GJ" in done.stdout
    assert "m3" not in done.stdout
    facts = json.loads(call("run", place, tmp_path / "rain.toml", "--json").stdout)
    assert facts["budget"]["unit"] == "MJ"
    assert facts["outcome"]["fire"]["buildings"] == {"burning": 3, "burnt_out": 2}
    assessed = call("assess", place, facts["run"])
    assert assessed.exit_code == 0, assessed.output
    for said in (
        "연소 건물 buildings burnt: 5 / 5",
        "식생 vegetation",
        "total_loss",
        "전소",
        "buildings by what lit them",
    ):
        assert said in assessed.stdout
    assert "not verified: total_loss" in assessed.stderr
    assert json.loads(call("assess", place, facts["run"], "--json").stdout)["buildings_affected"] == 5
    compared = call("compare", place, facts["run"], facts["run"])
    assert "연소 면적" in compared.stdout
    assert "침수" not in compared.stdout
    written = call("export", place, facts["run"], "perimeters", tmp_path / "front.geojson")
    assert written.exit_code == 0, written.output
    assert "fire" in call("runs", place).stdout


def test_two_hazards_each_have_their_book(place: Path, tmp_path: Path, fires: None) -> None:
    both = DOCUMENT.replace('"fire"', '"flood+fire"') + SCENARIO[SCENARIO.index("[rain]") :] + "[flood]\norder = 1\n"
    both = both.replace("cell_m = 5", "cell_m = 10")
    done = call("run", place, document(tmp_path, both), "--threads", 1)
    assert done.exit_code == 0, done.output
    assert done.stdout.index("water budget") < done.stdout.index("fuel and heat budget")
    facts = json.loads(call("run", place, tmp_path / "rain.toml", "--json").stdout)
    assert (facts["budget"]["unit"], facts["budget"]["also"][0]["unit"]) == ("m3", "MJ")
    assessed = call("assess", place, facts["run"])
    assert "모두 함께 all hazards" in assessed.stdout
    assert "침수 건물 buildings affected" in assessed.stdout
    assert "연소 건물 buildings burnt" in assessed.stdout


def test_an_ensemble_of_fires_says_what_burns(place: Path, tmp_path: Path, fires: None) -> None:
    done = call("run", place, document(tmp_path, DOCUMENT + "[ensemble]\nmembers = 2\nwind_cv = 0.2\n"), "--ensemble")
    assert done.exit_code == 0, done.output
    assert "buildings, 0.9 or more that burn" in done.stdout
    run = json.loads(call("runs", place, "--json").stdout)["runs"][0]["run"]
    assessed = json.loads(call("assess", place, run, "--json").stdout)
    assert "half of the members" in assessed["state_rule"]
    assert assessed["buildings_affected"] > 0
    assert assessed["burnt_vegetation_ha"] is None
