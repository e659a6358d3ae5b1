"""A pump: started, stopped, or set to another rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.hazards._places import lowest, within
from twin.hazards.flood.measures.furniture import known, pairs
from twin.hazards.flood.params import number
from twin.model.action import Action, Effect
from twin.model.scenario import Series

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater


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
