"""Hazards that run side by side: each gets its own share, sees the others, and goes on from what it saved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import numpy as np
import pytest

from twin import hazards
from twin.errors import InputError, MissingError, UsageError
from twin.hazards import Setting
from twin.hazards._together import Together
from twin.hazards.flood import FloodHazard
from twin.model.action import Action, Effect
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.run import Budget, Frame
from twin.model.scenario import Scenario, Series

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 5.0, 30, 20)
RAIN = Series((0.0, 600.0), (50e-3 / 3600, 0.0), step=True)
PUMP = Asset("pump", "P-1", ((200_052.0, 450_052.0),), {"rate": 0.01})
HOUSE = Asset("building", "B-1", ((200_100.0, 450_050.0), (200_110.0, 450_050.0), (200_110.0, 450_060.0)), {})
CELLAR = replace(HOUSE, id="B-2", params={"basements": 1})


class Ember:
    """Burns the pump's building down at a time, and notes how much water it is shown."""

    inputs: ClassVar = {"elevation": 3.0, "fuel_model": 91.0}
    forcing = ()
    assets: ClassVar = {"building": (), "hydrant": ()}
    sees = ("depth",)
    outputs = ("fire_state",)
    summaries = ("fire_arrival",)
    measures = ("engine", "pump")
    validated = "not validated: an ember for tests"
    findings: ClassVar = []

    def start(self, setting: Setting) -> None:
        self.setting, self.time, self.seen, self.done = setting, 0.0, [], []
        self.draw = setting.rng.random()

    def advance(self, until, watch=None) -> Frame:
        assert until >= self.time
        self.time = until
        return Frame(until, {"fire_state": self._state()}, {"building_fire": {"B-1": 2.0}})

    def _state(self):
        state = np.zeros(GRID.shape, np.float32)
        state[10, 10] = 3.0 if self.time >= self.setting.scenario.params.get("burns_at", np.inf) else 0.0
        return state

    def see(self, fields, things) -> None:
        assert set(fields) <= set(self.sees)
        self.seen.append((self.time, float(fields["depth"].sum()), dict(things)))

    def apply(self, action: Action) -> Effect:
        self.done.append(action.kind)
        return Effect(action, 2, "ember told")

    def budget(self) -> Budget:
        return Budget(0.0, 5.0, 7.0, 0.0, {"fuel_at_start": 12.0}, "MJ")

    def summary(self):
        return {"fire_arrival": np.full(GRID.shape, np.nan, np.float32)}

    def aftermath(self):
        return {"findings": [{"code": "ember"}], "buildings": [{"id": "B-1"}]}

    def save(self):
        return {"time": np.array([self.time])}

    def load(self, saved, done) -> None:
        self.time, self.done = float(saved["time"][0]), [a.kind for a in done]

    cell_updates = 7


def begun(**changes) -> Together:
    both = Together({"flood": FloodHazard(), "fire": Ember()})
    scenario = Scenario("t", "flood+fire", datetime(2026, 7, 1, tzinfo=UTC), 600.0, 60.0, 5.0, rain=RAIN)
    fields = {name: np.full(GRID.shape, value or 0.0) for name, value in both.inputs.items()}
    fields["elevation"] = 10 + np.hypot(*np.meshgrid(np.arange(30.0) - 10, np.arange(20.0) - 10)) * 0.1
    fields["depth"] = np.maximum(10.8 - fields["elevation"], 0.0)
    assets = {"pump": [PUMP], "building": [HOUSE, CELLAR], "hydrant": []}
    both.start(Setting(GRID, replace(scenario, **changes), fields, assets=assets))
    return both


def test_what_one_requires_is_required_and_things_are_handed_to_who_asked() -> None:
    both = begun()
    assert both.inputs["elevation"] is None
    assert both.assets["building"] == ()
    fire = both.parts["fire"]
    assert set(fire.setting.fields) == {"elevation", "fuel_model"}
    assert [a.id for a in fire.setting.assets["building"]] == ["B-1", "B-2"]
    assert set(fire.setting.assets) == {"building", "hydrant"}
    assert [f.code for f in both.findings if "basement" in f.code or f.code == "ember"]


def test_each_sees_the_other_at_every_coupling_step() -> None:
    both = begun(params={"together": {"every": 30.0}})
    frame = both.advance(100.0)
    assert frame.time == 100.0
    assert set(frame.fields) == {"depth", "velocity_x", "velocity_y", "fire_state"}
    assert frame.assets["building_fire"] == {"B-1": 2.0}
    both.advance(125.0)
    seen = both.parts["fire"].seen
    assert [time for time, _, _ in seen] == [30.0, 60.0, 90.0, 120.0]
    water = [depth for _, depth, _ in seen]
    assert min(water) > 0
    assert len(set(water)) == 4
    assert "pump_rate" in seen[0][2]


def test_a_pump_in_a_burning_building_stands_still() -> None:
    rates, told = {}, {}
    for burns_at in (120.0, 1e9):
        both = begun(params={"fire": {"burns_at": burns_at}})
        rates[burns_at] = [both.advance(t).assets["pump_rate"]["P-1"] for t in (120.0, 300.0, 600.0)]
        told[burns_at] = both.aftermath()
    assert rates[120.0][0] == rates[1e9][0]
    assert rates[120.0][1:] == [0.0, 0.0]
    assert [f["code"] for f in told[120.0]["findings"]] == ["pump_burnt", "ember"]
    assert [f["code"] for f in told[1e9]["findings"]] == ["ember"]
    assert min(rates[1e9][1:]) > 0


def test_an_action_goes_to_those_who_know_it() -> None:
    both = begun()
    both.advance(60.0)
    effect = both.apply(Action("pump", 60.0, params={"x": 200_050.0, "y": 450_050.0, "rate": 0.5}))
    assert both.parts["fire"].done == ["pump"]
    assert "ember told" in effect.note
    assert both.apply(Action("engine")).cells == 2
    with pytest.raises(UsageError, match=r"teleport.*engine"):
        both.apply(Action("teleport"))


def test_books_and_tables_of_both_stand_side_by_side() -> None:
    both = begun()
    both.advance(300.0)
    budget = both.budget()
    assert (budget.unit, budget.also[0].unit) == ("m3", "MJ")
    assert abs(budget.error_relative) < 1e-6
    after = both.aftermath()
    assert {"code": "ember"} in after["findings"]
    assert after["buildings"] == [{"id": "B-1"}]
    assert set(both.summary()) == set(both.summaries)
    assert both.cell_updates > 7
    assert "ember" in both.validated
    assert "not validated" in both.validated


def test_it_goes_on_as_if_nothing_had_been_even_with_a_burnt_pump() -> None:
    params = {"fire": {"burns_at": 120.0}, "together": {"every": 40.0}}
    first, second = begun(params=params), begun(params=params)
    first.advance(210.0)
    second.load(first.save(), [])
    a, b = first.advance(500.0), second.advance(500.0)
    for quantity in a.fields:
        assert a.fields[quantity].tobytes() == b.fields[quantity].tobytes()
    assert a.assets == b.assets
    assert first.budget() == second.budget()


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"flod": {}}, "'flod' are of none of the hazards.*flood"),
        ({"fire": 3}, "params 'fire' are 3; they must be a table"),
        ({"together": {"evry": 3}}, "'evry' is not known.*every"),
        ({"together": {"every": 0}}, "every is 0; it must be a number from 1 to 3600"),
        ({"together": 4}, "must be a table"),
    ],
)
def test_wrong_params_are_named(params, says: str) -> None:
    with pytest.raises(InputError, match=says):
        begun(params=params)


def test_hazards_are_made_by_name() -> None:
    assert isinstance(hazards.make("flood"), FloodHazard)
    with pytest.raises(MissingError, match=re.escape("hazard 'flod' is not known")):
        hazards.make("flod")
    with pytest.raises(MissingError, match="hazard 'x' is not known"):
        hazards.make("flood+x")
    with pytest.raises(UsageError, match="name each one once"):
        hazards.make("flood+flood")
