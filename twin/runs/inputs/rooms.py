"""Where the rooms of a building lie: the area of a run that needs no terrain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.errors import MissingError

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Bounds
    from twin.model.scenario import Scenario
    from twin.store import City

#: m: rooms nearer than this to each other are of one building, and so much is shown around it
APART, MARGIN = 2.0, 1.0


def extent_of_rooms(city: City, scenario: Scenario) -> Bounds:
    """Return west, south, east, north in m of the rooms of the buildings in which a scenario lets something burn.

    Which rooms burn is said by the targets and places of its ignitions; where they name none of the city's rooms, all
    rooms count, and the hazard says what is wrong. Raises MissingError when the twin has no rooms.
    """
    import shapely

    if not city.features.count("space"):
        raise MissingError(f"{city.path}: the twin has no rooms; load a building model (IFC) with spaces")
    found = city.features.read("space")
    shapes = [shape for shape in found.geometry if shape is not None and not shape.is_empty]
    if not shapes:
        raise MissingError(f"{city.path}: none of the twin's {len(found)} rooms has a place")
    targets = {ignition.target for ignition in scenario.ignitions if ignition.target}
    named = [
        shape
        for i, shape in enumerate(found.geometry)
        if shape is not None
        and {found.ids[i], found.column("name")[i], found.column("long_name")[i], _called(found, i)} & targets
    ]
    places = [shapely.Point(i.points[0]) for i in scenario.ignitions if i.points and not i.target]
    burning = shapely.union_all([*named, *places]) if named or places else None
    whole = shapely.union_all(shapely.buffer(shapes, APART / 2))
    parts = [p for p in shapely.get_parts(whole) if burning is None or p.intersects(burning)]
    west, south, east, north = shapely.total_bounds(parts or [whole]).tolist()
    pad = MARGIN - APART / 2
    return west - pad, south - pad, east + pad, north + pad


def _called(found: Features, i: int) -> str:
    """Return a room's name and long name, as hazards write them together."""
    words = [str(v) for name in ("name", "long_name") if (v := found.column(name)[i])]
    return " ".join(dict.fromkeys(words))
