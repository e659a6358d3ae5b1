"""What both orders share: the new state of a row of cells from the fluxes through its faces."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, exact, inlined, inverse_cube_root, like, span
from twin.physics.shallow_water.flux import FILM, THIN

Array = NDArray[np.floating]
"""(ny + 4, nx + 4): cells with two rings of ghost cells, or whatever the argument says."""

Row = NDArray[np.floating]
"""(n,): cells side by side."""

TILE = 128
"""Cells along a row that share one flag of being wet."""

LONGEST = 1024
"""Cells along a row that are advanced in one go: long enough for the memory to keep up, short enough for its caches."""

STRIDE = LONGEST + 32
"""Distance of the rows of a scratch array. That it is a constant spares the compiled loops the question whether the
rows overlap."""

LEFT, RIGHT, ALONG = STRIDE, 2 * STRIDE, 3 * STRIDE
"""Where a row of fluxes holds the momentum for the lower side, for the higher side, and along the face."""

Cells = tuple[Row, Row, Row, Row]
"""Depth in m, velocity across and along some direction in m s-1, bed in m, of cells side by side."""

Stage = tuple[float, float, float, float, float, float]
"""dt / dx in s m-1; dt times the weight in s; rain in m; gravity in m s-2; weight of the stage; 1 when the rounding
of the step's start is needed once more by a second stage, else 0."""


@inlined
def manning(u: float, v: float, h: float, dt: float, gn2: float) -> float:
    """Return the factor 0..1 by which bed friction slows the flow in a time step.

    u, v  m s-1        velocity before friction
    h     m            depth, > 0
    dt    s            time step, times the weight of the Runge-Kutta stage
    gn2   m1/3         gravity times the square of Manning's n

    The exact root of the implicit step du/dt = -g n^2 |U| U h^(-4/3); closed form cf. Hou et al. (2018),
    doi:10.1016/j.jhydrol.2018.07.027.
    """
    root = inverse_cube_root(h)
    square = root * root
    drag = dt * gn2 * sqrt(u * u + v * v) * square * square
    factor: float = like(h, 2.0) / (like(h, 1.0) + sqrt(like(h, 1.0) + like(h, 4.0) * drag))
    return factor


@inlined
def spans(a: Array, b: Array, c: Array, d: Array, i: int, j: int, n: int) -> tuple[Row, Row, Row, Row]:
    """Return n cells of four arrays from [i, j] on, as views."""
    return span(a, i, j, n), span(b, i, j, n), span(c, i, j, n), span(d, i, j, n)


@inlined
def total(row: Row, n: int) -> float:
    """Return the sum of the first n elements in float64."""
    result = 0.0
    for j in range(n):
        result += row[j]
    return result


@inlined
def balance(
    h: Row, u: Row, v: Row, rain: Row, across: Row, south: Row, north: Row, lam: float, wet: float, j: int
) -> tuple[float, float, float]:
    """Return what a stage adds to the depth of cell j in m, and its unit discharges after it in m2 s-1.

    Arguments as in `advance_row`; lam and wet from the stage. Source: finite volumes, sum of the fluxes through four
    faces.
    """
    mass = across[j + 1] - across[j] + north[j] - south[j]
    east = across[j + 1 + LEFT] - across[j + RIGHT] + north[j + ALONG] - south[j + ALONG]
    up = across[j + 1 + ALONG] - across[j + ALONG] + north[j + LEFT] - south[j + RIGHT]
    return wet * rain[j] - lam * mass, h[j] * u[j] - lam * east, h[j] * v[j] - lam * up


@exact
def gather(start: float, now: float, lost: float, gain: float, weight: float, keep: float) -> tuple[float, float]:
    """Return the depth after a stage in m, and what rounding cuts off it.

    start, now  m   depth at the start of the step, and that from which the gain was made
    lost        m   what rounding has cut off before
    gain        m   what the stage adds
    weight, keep    see `Stage`

    A rain of 60 mm/h adds a few units in the last place of 2 m of water per step: without the remainder float32
    would lose or invent per cents of it. Source: Kahan (1965); Dekker (1971) for the sum of two numbers.
    """
    step = weight * ((now - start) + (lost + gain))
    after = start + step
    return after, (step - (after - start)) + keep * lost


@compiled
def advance_row(
    now: tuple[Row, Row, Row, Row],
    new: tuple[Row, Row, Row],
    rain: Row,
    gn2: Row,
    across: Row,
    south: Row,
    north: Row,
    scratch: Row,
    fastest: Row,
    stage: Stage,
    second: bool,
) -> float:
    """Write depth and velocity of a row of n cells after one stage; return the depth clipped at 0, its sum in m.

    now      m, m s-1, m s-1, m   depth and velocity east and north that the fluxes were made from, and what rounding
             has kept from the depth so far (compensated summation, Kahan 1965), which is brought up to date; (n,) each
    new      m, m s-1, m s-1   depth and velocity afterwards; in the second stage it holds the step's start on entry
    rain     (n,)  1           share of the rain that the cell takes
    gn2      (n,)  m1/3        gravity times n^2
    across   (n + 1,)          fluxes through the west and east faces, in the order of `flux.face`
    south, north  (n,)         fluxes through the south and the north faces
    scratch  (STRIDE,)
    fastest  (n / TILE,)  m s-1   fastest wave of each tile, raised where this row has a faster one
    stage    see `Stage`
    second   whether this is the second stage of Heun's method

    Source: Shu, Osher (1988), U = (U0 + E(U1)) / 2, with friction weighted like the rest.
    """
    h, u, v, lost = now
    ho, uo, vo = new
    lam, drag_dt, wet, g, weight, keep = stage
    zero, film, thin = like(lam, 0.0), like(lam, FILM), like(lam, THIN)
    rest = like(lam, 1.0) - weight
    n = h.shape[0]
    if second:
        for j in range(n):
            gain, qx, qy = balance(h, u, v, rain, across, south, north, lam, wet, j)
            h0, u0, v0 = ho[j], uo[j], vo[j]
            ho[j], lost[j] = gather(h0, h[j], lost[j], gain, weight, keep)
            uo[j] = weight * qx + rest * h0 * u0
            vo[j] = weight * qy + rest * h0 * v0
    else:
        for j in range(n):
            gain, qx, qy = balance(h, u, v, rain, across, south, north, lam, wet, j)
            ho[j], lost[j] = gather(h[j], h[j], lost[j], gain, weight, keep)
            uo[j], vo[j] = qx, qy
    lowest = zero
    clipped: float = zero
    for j in range(n):
        lowest = min(lowest, ho[j])
    if lowest < zero:
        for j in range(n):
            clipped -= min(zero, ho[j])
    for j in range(n):
        depth = max(zero, ho[j])
        over = like(lam, 1.0) / max(depth, thin)
        ux, uy = uo[j] * over, vo[j] * over
        slow = manning(ux, uy, max(depth, thin), drag_dt, gn2[j])
        slow = slow if depth > film else zero
        ho[j], uo[j], vo[j] = depth, ux * slow, uy * slow
        wave = max(abs(ux), abs(uy)) * slow + sqrt(g * depth)
        scratch[j] = wave if depth > film else zero
    for t in range(fastest.shape[0]):
        top = fastest[t]
        for j in range(t * TILE, min(n, (t + 1) * TILE)):
            top = max(top, scratch[j])
        fastest[t] = top
    return clipped
