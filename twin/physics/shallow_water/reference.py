"""The scheme of the kernels in plain NumPy, one face direction at a time: slow, short, and what they are held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.flux import FILM, SOLID, THIN

Field = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class State:
    """Depth in m and velocity east and north in m s-1, (ny + 4, nx + 4) with two rings of ghost cells."""

    h: Field
    u: Field
    v: Field


def minmod(a: Field, b: Field) -> Field:
    """Return the smaller of two differences in magnitude, 0 where their signs differ."""
    return np.where(a * b > 0, np.where(np.abs(a) < np.abs(b), a, b), 0.0)


def slopes(state: State, bed: Field, order: int) -> tuple[Field, Field, Field, Field]:
    """Return the limited differences along the last axis of depth, level, u and v, m and m s-1; 0 in first order."""
    h, out = state.h, []
    dry = (h[:, :-2] <= FILM) | (h[:, 1:-1] <= FILM) | (h[:, 2:] <= FILM)
    for values in (h, h + np.minimum(bed, SOLID), state.u, state.v):
        limited = np.zeros(h.shape)
        step = np.diff(values, axis=1)
        if order == 2:
            limited[:, 1:-1] = np.where(dry, 0.0, minmod(step[:, :-1], step[:, 1:]))
        out.append(limited)
    return out[0], out[1], out[2], out[3]


def fluxes(state: State, bed: Field, order: int, g: float) -> tuple[Field, Field, Field, Field]:
    """Return the fluxes between neighbours along the last axis, (.., n - 1): see `flux.face`."""
    dh, de, du, dv = slopes(state, bed, order)
    solid = bed > SOLID
    left, right = np.s_[:, :-1], np.s_[:, 1:]
    hl, hr = (state.h + dh / 2)[left], (state.h - dh / 2)[right]
    ul, ur = (state.u + du / 2)[left], (state.u - du / 2)[right]
    vl, vr = (state.v + dv / 2)[left], (state.v - dv / 2)[right]
    dz = np.diff(bed, axis=1) - ((de - dh)[right] + (de - dh)[left]) / 2
    wall = solid[left] | solid[right]
    hl, hr = np.where(solid[left], hr, hl), np.where(solid[right], hl, hr)
    ul, ur = np.where(solid[left], -ur, ul), np.where(solid[right], -ul, ur)
    dz = np.where(wall, 0.0, dz)
    centred_left, centred_right = g / 4 * (hl + state.h[left]) * de[left], g / 4 * (hr + state.h[right]) * de[right]
    hl, hr = np.maximum(0, hl - np.maximum(0, dz)), np.maximum(0, hr - np.maximum(0, -dz))
    sl = np.minimum(0, np.minimum(ul - np.sqrt(g * hl), ur - np.sqrt(g * hr)))
    sr = np.maximum(0, np.maximum(ul + np.sqrt(g * hl), ur + np.sqrt(g * hr)))
    ql, qr, pl, pr = hl * ul, hr * ur, g * hl**2 / 2, g * hr**2 / 2
    width = np.maximum(sr - sl, 1e-12)
    mass = (sr * ql - sl * qr + sl * sr * (hr - hl)) / width
    normal = (sr * (ql * ul + pl) - sl * (qr * ur + pr) + sl * sr * (qr - ql)) / width
    held = np.maximum(state.h[left], state.h[right])
    mass = np.where(wall | (held <= FILM), 0.0, mass)
    return mass, normal - pl + centred_left, normal - pr - centred_right, mass * np.where(mass > 0, vl, vr)


def stage(
    now: State,
    start: State,
    bed: Field,
    rain: Field,
    gn2: Field,
    dt: float,
    cell: float,
    g: float,
    weight: float,
    order: int,
) -> State:
    """Return the state after one stage of Heun's method (weight 1, then 1/2), ghosts as in `start`.

    rain  (ny + 4, nx + 4) m that falls in dt; gn2 the same shape, m1/3; see `update.advance_row`
    """
    inner, lam = np.s_[2:-2, 2:-2], dt / cell
    xm, xl, xr, xa = (f[2:-2, 1:-1] for f in fluxes(now, bed, order, g))
    turned = State(now.h.T, now.v.T, now.u.T)
    ym, yl, yr, ya = (f.T[1:-1, 2:-2] for f in fluxes(turned, bed.T, order, g))
    h, u, v = now.h[inner], now.u[inner], now.v[inner]
    h0, u0, v0 = start.h[inner], start.u[inner], start.v[inner]
    depth = h - lam * (xm[:, 1:] - xm[:, :-1] + ym[1:] - ym[:-1]) + rain[inner]
    qx = h * u - lam * (xl[:, 1:] - xr[:, :-1] + ya[1:] - ya[:-1])
    qy = h * v - lam * (xa[:, 1:] - xa[:, :-1] + yl[1:] - yr[:-1])
    depth = np.maximum(0, weight * depth + (1 - weight) * h0)
    qx, qy = weight * qx + (1 - weight) * h0 * u0, weight * qy + (1 - weight) * h0 * v0
    thick = np.maximum(depth, THIN)
    drag = dt * weight * gn2[inner] * np.hypot(qx / thick, qy / thick) * thick ** (-4 / 3)
    slow = np.where(depth > FILM, 2 / (1 + np.sqrt(1 + 4 * drag)), 0.0)
    out = State(start.h.copy(), start.u.copy(), start.v.copy())
    out.h[inner], out.u[inner], out.v[inner] = depth, slow * qx / thick, slow * qy / thick
    return out


def step(state: State, bed: Field, rain: Field, gn2: Field, dt: float, cell: float, g: float, order: int) -> State:
    """Return the state dt s later, with walls all around: Euler in first order, Heun in second."""
    first = stage(state, state, bed, rain, gn2, dt, cell, g, 1.0, order)
    return first if order == 1 else stage(first, state, bed, rain, gn2, dt, cell, g, 0.5, order)
