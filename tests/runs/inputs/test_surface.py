from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.town import CELL, TERRAIN, batch, town
from twin.runs.inputs.surface import areas, roughness


def cell(x: float, y: float) -> tuple[int, int]:
    return int(y / CELL), int(x / CELL)


def test_roughness_follows_cover_roads_and_water(tmp_path: Path) -> None:
    cover = batch(
        "landuse",
        ["F", "X"],
        [shapely.box(0, 0, 50, 50), shapely.box(60, 0, 80, 20)],
        **{"class": ["forest", "moonscape"]},
    )
    road = batch("road", ["R"], [shapely.LineString([(0, 20), (300, 20)])], width=[10.0])
    water = batch("water", ["W"], [shapely.box(100, 100, 120, 120)], roughness=[0.05])
    with town(tmp_path, cover, road, water) as city:
        n, used, findings = roughness(city, TERRAIN, 0.03)
    assert used == {"landuse": 2, "road": 1, "water": 1}
    assert n[cell(12, 42)] == pytest.approx(0.100)
    assert n[cell(12, 22)] == pytest.approx(0.016)
    assert n[cell(112, 112)] == pytest.approx(0.05)
    assert n[cell(200, 200 - 3)] == 0.03
    assert n[cell(72, 7)] == 0.03
    (finding,) = findings
    assert finding.code == "roughness_unknown"
    assert "moonscape" in finding.message


def test_lines_take_the_ground_of_their_width_or_lanes() -> None:
    line = shapely.LineString([(0, 0), (100, 0)])
    roads = batch(
        "road",
        ["a", "b", "c", "d"],
        [line, line, line, shapely.Point(1, 1)],
        width=[8.0, None, None, 3.0],
        lanes=[4, 4, None, 1],
    )
    shapes = areas(roads)
    np.testing.assert_allclose(shapely.area(shapes[:3]), [800, 1200, 600])
    assert shapes[3] is None


def test_a_city_without_cover_has_the_default(tmp_path: Path) -> None:
    with town(tmp_path) as city:
        n, used, findings = roughness(city, TERRAIN, 0.04)
    assert (n == 0.04).all()
    assert (used, findings) == ({}, [])
