from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from tests.runs.town import batch, town
from twin.errors import MissingError
from twin.model.action import Action
from twin.runs.inputs.place import placed

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
