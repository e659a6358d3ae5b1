"""Water before the fire: on the facades of a building, or on an area of vegetation."""

from __future__ import annotations

import math

from twin.hazards._values import number
from twin.hazards.fire.measures.furniture import PLACE, area, building, known
from twin.hazards.fire.world import World
from twin.model.action import Action, Effect

RATE = 7.5
"""L s-1 on the facades of a building when none is stated (unverified: one stream of 450 L/min)."""


def wet(world: World, action: Action) -> Effect:
    """Keep the facades of the target wet with `rate` L s-1 (7.5), or, without a target, the ground of an area.

    duration  s; without it to the end of the run

    The area is `box`, `polygon`, `line` with `width`, or `x`, `y` and `radius`; fire neither enters nor crosses it
    while it is wet. The water is taken to be there: where it comes from is not asked.
    """
    params = known(action, {"rate", "duration"} | PLACE)
    duration = number(params.get("duration", math.inf), "wet: 'duration'", 0.0)
    number_of = building(world, action)
    until = world.time + duration
    if number_of >= 0:
        rate = number(params.get("rate", RATE), "wet: 'rate'", 0.0, 1000.0)
        world.wet_facade(number_of, rate, until)
        return Effect(action, 0, f"facades of '{action.target}' kept wet with {rate:g} L/s")
    mask = area(world.grid, action)
    world.works.wetten(mask, until)
    world.shut(world.time)
    return Effect(action, int(mask.sum()), f"{int(mask.sum())} cells kept wet")
