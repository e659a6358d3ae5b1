"""OpenStreetMap: real extracts with the counts of their manifest, and small ones made here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import shapely

from ingest.readers.osm import reader
from tests.readers._books import Content, read
from twin.errors import InputError


def ways(content: Content, kind: str, tag: str) -> int:
    """Return how many ways of a kind the file held: stored, or quarantined with that tag."""
    stored = sum(i.startswith("way/") for b in content.features if b.kind == kind for i in b.ids)
    return stored + sum(q.id.startswith("way/") and tag in json.loads(q.raw) for q in content.bad)


def given(tmp_path: Path, body: str) -> Content:
    path = tmp_path / "made.osm"
    corners = "".join(
        f'<node id="{i}" lat="{36.8 + y}" lon="{127.1 + x}"/>'
        for i, (x, y) in enumerate(((0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01)), 1)
    )
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{corners}{body}</osm>', encoding="utf-8")
    return read(reader, path)


def way(number: int, nodes: str, **tags: str) -> str:
    refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
    return f'<way id="{number}">{refs}{"".join(_tag(k, v) for k, v in tags.items())}</way>'


def _tag(key: str, value: str) -> str:
    return f'<tag k="{key.replace("__", ":")}" v="{value}"/>'


def test_helsinki_pbf(shared: Path) -> None:
    content = read(reader, shared / "data/osm/Helsinki.osm.pbf")
    assert ways(content, "building", "building") == 433
    assert ways(content, "road", "highway") == 2650
    assert (
        sum(v is not None for v in content.column("building", "storeys")) > 100
    )  # the others of the manifest are on building:part
    assert content.features[0].crs == "EPSG:4326"
    assert any("nodes are not in the file" in q.reason for q in content.bad)
    assert not [q for q in content.bad if q.id.startswith("node/")]


def test_bad_hersfeld_xml(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad_hersfeld.osm"
    path.write_bytes(gzip.decompress((shared / "data/places/badhersfeld/osm_bbox.osm.xml.gz").read_bytes()))
    content = read(reader, path)
    assert ways(content, "building", "building") == 11_273
    assert ways(content, "road", "highway") == 3_533
    assert content.count("railway") == 64
    assert content.count("water") == 149
    assert sum(isinstance(v, float) for v in content.column("building", "height")) == 8  # the ninth is no building
    polygons = [g for b in content.features if b.kind == "building" for g in b.geometry]
    assert {g.geom_type for g in polygons} <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(
    ("name", "buildings", "roads", "heights"), [("neukolln.osm", 126, 211, 55), ("taipei.osm", 61, 49, 30)]
)
def test_small_extracts(shared: Path, name: str, buildings: int, roads: int, heights: int) -> None:
    content = read(reader, shared / "data/osm" / name)
    assert ways(content, "building", "building") == buildings
    assert ways(content, "road", "highway") == roads
    assert 0 < sum(v is not None for v in content.column("building", "height")) <= heights
    assert "not-of-interest" in content.codes


def test_building_in_the_words_of_the_twin(tmp_path: Path) -> None:
    tags = {
        "building": "apartments",
        "height": "40 m",
        "building__levels": "14",
        "building__levels__underground": "1",
        "name": "가온아파트",
        "start_date": "1999-05",
        "addr__city": "가온시",
    }
    content = given(
        tmp_path, way(1, "12341", **tags) + way(2, "12341", building="yes", height="hoch", amenity="fire_station")
    )
    one = content.row("way/1")
    assert {k: one[k] for k in ("kind", "height", "storeys", "basements", "name", "year", "use", "class")} == {
        "kind": "building", "height": 40.0, "storeys": 14, "basements": 1, "name": "가온아파트", "year": 1999, "use": "apartment",
        "class": "apartments",
    }  # fmt: skip
    assert json.loads(str(one["tags"])) == {"addr:city": "가온시", "start_date": "1999-05"}
    assert one["geometry"].area == pytest.approx(1e-4)
    assert content.row("way/2")["use"] == "fire_station"
    assert [(q.part, q.id) for q in content.quarantined] == [(True, "way/2")]


def test_roads_keep_bridges_and_tunnels_as_attributes(tmp_path: Path) -> None:
    body = way(
        1,
        "12",
        highway="primary",
        lanes="4",
        width="14",
        bridge="yes",
        oneway="yes",
        layer="1",
        name="가온로",
        name__en="Gaon-ro",
    )
    body += way(2, "23", highway="residential", tunnel="yes", layer="-1") + way(
        3, "12341", highway="pedestrian", area="yes"
    )
    content = given(tmp_path, body + way(4, "12341", highway="residential") + way(5, "12", highway="proposed"))
    bridge, tunnel = content.row("way/1"), content.row("way/2")
    assert (bridge["bridge"], bridge["oneway"], bridge["lanes"], bridge["width"], bridge["layer"]) == (
        True,
        True,
        4,
        14.0,
        1,
    )
    assert (bridge["name"], bridge["name:en"], bridge["class"]) == ("가온로", "Gaon-ro", "primary")
    assert (tunnel["kind"], tunnel["tunnel"], tunnel["layer"], tunnel["oneway"]) == ("road", True, -1, False)
    assert content.row("way/3")["geometry"].geom_type == "Polygon"
    assert content.row("way/4")["geometry"].geom_type == "LineString"
    assert content.lines == 4


@pytest.mark.parametrize(
    ("tags", "kind", "shape"),
    [
        ({"waterway": "river", "width": "60"}, "water", "LineString"),
        ({"natural": "water", "water": "pond"}, "water", "Polygon"),
        ({"landuse": "forest"}, "vegetation", "Polygon"),
        ({"landuse": "farmland"}, "landuse", "Polygon"),
        ({"leisure": "park"}, "landuse", "Polygon"),
        ({"man_made": "dyke"}, "levee", "LineString"),
        ({"amenity": "hospital"}, "facility", "Polygon"),
        ({"amenity": "parking", "capacity": "120"}, "parking", "Polygon"),
        ({"railway": "rail"}, "railway", "LineString"),
        ({"emergency": "assembly_point"}, "shelter", "Polygon"),
        ({"boundary": "administrative", "admin_level": "8"}, "boundary", "Polygon"),
    ],
)
def test_kinds_of_closed_ways(tmp_path: Path, tags: dict[str, str], kind: str, shape: str) -> None:
    row = given(tmp_path, way(1, "12341", **tags)).row("way/1")
    assert (row["kind"], row["geometry"].geom_type) == (kind, shape)


def test_nodes_of_interest(tmp_path: Path) -> None:
    body = "".join(
        f'<node id="{9 + i}" lat="36.8" lon="127.1">{_tag(k, v)}</node>'
        for i, (k, v) in enumerate(
            (("emergency", "fire_hydrant"), ("railway", "station"), ("natural", "tree"), ("highway", "crossing"))
        )
    )
    content = given(tmp_path, body)
    assert {b.kind: b.ids for b in content.features} == {
        "hydrant": ["node/9"],
        "facility": ["node/10"],
        "vegetation": ["node/11"],
    }
    assert content.lines == 3


def test_multipolygons_are_put_together(tmp_path: Path) -> None:
    inner = "".join(
        f'<node id="{i}" lat="{36.8 + y}" lon="{127.1 + x}"/>'
        for i, (x, y) in ((5, (0.002, 0.002)), (6, (0.004, 0.002)), (7, (0.004, 0.004)))
    )
    members = '<member type="way" ref="1" role="outer"/><member type="way" ref="2" role="outer"/><member type="way" ref="3" role="inner"/>'
    body = inner + way(1, "123") + way(2, "341") + way(3, "5675")
    body += f'<relation id="4">{members}{_tag("type", "multipolygon")}{_tag("building", "school")}</relation>'
    body += f'<relation id="5"><member type="way" ref="77" role="outer"/>{_tag("type", "multipolygon")}{_tag("natural", "water")}</relation>'
    content = given(tmp_path, body)
    shape = content.row("relation/4")["geometry"]
    assert shapely.area(shape) == pytest.approx(1e-4 - 2e-6)
    assert (content.bad[0].id, content.lines) == ("relation/5", 2)


def test_faults_are_quarantined_with_their_tags(tmp_path: Path) -> None:
    content = given(
        tmp_path, way(1, "1299", highway="service") + way(2, "123", building="yes") + way(3, "11", highway="path")
    )
    assert [(q.id, q.reason.split(" ")[0]) for q in content.bad] == [("way/1", "2"), ("way/2", "a"), ("way/3", "a")]
    assert json.loads(content.bad[0].raw) == {"highway": "service"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("<osm version='0.6'><node id='1' lat='1' lon='2'>", "breaks off"),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><osm version='0.6'>&b;</osm>", "damaged"),
        ("<gml/>", "neither OpenStreetMap XML nor PBF"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.osm"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read(reader, path)
    cut = tmp_path / "cut.pbf"
    cut.write_bytes(b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\x1a" + b"\x00" * 40)
    with pytest.raises(InputError, match="breaks off"):
        read(reader, cut)
