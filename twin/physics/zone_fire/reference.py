"""The right-hand side of the zone model in plain NumPy, written apart from the kernels, which the tests hold to it."""

from __future__ import annotations

import numpy as np

from twin.physics.zone_fire.arrays import Array, Building
from twin.physics.zone_fire.constants import (
    AREA,
    BOTTOM,
    CELLS,
    CP,
    GRAVITY,
    HEIGHT_A,
    HEIGHT_B,
    SIGMA,
    SQUARE,
    TOP,
    WIDTH,
)
from twin.physics.zone_fire.openings import (
    CEILING_DISCHARGE,
    CEILING_SOFT,
    DISCHARGE,
    FLOOR,
    HEIGHT,
    INTERFACE,
    PRESSURE,
    RHO_LOWER,
    RHO_UPPER,
    ROOM,
    SOFT,
    T_LOWER,
    T_UPPER,
    THIN,
)


def over_outside(side: Array, heights: Array, outside: float) -> Array:
    """Return pressures in Pa over the outside air at heights in m.

    side     (SIDE,) as `openings` has it;  heights  (n,) m;  outside  kg m-3

    Source: hydrostatics, layer by layer.
    """
    if side[ROOM] == 0:
        return np.zeros(len(heights))
    up = np.maximum(heights - side[FLOOR], 0)
    weight = np.where(
        up < side[INTERFACE],
        (side[RHO_LOWER] - outside) * up,
        (side[RHO_LOWER] - outside) * side[INTERFACE] + (side[RHO_UPPER] - outside) * (up - side[INTERFACE]),
    )
    return np.asarray(side[PRESSURE] - GRAVITY * weight, np.float64)


def wall_flows(a: Array, b: Array, numbers: Array, share: float, outside: float) -> tuple[Array, Array]:
    """Return (2, 2) kg s-1 out of side and layer, and (2, 2) m: where hot comes out lowest, cool highest, of each side.

    a, b, numbers, share, outside  as `openings.wall_vent`

    Source: CFAST Technical Reference Guide, wall vents, by slabs between sill, soffit, interfaces, neutral planes.
    """
    edges = [numbers[BOTTOM], numbers[TOP], *(s[FLOOR] + s[INTERFACE] for s in (a, b) if s[ROOM] > 0)]
    cuts = np.unique(np.clip(edges, numbers[BOTTOM], numbers[TOP]))
    drop = over_outside(a, cuts, outside) - over_outside(b, cuts, outside)
    turn = np.flatnonzero(drop[:-1] * drop[1:] < 0)
    neutral = cuts[turn] + np.diff(cuts)[turn] * drop[turn] / (drop[turn] - drop[turn + 1])
    z = np.unique(np.concatenate([cuts, neutral]))
    at = np.interp(z, cuts, drop)
    at[np.isin(z, neutral)] = 0.0
    low, high, middle = np.abs(at[:-1]), np.abs(at[1:]), (z[:-1] + z[1:]) / 2
    first = at[:-1] + at[1:] > 0
    roots = np.sqrt(low) + np.sqrt(high)
    shape = np.divide(low + np.sqrt(low * high) + high, roots, out=np.zeros_like(roots), where=roots > 0)
    mean = (low + high) / 2
    flows, ends = np.zeros((2, 2)), np.array([[np.inf, -np.inf], [np.inf, -np.inf]])
    for n, side in enumerate((a, b)):
        mine = first if n == 0 else ~first
        hot = (middle > side[FLOOR] + side[INTERFACE]) & (side[ROOM] > 0)
        for layer, of in ((0, mine & ~hot), (1, mine & hot)):
            root = np.sqrt(2 * side[RHO_LOWER + layer])
            flow = (
                2 / 3 * DISCHARGE * root * numbers[WIDTH] * share * np.diff(z) * shape * np.sqrt(mean / (mean + SOFT))
            )
            flows[n, layer] = flow[of].sum()
            if of.any():
                ends[n, 1 - layer] = z[:-1][of].min() if layer else z[1:][of].max()
    return flows, ends


def drawn_along(a: Array, b: Array, flows: Array, ends: Array, width: float) -> Array:
    """Return (2, 2) kg s-1 drawn from cool to hot and from hot to cool in the rooms on both sides.

    flows, ends  from `wall_flows`;  width  m, open

    Source: Poreh, Marshall, Regev (2008), 0.44 (T2/T1)^(2/3) (g rho2^2/(cp T2))^(1/3) (cp dT m)^(1/3) w^(2/3) z.
    """
    moved = np.zeros((2, 2))
    for n, (here, there) in enumerate(((a, b), (b, a))):
        if there[ROOM] == 0:
            continue
        level = there[FLOOR] + there[INTERFACE]
        for layer, way in ((1, level - ends[n, 0]), (0, ends[n, 1] - level)):
            jet, around = here[T_LOWER + layer], there[T_LOWER + 1 - layer]
            apart = jet - around if layer else around - jet
            if (layer == 1 and here[ROOM] == 0) or apart <= 0 or way <= 0 or flows[n, layer] <= 0:
                continue
            scale = np.cbrt(GRAVITY * there[RHO_LOWER + 1 - layer] ** 2 / (CP * around))
            heat = np.cbrt(CP * apart * flows[n, layer]) * np.cbrt(width) ** 2
            joins = np.clip((jet - there[T_LOWER]) / max(there[T_UPPER] - there[T_LOWER], 1.0), 0, 1)
            moved[1 - n, 1 - layer] += (
                0.44 * np.cbrt(around / jet) ** 2 * scale * heat * way * (joins if layer else 1 - joins)
            )
    return moved


def ceiling_flows(a: Array, b: Array, numbers: Array, share: float, outside: float) -> Array:
    """Return (2, 2) kg s-1 out of side and layer of a ceiling vent; arguments as `openings.ceiling_vent`.

    Source: Cooper as in CFAST Technical Reference Guide, ceiling vents.
    """
    area = numbers[AREA] * share
    over = float(over_outside(a, numbers[HEIGHT_A : HEIGHT_A + 1], outside)[0])
    over -= float(over_outside(b, numbers[HEIGHT_B : HEIGHT_B + 1], outside)[0])
    below, above = a[RHO_UPPER if a[ROOM] > 0 else RHO_LOWER], b[RHO_LOWER]
    driven = CEILING_DISCHARGE * area * np.sqrt(2 * abs(over) / (below if over > 0 else above))
    driven *= np.sqrt(abs(over) / (abs(over) + CEILING_SOFT))
    both = 0.0
    if above > below and area > 0:
        across = 2 * np.sqrt(area / np.pi)
        flood = (0.942 if numbers[SQUARE] else 0.754) ** 2 * GRAVITY * (above - below) * across**5 / (2 * area**2)
        strength = np.sqrt(GRAVITY * (above - below) * area**2.5 / ((above + below) / 2))
        both = 0.10 * strength * max(0.0, 1 - abs(over) / flood)
    up, down = both + (driven if over > 0 else 0), both + (driven if over <= 0 else 0)
    out = np.zeros((2, 2))
    out[0] = up * a[RHO_LOWER], 0
    if a[ROOM] > 0:
        buoyant = GRAVITY * (a[HEIGHT] - a[INTERFACE]) ** 5 * max(a[T_UPPER] - a[T_LOWER], 0) / a[T_LOWER]
        hot = np.exp(-(up**2) / buoyant / 4) if buoyant > 0 else float(up <= 0)
        cool = (1 - hot) * min(1, a[INTERFACE] / (THIN * a[HEIGHT]))
        out[0] = up * cool * a[RHO_LOWER], up * (1 - cool) * a[RHO_UPPER]
    cool = min(1, b[INTERFACE] / (THIN * b[HEIGHT])) if b[ROOM] > 0 else 1
    out[1] = down * cool * b[RHO_LOWER], down * (1 - cool) * b[RHO_UPPER]
    return out


def gained(b: Building, seen: Array, flows: list[Array], moved: list[Array]) -> Array:
    """Return (R, 2) W that vents bring into each room and into its hot layer.

    seen   (R + 1, SIDE);  flows, moved  of each vent, from `wall_flows` or `ceiling_flows` and `drawn_along`

    Source: enthalpy cp T of what passes; a flow joins the layer to which its temperature belongs.
    """
    out = np.zeros((len(seen), 2))
    for pair, flow, draw in zip(b.vent_rooms, flows, moved, strict=True):
        for n in range(2):
            here, there = pair[n], pair[1 - n]
            heat = CP * seen[here, [T_LOWER, T_UPPER]] * flow[n]
            gap = max(seen[there, T_UPPER] - seen[there, T_LOWER], 1.0)
            joins = np.clip((seen[here, [T_LOWER, T_UPPER]] - seen[there, T_LOWER]) / gap, 0, 1)
            if there < len(b.mixed) and b.mixed[there]:
                joins[:] = 1.0
            out[here] -= heat.sum(), heat[1]
            out[there] += heat.sum(), (heat * joins).sum()
            out[here, 1] += CP * (draw[n, 0] * seen[here, T_LOWER] - draw[n, 1] * seen[here, T_UPPER])
    return out[:-1]


def net_fluxes(factors: Array, clear: Array, temperatures: Array, emissivities: Array, coming: Array) -> Array:
    """Return (n,) W m-2 net into grey surfaces.

    factors, clear  (n, n) 1   view factors, and what gas lets through between two surfaces
    temperatures    (n,) K;  emissivities  (n,) 1, > 0
    coming          (n,) W m-2 from gas layers and fire

    Source: CFAST Technical Reference Guide: -q_i/e_i + sum_j (1-e_j)/e_j F t q_j = sigma T_i^4 - sum F t sigma T^4 - c.
    """
    ways = factors * clear
    glow = SIGMA * temperatures**4
    matrix = ways * (1 - emissivities) / emissivities - np.diag(1 / emissivities)
    return np.asarray(np.linalg.solve(matrix, glow - ways @ glow - coming))


def conducted(cells: Array, sizes: Array, stuff: Array, t_outside: float, dt: float, flux: float) -> Array:
    """Return (CELLS,) K after `dt` s with a flux in W m-2 through the surface; the rest as `linings.conduct`.

    Source: implicit Euler, one dense system.
    """
    k, capacity = stuff[0], stuff[1] * sizes / dt
    back = cells[-1]
    sent = 1.31 * np.cbrt(abs(back - t_outside)) + stuff[2] * SIGMA * (back + t_outside) * (back**2 + t_outside**2)
    out = 1 / (sizes[-1] / k / 2 + 1 / sent)
    between = 2 * k / (sizes[1:] + sizes[:-1])
    matrix = np.diag(capacity)
    for i in range(CELLS - 1):
        matrix[i : i + 2, i : i + 2] += between[i] * np.array([[1, -1], [-1, 1]])
    matrix[-1, -1] += out
    right = capacity * cells
    right[0] += flux
    right[-1] += out * t_outside
    return np.asarray(np.linalg.solve(matrix, right))
