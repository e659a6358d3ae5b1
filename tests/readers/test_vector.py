"""Vector layers: real files with their counts, codings of shapefiles, ids, columns, places that cannot be."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from ingest.formats.columns import Columns, attribute_of
from ingest.formats.kinds import fits, guess
from ingest.formats.vector.table import Identity, Table
from ingest.readers.vector import reader
from ingest.reading import ReadOptions
from tests.readers._books import Content, read
from twin.errors import InputError, UsageError
from twin.model.feature import Features
from twin.model.finding import Finding, Quarantined

SQUARE = "POLYGON ((200000 450000, 200010 450000, 200010 450010, 200000 450010, 200000 450000))"


def write(
    path: Path,
    columns: dict[str, list[object]],
    *,
    crs: str = "EPSG:5186",
    layer: str | None = None,
    geometry: list[str | None] | None = None,
    **options: object,
) -> Path:
    from pyogrio import raw

    n = len(next(iter(columns.values())))
    shapes = geometry or [SQUARE] * n
    wkb = np.array([shapely.to_wkb(shapely.from_wkt(s)) if s else None for s in shapes], dtype=object)
    names = list(columns)
    kind = shapely.from_wkt(next(s for s in shapes if s)).geom_type
    raw.write(
        path,
        wkb,
        [np.array(columns[c], dtype=None if not any(v is None for v in columns[c]) else object) for c in names],
        names,
        layer=layer,
        crs=crs,
        geometry_type=kind,
        **options,
    )
    return path


def collection(path: Path, places: list[object], crs: str | None = None) -> Path:
    features = [
        {"type": "Feature", "id": i, "properties": {"n": i}, "geometry": p and {"type": "Point", "coordinates": p}}
        for i, p in enumerate(places)
    ]
    head = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **head, "features": features}))
    return path


def test_all_layers_of_a_geopackage(shared: Path) -> None:
    content = read(reader, shared / "data" / "osm" / "bubenec.gpkg")
    found = {batch.layer: (batch.kind, len(batch)) for batch in content.features}
    assert found == {
        "tessellation": ("feature", 144),
        "buildings": ("building", 144),
        "streets": ("road", 35),
        "plots": ("feature", 407),
    }
    assert {batch.crs for batch in content.features} == {"EPSG:3857"}
    ids = [i for batch in content.features for i in batch.ids]
    assert len(set(ids)) == 730
    assert round(sum(shapely.area(b.geometry).sum() for b in content.features if b.layer == "buildings")) == 104843


@pytest.mark.parametrize(
    ("name", "kind", "n", "area"),
    [
        ("bgt_pand", "building", 160, 8654),
        ("bgt_waterdeel", "water", 3, 16066),
        ("bgt_wegdeel", "road", 151, 7748),
        ("bgt_begroeidterreindeel", "vegetation", 126, 3526),
        ("bgt_onbegroeidterreindeel", "landuse", 81, 7652),
        ("bgt_overbruggingsdeel", "bridge", 3, 126),
        ("bgt_scheiding", "feature", 57, 379),
        ("bgt_kunstwerkdeel", "feature", 1, 4),
        ("bgt_ondersteunendwaterdeel", "water", 0, 0),
        ("bgt_overigbouwwerk", "feature", 0, 0),
    ],
)
def test_delft_spatialite(shared: Path, name: str, kind: str, n: int, area: float) -> None:
    content = read(reader, shared / "data" / "places" / "delft" / f"{name}.sqlite")
    assert content.lines == content.count(kind) == n
    assert sum(shapely.area(b.geometry).sum() for b in content.features) == pytest.approx(area, abs=0.5)
    assert all(b.crs == "EPSG:28992" for b in content.features)
    assert all(len(i) == 37 for b in content.features for i in b.ids), "ids are gml_id"


@pytest.mark.parametrize(("name", "n"), [("강원도", 188), ("서울특별시", 425), ("충청남도", 207)])
def test_korean_boundaries(shared: Path, name: str, n: int) -> None:
    content = read(reader, shared / "data" / "korea" / "boundaries" / f"hangjeongdong_{name}.geojson")
    assert content.count("boundary") == n
    assert len(set(content.column("boundary", "name"))) == n
    (batch,) = content.features
    assert batch.crs == "EPSG:4326"
    assert all(i.isdigit() and len(i) == 10 for i in batch.ids), "codes stay text"
    if name == "충청남도":
        towns = [str(v) for v in batch.attributes["sggnm"]]
        assert (towns.count("천안시동남구"), towns.count("천안시서북구"), towns.count("아산시")) == (17, 13, 17)


def test_topojson_of_korea_states_no_system(shared: Path) -> None:
    content = read(reader, shared / "data" / "korea" / "boundaries" / "skorea-submunicipalities-2018-topo-simple.json")
    assert content.count("boundary") == 3504
    assert {b.crs for b in content.features} == {None}


@pytest.mark.parametrize("name", ["footprint_namyangju.gpkg", "footprint_namyangju_with_height.geojson"])
def test_namyangju_keeps_null_and_zero_heights(shared: Path, name: str) -> None:
    content = read(reader, shared / "data" / "korea" / "buildings" / name)
    heights = content.column("building", "height")
    assert len(heights) == 177
    assert heights.count(None) == 1
    assert heights.count(0) == 36
    assert max(h for h in heights if h is not None) == 100
    assert "heights-not-used" in content.codes
    assert not any(shapely.has_z(b.geometry).any() for b in content.features)


def test_helsinki_population(shared: Path) -> None:
    content = read(reader, shared / "data" / "osm" / "helsinki_population_grid_2020.gpkg")
    assert sum(content.column("population", "residents")) == 71724


@pytest.mark.parametrize(("step", "n"), [(0, 1791), (10, 2262), (20, 4001)])
def test_kumamoto_shapefile_in_shift_jis_is_said(shared: Path, step: int, n: int) -> None:
    path = shared / "data" / "places" / "kumamoto" / "high_tide_BP001_shp" / f"BP001_{step:05d}m.SHP"
    content = read(reader, path)
    (batch,) = content.features
    assert len(batch) == n
    assert batch.crs == "EPSG:4612"
    assert {"MESH", "ground", "depth", "流速"} <= set(batch.attributes)
    assert [f.severity for f in content.findings if f.code == "encoding"] == ["warning"]
    if step == 20:
        assert max(batch.attributes["depth"]) == 4.658
        assert max(batch.attributes["流速"]) == 6.859


def test_kumamoto_schools(shared: Path) -> None:
    assert read(reader, shared / "data" / "places" / "kumamoto" / "school_district.geojson").count("boundary") == 14


@pytest.mark.parametrize(
    ("name", "word"), [("gen_lonlat_swapped", "latitude stands before longitude"), ("gen_projected", "projected")]
)
def test_geojson_outside_lon_lat_is_refused(shared: Path, name: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        read(reader, shared / "hostile" / "geometry" / f"{name}.geojson")


def test_projected_geojson_is_taken_in_the_stated_system(shared: Path) -> None:
    content = read(reader, shared / "hostile" / "geometry" / "gen_projected.geojson", crs="EPSG:5186")
    assert [b.crs for b in content.features] == ["EPSG:5186"]
    assert ("warning", "crs") in {(f.severity, f.code) for f in content.findings}


def test_geojson_in_degrees_is_not_moved_by_a_stated_system(tmp_path: Path) -> None:
    content = read(reader, collection(tmp_path / "a.geojson", [[127.0, 37.5]]), crs="EPSG:5186")
    assert content.features[0].crs == "EPSG:4326"
    assert any("EPSG:5186 was not used" in f.message for f in content.findings)


def test_geojson_with_a_crs_member(tmp_path: Path) -> None:
    path = collection(tmp_path / "a.geojson", [[200000, 450000]], crs="urn:ogc:def:crs:EPSG::5186")
    assert read(reader, path).features[0].crs == "EPSG:5186"


def test_one_place_outside_the_world_is_quarantined_and_one_without_place_stays(tmp_path: Path) -> None:
    path = collection(tmp_path / "a.geojson", [[127.0, 37.5], [500.0, 37.5], None, [127.1, 37.6]])
    content = read(reader, path)
    assert content.lines == 4
    assert [(q.line, q.reason) for q in content.bad] == [(2, "lies outside the range of longitude and latitude")]
    assert "500" in content.bad[0].raw
    (batch,) = content.features
    assert batch.lines.tolist() == [1, 3, 4]
    assert batch.geometry[1] is None
    assert "no-geometry" in content.codes


def test_cpg_is_obeyed(tmp_path: Path) -> None:
    path = write(tmp_path / "건물.shp", {"이름": ["시청", "뷁"], "높이": [12.5, 30.0]}, encoding="CP949")
    content = read(reader, path)
    assert content.column("building", "name") == ["시청", "뷁"]
    assert content.column("building", "height") == [12.5, 30.0]
    assert [b.crs for b in content.features] == ["EPSG:5186"]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A Korean shapefile that says nothing of its coding or its system."""
    path = write(tmp_path / "building.shp", {"이름": ["시청", "도서관"]}, encoding="CP949")
    for suffix in (".cpg", ".prj"):
        path.with_suffix(suffix).unlink()
    table = tmp_path / "building.dbf"
    data = bytearray(table.read_bytes())
    data[29] = 0
    table.write_bytes(data)
    return path


def test_coding_by_content_is_a_warning(bare: Path) -> None:
    content = read(reader, bare)
    assert content.column("building", "name") == ["시청", "도서관"]
    said = [f for f in content.findings if f.code == "encoding"]
    assert [f.severity for f in said] == ["warning"]
    assert "cp949 by its content" in said[0].message
    assert [b.crs for b in content.features] == [None]


def test_stated_coding_and_system_fill_what_the_file_leaves_open(bare: Path) -> None:
    content = read(reader, bare, encoding="euc-kr", crs="5186")
    assert content.column("building", "name") == ["시청", "도서관"]
    assert content.features[0].crs == "EPSG:5186"
    with pytest.raises(InputError, match="not utf-8, as was stated"):
        read(reader, bare, encoding="utf-8")
    with pytest.raises(InputError, match="'klingon' is not known"):
        read(reader, bare, encoding="klingon")


@pytest.mark.parametrize(("mark", "name"), [(0x4E, "cp949"), (0x79, "cp949")])
def test_language_driver_of_the_table(bare: Path, mark: int, name: str) -> None:
    table = bare.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    data[29] = mark
    table.write_bytes(data)
    content = read(reader, bare)
    assert content.column("building", "name") == ["시청", "도서관"]
    assert any(f.code == "encoding" and "language driver" in f.message and name in f.message for f in content.findings)


def test_wrong_cpg_is_an_error_until_the_coding_is_stated(bare: Path) -> None:
    bare.with_suffix(".cpg").write_text("UTF-8")
    with pytest.raises(InputError, match=r"building\.cpg says UTF-8, but its text is not"):
        read(reader, bare)
    assert read(reader, bare, encoding="cp949").column("building", "name") == ["시청", "도서관"]


def test_right_cpg_wins_over_a_person(bare: Path) -> None:
    bare.with_suffix(".cpg").write_text("949")
    content = read(reader, bare, encoding="cp932")
    assert content.column("building", "name") == ["시청", "도서관"]
    assert any("the stated cp932 was not used" in f.message for f in content.findings)


def test_text_cut_in_the_middle_of_a_character(bare: Path) -> None:
    table = bare.with_suffix(".dbf")
    data = table.read_bytes()
    table.write_bytes(data.replace("도서관".encode("cp949"), "도서관".encode("cp949")[:5] + b" "))
    assert read(reader, bare).column("building", "name") == ["시청", "도서"]


def test_shapefile_without_its_companions(bare: Path) -> None:
    bare.with_suffix(".dbf").unlink()
    content = read(reader, bare)
    assert content.lines == 2
    assert "no-table" in content.codes
    bare.with_suffix(".shx").unlink()
    with pytest.raises(InputError, match="shx beside it is missing"):
        read(reader, bare)


def test_cut_shapefile_is_an_error(bare: Path) -> None:
    data = bare.read_bytes()
    bare.write_bytes(data[: len(data) - 100])
    with pytest.raises(InputError, match=r"building\.shp"):
        read(reader, bare)


def test_numbers_as_ids_get_the_name_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "north.gpkg", {"id": [1, 2]}, layer="building")
    assert list(read(reader, path).features[0].ids) == ["north/building:1", "north/building:2"]
    path = write(tmp_path / "south.gpkg", {"id": ["A-1", "A-2"]}, layer="building")
    assert list(read(reader, path).features[0].ids) == ["A-1", "A-2"]
    path = write(tmp_path / "east.gpkg", {"id": ["A-1", "A-1"]}, layer="building")
    content = read(reader, path)
    assert list(content.features[0].ids) == ["east/building:1", "east/building:2"]
    assert any("values repeat" in f.message for f in content.findings)


def test_layer_and_kind_of_one_layer(tmp_path: Path) -> None:
    path = write(tmp_path / "buildings.gpkg", {"n": [1]})
    assert [(b.kind, b.layer) for b in read(reader, path).features] == [("building", None)]
    assert [(b.kind, b.layer) for b in read(reader, path, layer="old").features] == [("building", "old")]
    odd = write(tmp_path / "x1.gpkg", {"n": [1]})
    assert [(b.kind, b.layer) for b in read(reader, odd).features] == [("feature", "x1")]
    assert [b.kind for b in read(reader, odd, kind="landuse").features] == ["landuse"]
    with pytest.raises(UsageError, match="Did you mean 'building'"):
        list(reader.read(odd, ReadOptions(kind="bilding")))


def test_kind_that_the_shapes_deny(tmp_path: Path) -> None:
    content = read(reader, write(tmp_path / "building_points.gpkg", {"n": [1]}, geometry=["POINT (200000 450000)"]))
    assert content.count("feature") == 1
    assert ("warning", "kind") in {(f.severity, f.code) for f in content.findings}


def test_flatgeobuf(tmp_path: Path) -> None:
    path = write(tmp_path / "building.fgb", {"pnu": ["0123456789012345678"], "지상층수": [5]})
    content = read(reader, path)
    assert content.column("building", "storeys") == [5]
    assert content.features[0].ids == ["0123456789012345678"]


def test_curves_are_quarantined_not_dropped() -> None:
    arc = struct.pack("<BII", 1, 8, 5) + b"".join(
        struct.pack("<2d", *p) for p in [(0, 0), (1, 1), (2, 0), (1, -1), (0, 0)]
    )
    rows = pa.RecordBatch.from_pydict(
        {"g": [struct.pack("<BII", 1, 10, 1) + arc, shapely.to_wkb(shapely.from_wkt(SQUARE)), b"nonsense", None]}
    )
    ids = Identity(None, "x:", Finding("info", "id", ""))
    table = Table("t", "building", None, "EPSG:5186", None, ids, geographic=False, geometry="g")
    items = list(table.batch(rows))
    bad = [(i.line, i.reason) for i in items if isinstance(i, Quarantined)]
    assert [line for line, _ in bad] == [1, 3]
    assert "curves" in bad[0][1]
    (features,) = [i for i in items if isinstance(i, Features)]
    assert features.lines.tolist() == [2, 4]


@pytest.mark.parametrize("text", [b"", b"hello", b'{"type": "CityJSON"}', b"<OGRVRTDataSource/>"])
def test_other_files_are_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(text)
    assert not reader.sniff(text, path)
    with pytest.raises(InputError, match=r"a\.geojson"):
        list(reader.read(path, ReadOptions()))


def test_damaged_geojson_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type"')
    with pytest.raises(InputError, match=r"a\.geojson: cannot be read"):
        read(reader, path)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["buildings"], "building"),
        (["AL_D010_건물"], "building"),
        (["trafficarea"], "road"),
        (["지하차도"], "underpass"),
        (["parkingBuildings"], "parking"),
        (["temp", "hangjeongdong_서울"], "boundary"),
        (["fire_station"], "facility"),
        (["plots"], None),
        (["onbegroeidterreindeel"], "landuse"),
        (["가로등현황"], "streetlight"),
    ],
)
def test_kind_by_name(names: list[str], kind: str | None) -> None:
    assert guess(names) == kind


def test_shapes_that_fit() -> None:
    assert fits("building", "MultiPolygon Z")
    assert fits("building", "Unknown")
    assert not fits("building", "LineString")
    assert fits("road", "LineString")


def test_columns_in_the_words_of_the_twin() -> None:
    columns = Columns("t")
    out = columns.tidy(
        {
            "건물높이": [12, -9999, "8.5", "12m"],
            "주용도": ["단독주택", "아파트", "우주선", None],
            "구조": ["목구조", "RC", "", "벽돌구조"],
            "지상층수": [3, 2.0, 2.5, 500],
            "반지하": ["Y", "N", "", None],
            "PNU": [1, "2", None, "03"],
            "etc": [1.5, float("nan"), None, "x"],
        },
        ["a", "b", "c", "d"],
        [1, 2, 3, 4],
    )
    assert out["height"] == [12, None, 8.5, None]
    assert out["use"] == ["residential", "apartment", "other", None]
    assert out["주용도"] == ["단독주택", "아파트", "우주선", None]
    assert out["structure"] == ["timber", "concrete", None, "masonry"]
    assert out["storeys"] == [3, 2, None, None]
    assert out["half_basement"] == [True, False, None, None]
    assert out["parcel_id"] == ["1", "2", None, "03"]
    assert out["etc"] == [1.5, None, None, "x"]
    assert [(q.line, q.part) for q in columns.quarantined] == [(4, True), (3, True), (4, True)]
    codes = {f.code for f in columns.findings()}
    assert codes == {"columns", "unknown-value", "text-number", "word"}


def test_column_that_is_not_what_its_name_says() -> None:
    columns = Columns("t")
    out = columns.tidy({"level": ["upper", "lower", "3"]}, ["a", "b", "c"], [1, 2, 3])
    assert out == {"file_level": ["upper", "lower", "3"]}
    assert columns.quarantined == []
    assert [f.code for f in columns.findings() if f.severity == "warning"] == ["column"]


def test_name_of_a_column() -> None:
    assert attribute_of("Measured_Height") == "height"
    assert attribute_of("연면적") == "floor_area"
    assert attribute_of("colour") is None


def test_batches_count_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.vector.BATCH", 10)
    path = write(tmp_path / "building.gpkg", {"n": list(range(25))})
    content: Content = read(reader, path)
    assert [len(b) for b in content.features] == [10, 10, 5]
    assert [int(x) for b in content.features for x in b.lines] == list(range(1, 26))
    assert len({i for b in content.features for i in b.ids}) == 25


def test_korean_name_of_an_id_column_in_a_shapefile(tmp_path: Path) -> None:
    path = write(tmp_path / "building.shp", {"관리번호": ["가-1", "나-2"]}, encoding="CP949")
    assert list(read(reader, path).features[0].ids) == ["가-1", "나-2"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a\\u0000b", True),
        ("half \\ud83d of it", True),
        ("\\udc00", True),
        ("whole \\ud83d\\ude00", False),
        ("시청", False),
    ],
)
def test_texts_that_the_library_alters_are_said(tmp_path: Path, name: str, said: bool) -> None:
    path = tmp_path / "names.geojson"
    point = {"type": "Point", "coordinates": [127.0, 36.8]}
    feature = {"type": "Feature", "properties": {"name": "NAME"}, "geometry": point}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    path.write_text(text.replace("NAME", name), "utf-8")
    items = list(reader.read(path, ReadOptions()))
    assert any(isinstance(i, Finding) and i.code == "text_altered" for i in items) is said
