"""The contract of `twin/agents`: each room passes by being there."""

from __future__ import annotations

import copy
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agents import small
from twin.agents import Agent, limited, make
from twin.agents._acts import LEVELS
from twin.errors import UsageError
from twin.model.response.canonical import digest
from twin.model.response.proposal import Alert, Award, Proposal
from twin.model.response.view import Reading, View
from twin.rooms import discover
from twin.shield.levels import KINDS, level_of
from twin.shield.limits import Limits
from twin.shield.screen import screen

AGENTS: dict[str, Agent] = discover("twin.agents", "agent")  # type: ignore[assignment]
HARD = 80.0 / 3.6e6


def busy() -> View:
    """A view in which everything happens at once: rain, water, two fires, a breach, a crowd, a frozen gauge."""
    times = [600.0 * n for n in range(19)]
    history = {
        ("RG", "rain_rate"): tuple(small.reading("RG", "rain_rate", HARD, t) for t in times),
        ("WL", "water_level"): tuple(small.reading("WL", "water_level", 18.0 + t / 5000, t, 300.0) for t in times),
        ("out:A@U", "crowd_density"): tuple(small.reading("out:A@U", "crowd_density", 1 + t / 2000, t) for t in times),
    }
    now = times[-1]
    readings = (
        *(past[-1] for past in history.values()),
        small.reading("in:N", "crowd_density", 2.0, now),
        small.reading("out:B", "crowd_density", 1.0, now),
        small.reading("U", "depth", 0.3, now, 200.0, 200.0),
        small.reading("P", "pump_rate", 0.0, now),
        small.reading("HD", "basement_depth", 0.3, now, 310.0, 110.0, mark="frozen"),
    )
    reports = (
        small.report("water", "HA", 10.0, 110.0, now - 300),
        small.report("water", "HB", 110.0, 110.0, now - 240),
        small.report("water", "", 310.0, 310.0, now - 200),
        small.report("fire", "HF", 410.0, 210.0, now - 200),
        small.report("fire", "HD", 310.0, 110.0, now - 180),
        small.report("breach", "L", 300.0, 0.0, now - 100),
    )
    wet = {"HA": (now + 1800, 0.5, 4), "HB": (now + 1800, 0.6, 4), "HC": (now + 2400, 0.9, 4)}
    later = {"U": (now + 900, 0.8, 4), "P": (now, 0.4, 4), "L": (now + 1800, 0.3, 2)}
    burns = {"HD": (now, 0.0, 4), "HE": (now + 1800, 0.0, 3)}
    edges = {small.edge((3, 3), (3, 4)): (now + 900, 0.5, 3), small.edge((0, 3), (0, 4)): (now + 900, 0.5, 1)}
    seen = small.outlook(homes={}, made=now)
    shifted = replace_times(seen, now)
    made = replace(
        shifted,
        homes=fill(shifted.homes, wet, burns),
        sites=fill(shifted.sites, later, {}),
        edges=fill(shifted.edges, edges, {}),
    )
    return small.view(
        time=now,
        cycle=18,
        readings=tuple(sorted(readings, key=lambda r: (r.sensor, r.quantity))),
        history=history,
        reports=reports,
        nowcast=np.column_stack([now + np.arange(0, 3601, 600.0), np.full(7, 60.0)]),
        wind=(4.0, 250.0),
        outlook=made,
        units=small.units(crew=3, police=2, pump_crew=2, engine=4, bus=1),
        sheltered={"W": 1.0},
        closed=frozenset({"C4"}),
    )


def replace_times(outlook, start):
    return replace(
        outlook,
        **{n: replace(getattr(outlook, n), times=small.TIMES + start) for n in ("homes", "sites", "edges")},
    )


def fill(course, wet, burns):
    depth, fire = course.depth.copy(), course.fire.copy()
    for id_, (start, value, members) in wet.items():
        depth[:members, course.times >= start, course.ids.index(str(id_))] = value
    for id_, (start, _, members) in burns.items():
        fire[:members, course.times >= start, course.ids.index(str(id_))] = True
    return replace(course, depth=depth, fire=fire)


def answer(agent: Agent, view: View) -> list[Proposal | Alert]:
    return list(agent.propose(limited(view, agent)))


def proposals(agent: Agent, view: View) -> list[Proposal]:
    return [one for one in answer(agent, view) if isinstance(one, Proposal)]


def everything(view: View) -> dict[str, str]:
    return {name: digest(answer(agent, view)) for name, agent in AGENTS.items()}


def targets(view: View) -> set[str]:
    facts = view.facts
    things = {"", *(h.id for h in facts.homes), *(s.id for s in facts.sites), *facts.roads.roads}
    return things | {r.id for r in view.reports} | {"N", "A", "B"}


# -- who is there


def test_the_folder_holds_the_response_and_two_baselines() -> None:
    teams = {name: agent.team for name, agent in AGENTS.items()}
    assert {name for name, team in teams.items() if team == "response"} == {
        "crowd_watch", "evacuation", "field_crews", "fire_brigade", "fire_watch", "flood_watch", "pumps_gates", "traffic",
    }  # fmt: skip
    assert {teams["nearest"], teams["sop"]} == {"nearest", "sop"}
    assert [agent.name for agent in make("all")] == sorted(n for n, t in teams.items() if t == "response")
    assert [agent.name for agent in make("traffic, evacuation,traffic")] == ["evacuation", "traffic"]
    assert [agent.name for agent in make(["sop"])] == ["sop"]
    assert make("none") == []
    with pytest.raises(UsageError, match="Did you mean 'traffic'"):
        make("trafic")


def test_levels_are_those_of_the_shield() -> None:
    assert {kind: KINDS[kind] for kind in LEVELS} == dict(LEVELS)


@pytest.mark.parametrize("name", AGENTS)
def test_says_who_it_is(name: str) -> None:
    agent = AGENTS[name]
    assert agent.name == name
    assert agent.version
    assert len(set(agent.sees)) == len(agent.sees)
    assert len(type(agent).__doc__ or "") > 20


def test_what_an_agent_does_not_see_is_out_of_its_reach() -> None:
    agent = AGENTS["fire_watch"]
    view = limited(busy(), agent)
    assert view.reports
    with pytest.raises(UsageError, match="'fire_watch' looked at 'readings'"):
        _ = view.readings


# -- the same answer


@pytest.mark.parametrize("name", AGENTS)
def test_same_view_same_answer(name: str) -> None:
    agent, view = AGENTS[name], busy()
    first = digest(answer(agent, view))
    assert answer(agent, view)
    answer(agent, small.view())
    answer(agent, small.flood())
    assert digest(answer(agent, view)) == first
    assert digest(answer(agent, copy.deepcopy(view))) == first
    assert digest(answer(copy.deepcopy(agent), view)) == first


@pytest.mark.parametrize("name", AGENTS)
def test_leaves_the_view_as_it_was(name: str) -> None:
    view, before = busy(), busy()
    answer(AGENTS[name], view)
    assert np.array_equal(view.nowcast, before.nowcast)
    for part in ("homes", "sites", "edges"):
        now, then = getattr(view.outlook, part), getattr(before.outlook, part)
        assert np.array_equal(now.depth, then.depth)
        assert np.array_equal(now.fire, then.fire)
    assert view.sheltered == before.sheltered


@pytest.mark.parametrize("name", AGENTS)
def test_what_it_does_not_see_changes_nothing(name: str) -> None:
    agent, view = AGENTS[name], busy()
    nothing = small.view(time=view.time, cycle=view.cycle)
    names = ("readings", "history", "reports", "nowcast", "wind", "outlook", "units", "sheltered", "closed", "running")
    hidden = {n: getattr(nothing, n) for n in names if n not in agent.sees}
    assert digest(answer(agent, replace(view, **hidden))) == digest(answer(agent, view))


def test_the_answer_does_not_hang_on_the_seed_of_hashes() -> None:
    code = "import json; from tests.contracts.test_agents import *; print(json.dumps(everything(busy())))"
    found = []
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        found.append(json.loads(done.stdout))
    assert found[0] == found[1] == everything(busy())


# -- what it proposes


@pytest.mark.parametrize("name", AGENTS)
def test_proposals_hold_what_they_must(name: str) -> None:
    agent, view = AGENTS[name], busy()
    known = targets(view)
    evidence = {view.outlook.id, *(r.id for r in view.reports)}
    evidence |= {r.id for r in view.readings} | {r.id for past in view.history.values() for r in past}
    marked = {r.id for r in view.readings if r.mark}
    for one in proposals(agent, view):
        assert (one.agent, one.version, one.made) == (agent.name, agent.version, view.time)
        assert view.time < one.expires <= view.time + 3600.0
        assert one.level == max([level_of(s.action) for s in one.steps], default=one.level)
        assert one.level <= (3 if one.steps else 1)
        assert one.reasons
        assert all(reason.code.split(".")[0] and "about" in reason.values for reason in one.reasons)
        assert set(one.evidence) <= evidence - marked
        assert one.evidence or not one.steps
        for step in one.steps:
            assert step.action.target in known
            assert step.action.at == view.time
            assert step.award is None
            if step.work is not None:
                assert view.time <= step.work.earliest <= step.work.deadline - step.work.service + 1e-6
                assert 0 < step.work.weight < math.inf
                assert 0 <= step.work.node < 25
    for alert in answer(agent, view):
        if isinstance(alert, Alert):
            assert view.time <= alert.onset
            assert alert.onset < math.inf
            assert set(alert.areas) <= {"d1", "d2"}
            assert alert.urgency in {"Immediate", "Expected", "Future", "Past"}


@pytest.mark.parametrize("name", AGENTS)
def test_one_thing_is_proposed_once_in_a_cycle(name: str) -> None:
    again = {"engine"}  # several engines may well go to one fire
    made = [(s.action.kind, s.action.target) for p in proposals(AGENTS[name], busy()) for s in p.steps]
    once = [key for key in made if key[0] not in again]
    assert len(set(once)) == len(once)
    assert len(made) <= 300


@pytest.mark.parametrize("name", AGENTS)
def test_the_shield_finds_nothing_to_refuse_but_a_baseline_that_does_not_look_ahead(name: str) -> None:
    view = busy()
    # who does the work is given out later; here what is to be done is judged
    made = [
        replace(one, steps=tuple(replace(step, work=None) for step in one.steps))
        for one in proposals(AGENTS[name], view)
    ]
    screened = screen(made, view, Limits(), ("N", "A", "B"))
    rules = {refusal.rule for verdict in screened.verdicts for refusal in verdict.refusals}
    assert rules <= ({"way", "capacity", "shelter", "confidence"} if AGENTS[name].team != "response" else set())


@pytest.mark.parametrize("name", AGENTS)
def test_it_is_quiet_while_nothing_happens(name: str) -> None:
    calm = (
        small.reading("RG", "rain_rate", 1.0 / 3.6e6),
        small.reading("U", "depth", 0.0),
        small.reading("P", "pump_rate", 0.0),
        small.reading("WL", "water_level", 17.0, x=400.0),
        small.reading("out:A@U", "crowd_density", 0.5),
        small.reading("in:N", "crowd_density", 0.5),
    )
    view = small.view(readings=calm, outlook=small.outlook(), units=small.units(crew=2, engine=2, pump_crew=1))
    assert answer(AGENTS[name], view) == []
    assert answer(AGENTS[name], small.view()) == []


@pytest.mark.parametrize("name", AGENTS)
def test_it_does_not_repeat_itself_while_its_proposal_is_open(name: str) -> None:
    view = busy()
    made = proposals(AGENTS[name], view)
    board = tuple((one, ()) for one in made)
    done = {(s.action.kind, s.action.target) for one in made for s in one.steps}
    for later in (view, replace(view, time=view.time + 300.0)):
        again = proposals(AGENTS[name], replace(later, board=board))
        assert not done & {(s.action.kind, s.action.target) for one in again for s in one.steps}
        said = {(r.code, r.values["about"]) for one in made if not one.steps for r in one.reasons}
        assert not said & {(r.code, r.values["about"]) for one in again if not one.steps for r in one.reasons}


@pytest.mark.parametrize("name", AGENTS)
def test_it_does_not_repeat_what_is_under_way(name: str) -> None:
    view = busy()
    steps = [s for one in proposals(AGENTS[name], view) for s in one.steps if s.action.target != "P"]
    running = {s.action.kind: tuple(t.action.target for t in steps if t.action.kind == s.action.kind) for s in steps}
    again = proposals(AGENTS[name], replace(view, running=running))
    done = {(s.action.kind, s.action.target) for s in steps}
    found = done & {(s.action.kind, s.action.target) for one in again for s in one.steps}
    assert {kind for kind, _ in found} <= {"reopen_road"}  # what was opened may be closed and opened once more


# -- what must not break it


@pytest.mark.parametrize("name", AGENTS)
def test_it_stands_an_empty_city_and_no_forecast(name: str) -> None:
    agent, view = AGENTS[name], busy()
    empty = replace(view, facts=small.EMPTY, outlook=small.outlook(small.EMPTY))
    left = [s for p in proposals(agent, replace(empty, reports=())) for s in p.steps]
    assert not left or name == "crowd_watch"  # gates of a crowd are no things of the city
    answer(agent, empty)
    answer(agent, replace(view, facts=small.EMPTY))  # a forecast of another city is none
    for one in proposals(agent, replace(view, outlook=None)):
        assert view.outlook.id not in one.evidence
    off = replace(
        view.facts,
        homes=tuple(replace(home, node=-1) for home in view.facts.homes),
        sites=tuple(replace(site, node=-1) for site in view.facts.sites),
    )
    made = proposals(agent, replace(view, facts=off))
    assert all(s.work is None or s.work.node >= 0 for p in made for s in p.steps)


@pytest.mark.parametrize("name", AGENTS)
@pytest.mark.parametrize("mark", ["stale", "frozen", "spike", "gap"])
def test_marked_readings_and_old_forecasts_carry_nothing(name: str, mark: str) -> None:
    view = busy()
    spoilt = tuple(replace(r, mark=mark) for r in view.readings)
    past = {key: tuple(replace(r, mark=mark) for r in series) for key, series in view.history.items()}
    old = replace(view, readings=spoilt, history=past, reports=(), outlook=replace(view.outlook, made=0.0))
    old = replace(old, nowcast=np.zeros((0, 2)), closed=frozenset())
    assert [s.action.kind for p in proposals(AGENTS[name], old) for s in p.steps] == []


@pytest.mark.parametrize("name", AGENTS)
def test_old_readings_carry_nothing_although_nobody_marked_them(name: str) -> None:
    view = busy()
    later = replace(view, time=view.time + 4000.0, outlook=None, nowcast=np.zeros((0, 2)))
    assert [s.action.kind for p in proposals(AGENTS[name], later) for s in p.steps] == []


VALUES = st.sampled_from([math.nan, math.inf, -math.inf, 1e300, -1e300, -1.0, 0.0, 1e-300, 5.0])


@settings(max_examples=40, deadline=None)
@given(value=VALUES, depth=VALUES, rain=VALUES)
def test_no_value_is_too_odd(value: float, depth: float, rain: float) -> None:
    view = busy()

    def odd(one: Reading) -> Reading:
        return replace(one, value=value)

    with np.errstate(over="ignore"):
        course = replace(view.outlook.homes, depth=np.full_like(view.outlook.homes.depth, depth))
        edges = replace(view.outlook.edges, depth=np.full_like(view.outlook.edges.depth, depth))
    strange = replace(
        view,
        readings=tuple(odd(one) for one in view.readings),
        history={key: tuple(odd(one) for one in past) for key, past in view.history.items()},
        nowcast=np.array([[view.time, rain], [view.time + 600.0, rain]]),
        outlook=replace(view.outlook, homes=course, edges=edges),
    )
    for agent in AGENTS.values():
        for one in answer(agent, strange):
            digest(one)  # nothing in it is infinite or no number


def test_an_award_on_the_board_is_no_trouble() -> None:
    view = busy()
    made = proposals(AGENTS["fire_brigade"], view)
    steps = tuple(
        replace(s, award=Award("engine-0", view.time, view.time + 60, view.time + 90, (0, 1))) for s in made[0].steps
    )
    board = ((replace(made[0], steps=steps), ()),)
    assert all(proposals(agent, replace(view, board=board)) is not None for agent in AGENTS.values())
