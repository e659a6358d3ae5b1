from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.physics.cases import behave
from twin.errors import InputError
from twin.physics.wildfire import crown, ellipse, kernels, reference, surface, wind
from twin.physics.wildfire.fuels import standard
from twin.physics.wildfire.moisture import Moisture
from twin.physics.wildfire.rates import (
    ACTIVE,
    PASSIVE,
    SURFACE,
    Canopy,
    Options,
    Rates,
    Terrain,
    inputs,
    intensity,
    rates,
)

DRY = Moisture(0.06, 0.07, 0.08, 0.60, 0.90)
PINE = Canopy(0.7, 12.0, 2.5, 0.15)


def one(number: int = 102, moisture: Moisture = DRY, **kwargs) -> Rates:
    return rates(np.array([[number]], np.int16), moisture, **({"wind_speed": 8.0, "wind_from": 270.0} | kwargs))


def spread(rng: np.random.Generator, low: float, high: float, shape: tuple[int, int], even: bool, rough: bool):
    values = float(rng.uniform(low, high)) if even else rng.uniform(low, high, shape)
    return np.clip(np.round(values, 0 if high > 2 else 1), low, high) if rough else values


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    even=st.lists(st.booleans(), min_size=13, max_size=13),
    slope=st.sampled_from(["behave", "plane"]),
    limit=st.booleans(),
    crowns=st.sampled_from(["none", "cruz", "rothermel"]),
    calm=st.booleans(),
)
def test_the_kernel_gives_what_plain_numpy_gives(seed, even, slope, limit, crowns, calm) -> None:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 8)), int(rng.integers(1, 8)))
    bounds = [(0.0, 0.4), (0.0, 0.4), (0.0, 0.4), (0.0, 1.5), (0.3, 2.0), (0, 0 if calm else 30), (-360, 720)]
    bounds += [(-1, 1), (-1, 1), (0, 1), (0, 25), (0, 8), (0, 0.4)]
    m1, m10, m100, herb, woody, speed, from_, east, north, cover, height, base, bulk = (
        spread(rng, low, high, shape, same, bool(seed % 2)) for (low, high), same in zip(bounds, even, strict=True)
    )
    # half of the time few fuels and rounded fields, so that neighbours are alike
    number = rng.choice(rng.choice(standard().number, 2) if seed % 2 else standard().number, shape)
    taken = inputs(
        number,
        Moisture(m1, m10, m100, herb, woody),
        speed,
        from_,
        Terrain(east, north),
        Canopy(cover, height, base, bulk),
    )
    options = Options(slope=slope, wind_limit=limit, crown=crowns, foliar=float(rng.uniform(0.3, 2)), factor=1.3)
    fast, plain = kernels.run(taken, options), reference.run(taken, options)
    np.testing.assert_array_equal(fast.kind, plain.kind)
    for name in ("head", "eccentricity", "heat"):
        np.testing.assert_allclose(getattr(fast, name), getattr(plain, name), rtol=1e-10, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(np.cos(fast.heading - plain.heading), 1.0, atol=1e-10)


def test_fire_behaves_as_behave_says(shared: Path) -> None:
    columns, made = behave.grid()
    assert made.head.size == 1431
    np.testing.assert_allclose(made.head[0] / behave.CHAIN_HOUR, columns["ros_ch_per_h"], rtol=1e-5)
    np.testing.assert_allclose(made.heat[0] / surface.KJ_M2, columns["heat_per_area_btu_ft2"], rtol=1e-6)
    assert (made.kind == SURFACE).all()


def test_the_suite_of_behave_is_reproduced(shared: Path) -> None:
    cases = behave.suite()
    assert len(cases) == 51
    wrong = [(c.name, c.quantity, behave.reckon(c), c.expected) for c in cases if c.error(behave.reckon(c)) > 1e-6]
    assert wrong == []


def test_moisture_of_extinction_and_of_the_bed(shared: Path) -> None:
    wanted = {"live_moisture_of_extinction", "characteristic_live_moisture", "characteristic_dead_moisture"}
    cases = [c for c in behave.suite(reproduced=False) if c.quantity in wanted]
    assert len(cases) == 3
    for case in cases:
        assert case.error(behave.reckon(case)) <= 1e-6, case


def test_wind_laid_on_the_slope_is_faster_uphill(shared: Path) -> None:
    rows = behave.read("behave_ros_grid.csv")
    for percent, low, high in (("30", 1.04, 1.06), ("60", 1.13, 1.18)):
        chosen = [r for r in rows if r["slope_pct"] == percent and float(r["midflame_wind_mph"]) > 0]
        number = np.array([[int(r["fuel_model"]) for r in chosen]], np.int16)
        moisture = Moisture(
            *(
                np.array([[float(r[f"{name}_pct"]) / 100 for r in chosen]])
                for name in ("m1", "m10", "m100", "mherb", "mwoody")
            )
        )
        speed = behave.midflame(number, np.array([[float(r["midflame_wind_mph"]) for r in chosen]]))
        hill = Terrain(0.0, float(percent) / 100)
        both = [
            rates(number, moisture, wind_speed=speed, wind_from=180.0, terrain=hill, options=Options(slope=slope)).head
            for slope in ("plane", "behave")
        ]
        assert low < np.median(both[0] / both[1]) < high
    flat = [one(options=Options(slope=slope)).head[0, 0] for slope in ("plane", "behave")]
    assert flat[0] == flat[1]


@pytest.mark.parametrize("turn", [0.0, 17.0, 90.0, 200.0])
def test_turning_the_world_turns_only_the_heading(turn: float) -> None:
    made = one(wind_from=250.0 + turn, terrain=Terrain.facing(0.4, 10.0 + turn), canopy=PINE)
    still = one(wind_from=250.0, terrain=Terrain.facing(0.4, 10.0), canopy=PINE)
    assert made.head[0, 0] == pytest.approx(still.head[0, 0], rel=1e-12)
    assert made.eccentricity[0, 0] == pytest.approx(still.eccentricity[0, 0], rel=1e-12)
    assert np.cos(made.heading[0, 0] - still.heading[0, 0] + np.radians(turn)) == pytest.approx(1.0)


def test_fire_runs_with_the_wind_and_up_the_slope() -> None:
    assert one(wind_from=270.0).heading[0, 0] == pytest.approx(0.0, abs=1e-12)
    assert one(wind_from=180.0).heading[0, 0] == pytest.approx(np.pi / 2)
    x = np.arange(5) * 10.0
    hill = Terrain.of(np.tile(0.3 * x, (4, 1)), 10.0)
    climbing = rates(np.full((4, 5), 102), DRY, wind_speed=0.0, wind_from=0.0, terrain=hill)
    np.testing.assert_allclose(climbing.heading, 0.0, atol=1e-12)
    assert (climbing.head > one(wind_speed=0.0).head[0, 0]).all()
    still = one(wind_speed=0.0)
    assert (still.eccentricity[0, 0], still.heading[0, 0]) == (0.0, 0.0)


def test_ground_beside_the_unknown_is_flat() -> None:
    heights = np.outer(np.arange(4.0), np.ones(5)) * 3
    heights[1, 2] = np.nan
    slope = Terrain.of(heights, 10.0)
    assert np.isfinite(slope.north).all()
    assert slope.north[0, 2] == slope.north[2, 2] == slope.east[1, 1] == 0
    assert slope.north[2, 0] == pytest.approx(0.3)
    assert Terrain.of(heights[:1, :1], 10.0).north[0, 0] == 0


def test_what_is_too_wet_or_no_fuel_does_not_burn() -> None:
    wet = one(moisture=Moisture(0.4, 0.4, 0.4, 1.5, 2.0))
    for made in (wet, one(91), one(98)):
        assert [float(getattr(made, n)[0, 0]) for n in ("head", "eccentricity", "heading", "heat")] == [0, 0, 0, 0]
        assert made.kind[0, 0] == 0
        for value in intensity(made, np.zeros((1, 1))):
            assert value[0, 0] == 0


def test_the_wind_limit_caps_the_effective_wind() -> None:
    free, capped = (one(101, wind_speed=25.0, options=Options(wind_limit=limit)) for limit in (False, True))
    assert capped.head[0, 0] < free.head[0, 0]
    assert capped.eccentricity[0, 0] < free.eccentricity[0, 0]
    slow = [one(101, wind_speed=1.0, options=Options(wind_limit=limit)).head[0, 0] for limit in (False, True)]
    assert slow[0] == slow[1]


def test_trees_shelter_from_the_wind() -> None:
    low = one(165, canopy=Canopy(0.7, 12.0, 4.0, 0.0)).head[0, 0]
    assert low < one(165).head[0, 0]
    assert one(165, canopy=Canopy(0.05, 12.0, 4.0, 0.0)).head[0, 0] == one(165).head[0, 0]
    assert float(wind.adjustment(0.4, 0.0, 0.0, 0.0)) == 0.4


def test_length_to_width_ends_at_eight() -> None:
    ratio = 1 / np.sqrt(1 - one(104, wind_speed=60.0).eccentricity[0, 0] ** 2)
    assert ratio == pytest.approx(8.0)
    assert ellipse.length_to_width(5.0) == pytest.approx(1.590064, abs=1e-6)


def test_crowns_burn_one_by_one_or_all_at_once() -> None:
    fires = [one(165, canopy=Canopy(0.7, 12.0, 2.0, bulk), wind_speed=12.0) for bulk in (0.0, 0.02, 0.15)]
    assert [int(f.kind[0, 0]) for f in fires] == [SURFACE, PASSIVE, ACTIVE]
    heat = [float(f.heat[0, 0]) for f in fires]
    assert heat[2] - heat[0] == pytest.approx(crown.LOW_HEAT * 0.15 * 10)
    share = float(crown.cruz_rate(12.0, 0.02, 0.06) / crown.active_limit(0.02))
    assert heat[1] - heat[0] == pytest.approx(crown.LOW_HEAT * 0.02 * 10 * share)
    assert fires[2].head[0, 0] == pytest.approx(float(crown.cruz_rate(12.0, 0.15, 0.06)))
    assert fires[2].heading[0, 0] == pytest.approx(0.0, abs=1e-12)
    high = one(165, canopy=Canopy(0.7, 25.0, 15.0, 0.15), wind_speed=3.0)
    assert high.kind[0, 0] == SURFACE


def test_the_published_crown_fire() -> None:
    assert float(crown.cruz_rate(12 * 0.44704 / 0.87, 0.18, 0.04)) * 60 == pytest.approx(65.63, rel=1e-3)
    assert float(crown.critical_intensity(1.0, 1.0)) == pytest.approx((0.01 * (460 + 25.9 * 100)) ** 1.5)


def test_rothermels_crown_fire_is_an_option() -> None:
    given_ = {"canopy": PINE, "wind_speed": 15.0}
    made = one(165, options=Options(crown="rothermel"), **given_)
    ten = one(10, wind_speed=15.0 * 0.4 * 1.0 / float(wind.unsheltered(1.0)))
    assert made.kind[0, 0] == ACTIVE
    assert made.head[0, 0] == pytest.approx(3.34 * ten.head[0, 0])
    assert one(165, options=Options(crown="none"), **given_).kind[0, 0] == SURFACE


def test_the_factor_of_an_ensemble_multiplies_every_rate() -> None:
    assert one(options=Options(factor=1.35)).head[0, 0] == pytest.approx(1.35 * one().head[0, 0])


def test_intensity_follows_the_part_of_the_ellipse() -> None:
    made = one(145)
    head, e, heat = (float(getattr(made, n)[0, 0]) for n in ("head", "eccentricity", "heat"))
    found = {way: [float(v[0, 0]) for v in intensity(made, np.full((1, 1), way))] for way in (0.0, 1.0, np.pi)}
    assert found[0.0][0] == pytest.approx(head)
    assert found[np.pi][0] == pytest.approx(float(ellipse.backing_rate(head, e)))
    assert found[0.0][1] == pytest.approx(heat * head)
    feet = 0.45 * (heat * head / surface.KW_M) ** 0.46
    assert found[0.0][2] == pytest.approx(feet * 0.3048)
    assert found[1.0][0] < float(ellipse.rate_along(head, e, 1.0))
    assert [float(v[0, 0]) for v in intensity(made, np.full((1, 1), np.nan))] == [0, 0, 0]


@settings(derandomize=True, max_examples=50, deadline=None)
@given(e=st.floats(0, 0.99), th=st.floats(-np.pi, np.pi))
def test_the_normal_rate_of_a_ray_is_that_of_its_normal(e: float, th: float) -> None:
    along = ellipse.rate_along(1.0, e, th)
    b = (1 + ellipse.backing_rate(1.0, e)) / 2
    normal = np.arctan2(along * np.sin(th) / (1 - e * e), along * np.cos(th) - b * e)
    assert ellipse.rate_of_normal(1.0, e, normal) == pytest.approx(ellipse.normal_rate(1.0, e, th), rel=1e-9)
    assert ellipse.flank_rate(1.0, e) == pytest.approx(ellipse.rate_of_normal(1.0, e, np.pi / 2))


def test_ellipse_of_elmfire() -> None:
    made = one(102, Moisture(0.03, 0.03, 0.03, 0.3, 0.6), wind_speed=10 * 0.44704 * 1.15)
    assert made.head[0, 0] * 3600 == pytest.approx(843.99, rel=2e-4)
    area = ellipse.area(made.head[0, 0], made.eccentricity[0, 0], 6 * 3600) / 1e4
    assert float(area) == pytest.approx(2047.203, rel=1e-3)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"number": 14}, "fuel model 14 at row 0, column 0 is not known"),
        ({"number": -1}, "fuel model -1"),
        ({"wind_speed": 120.0}, "wind speed is 120 m s-1"),
        ({"wind_speed": np.nan}, "wind speed is nan"),
        ({"wind_from": 1000.0}, "wind direction is 1000"),
        ({"terrain": Terrain(np.full((1, 1), np.inf), 0.0)}, "slope to the east is inf at row 0, column 0"),
        ({"terrain": Terrain(np.zeros((2, 2)), 0.0)}, r"slope_east has the shape \(2, 2\)"),
    ],
)
def test_what_cannot_be_is_refused(given_, words: str) -> None:
    with pytest.raises(InputError, match=words):
        one(**given_)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Canopy(cover=70.0), "canopy cover is 70; it must be from 0 to 1"),
        (lambda: Canopy(bulk_density=np.array([[0.1, -1.0]])), "bulk_density is -1 kg m-3 at row 0, column 1"),
        (lambda: Options(slope="flat"), "'slope' is 'flat'; known: behave, plane"),
        (lambda: Options(crown="cruise"), "Did you mean 'cruz'"),
        (lambda: Options(foliar=120.0), "'foliar' is 120"),
        (lambda: Options(factor=0.0), "'factor' is 0"),
        (lambda: rates(np.array([102]), DRY, wind_speed=1.0, wind_from=0.0), r"shape \(1,\)"),
    ],
)
def test_options_and_crowns_that_cannot_be_are_refused(make, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()
