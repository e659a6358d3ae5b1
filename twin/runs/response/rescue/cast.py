"""Who stands on a RoboCup Rescue map when the exercise begins, as the twin has it from the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.errors import MissingError

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.store import City

UNITS = {"fire_brigade": "engine", "ambulance_team": "crew", "police_force": "police"}
"""Class of a feature -> kind of unit in the response; of an ambulance team the work at doors, not the drive away."""


@dataclass(frozen=True, slots=True)
class Group:
    """Civilians of one area, or one unit, refuge or fire; `at` is the id of the area, x and y lie in it, in m."""

    id: str
    at: str
    x: float
    y: float
    number: int = 1


@dataclass(frozen=True, slots=True)
class Cast:
    """All of them, each in the order of their ids.

    buildings  ids of the map's buildings;   units  kind of unit -> where each of them stands
    """

    buildings: tuple[str, ...]
    civilians: tuple[Group, ...]
    units: dict[str, tuple[Group, ...]]
    refuges: tuple[Group, ...]
    fires: tuple[Group, ...]

    @property
    def people(self) -> int:
        """Civilians."""
        return sum(group.number for group in self.civilians)


def cast_of(city: City) -> Cast:
    """Return who stands on the map. Raises MissingError where the twin has no buildings, or no civilians."""
    if not city.features.count("building"):
        raise MissingError("the twin has no buildings; load the map.gml of a RoboCup Rescue map into it")
    civilians = _groups(city, "population", "civilian")
    if not civilians:
        raise MissingError("the twin has no civilians; load the scenario.xml of its RoboCup Rescue map into it")
    return Cast(
        tuple(sorted(city.features.read("building").ids)),
        civilians,
        {unit: found for class_, unit in UNITS.items() if (found := _groups(city, "feature", class_))},
        _groups(city, "shelter", "refuge"),
        _groups(city, "feature", "fire"),
    )


def _groups(city: City, kind: str, class_: str) -> tuple[Group, ...]:
    import shapely

    if not city.features.count(kind):
        return ()
    found: Features = city.features.read(kind)
    points = shapely.point_on_surface(found.geometry)
    groups = [
        Group(
            found.ids[i],
            str(at),
            float(shapely.get_x(points[i])),
            float(shapely.get_y(points[i])),
            int(residents) if isinstance(residents, int | float) else 1,
        )
        for i, (of, at, residents) in enumerate(
            zip(found.column("class"), found.column("at"), found.column("residents"), strict=True)
        )
        if of == class_ and at is not None
    ]
    return tuple(sorted(groups, key=lambda group: group.id))
