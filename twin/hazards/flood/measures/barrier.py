"""A barrier: the ground raised along a line or in a box, and lowered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.errors import InputError
from twin.hazards._places import along, box
from twin.hazards.flood.measures.furniture import known, numbers, pairs
from twin.hazards.flood.params import number
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater


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
