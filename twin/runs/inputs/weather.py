"""Weather of the twin's own sensors: wind, temperature and humidity over a run, in steps, with every gap told.

A scenario has one weather for its whole area, so of each quantity the station nearest to the middle of it speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import MissingError
from twin.model.finding import Finding
from twin.model.scenario import Series

if TYPE_CHECKING:
    from datetime import datetime

    from twin.model.field import Grid
    from twin.model.scenario import Scenario
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: units it may be kept in with factor to ours, and the range of values that can be."""

    units: tuple[tuple[str, float], ...]
    least: float
    most: float
    unit: str


#: quantity of a sensor (`names.QUANTITIES`) -> what is taken from it; wind has to be there, the others may be
WANTED = {
    "wind_speed": Wanted((("m s-1", 1.0), ("km h-1", 1 / 3.6)), 0.0, 100.0, "m s-1"),
    "wind_direction": Wanted((("degree", 1.0),), 0.0, 360.0, "degree"),
    "air_temperature": Wanted((("degC", 1.0),), -60.0, 60.0, "degC"),
    "humidity": Wanted((("1", 1.0), ("%", 0.01)), 0.0, 1.0, "1"),
}
NEEDED = ("wind_speed", "wind_direction")
#: a reading counts for no longer than this many usual intervals without somebody being told
SILENT = 3.0
BEFORE = timedelta(hours=2)
"""How old the reading may be that holds when the run begins."""


def with_weather(city: City, scenario: Scenario, grid: Grid) -> tuple[Scenario, list[Finding]]:
    """Return the scenario with the weather of the twin's sensors, where it asks for it, and what is to be known of it.

    grid  of the run

    Raises MissingError when no sensor has wind during the run.
    """
    weather = scenario.weather
    if weather is None or not weather.city:
        return scenario, []
    findings: list[Finding] = []
    found = {name: _nearest(city, scenario, grid, name, findings) for name in WANTED}
    missing = [name for name in NEEDED if found[name] is None]
    if missing:
        end = scenario.start + timedelta(seconds=scenario.duration)
        raise MissingError(
            f"{city.path}: no sensor has {' or '.join(missing)} between {scenario.start.isoformat()} and "
            f"{end.isoformat()}; load a series of it, or give the wind in the scenario"
        )
    used = [f"{name} of {made[0]}" for name, made in found.items() if made is not None]
    findings.append(Finding("info", "weather_used", f"weather of the twin's sensors: {', '.join(used)}"))
    absent = [name for name, made in found.items() if made is None]
    if absent:
        text = f"no sensor of the twin has {' or '.join(absent)} during the run; the scenario's moisture holds"
        findings.append(Finding("warning", "weather_absent", text))
    speed, direction, temperature, humidity = (made and made[1] for made in found.values())
    assert speed is not None
    assert direction is not None
    taken = replace(
        weather, wind_speed=speed, wind_direction=direction, temperature=temperature, humidity=humidity, city=False
    )
    return replace(scenario, weather=taken), findings


def _nearest(
    city: City, scenario: Scenario, grid: Grid, name: str, findings: list[Finding]
) -> tuple[str, Series] | None:
    """Return the datastream of a quantity that stands nearest to the middle of the run and has readings in it."""
    wanted, (west, south, east, north) = WANTED[name], grid.bounds
    places = {thing.id: thing.location for thing in city.sensors.things()}

    def away(thing: str) -> float:
        place = places.get(thing)
        return (
            np.inf if place is None else float(np.hypot(place[0] - (west + east) / 2, place[1] - (south + north) / 2))
        )

    streams = [stream for stream in city.sensors.datastreams() if stream.property == name]
    for stream in sorted(streams, key=lambda s: (away(s.thing), s.id)):
        factor = dict(wanted.units).get(stream.unit)
        if factor is None:
            text = f"'{name}' is kept in '{stream.unit}', which is not known here"
            findings.append(Finding("warning", "weather_unit", text, stream.id))
            continue
        end = scenario.start + timedelta(seconds=scenario.duration)
        times, values = city.sensors.series(stream.id, scenario.start - BEFORE, end)
        seconds, values = _since(times, scenario.start), values * factor
        wrong = ~((values >= wanted.least) & (values <= wanted.most))
        if wrong.any():
            text = f"{int(wrong.sum())} readings of {name} cannot be, the first {values[wrong][0]:g} {wanted.unit}"
            findings.append(Finding("warning", "weather_impossible", f"{text}; the one before holds", stream.id))
            seconds, values = seconds[~wrong], values[~wrong]
        if len(seconds):
            findings += _gaps(seconds, scenario.duration, name, stream.id)
            return stream.id, _steps(seconds, values)
    return None


def _gaps(seconds: NDArray[np.float64], duration: float, name: str, where: str) -> list[Finding]:
    """Return a finding where readings are missing for long, at the beginning, within or at the end of the run."""
    usual = float(np.median(np.diff(seconds))) if len(seconds) > 1 else duration
    first = max(float(seconds[0]), 0.0)
    inner = np.diff(np.append(seconds[seconds < duration], duration))
    long = inner[inner > SILENT * usual]
    out = []
    if first > 0:
        text = f"{name} has no reading before {first / 60:g} min; the first one holds from the start"
        out.append(Finding("warning", "weather_late", text, where))
    if len(long):
        text = f"{name} has {len(long)} gaps, the longest of {long.max() / 60:g} min; the reading before each holds"
        out.append(Finding("warning", "weather_silent", text, where))
    return out


def _since(times: NDArray[np.datetime64], start: datetime) -> NDArray[np.float64]:
    """Return seconds since the start of the run."""
    zero = np.datetime64(start.astimezone(UTC).replace(tzinfo=None), "us")
    return np.asarray((times - zero) / np.timedelta64(1, "s"), dtype=np.float64)


def _steps(seconds: NDArray[np.float64], values: NDArray[np.float64]) -> Series:
    """Return readings as steps from 0 s: each holds until the next one, the last before the start from there on."""
    before = max(int(np.searchsorted(seconds, 0.0, side="right")) - 1, 0)
    times = np.maximum(seconds[before:], 0.0)
    times[0] = 0.0
    return Series(tuple(times.tolist()), tuple(values[before:].tolist()), step=True)
