"""What the baselines do: react, and follow the procedure."""

from __future__ import annotations

from dataclasses import replace

from tests.agents import small
from twin.agents import nearest, sop


def rain(mm_per_h: float, hours: float):
    times = [600.0 * n for n in range(int(hours * 6) + 1)]
    past = tuple(small.reading("RG", "rain_rate", mm_per_h / 3.6e6, time) for time in times)
    return small.view(time=times[-1], readings=past[-1:], history={("RG", "rain_rate"): past})


def kinds(made):
    return sorted({s.action.kind for p in made for s in p.steps})


def test_nearest_sends_a_unit_to_what_is_reported_and_nowhere_else() -> None:
    reports = (
        small.report("water", "HA", 10.0, 110.0),
        small.report("fire", "HF", 410.0, 210.0),
        small.report("breach", "L", 300.0, 0.0),
    )
    view = small.flood(reports=reports, readings=(small.reading("U", "depth", 0.2),))
    made = list(nearest.agent.propose(view))
    assert kinds(made) == ["barrier", "close_road", "engine", "evacuate"]
    [leave] = [s for p in made for s in p.steps if s.action.kind == "evacuate"]
    assert (leave.action.target, leave.action.params["shelter"], leave.work.unit) == ("HA", "W", "crew")
    full = replace(view, sheltered={"W": 6.0})
    [leave] = [s for p in nearest.agent.propose(full) for s in p.steps if s.action.kind == "evacuate"]
    assert leave.action.params["shelter"] == "W"  # it does not look whether there is room
    assert list(nearest.agent.propose(small.flood())) == []  # no forecast moves it


def test_the_procedure_follows_the_rain_of_the_last_hours() -> None:
    assert kinds(sop.agent.propose(rain(49.0, 3.0))) == ["pump"]  # 147 mm in 3 h, and no hour of 50 mm
    assert kinds(sop.agent.propose(rain(55.0, 1.0))) == ["pump"]  # 55 mm in an hour, and no 90 mm in three
    assert kinds(sop.agent.propose(rain(55.0, 3.0))) == ["evacuate", "pump"]
    assert kinds(sop.agent.propose(rain(75.0, 1.0))) == ["evacuate", "pump"]
    assert kinds(sop.agent.propose(rain(19.0, 3.0))) == []


def test_the_procedure_tells_half_basements_as_long_as_there_is_room() -> None:
    made = list(sop.agent.propose(rain(75.0, 1.0)))
    told = {s.action.target: s.action.params["shelter"] for p in made for s in p.steps if s.action.kind == "evacuate"}
    assert told == {"HA": "W", "HB": "E", "HE": "E"}
    listed = sop.Sop(replace(sop.Settings(), districts=("d2",)))
    told = [s.action.target for p in listed.propose(rain(75.0, 1.0)) for s in p.steps if s.action.kind == "evacuate"]
    assert told == ["HE"]


def test_the_first_alarm_is_always_the_same() -> None:
    fires = (small.report("fire", "HD", 310.0, 110.0), small.report("fire", "HF", 410.0, 210.0))
    made = list(sop.agent.propose(small.view(reports=fires)))
    assert [(p.steps[0].action.target, len(p.steps)) for p in made] == [("HD", 3), ("HF", 3)]
