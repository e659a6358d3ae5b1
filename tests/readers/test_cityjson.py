"""CityJSON: real quarters with their counts, parts, levels, sequences, and a fault that costs one object."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from ingest.readers.cityjson import reader
from ingest.reading import ReadOptions
from tests.readers._books import Content, read
from twin.errors import InputError, RefusedError

HEAD = {
    "type": "CityJSON",
    "version": "2.0",
    "transform": {"scale": [0.001] * 3, "translate": [200_000, 450_000, 0]},
    "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/5186"},
}


def box(n: int = 0) -> list[Any]:
    return [
        [
            [[n + 3, n + 2, n + 1, n]],
            [[n + 4, n + 5, n + 6, n + 7]],
            *[[[n + k, n + (k + 1) % 4, n + 4 + (k + 1) % 4, n + 4 + k]] for k in range(4)],
        ]
    ]


def corners(x: float = 0, w: float = 10, low: float = 20, high: float = 29) -> list[list[int]]:
    return [
        [int(1000 * v) for v in (px, py, z)]
        for z in (low, high)
        for px, py in ((x, 0), (x + w, 0), (x + w, 10), (x, 10))
    ]


def solid(boundaries: Any = None, lod: object = "1", **more: Any) -> dict[str, Any]:
    return {"type": "Solid", "lod": lod, "boundaries": boundaries or box(), **more}


def model(path: Path, objects: dict[str, Any], vertices: list[Any] | None = None, **head: Any) -> Path:
    document = {**HEAD, "CityObjects": objects, "vertices": vertices or corners(), **head}
    path.write_text(json.dumps({k: v for k, v in document.items() if v is not None}, ensure_ascii=False))
    return path


def building(*geometry: Any, **attributes: Any) -> dict[str, Any]:
    return {"type": "Building", "attributes": attributes, "geometry": list(geometry) or [solid()]}


@pytest.fixture(scope="module")
def den_haag(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = tmp_path_factory.mktemp("dh")
    with zipfile.ZipFile(shared / "data" / "citymodel" / "cityjson" / "denhaag_01.city.json.zip") as archive:
        archive.extract("DenHaag_01.city.json", folder)
    return read(reader, folder / "DenHaag_01.city.json")


def test_den_haag_merges_parts_and_gives_its_terrain(den_haag: Content) -> None:
    assert den_haag.count("building") == 844
    assert den_haag.counted[0].lines == 845
    assert den_haag.counted[0].unit == "city objects with 1653 parts in them"
    (batch,) = den_haag.features
    assert (batch.crs, batch.vertical) == ("EPSG:7415", "EPSG:5709")
    assert not shapely.is_missing(batch.geometry).any()
    assert batch.surfaces is not None
    assert sum(len(s.geoms) for s in batch.surfaces) == sum(map(len, batch.surface_kinds or ()))
    parts = [json.loads(str(p)) for p in batch.attributes["parts"] if p]
    assert sum(map(len, parts)) == 1653
    assert {"id", "roofType", "AbsoluteRidgeHeight"} <= set(parts[0][0])
    (tin,) = den_haag.tins
    assert (tin.crs, tin.vertical, tin.quantity) == ("EPSG:7415", "EPSG:5709", "elevation")
    assert tin.vertices[:, 2].min() > 2.4
    assert np.ptp(tin.vertices[:, 0]) == pytest.approx(787, abs=2)


def test_den_haag_levels_agree_with_its_own_attributes(den_haag: Content) -> None:
    """The file says absolute and relative ridge heights of each part: their difference is the ground."""
    (batch,) = den_haag.features
    off = []
    for height, ground, eaves, ridge, relative in zip(
        *(
            batch.attributes[n]
            for n in ("height", "ground", "AbsoluteEavesHeight", "AbsoluteRidgeHeight", "RelativeRidgeHeight")
        ),
        strict=True,
    ):
        if ridge is not None and eaves is not None:
            off.append((abs(height - relative), abs(ground - (ridge - relative))))
    assert len(off) == 337
    assert np.percentile(off, 95) < 0.1


def test_delft_keeps_all_kinds(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "cityjson" / "delft.city.json")
    kinds = {"building": 160, "bridge": 3, "landuse": 81, "vegetation": 126, "water": 3, "road": 143, "feature": 54}
    assert {k: content.count(k) for k in kinds} == kinds
    assert content.lines == 570
    heights = content.column("building", "height")
    assert (min(heights), max(heights)) == (0.75, 8.57)
    assert "height-is-level" in content.codes
    water = next(b for b in content.features if b.kind == "water")
    assert shapely.area(water.geometry).sum() == pytest.approx(16066, abs=1)
    houses = next(b for b in content.features if b.kind == "building")
    assert shapely.area(houses.geometry).sum() == pytest.approx(8654, rel=0.001)


def test_3dfier_of_version_1_without_transform(shared: Path) -> None:
    content = read(reader, shared / "data" / "places" / "delft" / "testarea_3dfier.city.json")
    assert content.count("building") == 160
    heights = content.column("building", "height")
    assert (round(min(heights), 2), round(max(heights), 2)) == (2.39, 13.63)
    grounds = content.column("building", "ground")
    assert -0.5 < min(grounds) < max(grounds) < 1, "not the -15 m that other objects reach"
    houses = next(b for b in content.features if b.kind == "building")
    assert houses.crs == "EPSG:7415"
    assert shapely.area(houses.geometry).sum() == pytest.approx(8654, rel=0.001)


def test_rotterdam_has_heights_from_geometry(shared: Path) -> None:
    content = read(reader, shared / "data" / "citymodel" / "cityjson" / "rotterdam_3-20-DELFSHAVEN.city.json")
    assert content.count("building") == 853
    heights = [h for h in content.column("building", "height") if h is not None]
    assert len(heights) >= 835
    assert 0 < min(heights)
    assert max(heights) < 43
    first = content.row("{10A31B7E-8FC2-45EE-836A-1DB9FEF06E04}")
    assert first["ground"] == 1.37, "bases lie at 0 m, the terrain does not"
    assert {"height-geometry", "columns", "footprints"} <= content.codes
    assert {b.crs for b in content.features} == {"EPSG:28992"}
    assert {b.vertical for b in content.features} == {None}


@pytest.mark.parametrize(
    ("name", "n", "parts"),
    [("3dbag_b2", 2, 2), ("denhaag_random_5", 5, 12), ("lod2_buildings_as_CityJSON_features", 100, 0)],
)
def test_sequences(shared: Path, name: str, n: int, parts: int) -> None:
    folder = shared / "data" / "citymodel" / "cityjson"
    path = next(folder.glob(f"{name}.*"))
    content = read(reader, path)
    assert content.count("building") == content.lines == n
    assert (f"{parts} parts" in content.counted[0].unit) == bool(parts)
    assert all(h is not None and 1 < h < 25 for h in content.column("building", "height"))


@pytest.mark.parametrize(
    ("name", "word"),
    [("invalid_json_cityjson.json", ":3:"), ("with-errors.json", ":1934:"), ("unclosedbracket.city.jsonl", "jsonl:2:")],
)
def test_unreadable_files_name_the_line(shared: Path, name: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        read(reader, shared / "data" / "citymodel" / "cityjson" / "invalid" / name)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("deep_boundaries", "nested too deep"),
        ("scale_nan", "NaN"),
        ("no_vertices", "vertices"),
        ("version_9", "'9.9'"),
        ("crs_unknown", "EPSG/0/999999"),
    ],
)
def test_hostile_files_are_refused(shared: Path, name: str, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        read(reader, shared / "hostile" / "cityjson" / f"gen_{name}.city.json")
    assert f"gen_{name}.city.json" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("index_oob", "index 99 is not among the 4"),
        ("index_negative", "index -1 is not among the 4"),
        ("index_float", "float"),
        ("index_huge", "1180591620717411303424"),
        ("index_string", "str"),
        ("ring_two", "a ring of 2"),
        ("wrong_depth", "list"),
        ("parent_cycle", "its own ancestor"),
        ("self_parent", "its own ancestor"),
        ("template_cycle", "template: 5"),
        ("id_nul", "cannot be stored"),
        ("id_surrogate", "cannot be stored"),
    ],
)
def test_hostile_objects_are_quarantined(shared: Path, name: str, word: str) -> None:
    content = read(reader, shared / "hostile" / "cityjson" / f"gen_{name}.city.json")
    assert content.features == []
    (bad,) = content.bad
    assert word in bad.reason
    assert bad.raw.startswith("{")
    assert (bad.reason + bad.id + bad.raw).encode()


@pytest.mark.parametrize(
    "name", ["ok", "texture_path", "id_sql", "id_path", "crs_missing", "bowtie", "height_huge", "height_string"]
)
def test_hostile_objects_that_are_kept(shared: Path, name: str) -> None:
    content = read(reader, shared / "hostile" / "cityjson" / f"gen_{name}.city.json")
    (batch,) = content.features
    assert batch.attributes["name"] == ["시청"]
    assert batch.geometry[0].area == (0 if name == "bowtie" else 100)
    assert batch.crs == (None if name == "crs_missing" else "EPSG:5186")
    assert batch.ids[0] == {"id_sql": "b1'); DROP TABLE objects;--", "id_path": "../../etc/x"}.get(name, "b1")
    parts = [q for q in content.quarantined if q.part]
    assert len(parts) == ("height" in name)
    if parts:
        assert batch.attributes["height"] == [None]


def test_hostile_sequence_loses_one_line(shared: Path) -> None:
    content = read(reader, shared / "hostile" / "cityjson" / "gen_seq_mixed.city.jsonl")
    assert [i for b in content.features for i in b.ids] == ["b1", "b2"]
    assert [q.line for q in content.bad] == [3]


@pytest.mark.parametrize("number", range(20))
def test_public_files_are_read_or_refused_in_words(shared: Path, number: int) -> None:
    path = sorted((shared / "hostile" / "cityjson").glob("pub_*"))[number]
    try:
        read(reader, path)
    except InputError as error:
        assert path.name in str(error)


def test_a_good_object_stays_beside_a_bad_one(tmp_path: Path) -> None:
    bad = building(solid([[[[0, 1, 99]]]]))
    content = read(reader, model(tmp_path / "a.json", {"good": building(), "bad": bad, "also": building()}))
    assert list(content.features[0].ids) == ["good", "also"]
    assert content.features[0].lines.tolist() == [1, 3]
    assert [(q.line, q.id) for q in content.bad] == [(2, "bad")]


def test_a_thin_face_costs_only_itself(tmp_path: Path) -> None:
    faces = [*box()[0], [[0, 1]]]
    content = read(
        reader,
        model(
            tmp_path / "a.json",
            {
                "b": building(
                    solid(
                        [faces],
                        semantics={
                            "surfaces": [{"type": "GroundSurface"}],
                            "values": [[0, None, None, None, None, None, 0]],
                        },
                    )
                )
            },
        ),
    )
    assert content.features[0].surface_kinds == ["GRWWWW"]
    assert [(q.part, "1 faces" in q.reason) for q in content.quarantined] == [(True, True)]


def test_repeated_ids_and_keys(tmp_path: Path) -> None:
    path = model(
        tmp_path / "a.json", {"a": building(name="first"), "X": building(name="second"), "c": building(name="third")}
    )
    text = path.read_text().replace('"X": {', '"a": {').replace('"name": "third"', '"name": "x", "name": "third"')
    path.write_text(text)
    content = read(reader, path)
    assert content.features[0].attributes["name"] == ["first"]
    assert [(q.line, q.reason) for q in content.bad] == [
        (2, "repeats the id of object 1"),
        (3, "holds the key 'name' twice"),
    ]
    assert "second" in content.bad[0].raw
    path.write_text(text.replace('"version"', '"type": "CityJSON", "version"'))
    with pytest.raises(InputError, match="'type' comes twice"):
        read(reader, path)


def test_highest_level_of_detail_and_solids_before_sheets(tmp_path: Path) -> None:
    tall = {"type": "MultiSurface", "lod": "2.2", "boundaries": [[[4, 5, 6, 7]]]}
    content = read(reader, model(tmp_path / "a.json", {"b": building(solid(lod=1), tall)}))
    assert content.features[0].surface_kinds == ["O"]
    content = read(reader, model(tmp_path / "a.json", {"b": building(solid(lod="2.2"), tall)}))
    assert content.features[0].surface_kinds == ["GRWWWW"]


def test_semantics_give_letters_and_wrong_ones_are_said(tmp_path: Path) -> None:
    kinds = [
        {"type": t}
        for t in ("GroundSurface", "RoofSurface", "WallSurface", "ClosureSurface", "OuterFloorSurface", "Door")
    ]
    geometry = solid(lod="2", semantics={"surfaces": kinds, "values": [[0, 1, 2, 3, 4, 5]]})
    content = read(reader, model(tmp_path / "a.json", {"b": building(geometry)}))
    assert content.features[0].surface_kinds == ["GRWCFW"]
    for values in ([[0, 1]], [[0, 1, 2, 3, 4, 99]], [[0, 1, 2, 3, 4, -1]], "x"):
        geometry = solid(lod="2", semantics={"surfaces": kinds, "values": values})
        content = read(reader, model(tmp_path / "a.json", {"b": building(geometry)}))
        assert content.features[0].surface_kinds == ["GRWWWW"]
        assert ("warning", "semantics") in {(f.severity, f.code) for f in content.findings}


def test_parts_children_and_orphans(tmp_path: Path) -> None:
    objects = {
        "part1": {
            "type": "BuildingPart",
            "parents": ["b"],
            "attributes": {"measuredHeight": 9.0},
            "geometry": [solid()],
        },
        "b": {"type": "Building", "children": ["part1", "part2", "chimney"], "attributes": {"name": "집"}},
        "part2": {"type": "BuildingPart", "parents": ["b"], "geometry": [solid(box(8))]},
        "chimney": {"type": "BuildingInstallation", "parents": ["b"], "geometry": [solid()]},
        "lost": {"type": "BuildingPart", "parents": ["nowhere"], "geometry": [solid()]},
    }
    content = read(reader, model(tmp_path / "a.json", objects, corners() + corners(10)))
    assert content.counted[0] == type(content.counted[0])(3, "city objects with 3 parts in them")
    row = content.row("b")
    assert row["geometry"].area == 200
    assert row["height"] == 9.0
    assert [p["id"] for p in json.loads(str(row["parts"]))] == ["part1", "part2"]
    assert content.row("chimney")["kind"] == "feature"
    assert content.row("chimney")["parent"] == "b"
    assert content.row("lost")["kind"] == "building"
    assert "orphan" in content.codes


def test_levels(tmp_path: Path) -> None:
    def levels(
        folder: str, objects: dict[str, Any], vertices: list[Any]
    ) -> tuple[list[object], list[object], set[str]]:
        content = read(reader, model(tmp_path / f"{folder}.json", objects, vertices))
        return content.column("building", "height"), content.column("building", "ground"), content.codes

    height, ground, codes = levels("plain", {"b": building()}, corners())
    assert (height, ground) == ([9.0], [20.0])
    assert {"height-geometry", "ground-foot"} <= codes
    height, ground, codes = levels("said", {"b": building(measuredHeight=8.5, TerrainHeight=21)}, corners())
    assert (height, ground) == ([8.5], [21])
    height, ground, codes = levels("sunk", {"b": building(measuredHeight=8.5)}, corners(low=-15))
    assert (height, ground) == ([8.5], [20.5])
    assert "ground-sunk" in codes
    height, ground, codes = levels("unknown", {"b": building(measuredHeight=-9999)}, corners())
    assert (height, ground) == ([9.0], [20.0])
    assert "unknown-value" in codes
    many = {f"b{i}": building(solid(box(8 * i))) for i in range(12)}
    vertices = [c for i in range(12) for c in corners(20 * i, low=0, high=5 + i)]
    height, ground, codes = levels("plane", many, vertices)
    assert height == [5 + i for i in range(12)]
    assert set(ground) == {None}
    assert "ground-plane" in codes


def test_templates_are_placed(tmp_path: Path) -> None:
    templates = {
        "templates": [{"type": "MultiSurface", "lod": "2", "boundaries": [[[0, 1, 2]]]}],
        "vertices-templates": [[0, 0, 0], [2, 0, 0], [0, 2, 0]],
    }
    grow = [3, 0, 0, 1, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]
    tree = {
        "type": "SolitaryVegetationObject",
        "geometry": [{"type": "GeometryInstance", "template": 0, "boundaries": [5], "transformationMatrix": grow}],
    }
    path = model(tmp_path / "a.json", {"t": tree}, **{"geometry-templates": templates})
    shape = read(reader, path).row("t")["geometry"]
    assert shape.equals(shapely.Polygon([(200_011, 450_000), (200_017, 450_000), (200_011, 450_006)]))
    tree["geometry"][0]["transformationMatrix"] = [1]
    (bad,) = read(reader, model(tmp_path / "a.json", {"t": tree}, **{"geometry-templates": templates})).bad
    assert "transformationMatrix" in bad.reason


def test_points_lines_groups_and_nothing(tmp_path: Path) -> None:
    objects = {
        "p": {"type": "CityFurniture", "geometry": [{"type": "MultiPoint", "lod": "1", "boundaries": [0]}]},
        "l": {"type": "Road", "geometry": [{"type": "MultiLineString", "lod": "0", "boundaries": [[0, 1, 2]]}]},
        "g": {"type": "CityObjectGroup", "children": ["p"]},
        "n": {"type": "Building"},
    }
    content = read(reader, model(tmp_path / "a.json", objects))
    assert content.row("p")["geometry"].geom_type == "Point"
    assert content.row("l")["geometry"].length == 20
    assert content.row("g")["geometry"] is None
    assert content.row("n")["kind"] == "building"
    assert content.row("n")["height"] is None
    assert "no-geometry" in content.codes


def test_terrain_with_squares_is_cut_into_fans(tmp_path: Path) -> None:
    tin = {
        "type": "TINRelief",
        "geometry": [{"type": "CompositeSurface", "lod": "1", "boundaries": [[[0, 1, 2, 3]], [[4, 5, 6]]]}],
    }
    content = read(reader, model(tmp_path / "a.json", {"t": tin}))
    assert content.tins[0].faces.shape == (3, 3)
    assert len(content.tins[0].vertices) == 7
    assert "fan" in content.codes


@pytest.mark.parametrize(
    ("head", "word"),
    [
        ({"transform": None}, "must have a transform"),
        ({"transform": {"scale": [0, 1, 1], "translate": [0, 0, 0]}}, "scale not 0"),
        ({"transform": {"scale": [1, 1], "translate": [0, 0, 0]}}, "scale"),
        ({"transform": {"scale": 1}}, "scale and translate"),
        ({"version": None}, "'None'"),
        ({"type": "FeatureCollection"}, "not CityJSON"),
        ({"vertices": [[1, 2]]}, "vertices must be"),
        ({"vertices": [["x", 2, 3]]}, "vertices must be"),
    ],
)
def test_heads_that_cannot_be_used(tmp_path: Path, head: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        read(reader, model(tmp_path / "a.json", {"b": building()}, **head))


def test_systems_of_file_and_person(tmp_path: Path) -> None:
    content = read(
        reader,
        model(tmp_path / "a.json", {"b": building()}, metadata=None),
        crs="EPSG:5186",
        vertical="EPSG:5193",
        layer="new",
    )
    assert [(b.crs, b.vertical, b.layer) for b in content.features] == [("EPSG:5186", "EPSG:5193", "new")]
    content = read(reader, model(tmp_path / "a.json", {"b": building()}), crs="EPSG:5181")
    assert [b.crs for b in content.features] == ["EPSG:5186"]
    assert ("warning", "crs") in {(f.severity, f.code) for f in content.findings}


def test_numbers_beyond_floats_in_attributes(tmp_path: Path) -> None:
    path = model(tmp_path / "a.json", {"b": building(x=1)})
    path.write_text(path.read_text().replace('"x": 1', '"x": 1e400, "measuredHeight": 1e400'))
    content = read(reader, path)
    assert content.row("b")["x"] is None
    assert sorted(q.reason.split()[0] for q in content.quarantined) == ["measuredHeight", "x"]
    assert all(q.part for q in content.quarantined)


def test_corners_that_are_no_place(tmp_path: Path) -> None:
    vertices = [[1e400 if i == 2 else float(v) for v in c] for i, c in enumerate(corners())]
    path = tmp_path / "a.json"
    document = {**HEAD, "CityObjects": {"b": building()}, "vertices": vertices}
    path.write_text(json.dumps(document).replace("Infinity", "1e400"))
    (bad,) = read(reader, path).bad
    assert "vertex 2 is no place" in bad.reason


def test_sequence_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = {"type": "CityJSONFeature", "id": "b", "CityObjects": {"b": building()}, "vertices": corners()}
    lines = [
        {**HEAD, "CityObjects": {}, "vertices": []},
        good,
        {**good, "type": "Feature"},
        good,
        {**good, "CityObjects": {"c": building()}, "vertices": [[1]]},
        {**good, "CityObjects": {"d": building(solid([[[[0, 1, 8]]]]))}},
    ]
    path.write_text("\n".join(map(json.dumps, lines)) + '\n{"type": "CityJSONFeature", "type": "x"}\n\n[1]\n')
    content = read(reader, path)
    assert [(q.line, q.id) for q in content.bad] == [(3, ""), (4, ""), (5, ""), (7, ""), (9, ""), (6, "d")]
    assert "repeats the id 'b' of line 2" in content.bad[1].reason
    assert content.count("building") == 1


def test_too_large_to_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.cityjson.MAX_BYTES", 500)
    with pytest.raises(RefusedError, match="CityJSONSeq"):
        read(reader, model(tmp_path / "a.json", {"b": building()}))


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_other_codings_of_json(tmp_path: Path, coding: str) -> None:
    path = model(tmp_path / "a.json", {"b": building(name="시청")})
    path.write_bytes(path.read_text().encode(coding))
    assert read(reader, path).row("b")["name"] == "시청"


@pytest.mark.parametrize(
    ("name", "data"), [("a.json", b"\xff\xfe\xfd"), ("a.json", b"{} x"), ("a.json", b"[]"), ("a.jsonl", b"\n")]
)
def test_what_is_no_city(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert not reader.sniff(data, path)
    with pytest.raises(InputError, match=r"a\.json"):
        list(reader.read(path, ReadOptions()))
