"""Rates of spread in plain NumPy: what the kernels must give, cell by cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.wildfire import beds, crown, ellipse, surface, wind
from twin.physics.wildfire.rates import ACTIVE, PASSIVE, SURFACE, Inputs, Options, Rates
from twin.physics.wildfire.surface import FT_MIN, KJ_M2, MPH

FOOT = 0.3048


def run(given: Inputs, options: Options) -> Rates:
    """Return the rates of spread of all cells; see `rates.rates`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _run(given, options)


def _run(given: Inputs, options: Options) -> Rates:
    one, ten, hundred, herb, woody = given.moisture
    speed, to_east, to_north = given.wind
    cover, height, base, density = given.canopy
    burns = given.table.burns[given.rows]
    b = _beds(given, herb)
    reaction = beds.reaction_intensity(b, one, ten, hundred, herb, woody)
    flat = beds.no_wind_rate(b, reaction, beds.heat_sink(b, one, ten, hundred, herb, woody))
    burns = burns & (flat > 0)
    cap = surface.greatest_factor(reaction)

    ratio = np.where(height > 0, np.clip(1 - base / np.where(height > 0, height, 1), 0, 1), 0)
    open_20ft = wind.wind_20ft(speed) / FT_MIN
    midflame = open_20ft * wind.adjustment(b[beds.ADJUSTMENT], cover, height / FOOT, ratio)
    x, y, z = wind_and_slope(b, midflame, (to_east, to_north), given.slope, cap, plane=options.slope == "plane")
    factor = np.sqrt(x * x + y * y + z * z)
    effective = np.where(factor > 0, surface.effective_wind(factor, b[beds.WIND], b[beds.EXPONENT]), 0.0)
    if options.wind_limit:
        over = effective > cap
        effective = np.where(over, cap, effective)
        factor = np.where(over, surface.wind_factor(cap, b[beds.WIND], b[beds.EXPONENT]), factor)
    head = flat * (1 + factor) * FT_MIN
    heading = np.where(factor > 0, np.arctan2(y, x), 0.0)
    length = np.maximum(1.0, ellipse.length_to_width(effective / MPH))
    heat = reaction * b[beds.RESIDENCE] * KJ_M2
    kind = np.full(given.rows.shape, SURFACE)

    if options.crown != "none":
        reached = (density > 0) & (height > base) & burns
        reached &= surface.fireline_intensity(heat, head) > crown.critical_intensity(base, options.foliar)
        limit = crown.active_limit(np.where(density > 0, density, 1.0))
        if options.crown == "cruz":
            run = crown.cruz_rate(speed, density, one)
            single = crown.passive_rate(run, limit)
        else:
            run, single = _rothermel(given, herb, open_20ft), head
        active = run > limit
        candidate = np.where(active, run, single)
        faster = reached & (candidate > head)
        head = np.where(faster, candidate, head)
        heading = np.where(faster & (speed > 0), np.arctan2(to_north, to_east), heading)
        longer = np.maximum(length, ellipse.crown_length_to_width(open_20ft / MPH))
        length = np.where(faster, longer, length)
        share = np.where(active, 1.0, np.minimum(1.0, run / limit))
        heat = heat + np.where(reached, crown.crown_heat(crown.crown_load(density, height, base), share), 0.0)
        kind = np.where(reached, np.where(active, ACTIVE, PASSIVE), kind)

    return Rates(
        np.where(burns, head * options.factor, 0.0),
        np.where(burns, ellipse.eccentricity(length), 0.0),
        np.where(burns, heading, 0.0),
        np.where(burns, heat, 0.0),
        np.where(burns, kind, 0).astype(np.int8),
    )


def wind_and_slope(
    b: NDArray[np.float64],
    midflame: NDArray[np.float64],
    to: tuple[NDArray[np.float64], NDArray[np.float64]],
    slope: tuple[NDArray[np.float64], ...],
    cap: NDArray[np.float64],
    *,
    plane: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the factors of wind and slope added as vectors: parts to the east, to the north and up (1).

    b          (24, ny, nx)   beds
    midflame   ft min-1       wind at the flames, along the ground plan
    to, slope  1              direction of the wind; rise of the ground to the east and to the north
    cap        1              greatest slope factor
    plane      whether both lie on the slope instead of in plan
    """
    east, north = slope
    rise2 = east * east + north * north
    rise = np.sqrt(rise2)
    up = np.where(rise > 0, np.minimum(b[beds.SLOPE] * rise2, cap) / np.where(rise > 0, rise, 1), 0.0)
    climb = to[0] * east + to[1] * north if plane else np.zeros((1, 1))
    along = np.sqrt(1 + climb * climb)
    blow = surface.wind_factor(midflame * along, b[beds.WIND], b[beds.EXPONENT]) / along
    if plane:
        up = up / np.sqrt(1 + rise2)
    return blow * to[0] + up * east, blow * to[1] + up * north, blow * climb + (up * rise2 if plane else 0.0)


def _beds(given: Inputs, herb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (24, ny, nx) the bed of each cell; where nothing burns, one of another model."""
    table = given.table
    rows = np.where(table.burns[given.rows], given.rows, np.flatnonzero(table.burns)[0])
    cured = np.where(table.dynamic[rows], surface.cured_share(herb), 0.0)
    loads = np.moveaxis(table.loads[rows], -1, 0).copy()
    loads[3], loads[4] = cured * loads[4], (1 - cured) * loads[4]
    savr, size = np.moveaxis(table.savr[rows], -1, 0), np.moveaxis(table.size[rows], -1, 0)
    made = beds.bed(tuple(loads), tuple(savr), tuple(size), table.depth[rows], table.extinction[rows], table.heat[rows])
    return np.stack(np.broadcast_arrays(*made))


def _rothermel(given: Inputs, herb: NDArray[np.float64], open_20ft: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the active crown fire rate of Rothermel (1991), m s-1: fuel model 10 in the open, flat."""
    ten = Inputs(
        np.full(given.rows.shape, given.table.row[crown.CROWN_FUEL]),
        given.moisture, given.wind, given.slope, given.canopy, given.table,
    )  # fmt: skip
    b = _beds(ten, herb)
    flat = beds.no_wind_rate(b, beds.reaction_intensity(b, *given.moisture), beds.heat_sink(b, *given.moisture))
    blow = surface.wind_factor(open_20ft * crown.OPEN_ADJUSTMENT, b[beds.WIND], b[beds.EXPONENT])
    return np.asarray(crown.rothermel_rate(flat * (1 + blow)) * FT_MIN)
