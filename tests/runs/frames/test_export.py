from __future__ import annotations

import csv
import warnings

import numpy as np
import pytest

from tests.runs.town import CELL, SOUTH, TERRAIN, WEST
from twin import runs
from twin.errors import MissingError, UsageError
from twin.runs.frames.export import _harmless


def test_geotiff_has_north_at_the_top_and_its_system(flooded, tmp_path) -> None:
    import rasterio

    file = runs.export(flooded.city, flooded.run.id[:6], "max_depth", tmp_path / "depth.tif")
    frames = runs.open_frames(flooded.city, flooded.run.id)
    with rasterio.open(file) as data:
        assert data.crs.to_epsg() == 5186
        assert data.bounds == TERRAIN.bounds
        assert data.res == (CELL, CELL)
        np.testing.assert_array_equal(data.read(1)[::-1], frames.summary("max_depth"))
        assert next(data.sample([(WEST + 200, SOUTH + 92)]))[0] == frames.summary("max_depth")[18, 40]
        assert data.nodata == -9999
        tags = data.tags()
        assert (tags["run"], tags["units"], tags["quantity"]) == (flooded.run.id, "m", "max_depth")
        assert (tags["status"], tags["validated"]) == ("done", flooded.run.validated)
        assert data.units == ("m",)
        assert data.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert [p.name for p in tmp_path.iterdir()] == ["depth.tif"]


def test_unknown_cells_of_a_geotiff_are_nodata(flooded, tmp_path) -> None:
    import rasterio

    file = runs.export(flooded.city, flooded.run.id, "arrival", tmp_path / "arrival.tiff")
    with rasterio.open(file) as data:
        values = data.read(1, masked=True)
    assert 0 < values.count() < values.size
    assert float(values.max()) <= 2400


def test_a_moment_of_a_quantity(flooded, tmp_path) -> None:
    import rasterio

    file = runs.export(flooded.city, flooded.run.id, "depth", tmp_path / "depth.tif", time=650.0)
    with rasterio.open(file) as data:
        assert data.tags()["time_s"] == "600"
        assert data.tags()["time"] == "2026-07-15T15:10:00+09:00"
        assert float(data.read(1).max()) == runs.open_frames(flooded.city, flooded.run.id).read("depth", 1).max()


def test_a_moment_beyond_the_run_is_refused(flooded, tmp_path) -> None:
    for time in (-60.0, 2460.0):
        with pytest.raises(UsageError, match=rf"no minute {time / 60:g}; its frames go from 0 to 40 min"):
            runs.export(flooded.city, flooded.run.id, "depth", tmp_path / "depth.tif", time=time)
    assert not list(tmp_path.iterdir())


def test_all_moments_of_a_quantity(flooded, tmp_path) -> None:
    import rasterio

    frames = runs.open_frames(flooded.city, flooded.run.id)
    for quantity in ("depth", "level"):
        file = runs.export(flooded.city, flooded.run.id, quantity, tmp_path / f"{quantity}.tif", every=True)
        with rasterio.open(file) as data:
            assert data.count == len(frames.times)
            assert [data.tags(b)["time_s"] for b in data.indexes] == ["0", "600", "1200", "1800", "2400"]
            held = data.read(3, masked=True)[::-1]
        np.testing.assert_array_equal(held.filled(np.nan), frames.read(quantity, 2))
    ground = runs.export(flooded.city, flooded.run.id, "elevation", tmp_path / "ground.tif")
    with rasterio.open(ground) as data:
        np.testing.assert_array_equal(data.read(1)[::-1], frames.constant("elevation"))


def test_netcdf_opens_in_xarray(flooded, tmp_path) -> None:
    import xarray

    file = runs.export(flooded.city, flooded.run.id, "depth", tmp_path / "depth.nc")
    whole = runs.export(flooded.city, flooded.run.id, "all", tmp_path / "all.nc")
    frames = runs.open_frames(flooded.city, flooded.run.id)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with xarray.open_dataset(file) as data:
            assert data["depth"].dims == ("time", "y", "x")
            np.testing.assert_array_equal(data["depth"].values[2], frames.read("depth", 2))
            assert data["time"].values[1] == np.datetime64("2026-07-15T06:10:00")
            assert data["depth"].attrs["units"] == "m"
            assert data["crs"].attrs["grid_mapping_name"] == "transverse_mercator"
            assert data.attrs["Conventions"].startswith("CF-")
            assert data.attrs["validated"] == flooded.run.validated
        with xarray.open_dataset(whole) as data:
            assert set(data.data_vars) == {*frames.quantities, *frames.summaries, "elevation", "crs"}
            assert data["max_depth"].dims == ("y", "x")
            np.testing.assert_array_equal(data["arrival"].values, frames.summary("arrival"))


@pytest.mark.parametrize("quantity", ["depth", "rating"])
def test_netcdf_opens_in_gdal_in_its_place(flooded, tmp_path, quantity: str) -> None:
    import rasterio

    file = runs.export(flooded.city, flooded.run.id, quantity, tmp_path / f"{quantity}.nc")
    frames = runs.open_frames(flooded.city, flooded.run.id)
    with rasterio.open(f"netcdf:{file}:{quantity}") as data:
        assert data.crs.to_epsg() == 5186
        assert data.bounds == TERRAIN.bounds
        assert data.transform.e == -CELL
        assert data.count == len(frames.times)
        np.testing.assert_array_equal(data.read(4)[::-1], frames.read(quantity, 3))


def test_the_budget_as_a_table(flooded, tmp_path) -> None:
    file = runs.export(flooded.city, flooded.run.id, "budget", tmp_path / "budget.csv")
    with file.open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert [float(r["time_s"]) for r in rows] == [0, 600, 1200, 1800, 2400]
    assert float(rows[-1]["in_m3"]) == flooded.run.budget.inflow
    assert float(rows[-1]["rain_m3"]) == flooded.run.budget.parts["rain"]


def test_buildings_as_a_table(flooded, tmp_path) -> None:
    file = runs.export(flooded.city, flooded.run.id, "buildings", tmp_path / "buildings.csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    facts = runs.assess(flooded.city, flooded.run.id).as_dict()
    assert [r["id"] for r in rows] == [b["id"] for b in facts["buildings"]]
    assert rows[0]["name"] == "분지빌라"
    assert float(rows[0]["depth_max"]) == facts["buildings"][0]["depth_max"]


def test_a_table_runs_nothing_in_a_spreadsheet() -> None:
    assert [_harmless(v) for v in ("=1+1", "@x", "-3", "집", -3.5, None)] == ["'=1+1", "'@x", "'-3", "집", -3.5, ""]


def test_what_cannot_be_exported(flooded, tmp_path) -> None:
    with pytest.raises(UsageError, match=r"'dept'.*Did you mean 'depth'"):
        runs.export(flooded.city, flooded.run.id, "dept", tmp_path / "x.tif")
    with pytest.raises(UsageError, match=r"'\.shp'"):
        runs.export(flooded.city, flooded.run.id, "depth", tmp_path / "x.shp")
    with pytest.raises(UsageError, match=r"\.csv"):
        runs.export(flooded.city, flooded.run.id, "buildings", tmp_path / "x.tif")
    with pytest.raises(UsageError, match=r"'all' are written as \.nc"):
        runs.export(flooded.city, flooded.run.id, "all", tmp_path / "x.tif")
    with pytest.raises(UsageError, match="it has no moments"):
        runs.export(flooded.city, flooded.run.id, "max_depth", tmp_path / "x.tif", every=True)
    with pytest.raises(MissingError, match="zzzz"):
        runs.export(flooded.city, "zzzz", "depth", tmp_path / "x.tif")
    assert list(tmp_path.iterdir()) == []
