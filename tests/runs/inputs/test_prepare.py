from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.runs.town import BASIN, CELL, SOUTH, TERRAIN, WEST, batch, document, ground, town
from twin import store
from twin.errors import InputError, MissingError, RefusedError
from twin.model.field import Field
from twin.runs import read_scenario
from twin.runs.inputs.prepare import Prepared, prepare

INPUTS = {"elevation": None, "roughness": 0.03, "building_share": 0.0, "depth": 0.0}


@pytest.fixture
def scenario(tmp_path: Path):
    return read_scenario(document(tmp_path))


def laid(folder: Path, scenario, *more) -> Prepared:
    with town(folder, *more) as city:
        return prepare(city, scenario, INPUTS)


def cell(x: float, y: float) -> tuple[int, int]:
    return int(y / CELL), int(x / CELL)


def test_bare_ground_and_footprints(tmp_path: Path, scenario) -> None:
    ready = laid(tmp_path, scenario)
    assert ready.grid == TERRAIN
    np.testing.assert_allclose(ready.fields["elevation"], ground(), atol=1e-5)
    assert (ready.fields["roughness"] == 0.03).all()
    assert not ready.fields["depth"].any()
    assert ready.fields["building_share"].sum() * CELL**2 == pytest.approx(12 * 10 * 3 + 10 * 10 + 10 * 8)
    assert ready.fields["building_share"][cell(27, 27)] == 1
    assert ready.layers == {"elevation": 1, "building": 5}
    assert ready.findings == []
    assert all(f.flags.c_contiguous and f.dtype == np.float64 for f in ready.fields.values())


def test_the_area_of_the_scenario_is_the_grid(tmp_path: Path, scenario) -> None:
    area = (WEST + 52, SOUTH + 21, WEST + 98, SOUTH + 60)
    grid = laid(tmp_path, replace(scenario, area=area, cell=2.0)).grid
    assert grid.bounds == (WEST + 52, SOUTH + 20, WEST + 98, SOUTH + 60)
    assert grid.cell == 2


def test_crests_rise_and_underpasses_sink(tmp_path: Path, scenario) -> None:
    levees = batch(
        "levee",
        ["L-1", "L-2"],
        [shapely.LineString([(100, 2), (100, 198)]), shapely.LineString([(60, 50), (80, 50)])],
        level=[25.0, None],
    )
    under = batch(
        "underpass",
        ["U-1", "U-2"],
        [shapely.LineString([(40, 60), (70, 60)]), shapely.Point(5, 5)],
        depth=[4.0, None],
        width=[12.0, None],
    )
    ready = laid(tmp_path, replace(scenario, params={"underpasses": "cut"}), levees, under)
    elevation = ready.fields["elevation"]
    assert (elevation[:, 20] == 25).all()
    assert (elevation[:, 19] < 20).all()
    assert elevation[cell(55, 62)] == pytest.approx(ground()[cell(55, 62)] - 4, abs=1e-5)
    assert elevation[cell(55, 72)] == pytest.approx(ground()[cell(55, 72)], abs=1e-5)
    found = {f.code: f for f in ready.findings}
    assert found["crest_unknown"].where == "L-2"
    assert found["depth_unknown"].where == "U-2"
    assert "40 cells" in found["crests_raised"].message


def test_the_scenario_says_what_unknown_ground_is(tmp_path: Path, scenario) -> None:
    ready = laid(tmp_path, replace(scenario, params={"manning": 0.05}))
    assert (ready.fields["roughness"] == 0.05).all()


def test_a_stated_water_level_stands_at_the_start(tmp_path: Path, scenario) -> None:
    u, v, _, deep = BASIN
    ponds = batch(
        "water",
        ["P", "Q"],
        [shapely.box(u - 20, v - 20, u + 20, v + 20), shapely.box(0, 0, 10, 10)],
        level=[17.0, None],
    )
    ready = laid(tmp_path, scenario, ponds)
    depth = ready.fields["depth"]
    assert depth[cell(u, v)] == pytest.approx(17 - ground()[cell(u, v)], abs=1e-5)
    assert not depth[cell(5, 5)]
    assert [f.code for f in ready.findings] == ["water_dry"]
    assert deep > depth.max()


def test_reaches_that_meet_in_a_cell_leave_no_dry_seam(tmp_path: Path, scenario) -> None:
    u, v, _, _ = BASIN
    reaches = batch(
        "water",
        ["P1", "P2"],
        [shapely.box(u - 10, v - 10, u + 2, v + 10), shapely.box(u + 2, v - 10, u + 10, v + 10)],
        level=[17.0, 16.5],
    )
    depth = laid(tmp_path, scenario, reaches).fields["depth"]
    row, column = cell(u, v)
    level = depth[row] + ground()[row]
    assert level[column - 1 : column + 2] == pytest.approx([17.0, 0.4 * 17 + 0.6 * 16.5, 16.5], abs=1e-5)


def test_a_raster_of_roughness_goes_first_and_its_gaps_take_the_default(tmp_path: Path, scenario) -> None:
    given = np.full(TERRAIN.shape, 0.08, dtype=np.float32)
    given[0, 0] = np.nan
    with town(tmp_path) as city:
        with city.writing(file="n", sha256="1" * 64, reader="test") as tx:
            tx.raster(Field("roughness", given, TERRAIN), "n")
            tx.finish({})
        ready = prepare(city, scenario, INPUTS)
    n = ready.fields["roughness"]
    assert n[0, 0] == 0.03
    assert n[1, 1] == pytest.approx(0.08)
    assert [f.code for f in ready.findings] == ["raster_gap"]


def test_gaps_in_the_terrain_are_filled_and_reported(tmp_path: Path, scenario) -> None:
    holed = ground()
    holed[10:12, 10:13] = np.nan
    holed[:, 59] = np.nan
    with store.create(tmp_path / "holed.twin", crs=TERRAIN.crs, vertical="EPSG:5193") as city:
        with city.writing(file="t", sha256="2" * 64, reader="test") as tx:
            tx.raster(Field("elevation", holed, TERRAIN, "EPSG:5193"), "t")
            tx.finish({})
        ready = prepare(city, scenario, INPUTS)
        elevation = ready.fields["elevation"]
        assert np.isfinite(elevation[:, :59]).all()
        assert np.isnan(elevation[:, 59]).all()
        assert elevation[10, 10] in (pytest.approx(ground()[10, 9]), pytest.approx(ground()[9, 10]))
        outside, gap = ready.findings
        assert (outside.code, gap.code) == ("outside_terrain", "elevation_gap")
        assert "40 of 2400 cells" in outside.message
        assert "6 of 2400 cells in 1 gap " in gap.message
        assert gap.where == f"x {WEST + 52.5:.1f}, y {SOUTH + 52.5:.1f}"
        with pytest.raises(InputError, match="outside the terrain"):
            prepare(city, replace(scenario, area=(0.0, 0.0, 10.0, 10.0)), INPUTS)
        with pytest.raises(InputError, match="no elevation anywhere in the area"):
            prepare(city, replace(scenario, area=(WEST + 295, SOUTH, WEST + 300, SOUTH + 200)), INPUTS)
        with pytest.raises(InputError, match="smaller cell_m"):
            prepare(city, replace(scenario, cell=999.0), INPUTS)
        with pytest.raises(RefusedError, match="larger cell_m"):
            prepare(city, replace(scenario, cell=0.05), INPUTS)


def test_a_terrain_that_is_mostly_holes_is_refused(tmp_path: Path, scenario) -> None:
    holed = ground()
    holed[2:38, 2:58] = np.nan
    with store.create(tmp_path / "holed.twin", crs=TERRAIN.crs, vertical="EPSG:5193") as city:
        with city.writing(file="t", sha256="2" * 64, reader="test") as tx:
            tx.raster(Field("elevation", holed, TERRAIN, "EPSG:5193"), "t")
            tx.finish({})
        with pytest.raises(InputError, match="84% of the terrain in the area are gaps"):
            prepare(city, scenario, INPUTS)


def test_no_terrain_says_what_gives_one(tmp_path: Path, scenario) -> None:
    with (
        town(tmp_path, terrain=False) as city,
        pytest.raises(MissingError, match="no elevation; load a terrain: a GeoTIFF"),
    ):
        prepare(city, scenario, INPUTS)


def test_other_inputs_come_from_rasters_or_defaults(tmp_path: Path, scenario) -> None:
    with town(tmp_path) as city:
        ready = prepare(city, scenario, {"elevation": None, "wind_speed": 3.0})
        assert (ready.fields["wind_speed"] == 3).all()
        with pytest.raises(MissingError, match="'humidity'"):
            prepare(city, scenario, {"elevation": None, "humidity": None})


@pytest.mark.parametrize(
    ("kind", "shape"),
    [("levee", shapely.LineString([(100, 2), (100, 198)])), ("water", shapely.box(150, 60, 250, 140))],
)
def test_a_level_that_cannot_be_is_refused_with_the_thing_it_is_of(tmp_path: Path, scenario, kind: str, shape) -> None:
    with pytest.raises(InputError, match=f"{kind} 'X-1': its level of 9999 m"):
        laid(tmp_path, scenario, batch(kind, ["X-1"], [shape], level=[9999.0]))
