"""Pictures lie where the city lies."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from twin.geometry import crs
from twin.model.field import Grid
from viewer.ground import LON_LAT, lon_lat, point, sheet, union

GRID = Grid("EPSG:5186", 211_400.0, 461_800.0, 4.0, 300, 220)


def spot(row: int, column: int) -> np.ndarray:
    values = np.zeros(GRID.shape)
    values[row, column] = 1.0
    return values


@pytest.mark.parametrize(("row", "column"), [(5, 5), (5, 290), (215, 5), (215, 290), (110, 150)])
def test_a_cell_lands_within_half_a_cell_of_its_place(row: int, column: int) -> None:
    frame = sheet(GRID)
    laid = frame.lay(spot(row, column))
    rows, columns = np.nonzero(laid > 0)
    weight = laid[rows, columns]
    west, south, east, north = frame.bounds
    height, width = laid.shape
    lon = west + (np.average(columns, weights=weight) + 0.5) * (east - west) / width
    lat = north - (np.average(rows, weights=weight) + 0.5) * (north - south) / height
    x, y = crs.convert_xy([lon], [lat], LON_LAT, GRID.crs)
    assert abs(x[0] - (GRID.west + (column + 0.5) * GRID.cell)) < GRID.cell / 2
    assert abs(y[0] - (GRID.south + (row + 0.5) * GRID.cell)) < GRID.cell / 2


def test_agrees_with_gdal() -> None:
    from affine import Affine
    from rasterio.warp import Resampling, reproject

    rng = np.random.default_rng(4)
    rough = shapely.get_coordinates(shapely.points(rng.random((20, 2))))
    y, x = np.mgrid[0 : GRID.ny, 0 : GRID.nx]
    values = sum(np.exp(-(((x / GRID.nx - a) ** 2 + (y / GRID.ny - b) ** 2) / 0.01)) for a, b in rough).astype(
        np.float32
    )
    frame = sheet(GRID)
    (west, east), (south, north) = crs.convert_xy(
        [frame.bounds[0], frame.bounds[2]], [frame.bounds[1], frame.bounds[3]], LON_LAT, "EPSG:3857"
    )
    target = np.zeros(frame.inside.shape, np.float32)
    reproject(
        np.ascontiguousarray(values[::-1]), target,
        src_transform=Affine(GRID.cell, 0, GRID.west, 0, -GRID.cell, GRID.south + GRID.ny * GRID.cell), src_crs=GRID.crs,
        dst_transform=Affine((east - west) / target.shape[1], 0, west, 0, (south - north) / target.shape[0], north), dst_crs="EPSG:3857",
        resampling=Resampling.bilinear,
    )  # fmt: skip
    inner = frame.inside & (target > 0)
    assert inner.mean() > 0.9
    assert np.abs(frame.lay(values) - target)[inner].max() < 0.02


def test_pixels_beside_the_grid_are_outside() -> None:
    frame = sheet(GRID)
    assert not frame.inside[0, 0] or not frame.inside[0, -1]
    assert np.isnan(frame.lay(np.ones(GRID.shape), np.nan)[~frame.inside]).all()
    assert (frame.lay(np.ones(GRID.shape))[frame.inside] == 1).all()


def test_a_large_grid_is_drawn_coarser() -> None:
    assert max(sheet(Grid("EPSG:5186", 200_000.0, 460_000.0, 1.0, 9000, 1000)).inside.shape) <= 2050


def test_places_have_six_decimals() -> None:
    shapes = np.array([shapely.box(211_400, 461_800, 211_420, 461_830)], dtype=object)
    moved = lon_lat(shapes, "EPSG:5186")
    xy = shapely.get_coordinates(moved[0])
    assert np.array_equal(xy, np.round(xy, 6))
    assert point(211_400.0, 461_800.0, "EPSG:5186") in [tuple(c) for c in xy.tolist()]


def test_union_of_boxes() -> None:
    assert union([]) is None
    assert union([(0, 0, 1, 1), (2, -1, 3, 0.5)]) == (0, -1, 3, 1)
