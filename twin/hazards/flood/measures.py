"""What can be done to a flood while it runs: one function per kind of action, found in `MEASURES`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from twin.errors import InputError, suggest
from twin.hazards._places import along, box, lowest, within
from twin.hazards.flood.params import number
from twin.model.action import Action, Effect
from twin.model.scenario import Series

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater

FROM_TARGET = {"points", "level", "rate", "width", "depth", "capacity"}
"""Params that an action takes over from the feature it is aimed at; a measure uses what it needs of them."""


def barrier(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Raise the ground to `level` m along `line` ([[x, y], ...]) or within `box` ([west, south, east, north]).

    The `points` of a target stand for a line. Water that stood there goes to the nearest cells beside.
    """
    params = known(action, {"line", "box", "level"})
    level = number(params.get("level"), "barrier: 'level'", -1e4, 1e4)
    line = params.get("line", None if "box" in params else params.get("points"))
    if (line is None) == ("box" not in params):
        raise InputError("barrier: give either 'line' (a list of points) or 'box' (west, south, east, north)")
    if line is not None:
        mask = along(grid, pairs(line))
    else:
        west, south, east, north = numbers(params["box"], 4, "barrier: 'box'")
        mask = box(grid, (west, south, east, north))
    cells, moved = engine.raise_bed(mask, level)
    if not cells:
        raise InputError(f"barrier: no free cell of the area lies on it below {level:g} m; check line, box, level")
    return Effect(action, cells, f"ground raised to {level:g} m in {cells} cells, {moved:.1f} m3 of water moved aside")


def pump(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Pump `rate` m3 s-1 out of the area from the lowest cells within `radius` m (10) of `x`, `y`.

    The first of the `points` of a target stands for x and y. A pump takes no more than there is. The same
    target, or the same place, sets the rate anew; 0 stops it.
    """
    from twin.physics.shallow_water.structures.source import Source

    params = known(action, {"x", "y", "rate", "radius"})
    if "x" not in params and "points" in params:
        x, y = pairs(params["points"], 1)[0]
    else:
        x, y = (number(params.get(key), f"pump: '{key}'", -math.inf) for key in ("x", "y"))
    rate = number(params.get("rate"), "pump: 'rate'", 0.0, 1e4)
    radius = number(params.get("radius", 10.0), "pump: 'radius'", 0.0, 1e4)
    name = f"pump '{action.target}'" if action.target else f"pump at {x:g}, {y:g}"
    place = lowest(engine.bed, within(grid, x, y, radius, name), name)
    engine.put(Source(name, place, Series((engine.time,), (-rate,))))
    return Effect(action, len(place[0]), f"{name} takes {rate:g} m3/s from {len(place[0])} cells")


def known(action: Action, names: set[str]) -> Mapping[str, object]:
    """Return the params of an action. Raises InputError when one is neither in `names` nor given by its target."""
    for name in action.params:
        if name not in names | (FROM_TARGET if action.target else set()):
            raise InputError(f"{action.kind}: param '{name}' is not known; {suggest(name, names)}")
    return action.params


def numbers(value: object, count: int, what: str) -> list[float]:
    """Return a list of so many numbers. Raises InputError when it is something else."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise InputError(f"{what} is {value!r}; it must be a list of {count} numbers")
    return [number(v, what, -math.inf) for v in value]


def pairs(value: object, least: int = 2) -> list[tuple[float, float]]:
    """Return a list of points. Raises InputError when it is something else, or has fewer than `least`."""
    if not isinstance(value, list | tuple) or len(value) < least:
        raise InputError(f"a list of at least {least} points [x, y] is needed, found {value!r}")
    return [(x, y) for x, y in (numbers(v, 2, "a point [x, y]") for v in value)]


MEASURES: Mapping[str, Callable[[ShallowWater, Grid, Action], Effect]] = {"barrier": barrier, "pump": pump}
"""By kind of action."""
