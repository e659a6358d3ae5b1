"""How a member of an ensemble differs from its scenario: draws that depend on seed and number alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin.model.field import FieldSeries
from twin.model.scenario import FUEL_CLASSES, Boundary, Scenario, Series, Spread, Weather

if TYPE_CHECKING:
    from twin.hazards import Setting
    from twin.model.action import Action

RAIN = "rain_rate"
RATE = "spread_rate_factor"
"""Parameter of a fire that a member's factor goes into."""
VARY = {
    "rain_cv": "rain_cv",
    "rain_shift_min": "rain_shift",
    "roughness_cv": "roughness_cv",
    "inflow_cv": "inflow_cv",
    "breach_time_min": "breach_time",
    "breach_width_cv": "breach_width_cv",
    "breach_level_m": "breach_level",
    "wind_cv": "wind_cv",
    "wind_turn_deg": "wind_turn",
    "moisture_cv": "moisture_cv",
    "spread_rate_cv": "spread_rate_cv",
    "brands": "brands",
}
"""How members may differ: key of the table `ensemble` in a document -> field of `Spread`."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What is changed in a member; as it stands here: nothing.

    rain, roughness, inflow   factors
    rain_shift                s, later
    breach_time               s, later; breach_width a factor; breach_level m, higher; the same for all breaches
    wind, moisture            factors; wind_turn degree, clockwise
    spread_rate               factor on the scenario's own
    seed                      of the member's firebrands; None: the scenario's
    """

    rain: float = 1.0
    rain_shift: float = 0.0
    roughness: float = 1.0
    inflow: float = 1.0
    breach_time: float = 0.0
    breach_width: float = 1.0
    breach_level: float = 0.0
    wind: float = 1.0
    wind_turn: float = 0.0
    moisture: float = 1.0
    spread_rate: float = 1.0
    seed: int | None = None


def draw(seed: int, number: int, spread: Spread) -> Draw:
    """Return the draws of member `number`, counted from 0.

    Every member draws all of them, in one order: a spread that is 0 leaves the others as they are.
    """
    rng = np.random.default_rng([seed, number])
    z = rng.standard_normal(11)
    own = int(rng.integers(2**62))
    return Draw(
        rain=factor(spread.rain_cv, z[0]),
        rain_shift=float(spread.rain_shift * z[1]),
        roughness=factor(spread.roughness_cv, z[2]),
        inflow=factor(spread.inflow_cv, z[3]),
        breach_time=float(spread.breach_time * z[4]),
        breach_width=factor(spread.breach_width_cv, z[5]),
        breach_level=float(spread.breach_level * z[6]),
        wind=factor(spread.wind_cv, z[7]),
        wind_turn=float(spread.wind_turn * z[8]),
        moisture=factor(spread.moisture_cv, z[9]),
        spread_rate=factor(spread.spread_rate_cv, z[10]),
        seed=own if spread.brands else None,
    )


def varies(spread: Spread) -> bool:
    """Return whether members differ at all."""
    return any(getattr(spread, name) for name in VARY.values())


def strangers(spread: Spread, known: Collection[str]) -> list[str]:
    """Return what a spread says of which a hazard knows nothing, by the keys of a document.

    known  names of `Spread` that the hazard's members can differ in
    """
    return [key for key, name in VARY.items() if getattr(spread, name) and name not in known]


def without_effect(spread: Spread, scenario: Scenario, fields: Collection[str], forcing: Collection[str]) -> list[str]:
    """Return what a spread says of things that the scenario does not have, in words.

    scenario  with its measures placed
    fields, forcing   names of what the hazard is given
    """
    rains = scenario.rain is not None or bool(scenario.gauges) or RAIN in forcing
    enters = bool(scenario.inflows) or any(b.kind == "discharge" for b in scenario.boundaries.values())
    breaches = [m for m in scenario.measures if m.kind == "breach"]
    weather = scenario.weather
    blows = weather is not None and any(weather.wind_speed.values)
    there = {
        "rain_cv": (rains, "no rain"),
        "rain_shift": (rains, "no rain"),
        "roughness_cv": ("roughness" in fields, "no roughness"),
        "inflow_cv": (enters, "no inflow"),
        "breach_time": (bool(breaches), "no breach"),
        "breach_width_cv": (any("width" in m.params for m in breaches), "no breach with a width"),
        "breach_level": (any("level" in m.params for m in breaches), "no breach with a level"),
        "wind_cv": (blows, "no wind"),
        "wind_turn": (blows, "no wind"),
        "moisture_cv": (weather is not None, "no weather"),
    }
    return [f"{name} and {what}" for name, (has, what) in there.items() if getattr(spread, name) and not has]


def factor(variation: float, z: float) -> float:
    """Return a lognormal factor with mean 1.

    variation  1   coefficient of variation, >= 0
    z          1   standard normal
    """
    variance = np.log1p(variation**2)
    return float(np.exp(np.sqrt(variance) * z - variance / 2))


def varied(setting: Setting, drawn: Draw) -> Setting:
    """Return the setting of a member. Rain that a shift moves before the start has fallen before the run."""
    fields, forcing = dict(setting.fields), dict(setting.forcing)
    if "roughness" in fields:
        fields["roughness"] = fields["roughness"] * drawn.roughness
    if RAIN in forcing:
        forcing[RAIN] = _maps(forcing[RAIN], drawn)
    rng = setting.rng if drawn.seed is None else np.random.default_rng(drawn.seed)
    return replace(setting, scenario=_scenario(setting.scenario, drawn), fields=fields, forcing=forcing, rng=rng)


def _scenario(scenario: Scenario, drawn: Draw) -> Scenario:
    return replace(
        scenario,
        rain=None if scenario.rain is None else _series(scenario.rain, drawn.rain, drawn.rain_shift),
        gauges=tuple(replace(g, rate=_series(g.rate, drawn.rain, drawn.rain_shift)) for g in scenario.gauges),
        inflows=tuple(replace(i, discharge=_series(i.discharge, drawn.inflow)) for i in scenario.inflows),
        boundaries={side: _boundary(b, drawn) for side, b in scenario.boundaries.items()},
        measures=tuple(_measure(m, drawn, scenario.duration) for m in scenario.measures),
        weather=None if scenario.weather is None else _weather(scenario.weather, drawn),
        params=_params(scenario.params, drawn),
        seed=scenario.seed if drawn.seed is None else drawn.seed,
    )


def _series(series: Series, by: float, later: float = 0.0) -> Series:
    return replace(series, times=tuple(t + later for t in series.times), values=tuple(v * by for v in series.values))


def _maps(series: FieldSeries, drawn: Draw) -> FieldSeries:
    return FieldSeries(
        series.quantity,
        tuple(t + drawn.rain_shift for t in series.times),
        lambda i: series.read(i) * drawn.rain,
    )


def _boundary(boundary: Boundary, drawn: Draw) -> Boundary:
    if boundary.kind != "discharge" or boundary.series is None:
        return boundary
    return replace(boundary, series=_series(boundary.series, drawn.inflow))


def _weather(weather: Weather, drawn: Draw) -> Weather:
    """Return a weather with another wind and moisture."""
    turned = tuple((v + drawn.wind_turn) % 360 if drawn.wind_turn else v for v in weather.wind_direction.values)
    return replace(
        weather,
        wind_speed=_series(weather.wind_speed, drawn.wind),
        wind_direction=replace(weather.wind_direction, values=turned),
        moisture=weather.moisture if drawn.moisture == 1.0 else _moisture(weather, drawn.moisture),
    )


def _moisture(weather: Weather, by: float) -> dict[str, Series]:
    """Return the moisture of all classes of fuel times a factor, also of those that follow from the air.

    A class holds no more than its fuel can.
    """
    from twin.physics.wildfire.moisture import GREATEST_DEAD, GREATEST_LIVE, of

    air = weather.temperature is not None and weather.humidity is not None
    courses = {**weather.moisture, **({"t": weather.temperature, "h": weather.humidity} if air else {})}
    times = tuple(sorted({0.0, *(t for series in courses.values() if series for t in series.times if t > 0)}))
    values: dict[str, list[float]] = {name: [] for name in FUEL_CLASSES}
    for time in times:
        stated = {name: series.at(time) for name, series in weather.moisture.items()}
        found, _ = of(stated, *((s.at(time) if s and air else None) for s in (weather.temperature, weather.humidity)))
        for name, wet in zip(FUEL_CLASSES, astuple(found), strict=True):
            most = GREATEST_DEAD if name.endswith("h") else GREATEST_LIVE
            values[name].append(min(by * float(wet), most))
    return {name: Series(times, tuple(wet), step=True) for name, wet in values.items()}


def _params(params: Mapping[str, object], drawn: Draw) -> Mapping[str, object]:
    """Return the parameters with another factor on the rate of spread; nothing is added where it is the same."""
    if drawn.spread_rate == 1.0:
        return params
    stated = params.get(RATE, 1.0)
    return {**params, RATE: drawn.spread_rate * float(str(stated))}


def _measure(action: Action, drawn: Draw, duration: float) -> Action:
    """Return a measure; a breach comes at another time (within the run), in another width, down to another level."""
    if action.kind != "breach":
        return action
    params = dict(action.params)
    if "width" in params:
        params["width"] = float(str(params["width"])) * drawn.breach_width
    if "level" in params:
        params["level"] = float(str(params["level"])) + drawn.breach_level
    return replace(action, at=min(max(action.at + drawn.breach_time, 0.0), duration), params=params)
