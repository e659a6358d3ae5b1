"""The raster of a plan: what is walkable, how far walls are, which walls stand; and where its gates lie."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from twin.errors import InputError, RefusedError
from twin.physics.crowd.plan import Gate, Plan, polygon

Values = NDArray[np.float64]

BEYOND = 0.8
"""m of ground behind each gate: people are counted on its line and leave the plane a little further on."""
OFF_EDGE = 0.05
"""m that a gate may lie off the edge of the ground."""
COMFORT = 0.5
"""m from a wall within which ways are dearer, up to five times [design]; they then keep off corners."""
MOST_CELLS = 20_000_000


class Ground:
    """A plan on a raster.

    cell  m    of it; doors should be four cells wide or more
    look  m    standard deviation of the Gaussian of `share`

    frame      (3,) m    west, south edge and cell
    walkable   (ny, nx)  where the middle of a cell is on the ground or in the strip behind a gate; row 0 south
    zone       (ny, nx)  number of the first zone that holds it, -1: none
    clearance  (ny, nx)  m from the middle of a cell to the nearest cell that is not walkable, less half a cell; 0 there
    share      (ny, nx)  1, of the Gaussian around it that falls on walkable ground
    walls      (k, 4)    m, segments x, y, x, y without the gates
    middle, normal       (gates, 2) m and unit vector out of the ground
    floor      (ny, nx)  the ground without the strips behind gates
    behind     (gates, ny, nx) the strip behind each gate

    Raises InputError naming a gate that does not lie on the edge, RefusedError where the raster is too large.
    """

    def __init__(self, plan: Plan, cell: float, look: float) -> None:
        self.plan = plan
        whole = plan.walkable()
        shapely.prepare(whole)
        west, south, east, north = whole.bounds
        west, south = west - 2 * cell - BEYOND, south - 2 * cell - BEYOND
        nx = math.ceil((east - west + 2 * cell + BEYOND) / cell)
        ny = math.ceil((north - south + 2 * cell + BEYOND) / cell)
        if nx * ny > MOST_CELLS:
            raise RefusedError(
                f"plan: {nx} x {ny} cells of {cell} m; the most is {MOST_CELLS}. Give larger cells or a smaller plan."
            )
        self.frame = np.array([west, south, cell])
        self.shape = ny, nx
        self.x: Values = west + (np.arange(nx, dtype=np.float64) + 0.5) * cell
        self.y: Values = south + (np.arange(ny, dtype=np.float64) + 0.5) * cell
        across, up = np.meshgrid(self.x, self.y)
        placed = [self._place(whole, gate) for gate in plan.gates]
        count = len(placed)
        self.middle = np.array([p[0] for p in placed]).reshape(count, 2)
        self.normal = np.array([p[1] for p in placed]).reshape(count, 2)
        strips = [self._strip(gate, normal) for gate, normal in zip(plan.gates, self.normal, strict=True)]
        floor = shapely.contains_xy(whole, across, up)
        self.behind = np.array([shapely.contains_xy(s, across, up) & ~floor for s in strips]).reshape(count, ny, nx)
        self.floor = floor
        self.walkable = floor | self.behind.any(axis=0)
        self.clearance = np.maximum(ndimage.distance_transform_edt(self.walkable) * cell - cell / 2, 0.0)
        self.share = np.clip(ndimage.gaussian_filter(self.walkable.astype(np.float64), look / cell), 0.2, 1.0)
        self.zone = np.full((ny, nx), -1, np.int64)
        for k in range(len(plan.zones) - 1, -1, -1):
            ring = polygon(plan.zones[k].ring, f"zone {plan.zones[k].id!r}")
            self.zone[shapely.contains_xy(ring, across, up) & floor] = k
        self.walls = self._walls(whole)

    def _place(self, whole: BaseGeometry, gate: Gate) -> tuple[Values, Values]:
        """Return middle (2,) m and outward normal (2,) of a gate."""
        a, b = np.array(gate.start), np.array(gate.end)
        line = LineString([a, b])
        if line.difference(whole.boundary.buffer(OFF_EDGE)).length > 0:
            raise InputError(
                f"plan: gate {gate.id!r} from {gate.start} to {gate.end} does not lie on the edge of the walkable "
                f"ground (within {OFF_EDGE} m). Put both ends on one straight edge."
            )
        middle, along = (a + b) / 2, (b - a) / np.linalg.norm(b - a)
        normal = np.array([along[1], -along[0]])
        if shapely.contains_xy(whole, *(middle + 0.1 * normal)):
            normal = -normal
        return middle, normal

    def _strip(self, gate: Gate, normal: Values) -> Polygon:
        """Return the ground behind a gate, a little over its line so that no row of cells is left out."""
        a, b = np.array(gate.start), np.array(gate.end)
        back = self.frame[2]
        return Polygon([a - back * normal, b - back * normal, b + BEYOND * normal, a + BEYOND * normal])

    def _walls(self, whole: BaseGeometry) -> Values:
        """Return (k, 4) m, the edges without gates, and the sides of the strips behind those."""
        edge = whole.boundary
        found: list[tuple[float, float, float, float]] = []
        for gate, normal in zip(self.plan.gates, self.normal, strict=True):
            edge = edge.difference(LineString([gate.start, gate.end]).buffer(OFF_EDGE + 0.01, cap_style="flat"))
            for x, y in (gate.start, gate.end):
                found.append((x, y, x + BEYOND * normal[0], y + BEYOND * normal[1]))
        for line in shapely.get_parts(shapely.line_merge(edge)):
            points = np.asarray(line.coords)
            found += [(*a, *b) for a, b in zip(points[:-1].tolist(), points[1:].tolist(), strict=True)]
        return np.array(found)

    def cells(self, x: Values, y: Values) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows and columns of points in m; those outside get the nearest."""
        west, south, cell = self.frame
        i = np.clip(((x - west) / cell).astype(np.int64), 0, self.shape[1] - 1)
        j = np.clip(((y - south) / cell).astype(np.int64), 0, self.shape[0] - 1)
        return j, i

    def slowness(self, factor: Values | float) -> Values:
        """Return (ny, nx) 1: time per m of someone who walks 1 m s-1, dearer near walls; infinity off the ground.

        factor  (ny, nx) or one: share of the free speed that is left; below 0.02 it counts as 0.02, so that a way
                through deep water is a last resort and not none
        """
        ease = np.clip(self.clearance / COMFORT, 0.2, 1.0) * np.maximum(factor, 0.02)
        return np.where(self.walkable, 1.0 / ease, np.inf)
