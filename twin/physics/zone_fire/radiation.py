"""Radiation in a room: four grey surfaces, two grey layers of gas, the fire as a point; kernels, SI."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called
from twin.physics.zone_fire.constants import (
    CEILING,
    CO2,
    GROUND,
    HIGH_WALL,
    LOW_WALL,
    SIGMA,
    SOOT,
    SURFACES,
    WATER,
)

Array = NDArray[np.float64]

GREY = np.array(
    [
        [[0.4303, 0.5150, -2.303e-4, 0.9779e-7, -1.494e-11], [0.4201, 0.6508, -5.551e-4, 3.029e-7, -5.353e-11]],
        [[7.055, 0.07749, 3.399e-4, -2.297e-7, 3.770e-11], [6.516, -0.02504, 6.112e-4, -3.882e-7, 6.528e-11]],
        [[178.1, 0.1907, -1.824e-4, 0.5608e-7, -0.5122e-11], [131.9, 0.2718, -3.118e-4, 1.221e-7, -1.612e-11]],
    ]
)
"""Grey gases: (gas, water over CO2 of 1 and 2, [absorption 1/(atm m), weights of powers of T])."""

SOOT_ABSORPTION = 1232.0
"""m2 kg-1 over 1 + 4.8e-4 (T - 2000): Sazhin's (1994) fit for soot; unverified: recalled."""


@called
def emissivity(carbon_dioxide: float, water: float, soot: float, temperature: float, path: float) -> float:
    """Return the emissivity, 0 .. < 1, of gas and soot along a path.

    carbon_dioxide, water  atm     partial pressures
    soot                   kg m-3
    temperature            K
    path                   m

    Source: weighted sum of grey gases of Smith, Shen, Friedman (1982), doi:10.1115/1.3245174, straight between the
    ratios 1 and 2 of water to CO2 and constant beyond; soot as a further grey gas.
    """
    clear = 1.0
    pressure = carbon_dioxide + water
    if pressure > 0:
        ratio = water / carbon_dioxide if carbon_dioxide > 0 else 2.0
        second = min(max(ratio - 1.0, 0.0), 1.0)
        t = min(max(temperature, 300.0), 2400.0)
        emitted = 0.0
        for gas in range(3):
            for mix in range(2):
                k = GREY[gas, mix]
                weight = k[1] + t * (k[2] + t * (k[3] + t * k[4]))
                emitted += (second if mix else 1 - second) * weight * (1 - np.exp(-k[0] * pressure * path))
        clear -= min(max(emitted, 0.0), 1.0)
    if soot > 0:
        clear *= np.exp(-SOOT_ABSORPTION * max(0.1, 1 + 4.8e-4 * (temperature - 2000)) * soot * path)
    return float(min(1 - clear, 0.999))


@called
def layer_emissivity(species: Array, volume: float, temperature: float, pressure: float, path: float) -> float:
    """Return the emissivity of a layer along a path.

    species      (SPECIES,) kg
    volume       m3
    temperature  K
    pressure     Pa   absolute
    path         m

    Source: partial pressures of an ideal gas; `emissivity`.
    """
    if volume <= 0:
        return 0.0
    # Pa per kmol in this volume, in atm
    each = 8314.46 * temperature / volume / 101_325.0
    top = pressure / 101_325.0
    return emissivity(
        min(species[CO2] / 44.01 * each, top),
        min(species[WATER] / 18.015 * each, top),
        species[SOOT] / volume,
        temperature,
        path,
    )


@called
def facing(x: float, y: float, gap: float) -> float:
    """Return the view factor between two equal rectangles that face each other.

    x, y  m  their sides;  gap  m  between them

    Source: the analytic factor of aligned parallel rectangles (Hottel; Howell's catalogue C-11).
    """
    if gap <= 1e-6 * min(x, y):
        return 1.0
    a, b = x / gap, y / gap
    p, q = np.sqrt(1 + a * a), np.sqrt(1 + b * b)
    value = np.log(p * q / np.sqrt(1 + a * a + b * b))
    value += a * q * np.arctan(a / q) + b * p * np.arctan(b / p) - a * np.arctan(a) - b * np.arctan(b)
    return float(2 / (np.pi * a * b) * value)


@called
def sky(x: float, y: float, gap: float) -> float:
    """Return the share, 0 .. 0.5, of all directions from a point under which it sees a rectangle centred before it.

    x, y  m  sides of the rectangle;  gap  m  to it

    Source: solid angle of a rectangle, 4 atan(a b/(d sqrt(a^2 + b^2 + d^2))), a and b half sides.
    """
    if gap <= 0:
        return 0.5
    a, b = 0.5 * x, 0.5 * y
    return float(np.arctan(a * b / (gap * np.sqrt(a * a + b * b + gap * gap))) / np.pi)


@called
def view_factors(x: float, y: float, height: float, interface: float, factors: Array) -> None:
    """Put into `factors` (SURFACES, SURFACES) the view factors of ceiling, wall above, wall below, ground.

    x, y       m  sides of the floor;  height  m;  interface  m  between 0 and the height, neither

    Source: CFAST Technical Reference Guide, four-wall radiation: from facing rectangles, sums and reciprocity.
    """
    area, around = x * y, 2 * (x + y)
    high, low = around * (height - interface), around * interface
    through = facing(x, y, height)
    above, below = facing(x, y, height - interface), facing(x, y, interface)
    factors[:] = 0.0
    factors[CEILING, HIGH_WALL], factors[CEILING, LOW_WALL], factors[CEILING, GROUND] = (
        1 - above,
        above - through,
        through,
    )
    factors[GROUND, LOW_WALL], factors[GROUND, HIGH_WALL], factors[GROUND, CEILING] = (
        1 - below,
        below - through,
        through,
    )
    for wall, size in ((HIGH_WALL, high), (LOW_WALL, low)):
        factors[wall, CEILING] = factors[CEILING, wall] * area / size
        factors[wall, GROUND] = factors[GROUND, wall] * area / size
    factors[HIGH_WALL, HIGH_WALL] = max(0.0, 1 - 2 * factors[HIGH_WALL, CEILING])
    factors[LOW_WALL, LOW_WALL] = max(0.0, 1 - 2 * factors[LOW_WALL, GROUND])
    across = 1 - factors[HIGH_WALL, CEILING] - factors[HIGH_WALL, HIGH_WALL] - factors[HIGH_WALL, GROUND]
    factors[HIGH_WALL, LOW_WALL] = max(0.0, across)
    factors[LOW_WALL, HIGH_WALL] = factors[HIGH_WALL, LOW_WALL] * high / low


@called
def solve(matrix: Array, right: Array) -> None:
    """Put the solution of a small dense system into `right`; `matrix` (n, n) is used up, its pivots must not vanish."""
    n = len(right)
    for i in range(n):
        for j in range(i + 1, n):
            if matrix[j, i] != 0.0:
                factor = matrix[j, i] / matrix[i, i]
                for k in range(i + 1, n):
                    matrix[j, k] -= factor * matrix[i, k]
                right[j] -= factor * right[i]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            right[i] -= matrix[i, k] * right[k]
        right[i] /= matrix[i, i]


@called
def exchange(
    factors: Array,
    areas: Array,
    temperatures: Array,
    emissivities: Array,
    open_share: Array,
    gas: Array,
    glow: Array,
    t_outside: float,
    out: Array,
) -> float:
    """Return the W that leave through openings; put W m-2 falling on each surface and W into each layer into `out`.

    factors       (SURFACES, SURFACES)
    areas         (SURFACES,) m2
    temperatures  (SURFACES,) K
    emissivities  (SURFACES,) 1    0: adiabatic
    open_share    (SURFACES,) 1    part of a surface that is open to the outside
    gas           (6,)             lower, upper: K, K, emissivity along the mean path of each, lower, upper half paths
    glow          (SURFACES + 2,)  W of the fire that reach each surface, and that lower and upper layer take up
    t_outside     K
    out           (SURFACES + 2,)  falling on each surface W m-2; into lower and upper layer W

    Source: net radiation method (radiosity) for grey surfaces and two grey layers between them; CFAST Technical
    Reference Guide solves the same balance for net fluxes.
    """
    n = SURFACES
    low_glow, high_glow = SIGMA * gas[0] ** 4, SIGMA * gas[1] ** 4
    matrix, radiosity, falling = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    clear = np.zeros((n, n, 2))
    for i in range(n):
        for j in range(n):
            upper_i, upper_j = i <= HIGH_WALL, j <= HIGH_WALL
            if upper_i and upper_j:
                clear[i, j, 0], clear[i, j, 1] = 1.0, 1 - gas[3]
            elif upper_i or upper_j:
                top, bottom = (i, j) if upper_i else (j, i)
                clear[i, j, 0] = 1 - (gas[2] if bottom == GROUND else gas[4])
                clear[i, j, 1] = 1 - (gas[3] if top == CEILING else gas[5])
            else:
                clear[i, j, 0], clear[i, j, 1] = 1 - gas[2], 1.0
            lower, upper = clear[i, j, 0], clear[i, j, 1]
            if upper_i:
                made = (1 - upper) * high_glow + upper * (1 - lower) * low_glow
            else:
                made = (1 - lower) * low_glow + lower * (1 - upper) * high_glow
            falling[i] += factors[i, j] * made
        falling[i] += glow[i] / areas[i]
        solid = 1 - open_share[i]
        for j in range(n):
            matrix[i, j] = -solid * (1 - emissivities[i]) * factors[i, j] * clear[i, j, 0] * clear[i, j, 1]
        matrix[i, i] += 1.0
        radiosity[i] = solid * (emissivities[i] * SIGMA * temperatures[i] ** 4 + (1 - emissivities[i]) * falling[i])
        radiosity[i] += open_share[i] * SIGMA * t_outside**4
    solve(matrix, radiosity)
    out[:] = 0.0
    out[n], out[n + 1] = glow[n], glow[n + 1]
    lost = 0.0
    for i in range(n):
        out[i] = falling[i]
        for j in range(n):
            lower, upper = clear[i, j, 0], clear[i, j, 1]
            out[i] += factors[i, j] * lower * upper * radiosity[j]
            way = areas[i] * factors[i, j]
            # from j towards i: the layers take up what comes and send out what is theirs
            if i <= HIGH_WALL:
                made_low = (1 - lower) * low_glow
                out[n] += way * ((1 - lower) * radiosity[j] - made_low)
                out[n + 1] += way * (1 - upper) * (lower * radiosity[j] + made_low - high_glow)
            else:
                made_high = (1 - upper) * high_glow
                out[n + 1] += way * ((1 - upper) * radiosity[j] - made_high)
                out[n] += way * (1 - lower) * (upper * radiosity[j] + made_high - low_glow)
        lost += areas[i] * open_share[i] * (out[i] - SIGMA * t_outside**4)
    return lost


@called
def fire_glow(
    radiated: float, x: float, y: float, height: float, interface: float, at: float, gas: Array, glow: Array
) -> None:
    """Add to `glow` (SURFACES + 2,) where the radiation of a fire, seen as a point over the middle, goes, in W.

    radiated  W
    x, y      m   sides of the floor;  height  m;  interface  m
    at        m   height of the point over the floor
    gas       (6,) as in `exchange`

    Source: solid angles of ceiling, interface and floor; each way passes the layers along their mean paths.
    """
    at = min(max(at, 1e-3), height - 1e-3)
    to_ceiling, to_ground = sky(x, y, height - at), sky(x, y, at)
    between = sky(x, y, abs(interface - at))
    low, high = 1 - gas[2], 1 - gas[3]
    n = SURFACES
    if at < interface:
        ways = (to_ceiling, between - to_ceiling, 1 - between - to_ground, to_ground)
        clear_low = (low, low, 1 - gas[4], 1 - gas[4])
        clear_high = (high, 1 - gas[5], 1.0, 1.0)
    else:
        ways = (to_ceiling, 1 - between - to_ceiling, between - to_ground, to_ground)
        clear_low = (1.0, 1.0, 1 - gas[4], low)
        clear_high = (1 - gas[5], 1 - gas[5], high, high)
    for i in range(n):
        sent = radiated * max(ways[i], 0.0)
        if at < interface:
            glow[n] += sent * (1 - clear_low[i])
            glow[n + 1] += sent * clear_low[i] * (1 - clear_high[i])
        else:
            glow[n + 1] += sent * (1 - clear_high[i])
            glow[n] += sent * clear_high[i] * (1 - clear_low[i])
        glow[i] += sent * clear_low[i] * clear_high[i]
