"""A what-if as a document: hazard, forcing, measures, seed. Same document, same hash, same run."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from twin.errors import InputError, suggest
from twin.model.action import Action
from twin.model.field import Bounds
from twin.model.response.drill import Drill


@dataclass(frozen=True, slots=True)
class Series:
    """A value over time in a run: `times` in s from its start, rising; `values` in SI.

    step   True: each value holds until the next time (rain); False: straight line between them (hydrograph)
    Before the first time and after the last one a step series is 0; a line keeps its end value.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    step: bool = False

    def at(self, time: float) -> float:
        """Return the value at `time` s."""
        if self.step:
            number = bisect_right(self.times, time)
            return self.values[number - 1] if number else 0.0
        number = bisect_left(self.times, time)
        if number == 0 or number == len(self.times):
            return self.values[min(number, len(self.times) - 1)]
        t0, t1, v0, v1 = (*self.times[number - 1 : number + 1], *self.values[number - 1 : number + 1])
        return v0 + (v1 - v0) * (time - t0) / (t1 - t0)

    def reach(self, time: float, ahead: float) -> float:
        """Return the time in s at which a step of at most `ahead` s from `time` must end: no corner within it."""
        return min([time + ahead, *(t for t in self.times if t > time)])


@dataclass(frozen=True, slots=True)
class Inflow:
    """Water that enters at a place: `discharge` in m3 s-1, spread over the wet or lowest cells within `radius` m."""

    name: str
    x: float
    y: float
    discharge: Series
    radius: float = 10.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """Rain at a place: `rate` in m s-1, in steps."""

    name: str
    x: float
    y: float
    rate: Series


@dataclass(frozen=True, slots=True)
class Boundary:
    """What one side of the area does.

    kind    "closed", "open", "level" or "discharge"
    series  m of water level in the city's datum, or m2 s-1 that enter per metre of the side; None for closed, open
    """

    kind: str
    series: Series | None = None


@dataclass(frozen=True, slots=True)
class Weather:
    """Wind and what dries fuel, the same everywhere, in steps: each value holds until the next time.

    wind_speed      m s-1     at 10 m above open ground
    wind_direction  degree    the wind blows from, clockwise from north
    temperature     degC      of the air; None: not stated
    humidity        0..1      relative; None: not stated
    moisture        class of fuel -> water by dry mass, 0..5; classes of `FUEL_CLASSES`, those that are stated
    city            True: wind, temperature and humidity come from the sensors of the twin instead
    """

    wind_speed: Series = field(default_factory=lambda: Series((0.0,), (0.0,), step=True))
    wind_direction: Series = field(default_factory=lambda: Series((0.0,), (0.0,), step=True))
    temperature: Series | None = None
    humidity: Series | None = None
    moisture: Mapping[str, Series] = field(default_factory=dict)
    city: bool = False


FUEL_CLASSES = ("1h", "10h", "100h", "herb", "woody")
"""Dead fuel by the time in which it follows the weather, and live fuel."""


@dataclass(frozen=True, slots=True)
class Ignition:
    """Where something begins to burn, and when.

    at      s from the start of the run
    points  x, y in m: of a point one, of a line two or more; empty: `target` says where
    radius  m   around the point or line
    target  id of a building or room that burns; "" : the ground
    """

    name: str
    at: float = 0.0
    points: tuple[tuple[float, float], ...] = ()
    radius: float = 0.0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the members of an ensemble differ from their scenario; 0: not at all.

    members         1 .. 10000
    threshold       m   depth whose probability is asked for, of floods
    rain_cv         1   coefficient of variation of a factor on all rain (lognormal, mean 1)
    rain_shift      s   standard deviation of a shift of the rain in time
    roughness_cv    1   of a factor on Manning's n
    inflow_cv       1   of a factor on what enters by inflows and by sides with a discharge
    breach_time     s   standard deviation of the time of a breach
    breach_width_cv 1   of a factor on its width
    breach_level    m   standard deviation of the level it goes down to
    wind_cv         1   of a factor on the wind speed
    wind_turn       degree   standard deviation of a turn of the wind
    moisture_cv     1   of a factor on the moisture of all fuel
    spread_rate_cv  1   of a factor on the rate at which fire spreads in vegetation
    brands          1   1: every member throws its own firebrands; 0: all throw those of the scenario's seed

    Raises InputError for a value out of range.
    """

    members: int = 20
    threshold: float = 0.3
    rain_cv: float = 0.0
    rain_shift: float = 0.0
    roughness_cv: float = 0.0
    inflow_cv: float = 0.0
    breach_time: float = 0.0
    breach_width_cv: float = 0.0
    breach_level: float = 0.0
    wind_cv: float = 0.0
    wind_turn: float = 0.0
    moisture_cv: float = 0.0
    spread_rate_cv: float = 0.0
    brands: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.members <= 10_000 or self.members != int(self.members):
            raise InputError(f"ensemble: members is {self.members!r}; it must be a whole number from 1 to 10000")
        for field_ in fields(self)[1:]:
            value = getattr(self, field_.name)
            most = 3.0 if field_.name.endswith("_cv") else 1e6
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
                raise InputError(f"ensemble: {field_.name} is {value!r}; it must be a number from 0 to {most:g}")

    @classmethod
    def of(cls, table: Mapping[str, float]) -> Spread:
        """Return the spread of a scenario's table `ensemble`. Raises InputError for a name that is not known."""
        known = [f.name for f in fields(cls)]
        for name in table:
            if name not in known:
                raise InputError(f"ensemble: '{name}' is not known; {suggest(name, known)}")
        values = dict(table)
        members = values.pop("members", cls().members)
        return cls(int(members) if float(members).is_integer() else members, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A validated what-if.

    hazard       a room of `twin/hazards`, or two and more joined by "+" that see each other: "flood+fire"
    start        aware datetime at which run time 0 lies
    duration     s; frame_every  s between frames
    area         west, south, east, north in the city's coordinates; None: all terrain there is
    cell         m, side of a grid cell
    rain         m s-1 over the run, the same everywhere; None when it does not rain, or not the same everywhere
    gauges       rain at places; between them the nearest one holds
    rain_from    "" (the two above), "city" (the rain gauges of the twin), or a file with a series of rain maps
    rain_digest  SHA-256 of that file
    inflows      water that enters from outside the area
    edges        what the edges of the area do: "closed" or "open"
    boundaries   side (west, east, south, north) -> what it does instead
    weather      wind, and how dry fuel is; None: the scenario says nothing
    ignitions    where fire begins
    params       the hazard's own parameters, checked by the hazard; of a joined one a table for each part
    measures     what is done and when
    response     who stands ready and how people behave; None: the scenario says nothing of it. A run without agents
                 does not look at it
    ensemble     how the members of an ensemble differ, by the names of `Spread`; a single run does not look at it
    """

    title: str
    hazard: str
    start: datetime
    duration: float
    frame_every: float
    cell: float
    seed: int = 1
    area: Bounds | None = None
    rain: Series | None = None
    inflows: tuple[Inflow, ...] = ()
    edges: str = "closed"
    params: Mapping[str, object] = field(default_factory=dict)
    measures: tuple[Action, ...] = ()
    title_en: str = ""
    gauges: tuple[Gauge, ...] = ()
    rain_from: str = ""
    rain_digest: str = ""
    boundaries: Mapping[str, Boundary] = field(default_factory=dict)
    ensemble: Mapping[str, float] = field(default_factory=dict)
    weather: Weather | None = None
    ignitions: tuple[Ignition, ...] = ()
    response: Drill | None = None

    @property
    def hash(self) -> str:
        """SHA-256 over everything that changes the result of a single run; titles, ensemble and response do not."""
        content = {
            "hazard": self.hazard,
            "start": self.start.isoformat(),
            "duration": self.duration,
            "frame_every": self.frame_every,
            "cell": self.cell,
            "seed": self.seed,
            "area": self.area,
            "rain": self.rain and (self.rain.times, self.rain.values, self.rain.step),
            "inflows": [(i.x, i.y, i.radius, i.discharge.times, i.discharge.values) for i in self.inflows],
            "gauges": [(g.x, g.y, g.rate.times, g.rate.values) for g in self.gauges],
            "rain_from": self.rain_digest or self.rain_from,
            "edges": self.edges,
            "boundaries": {
                side: (b.kind, b.series and (b.series.times, b.series.values)) for side, b in self.boundaries.items()
            },
            "weather": self.weather and asdict(self.weather),
            "ignitions": [asdict(ignition) for ignition in self.ignitions],
            "params": dict(self.params),
            "measures": [(m.kind, m.at, m.target, dict(m.params)) for m in self.measures],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
