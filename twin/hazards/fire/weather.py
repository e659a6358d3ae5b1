"""The weather of a scenario over a fire: what it is at a time, when it changes, and what had to be assumed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError
from twin.model.finding import Finding
from twin.model.scenario import FUEL_CLASSES, Series, Weather

if TYPE_CHECKING:
    from twin.physics.wildfire.moisture import Moisture

RANGES: Mapping[str, tuple[float, float, str]] = {
    "wind_speed": (0.0, 100.0, "m/s"),
    "wind_direction": (-360.0, 720.0, "degree"),
    "temperature": (-40.0, 60.0, "degC"),
    "humidity": (0.0, 1.0, "(a share, not per cent)"),
}
MOISTURE_RANGES = {"dead": (0.0, 1.0), "live": (0.0, 3.0)}
LIVE = ("herb", "woody")


@dataclass(frozen=True, slots=True)
class Now:
    """The weather at a time: wind in m s-1 and degree it blows from, degC, relative humidity, moisture of fuel.

    why    class of fuel that is not stated -> where its moisture comes from
    rains  whether it rains enough to wet fuel and put out firebrands
    """

    wind_speed: float
    wind_from: float
    temperature: float
    humidity: float
    moisture: Moisture
    why: Mapping[str, str]
    rains: bool = False


LEAST_RAIN = 0.5e-3 / 3600
"""m s-1 (0.5 mm/h) from which rain counts (assumed)."""

RAIN_WETS = 0.35
"""Moisture of 1 h and 10 h dead fuel while it rains (unverified: as the National Fire Danger Rating System of 1978)."""

STANDARD_TEMPERATURE, STANDARD_HUMIDITY = 20.0, 0.4
"""degC and 1, for brands where the scenario states neither."""


@dataclass(slots=True)
class Course:
    """The weather over the run, and what was assumed of it.

    times  s at which something changes, rising, the first one 0
    wet    s from when until when it rains
    """

    weather: Weather
    times: list[float]
    wet: list[tuple[float, float]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def at(self, time: float) -> Now:
        """Return the weather at `time` s."""
        from twin.physics.wildfire.moisture import of

        weather = self.weather
        temperature, humidity = weather.temperature, weather.humidity
        stated = {name: _held(series, time) for name, series in weather.moisture.items()}
        air = temperature is not None and humidity is not None
        moisture, why = of(stated, _held(temperature, time) if air else None, _held(humidity, time) if air else None)
        rains = any(begin <= time < end for begin, end in self.wet)
        if rains:
            one, ten = np.maximum(moisture.one, RAIN_WETS), np.maximum(moisture.ten, RAIN_WETS)
            moisture = replace(moisture, one=float(one), ten=float(ten))
        return Now(
            _held(weather.wind_speed, time),
            _held(weather.wind_direction, time),
            _held(temperature, time, STANDARD_TEMPERATURE),
            _held(humidity, time, STANDARD_HUMIDITY),
            moisture,
            why,
            rains,
        )

    def next(self, time: float) -> float:
        """Return the first time in s after `time` at which the weather changes; infinite when it does not."""
        number = bisect_right(self.times, time)
        return self.times[number] if number < len(self.times) else float("inf")


def course(weather: Weather | None, rain: Series | None = None) -> Course:
    """Return the weather over a run. Raises InputError for a value that cannot be, with its time.

    rain  m s-1 in steps; None: it stays dry

    Without any, the air is still; that, and moisture that is not stated, is a finding.
    """
    findings = []
    if weather is None:
        text = "the scenario states no weather: no wind is assumed"
        findings.append(Finding("warning", "no_weather", text, "weather"))
        weather = Weather()
    series: dict[str, Series] = {"wind_speed": weather.wind_speed, "wind_direction": weather.wind_direction}
    if weather.temperature is not None:
        series["temperature"] = weather.temperature
    if weather.humidity is not None:
        series["humidity"] = weather.humidity
    for name, one in series.items():
        _check(one, name, *RANGES[name])
    for name, one in weather.moisture.items():
        if name not in FUEL_CLASSES:
            raise InputError(f"weather: moisture of '{name}' is not known; known: {', '.join(FUEL_CLASSES)}")
        ranges = MOISTURE_RANGES["live" if name in LIVE else "dead"]
        _check(one, f"moisture of {name}", *ranges, "(water by dry mass, not per cent)")
    times = {0.0} | {t for one in (*series.values(), *weather.moisture.values()) for t in one.times if t > 0}
    wet = [] if rain is None else _spells(rain)
    made = Course(weather, sorted(times | {t for spell in wet for t in spell if t > 0}), wet, findings)
    made.findings += _assumed(made.at(0.0))
    if wet:
        when = ", ".join(f"{begin / 60:g} to {end / 60:g} min" for begin, end in wet)
        text = f"rain from {when}: fine dead fuel holds {RAIN_WETS:.0%} of water (not verified), firebrands go out"
        findings.append(Finding("info", "rain_wets", text, "rain"))
    return made


def _spells(rain: Series) -> list[tuple[float, float]]:
    """Return from when until when, in s, it rains as much as counts."""
    spells: list[tuple[float, float]] = []
    for begin, end, rate in zip(rain.times, (*rain.times[1:], float("inf")), rain.values, strict=True):
        if rate < LEAST_RAIN:
            continue
        if spells and spells[-1][1] == begin:
            spells[-1] = (spells[-1][0], end)
        else:
            spells.append((begin, end))
    return spells


def _assumed(now: Now) -> list[Finding]:
    """Return a finding on the moisture that nothing states."""
    if not now.why:
        return []
    values = dict(zip(FUEL_CLASSES, _numbers(now.moisture), strict=True))
    text = "; ".join(f"{name} {values[name]:.1%}: {why}" for name, why in now.why.items())
    return [Finding("info", "moisture_assumed", f"moisture of fuel that is not stated: {text}", "weather")]


def _numbers(moisture: Moisture) -> tuple[float, ...]:
    return tuple(float(v) for v in (moisture.one, moisture.ten, moisture.hundred, moisture.herb, moisture.woody))


def _held(series: Series | None, time: float, default: float = 0.0) -> float:
    """Return the value that holds at a time: the first one also before its time, the default where there is none."""
    if series is None:
        return default
    return series.values[max(0, bisect_right(series.times, time) - 1)]


def _check(series: Series, what: str, least: float, greatest: float, unit: str) -> None:
    if not series.times:
        raise InputError(f"weather: {what} has no value")
    for before, after in zip(series.times, series.times[1:], strict=False):
        if not after > before:
            raise InputError(f"weather: {what}: time {after:g} s follows {before:g} s; times must rise")
    for time, value in zip(series.times, series.values, strict=True):
        if not least <= value <= greatest:
            raise InputError(
                f"weather: {what} is {value:g} at {time:g} s; it must lie between {least:g} and {greatest:g} {unit}"
            )
