"""What passes an opening; scalar kernels, SI. Pressures are over the outside air at the same height."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called
from twin.physics.zone_fire.constants import (
    AREA,
    BOTTOM,
    CP,
    CUT_FROM,
    CUT_TO,
    FROM_A_LOWER,
    FROM_B_LOWER,
    GRAVITY,
    HEIGHT_A,
    HEIGHT_B,
    HUGE,
    LOWER,
    RISES_A,
    SINKS_A,
    SQUARE,
    TOP,
    UPPER,
    WIDTH,
)

Array = NDArray[np.float64]

DISCHARGE = 0.7
"""1, of doors and windows; CFAST Technical Reference Guide."""
CEILING_DISCHARGE = 0.68
"""1, of ceiling vents (Cooper); CFAST Technical Reference Guide."""
SOFT = 1e-5
"""Pa; below it the flow is straight in the difference of pressure, so that it has a slope at 0."""
CEILING_SOFT = 1e-3
"""Pa, the same of ceiling vents, which may be as wide as a room; at 0.1 Pa they let 0.5 % less through."""
THIN = 1e-3
"""Share of a room's height under which a layer gives less of what a ceiling vent or a fan draws."""

# columns of a side: a room as an opening sees it
FLOOR, HEIGHT, PRESSURE, INTERFACE, RHO_LOWER, RHO_UPPER, T_LOWER, T_UPPER, ROOM, SIDE = range(10)


@called
def slab_flow(width: float, low: float, high: float, p_low: float, p_high: float, density: float) -> float:
    """Return kg s-1 through a slab over which the difference of pressure keeps its sign, >= 0.

    width         m
    low, high     m       heights of the slab's edges
    p_low, p_high Pa      magnitudes of the difference there, >= 0
    density       kg m-3  of the gas that comes

    Source: CFAST Technical Reference Guide, wall vents: integral of C sqrt(2 rho dP) over the height.
    """
    a, b = np.sqrt(p_low), np.sqrt(p_high)
    if a + b <= 0:
        return 0.0
    mean = 0.5 * (p_low + p_high)
    shape = (p_low + a * b + p_high) / (a + b) * np.sqrt(mean / (mean + SOFT))
    return float(2 / 3 * DISCHARGE * np.sqrt(2 * density) * width * (high - low) * shape)


@called
def pressure_at(side: Array, height: float, outside: float) -> float:
    """Return the pressure in Pa at a height in m, over the outside air there; `side` as in the columns above.

    outside  kg m-3  density of the air outside
    """
    if side[ROOM] == 0:
        return 0.0
    up = height - side[FLOOR]
    low = min(max(up, 0.0), side[INTERFACE])
    high = max(up - side[INTERFACE], 0.0)
    return float(side[PRESSURE] - GRAVITY * ((side[RHO_LOWER] - outside) * low + (side[RHO_UPPER] - outside) * high))


@called
def door_plume(passing: float, t_jet: float, t_around: float, rho_around: float, width: float, height: float) -> float:
    """Return kg s-1 that a flow draws along while it rises (or sinks) through a layer after an opening.

    passing     kg s-1  through the opening
    t_jet       K       of it
    t_around    K       of the layer it passes
    rho_around  kg m-3  of that layer
    width       m       of the opening
    height      m       of the way through the layer

    Source: Poreh, Marshall, Regev (2008) as in CFAST Technical Reference Guide, door plume.
    """
    if passing <= 0 or height <= 0 or t_jet == t_around:
        return 0.0
    heat = CP * abs(t_jet - t_around) * passing
    scale = (GRAVITY * rho_around**2 / (CP * t_around)) ** (1 / 3)
    return float(0.44 * (t_around / t_jet) ** (2 / 3) * scale * (heat * width**2) ** (1 / 3) * height)


@called
def share_to_upper(source: float, lower: float, upper: float) -> float:
    """Return the share, 0 .. 1, of a flow that joins the hot layer: it goes where its temperature belongs.

    source  K  of the flow;  lower, upper  K  of the layers it comes to

    Source: Cooper, Forney (CCFM.VENTS, NISTIR 90-4344): by temperature, straight between the layers.
    """
    return min(1.0, max(0.0, (source - lower) / max(upper - lower, 1.0)))


@called
def wall_vent(a: Array, b: Array, vent: Array, share: float, outside: float, out: Array) -> None:
    """Put into `out` what passes a door, window or crack, kg s-1 (columns FROM_A_LOWER .. SINKS_B).

    a, b     sides (SIDE,); of the outside ROOM is 0
    vent     (VENT_NUMBERS,)
    share    1   that is open
    outside  kg m-3
    """
    out[:] = 0.0
    width = vent[WIDTH] * share
    if width <= 0 or vent[TOP] <= vent[BOTTOM]:
        return
    bottom, top = vent[BOTTOM], vent[TOP]
    first = min(max(a[FLOOR] + a[INTERFACE], bottom), top) if a[ROOM] > 0 else bottom
    second = min(max(b[FLOOR] + b[INTERFACE], bottom), top) if b[ROOM] > 0 else bottom
    if first > second:
        first, second = second, first
    # of each side: lowest height at which its hot layer comes out, highest at which its cool layer does
    hot_a, hot_b, cold_a, cold_b = HUGE, HUGE, -HUGE, -HUGE
    low = bottom
    p_low = pressure_at(a, low, outside) - pressure_at(b, low, outside)
    for k in range(3):
        high = first if k == 0 else (second if k == 1 else top)
        if high <= low:
            continue
        p_high = pressure_at(a, high, outside) - pressure_at(b, high, outside)
        middle = high
        if p_low * p_high < 0:
            middle = low + (high - low) * p_low / (p_low - p_high)
        for part in range(2):
            z0, z1 = (low, middle) if part == 0 else (middle, high)
            if z1 <= z0:
                continue
            q0 = p_low if part == 0 else 0.0
            q1 = p_high if (part == 1 or middle == high) else 0.0
            from_a = q0 + q1 > 0
            side = a if from_a else b
            hot = side[ROOM] > 0 and 0.5 * (z0 + z1) > side[FLOOR] + side[INTERFACE]
            rho = side[RHO_UPPER] if hot else side[RHO_LOWER]
            flow = slab_flow(width, z0, z1, abs(q0), abs(q1), rho)
            out[(FROM_A_LOWER if from_a else FROM_B_LOWER) + (UPPER if hot else LOWER)] += flow
            if hot and from_a:
                hot_a = min(hot_a, z0)
            elif hot:
                hot_b = min(hot_b, z0)
            elif from_a:
                cold_a = max(cold_a, z1)
            else:
                cold_b = max(cold_b, z1)
        low, p_low = high, p_high
    for n in range(2):
        there, here = (b, a) if n == 0 else (a, b)
        if there[ROOM] == 0:
            continue
        level = there[FLOOR] + there[INTERFACE]
        start = FROM_A_LOWER if n == 0 else FROM_B_LOWER
        if here[ROOM] > 0 and here[T_UPPER] > there[T_LOWER]:
            drawn = door_plume(
                out[start + UPPER],
                here[T_UPPER],
                there[T_LOWER],
                there[RHO_LOWER],
                width,
                level - (hot_a if n == 0 else hot_b),
            )
            out[RISES_A + 1 - n] += drawn * share_to_upper(here[T_UPPER], there[T_LOWER], there[T_UPPER])
        if here[T_LOWER] < there[T_UPPER]:
            drawn = door_plume(
                out[start + LOWER],
                here[T_LOWER],
                there[T_UPPER],
                there[RHO_UPPER],
                width,
                (cold_a if n == 0 else cold_b) - level,
            )
            out[SINKS_A + 1 - n] += drawn * (1 - share_to_upper(here[T_LOWER], there[T_LOWER], there[T_UPPER]))


@called
def upper_share_of_draught(volume: float, depth: float, t_upper: float, t_lower: float) -> float:
    """Return the share, 0 .. 1, that a vent in the ceiling draws from the hot layer.

    volume            m3 s-1  drawn
    depth             m       of the hot layer
    t_upper, t_lower  K

    Source: CFAST Technical Reference Guide, ceiling vents: exp(-(Fr/2)^2).
    """
    if volume <= 0:
        return 1.0
    buoyant = GRAVITY * max(depth, 0.0) ** 5 * max(t_upper - t_lower, 0.0) / t_lower
    if buoyant <= 0:
        return 0.0
    return float(np.exp(-(volume**2 / buoyant) / 4))


@called
def flooding(area: float, square: bool, heavier: float) -> float:
    """Return the difference of pressure in Pa above which a ceiling vent has flow in one direction only.

    area     m2
    square   its shape; else round
    heavier  kg m-3  by how much the gas above is denser, > 0

    Source: Cooper (1989) as in CFAST Technical Reference Guide.
    """
    across = 2 * np.sqrt(area / np.pi)
    shape = 0.942 if square else 0.754
    return float(shape**2 * GRAVITY * heavier * across**5 / (2 * area**2))


@called
def exchange(area: float, heavier: float, mean: float, over: float, flood: float) -> float:
    """Return m3 s-1 that pass a ceiling vent each way when dense gas lies over light gas.

    area     m2
    heavier  kg m-3  difference of density;  mean  kg m-3  of both
    over     Pa      magnitude of the difference of pressure;  flood  Pa  from `flooding`

    Source: Epstein, Cooper as in CFAST Technical Reference Guide.
    """
    if heavier <= 0 or over >= flood:
        return 0.0
    return float(0.10 * np.sqrt(GRAVITY * heavier * area**2.5 / mean) * (1 - over / flood))


@called
def ceiling_vent(a: Array, b: Array, vent: Array, share: float, outside: float, out: Array) -> None:
    """Put into `out` what passes a hatch from the lower side `a` to the upper side `b`; arguments as `wall_vent`."""
    out[:] = 0.0
    area = vent[AREA] * share
    if area <= 0:
        return
    over = pressure_at(a, vent[HEIGHT_A], outside) - pressure_at(b, vent[HEIGHT_B], outside)
    depth_a = a[HEIGHT] - a[INTERFACE]
    rho_below = a[RHO_UPPER] if a[ROOM] > 0 else a[RHO_LOWER]
    rho_above = b[RHO_LOWER]
    volume = CEILING_DISCHARGE * area * np.sqrt(2 / (rho_below if over > 0 else rho_above))
    volume *= abs(over) / np.sqrt(abs(over) + CEILING_SOFT)
    heavier = rho_above - rho_below
    both = 0.0
    if heavier > 0:
        flood = flooding(area, vent[SQUARE] > 0, heavier)
        both = exchange(area, heavier, 0.5 * (rho_above + rho_below), abs(over), flood)
    up = both + (volume if over > 0 else 0.0)
    down = both + (0.0 if over > 0 else volume)
    if a[ROOM] > 0:
        hot = upper_share_of_draught(up, depth_a, a[T_UPPER], a[T_LOWER])
        hot = 1 - (1 - hot) * min(1.0, a[INTERFACE] / (THIN * a[HEIGHT]))
        out[FROM_A_LOWER + UPPER] = up * hot * a[RHO_UPPER]
        out[FROM_A_LOWER] = up * (1 - hot) * a[RHO_LOWER]
    else:
        out[FROM_A_LOWER] = up * a[RHO_LOWER]
    cool = min(1.0, b[INTERFACE] / (THIN * b[HEIGHT])) if b[ROOM] > 0 else 1.0
    out[FROM_B_LOWER] = down * cool * b[RHO_LOWER]
    out[FROM_B_LOWER + UPPER] = down * (1 - cool) * b[RHO_UPPER]


@called
def fan(a: Array, b: Array, vent: Array, share: float, outside: float, out: Array) -> None:
    """Put into `out` what a fan moves from `a` to `b`; AREA holds its flow in m3 s-1; arguments as `wall_vent`."""
    out[:] = 0.0
    rise = pressure_at(b, vent[HEIGHT_B], outside) - pressure_at(a, vent[HEIGHT_A], outside)
    weak = min(1.0, max(0.0, (vent[CUT_TO] - rise) / (vent[CUT_TO] - vent[CUT_FROM])))
    volume = vent[AREA] * share * weak
    hot = 0.0
    if a[ROOM] > 0:
        # across the interface by a belt of 2 THIN of the height, so that the share has a slope
        hot = min(1.0, max(0.0, 0.5 + (vent[HEIGHT_A] - a[FLOOR] - a[INTERFACE]) / (2 * THIN * a[HEIGHT])))
    out[FROM_A_LOWER + UPPER] = volume * hot * a[RHO_UPPER]
    out[FROM_A_LOWER] = volume * (1 - hot) * a[RHO_LOWER]
