from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.runs.town import CRS, SOUTH, TERRAIN, WEST, document, town
from twin import runs
from twin.errors import MissingError
from twin.model.observation import Datastream, Observations, Thing
from twin.model.scenario import Series, Weather
from twin.runs.inputs.weather import with_weather

START = np.datetime64("2026-07-15T06:00:00", "us")


def station(id_: str, x: float, y: float, **series: tuple[str, list[float], list[float]]) -> Observations:
    """Return readings of one station: quantity -> unit, minutes from the start of the run, values."""
    streams = [Datastream(f"{id_}/{name}", id_, name, unit) for name, (unit, *_) in series.items()]
    number = np.repeat(np.arange(len(series)), [len(minutes) for _, minutes, _ in series.values()])
    minutes = np.concatenate([np.array(m, float) for _, m, _ in series.values()])
    values = np.concatenate([np.array(v, float) for *_, v in series.values()])
    return Observations(
        [Thing(id_, id_, (WEST + x, SOUTH + y), CRS)],
        streams,
        number.astype(np.int32),
        START + (minutes * 60e6).astype("timedelta64[us]"),
        values,
        np.arange(1, len(values) + 1),
    )


def windy(tmp_path: Path, *stations: Observations):
    city = town(tmp_path)
    with city.writing(file="wind", sha256="1" * 64, reader="test") as tx:
        for each in stations:
            tx.observations(each)
        tx.finish({})
    scenario = replace(runs.read_scenario(document(tmp_path)), rain=None, weather=Weather(city=True))
    return city, scenario


NEAR = station(
    "near",
    150,
    100,
    wind_speed=("m s-1", [-10, 0, 10, 20, 30, 40], [4, 5, 6, 7, 8, 9]),
    wind_direction=("degree", [-5, 5, 15, 25, 35], [280, 290, 300, 310, 320]),
    humidity=("%", [0, 20, 40], [30, 25, 20]),
)
FAR = station(
    "far", 0, 0, wind_speed=("m s-1", [0, 20, 40], [1, 1, 1]), air_temperature=("degC", [0, 20, 40], [18, 19, 20])
)


def test_the_nearest_station_speaks(tmp_path: Path) -> None:
    city, scenario = windy(tmp_path, NEAR, FAR)
    with city:
        taken, findings = with_weather(city, scenario, TERRAIN)
    weather = taken.weather
    assert weather is not None
    assert weather.wind_speed == Series((0.0, 600.0, 1200.0, 1800.0), (5.0, 6.0, 7.0, 8.0), step=True)
    assert weather.wind_direction == Series(
        (0.0, 300.0, 900.0, 1500.0, 2100.0), (280.0, 290.0, 300.0, 310.0, 320.0), step=True
    )
    assert weather.temperature == Series((0.0, 1200.0), (18.0, 19.0), step=True)
    assert weather.humidity is not None
    assert weather.humidity.values == pytest.approx((0.3, 0.25))
    assert not weather.city
    (used,) = findings
    assert used.code == "weather_used"
    for said in (
        "wind_speed of near/wind_speed",
        "air_temperature of far/air_temperature",
        "humidity of near/humidity",
    ):
        assert said in used.message


def test_what_is_missing_or_impossible_is_told(tmp_path: Path) -> None:
    odd = station(
        "odd",
        150,
        100,
        wind_speed=("m s-1", [2, 3, 4, 5, 30], [4, -3, 5, 6, 7]),
        wind_direction=("degree", [-1, 0, 1, 2, 3], [10, 20, 30, 370, 40]),
    )
    other = station("other", 10, 10, humidity=("kg", [0, 1], [1, 1]))
    city, scenario = windy(tmp_path, odd, other)
    with city:
        taken, findings = with_weather(city, scenario, TERRAIN)
    weather = taken.weather
    assert weather is not None
    assert weather.wind_speed == Series((0.0, 240.0, 300.0, 1800.0), (4.0, 5.0, 6.0, 7.0), step=True)
    assert weather.wind_direction.values == (20.0, 30.0, 40.0)
    assert (weather.temperature, weather.humidity) == (None, None)
    told = {f.code: f.message for f in findings}
    assert "1 readings of wind_direction cannot be, the first 370 degree" in [
        f.message.split(";")[0] for f in findings if f.code == "weather_impossible"
    ]
    assert "before 2 min" in told["weather_late"]
    assert "gaps" in told["weather_silent"]
    assert "'humidity' is kept in 'kg'" in told["weather_unit"]
    assert "air_temperature or humidity" in told["weather_absent"]


def test_without_wind_there_is_no_weather(tmp_path: Path) -> None:
    city, scenario = windy(tmp_path, FAR)
    with city:
        with pytest.raises(MissingError, match="no sensor has wind_direction between 2026-07-15"):
            with_weather(city, scenario, TERRAIN)
        stated = replace(scenario, weather=Weather())
        assert with_weather(city, stated, TERRAIN) == (stated, [])
        assert with_weather(city, replace(scenario, weather=None), TERRAIN)[1] == []
