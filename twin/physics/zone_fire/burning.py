"""What fires release, use and give off in a step, as far as oxygen and sprinklers let them; kernels, SI."""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Building, State, Work
from twin.physics.zone_fire.constants import (
    CP,
    F_AREA,
    F_HEAT_OF,
    F_HEIGHT,
    F_RADIATIVE,
    F_SHARE,
    FUEL,
    LOWER,
    OXYGEN,
    SPECIES,
    UPPER,
)
from twin.physics.zone_fire.layers import value_at
from twin.physics.zone_fire.openings import HEIGHT, INTERFACE, RHO_LOWER, RHO_UPPER, T_LOWER, T_UPPER
from twin.physics.zone_fire.plume import entrained, flame_length

REPEATS = 12
MOST_USED = 0.2
"""Share of the oxygen in the hot layer that a fire in it may use in one step."""
LEAST_OXYGEN = 0.15
"""1, mass fraction below which fuel goes out; CFAST Technical Reference Guide."""


@called
def burns(oxygen: float) -> float:
    """Return the share, 0 .. 1, of the oxygen in a gas that a flame can use.

    oxygen  1  mass fraction

    Source: CFAST Technical Reference Guide, C_LOL = (tanh(800 (Y - 0.15) - 4) + 1)/2.
    """
    return float((np.tanh(800 * (oxygen - LEAST_OXYGEN) - 4) + 1) / 2)


@called
def wanted(b: Building, s: State, fire: int, time: float) -> float:
    """Return the W a fire would release at a time in s, after what was set from outside and sprinklers.

    Source: Evans (1993) as in CFAST Technical Reference Guide: Q exp(-(t - t_act)/tau).
    """
    heat = value_at(b, len(b.vent_kind) + fire, time) * s.fire_share[fire]
    if s.fire_cap[fire, 2] > 0:
        heat = min(heat, s.fire_cap[fire, 0] * np.exp(-(time - s.fire_cap[fire, 1]) / s.fire_cap[fire, 2]))
    return float(heat)


@called
def burn(b: Building, s: State, w: Work, time: float, dt: float) -> tuple[float, float]:
    """Return kg s-1 of fuel given off, and of that what does not burn; put all sources into `w`.

    time  s  at which series are read;  dt  s

    Source: CFAST Technical Reference Guide, fires: the plume burns with the oxygen it draws in, first below the
    interface, what is left above it; oxygen is used as the fuel's formula has it (mass is kept). Fuel gas
    that does not burn comes at the temperature inside at the start; heats of combustion count that of what burns.
    """
    w.source_mass[:] = 0.0
    w.source_heat[:] = 0.0
    w.plume[:] = 0.0
    w.glow[:] = 0.0
    fuel, unburnt = 0.0, 0.0
    for f in range(len(b.fire_room)):
        i = b.fire_room[f]
        numbers, seen = b.fire_numbers[f], w.seen[i]
        want = wanted(b, s, f, time)
        w.heat[f] = 0.0
        if want <= 0:
            continue
        # without linings there is nothing to shine on: the plume keeps all heat
        chi = numbers[F_RADIATIVE] if b.stuff[i, :, 3].sum() > 0 else 0.0
        area, share = numbers[F_AREA], numbers[F_SHARE]
        per_oxygen = numbers[F_HEAT_OF] / max(-b.fire_made[f, OXYGEN], 1e-9)
        lower, upper = s.species[i, LOWER], s.species[i, UPPER]
        y_lower, y_upper = lower[OXYGEN] / lower.sum(), upper[OXYGEN] / upper.sum()
        below = seen[INTERFACE] - numbers[F_HEIGHT]
        if b.mixed[i]:
            below = 0.0
        first, drawn = want, 0.0
        for _ in range(REPEATS):  # a fire short of air draws less: as the cube root of its heat, so this ends soon
            drawn = entrained(first, (1 - chi) * first, area, below, seen[RHO_LOWER], seen[T_LOWER], share)
            first = min(want, drawn * y_lower * burns(y_lower) * per_oxygen)
        path = seen[HEIGHT] - numbers[F_HEIGHT]
        more = entrained(want, (1 - chi) * want, area, path, seen[RHO_UPPER], seen[T_UPPER], share)
        first = min(first, (lower[OXYGEN] + MOST_USED * upper[OXYGEN]) * per_oxygen / dt)
        second = min(want - first, max(0.0, more - drawn) * y_upper * burns(y_upper) * per_oxygen)
        second = max(0.0, min(second, MOST_USED * upper[OXYGEN] * per_oxygen / dt))
        heat = first + second
        convective = (1 - chi) * heat
        plume = entrained(heat, convective, area, below, seen[RHO_LOWER], seen[T_LOWER], share)
        if seen[T_UPPER] > seen[T_LOWER]:
            plume = min(plume, convective / (CP * (seen[T_UPPER] - seen[T_LOWER])))
            first = min(first, plume * y_lower * burns(y_lower) * per_oxygen)  # no more oxygen than comes along
            heat = first + second
            convective = (1 - chi) * heat
        w.heat[f] = heat
        w.plume[i] += plume
        burnt = heat / numbers[F_HEAT_OF]
        given = want / numbers[F_HEAT_OF]
        w.source_heat[i, UPPER] += convective + CP * (given - burnt) * b.outside[4]
        fuel += given
        unburnt += given - burnt
        for k in range(SPECIES):
            w.source_mass[i, UPPER, k] += burnt * b.fire_made[f, k]
        w.source_mass[i, UPPER, FUEL] += given - burnt
        flame = flame_length(heat, np.sqrt(4 * area / np.pi), seen[RHO_LOWER], seen[T_LOWER])
        w.glow[i, 0] += chi * heat
        w.glow[i, 1] += chi * heat * (numbers[F_HEIGHT] + flame / 3)
        w.glow[i, 2] += convective
    return fuel, unburnt
