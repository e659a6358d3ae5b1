"""The readers of the published cases' files, on files small enough to see through."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from tests.physics.cases import files, lisflood, mesh
from twin.physics.shallow_water.engine import ShallowWater

GRID = "ncols 3\nnrows 2\nxllcorner 10\nyllcorner 20\ncellsize 5\nNODATA_value -9999\n1 2 3\n4 -9999 6\n"


def test_a_grid_has_its_south_first_and_holes_where_there_is_no_value(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.asc", tmp_path / "a.dem.gz"
    plain.write_text(GRID)
    packed.write_bytes(gzip.compress(GRID.encode()))
    for path in (plain, packed):
        grid = files.read_grid(path)
        np.testing.assert_array_equal(grid.values, [[4, np.nan, 6], [1, 2, 3]])
        assert (grid.west, grid.south, grid.cell) == (10, 20, 5)
        assert grid.place(19.9, 25.0) == (1, 1)


def test_coarser_cells_hold_the_mean_of_what_is_known() -> None:
    grid = files.Raster(np.array([[1.0, 3.0, np.nan, np.nan], [np.nan, 5.0, np.nan, np.nan]]), 0.0, 0.0, 2.0)
    coarse = grid.coarser(2)
    np.testing.assert_array_equal(coarse.values, [[3.0, np.nan]])
    assert coarse.cell == 4.0


@pytest.mark.parametrize("text", ["# c\na,b\n1,2\n3,4\n", "a\tb\n1\t2\n3 4\n", "a  b\n1 2\n3 4\n"])
def test_a_table_has_its_columns_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.txt").write_text(text)
    table = files.read_table(tmp_path / "t.txt")
    assert {name: list(values) for name, values in table.items()} == {"a": [1, 3], "b": [2, 4]}


def test_inflows_enter_as_much_as_the_hydrograph_says(tmp_path: Path) -> None:
    (tmp_path / "a.bci").write_text("W 0 10 FREE 0.001\nP 1 1 QVAR up\nP 3 1 QVAR up\nP 3.5 1 QVAR up\n")
    (tmp_path / "a.bdy").write_text("a comment\nup\n 3 seconds\n 0 0\n 2 10\n 2 20\ndown\n1 seconds\n5 0\n")
    flows = lisflood.read_hydrographs(tmp_path / "a.bdy")
    assert flows["down"].at(3.0) == 5.0
    grid = files.Raster(np.zeros((4, 8)), 0.0, 0.0, 2.0)
    water = ShallowWater(grid.values, grid.cell)
    for name, points in lisflood.read_inflows(tmp_path / "a.bci").items():
        lisflood.let_in(water, grid, 2.0, points, flows[name], name)
    water.advance(20.0)
    assert water.stored() == pytest.approx(3 * 2.0 * (10 + 20), rel=1e-6)


def test_points_are_read_by_their_number(tmp_path: Path) -> None:
    (tmp_path / "a.stage").write_text("2\n1 2\n3.5 4\n")
    assert lisflood.read_points(tmp_path / "a.stage") == [(1.0, 2.0), (3.5, 4.0)]


def test_a_mesh_is_linear_in_its_triangles_and_empty_outside(tmp_path: Path) -> None:
    (tmp_path / "a.tsh").write_text(
        "4 1 # <vertex #> ...Triangulation Vertices...\n0 0 0 0\n1 4 0 4\n2 4 4 4\n3 0 4 0\n"
        "# attribute column titles ...Triangulation Vertex Titles...\nelevation\n"
        "1 # <triangle #> ...Triangulation Triangles...\n0 0 1 2 -1 -1 -1\n"
    )
    grid = mesh.on_grid(tmp_path / "a.tsh", 1.0)
    inside = np.tril(np.ones((4, 4), bool)).T
    np.testing.assert_allclose(grid.values, np.where(inside, np.arange(4) + 0.5, np.nan))


def test_missing_data_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SHARED", tmp_path / "nowhere")
    with pytest.raises(files.NoSharedData, match="nowhere"):
        files.flood_case("okushiri")
