"""A building model goes in, its kitchen burns, its people leave: the public example house, and Gaon's own building."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.gaon import bim
from tests.journeys.session import ROOT, answer, balanced


@pytest.mark.timeout(600)
def test_the_kitchen_of_the_duplex(shared: Path, tmp_path: Path) -> None:
    twin = tmp_path / "duplex.twin"
    answer("new", twin, "--crs", "EPSG:2169")
    loaded = answer("load", twin, shared / "data/ifc/Duplex_A_20110907_georeferenced.ifc")["files"]
    assert all(balanced(r) for r in loaded)
    run = answer("run", twin, ROOT / "scenarios" / "duplex_fire.toml")
    assert (run["status"], run["hazard"], run["frames"]) == ("done", "indoor_fire", 61)
    assert abs(run["budget"]["error_relative"]) < 1e-3
    facts = answer("assess", twin, run["run"])
    assert (facts["rooms"], facts["people"]) == (10, 6)  # half B is joined to half A by no door
    assert facts["first_untenable"] == "A103 Kitchen"
    rooms = {room["name"]: room for room in facts["rooms_detail"]}
    assert rooms["A103 Kitchen"]["untenable_s"] < rooms["A101 Foyer"]["untenable_s"]
    assert rooms["A101 Foyer"]["untenable_s"] < rooms["A201 Hallway"]["untenable_s"]
    assert facts["people_out"] + facts["people_inside"] == 6
    # upstairs they leave their rooms before smoke is there
    assert all(rooms[name]["margin_s"] > 0 for name in ("A202 Bedroom 1", "A203 Bedroom 2"))
    assert 50 < facts["hottest_c"] < 1200


@pytest.mark.timeout(600)
def test_the_service_hall_of_gaons_community_centre(tmp_path: Path) -> None:
    twin, file = tmp_path / "gaon.twin", tmp_path / "centre.ifc"
    bim.write(file)
    answer("new", twin, "--crs", "EPSG:5186", "--vertical", "EPSG:5193")
    answer("load", twin, file)
    run = answer("run", twin, ROOT / "scenarios" / "gaon_indoor_fire.toml")
    facts = answer("assess", twin, run["run"])
    assert facts["first_untenable"] == "1-민원실"
    assert facts["people"] > 45
    assert facts["people_out"] == facts["people"]
    assert 0 < facts["last_out_s"] < 400
