from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from twin.errors import InputError, UsageError
from twin.hazards import Setting
from twin.hazards.flood import FloodHazard
from twin.model.action import Action
from twin.model.field import Grid
from twin.model.scenario import Inflow, Scenario, Series

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 5.0, 60, 40)
RAIN = Series((0.0, 600.0), (60e-3 / 3600, 0.0), step=True)


def scenario(**changes: object) -> Scenario:
    given = {"rain": RAIN, "params": {"order": 1}} | changes
    return Scenario("test", "flood", datetime(2026, 7, 1, tzinfo=UTC), 1800.0, 60.0, 5.0, **given)


def ground() -> np.ndarray:
    y, x = np.mgrid[:40, :60] * 5.0
    return 50 + 0.01 * np.abs(x - 150) + 0.004 * y


def begun(fields: dict[str, np.ndarray] | None = None, **changes: object) -> FloodHazard:
    flood = FloodHazard()
    flood.start(Setting(GRID, scenario(**changes), {"elevation": ground()} | (fields or {})))
    return flood


def blocks() -> np.ndarray:
    share = np.zeros(GRID.shape)
    share[10:16, 20:30] = 1.0
    share[30:33, 5:9] = 0.5
    share[30:33, 12] = 0.49
    return share


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_roofs_give_their_rain_to_the_street_and_stay_dry(order: int, precision: str) -> None:
    flood = begun({"building_share": blocks()}, params={"order": order, "precision": precision})
    frame = flood.advance(900.0)
    budget = flood.budget()
    assert budget.parts["rain"] == pytest.approx(0.01 * 40 * 60 * 25, rel=1e-7)
    assert abs(budget.error_relative) < (1e-7 if precision == "float32" else 1e-13)
    assert (frame.fields["depth"][blocks() >= 0.5] == 0).all()
    assert frame.fields["depth"][31, 12] > 0
    assert (frame.fields["depth"] >= 0).all()


def test_without_buildings_the_ground_under_them_floods() -> None:
    flood = begun({"building_share": blocks()}, params={"order": 1, "buildings": "none"})
    assert (flood.advance(900.0).fields["depth"] > 0).all()


def test_no_rain_falls_where_there_is_no_ground() -> None:
    holes = ground()
    holes[:10, :10] = np.nan
    flood = begun({"elevation": holes})
    frame = flood.advance(600.0)
    assert flood.budget().parts["rain"] == pytest.approx(0.01 * (2400 - 100) * 25, rel=1e-7)
    assert (frame.fields["depth"][:10, :10] == 0).all()


def test_a_river_can_start_wet_and_an_inflow_is_counted() -> None:
    depth = np.maximum(0.0, 50.2 - ground())
    hydrograph = Series((0.0, 300.0, 600.0), (0.0, 12.0, 0.0))
    flood = begun({"depth": depth}, rain=None, inflows=(Inflow("source", 200_150.0, 450_180.0, hydrograph, 12.0),))
    flood.advance(700.0)
    budget = flood.budget()
    assert budget.parts["stored_at_start"] == pytest.approx(depth.sum() * 25, rel=1e-6)
    assert budget.inflow == pytest.approx(3600.0, rel=1e-6)
    assert abs(budget.error_relative) < 1e-7


def test_a_river_that_enters_near_an_open_edge_does_not_leave_by_it() -> None:
    y, x = np.mgrid[:40, :60] * 5.0
    bed = 30 - 0.001 * x + np.where(np.abs(y - 100) < 30, 0.0, 4.0)
    inflow = Inflow("upstream", 200_012.0, 450_100.0, Series((0.0,), (60.0,)), 14.0)
    flood = begun({"elevation": bed}, rain=None, edges="open", inflows=(inflow,))
    frame = flood.advance(900.0)
    flow = (frame.fields["depth"] * frame.fields["velocity_x"]).sum(axis=0) * 5.0
    assert flow[-5] == pytest.approx(60.0, rel=0.03)
    before = flood.budget()
    flood.advance(1000.0)
    after = flood.budget()
    assert after.outflow - before.outflow == pytest.approx(6000.0, rel=0.03)
    assert abs(after.error_relative) < 1e-7


def test_a_pump_takes_its_rate_and_never_more_than_there_is() -> None:
    flood = begun({"depth": np.full(GRID.shape, 0.3)}, rain=None)
    effect = flood.apply(
        Action("pump", target="P1", params={"points": [[200_150.0, 450_010.0]], "rate": 2.0, "width": 1.0})
    )
    assert effect.cells > 0
    flood.advance(100.0)
    assert flood.budget().parts["pumped"] == pytest.approx(200.0, rel=1e-6)
    flood.apply(Action("pump", target="P1", params={"x": 200_150.0, "y": 450_010.0, "rate": 0.0}))
    flood.advance(200.0)
    assert flood.budget().parts["pumped"] == pytest.approx(200.0, rel=1e-6)
    assert abs(flood.budget().error_relative) < 1e-7
    dry = begun(rain=None)
    dry.apply(Action("pump", params={"x": 200_150.0, "y": 450_010.0, "rate": 2.0}))
    dry.advance(100.0)
    assert dry.budget().parts["pumped"] == 0.0


def test_a_barrier_holds_water_and_loses_none() -> None:
    depth = np.where(np.arange(60) < 25, 1.0, 0.0) * np.ones((40, 1))
    flat = {"elevation": np.full(GRID.shape, 10.0), "depth": depth}
    flood = begun(flat, rain=None)
    line = [[200_130.0, 450_000.0], [200_140.0, 450_200.0]]
    effect = flood.apply(Action("barrier", params={"line": line, "level": 12.0}))
    assert effect.cells >= 40
    frame = flood.advance(300.0)
    assert frame.fields["depth"][:, 32:].max() == 0
    assert abs(flood.budget().error_relative) < 1e-7
    open_field = begun(flat, rain=None)
    assert open_field.advance(300.0).fields["depth"][:, 32:].max() > 0.2


def test_water_under_a_barrier_moves_aside() -> None:
    flood = begun({"depth": np.full(GRID.shape, 0.5)}, rain=None)
    before = flood.budget().stored
    box = [200_100.0, 450_050.0, 200_150.0, 450_100.0]
    effect = flood.apply(Action("barrier", params={"box": box, "level": 60.0}))
    assert effect.cells == 100
    assert "1250.0 m3" in effect.note
    assert flood.budget().stored == pytest.approx(before, rel=1e-8)
    assert flood.advance(0.0).fields["depth"][10:20, 20:30].max() == 0


@pytest.mark.parametrize(
    ("action", "match"),
    [
        (Action("pump", params={"x": 1.0, "y": 2.0, "rate": 1.0}), "outside the area"),
        (Action("pump", params={"x": 200_010.0, "y": 450_010.0, "rate": -1.0}), "'rate' is -1.0"),
        (Action("pump", params={"x": 200_010.0, "rate": 1.0}), "'y' is None"),
        (Action("pump", params={"x": 200_010.0, "y": 450_010.0, "ratte": 1.0}), "Did you mean 'rate'"),
        (Action("barrier", params={"level": 3.0}), "either 'line'"),
        (Action("barrier", params={"level": 3.0, "line": [[0, 0]]}), "at least 2 points"),
        (
            Action("barrier", params={"level": 3.0, "line": [[200_010.0, 450_010.0], [200_020.0, 450_010.0]]}),
            "below 3 m",
        ),
        (Action("barrier", params={"level": "high", "box": [0, 0, 1, 1]}), "'level' is 'high'"),
        (Action("barrier", params={"level": 3.0, "box": [0, 0, 1]}), "4 numbers"),
    ],
)
def test_a_measure_that_makes_no_sense_is_refused(action: Action, match: str) -> None:
    with pytest.raises(InputError, match=match):
        begun().apply(action)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"params": {"oder": 1}}, "Did you mean 'order'"),
        ({"params": {"order": 3}}, "'order' is 3; known: 1, 2"),
        ({"params": {"order": True}}, "'order' is True"),
        ({"params": {"precision": "half"}}, "float32"),
        ({"params": {"wet_depth_m": -1}}, "wet_depth_m"),
        ({"params": {"manning": "rough"}}, "manning"),
        ({"rain": Series((0.0, 60.0), (1e-5, -1e-5), step=True)}, "rain: -1e-05 at 60 s"),
        ({"rain": Series((0.0, 60.0, 60.0), (1e-5, 0.0, 1e-5), step=True)}, "times must rise"),
        ({"edges": "opne"}, "Did you mean 'open'"),
        ({"inflows": (Inflow("far", 0.0, 0.0, Series((0.0,), (1.0,))),)}, "inflow 'far' at 0.0, 0.0 is outside"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(changes: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        begun(**changes)


def test_places_under_buildings_are_named() -> None:
    share = np.ones(GRID.shape)
    share[0, 0] = 0
    with pytest.raises(InputError, match=r"inflow 'in'.*under buildings"):
        begun({"building_share": share}, inflows=(Inflow("in", 200_150.0, 450_100.0, Series((0.0,), (1.0,))),))
    with pytest.raises(InputError, match="no cell is free"):
        begun({"building_share": np.ones(GRID.shape)})


def test_the_default_roughness_gives_way_to_the_scenario_and_a_field_does_not() -> None:
    for fields, params, expected in (
        ({}, {"manning": 0.08}, 0.08),
        ({"roughness": np.full(GRID.shape, np.nan)}, {"manning": 0.08}, 0.08),
        ({"roughness": np.full(GRID.shape, 0.02)}, {"manning": 0.08}, 0.02),
        ({}, {}, 0.035),
    ):
        flood = begun(fields, params=params | {"order": 1})
        assert flood.engine.water.gn2.flat[0] == pytest.approx(9.81 * expected**2, rel=1e-6)


def test_it_says_how_far_each_order_is_validated() -> None:
    assert "52 % too high" in begun(params={"order": 1}).validated
    assert "+0.2 %" in begun(params={}).validated


def test_verbs_before_start_are_refused() -> None:
    with pytest.raises(UsageError, match="start first"):
        FloodHazard().advance(1.0)
    with pytest.raises(UsageError, match="start first"):
        FloodHazard().budget()


@pytest.mark.parametrize("order", [1, 2])
def test_water_falls_off_where_the_ground_ends_when_the_edges_are_open(order: int) -> None:
    y, x = np.mgrid[:40, :60]
    bed = 50 - 0.05 * x
    bed[x + y > 80] = np.nan  # the terrain ends along a diagonal, low side
    bed[20, 10] = np.nan  # a hole inside is no end
    kept = begun({"elevation": bed}, edges="closed", params={"order": order})
    open_ended = begun({"elevation": bed}, edges="open", params={"order": order})
    for flood in (kept, open_ended):
        frame = flood.advance(1800.0)
        assert abs(flood.budget().error_relative) < 1e-6
        assert not frame.fields["depth"][np.isnan(bed)].any()
    assert kept.budget().outflow == 0
    assert open_ended.budget().outflow > 0.5 * open_ended.budget().inflow
    assert open_ended.budget().inflow == pytest.approx(kept.budget().inflow, rel=1e-6)
    assert open_ended.summary()["max_depth"].max() < 0.5 * kept.summary()["max_depth"].max()
