from __future__ import annotations

from math import exp

import numpy as np
import pytest

from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.barrier import Barriers
from twin.physics.shallow_water.structures.ends import above, draw, wet_area
from twin.physics.shallow_water.structures.hydraulics import (
    barrel_coefficient,
    drowned,
    inlet_control,
    orifice,
    weir,
)
from twin.physics.shallow_water.structures.opening import Hole, Opening, through
from twin.physics.shallow_water.structures.pump import Pump, Rule, from_curve
from twin.physics.shallow_water.structures.source import Source

TOLERANCE = {"float64": 1e-12, "float32": 1e-7}


def block(rows: slice, columns: slice) -> tuple[np.ndarray, np.ndarray]:
    row, column = np.mgrid[rows, columns]
    return row.ravel(), column.ravel()


def basins(precision: str = "float64", left: float = 2.0, right: float = 0.5, bed: float = 100.0) -> ShallowWater:
    """Two basins of 8 x 10 cells of 5 m with a wall between them."""
    solid = np.zeros((8, 21), bool)
    solid[:, 10] = True
    depth = np.where(np.arange(21) < 10, left, right) * np.ones((8, 1))
    return ShallowWater(np.full((8, 21), bed), 5.0, depth=depth * ~solid, solid=solid, precision=precision, order=1)


def closed(water: ShallowWater) -> float:
    """Relative gap of the volume since the start."""
    parts = water.budget()
    out = sum(parts[name] for name in ("pumped", "drained", "infiltrated", "edge_out"))
    entered = sum(parts[name] for name in ("inflow", "surcharge", "edge_in", "rain"))
    return abs(water.stored() - water.stored_at_start - entered + out) / max(entered, water.stored_at_start)


def means(water: ShallowWater) -> tuple[float, float]:
    return float(water.depth[:, :10].mean()), float(water.depth[:, 11:].mean())


# -- equations, against values worked out by hand ---------------------------------------------------------------


def test_free_weir() -> None:
    assert weir(0.4, 3.0, 9.81) == pytest.approx(1.344686, rel=1e-6)
    assert weir(-0.1, 3.0, 9.81) == 0


def test_drowned_weir() -> None:
    assert drowned(0.4, 0.2) == pytest.approx(0.845386, rel=1e-5)
    assert drowned(0.4, -1.0) == 1
    assert drowned(0.4, 0.4) == 0


def test_orifice() -> None:
    assert orifice(1.0, 2.0, 9.81) == pytest.approx(5.315337, rel=1e-6)
    assert orifice(-1.0, 2.0, 9.81) == 0


def test_inlet_control() -> None:
    assert inlet_control(1.5, 1.0, 1.0) == pytest.approx(2.521618, rel=1e-6)
    assert inlet_control(0.3, 1.0, 1.0) == inlet_control(1.0, 1.0, 1.0)


def test_barrel() -> None:
    assert barrel_coefficient(20.0, 0.25, 0.013, 9.81) == pytest.approx(0.721487, rel=1e-5)


@pytest.mark.parametrize(("head", "rate"), [(-1.0, 2.0), (0.0, 2.0), (1.0, 1.5), (3.0, 0.5), (4.0, 0.0), (4.1, 0.0)])
def test_pump_curve(head: float, rate: float) -> None:
    assert from_curve(head, ((0.0, 2.0), (2.0, 1.0), (4.0, 0.0))) == pytest.approx(rate)
    assert from_curve(5.0, ((0.0, 2.0), (4.0, 1.0))) == 0.0


def test_a_hole_is_a_weir_until_it_is_under_water_and_an_orifice_then() -> None:
    hole = Hole(sill=10.0, width=2.0, height=1.0, area=2.0)
    assert through(hole, 1.0, 10.5, 9.0, 9.81) == pytest.approx(float(weir(0.5, 2.0, 9.81)))
    assert through(hole, 1.0, 10.5, 10.3, 9.81) == pytest.approx(float(weir(0.5, 2.0, 9.81) * drowned(0.5, 0.3)))
    assert through(hole, 1.0, 13.0, 9.0, 9.81) == pytest.approx(float(orifice(2.5, 2.0, 9.81)))
    assert through(hole, 1.0, 13.0, 12.0, 9.81) == pytest.approx(float(orifice(1.0, 2.0, 9.81)))
    assert through(hole, 0.5, 13.0, 12.0, 9.81) == pytest.approx(float(orifice(1.0, 1.0, 9.81)))
    assert through(hole, 0.0, 13.0, 12.0, 9.81) == 0
    assert through(hole, 1.0, 9.9, 9.0, 9.81) == 0
    culvert = Hole(sill=10.0, width=1.0, height=1.0, area=1.0, coefficient=0.9, inlet=True)
    assert through(culvert, 1.0, 11.5, 9.0, 9.81) == pytest.approx(float(inlet_control(1.5, 1.0, 1.0)))
    assert through(culvert, 1.0, 11.5, 11.4, 9.81) == pytest.approx(float(orifice(0.1, 1.0, 9.81, 0.9)))


@pytest.mark.parametrize("inlet", [False, True])
def test_the_flow_through_a_hole_has_no_jumps(inlet: bool) -> None:
    hole = Hole(sill=0.0, width=1.5, height=1.0, area=1.5, coefficient=0.7, inlet=inlet)
    levels = np.linspace(0.0, 4.0, 4001)
    for down in (-1.0, 0.5, 1.5):
        flow = np.array([through(hole, 1.0, max(up, down), down, 9.81) for up in levels])
        after = levels[:-1] > down + 0.02
        assert np.abs(np.diff(flow))[after].max() < 0.02
        assert (np.diff(flow) > -1e-9).all()


# -- pumps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_pump_empties_a_closed_basin_as_its_curve_says(precision: str) -> None:
    water = ShallowWater(np.full((20, 20), 10.0), 5.0, depth=np.full((20, 20), 1.0), precision=precision, order=1)
    pump = Pump(
        "p",
        block(slice(0, 20), slice(0, 20)),
        curve=((0.0, 2.0), (4.0, 0.0)),
        outlet_level=Series((0.0,), (12.0,)),
    )
    water.put(pump)
    assert pump.capacity(1.0) == 1.5
    water.advance(1500.0)
    # head h: dh/dt = (2 - h/2) / 10000, from 1 m
    head = 4 - 3 * exp(-1500 / 20000)
    assert float(water.depth.mean()) == pytest.approx(2.0 - head, abs=1e-4)
    assert pump.now == pytest.approx(2 - head / 2, rel=1e-3)
    assert closed(water) < TOLERANCE[precision]


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_pump_lifts_over_a_wall_and_loses_nothing(precision: str) -> None:
    water = basins(precision, left=0.5, right=0.5)
    pump = Pump("p", block(slice(2, 6), slice(2, 6)), rate=0.5, outlet=block(slice(2, 6), slice(14, 18)))
    water.put(pump)
    water.advance(600.0)
    left, right = means(water)
    assert (right - 0.5) * 2000 == pytest.approx(300.0, rel=1e-3)
    assert (0.5 - left) * 2000 == pytest.approx(300.0, rel=1e-3)
    assert closed(water) < TOLERANCE[precision]
    assert abs(pump.stored()) < 1e-9


def test_a_pump_starts_and_stops_with_hysteresis() -> None:
    water = basins(left=0.09, right=0.0)
    cells = block(slice(0, 8), slice(0, 10))
    pump = Pump("p", cells, rate=1.0, rule=Rule(0.1, 0.03))
    water.put(pump)
    water.advance(20.0)
    assert not pump.running
    assert pump.state() == {"pump_rate": {"p": 0.0}}
    water.put(Source("rain", cells, Series((20.0, 60.0), (2.0, 0.0), step=True)))
    water.advance(60.0)
    assert pump.running
    water.advance(80.0)
    assert means(water)[0] > 0.03
    assert pump.running  # below its start and above its stop
    assert pump.state()["pump_rate"]["p"] == pytest.approx(1.0)
    water.advance(400.0)
    assert not pump.running
    assert means(water)[0] == pytest.approx(0.03, abs=0.005)
    assert closed(water) < 1e-12


def test_a_pump_ruled_by_level_counts_from_the_datum_of_the_city() -> None:
    water = basins(left=0.5, right=0.0)
    pump = Pump("p", block(slice(0, 8), slice(0, 10)), rate=1.0, rule=Rule(100.6, 100.4, level=True))
    water.put(pump)
    water.advance(10.0)
    assert pump.left == 0
    pump.rule = Rule(100.45, 100.4, level=True)
    water.advance(1000.0)
    assert means(water)[0] == pytest.approx(0.4, abs=0.01)


def test_a_pump_that_fails_or_is_switched_off_moves_nothing_and_runs_again_when_told() -> None:
    water = basins()
    pump = Pump("p", block(slice(2, 6), slice(2, 6)), asset="P1", rate=1.0, rule=Rule())
    water.put(pump)
    water.advance(100.0)
    assert pump.budget() == {"pumped": pytest.approx(100.0)}
    pump.rate = 0.0
    water.advance(200.0)
    assert pump.left == pytest.approx(100.0)
    assert pump.state() == {"pump_rate": {"P1": 0.0}}
    pump.rate, pump.mode = 1.0, "off"
    water.advance(300.0)
    assert pump.left == pytest.approx(100.0)
    pump.mode = "auto"
    water.advance(400.0)
    assert pump.left == pytest.approx(200.0)


# -- gates and culverts -----------------------------------------------------------------------------------------


def gate(hole: Hole, opening: Series | None = None) -> Opening:
    return Opening("g", (block(slice(2, 6), slice(6, 10)), block(slice(2, 6), slice(11, 15))), hole, opening)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(("left", "right"), [(2.0, 0.5), (0.5, 2.0), (1.0, 0.0)])
def test_two_basins_joined_by_a_gate_become_level_and_stay_so(precision: str, left: float, right: float) -> None:
    water = basins(precision, left, right)
    joint = gate(Hole(100.0, 3.0, 2.0, 6.0))
    water.put(joint)
    gaps = []
    for minute in range(1, 21):
        water.advance(60.0 * minute)
        gaps.append(means(water)[0] - means(water)[1])
    assert abs(gaps[-1]) < 2e-3
    sign = np.sign(left - right)
    assert (sign * np.array(gaps) > -5e-3).all()
    assert (np.diff(sign * np.array(gaps)) < 2e-3).all()
    assert closed(water) < TOLERANCE[precision]


def test_a_gate_lets_through_what_the_formula_says() -> None:
    water = basins(left=2.0, right=0.5)
    joint = gate(Hole(100.0, 1.0, 0.5, 0.5))
    water.put(joint)
    water.advance(30.0)
    before = joint.passed
    left, right = means(water)
    water.advance(40.0)
    assert joint.passed - before == pytest.approx(
        10 * through(joint.hole, 1.0, 100 + left, 100 + right, 9.81), rel=0.05
    )
    assert joint.state()["gate_opening"] == {"g": 1.0}
    assert joint.state()["discharge"]["g"] > 0


def test_nothing_passes_below_the_sill_or_a_closed_gate() -> None:
    water = basins(left=2.0, right=0.1)
    water.put(gate(Hole(101.2, 3.0, 2.0, 6.0)))
    water.advance(1500.0)
    assert 1.2 < means(water)[0] < 1.32  # the last centimetres over a crest take their time
    assert means(water)[1] < 0.8
    shut = basins(left=2.0, right=0.5)
    shut.put(gate(Hole(100.0, 3.0, 2.0, 6.0), Series((0.0,), (0.0,))))
    shut.advance(300.0)
    assert means(shut) == (2.0, 0.5)


def test_a_gate_opens_over_time() -> None:
    water = basins()
    joint = gate(Hole(100.0, 1.0, 0.5, 0.5), Series((60.0, 120.0), (0.0, 1.0)))
    water.put(joint)
    water.advance(60.0)
    assert joint.passed == 0
    water.advance(90.0)
    assert joint.open_now == pytest.approx(0.5, abs=0.05)
    half = joint.passed
    water.advance(120.0)
    assert joint.passed - half > 2 * half


def test_a_flap_lets_water_out_and_not_back() -> None:
    outwards, back = basins(left=2.0, right=0.5), basins(left=0.5, right=2.0)
    flap = Hole(100.0, 3.0, 2.0, 6.0, flap=True)
    outwards.put(gate(flap))
    back.put(gate(flap))
    outwards.advance(300.0)
    back.advance(300.0)
    assert means(outwards)[1] > 0.9
    assert means(back) == (0.5, 2.0)


def test_a_culvert_passes_no_more_than_its_inlet_lets_in() -> None:
    water = basins(left=3.0, right=0.1)
    water.put(gate(Hole(100.0, 0.785, 1.0, 0.785, coefficient=0.95, inlet=True)))
    water.advance(60.0)
    joint = water.structures["g"]
    assert isinstance(joint, Opening)
    assert joint.flow == pytest.approx(float(inlet_control(3.0, 0.785, 1.0)), rel=0.05)


# -- barriers, keeping ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_barrier_leaves_the_ground_as_it_was(precision: str) -> None:
    ground = 100 + np.random.default_rng(4).random((20, 30))
    water = ShallowWater(ground, 5.0, depth=np.full((20, 30), 0.2), precision=precision)
    bed = water.bed.copy()
    memory = Barriers(np.full(600, np.nan))
    first, second = np.zeros((20, 30), bool), np.zeros((20, 30), bool)
    first[10], second[:, 15] = True, True
    for name, cells, crest in (("first", first, 101.5), ("second", second, 102.0)):
        memory.remember(water.water, name, cells, crest)
        water.raise_bed(cells, crest)
    assert memory.remove(water.water, "first") == 29
    assert water.bed[10, 15] == pytest.approx(102.0)
    assert memory.remove(water.water, "second") == 20
    assert (water.bed == bed).all()
    assert closed(water) < TOLERANCE[precision]


def test_cells_that_are_partly_open_give_no_more_than_they_hold() -> None:
    share = np.full((8, 20), 0.25)
    share[:, 10:] = 1.0
    depth = np.where(np.arange(20) < 10, 0.5, 0.0) * np.ones((8, 1))
    water = ShallowWater(np.full((8, 20), 100.0), 5.0, depth=depth, porosity=share, precision="float64", order=1)
    cells = block(slice(0, 8), slice(0, 2)), block(slice(0, 8), slice(18, 20))
    before, whole = above(water.water, cells[0], 100.2), water.stored()
    assert before == pytest.approx(16 * 25 * 0.25 * 0.3)
    assert draw(water.water, cells[0], 1e9, 100.2) == pytest.approx(before)
    assert water.stored() == pytest.approx(whole - before)
    assert wet_area(water.water, cells[0]) == pytest.approx(100.0)
    joint = Opening("g", cells, Hole(100.0, 3.0, 2.0, 6.0))
    for _ in range(50):
        joint.step(water.water, 0.0, 1.0)
    assert water.stored() + joint.stored() == pytest.approx(whole - before, rel=1e-12)
    assert 0 <= float(water.depth[:, 18:].max()) < 0.2


def test_structures_go_on_from_what_they_saved_to_the_last_bit() -> None:
    def made() -> ShallowWater:
        water = basins("float32", left=1.5, right=0.3)
        water.put(gate(Hole(100.2, 1.0, 0.5, 0.5), Series((0.0, 200.0), (0.2, 1.0))))
        pump = Pump("p", block(slice(2, 6), slice(14, 18)), rate=0.5, rule=Rule(0.4, 0.2))
        pump.outlet = block(slice(0, 4), slice(0, 4))
        water.put(pump)
        return water

    first, second = made(), made()
    first.advance(100.0)
    second.load(first.save())
    first.advance(300.0)
    second.advance(300.0)
    assert first.depth.tobytes() == second.depth.tobytes()
    assert first.budget() == second.budget()
    assert [s.state() for s in first.structures.values()] == [s.state() for s in second.structures.values()]
