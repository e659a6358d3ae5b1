"""Rates of spread of every cell, compiled from the equations of the other rooms: the same functions, one loop.

Without the GIL and on one thread: a run calls it once per change of the weather, and members run side by side.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from twin.physics.compiling import kernel
from twin.physics.wildfire import beds, crown, ellipse, surface, wind
from twin.physics.wildfire.beds import ADJUSTMENT, COUNT, EXPONENT, RESIDENCE, SLOPE, WIND
from twin.physics.wildfire.compiling import sources
from twin.physics.wildfire.rates import ACTIVE, CROWNS, PASSIVE, SURFACE, Inputs, Options, Rates
from twin.physics.wildfire.surface import FT_MIN, KJ_M2, MPH

FOOT = 0.3048
CRUZ = CROWNS.index("cruz")

PARTS = ("surface.py", "beds.py", "wind.py", "ellipse.py", "crown.py")
"""Files whose functions are compiled into the kernel."""

for _module in (surface, beds, wind, ellipse, crown):
    for _function in vars(_module).values():
        if callable(_function) and getattr(_function, "__module__", "") == _module.__name__:
            register_jitable(_function)

Array = NDArray[np.float64]


@register_jitable(forceinline=True)
def burn(
    b: Any, flat: float, reaction: float, one: float, crowned: float,
    blow: tuple[float, float, float], slope: tuple[float, float], canopy: tuple[float, float, float, float],
    options: tuple[bool, bool, int, float],
) -> tuple[float, float, float, float, int]:  # fmt: skip
    """Return head m s-1, length to width 1, heading rad, heat kJ m-2 and kind of a cell that burns.

    b          (24,)         bed
    flat       ft min-1      rate without wind and slope
    reaction   Btu ft-2 min-1
    one        1             moisture of 1 h fuel
    crowned    m s-1         Rothermel's active crown fire; not looked at for Cruz's
    blow       m s-1, 1, 1   wind at 10 m, where to: east, north
    slope, canopy            as in `rates.Inputs`
    options    plane, wind limit, crown model, moisture of needles
    """
    speed, to_east, to_north = blow
    east, north = slope
    cover, height, base, density = canopy
    plane, limited, model, foliar = options
    cap = surface.greatest_factor(reaction)
    adjust = b[ADJUSTMENT]
    if cover > 0 and height > 0:
        ratio = min(1.0, max(0.0, 1.0 - base / height))
        fill = wind.crown_fill(cover, ratio)
        if fill >= wind.SHELTER_SHARE and height / FOOT >= wind.SHELTER_HEIGHT:
            adjust = wind.sheltered(fill, height / FOOT)
    open_20ft = wind.wind_20ft(speed) / FT_MIN
    midflame = open_20ft * adjust
    x, y, z = 0.0, 0.0, 0.0
    climb, along = 0.0, 1.0
    if plane:
        climb = to_east * east + to_north * north
        along = math.sqrt(1.0 + climb * climb)
    if midflame > 0:
        phi = surface.wind_factor(midflame * along, b[WIND], b[EXPONENT]) / along
        x, y, z = phi * to_east, phi * to_north, phi * climb
    rise2 = east * east + north * north
    if rise2 > 0:
        up = min(b[SLOPE] * rise2, cap) / math.sqrt(rise2)
        if plane:
            up /= math.sqrt(1.0 + rise2)
            z += up * rise2
        x, y = x + up * east, y + up * north
    factor = math.sqrt(x * x + y * y + z * z)
    heading, effective = 0.0, 0.0
    if factor > 0:
        heading = math.atan2(y, x)
        effective = surface.effective_wind(factor, b[WIND], b[EXPONENT])
        if limited and effective > cap:
            effective = cap
            factor = surface.wind_factor(cap, b[WIND], b[EXPONENT])
    head = flat * (1.0 + factor) * FT_MIN
    length = max(1.0, ellipse.length_to_width(effective / MPH))
    heat = reaction * b[RESIDENCE] * KJ_M2
    kind = SURFACE
    if (
        model > 0
        and density > 0
        and height > base
        and surface.fireline_intensity(heat, head) > crown.critical_intensity(base, foliar)
    ):
        limit = crown.active_limit(density)
        run, candidate = crowned, head
        if model == CRUZ:
            run = crown.cruz_rate(speed, density, one)
            candidate = crown.passive_rate(run, limit)
        share = min(1.0, run / limit)
        kind = PASSIVE
        if run > limit:
            candidate, share, kind = run, 1.0, ACTIVE
        heat += crown.crown_heat(crown.crown_load(density, height, base), share)
        if candidate > head:
            head = candidate
            if speed > 0:
                heading = math.atan2(to_north, to_east)
            length = max(length, ellipse.crown_length_to_width(open_20ft / MPH))
    return head, length, heading, heat, kind


@register_jitable(forceinline=True)
def settle(
    r: int, moisture: tuple[float, ...], blow: tuple[float, float, float], slope: tuple[float, float],
    canopy: tuple[float, float, float, float], fuel: tuple[Any, ...], even: bool, herbs: bool,
    options: tuple[bool, bool, int, float],
) -> tuple[float, float, float, float, int]:  # fmt: skip
    """Return head m s-1, eccentricity 1, heading rad, heat kJ m-2 and kind of a cell; zeros where nothing burns.

    r         row of the table of fuels
    moisture  1      of the five classes; blow, slope, canopy, options  as in `burn`
    fuel      burns, dynamic, loads, size, rest, table, ready, ten: see `run`
    even      whether moisture is the same everywhere; herbs  whether that of live herbs is not
    """
    burns, dynamic, loads, size, rest, table, ready, ten = fuel
    if not burns[r]:
        return 0.0, 0.0, 0.0, 0.0, 0
    m1, m10, m100, herb, woody = moisture
    b = table[r]
    if even:
        flat, reaction = ready[r, 0], ready[r, 1]
    else:
        if herbs and dynamic[r] > 0:
            cured = surface.cured_share(herb)
            w, s, k = loads[r], rest[r], size[r]
            made = beds.bed(
                (w[0], w[1], w[2], cured * w[4], (1.0 - cured) * w[4], w[5]),
                (s[0], s[1], s[2], s[3], s[4], s[5]),
                (k[0], k[1], k[2], k[3], k[4], k[5]),
                s[6], s[7], s[8],
            )  # fmt: skip
            b = np.empty(COUNT)
            for n in range(COUNT):
                b[n] = made[n]
        reaction = beds.reaction_intensity(b, m1, m10, m100, herb, woody)
        flat = beds.no_wind_rate(b, reaction, beds.heat_sink(b, m1, m10, m100, herb, woody))
    if not flat > 0:
        return 0.0, 0.0, 0.0, 0.0, 0
    crowned = 0.0
    if options[2] > CRUZ and canopy[3] > 0:
        strength = beds.reaction_intensity(ten, m1, m10, m100, herb, woody)
        calm = beds.no_wind_rate(ten, strength, beds.heat_sink(ten, m1, m10, m100, herb, woody))
        push = wind.wind_20ft(blow[0]) / FT_MIN * crown.OPEN_ADJUSTMENT
        crowned = crown.rothermel_rate(calm * (1.0 + surface.wind_factor(push, ten[WIND], ten[EXPONENT]))) * FT_MIN
    head, length, heading, heat, kind = burn(b, flat, reaction, m1, crowned, blow, slope, canopy, options)
    return head, ellipse.eccentricity(length), heading, heat, kind


@register_jitable(forceinline=True)
def alike(given: tuple[Array, ...], steps: NDArray[np.int64], i: int, j: int) -> bool:
    """Return whether cell (i, j) is given what its western neighbour is given; arguments as in `every_cell`."""
    for n in (8, 9, 5, 6, 7, 0, 1, 2, 3, 4, 10, 11, 12, 13):
        if steps[n] > 0 and given[n][i, j] != given[n][i, j - 1]:
            return False
    return True


def _build(key: str) -> Callable[..., None]:
    @kernel
    def every_cell(
        rows: NDArray[np.int16],
        fuel: tuple[Any, ...],
        given: tuple[Array, ...],
        steps: NDArray[np.int64],
        options: tuple[bool, bool, int, float],
        factor: float,
        out: tuple[Array, Array, Array, Array, NDArray[np.int8]],
    ) -> None:
        """Write the rates of all cells. A cell that is given what its western neighbour is given has its rates.

        rows     (ny, nx)    row of the table of fuels; fuel  as in `settle`
        given    moisture, wind, slope and canopy as in `rates.Inputs`, one after the other
        steps    (14,)       of each of these: 1 for an array (ny, nx), 0 where it is the same everywhere
        options  as in `burn`; factor  1  on every rate
        out      (ny, nx)    head, eccentricity, heading, heat, kind
        """
        if key == "":
            return
        head, eccentricity, heading, heat, kind = out
        even, herbs = steps[:5].sum() == 0, steps[3] > 0
        for i in range(rows.shape[0]):
            for j in range(rows.shape[1]):
                if j > 0 and rows[i, j] == rows[i, j - 1] and alike(given, steps, i, j):
                    head[i, j], eccentricity[i, j] = head[i, j - 1], eccentricity[i, j - 1]
                    heading[i, j], heat[i, j], kind[i, j] = heading[i, j - 1], heat[i, j - 1], kind[i, j - 1]
                    continue
                rate, long, way, warmth, sort = settle(
                    rows[i, j],
                    (
                        given[0][i * steps[0], j * steps[0]],
                        given[1][i * steps[1], j * steps[1]],
                        given[2][i * steps[2], j * steps[2]],
                        given[3][i * steps[3], j * steps[3]],
                        given[4][i * steps[4], j * steps[4]],
                    ),
                    (
                        given[5][i * steps[5], j * steps[5]],
                        given[6][i * steps[6], j * steps[6]],
                        given[7][i * steps[7], j * steps[7]],
                    ),
                    (given[8][i * steps[8], j * steps[8]], given[9][i * steps[9], j * steps[9]]),
                    (
                        given[10][i * steps[10], j * steps[10]],
                        given[11][i * steps[11], j * steps[11]],
                        given[12][i * steps[12], j * steps[12]],
                        given[13][i * steps[13], j * steps[13]],
                    ),
                    fuel,
                    even,
                    herbs,
                    options,
                )
                head[i, j], eccentricity[i, j], heading[i, j] = rate * factor, long, way
                heat[i, j], kind[i, j] = warmth, sort

    return every_cell


_every_cell = _build(sources(PARTS))


def run(given: Inputs, options: Options) -> Rates:
    """Return the rates of spread of all cells; see `rates.rates`."""
    table, shape = given.table, given.rows.shape
    first = [float(m[0, 0]) for m in given.moisture]
    made = beds.table(table, first[3])
    ready = np.zeros((len(made), 2))
    on = made[table.burns].T
    reaction = beds.reaction_intensity(on, *first)
    ready[table.burns, 0] = beds.no_wind_rate(on, reaction, beds.heat_sink(on, *first))
    ready[table.burns, 1] = reaction
    arrays = (*given.moisture, *given.wind, *given.slope, *given.canopy)
    steps = np.array([int(a.shape == shape) for a in arrays], np.int64)
    out = tuple(np.empty(shape, np.int8 if name == "kind" else np.float64) for name in Rates.__slots__)
    fuel = (
        table.burns, table.dynamic.astype(np.float64), table.loads, table.size,
        np.column_stack([table.savr, table.depth, table.extinction, table.heat]),
        made, ready, made[table.row[crown.CROWN_FUEL]],
    )  # fmt: skip
    choice = (options.slope == "plane", options.wind_limit, CROWNS.index(options.crown), options.foliar)
    _every_cell(given.rows, fuel, arrays, steps, choice, options.factor, out)
    return Rates(*out)
