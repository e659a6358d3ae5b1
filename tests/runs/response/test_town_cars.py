"""Cars in a town: they drive into water where nobody closes the road, and stay out of it where somebody does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.runs.response.hamlet import PLAIN, UNITS, facts, outlook, proposal, sent, town
from twin.model.action import Action
from twin.model.response.city import Home
from twin.model.response.proposal import Step
from twin.runs.response.town import Town
from twin.runs.response.town.cars import Traffic

BUSY = replace(PLAIN, cars=300.0)
WATER = outlook([0, 600], edges={2: [0.0, 0.8]})
CLOSE = Step(Action("close_road", 300.0, "U", {"edges": (2,)}))


def run(until: float, *steps: Step, busy=BUSY, water=WATER, seed: int = 1) -> Town:
    one = town(busy, UNITS, seed)
    one.take(proposal(*steps), 0.0)
    one.advance(until, water)
    return one


def test_without_trips_there_are_no_cars() -> None:
    assert Traffic.of(town()._ground, 1) is None
    assert "cars_stuck" not in run(600, busy=PLAIN).outcome().details


def test_cars_arrive_in_a_dry_town_and_nobody_is_delayed() -> None:
    found = run(3600, water=outlook()).outcome()
    assert found.details["cars_arrived"] > 150
    assert found.details["cars_stuck"] == 0
    assert found.of("person_minutes_water") == 0


def test_a_closure_keeps_cars_out_of_the_water_and_delays_them() -> None:
    without, closed = run(1800).outcome(), run(1800, CLOSE).outcome()
    assert without.details["cars_stuck"] > 0
    assert without.of("person_minutes_water") > 0
    assert closed.details["cars_stuck"] == 0
    assert closed.of("person_minutes_water") == 0
    districts = [without.of("person_minutes_water", d) for d in ("d1", "d2")]
    assert without.of("person_minutes_water") == pytest.approx(sum(districts) + without.outside["person_minutes_water"])
    dry = outlook()
    assert run(1800, CLOSE, water=dry).outcome().of("cost") > run(1800, water=dry).outcome().of("cost")


def test_a_sign_is_followed_by_some() -> None:
    sign = Step(Action("message_sign", 300.0, "U", {"avoid": (2,)}))
    none, some = run(3600).outcome(), run(3600, sign).outcome()
    all_ = run(3600, sign, busy=replace(BUSY, obeys=1.0)).outcome()
    assert all_.details["cars_stuck"] == 0
    assert some.details["car_person_minutes"] < none.details["car_person_minutes"]


def test_a_crew_that_inspects_takes_people_out_of_their_cars() -> None:
    inspect = Action("inspect", 0.0, "U", {"edges": (2,)})
    rescue = sent("crew-1", "crew", inspect, 3, (4, 3), leaves=1200.0)
    without, rescued = run(3600), run(3600, rescue)
    assert rescued.outcome().details["car_person_minutes"] < without.outcome().details["car_person_minutes"]


def test_the_same_cars_in_one_go_in_many_and_in_copies() -> None:
    whole = run(4500, CLOSE)
    parts = town(BUSY)
    parts.take(proposal(CLOSE), 0.0)
    for until in (90, 95, 600, 630, 1500, 3600, 4500):
        parts.advance(until, WATER)
        other = parts.copy()
        other.take(proposal(Step(Action("reopen_road", 0.0, "U"))), until)
        other.advance(5400, WATER)
        parts = parts.copy()
    assert parts.outcome() == whole.outcome()
    for name in ("status", "edge", "node", "arrived"):
        assert np.array_equal(getattr(parts._traffic.cars, name), getattr(whole._traffic.cars, name))


def test_an_empty_proposal_changes_no_trip_and_chance_no_home() -> None:
    with_, without = run(1800), town(BUSY)
    without.advance(1800, WATER)
    assert with_.outcome() == without.outcome()
    assert run(1800, seed=2).outcome() != with_.outcome()


def test_in_a_city_without_people_cars_pass_through() -> None:
    empty = Home("E", 0.0, 0.0, 0, 0.0, 0.0, 0.0)
    bare = replace(facts(), homes=(empty,))
    one = Town.of(bare, (), BUSY, 1)
    one.advance(1800, outlook(of=bare))
    assert one.outcome().details["cars_arrived"] > 50
