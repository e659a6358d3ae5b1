"""What people in a town go through, counted by hand: in their homes, on the way, in shelters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.runs.response.hamlet import PLAIN, evacuate, facts, outlook, proposal, sent, town
from twin.errors import InputError, UsageError
from twin.model.action import Action
from twin.model.response.city import Home
from twin.model.response.drill import Drill
from twin.model.response.proposal import MEASURES, Step
from twin.runs.response.town import Outcome, TownSettings
from twin.runs.response.town.parties import HOME


def test_in_a_dry_town_nothing_happens() -> None:
    one = town(TownSettings())
    assert one.advance(3600, outlook()) == []
    assert all(one.outcome().of(m, d) == 0 for m in MEASURES for d in ("", "d1", "d2"))
    assert [unit.free for unit in one.units()] == [3600.0] * 3
    assert (one.sheltered(), one.away(), one.closed(), one.running()) == ({}, frozenset(), frozenset(), {})


def test_water_in_a_half_basement_counts_from_17_cm_and_traps_above_40() -> None:
    one = town()
    one.advance(2400, outlook([0, 600, 1200, 1800], {"A": [0.16, 0.17, 0.41, 0.0]}))
    found = one.outcome()
    assert found.of("person_minutes_water", "d1") == pytest.approx(2 * 20)
    assert found.of("person_minutes_water") == found.of("person_minutes_water", "d1")
    assert found.details["trapped_person_minutes"] == pytest.approx(2 * 10)


def test_the_ground_floor_counts_from_half_a_metre_above_it() -> None:
    one = town()
    one.advance(1800, outlook([0, 600, 1200], {"A": [0.0, 0.71, 0.0], "B": [0.0, 0.5, 0.0], "C": [0.0, 0.4, 0.0]}))
    found = one.outcome()
    assert found.of("person_minutes_water", "d1") == pytest.approx((2 + 2) * 10)
    assert found.of("person_minutes_water", "d2") == pytest.approx(3 * 10)
    assert found.outside["person_minutes_water"] == pytest.approx(1 * 10)
    assert found.of("person_minutes_water") == pytest.approx(80)


def test_fire_counts_for_everybody_in_the_house() -> None:
    one = town()
    one.advance(1200, outlook([0, 600], fire={"A": [False, True]}))
    assert one.outcome().of("person_minutes_fire", "d1") == pytest.approx(8 * 10)
    assert one.outcome().of("person_minutes_water") == 0


def test_a_share_goes_up_in_the_house_before_the_door_is_shut() -> None:
    up = replace(PLAIN, climb=0.5, climbing=300.0)
    one, late = town(up), town(up)
    one.advance(1200, outlook([0, 600], {"A": [0.1, 0.2]}))
    assert one.outcome().of("person_minutes_water") == pytest.approx(1 * 10)
    late.advance(1200, outlook([0, 120, 600], {"A": [0.1, 0.5, 0.2]}))
    assert late.outcome().of("person_minutes_water") == pytest.approx(2 * 18 + 0)


def test_people_walk_to_the_shelter_and_are_out_of_the_water() -> None:
    one, without = town(), town()
    one.take(proposal(evacuate("A", "S2", at=60.0)), 0.0)
    water = outlook([0, 600], {"A": [0.0, 0.3]})
    for each in (one, without):
        each.advance(440, water)
    assert one.outcome().details["on_the_way"] == pytest.approx(8)  # 400 m at 1 m/s from 60 s on: there at 460 s
    one.advance(480, water)
    assert one.sheltered() == {"S2": pytest.approx(8)}
    assert one.away() == frozenset({"A"})
    for each in (one, without):
        each.advance(1200, water)
    assert one.outcome().of("person_minutes_water") == 0
    assert without.outcome().of("person_minutes_water", "d1") == pytest.approx(2 * 10)
    assert one.outcome().details["evacuee_hours"] == pytest.approx(8 * (1200 - 60) / 3600)


def test_a_full_shelter_sends_a_home_to_the_next() -> None:
    one = town()
    one.take(proposal(evacuate("B", "S1"), evacuate("A", "S1")), 0.0)
    one.advance(900, outlook())
    assert one.sheltered() == {"S1": pytest.approx(3), "S2": pytest.approx(8)}
    small = town(replace(PLAIN, compliance=1.0), (), 1, Home("D", 0.0, 0.0, 0, 0.0, 99.0, 0.0))
    small.take(proposal(evacuate("A", "S1"), evacuate("D", "S2")), 0.0)
    small.advance(900, outlook(of=facts(Home("D", 0.0, 0.0, 0, 0.0, 99.0, 0.0))))
    assert small.sheltered() == {"S2": pytest.approx(8)}
    assert small.outcome().details["turned_away"] == pytest.approx(99)


def test_who_found_no_room_is_told_again_when_there_is() -> None:
    other = Home("D", 0.0, 0.0, 0, 0.0, 99.0, 0.0)
    one, dry = town(PLAIN, (), 1, other), outlook(of=facts(other))
    one.take(proposal(evacuate("A", "S1"), evacuate("D", "S2"), evacuate("D", "S2", at=60.0)), 0.0)
    one.advance(120, dry)
    assert one.outcome().details["turned_away"] == pytest.approx(99), "the same people are counted once"
    one._parties.settle()
    one._parties.phase[:] = HOME
    one.take(proposal(evacuate("D", "S2", at=150.0)), 120.0)
    one.advance(900, dry)
    assert one.sheltered() == {"S2": pytest.approx(99)}
    assert one.outcome().details["turned_away"] == 0


def test_a_shelter_in_the_hazard_is_no_shelter() -> None:
    water = outlook([0, 900], sites={"S2": [0.0, 0.5]})
    fire = outlook([0, 900], lit={"S2": [False, True]})
    for hazard, measure in ((water, "person_minutes_water"), (fire, "person_minutes_fire")):
        one = town()
        one.take(proposal(evacuate("A", "S2")), 0.0)
        one.advance(1500, hazard)
        assert one.outcome().of(measure, "d1") == pytest.approx(8 * 10)


def test_only_a_share_follows_and_a_second_broadcast_moves_nobody_else() -> None:
    half = town(replace(PLAIN, compliance=0.5))
    half.take(proposal(evacuate("A", "S2"), evacuate("A", "S2", at=300.0)), 0.0)
    half.advance(1200, outlook())
    assert half.sheltered() == {"S2": pytest.approx(4)}


def test_slow_people_are_told_apart_and_wait_at_less_water() -> None:
    mixed = town(replace(PLAIN, vulnerable=0.25, slow=0.5))
    mixed.take(proposal(evacuate("A", "S2")), 0.0)
    mixed.advance(600, outlook())
    assert mixed.outcome().details["sheltered"] == pytest.approx(6)
    mixed.advance(810, outlook())
    assert mixed.outcome().details["sheltered"] == pytest.approx(8)
    shallow = town(replace(PLAIN, vulnerable=0.25))
    shallow.take(proposal(evacuate("A", "S2")), 0.0)
    shallow.advance(1800, outlook(edges={0: [0.3]}))
    assert shallow.outcome().details["sheltered"] == pytest.approx(6)
    assert shallow.outcome().details["barred_at_home"] == pytest.approx(2)


def test_who_is_barred_goes_round_and_else_goes_home() -> None:
    round_ = town()
    round_.take(proposal(evacuate("A", "S2", edges=(0, 1, 2, 3))), 0.0)
    round_.advance(600, outlook([0, 120], edges={2: [0.0, 0.6]}))
    assert round_.outcome().details["sheltered"] == pytest.approx(8)
    assert round_.outcome().of("person_minutes_water") == 0
    back = town()
    back.take(proposal(evacuate("A", "S2")), 0.0)
    back.advance(300, outlook([0, 120], edges={2: [0.0, 0.6], 5: [0.0, 0.6]}))
    assert back.outcome().details["on_the_way"] == pytest.approx(8)
    back.advance(600, outlook([0, 120], edges={2: [0.0, 0.6], 5: [0.0, 0.6]}))
    assert (back.sheltered(), back.away()) == ({}, frozenset())
    back.advance(1200, outlook([0, 600], {"A": [0.0, 0.3]}))
    assert back.outcome().of("person_minutes_water") == 0, "who came home is upstairs"


def test_on_an_edge_that_floods_people_stand_in_water_and_by_a_fire_in_its_heat() -> None:
    one = town()
    one.take(proposal(evacuate("A", "S2")), 0.0)
    one.advance(900, outlook([0, 60, 660], edges={0: [0.0, 0.6, 0.0]}, hot={1: [False, True, True]}))
    assert one.outcome().of("person_minutes_water", "d1") == pytest.approx(8 * 10)
    assert one.away() == frozenset(), "nobody walks on to a street that burns: they go back home"
    assert one.outcome().of("person_minutes_fire") == 0
    hot = town()
    hot.take(proposal(evacuate("A", "S2")), 0.0)
    hot.advance(600, outlook([0, 60], hot={0: [False, True]}))
    assert hot.outcome().of("person_minutes_fire") == pytest.approx(8 * 40 / 60, abs=4.0), (
        "on it for 40 s, within a step"
    )
    assert hot.sheltered() == {"S2": pytest.approx(8)}


def test_nobody_alone_leaves_a_half_basement_whose_door_is_shut() -> None:
    water = outlook([0, 60], {"A": [0.0, 0.45]})
    told, fetched = town(), town()
    told.take(proposal(evacuate("A", "S2", at=120.0)), 0.0)
    evacuation = Action("evacuate", 0.0, "A", {"shelter": "S2", "mode": "foot", "by": "crew"})
    fetched.take(proposal(sent("crew-1", "crew", evacuation, 0, (4, 3, 2, 1, 0))), 0.0)
    for each in (told, fetched):
        each.advance(1200, water)
    assert told.sheltered() == {"S2": pytest.approx(6)}
    assert fetched.sheltered() == {"S2": pytest.approx(8)}
    assert told.outcome().of("person_minutes_water") == pytest.approx(2 * 19)
    assert fetched.outcome().of("person_minutes_water") == pytest.approx(2 * 1, abs=1.01)  # from 60 s to 110 s


def test_chance_belongs_to_a_home_and_to_nothing_else() -> None:
    other = Home("0", 0.0, 0.0, 0, 1.0, 1.0, 0.0)
    alone, beside = town(TownSettings()), town(TownSettings(), (), 1, other)
    assert np.array_equal(alone._ground.chance[0], beside._ground.chance[1])
    assert not np.array_equal(alone._ground.chance[0], town(TownSettings(), (), 2)._ground.chance[0])
    rows = alone._ground.chance
    assert len(np.unique(rows)) == rows.size


def test_access_is_lost_where_no_dry_way_leads_to_a_hospital() -> None:
    one = town()
    one.advance(1200, outlook([0, 600], edges={2: [0.6, 0.6], 5: [0.0, 0.6]}))
    found = one.outcome()
    assert (found.of("lost_access", "d1"), found.of("lost_access", "d2")) == (pytest.approx(80), pytest.approx(30))
    assert found.of("lost_access") == pytest.approx(110), "C lives at the hospital"


def test_an_outlook_of_another_city_is_refused() -> None:
    wrong = outlook(of=facts(Home("D", 0.0, 0.0, 0, 0.0, 1.0, 0.0)))
    with pytest.raises(InputError, match="homes have 1 times and values for 1 times and 4 things; the city has 3"):
        town().advance(60, wrong)
    with pytest.raises(InputError, match="no member 1"):
        town().advance(60, outlook(), 1)


def test_an_outcome_takes_measures_of_others_and_knows_no_unknown_ones() -> None:
    found = Outcome({}).adding("damage", {"d1": 0.1, "d2": 0.2}, 0.3)
    assert (found.of("damage"), found.of("damage", "d2"), found.of("cost", "d1")) == (0.6, 0.2, 0.0)
    with pytest.raises(UsageError, match="Did you mean 'damage'"):
        found.of("damages")


@pytest.mark.parametrize(
    "wrong", [{"step": 61.0}, {"step": 0.0}, {"compliance": 1.1}, {"walk": 0.0}, {"preparing": -1.0}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="town: "):
        TownSettings(**wrong)


def test_what_cannot_be_carried_out_is_said() -> None:
    one = town()
    stray = Step(Action("evacuate", 0.0, "A", {"shelter": "nowhere"}))
    crew = sent("crew-9", "crew", Action("inspect", 0.0, "A"), 0, ())
    one.take(proposal(evacuate("Z", "S1"), stray, crew, evacuate("A", "S2", edges=(3, 1))), 0.0)
    one.advance(900, outlook())
    assert [note.code for note in one.remarks()] == [
        "job_no_unit",
        "evacuation_nowhere",
        "evacuation_nowhere",
        "way_broken",
    ]
    assert one.sheltered() == {"S2": pytest.approx(8)}, "a broken way is no way: the fastest is taken"


def test_settings_come_from_the_scenario_and_say_what_nobody_checked() -> None:
    drill = Drill(night=True, compliance=0.4, preparing=120.0, cars=50.0)
    found = TownSettings.of(drill)
    assert (found.night, found.compliance, found.preparing, found.cars) == (True, 0.4, 120.0, 50.0)
    doubts = {doubt["code"]: doubt["value"] for doubt in found.unverified()}
    assert doubts["compliance"] == "0.4"
    assert doubts["climb"] == f"{found.climb_night:g}"
    assert doubts.keys() >= {"unit_hour", "person_hour", "vehicle_hour", "closed_hour"}


def test_at_night_people_are_slower_in_water() -> None:
    day, night = town(), town(replace(PLAIN, night=True))
    for each in (day, night):
        each.take(proposal(evacuate("A", "S2")), 0.0)
        each.advance(720, outlook(edges={0: [0.35]}))
    # 400 m, of them 100 at 0.58 m/s, at night at 0.348 m/s
    assert day.outcome().details["sheltered"] == pytest.approx(8)
    slow = town(replace(PLAIN, night=True))
    slow.take(proposal(evacuate("A", "S2")), 0.0)
    slow.advance(570, outlook(edges={0: [0.35]}))
    assert slow.outcome().details["sheltered"] == 0
    assert night.outcome().details["sheltered"] == pytest.approx(8)
