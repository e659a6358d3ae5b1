"""First order: cells as they are on both sides of a face. Fast; for waves and ponds, not for rain on steep slopes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import prange
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, inlined, parallel, sources, span
from twin.physics.shallow_water.flux import face
from twin.physics.shallow_water.update import (
    STRIDE,
    TILE,
    Array,
    Cells,
    Flux,
    Stage,
    advance_row,
    crest,
    narrow,
    rows,
    spans,
    total,
)


@inlined
def write_face(low: Cells, high: Cells, flux: Flux, g: float, walls: bool, j: int) -> None:
    """Write the fluxes through face j; arguments as in `faces_between`."""
    h1, u1, v1, z1 = low
    h2, u2, v2, z2 = high
    flux[0][j], flux[1][j], flux[2][j], flux[3][j] = face(
        h1[j], z1[j], h2[j], z2[j], h1[j], u1[j], v1[j], h2[j], u2[j], v2[j], z2[j] - z1[j], g, walls
    )


@compiled
def faces_between(low: Cells, high: Cells, flux: Flux, g: float, walls: bool) -> None:
    """Write the fluxes between n cells `low` and `high` side by side.

    low, high   m, m s-1, m s-1, m   depth, velocity across and along the face, bed; (n,) each
    flux        (n,) each   out: see `flux.face`
    g           m s-2         gravity
    walls       whether any of the cells may be solid; two loops, because a test in one would slow it down
    """
    if walls:
        for j in range(low[0].shape[0]):
            write_face(low, high, flux, g, True, j)
    else:
        for j in range(low[0].shape[0]):
            write_face(low, high, flux, g, False, j)


@compiled
def faces_around(west: Cells, here: Cells, north: Cells, across: Flux, up: Flux, g: float, walls: bool) -> None:
    """Write the fluxes through the west and the north faces of n cells: in one loop, which reads the cells once.

    west, here, north   m, m s-1, m s-1, m   depth, velocity east and north, bed of the cells and of those beside them
    across, up          (n,) each   out: through the west and the north faces, see `flux.face`
    g, walls            as in `faces_between`
    """
    turned, beyond = (here[0], here[2], here[1], here[3]), (north[0], north[2], north[1], north[3])
    if walls:
        for j in range(here[0].shape[0]):
            write_face(west, here, across, g, True, j)
            write_face(turned, beyond, up, g, True, j)
    else:
        for j in range(here[0].shape[0]):
            write_face(west, here, across, g, False, j)
            write_face(turned, beyond, up, g, False, j)


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
        """Advance the cells of the runs by one step.

        now, new  depth m, velocity east and north m s-1, (ny + 4, nx + 4) with two rings of ghost cells
        lost      (ny + 4, nx + 4)  m  rounding so far
        bed       (ny + 4, nx + 4)  m  height of the ground, solid cells above flux.SOLID
        rain, gn2 (ny + 4, nx + 4) or, where they are the same everywhere, (1, nx + 4)
        porosity  (ny + 4, nx + 4)  1  share of a cell that is open to water, > 0; None: all
        runs      (k, 6)  see `tiles.Tiles.runs`
        stage     see `update.Stage`
        fastest   (bands, columns)  m s-1   out: fastest wave of each tile in the runs
        tally     (k, 5)  m2 s-1 and m   out: sum of the mass fluxes through the run's west, east, south and north
                  side, and the depth clipped
        """
        if key == "":
            return
        rain_row, gn2_row = min(rain.shape[0], 2) - 1, min(gn2.shape[0], 2) - 1
        h, u, v = now
        ho, uo, vo = new
        g = stage[3]
        for k in prange(runs.shape[0]):
            r0, r1, c0, c1, walls = runs[k, 0], runs[k, 1], runs[k, 2], runs[k, 3], runs[k, 4] > 0
            n = c1 - c0
            room = np.empty((13, STRIDE), h.dtype)
            across, south, north = rows(room, 0, 0, n + 1), rows(room, 4, 0, n), rows(room, 8, 0, n)
            waves = span(room, 12, 0, n)
            waves[:] = 0
            clipped, west, east = 0.0, 0.0, 0.0
            for i in range(r0 - 1, r1):
                if i < r0:
                    faces_between(spans(h, v, u, bed, i, c0, n), spans(h, v, u, bed, i + 1, c0, n), north, g, walls)
                else:
                    cells, east_face = spans(h, u, v, bed, i, c0, n), rows(room, 0, n, 1)
                    beside, above = spans(h, u, v, bed, i, c0 - 1, n), spans(h, u, v, bed, i + 1, c0, n)
                    faces_around(beside, cells, above, across, north, g, walls)
                    faces_between(spans(h, u, v, bed, i, c1 - 1, 1), spans(h, u, v, bed, i, c1, 1), east_face, g, walls)
                if porosity is not None:
                    narrow(north, span(porosity, i, c0, n), span(porosity, i + 1, c0, n))
                if i < r0:
                    tally[k, 2] = total(north[0], n)
                else:
                    if porosity is not None:
                        narrow(across, span(porosity, i, c0 - 1, n + 1), span(porosity, i, c0, n + 1))
                    clipped += advance_row(
                        spans(h, u, v, lost, i, c0, n),
                        (span(ho, i, c0, n), span(uo, i, c0, n), span(vo, i, c0, n)),
                        span(rain, i * rain_row, c0, n),
                        span(gn2, i * gn2_row, c0, n),
                        across,
                        south,
                        north,
                        None if porosity is None else span(porosity, i, c0, n),
                        waves,
                        stage,
                    )
                    west += across[0][0]
                    east += across[0][n]
                south, north = north, south
            crest(waves, n, fastest[runs[k, 5], (c0 - 2) // TILE : (c1 - 3) // TILE + 1])
            tally[k, 0], tally[k, 1], tally[k, 3], tally[k, 4] = west, east, total(south[0], n), clipped

    return step


step_first = _build(sources())
