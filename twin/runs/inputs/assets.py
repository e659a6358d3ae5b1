"""Things of the city that a hazard takes as things: pumps, gates, underpasses, drains, buildings with basements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from twin.model.asset import Asset
from twin.names import ATTRIBUTES

if TYPE_CHECKING:
    import shapely

    from twin.model.field import Bounds
    from twin.store import City


MORE = {"road": ("bridge", "layer")}
"""Kind -> what its things are told besides `ATTRIBUTES`: whether water on the ground reaches them."""


def assets_of(city: City, kind: str, bounds: Bounds, one_of: Sequence[str] = ()) -> list[Asset]:
    """Return the features of a kind that touch the bounds, in the order of their ids; those without a place are none.

    A road of several parts is as many things of one id.

    one_of  attributes of which a feature must have one that is neither 0 nor false; none: every feature, of buildings
            those that are no part of another
    """
    import shapely

    if not city.features.count(kind):
        return []
    features = city.features.read(kind, bounds=bounds)
    known = (*ATTRIBUTES, *MORE.get(kind, ()))
    columns = {name: features.column(name) for name in known if name in features.attributes or name in one_of}
    part = (features.parents or [None] * len(features)) if kind == "building" and not one_of else [None] * len(features)
    found = []
    for i, shape in enumerate(features.geometry):
        if shape is None or shape.is_empty or part[i] is not None:
            continue
        if one_of and not any(columns[name][i] for name in one_of):
            continue
        params = {
            name: value for name, values in columns.items() if isinstance(value := values[i], float | int | str | bool)
        }
        parts = shapely.get_parts(shape) if kind == "road" else [shape]
        found += [Asset(kind, features.ids[i], outline(one), params) for one in parts]
    return sorted(found, key=lambda asset: asset.id)


def outline(shape: shapely.Geometry) -> tuple[tuple[float, float], ...]:
    """Return the point, the vertices of the line, or the outer ring of the (largest) polygon, in m."""
    import shapely

    parts = shapely.get_parts(shape)
    part = max(parts, key=shapely.area) if shapely.get_dimensions(parts[0]) == 2 else parts[0]
    line = shapely.get_exterior_ring(part) if shapely.get_dimensions(part) == 2 else part
    return tuple((float(x), float(y)) for x, y in shapely.get_coordinates(line))
