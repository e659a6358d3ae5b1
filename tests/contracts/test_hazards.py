"""The contract of `twin/hazards`: each room passes by being there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from twin import names
from twin.errors import InputError, UsageError
from twin.hazards import Setting
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.scenario import Ignition, Scenario, Series
from twin.rooms import discover

HAZARDS = discover("twin.hazards", "hazard")
GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 5.0, 40, 30)
RING = ((200_020.0, 450_020.0), (200_060.0, 450_020.0), (200_060.0, 450_050.0), (200_020.0, 450_050.0))
#: things for hazards that work with them: a room with a door to the open
ASSETS = {
    "space": [Asset("space", "room", (*RING, RING[0]), {"name": "hall", "height": 3.0, "level": 10.0})],
    "door": [Asset("door", "door", RING[:2], {"spaces": "room", "width": 1.0, "height": 2.0, "is_external": True})],
}
#: kind -> what of it begins to burn; of the others the ground
BURNS = {"space": "room"}


def scenario(name: str) -> Scenario:
    rain = Series((0.0, 300.0), (30e-3 / 3600, 0.0), step=True)
    target = next((thing for kind, thing in BURNS.items() if kind in HAZARDS[name]().assets), "")
    ignition = Ignition("fire", points=() if target else ((200_100.0, 450_075.0),), target=target)
    start = datetime(2026, 7, 1, tzinfo=UTC)
    return Scenario(name, name, start, 600.0, 60.0, 5.0, rain=rain, ignitions=(ignition,))


def begun(name: str, **changes: Any) -> Any:
    hazard = HAZARDS[name]()
    rng = np.random.default_rng(3)
    fields = {q: np.full(GRID.shape, 10.0 if default is None else default) for q, default in hazard.inputs.items()}
    fields["elevation"] = 10 + rng.random(GRID.shape)
    if "fuel_model" in fields:
        fields["fuel_model"][:] = 102.0  # grass: by default the ground of a city does not burn
    things = {kind: things for kind, things in ASSETS.items() if kind in hazard.assets}
    hazard.start(Setting(GRID, replace(scenario(name), **changes), fields, assets=things))
    return hazard


@pytest.mark.parametrize("name", HAZARDS)
def test_declares_known_quantities_and_its_validation(name: str) -> None:
    hazard = HAZARDS[name]()
    for quantity in (*hazard.inputs, *hazard.outputs, *hazard.summaries):
        assert quantity in names.QUANTITIES
    assert len(hazard.validated) > 20


@pytest.mark.parametrize("name", HAZARDS)
def test_lands_on_the_time_with_every_output_and_a_closed_budget(name: str) -> None:
    hazard = begun(name)
    for until in (60.0, 125.5, 600.0):
        frame = hazard.advance(until)
        assert frame.time == until
        assert set(frame.fields) == set(hazard.outputs)
        for values in frame.fields.values():
            assert values.shape == GRID.shape
            assert values.dtype == np.float32
            assert np.isfinite(values).all()
    assert abs(hazard.budget().error_relative) < 1e-6
    assert set(hazard.summary()) == set(hazard.summaries)
    assert hazard.cell_updates > 0
    after = hazard.aftermath()
    assert "findings" in after
    json.dumps(after)


@pytest.mark.parametrize("name", HAZARDS)
def test_same_seed_same_bytes(name: str) -> None:
    a, b = begun(name).advance(300.0), begun(name).advance(300.0)
    for quantity in a.fields:
        assert a.fields[quantity].tobytes() == b.fields[quantity].tobytes()


@pytest.mark.parametrize("name", HAZARDS)
def test_goes_on_from_what_it_saved_as_if_nothing_had_been(name: str) -> None:
    first, second = begun(name), begun(name)
    first.advance(200.0)
    saved = first.save()
    second.load(saved, [])
    a, b = first.advance(500.0), second.advance(500.0)
    for quantity in a.fields:
        assert a.fields[quantity].tobytes() == b.fields[quantity].tobytes()
    assert first.budget() == second.budget()
    for quantity, values in first.summary().items():
        assert values.tobytes() == second.summary()[quantity].tobytes()


@pytest.mark.parametrize("name", HAZARDS)
def test_unknown_action_and_parameter_are_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError, match="teleport"):
        begun(name).apply(Action("teleport"))
    with pytest.raises(InputError, match="presicion"):
        begun(name, params={"presicion": "float32"})


@pytest.mark.parametrize("name", HAZARDS)
def test_missing_required_input_is_named(name: str) -> None:
    hazard = HAZARDS[name]()
    # what needs no field needs things
    required = [*(q for q, default in hazard.inputs.items() if default is None), *hazard.assets]
    with pytest.raises((InputError, LookupError), match=required[0]):
        hazard.start(Setting(GRID, scenario(name), {}))
