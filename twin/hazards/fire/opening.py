"""What is to be said before a fire begins: what was left out, and what was assumed of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.hazards import Setting
    from twin.hazards.fire.world import World

NAMED = 10
"""Ids that a finding names."""


def findings(world: World, setting: Setting) -> list[Finding]:
    """Return what `start` found or had to assume."""
    out = list(world.course.findings)
    if not world.kindling:
        out.append(Finding("warning", "no_ignition", "the scenario has no ignition: nothing will burn"))
    late = [one.name for one in world.kindling if one.at > setting.scenario.duration]
    if late:
        text = f"{len(late)} ignitions begin after the end of the run and never take place"
        out.append(Finding("warning", "ignition_late", text, ", ".join(late)))
    if not world.ground.burnable.any() and not len(world.buildings):
        out.append(
            Finding("warning", "nothing_burns", "the area has neither fuel nor buildings; load a map of land cover")
        )
    if world.left_out:
        text = f"{len(world.left_out)} buildings have no outline or lie outside the area and take no part"
        out.append(Finding("warning", "building_left_out", text, ", ".join(world.left_out[:NAMED])))
    out += world.town.findings
    measures = {action.kind for action in setting.scenario.measures}
    if "engine" in measures:
        out += _crews(world)
    return out


def _crews(world: World) -> list[Finding]:
    """Return what was assumed of crews, when there are measures for them."""
    crews, params = world.crews, world.params
    text = (
        f"engines leave {params.turnout_s:g} s after the call and drive {params.detour:g} times the straight line at "
        f"{params.engine_km_per_h:g} km/h, not by the road network"
    )
    out = [Finding("info", "engine_ways", text)]
    silent = sum(not hydrant.stated for hydrant in crews.hydrants)
    if silent:
        text = f"{silent} of {len(crews.hydrants)} hydrants state no rate; {params.hydrant_l_per_s:g} L/s are assumed"
        out.append(Finding("info", "hydrant_rate", text))
    if not crews.hydrants:
        text = f"the area has no hydrants: engines have the {params.tank_l:g} L of their tanks"
        out.append(Finding("warning", "no_hydrants", text))
    if not crews.supplies and crews.hydrants:
        text = (
            "no facility of class substation, waterworks or pumping_station is known: no flood takes hydrants' pressure"
        )
        out.append(Finding("info", "hydrant_supply", text))
    return out
