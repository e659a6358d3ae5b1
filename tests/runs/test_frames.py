from __future__ import annotations

import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from twin.errors import InputError, UsageError
from twin.model.field import Grid
from twin.model.run import Frame
from twin.runs.frames import FrameWriter, read_frames

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 2.5, 7, 4)
START = datetime(2026, 7, 15, 15, tzinfo=timezone(timedelta(hours=9)))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    writer = FrameWriter(tmp_path / "abc", GRID, START, ("depth", "speed"), {"title": "비"})
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


def test_the_metadata_are_in_one_place(store: Path) -> None:
    import json

    index = json.loads((store / "zarr.json").read_text())
    assert index["zarr_format"] == 3
    assert {"depth", "max_depth", "time", "x", "y", "crs"} <= set(index["consolidated_metadata"]["metadata"])


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
