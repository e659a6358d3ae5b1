"""Resampling: exact where nothing has to move, a plane stays a plane, gaps stay gaps, row 0 is south."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError, RefusedError
from twin.geometry import warp
from twin.geometry.crs import convert_xy
from twin.geometry.warp import tin_to_field, to_field
from twin.model.field import Raster, Tin

KOREA = "EPSG:5186"


def centres(grid):
    x = grid.west + (np.arange(grid.nx) + 0.5) * grid.cell
    y = grid.south + (np.arange(grid.ny) + 0.5) * grid.cell
    return np.meshgrid(x, y)


def plane(x, y):
    return 20.0 + 0.01 * (x - 200000.0) - 0.02 * (y - 544000.0)


def raster_of(values, transform, crs=KOREA, quantity="elevation"):
    return Raster(quantity, np.asarray(values, dtype=np.float32), transform, crs, "EPSG:5193")


def test_a_raster_that_fits_is_only_turned_to_row_0_south():
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    field = to_field(raster_of(values, (5.0, 0.0, 200000.0, 0.0, -5.0, 544010.0)), KOREA)
    assert field.grid.bounds == (200000.0, 544000.0, 200015.0, 544010.0)
    assert field.values.tolist() == [[3.0, 4.0, 5.0], [0.0, 1.0, 2.0]]
    assert (field.vertical, field.quantity, field.values.dtype) == ("EPSG:5193", "elevation", np.float32)
    upright = to_field(raster_of(values, (5.0, 0.0, 200000.0, 0.0, 5.0, 544000.0)), KOREA)
    assert upright.values.tolist() == values.tolist()
    assert upright.grid == field.grid


@pytest.mark.parametrize("source", ["EPSG:5174", "EPSG:5181", "EPSG:5179", "EPSG:4326"])
def test_a_plane_stays_a_plane_through_every_korean_frame(source):
    step = 0.0001 if source == "EPSG:4326" else 10.0
    x0, y0 = (v[0] for v in convert_xy([200000.0], [544500.0], KOREA, source))
    rows, columns = 60, 80
    col, row = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
    x, y = convert_xy((x0 + col * step).ravel(), (y0 - row * step).ravel(), source, KOREA)
    values = plane(x, y).reshape(rows, columns)
    field = to_field(raster_of(values, (step, 0.0, x0, 0.0, -step, y0), source), KOREA)
    expected = plane(*centres(field.grid))
    inner = np.zeros(field.values.shape, dtype=bool)
    inner[3:-3, 3:-3] = True
    known = np.isfinite(field.values)
    assert known[inner].mean() > 0.97
    assert np.nanmax(np.abs(field.values - expected)[inner & known]) < 2e-3
    assert field.grid.cell == pytest.approx(10.0 if step == 10.0 else 9.91, rel=0.01)
    assert field.grid.crs == KOREA


def test_gaps_stay_gaps_and_take_nothing_from_their_neighbours():
    values = np.full((20, 20), 7.0)
    values[5:9, 5:9] = np.nan
    field = to_field(raster_of(values, (2.0, 0.0, 200000.0, 0.0, -2.0, 544040.0)), KOREA, cell=1.0)
    assert field.grid.shape == (40, 40)
    assert np.isnan(field.values[22:30, 10:18]).all()
    assert np.isnan(field.values).sum() == 64
    assert np.nanmin(field.values) == np.nanmax(field.values) == 7.0


def test_classes_are_never_mixed():
    values = np.where(np.arange(10)[None, :] < 5, 101.0, 165.0) * np.ones((10, 1))
    field = to_field(
        raster_of(values, (3.0, 0.0, 200000.0, 0.0, -3.0, 544030.0), quantity="fuel_model"), KOREA, cell=1.0
    )
    assert set(np.unique(field.values).tolist()) == {101.0, 165.0}


def test_a_turned_raster_is_laid_straight():
    turn = np.deg2rad(30.0)
    a, d = 5.0 * np.cos(turn), 5.0 * np.sin(turn)
    b, e = 5.0 * np.sin(turn), -5.0 * np.cos(turn)
    col, row = np.meshgrid(np.arange(50) + 0.5, np.arange(40) + 0.5)
    x, y = a * col + b * row + 200000.0, d * col + e * row + 544000.0
    field = to_field(raster_of(plane(x, y), (a, b, 200000.0, d, e, 544000.0)), KOREA)
    expected = plane(*centres(field.grid))
    known = np.isfinite(field.values)
    assert field.grid.cell == 5.0
    assert known.sum() == pytest.approx(50 * 40, rel=0.03)
    assert np.quantile(np.abs(field.values - expected)[known], 0.85) < 2e-3


def test_oblong_pixels_become_square_cells():
    field = to_field(raster_of(np.ones((10, 10)), (8.0, 0.0, 200000.0, 0.0, -2.0, 544000.0)), KOREA)
    assert field.grid.cell == 4.0
    assert field.grid.bounds == (200000.0, 543980.0, 200080.0, 544000.0)


def test_the_lattice_is_as_good_as_converting_every_cell(monkeypatch):
    values = np.random.default_rng(3).random((90, 70))
    raster = raster_of(values, (30.0, 0.0, 199000.0, 0.0, -30.0, 446000.0), "EPSG:5174")
    near = to_field(raster, KOREA).values
    monkeypatch.setattr(warp, "LATTICE", 1)
    exact = to_field(raster, KOREA).values
    both = np.isfinite(near) & np.isfinite(exact)
    assert (np.isfinite(near) ^ np.isfinite(exact)).sum() <= 2
    assert np.abs(near - exact)[both].max() < 1e-3


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1)])
def test_single_rows_and_columns(shape):
    raster = raster_of(np.full(shape, 3.0), (10.0, 0.0, 199000.0, 0.0, -10.0, 446000.0), "EPSG:5174")
    field = to_field(raster, KOREA)
    assert np.nanmin(field.values) == np.nanmax(field.values) == 3.0


def test_what_cannot_be_placed_is_an_error():
    ones = np.ones((4, 4))
    with pytest.raises(InputError, match=r"states no coordinate system; give it with --crs"):
        to_field(raster_of(ones, (1.0, 0.0, 0.0, 0.0, -1.0, 0.0), None), KOREA)
    with pytest.raises(InputError, match="spans no area"):
        to_field(raster_of(ones, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)), KOREA)
    with pytest.raises(InputError, match="has no place in EPSG:5186"):
        to_field(raster_of(ones, (1.0, 0.0, 200000.0, 0.0, -1.0, 450000.0), "EPSG:4326"), KOREA)
    with pytest.raises(RefusedError, match="more than 120000000"):
        to_field(raster_of(ones, (5000.0, 0.0, 190000.0, 0.0, -5000.0, 550000.0)), KOREA, cell=0.1)


def grid_tin(nx=9, ny=7, step=10.0):
    x, y = np.meshgrid(200000.0 + np.arange(nx) * step, 544000.0 + np.arange(ny) * step)
    corner = np.arange(nx * ny).reshape(ny, nx)
    a, b, c, d = (corner[s].ravel() for s in (np.s_[:-1, :-1], np.s_[:-1, 1:], np.s_[1:, 1:], np.s_[1:, :-1]))
    faces = np.vstack([np.column_stack([a, b, c]), np.column_stack([c, a, d])])
    return Tin("elevation", np.column_stack([x.ravel(), y.ravel(), plane(x, y).ravel()]), faces, KOREA, "EPSG:5193")


@pytest.mark.parametrize("cell", [1.0, 3.0, 7.0])
def test_triangles_of_a_plane_give_the_plane_everywhere(cell):
    field = tin_to_field(grid_tin(), KOREA, cell)
    x, y = centres(field.grid)
    inside = (x >= 200000.0) & (x <= 200080.0) & (y >= 544000.0) & (y <= 544060.0)
    assert np.isfinite(field.values[inside]).all()
    assert np.isnan(field.values[~inside]).all()
    assert np.abs(field.values - plane(x, y))[inside].max() < 1e-4
    assert field.vertical == "EPSG:5193"


def test_small_chunks_change_nothing(monkeypatch):
    whole = tin_to_field(grid_tin(), KOREA, 1.0).values
    monkeypatch.setattr(warp, "CHUNK", 50)
    assert np.array_equal(tin_to_field(grid_tin(), KOREA, 1.0).values, whole, equal_nan=True)


def test_walls_of_a_tin_are_left_out_and_its_cell_comes_from_its_triangles():
    tin = grid_tin()
    wall = np.array([[200000.0, 544000.0, 0.0], [200000.0, 544000.0, 50.0], [200010.0, 544000.0, 50.0]])
    both = Tin("elevation", np.vstack([tin.vertices, wall]), np.vstack([tin.faces, [[63, 64, 65]]]), KOREA)
    assert tin_to_field(both, KOREA).grid.cell == 5.0
    assert np.nanmax(tin_to_field(both, KOREA).values) < 25.0


def test_a_tin_in_degrees_lands_in_the_city():
    tin = grid_tin()
    lon, lat = convert_xy(tin.vertices[:, 0], tin.vertices[:, 1], KOREA, "EPSG:4326")
    field = tin_to_field(
        Tin("elevation", np.column_stack([lon, lat, tin.vertices[:, 2]]), tin.faces, "EPSG:4326"), KOREA, 2.0
    )
    x, y = centres(field.grid)
    known = np.isfinite(field.values)
    assert known.sum() >= 0.98 * 40 * 30
    assert np.abs(field.values - plane(x, y))[known].max() < 1e-3


def test_a_tin_that_is_none():
    tin = grid_tin()
    with pytest.raises(InputError, match="none of its 0 triangles"):
        tin_to_field(Tin("elevation", tin.vertices, np.empty((0, 3), dtype=np.int64), KOREA), KOREA)
    with pytest.raises(InputError, match="a face names vertex 99 of 63"):
        tin_to_field(Tin("elevation", tin.vertices, np.array([[0, 1, 99]]), KOREA), KOREA)
    with pytest.raises(InputError, match="states no coordinate system"):
        tin_to_field(Tin("elevation", tin.vertices, tin.faces, None), KOREA)
