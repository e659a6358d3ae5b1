"""What fields a hazard can be given: their ranges, and one sentence for the first place beyond."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

if TYPE_CHECKING:
    from twin.model.field import Grid

Range = tuple[float, float, str, str]
"""Least and greatest value that makes sense, the unit, and what to think of where it is beyond."""

COMMON: Mapping[str, Range] = {
    "elevation": (-500.0, 9000.0, "m", "a number for missing data, or another unit"),
    "building_share": (0.0, 1.0, "", "it is a share, not per cent"),
    "depth": (0.0, 1000.0, "m", "a level is not a depth"),
}


def check_ranges(
    hazard: str,
    grid: Grid,
    fields: Mapping[str, NDArray[np.float64]],
    ranges: Mapping[str, Range],
    may_lack: Collection[str],
) -> None:
    """Raise InputError for a field that does not fit the grid or holds what it cannot, with the first such place.

    ranges    of the fields that are looked at      may_lack  those in which NaN means something
    """
    if "elevation" not in fields:
        raise InputError(f"{hazard}: there is no field 'elevation'; the area needs terrain")
    for name, values in fields.items():
        if values.shape != grid.shape:
            raise InputError(
                f"{hazard}: field '{name}' has {values.shape} values and the grid {grid.shape} cells; lay it on this "
                "grid"
            )
    outside = np.isnan(fields["elevation"])
    for name in (name for name in ranges if name in fields):
        least, greatest, unit, hint = ranges[name]
        values = fields[name]
        missing = np.isnan(values)
        bad = ~missing & ~((values >= least) & (values <= greatest))
        if name not in may_lack:
            bad |= missing & ~outside
        if bad.any():
            row, column = (int(i) for i in np.argwhere(bad)[0])
            x, y = grid.west + (column + 0.5) * grid.cell, grid.south + (row + 0.5) * grid.cell
            raise InputError(
                f"{hazard}: '{name}' is not between {least:g} and {greatest:g} {unit}".rstrip()
                + f" in {np.count_nonzero(bad)} of {bad.size} cells, the first {values[row, column]:g} at "
                f"x {x:.1f}, y {y:.1f}; check its unit and its number for missing data ({hint})"
            )
