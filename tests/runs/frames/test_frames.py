from __future__ import annotations

import shutil
import warnings
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from twin.errors import InputError, UsageError
from twin.model.field import Grid
from twin.model.run import Frame
from twin.runs.frames.store import FrameWriter, has_frames, read_frames
from twin.runs.frames.things import Things

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 2.5, 7, 4)
START = datetime(2026, 7, 15, 15, tzinfo=timezone(timedelta(hours=9)))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    ground = np.arange(28.0).reshape(GRID.shape)
    writer = FrameWriter(tmp_path / "abc", GRID, START, ("depth", "speed"), {"title": "비"}, {"elevation": ground})
    for i in range(3):
        field = np.full(GRID.shape, i, dtype=np.float32)
        field[0, 0] = 10 + i
        writer.add(Frame(60.0 * i, {"depth": field, "speed": field / 2}))
    late = np.full(GRID.shape, np.nan, dtype=np.float32)
    late[0, 0] = 61.5
    writer.close({"max_depth": np.full(GRID.shape, 12, dtype=np.float32), "arrival": late})
    return tmp_path / "abc" / "frames.zarr"


def test_what_was_written_is_read(store: Path) -> None:
    frames = read_frames(store)
    assert frames.grid == GRID
    assert frames.start == START
    assert frames.times == (0.0, 60.0, 120.0)
    assert frames.quantities == ("depth", "speed")
    assert frames.summaries == ("arrival", "max_depth")
    assert (frames.given, frames.derived, frames.status) == (
        ("elevation",),
        ("hazard_class", "level", "rating"),
        "done",
    )
    assert frames.constant("elevation")[3, 6] == 27
    assert frames.read("depth", 1)[0, 0] == 11
    assert frames.read("depth", -1)[3, 6] == 2
    assert frames.read("depth", 0).dtype == np.float32
    assert (frames.summary("max_depth") == 12).all()
    assert [frames.at(t) for t in (None, 0, 29, 31, 9999)] == [2, 0, 0, 1, 2]


def test_unknown_names_and_numbers(store: Path) -> None:
    frames = read_frames(store)
    with pytest.raises(UsageError, match="Did you mean 'depth'"):
        frames.read("dept", 0)
    with pytest.raises(UsageError, match="no frame 3; there are 3"):
        frames.read("depth", 3)
    with pytest.raises(UsageError, match="known: arrival, max_depth"):
        frames.summary("max_speed")


def test_xarray_opens_it_without_a_warning(store: Path) -> None:
    import xarray

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = xarray.open_zarr(store)
        depth = data["depth"].values
    assert data["depth"].dims == ("time", "y", "x")
    assert depth[2, 0, 0] == 12
    assert data["time"].values[1] == np.datetime64("2026-07-15T06:01:00")
    np.testing.assert_array_equal(data["y"].values, 450_000 + 2.5 * (np.arange(4) + 0.5))
    assert data["x"].values[0] == 200_001.25
    assert data["depth"].attrs["units"] == "m"
    assert data["depth"].attrs["standard_name"] == "flood_water_thickness"
    assert data["depth"].attrs["long_name_ko"] == "침수심"
    mapping = data[data["depth"].attrs["grid_mapping"]]
    assert mapping.attrs["grid_mapping_name"] == "transverse_mercator"
    from pyproj import CRS

    assert CRS.from_wkt(mapping.attrs["spatial_ref"]).to_epsg() == 5186
    assert data.attrs["Conventions"] == "CF-1.11"
    assert data["max_depth"].dims == ("y", "x")
    assert data["arrival"].dtype == np.float32
    assert float(data["arrival"].values[0, 0]) == 61.5
    assert np.isnan(data["arrival"].values[1:]).all()


@pytest.mark.parametrize(("name", "value"), [("max_depth", 12), ("depth:2", 12), ("elevation", 0)])
def test_gdal_opens_it_in_its_place(store: Path, name: str, value: float) -> None:
    import rasterio

    with rasterio.open(f'ZARR:"{store}":/{name}') as data:
        assert data.crs.to_epsg() == 5186
        assert data.bounds.left == 200_000
        assert {data.bounds.bottom, data.bounds.top} == {450_000, 450_010}
        row, column = data.index(200_001, 450_001)
        assert data.read(1)[row, column] == value


def test_going_on_takes_away_what_came_after(store: Path) -> None:
    writer = FrameWriter.again(store.parent, GRID, 1)
    assert writer.times == [0.0]
    assert read_frames(store).status == "running"
    assert read_frames(store).summaries == ()
    writer.add(Frame(30.0, {"depth": np.full(GRID.shape, 7, np.float32), "speed": np.zeros(GRID.shape, np.float32)}))
    writer.close({"max_depth": np.full(GRID.shape, 8, dtype=np.float32)}, "partial", {"max_depth": {"threshold": 0.3}})
    frames = read_frames(store)
    assert (frames.times, frames.summaries, frames.status) == ((0.0, 30.0), ("max_depth",), "partial")
    assert frames.read("depth", 0)[0, 0] == 10
    assert (frames.read("depth", 1) == 7).all()
    assert frames.constant("elevation")[3, 6] == 27
    assert frames.notes("max_depth")["threshold"] == 0.3
    with pytest.raises(InputError, match="holds 2 frames, the checkpoint 3"):
        FrameWriter.again(store.parent, GRID, 3)
    shutil.rmtree(store)
    with pytest.raises(InputError, match="simulate the run anew"):
        FrameWriter.again(store.parent, GRID, 1)


def test_values_of_things_are_kept_in_a_table(store: Path) -> None:
    things = Things()
    for time, assets in (
        (0.0, {}),
        (60.0, {"pump_rate": {"펌프": 1.5, "P": 0.0}}),
        (120.0, {"pump_rate": {"펌프": 2.0}}),
    ):
        things.add(Frame(time, {}, assets))
    again = Things()
    again.load(things.save())
    again.write(store.parent)
    frames = read_frames(store)
    assert frames.asset_quantities == ("pump_rate",)
    ids, values = frames.assets("pump_rate")
    assert ids == ("펌프", "P")
    np.testing.assert_array_equal(values, [[np.nan, np.nan], [1.5, 0], [2, np.nan]])
    import duckdb

    rows = duckdb.sql(f"SELECT time_s, id, value FROM '{store.parent / 'assets.parquet'}' ORDER BY value").fetchall()
    assert rows == [(60.0, "P", 0.0), (60.0, "펌프", 1.5), (120.0, "펌프", 2.0)]
    with pytest.raises(UsageError, match="known: pump_rate"):
        frames.assets("depth")
    Things().write(store.parent)
    assert read_frames(store).asset_quantities == ()


def test_a_store_of_zarrs_format_3_is_still_read(tmp_path: Path) -> None:
    import zarr

    root = zarr.open_group(
        tmp_path / "frames.zarr", mode="w", zarr_format=3, attributes={"grid": asdict(GRID), "start": START.isoformat()}
    )
    root.create_array("time", data=np.array([0.0]), dimension_names=("time",))
    root.create_array("depth", data=np.ones((1, *GRID.shape), np.float32), dimension_names=("time", "y", "x"))
    assert has_frames(tmp_path)
    assert (read_frames(tmp_path / "frames.zarr").read("depth", 0) == 1).all()


def test_the_metadata_are_in_one_place(store: Path) -> None:
    import json

    index = json.loads((store / ".zmetadata").read_text())["metadata"]
    assert {f"{n}/.zarray" for n in ("depth", "max_depth", "elevation", "time", "x", "y", "crs")} <= set(index)
    assert index[".zattrs"]["status"] == "done"


def test_a_second_writer_replaces_the_first(store: Path) -> None:
    writer = FrameWriter(store.parent, GRID, START, ("depth",), {})
    writer.add(Frame(0.0, {"depth": np.zeros(GRID.shape, dtype=np.float32)}))
    writer.close({})
    frames = read_frames(store)
    assert (frames.times, frames.quantities, frames.summaries) == ((0.0,), ("depth",), ())


def test_a_store_of_somebody_else_is_refused(tmp_path: Path) -> None:
    import zarr

    zarr.open_group(tmp_path / "other.zarr", mode="w", zarr_format=3)
    with pytest.raises(InputError, match=r"other\.zarr: no frames of a run"):
        read_frames(tmp_path / "other.zarr")
