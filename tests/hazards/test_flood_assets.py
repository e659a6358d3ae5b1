from __future__ import annotations

import numpy as np
import pytest

from twin.hazards._places import along, inside
from twin.hazards.flood.assets import build, storages
from twin.hazards.flood.measures import MEASURES
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import FieldSeries, Grid
from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.opening import Opening
from twin.physics.shallow_water.structures.pump import Pump, Rule
from twin.physics.shallow_water.structures.storage import Storages

GRID = Grid("EPSG:5186", 1000.0, 2000.0, 5.0, 60, 40)


def town(**changes: object) -> ShallowWater:
    """A plane that falls to the east by 1 cm per metre, from 20 m."""
    bed = 20 - 0.01 * (np.arange(60) + 0.5) * 5 * np.ones((40, 1))
    return ShallowWater(bed, 5.0, precision="float64", order=1, **changes)


def asset(kind: str, id_: str, *points: tuple[float, float], **params: float | str | bool) -> Asset:
    return Asset(kind, id_, tuple((1000 + x, 2000 + y) for x, y in points), params)


def ring(id_: str, x: float, y: float, wide: float = 10.0, high: float = 8.0, **params: float | str | bool) -> Asset:
    return asset("building", id_, (x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y), **params)


def made(water: ShallowWater, *assets: Asset, **params: object) -> dict[str, str]:
    """Findings by code."""
    by_kind: dict[str, list[Asset]] = {}
    for one in assets:
        by_kind.setdefault(one.kind, []).append(one)
    return {f.code: f"{f.severity}: {f.message} [{f.where}]" for f in build(water, GRID, by_kind, params)}


def storage(water: ShallowWater, name: str) -> Storages:
    held = water.structures[name]
    assert isinstance(held, Storages)
    return held


def test_a_pump_takes_its_rate_and_a_rule_from_the_feature() -> None:
    water = town()
    found = made(
        water,
        asset("pump", "a", (50, 50), rate=2.0),
        asset("pump", "b", (150, 50), rate=1.0, level=19.0),
        asset("pump", "c", (250, 50)),
        asset("pump", "d", (200, 50), rate=-5.0),
        asset("pump", "far", (-50, 50), rate=9.0),
    )
    a, b, c = (water.structures[f"pump '{i}'"] for i in "abc")
    assert isinstance(a, Pump)
    assert isinstance(b, Pump)
    assert isinstance(c, Pump)
    assert (a.rate, a.rule) == (2.0, Rule(0.1, 0.03))
    intake = a.intake
    MEASURES["pump"](water, GRID, Action("pump", 0.0, "a", {"x": 1050.0, "y": 2050.0, "mode": "off"}))
    assert a.intake is intake  # told what to do, not moved
    assert b.rule == Rule(19.0, pytest.approx(18.93), level=True)
    assert c.rate == 0
    assert found == {
        "pump_outside": "info: 1 of kind 'pump' lie outside the area and take no part [far]",
        "pump_rate": "warning: 2 pumps state no rate above 0 and move nothing until a measure gives them one [c, d]",
    }


def test_a_pump_in_an_underpass_empties_it_and_one_by_the_river_leaves_that_alone() -> None:
    river = np.where(np.arange(60) >= 50, 1.0, 0.0) * np.ones((40, 1))
    water = town(depth=river)
    made(
        water,
        asset("underpass", "u", (40, 102), (140, 102), depth=4.0, width=8.0),
        asset("pump", "low", (90, 104), rate=0.05),
        asset("pump", "station", (240, 50), rate=2.0),
    )
    station, low = water.structures["pump 'station'"], water.structures["pump 'low'"]
    assert isinstance(station, Pump)
    assert isinstance(low, Pump)
    assert station.intake[1].max() < 50
    assert station.sump is None
    held = storage(water, "underpasses")
    held.volume = held.volume + 20.0
    held.depth = held.shapes.height(held.volume)
    before = water.stored()
    water.advance(100.0)
    assert low.left == pytest.approx(5.0)
    assert held.volume[0] == pytest.approx(15.0)
    assert low.state() == {"pump_rate": {"low": pytest.approx(0.05)}}
    assert water.stored() + water.budget()["pumped"] == pytest.approx(before, rel=1e-12)
    water.advance(2000.0)
    assert 0 < held.depth[0] <= 0.03  # it stops by its rule


def test_gates_and_culverts_join_the_ends_of_their_lines() -> None:
    water = town()
    found = made(
        water,
        asset("gate", "g", (50, 50), (80, 50), width=3.0, height=1.5, level=19.2, opening=0.25, flap=True),
        asset("gate", "plain", (50, 100), (80, 100)),
        asset("gate", "dot", (50, 150)),
        asset("culvert", "c", (150, 50), (200, 50), diameter=1.2, roughness=0.02),
        asset("culvert", "bad", (150, 90), (200, 90), diameter=0.0),
    )
    gate, plain, culvert = (water.structures[n] for n in ("gate 'g'", "gate 'plain'", "culvert 'c'"))
    assert isinstance(gate, Opening)
    assert isinstance(plain, Opening)
    assert isinstance(culvert, Opening)
    assert (gate.hole.sill, gate.hole.width, gate.hole.area, gate.hole.flap) == (19.2, 3.0, 4.5, True)
    assert gate.state()["gate_opening"] == {"g": 0.25}
    assert gate.ends[0][1].max() < gate.ends[1][1].min()
    assert (plain.hole.width, plain.hole.height) == (2.0, 2.0)
    assert plain.hole.sill == pytest.approx(max(water.water.bed_at(end).min() for end in plain.ends))
    assert culvert.hole.area == pytest.approx(np.pi * 0.36)
    # L 50 m, R 0.3 m, n 0.02: 1 + 0.5 + 19.62 * 0.0004 * 50 / 0.3^(4/3) = 3.4541
    assert culvert.hole.coefficient == pytest.approx(3.4541**-0.5, rel=1e-4)
    assert "diameter 0 m must be above 0" in found["culvert_left_out"]
    assert found["gate_point"].endswith("[dot]")
    assert found["gate_width"].endswith("[plain]")
    assert found["gate_level"].endswith("[plain]")
    assert "culvert 'bad'" not in water.structures


def test_two_culverts_that_cannot_be_built_are_two_findings() -> None:
    found = build(town(), GRID, {"culvert": [asset("culvert", i, (9, 9), (9, 9)) for i in "ab"]}, {})
    assert [f.where for f in found if f.code == "culvert_left_out"] == ["a", "b"]


def test_an_underpass_by_line_has_ramps_at_both_ends_and_sills_at_the_street() -> None:
    water = town()
    found = made(water, asset("underpass", "u", (40, 102), (240, 102), depth=4.5, width=8.0))
    assert found == {}
    held = storage(water, "underpasses")
    # 200 m long, ramps of 75 m: 8 * (50 * 4.5 + 2 * 75 * 4.5 / 2) = 4500 m3, and a wedge up to the higher sill
    assert held.shapes.to_rim[0] == pytest.approx(4500.0, rel=1e-3)
    low, high = held._sill.min(), held._sill.max()
    assert low == pytest.approx(20 - 2.4, abs=0.05)
    assert high == pytest.approx(20 - 0.4, abs=0.05)
    assert held.shapes.floor[0] == pytest.approx(low - 4.5)
    assert held._width.sum() == pytest.approx(16.0)
    assert len(held._catch[0]) == pytest.approx(200 * 8 / 25, rel=0.35)


def test_an_underpass_by_outline_runs_along_its_long_side() -> None:
    water = town()
    outline = asset("underpass", "u", (40, 100), (140, 100), (140, 110), (40, 110), (40, 100))
    found = made(water, outline)
    assert list(found) == ["underpass_depth"]
    held = storage(water, "underpasses")
    assert sorted({int(c) for c in held.cells[1]}) == pytest.approx([7, 8, 27, 28], abs=1)
    assert held.shapes.wide[0] == pytest.approx(1000.0)
    assert held.shapes.rim[0] == 5.0
    assert held.shapes.flat[0] == pytest.approx(10.0)  # ramps only, but for a hundredth


def test_pieces_of_one_underpass_are_one_storage_with_the_depth_of_each() -> None:
    def piece(id_: str, west: float, east: float, depth: float) -> Asset:
        ends = ((west, 100), (east, 100), (east, 110), (west, 110), (west, 100))
        return asset("underpass", id_, *ends, depth=depth, name="main")

    water = town()
    assert made(water, piece("ramp", 40, 60, 1.0), piece("deep", 60, 110, 3.0), piece("other", 110, 130, 1.0)) == {}
    held = storage(water, "underpasses")
    assert held.ids == ["deep"]
    assert held.number == {"deep": 0, "ramp": 0, "other": 0}
    # 90 m by 10 m, 50 m of it 3 m deep, ramps of 20 m: 10 * (50 * 3 + 2 * 20 * 3 / 2)
    assert held.shapes.to_rim[0] == pytest.approx(2100.0)
    assert sorted({int(c) for c in held.cells[1]}) == pytest.approx([7, 8, 25, 26], abs=1)
    held.volume[0] = 2100.0
    held.load(held.save())
    assert held.state()["underpass_depth"] == pytest.approx({"deep": 3.0, "ramp": 1.0, "other": 1.0})
    lines = town()
    made(lines, asset("underpass", "a", (40, 50), (90, 50), width=8.0), asset("underpass", "b", (90, 50), (160, 50)))
    assert storage(lines, "underpasses").ids == ["a"]
    assert storage(lines, "underpasses").shapes.wide[0] == pytest.approx(120 * 8.0)


def test_an_underpass_that_leaves_the_area_keeps_the_end_inside() -> None:
    water = town()
    found = made(
        water,
        asset("underpass", "half", (250, 50), (400, 50), depth=4.0, width=8.0),
        asset("underpass", "flat", (50, 50), (90, 50), depth=0.0, width=8.0),
        asset("underpass", "dot", (50, 90), depth=4.0),
        asset("underpass", "lanes", (50, 150), (90, 150), depth=4.0, lanes=4),
        asset("underpass", "bare", (50, 180), (90, 180), depth=4.0),
    )
    held = storage(water, "underpasses")
    assert held.ids == ["half", "lanes", "bare"]
    assert held._width[held._of == 0].sum() == pytest.approx(8.0)
    assert held.shapes.wide[1] == pytest.approx(40 * 14.0)
    assert set(found) == {"underpass_size", "underpass_point", "underpass_width"}


def test_basements_fill_from_the_lowest_free_cell_beside_the_walls() -> None:
    solid = np.zeros((40, 60), bool)
    solid[20:22, 20:22] = True
    water = town(solid=solid)
    found = made(
        water,
        ring("half", 100, 100, half_basement=True, basements=2),
        ring("deep", 200, 100, basements=3, first_floor=0.6),
        ring("plain", 200, 150, basements=1),
        ring("none", 20, 20, basements=0),
        asset("building", "dot", (50, 150), basements=1, floor_area=300.0, storeys=3),
        asset("building", "bare", (50, 180), basements=1),
    )
    held = storage(water, "basements")
    assert held.ids == ["half", "deep", "plain", "dot", "bare"]
    number = held.number
    entrance = held.cells[1][number["half"]]
    assert entrance == 22  # the first cells east of the house, where the ground is lowest
    ground = water.water.bed_at((held.cells[0], held.cells[1]))
    np.testing.assert_allclose(held._sill - ground, [0.2, 0.6, 0.15, 0.15, 0.15])
    np.testing.assert_allclose(held.shapes.capacity, [80 * 5.4, 80 * 9.0, 80 * 3.0, 100 * 3.0, 100 * 3.0])
    np.testing.assert_allclose(held.shapes.floor - ground, [-4.5, -9.0, -3.0, -3.0, -3.0])
    assert set(found) == {"basement_half_sill", "basement_first_floor", "basement_plan"}
    assert found["basement_plan"].endswith("[bare]")


def test_a_building_walled_in_is_left_out_and_named() -> None:
    solid = np.zeros((40, 60), bool)
    solid[10:30, 10:30] = True
    water = town(solid=solid)
    found = made(water, ring("in", 100, 100, basements=1))
    assert "basements" not in water.structures
    assert found["basement_no_entrance"].startswith("warning: 1 buildings")


def test_thousands_of_basements_are_one_structure() -> None:
    rng = np.random.default_rng(2)
    houses = [ring(f"h{i}", *rng.uniform(10, 180, 2), half_basement=True) for i in range(3000)]
    water = town(depth=np.full((40, 60), 0.5))
    made(water, *houses)
    assert list(water.structures) == ["basements"]
    water.advance(20.0)
    assert len(storages(water)) > 2000
    assert water.stored() == pytest.approx(water.stored_at_start, rel=1e-12)
    assert water.depth.min() >= 0


@pytest.mark.parametrize("switch", ["pumps", "gates", "underpasses", "basements"])
def test_each_kind_can_be_left_out(switch: str) -> None:
    water = town()
    things = (
        asset("pump", "p", (50, 50), rate=1.0),
        asset("gate", "g", (50, 50), (80, 50)),
        asset("culvert", "c", (50, 90), (80, 90)),
        asset("underpass", "u", (100, 90), (180, 90)),
        ring("h", 200, 100, basements=1),
    )
    made(water, *things, **{switch: "off" if switch in {"pumps", "gates"} else "none"})
    left_out = {
        "pumps": {"pump 'p'"},
        "gates": {"gate 'g'", "culvert 'c'"},
        "underpasses": {"underpasses"},
        "basements": {"basements"},
    }
    every = set().union(*left_out.values())
    assert set(water.structures) == every - left_out[switch]


@pytest.mark.parametrize("maps", [False, True])
def test_the_rain_on_an_underpass_runs_into_it_however_it_is_given(maps: bool) -> None:
    water = town()
    made(water, asset("underpass", "u", (100, 102), (200, 102), depth=4.0, width=20.0))
    held = storage(water, "underpasses")
    rate = 36e-3 / 3600
    if maps:
        water.rain = FieldSeries("rain_rate", (0.0,), lambda i: np.full((40, 60), rate))
    else:
        water.rain = Series((0.0,), (rate,), step=False)
    water.advance(600.0)
    # at least what falls on it, and some that comes down the street to its upper end
    fallen = rate * 600 * len(held._catch[0]) * 25
    assert fallen * 0.8 < held.volume[0] < 4 * fallen
    parts = water.budget()
    assert water.stored() + parts["edge_out"] == pytest.approx(parts["rain"], rel=1e-9)


def test_cells_inside_a_ring_and_along_a_broad_line() -> None:
    mask = inside(GRID, [(1010, 2010), (1030, 2010), (1030, 2020), (1010, 2020), (1010, 2010)])
    assert np.argwhere(mask).tolist() == [[r, c] for r in (2, 3) for c in (2, 3, 4, 5)]
    assert not inside(GRID, [(0, 0), (9, 0), (9, 9), (0, 0)]).any()
    broad = along(GRID, [(1010, 2050), (1090, 2050)], 8.0)
    assert broad[:, 10].sum() == 4
    assert along(GRID, [(1010, 2050), (1090, 2050)])[:, 10].sum() == 2
