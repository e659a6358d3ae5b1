"""What a scenario document may say: the keys, their types and ranges. Loaded when a document is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from twin.runs.document.parts import Flag, Hours, Minutes, Moment, Number, Part, Seconds, Text, Time, Whole, as_text
from twin.runs.document.response import ResponsePart

#: no storm on record comes near it (38 mm in one minute is 2,280 mm/h)
MAX_MM_PER_H = 3000.0


def _several(value: object) -> object:
    """Return one value as a list of one: it holds all the time."""
    return value if isinstance(value, list) else [value]


class GaugePart(Part):
    """Rain at a place: rates that hold until the next time, the last of them 0."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    x: Number
    y: Number
    times_min: Annotated[list[Time], Field(min_length=2, max_length=10_000)]
    mm_per_h: Annotated[list[Annotated[Number, Field(ge=0, le=MAX_MM_PER_H)]], Field(min_length=2)]


class RainPart(Part):
    """Rain in one of five ways.

    The same everywhere: `times_min` with `mm_per_h`, or `depth_mm` with a duration and a shape. Different from place
    to place: `gauge` tables, `source` = "city" (the gauges of the twin), or `file` (maps over time, as of a radar).
    """

    gauge: Annotated[list[GaugePart], Field(min_length=1, max_length=1000)] | None = None
    source: Annotated[Literal["city"], BeforeValidator(as_text)] | None = None
    file: Annotated[Text, Field(min_length=1, max_length=1000)] | None = None

    times_min: Annotated[list[Time], Field(min_length=2, max_length=10_000)] | None = None
    mm_per_h: Annotated[list[Annotated[Number, Field(ge=0, le=MAX_MM_PER_H)]], Field(min_length=2)] | None = None
    depth_mm: Annotated[Number, Field(ge=0, le=10_000)] | None = None
    duration_s: Seconds | None = None
    duration_min: Minutes | None = None
    duration_h: Hours | None = None
    shape: Annotated[Literal["uniform", "centred", "huff2"], BeforeValidator(as_text)] | None = None
    start_min: Time | None = None


class InflowPart(Part):
    """Water that enters at a place: straight lines between the points of the hydrograph."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    x: Number
    y: Number
    radius_m: Annotated[Number, Field(gt=0, le=10_000)] = 10.0
    times_min: Annotated[list[Time], Field(min_length=1, max_length=10_000)]
    m3_per_s: Annotated[list[Annotated[Number, Field(ge=0, le=1e6)]], Field(min_length=1)]


class EdgePart(Part):
    """What one side of the area does; straight lines between the points of a level or a discharge."""

    kind: Annotated[Literal["closed", "open", "level", "discharge"], BeforeValidator(as_text)]
    times_min: Annotated[list[Time], Field(min_length=1, max_length=10_000)] | None = None
    level_m: Annotated[list[Annotated[Number, Field(ge=-1000, le=9000)]], Field(min_length=1)] | None = None
    m2_per_s: Annotated[list[Annotated[Number, Field(ge=0, le=1e4)]], Field(min_length=1)] | None = None


class EdgesPart(Part):
    """What the sides of the area do that differ from `edges`."""

    west: EdgePart | None = None
    east: EdgePart | None = None
    south: EdgePart | None = None
    north: EdgePart | None = None


#: a course over time: a number, or a list of numbers that each hold until the next of `times_min`
LONG = Field(min_length=1, max_length=10_000)
#: m s-1; no mean wind on record comes near 100
Speeds = Annotated[list[Annotated[Number, Field(ge=0, le=100)]], BeforeValidator(_several), LONG]
Bearings = Annotated[list[Annotated[Number, Field(ge=0, le=360)]], BeforeValidator(_several), LONG]
Degrees = Annotated[list[Annotated[Number, Field(ge=-60, le=60)]], BeforeValidator(_several), LONG]
#: from 1 on: what is less is a share that was taken for percent, air and wood are never so dry
Percent = Annotated[list[Annotated[Number, Field(ge=1, le=100)]], BeforeValidator(_several), LONG]
#: percent of dry mass, as the fuels of `physics.wildfire` take it: of dead wood, and of green leaves
Dead = Annotated[list[Annotated[Number, Field(ge=1, le=100)]], BeforeValidator(_several), LONG]
Live = Annotated[list[Annotated[Number, Field(ge=1, le=300)]], BeforeValidator(_several), LONG]


class MoisturePart(Part):
    """Water in fuel by its class, in percent of its dry mass."""

    dead_1h: Dead | None = Field(None, alias="1h")
    dead_10h: Dead | None = Field(None, alias="10h")
    dead_100h: Dead | None = Field(None, alias="100h")
    herb: Live | None = None
    woody: Live | None = None


class WeatherPart(Part):
    """Wind and what dries fuel: numbers, or lists of them that each hold until the next of `times_min`.

    `source` = "city" takes wind, temperature and humidity from the sensors of the twin instead.
    """

    source: Annotated[Literal["city"], BeforeValidator(as_text)] | None = None
    times_min: Annotated[list[Time], Field(min_length=1, max_length=10_000)] | None = None
    wind_m_per_s: Speeds | None = None
    wind_from_deg: Bearings | None = None
    temperature_c: Degrees | None = None
    humidity_percent: Percent | None = None
    moisture_percent: MoisturePart | None = None


class IgnitionPart(Part):
    """Where something begins to burn: at `x` and `y`, along a `line`, or in the building or room `target`."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    at_min: Time = 0.0
    x: Number | None = None
    y: Number | None = None
    line: (
        Annotated[
            list[Annotated[list[Number], Field(min_length=2, max_length=2)]], Field(min_length=2, max_length=10_000)
        ]
        | None
    ) = None
    radius_m: Annotated[Number, Field(ge=0, le=10_000)] = 0.0
    target: Text = ""


class MeasurePart(Part):
    """What is done and when; further keys belong to the hazard and are checked by it."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)

    kind: Annotated[Text, Field(min_length=1)]
    at_min: Time = 0.0
    target: Text = ""


class EnsemblePart(Part):
    """How the members of an ensemble differ; see `twin.model.scenario.Spread`."""

    members: Annotated[Whole, Field(ge=1, le=10_000)] = 20
    threshold_m: Annotated[Number, Field(gt=0, le=100)] = 0.3
    rain_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    rain_shift_min: Annotated[Number, Field(ge=0, le=1440)] = 0.0
    roughness_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    inflow_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    breach_time_min: Annotated[Number, Field(ge=0, le=1440)] = 0.0
    breach_width_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    breach_level_m: Annotated[Number, Field(ge=0, le=100)] = 0.0
    wind_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    wind_turn_deg: Annotated[Number, Field(ge=0, le=180)] = 0.0
    moisture_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    spread_rate_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0
    brands: Flag = False


class Document(Part):
    """The whole document, without the tables that are named after the hazards."""

    title: Annotated[Text, Field(min_length=1, max_length=200)]
    title_en: Annotated[Text, Field(max_length=200)] = ""
    hazard: Text
    start: Moment
    duration_s: Seconds | None = None
    duration_min: Minutes | None = None
    duration_h: Hours | None = None
    frame_every_s: Seconds | None = None
    frame_every_min: Minutes | None = None
    cell_m: Annotated[Number, Field(ge=0.05, le=1000)]
    seed: Annotated[Whole, Field(ge=0, lt=2**63)] = 1
    area: Annotated[list[Number], Field(min_length=4, max_length=4)] | None = None
    edges: Annotated[Literal["closed", "open"], BeforeValidator(as_text)] = "closed"
    edge: EdgesPart | None = None
    rain: RainPart | None = None
    weather: WeatherPart | None = None
    ensemble: EnsemblePart | None = None
    response: ResponsePart | None = None
    inflow: Annotated[list[InflowPart], Field(default_factory=list, max_length=1000)]
    ignition: Annotated[list[IgnitionPart], Field(default_factory=list, max_length=1000)]
    measure: Annotated[list[MeasurePart], Field(default_factory=list, max_length=1000)]
