"""Solids from plans: footprints drawn up to prisms, heights on a grid laid as a surface. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.model.field import Grid


@dataclass(frozen=True, slots=True, eq=False)
class Triangles:
    """A mesh of triangles.

    points  (n, 3) float64 m
    faces   (m, 3) int64, counter-clockwise seen from outside
    owners  (m,) int64: which of the things the mesh was made from each face belongs to
    """

    points: NDArray[np.float64]
    faces: NDArray[np.int64]
    owners: NDArray[np.int64]


def prisms(footprints: NDArray[np.object_], base: NDArray[np.float64], top: NDArray[np.float64]) -> Triangles:
    """Return the walls and roofs of buildings in one mesh; floors, which nobody sees, are left out.

    footprints  (n,) shapely Polygon or MultiPolygon, holes allowed; None and empty ones are passed over
    base, top   (n,) m  where the walls begin and where the flat roof lies, top >= base
    """
    import shapely

    parts, owner = shapely.get_parts(footprints, return_index=True)
    outward = shapely.orient_polygons(parts)
    points, faces, owners = [], [], []
    count = 0
    for shape, who in zip(outward.tolist(), owner.tolist(), strict=True):
        if shape is None or shape.is_empty:
            continue
        rings = [shapely.get_coordinates(ring)[:-1] for ring in (shape.exterior, *shape.interiors)]
        made = _walls(rings, base[who], top[who]), _roof(rings, top[who])
        for corners, triangles in made:
            points.append(corners)
            faces.append(triangles + count)
            owners.append(np.full(len(triangles), who, np.int64))
            count += len(corners)
    if not points:
        return Triangles(np.zeros((0, 3)), np.zeros((0, 3), np.int64), np.zeros(0, np.int64))
    return Triangles(np.concatenate(points), np.concatenate(faces), np.concatenate(owners))


def _walls(rings: list[NDArray[np.float64]], base: float, top: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return corners and triangles of the walls over rings (outer counter-clockwise, holes clockwise).

    Each wall has corners of its own, so that edges stay sharp in the light.
    """
    start = np.concatenate(rings)
    end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    n = len(start)
    corners = np.empty((n, 4, 3))
    corners[:, 0, :2], corners[:, 1, :2], corners[:, 2, :2], corners[:, 3, :2] = start, end, end, start
    corners[:, :2, 2], corners[:, 2:, 2] = base, top
    first = 4 * np.arange(n)[:, None]
    triangles = np.concatenate([first + np.array([[0, 1, 2]]), first + np.array([[0, 2, 3]])])
    return corners.reshape(-1, 3), triangles.astype(np.int64)


def _roof(rings: list[NDArray[np.float64]], top: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return corners and triangles of a flat roof over rings."""
    from mapbox_earcut import triangulate_float64

    plan = np.concatenate(rings)
    ends = np.cumsum([len(ring) for ring in rings]).astype(np.uint32)
    # measured from its first corner: city coordinates leave few digits for the small angles of a footprint
    triangles = triangulate_float64(np.ascontiguousarray(plan - plan[0]), ends).reshape(-1, 3).astype(np.int64)
    a, b, c = (plan[triangles[:, i]] for i in range(3))
    turn = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[turn < 0] = triangles[turn < 0][:, ::-1]
    return np.column_stack([plan, np.full(len(plan), top)]), triangles


def sheet(grid: Grid, heights: NDArray[np.floating], keep: NDArray[np.bool_] | None = None) -> Triangles:
    """Return the surface through the cell centres of a grid, two triangles between four neighbours.

    heights  (ny, nx) m, row 0 south; triangles with a NaN corner are left out
    keep     (ny, nx) only triangles with at least one such corner; None: all
    owners   position of a triangle's south-western cell in the flattened grid
    """
    ny, nx = grid.shape
    x = grid.west + (np.arange(nx) + 0.5) * grid.cell
    y = grid.south + (np.arange(ny) + 0.5) * grid.cell
    east, north = np.meshgrid(x, y)
    points = np.column_stack([east.ravel(), north.ravel(), np.asarray(heights, np.float64).ravel()])
    first = (np.arange(ny - 1)[:, None] * nx + np.arange(nx - 1)).ravel()
    faces = np.concatenate(
        [np.column_stack([first, first + 1, first + nx + 1]), np.column_stack([first, first + nx + 1, first + nx])]
    )
    owners = np.concatenate([first, first])
    wanted = np.isfinite(points[:, 2])[faces].all(axis=1)
    if keep is not None:
        wanted &= keep.ravel()[faces].any(axis=1)
    return Triangles(points, faces[wanted].astype(np.int64), owners[wanted].astype(np.int64))
