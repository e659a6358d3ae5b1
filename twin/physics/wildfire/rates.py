"""How fast, which way and how hot vegetation burns in every cell, and what a front that passes is like."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.physics.wildfire import crown, ellipse, fuels, surface
from twin.physics.wildfire.moisture import Moisture

SURFACE, PASSIVE, ACTIVE = 1, 2, 3
"""Kinds of fire: along the ground, with single crowns, from crown to crown."""

CROWNS = ("none", "cruz", "rothermel")
SLOPES = ("behave", "plane")
GREATEST_WIND = 100.0
"""m s-1"""

Field = float | NDArray[np.float64]
"""A number for all cells, or an array (ny, nx)."""


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """How fire spreads in each cell: an ellipse around the rear focus, where it started. All arrays (ny, nx).

    head          float64  m s-1   rate of spread towards `heading`; 0: does not burn
    eccentricity  float64  1       of the ellipse, 0 to below 1
    heading       float64  rad     counter-clockwise from east, the direction the fire runs to
    heat          float64  kJ m-2  heat per unit area of the surface (and crown) fuel
    kind          int8     1       1 surface, 2 passive crown, 3 active crown fire; 0 where nothing burns
    """

    head: NDArray[np.float64]
    eccentricity: NDArray[np.float64]
    heading: NDArray[np.float64]
    heat: NDArray[np.float64]
    kind: NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """The slope of the ground: its rise per metre to the east and to the north (1), numbers or arrays (ny, nx)."""

    east: Field = 0.0
    north: Field = 0.0

    @classmethod
    def of(cls, elevation: NDArray[np.float64], cell: float) -> Terrain:
        """Return the slope of heights (ny, nx) in m on cells of `cell` m; flat beside a height that is NaN."""
        rows, cols = elevation.shape
        north = np.gradient(elevation, cell, axis=0) if rows > 1 else np.zeros(elevation.shape)
        east = np.gradient(elevation, cell, axis=1) if cols > 1 else np.zeros(elevation.shape)
        known = np.isfinite(north) & np.isfinite(east)
        return cls(np.where(known, east, 0.0), np.where(known, north, 0.0))

    @classmethod
    def facing(cls, slope: Field, aspect: Field) -> Terrain:
        """Return a slope by its tangent (1) and the direction it faces, degrees clockwise from north (downhill)."""
        uphill = np.radians(np.asarray(aspect) + 180.0)
        return cls(slope * np.sin(uphill), slope * np.cos(uphill))


@dataclass(frozen=True, slots=True, eq=False)
class Canopy:
    """The crowns of trees: numbers or arrays (ny, nx); 0 where there are none.

    cover         0..1    share of the ground under them
    height        m       of their tops above the ground
    base_height   m       of their lowest live branches
    bulk_density  kg m-3  of what burns of them
    """

    cover: Field = 0.0
    height: Field = 0.0
    base_height: Field = 0.0
    bulk_density: Field = 0.0

    def __post_init__(self) -> None:
        for name, most, unit in (
            ("cover", 1.0, ""), ("height", 150.0, " m"), ("base_height", 150.0, " m"), ("bulk_density", 5.0, " kg m-3"),
        ):  # fmt: skip
            _within(f"canopy {name}", getattr(self, name), 0.0, most, unit)


@dataclass(frozen=True, slots=True)
class Options:
    """How rates are reckoned.

    slope       "behave": factors of wind and slope added as vectors in plan, as firelab/behave does; "plane": both laid
                on the slope, where a wind uphill is longer (median of the models: 5 % faster at 30 %, 16 % at 60 %)
    wind_limit  whether the effective wind is capped at 0.9 of the reaction intensity (Rothermel 1972)
    crown       "cruz" (2005); "rothermel" (1991), where crowns that burn one by one leave the rate to the surface;
                or "none"
    foliar      1   moisture of needles, 0.3..3; 1.0 is the default of BehavePlus, for Korean pine unverified
    factor      1   on every rate of spread, above 0: what an ensemble varies

    Raises InputError for what is not known or out of range.
    """

    slope: str = "behave"
    wind_limit: bool = False
    crown: str = "cruz"
    foliar: float = 1.0
    factor: float = 1.0

    def __post_init__(self) -> None:
        for name, value, known in (("slope", self.slope, SLOPES), ("crown", self.crown, CROWNS)):
            if value not in known:
                raise InputError(f"wildfire option '{name}' is '{value}'; {suggest(value, known)}")
        _within("wildfire option 'foliar'", self.foliar, 0.3, 3.0, "")
        _within("wildfire option 'factor'", self.factor, 1e-3, 1e3, "")


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What kernel and reference take: arrays of two axes, (ny, nx) or (1, 1) where the same everywhere.

    rows      int16    row of the table of fuels
    moisture  5 of them, 1, in the order of `Moisture`
    wind      m s-1 at 10 m, and the east and north parts of where it blows to
    slope     rise to the east and to the north
    canopy    as in `Canopy`, in its order
    """

    rows: NDArray[np.int16]
    moisture: tuple[NDArray[np.float64], ...]
    wind: tuple[NDArray[np.float64], ...]
    slope: tuple[NDArray[np.float64], ...]
    canopy: tuple[NDArray[np.float64], ...]
    table: fuels.Fuels = field(default_factory=fuels.standard)


def rates(
    numbers: NDArray[np.integer],
    moisture: Moisture,
    *,
    wind_speed: Field,
    wind_from: Field,
    terrain: Terrain | None = None,
    canopy: Canopy | None = None,
    options: Options | None = None,
) -> Rates:
    """Return how fire spreads in each cell.

    numbers     (ny, nx) integer   of the standard fuel models
    moisture    1                  of each class of fuel
    wind_speed  m s-1              at 10 m above open ground, 0..100
    wind_from   degree             the wind blows from, clockwise from north
    terrain, canopy                flat and without trees where None

    Where crowns set the rate, fire runs with the wind, and its ellipse is Rothermel's (1991) for crown fires where that
    is longer: the wind under the crowns no longer matters. Crowns that burn one by one give the share CROS CBD / 3 of
    their heat (both our choice).
    Raises InputError for an unknown model (with its place) and for values that cannot be.
    """
    from twin.physics.wildfire.kernels import run

    return run(inputs(numbers, moisture, wind_speed, wind_from, terrain, canopy), options or Options())


def inputs(
    numbers: NDArray[np.integer],
    moisture: Moisture,
    wind_speed: Field,
    wind_from: Field,
    terrain: Terrain | None = None,
    canopy: Canopy | None = None,
) -> Inputs:
    """Return what the kernel takes from what `rates` is given; arguments and errors as there."""
    if numbers.ndim != 2:
        raise InputError(f"fuel models must be an array (ny, nx); this has the shape {numbers.shape}")
    terrain, canopy, shape = terrain or Terrain(), canopy or Canopy(), (numbers.shape[0], numbers.shape[1])
    _within("wind speed", wind_speed, 0.0, GREATEST_WIND, " m s-1")
    _within("wind direction", wind_from, -360.0, 720.0, " degrees")
    _within("slope to the east", terrain.east, -100.0, 100.0, "")
    _within("slope to the north", terrain.north, -100.0, 100.0, "")
    to = np.radians(np.asarray(wind_from, np.float64) + 180.0)

    def laid(**named: Field) -> tuple[NDArray[np.float64], ...]:
        return tuple(_laid(name, value, shape) for name, value in named.items())

    return Inputs(
        fuels.standard().index(numbers),
        laid(one=moisture.one, ten=moisture.ten, hundred=moisture.hundred, herb=moisture.herb, woody=moisture.woody),
        laid(wind_speed=wind_speed, wind_from=np.sin(to), wind_from_north=np.cos(to)),
        laid(slope_east=terrain.east, slope_north=terrain.north),
        laid(
            canopy_cover=canopy.cover,
            canopy_height=canopy.height,
            canopy_base_height=canopy.base_height,
            canopy_bulk_density=canopy.bulk_density,
        ),
    )


def intensity(
    rates: Rates, direction: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return of a front that passes the rate along its normal m s-1, Byram's intensity kW m-1 and flame length m.

    direction  (ny, nx) rad   the way fire came to a cell, counter-clockwise from east; NaN where none came: 0 there

    Each (ny, nx). Source: `ellipse.normal_rate`; Byram (1959), for crown fires Thomas (1963) as Rothermel (1991).
    """
    came = np.isfinite(direction) & (rates.head > 0)
    th = np.where(came, direction, 0.0) - rates.heading
    rate = np.where(came, ellipse.normal_rate(rates.head, rates.eccentricity, th), 0.0)
    strength = np.asarray(surface.fireline_intensity(rates.heat, rate), np.float64)
    flame = np.where(rates.kind >= PASSIVE, crown.flame_length(strength), surface.flame_length(strength))
    return np.asarray(rate, np.float64), strength, np.asarray(flame, np.float64)


def _laid(name: str, value: Field, shape: tuple[int, int]) -> NDArray[np.float64]:
    array = np.ascontiguousarray(np.atleast_2d(np.asarray(value, np.float64)))
    if array.shape not in ((1, 1), shape):
        raise InputError(f"{name} has the shape {array.shape}, and the fuel {shape}; lay it on the same grid")
    return array


def _within(name: str, value: Field, low: float, high: float, unit: str) -> None:
    array = np.asarray(value, np.float64)
    bad = ~((array >= low) & (array <= high))
    if bad.any():
        place = f" at row {np.argwhere(bad)[0][0]}, column {np.argwhere(bad)[0][1]}" if array.ndim == 2 else ""
        raise InputError(f"{name} is {array[bad].flat[0]:g}{unit}{place}; it must be from {low:g} to {high:g}{unit}")
