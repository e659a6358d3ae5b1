"""Damaged files: seeded mutations of good ones are refused by name or balance their books; nothing else ever happens."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from ingest.readers import asciigrid, citygml, cityjson, geoparquet, geotiff, vector
from ingest.reading import Reader
from tests.benchmarks.readers import footprints, solids_json, solids_xml
from tests.readers._books import read
from twin.errors import TwinError

PIECES = (
    b"0",
    b"-1",
    b"99999999",
    b"null",
    b"[]",
    b"{}",
    b"NaN",
    b"1e999",
    b"\xff\xfe",
    b'"',
    b"<",
    b">",
    b"\0",
    b"]",
    b"}",
)
ROUNDS = 40


def geojson(path: Path, n: int) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"이름": f"집 {i}", "높이": i},
            "geometry": shapely.geometry.mapping(shapely.box(127, 37, 127.1, 37.1)),
        }
        for i in range(n)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))


def parquet(path: Path, n: int) -> None:
    import geopandas

    shapes = [shapely.box(200_000 + i, 450_000, 200_001 + i, 450_001) for i in range(n)]
    geopandas.GeoDataFrame({"pnu": [f"{i:019d}" for i in range(n)]}, geometry=shapes, crs="EPSG:5186").to_parquet(path)


def grid(path: Path, n: int) -> None:
    rows = "\n".join(" ".join(str(i * j) for i in range(n)) for j in range(n))
    path.write_text(f"ncols {n}\nnrows {n}\nxllcorner 0\nyllcorner 0\ncellsize 5\nNODATA_value -9999\n{rows}\n")


def terrain(path: Path, n: int) -> None:
    import rasterio
    from rasterio.transform import Affine

    values = np.random.default_rng(1).random((n, n)).astype(np.float32)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=n,
        height=n,
        count=1,
        dtype="float32",
        crs="EPSG:5186",
        compress="deflate",
        transform=Affine(5, 0, 200_000, 0, -5, 450_000),
    ) as file:
        file.write(values, 1)


GOOD: dict[str, tuple[Reader, Callable[[Path, int], None]]] = {
    "city.city.json": (cityjson.reader, solids_json),
    "city.gml": (citygml.reader, solids_xml),
    "a.geojson": (vector.reader, geojson),
    "building.gpkg": (vector.reader, footprints),
    "building.fgb": (vector.reader, footprints),
    "building.parquet": (geoparquet.reader, parquet),
    "a.asc": (asciigrid.reader, grid),
    "a.tif": (geotiff.reader, terrain),
}


def damage(data: bytes, rng: random.Random) -> bytes:
    """Return the file with a few bytes changed, lost, doubled or put in."""
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        at, what = rng.randrange(len(out)), rng.random()
        if what < 0.3:
            out[at] = rng.randrange(256)
        elif what < 0.6:
            out[at : at + rng.randrange(1, 8)] = rng.choice(PIECES)
        elif what < 0.8:
            del out[at : at + rng.randrange(1, 40)]
        elif what < 0.9:
            out[at:at] = out[max(0, at - 30) : at]
        else:
            del out[max(1, at) :]
    return bytes(out)


@pytest.mark.parametrize("name", GOOD)
def test_damage_is_refused_or_accounted_for(name: str, tmp_path: Path) -> None:
    reader, write = GOOD[name]
    good = tmp_path / "good" / name
    good.parent.mkdir()
    write(good, 6)
    assert read(reader, good).lines > 0
    data = good.read_bytes()
    path = tmp_path / name
    for seed in range(ROUNDS):
        path.write_bytes(damage(data, random.Random(seed)))
        try:
            content = read(reader, path)
        except TwinError as error:
            assert path.stem in str(error), f"seed {seed}: {error}"
            continue
        assert all((q.reason + q.raw + q.id).encode() for q in content.quarantined), f"seed {seed}"
