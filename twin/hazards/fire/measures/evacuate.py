"""An evacuation: people of a building or an area are away from a time on."""

from __future__ import annotations

import numpy as np

from twin.errors import InputError
from twin.hazards._values import number
from twin.hazards.fire.measures.furniture import PLACE, area, building, known
from twin.hazards.fire.world import World
from twin.model.action import Action, Effect


def evacuate(world: World, action: Action) -> Effect:
    """Take the people out of the target building, or of the buildings of an area, within `duration` s (0).

    The area is `box`, `polygon`, `line` with `width`, or `x`, `y` and `radius`. Who is away by when goes into the
    record of the run; how they walk or drive is not computed.
    """
    params = known(action, {"duration"} | PLACE)
    duration = number(params.get("duration", 0.0), "evacuate: 'duration'", 0.0)
    number_of = building(world, action)
    if number_of >= 0:
        which = np.array([number_of])
    else:
        mask = area(world.grid, action).ravel()
        which = np.unique(world.buildings.owner[mask[world.buildings.cell]])
        if not len(which):
            raise InputError("evacuate: no building stands in that area")
    people = world.evacuate(which, world.time + duration)
    told = f"{people:g} people" if people > 0 else "an unknown number of people: no building there states residents"
    return Effect(action, 0, f"{told} of {len(which)} buildings away by {(world.time + duration) / 60:.1f} min")
