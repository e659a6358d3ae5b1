"""What the sides of the area do, by way of two rings of ghost cells around it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.model.scenario import Series
from twin.physics.shallow_water.flux import FILM, SOLID

SIDES = ("west", "east", "south", "north")
KINDS = ("closed", "open", "level", "discharge")

FARTHEST = 1e4
"""m and m2 s-1: no level and no discharge is beyond it."""

NEWTON = 8
"""Steps of Newton's method; from the first guess five leave no error in float64."""

Row = NDArray[np.floating]
"""(n,): the cells along a side, or what is beside them."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One side of the area.

    kind    closed     a wall that reflects
            open       water leaves with the velocity it has, over ground that goes on as it does inside where that
                       leads down, level elsewhere; nothing enters
            level      the water stands at `series` m (in the datum of the bed); it enters or leaves as the wave that
                       comes from inside demands
            discharge  `series` m2 s-1 enter per metre of the side, at the depth that this wave demands
    series  None for closed and open; a straight line between its points unless it is in steps
    """

    kind: str = "closed"
    series: Series | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"edge '{self.kind}' is not known; {suggest(self.kind, KINDS)}")
        if (self.series is None) != (self.kind in ("closed", "open")):
            raise InputError(f"edge '{self.kind}' {'needs a' if self.series is None else 'takes no'} series")

    def check(self, side: str, ground: NDArray[np.floating]) -> None:
        """Raise InputError, naming the side and the value, when the series cannot be what happens there.

        ground  (n,) m  of the free cells along the side, in the datum of the series
        """
        if self.series is None:
            return
        name = f"the {side} edge, {self.kind}"
        if not self.series.times:
            raise InputError(f"{name}: its series is empty")
        for before, after in itertools.pairwise(self.series.times):
            if not after > before:
                raise InputError(f"{name}: time {after:g} s follows {before:g} s; times must rise")
        least = 0.0 if self.kind == "discharge" else -FARTHEST
        for time, value in zip(self.series.times, self.series.values, strict=True):
            if not least <= value <= FARTHEST:
                raise InputError(f"{name}: {value:g} at {time:g} s; it must be between {least:g} and {FARTHEST:g}")
        if not ground.size:
            raise InputError(f"{name}: no cell along it is free; all are solid or without a ground elevation")
        highest = max(self.series.values)
        if self.kind == "level" and highest <= ground.min():
            raise InputError(
                f"{name}: the highest level, {highest:g} m, is not above the ground anywhere along it, of which the "
                f"lowest is at {ground.min():g} m; check the datum of the levels"
            )


def inwards(array: NDArray[Any], side: str) -> NDArray[Any]:
    """Return a view of an array with ghosts whose rows 0 and 1 are the ghosts of the side, rows 2 .. the cells."""
    if side in ("west", "east"):
        array = array.T
    return array[::-1] if side in ("east", "north") else array


def complete(edges: Mapping[str, Edge] | Edge | None) -> dict[str, Edge]:
    """Return an edge for each side: closed where none is given. Raises InputError for a side that is not known."""
    if not isinstance(edges, Mapping):
        return dict.fromkeys(SIDES, edges or Edge())
    for side in edges:
        if side not in SIDES:
            raise InputError(f"side '{side}' is not known; {suggest(side, SIDES)}")
    return {side: edges.get(side, Edge()) for side in SIDES}


def lay_bed(bed: NDArray[np.floating], shut: NDArray[np.bool_], side: str, edge: Edge, wall: float) -> None:
    """Set the bed of the ghost cells of a side, in m; it is `wall` beside solid and shut cells and on a closed side.

    bed, shut  (ny + 4, nx + 4)   m; cells at which an open side is closed all the same
    """
    rows, closed = inwards(bed, side), inwards(shut, side)
    rows[:2] = wall
    if edge.kind == "closed":
        return
    inner = np.where(closed[2, 2:-2] & (edge.kind == "open"), wall, rows[2, 2:-2])
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
    datum: float = 0.0,
) -> None:
    """Set depth and velocity in the ghost cells of a side of which a series says what stands there or enters.

    state  (ny + 4, nx + 4) each  m, m s-1, m s-1   depth, velocity east and north
    bed    (ny + 4, nx + 4)       m
    time   s, at which the edge's series is read
    datum  m, of the bed in the datum of the series
    """
    east_west = side in ("west", "east")
    h, across, along = (inwards(a, side)[:, 2:-2] for a in (state[0], state[1 + (not east_west)], state[1 + east_west]))
    inward = 1 if side in ("west", "south") else -1
    h[:2], across[:2], along[:2] = h[2], across[2], along[2]
    ground = inwards(bed, side)[:2, 2:-2]
    if edge.series is not None:
        value = edge.series.at(time)
        if edge.kind == "level":
            outside = np.maximum(0, (value - datum) - ground[1]).astype(h.dtype)
            depth, speed = at_level(outside, h[2], inward * across[2], gravity)
        else:
            depth, speed = at_discharge(value, h[2], inward * across[2], gravity)
        h[:2], across[:2] = depth, inward * speed
    h[:2] *= ground < SOLID


def at_level(outside: Row, h: Row, u: Row, gravity: float) -> tuple[Row, Row]:
    """Return depth in m and velocity inwards in m s-1 at an edge where the level is given.

    outside  m      depth at the edge under that level
    h, u     m, m s-1   depth and velocity inwards of the cells inside

    The state at the edge lies behind the wave that runs inwards from it: a shock when the level is higher than inside
    (Rankine and Hugoniot), else a rarefaction that keeps u - 2 c. Water that falls out over a low level passes its
    critical depth; where it rushes out faster than waves run, nothing outside matters. What enters is never faster than
    its own waves (one condition would not be enough), and into dry ground it sets out from rest.
    Source: Toro (2001), Shock-Capturing Methods for Free-Surface Shallow Flows, sections 5.3 and 6.3.
    """
    inside, thin = np.maximum(h, FILM), h <= FILM
    c, waves = np.sqrt(gravity * inside), np.sqrt(gravity * outside)
    rises = outside > inside
    shock = np.sqrt(0.5 * gravity * (outside + inside) * inside / np.maximum(outside, FILM)) / inside
    speed = u + np.where(rises, (outside - inside) * shock, 2 * (waves - c))
    front = u + np.where(rises, c * np.sqrt(0.5 * (outside + inside) * outside) / inside, c)
    falls = ~rises & (speed + waves < 0)
    critical = (2 * c - u) / 3
    depth = np.where(falls, critical * critical / gravity, outside)
    speed = np.where(falls, -critical, np.minimum(speed, waves))
    rushes = (front <= 0) & ~thin
    depth, speed = np.where(rushes, h, depth), np.where(rushes, u, speed)
    return depth.astype(h.dtype), np.where(thin, 0, speed).astype(h.dtype)


def at_discharge(value: float, h: Row, u: Row, gravity: float) -> tuple[Row, Row]:
    """Return depth in m and velocity inwards in m s-1 at an edge where `value` m2 s-1 enter, >= 0.

    h, u  m, m s-1   depth and velocity inwards of the cells inside

    The depth is the root of 2 c^3 + (u - 2 c_inside) c^2 = g q, which keeps u - 2 c of the wave that comes from
    inside; where that would be a flow faster than its waves, the critical depth. Source: Toro (2001), section 5.3.
    """
    rest = u.astype(np.float64) - 2 * np.sqrt(gravity * h.astype(np.float64))
    power = gravity * value
    critical = power ** (1 / 3)
    # from above the root Newton's method falls towards it without overshooting: the cubic is convex there
    c = np.maximum(np.maximum(0, -rest) / 2 + critical, 1e-9)
    for _ in range(NEWTON):
        c = np.maximum(c - (2 * c**3 + rest * c**2 - power) / np.maximum(6 * c**2 + 2 * rest * c, 1e-12), 1e-9)
    c = np.maximum(c, critical)
    depth = c * c / gravity
    return depth.astype(h.dtype), (value / np.maximum(depth, 1e-9)).astype(h.dtype)


def fastest(
    state: tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]], side: str, gravity: float
) -> float:
    """Return the fastest wave in the ghost cells of a side, in m s-1, once they are filled."""
    h, u, v = (inwards(a, side)[1, 2:-2] for a in state)
    return float((np.maximum(np.abs(u), np.abs(v)) + np.sqrt(gravity * h)).max())
