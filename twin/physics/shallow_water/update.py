"""What both orders share: the new state of a row of cells from the fluxes through its faces."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, exact, inlined, inverse_sixth_root, like, span
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
"""Length of a scratch row: the longest run with the neighbours on both its sides."""

Cells = tuple[Row, Row, Row, Row]
"""Depth in m, velocity across and along some direction in m s-1, bed in m, of cells side by side."""

Flux = tuple[Row, Row, Row, Row]
"""What passes the faces of a row, in the order of `flux.face`."""

Stage = tuple[float, float, float, float]
"""dt / dx in s m-1; dt in s; rain in m; gravity in m s-2."""


@inlined
def slowed(u: float, v: float, root: float, dt: float, gn2: float) -> float:
    """Return the factor 0..1 by which bed friction slows the flow in a time step.

    u, v  m s-1        velocity before friction
    root  m-1/6        depth to the power of -1/6
    dt    s            time step
    gn2   m1/3         gravity times the square of Manning's n

    The exact root of the implicit step du/dt = -g n^2 |U| U h^(-4/3); closed form cf. Hou et al. (2018),
    doi:10.1016/j.jhydrol.2018.07.027.
    """
    square = root * root
    fourth = square * square
    drag = dt * gn2 * sqrt(u * u + v * v) * fourth * fourth
    factor: float = like(u, 2.0) / (like(u, 1.0) + sqrt(like(u, 1.0) + like(u, 4.0) * drag))
    return factor


@inlined
def spans(a: Array, b: Array, c: Array, d: Array, i: int, j: int, n: int) -> tuple[Row, Row, Row, Row]:
    """Return n cells of four arrays from [i, j] on, as views."""
    return span(a, i, j, n), span(b, i, j, n), span(c, i, j, n), span(d, i, j, n)


@inlined
def rows(room: Array, first: int, j: int, n: int) -> tuple[Row, Row, Row, Row]:
    """Return n cells of four rows of scratch from [first, j] on, as views."""
    return (
        span(room, first, j, n),
        span(room, first + 1, j, n),
        span(room, first + 2, j, n),
        span(room, first + 3, j, n),
    )


@inlined
def total(row: Row, n: int) -> float:
    """Return the sum of the first n elements in float64."""
    result = 0.0
    for j in range(n):
        result += row[j]
    return result


@exact
def gather(now: float, lost: float, gain: float) -> tuple[float, float]:
    """Return the depth after a step in m, and what rounding cuts off it.

    now    m   depth
    lost   m   what rounding has cut off before
    gain   m   what the step adds

    A rain of 60 mm/h adds a few units in the last place of 2 m of water per step: without the remainder float32
    would lose or invent per cents of it. Source: Kahan (1965); Dekker (1971) for the sum of two numbers.
    """
    step = lost + gain
    after = now + step
    return after, step - (after - now)


@compiled
def advance_row(
    now: tuple[Row, Row, Row, Row],
    new: tuple[Row, Row, Row],
    rain: Row,
    gn2: Row,
    across: Flux,
    south: Flux,
    north: Flux,
    porosity: Row | None,
    waves: Row,
    stage: Stage,
) -> float:
    """Write depth and velocity of a row of n cells after one step; return the depth clipped at 0, its sum in m.

    With porosity the sum is that of depth times porosity.

    now      m, m s-1, m s-1, m   depth and velocity east and north, and what rounding has kept from the depth so far
             (compensated summation, Kahan 1965), which is brought up to date; (n,) each
    new      m, m s-1, m s-1   out: depth and velocity afterwards
    rain     (n,)  1           share of the rain that the cell takes
    gn2      (n,)  m1/3        gravity times n^2
    across   (n + 1,)          fluxes through the west and east faces
    south, north  (n,)         fluxes through the south and the north faces
    porosity (n,)  1           share of the cell that is open to water; None: all
    waves    (n,)  m s-1       fastest wave in each column of cells, raised where this row has a faster one
    stage    see `Stage`

    Source: finite volumes, sum of the fluxes through four faces; friction at the end of the step.
    """
    h, u, v, lost = now
    ho, uo, vo = new
    lam, dt, wet, g = stage
    xm, xl, xr, xa = across
    sm, _, sr, sa = south
    nm, nl, _, na = north
    zero, one, film, thin = like(lam, 0.0), like(lam, 1.0), like(lam, FILM), like(lam, THIN)
    celerity = sqrt(g)
    clipped: float = zero
    for j in range(h.shape[0]):
        room, part = (one, lam) if porosity is None else (porosity[j], lam / porosity[j])
        gain = wet * rain[j] / room - part * (xm[j + 1] - xm[j] + nm[j] - sm[j])
        qx = h[j] * u[j] - part * (xl[j + 1] - xr[j] + na[j] - sa[j])
        qy = h[j] * v[j] - part * (xa[j + 1] - xa[j] + nl[j] - sr[j])
        raw, lost[j] = gather(h[j], lost[j], gain)
        clipped += room * max(zero, -raw)
        depth = max(zero, raw)
        thick = max(depth, thin)
        over = one / thick
        ux, uy = qx * over, qy * over
        root = inverse_sixth_root(thick)
        slow = slowed(ux, uy, root, dt, gn2[j])
        slow = slow if depth > film else zero
        ux, uy = ux * slow, uy * slow
        wave = max(abs(ux), abs(uy)) + celerity * thick * (root * root * root)
        ho[j], uo[j], vo[j] = depth, ux, uy
        waves[j] = max(waves[j], wave if depth > film else zero)
    return clipped


@compiled
def narrow(flux: Flux, low: Row, high: Row) -> None:
    """Let the fluxes through n faces pass only where both cells are open to water.

    low, high   (n,)  1   share of the cells on both sides that is open to water; the smaller one tells of the face

    A block that takes the share s of a cell, as a square in it, takes sqrt(s) of its width. The momentum that a face
    gives to a cell is counted from the cell's own pressure (see `flux.hll`), so that the change of porosity from cell
    to cell needs no source of its own, and a lake at rest stays at rest.

    Source: shallow water equations with porosity (Guinot, Soares-Frazao 2006, doi:10.1002/fld.1059, which is
    unverified), storage and conveyance apart as in later models with two porosities. That blocks are squares is our
    assumption.
    """
    mass, left, right, along = flux
    for j in range(low.shape[0]):
        one = like(low[j], 1.0)
        share = one - sqrt(max(like(low[j], 0.0), one - min(low[j], high[j])))
        mass[j] *= share
        left[j] *= share
        right[j] *= share
        along[j] *= share


@inlined
def crest(waves: Row, n: int, fastest: Row) -> None:
    """Write the fastest wave of each tile in m s-1 from those of its n columns of cells."""
    for t in range(fastest.shape[0]):
        top = waves[t * TILE]
        for j in range(t * TILE, min(n, (t + 1) * TILE)):
            top = max(top, waves[j])
        fastest[t] = top
