"""Ensembles of fires: members that differ in wind, moisture, rate and brands, and how likely it is that it burns."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.runs.ember import DOCUMENT, ROOMS, Ember
from tests.runs.town import TERRAIN, document, town
from twin import runs
from twin.errors import InputError, UsageError
from twin.hazards import Kept, Setting
from twin.model.scenario import Series, Spread
from twin.runs.ensembles.members import Draw, draw, varied

SPREAD = "[ensemble]\nmembers = 5\nspread_rate_cv = 0.5\n"


@pytest.fixture
def city(tmp_path: Path, monkeypatch):
    for name in ROOMS:
        monkeypatch.setattr(sys.modules[name], "discover", lambda _package, _name: {"fire": Ember})
    with town(tmp_path) as city:
        yield city


def rows(city, run) -> list[tuple]:
    return duckdb.sql(f"SELECT * FROM '{city.runs.folder(run.id) / 'buildings.parquet'}'").fetchall()


def test_one_member_without_spread_is_the_single_run(city, tmp_path: Path) -> None:
    path = document(tmp_path, DOCUMENT)
    single, many = runs.simulate(city, path), runs.ensemble(city, path, members=1)
    assert many.budget == single.budget
    assert many.budget.unit == "MJ"
    one, all_ = runs.open_frames(city, single.id), runs.open_frames(city, many.id)
    assert all_.quantities == ("burn_probability_now",)
    assert all_.summaries == ("burn_probability", "fire_arrival", "fire_arrival_p10", "fire_arrival_p50")
    for i in range(len(one.times)):
        np.testing.assert_array_equal(all_.read("burn_probability_now", i), one.read("fire_state", i) > 0)
    for name in all_.summaries[1:]:
        np.testing.assert_array_equal(all_.summary(name), one.summary("fire_arrival"))
    np.testing.assert_array_equal(all_.summary("burn_probability"), np.isfinite(one.summary("fire_arrival")))
    told = {row["id"]: row["ignited_s"] for row in runs.table(city, single.id, "buildings")}
    assert rows(city, many) == [
        (i, 1.0, told[i], told[i]) if told.get(i) else (i, 0.0, None, None)
        for i in sorted(row[0] for row in rows(city, many))
    ]
    facts = runs.ensemble_facts(city, many.id)
    assert (facts["hazard"], facts["threshold_m"], facts["buildings"]) == ("fire", None, 5)


def test_probabilities_are_shares_of_the_members(city, tmp_path: Path) -> None:
    run = runs.ensemble(city, document(tmp_path, DOCUMENT + SPREAD), workers=1)
    record = json.loads((city.runs.folder(run.id) / "run.json").read_text())
    rates = np.array([0.1 * d["spread_rate"] for d in record["draws"]])
    assert len(set(rates)) == 5
    away = np.hypot(*(np.array([[210.0], [110.0]]) - np.array([[26.0], [25.0]])))
    expected = np.sort(np.where(away / rates + 60 <= 2400, away / rates + 60, np.nan))
    mine = {row[0]: row[1:] for row in rows(city, run)}["low-2"]
    assert mine[0] == pytest.approx(np.isfinite(expected).mean())
    assert mine[1] == pytest.approx(expected[0])
    frames = runs.open_frames(city, run.id)
    ever, last = frames.summary("burn_probability"), frames.read("burn_probability_now", -1)
    np.testing.assert_array_equal(ever, last)
    assert set(np.unique(np.round(5 * ever))) <= {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}
    assert 0 == ever.min() < ever.max() == 1
    early, middle = frames.summary("fire_arrival_p10"), frames.summary("fire_arrival_p50")
    assert np.isnan(middle[ever < 0.5]).all()
    assert np.isfinite(middle[ever > 0.5]).all()
    both = np.isfinite(middle)
    assert (early[both] <= middle[both]).all()
    assert "threshold_m" not in frames.notes("burn_probability")
    assert frames.notes("burn_probability")["above"] == 0.0
    assert frames.notes("fire_arrival_p10")["quantile"] == 0.1


def test_what_a_member_differs_in(city, tmp_path: Path) -> None:
    scenario = runs.read_scenario(document(tmp_path, DOCUMENT.replace("270", "350")))
    setting = Setting(TERRAIN, scenario, {}, rng=np.random.default_rng(1))
    same = varied(setting, Draw())
    assert same.scenario == scenario
    assert same.rng is setting.rng
    member = varied(setting, Draw(wind=2.0, wind_turn=30.0, moisture=0.5, spread_rate=1.5, seed=7))
    weather = member.scenario.weather
    assert weather.wind_speed.values == (2.0,)
    assert weather.wind_direction.values == (20.0,)
    assert weather.moisture["1h"].values == (0.03,)
    # what follows from the air, or from nothing, differs as well; no fuel holds more than it can
    assert list(weather.moisture) == ["1h", "10h", "100h", "herb", "woody"]
    air = replace(
        scenario.weather,
        moisture={"woody": Series((0.0, 60.0), (0.8, 2.9), step=True)},
        temperature=Series((0.0,), (20.0,), step=True),
        humidity=Series((0.0, 120.0), (0.3, 0.6), step=True),
    )
    dry, wet = (
        varied(replace(setting, scenario=replace(scenario, weather=air)), Draw(moisture=by)).scenario.weather.moisture
        for by in (1.0000001, 2.0)
    )
    assert wet["1h"].times == (0.0, 60.0, 120.0)
    np.testing.assert_allclose(wet["10h"].values, 2 * np.array(dry["10h"].values), rtol=1e-6)
    assert dry["1h"].values[2] > dry["1h"].values[0]
    assert wet["woody"].values == (1.6, 3.0, 3.0)
    assert member.scenario.params == {"spread_rate_factor": 1.5}
    assert member.scenario.seed == 7
    assert member.rng.random() == np.random.default_rng(7).random()
    stated = replace(setting, scenario=replace(scenario, params={"spread_rate_factor": 2.0, "rate": 0.1}))
    assert varied(stated, Draw(spread_rate=1.5)).scenario.params == {"spread_rate_factor": 3.0, "rate": 0.1}
    assert varied(setting, Draw(moisture=1e3)).scenario.weather.moisture["1h"].values == (1.0,)


def test_brands_have_a_seed_of_the_member_or_of_the_scenario() -> None:
    own = {draw(1, k, Spread(brands=1.0)).seed for k in range(4)}
    assert len(own) == 4
    assert draw(1, 2, Spread()).seed is None
    assert draw(1, 2, Spread(brands=1.0, wind_cv=0.3)).wind == draw(1, 2, Spread(wind_cv=0.3)).wind


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "rain_cv = 0.2",
            "members of hazard 'fire' cannot differ in rain_cv; known: wind_cv, wind_turn_deg, moisture_cv",
        ),
        ("threshold_m = 0.5\nwind_cv = 0.1", "threshold_m is of depths, and hazard 'fire' has none"),
        ("", "nothing differs between its 3 members; .* wind_cv, wind_turn_deg, moisture_cv, spread_rate_cv, brands"),
    ],
)
def test_a_spread_that_a_fire_does_not_have(city, tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        runs.ensemble(city, document(tmp_path, DOCUMENT + "[ensemble]\nmembers = 3\n" + more + "\n"))


def test_a_spread_that_the_scenario_does_not_have(city, tmp_path: Path) -> None:
    weather = DOCUMENT[DOCUMENT.index("[weather]") : DOCUMENT.index("[[ignition]]")]
    with pytest.raises(InputError, match="has wind_cv and no wind; moisture_cv and no weather"):
        runs.ensemble(
            city, document(tmp_path, DOCUMENT.replace(weather, "") + "[ensemble]\nwind_cv = 0.1\nmoisture_cv = 0.1\n")
        )


def test_a_hazard_that_has_no_ensembles(city, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(Ember, "members", Kept())
    with pytest.raises(UsageError, match="hazard 'fire' says nothing of it; there are no ensembles of it"):
        runs.ensemble(city, document(tmp_path, DOCUMENT + SPREAD))
    monkeypatch.setattr(Ember, "members", Kept("heat_flux", whole="flame_length"))
    with pytest.raises(UsageError, match="this hazard 'heat_flux' and 'flame_length'"):
        runs.ensemble(city, document(tmp_path, DOCUMENT + SPREAD))
