"""What can be known to be wrong before the first step: fields and measures. One sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError, UsageError, suggest
from twin.hazards._fields import COMMON, Range, check_ranges
from twin.hazards.fire.measures import MEASURES

if TYPE_CHECKING:
    from twin.hazards.fire.world import World
    from twin.model.action import Action, Effect
    from twin.model.field import Grid

RANGES: Mapping[str, Range] = {
    **COMMON,
    "fuel_model": (1.0, 256.0, "", "it is the number of a standard fuel model: 1-13, 91-99, 101-204"),
    "canopy_cover": (0.0, 1.0, "", "it is a share, not per cent"),
    "canopy_height": (0.0, 150.0, "m", "rasters of LANDFIRE hold ten times the height"),
    "canopy_base_height": (0.0, 150.0, "m", "rasters of LANDFIRE hold ten times the height"),
    "canopy_bulk_density": (0.0, 5.0, "kg m-3", "rasters of LANDFIRE hold a hundred times the density"),
}


def check_fields(grid: Grid, fields: Mapping[str, NDArray[np.float64]]) -> None:
    """Raise InputError for a field that does not fit the grid or holds what it cannot, with the first such place."""
    check_ranges("fire", grid, fields, RANGES, {"elevation"})


def rehearse(world: World, measures: Sequence[Action]) -> None:
    """Carry out all measures in their order in a world that does not burn yet; it is to be put back afterwards.

    Raises what a measure raises, with its place in the document: what is wrong with it is known before the first step.
    """
    for number, action in sorted(enumerate(measures), key=lambda one: one[1].at):
        try:
            world.time = action.at
            carry_out(world, action)
        except TwinError as error:
            raise type(error)(f"measure[{number}] at {action.at / 60:g} min: {error}") from None


def carry_out(world: World, action: Action) -> Effect:
    """Carry out an action now. Raises UsageError for a kind that no fire knows, and what the measure raises."""
    if action.kind not in MEASURES:
        raise UsageError(f"a fire knows no measure '{action.kind}'; {suggest(action.kind, MEASURES)}")
    return MEASURES[action.kind](world, action)
