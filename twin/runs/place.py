"""Measures name things of the city by id; the hazard knows only coordinates. This is where one becomes the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.errors import MissingError

if TYPE_CHECKING:
    from twin.model.action import Action
    from twin.store import City

#: attributes of a feature that a measure takes over when the scenario does not state its own
TAKEN = ("level", "rate", "width", "depth", "capacity")


def placed(city: City, action: Action) -> Action:
    """Return the action with the place of its target: `points`, a list of x, y in the city's system.

    A point gives one, a line its vertices, a polygon its outer ring; the target's attributes `level`, `rate`, `width`
    and `depth` come with it. What the scenario states itself stays. Without a target the action is as it was.

    Raises MissingError when no feature has the id.
    """
    if not action.target:
        return action
    for layer in city.features.layers():
        found = city.features.read(layer.kind, layer=layer.name, ids=[action.target])
        if len(found) and found.geometry[0] is not None:
            attributes = {name: found.column(name)[0] for name in TAKEN if found.column(name)[0] is not None}
            return replace(action, params=attributes | {"points": _points(found.geometry[0])} | dict(action.params))
    raise MissingError(f"measure '{action.kind}': no feature of the twin has the id '{action.target}' and a place")


def _points(shape: object) -> list[list[float]]:
    """Return the vertices of a point, a line, or the outer ring of a polygon."""
    import shapely

    assert isinstance(shape, shapely.Geometry)
    part = shapely.get_parts(shape)[0]
    outline = shapely.get_exterior_ring(part) if shapely.get_dimensions(part) == 2 else part
    return [[float(x), float(y)] for x, y in shapely.get_coordinates(outline)]
