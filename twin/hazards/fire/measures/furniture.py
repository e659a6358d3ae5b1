"""What every measure needs: the params of an action read, checked and named in errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.hazards import _values
from twin.hazards._places import along, box, inside, within
from twin.hazards._values import number, numbers, pairs
from twin.hazards.fire.kindling import building_of
from twin.hazards.fire.stations import middle
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from twin.hazards.fire.world import World
    from twin.model.field import Grid

Measure = Callable[["World", Action], Effect]
"""Carries out an action now. Raises InputError for params that are wrong."""

FROM_TARGET = {"points", "level", "width", "depth", "height", "capacity", "diameter"}
"""Params that an action may take over from the feature it is aimed at; a measure uses what it needs of them."""

PLACE = {"x", "y", "radius", "box", "line", "width", "polygon"}
"""Params that say where an area is."""


def known(action: Action, names: set[str]) -> Mapping[str, object]:
    """Return the params of an action. Raises InputError when one is neither in `names` nor given by its target."""
    return _values.known(action, names, FROM_TARGET)


def building(world: World, action: Action) -> int:
    """Return the number of the building that an action is aimed at, -1: no building, but a place.

    A target that is no building is a place when the action has points: those of another feature of the city. Raises
    InputError for one that is neither.
    """
    if not action.target or ("points" in action.params and action.target not in world.buildings.ids):
        return -1
    return building_of(world.buildings, action.target, action.kind)


def place(world: World, action: Action) -> tuple[float, float]:
    """Return where an action means, inside the area: `x` and `y`, or the middle of its `points`. Raises InputError."""
    params = action.params
    if "x" not in params and "points" in params:
        points = pairs(params["points"], 1, action.kind)
        x, y = middle(points)
    else:
        x, y = (number(params.get(key), f"{action.kind}: '{key}'", -math.inf) for key in ("x", "y"))
    within(world.grid, x, y, 0.0, action.kind)
    return x, y


def area(grid: Grid, action: Action) -> NDArray[np.bool_]:
    """Return (ny, nx) the cells an action means: `box`, `polygon`, `line` (with `width` m), or `x`, `y`, `radius` m.

    The `points` of a target that is no building are a polygon where they close, else a line.

    Raises InputError when none or more than one of them is given, or no cell lies there.
    """
    params, what = dict(action.params), action.kind
    if "points" in params and not {"box", "polygon", "line", "x"} & set(params):
        points = pairs(params["points"], 2, what)
        params["polygon" if len(points) > 3 and points[0] == points[-1] else "line"] = points
    given = [key for key in ("box", "polygon", "line", "x") if key in params]
    if len(given) != 1:
        raise InputError(
            f"{what}: give one of 'box' (west, south, east, north), 'polygon', 'line' with 'width', or 'x', 'y' and "
            f"'radius'; found {', '.join(given) or 'none'}"
        )
    if given[0] == "box":
        west, south, east, north = numbers(params["box"], 4, f"{what}: 'box'")
        mask = box(grid, (west, south, east, north))
    elif given[0] == "polygon":
        ring = pairs(params["polygon"], 3, f"{what}: 'polygon'")
        mask = inside(grid, ring if ring[0] == ring[-1] else [*ring, ring[0]])
    elif given[0] == "line":
        width = number(params.get("width", 0.0), f"{what}: 'width'", 0.0, 1e4)
        mask = along(grid, pairs(params["line"], 2, f"{what}: 'line'"), width / 2)
    else:
        radius = number(params.get("radius"), f"{what}: 'radius'", 0.0, 1e5)
        x, y = (number(params.get(key), f"{what}: '{key}'", -math.inf) for key in ("x", "y"))
        mask = within(grid, x, y, radius, what)
    if not mask.any():
        bounds = ", ".join(f"{v:.1f}" for v in grid.bounds)
        raise InputError(f"{what}: no cell of the area lies there; the area is {bounds} (west, south, east, north)")
    return mask
