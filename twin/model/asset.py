"""A thing of the city that a hazard works with as a thing and not as cells: a pump, a gate, an underpass, a drain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asset:
    """One feature in the city's coordinates.

    kind    a name of `names.KINDS`
    id      the feature's own id; what an action's `target` says
    points  x, y in m: of a point one, of a line its vertices, of a polygon its outer ring
    params  attributes by their names in `names.ATTRIBUTES`, those that are known
    """

    kind: str
    id: str
    points: tuple[tuple[float, float], ...]
    params: Mapping[str, float | str | bool] = field(default_factory=dict)
