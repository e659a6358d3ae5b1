"""The equations at one face between two cells, as parts of the kernels. Sides: `l` lower index, `r` higher index.

Every function works on scalars of one type and is free of branches, so that loops over it become vector code.
"""

from __future__ import annotations

from math import sqrt

from twin.physics.shallow_water.fastmath import inlined, like

SOLID = 1e5
"""m, bed height from which a cell is a wall; the engine gives walls ten times that."""

FILM = 1e-5
"""m, depth up to which water clings to the ground: it neither moves nor is exchanged between two such cells."""

THIN = 1e-4
"""m, depth below which momentum is divided by this instead of the depth: a film loses momentum."""


@inlined
def minmod(a: float, b: float) -> float:
    """Return the smaller of two differences in magnitude, 0 where their signs differ. Source: Roe (1986)."""
    zero = like(a, 0.0)
    smaller = a if abs(a) < abs(b) else b
    return smaller if a * b > zero else zero


@inlined
def hll(
    hl: float, ul: float, vl: float, hr: float, ur: float, vr: float, dz: float, g: float
) -> tuple[float, float, float, float]:
    """Return the mass flux and, less the side's own pressure, the normal momentum it gives to each side; tangential.

    hl, hr  m       depths at the face, >= 0
    ul, ur  m s-1   velocities across the face
    vl, vr  m s-1   velocities along the face
    dz      m       bed of the right side less bed of the left side at the face
    g       m s-2   gravity

    Returns (m2 s-1, m3 s-2, m3 s-2, m3 s-2). Depths are first cut to what stands above the higher bed (hydrostatic
    reconstruction, Audusse et al. 2004, eq. 2.9); fluxes by Harten, Lax, van Leer (1983) with the wave speeds of
    Davis (1988); tangential momentum is carried by the mass flux (Toro, Spruce, Speares 1994).
    """
    zero, half = like(hl, 0.0), like(hl, 0.5)
    hl = max(zero, hl - max(zero, dz))
    hr = max(zero, hr - max(zero, -dz))
    cl, cr = sqrt(g * hl), sqrt(g * hr)
    sl = min(ul - cl, ur - cr, zero)
    sr = max(ul + cl, ur + cr, zero)
    ql, qr = hl * ul, hr * ur
    pl, pr = half * g * hl * hl, half * g * hr * hr
    inverse = like(hl, 1.0) / max(sr - sl, like(hl, 1e-12))
    mass = (sr * ql - sl * qr + sl * sr * (hr - hl)) * inverse
    normal = (sr * (ql * ul + pl) - sl * (qr * ur + pr) + sl * sr * (qr - ql)) * inverse
    return mass, normal - pl, normal - pr, mass * (vl if mass > zero else vr)


@inlined
def face(
    h1: float,
    z1: float,
    h2: float,
    z2: float,
    hl: float,
    ul: float,
    vl: float,
    hr: float,
    ur: float,
    vr: float,
    dz: float,
    g: float,
    walls: bool,
) -> tuple[float, float, float, float]:
    """Return the fluxes of `hll`, with walls that reflect and films that stay.

    h1, z1, h2, z2   m   depth and bed of the two cells, which say what kind of face this is
    hl ... dz, g         the states at the face, as `hll` takes them

    At the face of a solid cell the other side stands for both, its normal velocity reversed; no mass passes there,
    to the last bit, nor between two cells that hold no more than a film.
    """
    zero, solid = like(h1, 0.0), like(h1, SOLID)
    if not walls:
        mass, left, right, along = hll(hl, ul, vl, hr, ur, vr, dz, g)
        closed = max(h1, h2) <= like(h1, FILM)
        return zero if closed else mass, left, right, zero if closed else along
    hl, hr = (hr if z1 > solid else hl), (hl if z2 > solid else hr)
    ul, ur = (-ur if z1 > solid else ul), (-ul if z2 > solid else ur)
    wall = max(z1, z2) > solid
    mass, left, right, along = hll(hl, ul, vl, hr, ur, vr, zero if wall else dz, g)
    closed = (zero if wall else max(h1, h2)) <= like(h1, FILM)
    return zero if closed else mass, left, right, zero if closed else along
