"""Heat that enters and passes linings: convection at the surface, conduction in 30 graded cells; kernels, SI."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called
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


@called
def convection(surface: int, difference: float) -> float:
    """Return the coefficient of heat transfer in W m-2 K-1.

    surface     CEILING, HIGH_WALL, LOW_WALL or GROUND
    difference  K  between gas and surface

    Source: CFAST Technical Reference Guide, convection: 1.52 |dT|^(1/3) level, 1.31 |dT|^(1/3) upright.
    """
    return float((1.52 if surface in (CEILING, GROUND) else 1.31) * abs(difference) ** (1 / 3))


@called
def flux_over_fire(convective: float, area: float, height: float) -> float:
    """Return the mean flux in W m-2 by which a fire's ceiling jet heats a ceiling that is cooler than the hot layer.

    convective  W   convective part of the heat
    area        m2  of the ceiling;  height  m  of the room

    Source: CFAST Technical Reference Guide, 0.27 Qc/((L W)^0.68 H^0.64) in kW; under very large ceilings all of Qc.
    """
    return float(convective * min(0.27 / (area**0.68 * height**0.64), 1 / area))


@called
def conduct(
    cells: Array,
    sizes: Array,
    stuff: Array,
    t_outside: float,
    dt: float,
    surface: float,
    radiated: tuple[float, float],
    carried: tuple[float, float, float],
) -> tuple[float, float]:
    """Return heat into the surface in W m-2 (mean of the step) and its new temperature in K; `cells` are moved on.

    cells      (CELLS,) K   from the room outwards
    sizes      (CELLS,) m
    stuff      (4,)         conductivity, density times specific heat, emissivity, -
    t_outside  K            of air and walls behind the lining
    dt         s
    surface    K            of the surface so far
    radiated   W m-2, W m-2 K-1   at that temperature, and by how much it falls as the surface gets hotter
    carried    W m-2 K-1, K, W m-2   coefficient of convection, temperature of the gas, and the flux of a ceiling jet
                            instead of it, as long as the surface is cooler than the gas (0: none)

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
    heat = capacity * sizes[last] / dt
    low = 2 * k / (sizes[last] + sizes[last - 1])
    a[last], b[last] = (heat * cells[last] + out * t_outside) / (heat + low + out), low / (heat + low + out)
    for i in range(last - 1, 0, -1):
        heat, high = capacity * sizes[i] / dt, low
        low = 2 * k / (sizes[i] + sizes[i - 1])
        diagonal = heat + low + high * (1 - b[i + 1])
        a[i], b[i] = (heat * cells[i] + high * a[i + 1]) / diagonal, low / diagonal
    heat = capacity * sizes[0] / dt
    diagonal = heat + low * (1 - b[1])
    # surface = at_rest + per_flux times the flux through it, which enters half a cell away
    at_rest = (heat * cells[0] + low * a[1]) / diagonal
    per_flux = 1 / diagonal + 0.5 * sizes[0] / k
    coefficient, gas, jet = carried
    slope = radiated[1] + coefficient
    entering = (radiated[0] + coefficient * (gas - surface) - slope * (at_rest - surface)) / (1 + slope * per_flux)
    if jet > 0 and at_rest + per_flux * entering < gas:
        forced = (radiated[0] + jet - radiated[1] * (at_rest - surface)) / (1 + radiated[1] * per_flux)
        entering = max(entering, min(forced, (gas - at_rest) / per_flux))
    cells[0] = at_rest + entering / diagonal
    for i in range(1, CELLS):
        cells[i] = a[i] + b[i] * cells[i - 1]
    return entering, at_rest + per_flux * entering
