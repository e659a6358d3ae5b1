"""Where a fire begins: ignitions of a scenario become cells and buildings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.hazards._places import along, within

if TYPE_CHECKING:
    from twin.hazards.fire.things import Built
    from twin.model.field import Grid
    from twin.model.scenario import Ignition

LISTED = 8
"""Ids that an error lists."""


@dataclass(frozen=True, slots=True, eq=False)
class Kindling:
    """One ignition on the grid: `at` s, cells (row * nx + column) of vegetation, numbers of buildings."""

    name: str
    at: float
    cells: NDArray[np.int64]
    buildings: NDArray[np.int64]


def kindle(
    ignitions: Sequence[Ignition],
    grid: Grid,
    burnable: NDArray[np.bool_],
    fuel: NDArray[np.int16],
    buildings: Built,
    elevation: NDArray[np.float64],
) -> list[Kindling]:
    """Return the ignitions in the order of their times.

    burnable  (ny, nx)  cells of vegetation that can burn
    fuel      (ny, nx)  number of the fuel model, for what is said of a cell that cannot
    elevation (ny, nx)  m, NaN where no terrain is known

    Raises InputError for one outside the grid, on ground that does not burn, or at a building that is not known.
    """
    found = [_one(i, grid, burnable, fuel, buildings, elevation) for i in ignitions]
    return sorted(found, key=lambda one: one.at)


def _one(
    ignition: Ignition,
    grid: Grid,
    burnable: NDArray[np.bool_],
    fuel: NDArray[np.int16],
    buildings: Built,
    elevation: NDArray[np.float64],
) -> Kindling:
    what = f"ignition '{ignition.name}'"
    if not 0 <= ignition.at < float("inf"):
        raise InputError(f"{what}: it begins at {ignition.at:g} s; give a time from 0")
    none = np.zeros(0, dtype=np.int64)
    if ignition.target and (ignition.target in buildings.ids or not ignition.points):
        return Kindling(ignition.name, ignition.at, none, np.array([building_of(buildings, ignition.target, what)]))
    if not ignition.points:
        raise InputError(f"{what}: give its place (points), or the id of a building (target)")
    if not ignition.radius >= 0:
        raise InputError(f"{what}: its radius is {ignition.radius:g} m; it must not be below 0")
    for x, y in ignition.points:
        within(grid, x, y, 0.0, what)
    if len(ignition.points) == 1:
        mask = within(grid, *ignition.points[0], ignition.radius, what)
    else:
        mask = along(grid, ignition.points, ignition.radius)
    houses = _touched(ignition, buildings)
    cells = np.flatnonzero(mask & burnable)
    if not len(cells) and not len(houses):
        x, y = ignition.points[0]
        row, column = int((y - grid.south) // grid.cell), int((x - grid.west) // grid.cell)
        number = int(fuel[row, column])
        if np.isnan(elevation[row, column]):
            ground = "no terrain is known there, so that nothing is known of what grows on it"
        elif number == WATER:
            ground = "the ground there is under water, which does not burn"
        else:
            unknown = " (built up, or nothing says what grows there: load a map of fuel or land cover)"
            ground = f"the ground there is of fuel model {number}, which does not burn"
            ground += unknown if number == CITY else ""
        raise InputError(
            f"{what} at {x:.1f}, {y:.1f}: {ground}, and no building stands there; move it, widen its radius, or give a "
            "building as target"
        )
    return Kindling(ignition.name, ignition.at, cells, houses)


CITY, WATER = 91, 98
"""Numbers of the fuel models of built-up ground (NB1) and open water (NB8)."""


def building_of(buildings: Built, target: str, what: str) -> int:
    """Return the number of a building. Raises InputError, naming `what`, for an id that is not known."""
    ids = buildings.ids
    if target in ids:
        return ids.index(target)
    known = suggest(target, ids) if len(ids) <= LISTED else _nearest(target, ids)
    raise InputError(f"{what}: building '{target}' is not known in the area; {known}")


def _nearest(target: str, ids: Sequence[str]) -> str:
    """Return how many are known, and the guess of `suggest` without its list."""
    guess = suggest(target, ids).partition(". Did you mean")[2]
    return f"{len(ids)} are known.{' Did you mean' + guess if guess else ''}"


def _touched(ignition: Ignition, buildings: Built) -> NDArray[np.int64]:
    """Return the numbers of the buildings that the ignition touches."""
    import shapely

    if not len(buildings):
        return np.zeros(0, dtype=np.int64)
    points = ignition.points
    place = shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points)
    return np.flatnonzero(shapely.dwithin(buildings.shapes, place, ignition.radius)).astype(np.int64)
