"""IFC: real models with the counts of their manifest, damaged ones, and what happens when the library goes down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from ingest.formats.bim import run
from ingest.formats.bim import step as _ifc_step
from ingest.readers import ifc as room
from ingest.readers.ifc import reader
from tests.readers._books import Content, read
from twin.errors import InputError, MissingError, RefusedError, TwinError
from twin.settings import Settings

BY_HAND = (
    '[georeference]\ncrs = "EPSG:5186"\neastings = 213000.0\nnorthings = 467000.0\nheight = 25.0\nrotation_deg = 90.0\n'
)


def by_hand(tmp_path: Path, path: Path, **options: object) -> Content:
    toml = tmp_path / "place.toml"
    toml.write_text(BY_HAND)
    return read(reader, path, declaration=toml, **options)


@pytest.fixture(scope="module")
def duplex(shared: Path) -> Content:
    return read(reader, shared / "data/ifc/Duplex_A_20110907_georeferenced.ifc")


def test_duplex_counts(duplex: Content) -> None:
    assert {b.kind: len(b) for b in duplex.features} == {
        "building": 1,
        "storey": 4,
        "space": 21,
        "door": 14,
        "window": 24,
    }
    assert duplex.lines == 64
    assert duplex.counted[0].unit == "products"
    assert not duplex.quarantined
    assert {b.crs for b in duplex.features} == {"EPSG:9897"}


def test_duplex_house(duplex: Content) -> None:
    house = duplex.row("1xS3BCk291UvhgP2a6eflK")
    assert (house["storeys"], house["basements"]) == (2, 0)
    assert house["ground"] == pytest.approx(293.7)
    assert house["height"] == pytest.approx(6.63, abs=0.01)
    assert house["geometry"].area == pytest.approx(207.5, abs=1)
    assert house["geometry"].centroid.distance(duplex.row("0BTBFw6f90Nfh9rP1dlXr2")["geometry"]) < 15


def test_duplex_rooms_and_doors(duplex: Content) -> None:
    living = next(
        duplex.row(i)
        for b in duplex.features
        if b.kind == "space"
        for i in b.ids
        if duplex.row(i)["long_name"] == "Living Room"
    )
    assert living["parent"] == "1xS3BCk291UvhgP2dvNMKI"
    assert living["storey"] == "Level 1"
    assert living["floor_area"] == pytest.approx(27.66, abs=0.01)
    assert sum(v for v in duplex.column("space", "volume")) == pytest.approx(1049.3, abs=0.5)
    links = [str(v).split() for v in duplex.column("door", "spaces")]
    assert sorted(map(len, links)) == [1] * 4 + [2] * 10
    assert sorted(map(str, duplex.column("door", "spaces_by"))) == ["boundary"] * 13 + ["boundary+probe"]
    rooms = {i for b in duplex.features if b.kind == "space" for i in b.ids}
    assert {room for link in links for room in link} <= rooms
    assert duplex.column("door", "width")[0] == 1.25
    assert True in duplex.column("door", "is_external")


def test_duplex_model(duplex: Content) -> None:
    model = duplex.models[0]
    assert (model.id, model.crs, len(model.parts)) == ("1xS3BCk291UvhgP2a6eflK", "EPSG:9897", 215)
    assert {"wall", "slab", "door", "window", "railing"} <= {p.kind for p in model.parts}
    footprint = duplex.row(model.id)["geometry"].bounds
    points = np.concatenate([p.vertices for p in model.parts if p.kind in ("wall", "slab")])
    shown = [*(points.min(axis=0)[:2] + model.origin[:2]), *(points.max(axis=0)[:2] + model.origin[:2])]
    assert shown == pytest.approx(footprint, abs=0.2)
    assert all(len(p.colour) == 4 and 0 <= min(p.colour) and max(p.colour) <= 1 for p in model.parts)
    closed = [m for p in model.parts if (m := trimesh.Trimesh(p.vertices, p.faces)).is_watertight]
    assert len(closed) > 100
    assert all(m.volume > 0 for m in closed)


def test_house_of_fzk_is_placed_by_latitude_and_true_north(shared: Path) -> None:
    content = read(reader, shared / "data/ifc/AC20-FZK-Haus.ifc")
    assert {b.kind: len(b) for b in content.features} == {
        "building": 1,
        "storey": 2,
        "space": 7,
        "door": 5,
        "window": 11,
    }
    house = content.row("2hQBAVPOr5VxhS3Jl0O47h")
    assert (house["use"], house["year"], house["storeys"]) == ("residential", 2008, 2)
    assert house["geometry"].area == pytest.approx(143, abs=1)
    assert [f.severity for f in content.findings if f.code == "georeference"] == ["warning", "info"]
    assert {"Schlafzimmer", "Küche", "Flur"} <= set(content.column("space", "long_name"))
    assert content.models[0].crs == "EPSG:32632"


def test_office_counts(shared: Path) -> None:
    content = read(reader, shared / "data/ifc/Office_A_20110811.ifc")
    counts = {b.kind: len(b) for b in content.features}
    assert (counts["space"], counts["door"], counts["window"], counts["storey"]) == (99, 102, 69, 3)
    links = [str(v).split() for v in content.column("door", "spaces")]
    by = [str(v) for v in content.column("door", "spaces_by")]
    assert (by.count("boundary"), by.count("probe")) == (93, 9)
    # the nine that touch no space boundary stand inside toilets: the same room on both sides
    assert all(link[0] == link[1] for link, how in zip(links, by, strict=True) if how == "probe")
    assert all(link[0] != link[-1] for link, how in zip(links, by, strict=True) if how == "boundary" and len(link) > 1)
    assert content.column("building", "storeys") == [2]


def test_millimetres_and_a_place_by_hand(shared: Path, tmp_path: Path) -> None:
    path = shared / "data/ifc/IfcOpenHouse_IFC4.ifc"
    with pytest.raises(MissingError, match=r"\[georeference\]"):
        read(reader, path)
    content = by_hand(tmp_path, path)
    assert {b.kind: len(b) for b in content.features} == {"building": 1, "storey": 1, "door": 1, "window": 5}
    house = content.row("3FweM$L1L56fABBUNXlIbJ")
    assert 30 < house["geometry"].area < 80
    west, south, east, north = house["geometry"].bounds
    assert (213000 - 10 < west < east < 213000 + 10) and (467000 - 10 < south < north < 467000 + 10)
    assert north - south > east - west  # the long side lies along x, which is turned north
    assert house["ground"] == 25.0
    assert content.column("door", "width") == [1.0]
    assert content.row("3FweM$L1L56fABBUNXlIbJ")["height"] == pytest.approx(5.78, abs=0.01)


def test_map_conversion_agrees_with_the_site_within_half_a_metre(shared: Path) -> None:
    from pyproj import Transformer

    content = read(reader, shared / "data/ifc/geographic-referencing-utm_IFC4X3.ifc")
    assert content.models[0].origin == pytest.approx((458657.30, 5438232.25, 113.7))
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True).transform(
        8 + 26 / 60 + 1.2473 / 3600, 49 + 5 / 60 + 43.9837 / 3600
    )
    place = content.row("0cVTYHAI3nGeTXA2X4Gxyo")["geometry"].centroid
    assert np.hypot(place.x - east, place.y - north) < 0.5
    assert "scale" in content.codes
    assert content.row("0cVTYHAI3nGeTXA2X4Gxyo")["geometry"].area == pytest.approx(1.0)


def test_shift_jis_in_latin_escapes_is_read(shared: Path) -> None:
    content = read(reader, shared / "data/ifc/jp_ac16_sjis.ifc")
    assert content.column("storey", "name") == ["1階", "2階", "屋根"]
    assert content.column("building", "storeys") == [2]
    assert "encoding" in content.codes


def test_feet_and_a_file_without_building(shared: Path) -> None:
    content = read(reader, shared / "data/ifc/grf005_pass_unit_conversion_factor.ifc")
    assert content.lines == 0
    assert {"no-building", "unit"} <= content.codes
    assert any("EPSG:2240" in f.message for f in content.findings)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hostile/ifc/gen_truncated_mid_record.ifc", ":9: cut off"),
        ("hostile/ifc/gen_agg_cycle.ifc", "part of itself"),
        ("hostile/ifc/gen_dup_step_id.ifc", "#2"),
        ("hostile/ifc/gen_schema_unknown.ifc", "IFC9X9"),
        ("hostile/ifc/gen_nan_coord.ifc", ":11: NAN"),
        ("hostile/ifc/gen_empty.ifc", "empty"),
        ("hostile/ifc/gen_xml.ifc", "XML"),
        ("hostile/ifc/pub_step_fail_double_comma.ifc", ":8: a value is missing"),
        ("hostile/ifc/pub_step_fail_double_semi.ifc", ":27: a value is missing"),
        ("hostile/ifc/pub_step_fail_invalid_0.ifc", "#0"),
        ("hostile/ifc/pub_step_fail_utf_encoding.ifc", "refuses"),
        ("hostile/ifc/pub_step_fail_reverse_string.ifc", "refuses"),
        ("hostile/ifc/pub_bsi_fail-ifc101-IFC4X3.ifc", "schema IFC4X3 cannot be read"),
        ("hostile/ifc/pub_bsi_pass-brp003-large_coords.ifc", "says nothing of where it lies"),
        ("data/ifc/KIT-Simple-Road-Test_IFC4x3_RC2.ifc", "IFC4X3_RC2"),
        ("data/ifc/broken/fail_duplicate_id.ifc", "#19"),
        ("data/ifc/broken/fail_no_header.ifc", "HEADER"),
    ],
)
def test_refused_in_words(shared: Path, name: str, says: str) -> None:
    with pytest.raises(TwinError) as caught:
        read(reader, shared / name)
    assert says in str(caught.value)
    assert Path(name).name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gen_ok_x2.ifc", "project '시설'"),
        ("gen_raw_cp949.ifc", "read as cp949, for instance '시설'"),
        ("pub_step_fail_utf8_with_bom.ifc", "UTF-8 mark"),
        ("pub_step_pass_page_encoding.ifc", "no building"),
        ("pub_bsi_fail-pjs101-file_containing_multiple_projects.ifc", "2 projects"),
    ],
)
def test_read_with_a_remark(shared: Path, name: str, says: str) -> None:
    content = read(reader, shared / "hostile/ifc" / name)
    assert content.lines == 0
    assert any(says in f.message for f in content.findings)
    assert any("project '시설'" in f.message for f in content.findings) == ("gen_" in name)


def test_names_come_through_verbatim_and_dangling_things_are_kept_apart(shared: Path) -> None:
    content = read(reader, shared / "hostile/ifc/gen_name_script.ifc")
    assert content.column("building", "name") == ["<script>alert(1)</script>"]
    broken = read(reader, shared / "hostile/ifc/gen_dangling.ifc")
    assert "#99" in broken.bad[0].reason
    assert broken.lines == len(broken.bad) == 1


def test_every_encoding_gives_the_same_name(shared: Path, tmp_path: Path) -> None:
    text = (shared / "hostile/ifc/gen_ok_x2.ifc").read_text()
    for coding in ("utf-8", "cp949"):
        path = tmp_path / f"{coding}.ifc"
        path.write_bytes(text.replace("\\X2\\C2DCC124\\X0\\", "가온 시설 'a'".replace("'", "''")).encode(coding))
        step = _ifc_step.check(path)
        assert step.text.isascii()
        assert b"\\X2\\AC00C628\\X0\\ \\X2\\C2DCC124\\X0\\ ''a''" in step.text
    path.write_bytes(text.replace("\\X2\\C2DCC124\\X0\\", "XX").encode().replace(b"XX", b"\xff\xfe\xff"))
    with pytest.raises(InputError, match=":8: a string holds bytes"):
        _ifc_step.check(path)
    latin = text.replace("\\X2\\C2DCC124\\X0\\", "W\\X\\E4nde und T\\S\\|ren")
    path.write_text(latin)
    assert b"W\\X\\E4nde" in _ifc_step.check(path).text


def test_a_crash_of_the_library_falls_back(shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run, "LIBRARIES", ("manifold", "hybrid-cgal-simple-opencascade"))
    content = read(reader, shared / "data/ifc/Duplex_A_20110907.ifc")
    assert any(f.code == "geometry-library" and "SIGSEGV" in f.message for f in content.findings)
    assert content.count("space") == 21
    monkeypatch.setattr(run, "LIBRARIES", ("manifold",))
    with pytest.raises(InputError, match="SIGSEGV"):
        read(reader, shared / "data/ifc/Duplex_A_20110907.ifc")


def test_time_and_memory_are_limited(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shared / "data/ifc/Duplex_A_20110907.ifc"
    monkeypatch.setattr(room.Settings, "from_environment", classmethod(lambda cls: Settings(reader_seconds=0.3)))
    with pytest.raises(RefusedError, match=r"did not finish|used up"):
        read(reader, path)
    monkeypatch.setattr(
        room.Settings, "from_environment", classmethod(lambda cls: Settings(reader_bytes=150 * 1024**2))
    )
    with pytest.raises(InputError, match="cannot read it"):
        read(reader, path)
