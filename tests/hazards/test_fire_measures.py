"""What people do about a fire: engines, hydrants, wet ground, breaks, evacuation, and a flood in the way of it all."""

from __future__ import annotations

import numpy as np
import pytest

from tests.hazards.hillside import GRID, SOUTH, STREET, WEST, at, begun, codes, do, house, rows, street, wind
from twin.errors import InputError, UsageError
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.scenario import Ignition

STATION = Asset("facility", "119", (at(700, 300),), {"class": "fire_station"})
HYDRANT = Asset("hydrant", "HY-1", (at(530, 280),), {"rate": 0.03})
CITY = {"building": street(), "facility": [STATION], "hydrant": [HYDRANT]}
PAVED = {"fuel_model": np.full(GRID.shape, float(STREET))}
LOT = {
    "building": [house("lone", 530, 260, structure="masonry", cladding="non_combustible")],
    "facility": [STATION],
    "hydrant": [HYDRANT],
}


def lone(**changes: object):
    """One house of masonry in a paved street, on fire from the start."""
    assets = changes.pop("assets", LOT)
    return begun(assets, PAVED, ignitions=(Ignition("house", target="lone"),), **changes)


def test_an_engine_arrives_after_turnout_and_way_and_puts_the_fire_out() -> None:
    fire = lone()
    fire.advance(120.0)
    effect = do(fire, "engine", "lone")
    way = np.hypot(700 - 534.5, 300 - 264) * 1.4 / (30 / 3.6)
    assert "119-1" in effect.note
    assert f"{(120 + 60 + way) / 60:.1f} min" in effect.note
    fire.advance(3600.0)
    engine = rows(fire, "engines")["119-1"]
    assert engine["arrived_s"] == pytest.approx(120 + 60 + way)
    assert engine["station"] == "119"
    assert engine["water_m3"] > 1
    assert rows(fire)["lone"]["state"] == "extinguished"
    left = begun(LOT, PAVED, ignitions=(Ignition("house", target="lone"),))
    left.advance(10_000.0)
    assert rows(left)["lone"]["state"] == "burnt_out"
    assert rows(left)["lone"]["energy_mj"] > 3 * rows(fire)["lone"]["energy_mj"]
    assert fire.advance(3600.0).fields["fire_state"].max() == 4.0


def test_water_comes_from_a_hydrant_as_long_as_it_gives_and_else_from_the_tank() -> None:
    fed, dry = lone(), lone(assets=LOT | {"hydrant": []})
    for fire in (fed, dry):
        do(fire, "engine", "lone")
        fire.advance(200.0)
        assert fire.advance(210.0).assets["engine_water"] == {"lone": 15.0}
    assert rows(fed, "engines")["119-1"]["source"] == "HY-1"
    assert rows(dry, "engines")["119-1"]["source"] == "tank"
    assert fed.advance(300.0).assets["engine_water"] == {"lone": 15.0}
    assert not dry.advance(300.0).assets["engine_water"]
    assert rows(dry, "engines")["119-1"]["water_m3"] == pytest.approx(2.4, abs=1e-9)
    fed.advance(3600.0)
    dry.advance(10_000.0)
    assert rows(fed)["lone"]["state"] == "extinguished"
    assert rows(dry)["lone"]["state"] == "burnt_out"
    assert "no_hydrants" in codes(lone(assets=LOT | {"hydrant": []}, measures=(Action("engine", 0.0, "lone"),)))


def test_two_engines_share_one_hydrant_and_a_closed_one_gives_nothing() -> None:
    weak = LOT | {"hydrant": [Asset("hydrant", "HY-1", (at(530, 280),), {"rate": 0.02})]}
    fire = lone(assets=weak, params={"tank_l": 0.0})
    assert "none is left" not in do(fire, "engine", "lone", number=2).note
    fire.advance(200.0)
    assert fire.advance(210.0).assets["engine_water"] == {"lone": 20.0}
    do(fire, "hydrant", "HY-1", rate=8.0)
    assert fire.advance(220.0).assets["engine_water"] == {"lone": 8.0}
    do(fire, "hydrant", "HY-1", open=False)
    assert not fire.advance(230.0).assets["engine_water"]
    do(fire, "hydrant", "", x=at(540, 270)[0], y=at(540, 270)[1], rate=11.0)
    assert fire.advance(240.0).assets["engine_water"] == {"lone": 11.0}
    assert "called back" in do(fire, "engine", "lone", recall=True).note
    assert not fire.advance(250.0).assets["engine_water"]


def test_a_station_has_so_many_engines_and_no_more() -> None:
    fire = lone(params={"engines_per_station": 2})
    assert "none is left" in do(fire, "engine", "lone", number=3).note
    assert "nobody comes" in do(fire, "engine", "lone").note
    fire.advance(60.0)
    assert codes(fire).count("engines_short") == 2
    do(fire, "engine", "", recall=True)
    assert "119-" in do(fire, "engine", "lone").note


def test_an_engine_turns_to_the_neighbour_when_its_own_is_out() -> None:
    pair = LOT | {
        "building": [
            house("lone", 530, 260, structure="masonry", cladding="non_combustible"),
            house("next", 530, 300, structure="masonry", cladding="non_combustible"),
        ]
    }
    fire = begun(pair, PAVED, ignitions=(Ignition("a", target="lone"), Ignition("b", target="next")))
    do(fire, "engine", "lone")
    fire.advance(5000.0)
    states = {id_: row["state"] for id_, row in rows(fire).items()}
    assert states["lone"] == "extinguished"
    assert states["next"] == "extinguished"
    assert rows(fire)["next"]["ended_s"] > rows(fire)["lone"]["ended_s"]
    there = begun(pair, PAVED, ignitions=(Ignition("b", target="next"),))
    do(there, "engine", "", x=at(540, 310)[0], y=at(540, 310)[1])
    there.advance(4000.0)
    assert rows(there)["next"]["state"] == "extinguished"


def test_a_wet_facade_keeps_a_house_from_burning_that_burns_without() -> None:
    pair = {"building": [house("a", 530, 260), house("b", 545, 260)]}
    plain, wet = (
        begun(pair, PAVED, weather=wind(0.0), ignitions=(Ignition("a", target="a"),), params={"brand_factor": 0.0})
        for _ in range(2)
    )
    effect = do(wet, "wet", "b", rate=60.0)
    assert "60 L/s" in effect.note
    for fire in (plain, wet):
        fire.advance(7200.0)
    assert "b" in rows(plain)
    assert rows(plain)["b"]["state"] == "burnt_out"
    assert rows(wet).get("b", {"state": "unburnt"})["state"] in ("unburnt", "heated")


def test_a_fire_break_holds_and_a_gap_in_it_does_not() -> None:
    line = [[*at(400, 0)], [*at(400, 600)]]
    quiet = {"ignitions": (Ignition("g", points=(at(200, 300),)),), "params": {"spotting": "off"}}
    fire = begun({}, **quiet)
    effect = do(fire, "clear", line=line, width=10.0, duration=0.0)
    assert effect.cells >= 60
    frame = fire.advance(5400.0)
    assert not (frame.fields["fire_state"][:, 42:] > 0).any()
    assert (frame.fields["fire_state"][:, 35:38] > 0).any()
    gap = begun({}, **quiet)
    do(gap, "clear", line=[line[0], [*at(400, 280)]], width=10.0, duration=0.0)
    do(gap, "clear", line=[[*at(400, 320)], line[1]], width=10.0, duration=0.0)
    assert (gap.advance(5400.0).fields["fire_state"][:, 42:] > 0).any()


def test_a_break_takes_its_time_and_the_fire_may_be_there_first() -> None:
    quiet = {"ignitions": (Ignition("g", points=(at(350, 300),)),), "params": {"spotting": "off"}}
    late = begun({}, **quiet)
    effect = do(late, "clear", line=[[*at(400, 0)], [*at(400, 600)]], width=10.0, pace=0.05)
    assert "200.0 min" in effect.note
    assert (late.advance(3600.0).fields["fire_state"][:, 42:] > 0).any()
    assert not late.world.works.closed[-1, 40]
    assert late.world.works.closed[0, 40]


def test_a_break_can_take_down_the_houses_on_it() -> None:
    fire = begun(ignitions=(Ignition("h", target="h00"),), fields=PAVED, params={"brand_factor": 0.0})
    middle = 521 + 13 + 4.5
    effect = do(fire, "clear", line=[[*at(middle, 250)], [*at(middle, 340)]], width=4.0, duration=0.0, demolish=True)
    assert "6 buildings" in effect.note
    fire.advance(7200.0)
    assert not {id_ for id_ in rows(fire) if id_.startswith("h1")}
    assert {id_ for id_ in rows(fire) if id_.startswith("h0")}
    assert abs(fire.budget().error_relative) < 1e-9


def test_wet_ground_holds_while_it_is_wet() -> None:
    quiet = {"ignitions": (Ignition("g", points=(at(200, 300),)),), "params": {"spotting": "off"}}
    fire = begun({}, **quiet)
    effect = do(fire, "wet", line=[[*at(400, 0)], [*at(400, 600)]], width=20.0, duration=3000.0)
    assert effect.cells > 60
    assert not (fire.advance(2990.0).fields["fire_state"][:, 43:] > 0).any()
    assert (fire.advance(5400.0).fields["fire_state"][:, 43:] > 0).any()


def test_people_are_away_from_the_time_it_takes() -> None:
    fire = begun()
    fire.advance(100.0)
    assert "3 people of 1 buildings" in do(fire, "evacuate", "h00", duration=600.0).note
    west, south = at(515, 255)
    effect = do(fire, "evacuate", "", box=[west, south, west + 40, south + 90], duration=1200.0)
    assert "54 people of 18 buildings away by 21.7 min" in effect.note
    table = rows(fire, "evacuated")
    assert table["h00"] == {"id": "h00", "residents": 3.0, "by_s": 700.0}
    assert table["h25"]["by_s"] == 1300.0


def test_a_flood_holds_an_engine_up_until_it_falls() -> None:
    fire = lone()
    depth = np.zeros(GRID.shape)
    depth[:, 60:64] = 0.5
    fire.see({"depth": depth}, {})
    do(fire, "engine", "lone")
    fire.advance(1200.0)
    fire.see({"depth": depth}, {})
    assert rows(fire, "engines")["119-1"]["arrived_s"] is None
    assert "engines_held_up" in codes(fire)
    fire.see({"depth": 0.4 * depth}, {})
    fire.advance(2400.0)
    arrived = rows(fire, "engines")["119-1"]["arrived_s"]
    assert 1200 < arrived < 1400
    free = lone()
    free.see({"depth": 0.4 * depth}, {})
    do(free, "engine", "lone")
    free.advance(1200.0)
    assert rows(free, "engines")["119-1"]["arrived_s"] < 200


def test_a_river_that_was_there_before_blocks_nobody() -> None:
    depth = np.zeros(GRID.shape)
    depth[:, 60:64] = 2.0
    fire = begun(LOT, PAVED | {"depth": depth}, ignitions=(Ignition("house", target="lone"),))
    fire.see({"depth": depth + 0.5 * (depth > 0)}, {})
    do(fire, "engine", "lone")
    fire.advance(600.0)
    assert rows(fire, "engines")["119-1"]["arrived_s"] < 200


def test_grass_under_water_does_not_burn_nor_after_it() -> None:
    quiet = {"ignitions": (Ignition("g", points=(at(200, 300),)),), "params": {"spotting": "off"}}
    fire = begun({}, **quiet)
    depth = np.zeros(GRID.shape)
    depth[:, 38:42] = 0.1
    fire.see({"depth": depth}, {})
    fire.advance(600.0)
    fire.see({"depth": np.zeros(GRID.shape)}, {})
    assert not (fire.advance(5400.0).fields["fire_state"][:, 38:] > 0).any()
    flooded = begun({}, ignitions=(Ignition("g", at=60.0, points=(at(400, 300),)),))
    flooded.see({"depth": depth}, {})
    flooded.advance(600.0)
    assert flooded.world.passed.count == 0
    assert "ignition_failed" in codes(flooded)


def test_water_at_a_house_leaves_less_to_burn_and_takes_the_hydrants_pressure() -> None:
    supply = Asset("facility", "works", (at(100, 100),), {"class": "waterworks"})
    fire, dry = lone(assets=LOT | {"facility": [STATION, supply]}, params={"tank_l": 0.0}), lone(params={"ford_m": 5.0})
    depth = np.zeros(GRID.shape)
    depth[9:12, 9:12] = 1.0
    fire.see({"depth": depth}, {})
    do(fire, "engine", "lone")
    fire.advance(400.0)
    assert not fire.advance(410.0).assets["engine_water"]
    fire.see({"depth": np.zeros(GRID.shape)}, {})
    assert fire.advance(420.0).assets["engine_water"] == {"lone": 15.0}
    wet = lone()
    wet.see({"depth": np.full(GRID.shape, 1.5)}, {})
    for one in (dry, wet):
        one.advance(10_000.0)
    assert rows(wet)["lone"]["energy_mj"] == pytest.approx(0.75 * rows(dry)["lone"]["energy_mj"], rel=1e-6)
    assert abs(wet.budget().error_relative) < 1e-9


WRONG = [
    ("engine", "", {}, "target"),
    ("engine", "nowhere", {}, "nowhere"),
    ("engine", "lone", {"from": "120"}, "'120' is not known"),
    ("engine", "lone", {"number": 1.5}, "whole"),
    ("engine", "lone", {"speed": 3.0}, "'speed' is not known"),
    ("engine", "", {"x": 0.0, "y": 0.0}, "outside the area"),
    ("hydrant", "HY-9", {}, "HY-1"),
    ("hydrant", "HY-1", {"rate": -1.0}, "'rate' is -1"),
    ("hydrant", "HY-1", {"open": "yes"}, "true or false"),
    ("wet", "", {}, "give one of"),
    ("wet", "", {"box": [0.0, 0.0, 1.0, 1.0]}, "no cell"),
    ("clear", "", {}, "line"),
    ("clear", "", {"line": [[0.0, 0.0], [1.0, 1.0]]}, "no cell"),
    ("clear", "", {"line": [[WEST, SOUTH], [WEST + 100, SOUTH]], "pace": 1.0, "duration": 1.0}, "either"),
    ("evacuate", "", {"x": WEST + 10, "y": SOUTH + 10, "radius": 5.0}, "no building"),
    ("evacuate", "lone", {"duration": -5.0}, "duration"),
]


@pytest.mark.parametrize(("kind", "target", "params", "said"), WRONG)
def test_what_is_wrong_with_a_measure_is_said_before_the_first_step(
    kind: str, target: str, params: dict, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        do(lone(), kind, target, **params)
    with pytest.raises(InputError, match=r"measure\[1\] at 5 min.*" + said):
        lone(measures=(Action("evacuate", target="lone"), Action(kind, 300.0, target, params)))


def test_an_unknown_kind_and_an_engine_without_any_station_are_refused() -> None:
    with pytest.raises(UsageError, match="barrier"):
        do(lone(), "barrier", "")
    with pytest.raises(UsageError, match=r"measure\[0\].*breach"):
        lone(measures=(Action("breach"),))
    with pytest.raises(InputError, match="no fire station"):
        do(lone(assets={"building": LOT["building"]}), "engine", "lone")


def test_measures_of_a_document_are_rehearsed_and_leave_no_trace() -> None:
    planned = lone(
        measures=(Action("engine", 0.0, "lone"), Action("wet", 0.0, "", {"box": [WEST, SOUTH, WEST + 50, SOUTH + 50]}))
    )
    assert planned.world.crews.engines == []
    assert not planned.world.works.closed.any()
    assert "engine_ways" in codes(planned)


def test_a_target_that_is_no_building_is_a_place_when_it_has_points() -> None:
    fire = lone()
    park = [[*at(100, 100)], [*at(200, 100)], [*at(200, 200)], [*at(100, 200)], [*at(100, 100)]]
    assert do(fire, "wet", "PARK", points=park).cells == 100
    do(fire, "engine", "PARK", points=park)
    engine = fire.world.crews.engines[0]
    assert engine.place == pytest.approx(at(150, 150))
    assert engine.building == -1
