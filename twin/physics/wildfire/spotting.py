"""Firebrands of burning vegetation: how many fly, where they land, and whether what they land on ignites.

Random numbers are a hash of (seed, cell, number of the brand): they do not depend on order, threads or what else burns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.physics.wildfire.surface import Value

GRAVITY = 9.81
AIR_DENSITY, AIR_HEAT, AIR_TEMPERATURE = 1.1, 1.0, 300.0
"""kg m-3, kJ kg-1 K-1, K."""
PER_KJ = 1e-6
"""Brands per kJ released. Unverified: the usual default of raster codes; calibrate it against an event."""
LONGEST_MU = 5.0
"""Cap on the mean of the logarithm of the distance, as ELMFIRE has it: half of the brands land within 148 m."""
MOST_PER_CELL = 10_000.0
"""Brands of one cell above which the rate has been given in another unit."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Brands:
    """n brands that have landed.

    x, y    (n,) m   from the south-west corner of the grid
    source  (n,) int number of the cell that threw it, row by row from the south
    delay   (n,) s   of flight, at the speed of the wind
    number  (n,) int its number among those of its cell
    """

    x: Floats
    y: Floats
    source: NDArray[np.int64]
    delay: Floats
    number: NDArray[np.int64]


def plume_length(intensity: Value) -> Value:
    """Return the length scale of the plume, m, over a front of `intensity` kW m-1. Source: Sardoy et al. (2008)."""
    return (intensity / (AIR_DENSITY * AIR_HEAT * AIR_TEMPERATURE * np.sqrt(GRAVITY))) ** (2.0 / 3.0)


def froude(wind: Value, length: Value) -> Value:
    """Return the Froude number (1) of a wind in m s-1 at 10 m across a plume of a length in m."""
    return wind / np.sqrt(GRAVITY * length)


def landing(intensity: Value, wind: Value) -> tuple[Value, Value]:
    """Return mean and standard deviation of the logarithm of the distance in m at which brands land, downwind.

    intensity  kW m-1   of the front, above 0
    wind       m s-1    at 10 m, above 0

    Source: Sardoy et al. (2008), doi:10.1016/j.combustflame.2008.04.013, as coded in ELMFIRE (not read in the paper).
    """
    mw = intensity / 1000.0
    buoyant = froude(wind, plume_length(intensity)) <= 1
    mu = np.where(buoyant, 1.47 * mw**0.54 * wind**-0.55 + 1.14, 1.32 * mw**0.26 * wind**0.11 - 0.02)
    spread = np.where(buoyant, 0.86 * mw**-0.21 * wind**0.44 + 0.19, 4.95 * mw**-0.01 * wind**-0.02 - 3.48)
    return np.minimum(mu, LONGEST_MU), np.maximum(spread, 0.0)


def throw(
    cells: NDArray[np.integer],
    shape: tuple[int, int],
    cell: float,
    *,
    intensity: Floats,
    heat: Floats,
    wind_speed: float | Floats,
    wind_from: float | Floats,
    seed: int,
    per_kj: float = PER_KJ,
) -> Brands:
    """Return the brands of cells that have just burnt; none without wind.

    cells       (k,)          numbers of cells, row by row from the south; each is to be given once in a run
    shape, cell               of the grid, side of a cell in m
    intensity   (k,) kW m-1   of the front as it passed
    heat        (k,) kJ m-2   of the fuel that burnt
    wind_speed  m s-1 at 10 m, and wind_from in degrees clockwise from north: numbers or (k,)
    seed        0..2^63       of the run or member
    per_kj      kJ-1          brands per heat released

    They leave the middle of their cell. Across the wind they scatter by 0.92 plume lengths (Himoto and Tanaka's form).
    Raises InputError for values that cannot be.
    """
    speed = np.broadcast_to(np.asarray(wind_speed, np.float64), cells.shape)
    to = np.radians(np.broadcast_to(np.asarray(wind_from, np.float64), cells.shape) + 180.0)
    expected = per_kj * heat * cell * cell
    if not (np.isfinite(expected) & (expected >= 0) & (expected <= MOST_PER_CELL)).all():
        raise InputError(
            f"brands: {np.nanmax(expected):g} are expected of one cell; heat must be in kJ m-2 and not below 0, "
            f"brands per kJ small (usually {PER_KJ:g})"
        )
    count = poisson(np.where((speed > 0) & (intensity > 0), expected, 0.0), uniform(seed, cells, 0))
    who = np.repeat(np.arange(len(cells)), count)
    number = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    source = np.asarray(cells, np.int64)[who]
    wind, strength = speed[who], intensity[who]
    mu, spread = landing(strength, wind) if len(who) else (np.zeros(0), np.zeros(0))
    ahead, aside = normals(seed, source, number)
    distance = np.exp(mu + spread * ahead)
    across = 0.92 * plume_length(strength) * aside
    east, north = np.sin(to[who]), np.cos(to[who])
    row, column = np.divmod(source, shape[1])
    return Brands(
        (column + 0.5) * cell + distance * east - across * north,
        (row + 0.5) * cell + distance * north + across * east,
        source,
        distance / np.maximum(wind, 1e-9),
        number,
    )


def ignites(brands: Brands, probability: float | Floats, seed: int) -> NDArray[np.bool_]:
    """Return (n,) whether each brand ignites what it lands on; probability 0..1, a number or (n,)."""
    return np.asarray(uniform(seed, brands.source, 3 * brands.number + 3) < probability)


def preignition_heat(moisture: Value, temperature: Value) -> Value:
    """Return the heat that brings fine fuel to ignition, J g-1; moisture 1, temperature of the fuel in degC.

    Source: Schroeder (1969), as in firelab/behave and NFDRS.
    """
    return (
        144.51
        - 0.266 * temperature
        - 0.00058 * temperature**2
        - temperature * moisture
        + 18.54 * (1.0 - np.exp(-15.1 * moisture))
        + 640.0 * moisture
    )


def ignition_probability(moisture: Value, temperature: Value = 20.0) -> Value:
    """Return the probability 0..1 that a brand ignites fine dead fuel; arguments as in `preignition_heat`.

    Source: Schroeder (1969), as in firelab/behave.
    """
    x = np.maximum(0.0, 400.0 - preignition_heat(moisture, temperature)) / 10.0
    return np.minimum(1.0, 0.000048 * x**4.3 / 50.0)


def uniform(seed: int, cells: NDArray[np.integer], number: int | NDArray[np.int64]) -> Floats:
    """Return numbers above 0 and below 1 that follow from (seed, cell, number) alone.

    cells   (n,) numbers of cells; number  one or (n,), from 0

    Source: the finaliser of SplitMix64 (Steele et al. 2014), once per counter.
    """
    state = _mix(np.asarray(seed, np.uint64)[None])
    for counter in (cells, number):
        state = _mix(state ^ _mix(np.atleast_1d(np.asarray(counter)).astype(np.uint64)))
    return ((state >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normals(seed: int, cells: NDArray[np.integer], number: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return two independent standard normal numbers of (seed, cell, number). Source: Box and Muller (1958)."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, cells, 3 * number + 1)))
    angle = 2.0 * np.pi * uniform(seed, cells, 3 * number + 2)
    return radius * np.cos(angle), radius * np.sin(angle)


def poisson(mean: Floats, share: Floats) -> NDArray[np.int64]:
    """Return the numbers (n,) of Poisson distributions at their quantile `share` 0..1; above 100, of the normal ones.

    mean  (n,)   expected, >= 0
    """
    out = np.zeros(mean.shape, np.int64)
    few = mean <= 100
    term = np.exp(-np.where(few, mean, 0.0))
    below, k = term.copy(), 0
    while (on := few & (share > below) & (k < 250)).any():
        k += 1
        term = term * mean / k
        below = below + term
        out[on] = k
    if not few.all():
        from scipy.special import ndtri

        rough = np.rint(mean + np.sqrt(mean) * ndtri(share))
        out[~few] = np.maximum(rough[~few], 0).astype(np.int64)
    return out


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
