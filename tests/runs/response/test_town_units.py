"""What units do in a town: they drive, wait before water, work, bring people; roads close; all of it has a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.runs.response.hamlet import PLAIN, UNITS, evacuate, outlook, proposal, sent, town
from twin.model.action import Action
from twin.model.response.city import Unit
from twin.model.response.proposal import Step, Work
from twin.runs.response.town.town import HELPS, OWN

WEST = (4, 3, 2, 1, 0)
BARRIER = Action("barrier", 0.0, "A", {"height_m": 1.0})


def test_a_unit_drives_works_and_hands_the_action_over_when_it_is_done() -> None:
    one = town()
    one.take(proposal(sent("crew-1", "crew", BARRIER, 0, WEST, service=300.0, leaves=75.0)), 0.0)
    assert one.running() == {"barrier": ("A",)}
    assert one.advance(120, outlook()) == []
    assert one.units()[1] == Unit("crew-1", "crew", 0, pytest.approx(425.0))
    assert one.advance(420, outlook()) == []
    assert one.advance(600, outlook()) == [replace(BARRIER, at=425.0)]
    assert one.units()[1] == Unit("crew-1", "crew", 0, 600.0)
    assert one.outcome().details["unit_hours"] == pytest.approx(350 / 3600)
    assert one.outcome().of("cost", "d1") == pytest.approx(350 / 3600 * PLAIN.unit_hour["crew"])
    assert one.outcome().of("false_alarm_cost") == 0, "a barrier is no evacuation"


def test_steps_without_work_are_due_at_their_time_and_in_its_order() -> None:
    pump, gate, crowd = Action("pump", 400.0, "P"), Action("gate", 100.0, "G"), Action("divert", 100.0, "exit")
    one = town()
    one.take(proposal(Step(pump), Step(gate), Step(crowd)), 0.0)
    assert one.advance(300, outlook()) == [gate, crowd]
    assert one.advance(600, outlook()) == [pump]
    assert one.running() == {"divert": ("exit",), "gate": ("G",), "pump": ("P",)}
    late = town()
    late.advance(600, outlook())
    late.take(proposal(Step(gate)), 600.0)
    assert late.advance(630, outlook()) == [replace(gate, at=600.0)]


def test_an_engine_is_handed_to_the_hazard_when_it_leaves_and_is_driven_by_it_alone() -> None:
    engine = Action("engine", 0.0, "B")
    one = town(PLAIN, (Unit("engine-1", "engine", 5),))
    one.take(proposal(sent("engine-1", "engine", engine, 1, (4, 3, 2, 1), service=600.0, leaves=90.0)), 0.0)
    (due,) = one.advance(120, outlook())
    assert due == replace(engine, at=90.0, params={"from": [500.0, 0.0]}), "it comes from where it stood"
    assert one.units()[0].free == pytest.approx(90 + 40 + 600)
    assert one.advance(900, outlook()) == []
    assert one.units()[0] == Unit("engine-1", "engine", 1, 900.0)


def test_a_step_that_was_awarded_no_unit_does_not_begin() -> None:
    one = town()
    one.take(proposal(Step(BARRIER, Work("crew", 0, 60.0, 0.0, 600.0, 1.0))), 0.0)
    assert one.advance(1200, outlook()) == []
    assert one.running() == {}


def test_a_unit_before_deep_water_goes_round_and_else_waits_and_says_so() -> None:
    step = sent("crew-1", "crew", BARRIER, 0, WEST, service=0.0)
    round_, held = town(), town()
    for each in (round_, held):
        each.take(proposal(step), 0.0)
    assert round_.advance(120, outlook([0], edges={2: [0.6]})) == [replace(BARRIER, at=pytest.approx(60.0))]
    shut = outlook([0, 600], edges={2: [0.6, 0.0], 5: [0.6, 0.6]})
    assert held.advance(600, shut) == []
    assert held.units()[1].free == np.inf
    assert held.outcome().details["units_stuck"] == 1
    assert held.advance(660, shut) == [replace(BARRIER, at=pytest.approx(650.0))]
    assert held.units()[1].free == 660


def test_each_kind_of_unit_has_its_own_limit() -> None:
    shallow = outlook(edges={4: [0.4], 3: [0.4], 2: [0.4], 5: [0.4]})
    one = town(PLAIN, (Unit("crew-1", "crew", 5), Unit("police-1", "police", 5)))
    close = Action("close_road", 0.0, "U", {"edges": (2,)})
    one.take(proposal(sent("crew-1", "crew", BARRIER, 0, WEST), sent("police-1", "police", close, 2, (4, 3, 2))), 0.0)
    assert len(one.advance(600, shallow)) == 1
    assert one.closed() == frozenset()
    assert one.units()[1].free == np.inf


def test_jobs_of_one_unit_come_one_after_the_other() -> None:
    other = Action("barrier", 0.0, "C")
    one = town()
    one.take(proposal(sent("crew-1", "crew", BARRIER, 0, WEST, leaves=0.0)), 0.0)
    one.take(proposal(sent("crew-1", "crew", other, 5, (0, 1, 2, 3, 4), leaves=110.0)), 0.0)
    assert one.units()[1] == Unit("crew-1", "crew", 5, pytest.approx(220.0))
    assert one.advance(600, outlook()) == [replace(BARRIER, at=110.0), replace(other, at=220.0)]
    assert one.units()[1].node == 5


def test_a_bus_takes_as_many_as_it_seats_and_brings_them() -> None:
    ride = Action("evacuate", 0.0, "A", {"shelter": "S2", "mode": "bus"})
    one = town()
    one.take(proposal(sent("bus-1", "bus", ride, 0, WEST, service=120.0)), 0.0)
    one.advance(180, outlook())
    assert one.outcome().details["on_the_way"] == pytest.approx(5)
    assert one.units()[0] == Unit("bus-1", "bus", 4, pytest.approx(170 + 40), seats=5)
    one.advance(240, outlook())
    assert one.sheltered() == {"S2": pytest.approx(5)}
    assert one.outcome().details["sheltered"] == pytest.approx(5)
    one.advance(1200, outlook([0, 600], {"A": [0.0, 0.3]}))
    assert one.outcome().of("person_minutes_water") == pytest.approx(2 * 3 / 8 * 10)
    assert one.units()[0].node == 4


def test_who_sits_in_a_bus_that_stands_in_water_is_in_it() -> None:
    ride = Action("evacuate", 0.0, "A", {"shelter": "S2", "mode": "bus"})
    one = town()
    one.take(proposal(sent("bus-1", "bus", ride, 0, WEST, service=25.0)), 0.0)
    one.advance(900, outlook([0, 90, 690], edges={1: [0.0, 0.6, 0.0]}))
    assert one.outcome().of("person_minutes_water", "d1") == pytest.approx(5 * 10)
    assert one.sheltered() == {"S2": pytest.approx(5)}
    assert one.units()[0].node == 4


def test_who_has_no_seats_sends_people_on_foot() -> None:
    ride = Action("evacuate", 0.0, "A", {"shelter": "S2", "mode": "bus"})
    one = town()
    one.take(proposal(sent("crew-1", "crew", ride, 0, WEST)), 0.0)
    one.advance(1200, outlook())
    assert one.sheltered() == {"S2": pytest.approx(8)}


def test_a_green_wave_makes_units_faster() -> None:
    one = town()
    one.take(proposal(Step(Action("green_wave", 0.0, "main", {"edges": WEST, "speed": 2.0}))), 0.0)
    one.take(proposal(sent("crew-1", "crew", BARRIER, 0, WEST, service=0.0, leaves=30.0)), 0.0)
    assert one.advance(120, outlook()) == [replace(BARRIER, at=pytest.approx(55.0))]
    assert one.running() == {"barrier": ("A",), "green_wave": ("main",)}
    one.advance(930, outlook())
    assert one.running() == {"barrier": ("A",)}, "lights are green for 15 minutes"


def test_a_road_is_closed_when_the_police_are_done_and_opened_again() -> None:
    close = Action("close_road", 0.0, "U", {})
    one = town()
    one.take(proposal(sent("police-1", "police", close, 2, (2,), service=20.0)), 0.0)
    one.take(proposal(Step(Action("reopen_road", 3630.0, "U"))), 0.0)
    one.advance(600, outlook())
    assert one.closed() == frozenset({"U"})
    assert one._works.shut(one._ground).tolist() == [False, False, True, False, False, False, False]
    one.advance(7200, outlook())
    assert (one.closed(), one.running()) == (frozenset(), {})
    price = PLAIN.closed_hour * PLAIN.vehicle_hour
    found = one.outcome()
    assert found.of("false_alarm_cost") == pytest.approx(price)
    assert found.of("cost") == pytest.approx(price + 30 / 3600 * PLAIN.unit_hour["police"])


def test_what_was_for_nothing_is_known_by_the_end() -> None:
    dry, wet = town(), town()
    close = Action("close_road", 0.0, "U", {"edges": (2,)})
    for each in (dry, wet):
        each.take(proposal(evacuate("A", "S2"), Step(close)), 0.0)
    dry.advance(3600, outlook([0, 1800], {"B": [0.0, 0.5]}, {0: [0.0, 0.5]}))
    wet.advance(3600, outlook([0, 1800], {"A": [0.0, 0.1]}, {2: [0.0, 0.5]}))
    assert dry.outcome().of("false_alarm_cost") == dry.outcome().of("cost") > 0
    assert dry.outcome().of("false_alarm_cost", "d1") == pytest.approx(8 * PLAIN.person_hour)
    assert (wet.outcome().of("false_alarm_cost"), wet.outcome().of("cost")) == (
        0,
        pytest.approx(dry.outcome().of("cost")),
    )


def test_response_is_from_when_it_begins_to_the_first_that_helps() -> None:
    water = outlook([0, 600], {"A": [0.0, 0.2], "C": [0.0, 0.2]})
    none, helped = town(), town()
    helped.take(proposal(sent("crew-1", "crew", Action("inspect", 0.0, "A"), 0, WEST, leaves=700.0)), 0.0)
    for each in (none, helped):
        each.advance(1800, water)
    assert none.outcome().of("response_time", "d1") == 1200, "nobody came: so long it has lasted by now"
    assert helped.outcome().of("response_time", "d1") == pytest.approx(150)
    assert helped.outcome().details["incidents"] == 2
    assert helped.outcome().details["response_in_target"] == 0.5
    police = town()
    police.take(proposal(sent("police-1", "police", Action("inspect", 0.0, "A"), 0, (2, 1, 0), leaves=0.0)), 0.0)
    police.advance(1800, water)
    assert police.outcome().of("response_time", "d1") == 1200
    gone = town()
    gone.take(proposal(evacuate("A", "S2")), 0.0)
    gone.advance(1800, water)
    assert gone.outcome().of("response_time", "d1") == 0, "nobody is left to be helped"


def test_only_an_engine_helps_against_a_fire() -> None:
    burning = outlook([0, 300], fire={"B": [False, True]})
    engine = Action("engine", 0.0, "B")
    one, crew = town(PLAIN, (*UNITS, Unit("engine-1", "engine", 5))), town()
    one.take(proposal(sent("engine-1", "engine", engine, 1, (4, 3, 2, 1), leaves=600.0)), 0.0)
    crew.take(proposal(sent("crew-1", "crew", Action("inspect", 0.0, "B"), 1, (4, 3, 2, 1))), 0.0)
    for each in (one, crew):
        each.advance(1200, burning)
    assert one.outcome().of("response_time", "d2") == pytest.approx(340)
    assert crew.outcome().of("response_time", "d2") == 900


def test_kinds_are_known_by_name() -> None:
    assert "evacuate" in OWN
    assert not OWN & {"barrier", "pump", "gate", "underpass", "basement", "drain", "engine", "hydrant", "wet", "clear"}
    assert set(HELPS) == {"crew", "bus", "pump_crew", "engine"}
