from __future__ import annotations

import numpy as np
import pytest
import rasterio

from tests.store.kit import CRS, plane, writing
from twin.errors import MissingError, UnitsError
from twin.model.field import Field, Grid
from twin.store import City


def put(city: City, field: Field, name: str = "dtm") -> int:
    with writing(city, name) as tx:
        return tx.raster(field, name)


def test_a_raster_comes_back_and_other_programs_read_it(city: City) -> None:
    field = plane(200_000, 600_000, 5.0, 30, 20, vertical="EPSG:5193", dtype="float32")
    field.values[3, 4] = np.nan
    assert put(city, field, "지형 1/2") == 0
    (info,) = city.rasters.list()
    assert (info.name, info.quantity, info.cell, info.vertical, info.source) == (
        "지형 1/2",
        "elevation",
        5.0,
        "EPSG:5193",
        1,
    )
    assert info.bounds == field.grid.bounds
    assert info.path.parent == city.path / "rasters"
    back = city.rasters.read("elevation", field.grid)
    assert (back.quantity, back.vertical, back.values.dtype) == ("elevation", "EPSG:5193", np.float32)
    np.testing.assert_array_equal(back.values, field.values)
    assert back.values.flags.c_contiguous
    with rasterio.open(info.path) as file:
        assert file.crs.to_epsg() == 5186
        assert (file.bounds.left, file.bounds.top) == (200_000.0, 600_100.0)
        assert file.units == ("m",)
        np.testing.assert_array_equal(file.read(1), field.values[::-1])


def test_the_same_again_is_a_duplicate_and_a_change_a_version(city: City) -> None:
    field = plane(0, 0, 10, 4, 3)
    assert [put(city, field), put(city, field), put(city, field, "other name")] == [0, 1, 0]
    other = Field("elevation", field.values + 1, field.grid)
    assert put(city, other) == 0
    assert put(city, Field("elevation", other.values, other.grid, "EPSG:5193")) == 0
    infos = city.rasters.list()
    assert [(info.name, info.vertical) for info in infos] == [("other name", None), ("dtm", "EPSG:5193")]
    assert city.snapshot == 4
    assert len(list((city.path / "rasters").iterdir())) == 4  # versions before are kept
    np.testing.assert_array_equal(city.rasters.read("elevation", field.grid).values, other.values)
    assert put(city, field) == 0  # back to what it was is news
    np.testing.assert_array_equal(city.rasters.read("elevation", field.grid).values, field.values)


def test_what_cannot_be_read_says_why(city: City) -> None:
    grid = Grid(CRS, 0, 0, 10, 4, 3)
    with pytest.raises(MissingError, match="no raster of 'elevation' in this twin; known: none"):
        city.rasters.read("elevation", grid)
    put(city, plane(0, 0, 10, 4, 3, vertical="EPSG:5193"))
    with pytest.raises(MissingError, match="Did you mean 'elevation'"):
        city.rasters.read("elevaton", grid)
    with pytest.raises(UnitsError, match="the grid is in EPSG:5181, the city in EPSG:5186"):
        city.rasters.read("elevation", Grid("EPSG:5181", 0, 0, 10, 4, 3))
    with pytest.raises(UnitsError, match="raster 'x': in EPSG:5181"):
        put(city, Field("elevation", np.zeros((3, 4)), Grid("EPSG:5181", 0, 0, 10, 4, 3)), "x")
    put(city, plane(40, 0, 10, 4, 3, vertical="ellipsoidal"), "gps")
    with pytest.raises(UnitsError, match="above EPSG:5193 and ellipsoidal"):
        city.rasters.read("elevation", grid)


def test_elsewhere_there_is_nothing(city: City) -> None:
    put(city, plane(0, 0, 10, 4, 3))
    field = city.rasters.read("elevation", Grid(CRS, 1000, 1000, 10, 4, 3))
    assert np.isnan(field.values).all()
    assert field.values.shape == (3, 4)
