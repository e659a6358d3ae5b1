"""A conducted run, cycle by cycle: who is heard, who is cut off, what waits, what acts and what never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.runs.response.laid import Laid, Recorder, Script, first_only, proposed
from tests.runs.response.village import EXERCISE, LOW, POLICY
from twin import agents
from twin.model.action import Action
from twin.model.response.proposal import Alert, Decision, Proposal
from twin.model.response.view import View
from twin.runs.response.control import Control
from twin.runs.response.roles import WaitingError


def pump(view: View) -> Proposal:
    """Return a proposal of level 2 that changes the hazard, and that the shield takes."""
    assert view.outlook is not None
    action = Action("pump", view.time, LOW, {"rate": 1.0, "mode": "on"})
    return proposed(action, made=view.time, evidence=(view.outlook.id,))


def leave(view: View) -> Proposal:
    """Return a proposal of level 3."""
    assert view.outlook is not None
    action = Action("evacuate", view.time, LOW, {"shelter": "S-1", "mode": "foot", "by": "broadcast", "edges": []})
    return proposed(action, level=3, made=view.time, evidence=(view.outlook.id,))


def only(control: Control) -> str:
    """Return the state of the only proposal that was left to decide."""
    (one,) = control.open.values()
    return one.state


@pytest.fixture(scope="module")
def alone(laid: Laid) -> np.ndarray:
    """Water at the end of a run in which nobody says anything, (frames, ny, nx) m."""
    return np.stack([frame.fields["depth"] for frame in laid.played(laid.control([]))])


def test_without_a_policy_all_of_it_is_a_dry_run_and_the_water_goes_its_way(laid: Laid, alone) -> None:
    told = Recorder()
    control = laid.control(agents.make("all"), "", told)
    frames = laid.played(control)
    assert np.array_equal(np.stack([frame.fields["depth"] for frame in frames]), alone)
    assert control.done == []
    states = {one.proposal.level: one.state for one in control.open.values()}
    assert states[0] == "approved"
    assert {one.state for one in control.open.values() if one.proposal.level >= 2} == {"dry_run"}
    assert len(control.open) > 5
    for kind in ("event", "forecast", "proposal", "proof", "plan", "outcome"):
        assert told.of(kind), kind
    assert {id_ for _, _, id_, _, _ in told.of("proof")} <= set(control.open)


def test_an_exercise_acts_when_its_players_have_decided(laid: Laid, alone) -> None:
    told = Recorder()
    control = laid.control([first_only(pump)], EXERCISE, told)
    frames = laid.played(control)
    assert only(control) == "approved"
    assert [(a.kind, a.target) for a in control.done] == [("pump", LOW)]
    assert [(row[1], row[3].by) for row in told.of("approval")] == [
        (60.0, "exercise:kim"),
        (60.0, "exercise:park"),
    ]
    assert frames[-1].fields["depth"].sum() < 0.9 * alone[-1].sum()
    assert np.array_equal(frames[0].fields["depth"], alone[0])


def test_only_what_is_decided_in_time_acts(laid: Laid, alone) -> None:
    for script in (
        first_only(lambda view: replace(pump(view), expires=view.time + 59.0)),
        Script(lambda view: [replace(pump(view), expires=view.time + 30.0)]),
    ):
        control = laid.control([script], EXERCISE)
        frames = laid.played(control)
        assert {one.state for one in control.open.values()} == {"expired"}
        assert control.done == []
        assert np.array_equal(frames[-1].fields["depth"], alone[-1])


def test_level_three_needs_two_persons_of_the_roles_that_are_named(laid: Laid) -> None:
    waits = laid.control([first_only(leave)], POLICY)
    waits.waits = True
    with pytest.raises(WaitingError, match="waits at 0 min") as stopped:
        laid.looked(waits, 0.0)
    (waiting,) = waits.open
    assert waiting[:12] in str(stopped.value)
    assert waits.waits_at == 0.0

    def after(*decisions: tuple[str, str, str]) -> str:
        given = [Decision(waiting, verdict, by, role, 60.0) for verdict, by, role in decisions]
        control = laid.control([first_only(leave)], POLICY, Recorder(decisions={"script": given}))
        laid.looked(control, 0.0, 60.0, 120.0)
        assert (LOW in control.town.away()) == (only(control) == "approved")
        return only(control)

    assert after(("approve", "kim", "chief"), ("approve", "lee", "department")) == "approved"
    assert after(("approve", "kim", "chief")) == "open"
    assert after(("approve", "kim", "chief"), ("approve", "kim", "department")) == "open"
    assert after(("approve", "kim", "chief"), ("approve", "park", "operator")) == "open"
    assert after(("approve", "nobody", "chief"), ("approve", "lee", "department")) == "open"
    assert after(("approve", "kim", "chief"), ("reject", "lee", "department")) == "rejected"


def test_what_the_hazard_does_not_take_is_refused_before_persons_are_asked(laid: Laid) -> None:
    def bad(view: View) -> Proposal:
        assert view.outlook is not None
        action = Action("pump", view.time, LOW, {"rate": 1.0, "start": 0.1, "stop": 0.5})
        return proposed(action, made=view.time, evidence=(view.outlook.id,))

    told = Recorder()
    control = laid.control([first_only(bad)], EXERCISE, told)
    laid.looked(control, 0.0, 60.0, 120.0)
    assert control.open == {}
    assert control.done == []
    (row,) = told.of("refusal")
    (refusal,) = row[3]["refusals"]
    assert refusal.reason.code == "response.hazard"
    assert "above" in str(refusal.reason.values["what"])
    assert row[3]["agent"] == "script"


def raises(view: View) -> Iterator[Proposal]:
    yield pump(view)
    raise ZeroDivisionError("half a plan")


def floods(view: View) -> Iterator[Proposal]:
    while True:
        yield pump(view)


def peeks(view: View) -> list[Proposal]:
    return [pump(view)] if view.units else []


HOSTILE = {
    "raises": (raises, "guard.raised"),
    "floods": (floods, "guard.flood"),
    "nonsense": (lambda view: [42], "guard.nonsense"),
    "text": (lambda view: "pump", "guard.nonsense"),
    "foreign": (lambda view: [pump(view)], "guard.foreign_name"),
    "peeks": (peeks, "guard.raised"),
}


def test_bad_agents_are_cut_off_and_named_and_the_others_go_on(laid: Laid) -> None:
    told = Recorder()
    team = [Script(says, name) for name, (says, _) in HOSTILE.items()]
    control = laid.control([*team, first_only(pump)], EXERCISE, told)
    laid.played(control)
    cut = {(row[2], row[3].code) for row in told.of("cut_off")}
    assert cut == {(name, code) for name, (_, code) in HOSTILE.items()}
    assert {row[4] for row in told.of("cut_off")} == set(HOSTILE)
    assert control.guard.offences == dict.fromkeys(HOSTILE, 2)
    assert {one.proposal.agent for one in control.open.values()} == {"script"}
    assert only(control) == "approved"
    assert [a.target for a in control.done] == [LOW]


def test_agents_see_what_came_in_and_nothing_else(laid: Laid) -> None:
    views: list[View] = []
    names = ("readings", "history", "reports", "outlook", "units", "nowcast", "running", "away", "closed")

    def watch(view: View) -> list[Proposal]:
        views.append(view)
        assert view.outlook is not None
        with pytest.raises(ValueError, match="read-only"):
            view.outlook.homes.depth[0, 0, 0] = 9.0
        with pytest.raises(TypeError):
            view.running["pump"] = ("x",)  # type: ignore[index]
        return []

    control = laid.control([Script(watch, sees=names)])
    laid.played(control)
    assert control.guard.offences == {}
    assert [(view.time, view.cycle) for view in views] == [(0.0, 0), (600.0, 1)]
    for view in views:
        rows = [r for rows in view.history.values() for r in rows]
        assert all(r.time <= r.received <= view.time for r in (*rows, *view.readings, *view.reports))
        assert view.outlook is not None
        assert view.outlook.made == view.time
        assert view.outlook.homes.times[0] == view.time
        assert {unit.kind for unit in view.units} == {"crew", "pump_crew", "police", "engine"}
    assert views[0].readings == ()
    assert {r.sensor for r in views[1].readings} >= {"rain", "level"}
    assert views[1].nowcast[0, 0] == 600.0


def test_a_team_that_needs_no_forecast_gets_none_where_no_shield_looks_at_one(laid: Laid) -> None:
    told = Recorder()
    control = laid.control([Script(lambda view: [], sees=("readings",))], "", told)
    control.proofs = control.shielded = False
    laid.played(control)
    assert told.of("forecast") == []
    assert control.forecasts.facts()["homes"] == 0


def test_a_plan_that_was_approved_before_begins_at_its_times(laid: Laid, alone) -> None:
    control = laid.control([])
    action = Action("pump", 0.0, LOW, {"rate": 1.0, "mode": "on"})
    control.planned = ((240.0, proposed(action, made=0.0)),)
    frames = laid.played(control)
    assert [a.kind for a in control.done] == ["pump"]
    assert control.done[0].at >= 180.0
    assert frames[-1].fields["depth"].sum() < alone[-1].sum()


def test_an_alert_is_kept_with_who_drafted_it(laid: Laid) -> None:
    def warn(view: View) -> list[Alert]:
        return [Alert("flood", "Immediate", "Severe", "Likely", view.time, view.time + 600.0, ("east",))]

    told = Recorder()
    control = laid.control([Script(warn)], "", told)
    laid.played(control)
    assert [(time, agent, alert.areas) for time, agent, alert in control.alerts] == [
        (0.0, "script", ("east",)),
        (600.0, "script", ("east",)),
    ]
    assert len(told.of("alert")) == 2


def test_the_outcome_is_of_people_water_and_damage(laid: Laid) -> None:
    control = laid.control([])
    laid.played(control)
    outcome = control.outcome()
    assert control.deepest is not None
    each = control.prices.water(control.deepest)
    assert outcome.of("damage") == pytest.approx(each.sum())
    assert outcome.of("damage") > 0
    assert outcome.of("damage", "east") + outcome.of("damage", "west") == pytest.approx(outcome.of("damage"))
    assert outcome.of("cost") == 0
    assert [row["time"] for row in control.track] == [60.0 * k for k in range(21)]
