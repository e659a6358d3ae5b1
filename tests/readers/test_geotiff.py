"""GeoTIFF: real terrain with its figures, tags, sizes, and what must never be read as an elevation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.readers.geotiff import reader
from tests.readers._books import read
from twin.errors import InputError, MissingError, RefusedError, TwinError, UnitsError

PLACE = (10.0, 0.0, 200_000.0, 0.0, -10.0, 450_100.0)


def write(
    path: Path,
    values: Any,
    *,
    transform: tuple[float, ...] | None = PLACE,
    crs: str | None = "EPSG:5186",
    nodata: float | None = None,
    units: str = "",
    scale: float = 1.0,
    offset: float = 0.0,
    mask: Any = None,
) -> Path:
    import rasterio
    from rasterio.transform import Affine

    data = np.atleast_3d(np.asarray(values)).transpose(2, 0, 1) if np.ndim(values) < 3 else np.asarray(values)
    profile = {
        "driver": "GTiff",
        "width": data.shape[2],
        "height": data.shape[1],
        "count": data.shape[0],
        "dtype": data.dtype,
        "crs": crs,
        "nodata": nodata,
    }
    if transform:
        profile["transform"] = Affine(*transform)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", **profile) as file:
        file.write(data)
        file.units = [units] * data.shape[0]
        file.scales, file.offsets = [scale] * data.shape[0], [offset] * data.shape[0]
        if mask is not None:
            file.write_mask(mask)
    return path


@pytest.mark.parametrize(
    ("name", "shape", "crs", "low", "high", "mean", "unknown"),
    [
        ("korea/dem/34707051.tif", (578, 482), "EPSG:5186", 0.0, 292.68, 9.08, 0),
        ("korea/dem/34707052.tif", (576, 482), "EPSG:5186", -0.42, 156.76, 17.85, 0),
        ("places/delft/derived/delft_ahn3_dtm_0.5m.tif", (458, 529), "EPSG:28992", -0.52, 2.28, 0.36, 0),
        ("places/delft/derived/delft_ahn3_dsm_0.5m.tif", (458, 529), "EPSG:28992", -0.57, 26.33, 4.96, 27827),
        ("terrain/helsinki_lapinlahti_dem.tif", (210, 274), "EPSG:4326", 0.0, 10.99, 4.0, 0),
        ("terrain/pysheds_dem.tif", (359, 367), "EPSG:4326", 147.0, 298.0, 206.92, 0),
    ],
)
def test_real_terrain(
    shared: Path, name: str, shape: tuple[int, int], crs: str, low: float, high: float, mean: float, unknown: int
) -> None:
    content = read(reader, shared / "data" / name)
    (raster,) = content.rasters
    assert raster.quantity == "elevation"
    assert (raster.values.shape, raster.crs, raster.vertical) == (shape, crs, None)
    assert np.nanmin(raster.values) == pytest.approx(low, abs=0.005)
    assert np.nanmax(raster.values) == pytest.approx(high, abs=0.005)
    assert np.nanmean(raster.values) == pytest.approx(mean, abs=0.005)
    assert np.isnan(raster.values).sum() == unknown


def test_georeference_of_the_delft_terrain(shared: Path) -> None:
    (raster,) = read(reader, shared / "data" / "places" / "delft" / "derived" / "delft_ahn3_dtm_0.5m.tif").rasters
    assert raster.transform == (0.5, 0.0, 84808.0, 0.0, -0.5, 447641.5)


@pytest.mark.parametrize(
    ("name", "error", "word"),
    [
        ("gen_no_crs.tif", MissingError, "CRS and bounds"),
        ("gen_giant.tif", RefusedError, "2000000000 x 2000000000"),
        ("gen_nan.tif", MissingError, "nodata"),
        ("gen_deflate_bomb.tif", RefusedError, "60,000,000"),
        ("gen_vrt_local.vrt", InputError, "not a TIFF"),
        ("gen_vrt_net.vrt", InputError, "not a TIFF"),
        ("gen_vrt_python.vrt", InputError, "not a TIFF"),
        ("pub_rasterio_no_band.h5", InputError, "not a TIFF"),
        ("pub_rasterio_all-nodata.tif", InputError, "4 bands"),
        ("pub_rasterio_goes.tif", InputError, "3 bands"),
        ("pub_rasterio_corrupt.tif", InputError, "3 bands"),
    ],
)
def test_hostile_rasters_are_refused(shared: Path, name: str, error: type[TwinError], word: str) -> None:
    with pytest.raises(error, match=word) as caught:
        read(reader, shared / "hostile" / "raster" / name)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    "name", ["byte", "float", "float32", "float_nan", "float_raster_with_extra_nodata", "rotated", "test_esri_wkt"]
)
def test_public_rasters_are_read(shared: Path, name: str) -> None:
    content = read(reader, shared / "hostile" / "raster" / f"pub_rasterio_{name}.tif")
    (raster,) = content.rasters
    assert not np.isinf(raster.values).any()
    assert ("rotated" in content.codes) == (name == "rotated")
    assert ("nodata" in content.codes) == (name in {"float_nan", "float_raster_with_extra_nodata"})


@pytest.mark.parametrize(
    ("bad", "word"), [(-9999.0, "-9999"), (np.inf, "inf"), (np.nan, "NaN"), (-32768.0, "-32768"), (12_000.0, "12000")]
)
def test_what_no_elevation_is_asks_for_nodata(tmp_path: Path, bad: float, word: str) -> None:
    values = np.array([[1, 2], [3, bad]], np.float32)
    path = write(tmp_path / "a.tif", values)
    with pytest.raises(MissingError, match=f"{word}.*nodata"):
        read(reader, path)
    (tmp_path / "a.tif.toml").write_text(f"[raster]\nnodata = {bad}\n")
    (raster,) = read(reader, path).rasters
    assert np.isnan(raster.values).sum() == 1
    (tagged,) = read(reader, write(tmp_path / "b.tif", values, nodata=bad)).rasters
    assert np.isnan(tagged.values).tolist() == [[False, False], [False, True]]


def test_a_tag_wins_over_a_declaration(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", np.array([[1, -5]], np.float32), nodata=-5)
    said = tmp_path / "said.toml"
    said.write_text("[raster]\nnodata = 1\n")
    content = read(reader, path, declaration=said)
    assert np.isnan(content.rasters[0].values).tolist() == [[False, True]]
    assert ("warning", "nodata") in {(f.severity, f.code) for f in content.findings}


@pytest.mark.parametrize(
    "text",
    [
        "[raster]\nbnd = 1",
        "[raster]\nquantity = 'elevatoin'",
        "[raster]\nband = 0",
        "raster = 1",
        "x =",
        "[raster]\nnodata = 'x'",
    ],
)
def test_declarations_that_say_nothing(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.tif", np.ones((2, 2), np.float32))
    (tmp_path / "a.tif.toml").write_text(text)
    with pytest.raises(InputError, match=r"a\.tif"):
        read(reader, path)


def test_internal_mask_scale_and_offset(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.tif",
        np.array([[100, 200, 7]], np.int16),
        scale=0.1,
        offset=5.0,
        mask=np.array([[255, 255, 0]], np.uint8),
    )
    content = read(reader, path)
    np.testing.assert_allclose(content.rasters[0].values, [[15, 25, np.nan]], atol=1e-5)
    assert "scale" in content.codes


def test_bands_are_chosen_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", np.stack([np.ones((2, 2)), np.full((2, 2), 7)]).astype(np.float32))
    with pytest.raises(InputError, match="2 bands"):
        read(reader, path)
    (tmp_path / "a.tif.toml").write_text("[raster]\nband = 2\n")
    assert read(reader, path).rasters[0].values.max() == 7
    (tmp_path / "a.tif.toml").write_text("[raster]\nband = 3\n")
    with pytest.raises(InputError, match="band 3 is not there"):
        read(reader, path)


def test_other_quantities(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", np.array([[91, 188]], np.uint8))
    assert read(reader, path, layer="fuel_model").rasters[0].quantity == "fuel_model"
    assert read(reader, path, kind="roughness").rasters[0].quantity == "roughness"
    assert read(reader, path, layer="my terrain").rasters[0].quantity == "elevation"
    (tmp_path / "a.tif.toml").write_text("[raster]\nquantity = 'fuel_model'\n")
    assert read(reader, path).rasters[0].quantity == "fuel_model"


def test_systems_of_file_and_person(tmp_path: Path) -> None:
    values = np.ones((2, 2), np.float32)
    (raster,) = read(reader, write(tmp_path / "a.tif", values, crs="EPSG:5186+5193")).rasters
    assert (raster.crs, raster.vertical) == ("EPSG:5186+5193", "EPSG:5193")
    silent = write(tmp_path / "b.tif", values, crs=None)
    assert read(reader, silent).rasters[0].crs is None
    content = read(reader, silent, crs="EPSG:5186", vertical="EPSG:5193")
    assert (content.rasters[0].crs, content.rasters[0].vertical) == ("EPSG:5186", "EPSG:5193")
    content = read(reader, write(tmp_path / "c.tif", values), crs="EPSG:5181")
    assert content.rasters[0].crs == "EPSG:5186"
    assert any("EPSG:5181 was not used" in f.message for f in content.findings)
    with pytest.raises(InputError, match=r"b\.tif.*EPSG:999999"):
        read(reader, silent, crs="EPSG:999999")


def test_feet_and_complex_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnitsError, match="ft"):
        read(reader, write(tmp_path / "a.tif", np.ones((2, 2), np.float32), units="ft"))
    assert read(reader, write(tmp_path / "m.tif", np.ones((2, 2), np.float32), units="metre")).rasters
    with pytest.raises(InputError, match="complex"):
        read(reader, write(tmp_path / "b.tif", np.ones((2, 2), np.complex64)))


def test_nothing_but_nodata_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no cell"):
        read(reader, write(tmp_path / "a.tif", np.full((2, 2), -1, np.float32), nodata=-1))


def test_cut_file_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", np.random.default_rng(1).random((200, 200)).astype(np.float32))
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(InputError, match=r"a\.tif: cannot be read"):
        read(reader, path)


def test_sniff_goes_by_content() -> None:
    for head, known in (
        (b"II*\0rest", True),
        (b"MM\0*", True),
        (b"II+\0", True),
        (b"<VRTDataset>", False),
        (b"", False),
    ):
        assert reader.sniff(head, Path("a.tif")) is known
