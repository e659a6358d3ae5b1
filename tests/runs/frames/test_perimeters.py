from __future__ import annotations

import csv
import itertools
import json

import numpy as np
import pytest
import shapely

from tests.runs.town import SOUTH, WEST
from twin import runs
from twin.errors import UsageError
from twin.model.field import Grid
from twin.runs.frames.perimeters import outlines

GRID = Grid("EPSG:5186", WEST, SOUTH, 10.0, 4, 3)


def test_outlines_run_along_the_edges_of_cells() -> None:
    cells = np.array([[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 1, 1]], bool)
    shape = outlines(cells, GRID)
    assert shape.is_valid
    assert shape.area == pytest.approx(900)
    assert shape.bounds == (WEST, SOUTH, WEST + 40, SOUTH + 30)
    (ring,) = shape.geoms
    assert [hole.bounds for hole in shapely.Polygon(ring).interiors] == [(WEST + 10, SOUTH + 10, WEST + 20, SOUTH + 20)]
    # row 0 is the south row
    low = outlines(np.array([[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], bool), GRID)
    assert low.bounds == (WEST, SOUTH, WEST + 10, SOUTH + 10)


def test_cells_that_touch_at_a_corner_are_two() -> None:
    shape = outlines(np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], bool), GRID)
    assert (len(shape.geoms), shape.is_valid, shape.area) == (2, True, 200.0)


def test_perimeters_grow_and_have_the_area_of_their_cells(burnt) -> None:
    found = runs.perimeters(burnt.city, burnt.run.id[:6])
    frames = runs.open_frames(burnt.city, burnt.run.id)
    arrival = frames.summary("fire_arrival")
    assert [p.time for p in found] == [t for t in frames.times if (arrival <= t).any()]
    for p in found:
        assert p.polygons.is_valid
        assert p.area == p.polygons.area == np.count_nonzero(arrival <= p.time) * 25
        assert p.length == p.polygons.length
    for before, after in itertools.pairwise(found):
        assert after.polygons.covers(before.polygons)
    assert found[-1].moment.isoformat() == "2026-04-11T08:40:00+09:00"
    assert found[-1].area / 1e4 == pytest.approx(runs.assess(burnt.city, burnt.run.id).as_dict()["burnt_ha"])


def test_perimeters_as_files(burnt, tmp_path) -> None:
    import geopandas as gpd

    file = runs.export(burnt.city, burnt.run.id, "perimeters", tmp_path / "front.geojson")
    found = json.loads(file.read_text())
    first = found["features"][0]
    assert set(first["properties"]) == {"time_s", "time", "area_ha", "length_m", "run", "status", "validated"}
    assert first["properties"]["run"] == burnt.run.id
    x, y = first["geometry"]["coordinates"][0][0][0]
    assert 126 < x < 128
    assert 36 < y < 39
    laid = gpd.read_file(
        runs.export(burnt.city, burnt.run.id, "perimeters", tmp_path / "front.gpkg"), layer="perimeters"
    )
    assert laid.crs.to_epsg() == 5186
    np.testing.assert_allclose(laid.geometry.area / 1e4, laid["area_ha"])
    assert list(laid["area_ha"]) == [f["properties"]["area_ha"] for f in found["features"]]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["front.geojson", "front.gpkg"]


def test_what_has_no_perimeters(burnt, flooded, tmp_path) -> None:
    with pytest.raises(UsageError, match="has no 'fire_arrival', so there are no perimeters"):
        runs.export(flooded.city, flooded.run.id, "perimeters", tmp_path / "a.geojson")
    with pytest.raises(UsageError, match=r"'perimeters' are written as \.geojson or \.gpkg, not '\.shp'"):
        runs.export(burnt.city, burnt.run.id, "perimeters", tmp_path / "a.shp")
    with pytest.raises(UsageError, match="Did you mean 'perimeters'"):
        runs.export(burnt.city, burnt.run.id, "perimeter", tmp_path / "a.geojson")
    assert not list(tmp_path.iterdir())


def test_frames_of_a_fire_as_geotiff_netcdf_and_tables(burnt, tmp_path) -> None:
    import rasterio
    import xarray as xr

    frames = runs.open_frames(burnt.city, burnt.run.id)
    with rasterio.open(runs.export(burnt.city, burnt.run.id, "fire_state", tmp_path / "a.tif", every=True)) as data:
        assert data.count == 5
        np.testing.assert_array_equal(data.read(5)[::-1], frames.read("fire_state", 4))
    with rasterio.open(runs.export(burnt.city, burnt.run.id, "fire_arrival", tmp_path / "b.tif")) as data:
        assert data.units == ("s",)
    with xr.open_dataset(runs.export(burnt.city, burnt.run.id, "all", tmp_path / "c.nc")) as data:
        assert data["fire_state"].dims == ("time", "y", "x")
        np.testing.assert_array_equal(data["fire_arrival"], frames.summary("fire_arrival"))
    books = (runs.export(burnt.city, burnt.run.id, "budget", tmp_path / "d.csv")).read_text().splitlines()
    assert books[0].startswith("time_s,in_MJ,out_MJ,stored_MJ,error_relative,fuel_at_start_MJ")
    assert len(books) == 6


def test_the_table_of_buildings_has_the_columns_of_each_hazard(burnt, tmp_path) -> None:
    def read(run) -> list[dict[str, str]]:
        file = runs.export(burnt.city, run.id, "buildings", tmp_path / "b.csv")
        with file.open(encoding="utf-8-sig") as lines:
            return list(csv.DictReader(lines))

    alone = read(burnt.run)
    assert list(alone[0]) == [
        "id",
        "name",
        "use",
        "state",
        "cause",
        "by",
        "ignited_s",
        "ended_s",
        "damage_krw",
        "residents",
    ]
    assert [row["id"] for row in alone][:2] == ["high-1", "high-2"]
    both = {row["id"]: row for row in read(burnt.both)}
    assert {"depth_max", "state"} <= set(both["low-1"])
    assert (both["high-1"]["depth_max"], both["high-1"]["state"]) == ("", "burnt_out")
    assert sum(int(row["damage_krw"]) for row in both.values()) == runs.assess(burnt.city, burnt.both.id).damage_krw
