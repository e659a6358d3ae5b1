"""Den Haag: one zipped CityJSON holds the buildings and, as triangles, the ground that the water runs over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.session import answer, balanced, cloudburst


@pytest.mark.timeout(900)
def test_den_haag(shared: Path, tmp_path: Path) -> None:
    twin = tmp_path / "denhaag.twin"
    answer("new", twin, "--crs", "EPSG:28992", "--vertical", "EPSG:5709", "--zone", "Europe/Amsterdam")
    file = shared / "data" / "citymodel" / "cityjson" / "denhaag_01.city.json.zip"
    (report,) = answer("load", twin, file)["files"]
    assert balanced(report)
    assert report["reader"] == "cityjson"
    info = answer("info", twin)
    assert {layer["kind"]: layer["count"] for layer in info["layers"]}["building"] == 844
    assert [r["quantity"] for r in info["rasters"]] == ["elevation"]
    _, impact = cloudburst(twin, tmp_path)
    assert impact["buildings_total"] == 844
