"""Gaon as the response knows it: everybody has a home, a district and a road; closing an underpass closes all of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ingest.load import load
from twin import store
from twin.model.finding import Finding
from twin.model.response.city import Facts
from twin.model.response.view import Course, Outlook
from twin.runs.response.facts import facts_of
from twin.runs.response.town import Town, TownSettings

FILES = (
    "gaon_buildings_3d.city.json",
    "gaon_building.shp",
    "gaon_roads_water.osm",
    "gaon_utilities.gpkg",
    "gaon_shelters.csv",
    "gaon_land.gpkg",
    "gaon_population.parquet",
)


@pytest.fixture(scope="module")
def found(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Facts, list[Finding]]:
    with store.create(tmp_path_factory.mktemp("response") / "gaon.twin", crs="EPSG:5186") as city:
        for name in FILES:
            load(city, next(file for file in files if file.name == name))
        return facts_of(city)


def test_everybody_has_a_home_a_district_and_a_road(found: tuple[Facts, list[Finding]]) -> None:
    facts, findings = found
    assert len(facts.homes) > 6000
    assert 100_000 < sum(home.people for home in facts.homes) < 250_000
    assert sum(home.below > 0 for home in facts.homes) > 300
    assert all(home.node >= 0 for home in facts.homes)
    assert len(facts.districts) == 10
    assert {home.district for home in facts.homes} - {""} <= set(facts.districts)
    assert [home.id for home in facts.homes] == sorted(home.id for home in facts.homes)
    assert not {finding.code for finding in findings} & {"no_roads", "no_residents", "no_shelters", "no_hospitals"}


def test_sites_are_where_roads_lead_and_underpasses_have_their_edges(found: tuple[Facts, list[Finding]]) -> None:
    facts = found[0]
    kinds = Counter(site.kind for site in facts.sites)
    assert kinds.keys() >= {"shelter", "hospital", "fire_station", "station", "pump", "levee", "hydrant", "underpass"}
    assert all(site.capacity > 0 and site.node >= 0 for site in facts.of("shelter"))
    assert kinds["underpass"] == 2
    for site in facts.of("underpass"):
        edges = np.array(site.edges)
        assert 80 < facts.roads.length[edges].sum() < 250
        assert not (facts.roads.over | facts.roads.foot)[edges].any()
        middle = (facts.roads.y[facts.roads.start[edges]] + facts.roads.y[facts.roads.end[edges]]) / 2
        assert np.abs(middle - site.y).max() < 150


def test_a_dry_hour_hurts_nobody(found: tuple[Facts, list[Finding]]) -> None:
    facts = found[0]

    def dry(n: int) -> Course:
        none = np.zeros((1, 1, n), np.float32)
        return Course(tuple(map(str, range(n))), np.zeros(1), none, none, none.astype(bool))

    town = Town.of(facts, (), TownSettings(), 1)
    nothing = Outlook("dry", 0.0, 3600.0, dry(len(facts.homes)), dry(len(facts.sites)), dry(len(facts.roads.start)))
    assert town.advance(3600, nothing) == []
    assert all(value == 0 for row in town.outcome().values.values() for value in row.values())
