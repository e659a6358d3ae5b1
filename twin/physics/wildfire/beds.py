"""A fuel bed, worked out as far as it goes before moisture of dead fuel, wind and slope are known.

What moisture does to a bed is linear but for the damping, so that a bed is 21 coefficients: one table for all
models where herbs are equally moist everywhere, and one bed per cell where they are not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.wildfire import surface, wind
from twin.physics.wildfire.fuels import SIZES, Fuels
from twin.physics.wildfire.surface import Value

(
    DEAD_1H, DEAD_10H, DEAD_100H,
    FINE_1H, FINE_10H, FINE_100H,
    LIVE_HERB, LIVE_WOODY,
    EXTINCTION, DEAD_TO_LIVE,
    REACTION_DEAD, REACTION_LIVE,
    SINK_DRY, SINK_1H, SINK_10H, SINK_100H, SINK_HERB, SINK_WOODY,
    FLUX, WIND, EXPONENT, SLOPE, RESIDENCE, ADJUSTMENT,
) = range(24)  # fmt: skip
"""Places in a bed: weights of the moistures in that of dead, fine dead and live fuel; moisture of extinction, W;
Btu ft-2 min-1 of undamped dead and live fuel; Btu ft-3 of the heat sink per moisture; flux ratio, C rr^-E, B, slope
coefficient, residence time in min, unsheltered wind adjustment factor."""

COUNT = 24


def bed(
    loads: tuple[Value, ...],
    savr: tuple[Value, ...],
    size: tuple[Value, ...],
    depth: Value,
    extinction: Value,
    heat: Value,
) -> tuple[Value, ...]:
    """Return the coefficients of a bed, in the order of the names above.

    loads, savr, size   lb ft-2, ft-1, place in `SIZES` of 1 h, 10 h, 100 h, cured herb, live herb, live woody fuel;
                        the loads as curing has left them, some of them above 0
    depth               ft
    extinction          1   moisture of extinction of dead fuel
    heat                Btu lb-1

    Source: RMRS-GTR-371, tables 5 and 6.
    """
    a0, a1 = surface.surface_area(loads[0], savr[0]), surface.surface_area(loads[1], savr[1])
    a2, a3 = surface.surface_area(loads[2], savr[2]), surface.surface_area(loads[3], savr[3])
    a4, a5 = surface.surface_area(loads[4], savr[4]), surface.surface_area(loads[5], savr[5])
    dead, live = a0 + a1 + a2 + a3, a4 + a5
    to_dead, to_live = 1.0 / np.maximum(dead, TINY), 1.0 / np.maximum(live, TINY)
    f0, f1, f2, f3, f4, f5 = a0 * to_dead, a1 * to_dead, a2 * to_dead, a3 * to_dead, a4 * to_live, a5 * to_live
    share_dead = dead / (dead + live)
    share_live = 1.0 - share_dead
    w_dead, w_live = 0.0 * f0, 0.0 * f4
    for limit in range(len(SIZES)):
        # classes of one size share their weights, so that a model does not depend on how its fuel was divided
        k0, k1, k2, k3 = size[0] == limit, size[1] == limit, size[2] == limit, size[3] == limit
        k4, k5 = size[4] == limit, size[5] == limit
        w_dead = w_dead + (k0 * f0 + k1 * f1 + k2 * f2 + k3 * f3) * (
            k0 * loads[0] + k1 * loads[1] + k2 * loads[2] + k3 * loads[3]
        )
        w_live = w_live + (k4 * f4 + k5 * f5) * (k4 * loads[4] + k5 * loads[5])
    h0, h1, h2 = surface.heating_number(savr[0]), surface.heating_number(savr[1]), surface.heating_number(savr[2])
    h3, h4, h5 = surface.heating_number(savr[3]), surface.heating_number(savr[4]), surface.heating_number(savr[5])
    fine = loads[0] * h0 + loads[1] * h1 + loads[2] * h2 + loads[3] * h3
    green = loads[4] * surface.live_heating_number(savr[4]) + loads[5] * surface.live_heating_number(savr[5])
    to_fine = 1.0 / np.maximum(fine, TINY)
    sigma = share_dead * (f0 * savr[0] + f1 * savr[1] + f2 * savr[2] + f3 * savr[3]) + share_live * (
        f4 * savr[4] + f5 * savr[5]
    )
    density = (loads[0] + loads[1] + loads[2] + loads[3] + loads[4] + loads[5]) / depth
    packing = density / surface.PARTICLE_DENSITY
    relative = packing / surface.optimum_packing(sigma)
    strength = surface.reaction_velocity(sigma, relative) * heat * MINERAL_DAMPING
    on_dead, on_live = density * share_dead, density * share_live
    dry, wet = surface.preignition_heat(0.0), surface.preignition_heat(1.0) - surface.preignition_heat(0.0)
    return (
        f0 + f3,
        f1,
        f2,
        (loads[0] * h0 + loads[3] * h3) * to_fine,
        loads[1] * h1 * to_fine,
        loads[2] * h2 * to_fine,
        f4,
        f5,
        extinction,
        (green > TINY) * fine / np.maximum(green, TINY),
        strength * surface.net_load(w_dead),
        strength * surface.net_load(w_live),
        dry * (on_dead * (f0 * h0 + f1 * h1 + f2 * h2 + f3 * h3) + on_live * (f4 * h4 + f5 * h5)),
        wet * on_dead * (f0 * h0 + f3 * h3),
        wet * on_dead * f1 * h1,
        wet * on_dead * f2 * h2,
        wet * on_live * f4 * h4,
        wet * on_live * f5 * h5,
        surface.flux_ratio(sigma, packing),
        surface.wind_coefficient(sigma, relative),
        surface.wind_exponent(sigma),
        surface.slope_coefficient(packing),
        surface.residence_time(sigma),
        wind.unsheltered(depth),
    )


TINY = 1e-12
"""Loads (lb ft-2) and areas below are none."""
MINERAL_DAMPING = surface.mineral_damping()


def reaction_intensity(b: Value, one: Value, ten: Value, hundred: Value, herb: Value, woody: Value) -> Value:
    """Return the reaction intensity of a bed `b`, Btu ft-2 min-1; the moistures 1, water by dry mass."""
    dead = b[DEAD_1H] * one + b[DEAD_10H] * ten + b[DEAD_100H] * hundred
    fine = b[FINE_1H] * one + b[FINE_10H] * ten + b[FINE_100H] * hundred
    live = b[LIVE_HERB] * herb + b[LIVE_WOODY] * woody
    limit = surface.live_extinction(b[EXTINCTION], b[DEAD_TO_LIVE], fine)
    return b[REACTION_DEAD] * surface.moisture_damping(dead, b[EXTINCTION]) + b[
        REACTION_LIVE
    ] * surface.moisture_damping(live, limit)


def heat_sink(b: Value, one: Value, ten: Value, hundred: Value, herb: Value, woody: Value) -> Value:
    """Return the heat that ignites a bed `b`, Btu ft-3; the moistures 1, water by dry mass."""
    return (
        b[SINK_DRY]
        + b[SINK_1H] * one
        + b[SINK_10H] * ten
        + b[SINK_100H] * hundred
        + b[SINK_HERB] * herb
        + b[SINK_WOODY] * woody
    )


def no_wind_rate(b: Value, reaction: Value, sink: Value) -> Value:
    """Return the rate of spread of a bed `b` on flat ground without wind, ft min-1.

    reaction  Btu ft-2 min-1   reaction intensity
    sink      Btu ft-3         heat sink
    """
    return reaction * b[FLUX] / sink


def table(fuels: Fuels, herb: float) -> NDArray[np.float64]:
    """Return (n, 24) the beds of all models where the moisture of live herbs is `herb` (1); 0 where nothing burns."""
    cured = np.where(fuels.dynamic, surface.cured_share(herb), 0.0)
    loads = fuels.loads.copy()
    loads[:, 3], loads[:, 4] = cured * loads[:, 4], (1 - cured) * loads[:, 4]
    out = np.zeros((len(fuels.number), COUNT))
    on = fuels.burns
    made = bed(
        tuple(loads[on].T), tuple(fuels.savr[on].T), tuple(fuels.size[on].T),
        fuels.depth[on], fuels.extinction[on], fuels.heat[on],
    )  # fmt: skip
    out[on] = np.stack(np.broadcast_arrays(*made), axis=1)
    return out
