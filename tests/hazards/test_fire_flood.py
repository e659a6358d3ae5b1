"""A flood and a fire in one run: the water of the one stands in the way of the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.hazards.hillside import GRID, STREET, at, house, scenario
from twin.hazards import Setting
from twin.hazards._together import Together
from twin.hazards.fire import FireHazard
from twin.hazards.flood import FloodHazard
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.scenario import Ignition, Inflow, Series

BUILDINGS = [
    house("lone", 530, 260, structure="masonry", cladding="non_combustible"),
    house("station", 700, 300, structure="concrete", cladding="non_combustible", use="fire_station"),
]
PUMP = Asset("pump", "P1", (at(533, 263),), {"rate": 0.5})
ENGINE = Action("engine", 300.0, "lone")


def together(discharge: float) -> Together:
    """A house on fire and its fire station, with a valley between them into which a river runs."""
    column = np.arange(GRID.nx)
    height = np.where((column >= 60) & (column < 64), 8.0, 10.0) * np.ones((GRID.ny, 1))
    river = Inflow("river", *at(620, 300), Series((0.0,), (discharge,)), 30.0)
    given = replace(
        scenario(ignitions=(Ignition("house", target="lone"),), measures=(ENGINE,)),
        hazard="flood+fire",
        inflows=(river,),
        params={"flood": {"order": 1}, "fire": {}},
    )
    both = Together({"flood": FloodHazard(), "fire": FireHazard()})
    fields = {"elevation": height, "fuel_model": np.full(GRID.shape, float(STREET))}
    both.start(Setting(GRID, given, fields, assets={"building": BUILDINGS, "pump": [PUMP]}))
    return both


def played(both: Together, until: float) -> dict[str, object]:
    both.advance(300.0)
    both.apply(ENGINE)
    both.advance(until)
    return both.aftermath()["engines"][0]


def test_an_engine_does_not_pass_a_street_under_water_and_does_where_it_is_dry() -> None:
    dry, wet = played(together(0.5), 1800.0), played(together(60.0), 1800.0)
    assert dry["arrived_s"] is not None
    assert dry["held_up_s"] == 0
    assert wet["arrived_s"] is None
    assert wet["held_up_s"] > 1000


def test_both_budgets_close_and_a_pump_in_the_burning_house_stands_still() -> None:
    both = together(5.0)
    both.advance(60.0)
    frame = both.advance(1200.0)
    budget = both.budget()
    assert budget.unit == "m3"
    assert [other.unit for other in budget.also] == ["MJ"]
    assert abs(budget.also[0].error_relative) < 1e-9
    assert abs(budget.error_relative) < 1e-6
    assert frame.assets["building_fire"]["lone"] == 2.0
    assert set(frame.fields) == {*FloodHazard.outputs, *FireHazard.outputs}
    pump = both.parts["flood"].engine.structures["pump 'P1'"]  # type: ignore[attr-defined]
    assert not pump.power


def test_goes_on_from_what_both_saved() -> None:
    first, second = together(30.0), together(30.0)
    first.advance(300.0)
    first.apply(ENGINE)
    first.advance(420.0)
    second.load(first.save(), [ENGINE])
    a, b = first.advance(1000.0), second.advance(1000.0)
    for quantity in a.fields:
        assert a.fields[quantity].tobytes() == b.fields[quantity].tobytes()
    assert first.aftermath() == second.aftermath()


def test_how_far_it_spread_is_told_at_frames_and_not_at_every_look_at_each_other() -> None:
    both = together(0.5)
    for until in (0.0, 300.0, 420.0, 600.0, 600.0, 900.0):
        both.advance(until)
    assert [row["time_s"] for row in both.aftermath()["spread"]] == [0.0, 300.0, 600.0, 900.0]
    both.advance(1000.0)
    assert both.aftermath()["spread"][-1]["time_s"] == 900.0


def test_the_end_of_a_run_is_a_frame_wherever_it_lies() -> None:
    fire = FireHazard()
    given = replace(scenario(), duration=1000.0)
    fire.start(Setting(GRID, given, {"elevation": np.full(GRID.shape, 10.0), "fuel_model": np.full(GRID.shape, 102.0)}))
    for until in (0.0, 300.0, 600.0, 900.0, 1000.0):
        fire.advance(until)
    assert [row["time_s"] for row in fire.aftermath()["spread"]] == [0.0, 300.0, 600.0, 900.0, 1000.0]
