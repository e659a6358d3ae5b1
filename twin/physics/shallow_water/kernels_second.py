"""Second order: each cell is a plane (MUSCL, van Leer 1979) in depth, level and velocity. The default."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import prange
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, inlined, like, parallel, sources, span
from twin.physics.shallow_water.flux import FILM, face, minmod
from twin.physics.shallow_water.update import STRIDE, TILE, Array, Cells, Row, Stage, advance_row, spans, total


@compiled
def slopes_of(back: Cells, here: Cells, ahead: Cells, slopes: Row) -> None:
    """Write the limited differences across n cells: of depth, level and velocity, four rows STRIDE apart.

    back, here, ahead   m, m s-1, m s-1, m   depth, velocity across and along the direction, bed; (n,) each
    slopes   (4 STRIDE,)   out: m, m, m s-1, m s-1   whole difference over a cell

    Level differences are depth difference plus bed difference, so that float32 keeps its digits. Where one of the
    three cells holds no more than a film (or is solid) the cell counts as flat: first order there.
    """
    h0, u0, v0, z0 = back
    h1, u1, v1, z1 = here
    h2, u2, v2, z2 = ahead
    for j in range(h1.shape[0]):
        flat = min(h0[j], h1[j], h2[j]) <= like(h1[j], FILM)
        low, high = h1[j] - h0[j], h2[j] - h1[j]
        depth = minmod(low, high)
        level = minmod(low + (z1[j] - z0[j]), high + (z2[j] - z1[j]))
        across = minmod(u1[j] - u0[j], u2[j] - u1[j])
        along = minmod(v1[j] - v0[j], v2[j] - v1[j])
        zero = like(depth, 0.0)
        slopes[j] = zero if flat else depth
        slopes[j + STRIDE] = zero if flat else level
        slopes[j + 2 * STRIDE] = zero if flat else across
        slopes[j + 3 * STRIDE] = zero if flat else along


@inlined
def write_face(
    low: Cells, high: Cells, rise_low: Row, rise_high: Row, flux: Row, g: float, walls: bool, j: int
) -> None:
    """Write the fluxes through face j; arguments as in `faces_between`.

    Source: Audusse et al. (2004), eq. 4.1 ff.: second-order well-balanced reconstruction with a centred bed source,
    written as fp - pL + (g / 4) (hl + h1) de, which cancels the large squares.
    """
    h1, u1, v1, z1 = low[0][j], low[1][j], low[2][j], low[3][j]
    h2, u2, v2, z2 = high[0][j], high[1][j], high[2][j], high[3][j]
    half, quarter = like(g, 0.5), like(g, 0.25) * g
    dh1, de1, dh2, de2 = rise_low[j], rise_low[j + STRIDE], rise_high[j], rise_high[j + STRIDE]
    hl, hr = h1 + half * dh1, h2 - half * dh2
    ul, ur = u1 + half * rise_low[j + 2 * STRIDE], u2 - half * rise_high[j + 2 * STRIDE]
    vl, vr = v1 + half * rise_low[j + 3 * STRIDE], v2 - half * rise_high[j + 3 * STRIDE]
    dz = (z2 - z1) - half * ((de2 - dh2) + (de1 - dh1))
    mass, left, right, along = face(h1, z1, h2, z2, hl, ul, vl, hr, ur, vr, dz, g, walls)
    flux[j] = mass
    flux[j + STRIDE] = left + quarter * (hl + h1) * de1
    flux[j + 2 * STRIDE] = right - quarter * (hr + h2) * de2
    flux[j + 3 * STRIDE] = along


@compiled
def faces_between(low: Cells, high: Cells, rise_low: Row, rise_high: Row, flux: Row, g: float, walls: bool) -> None:
    """Write the fluxes between n cells `low` and `high` side by side, four rows of `flux` STRIDE apart.

    low, high            m, m s-1, m s-1, m   depth, velocity across and along the face, bed; (n,) each
    rise_low, rise_high  their slopes as `slopes_of` writes them
    flux                 (4 STRIDE,)   out: see `flux.face`
    g                    m s-2         gravity
    walls                whether any of the cells may be solid
    """
    if walls:
        for j in range(low[0].shape[0]):
            write_face(low, high, rise_low, rise_high, flux, g, True, j)
    else:
        for j in range(low[0].shape[0]):
            write_face(low, high, rise_low, rise_high, flux, g, False, j)


def _build(key: str) -> Callable[..., None]:
    @parallel
    def step(
        now: tuple[Array, Array, Array],
        new: tuple[Array, Array, Array],
        lost: Array,
        bed: Array,
        rain: Array,
        gn2: Array,
        runs: NDArray[np.int32],
        stage: Stage,
        second: bool,
        fastest: Array,
        tally: NDArray[np.float64],
    ) -> None:
        """Advance the cells of the runs by one stage; arguments as in `kernels_first.step`."""
        if key == "":
            return
        rain_row, gn2_row = min(rain.shape[0], 2) - 1, min(gn2.shape[0], 2) - 1
        h, u, v = now
        ho, uo, vo = new
        g = stage[3]
        for k in prange(runs.shape[0]):
            r0, r1, c0, c1, walls = runs[k, 0], runs[k, 1], runs[k, 2], runs[k, 3], runs[k, 4] > 0
            n = c1 - c0
            waves = fastest[runs[k, 5], (c0 - 2) // TILE : (c1 - 3) // TILE + 1]
            waves[:] = 0
            room = np.empty((6, 4 * STRIDE), h.dtype)
            across, south, north, rise, rise_here, rise_next = room[0], room[1], room[2], room[3], room[4], room[5]
            scratch = np.empty(STRIDE, h.dtype)
            clipped, west, east = 0.0, 0.0, 0.0
            before, here = spans(h, v, u, bed, r0 - 1, c0, n), spans(h, v, u, bed, r0, c0, n)
            slopes_of(spans(h, v, u, bed, r0 - 2, c0, n), before, here, rise)
            slopes_of(before, here, spans(h, v, u, bed, r0 + 1, c0, n), rise_here)
            faces_between(before, here, rise, rise_here, south, g, walls)
            tally[k, 2] = total(south, n)
            for i in range(r0, r1):
                slopes_of(
                    spans(h, u, v, bed, i, c0 - 2, n + 2),
                    spans(h, u, v, bed, i, c0 - 1, n + 2),
                    spans(h, u, v, bed, i, c0, n + 2),
                    rise,
                )
                faces_between(
                    spans(h, u, v, bed, i, c0 - 1, n + 1),
                    spans(h, u, v, bed, i, c0, n + 1),
                    rise,
                    span(room, 3, 1, 4 * STRIDE - 1),
                    across,
                    g,
                    walls,
                )
                here, ahead = spans(h, v, u, bed, i, c0, n), spans(h, v, u, bed, i + 1, c0, n)
                slopes_of(here, ahead, spans(h, v, u, bed, i + 2, c0, n), rise_next)
                faces_between(here, ahead, rise_here, rise_next, north, g, walls)
                clipped += advance_row(
                    spans(h, u, v, lost, i, c0, n),
                    (span(ho, i, c0, n), span(uo, i, c0, n), span(vo, i, c0, n)),
                    span(rain, i * rain_row, c0, n),
                    span(gn2, i * gn2_row, c0, n),
                    across,
                    south,
                    north,
                    scratch,
                    waves,
                    stage,
                    second,
                )
                west += across[0]
                east += across[n]
                south, north = north, south
                rise_here, rise_next = rise_next, rise_here
            tally[k, 0], tally[k, 1], tally[k, 3], tally[k, 4] = west, east, total(south, n), clipped

    return step


step_second = _build(sources())
