from __future__ import annotations

from dataclasses import replace

import pytest

from tests.runs.ember import Ember
from tests.runs.pool import Pool
from twin.errors import InputError
from twin.model.scenario import Ignition, Series, Weather
from twin.runs.document import parse_scenario, read

FIRE = """
title = "산불"
hazard = "fire"
start = 2026-04-11T08:00:00+09:00
duration_h = 2
frame_every_min = 10
cell_m = 10
[weather]
times_min = [0, 60]
wind_m_per_s = [9, 12]
wind_from_deg = 290
humidity_percent = [25, 20]
temperature_c = 18
moisture_percent = {1h = 6, woody = [90, 80]}
[[ignition]]
name = "능선"
at_min = 5
x = 10
y = 20.5
radius_m = 15
[[ignition]]
name = "전선"
line = [[0, 0], [10, 0]]
[[ignition]]
name = "집"
target = "B-1"
[[measure]]
kind = "engine"
target = "B-1"
stream_l_per_s = 15
share_percent = 40
[ensemble]
wind_turn_deg = 15
brands = true
[fire]
rate = 0.1
"""
JOINED = (
    FIRE.replace('"fire"', '"flood+fire"') + "[flood]\norder = 1\n[rain]\ntimes_min = [0, 30]\nmm_per_h = [20, 0]\n"
)
FLOOD = (
    FIRE.split("[weather]", maxsplit=1)[0].replace('"fire"', '"flood"')
    + "[rain]\ntimes_min = [0, 30]\nmm_per_h = [20, 0]\n"
)


@pytest.fixture(autouse=True)
def rooms(monkeypatch) -> None:
    monkeypatch.setattr(read, "discover", lambda _package, _name: {"fire": Ember, "flood": Pool})


def test_weather_and_ignitions_become_si() -> None:
    scenario = parse_scenario(FIRE, "a.toml")

    def steps(*values: float) -> Series:
        return Series((0.0, 3600.0)[: len(values)], values, step=True)

    weather = scenario.weather
    assert weather is not None
    assert (weather.wind_speed, weather.wind_direction, weather.city) == (steps(9.0, 12.0), steps(290.0), False)
    assert (weather.humidity, weather.temperature) == (steps(0.25, 0.2), steps(18.0))
    assert list(weather.moisture) == ["1h", "woody"]
    assert weather.moisture["woody"].at(4000) == pytest.approx(0.8)
    assert scenario.ignitions == (
        Ignition("능선", 300.0, ((10.0, 20.5),), 15.0),
        Ignition("전선", 0.0, ((0.0, 0.0), (10.0, 0.0))),
        Ignition("집", target="B-1"),
    )
    (measure,) = scenario.measures
    assert measure.params == {"stream": 15, "share": pytest.approx(0.4)}
    assert (scenario.ensemble["wind_turn"], scenario.ensemble["brands"]) == (15, 1.0)
    assert scenario.params == {"rate": 0.1}


def test_yaml_says_the_same() -> None:
    text = """
title: 산불
hazard: fire
start: 2026-04-11T08:00:00+09:00
duration_h: 2
frame_every_min: 10
cell_m: 10
weather: {wind_m_per_s: 9, wind_from_deg: 290, moisture_percent: {1h: 6}}
ignition: [{name: 1, x: 3, y: 4}]
ensemble: {brands: true}
"""
    scenario = parse_scenario(text, "a.yaml")
    assert scenario.weather == Weather(
        Series((0.0,), (9.0,), step=True),
        Series((0.0,), (290.0,), step=True),
        moisture={"1h": Series((0.0,), (0.06,), step=True)},
    )
    assert scenario.ignitions == (Ignition("1", points=((3.0, 4.0),)),)


def test_weather_and_ignitions_are_in_the_hash() -> None:
    first = parse_scenario(FIRE, "a.toml")
    assert parse_scenario(FIRE.replace("290", "291"), "a.toml").hash != first.hash
    assert parse_scenario(FIRE.replace("at_min = 5", "at_min = 6"), "a.toml").hash != first.hash
    assert parse_scenario(FIRE.replace("brands = true", "brands = false"), "a.toml").hash == first.hash


def test_the_city_says_the_weather() -> None:
    text = FIRE.replace(
        FIRE.split("[weather]")[1].split("[[ignition]]", maxsplit=1)[0],
        '\nsource = "city"\nmoisture_percent = {1h = 5}\n',
    )
    weather = parse_scenario(text, "a.toml").weather
    assert weather is not None
    assert weather.city
    assert list(weather.moisture) == ["1h"]


def test_two_hazards_each_have_their_table() -> None:
    scenario = parse_scenario(JOINED, "a.toml")
    assert scenario.params == {"flood": {"order": 1}, "fire": {"rate": 0.1}, "together": {"every": 60.0}}
    assert scenario.rain is not None
    often = parse_scenario(JOINED + "[together]\nevery_s = 30\n", "a.toml")
    assert often.params["together"] == {"every": 30.0}
    pumped = JOINED + '[[measure]]\nkind = "pump"\nx = 1\ny = 2\n'
    assert [m.kind for m in parse_scenario(pumped, "a.toml").measures] == ["engine", "pump"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (FIRE.replace("wind_m_per_s = [9, 12]", "wind_m_per_s = 120"), ("weather.wind_m_per_s[0]", "equal to 100", "found 120")),
        (FIRE.replace("wind_m_per_s = [9, 12]", 'wind_m_per_s = [9, "12"]'), ("weather.wind_m_per_s[1]", "valid number", "'12'")),
        (FIRE.replace("290", "361"), ("weather.wind_from_deg[0]", "equal to 360", "361")),
        (FIRE.replace("[25, 20]", "[25, 101]"), ("weather.humidity_percent[1]", "equal to 100", "101")),
        (FIRE.replace("temperature_c = 18", "temperature_c = 99"), ("weather.temperature_c[0]", "equal to 60", "99")),
        (FIRE.replace("{1h = 6,", "{1h = 600,"), ("weather.moisture_percent.1h[0]", "equal to 100", "600")),
        (FIRE.replace("{1h = 6,", "{1hr = 6,"), ("weather.moisture_percent.1hr is not a known key", "did you mean 1h?")),
        (FIRE.replace("woody = [90, 80]", "woody = [90, 80, 70]"), ("weather.moisture_percent.woody has 3 values", "times_min has 2 entries")),
        (FIRE.replace("times_min = [0, 60]", ""), ("weather.wind_m_per_s has 2 values, weather.times_min is missing",)),
        (FIRE.replace("times_min = [0, 60]", "times_min = [10, 60]"), ("weather.times_min must begin at 0 and rise", "10")),
        (FIRE.replace("times_min = [0, 60]", "times_min = [0, 0]"), ("weather.times_min must begin at 0 and rise",)),
        (FIRE.replace("wind_from_deg = 290", ""), ("weather.wind_from_deg is missing",)),
        (FIRE.replace("[weather]", '[weather]\nsource = "city"'), ("weather.source = 'city' and wind_m_per_s and", "say the same")),
        (FIRE.replace("[weather]", '[weather]\nsource = "radio"'), ("weather.source", "city", "radio")),
        (FIRE.replace("[weather]", "[weather]\nwind_kmh = 3"), ("weather.wind_kmh is not a known key",)),
        (FIRE.replace("x = 10\n", ""), ("ignition[0].x is missing",)),
        (FIRE.replace("x = 10\ny = 20.5\n", ""), ("ignition[0] takes either x with y, or line, or target (found nothing)",)),
        (FIRE.replace("y = 20.5", 'y = 20.5\ntarget = "B-2"'), ("ignition[0] takes either", "found target, x, y")),
        (FIRE.replace('target = "B-1"\n[[m', 'target = "B-1"\nradius_m = 5\n[[m'), ("ignition[2].radius_m is around a place", "'B-1'")),
        (FIRE.replace("at_min = 5", "at_min = 500"), ("ignition[0].at_min 500 is after the end of the run at 120 min",)),
        (FIRE.replace("radius_m = 15", "radius_m = -1"), ("ignition[0].radius_m", "found -1")),
        (FIRE.replace("[[0, 0], [10, 0]]", "[[0, 0]]"), ("ignition[1].line", "at least 2")),
        (FIRE.replace("[[0, 0], [10, 0]]", "[[0, 0], [1]]"), ("ignition[1].line[1]", "at least 2")),
        (FIRE.replace('"전선"', '"능선"'), ("ignition '능선' stands 2 times",)),
        (FIRE.replace('"engine"', '"engin"'), ("measure[0].kind 'engin'", "Did you mean 'engine'")),
        (FIRE.replace("wind_turn_deg = 15", "wind_turn = 15"), ("ensemble.wind_turn is not a known key", "wind_turn_deg")),
        (FIRE.replace("wind_turn_deg = 15", "wind_cv = 9"), ("ensemble.wind_cv", "equal to 2", "9")),
        (FIRE.replace("cell_m", 'edges = "open"\ncell_m'), ("edges is for hazard flood",)),
        (FLOOD + "[weather]\nwind_m_per_s = 1\nwind_from_deg = 1\n", ("weather is for hazard fire or indoor_fire, and this run is of 'flood'",)),
        (FLOOD + '[[ignition]]\nname = "a"\ntarget = "b"\n', ("ignition is for hazard fire or indoor_fire",)),
        (JOINED.replace("flood+fire", "flood+fier"), ("hazard 'fier' is not known", "Did you mean 'fire'")),
        (JOINED.replace("flood+fire", "fire+fire+flood"), ("names 'fire' 2 times",)),
        (JOINED + "[together]\nevery_s = 0\n", ("together.every_s must be a number from 1 to 3600 (found 0)",)),
        (JOINED + "[together]\nevery = 9\n", ("together.every is not a known key (did you mean every_s?)",)),
        (FIRE + "[together]\nevery_s = 9\n", ("together is not a known key",)),
        (FIRE + "[flood]\norder = 1\n", ("flood is not a known key",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_one_error(text: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(text, "a.toml")
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_hazard_of_another_house_may_look_at_anything(monkeypatch) -> None:
    monkeypatch.setattr(read, "discover", lambda _package, _name: {"smog": Ember})
    scenario = parse_scenario(FIRE.replace('"fire"', '"smog"').replace("[fire]", "[smog]"), "a.toml")
    assert replace(scenario, hazard="fire").weather is not None
