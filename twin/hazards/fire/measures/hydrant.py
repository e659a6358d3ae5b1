"""A hydrant: opened, closed, given another rate, or a source of water where there was none."""

from __future__ import annotations

from twin.errors import InputError, suggest
from twin.hazards._values import flag, number
from twin.hazards.fire.crews import Hydrant
from twin.hazards.fire.measures.furniture import known, place
from twin.hazards.fire.world import World
from twin.model.action import Action, Effect


def hydrant(world: World, action: Action) -> Effect:
    """Set the target hydrant `open` (true or false) and its `rate` in L s-1.

    Without a target, or with one that is no hydrant, `x` and `y` place a new source there: a pump at a river, a tank.
    """
    params = known(action, {"x", "y", "open", "rate"})
    held = next((h for h in world.crews.hydrants if action.target and h.id == action.target), None)
    rate = number(params["rate"], "hydrant: 'rate'", 0.0, 500.0) if "rate" in params else None
    open_ = flag(params.get("open", True), "hydrant: 'open'")
    if held is None:
        if "x" not in params and "points" not in params:
            ids = [h.id for h in world.crews.hydrants]
            known_ids = suggest(action.target, ids[:8]) if ids else "the area has none."
            raise InputError(
                f"hydrant: '{action.target}' is not known; {known_ids} Give 'x' and 'y' to set up a source of water"
            )
        x, y = place(world, action)
        name = action.target or f"water at {x:g}, {y:g}"
        world.crews.hydrants.append(held := Hydrant(name, x, y, world.params.hydrant_l_per_s, stated=rate is not None))
    held.open = open_
    held.rate = held.rate if rate is None else rate
    held.stated = held.stated or rate is not None
    gives = f"gives up to {held.rate:g} L/s" if held.open else "is closed"
    return Effect(action, 0, f"hydrant '{held.id}' {gives}")
