"""Delft: CityJSON, terrain and canals go in, a 70 mm cloudburst runs over them, a picture comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.session import answer, balanced, cloudburst, command


@pytest.mark.timeout(900)
def test_delft(shared: Path, tmp_path: Path) -> None:
    place, twin = shared / "data" / "places" / "delft", tmp_path / "delft.twin"
    answer("new", twin, "--crs", "EPSG:28992", "--vertical", "EPSG:5709", "--zone", "Europe/Amsterdam")
    files = [
        place / "derived" / "delft_ahn3_dtm_0.5m.tif",
        shared / "data" / "citymodel" / "cityjson" / "delft.city.json",
    ]
    loaded = answer("load", twin, *files)["files"]
    canals = answer("load", twin, place / "bgt_waterdeel.sqlite", "--layer", "water")["files"]
    assert all(balanced(r) for r in (*loaded, *canals))
    info = answer("info", twin)
    assert info["crs"] == "EPSG:28992"
    counts = {layer["kind"]: 0 for layer in info["layers"]}
    for layer in info["layers"]:
        counts[layer["kind"]] += layer["count"]
    assert counts["building"] == 160
    assert counts["water"] == 3, (
        "the canals of both files have the same BGT ids: the second file is their newer version"
    )
    assert counts["road"] == 143
    assert len(info["sources"]) == 3
    second = answer("load", twin, *files)["files"]
    assert [r["stored"] for r in second] == [0, 0]
    assert all(balanced(r) for r in second)
    assert answer("info", twin)["layers"] == info["layers"]
    _, impact = cloudburst(twin, tmp_path)
    assert impact["buildings_total"] == 160
    assert command("check", twin).returncode in {0, 3}
