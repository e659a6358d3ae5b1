"""A barrier: the ground raised along a line or in a box, and let down again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError
from twin.hazards._places import along, box
from twin.hazards._values import flag, number, numbers, pairs
from twin.hazards.flood.measures.furniture import known
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.barrier import Barriers


def barrier(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Raise the ground to `level` m along `line` ([[x, y], ...]) or within `box` ([west, south, east, north]).

    The `points` of a target stand for a line. Water that stood there goes to the nearest cells beside. The same target,
    or the same place, sets the level anew; with `remove` true, or `level` None, it is taken away and the ground is what
    it was.
    """
    params = known(action, {"line", "box", "level", "remove"})
    standing = _barriers(engine)
    if flag(params.get("remove", False), "barrier: 'remove'") or ("level" in params and params["level"] is None):
        return _removed(engine, action, standing, _name(action))
    level = number(params.get("level"), "barrier: 'level'", -1e4, 1e4)
    mask, name = _cells(grid, action), _name(action)
    ground = _lowest(engine, standing)
    if not np.any(ground[np.flatnonzero(mask & ~engine.solid)] < level):
        raise InputError(f"barrier: no free cell of the area lies on it below {level:g} m; check line, box, level")
    if name in standing.standing:
        _lower(engine, standing, name)
    standing.remember(engine.water, name, mask, level)
    cells, moved = engine.raise_bed(mask, level)
    return Effect(action, cells, f"ground raised to {level:g} m in {cells} cells, {moved:.1f} m3 of water moved aside")


def _lowest(engine: ShallowWater, standing: Barriers) -> NDArray[np.float64]:
    """Return (ny * nx,) m, how low the ground is or may have become: without barriers, with all breaches open."""
    from twin.physics.shallow_water.structures.breach import Breach

    ground = np.where(np.isnan(standing.ground), engine.bed.ravel(), standing.ground)
    for breach in engine.structures.values():
        if isinstance(breach, Breach):
            flat = breach.cells[0] * engine.water.nx + breach.cells[1]
            ground[flat] = np.minimum(ground[flat], breach.level)
    return ground


def _removed(engine: ShallowWater, action: Action, standing: Barriers, name: str) -> Effect:
    if name not in standing.standing:
        there = ", ".join(sorted(standing.standing)) or "none"
        raise InputError(f"barrier: there is none to remove at {name}; standing: {there}")
    cells = _lower(engine, standing, name)
    return Effect(action, cells, f"barrier removed, ground lowered in {cells} cells")


def _lower(engine: ShallowWater, standing: Barriers, name: str) -> int:
    """Take a barrier away; return how many cells sank."""
    cells = standing.remove(engine.water, name)
    engine.stepper.lay_edges()
    engine.disturbed()
    return cells


def _barriers(engine: ShallowWater) -> Barriers:
    """Return the memory of the ground under all barriers, which begins with the first of them."""
    from twin.physics.shallow_water.structures.barrier import Barriers

    held = engine.structures.get("barriers")
    if not isinstance(held, Barriers):
        held = Barriers(np.full(engine.water.ny * engine.water.nx, np.nan))
        engine.put(held)
    return held


def _name(action: Action) -> str:
    """Return what a barrier is remembered by: its target, else its place."""
    if action.target:
        return f"'{action.target}'"
    place = action.params.get("line", action.params.get("points", action.params.get("box")))
    return str(place)


def _cells(grid: Grid, action: Action) -> NDArray[np.bool_]:
    """Return (ny, nx) where it stands. Raises InputError when neither a line nor a box is given, or both."""
    params = action.params
    line = params.get("line", None if "box" in params else params.get("points"))
    if (line is None) == ("box" not in params):
        raise InputError("barrier: give either 'line' (a list of points) or 'box' (west, south, east, north)")
    if line is not None:
        return along(grid, pairs(line))
    west, south, east, north = numbers(params["box"], 4, "barrier: 'box'")
    return box(grid, (west, south, east, north))
