from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.runs.town import SCENARIO, TERRAIN, document
from twin import runs
from twin.errors import InputError
from twin.hazards import Setting
from twin.model.action import Action
from twin.model.field import FieldSeries
from twin.model.scenario import Boundary, Gauge, Inflow, Series, Spread
from twin.runs.ensembles.members import Draw, draw, factor, varied

ALL = Spread(30, 0.3, 0.3, 600.0, 0.2, 0.1, 300.0, 0.5, 0.25)


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    hydrograph = Series((0.0, 600.0), (1.0, 2.0))
    scenario = replace(
        runs.read_scenario(document(tmp_path, SCENARIO)),
        gauges=(Gauge("g", 0.0, 0.0, Series((0.0, 60.0), (1e-5, 0.0), step=True)),),
        inflows=(Inflow("i", 0.0, 0.0, hydrograph),),
        boundaries={"west": Boundary("discharge", hydrograph), "east": Boundary("level", hydrograph)},
        measures=(
            Action("breach", 900.0, "", {"width": 20.0, "level": 18.0}),
            Action("pump", 900.0, "", {"rate": 1.0}),
        ),
    )
    maps = FieldSeries("rain_rate", (0.0, 300.0), lambda i: np.full(TERRAIN.shape, 1e-5 * (i + 1)))
    return Setting(TERRAIN, scenario, {"roughness": np.full(TERRAIN.shape, 0.03)}, {"rain_rate": maps})


def test_no_spread_changes_nothing(setting: Setting) -> None:
    drawn = draw(1, 3, Spread(members=5))
    assert drawn == Draw()
    same = varied(setting, drawn)
    assert same.scenario == setting.scenario
    np.testing.assert_array_equal(same.fields["roughness"], setting.fields["roughness"])
    assert same.forcing["rain_rate"].times == (0.0, 300.0)
    np.testing.assert_array_equal(same.forcing["rain_rate"].read(1), setting.forcing["rain_rate"].read(1))


def test_draws_follow_from_seed_and_number_alone() -> None:
    assert draw(7, 3, ALL) == draw(7, 3, replace(ALL, members=500))
    assert len({draw(s, k, ALL) for s in range(3) for k in range(3)}) == 9
    alone = draw(7, 3, Spread(roughness_cv=0.2))
    assert alone == Draw(roughness=draw(7, 3, ALL).roughness)


def test_factors_have_the_mean_and_variation_they_say() -> None:
    values = np.array([factor(0.4, z) for z in np.random.default_rng(1).standard_normal(20_000)])
    assert values.mean() == pytest.approx(1.0, abs=0.01)
    assert values.std() == pytest.approx(0.4, abs=0.02)
    assert values.min() > 0


def test_what_a_member_differs_in(setting: Setting) -> None:
    drawn = Draw(
        rain=2.0, rain_shift=-60.0, roughness=1.5, inflow=3.0, breach_time=120.0, breach_width=0.5, breach_level=-1.0
    )
    member = varied(setting, drawn)
    before, after = setting.scenario, member.scenario
    assert after.rain.values == tuple(2 * v for v in before.rain.values)
    assert after.rain.times == tuple(t - 60 for t in before.rain.times)
    assert after.gauges[0].rate.values == (2e-5, 0.0)
    assert after.inflows[0].discharge == Series((0.0, 600.0), (3.0, 6.0))
    assert after.boundaries["west"].series.values == (3.0, 6.0)
    assert after.boundaries["east"] == before.boundaries["east"]
    assert after.measures == (Action("breach", 1020.0, "", {"width": 10.0, "level": 17.0}), before.measures[1])
    assert member.fields["roughness"][0, 0] == pytest.approx(0.045)
    assert member.forcing["rain_rate"].times == (-60.0, 240.0)
    assert member.forcing["rain_rate"].read(1)[0, 0] == pytest.approx(4e-5)
    assert varied(setting, Draw(breach_time=-1e5)).scenario.measures[0].at == 0.0
    assert varied(setting, Draw(breach_time=1e5)).scenario.measures[0].at == before.duration


@pytest.mark.parametrize(
    "wrong", [{"members": 0}, {"members": 2.5}, {"rain_cv": 9}, {"rain_cv": float("nan")}, {"rein_cv": 0.1}]
)
def test_a_spread_that_makes_no_sense(wrong) -> None:
    with pytest.raises(InputError, match=f"ensemble: '?{next(iter(wrong))}"):
        Spread.of(wrong)
    assert Spread.of({"members": 5.0}).members == 5
