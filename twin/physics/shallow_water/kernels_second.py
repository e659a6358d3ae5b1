"""Second order: each cell is a plane (MUSCL) that first moves half a step ahead by itself (Hancock). The default.

Source: van Leer (1979) for the planes; van Leer (1984), Toro (2001) for the half step, in primitive variables.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import prange
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, inlined, inverse_sixth_root, like, parallel, sources, span
from twin.physics.shallow_water.flux import FILM, THIN, face, minmod
from twin.physics.shallow_water.update import (
    STRIDE,
    TILE,
    Array,
    Cells,
    Flux,
    Row,
    Stage,
    advance_row,
    crest,
    narrow,
    rows,
    slowed,
    spans,
    total,
)

Three = tuple[Row, Row, Row]
"""Depth in m and velocity in m s-1 of cells side by side, half a step ahead."""

Rise = tuple[Row, Row, Row, Row]
"""Differences over a whole cell in one direction: of depth and level in m, of velocity across and along in m s-1."""

PLANE = 11
"""Rows of scratch for the planes of a row of cells: `Three`, `Rise` eastwards, `Rise` northwards."""


@inlined
def limited(
    back: tuple[float, float, float, float],
    here: tuple[float, float, float, float],
    ahead: tuple[float, float, float, float],
) -> tuple[float, float, float, float, bool]:
    """Return the differences over cell `here`, as in `Rise`, and whether the cell counts as flat.

    back, here, ahead   m, m s-1, m s-1, m   depth, velocity across and along the direction, bed of three cells

    Level differences are depth difference plus bed difference, so that float32 keeps its digits. Where one of the
    three cells holds no more than a film (or is solid) the cell counts as flat: first order there.
    """
    h0, u0, v0, z0 = back
    h1, u1, v1, z1 = here
    h2, u2, v2, z2 = ahead
    zero = like(h1, 0.0)
    flat = min(h0, h1, h2) <= like(h1, FILM)
    low, high = h1 - h0, h2 - h1
    depth = minmod(low, high)
    level = minmod(low + (z1 - z0), high + (z2 - z1))
    across = minmod(u1 - u0, u2 - u1)
    along = minmod(v1 - v0, v2 - v1)
    return zero if flat else depth, zero if flat else level, zero if flat else across, zero if flat else along, flat


@compiled
def planes_of(
    below: Cells,
    here: Cells,
    above: Cells,
    rain: Row,
    gn2: Row,
    porosity: Row | None,
    ahead: Three,
    east: Rise,
    north: Rise,
    stage: Stage,
) -> None:
    """Write the planes of a row of n cells, moved ahead by half a step.

    below, above  m, m s-1, m s-1, m   depth, velocity east and north, bed of the rows beside; (n,) each
    here          the same of the row with a cell more on each side; (n + 2,) each
    rain          (n,)  1           share of the rain that the cell takes
    gn2           (n,)  m1/3        gravity times n^2
    porosity      (n,)  1           share of the cell that is open to water; None: all
    ahead         (n,) each   out: see `Three`
    east, north   (n,) each   out: see `Rise`
    stage         see `update.Stage`

    The half step is that of the equations in h, u, v with the cell's own slopes:
    h_t = -(h u)_x - (h v)_y + R, u_t = -u u_x - v u_y - g eta_x, v likewise, then friction. Without friction and rain
    in it a thin sheet on a steep slope would run too fast, and stand too low. Only differences of the level drive it,
    so that a lake stays at rest. No cell loses more than half its depth, which keeps both sides of its plane above 0.
    A cell that counts as flat in a direction keeps its velocity in that direction.
    """
    lam, dt, wet, g = stage
    half, thin = like(lam, 0.5), like(lam, THIN)
    h, u, v, z = here
    for j in range(rain.shape[0]):
        hc, uc, vc, zc = h[j + 1], u[j + 1], v[j + 1], z[j + 1]
        hx, ex, ux, vx, flat_x = limited(
            (h[j], u[j], v[j], z[j]), (hc, uc, vc, zc), (h[j + 2], u[j + 2], v[j + 2], z[j + 2])
        )
        hy, ey, vy, uy, flat_y = limited(
            (below[0][j], below[2][j], below[1][j], below[3][j]),
            (hc, vc, uc, zc),
            (above[0][j], above[2][j], above[1][j], above[3][j]),
        )
        back = half * lam
        depth = hc - back * (uc * hx + hc * ux + vc * hy + hc * vy)
        depth += half * (wet * rain[j] if porosity is None else wet * rain[j] / porosity[j])
        depth = hc if flat_x and flat_y else max(depth, half * hc)
        to_east = uc - back * (uc * ux + vc * uy + g * ex)
        to_north = vc - back * (uc * vx + vc * vy + g * ey)
        slow = slowed(to_east, to_north, inverse_sixth_root(max(depth, thin)), half * dt, gn2[j])
        ahead[0][j] = depth
        ahead[1][j] = to_east if flat_x else to_east * slow
        ahead[2][j] = to_north if flat_y else to_north * slow
        east[0][j], east[1][j], east[2][j], east[3][j] = hx, ex, ux, vx
        north[0][j], north[1][j], north[2][j], north[3][j] = hy, ey, vy, uy


@inlined
def write_face(
    low: Cells, high: Cells, rise_low: Rise, rise_high: Rise, flux: Flux, g: float, walls: bool, j: int
) -> None:
    """Write the fluxes through face j; arguments as in `faces_between`.

    Source: Audusse et al. (2004), eq. 4.1 ff.: second-order well-balanced reconstruction with a centred bed source,
    written as fp - pL + (g / 4) (hl + h1) de, which cancels the large squares.
    """
    h1, u1, v1, z1 = low[0][j], low[1][j], low[2][j], low[3][j]
    h2, u2, v2, z2 = high[0][j], high[1][j], high[2][j], high[3][j]
    half, quarter = like(g, 0.5), like(g, 0.25) * g
    dh1, de1, dh2, de2 = rise_low[0][j], rise_low[1][j], rise_high[0][j], rise_high[1][j]
    hl, hr = h1 + half * dh1, h2 - half * dh2
    ul, ur = u1 + half * rise_low[2][j], u2 - half * rise_high[2][j]
    vl, vr = v1 + half * rise_low[3][j], v2 - half * rise_high[3][j]
    dz = (z2 - z1) - half * ((de2 - dh2) + (de1 - dh1))
    mass, left, right, along = face(h1, z1, h2, z2, hl, ul, vl, hr, ur, vr, dz, g, walls)
    flux[0][j] = mass
    flux[1][j] = left + quarter * (hl + h1) * de1
    flux[2][j] = right - quarter * (hr + h2) * de2
    flux[3][j] = along


@compiled
def faces_between(low: Cells, high: Cells, rise_low: Rise, rise_high: Rise, flux: Flux, g: float, walls: bool) -> None:
    """Write the fluxes between n cells `low` and `high` side by side.

    low, high            m, m s-1, m s-1, m   depth, velocity across and along the face, bed; (n,) each
    rise_low, rise_high  their differences across the face; (n,) each
    flux                 (n,) each   out: see `flux.face`
    g                    m s-2       gravity
    walls                whether any of the cells may be solid
    """
    if walls:
        for j in range(low[0].shape[0]):
            write_face(low, high, rise_low, rise_high, flux, g, True, j)
    else:
        for j in range(low[0].shape[0]):
            write_face(low, high, rise_low, rise_high, flux, g, False, j)


@inlined
def eastwards(room: Array, first: int, bed: Row, j: int, n: int) -> tuple[Cells, Rise]:
    """Return n planes from scratch, cell j on, for faces between west and east; `first`: where they begin in `room`."""
    cells = span(room, first, j, n), span(room, first + 1, j, n), span(room, first + 2, j, n), bed
    return cells, rows(room, first + 3, j, n)


@inlined
def northwards(room: Array, first: int, bed: Row, j: int, n: int) -> tuple[Cells, Rise]:
    """Return n planes from scratch, cell j on, for faces between south and north; `first`: where they begin."""
    cells = span(room, first, j, n), span(room, first + 2, j, n), span(room, first + 1, j, n), bed
    return cells, rows(room, first + 7, j, n)


def _build(key: str) -> Callable[..., None]:
    @parallel
    def step(
        now: tuple[Array, Array, Array],
        new: tuple[Array, Array, Array],
        lost: Array,
        bed: Array,
        rain: Array,
        gn2: Array,
        porosity: Array | None,
        runs: NDArray[np.int32],
        stage: Stage,
        fastest: Array,
        tally: NDArray[np.float64],
    ) -> None:
        """Advance the cells of the runs by one step; arguments as in `kernels_first.step`."""
        if key == "":
            return
        rain_row, gn2_row = min(rain.shape[0], 2) - 1, min(gn2.shape[0], 2) - 1
        h, u, v = now
        ho, uo, vo = new
        g = stage[3]
        for k in prange(runs.shape[0]):
            r0, r1, c0, c1, walls = runs[k, 0], runs[k, 1], runs[k, 2], runs[k, 3], runs[k, 4] > 0
            n = c1 - c0
            room = np.empty((13 + 2 * PLANE, STRIDE), h.dtype)
            across, south, north = rows(room, 0, 0, n + 1), rows(room, 4, 0, n), rows(room, 8, 0, n)
            waves = span(room, 12, 0, n)
            waves[:] = 0
            before, here = 13, 13 + PLANE
            clipped, west, east = 0.0, 0.0, 0.0
            for i in range(r0 - 1, r1 + 1):
                planes_of(
                    spans(h, u, v, bed, i - 1, c0 - 1, n + 2),
                    spans(h, u, v, bed, i, c0 - 2, n + 4),
                    spans(h, u, v, bed, i + 1, c0 - 1, n + 2),
                    span(rain, i * rain_row, c0 - 1, n + 2),
                    span(gn2, i * gn2_row, c0 - 1, n + 2),
                    None if porosity is None else span(porosity, i, c0 - 1, n + 2),
                    (span(room, here, 0, n + 2), span(room, here + 1, 0, n + 2), span(room, here + 2, 0, n + 2)),
                    rows(room, here + 3, 0, n + 2),
                    rows(room, here + 7, 0, n + 2),
                    stage,
                )
                if i >= r0:
                    low, rise_low = northwards(room, before, span(bed, i - 1, c0, n), 1, n)
                    high, rise_high = northwards(room, here, span(bed, i, c0, n), 1, n)
                    faces_between(low, high, rise_low, rise_high, north, g, walls)
                    if porosity is not None:
                        narrow(north, span(porosity, i - 1, c0, n), span(porosity, i, c0, n))
                if i == r0:
                    tally[k, 2] = total(north[0], n)
                if i > r0:
                    low, rise_low = eastwards(room, before, span(bed, i - 1, c0 - 1, n + 1), 0, n + 1)
                    high, rise_high = eastwards(room, before, span(bed, i - 1, c0, n + 1), 1, n + 1)
                    faces_between(low, high, rise_low, rise_high, across, g, walls)
                    if porosity is not None:
                        narrow(across, span(porosity, i - 1, c0 - 1, n + 1), span(porosity, i - 1, c0, n + 1))
                    clipped += advance_row(
                        spans(h, u, v, lost, i - 1, c0, n),
                        (span(ho, i - 1, c0, n), span(uo, i - 1, c0, n), span(vo, i - 1, c0, n)),
                        span(rain, (i - 1) * rain_row, c0, n),
                        span(gn2, (i - 1) * gn2_row, c0, n),
                        across,
                        south,
                        north,
                        None if porosity is None else span(porosity, i - 1, c0, n),
                        waves,
                        stage,
                    )
                    west += across[0][0]
                    east += across[0][n]
                south, north = north, south
                before, here = here, before
            crest(waves, n, fastest[runs[k, 5], (c0 - 2) // TILE : (c1 - 3) // TILE + 1])
            tally[k, 0], tally[k, 1], tally[k, 3], tally[k, 4] = west, east, total(south[0], n), clipped

    return step


step_second = _build(sources())
