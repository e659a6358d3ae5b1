"""The things of a city that an action of the response may be aimed at, at hand without the twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import MissingError
from twin.runs.inputs.place import placed_at, to_place

if TYPE_CHECKING:
    from twin.model.action import Action
    from twin.model.feature import Features
    from twin.store import City

KINDS = ("building", "levee", "pump", "gate", "culvert", "underpass", "hydrant", "drain")


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Features by kind, and where each id stands in them."""

    features: dict[str, Features]
    places: dict[str, tuple[str, int]]

    def placed(self, action: Action) -> Action:
        """Return an action with the place of its target. Raises MissingError when there is no such thing."""
        if not to_place(action):
            return action
        if action.target not in self.places:
            raise MissingError(
                f"{action.kind}: the city has nothing called '{action.target}' that it could be aimed at"
            )
        kind, row = self.places[action.target]
        return placed_at(self.features[kind].take(np.array([row], np.int64)), action)


def targets_of(city: City) -> Targets:
    """Return the things of a city that have a place."""
    features: dict[str, Features] = {}
    places: dict[str, tuple[str, int]] = {}
    for kind in KINDS:
        if not city.features.count(kind):
            continue
        features[kind] = found = city.features.read(kind)
        for row, (id_, shape) in enumerate(zip(found.ids, found.geometry, strict=True)):
            if shape is not None:
                places.setdefault(id_, (kind, row))
    return Targets(features, places)
