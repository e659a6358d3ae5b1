"""From a twin to the city of the response: floors, districts, sites, underpasses; and what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from tests.runs.town import CRS, batch, town
from twin import store
from twin.runs.response.facts import facts_of

ROADS = batch(
    "road",
    ["R-1", "R-2", "R-3", "R-4"],
    [
        shapely.LineString([(0, 60), (295, 60)]),
        shapely.LineString([(150, 0), (150, 195)]),
        shapely.LineString([(150, 60), (200, 60), (200, 90)]),
        shapely.LineString([(0, 60), (0, 90)]),
    ],
    **{"class": ["primary", "residential", "residential", "footway"]},
    lanes=[4, None, None, None],
    tunnel=[None, True, None, None],
    layer=[None, -1, None, None],
    bridge=[None, None, None, None],
)
UNDER = batch(
    "underpass",
    ["U-2", "U-1"],
    [shapely.box(145, 90, 155, 120), shapely.box(145, 120, 155, 150)],
    name=["아래길 지하차도", "아래길 지하차도"],
    depth=[2.0, 4.0],
)
SHELTERS = batch(
    "shelter", ["S-1", "S-2"], [shapely.Point(200, 104), shapely.Point(10, 100)],
    name=["경로당", "학교"], capacity=[40, None],
)  # fmt: skip
FACILITY = batch("facility", ["H-1"], [shapely.box(196, 80, 204, 90)], name=["의원"], **{"class": ["hospital"]})
PUMPS = batch("pump", ["P-1"], [shapely.Point(150, 100)], rate=[2.0])
AREAS = batch(
    "boundary", ["west", "east"], [shapely.box(0, 0, 150, 200), shapely.box(150, 0, 208, 200)], name=["서동", None]
)


def test_homes_have_floors_districts_and_roads(tmp_path: Path) -> None:
    with town(tmp_path, ROADS, UNDER, SHELTERS, FACILITY, PUMPS, AREAS) as city:
        facts, findings = facts_of(city)
    homes = {home.id: home for home in facts.homes}
    assert list(homes) == ["high-1", "high-2", "low-1", "low-2", "low-3"]
    assert [homes["high-1"].below, homes["high-1"].ground, homes["high-1"].upper] == [0, 2, 4]
    assert [homes["high-2"].below, homes["high-2"].ground, homes["high-2"].upper] == [1.5, 1.5, 3]
    assert homes["low-1"].below == pytest.approx(24 / 5)
    assert homes["low-2"].people == 0
    assert (homes["low-1"].first_floor, homes["low-2"].first_floor, homes["low-1"].use) == (0.2, 0.0, "apartment")
    assert {id_: home.district for id_, home in homes.items()} == {
        "high-1": "west", "high-2": "west", "low-1": "east", "low-2": "", "low-3": "east",
    }  # fmt: skip
    assert dict(facts.districts) == {"east": "east", "west": "서동"}
    assert all(home.node >= 0 for home in facts.homes)
    assert {finding.code for finding in findings} == {"homes_outside", "shelter_capacity"}


def test_sites_are_of_all_layers_and_an_underpass_is_one_with_all_its_edges(tmp_path: Path) -> None:
    with town(tmp_path, ROADS, UNDER, SHELTERS, FACILITY, PUMPS, AREAS) as city:
        facts, _ = facts_of(city)
    assert [(site.id, site.kind) for site in facts.sites] == [
        ("H-1", "hospital"), ("P-1", "pump"), ("S-1", "shelter"), ("S-2", "shelter"), ("U-1", "underpass"),
    ]  # fmt: skip
    assert [site.capacity for site in facts.of("shelter")] == [40, 0]
    (under,) = facts.of("underpass")
    assert (under.params["parts"], under.params["depth"], under.name) == ("U-1 U-2", 4.0, "아래길 지하차도")
    roads = facts.roads
    assert {roads.roads[roads.road[edge]] for edge in under.edges} == {"R-2"}
    assert facts.of("pump")[0].params["rate"] == 2.0
    assert roads.foot.sum() == 1


def test_a_city_without_anything_says_so(tmp_path: Path) -> None:
    with store.create(tmp_path / "bare.twin", crs=CRS) as city:
        facts, findings = facts_of(city)
    assert (facts.homes, facts.sites, len(facts.roads.start)) == ((), (), 0)
    assert {f.code for f in findings} == {"no_roads", "no_districts", "no_buildings", "no_shelters", "no_hospitals"}


def test_a_city_without_roads_has_homes_off_the_network(tmp_path: Path) -> None:
    from tests.runs.response.hamlet import evacuate, proposal
    from twin.runs.response.town import Town, TownSettings

    with town(tmp_path, SHELTERS) as city:
        facts, findings = facts_of(city)
    assert {home.node for home in facts.homes} == {-1}
    assert {site.node for site in facts.sites} == {-1}
    assert "no_roads" in {f.code for f in findings}
    one = Town.of(facts, (), TownSettings(), 1)
    one.take(proposal(evacuate("low-1", "S-1")), 0.0)
    assert one.advance(600, _dry(facts)) == []
    assert one.sheltered() == {}
    assert [note.code for note in one.remarks()] == ["evacuation_nowhere"]


def _dry(facts):
    import numpy as np

    from twin.model.response.view import Course, Outlook

    def none(n: int) -> Course:
        empty = np.zeros((1, 1, n), np.float32)
        return Course(tuple(map(str, range(n))), np.zeros(1), empty, empty, empty.astype(bool))

    return Outlook("dry", 0, 600, none(len(facts.homes)), none(len(facts.sites)), none(len(facts.roads.start)))
