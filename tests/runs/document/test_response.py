"""The table [response] of a scenario: read into SI, and what is wrong is said in one sentence that names the field."""

from __future__ import annotations

import pytest

from tests.runs.response.village import FLOOD, RESPONSE
from twin.errors import InputError
from twin.model.response.drill import Drill, Force
from twin.runs.document import parse_scenario

CROWD = """
[response.crowd]
id = "square"
name = "광장"
area = [[0, 0], [50, 0], [50, 30], [0, 30]]
hole = [[[10, 10], [12, 10], [12, 12]]]
people = 300
alarm_per_m2 = 4
[[response.crowd.gate]]
id = "in"
name = "입구"
line = [[0, 5], [0, 10]]
exit = false
people_per_min = 120
[[response.crowd.gate]]
id = "out"
name = "출구"
line = [[50, 5], [50, 10]]
capacity_per_min = 90
edge_of = "U-1"
"""
GATE = CROWD[CROWD.index("[[response.crowd.gate]]") :]


def drill(text: str) -> Drill:
    found = parse_scenario(FLOOD + text, "a.toml").response
    assert found is not None
    return found


def test_without_the_table_there_is_no_response() -> None:
    assert parse_scenario(FLOOD, "a.toml").response is None
    assert drill("[response]\n") == Drill()


def test_minutes_percents_and_units_become_si() -> None:
    found = drill(RESPONSE)
    assert (found.cycle, found.horizon, found.members, found.forecast_cell) == (600.0, 900.0, 2, 20.0)
    assert (found.delay, found.report_after, found.lost, found.compliance) == (60.0, 60.0, 0.05, 0.7)
    assert found.forces[0] == Force("crew", 2, "S-1")
    assert found.forces[-1] == Force("engine", 2, "S-1", seats=4)
    (own,) = drill("[[response.force]]\nkind = 'bus'\nx = 5\ny = 0\nspeed_percent = 80\nseats = 30\n").forces
    assert own == Force("bus", 1, "", 5.0, 0.0, 0.8, 30)
    more = drill("[response]\ngauge_lost_percent = 100\ncompliance_percent = 0\nnight = true\ncars_per_h = 400\n")
    assert (more.lost, more.compliance, more.night, more.cars) == (1.0, 0.0, True, 400.0)


def test_a_crowd_has_gates_by_the_second() -> None:
    site = drill(CROWD).crowd
    assert site is not None
    assert (site.id, site.people, site.alarm, len(site.area), len(site.holes)) == ("square", 300, 4.0, 4, 1)
    enter, leave = site.gates
    assert (enter.exit, enter.rate, enter.capacity, enter.edge_of) == (False, 2.0, float("inf"), "")
    assert (leave.exit, leave.rate, leave.capacity, leave.edge_of) == (True, 0.0, 1.5, "U-1")
    assert leave.line == ((50.0, 5.0), (50.0, 10.0))


FORCE = "[[response.force]]\nkind = 'crew'\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[response]\ncycle = 5\n", ("response.cycle", "not a known key", "cycle_min")),
        ("[response]\ncycle_min = 0\n", ("response.cycle_min",)),
        ("[response]\ncycle_min = '5'\n", ("response.cycle_min",)),
        ("[response]\ncycle_min = 30\n", ("response.cycle_min 30", "longer than the run of 20 min")),
        ("[response]\nhorizon_min = 2\n", ("response.horizon_min",)),
        ("[response]\nmembers = 1\n", ("response.members",)),
        ("[response]\nmembers = 2.5\n", ("response.members",)),
        ("[response]\ngauge_lost_percent = 101\n", ("response.gauge_lost_percent",)),
        ("[response]\nnowcast_cv = nan\n", ("response.nowcast_cv",)),
        ("[response]\nnight = 1\n", ("response.night",)),
        (FORCE, ("response.force[0]", "either `at` an id, or at x and y")),
        (FORCE + "x = 5\n", ("response.force[0]",)),
        (FORCE + "at = 'S-1'\ny = 5\n", ("response.force[0]",)),
        (FORCE + "at = 'S-1'\nx = 5\ny = 5\n", ("response.force[0]",)),
        (FORCE + "at = 'S-1'\n" + FORCE + "x = 5\n", ("response.force[1]",)),
        (FORCE + "at = 'S-1'\nnumber = 0\n", ("response.force[0].number",)),
        (FORCE + "at = 'S-1'\nspeed = 1\n", ("response.force[0].speed", "not a known key")),
        ("[[response.force]]\nkind = 'tank'\nat = 'S-1'\n", ("response.force[0].kind", "pump_crew")),
        ("[[response.force]]\nat = 'S-1'\n", ("response.force[0].kind",)),
        (CROWD.split("[[response.crowd.gate]]", maxsplit=1)[0], ("response.crowd.gate",)),
        (CROWD.split('[[response.crowd.gate]]\nid = "out"', maxsplit=1)[0], ("response.crowd", "no gate is an exit")),
        (CROWD.replace('id = "out"', 'id = "in"'), ("response.crowd", "given twice (in, in)")),
        (CROWD.replace("line = [[0, 5], [0, 10]]", "line = [[0, 5]]"), ("response.crowd.gate[0].line",)),
        (CROWD.replace("capacity_per_min = 90", "capacity_per_min = 0"), ("response.crowd.gate[1].capacity_per_min",)),
        (CROWD.replace("alarm_per_m2 = 4", "alarm_per_m2 = 11"), ("response.crowd.alarm_per_m2",)),
        (CROWD.replace("[0, 0], [50, 0], [50, 30], [0, 30]", "[0, 0], [50, 0]"), ("response.crowd.area",)),
        (CROWD + "wide = true\n", ("response.crowd.gate[1].wide", "not a known key")),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_field(text: str, says: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(FLOOD + text, "a.toml")
    said = str(caught.value)
    for part in ("a.toml", *says):
        assert part in said
    assert "\n" not in said
    assert "Traceback" not in said
    assert len(said) < 400
