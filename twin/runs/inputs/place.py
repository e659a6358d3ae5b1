"""Measures name things of the city by id; the hazard knows only coordinates. This is where one becomes the other."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from twin.errors import MissingError
from twin.runs.inputs.assets import outline

if TYPE_CHECKING:
    import shapely

    from twin.model.action import Action
    from twin.model.scenario import Scenario
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
#: keys by which a measure states its place itself
STATED = frozenset({"x", "y", "line", "box", "points", "from", "to"})

#: kind of measure -> kind of feature that it is aimed at, where the two have different names
AIMED_AT = {"breach": "levee", "barrier": "levee", "basement": "building"}
#: ids that an error names
NAMED = 5

NEEDS = {
    "pump": Needs("point", "rate", frozenset({"x", "y"})),
    "barrier": Needs("line", "level", frozenset({"line", "box"})),
    # a levee's own width and level are not those of the gap
    "breach": Needs("line", "", frozenset({"line", "points", "direction"})),
}


def with_targets(city: City, scenario: Scenario) -> Scenario:
    """Return the scenario with all its measures placed. Raises MissingError, naming the measure."""
    found = []
    for number, action in enumerate(scenario.measures):
        try:
            found.append(placed(city, action))
        except MissingError as error:
            raise MissingError(f"measure[{number}] at {action.at / 60:g} min: {error}") from None
    return replace(scenario, measures=tuple(found))


def placed(city: City, action: Action) -> Action:
    """Return the action with the place of its target in the city's system.

    A pump gets `x` and `y`, and the feature's `rate`; a barrier gets `line`, a list of [x, y], and the feature's
    `level`; a breach only the `line`; the kinds in `WHOLE` get `points` and the attributes in `TAKEN`. What the
    scenario states itself stays; where it states the place, the target is only a name.

    Raises MissingError when no feature has the id.
    """
    needs = NEEDS.get(action.kind)
    stated = needs.stated if needs is not None else STATED
    if (needs is None and action.kind not in WHOLE) or not action.target or stated & set(action.params):
        return action
    for layer in city.features.layers():
        found = city.features.read(layer.kind, layer=layer.name, ids=[action.target])
        if len(found) and found.geometry[0] is not None:
            wanted = TAKEN if needs is None else tuple(filter(None, (needs.attribute,)))
            known = {name: value for name in wanted if (value := found.column(name)[0]) is not None}
            place: dict[str, object]
            if needs is None:
                place = {"points": [list(point) for point in outline(found.geometry[0])]}
            else:
                place = _point(found.geometry[0]) if needs.place == "point" else _line(found.geometry[0])
            return replace(action, params=known | place | dict(action.params))
    raise MissingError(
        f"{action.kind}: no feature of the twin has the id '{action.target}' and a place{_near(city, action)}"
    )


def _near(city: City, action: Action) -> str:
    """Return which ids a person may have meant: the nearest of the kind that such a measure is aimed at."""
    kind = AIMED_AT.get(action.kind, action.kind)
    if not city.features.count(kind):
        return f"; the twin has nothing of kind '{kind}'"
    ids = sorted(city.features.read(kind).ids)
    near = difflib.get_close_matches(action.target, ids, n=NAMED, cutoff=0.5) or ids[:NAMED]
    return f"; of kind '{kind}' there are {len(ids)}, such as {', '.join(near)}"


def _point(shape: shapely.Geometry) -> dict[str, object]:
    """Return x and y of a point, or of a point inside a line or polygon."""
    import shapely

    inside = shapely.point_on_surface(shape)
    return {"x": float(shapely.get_x(inside)), "y": float(shapely.get_y(inside))}


def _line(shape: shapely.Geometry) -> dict[str, object]:
    """Return the vertices of a line, or of the outer ring of a polygon."""
    return {"line": [list(point) for point in outline(shape)]}
