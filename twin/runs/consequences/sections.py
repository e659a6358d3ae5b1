"""Where a road is looked at: sections along lines and surfaces, places across them, and the cells these lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.runs.inputs.surface import LANE, LANES

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Grid

#: places across a road, in widths from its middle
ACROSS = (-1 / 3, 0.0, 1 / 3)


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """Sections of n roads or underpasses, sorted by their owner.

    owner   (s,) int64    position in the list of features
    cells   (s, 3) int64  row * nx + col, across the section
    length  (s,) m        along the road
    """

    owner: NDArray[np.int64]
    cells: NDArray[np.int64]
    length: NDArray[np.float64]

    @classmethod
    def of(cls, owner: NDArray[np.int64], cells: NDArray[np.int64], length: NDArray[np.float64]) -> Sections:
        """Return sections in the order of their owners."""
        order = np.argsort(owner, kind="stable")
        return cls(owner[order], cells[order], length[order])


def widths(roads: Features) -> NDArray[np.float64]:
    """Return (n,) m across: stated, else by lanes, as the roughness takes them; of a surface by area and outline."""
    import shapely

    width, lanes = roads.numbers("width"), roads.numbers("lanes")
    width = np.where(np.isfinite(width), width, LANE * np.where(np.isfinite(lanes), lanes, LANES))
    solid = shapely.get_dimensions(roads.geometry) == 2
    around = np.asarray(shapely.length(roads.geometry), dtype=np.float64)
    return np.where(solid, 2 * shapely.area(roads.geometry) / np.maximum(around, 1e-9), width)


def stations(
    roads: Features, step: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return sections no longer than `step`: (s,) owner, (s, 2) middle m, (s, 2) one width across m, (s,) length m."""
    import shapely

    width = widths(roads)
    solid = shapely.get_dimensions(roads.geometry) == 2
    alone = np.array(roads.geometry, dtype=object)
    alone[solid] = None
    lines, owner = shapely.get_parts(alone, return_index=True)
    length = np.asarray(shapely.length(lines), dtype=np.float64)
    lines, owner, length = lines[length > 0], owner[length > 0], length[length > 0]
    count = np.ceil(length / step).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    each = (length / np.maximum(count, 1))[line]
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(lines[line], (number + part) * each))
        for part in (0.0, 0.5, 1.0)
    ]
    along = ends[2] - ends[0]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    side = np.stack([-along[:, 1], along[:, 0]], axis=1) * width[owner][line][:, None]
    mine, middle, share = _surface_stations(roads.geometry, np.flatnonzero(solid), width, step)
    return (
        np.concatenate([owner[line], mine]).astype(np.int64),
        np.concatenate([ends[1], middle]),
        np.concatenate([side, np.zeros_like(middle)]),
        np.concatenate([each, share]),
    )


def _surface_stations(
    shapes: NDArray[np.object_], which: NDArray[np.int64], width: NDArray[np.float64], step: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle strip of road surfaces, half their width, in points `step` apart: owner, place, length."""
    import shapely

    strips = shapely.buffer(shapes[which], -width[which] / 4)
    strips = np.where(shapely.is_empty(strips), shapely.point_on_surface(shapes[which]), strips)
    owners, places = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2))]
    for i, strip in zip(which.tolist(), strips.tolist(), strict=True):
        west, south, east, north = strip.bounds
        x, y = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
        xy = np.stack([x.ravel(), y.ravel()], axis=1)
        xy = xy[shapely.contains_xy(strip, xy)] if len(xy) else xy
        xy = xy if len(xy) else shapely.get_coordinates(shapely.point_on_surface(strip))
        owners.append(np.full(len(xy), i))
        places.append(xy)
    owner = np.concatenate(owners)
    count = np.bincount(owner, minlength=len(shapes))
    half = np.asarray(shapely.length(shapes), dtype=np.float64) / 2
    return owner, np.concatenate(places), half[owner] / count[owner]


def cells_across(
    points: NDArray[np.float64], side: NDArray[np.float64], grid: Grid, blocked: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (s, 3) the cells across sections, and (s,) whether the section is inside the grid and not all building.

    A place outside the grid or in a building stands for the middle, or for another place where the middle is one.
    """
    if not len(points):
        return np.zeros((0, len(ACROSS)), dtype=np.int64), np.zeros(0, dtype=bool)
    cells, good = (
        np.stack(rows, axis=1) for rows in zip(*(cell_of(points + a * side, grid) for a in ACROSS), strict=True)
    )
    good &= ~blocked.ravel()[cells]
    middle = len(ACROSS) // 2
    best = np.where(good[:, middle], middle, good.argmax(axis=1))
    spare = cells[np.arange(len(cells)), best]
    return np.where(good, cells, spare[:, None]), np.asarray(good.any(axis=1))


def cell_of(xy: NDArray[np.float64], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (s,) the cell of each point, 0 outside the grid, and whether it is inside."""
    col = np.floor((xy[:, 0] - grid.west) / grid.cell).astype(np.int64)
    row = np.floor((xy[:, 1] - grid.south) / grid.cell).astype(np.int64)
    inside = (col >= 0) & (col < grid.nx) & (row >= 0) & (row < grid.ny)
    return np.where(inside, row * grid.nx + col, 0), inside


def centres_within(shapes: NDArray[np.object_], grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the cell centres inside polygons: (s,) owner, (s, 2) m."""
    import shapely

    owners, places = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2))]
    for i, shape in enumerate(shapes.tolist()):
        if shape is None or shape.is_empty:
            continue
        box: Any = np.array(shape.bounds) - np.array([grid.west, grid.south] * 2)
        west, south, east, north = np.clip(np.floor(box / grid.cell), 0, [grid.nx, grid.ny] * 2).astype(int)
        col, row = np.meshgrid(np.arange(west, min(east + 1, grid.nx)), np.arange(south, min(north + 1, grid.ny)))
        xy = np.stack([col.ravel() + 0.5, row.ravel() + 0.5], axis=1) * grid.cell + np.array([grid.west, grid.south])
        xy = xy[shapely.contains_xy(shape, xy)] if len(xy) else xy
        owners.append(np.full(len(xy), i))
        places.append(xy)
    return np.concatenate(owners), np.concatenate(places)
