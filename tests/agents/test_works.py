"""Pumps, gates, roads, engines and crews: what is proposed where, in a city that fits on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.agents import small
from twin.agents import evacuation, field_crews, fire_brigade, pumps_gates, traffic
from twin.model.response.proposal import Award, Decision

HARD = 40.0 / 3.6e6
RAIN = small.reading("RG", "rain_rate", HARD)


def codes(made):
    return {p.reasons[0].code: p for p in made}


# -- pumps and gates


def test_pumps_run_before_the_rain_and_at_once_where_water_stands() -> None:
    [made] = pumps_gates.agent.propose(small.view(readings=(RAIN,)))
    assert (made.steps[0].action.target, made.steps[0].action.params) == ("P", {"mode": "auto"})
    assert (made.level, made.evidence) == (2, (RAIN.id,))
    expected = small.view(nowcast=np.array([[0.0, 0.0], [1800.0, 30.0]]), outlook=small.outlook())
    [made] = pumps_gates.agent.propose(expected)
    assert made.reasons[0].code == "pump.before_rain"
    wet = small.view(outlook=small.outlook(sites={"P": (0.0, 0.3, 4)}))
    [made] = pumps_gates.agent.propose(wet)
    assert made.steps[0].action.params == {"mode": "on"}
    assert list(pumps_gates.agent.propose(replace(wet, running={"pump": ("P",)}))) == []


def test_a_pump_that_stands_still_in_water_is_set_running_again() -> None:
    still = small.reading("P", "pump_rate", 0.0)
    view = small.view(readings=(still,), outlook=small.outlook(sites={"P": (0.0, 0.3, 4)}), running={"pump": ("P",)})
    [made] = pumps_gates.agent.propose(view)
    assert (made.reasons[0].code, made.steps[0].action.params) == ("pump.stands_still", {"mode": "on"})
    assert still.id in made.evidence


@pytest.mark.parametrize(
    ("level", "opening", "wanted"),
    [(20.5, None, 0.0), (20.5, 0.0, None), (19.9, None, None), (19.9, 0.0, None), (19.6, 0.0, 1.0), (19.6, 1.0, None)],
)
def test_a_gate_shuts_against_the_river_and_opens_when_it_has_fallen_well_below(level, opening, wanted) -> None:
    readings = [small.reading("WL", "water_level", level, x=400.0, y=100.0)]
    if opening is not None:
        readings.append(small.reading("G", "gate_opening", opening))
    made = list(pumps_gates.agent.propose(small.view(readings=tuple(readings))))
    assert [p.steps[0].action.params["opening"] for p in made] == ([] if wanted is None else [wanted])


def test_a_mobile_pump_goes_where_most_people_will_be_in_water() -> None:
    made = codes(pumps_gates.agent.propose(small.flood()))
    one = made["pump.deepest"].steps[0]
    assert one.action.target == "HC"  # most people are around HB, eleven; there it is deepest at HC
    assert (one.action.params["x"], one.action.params["y"]) == (200.0, 100.0)  # in the street, not in the house
    assert (one.work.unit, one.work.deadline, one.work.weight) == ("pump_crew", 3600.0, 11.0)
    assert len(made["pump.deepest"].steps) == 1  # the next one would stand less than 200 m away
    filling = small.outlook(homes={"HA": (1800.0, 0.5, 4)}, sites={"U": (1200.0, 1.0, 4)})
    made = codes(pumps_gates.agent.propose(small.flood(outlook=filling, running={"pump": ("HF", "P")})))
    assert set(made) == {"pump.underpass"}  # of the two pumps of one crew one is at HF
    assert made["pump.underpass"].steps[0].action.params == {"pump": 0.05}


# -- traffic


def test_an_underpass_is_closed_before_the_water_and_when_its_gauge_shows_15_cm() -> None:
    soon = small.view(outlook=small.outlook(sites={"U": (1200.0, 0.5, 1)}))
    [made] = traffic.agent.propose(soon)
    one = made.steps[0]
    assert (one.action.kind, one.action.target, made.level) == ("close_road", "U", 3)
    assert one.action.params["edges"] == [small.edge((2, 2), (3, 2))]
    assert one.work.unit == "police"
    assert made.reasons[0].code == "traffic.underpass_soon"
    assert list(traffic.agent.propose(small.view(outlook=small.outlook(sites={"U": (2400.0, 0.5, 4)})))) == []
    [made] = traffic.agent.propose(small.view(readings=(small.reading("U", "depth", 0.15),)))
    assert made.reasons[0].code == "traffic.underpass_wet"
    assert list(traffic.agent.propose(small.view(readings=(small.reading("U", "depth", 0.14),)))) == []
    assert list(traffic.agent.propose(small.view(readings=(small.reading("U", "depth", 0.9, mark="frozen"),)))) == []


def test_roads_that_are_likely_to_flood_are_closed_and_others_get_a_sign() -> None:
    sure, maybe = small.edge((0, 1), (1, 1)), small.edge((3, 3), (3, 4))
    wet = small.outlook(edges={sure: (900.0, 0.4, 2), maybe: (900.0, 0.4, 1)})
    view = small.view(outlook=wet, units=small.units(police=1))
    [made] = traffic.agent.propose(view)
    assert made.steps[0].action.kind == "close_road"
    assert made.steps[0].action.params["edges"] == [sure]
    assert made.steps[0].work.deadline == 1800.0  # it helps to close a road that is in water, too
    [left] = traffic.agent.propose(replace(view, units=()))
    assert left.steps[0].action.kind == "message_sign"  # nobody is there to close it
    [told] = evacuation.agent.propose(small.flood(outlook=small.outlook(homes={"HB": (1800.0, 0.5, 4)}), units=()))
    fled = small.outlook(edges={told.steps[0].action.params["edges"][0]: (900.0, 0.4, 4)})
    [spared] = traffic.agent.propose(replace(view, outlook=fled, board=((told, ()),)))
    assert spared.steps[0].action.kind == "message_sign"  # people flee along it
    three = small.outlook(edges={sure: (900.0, 0.4, 1)})
    loose = traffic.Traffic(replace(traffic.Settings(), sign=0.25))
    [made] = loose.propose(small.view(outlook=three))
    assert (made.steps[0].action.kind, made.level) == ("message_sign", 2)
    assert list(loose.propose(small.view(outlook=three, closed=frozenset({"R1"})))) == []
    shallow = small.outlook(edges={sure: (900.0, 0.3, 4)})
    assert list(traffic.agent.propose(small.view(outlook=shallow))) == []


def test_a_road_opens_when_gauge_reports_and_every_member_say_it_is_dry() -> None:
    dry = small.reading("U", "depth", 0.0)
    view = small.view(readings=(dry,), outlook=small.outlook(), closed=frozenset({"U"}))
    [made] = traffic.agent.propose(view)
    assert (made.steps[0].action.kind, made.steps[0].action.target) == ("reopen_road", "U")
    assert list(traffic.agent.propose(replace(view, readings=()))) == []
    later = small.outlook(edges={small.edge((2, 2), (3, 2)): (1800.0, 0.1, 1)})
    assert list(traffic.agent.propose(replace(view, outlook=later))) == []
    wet = (small.report("water", "HE", 210.0, 210.0),)
    assert list(traffic.agent.propose(replace(view, reports=wet))) == []


def test_a_green_wave_goes_with_what_was_awarded_and_not_through_water() -> None:
    fire = small.report("fire", "HD", 310.0, 110.0)
    [sent] = fire_brigade.agent.propose(small.view(reports=(fire,), units=small.units(engine=1)))
    way = (small.edge((0, 3), (1, 3)), small.edge((1, 3), (1, 2)))
    first = replace(sent.steps[0], award=Award("engine-0", 0.0, 300.0, 360.0, way))
    board = ((replace(sent, steps=(first,)), (Decision("x", "approve", "a", "b", 0.0),)),)
    [made] = traffic.agent.propose(small.view(outlook=small.outlook(), board=board))
    assert (made.level, made.steps[0].action.target) == (2, "HD")
    assert made.steps[0].action.params["edges"] == sorted(way)
    deep = small.outlook(edges={way[0]: (0.0, 0.6, 1)})
    found = [s.action for p in traffic.agent.propose(small.view(outlook=deep, board=board)) for s in p.steps]
    assert [a.params["edges"] for a in found if a.kind == "green_wave"] == [[way[1]]]
    assert list(traffic.agent.propose(small.view(time=400.0, outlook=small.outlook(), board=board))) == []


# -- fire brigade


def test_two_fires_compete_and_the_more_dangerous_one_comes_first() -> None:
    fires = (small.report("fire", "HD", 310.0, 110.0), small.report("fire", "HF", 410.0, 210.0))
    made = list(fire_brigade.agent.propose(small.view(reports=fires, units=small.units(engine=3))))
    assert [(p.steps[0].action.target, sum(s.action.kind == "engine" for s in p.steps)) for p in made] == [
        ("HF", 2),  # nine people
        ("HD", 1),
    ]
    one = list(fire_brigade.agent.propose(small.view(reports=fires, units=small.units(engine=1))))
    assert [p.steps[0].action.target for p in one] == ["HF"]
    assert list(fire_brigade.agent.propose(small.view(reports=fires))) == []


def test_water_is_brought_where_no_hydrant_is_near() -> None:
    def kinds(target: str, x: float, y: float) -> list[str]:
        fire = small.report("fire", target, x, y)
        [made] = fire_brigade.agent.propose(small.view(reports=(fire,), units=small.units(engine=1)))
        return [s.action.kind for s in made.steps]

    assert kinds("HE", 110.0, 210.0) == ["engine"]  # the hydrant stands at the same crossing
    assert kinds("HF", 410.0, 210.0) == ["engine", "hydrant"]  # 310 m away


def test_facades_ahead_of_the_fire_get_the_engines_that_no_fire_needs() -> None:
    burns = {"HD": (0.0, 0.0, 4), "HF": (1800.0, 0.0, 3)}
    fire = small.report("fire", "HD", 310.0, 110.0)
    view = small.view(reports=(fire,), outlook=small.outlook(burns=burns), units=small.units(engine=3))
    made = codes(fire_brigade.agent.propose(view))
    assert set(made) == {"fire.engines", "fire.wet"}
    wet = made["fire.wet"].steps[0]
    assert (wet.action.target, wet.work.deadline) == ("HF", 1800.0)
    assert wet.action.params == {"rate": 7.5, "duration": 3600.0}
    out = replace(view, reports=(fire,), outlook=replace(small.outlook(), made=0.0), time=600.0)
    out = replace(out, outlook=replace(out.outlook, made=600.0))
    assert list(fire_brigade.agent.propose(out)) == []  # a newer forecast sees no fire there any more


def test_a_break_is_cut_across_the_way_of_a_fire_that_leaves_time_for_it() -> None:
    homes = tuple(
        replace(small.city().homes[0], id=f"B{n}", x=300.0, y=100.0 + 20.0 * n, node=small.node(3, 1)) for n in range(6)
    )
    facts = replace(small.city(), homes=homes)
    late = {home.id: (2700.0, 0.0, 4) for home in homes}
    fire = small.report("fire", "", 0.0, 150.0)
    view = small.view(facts=facts, reports=(fire,), outlook=small.outlook(facts, burns=late), units=small.units(crew=1))
    [made] = fire_brigade.agent.propose(view)
    one = made.steps[0]
    assert (one.action.kind, made.level, one.work.unit) == ("clear", 3, "crew")
    (x0, y0), (x1, y1) = one.action.params["line"]
    assert x0 == pytest.approx(260.0, abs=5.0)  # 40 m before the homes, across the way from west to east
    assert x1 == pytest.approx(260.0, abs=5.0)
    assert abs(y1 - y0) == pytest.approx(160.0, abs=2.0)
    assert "demolish" not in one.action.params
    soon = {home.id: (900.0, 0.0, 4) for home in homes}
    assert list(fire_brigade.agent.propose(replace(view, outlook=small.outlook(facts, burns=soon)))) == []
    assert list(fire_brigade.agent.propose(replace(view, wind=(15.0, 270.0)))) == []


# -- field crews


def test_a_breach_is_closed_and_a_low_levee_raised() -> None:
    breach = small.report("breach", "L", 300.0, 0.0)
    [made] = field_crews.agent.propose(small.view(reports=(breach,), units=small.units(crew=1)))
    assert (made.steps[0].action.kind, made.steps[0].action.params) == ("barrier", {"level": 21.0})
    past = tuple(small.reading("WL", "water_level", 20.0 + 0.2 * n, 600.0 * n, x=300.0) for n in range(4))
    view = small.view(time=1800.0, readings=past[-1:], history={("WL", "water_level"): past}, units=small.units(crew=1))
    [made] = field_crews.agent.propose(view)  # 20.6 m now, and 1.2 m per hour: over the crest of 21 m in 20 min
    assert made.steps[0].action.params == {"level": 21.5}
    assert made.steps[0].work.deadline == pytest.approx(1800.0 + 1800.0)  # never before it could be done
    assert list(field_crews.agent.propose(replace(view, running={"barrier": ("L",)}))) == []


def test_boards_go_up_where_the_water_stays_below_them() -> None:
    wet = {"HA": (1800.0, 0.4, 4), "HB": (1800.0, 0.6, 4)}
    view = small.view(outlook=small.outlook(homes=wet), units=small.units(crew=2))
    [made] = field_crews.agent.propose(view)
    assert [s.action.target for s in made.steps] == ["HA"]
    assert made.steps[0].work.weight == pytest.approx(0.3 * 4.0)
    shut = small.view(
        outlook=small.outlook(sites={"U": (1200.0, 1.0, 4)}), units=small.units(crew=1), closed=frozenset({"U"})
    )
    [made] = field_crews.agent.propose(shut)
    assert (made.steps[0].action.kind, made.steps[0].action.params) == ("underpass", {"boards": 0.5})
    assert list(field_crews.agent.propose(replace(shut, closed=frozenset()))) == []


def test_what_is_odd_is_looked_at() -> None:
    frozen = small.reading("U", "depth", 0.2, mark="frozen")
    alone = small.report("water", "", 310.0, 110.0)
    view = small.view(readings=(frozen, RAIN), reports=(alone,))
    made = codes(field_crews.agent.propose(view))
    assert {c: p.steps[0].action.target for c, p in made.items()} == {"inspect.gauge": "U", "inspect.report": alone.id}
    assert {p.level for p in made.values()} == {1}
    assert frozen.id not in made["inspect.gauge"].evidence
    twice = (alone, small.report("water", "", 320.0, 110.0, time=0.0))
    assert list(field_crews.agent.propose(small.view(reports=twice))) == []
