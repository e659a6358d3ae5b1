"""Measures and ignitions name things of the city by id; here they get their place in coordinates.

Rooms and doors are no things of the map: what an indoor fire is told of them stays an id.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from twin.errors import MissingError
from twin.runs.inputs.assets import outline

if TYPE_CHECKING:
    import shapely

    from twin.model.action import Action
    from twin.model.feature import Features
    from twin.model.scenario import Ignition, Scenario
    from twin.store import City


@dataclass(frozen=True, slots=True)
class Needs:
    """What a kind of measure takes from its target: its place as `point` or `line`, and an attribute."""

    place: str
    attribute: str
    stated: frozenset[str]


#: kinds of measures that take the whole outline of their target, and every attribute in `TAKEN` that it has
WHOLE = frozenset({"gate", "culvert", "underpass", "basement", "drain"})
TAKEN = ("level", "rate", "width", "depth", "height", "capacity", "diameter")
#: kinds of measures that take the outline of their target and no attribute of it
OUTLINED = frozenset({"engine", "wet", "hydrant", "evacuate"})
#: the hazard whose targets are rooms, doors and windows
INDOORS = "indoor_fire"
#: keys by which a measure states its place itself
STATED = frozenset({"x", "y", "line", "box", "points", "from", "to"})

#: kind of measure -> kind of feature that it is aimed at, where the two have different names
AIMED_AT = {
    **dict.fromkeys(("breach", "barrier"), "levee"),
    **dict.fromkeys(("basement", "engine", "wet", "evacuate", "ignition"), "building"),
}
#: ids that an error names
NAMED = 5

NEEDS = {
    "pump": Needs("point", "rate", frozenset({"x", "y"})),
    "barrier": Needs("line", "level", frozenset({"line", "box"})),
    # a levee's own width and level are not those of the gap
    "breach": Needs("line", "", frozenset({"line", "points", "direction"})),
}


def with_targets(city: City, scenario: Scenario) -> Scenario:
    """Return the scenario with all its measures and ignitions placed. Raises MissingError, naming which one."""
    if scenario.hazard == INDOORS:
        return scenario
    # where an indoor fire takes part, a name that is not on the map is a room of it
    indoors = INDOORS in scenario.hazard.split("+")
    found = []
    for number, action in enumerate(scenario.measures):
        try:
            found.append(placed(city, action))
        except MissingError as error:
            if not (indoors and action.kind in OUTLINED):
                raise MissingError(f"measure[{number}] at {action.at / 60:g} min: {error}") from None
            found.append(action)
    begun = []
    for number, ignition in enumerate(scenario.ignitions):
        try:
            begun.append(_lit(city, ignition))
        except MissingError as error:
            if not indoors:
                raise MissingError(f"ignition[{number}] '{ignition.name}': {error}") from None
            begun.append(ignition)
    return replace(scenario, measures=tuple(found), ignitions=tuple(begun))


def _lit(city: City, ignition: Ignition) -> Ignition:
    """Return an ignition with a point inside its target. Raises MissingError when no feature has the id."""
    if not ignition.target or ignition.points:
        return ignition
    found = _feature(city, "ignition", ignition.target)
    point = _point(found.geometry[0])
    return replace(ignition, points=((float(str(point["x"])), float(str(point["y"]))),))


def placed(city: City, action: Action) -> Action:
    """Return the action with the place of its target in the city's system.

    A pump gets `x` and `y`, and the feature's `rate`; a barrier gets `line`, a list of [x, y], and the feature's
    `level`; a breach only the `line`; the kinds in `WHOLE` get `points` and the attributes in `TAKEN`, those in
    `OUTLINED` only `points`. What the scenario states itself stays; where it states the place, the target is only a
    name.

    Raises MissingError when no feature has the id.
    """
    if not to_place(action):
        return action
    return placed_at(_feature(city, action.kind, action.target), action)


def to_place(action: Action) -> bool:
    """Return whether an action takes its place from its target."""
    needs = NEEDS.get(action.kind)
    stated = needs.stated if needs is not None else STATED
    known = needs is not None or action.kind in WHOLE | OUTLINED
    return known and bool(action.target) and not stated & set(action.params)


def placed_at(found: Features, action: Action) -> Action:
    """Return an action that is `to_place` with the place of its target, which stands alone in its batch."""
    needs = NEEDS.get(action.kind)
    wanted: tuple[str, ...] = () if action.kind in OUTLINED else TAKEN
    place: dict[str, object] = {"points": [list(point) for point in outline(found.geometry[0])]}
    if needs is not None:
        wanted = tuple(filter(None, (needs.attribute,)))
        place = _point(found.geometry[0]) if needs.place == "point" else _line(found.geometry[0])
    known = {name: value for name in wanted if (value := found.column(name)[0]) is not None}
    return replace(action, params=known | place | dict(action.params))


def _feature(city: City, kind: str, target: str) -> Features:
    """Return the feature with an id and a place, alone in its batch. Raises MissingError when there is none.

    kind  of the measure, or "ignition"
    """
    for layer in city.features.layers():
        found = city.features.read(layer.kind, layer=layer.name, ids=[target])
        if len(found) and found.geometry[0] is not None:
            return found
    raise MissingError(f"{kind}: no feature of the twin has the id '{target}' and a place{_near(city, kind, target)}")


def _near(city: City, measure: str, target: str) -> str:
    """Return which ids a person may have meant: the nearest of the kind that such a measure is aimed at."""
    kind = AIMED_AT.get(measure, measure)
    if not city.features.count(kind):
        return f"; the twin has nothing of kind '{kind}'"
    ids = sorted(city.features.read(kind).ids)
    near = difflib.get_close_matches(target, ids, n=NAMED, cutoff=0.5) or ids[:NAMED]
    return f"; of kind '{kind}' there are {len(ids)}, such as {', '.join(near)}"


def _point(shape: shapely.Geometry) -> dict[str, object]:
    """Return x and y of a point, or of a point inside a line or polygon."""
    import shapely

    inside = shapely.point_on_surface(shape)
    return {"x": float(shapely.get_x(inside)), "y": float(shapely.get_y(inside))}


def _line(shape: shapely.Geometry) -> dict[str, object]:
    """Return the vertices of a line, or of the outer ring of a polygon."""
    return {"line": [list(point) for point in outline(shape)]}
