"""What can be known to be wrong before the first step: fields, rain, boundaries, measures. One sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UsageError, suggest
from twin.hazards.flood.measures import MEASURES
from twin.hazards.flood.measures.breach import plan, swath

if TYPE_CHECKING:
    from twin.hazards import Setting
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater

RANGES: Mapping[str, tuple[float, float, str, str]] = {
    "elevation": (-500.0, 9000.0, "m", "a number for missing data, or another unit"),
    "roughness": (1e-3, 1.0, "s m-1/3", "Strickler's coefficient is its inverse"),
    "building_share": (0.0, 1.0, "", "it is a share, not per cent"),
    "depth": (0.0, 1000.0, "m", "a level is not a depth"),
    "infiltration_rate": (0.0, 0.1, "m s-1", "mm/h are 2.8e-7 of it"),
    "suction_head": (0.0, 10.0, "m", "tables have it in cm"),
    "moisture_deficit": (0.0, 1.0, "", "it is a share, not per cent"),
}
"""Least and greatest value that makes sense, the unit, and what to think of where it is beyond."""

MAY_LACK = {"elevation", "roughness"}
"""Fields in which NaN means something: no ground, and the roughness of the scenario."""

MOVES_GROUND = {"barrier", "breach"}
"""Kinds of measures after which the ground is not what it was at the start."""


def check_fields(grid: Grid, fields: Mapping[str, NDArray[np.float64]]) -> None:
    """Raise InputError for a field that does not fit the grid or holds what it cannot, with the first such place."""
    if "elevation" not in fields:
        raise InputError("flood: there is no field 'elevation'; the area needs terrain")
    for name, values in fields.items():
        if values.shape != grid.shape:
            raise InputError(
                f"flood: field '{name}' has {values.shape} values and the grid {grid.shape} cells; lay it on this grid"
            )
    ground = fields["elevation"]
    if np.isnan(ground).all():
        raise InputError("flood: no cell is free; all lack a ground elevation")
    for name in RANGES.keys() & fields.keys():
        least, greatest, unit, hint = RANGES[name]
        values = fields[name]
        missing = np.isnan(values)
        bad = ~missing & ~((values >= least) & (values <= greatest))
        if name not in MAY_LACK:
            bad |= missing & ~np.isnan(ground)
        if bad.any():
            row, column = (int(i) for i in np.argwhere(bad)[0])
            x, y = grid.west + (column + 0.5) * grid.cell, grid.south + (row + 0.5) * grid.cell
            raise InputError(
                f"flood: '{name}' is not between {least:g} and {greatest:g} {unit}".rstrip()
                + f" in {np.count_nonzero(bad)} of {bad.size} cells, the first {values[row, column]:g} at "
                f"x {x:.1f}, y {y:.1f}; check its unit and its number for missing data ({hint})"
            )


def check_measures(setting: Setting, engine: ShallowWater) -> None:
    """Raise UsageError for a measure that no flood knows, InputError for a breach that cannot be.

    Measures whose place is that of a target are looked at when their time comes: only then is the place known.
    """
    moved = False
    for action in sorted(setting.scenario.measures, key=lambda one: one.at):
        if action.kind not in MEASURES:
            raise UsageError(f"a flood knows no measure '{action.kind}'; {suggest(action.kind, MEASURES)}")
        placed = {"line", "points", "x", "y"} & set(action.params)
        if action.kind == "breach" and placed:
            swath(setting.grid, action)
            if not moved:
                plan(engine, setting.grid, action)
        moved |= action.kind in MOVES_GROUND
