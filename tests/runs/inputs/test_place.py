from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from tests.runs.town import batch, document, town
from twin.errors import MissingError
from twin.model.action import Action
from twin.model.scenario import Ignition
from twin.runs.document import read_scenario
from twin.runs.inputs.place import placed, with_targets

PUMP = batch("pump", ["P-1"], [shapely.Point(200, 100)], rate=[0.01])
WALLS = batch(
    "levee",
    ["L-1", "L-2"],
    [shapely.LineString([(0, 0), (50, 10)]), shapely.MultiLineString([[(0, 50), (9, 50)]])],
    level=[21.5, None],
)


@pytest.fixture
def city(tmp_path: Path):
    with town(tmp_path, PUMP, WALLS) as city:
        yield city


def test_a_pump_gets_its_place_and_its_rate(city) -> None:
    assert placed(city, Action("pump", 60.0, "P-1")).params == {"x": 200_200.0, "y": 450_100.0, "rate": 0.01}
    assert placed(city, Action("pump", 60.0, "P-1", {"rate": 0})).params["rate"] == 0


def test_a_barrier_gets_the_line_and_the_crest_of_a_levee(city) -> None:
    line = [[200_000.0, 450_000.0], [200_050.0, 450_010.0]]
    assert placed(city, Action("barrier", 0.0, "L-1")).params == {"line": line, "level": 21.5}
    assert placed(city, Action("barrier", 0.0, "L-1", {"level": 23})).params == {"line": line, "level": 23}
    assert set(placed(city, Action("barrier", 0.0, "L-2")).params) == {"line"}


def test_a_breach_gets_the_line_of_a_levee_and_nothing_else(city) -> None:
    line = [[200_000.0, 450_000.0], [200_050.0, 450_010.0]]
    given = {"x": 200_025.0, "y": 450_005.0, "width": 8.0}
    assert placed(city, Action("breach", 0.0, "L-1", given)).params == {"line": line} | given
    free = Action("breach", 0.0, "the dike", given | {"direction": 90.0})
    assert placed(city, free) is free


def test_an_id_that_is_nowhere_is_named(city) -> None:
    with pytest.raises(MissingError, match=r"pump: no feature.*'P-9'"):
        placed(city, Action("pump", 0.0, "P-9"))


def test_a_measure_without_a_target_goes_as_it_is(city) -> None:
    for action in (
        Action("pump", 5.0, "", {"rate": 1}),
        Action("pump", 5.0, "the big one", {"x": 1.0, "y": 2.0, "rate": 1}),
        Action("barrier", 5.0, "sandbags", {"line": [[0, 0], [1, 1]], "level": 3}),
        Action("dance", 5.0, "P-1"),
    ):
        assert placed(city, action) is action


def test_lines_and_areas_give_their_vertices(city) -> None:
    ring = placed(city, Action("barrier", 0.0, "high-1", {"level": 30})).params
    assert len(ring["line"]) == 5
    assert [200_020.0, 450_020.0] in ring["line"]
    assert ring["level"] == 30
    inside = placed(city, Action("pump", 0.0, "high-1")).params
    assert 200_020 < inside["x"] < 200_032
    assert 450_020 < inside["y"] < 450_030


HYDRANT = batch("hydrant", ["H-1"], [shapely.Point(20, 30)])


def test_what_a_fire_is_told_of_buildings_and_hydrants(tmp_path: Path) -> None:
    with town(tmp_path, HYDRANT) as city:
        engine = placed(city, Action("engine", 60.0, "high-1", {"streams": 2}))
        assert engine.params["streams"] == 2
        assert [200_020.0, 450_020.0] in engine.params["points"]
        assert set(engine.params) == {"points", "streams"}
        assert placed(city, Action("hydrant", 0.0, "H-1")).params == {"points": [[200_020.0, 450_030.0]]}
        stated = Action("evacuate", 0.0, "any", {"x": 1.0, "y": 2.0})
        assert placed(city, stated) == stated
        with pytest.raises(MissingError, match=r"wet: .* 'high-9' .*of kind 'building' there are 5, such as high-"):
            placed(city, Action("wet", 0.0, "high-9"))


def test_ignitions_get_a_point_inside_their_target(tmp_path: Path) -> None:
    with town(tmp_path) as city:
        fire = replace(
            read_scenario(document(tmp_path)),
            hazard="fire",
            ignitions=(
                Ignition("a", target="low-2"),
                Ignition("b", points=((1.0, 2.0),)),
                Ignition("c", points=((1.0, 1.0),), target="?"),
            ),
            measures=(Action("evacuate", 0.0, "R-7"),),
        )
        alone = replace(fire, measures=())
        lit = with_targets(city, alone).ignitions
        ((x, y),) = lit[0].points
        assert (lit[0].target, 200_205 < x < 200_215, 450_105 < y < 450_115) == ("low-2", True, True)
        assert lit[1:] == fire.ignitions[1:]
        nowhere = replace(alone, ignitions=(Ignition("부엌", target="R-1"),))
        with pytest.raises(
            MissingError, match=r"ignition\[0\] '부엌': ignition: no feature of the twin has the id 'R-1'"
        ):
            with_targets(city, nowhere)
        with pytest.raises(MissingError, match=r"measure\[0\] at 0 min: evacuate: no feature"):
            with_targets(city, fire)
        # rooms are no features of the map: an indoor fire finds them itself
        for hazard in ("indoor_fire", "fire+indoor_fire"):
            inside = replace(fire, hazard=hazard, ignitions=nowhere.ignitions)
            assert with_targets(city, inside) == inside
