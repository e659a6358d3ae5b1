"""Rates of spread of every cell, compiled from the equations of the other rooms: the same functions, one loop.

Without the GIL and on one thread: a run calls it once per change of the weather, and members run side by side.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from twin.physics.wildfire import beds, crown, ellipse, surface, wind
from twin.physics.wildfire.beds import ADJUSTMENT, COUNT, EXPONENT, RESIDENCE, SLOPE, WIND
from twin.physics.wildfire.compiling import kernel
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


@register_jitable
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


def sources() -> str:
    """Return a hash of the files of `PARTS`: as key of the kernel it has it compiled anew when one of them changes."""
    total = hashlib.sha256()
    for name in PARTS:
        total.update((Path(__file__).parent / name).read_bytes())
    return total.hexdigest()


def _build(key: str) -> Callable[..., None]:
    @kernel
    def every_cell(
        rows: NDArray[np.int16],
        burns: NDArray[np.bool_],
        table: Array,
        fuel: tuple[Array, Array, NDArray[np.int64], Array],
        ten: Array,
        ready: Array,
        moisture: tuple[Array, ...],
        blow: tuple[Array, ...],
        slope: tuple[Array, ...],
        canopy: tuple[Array, ...],
        steps: NDArray[np.int64],
        options: tuple[bool, bool, int, float],
        factor: float,
        out: tuple[Array, Array, Array, Array, NDArray[np.int8]],
    ) -> None:
        """Write the rates of all cells.

        rows     (ny, nx)   row of the table; burns  (n,)  whether a model has fuel
        table    (n, 24)    beds at the moisture of herbs of cell (0, 0)
        fuel     dynamic, loads lb ft-2, size, savr with depth, extinction and heat: see `run`
        ten      (24,)      bed of fuel model 10, for Rothermel's crown fire
        ready    (n, 2)     rate ft min-1 and reaction intensity where moisture is the same everywhere
        moisture, blow, slope, canopy   as in `rates.Inputs`
        steps    (14,)      of each of these: 1 for an array (ny, nx), 0 where it is the same everywhere
        options  as in `burn`; factor  1  on every rate
        out      (ny, nx)   head, eccentricity, heading, heat, kind
        """
        if key == "":
            return
        dynamic, loads, size, rest = fuel
        head, eccentricity, heading, heat, kind = out
        even = steps[:5].sum() == 0
        herbs = steps[3] > 0
        row = np.empty(COUNT)
        for i in range(rows.shape[0]):
            for j in range(rows.shape[1]):
                r = rows[i, j]
                head[i, j], eccentricity[i, j], heading[i, j], heat[i, j], kind[i, j] = 0.0, 0.0, 0.0, 0.0, 0
                if not burns[r]:
                    continue
                m1 = moisture[0][i * steps[0], j * steps[0]]
                m10 = moisture[1][i * steps[1], j * steps[1]]
                m100 = moisture[2][i * steps[2], j * steps[2]]
                herb = moisture[3][i * steps[3], j * steps[3]]
                woody = moisture[4][i * steps[4], j * steps[4]]
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
                        for n in range(COUNT):
                            row[n] = made[n]
                        b = row
                    reaction = beds.reaction_intensity(b, m1, m10, m100, herb, woody)
                    flat = beds.no_wind_rate(b, reaction, beds.heat_sink(b, m1, m10, m100, herb, woody))
                if not flat > 0:
                    continue
                speed = blow[0][i * steps[5], j * steps[5]]
                density = canopy[3][i * steps[13], j * steps[13]]
                crowned = 0.0
                if options[2] > CRUZ and density > 0:
                    strength = beds.reaction_intensity(ten, m1, m10, m100, herb, woody)
                    calm = beds.no_wind_rate(ten, strength, beds.heat_sink(ten, m1, m10, m100, herb, woody))
                    push = wind.wind_20ft(speed) / FT_MIN * crown.OPEN_ADJUSTMENT
                    blown = calm * (1.0 + surface.wind_factor(push, ten[WIND], ten[EXPONENT]))
                    crowned = crown.rothermel_rate(blown) * FT_MIN
                rate, length, way, warmth, sort = burn(
                    b, flat, reaction, m1, crowned,
                    (speed, blow[1][i * steps[6], j * steps[6]], blow[2][i * steps[7], j * steps[7]]),
                    (slope[0][i * steps[8], j * steps[8]], slope[1][i * steps[9], j * steps[9]]),
                    (
                        canopy[0][i * steps[10], j * steps[10]],
                        canopy[1][i * steps[11], j * steps[11]],
                        canopy[2][i * steps[12], j * steps[12]],
                        density,
                    ),
                    options,
                )  # fmt: skip
                head[i, j], heading[i, j], heat[i, j], kind[i, j] = rate * factor, way, warmth, sort
                eccentricity[i, j] = ellipse.eccentricity(length)

    return every_cell


_every_cell = _build(sources())


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
    _every_cell(
        given.rows,
        table.burns,
        made,
        (
            table.dynamic.astype(np.float64),
            table.loads,
            table.size,
            np.column_stack([table.savr, table.depth, table.extinction, table.heat]),
        ),
        made[table.row[crown.CROWN_FUEL]],
        ready,
        given.moisture,
        given.wind,
        given.slope,
        given.canopy,
        steps,
        (options.slope == "plane", options.wind_limit, CROWNS.index(options.crown), options.foliar),
        options.factor,
        out,
    )
    return Rates(*out)
