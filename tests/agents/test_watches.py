"""When a watch warns, keeps quiet and ends a warning; and what a crowd is eased by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.agents import small
from twin.agents import crowd_watch, fire_watch, flood_watch
from twin.agents._watch import Rules
from twin.model.response.proposal import Alert

HARD = 40.0 / 3.6e6


def parts(made):
    made = list(made)
    return [a for a in made if isinstance(a, Alert)], [p for p in made if not isinstance(p, Alert)]


def flood_in(members: int, **changes):
    wet = {"HA": (1800.0, 0.5, members), "HB": (1800.0, 0.5, members)}
    return small.view(outlook=small.outlook(homes=wet), **changes)


def test_it_warns_from_the_chance_that_keeps_false_alarms_within_their_budget() -> None:
    assert Rules().begins == pytest.approx(0.6)
    [alert], [remark] = parts(flood_watch.agent.propose(flood_in(3)))
    assert (alert.event, alert.areas, alert.onset) == ("flood", ("d1",), 1800.0)
    assert (alert.urgency, alert.severity, alert.certainty) == ("Expected", "Moderate", "Likely")
    assert remark.level == 1
    assert remark.steps == ()
    assert remark.reasons[0].code == "flood.warning"
    assert remark.reasons[0].values == {
        "about": "d1", "chance": 0.75, "people": 7.0, "minutes": 30.0, "false_alarms": 0.4,
    }  # fmt: skip
    alerts, [remark] = parts(flood_watch.agent.propose(flood_in(2)))
    assert alerts == []
    assert remark.reasons[0].code == "flood.possible"


def test_a_warning_does_not_flap() -> None:
    view = flood_in(3)
    _, [remark] = parts(flood_watch.agent.propose(view))
    board = ((remark, ()),)
    for members in (4, 3, 2, 1):  # from sure down to one in four: nothing new is said
        later = replace(flood_in(members), time=600.0, board=board)
        assert list(flood_watch.agent.propose(replace(later, outlook=replace(later.outlook, made=600.0)))) == []
    gone = replace(flood_in(0), time=600.0, board=board)
    [over], [remark_over] = parts(flood_watch.agent.propose(gone))
    assert (over.urgency, remark_over.reasons[0].code) == ("Past", "flood.over")
    both = replace(gone, board=((remark, ()), (remark_over, ())))
    assert list(flood_watch.agent.propose(both)) == []


def test_a_warning_that_runs_out_is_given_anew_while_the_danger_lasts() -> None:
    _, [remark] = parts(flood_watch.agent.propose(flood_in(3)))
    view = replace(flood_in(1), time=3000.0, board=((remark, ()),))
    view = replace(view, outlook=replace(view.outlook, made=3000.0))
    [alert], [again] = parts(flood_watch.agent.propose(view))
    assert (alert.certainty, again.expires) == ("Possible", 6600.0)


def test_hard_rain_and_rising_rivers_are_worth_a_remark_of_level_0() -> None:
    rain = small.reading("RG", "rain_rate", HARD)
    past = tuple(small.reading("WL", "water_level", 18.0 + 0.1 * n, 600.0 * n) for n in range(4))
    view = small.view(
        time=1800.0, readings=(replace(rain, time=1800.0), past[-1]), history={("WL", "water_level"): past}
    )
    made = {p.reasons[0].code: p for p in flood_watch.agent.propose(view)}
    assert set(made) == {"flood.rain", "flood.rising"}
    assert {p.level for p in made.values()} == {0}
    assert made["flood.rain"].reasons[0].values["now"] == 40.0
    assert made["flood.rising"].reasons[0].values["rise"] == pytest.approx(0.6)
    assert list(flood_watch.agent.propose(replace(view, board=tuple((p, ()) for p in made.values())))) == []


def test_two_people_who_report_water_are_seen() -> None:
    reports = tuple(small.report("water", id_, 10.0, 110.0, time=float(n)) for n, id_ in enumerate(("HA", "HB")))
    view = flood_in(0, time=60.0, reports=reports)
    [alert], _ = parts(flood_watch.agent.propose(view))
    assert (alert.certainty, alert.urgency) == ("Observed", "Immediate")
    assert parts(flood_watch.agent.propose(replace(view, reports=reports[:1])))[0] == []


def test_fires_are_told_of_and_warned_of() -> None:
    fire = small.report("fire", "HF", 410.0, 210.0)
    view = small.view(reports=(fire,), wind=(15.0, 270.0), outlook=small.outlook(burns={"HF": (0.0, 0.0, 4)}))
    [alert], made = parts(fire_watch.agent.propose(view))
    assert alert.areas == ("d2",)
    codes = [[r.code for r in p.reasons] for p in made]
    assert codes == [["fire.reported", "fire.wind"], ["fire.warning"]]


def cameras(exit_a: float, exit_b: float, entrance: float = 1.0, **changes):
    readings = (
        small.reading("in:N", "crowd_density", entrance),
        small.reading("out:A@U", "crowd_density", exit_a),
        small.reading("out:B", "crowd_density", exit_b),
    )
    return small.view(**({"readings": readings} | changes))


@pytest.mark.parametrize(
    ("density", "kinds"),
    [
        (2.9, []),
        (3.0, ["open_exit", "open_exit"]),
        (4.0, ["open_exit", "open_exit", "hold_entrance"]),
        (5.0, ["open_exit", "open_exit", "hold_entrance", "divert"]),
    ],
)
def test_a_crowd_is_eased_step_by_step(density: float, kinds: list[str]) -> None:
    made = list(crowd_watch.agent.propose(cameras(density, 1.0)))
    assert [s.action.kind for p in made for s in p.steps] == kinds
    assert [p.level for p in made] == [2, 3, 3][: len(made)]
    if "divert" in kinds:
        assert made[-1].steps[0].action.target == "A"
        assert made[-1].steps[0].action.params["to"] == "B"


def test_nobody_is_led_to_an_exit_in_water() -> None:
    wet = small.outlook(sites={"U": (300.0, 0.5, 4)})
    made = list(crowd_watch.agent.propose(cameras(1.0, 1.0, outlook=wet)))
    assert [(p.reasons[0].code, p.steps[0].action.target) for p in made] == [("crowd.exit_in_water", "A")]
    pressed = [s.action for p in crowd_watch.agent.propose(cameras(3.5, 2.0, outlook=wet)) for s in p.steps]
    assert [a.target for a in pressed if a.kind == "open_exit"] == ["B"]
    gauge = small.reading("U", "depth", 0.4)
    seen = cameras(1.0, 1.0)
    [by_gauge] = crowd_watch.agent.propose(replace(seen, readings=(*seen.readings, gauge)))
    assert gauge.id in by_gauge.evidence


def test_a_crowd_that_thickens_is_seen_coming() -> None:
    past = tuple(small.reading("out:B", "crowd_density", 1.0 + n * 0.5, 120.0 * n) for n in range(3))
    view = small.view(time=240.0, readings=past[-1:], history={("out:B", "crowd_density"): past})
    made = list(crowd_watch.agent.propose(view))  # 2.0 now, and 2.5 more within ten minutes
    assert [p.steps[0].action.kind for p in made] == ["open_exit"]
    assert made[0].reasons[0].values["density"] == pytest.approx(4.5)
