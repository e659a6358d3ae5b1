"""What stands where the water goes: buildings with the water around them, and the people who live in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry.burn import around, coverage, share_of_group
from twin.impact import Rules, value_class
from twin.runs.consequences.worst import Worst, summary, worst_moments

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Grid
    from twin.runs.frames.store import Frames
    from twin.store import City

#: the depth at a building is the one that at least this share of the cells around it reaches: one puddle at a corner
#: is not a flooded building, and water along half of its walls is
OUTLINE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The cells in which water stands at n shapes.

    owner  (k,)  position of the shape, sorted
    cell   (k,)  row * nx + col
    count  n
    """

    owner: NDArray[np.int64]
    cell: NDArray[np.int64]
    count: int

    def reached(self, values: NDArray[np.floating] | NDArray[np.integer]) -> NDArray[np.float64]:
        """Return (n,) what at least half of the cells of each shape reach, NaN for a shape outside the grid.

        values  (cells,) without NaN
        """
        return share_of_group(self.owner, values[self.cell].astype(np.float32), self.count, 1 - OUTLINE)

    def only(self, rows: NDArray[np.int64]) -> Places:
        """Return the places of these shapes (rising positions), numbered anew."""
        number = np.full(self.count, -1)
        number[rows] = np.arange(len(rows))
        keep = number[self.owner] >= 0
        return Places(number[self.owner[keep]], self.cell[keep], len(rows))


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """The water at n shapes over a run, each value reached by at least half of the cells around the shape.

    depth   (n,) m   greatest depth, 0 where it stays dry or lies outside the run's area
    arrival (n,) s   first time wet, NaN where never
    danger  (n,)     AIDR class 0..6, the worst of the run
    rating  (n,) 1   hazard rating of Defra, the greatest of the run
    wet     (n,) s   time above the run's wet limit, NaN where the run does not keep it
    inside  (n,)     whether it lies in the run's area
    """

    depth: NDArray[np.float64]
    arrival: NDArray[np.float64]
    danger: NDArray[np.int64]
    rating: NDArray[np.float64]
    wet: NDArray[np.float64]
    inside: NDArray[np.bool_]


def places_of(shapes: NDArray[np.object_], grid: Grid, blocked: NDArray[np.bool_]) -> Places:
    """Return where water stands at shapes.

    shapes   (n,) shapely footprints, lines or points in the grid's system
    blocked  (ny, nx) cells that are mostly building: water there is not water in the street
    """
    return Places(*around(shapes, grid, blocked), len(shapes))


def water_at(
    shapes: NDArray[np.object_], frames: Frames, blocked: NDArray[np.bool_], worst: Worst | None = None
) -> Water:
    """Return the water at shapes.

    shapes, blocked  as in `places_of`
    worst            the most dangerous moments of the cells; None: as the summaries alone tell
    """
    return water_of(places_of(shapes, frames.grid, blocked), frames, worst or worst_moments(frames, Rules().form, None))


def water_of(places: Places, frames: Frames, worst: Worst) -> Water:
    """Return the water at places."""
    depth = places.reached(summary(frames, "max_depth", 0.0))
    first = np.nan_to_num(summary(frames, "arrival", np.nan), nan=np.inf)[places.cell]
    arrival = share_of_group(places.owner, first, places.count, OUTLINE)
    wet = np.full(places.count, np.nan)
    if "duration" in frames.summaries:
        wet = places.reached(summary(frames, "duration", 0.0))
    return Water(
        np.nan_to_num(depth),
        np.where(np.isfinite(arrival), arrival, np.nan),
        np.nan_to_num(places.reached(worst.aidr)).astype(np.int64),
        np.nan_to_num(places.reached(worst.rating)),
        wet,
        np.isfinite(depth),
    )


def buildings(city: City) -> tuple[Features | None, NDArray[np.object_]]:
    """Return the buildings of a city that are no part of another, and the footprints of all; None without any."""
    if not city.features.count("building"):
        return None, np.empty(0, dtype=object)
    everything = city.features.read("building")
    if everything.parents is None:
        return everything, everything.geometry
    top = np.array([parent is None for parent in everything.parents])
    return everything.take(top), everything.geometry


def blocked_cells(frames: Frames, footprints: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return (ny, nx) the cells that are mostly building."""
    return np.asarray(coverage(footprints, frames.grid) >= 0.5)


def residents(city: City, of: Features) -> tuple[NDArray[np.float64], int]:
    """Return (n,) people who live in each building, and how many homes remain whose people nobody knows.

    A building's own number counts. What population areas hold beyond that is shared among the homes inside them that
    state none, by floor area (footprint times storeys).
    """
    import shapely

    stated = of.numbers("residents")
    people = np.nan_to_num(stated)
    home = np.array([value_class(use) == "residential" for use in of.column("use")], dtype=bool)
    open_ = np.isnan(stated) & home
    if not open_.any() or not city.features.count("population"):
        return people, int(open_.sum())
    areas = city.features.read("population")
    number = areas.numbers("residents")
    shapes = areas.geometry
    centre = shapely.point_on_surface(of.geometry)
    house, area = shapely.STRtree(shapes).query(centre, predicate="within")
    first = np.unique(house, return_index=True)[1]
    home_of = np.full(len(of), -1)
    home_of[house[first]] = area[first]
    known = home_of >= 0
    counted = np.bincount(home_of[known], people[known], len(areas))
    left = np.maximum(np.nan_to_num(number) - counted, 0.0)
    floors = np.nan_to_num(shapely.area(of.geometry)) * np.maximum(np.nan_to_num(of.numbers("storeys"), nan=1.0), 1.0)
    takes = open_ & known & (floors > 0)
    takes[takes] = np.isfinite(number[home_of[takes]])
    room = np.bincount(home_of[takes], floors[takes], len(areas))
    people[takes] = left[home_of[takes]] * floors[takes] / room[home_of[takes]]
    return people, int((open_ & ~takes).sum())
