"""The parameters of a fire: table `[fire]` of a scenario. What is not known is an error, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from twin.errors import InputError, suggest
from twin.hazards._values import number


@dataclass(frozen=True, slots=True)
class Params:
    """What a scenario may set of a fire.

    spread_rate_factor  1       on the rate of spread in all vegetation
    crown               "cruz" (default), "rothermel" or "none": what spreads from crown to crown
    slope_wind          "behave" (default): wind and slope add up as in BEHAVE; "plane": wind along the slope's plane
    spotting            "on" (default) or "off": firebrands from vegetation and from buildings
    brand_factor        1       on the number of all firebrands
    buildings           "on" (default) or "off": whether buildings take part
    vegetation          "on" (default) or "off": whether vegetation burns
    turnout_s           s       from the call until an engine leaves its station
    engine_km_per_h     km/h    of engines on their way
    detour              1       length of the way over that of the straight line
    engines_per_station 1       engines that a station can send
    tank_l              L       of water that an engine carries
    stream_l_per_s      L s-1   that an engine throws
    hose_m              m       from an engine to the hydrant, and from it to the fire
    hydrant_l_per_s     L s-1   of a hydrant that states no rate
    ford_m              m       depth of water from which an engine cannot pass
    """

    spread_rate_factor: float = 1.0
    crown: str = "cruz"
    slope_wind: str = "behave"
    spotting: str = "on"
    brand_factor: float = 1.0
    buildings: str = "on"
    vegetation: str = "on"
    turnout_s: float = 60.0  # unverified: what Korean stations aim at by day
    engine_km_per_h: float = 30.0  # unverified: of an engine through a city
    detour: float = 1.4  # unverified: of streets over straight lines
    engines_per_station: float = 4.0  # unverified: pumpers and tankers of a 119 centre and its neighbours' help
    tank_l: float = 2400.0  # unverified: between a small (1,800 L) and a large (3,000 L) pumper
    stream_l_per_s: float = 15.0  # unverified: two streams of 450 L/min
    hose_m: float = 150.0  # unverified: ten lengths of 15 m
    hydrant_l_per_s: float = 20.0  # unverified: about 1.2 m3/min from a street main
    ford_m: float = 0.3  # unverified: depth that stops an engine


CHOICES: Mapping[str, tuple[str, ...]] = {
    "crown": ("cruz", "rothermel", "none"),
    "slope_wind": ("behave", "plane"),
    "spotting": ("on", "off"),
    "buildings": ("on", "off"),
    "vegetation": ("on", "off"),
}
NUMBERS: Mapping[str, tuple[float, float]] = {
    "spread_rate_factor": (0.001, 100.0),
    "brand_factor": (0.0, 1000.0),
    "turnout_s": (0.0, 3600.0),
    "engine_km_per_h": (1.0, 150.0),
    "detour": (1.0, 5.0),
    "engines_per_station": (0.0, 100.0),
    "tank_l": (0.0, 50_000.0),
    "stream_l_per_s": (0.0, 500.0),
    "hose_m": (1.0, 2000.0),
    "hydrant_l_per_s": (0.0, 500.0),
    "ford_m": (0.01, 5.0),
}
"""Parameters that are numbers, with the least and the greatest value that makes sense."""


def checked(params: Mapping[str, object]) -> Params:
    """Return the parameters with the defaults of those not given. Raises InputError for what is not known or wrong."""
    known = [f.name for f in fields(Params)]
    given: dict[str, float | str] = {}
    for name, value in params.items():
        if name not in known:
            raise InputError(f"fire parameter '{name}' is not known; {suggest(name, known)}")
        if name in NUMBERS:
            given[name] = number(value, f"fire parameter '{name}'", *NUMBERS[name])
        elif isinstance(value, str) and value in CHOICES[name]:
            given[name] = value
        else:
            choices = ", ".join(repr(choice) for choice in CHOICES[name])
            raise InputError(f"fire parameter '{name}' is {value!r}; known: {choices}")
    return Params(**given)  # type: ignore[arg-type]  # each was checked by its name above
