"""Gaon: what `make demo` does, and the way on from there: a barrier, a comparison, an export, a second load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.session import ROOT, answer, balanced, command


@pytest.fixture(scope="module")
def gaon(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("gaon")
    return folder, answer("demo", folder, "--no-serve")


@pytest.mark.timeout(900)
def test_demo_goes_all_the_way(gaon: tuple[Path, dict[str, Any]]) -> None:
    folder, result = gaon
    assert result["closed"]
    assert abs(result["error_relative"]) <= 1e-6
    assert all(balanced(r) for r in result["files"])
    assert (folder / "gaon.png").stat().st_size > 100_000
    assert {r["reader"] for r in result["files"]} >= {
        "geotiff",
        "cityjson",
        "ifc",
        "vector",
        "geoparquet",
        "osm",
        "csv",
        "sensorthings",
    }
    assert sum(r["quarantined"] for r in result["files"]) > 0, "the demo's sensor faults went in unseen"
    info = answer("info", folder / "gaon.twin")
    counts = {layer["kind"]: layer["count"] for layer in info["layers"]}
    assert 5_000 <= sum(layer["count"] for layer in info["layers"] if layer["kind"] == "building") <= 7_500
    assert counts.keys() >= {
        "road",
        "water",
        "levee",
        "underpass",
        "drain",
        "pump",
        "hydrant",
        "shelter",
        "population",
        "space",
    }
    assert {v["property"] for v in info["sensors"]} >= {"water_level", "drain_level", "wind_speed", "pm10", "power"}
    assert result["impact"]["buildings_affected"] > 100
    assert result["impact"]["damage_krw"] > 0


@pytest.mark.timeout(900)
def test_second_load_stores_nothing(gaon: tuple[Path, dict[str, Any]]) -> None:
    folder, result = gaon
    before = answer("info", folder / "gaon.twin")
    again = answer("load", folder / "gaon.twin", *[r["file"] for r in result["files"]])
    assert [r["stored"] for r in again["files"]] == [0] * len(result["files"])
    after = answer("info", folder / "gaon.twin")
    assert (after["layers"], after["snapshot"]) == (before["layers"], before["snapshot"])


@pytest.mark.timeout(900)
def test_a_measure_makes_a_difference_and_is_compared(gaon: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder, _ = gaon
    twin, runs = folder / "gaon.twin", []
    for name in ("gaon_cloudburst.toml", "gaon_cloudburst_barrier.toml"):
        text = (ROOT / "scenarios" / name).read_text()
        assert "cell_m = 5.0" in text
        coarse = tmp_path / name  # a quarter of the cells and half the steps: enough for the difference
        coarse.write_text(text.replace("cell_m = 5.0", "cell_m = 10.0"))
        runs.append(answer("run", twin, coarse))
        assert abs(runs[-1]["budget"]["error_relative"]) <= 1e-6
    difference = answer("compare", twin, runs[0]["run"], runs[1]["run"])
    assert difference["max_depth_difference_m"] > 0
    assert difference["damage_krw_difference"] < 0, "the barrier does no good"
    assert answer("compare", twin, runs[1]["run"], runs[1]["run"])["max_depth_difference_m"] == 0


def test_refusals_are_one_line_and_say_what_to_do(gaon: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder, result = gaon
    twin = folder / "gaon.twin"
    table = tmp_path / "no_crs.geojson"
    for words, code, text in (
        (("info", tmp_path / "nowhere.twin"), 1, "nowhere.twin"),
        (("assess", twin, "zzzz"), 1, "known"),
        (("export", twin, "zzzz", "depth", tmp_path / "x.tif"), 1, "known"),
        (("export", twin, result["run"], "max_depth", tmp_path / "no" / "x.tif"), 1, "make it first"),
        (("export", twin, result["run"], "buildings", tmp_path / "no" / "x.csv"), 1, "make it first"),
        (("run", twin, tmp_path / "no.toml"), 1, "no.toml"),
        (("load", twin, table), 1, "no_crs.geojson"),
        (("load", twin), 2, "FILE"),
        (("paint", twin), 2, "paint"),
    ):
        done = command(*words)
        assert done.returncode == code, (words, done.stderr)
        assert text in done.stderr
        assert "Traceback" not in done.stderr
