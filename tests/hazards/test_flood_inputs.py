"""What a flood takes: rain maps, sides, soil, breaches; and what it refuses before the first step."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from twin.errors import InputError, UsageError
from twin.hazards import Setting
from twin.hazards.flood import FloodHazard
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import FieldSeries, Grid
from twin.model.scenario import Boundary, Inflow, Scenario, Series

GRID = Grid("EPSG:5186", 200_000.0, 450_000.0, 5.0, 60, 40)
MM_H = 1e-3 / 3600


def ground() -> np.ndarray:
    y, x = np.mgrid[:40, :60] * 5.0
    return 50 + 0.01 * np.abs(x - 150) + 0.004 * y


def diked() -> dict[str, np.ndarray]:
    """Return a river of 2 m beside land, and a dike of three cells between them, along y at x = 100 .. 115 m."""
    elevation = np.full(GRID.shape, 10.0)
    elevation[:, :20] = 8.0
    elevation[:, 20:23] = 13.0
    return {"elevation": elevation, "depth": np.where(np.arange(60) < 20, 4.0, 0.0) * np.ones((40, 1))}


def begun(
    fields: dict[str, np.ndarray] | None = None,
    forcing: dict[str, FieldSeries] | None = None,
    assets: dict[str, list[Asset]] | None = None,
    **changes: object,
) -> FloodHazard:
    given = {"params": {"order": 1}} | changes
    scenario = Scenario("test", "flood", datetime(2026, 7, 1, tzinfo=UTC), 1800.0, 60.0, 5.0, **given)
    flood = FloodHazard()
    flood.start(Setting(GRID, scenario, {"elevation": ground()} | (fields or {}), forcing or {}, assets or {}))
    return flood


def changed(name: str, value: float) -> dict[str, np.ndarray]:
    fields = {"elevation": ground(), name: ground() if name == "elevation" else np.zeros(GRID.shape)}
    if name == "roughness":
        fields[name][:] = 0.03
    fields[name][7, 3] = value
    return fields


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_rain_maps_take_the_place_of_the_rain_and_roofs_hand_theirs_on(precision: str) -> None:
    share = np.zeros(GRID.shape)
    share[10:16, 20:30] = 1.0
    rng = np.random.default_rng(1)
    fields = rng.random((3, *GRID.shape)) * 60 * MM_H
    flood = begun(
        {"building_share": share},
        {"rain_rate": FieldSeries("rain_rate", (0.0, 100.0, 250.0), lambda number: fields[number])},
        rain=Series((0.0,), (1e-4,)),
        params={"order": 1, "precision": precision},
    )
    frame = flood.advance(400.0)
    fallen = sum(f.sum() * s for f, s in zip(fields, (100.0, 150.0, 150.0), strict=True)) * 25
    budget = flood.budget()
    assert budget.parts["rain"] == pytest.approx(fallen, rel=1e-12)
    assert abs(budget.error_relative) < (1e-6 if precision == "float32" else 1e-13)
    assert (frame.fields["depth"][share > 0] == 0).all()


def test_each_side_does_what_it_is_told() -> None:
    tide = Boundary("level", Series((0.0, 300.0), (50.0, 51.0)))
    flood = begun(boundaries={"south": tide, "east": Boundary("discharge", Series((0.0,), (0.2,)))}, edges="closed")
    flood.advance(600.0)
    budget = flood.budget()
    assert budget.parts["edge_in"] > 0.9 * 0.2 * 200.0 * 600.0
    assert abs(budget.error_relative) < 1e-6
    south = flood.engine.depth[0, 30] + flood.engine.bed[0, 30]
    assert south == pytest.approx(51.0, abs=0.1)


@pytest.mark.parametrize("how", ["constant", "green_ampt"])
def test_open_ground_takes_water_and_buildings_do_not(how: str) -> None:
    share = np.zeros(GRID.shape)
    share[10:16, 20:30] = 1.0
    fields = {
        "building_share": share,
        "infiltration_rate": np.full(GRID.shape, 20 * MM_H),
        "suction_head": np.full(GRID.shape, 0.1),
        "moisture_deficit": np.full(GRID.shape, 0.3),
    }
    rain = Series((0.0, 600.0), (60 * MM_H, 0.0), step=True)
    flood = begun(fields, rain=rain, params={"order": 1, "infiltration": how, "soil": "loam", "saturation": 0.4})
    flood.advance(900.0)
    budget = flood.budget()
    least = 20 * MM_H * 600 * 25 * (2400 - 60)
    assert budget.parts["infiltrated"] > (0.9 if how == "constant" else 1.3) * least
    assert budget.outflow == pytest.approx(budget.parts["infiltrated"])
    assert abs(budget.error_relative) < 1e-7


def test_a_dike_breaks_and_land_beside_it_is_flooded() -> None:
    breach = Action(
        "breach",
        60.0,
        params={
            "line": [[200_107.5, 450_000.0], [200_107.5, 450_200.0]],
            "x": 200_120.0,
            "y": 450_100.0,
            "width": 30.0,
            "level": 10.0,
            "duration": 120.0,
            "widening": True,
        },
    )
    flood = begun(diked(), measures=(breach,))
    flood.advance(60.0)
    assert flood.engine.depth[:, 23:].max() == 0
    effect = flood.apply(breach)
    assert effect.cells == 18
    assert "within 120 s over 30.0 m down to 10.00 m" in effect.note
    flood.advance(400.0)
    bed = flood.engine.bed
    np.testing.assert_allclose(bed[17:23, 20:23], 10.0, atol=1e-5)
    assert (bed[:17, 21] == 13.0).all()
    assert (bed[23:, 21] == 13.0).all()
    assert flood.engine.depth[20, 30] > 0.3
    assert abs(flood.budget().error_relative) < 1e-6


def test_a_breach_ends_at_the_ground_beside_it_unless_it_may_dig() -> None:
    place = {"x": 200_107.5, "y": 450_100.0, "direction": 0.0, "width": 20.0}
    flood = begun(diked())
    effect = flood.apply(Action("breach", params=place | {"level": 5.0}))
    assert "down to 8.00 m, the ground beside it, where 5 m were asked for" in effect.note
    dug = begun(diked())
    dug.apply(Action("breach", params=place | {"level": 5.0, "dig": True}))
    dug.advance(5.0)
    assert dug.engine.bed.min() == pytest.approx(5.0)
    narrow = begun(diked())
    oblique = narrow.apply(Action("breach", params=place | {"direction": 30.0, "width": 0.5, "level": 10.0}))
    narrow.advance(300.0)
    assert oblique.cells >= 3  # narrower than a cell, it is still a way through
    assert narrow.engine.depth[:, 24:].max() > 0.05


def test_a_run_goes_on_after_a_breach_was_closed_again() -> None:
    line = [[200_107.5, 450_080.0], [200_107.5, 450_120.0]]
    breach = Action("breach", 10.0, "levee", {"line": line, "level": 10.0, "duration": 20.0})
    barrier = Action("barrier", 60.0, "gap", {"line": line, "level": 12.5})
    first, second = begun(diked()), begun(diked())
    for action in (breach, barrier):
        first.advance(action.at)
        first.apply(action)
    first.advance(80.0)
    second.load(first.save(), [breach, barrier])
    a, b = first.advance(150.0), second.advance(150.0)
    for quantity, values in a.fields.items():
        assert values.tobytes() == b.fields[quantity].tobytes()
    assert first.budget() == second.budget()
    assert first.engine.bed[20, 21] == pytest.approx(12.5)


def test_the_things_of_the_city_show_in_its_frames() -> None:
    pump = Asset("pump", "P1", ((200_150.0, 450_010.0),), {"rate": 0.5})
    flood = begun({"depth": np.full(GRID.shape, 0.5)}, assets={"pump": [pump]})
    frame = flood.advance(60.0)
    assert frame.assets["pump_rate"]["P1"] > 0
    assert flood.budget().parts["pumped"] > 0
    idle = begun(
        {"depth": np.full(GRID.shape, 0.5)}, assets={"pump": [pump]}, params={"order": 1, "pumps": "off"}
    ).advance(60.0)
    assert idle.assets == {}


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"elevation": np.zeros((3, 3))}, r"field 'elevation' has \(3, 3\) values and the grid \(40, 60\)"),
        ({"elevation": np.full(GRID.shape, np.nan)}, "no cell is free"),
        (
            changed("elevation", -9999.0),
            r"'elevation' is not between -500 and 9000 m in 1 of 2400 cells, the first -9999",
        ),
        (changed("elevation", np.inf), "'elevation'.*the first inf at x 200017.5, y 450037.5"),
        (changed("roughness", 30.0), "'roughness'.*Strickler"),
        (changed("roughness", 0.0), "'roughness' is not between 0.001 and 1"),
        (changed("building_share", 55.0), "'building_share'.*not per cent"),
        (changed("building_share", np.nan), "'building_share'.*the first nan"),
        (changed("depth", -0.1), "'depth' is not between 0 and 1000 m"),
        (changed("depth", 1500.0), "a level is not a depth"),
        (changed("infiltration_rate", 20.0), "'infiltration_rate'.*mm/h"),
        (changed("suction_head", 16.7), "'suction_head'.*in cm"),
        (changed("moisture_deficit", 34.0), "'moisture_deficit'"),
    ],
)
def test_fields_that_cannot_be_are_refused_with_the_place(fields: dict[str, np.ndarray], match: str) -> None:
    with pytest.raises(InputError, match=match):
        begun(fields)


CREST = {"line": [[200_107.5, 450_000.0], [200_107.5, 450_200.0]]}
FALLING = Series((0.0, 60.0, 50.0), (1.0, 2.0, 1.0))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"rain": Series((0.0, 60.0), (60.0, 0.0), step=True)}, "rain: 60 at 0 s.*3000 mm/h"),
        ({"boundaries": {"west": Boundary("level", FALLING)}}, "west edge, level: time 50 s follows 60 s"),
        ({"boundaries": {"west": Boundary("discharge", Series((0.0,), (-1.0,)))}}, "west edge, discharge: -1 at 0 s"),
        ({"boundaries": {"north": Boundary("level", Series((0.0,), (3.0,)))}}, "north edge.*3 m.*lowest is at 8 m"),
        ({"boundaries": {"nroth": Boundary("open")}}, "Did you mean 'north'"),
        ({"boundaries": {"north": Boundary("opne")}}, "Did you mean 'open'"),
        ({"inflows": (Inflow("river", 200_010.0, 450_010.0, FALLING),)}, "inflow 'river': time 50 s follows 60 s"),
        (
            {"inflows": tuple(Inflow("river", 200_010.0 + x, 450_010.0, Series((0.0,), (1.0,))) for x in (0, 200))},
            "inflow 'river' stands twice, the second time at 200210, 450010",
        ),
        ({"params": {"infiltration": "constant"}}, "'infiltration_rate' is 0 everywhere"),
        ({"params": {"infiltration": "horton"}}, "'infiltration' is 'horton'; known: 'none', 'constant'"),
        ({"params": {"drains": "pipes"}}, "'drains' is 'pipes'; known: 'none', 'swmm'"),
        ({"measures": (Action("breach", params={"x": 0.0, "y": 0.0, "direction": 0.0, "width": 9.0}),)}, "outside the"),
        (
            {"measures": (Action("breach", params={"line": [[0.0, 0.0], [10.0, 0.0]]}),)},
            "breach at 5.0, 0.0 is outside",
        ),
        ({"measures": (Action("breach", params=CREST | {"level": 13.0}),)}, "none lies above 13 m"),
        ({"measures": (Action("breach", params=CREST | {"levle": 9.0}),)}, "Did you mean 'level'"),
        ({"measures": (Action("breach", params={"x": 200_100.0, "y": 450_100.0, "width": 9.0}),)}, "'direction'"),
        ({"measures": (Action("breach", params={"line": [[200_100.0, 450_100.0]] * 2}),)}, "are the same"),
    ],
)
def test_what_is_wrong_with_a_scenario_is_said_before_the_first_step(changes: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        begun(diked(), **changes)


def test_maps_that_are_no_rain_and_measures_that_nobody_knows_are_refused() -> None:
    for values, quantity, match in (
        ([np.zeros(GRID.shape), np.full(GRID.shape, -1e-6)], "rain_rate", "rain map 1 at 300 s: 2400 of 2400"),
        ([np.zeros(GRID.shape)] * 2, "rainfall", "hold 'rainfall'"),
    ):
        maps = FieldSeries(quantity, (0.0, 300.0), lambda number, values=values: values[number])
        with pytest.raises(InputError, match=match):
            begun(forcing={"rain_rate": maps})
    with pytest.raises(UsageError, match="Did you mean 'breach'"):
        begun(measures=(Action("breech"),))


def test_a_breach_in_a_barrier_is_looked_at_when_the_barrier_stands() -> None:
    line = {"line": [[200_200.0, 450_000.0], [200_200.0, 450_200.0]]}
    barrier = Action("barrier", 10.0, params=line | {"level": 12.0})
    flood = begun(diked(), measures=(barrier, Action("breach", 20.0, params=line | {"level": 10.0, "width": 20.0})))
    flood.advance(10.0)
    flood.apply(barrier)
    effect = flood.apply(Action("breach", 20.0, params=line | {"level": 10.0, "width": 20.0}))
    assert effect.cells >= 4


@pytest.mark.parametrize("order", [1, 2])
def test_porous_cells_hold_and_pass_less_and_no_water_is_lost(order: int) -> None:
    share = np.zeros(GRID.shape)
    share[:, 30:34] = 0.6
    share[12, 31] = 1.0
    fields = {"elevation": np.full(GRID.shape, 5.0), "depth": np.where(np.arange(60) < 20, 1.0, 0.0) * np.ones((40, 1))}
    fields |= {"building_share": share, "infiltration_rate": np.full(GRID.shape, 1e-5)}
    rain = Series((0.0,), (30 * MM_H,))
    given = {"order": order, "infiltration": "constant"}
    porous = begun(fields, rain=rain, params=given | {"buildings": "porosity"})
    bare = begun(fields, rain=rain, params=given | {"buildings": "none"})
    for flood in (porous, bare):
        flood.advance(120.0)
        assert abs(flood.budget().error_relative) < 1e-6
        assert flood.budget().parts["rain"] == pytest.approx(30 * MM_H * 120 * 2400 * 25, rel=1e-9)
        assert flood.budget().parts["infiltrated"] > 10.0
    assert porous.engine.depth[:, 36:].sum() < 0.8 * bare.engine.depth[:, 36:].sum()
    assert porous.engine.depth[12, 31] > 0


def test_a_court_closed_in_by_buildings_hands_its_rain_to_the_street() -> None:
    share = np.zeros(GRID.shape)
    share[10:15, 20:26] = 1.0
    share[12, 22:24] = 0.0  # a court of 50 m2
    share[25:40, 40:60] = 1.0
    share[27:38, 42:58] = 0.0  # a square of 4,400 m2 is no court
    share[0:3, 0:3] = 1.0
    share[0, 0] = 0.0  # nobody knows what lies beyond the edge of the area
    fields = {"elevation": np.full(GRID.shape, 5.0), "building_share": share}
    flood = begun(fields, rain=Series((0.0,), (60 * MM_H,)))
    (finding,) = [f for f in flood.findings if f.code == "courts"]
    assert finding.message.startswith("1 court closed in by buildings (50 m2)")
    flood.advance(300.0)
    depth = flood.engine.depth
    assert depth[12, 22] == 0
    assert depth[30, 50] > 0
    assert depth[0, 0] > 0
    assert flood.budget().parts["rain"] == pytest.approx(60 * MM_H * 300 * 2400 * 25, rel=1e-9)
    assert abs(flood.budget().error_relative) < 1e-6
