"""What is to be said before a fire begins: what was left out, and what was assumed of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.hazards.fire.roads import FAR, SPEED, Roads
from twin.model.finding import Finding
from twin.physics.urban_fire.outlines import LEAST_AREA

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
        text = f"{len(world.left_out)} buildings have no outline of {LEAST_AREA:g} m2 or more, or lie outside the area"
        text += ": they take no part"
        out.append(Finding("warning", "building_left_out", text, ", ".join(world.left_out[:NAMED])))
    out += world.town.findings
    measures = {action.kind for action in setting.scenario.measures}
    if "engine" in measures:
        out += _crews(world)
    return out


def _crews(world: World) -> list[Finding]:
    """Return what was assumed of crews, when there are measures for them."""
    crews, params = world.crews, world.params
    out = _ways(world)
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


def _ways(world: World) -> list[Finding]:
    """Return how engines get from their stations to a fire, and what of the roads is left out."""
    params, roads = world.params, world.crews.roads
    leave = f"engines leave {params.turnout_s:g} s after the call and drive"
    line = f"{params.detour:g} times the straight line at {params.engine_km_per_h:g} km/h"
    counts = roads.counts if isinstance(roads, Roads) else roads
    out = []
    if isinstance(roads, Roads):
        speeds = ", ".join(f"{word} {share * params.engine_km_per_h:.0f}" for word, share in SPEED.items())
        text = (
            f"{leave} the fastest way along {roads.km:,.1f} km of roads, in km/h: {speeds}, others "
            f"{params.engine_km_per_h:g} (not verified; {counts.unknown} of {counts.driven} roads are others). One-way "
            "rules, traffic, and the heat of a burning street on crews are not modelled"
        )
        out.append(Finding("info", "engine_ways", text))
        far = [name for name, *place in world.crews.stations if roads.near((place[0], place[1])) < 0]
        if far:
            text = f"{len(far)} fire stations lie more than {FAR:g} m from any road: their engines drive {line}"
            out.append(Finding("warning", "station_off_road", text, ", ".join(far[:NAMED])))
    else:
        text = f"{leave} {line}, not by the road network: the city has no roads as centre lines"
        out.append(Finding("info", "engine_ways", text))
    left = {
        f"{counts.surfaces} surfaces": counts.surfaces,
        f"{counts.walking} for walking": counts.walking,
        f"{counts.short} without a length": counts.short,
        f"{counts.apart:,.1f} km that do not join the rest": counts.apart,
    }
    if any(left.values()):
        text = "no engine drives, of the roads: " + ", ".join(text for text, amount in left.items() if amount)
        out.append(Finding("info", "roads_left_out", text))
    return out
