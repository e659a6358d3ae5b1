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

    @property
    def turned(self) -> State:
        """The same with the axes exchanged."""
        return State(self.h.T, self.v.T, self.u.T)


@dataclass(frozen=True, slots=True)
class Rise:
    """Differences over a whole cell along the last axis: m, m, m s-1, m s-1; and where a cell counts as flat."""

    depth: Field
    level: Field
    across: Field
    along: Field
    flat: NDArray[np.bool_]


def minmod(a: Field, b: Field) -> Field:
    """Return the smaller of two differences in magnitude, 0 where their signs differ."""
    return np.where(a * b > 0, np.where(np.abs(a) < np.abs(b), a, b), 0.0)


def slopes(state: State, bed: Field, order: int) -> Rise:
    """Return the limited differences along the last axis; 0 in first order."""
    h = state.h
    flat = np.ones(h.shape, bool)
    if order == 2:
        flat[:, 1:-1] = (h[:, :-2] <= FILM) | (h[:, 1:-1] <= FILM) | (h[:, 2:] <= FILM)
    out = []
    for values in (h, h + np.minimum(bed, SOLID), state.u, state.v):
        limited, step = np.zeros(h.shape), np.diff(values, axis=1)
        limited[:, 1:-1] = minmod(step[:, :-1], step[:, 1:])
        out.append(np.where(flat, 0.0, limited))
    return Rise(out[0], out[1], out[2], out[3], flat)


def friction(h: Field, u: Field, v: Field, gn2: Field, dt: float) -> Field:
    """Return the factor 0..1 by which the bed slows the flow in dt s; see `update.slowed`."""
    drag = dt * gn2 * np.hypot(u, v) * np.maximum(h, THIN) ** (-4 / 3)
    return np.asarray(2 / (1 + np.sqrt(1 + 4 * drag)))


def half_step(state: State, x: Rise, y: Rise, rain: Field, gn2: Field, dt: float, cell: float, g: float) -> State:
    """Return the state half a step ahead, each cell by its own slopes; see `kernels_second.planes_of`."""
    h, u, v, back = state.h, state.u, state.v, dt / cell / 2
    depth = h - back * (u * x.depth + h * x.across + v * y.depth + h * y.across) + rain / 2
    depth = np.where(x.flat & y.flat, h, np.maximum(depth, h / 2))
    east = u - back * (u * x.across + v * y.along + g * x.level)
    north = v - back * (u * x.along + v * y.across + g * y.level)
    slow = friction(depth, east, north, gn2, dt / 2)
    return State(depth, np.where(x.flat, east, east * slow), np.where(y.flat, north, north * slow))


def fluxes(state: State, rise: Rise, bed: Field, g: float) -> tuple[Field, Field, Field, Field]:
    """Return the fluxes between neighbours along the last axis, (.., n - 1), from their planes: see `flux.face`."""
    solid = bed > SOLID
    left, right = np.s_[:, :-1], np.s_[:, 1:]
    hl, hr = (state.h + rise.depth / 2)[left], (state.h - rise.depth / 2)[right]
    ul, ur = (state.u + rise.across / 2)[left], (state.u - rise.across / 2)[right]
    vl, vr = (state.v + rise.along / 2)[left], (state.v - rise.along / 2)[right]
    dz = np.diff(bed, axis=1) - ((rise.level - rise.depth)[right] + (rise.level - rise.depth)[left]) / 2
    wall = solid[left] | solid[right]
    hl, hr = np.where(solid[left], hr, hl), np.where(solid[right], hl, hr)
    ul, ur = np.where(solid[left], -ur, ul), np.where(solid[right], -ul, ur)
    dz = np.where(wall, 0.0, dz)
    centred_left = g / 4 * (hl + state.h[left]) * rise.level[left]
    centred_right = g / 4 * (hr + state.h[right]) * rise.level[right]
    hl, hr = np.maximum(0, hl - np.maximum(0, dz)), np.maximum(0, hr - np.maximum(0, -dz))
    sl = np.minimum(0, np.minimum(ul - np.sqrt(g * hl), ur - np.sqrt(g * hr)))
    sr = np.maximum(0, np.maximum(ul + np.sqrt(g * hl), ur + np.sqrt(g * hr)))
    ql, qr, pl, pr = hl * ul, hr * ur, g * hl**2 / 2, g * hr**2 / 2
    width = np.maximum(sr - sl, 1e-12)
    mass = (sr * ql - sl * qr + sl * sr * (hr - hl)) / width
    normal = (sr * (ql * ul + pl) - sl * (qr * ur + pr) + sl * sr * (qr - ql)) / width
    mass = np.where(wall | (np.maximum(state.h[left], state.h[right]) <= FILM), 0.0, mass)
    return mass, normal - pl + centred_left, normal - pr - centred_right, mass * np.where(mass > 0, vl, vr)


def step(
    state: State, bed: Field, rain: Field, gn2: Field, room: Field, dt: float, cell: float, g: float, order: int
) -> State:
    """Return the state dt s later, ghosts as they were: Euler in first order, Hancock in second.

    rain  (ny + 4, nx + 4) m that falls in dt; gn2 m1/3; room the porosity, 1: the same shape
    """
    inner = np.s_[2:-2, 2:-2]
    lam = dt / cell / room[inner]
    gate_x = 1 - np.sqrt(1 - np.minimum(room[2:-2, 1:-2], room[2:-2, 2:-1]))
    gate_y = 1 - np.sqrt(1 - np.minimum(room[1:-2, 2:-2], room[2:-1, 2:-2]))
    x, y = slopes(state, bed, order), slopes(state.turned, bed.T, order)
    upright = Rise(y.depth.T, y.level.T, y.across.T, y.along.T, y.flat.T)
    ahead = half_step(state, x, upright, rain / room, gn2, dt, cell, g) if order == 2 else state
    xm, xl, xr, xa = (gate_x * f[2:-2, 1:-1] for f in fluxes(ahead, x, bed, g))
    ym, yl, yr, ya = (gate_y * f.T[1:-1, 2:-2] for f in fluxes(ahead.turned, y, bed.T, g))
    h, u, v = state.h[inner], state.u[inner], state.v[inner]
    depth = np.maximum(0, h - lam * (xm[:, 1:] - xm[:, :-1] + ym[1:] - ym[:-1]) + (rain / room)[inner])
    thick = np.maximum(depth, THIN)
    east = (h * u - lam * (xl[:, 1:] - xr[:, :-1] + ya[1:] - ya[:-1])) / thick
    north = (h * v - lam * (xa[:, 1:] - xa[:, :-1] + yl[1:] - yr[:-1])) / thick
    slow = np.where(depth > FILM, friction(depth, east, north, gn2[inner], dt), 0.0)
    out = State(state.h.copy(), state.u.copy(), state.v.copy())
    out.h[inner], out.u[inner], out.v[inner] = depth, slow * east, slow * north
    return out


def put(
    state: tuple[Field, Field, Field],
    lost: Field,
    cells: tuple[NDArray[np.intp], NDArray[np.intp]],
    volume: Field,
    area: Field,
) -> float:
    """Add `volume` (n,) m3 to cells of `area` (n,) m2, at rest; return the m3 that are there more.

    state  m, m s-1   depth, velocity east and north;   lost  m, what rounding has kept; changed in place
    """
    at = cells[0] + 2, cells[1] + 2
    h, kept = state[0][at], lost[at]
    exact = h.astype(np.float64) + kept + volume / area
    after = np.maximum(exact, 0).astype(h.dtype)
    rest = np.where(exact < 0, 0, exact - after).astype(h.dtype)
    share = np.divide(h, after, out=np.ones_like(h), where=after > h)
    state[0][at], lost[at] = after, rest
    for velocity in state[1:]:
        velocity[at] *= share
    gained = after.astype(np.float64) - h + (rest.astype(np.float64) - kept)
    return float((gained * area).sum())


def open_side(state: tuple[Field, Field, Field], bed: Field, outside: Field, side: str, wall: float) -> None:
    """Set ground, depth and velocity in the ghosts of an open side, in place.

    state    m, m s-1   depth, velocity across and along the side;   bed  m
    outside  (2, n) m, the ground beyond the side, outermost first;   wall  m, bed of a wall
    """
    turned = [array.T if side in ("west", "east") else array for array in (*state, bed)]
    h, across, along, ground = (array[::-1] if side in ("east", "north") else array for array in turned)
    speed = across[2] if side in ("west", "south") else -across[2]
    ground[:2] = np.where(speed > 0, wall, outside)
    inner = np.s_[:2, 2:-2]
    h[inner] = h[2, 2:-2] * (ground[inner] < SOLID)
    across[inner] = np.where(speed > 0, -across[2], across[2])[2:-2]
    along[inner] = along[2, 2:-2]
