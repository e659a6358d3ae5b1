"""Heat between vegetation and buildings, both ways: radiation of burning cells, and of burning buildings.

A burning cell is a solid radiator as wide as the cell and as tall as its flames, which come as near to a building as
the near side of the cell, halfway through its burning; thin flames emit less than thick ones. A burning building is a
point that radiates `RADIANT` of its heat, and sets fire to what touches it once it burns fully.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.hazards.fire.passed import Passed
    from twin.hazards.fire.things import Near

FLAME_POWER = 117.0
"""kW m-2 of a black flame front at 1200 K (Cohen and Butler 1998, as quoted)."""

ABSORBS = 0.3
"""m-1 by which flames absorb and emit: EN 1991-1-2 annex B, of flames out of windows; taken for vegetation too."""

LEAST_GAP = 1.0
"""m: no flame is taken to come nearer to a facade, where the view of it would fill everything."""

RADIANT = 0.3
"""Share of a building's heat release that is radiated."""

FINE_LIMIT = 10.0
"""kW m-2 below which fine dead fuel does not ignite (unverified: piloted ignition of thin cellulose)."""

FINE_MASS = 0.156
"""kg m-2 of fine fuel behind each m2 that is heated: 2 x 513 kg m-3 / 6560 m-1, particles lit from one side."""

HEAT_DRY, HEAT_WATER = 581.0, 2594.0
"""kJ kg-1 to bring dry fuel to ignition, and its water away (Rothermel 1972: 250 + 1116 M Btu lb-1)."""

FULL = 1000.0
"""kW from which flames stand out of a building's openings and reach what touches it (unverified: flashover)."""

TOUCH = 1.0
"""m between the side of a cell and an outline up to which they touch."""

FLUX_OF_NOTE = 0.05
"""kW m-2 below which a flux onto a building is none."""


def onto_buildings(
    passed: Passed, near: Near, start: float, end: float, cell: float, count: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the flux of burning vegetation on buildings, (count,) kW m-2, and the cell that gives most, -1: none.

    start, end  s  the step; a cell that burns during a part of it counts by that part
    """
    from twin.physics.urban_fire.exposure import view_parallel

    flux, strongest = np.zeros(count), np.full(count, -1, dtype=np.int64)
    cells = passed.active
    cells = cells[near.first[cells + 1] > near.first[cells]]
    if not len(cells):
        return flux, strongest
    begun, until = passed.begun[cells], passed.until[cells]
    low, high = np.maximum(begun, start), np.minimum(until, end)
    part = np.clip((high - low) / (end - start), 0.0, 1.0)
    way = np.clip(((low + high) / 2 - begun) / np.maximum(until - begun, 1e-9), 0.0, 1.0)
    nearer = cell / 2 * (1 - np.abs(1 - 2 * way))
    pair, which = near.of_cells(cells)
    gap = np.maximum(near.distance[pair] - nearer[which], LEAST_GAP)
    flame = passed.flame[cells].astype(np.float64)[which]
    emits = FLAME_POWER * -np.expm1(-ABSORBS * passed.depth[cells].astype(np.float64)) * part
    given = emits[which] * view_parallel(np.full(len(gap), cell), flame, gap)
    building = near.building[pair]
    np.add.at(flux, building, given)
    flux[flux < FLUX_OF_NOTE] = 0.0
    order = np.lexsort((-given, building))
    first = np.unique(building[order], return_index=True)[1]
    strongest[building[order][first]] = cells[which[order][first]]
    strongest[flux <= 0] = -1
    return np.minimum(flux, FLAME_POWER), strongest


def onto_cells(
    dose: NDArray[np.float64],
    near: Near,
    heat_release: NDArray[np.float64],
    area: NDArray[np.float64],
    step: float,
    cell: float,
    moisture: float,
) -> NDArray[np.int64]:
    """Return the cells that burning buildings set on fire in a step, and add to the `dose` (ny * nx,) kJ m-2 of all.

    heat_release, area  (n,)  kW, m2 of the buildings      step  s      moisture  1 of the finest dead fuel

    A cell ignites when its fine fuel has taken up the heat of preignition, or when it touches a building that burns
    fully. Buildings whose radiation cannot reach `FINE_LIMIT` anywhere are not looked at.
    """
    burning = np.flatnonzero(heat_release > 0)
    half = np.sqrt(area[burning]) / 2
    strong = RADIANT * heat_release[burning] / (4 * math.pi * (half + LEAST_GAP) ** 2) > FINE_LIMIT
    burning = burning[strong | (heat_release[burning] >= FULL)]
    if not len(burning):
        return np.zeros(0, dtype=np.int64)
    pair, which = near.of_buildings(burning)
    release = heat_release[burning][which]
    gap = np.maximum(near.distance[pair] - cell / 2, 0.0)
    reach = np.maximum(gap, LEAST_GAP) + np.sqrt(area[burning])[which] / 2
    cells, place = np.unique(near.cell[pair], return_inverse=True)
    flux = np.bincount(place, RADIANT * release / (4 * math.pi * reach**2), minlength=len(cells))
    dose[cells] += np.maximum(flux - FINE_LIMIT, 0.0) * step
    touched = np.bincount(place, (gap <= TOUCH) & (release >= FULL), minlength=len(cells)) > 0
    lit = touched | (dose[cells] >= FINE_MASS * (HEAT_DRY + HEAT_WATER * moisture))
    return np.asarray(cells[lit], dtype=np.int64)
