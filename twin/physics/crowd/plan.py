"""What people walk on: areas with holes, obstacles, gates on the edge, zones that are watched."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from twin.errors import InputError

Point = tuple[float, float]
Ring = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Gate:
    """A stretch of the edge of the ground where people come in or go out.

    id          of the gate
    start, end  m   its two ends, on the edge of the walkable ground, at least 0.6 m apart
    open        whether people may leave by it
    capacity    persons s-1 that get out by it (turnstiles, a full platform); infinity: what fits through
    goal        whether people choose it by themselves as a way out
    """

    id: str
    start: Point
    end: Point
    open: bool = True
    capacity: float = math.inf
    goal: bool = True

    @property
    def width(self) -> float:
        """M."""
        return math.dist(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the ground that is watched, as a camera does: id and ring (n, 2) m."""

    id: str
    ring: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The ground people walk on; m in any plane system.

    areas      rings (n, 2) whose union is walkable
    holes      rings cut out of them
    obstacles  more rings cut out: stalls, pillars, barriers
    gates      on the edge of what remains
    zones      to watch; none: nothing but the whole

    Raises InputError naming the gate, zone or ring that cannot be.
    """

    areas: tuple[Ring, ...]
    holes: tuple[Ring, ...] = ()
    obstacles: tuple[Ring, ...] = ()
    gates: tuple[Gate, ...] = ()
    zones: tuple[Zone, ...] = ()

    def __post_init__(self) -> None:
        """Check ids and shapes; where gates lie is checked by `ground.Ground`."""
        if not self.areas:
            raise InputError("plan: no walkable area. Give at least one ring.")
        for kind, ids in (("gate", [g.id for g in self.gates]), ("zone", [z.id for z in self.zones])):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise InputError(f"plan: {kind} id {twice[0]!r} is given twice. Give each {kind} its own id.")
        for gate in self.gates:
            if not gate.width >= 0.6:
                raise InputError(f"plan: gate {gate.id!r} is {gate.width:.2f} m wide; nobody passes below 0.6 m.")
            if not gate.capacity > 0:
                raise InputError(
                    f"plan: gate {gate.id!r} has a capacity of {gate.capacity}; close it instead of giving 0."
                )

    def walkable(self) -> BaseGeometry:
        """Return the walkable ground. Raises InputError naming a ring that is none."""
        whole = unary_union([polygon(r, f"area {i}") for i, r in enumerate(self.areas)])
        for i, ring in enumerate(self.holes):
            whole = whole.difference(polygon(ring, f"hole {i}"))
        for i, ring in enumerate(self.obstacles):
            whole = whole.difference(polygon(ring, f"obstacle {i}"))
        if whole.is_empty:
            raise InputError("plan: holes and obstacles leave nothing to walk on.")
        return whole


def polygon(ring: Ring, name: str) -> Polygon:
    """Return a ring (n, 2) m as a polygon; `name` is for the error. Raises InputError."""
    points: NDArray[np.float64] = np.asarray(ring, np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 or not np.isfinite(points).all():
        raise InputError(f"plan: {name} is no ring of at least three points (x, y); found shape {points.shape}.")
    made = Polygon(points)
    if not made.is_valid or made.area <= 0:
        raise InputError(f"plan: {name} crosses itself or has no area. Give its corners in order.")
    return made
