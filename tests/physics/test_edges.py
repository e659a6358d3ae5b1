"""What the sides of the area do: levels and discharges by the wave that comes from inside, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import InputError
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import SIDES, Edge, at_discharge, at_level
from twin.physics.shallow_water.engine import ShallowWater

G = 9.81


def one(value: float) -> np.ndarray:
    return np.array([value])


def flow(water: ShallowWater) -> np.ndarray:
    return water.water.now[0][3, 2:-2] * water.water.now[1][3, 2:-2]


def test_the_state_at_a_level_lies_behind_the_wave_that_runs_in() -> None:
    depth, speed = at_level(one(2.0), one(1.0), one(0.3), G)  # a shock: mass and momentum in its frame
    front = (depth * speed - 1.0 * 0.3) / (depth - 1.0)
    left = depth * (speed - front) ** 2 + G * depth**2 / 2
    right = 1.0 * (0.3 - front) ** 2 + G / 2
    np.testing.assert_allclose(left, right, rtol=1e-12)
    depth, speed = at_level(one(0.6), one(1.0), one(0.3), G)  # a rarefaction keeps u - 2 c
    np.testing.assert_allclose(speed - 2 * np.sqrt(G * depth), 0.3 - 2 * np.sqrt(G), rtol=1e-12)
    assert depth == 0.6


def test_what_a_level_cannot_decide_it_leaves_alone() -> None:
    depth, speed = at_level(one(0.01), one(1.0), one(-0.5), G)  # a low level: water falls out at its critical depth
    np.testing.assert_allclose(speed, -np.sqrt(G * depth), rtol=1e-12)
    assert 0.01 < depth < 1.0
    depth, speed = at_level(one(0.9), one(1.0), one(-5.0), G)  # faster than its waves: the level outside is not felt
    assert (depth, speed) == (1.0, -5.0)
    depth, speed = at_level(one(9.0), one(1.0), one(-5.0), G)  # but a level this high drives a bore back in
    assert depth == 9.0
    depth, speed = at_level(one(3.0), one(1e-4), one(0.0), G)  # it never enters faster than its own waves
    np.testing.assert_allclose(speed, np.sqrt(G * 3.0), rtol=1e-12)
    depth, speed = at_level(one(3.0), one(0.0), one(0.0), G)
    assert (depth, speed) == (3.0, 0.0)
    depth, speed = at_level(one(1.5), one(1.5), one(0.0), G)
    assert (depth, speed) == (1.5, 0.0)


@pytest.mark.parametrize(("q", "h", "u"), [(1.0, 2.0, 0.4), (3.0, 2.0, 1.4), (0.0, 2.0, 0.0), (0.5, 1.0, -0.5)])
def test_a_discharge_enters_at_the_depth_that_the_wave_from_inside_demands(q: float, h: float, u: float) -> None:
    depth, speed = at_discharge(q, one(h), one(u), G)
    np.testing.assert_allclose(depth * speed, q, atol=1e-12)
    np.testing.assert_allclose(speed - 2 * np.sqrt(G * depth), u - 2 * np.sqrt(G * h), rtol=1e-12)


def test_a_discharge_into_dry_or_rushing_water_enters_at_its_critical_depth() -> None:
    for h, u in ((0.0, 0.0), (0.2, 5.0)):
        depth, speed = at_discharge(2.0, one(h), one(u), G)
        np.testing.assert_allclose(depth, (4.0 / G) ** (1 / 3), rtol=1e-12)
        np.testing.assert_allclose(depth * speed, 2.0, rtol=1e-12)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("order", [1, 2])
def test_a_raised_level_sends_in_the_bore_of_the_textbook(side: str, order: int) -> None:
    long, wide = 200, 2
    shape = (wide, long) if side in ("west", "east") else (long, wide)
    edges = {side: Edge("level", Series((0.0,), (12.0,)))}
    water = ShallowWater(
        np.full(shape, 10.0), 1.0, roughness=0.0, depth=np.ones(shape), edges=edges, order=order, precision="float64"
    )
    water.advance(30.0)
    depth = water.depth if side in ("west", "east") else water.depth.T
    depth = depth[1] if side in ("west", "south") else depth[1, ::-1]
    speed = np.sqrt(G / 2 * (1 / 2 + 1 / 1))
    front = 2.0 * speed / (2.0 - 1.0) * 30.0  # 163 m
    expected = np.where(np.arange(0.5, long) < front, 2.0, 1.0)
    assert np.abs(depth - expected).mean() < (0.02 if order == 1 else 0.01)
    np.testing.assert_allclose(depth[:100], 2.0, atol=0.02)  # the bore starts as a step, which leaves a wrinkle
    assert water.budget()["edge_in"] == pytest.approx(2.0 * speed * 30.0 * wide, rel=0.02)


@pytest.mark.parametrize(("order", "short"), [(1, 1e-3), (2, 1e-3)])
def test_discharge_above_and_level_below_make_the_flow_over_a_bump(order: int, short: float) -> None:
    x = np.arange(0.25, 25, 0.5)
    bed = np.maximum(0, 0.2 - 0.05 * (x - 10) ** 2) * np.ones((2, 1))
    edges = {"west": Edge("discharge", Series((0.0,), (4.42,))), "east": Edge("level", Series((0.0,), (2.0,)))}
    water = ShallowWater(
        bed, 0.5, roughness=0.0, depth=2 - bed, edges=edges, order=order, precision="float64", gravity=9.8
    )
    water.advance(100.0)
    before = water.budget()
    water.advance(120.0)
    after = water.budget()
    for part in ("edge_in", "edge_out"):
        assert after[part] - before[part] == pytest.approx(4.42 * 1.0 * 20.0, rel=short)
    # Bernoulli: 2 m and 4.42 m2/s below fix the depth above the crest
    head = 2.0 + 4.42**2 / (2 * 9.8 * 4.0)
    roots = np.roots([1, 0.2 - head, 0, 4.42**2 / (2 * 9.8)])
    assert water.depth[0, 20] == pytest.approx(max(roots.real), rel=0.01)


def test_water_falls_out_over_a_low_level_at_its_critical_depth() -> None:
    edges = {
        "west": Edge("discharge", Series((0.0,), (1.0,))),
        "east": Edge("level", Series((0.0, 60.0), (1.0, -5.0))),
    }
    water = ShallowWater(np.zeros((2, 30)), 4.0, roughness=0.02, depth=np.ones((2, 30)), edges=edges)
    water.advance(600.0)
    assert flow(water)[-1] == pytest.approx(1.0, rel=0.02)
    assert water.depth[0, -1] == pytest.approx((1 / G) ** (1 / 3), rel=0.15)


def test_a_tide_comes_and_goes_and_every_drop_is_counted() -> None:
    rng = np.random.default_rng(2)
    bed = 3.0 + rng.random((20, 30))
    tide = Series((0.0, 200.0, 400.0, 600.0), (3.0, 5.0, 2.0, 4.5))
    edges = {"south": Edge("level", tide), "east": Edge("open")}
    water = ShallowWater(bed, 5.0, edges=edges, precision="float64")
    for until in (200.0, 400.0, 600.0):
        water.advance(until)
        parts = water.budget()
        assert water.stored() == pytest.approx(parts["edge_in"] - parts["edge_out"], rel=1e-12)
    assert min(parts["edge_in"], parts["edge_out"]) > 500.0


@pytest.mark.parametrize(
    ("edges", "match"),
    [
        ({"west": Edge("level", Series((0.0, 60.0, 30.0), (5.0, 6.0, 5.0)))}, "west edge, level: time 30 s follows 60"),
        ({"east": Edge("discharge", Series((0.0, 60.0), (5.0, -6.0)))}, "east edge, discharge: -6 at 60 s"),
        ({"south": Edge("level", Series((0.0,), (np.nan,)))}, "south edge, level: nan at 0 s"),
        ({"north": Edge("level", Series((0.0, 9.0), (1.0, 1.5)))}, "north edge.*1.5 m, is not above.*lowest is at 4 m"),
        ({"north": Edge("level", Series((), ()))}, "north edge, level: its series is empty"),
        ({"nord": Edge("open")}, "Did you mean 'north'"),
    ],
)
def test_a_side_that_cannot_be_is_refused_by_name(edges: dict[str, Edge], match: str) -> None:
    bed = np.full((6, 6), 4.0)
    bed[2, 2] = 0.0
    with pytest.raises(InputError, match=match):
        ShallowWater(bed, 1.0, edges=edges)


def test_a_side_without_ground_takes_no_series() -> None:
    bed = np.zeros((6, 6))
    bed[:, 0] = np.nan
    with pytest.raises(InputError, match="west edge, discharge: no cell along it is free"):
        ShallowWater(bed, 1.0, edges={"west": Edge("discharge", Series((0.0,), (1.0,)))})


def test_kinds_and_series_must_go_together() -> None:
    with pytest.raises(InputError, match="Did you mean 'level'"):
        Edge("levle")
    with pytest.raises(InputError, match="'level' needs a series"):
        Edge("level")
    with pytest.raises(InputError, match="'open' takes no series"):
        Edge("open", Series((0.0,), (1.0,)))
