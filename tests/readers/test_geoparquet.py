"""GeoParquet: what its metadata say, what they leave out, and files that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet

from ingest.readers.geoparquet import reader
from ingest.reading import ReadOptions
from tests.readers._books import read
from twin.errors import InputError

BOX = shapely.to_wkb(shapely.box(200_000, 450_000, 200_010, 450_012))


def write(
    path: Path, column: dict[str, Any], rows: dict[str, list[Any]] | None = None, version: str = "1.0.0", **geo: Any
) -> Path:
    table = pa.table(rows or {"id": ["a", "b"], "높이": [3.5, None], "geometry": [BOX, None]})
    meta = {
        "version": version,
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Polygon"], **column}},
        **geo,
    }
    parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(meta)}), path, row_group_size=1)
    return path


def test_namyangju_is_lon_lat_by_the_standard(shared: Path) -> None:
    content = read(reader, shared / "data" / "korea" / "buildings" / "footprint_namyangju.parquet")
    heights = content.column("building", "height")
    assert (len(heights), heights.count(None), heights.count(0)) == (177, 1, 36)
    assert {b.crs for b in content.features} == {"OGC:CRS84"}
    assert any(f.code == "crs" and "OGC:CRS84" in f.message for f in content.findings)
    bounds = shapely.total_bounds(content.features[0].geometry)
    assert bounds.round(4).tolist() == [127.1769, 37.6143, 127.1848, 37.6216]


def test_projjson_null_and_absent(tmp_path: Path) -> None:
    from pyproj import CRS

    said = write(tmp_path / "building.parquet", {"crs": CRS("EPSG:5186").to_json_dict()})
    content = read(reader, said)
    assert content.features[0].crs == "EPSG:5186"
    assert content.column("building", "height") == [3.5, None]
    assert list(content.features[0].ids) == ["a", "b"]
    assert content.features[0].geometry[1] is None
    assert "no-geometry" in content.codes
    unknown = write(tmp_path / "b.parquet", {"crs": None})
    assert read(reader, unknown).features[0].crs is None
    assert read(reader, unknown, crs="EPSG:5186").features[0].crs == "EPSG:5186"


def test_projected_numbers_without_a_system_are_not_degrees(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="outside the range of longitude and latitude"):
        read(reader, write(tmp_path / "a.parquet", {}))


def test_a_box_column_is_not_an_attribute(tmp_path: Path) -> None:
    rows = {"id": ["a"], "bbox": [{"xmin": 1.0}], "geometry": [BOX]}
    path = write(tmp_path / "a.parquet", {"crs": None, "covering": {"bbox": {"xmin": ["bbox", "xmin"]}}}, rows)
    assert set(read(reader, path).features[0].attributes) == {"id"}


@pytest.mark.parametrize(
    ("column", "more", "word"),
    [
        ({"encoding": "polygon"}, {}, "encoding 'polygon'"),
        ({}, {"version": "2.0"}, "version 2.0"),
        ({}, {"primary_column": "geom"}, "cannot be read"),
        ({"crs": {"type": "nonsense"}}, {}, "not known"),
    ],
)
def test_metadata_that_cannot_be_used(tmp_path: Path, column: dict[str, Any], more: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        read(reader, write(tmp_path / "a.parquet", column, **more))


def test_other_files_are_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain.parquet"
    parquet.write_table(pa.table({"a": [1]}), plain)
    with pytest.raises(InputError, match="'geo' metadata"):
        read(reader, plain)
    for name, data in (("empty", b""), ("text", b"hello"), ("cut", plain.read_bytes()[:-20])):
        path = tmp_path / f"{name}.parquet"
        path.write_bytes(data)
        assert reader.sniff(data, path) is (name == "cut")
        with pytest.raises(InputError, match=name):
            list(reader.read(path, ReadOptions()))
