"""Who leaves, where to, by which way, told by whom: in a city that fits on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.agents import small
from twin.agents.evacuation import Evacuation, Settings, agent
from twin.model.response.proposal import Decision


def steps(proposals):
    return {s.action.target: s for p in proposals for s in p.steps}


@pytest.mark.parametrize(
    ("home", "members", "goes"),
    [
        ("HA", 1, True),  # 20 times 0.25 times 4 below in water, against twice 6 people away
        ("HB", 1, True),  # 15 against 14
        ("HC", 3, False),  # 5 times 0.75 times 4 on the ground floor in water, against twice 8 people away
        ("HC", 4, True),
        ("HD", 1, False),  # 2.5 against 4
        ("HD", 2, True),
    ],
)
def test_one_leaves_where_the_expected_loss_is_at_least_the_cost(home: str, members: int, goes: bool) -> None:
    likely = small.outlook(homes={home: (1800.0, 0.9, members)})
    assert set(steps(agent.propose(small.flood(outlook=likely, units=())))) == ({home} if goes else set())


def test_crews_fetch_half_basements_and_a_broadcast_tells_the_others() -> None:
    made = {p.reasons[0].code: p for p in agent.propose(small.flood())}
    assert set(made) == {"evacuation.below.crew", "evacuation.ground.broadcast"}
    crew = made["evacuation.below.crew"]
    assert [s.action.target for s in crew.steps] == ["HA", "HB"]
    assert crew.level == 3
    assert crew.evidence == ("outlook-1",)
    assert crew.reasons[0].values == {
        "about": "d1", "homes": 2, "people": 13.0, "chance": 1.0, "minutes": 30.0, "shelters": 2,
    }  # fmt: skip
    for one in crew.steps:
        assert one.work.unit == "crew"
        assert one.action.params["by"] == "crew"
        assert one.work.deadline == 1800.0  # water is there at 1800 s: it still helps to fetch people until then
    assert crew.steps[0].work.weight == 4.0
    told = made["evacuation.ground.broadcast"]
    assert [(s.action.target, s.action.params["by"], s.work) for s in told.steps] == [("HC", "broadcast", None)]


def test_the_nearest_shelter_takes_no_more_than_it_holds() -> None:
    found = steps(agent.propose(small.flood()))
    assert found["HA"].action.params["shelter"] == "W"  # six people, six places
    assert found["HB"].action.params["shelter"] == "E"
    filled = steps(agent.propose(small.flood(sheltered={"W": 1.0, "E": 45.0})))
    assert "HA" not in filled
    left = list(agent.propose(small.flood(sheltered={"W": 6.0, "E": 50.0})))
    assert [p.reasons[0].code for p in left] == ["evacuation.full"]
    assert left[0].steps == ()
    assert left[0].level == 1
    assert left[0].reasons[0].values["people"] == 21.0


def test_the_way_goes_round_what_will_be_in_water_and_joins_home_and_shelter() -> None:
    dry = steps(agent.propose(small.flood()))["HA"].action.params["edges"]
    assert dry == [small.edge((0, 1), (0, 0))]
    barred = small.outlook(homes={"HA": (1800.0, 0.5, 4)}, edges={small.edge((0, 1), (0, 0)): (300.0, 0.3, 1)})
    round_ = steps(agent.propose(small.flood(outlook=barred)))["HA"].action.params["edges"]
    assert round_ == [small.edge((0, 1), (1, 1)), small.edge((1, 1), (1, 0)), small.edge((1, 0), (0, 0))]
    closed = steps(agent.propose(small.flood(closed=frozenset({"C0"}))))["HA"].action.params["edges"]
    assert closed == round_


def test_a_way_that_is_open_long_enough_is_taken_though_it_floods_later() -> None:
    late = small.outlook(homes={"HC": (1800.0, 0.9, 4)}, edges=dict.fromkeys(range(40), (3000.0, 1.0, 4)))
    assert set(steps(agent.propose(small.flood(outlook=late)))) == {"HC"}
    soon = small.outlook(homes={"HC": (1800.0, 0.9, 4)}, edges=dict.fromkeys(range(40), (600.0, 1.0, 4)))
    [remark] = agent.propose(small.flood(outlook=soon, units=small.units(crew=2)))
    assert remark.reasons[0].code == "evacuation.cut_off"
    [by_bus] = agent.propose(small.flood(outlook=soon))
    assert by_bus.steps[0].action.params["mode"] == "bus"
    assert by_bus.steps[0].work.unit == "bus"
    assert by_bus.steps[0].action.params["edges"] == []


def test_nobody_is_sent_into_a_wet_or_burning_shelter() -> None:
    wet = small.outlook(homes={"HA": (1800.0, 0.5, 4)}, sites={"W": (3000.0, 0.11, 1)})
    assert steps(agent.propose(small.flood(outlook=wet)))["HA"].action.params["shelter"] == "E"
    gauge = small.reading("X", "depth", 0.2, x=10.0)
    assert steps(agent.propose(small.flood(readings=(gauge,))))["HA"].action.params["shelter"] == "E"


def test_who_has_left_or_is_spoken_of_is_not_spoken_of_again() -> None:
    view = small.flood()
    made = tuple(agent.propose(view))
    assert list(agent.propose(replace(view, board=tuple((p, ()) for p in made)))) == []
    rejected = tuple((p, (Decision(p.hash, "reject", "a", "b", 0.0),)) for p in made)
    assert list(agent.propose(replace(view, board=rejected))) == []
    left = steps(agent.propose(replace(view, away=frozenset({"HA"}), running={"evacuate": ("HB",)})))
    assert set(left) == {"HC"}


def test_there_is_time_to_know_better() -> None:
    late = {"HC": (3600.0, 0.9, 4)}
    patient = Evacuation(replace(Settings(), lead=600.0))
    assert list(patient.propose(small.flood(outlook=small.outlook(homes=late)))) == []
    assert set(steps(agent.propose(small.flood(outlook=small.outlook(homes=late))))) == {"HC"}


def test_the_stairs_are_safer_than_the_street_once_the_water_is_there() -> None:
    now = {"HC": (0.0, 0.9, 4)}
    assert list(agent.propose(small.flood(outlook=small.outlook(homes=now)))) == []


def test_fire_moves_everybody_in_the_house() -> None:
    [made] = agent.propose(small.flood(outlook=small.outlook(burns={"HF": (1800.0, 0.0, 1)})))
    assert made.reasons[0].code == "evacuation.fire.broadcast"
    assert made.reasons[0].values["people"] == 9.0
    assert made.reasons[0].values["chance"] == 0.25


def test_not_more_than_the_shield_lets_through() -> None:
    few = Evacuation(replace(Settings(), most=1))
    found = steps(few.propose(small.flood()))
    assert set(found) == {"HA"}  # of those that the water reaches in one quarter of an hour, the most people


def test_nobody_waits_for_a_crew_whose_way_out_will_be_gone() -> None:
    gone = small.outlook(homes={"HA": (1800.0, 0.5, 4)}, edges=dict.fromkeys(range(40), (2400.0, 1.0, 4)))
    assert steps(agent.propose(small.flood(outlook=gone)))["HA"].action.params["by"] == "broadcast"
    later = small.outlook(homes={"HA": (1800.0, 0.5, 4)}, edges=dict.fromkeys(range(40), (3600.0, 1.0, 4)))
    assert steps(agent.propose(small.flood(outlook=later)))["HA"].action.params["by"] == "crew"


def test_what_can_only_be_done_at_once_is_decided_on_alone() -> None:
    wet = {"HA": (2700.0, 0.5, 4), "HB": (2700.0, 0.5, 4)}
    round_ha = [small.edge((0, 1), end) for end in ((0, 0), (1, 1), (0, 2))]
    shut = small.outlook(homes=wet, edges=dict.fromkeys(round_ha, (1500.0, 1.0, 4)))
    made = [[s.action.target for s in p.steps] for p in agent.propose(small.flood(outlook=shut, units=()))]
    assert sorted(made) == [["HA"], ["HB"]]  # from HA one has to be told at once
    [both] = agent.propose(small.flood(outlook=small.outlook(homes=wet), units=()))
    assert [s.action.target for s in both.steps] == ["HA", "HB"]
