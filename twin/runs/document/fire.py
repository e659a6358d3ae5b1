"""What a fire needs said: weather and ignitions, what is wrong between their keys, and both in SI."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from twin.model.scenario import FUEL_CLASSES, Ignition, Series, Weather

if TYPE_CHECKING:
    from twin.runs.document.schema import Document, IgnitionPart, MoisturePart, WeatherPart

COURSES = ("wind_m_per_s", "wind_from_deg", "temperature_c", "humidity_percent")
FROM_CITY = "the sensors of the twin say it"
NEEDED_BY = {
    **dict.fromkeys(("inflow", "edge", "edges"), ("flood",)),
    "rain": ("flood", "fire"),
    **dict.fromkeys(("weather", "ignition"), ("fire", "indoor_fire")),
}
"""Table or key of a document -> hazards that look at it."""


def fire_faults(document: Document, duration: float) -> Iterator[str]:
    """Yield what is wrong between the keys of the weather and of the ignitions.

    duration  s of the run, 0 where the document does not say
    """
    if document.weather is not None:
        yield from _weather_faults(document.weather)
    for number, part in enumerate(document.ignition):
        yield from _ignition_faults(part, f"ignition[{number}]")
        if duration and 60 * part.at_min > duration:
            yield f"ignition[{number}].at_min {part.at_min:g} is after the end of the run at {duration / 60:g} min"
    names = [part.name for part in document.ignition]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield f"ignition '{name}' stands {names.count(name)} times; name each its own way"


def strangers(document: Document, hazards: Sequence[str]) -> Iterator[str]:
    """Yield the tables that no hazard of the run looks at: what is said there would have no effect.

    hazards  names of the hazards of the run; of one that is not of this house nobody knows what it looks at
    """
    known = {name for names in NEEDED_BY.values() for name in names}
    if not hazards or not known.issuperset(hazards):
        return
    for table, of in NEEDED_BY.items():
        if table in document.model_fields_set and not set(of) & set(hazards):
            yield f"{table} is for hazard {' or '.join(of)}, and this run is of '{'+'.join(hazards)}'; take it out"


def _weather_faults(part: WeatherPart) -> Iterator[str]:
    said = _courses(part)
    times = part.times_min or [0.0]
    if times[0] != 0 or any(b <= a for a, b in itertools.pairwise(times)):
        yield f"weather.times_min must begin at 0 and rise (found {times!r:.60})"
    for name, values in said.items():
        if len(values) not in (1, len(times)):
            has = f"has {len(times)} entries" if part.times_min is not None else "is missing"
            yield f"weather.{name} has {len(values)} values, weather.times_min {has}"
    if part.times_min is not None and all(len(values) == 1 for values in said.values()) and len(times) > 1:
        yield "weather.times_min is given, and nothing changes over it; give a list of values, or leave it out"
    stated = [name for name in COURSES if getattr(part, name) is not None]
    if part.source is not None and stated:
        yield f"weather.source = 'city' and {' and '.join(stated)} say the same: {FROM_CITY}; give one of them"
    if part.source is None:
        if (part.wind_m_per_s is None) != (part.wind_from_deg is None):
            yield f"weather.{'wind_m_per_s' if part.wind_m_per_s is None else 'wind_from_deg'} is missing"
        if not said:
            yield "weather says nothing; give wind_m_per_s and wind_from_deg, or source = 'city'"


def _courses(part: WeatherPart) -> dict[str, list[float]]:
    """Return the courses that a weather gives, by their keys."""
    said = {name: values for name in COURSES if (values := getattr(part, name)) is not None}
    moisture = part.moisture_percent
    return said | {f"moisture_percent.{name}": values for name, values in _moisture(moisture).items()}


def _moisture(part: MoisturePart | None) -> dict[str, list[float]]:
    """Return the moisture in percent by class of fuel, of those that are given."""
    if part is None:
        return {}
    given: Mapping[str, list[float] | None] = part.model_dump(by_alias=True)
    return {name: values for name in FUEL_CLASSES if (values := given[name]) is not None}


def _ignition_faults(part: IgnitionPart, place: str) -> Iterator[str]:
    given = part.model_fields_set
    ways = [given & {"x", "y"}, given & {"line"}, {"target"} if part.target else set()]
    if sum(map(bool, ways)) != 1:
        found = ", ".join(sorted(set().union(*ways))) or "nothing"
        yield f"{place} takes either x with y, or line, or target (found {found})"
    elif ways[0] and (part.x is None or part.y is None):
        yield f"{place}.{'x' if part.x is None else 'y'} is missing"
    elif part.target and part.radius_m:
        yield f"{place}.radius_m is around a place, and target '{part.target}' burns as a whole; take it out"


def weather_of(part: WeatherPart | None) -> Weather | None:
    """Return the weather in SI, in steps from 0 s."""
    if part is None:
        return None

    def course(values: list[float] | None, factor: float = 1.0) -> Series | None:
        if values is None:
            return None
        times = (part.times_min or [0.0])[: len(values)]
        return Series(tuple(60 * t for t in times), tuple(factor * v for v in values), step=True)

    calm = Series((0.0,), (0.0,), step=True)
    wet = {name: course(values, 0.01) for name, values in _moisture(part.moisture_percent).items()}
    return Weather(
        course(part.wind_m_per_s) or calm,
        course(part.wind_from_deg) or calm,
        course(part.temperature_c),
        course(part.humidity_percent, 0.01),
        {name: series for name, series in wet.items() if series is not None},
        city=part.source == "city",
    )


def ignition_of(part: IgnitionPart) -> Ignition:
    """Return an ignition in SI."""
    points: tuple[tuple[float, float], ...] = tuple((x, y) for x, y in part.line or ())
    if part.x is not None and part.y is not None:
        points = ((part.x, part.y),)
    return Ignition(part.name, 60 * part.at_min, points, part.radius_m, part.target)
