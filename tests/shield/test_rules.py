"""Each rule on a case made by hand: a street of five nodes in a row, edges 0 to 3, each 100 m."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twin.model.action import Action
from twin.model.response.city import Facts, Home, Network, Site, Unit
from twin.model.response.proposal import Award, Proposal, Step, Work
from twin.model.response.view import Course, Outlook, Reading, Report, View
from twin.shield.limits import Limits
from twin.shield.screen import Screened, screen

TIMES = np.arange(0.0, 3601.0, 600.0)


def net(ring: bool = False) -> Network:
    ends = [(0, 1), (1, 2), (2, 3), (3, 4)] + ([(4, 0)] if ring else [])
    a, b = np.array(ends, np.int32).T
    k = len(ends)
    return Network(
        np.arange(5) * 100.0, np.zeros(5), a, b, np.full(k, 100.0), np.full(k, 10.0), np.full(k, 2.0), np.arange(k, dtype=np.int32),
        tuple(f"r{n}" for n in range(k)), np.zeros(k, bool), np.zeros(k, bool),
    )  # fmt: skip


def course(count: int, members: int = 10) -> Course:
    shape = (members, len(TIMES), count)
    ids = tuple(str(n) for n in range(count))
    return Course(ids, TIMES, np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, bool))


def view(ring: bool = False, members: int = 10, capacity: float = 10.0) -> View:
    homes = tuple(Home(f"h{n}", 100.0 * n, 0.0, n, 0.0, 4.5, 0.0, district="d") for n in range(3))
    sites = (
        Site("fire", "fire_station", "", 0.0, 0.0, 0),
        Site("hosp", "hospital", "", 400.0, 0.0, 4),
        Site("pass", "underpass", "", 150.0, 0.0, 1, edges=(1,)),
        Site("shelter", "shelter", "", 400.0, 0.0, 4, capacity=capacity),
    )
    facts = Facts(homes, sites, {"d": "d"}, net(ring))
    outlook = Outlook(
        "out", 0.0, 3600.0, course(3, members), course(4, members), course(len(facts.roads.start), members)
    )
    units = (Unit("bus1", "bus", 0, seats=40), Unit("crew1", "crew", 0), Unit("engine1", "engine", 0))
    return View(0.0, 0, 600.0, facts, outlook=outlook, units=units)


def step(kind: str, target: str = "", **params: object) -> Step:
    return Step(Action(kind, 0.0, target, params))


def propose(*steps: Step, agent: str = "a", level: int = 3, evidence: tuple[str, ...] = ("out",)) -> Proposal:
    return Proposal(agent, "1", 0.0, 1200.0, level, steps, (), evidence)


def why(screened: Screened) -> list[str]:
    return [r.reason.code for v in screened.verdicts for r in v.refusals]


def asked(now: View, *proposals: Proposal, limits: Limits | None = None, approved: bool = False) -> Screened:
    return screen(proposals, now, limits or Limits(), approved=approved)


WALK = step("evacuate", "h1", shelter="shelter", edges=(1, 2, 3))


@pytest.mark.parametrize(("depth", "passes"), [(0.19, True), (0.20, True), (0.21, False), (float("nan"), False)])
def test_people_on_foot_go_up_to_their_limit_and_no_further(depth: float, passes: bool) -> None:
    now = view()
    now.outlook.edges.depth[:, 1:3, 2] = depth
    assert bool(asked(now, propose(WALK)).passed) is passes


@pytest.mark.parametrize(("members", "passes"), [(1, True), (2, False)])
def test_one_member_in_ten_may_bar_a_way(members: int, passes: bool) -> None:
    now = view()
    now.outlook.edges.depth[:members, 1, 1] = 1.0
    assert bool(asked(now, propose(WALK)).passed) is passes


def test_members_that_bar_different_edges_count_together() -> None:
    now = view()
    now.outlook.edges.depth[0, 1, 1] = 1.0
    now.outlook.edges.depth[1, 1, 2] = 1.0
    assert why(asked(now, propose(WALK))) == ["shield.way.hazard"]


def test_water_bars_a_way_only_while_somebody_may_be_on_it() -> None:
    now = view()
    now.outlook.edges.depth[:, 5:, 1] = 1.0  # 50 min; the last are off edge 1 after 900 s + 100 m / 0.6 m/s = 18 min
    assert asked(now, propose(WALK)).passed
    now.outlook.edges.depth[:, 2, 1] = 1.0  # 20 min: the state at 18 min lies between those of 10 and 20 min
    assert why(asked(now, propose(WALK))) == ["shield.way.hazard"]


def test_a_reading_bars_a_way_that_the_forecast_takes_for_dry() -> None:
    wet = Reading("r", "s", "depth", 0.4, 250.0, 20.0, -60.0, 0.0)
    assert why(asked(replace(view(), readings=(wet,)), propose(WALK))) == ["shield.way.reading"]
    far = replace(wet, y=31.0)
    assert asked(replace(view(), readings=(far,)), propose(WALK)).passed
    below = replace(wet, quantity="underpass_depth", sensor="gauge:pass", x=1e4)
    assert why(asked(replace(view(), readings=(below,)), propose(WALK))) == ["shield.way.reading"]


def test_without_a_forecast_nobody_is_sent() -> None:
    now = replace(view(), outlook=None, readings=(Reading("r", "s", "depth", 0.0, 1e4, 0.0, 0.0, 0.0),))
    assert why(asked(now, propose(WALK, evidence=("r",)))) == ["shield.shelter.no_forecast"]
    old = replace(
        now, time=1801.0, outlook=view().outlook, readings=(replace(now.readings[0], time=1700.0, received=1800.0),)
    )
    late = replace(
        propose(replace(WALK, action=replace(WALK.action, at=1801.0)), evidence=("r",)), made=1801.0, expires=2000.0
    )
    assert why(asked(old, late)) == ["shield.shelter.no_forecast"]


def test_a_way_that_is_left_open_is_filled_in_round_the_water() -> None:
    now = view(ring=True)
    asking = propose(step("evacuate", "h1", shelter="shelter"))
    assert asked(now, asking).passed[0].steps[0].action.params["edges"] == (0, 4)
    now.outlook.edges.depth[3, 2, 4] = 0.5
    passed = asked(now, asking).passed[0]
    assert passed.steps[0].action.params["edges"] == (1, 2, 3)
    assert passed.hash != asking.hash
    now.outlook.edges.depth[5, 2, 2] = 0.5
    assert why(asked(now, asking)) == ["shield.way.not_stated"]


def drive(unit: str, kind: str, edges: tuple[int, ...], node: int, action: Step) -> Step:
    seconds = 10.0 * len(edges)
    return replace(
        action, work=Work(kind, node, 60.0, 0.0, 3600.0, 1.0), award=Award(unit, 0.0, seconds, seconds + 60, edges)
    )


def test_an_engine_goes_up_to_a_fire_and_not_through_it() -> None:
    now = replace(view(), reports=(Report("c", "fire", 200.0, 0.0, 0.0, 0.0, "b"),))
    go = drive("engine1", "engine", (0, 1, 2), 3, step("engine", "b"))
    now.outlook.edges.fire[:, :, 2] = True
    assert asked(now, propose(go)).passed
    now.outlook.edges.fire[:, :, 1] = True
    assert why(asked(now, propose(go))) == ["shield.way.hazard"]
    crew = drive("crew1", "crew", (0, 1, 2), 3, step("inspect", "h0"))
    now.outlook.edges.fire[:, :, 1] = False
    assert why(asked(now, propose(crew))) == ["shield.way.hazard"]


@pytest.mark.parametrize(("depth", "crew", "engine"), [(0.3, True, True), (0.4, False, True), (0.51, False, False)])
def test_each_mode_has_its_own_limit(depth: float, crew: bool, engine: bool) -> None:
    now = view()
    now.outlook.edges.depth[:, :, 0] = depth
    assert bool(asked(now, propose(drive("crew1", "crew", (0,), 1, step("inspect", "h1")))).passed) is crew
    assert bool(asked(now, propose(drive("engine1", "engine", (0,), 1, step("engine", "h1")))).passed) is engine


def test_shelters_are_filled_with_fractions_up_to_capacity_over_all_agents() -> None:
    now = view(capacity=9.0)
    both = [
        propose(
            replace(WALK, action=replace(WALK.action, target=f"h{n}", params={"shelter": "shelter"})), agent=f"a{n}"
        )
        for n in range(3)
    ]
    screened = asked(now, *both)
    assert len(screened.passed) == 2
    assert why(screened) == ["shield.capacity.full"]
    there = replace(now, sheltered={"shelter": 0.001})
    assert len(asked(there, *both).passed) == 1
    unstated = view(capacity=0.0)
    assert asked(unstated, both[0]).passed
    assert asked(unstated, both[0], limits=Limits(shelter_unstated=4.0)).passed == ()


@pytest.mark.parametrize(("members", "passes"), [(1, True), (2, False)])
def test_a_shelter_may_be_in_the_hazard_with_5_percent(members: int, passes: bool) -> None:
    now = view(members=20)
    now.outlook.sites.depth[:members, 6, 3] = 0.3
    assert bool(asked(now, propose(WALK)).passed) is passes


def test_closures_together_do_not_cut_a_hospital_off() -> None:
    alone = propose(step("close_road", "r2"))
    assert why(asked(view(), alone)) == ["shield.access.cut"]
    one, other = propose(step("close_road", "r1"), agent="a"), propose(step("close_road", "r4"), agent="b")
    assert len(asked(view(ring=True), one).passed) == 1
    assert len(asked(view(ring=True), other).passed) == 1
    screened = asked(view(ring=True), one, other)
    assert [p.agent for p in screened.passed] == ["a"]
    assert why(screened) == ["shield.access.cut"]
    assert why(asked(replace(view(ring=True), closed=frozenset({"r1"})), other)) == ["shield.access.cut"]


def test_a_dry_road_is_not_closed_where_the_others_are_in_water() -> None:
    now = view(ring=True)
    now.outlook.edges.depth[:, :, 1] = 1.0
    assert why(asked(now, propose(step("close_road", "r4")))) == ["shield.access.cut"]
    assert asked(now, propose(step("close_road", "r1"))).passed
    assert why(asked(now, propose(step("reopen_road", "r1")))) == ["shield.way.hazard"]
    assert why(asked(now, propose(step("underpass", "pass", closed=False)))) == ["shield.way.hazard"]
    assert why(asked(now, propose(step("green_wave", edges=(1,), speed=1.2)))) == ["shield.way.hazard"]


def test_closing_goes_before_opening() -> None:
    now = view(ring=True)
    screened = asked(now, propose(step("reopen_road", "r1"), agent="a"), propose(step("close_road", "r1"), agent="b"))
    assert [p.agent for p in screened.passed] == ["b"]


def test_what_follows_on_a_refused_step_of_a_unit_is_refused_too() -> None:
    first = drive("crew1", "crew", (0, 1), 2, step("inspect", "h2"))
    then = replace(
        drive("crew1", "crew", (1,), 1, step("inspect", "h1")), award=Award("crew1", 80.0, 90.0, 150.0, (1,))
    )
    assert len(asked(view(), propose(first, then)).passed[0].steps) == 2
    now = view()
    now.outlook.edges.depth[:, :, 0] = 1.0
    assert why(asked(now, propose(first, then))) == ["shield.way.hazard", "shield.unit.elsewhere"]


def test_data_have_to_be_there_young_and_unmarked() -> None:
    fine = Reading("r", "s", "water_level", 1.0, 0.0, 0.0, -100.0, -50.0)
    pump = step("underpass", "pass", boards=1.0)

    def found(reading: Reading, *evidence: str) -> list[str]:
        return why(asked(replace(view(), readings=(reading,)), propose(pump, evidence=evidence or ("r",))))

    assert found(fine) == []
    assert found(replace(fine, mark="frozen")) == ["shield.evidence.marked"]
    assert found(replace(fine, time=-1801.0)) == ["shield.evidence.old"]
    assert found(replace(fine, quantity="crowd_density", time=-601.0)) == ["shield.evidence.old"]
    assert found(replace(fine, received=1.0)) == ["shield.evidence.old"]
    assert found(fine, "r", "other") == ["shield.evidence.unknown"]
    assert why(asked(view(), propose(pump, evidence=()))) == ["shield.evidence.none"]
    assert asked(view(), replace(propose(evidence=(), level=1), steps=())).passed


def test_one_report_carries_an_inspection_and_no_more() -> None:
    call = Report("c", "water", 0.0, 0.0, -10.0, -5.0, "h0")
    both = propose(step("inspect", "c"), step("basement", "h0", boards=0.5), evidence=("c",))
    screened = asked(replace(view(), reports=(call,)), both)
    assert [s.action.kind for s in screened.passed[0].steps] == ["inspect"]
    trusting = asked(replace(view(), reports=(call,)), both, limits=Limits(alone_level=2))
    assert len(trusting.passed[0].steps) == 2
    second = replace(call, id="d", target="", x=100.0)
    assert len(asked(replace(view(), reports=(call, second)), both).passed[0].steps) == 2


def test_the_level_is_the_tables_and_its_hash_says_so() -> None:
    lied = propose(WALK, level=1)
    passed = asked(view(), lied).passed[0]
    assert (passed.level, lied.level) == (3, 1)
    assert passed.hash != lied.hash
    assert asked(view(), propose(step("inspect", "h0"), level=3)).passed[0].level == 3
    assert asked(view(), propose(step("clear", line=[[0, 0], [1, 1]], demolish=True), level=2)).passed[0].level == 4
    assert (
        asked(view(), propose(step("underpass", "pass", closed=True), level=2), limits=Limits(access_share=0))
        .passed[0]
        .level
        == 3
    )
    assert why(asked(view(), propose(step("breach", "h0"), level=2))) == ["shield.kind.unknown"]


def test_an_approved_proposal_passes_as_it_is_or_not_at_all() -> None:
    asking = propose(WALK, step("inspect", "h0"))
    approved = asked(view(), asking).passed[0]
    later = replace(view(), time=900.0)
    assert asked(later, approved, approved=True).passed == (approved,)
    later.outlook.edges.depth[:, :, 2] = 1.0
    assert asked(later, approved, approved=True).passed == ()
    open_way = propose(step("evacuate", "h1", shelter="shelter"))
    assert why(asked(view(), open_way, approved=True)) == ["shield.way.not_stated"]
    assert asked(replace(view(), time=1201.0), approved, approved=True).passed == ()


def test_what_the_agent_does_to_its_params_afterwards_changes_nothing() -> None:
    params: dict[str, object] = {"boards": 1.0}
    mine = propose(Step(Action("underpass", 0.0, "pass", params)))
    passed = asked(view(), mine).passed[0]
    before = passed.hash
    params["boards"] = 5.0
    assert passed.hash == before != mine.hash


def test_a_bridge_stands_above_the_water() -> None:
    now = view()
    now.outlook.edges.depth[:, :, 2] = 1.0
    assert asked(now, propose(WALK)).passed == ()
    now.facts.roads.over[2] = True
    assert asked(now, propose(WALK)).passed


def test_closures_and_evacuations_under_way_count() -> None:
    under_way = {"close_road": ("r1",), "evacuate": ("h1",)}
    now = replace(view(ring=True), running=under_way)
    assert why(asked(now, propose(step("close_road", "r4")))) == ["shield.access.cut"]
    assert why(asked(now, propose(WALK))) == ["shield.target.away"]


def test_a_unit_may_begin_where_work_ends_that_waits_on_the_board() -> None:
    first = drive("crew1", "crew", (0, 1), 2, step("inspect", "h2"))
    then = replace(
        drive("crew1", "crew", (1,), 1, step("inspect", "h1")), award=Award("crew1", 80.0, 90.0, 150.0, (1,))
    )
    assert why(asked(view(), propose(then))) == ["shield.unit.elsewhere"]
    assert asked(replace(view(), board=((propose(first), ()),)), propose(then)).passed


def test_approved_work_may_be_late_and_all_that_follows_with_it() -> None:
    first = drive("crew1", "crew", (0, 1), 2, step("inspect", "h2"))
    then = replace(
        drive("crew1", "crew", (1,), 1, step("inspect", "h1")), award=Award("crew1", 80.0, 90.0, 150.0, (1,))
    )
    approved = asked(view(), propose(first, then)).passed[0]
    assert asked(replace(view(), time=600.0), approved, approved=True).passed == (approved,)
    busy = replace(view(), time=600.0, units=(replace(view().units[1], free=900.0),))
    assert asked(busy, approved, approved=True).passed == (approved,)
    busy = replace(busy, units=(replace(view().units[1], free=1500.0),))
    assert set(why(asked(busy, approved, approved=True))) == {"shield.unit.overlap"}
