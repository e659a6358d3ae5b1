"""Heat that enters and passes linings: convection at the surface, conduction in 30 graded cells; kernels, SI."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from twin.physics.zone_fire.constants import CEILING, CELLS, GROUND, SIGMA

Array = NDArray[np.float64]

GROWTH = 1.15
"""1, by which each cell is thicker than the one before it, counted from the surface in the room."""


def thicknesses(depth: float) -> Array:
    """Return the thickness in m of each of the 30 cells of a lining `depth` m thick, thin ones at the room.

    Source: a geometric row, as CFAST Technical Reference Guide grades its cells towards the surface.
    """
    row = GROWTH ** np.arange(CELLS)
    return np.asarray(row * (depth / row.sum()), np.float64)


@nb.njit(cache=True)
def convection(surface: int, difference: float) -> float:
    """Return the coefficient of heat transfer in W m-2 K-1.

    surface     CEILING, HIGH_WALL, LOW_WALL or GROUND
    difference  K  between gas and surface

    Source: CFAST Technical Reference Guide, convection: 1.52 |dT|^(1/3) level, 1.31 |dT|^(1/3) upright.
    """
    return (1.52 if surface in (CEILING, GROUND) else 1.31) * abs(difference) ** (1 / 3)


@nb.njit(cache=True)
def convection_over_fire(convective: float, area: float, height: float, difference: float) -> float:
    """Return the mean coefficient in W m-2 K-1 at the ceiling of a room with a fire.

    convective  W   convective part of the heat
    area        m2  of the ceiling;  height  m  of the room
    difference  K   hot layer less ceiling; not above 0: 0

    Source: CFAST Technical Reference Guide: 0.27 Qc/((L W)^0.68 H^0.64) in kW, over the difference.
    """
    if difference <= 1e-3 or convective <= 0:
        return 0.0
    return 0.27 * convective / (area**0.68 * height**0.64) / difference


@nb.njit(cache=True)
def conduct(
    cells: Array, sizes: Array, stuff: Array, t_outside: float, dt: float, flux: float, slope: float, surface: float
) -> tuple[float, float]:
    """Return heat into the surface in W m-2 (mean of the step) and its new temperature in K; `cells` are moved on.

    cells      (CELLS,) K       from the room outwards
    sizes      (CELLS,) m
    stuff      (4,)             conductivity, density times specific heat, emissivity, -
    t_outside  K                of air and walls behind the lining
    dt         s
    flux       W m-2            into the surface if it kept the temperature `surface` K
    slope      W m-2 K-1, >= 0  by which the flux falls as the surface gets hotter

    Source: implicit Euler over control volumes; the back convects and radiates to outside as CFAST has it.
    """
    k, capacity = stuff[0], stuff[1]
    last = CELLS - 1
    back = cells[last]
    gap = back - t_outside
    sent = 1.31 * abs(gap) ** (1 / 3) + stuff[2] * SIGMA * (back + t_outside) * (back * back + t_outside * t_outside)
    out = 1 / (0.5 * sizes[last] / k + 1 / max(sent, 1e-6))
    # elimination from the back to the room: T[i] = a[i] + b[i] T[i - 1]
    a, b = np.empty(CELLS), np.empty(CELLS)
    for i in range(last, -1, -1):
        heat = capacity * sizes[i] / dt
        low = 2 * k / (sizes[i] + sizes[i - 1]) if i > 0 else 0.0
        if i == last:
            diagonal, right = heat + low + out, heat * cells[i] + out * t_outside
        else:
            high = 2 * k / (sizes[i] + sizes[i + 1])
            diagonal = heat + low + high * (1 - b[i + 1])
            right = heat * cells[i] + high * a[i + 1]
        a[i], b[i] = right / diagonal, low / diagonal
        if i == 0:
            # the first cell takes the flux through its surface, half a cell away
            half = 0.5 * sizes[0] / k
            at_rest, per_flux = a[0], 1 / diagonal + half
            entering = (flux - slope * (at_rest - surface)) / (1 + slope * per_flux)
            cells[0] = a[0] + entering / diagonal
            warm = cells[0] + entering * half
    for i in range(1, CELLS):
        cells[i] = a[i] + b[i] * cells[i - 1]
    return entering, warm
