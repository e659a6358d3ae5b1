"""Fire in a made-up house: gas, people and measures together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.hazards.house import GRID, assets, begun, opening, scenario, space
from twin.errors import InputError, UsageError
from twin.hazards import Setting
from twin.hazards.indoor_fire import IndoorFireHazard
from twin.model.action import Action
from twin.model.scenario import Ignition


def rooms(hazard: IndoorFireHazard) -> dict[str, dict[str, object]]:
    return {str(row["name"]): row for row in hazard.aftermath()["rooms"]}


def figure(row: dict[str, object], name: str) -> float:
    return float(str(row[name]))


def test_smoke_fills_the_burning_room_first_and_then_those_it_is_open_to() -> None:
    hazard = begun(doors="open", premovement_s=20)
    hazard.advance(300.0)
    found = rooms(hazard)
    times = [figure(found[name], "untenable_s") for name in ("living", "corridor", "bed")]
    assert times == sorted(times)
    assert figure(found["living"], "hottest_c") > 150
    assert abs(hazard.budget().error_relative) < 1e-6
    assert hazard.budget().unit == "MJ"


def test_who_waits_behind_a_shut_door_stays_where_it_is_clear() -> None:
    hazard = begun(premovement_s=100)
    hazard.advance(400.0)
    bed = rooms(hazard)["bed"]
    assert (bed["inside"], bed["down"], bed["untenable_s"], bed["left_s"]) == (1, 0, None, None)
    assert "people_inside" in {f["code"] for f in hazard.aftermath()["findings"]}


def test_a_door_that_nobody_opens_keeps_smoke_out() -> None:
    nobody = {"people": {"S1": 0, "S2": 0, "S3": 0, "S4": 0}}
    shut, ajar = begun(**nobody), begun(**nobody, door_open={"D2": 1.0})
    for hazard in (shut, ajar):
        hazard.advance(400.0)
    dense = [h.advance(400.0).assets["optical_density"]["S2"] for h in (shut, ajar)]
    assert dense[0] < 0.5 * dense[1]


def test_fields_show_one_storey_and_nothing_beside_it() -> None:
    ground, above = begun(doors="open"), begun(doors="open", storey="2F")
    frame, upper = ground.advance(120.0), above.advance(120.0)
    field = frame.fields["upper_temperature"]
    assert field[0, 0] == 0
    assert field[4, 4] == pytest.approx(frame.assets["upper_temperature"]["S1"])  # x 2.25, y 2.25
    assert field[12, 10] == pytest.approx(frame.assets["upper_temperature"]["S3"])
    assert upper.fields["upper_temperature"][4, 4] == 0
    assert upper.fields["upper_temperature"][12, 10] == pytest.approx(upper.assets["upper_temperature"]["S4"])
    assert frame.fields["interface_height"].dtype == np.float32
    with pytest.raises(InputError, match="'storey' is '3F', where no room lies; known: 1F, 2F"):
        begun(storey="3F")


def test_frames_on_the_way_change_nothing() -> None:
    often, once = begun(doors="open"), begun(doors="open")
    for time in range(10, 301, 10):
        often.advance(float(time))
    assert often.advance(300.0).assets == once.advance(300.0).assets
    assert often.aftermath() == once.aftermath()


def test_a_resumed_fire_goes_on_alike_after_measures() -> None:
    done = [Action("door", 50.0, "D2", {"opening": 0.5}), Action("extinguish", 100.0, "living", {"heat": 100.0})]
    first = begun()
    for action in done:
        first.advance(action.at)
        first.apply(action)
    first.advance(150.0)
    second = begun()
    second.load(first.save(), done)
    assert first.advance(400.0).assets == second.advance(400.0).assets
    assert first.aftermath() == second.aftermath()


def test_windows_fall_out_where_the_layer_is_hot_enough_and_let_air_in() -> None:
    firm, weak = begun(window_breaks_c=2000.0), begun(window_breaks_c=100.0)
    held, open_ = firm.advance(400.0), weak.advance(400.0)
    assert held.assets["door_opening"]["W1"] == 0
    assert open_.assets["door_opening"]["W1"] == 1
    assert "windows_broken" in {f["code"] for f in weak.aftermath()["findings"]}
    assert weak.budget().parts["released"] > firm.budget().parts["released"]
    note = weak.apply(Action("window", 400.0, "W1", {"open": False})).note
    assert "stays open" in note
    assert firm.apply(Action("window", 400.0, "W1", {"opening": 0.3})).note == "window 'W1' 0% open, now 30%"


def test_contents_of_another_room_catch_fire_in_hot_smoke() -> None:
    hazard = begun(doors="open", outer_doors="open", window_open={"W1": 1.0}, growth="ultra", spread_c=120.0)
    hazard.advance(300.0)
    assert "fire_spread" in {f["code"] for f in hazard.aftermath()["findings"]}
    assert hazard.advance(330.0).assets["heat_release"]["S3"] > 0
    assert begun(doors="open", spread=False, growth="ultra").advance(300.0).assets["heat_release"]["S3"] == 0


def test_water_puts_a_fire_down_and_out() -> None:
    free, sprayed, put_out = begun(), begun(), begun()
    for hazard in (free, sprayed, put_out):
        hazard.advance(150.0)
    assert "down to 1/e" in sprayed.apply(Action("sprinkler", 150.0, "living", {"water": 2.0})).note
    assert put_out.apply(Action("extinguish", 150.0, "", {"water": 2.0})).cells == 1
    heats = [h.advance(200.0).assets["heat_release"]["S1"] for h in (free, sprayed, put_out)]
    assert heats[0] > 300
    assert heats[1] == pytest.approx(heats[0] * np.exp(-50 / (3 * 0.1**-1.8)), rel=0.05)
    assert heats[2] == 0
    put_out.advance(230.0)
    put_out.apply(Action("extinguish", 230.0, "living", {"heat": 0.0}))
    assert put_out.advance(300.0).assets["heat_release"]["S1"] == 0


def test_sprinklers_go_off_by_themselves() -> None:
    with_, without = begun(sprinklers=True, doors="open"), begun(doors="open")
    with_.advance(300.0)
    without.advance(300.0)
    assert figure(rooms(with_)["living"], "hottest_c") < figure(rooms(without)["living"], "hottest_c")


def test_people_leave_earlier_when_they_are_told_to() -> None:
    late, told = begun(detectors="none", premovement_s=30), begun(detectors="none", premovement_s=30)
    for hazard in (late, told):
        hazard.advance(10.0)
    assert told.apply(Action("evacuate", 10.0, "2F")).note == "1 people warned"
    assert told.apply(Action("evacuate", 10.0, "bed", {"delay": 5.0})).note == "1 people warned"
    # who sees the fire has been warned by it
    assert told.apply(Action("evacuate", 10.0)).note == "1 people warned"
    for hazard in (late, told):
        hazard.advance(600.0)
    assert figure(rooms(told)["bed"], "left_s") < figure(rooms(told)["loft"], "left_s") < 60
    assert rooms(late)["loft"]["left_s"] is None or figure(rooms(late)["loft"], "left_s") > 60
    assert told.aftermath()["evacuation"][0]["out"] == 4


def test_an_alarm_warns_everybody_at_its_time_or_when_a_detector_goes_off() -> None:
    stated, detected = begun(detectors="none", alarm_s=42.0), begun()
    for hazard in (stated, detected):
        hazard.advance(120.0)
    assert stated.aftermath()["evacuation"][0]["alarm_s"] == 42.0
    assert 5 < figure(detected.aftermath()["evacuation"][0], "alarm_s") < 100


def test_people_without_a_way_out_are_named() -> None:
    things = assets()
    shed = space("S0", "attic", ((20, 1), (24, 1), (24, 5), (20, 5), (20, 1)))
    hazard = begun(things={**things, "space": [*things["space"], shed]}, scope="all")
    said = {f.code: f.message for f in hazard.findings}
    assert said["no_way_out"].startswith("1 people in 1 rooms have no way out: attic")
    hazard.advance(600.0)
    assert "people_inside" in {f["code"] for f in hazard.aftermath()["findings"]}
    walled = begun(things={**things, "door": things["door"][:2]})
    assert "no_exit" in {f.code for f in walled.findings}
    assert "unverified" in {f.code for f in walled.findings}


def test_a_balcony_is_no_way_out_unless_it_is_said_to_be() -> None:
    balcony = opening("door", "D9", 5, 7, "S4", level=13.0, is_external=True)
    things = {**assets(), "door": [*assets()["door"], balcony]}
    graph = begun(things=things).course
    ways = {graph.graph.joints[n].id for n in graph.people.routes.exits}
    assert ways == {"D3"}
    stated = begun(things=things, exits=["D9"]).course
    assert {stated.graph.joints[n].id for n in stated.people.routes.exits} == {"D9"}


@pytest.mark.parametrize(("action", "said"), [
    (Action("gate", 0.0, "D1"), "knows no measure 'gate'; known: door, evacuate, extinguish, sprinkler, window"),
    (Action("door", 60.0, "D7"), r"measure\[0\] at 1 min: door: no door of the building has the id 'D7'; known: D1"),
    (Action("door", 0.0), "give the 'target'"),
    (Action("door", 0.0, "D1", {"opening": 2.0}), "'opening' is 2.0; it must be a number from 0 to 1"),
    (Action("door", 0.0, "D1", {"opening": 1.0, "open": True}), "say the same"),
    (Action("window", 0.0, "W1", {"speed": 1}), "param 'speed' is not known"),
    (Action("sprinkler", 0.0), "give the 'target', a room"),
    (Action("sprinkler", 0.0, "cellar"), "no room of the building is called 'cellar'"),
    (Action("extinguish", 0.0, "living"), "give either 'heat' .kW. or 'water'"),
    (Action("extinguish", 0.0, "living", {"heat": -5.0}), "'heat' is -5.0"),
    (Action("evacuate", 0.0, "9F"), "no room of the building is called '9F'"),
])  # fmt: skip
def test_wrong_measures_are_refused_before_the_first_step(action: Action, said: str) -> None:
    with pytest.raises((InputError, UsageError), match=said):
        begun(action)


@pytest.mark.parametrize(("ignitions", "said"), [
    ((), "nothing burns; give an .*ignition"),
    ((Ignition("sofa", target="cellar"),), "ignition 'sofa': no room of the building is called 'cellar'"),
    ((Ignition("sofa", points=((50.0, 50.0),)),), "ignition 'sofa' at .*: no room lies there"),
    ((Ignition("sofa", points=((3.0, 6.0),)),), "corridor, loft lies there; give the room"),
])  # fmt: skip
def test_wrong_ignitions_are_named(ignitions: tuple[Ignition, ...], said: str) -> None:
    what_if = replace(scenario(), ignitions=ignitions)
    with pytest.raises(InputError, match=said):
        IndoorFireHazard().start(Setting(GRID, what_if, {}, assets=assets()))


def test_a_place_stands_for_the_room_that_lies_there() -> None:
    hazard = IndoorFireHazard()
    what_if = replace(scenario(), ignitions=(Ignition("sofa", at=30.0, points=((3.0, 2.0),)),))
    hazard.start(Setting(GRID, what_if, {}, assets=assets()))
    assert hazard.advance(25.0).assets["heat_release"]["S1"] == 0
    assert hazard.advance(90.0).assets["heat_release"]["S1"] > 10


def test_parameters_that_name_what_is_not_there_are_refused() -> None:
    for params, said in (
        ({"people": {"attic": 3}}, "'people': no room"),
        ({"door_open": {"X": 1.0}}, "'door_open': no door"),
        ({"window_open": {"D1": 1.0}}, "'window_open': no window"),
        ({"exits": ["W1"]}, r"'exits\[0\]': no door"),
        ({"people_per_m2": 10.0, "people": {"S1": 99_999}}, "at most 20,000"),
    ):
        with pytest.raises(Exception, match=said):
            begun(**params)
    with pytest.raises(UsageError, match="not been started"):
        IndoorFireHazard().advance(1.0)
