"""Drains: the exchange by hand, the network in SWMM, and both under an engine."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
import pytest

from twin.errors import BusyError, InputError, MissingError
from twin.physics.drains import exchange as law
from twin.physics.drains import swmm
from twin.physics.drains.laying import Pipe, lay
from twin.physics.drains.network import Inlets, Network
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures import ENTERS, LEAVES
from twin.physics.shallow_water.structures.drains import EVERY, Drains

G = 9.81
AREA = 0.16
WIDTH = 2 * math.sqrt(math.pi * AREA)


def one(level: float, crest: float, head: float, area: float = AREA) -> float:
    """Return the exchange of a single inlet."""
    return float(law.exchange(*(np.array([v]) for v in (level, crest, head, area)), G)[0])


def street(n: int = 4) -> Network:
    """Return a straight drain of n - 1 pipes of 40 m and 0.6 m under ground at 12 m, from node 0 to an outfall."""
    invert = 10.0 - 0.2 * np.arange(n)
    outfall = np.zeros(n, bool)
    outfall[-1] = True
    return Network(
        xy=np.column_stack([40.0 * np.arange(n), np.zeros(n)]), invert=invert, rim=np.full(n, 12.0),
        shaft=np.full(n, 1.13), outfall=outfall, start=np.arange(n - 1), end=np.arange(1, n), top=invert[:-1],
        foot=invert[1:], length=np.full(n - 1, 40.0), diameter=np.full(n - 1, 0.6),
        roughness=np.full(n - 1, 0.013), ids=tuple(f"P{k}" for k in range(n - 1)),
    )  # fmt: skip


def engine_over(bed: np.ndarray, depth: np.ndarray, precision: str = "float64") -> ShallowWater:
    return ShallowWater(bed, 5.0, depth=depth, edges=Edge("closed"), precision=precision)


def basin(depth: float = 0.2, area: float = AREA, precision: str = "float64") -> tuple[ShallowWater, Drains]:
    """Return a closed basin of 20 x 20 cells of 5 m at 12 m, one inlet in its middle, and a trough for the outfall."""
    bed, water = np.full((20, 20), 12.0), np.full((20, 20), depth)
    bed[:4], bed[4], water[:5] = 9.0, 20.0, 0.0
    engine = engine_over(bed, water, precision)
    inlets = Inlets(np.array([0]), np.array([[50.0, 60.0]]), np.array([area]), ("I",))
    drains = Drains(street(), inlets, (np.array([12]), np.array([10])), [(np.array([2]), np.array([2]))])
    engine.put(drains)
    return engine, drains


def gap(engine: ShallowWater) -> float:
    """Return the error of the budget of the surface in m3."""
    parts = engine.budget()
    entered = parts["rain"] + parts["edge_in"] + sum(parts[n] for n in ENTERS)
    left = parts["edge_out"] + sum(parts[n] for n in LEAVES)
    return engine.stored() - engine.stored_at_start - entered + left


def test_a_free_weir_by_hand() -> None:
    expected = 2 / 3 * 0.54 * WIDTH * 0.05**1.5 * math.sqrt(2 * G)
    assert one(12.05, 12.0, 11.0) == pytest.approx(expected) == pytest.approx(0.025278, abs=5e-6)


def test_a_submerged_weir_by_hand() -> None:
    assert one(12.05, 12.0, 12.02) == pytest.approx(0.056 * WIDTH * 0.05 * math.sqrt(2 * G * 0.03))
    assert one(12.05, 12.0, 12.0) == pytest.approx(0.056 * WIDTH * 0.05 * math.sqrt(2 * G * 0.05))


def test_an_orifice_by_hand() -> None:
    deep = AREA / WIDTH + 0.1
    assert one(12 + deep, 12.0, 12.1) == pytest.approx(0.167 * AREA * math.sqrt(2 * G * (deep - 0.1)))


def test_surcharge_by_hand() -> None:
    assert one(12.0, 12.0, 12.5) == pytest.approx(-0.167 * AREA * math.sqrt(2 * G * 0.5))
    assert one(12.3, 12.0, 12.5) == pytest.approx(-0.167 * AREA * math.sqrt(2 * G * 0.2))


def test_deep_water_over_an_empty_shaft_is_held_by_the_grate() -> None:
    assert one(14.0, 12.0, 11.0) == pytest.approx(0.67 * AREA * math.sqrt(2 * G * 2.0))
    assert one(14.0, 12.0, 11.0) < 2 / 3 * 0.54 * WIDTH * 2.0**1.5 * math.sqrt(2 * G)


def test_nothing_passes_at_equal_levels_dry_streets_and_blocked_inlets() -> None:
    assert one(12.0, 12.0, 11.0) == 0.0
    assert one(12.4, 12.0, 12.4) == 0.0
    assert one(12.4, 12.0, 11.0, 0.0) == 0.0
    assert one(12.0, 12.0, 13.0, 0.0) == 0.0


def test_a_rate_that_turns_passes_through_nothing() -> None:
    before, wanted = np.array([0.1, 0.1, 0.0, -0.2]), np.array([0.3, -0.3, 0.2, -0.1])
    assert law.relaxed(before, wanted).tolist() == pytest.approx([0.2, 0.0, 0.1, -0.15])


def test_the_network_carries_what_enters_and_reaches_the_depth_of_manning() -> None:
    net = street(6)
    run = swmm.Swmm(net, EVERY)
    lateral = np.zeros(6)
    lateral[0] = 0.2
    out = sum(run.advance(lateral, np.array([-np.inf]))[0] for _ in range(900))
    assert run.flows() == pytest.approx([0.2] * 5, rel=1e-3)
    depth = run.heads()[2] - net.invert[2]
    # Manning in a circle of 0.6 m at a slope of 1 in 200
    angle = 2 * math.acos(1 - 2 * depth / 0.6)
    area = 0.6**2 / 8 * (angle - math.sin(angle))
    radius = 0.6 / 4 * (1 - math.sin(angle) / angle)
    assert area * radius ** (2 / 3) * math.sqrt(1 / 200) / 0.013 == pytest.approx(0.2, rel=0.01)
    assert out + run.stored() - run.stored_at_start == pytest.approx(0.2 * 1800, rel=2e-3)
    run.close()


def test_one_network_at_a_time_and_its_folder_goes_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first = swmm.Swmm(street(), EVERY)
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(BusyError, match="SWMM holds one at a time"):
        swmm.Swmm(street(), EVERY)
    del first
    swmm.Swmm(street(), EVERY).close()
    assert not list(tmp_path.iterdir())


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "swmm.toolkit.solver", None)
    with pytest.raises(MissingError, match=r"gaon-twin\[drains\]"):
        swmm.Swmm(street(), EVERY)


def test_a_network_that_swmm_refuses_is_refused_in_its_words() -> None:
    bad = street()
    bad.diameter[0] = -1.0
    with pytest.raises(InputError, match="SWMM does not take this network of drains: ERROR"):
        swmm.Swmm(bad, EVERY)
    swmm.Swmm(street(), EVERY).close()


def test_networks_that_cannot_drain_are_refused() -> None:
    net = street()
    with pytest.raises(InputError, match="has no outfall"):
        Network(**{n: getattr(net, n) for n in net.__slots__} | {"outfall": np.zeros(4, bool)})
    with pytest.raises(InputError, match="exactly one pipe"):
        Network(**{n: getattr(net, n) for n in net.__slots__} | {"outfall": np.array([False, True, False, True])})


def test_a_street_basin_with_one_inlet_drains_at_the_rate_of_its_inlet() -> None:
    engine, drains = basin(depth=0.05)
    engine.advance(300.0)
    # over 15 x 20 cells the depth falls as A dh/dt = -Q(h); the water draws down a little towards the inlet
    area, depth = 15 * 20 * 25.0, 0.05
    for _ in range(300):
        depth -= one(12 + depth, 12.0, 11.0) / area
    taken = engine.budget()["drained"]
    assert taken == pytest.approx((0.05 - depth) * area, rel=0.1)
    books = drains.books()
    assert abs(books["error"]) < 0.01 * taken
    assert books["outfall"] > 0.3 * taken
    assert books["pipes"] > 0.3 * taken


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_what_passes_inlets_and_outfalls_is_not_lost(precision: str) -> None:
    engine, drains = basin(precision=precision)
    engine.advance(600.0)
    parts = engine.budget()
    assert parts["drained"] > 20
    assert parts["outfall"] > 0.5 * parts["drained"]
    bound = 1e-6 if precision == "float32" else 1e-12
    assert abs(gap(engine)) < bound * engine.stored_at_start
    trough = engine.depth[:4].sum() * 25.0
    assert trough == pytest.approx(parts["outfall"], rel=1e-5)
    assert abs(drains.books()["error"]) < 0.01 * parts["drained"]


def test_an_inlet_takes_no_more_than_its_cell_holds() -> None:
    engine, _ = basin(depth=0.0, area=4.0)
    engine.water.add((np.array([12]), np.array([10])), np.array([0.4]))
    engine.advance(60.0)
    assert 0 < engine.budget()["drained"] <= 0.4 * (1 + 1e-9)
    assert (engine.depth >= 0).all()
    assert gap(engine) == pytest.approx(0.4)  # what was poured in after the start


def test_a_blocked_inlet_keeps_the_water_and_a_cleared_one_lets_it_go() -> None:
    engine, drains = basin()
    yes, no = np.array([True]), np.zeros(3, bool)
    drains.block(yes, no, 1.0)
    engine.advance(120.0)
    assert engine.budget()["drained"] == 0.0
    drains.block(yes, no, 0.5)
    engine.advance(240.0)
    half = engine.budget()["drained"]
    drains.block(yes, no, 0.0)
    engine.advance(360.0)
    assert 0 < half < 0.8 * (engine.budget()["drained"] - half)


def test_water_comes_back_from_a_drain_under_pressure() -> None:
    # one inlet lies in a pond 3 m above the street of the other, and the pipe below both is blocked
    net = street()
    inlets = Inlets(np.array([0, 1]), np.zeros((2, 2)), np.array([1.0, 0.5]), ("high", "low"))
    bed = np.full((20, 20), 12.0)
    bed[15:] = 15.0
    bed[14] = 18.0
    depth = np.where(bed == 15.0, 1.0, 0.0)
    engine = engine_over(bed, depth)
    drains = Drains(net, inlets, (np.array([17, 5]), np.array([10, 10])), [None])
    drains.block(np.zeros(2, bool), np.array([False, False, True]), 1.0)
    engine.put(drains)
    engine.advance(600.0)
    parts = engine.budget()
    assert parts["surcharge"] > 5
    assert parts["surcharge"] < parts["drained"]
    assert engine.depth[:14].max() > 0
    assert abs(gap(engine)) < 1e-9 * engine.stored_at_start
    assert drains.state()["drain_level"]["P0"] > 0.6


def test_an_empty_shaft_above_its_inlet_gives_nothing() -> None:
    engine = engine_over(np.full((20, 20), 9.5), np.zeros((20, 20)))  # the inlet lies below the bottom of its shaft
    inlets = Inlets(np.array([0]), np.zeros((1, 2)), np.array([AREA]), ("I",))
    engine.put(Drains(street(), inlets, (np.array([10]), np.array([10])), [None]))
    engine.advance(60.0)
    assert engine.budget()["surcharge"] < 1e-3  # SWMM begins with a film of 0.1 mm


def test_an_outfall_under_a_high_river_does_not_run() -> None:
    out = {}
    for stage in (-np.inf, 13.0):
        run = swmm.Swmm(street(), EVERY)
        lateral = np.array([0.05, 0.0, 0.0, 0.0])
        out[stage] = sum(run.advance(lateral, np.array([stage]))[0] for _ in range(300))
        run.close()
    assert out[-np.inf] > 20
    assert out[13.0] == 0  # the shafts hold it; none has filled to 13 m


def test_a_saved_run_goes_on_to_the_last_bit() -> None:
    first, drains = basin(precision="float32")
    first.advance(50.0)
    drains.block(np.array([False]), np.array([False, True, False]), 0.6)
    first.advance(131.0)
    saved = first.save()
    first.advance(300.0)
    expected, books = first.save(), drains.books()
    drains._swmm.close()
    second, again = basin(precision="float32")
    second.load(saved)
    second.advance(300.0)
    found = second.save()
    assert expected.keys() == found.keys()
    for name, array in expected.items():
        assert np.array_equal(array, found[name]), name
    assert again.books() == books


def ground(xy: np.ndarray) -> np.ndarray:
    return 12.0 - 0.005 * xy[:, 0]


def pipe(name: str, *points: tuple[float, float], **known: float) -> Pipe:
    return Pipe(name, np.array(points, float), **({"diameter": 0.6} | known))


def test_pipes_that_meet_are_joined_and_ordered_downhill() -> None:
    pipes = [
        pipe("a", (0, 0), (50, 0), first=10.5, last=10.3),
        pipe("b", (100, 0.2), (50.3, 0), first=10.0, last=10.3),  # drawn uphill
        pipe("c", (50, 50), (50, 0.1), lower=10.4),
        pipe("d", (100, 0), (150, 0), first=10.0, last=9.8, diameter=0.9),
    ]
    net, laid = lay(pipes, ground)
    assert net is not None
    assert (laid.outfalls, laid.traps, laid.loose, laid.closed, laid.above) == (1, 0, 0, 0, 0)
    assert len(net.invert) == 5
    assert (net.top >= net.foot).all()
    b = net.ids.index("b")
    assert (net.top[b], net.foot[b]) == (10.3, 10.0)
    assert net.invert[net.end[b]] == 10.0
    last = int(np.flatnonzero(net.outfall)[0])
    assert net.xy[last].tolist() == [150.0, 0.0]
    assert net.end[net.ids.index("d")] == last
    c = net.ids.index("c")
    assert (net.top[c], net.foot[c]) == pytest.approx((10.4 + 0.002 * 49.9, 10.4))


def test_what_a_network_lacks_is_counted() -> None:
    pipes = [
        pipe("a", (0, 0), (50, 0), first=10.5, last=10.3),
        pipe("near", (0, 30), (50, 2), first=10.6, last=10.5),  # ends 2 m beside the last
        pipe("unsized", (0, 9), (50, 9), diameter=math.nan),
        pipe("unlevelled", (50, 0), (90, 0)),
        pipe("v1", (0, 100), (50, 100), first=10.5, last=10.0),  # two pipes fall into one low point
        pipe("v2", (99, 100), (50, 100), first=10.5, last=10.0),
    ]
    net, laid = lay(pipes, ground)
    assert net is not None
    assert laid.no_diameter == ("unsized",)
    assert laid.guessed == ("unlevelled",)
    assert laid.loose == 1
    assert (laid.closed, laid.lost) == (1, 2)
    assert set(net.ids) == {"a", "near", "unlevelled"}
    u = net.ids.index("unlevelled")
    assert net.foot[u] == pytest.approx(12 - 0.005 * 90 - 1.6)


def test_a_named_outfall_where_pipes_meet_gets_a_last_pipe() -> None:
    pipes = [
        pipe("v1", (0, 100), (50, 100), first=10.5, last=10.0),
        pipe("v2", (99, 100), (50, 100), first=10.5, last=10.0),
    ]
    net, laid = lay(pipes, ground, np.array([[50.0, 100.1]]))
    assert net is not None
    assert laid.outfalls == 1
    assert net.ids == ("v1", "v2", "")
    assert net.outfall.sum() == 1
    swmm.Swmm(net, EVERY).close()


def test_a_network_without_an_outfall_is_none() -> None:
    pipes = [
        pipe("v1", (0, 100), (50, 100), first=10.5, last=10.0),
        pipe("v2", (99, 100), (50, 100), first=10.5, last=10.0),
    ]
    net, laid = lay(pipes, ground)
    assert net is None
    assert (laid.closed, laid.lost) == (1, 2)
    assert lay([pipe("u", (0, 0), (9, 9), diameter=math.nan)], ground)[0] is None
