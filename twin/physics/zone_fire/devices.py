"""Detectors and sprinklers in a step; kernels, SI."""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Array, Building, State
from twin.physics.zone_fire.constants import F_AREA, F_HEIGHT, F_RADIATIVE, SOOT, UPPER
from twin.physics.zone_fire.openings import RHO_LOWER, T_LOWER, T_UPPER
from twin.physics.zone_fire.people import optical_density
from twin.physics.zone_fire.plume import jet

HEAT, SMOKE, SPRINKLER = 0, 1, 2
LEAST_SPEED = 0.1
"""m s-1, past a link in a room without fire."""


@called
def link_after(link: float, gas: float, speed: float, rti: float, dt: float) -> float:
    """Return the temperature in K of a link after `dt` s.

    link   K        before;  gas  K  around it
    speed  m s-1    of that gas
    rti    (m s)^0.5

    Source: Heskestad, Bill (1988): dT/dt = sqrt(v)/RTI (T_g - T), exact over a step of constant gas.
    """
    return float(gas + (link - gas) * np.exp(-np.sqrt(speed) / rti * dt))


@called
def sense(b: Building, s: State, seen: Array, dt: float) -> None:
    """Move links on by `dt` s; note at what time devices went off (s), and let sprinklers take hold of their fires.

    seen  (R + 1, SIDE) at the start of the step; `s.clock` still stands there

    Source: CFAST Technical Reference Guide, detectors and sprinklers.
    """
    for d in range(len(b.device_room)):
        if np.isfinite(s.activated[d]):
            continue
        i, numbers = b.device_room[d], b.device_numbers[d]
        share = 0.0
        if b.device_kind[d] == SMOKE:
            volume = s.upper_volume[i]
            thickness = optical_density(s.species[i, UPPER, SOOT] / volume)
            share = 1.0 if 100 * (1 - 10 ** (-thickness)) >= numbers[0] else 0.0
        else:
            gas, speed = seen[i, T_UPPER], LEAST_SPEED
            for f in range(len(b.fire_room)):
                if b.fire_room[f] != i or s.heat[f] <= 0:
                    continue
                fire = b.fire_numbers[f]
                convective = (1 - fire[F_RADIATIVE]) * s.heat[f]
                height = b.height[i] - fire[F_HEIGHT]
                rise, fast = jet(
                    s.heat[f], convective, fire[F_AREA], height, numbers[2], seen[i, RHO_LOWER], seen[i, T_LOWER]
                )
                gas, speed = max(gas, seen[i, T_LOWER] + rise), max(speed, fast)
            before = s.link[d]
            s.link[d] = link_after(before, gas, speed, numbers[1], dt)
            if s.link[d] >= numbers[0]:
                share = 1.0 if s.link[d] <= before else (numbers[0] - before) / (s.link[d] - before)
                share = min(1.0, max(1e-12, share))
        if share <= 0:
            continue
        s.activated[d] = s.clock[0] + share * dt
        if b.device_kind[d] != SPRINKLER:
            continue
        for f in range(len(b.fire_room)):
            if b.fire_room[f] == i and s.fire_cap[f, 2] <= 0 and s.heat[f] > 0:
                s.fire_cap[f, 0], s.fire_cap[f, 1], s.fire_cap[f, 2] = s.heat[f], s.activated[d], numbers[3]
