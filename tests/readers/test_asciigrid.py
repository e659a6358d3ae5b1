"""ESRI ASCII grids: Carlisle, corners and centres, and every fault with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from ingest.readers.asciigrid import reader
from tests.readers._books import read
from twin.errors import InputError, MissingError, RefusedError

HEAD = "ncols 3\nnrows 2\nxllcorner 100\nyllcorner 200\ncellsize 10\nNODATA_value -9999\n"


def grid(folder: Path, text: str) -> Path:
    path = folder / "a.asc"
    path.write_text(text)
    return path


def test_carlisle(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "carlisle-5m.dem"
    path.write_bytes(
        gzip.decompress((shared / "data" / "terrain" / "carlisle" / "carlisle-5m.dem.raw.gz").read_bytes())
    )
    assert reader.sniff(path.read_bytes()[:65_536], path)
    content = read(reader, path, crs="EPSG:27700")
    (raster,) = content.rasters
    assert raster.values.shape == (611, 951)
    assert raster.transform == (5.0, 0.0, 338500.0, 0.0, -5.0, 557755.0)
    assert (raster.crs, "crs" in content.codes) == ("EPSG:27700", True)
    assert float(raster.values.min()) == pytest.approx(5.571, abs=1e-3)
    assert float(raster.values.max()) == pytest.approx(59.9, abs=1e-3)
    assert float(raster.values.mean()) == pytest.approx(19.2, abs=0.05)


def test_first_row_is_the_north_row(tmp_path: Path) -> None:
    (raster,) = read(reader, grid(tmp_path, HEAD + "1 2 3\n4 5 -9999\n")).rasters
    np.testing.assert_array_equal(raster.values, [[1, 2, 3], [4, 5, np.nan]])
    assert raster.transform == (10, 0, 100, 0, -10, 220)
    assert raster.crs is None


def test_centres_and_values_over_many_lines(tmp_path: Path) -> None:
    text = HEAD.replace("xllcorner 100", "XLLCENTER 105").replace("yllcorner 200", "yllcenter 205")
    (raster,) = read(reader, grid(tmp_path, text + "1 2\n3 4 5\n\n6")).rasters
    assert raster.transform == (10, 0, 100, 0, -10, 220)
    assert raster.values.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_prj_beside_the_file(tmp_path: Path) -> None:
    from pyproj import CRS

    path = grid(tmp_path, HEAD + "1 2 3 4 5 6")
    (tmp_path / "a.prj").write_text(CRS("EPSG:5186").to_wkt("WKT1_ESRI"))
    content = read(reader, path, crs="EPSG:5181")
    assert content.rasters[0].crs == "EPSG:5186"
    assert any("not used" in f.message for f in content.findings)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (HEAD + "1 2 3 4 5", r"a\.asc:7: ends after 5 of the 6"),
        (HEAD + "1 2 3\n4 5 6 7", r"a\.asc:8: more than the 6"),
        (HEAD + "1 2 3\n4 x 6", r"a\.asc:8: 'x' is not a number"),
        (HEAD + "1,5 2 3 4 5 6", r"a\.asc:7: '1,5' has a decimal comma"),
        (HEAD.replace("cellsize 10\n", "") + "1 2", "lacks cellsize"),
        (HEAD.replace("ncols 3", "ncols 3.5") + "1", "whole"),
        (HEAD.replace("cellsize 10", "cellsize 0") + "1", "above 0"),
        (HEAD.replace("nrows 2", "nrows 2\nnrows 2") + "1", "comes twice"),
        (HEAD.replace("cellsize 10", "cellsize 10,5") + "1", r"a\.asc:5: '10,5' has a decimal comma"),
        (HEAD.replace("cellsize", "dx") + "1", r"a\.asc:5: 'dx' is no line"),
        ("", "empty"),
        (HEAD.replace("xllcorner 100", "xllcorner inf") + "1", "finite"),
        (HEAD, "ends after 0"),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        read(reader, grid(tmp_path, text))


def test_hostile_decimal_commas(shared: Path) -> None:
    with pytest.raises(InputError, match="decimal comma"):
        read(reader, shared / "hostile" / "raster" / "gen_asc_esri_comma.asc")


@pytest.mark.parametrize("size", ["200000\nnrows 200000", "20000\nnrows 5000"])
def test_size_is_refused_before_it_is_paid(tmp_path: Path, size: str) -> None:
    with pytest.raises(RefusedError, match=r"cells|claim"):
        read(reader, grid(tmp_path, HEAD.replace("3\nnrows 2", size) + "1 2 3"))


def test_untagged_unknown_is_asked_for(tmp_path: Path) -> None:
    text = HEAD.replace("NODATA_value -9999\n", "")
    with pytest.raises(MissingError, match="nodata"):
        read(reader, grid(tmp_path, text + "1 2 3 4 5 -9999"))
    (tmp_path / "a.asc.toml").write_text("[raster]\nnodata = -9999\n")
    (raster,) = read(reader, grid(tmp_path, text + "1 2 3 4 5 -9999")).rasters
    assert np.isnan(raster.values).sum() == 1


@pytest.mark.parametrize("text", [b"ncols 3\nnrows 2", b"NROWS   5\n", b"x,y\n1,2", b"", b"ncols abc"])
def test_sniff(text: bytes) -> None:
    assert reader.sniff(text, Path("a.asc")) is text.lower().startswith((b"ncols 3", b"nrows"))
