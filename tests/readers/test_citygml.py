"""CityGML: PLATEAU, Den Haag, Lyon, citygml4j; order of axes, codings, attacks, faults of one object."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from ingest.readers.citygml import reader
from ingest.reading import ReadOptions
from tests.readers._books import read
from twin.errors import InputError, RefusedError, TwinError

SPACES = (
    'xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:bldg="http://www.opengis.net/citygml/building/2.0" '
    'xmlns:gml="http://www.opengis.net/gml" xmlns:gen="http://www.opengis.net/citygml/generics/2.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dem="http://www.opengis.net/citygml/relief/2.0"'
)
SQUARE = "200000 450000 0 200010 450000 0 200010 450010 0 200000 450010 0 200000 450000 0"


def polygon(places: str = SQUARE, more: str = "", tag: str = "Polygon") -> str:
    return f"<gml:{tag}><gml:exterior><gml:LinearRing><gml:posList>{places}</gml:posList></gml:LinearRing></gml:exterior>{more}</gml:{tag}>"


def surface(*polygons: str, name: str = "bldg:lod1MultiSurface") -> str:
    members = "".join(f"<gml:surfaceMember>{p}</gml:surfaceMember>" for p in polygons)
    return f"<{name}><gml:MultiSurface>{members}</gml:MultiSurface></{name}>"


def city(path: Path, *members: str, srs: str = "EPSG:5186", coding: str = "utf-8") -> Path:
    envelope = f'<gml:boundedBy><gml:Envelope srsName="{srs}"/></gml:boundedBy>' if srs else ""
    held = "".join(f"<core:cityObjectMember>{m}</core:cityObjectMember>\n" for m in members)
    path.write_bytes(
        f'<?xml version="1.0" encoding="{coding}"?>\n<core:CityModel {SPACES}>{envelope}{held}</core:CityModel>'.encode(
            coding
        )
    )
    return path


def building(inner: str, name: str = "b") -> str:
    return f'<bldg:Building gml:id="{name}">{inner}</bldg:Building>'


def test_sapporo(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "citygml" / "plateau_sapporo_64413325_bldg_6697_op.gml")
    assert content.lines == content.count("building") == 25
    (batch,) = content.features
    assert (batch.crs, batch.vertical) == ("EPSG:6697", "EPSG:6695"), "heights above sea level, not the ellipsoid"
    west, south, east, north = shapely.total_bounds(batch.geometry)
    assert 141.4373 < west < east < 141.4419
    assert 42.9386 < south < north < 42.9417
    stated = [f for f in content.findings if f.code == "height-geometry"]
    assert "3 of 25" in stated[0].message
    heights = batch.attributes["height"]
    assert min(heights) >= 2.7
    assert max(heights) == 21.8
    risks = [json.loads(str(r)) for r in batch.attributes["buildingDisasterRiskAttribute"] if r]
    assert sum(len(r) if isinstance(r, list) else 1 for r in risks) == 49
    first = risks[0][0]["BuildingRiverFloodingRiskAttribute"]
    assert (first["depth"], first["rankOrg"]) == ("0.682", "2"), "kept as text"
    assert {"axes", "semantics", "footprints"} <= content.codes
    assert set("".join(batch.surface_kinds or ())) == {"G", "R", "W"}


def test_tokyo_with_an_undeclared_prefix(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "citygml" / "plateau_tokyo_53392642_bldg_6697_op2.gml")
    assert content.count("building") == 8
    heights = content.column("building", "height")
    assert (min(heights), max(heights)) == (2.8, 16.1)
    (prefix,) = [f for f in content.findings if f.code == "prefix"]
    assert "energy" in prefix.message
    letters = "".join(content.features[0].surface_kinds or ())
    assert (letters.count("G") >= 13, letters.count("R") >= 139) == (True, True)


@pytest.mark.parametrize(
    ("name", "kind", "n", "crs"),
    [
        ("plateau_tokyo_533925_tran_6697_op", "road", 9, "EPSG:6697"),
        ("plateau_numazu_52385721_fld_6697_l1_op", "water", 3, "EPSG:6697"),
        ("DenHaag_1BwBP", "building", 1, "EPSG:28992"),
        ("Opera-Lyon_CityGML3.0_LOD2", "building", 1, "EPSG:3946"),
        ("citygml4j_lod2_buildings_v3", "building", 100, "EPSG:3068+5783"),
        ("citygml4j_invalid_building_v3", "building", 1, None),
    ],
)
def test_real_files(shared: Path, name: str, kind: str, n: int, crs: str | None) -> None:
    content = read(reader, shared / "data" / "citymodel" / "citygml" / f"{name}.gml")
    assert content.count(kind) == content.lines == n
    assert {b.crs for b in content.features} == {crs}
    assert not any(shapely.is_missing(b.geometry).any() for b in content.features)


def test_den_haag_building_of_six_parts(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "citygml" / "DenHaag_1BwBP.gml")
    (batch,) = content.features
    assert content.counted[0].unit == "city objects with 6 parts in them"
    assert sorted((batch.surface_kinds or [""])[0]) == sorted("W" * 26 + "R" * 7 + "G" * 6)
    assert len(json.loads(str(batch.attributes["parts"][0]))) == 6


def test_lyon_loses_a_face_of_two_corners_and_says_so(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "citygml" / "Opera-Lyon_CityGML3.0_LOD2.gml")
    (part,) = content.quarantined
    assert part.part
    assert "1 faces without three different corners" in part.reason
    assert content.column("building", "height") == [pytest.approx(38.43)]


def test_citygml3_heights(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "citygml" / "citygml4j_lod2_buildings_v3.gml")
    heights = content.column("building", "height")
    assert (min(heights), max(heights)) == (8.0, 12.0)
    assert set(content.column("building", "storeys")) == {2, 3, 4, 5, 6}


@pytest.mark.parametrize("name", ["ok", "nonutf8", "utf16", "script_name", "no_crs", "unclosed_ring"])
def test_hostile_files_that_are_read(shared: Path, name: str) -> None:
    content = read(reader, shared / "hostile" / "citygml" / f"gen_{name}.gml")
    row = content.row("b1")
    assert row["name"] == {
        "ok": "시청",
        "nonutf8": "시청",
        "utf16": "시청",
        "script_name": "<img src=x onerror=alert(1)>",
    }.get(name, "a")
    assert row["geometry"].equals(shapely.box(200_000, 450_000, 200_010, 450_010))
    assert content.features[0].crs == (None if name == "no_crs" else "EPSG:5186")
    assert ("ring" in content.codes) == (name == "unclosed_ring")


@pytest.mark.parametrize(
    ("name", "error", "word"),
    [
        ("xxe_file", RefusedError, "entities"),
        ("xxe_net", RefusedError, "entities"),
        ("xxe_param", RefusedError, "entities"),
        ("billion_laughs", RefusedError, "entities"),
        ("deep", InputError, "depth"),
        ("truncated", InputError, "gml:2: .*cut off"),
        ("wrongdecl", InputError, "encoding"),
        ("not_xml", InputError, "not XML"),
    ],
)
def test_hostile_files_that_are_refused(shared: Path, name: str, error: type[TwinError], word: str) -> None:
    with pytest.raises(error, match=word) as caught:
        read(reader, shared / "hostile" / "citygml" / f"gen_{name}.gml")
    assert f"gen_{name}.gml" in str(caught.value)
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "word"), [("nan", "nan"), ("inf", "inf"), ("huge", "1e+308"), ("comma", "'200000,5'"), ("text", "'abc'")]
)
def test_hostile_coordinates_are_quarantined(shared: Path, name: str, word: str) -> None:
    content = read(reader, shared / "hostile" / "citygml" / f"gen_coord_{name}.gml")
    (bad,) = content.bad
    assert content.features == []
    assert word in bad.reason
    assert bad.id == "b1"
    assert "<bldg:Building" in bad.raw


def test_hostile_references_are_not_followed(shared: Path) -> None:
    content = read(reader, shared / "hostile" / "citygml" / "gen_xlink_file.gml")
    assert ["never fetched" in q.reason for q in content.bad] == [True, True]
    content = read(reader, shared / "hostile" / "citygml" / "gen_xinclude.gml")
    assert (content.lines, content.codes) == (0, {"empty"})


def test_second_of_two_ids_is_quarantined(shared: Path) -> None:
    content = read(reader, shared / "hostile" / "citygml" / "gen_dup_id.gml")
    assert content.column("building", "name") == ["a"]
    (bad,) = content.bad
    assert (bad.id, bad.line) == ("b1", 2)
    assert bad.reason.count("line") == 2


@pytest.mark.parametrize("name", ["pub_citygml4j_invalid_building_v3", "pub_citygml4j_lod2_test_ade_v2"])
def test_public_files(shared: Path, name: str) -> None:
    assert read(reader, shared / "hostile" / "citygml" / f"{name}.gml").count("building") == 1


def test_a_good_object_stays_beside_a_bad_one(tmp_path: Path) -> None:
    bad = building(surface(polygon("1 2 3 x 5 6 7 8 9 1 2 3")), "bad")
    content = read(
        reader, city(tmp_path / "a.gml", building(surface(polygon()), "a"), bad, building(surface(polygon()), "c"))
    )
    assert [i for b in content.features for i in b.ids] == ["a", "c"]
    assert [(q.line, q.id) for q in content.bad] == [(2, "bad")]


def test_north_before_east_is_seen_by_its_numbers(tmp_path: Path) -> None:
    turned = "544504 200000 0 544504 200010 0 544514 200010 0 544514 200000 0 544504 200000 0"
    content = read(reader, city(tmp_path / "a.gml", building(surface(polygon(turned)))))
    assert content.row("b")["geometry"].bounds == (200_000, 544_504, 200_010, 544_514)
    assert ("warning", "axes") in {(f.severity, f.code) for f in content.findings}


@pytest.mark.parametrize(
    ("srs", "word"), [("EPSG:4326", "turned round"), ("http://www.opengis.net/def/crs/EPSG/0/4979", "turned round")]
)
def test_latitude_first(tmp_path: Path, srs: str, word: str) -> None:
    places = "37 127 0 37 127.001 0 37.001 127.001 0 37 127 0"
    content = read(reader, city(tmp_path / "a.gml", building(surface(polygon(places))), srs=srs))
    assert content.row("b")["geometry"].bounds == (127, 37, 127.001, 37.001)
    assert any(word in f.message for f in content.findings if f.code == "axes")


def test_longitude_first_against_the_definition_is_a_warning(tmp_path: Path) -> None:
    places = "127 37 0 127.001 37 0 127.001 37.001 0 127 37 0"
    content = read(reader, city(tmp_path / "a.gml", building(surface(polygon(places))), srs="EPSG:4326"))
    assert content.row("b")["geometry"].bounds == (127, 37, 127.001, 37.001)
    assert ("warning", "axes") in {(f.severity, f.code) for f in content.findings}


def test_attributes_names_generics_and_unknown_heights(tmp_path: Path) -> None:
    inner = (
        '<gml:name>a</gml:name><gml:name>b</gml:name><gen:stringAttribute name="색"><gen:value>red</gen:value></gen:stringAttribute>'
        '<bldg:measuredHeight uom="m">-9999</bldg:measuredHeight><bldg:storeysAboveGround>9999</bldg:storeysAboveGround>'
        '<bldg:usage codeSpace="../../codelists/x.xml">411</bldg:usage>'
    )
    content = read(reader, city(tmp_path / "a.gml", building(inner + surface(polygon()))))
    row = content.row("b")
    assert (row["name"], row["색"], row["usage"], row["height"]) == ('["a", "b"]', "red", "411", None)
    assert sum(f.code == "unknown-value" for f in content.findings) == 2


def test_heights_in_feet_are_left_out(tmp_path: Path) -> None:
    content = read(
        reader,
        city(
            tmp_path / "a.gml", building('<bldg:measuredHeight uom="ft">30</bldg:measuredHeight>' + surface(polygon()))
        ),
    )
    assert content.row("b")["height"] is None
    assert [(q.part, "'ft'" in q.reason) for q in content.quarantined] == [(True, True)]


def test_surfaces_with_a_meaning_and_the_highest_level(tmp_path: Path) -> None:
    ground = f"<bldg:boundedBy><bldg:GroundSurface>{surface(polygon(), name='bldg:lod2MultiSurface')}</bldg:GroundSurface></bldg:boundedBy>"
    solid = '<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember xlink:href="#p"/></gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>'
    roof = surface(polygon(), polygon(), name="bldg:lod0RoofEdge")
    content = read(reader, city(tmp_path / "a.gml", building(roof + solid + ground), building(roof, "flat")))
    assert content.features[0].surface_kinds == ["G", "OO"]


def test_holes_pos_and_coordinates(tmp_path: Path) -> None:
    hole = (
        "<gml:interior><gml:LinearRing>"
        + "".join(
            f"<gml:pos>{p} 0</gml:pos>" for p in ("200002 450002", "200002 450004", "200004 450004", "200002 450002")
        )
        + "</gml:LinearRing></gml:interior>"
    )
    old = "<gml:Polygon><gml:exterior><gml:LinearRing><gml:coordinates>200000,450000,0 200001,450000,0 200001,450001,0 200000,450000,0</gml:coordinates></gml:LinearRing></gml:exterior></gml:Polygon>"
    content = read(
        reader, city(tmp_path / "a.gml", building(surface(polygon(more=hole)), "h"), building(surface(old), "o"))
    )
    assert content.row("h")["geometry"].area == 98
    assert content.row("o")["geometry"].area == 0.5


def test_terrain(tmp_path: Path) -> None:
    corner = "200000 450000 1 200010 450000 2 200010 450010 3 200000 450000 1"
    other = "200000 450000 1 200010 450010 3 200000 450010 4 200000 450000 1"
    tin = (
        f'<dem:ReliefFeature gml:id="t"><dem:reliefComponent><dem:TINRelief><dem:tin><gml:TriangulatedSurface><gml:trianglePatches>'
        f"{polygon(corner, tag='Triangle')}{polygon(other, tag='Triangle')}</gml:trianglePatches></gml:TriangulatedSurface></dem:tin></dem:TINRelief>"
        f"</dem:reliefComponent></dem:ReliefFeature>"
    )
    content = read(reader, city(tmp_path / "a.gml", tin, building(surface(polygon()))))
    (found,) = content.tins
    assert found.faces.shape == (2, 3)
    assert sorted(np.unique(found.vertices[:, 2]).tolist()) == [1, 2, 3, 4]
    assert content.count("building") == 1


def test_objects_without_id_and_without_system(tmp_path: Path) -> None:
    path = city(tmp_path / "a.gml", f"<bldg:Building>{surface(polygon())}</bldg:Building>", srs="")
    content = read(reader, path, crs="EPSG:5186", vertical="EPSG:5193", layer="old")
    assert [(b.ids, b.crs, b.vertical, b.layer) for b in content.features] == [
        (["a:1"], "EPSG:5186", "EPSG:5193", "old")
    ]
    assert {"id", "crs"} <= content.codes
    with pytest.raises(InputError, match="EPSG:999999"):
        read(reader, city(tmp_path / "b.gml", building(surface(polygon())), srs="EPSG:999999"))


def test_two_systems_in_one_file(tmp_path: Path) -> None:
    other = surface(polygon("1000000 2000000 0 1000010 2000000 0 1000010 2000010 0 1000000 2000000 0")).replace(
        "<gml:MultiSurface>", '<gml:MultiSurface srsName="EPSG:5179">'
    )
    content = read(reader, city(tmp_path / "a.gml", building(surface(polygon()), "a"), building(other, "b")))
    assert {b.ids[0]: b.crs for b in content.features} == {"a": "EPSG:5186", "b": "EPSG:5179"}


def test_korean_and_japanese_codings(tmp_path: Path) -> None:
    content = read(
        reader, city(tmp_path / "a.gml", building("<gml:name>뷁</gml:name>" + surface(polygon())), coding="cp949")
    )
    assert content.row("b")["name"] == "뷁"
    content = read(
        reader,
        city(tmp_path / "b.gml", building("<gml:name>市役所</gml:name>" + surface(polygon())), coding="shift_jis"),
    )
    assert content.row("b")["name"] == "市役所"
    path = city(tmp_path / "c.gml", building("<gml:name>a</gml:name>"), coding="cp949")
    path.write_bytes(path.read_bytes().replace(b">a<", b">\xff\xff<"))
    with pytest.raises(InputError, match=r"c\.gml:2: says it is cp949"):
        read(reader, path)


def test_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.citygml.BATCH", 2)
    path = city(tmp_path / "a.gml", *[building(surface(polygon()), f"b{i}") for i in range(5)])
    content = read(reader, path)
    assert [list(b.ids) for b in content.features] == [["b0", "b1"], ["b2", "b3"], ["b4"]]
    assert [int(n) for b in content.features for n in b.lines] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("text", ["<a/>", "<CityModel/>", "", "<kml/>"])
def test_what_is_no_city(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.gml"
    path.write_text(text)
    assert not reader.sniff(text.encode(), path)
    if text == "<CityModel/>":
        return
    with pytest.raises(InputError, match=r"a\.gml"):
        list(reader.read(path, ReadOptions()))
