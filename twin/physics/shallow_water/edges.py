"""What the sides of the area do, by way of two rings of ghost cells around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.model.scenario import Series
from twin.physics.shallow_water.flux import SOLID

SIDES = ("west", "east", "south", "north")
KINDS = ("closed", "open", "level", "discharge")


@dataclass(frozen=True, slots=True)
class Edge:
    """One side of the area.

    kind    closed     a wall that reflects
            open       water leaves with the velocity it has, over ground that goes on as it does inside where that
                       leads down, level elsewhere; nothing enters
            level      water stands at `series` m (in the datum of the bed) outside
            discharge  `series` m2 s-1 enter per metre of the side
    series  None for closed and open
    """

    kind: str = "closed"
    series: Series | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"edge '{self.kind}' is not known; {suggest(self.kind, KINDS)}")
        if (self.series is None) != (self.kind in ("closed", "open")):
            raise InputError(f"edge '{self.kind}' {'needs a' if self.series is None else 'takes no'} series")


def inwards(array: NDArray[Any], side: str) -> NDArray[Any]:
    """Return a view of an array with ghosts whose rows 0 and 1 are the ghosts of the side, rows 2 .. the cells."""
    if side in ("west", "east"):
        array = array.T
    return array[::-1] if side in ("east", "north") else array


def lay_bed(bed: NDArray[np.floating], shut: NDArray[np.bool_], side: str, edge: Edge, wall: float) -> None:
    """Set the bed of the ghost cells of a side, in m; it is `wall` beside solid and shut cells and on a closed side.

    bed, shut  (ny + 4, nx + 4)   m; cells at which the side is closed whatever its kind
    """
    rows, closed = inwards(bed, side), inwards(shut, side)
    rows[:2] = wall
    if edge.kind == "closed":
        return
    inner = np.where(closed[2, 2:-2], wall, rows[2, 2:-2])
    next_inner = rows[3, 2:-2] if rows.shape[0] > 5 else inner
    fall = np.zeros_like(inner)
    if edge.kind == "open":
        fall = np.where(next_inner >= wall, 0, np.minimum(0, inner - next_inner))
    for k in (0, 1):
        rows[1 - k, 2:-2] = np.where(inner >= wall, wall, inner + (k + 1) * fall)


def fill(
    state: tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]],
    bed: NDArray[np.floating],
    side: str,
    edge: Edge,
    time: float,
    gravity: float,
) -> None:
    """Set depth and velocity in the ghost cells of a side that is not closed.

    state  (ny + 4, nx + 4) each  m, m s-1, m s-1   depth, velocity east and north
    bed    (ny + 4, nx + 4)       m
    time   s, at which the edge's series is read
    """
    east_west = side in ("west", "east")
    h, across, along = (inwards(a, side)[:, 2:-2] for a in (state[0], state[1 + (not east_west)], state[1 + east_west]))
    inward = 1 if side in ("west", "south") else -1
    h[:2], across[:2], along[:2] = h[2], across[2], along[2]
    ground = inwards(bed, side)[:2, 2:-2]
    value = edge.series.at(time) if edge.series else 0.0
    if edge.kind == "open":
        across[:2] = np.where(inward * across[2] > 0, -across[2], across[2])
    elif edge.kind == "level":
        h[:2] = np.maximum(0, value - ground)
    else:
        critical = (value * value / gravity) ** (1 / 3)
        h[:2] = np.where(h[2] > 0, h[2], critical)
        across[:2] = inward * value / np.maximum(h[:2], 1e-6)
    h[:2] *= ground < SOLID


def fastest(
    state: tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]], side: str, gravity: float
) -> float:
    """Return the fastest wave in the ghost cells of a side, in m s-1, once they are filled."""
    h, u, v = (inwards(a, side)[1, 2:-2] for a in state)
    return float((np.maximum(np.abs(u), np.abs(v)) + np.sqrt(gravity * h)).max())
