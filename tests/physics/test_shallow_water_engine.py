from __future__ import annotations

import threading

import numpy as np
import pytest

from twin.errors import InputError, UnstableError
from twin.model.scenario import Series
from twin.physics.shallow_water import stepping
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater


def splash(ny: int = 60, nx: int = 70, **options: object) -> ShallowWater:
    """Return a drop on a rough bed with walls, made symmetric about its middle in both directions."""
    rng = np.random.default_rng(4)
    bed = rng.random((ny, nx)) * 0.3
    bed = bed + bed[::-1] + bed[:, ::-1] + bed[::-1, ::-1]
    y, x = np.mgrid[:ny, :nx]
    depth = 1.5 * np.exp(-((x - (nx - 1) / 2) ** 2 + (y - (ny - 1) / 2) ** 2) / 60)
    solid = np.zeros((ny, nx), bool)
    solid[15:18, 20:26] = solid[-18:-15, 20:26] = solid[15:18, -26:-20] = solid[-18:-15, -26:-20] = True
    settings = {"roughness": 0.03, "depth": depth, "solid": solid, "precision": "float64"} | options
    return ShallowWater(bed, 2.0, **settings)


@pytest.mark.parametrize("order", [1, 2])
def test_mirror_and_turn_change_nothing(order: int) -> None:
    water = splash(order=order)
    water.advance(20.0)
    np.testing.assert_allclose(water.water.now[0], water.water.now[0][::-1], atol=1e-11)
    np.testing.assert_allclose(water.water.now[0], water.water.now[0][:, ::-1], atol=1e-11)
    turned = splash(order=order)
    solid = turned.water.solid
    bed = np.where(solid, 0.0, turned.water.bed[2:-2, 2:-2])
    other = ShallowWater(
        bed.T, 2.0, roughness=0.03, depth=turned.depth.T.astype(float), solid=solid.T, precision="float64", order=order
    )
    again = ShallowWater(
        bed, 2.0, roughness=0.03, depth=turned.depth.astype(float), solid=solid, precision="float64", order=order
    )
    for one in (other, again):
        one.advance(20.0)
    np.testing.assert_allclose(other.water.now[0].T, again.water.now[0], atol=1e-11)
    np.testing.assert_allclose(other.water.now[1].T, again.water.now[2], atol=1e-10)


@pytest.mark.parametrize("order", [1, 2])
def test_repeated_runs_and_threads_give_the_same_bytes(order: int) -> None:
    bytes_of = set()
    for threads in (1, 1, 2):
        water = splash(ny=100, nx=300, order=order, precision="float32", threads=threads)
        water.rain = Series((0.0, 4.0), (1e-4, 0.0), step=True)
        water.advance(10.0)
        bytes_of.add(b"".join(a.tobytes() for a in (*water.water.now, water.arrival, water.max_speed)))
    assert len(bytes_of) == 1


@pytest.mark.parametrize("order", [1, 2])
def test_tiles_that_sleep_hold_the_same_water_as_if_all_were_awake(order: int) -> None:
    runs = []
    for awake in (False, True):
        bed = np.add.outer(np.arange(200) * 0.02, np.zeros(400))
        depth = np.zeros((200, 400))
        depth[150:160, 20:60] = 2.0
        water = ShallowWater(bed, 5.0, depth=depth, order=order, precision="float64")
        if awake:
            water.water.tiles.active = lambda shape=water.water.tiles.shape: np.ones(shape, bool)  # type: ignore[method-assign]
        water.advance(300.0)
        runs.append(water)
    lazy, busy = runs
    assert lazy.cell_updates < 0.6 * busy.cell_updates
    np.testing.assert_allclose(lazy.water.now[0], busy.water.now[0], atol=1e-12)
    assert lazy.stored() == pytest.approx(lazy.stored_at_start, rel=1e-13)


def test_dry_land_without_rain_costs_nothing() -> None:
    water = ShallowWater(np.zeros((200, 400)), 5.0)
    water.advance(50.0)
    assert water.steps > 5
    assert water.cell_updates <= 2 * 200 * 400  # the first steps look at everything once


@pytest.mark.parametrize("order", [1, 2])
def test_small_rain_on_deep_water_is_not_lost_in_float32(order: int) -> None:
    water = ShallowWater(np.zeros((20, 40)), 1.0, depth=np.full((20, 40), 2.0), order=order)
    water.rain = Series((0.0,), (1e-3 / 3600,))  # 1 mm/h: a ninth of a unit in the last place per step
    water.advance(600.0)
    assert 1e-3 / 3600 * 600.0 / water.steps < 0.2 * np.spacing(np.float32(2.0))
    assert water.stored() - water.stored_at_start == pytest.approx(water.budget()["rain"], rel=1e-4)
    assert water.budget()["rain"] == pytest.approx(1e-3 / 6 * 800, rel=1e-6)
    assert water.depth.max() > 2.0001


def test_it_lands_on_times_and_on_the_corners_of_a_series() -> None:
    water = ShallowWater(np.zeros((10, 10)), 5.0, precision="float64")
    water.rain = Series((0.0, 7.3, 11.1), (1e-5, 3e-5, 0.0), step=True)
    water.advance(9.9)
    assert water.time == 9.9
    assert water.budget()["rain"] == pytest.approx((7.3e-5 + 2.6 * 3e-5) * 2500, rel=1e-12)
    water.advance(60.0)
    assert water.time == 60.0
    assert water.budget()["rain"] == pytest.approx((7.3e-5 + 3.8 * 3e-5) * 2500, rel=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_open_edges_let_out_what_is_counted_and_nothing_in(order: int) -> None:
    bed = np.add.outer(np.zeros(30), np.arange(60) * -0.05)
    depth = np.full((30, 60), 0.3)
    water = ShallowWater(bed, 2.0, depth=depth, edges=Edge("open"), order=order, precision="float64")
    water.advance(120.0)
    gone = water.stored_at_start - water.stored()
    assert gone > 0.5 * water.stored_at_start
    assert water.budget()["edge_in"] < 1e-12
    assert water.budget()["edge_out"] == pytest.approx(gone, rel=1e-12)


def test_a_level_outside_fills_the_area_to_that_level() -> None:
    edges = {side: Edge() for side in ("east", "south", "north")}
    edges["west"] = Edge("level", Series((0.0,), (101.0,)))
    water = ShallowWater(np.full((20, 40), 100.0), 2.0, roughness=0.1, edges=edges, precision="float64")
    water.advance(1500.0)
    np.testing.assert_allclose(water.depth, 1.0, atol=6e-3)
    entered = water.budget()["edge_in"] - water.budget()["edge_out"]
    assert water.stored() == pytest.approx(entered, rel=1e-12)


def test_walls_reflect_and_hold() -> None:
    solid = np.zeros((20, 40), bool)
    solid[:, 20] = True
    depth = np.where(np.arange(40) < 20, 1.0, 0.0) * np.ones((20, 1))
    water = ShallowWater(np.zeros((20, 40)), 2.0, depth=depth, velocity=(depth, 0 * depth), solid=solid)
    water.advance(30.0)
    assert water.depth[:, 20:].max() == 0.0
    assert water.max_depth[:, 19].max() > 1.25  # a shock of 1 m/s against a wall in 1 m of water rises to 1.35 m
    assert water.stored() == pytest.approx(water.stored_at_start, rel=1e-8)


def test_summaries_keep_what_frames_do_not_show() -> None:
    depth = np.zeros((4, 300))
    depth[:, :20] = 1.0
    water = ShallowWater(np.zeros((4, 300)), 1.0, depth=depth, roughness=0.02, wet=0.02)
    water.advance(60.0)
    arrived = ~np.isnan(water.arrival[1])
    assert arrived[:20].all()
    assert (water.arrival[1, :20] == 0).all()
    assert (np.diff(water.arrival[1, 19 : np.flatnonzero(arrived)[-1]]) >= 0).all()
    assert water.max_depth[1, 0] == 1.0
    assert water.max_speed.max() > 1.0
    assert (water.max_hazard <= water.max_depth * water.max_speed * (1 + 2**-10)).all()
    assert (water.max_depth >= water.depth).all()


@pytest.mark.parametrize(
    ("what", "match"),
    [
        ({"depth": np.where(np.eye(6) > 0, np.nan, 1.0)}, r"depth: 6 of 36 values .* nan at row 0"),
        ({"depth": np.full((6, 6), -0.5)}, r"depth: 36 of 36 values must be between 0"),
        ({"roughness": np.full((6, 6), np.nan)}, "roughness: 36 of 36"),
        ({"velocity": (np.full((6, 6), np.inf), np.zeros((6, 6)))}, "velocity east: 36 of 36"),
        ({"solid": np.ones((6, 6), bool)}, "no cell is free"),
    ],
)
def test_what_no_kernel_may_see_is_refused_by_count_and_place(what: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        ShallowWater(np.zeros((6, 6)), 1.0, **what)


def test_an_infinite_bed_is_refused_and_a_missing_one_is_a_wall() -> None:
    bed = np.zeros((6, 6))
    bed[2, 3] = np.inf
    with pytest.raises(InputError, match=r"bed: 1 of 36 .* inf at row 2 from the south, column 3"):
        ShallowWater(bed, 1.0)
    bed[2, 3] = np.nan
    assert ShallowWater(bed, 1.0).solid.sum() == 1


@pytest.mark.parametrize("order", [1, 2])
def test_blow_up_is_told_with_time_and_cell(order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    water = splash(order=order)
    water.water.now[0][30, 31] = np.nan
    water.disturbed()
    with pytest.raises(UnstableError, match=r"at 1\.\d+ s in row \d+, column \d+"):
        water.advance(10.0)
    monkeypatch.setattr(stepping, "COURANT", 3.0)
    with pytest.raises(UnstableError, match=r"row \d+, column \d+"):
        splash(order=order, roughness=0.0).advance(2000.0)


def test_a_step_leaves_other_threads_running() -> None:
    water = splash(ny=400, nx=800, precision="float32")
    count, done = [0], threading.Event()

    def tick() -> None:
        while not done.wait(0.001):
            count[0] += 1

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        water.advance(5.0)
    finally:
        done.set()
        ticker.join()
    assert count[0] > 5


def test_memory_stays_within_sixty_bytes_a_cell() -> None:
    rng = np.random.default_rng(1)
    bed = rng.random((400, 500))
    water = ShallowWater(bed, 5.0, roughness=0.02 + bed / 50, rain_share=bed)
    assert water.bytes_per_cell <= 60


def test_the_time_under_water_and_the_rating_are_kept() -> None:
    depth = np.zeros((4, 60))
    depth[:, :20] = 1.0
    water = ShallowWater(np.zeros((4, 60)) + 7.0, 5.0, depth=depth, roughness=0.05, edges={"west": Edge("open")})
    longest = np.zeros(60)
    rating = np.zeros(60)
    for _ in range(60):
        before = water.time
        water.advance(before + 0.25)
        east, north = water.velocity
        wet = water.depth[1] >= 0.05
        longest += np.where(wet, 0.25, 0)
        rating = np.maximum(rating, np.where(wet, water.depth * (np.hypot(east, north) + 0.5), 0)[1])
    np.testing.assert_allclose(water.duration[1], longest, atol=0.26)
    assert water.duration.max() == 15.0
    assert (water.max_rating[1] >= rating).all()
    np.testing.assert_allclose(water.max_rating[1], rating, rtol=2e-2, atol=1e-3)
    there = water.max_depth >= 0.05
    np.testing.assert_allclose(water.max_level[there], 7.0 + water.max_depth[there], rtol=1e-6)
    assert np.isnan(water.max_level[~there]).all()


def test_what_is_packed_is_at_most_a_thousandth_too_high_and_never_too_low() -> None:
    from twin.physics.shallow_water.summaries import pack, unpack

    values = np.concatenate([[0.0], 10 ** np.linspace(-11, 6.5, 5000)]).astype(np.float32)
    kept = unpack(np.array([pack(v) for v in values], np.uint16))
    assert (kept >= values).all()
    assert (kept <= values * np.float32(1 + 2**-10)).all()
    assert kept[0] == 0
    assert (np.diff(kept) >= 0).all()


def test_who_watches_is_called_by_steps_and_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.physics.shallow_water import engine

    seen: list[float] = []
    water = splash(order=1)
    water.advance(20.0, seen.append)
    assert len(seen) >= water.steps // 32 - 1
    monkeypatch.setattr(engine, "WATCH_EVERY", (10**9, 0.0))
    before, count = water.steps, len(seen)
    water.advance(21.0, seen.append)
    assert len(seen) - count == water.steps - before
