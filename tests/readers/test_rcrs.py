"""RoboCup Rescue: the small map of the league, and maps and scenarios made here, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from ingest.load import choose
from ingest.readers.rcrs import reader
from tests.readers._books import Content, read
from twin.errors import InputError, RefusedError

NODES = {1: (0, 0), 2: (10, 0), 3: (20, 0), 4: (0, 10), 5: (10, 10), 6: (20, 10)}
EDGES = {11: (1, 2), 12: (2, 3), 13: (4, 5), 14: (5, 6), 15: (1, 4), 16: (2, 5), 17: (3, 6)}
#: a road in the west, a building in the east of it, behind edge 16
ROAD = ("+11", "+16 8", "-13", "-15")
HOUSE = ("+12", "+17", "-14", "-16 7")


def area(tag: str, id_: object, sides: tuple[str, ...], said: str = "") -> str:
    lines = []
    for side in sides:
        edge, _, neighbour = side[1:].partition(" ")
        more = f' rcr:neighbour="{neighbour}"' if neighbour else ""
        lines.append(f'<gml:directedEdge orientation="{side[0]}" xlink:href="#{edge}"{more}/>')
    name = f' gml:id="{id_}"' if id_ != "" else ""
    return f"<rcr:{tag}{name}><gml:Face {said}>{''.join(lines)}</gml:Face></rcr:{tag}>"


def text(*areas: str, nodes: str = "", edges: str = "", head: str = "") -> str:
    points = "".join(
        f'<gml:Node gml:id="{i}"><gml:pointProperty><gml:Point><gml:coordinates>{x},{y}</gml:coordinates></gml:Point>'
        "</gml:pointProperty></gml:Node>"
        for i, (x, y) in NODES.items()
    )
    lines = "".join(
        f'<gml:Edge gml:id="{i}"><gml:directedNode orientation="-" xlink:href="#{a}"/>'
        f'<gml:directedNode orientation="+" xlink:href="#{b}"/></gml:Edge>'
        for i, (a, b) in EDGES.items()
    )
    return (
        f'<?xml version="1.0"?>{head}<rcr:map xmlns:rcr="urn:roborescue:map:gml" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="http://www.opengis.net/gml">'
        f"<rcr:nodelist>{points}{nodes}</rcr:nodelist><rcr:edgelist>{lines}{edges}</rcr:edgelist>"
        f"<rcr:buildinglist>{''.join(areas)}</rcr:buildinglist></rcr:map>"
    )


def given(folder: Path, *areas: str, **more: str) -> Content:
    path = folder / "map.gml"
    path.write_text(text(*areas, **more), encoding="utf-8")
    return read(reader, path, crs="EPSG:5186")


def cast(folder: Path, *entries: str) -> Content:
    given(folder, area("road", 7, ROAD), area("building", 8, HOUSE))
    path = folder / "scenario.xml"
    body = "".join(f"<s:{entry}/>" for entry in entries)
    path.write_text(f'<s:scenario xmlns:s="urn:roborescue:map:scenario">{body}</s:scenario>')
    return read(reader, path, crs="EPSG:5186")


def test_map_of_the_league(shared: Path) -> None:
    path = shared / "data" / "meshes" / "robocup_test" / "map.gml"
    assert choose(path) is reader
    content = read(reader, path)
    assert (content.count("building"), content.count("road"), content.lines) == (37, 58, 95)
    assert not content.quarantined
    assert content.features[0].crs is None
    assert {"kinds", "buildings-blank"} == content.codes
    assert set(content.column("building", "floors")) == {1}
    assert content.column("building", "storeys") == [None] * 37, "what nobody filled in is not known"
    assert shapely.area(content.row("254")["geometry"]) == 440.0


def test_scenario_of_the_league(shared: Path) -> None:
    path = shared / "data" / "meshes" / "robocup_test" / "scenario.xml"
    assert choose(path) is reader
    content = read(reader, path)
    assert content.lines == 6, "2 refuges, 3 units, and 5 civilians of one place"
    civilians = content.row("civilian-3")
    assert (civilians["kind"], civilians["residents"], civilians["at"]) == ("population", 5, "254")
    assert shapely.area(civilians["geometry"]) == 440.0
    assert sorted(zip(content.column("shelter", "at"), content.column("shelter", "capacity"), strict=True)) == [
        ("255", 3),
        ("298", 2),
    ]
    assert sorted(content.column("feature", "class")) == ["ambulance_team", "fire_brigade", "police_force"]
    assert {"kinds", "no-fire"} == content.codes


def test_a_road_becomes_the_ways_across_it(tmp_path: Path) -> None:
    content = given(tmp_path, area("road", 7, ROAD), area("building", 8, HOUSE))
    road = content.row("7")
    assert shapely.equals(road["geometry"], shapely.LineString([(5, 5), (10, 5)]))
    assert road["area"] == 100.0
    assert shapely.equals(content.row("8")["geometry"], shapely.box(10, 0, 20, 10))
    assert not content.quarantined


def test_ways_between_two_doors_and_among_three(tmp_path: Path) -> None:
    two = area("road", 7, ("+11", "+16 8", "-13", "-15 9"))
    three = area("road", 8, ("+12 9", "+17 9", "-14", "-16 7"))
    content = given(tmp_path, two, three)
    assert shapely.equals(content.row("7")["geometry"], shapely.LineString([(0, 5), (5, 5), (10, 5)]))
    star = content.row("8")["geometry"]
    assert star.geom_type == "MultiLineString"
    assert {line.coords[-1] for line in star.geoms} == {(15.0, 0.0), (20.0, 5.0), (10.0, 5.0)}
    assert {line.coords[0] for line in star.geoms} == {(15.0, 5.0)}
    assert [f.where for f in content.findings if f.code == "neighbour"] == ["7", "8"]


def test_a_road_that_leads_nowhere_stays_a_surface(tmp_path: Path) -> None:
    content = given(tmp_path, area("road", 7, ("+11", "+16", "-13", "-15")))
    assert content.row("7")["geometry"].geom_type == "Polygon"
    assert "road-alone" in content.codes


def test_a_door_that_leads_one_way_is_told(tmp_path: Path) -> None:
    content = given(tmp_path, area("road", 7, ROAD), area("building", 8, ("+12", "+17", "-14", "-16")))
    assert [f.where for f in content.findings if f.code == "one-sided"] == ["7"]


def test_storeys_where_somebody_filled_them_in(tmp_path: Path) -> None:
    content = given(
        tmp_path,
        area("building", 7, ("+11", "+16", "-13", "-15"), 'rcr:floors="1" rcr:buildingcode="0"'),
        area("building", 8, ("+12", "+17", "-14", "-16"), 'rcr:floors="3" rcr:buildingcode="2"'),
    )
    assert content.column("building", "storeys") == [1, 3]
    assert content.column("building", "structure") == ["timber", "concrete"]
    assert "buildings-blank" not in content.codes


def test_directions_that_are_wrong_are_put_right(tmp_path: Path) -> None:
    content = given(tmp_path, area("building", 8, ("-12", "+17", "+14", "-16")))
    assert shapely.equals(content.row("8")["geometry"], shapely.box(10, 0, 20, 10))


@pytest.mark.parametrize(
    ("sides", "reason"),
    [
        (("+11", "+16", "-13"), "does not close"),
        (("+11", "-13", "+16", "-15"), "does not close"),
        (("+11", "+99", "-13", "-15"), "edge 99 is not in the file"),
        (("+11", "+21", "-13", "-15"), "node 77 of edge 21"),
        (("+11", "+22", "-13", "-15"), "edge 22 has 1 nodes"),
        (("+11", "+23", "-13", "-15"), "node 78 stands at 'x,y'"),
        (("+11", "+24", "-13", "-15"), "node 79 stands twice"),
        (("+11", "+25", "-13", "-15"), "edge 25 stands twice"),
        (("+11", "-11"), "has 2 sides"),
        ((), "has 0 sides"),
    ],
)
def test_an_area_without_a_sound_outline_is_set_aside(tmp_path: Path, sides: tuple[str, ...], reason: str) -> None:
    def node(id_: int, place: str) -> str:
        return f'<gml:Node gml:id="{id_}"><gml:coordinates>{place}</gml:coordinates></gml:Node>'

    def edge(id_: int, *ends: int) -> str:
        said = "".join(f'<gml:directedNode xlink:href="#{end}"/>' for end in ends)
        return f'<gml:Edge gml:id="{id_}">{said}</gml:Edge>'

    content = given(
        tmp_path,
        area("building", 7, sides),
        area("building", 8, HOUSE),
        nodes=node(78, "x,y") + node(79, "1,1") + node(79, "2,2"),
        edges=edge(21, 2, 77) + edge(22, 2) + edge(23, 2, 78) + edge(24, 2, 79) + edge(25, 2, 5) + edge(25, 2, 6),
    )
    assert [(q.id, q.line) for q in content.bad] == [("7", 1)]
    assert reason in content.bad[0].reason
    assert "directedEdge" in content.bad[0].raw or not sides
    assert content.count("building") == 1


@pytest.mark.parametrize("place", ["nan,1", "1,inf", "1", "", "1,2,3,4"])
def test_a_node_without_a_place_is_none(tmp_path: Path, place: str) -> None:
    more = f'<gml:Node gml:id="30"><gml:coordinates>{place}</gml:coordinates></gml:Node>'
    edge = '<gml:Edge gml:id="31"><gml:directedNode xlink:href="#1"/><gml:directedNode xlink:href="#30"/></gml:Edge>'
    content = given(tmp_path, area("road", 7, ("+31", "+16", "-13", "-15")), nodes=more, edges=edge)
    assert "which is no place" in content.bad[0].reason


def test_ids_that_are_taken_or_missing(tmp_path: Path) -> None:
    content = given(tmp_path, area("road", 7, ROAD), area("building", 7, HOUSE), area("building", "", HOUSE))
    assert ["repeats the id" in q.reason or "without an id" in q.reason for q in content.bad] == [True, True]
    assert (content.count("road"), content.count("building")) == (1, 0)


def test_a_number_that_is_none_costs_the_number_and_not_the_building(tmp_path: Path) -> None:
    content = given(tmp_path, area("building", 8, HOUSE, 'rcr:floors="many" rcr:importance="2"'))
    assert [(q.part, q.reason) for q in content.quarantined] == [(True, "floors = 'many' is no whole number")]
    assert content.row("8")["importance"] == 2


def test_entities_and_other_documents_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="document type"):
        given(tmp_path, head='<!DOCTYPE map [<!ENTITY a SYSTEM "file:///etc/passwd">]>')
    path = tmp_path / "other.gml"
    path.write_text("<map><!-- urn:roborescue:map:gml --></map>")
    with pytest.raises(InputError, match="its root is <map>"):
        read(reader, path)
    path.write_text("<scenario><!-- urn:roborescue:map:scenario --></scenario>")
    with pytest.raises(InputError, match="its root is <scenario>"):
        read(reader, path)


def test_a_map_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "map.gml"
    path.write_text(text(area("road", 7, ROAD))[:-60])
    with pytest.raises(InputError, match=r"map\.gml"):
        read(reader, path)


def test_everybody_in_a_scenario_is_kept_or_set_aside(tmp_path: Path) -> None:
    content = cast(
        tmp_path,
        'civilian s:location="8"',
        'civilian s:location="99"',
        'civilian location="8"',
        'fire s:location="8"',
        'firebrigade s:location="7"',
        'refuge s:location="8" s:bedCapacity="few"',
        'dragon s:location="8"',
        "policeforce",
        'civilian s:location="99"',
    )
    assert content.lines == 7
    assert content.row("civilian-1")["residents"] == 2
    assert content.row("fire-4")["class"] == "fire"
    assert content.row("firebrigade-5")["geometry"].within(shapely.box(0, 0, 10, 10))
    assert content.row("refuge-6").get("capacity") is None
    reasons = {q.id: q.reason for q in content.bad}
    assert "(2 civilians)" in reasons["civilian-2"]
    assert "'dragon' is not known" in reasons["dragon-7"]
    assert reasons["policeforce-8"] == "it has no location"
    assert [q.reason for q in content.quarantined if q.part] == ["bedCapacity = 'few' is no whole number"]
    assert "no-fire" not in content.codes


def test_a_scenario_without_its_map_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "scenario.xml"
    path.write_text('<s:scenario xmlns:s="urn:roborescue:map:scenario"><s:civilian s:location="1"/></s:scenario>')
    with pytest.raises(InputError, match=r"no map\.gml lies beside it"):
        read(reader, path)
