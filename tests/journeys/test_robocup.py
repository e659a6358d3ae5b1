"""The small map of RoboCup Rescue: loaded, joined to a network, set on fire, scored as the league does.

The scores are comparable with the league's in kind and not in value: the physics differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import ingest
from ingest.reading import ReadOptions
from twin import runs, store
from twin.geometry.network import parts
from twin.runs.document import parse_scenario
from twin.runs.response.facts import facts_of
from twin.runs.response.rescue import ASSUMED, Result, called_out, cast_of, document_of, result_of
from twin.store import City

#: the map lies nowhere on Earth; near the origin of this system is open sea
PLANE = "EPSG:5186"
POLICY = Path(__file__).parents[2] / "assets" / "policies" / "exercise.toml"
START = datetime(2026, 4, 11, 2, tzinfo=UTC)


def flat(path: Path) -> Path:
    """Write a GeoTIFF of level ground, which the map does not have and a fire needs: made, not measured."""
    import rasterio

    with rasterio.open(
        path, "w", driver="GTiff", width=100, height=90, count=1, dtype="float32", crs=PLANE,
        transform=rasterio.Affine(2.0, 0.0, -50.0, 0.0, -2.0, 140.0),
    ) as data:  # fmt: skip
        data.write(np.zeros((90, 100), np.float32), 1)
    return path


@pytest.fixture(scope="module")
def city(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("robocup")
    place = shared / "data" / "meshes" / "robocup_test"
    with store.create(folder / "robocup.twin", crs=PLANE) as made:
        said = ReadOptions(crs=PLANE)
        plan, people = ingest.load.load(made, [place / "map.gml", place / "scenario.xml"], said)
        assert (plan.reader, plan.lines_in, plan.stored, plan.quarantined) == ("rcrs", 95, 95, 0)
        assert (people.reader, people.lines_in, people.stored, people.quarantined) == ("rcrs", 6, 6, 0)
        ingest.load.load(made, flat(folder / "flat.tif"), said)
        yield made


def run(city: City, burning: str, *, brigades: bool, **more: dict[str, float | str]) -> Result:
    """Return the scores of a fire in one building, with the fire brigades of the map or without, and print them."""
    cast = cast_of(city)
    sent = called_out(cast, burning) if brigades else ()
    text = document_of(cast, START, ignite=[burning], wind=(5.0, 225.0), measures=sent, **more)
    done = runs.simulate(city, parse_scenario(text, "robocup.toml"), threads=1)
    assert done.status == "done"
    assert abs(done.budget.error_relative) <= 1e-6
    result = result_of(city, done.id)
    print(f"fire in {burning}, {'with' if brigades else 'without'} fire brigades: {result.text()}")
    return result


def test_map_and_people(city: City) -> None:
    assert {info.kind: info.count for info in city.features.layers()} == {
        "building": 37, "road": 58, "population": 1, "feature": 3, "shelter": 2,
    }  # fmt: skip
    cast = cast_of(city)
    assert cast.people == 5
    assert {kind: len(units) for kind, units in cast.units.items()} == {"engine": 1, "crew": 1, "police": 1}


def test_roads_join_to_one_network(city: City) -> None:
    facts, _ = facts_of(city)
    assert len(set(facts.roads.roads)) == 58
    assert (parts(facts.roads) == 0).all()
    assert facts.roads.length.sum() == pytest.approx(1120.8, abs=0.1)
    assert [(home.id, home.people) for home in facts.homes if home.people] == [("254", 5.0)]
    assert [(site.kind, site.capacity) for site in facts.sites] == [("shelter", 2.0), ("shelter", 3.0)]
    assert all(place.node >= 0 for place in (*facts.homes, *facts.sites))


def test_fire_where_the_people_are(city: City) -> None:
    without = run(city, "254", brigades=False)
    with_them = run(city, "254", brigades=True)
    assert (without.rsl21, without.legacy, without.alive) == (0.0, 0.0, 0), "nobody comes out by himself"
    assert with_them.rsl21 > without.rsl21
    assert with_them.legacy > without.legacy
    assert with_them.alive == 5
    assert with_them.states == {"minor": 1, "unburnt": 36}
    assert ASSUMED in with_them.text()
    assert {"score_kind", "storeys_assumed"} <= {finding.code for finding in with_them.findings}


def test_a_tank_that_is_too_small_helps_nobody_and_harms_nobody(city: City) -> None:
    """With the tank that the fire takes for a city's engine, water ends before the fire: the score says so."""
    without = run(city, "254", brigades=False, params={})
    with_them = run(city, "254", brigades=True, params={})
    assert with_them.rsl21 >= without.rsl21
    assert with_them.legacy >= without.legacy


def test_what_the_map_does_not_say_is_told(city: City) -> None:
    text = document_of(cast_of(city), START, ignite=["254"], steps=5)
    done = runs.simulate(city, parse_scenario(text, "robocup.toml"), threads=1)
    told = {f["where"]: f["message"] for f in runs.findings_of(city, done.id) if f["code"] == "building_assumed"}
    assert {"height", "structure", "use"} <= set(told)
    assert all("37 of 37" in message for message in told.values())


def test_people_who_are_fetched_live(city: City) -> None:
    text = document_of(cast_of(city), START, ignite=["254"], wind=(5.0, 225.0), steps=15)
    done = runs.simulate(city, parse_scenario(text, "robocup.toml"), threads=1)
    left = result_of(city, done.id)
    fetched = result_of(city, done.id, {"254": 60.0})
    assert left.rsl21 == 0.0
    assert fetched.hp == (9000.0,) * 5, "60 of 600 s in the fire"
    assert fetched.rsl21 == pytest.approx(5 * np.exp(-0.5))


def test_agents_answer_the_fire_and_the_score_is_shown(city: City, tmp_path: Path) -> None:
    """The league's map under this project's own agents; in the league nobody approves, so players do at once."""
    policy = tmp_path / "at_once.toml"
    policy.write_text(re.sub(r"after_min = \d+", "after_min = 0", POLICY.read_text()))
    text = document_of(cast_of(city), START, ignite=["254"], wind=(5.0, 225.0), steps=30)
    scenario = parse_scenario(text, "robocup.toml")
    nobody = runs.respond(city, scenario, agents="none", threads=1)
    done = runs.respond(city, scenario, agents="all", policy=policy, threads=1)
    told = runs.response_of(city, done.id)
    assert done.status == "done"
    assert {action["kind"] for action in told["done"]} >= {"engine"}
    left = {home: float(row["time"]) for row in told["track"] for home in row["left"]}
    alone, answered = result_of(city, nobody.id), result_of(city, done.id, left)
    print(f"nobody: {alone.text()}")
    print(f"agents: {answered.text()}")
    assert alone.rsl21 == 0.0
    assert answered.rsl21 > alone.rsl21
    assert answered.legacy >= alone.legacy
    assert runs.proposals(city, done.id)
    assert city.journal.verify().intact
