from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.store.kit import CRS, plane
from twin.model.field import Field, Grid
from twin.store.mosaic import Sheet, lay
from twin.store.rasters import write


def sheets(folder: Path, *fields: Field) -> list[Sheet]:
    made = []
    for field in fields:
        path = folder / f"장 & <{len(made)}>.tif"
        write(path, field)
        made.append(Sheet(path, field.grid.bounds, field.grid.cell))
    return made


def at(grid: Grid, slope: tuple[float, float] = (0.1, 0.2)) -> np.ndarray:
    return plane(grid.west, grid.south, grid.cell, grid.nx, grid.ny, slope=slope).values


def test_four_sheets_are_laid_without_seams(tmp_path: Path) -> None:
    corners = [(0, 0), (50, 0), (0, 40), (50, 40)]
    four = sheets(tmp_path, *(plane(x, y, 1.0, 50, 40) for x, y in corners))
    for cell, shift in ((1.0, 0.0), (4.0, 0.0), (4.0, 2.0), (3.0, 0.0), (0.5, 0.0), (0.4, 0.0), (1.0, 0.5)):
        grid = Grid(CRS, shift + 2, shift + 2, cell, int(90 / cell), int(70 / cell))
        np.testing.assert_allclose(lay(four, grid, "elevation"), at(grid), atol=1e-9)


def test_a_coarse_cell_holds_the_average_of_its_area(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    field = Field("elevation", rng.normal(50, 10, (40, 60)), Grid(CRS, 0, 0, 1.0, 60, 40))
    grid = Grid(CRS, 0, 0, 5.0, 12, 8)
    expected = field.values.reshape(8, 5, 12, 5).mean(axis=(1, 3))
    np.testing.assert_allclose(lay(sheets(tmp_path, field), grid, "elevation"), expected, atol=1e-9)
    odd = Grid(CRS, 0, 0, 2.5, 24, 16)  # cells that cut the raster's: weighted by area
    assert lay(sheets(tmp_path, field), odd, "elevation").mean() == pytest.approx(field.values.mean(), abs=1e-9)


def test_outside_is_nan_and_holes_stay_holes(tmp_path: Path) -> None:
    field = plane(0, 0, 1.0, 20, 20)
    field.values[5:15, 5:15] = np.nan
    laid = lay(sheets(tmp_path, field), Grid(CRS, -10, -10, 1.0, 40, 40), "elevation")
    np.testing.assert_array_equal(laid[10:30, 10:30], field.values)
    laid[10:30, 10:30] = np.nan
    assert np.isnan(laid).all()
    coarse = lay(sheets(tmp_path, field), Grid(CRS, 0, 0, 5.0, 4, 4), "elevation")
    assert np.isnan(coarse[1:3, 1:3]).all()
    assert np.isfinite(coarse).sum() == 12


def test_the_finer_lies_over_the_coarser_and_the_newer_over_the_older(tmp_path: Path) -> None:
    def flat(level: float, west: float, cell: float, n: int, hole: bool = False) -> Field:
        values = np.full((n, n), float(level))
        if hole:
            values[0, 0] = np.nan
        return Field("elevation", values, Grid(CRS, west, 0, cell, n, n))

    laid = lay(
        sheets(tmp_path, flat(1, 0, 1.0, 10), flat(2, 5, 1.0, 10, hole=True), flat(9, 0, 5.0, 4), flat(3, 0.5, 1.0, 2)),
        Grid(CRS, 0, 0, 1.0, 20, 1),
        "elevation",
    )
    row = laid[0].tolist()
    assert row[:5] == [3.0, 3.0, 1.0, 1.0, 1.0]  # the newest, half a cell aside, as far as it goes
    assert row[5] == 1.0  # the hole of the newer shows the older
    assert row[6:15] == [2.0] * 9
    assert row[15:] == pytest.approx([9.0] * 5)


def test_classes_are_not_averaged(tmp_path: Path) -> None:
    values = np.tile(np.array([[101.0, 101.0, 165.0, 165.0]]), (4, 1))
    values[0, 0] = 165.0
    both = sheets(tmp_path, Field("fuel_model", values, Grid(CRS, 0, 0, 10.0, 4, 4)))
    assert lay(both, Grid(CRS, 0, 0, 20.0, 2, 2), "fuel_model").tolist() == [[101.0, 165.0], [101.0, 165.0]]
    assert set(np.unique(lay(both, Grid(CRS, 0, 0, 3.0, 12, 12), "fuel_model"))) == {101.0, 165.0}


def test_double_precision_is_kept_where_there_is_any(tmp_path: Path) -> None:
    grid = Grid(CRS, 0, 0, 1.0, 10, 5)
    assert lay(sheets(tmp_path, plane(0, 0, 1, 5, 5, dtype="float32")), grid, "elevation").dtype == np.float32
    both = sheets(tmp_path, plane(0, 0, 1, 5, 5, dtype="float32"), plane(5, 0, 1, 5, 5))
    assert lay(both, grid, "elevation").dtype == np.float64
