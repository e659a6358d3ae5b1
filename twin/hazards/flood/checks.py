"""What can be known to be wrong before the first step: fields, rain, boundaries, measures. One sentence each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, TwinError, UsageError, suggest
from twin.hazards._fields import COMMON, Range, check_ranges
from twin.hazards.flood.measures import MEASURES

if TYPE_CHECKING:
    from twin.model.action import Action, Effect
    from twin.model.field import Grid
    from twin.model.scenario import Boundary, Series
    from twin.physics.shallow_water.engine import ShallowWater

RANGES: Mapping[str, Range] = {
    **COMMON,
    "roughness": (1e-3, 1.0, "s m-1/3", "Strickler's coefficient is its inverse"),
    "infiltration_rate": (0.0, 0.1, "m s-1", "mm/h are 2.8e-7 of it"),
    "suction_head": (0.0, 10.0, "m", "tables have it in cm"),
    "moisture_deficit": (0.0, 1.0, "", "it is a share, not per cent"),
}

MAY_LACK = {"elevation", "roughness"}
"""Fields in which NaN means something: no ground, and the roughness of the scenario."""

LARGEST_FLOW = 500.0
"""m2 s-1, discharge per metre of width that no river reaches: in flood the Yangtze and the Amazon have about 100."""

FAR_ABOVE = 100.0
"""m above the highest ground of the area that no water outside stands: no wave and no reservoir in a city does."""


def check_fields(grid: Grid, fields: Mapping[str, NDArray[np.float64]]) -> None:
    """Raise InputError for a field that does not fit the grid or holds what it cannot, with the first such place."""
    ground = fields.get("elevation")
    if ground is not None and ground.shape == grid.shape and np.isnan(ground).all():
        raise InputError("flood: no cell is free; all lack a ground elevation")
    check_ranges("flood", grid, fields, RANGES, MAY_LACK)


def check_boundaries(boundaries: Mapping[str, Boundary], ground: NDArray[np.float64]) -> None:
    """Raise InputError for water outside that would stand far above all ground: another unit, or another datum."""
    highest = float(np.nanmax(ground))
    for side, boundary in boundaries.items():
        if boundary.kind != "level" or boundary.series is None or not boundary.series.values:
            continue
        level = max(boundary.series.values)
        if level > highest + FAR_ABOVE:
            raise InputError(
                f"the {side} edge, level: {level:g} m is {level - highest:,.0f} m above the highest ground of the area "
                f"({highest:.1f} m); check the unit (m) and the datum of the levels"
            )


def check_discharge(discharge: Series, cells: int, cell: float, what: str) -> None:
    """Raise InputError, naming `what`, for more water than any river brings through so few cells: steps would vanish.

    discharge  m3 s-1
    """
    most = max(discharge.values, default=0.0)
    across = cell * math.sqrt(cells)
    if most > LARGEST_FLOW * across:
        raise InputError(
            f"{what}: {most:g} m3/s enter through {cells} cells of {cell:g} m, {most / across:,.0f} m2/s across them; "
            f"no river brings more than {LARGEST_FLOW:g}; check the unit (m3/s), or widen its radius"
        )


def rehearse(engine: ShallowWater, grid: Grid, measures: Sequence[Action]) -> None:
    """Carry out all measures in their order on ground on which nothing has moved yet; the engine is spent afterwards.

    Raises what a measure raises, with its place in the document: what is wrong with it is known before the first step.
    """
    for number, action in sorted(enumerate(measures), key=lambda one: one[1].at):
        try:
            carry_out(engine, grid, action)
        except TwinError as error:
            raise type(error)(f"measure[{number}] at {action.at / 60:g} min: {error}") from None


def carry_out(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Carry out an action now. Raises UsageError for a kind that no flood knows, and what the measure raises."""
    if action.kind not in MEASURES:
        raise UsageError(f"a flood knows no measure '{action.kind}'; {suggest(action.kind, MEASURES)}")
    return MEASURES[action.kind](engine, grid, action)
