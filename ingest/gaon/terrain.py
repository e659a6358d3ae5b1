"""The ground: hills, a low basin, a river between dikes, a railway bank. 2.5 m cells, no buildings.

Like a surveyed terrain it shows no underpass: the bank is open where a road dives through, at the level of the streets
on both sides. How deep the road lies there is in the register of underpasses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree
from shapely import LineString, MultiPolygon

from ingest.gaon import plan
from ingest.gaon.shapes import crossing, dice, piece, polygons, smooth

#: m, side of a cell
CELL = 2.5
Values = NDArray[np.float64]

#: slope of dikes and banks, rise of ground behind the banks
DIKE_SLOPE, NORTH_RISE, SOUTH_RISE = 0.5, 0.0070, 0.0075
#: underpass: half-width, length of the flat bottom and of each ramp, depth below the ground, all m
TRENCH_HALF, TRENCH_FLAT, TRENCH_RAMP, TRENCH_DEPTH = 11.0, 30.0, 60.0, 2.8


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A line with its cells' distance to it (m) and their place along it (m), both (ny, nx)."""

    line: LineString
    distance: Values
    along: Values


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Elevation of bare ground in m above the height datum, (ny, nx), row 0 south, and the hills' share of it."""

    level: Values
    hills: Values

    def at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Values:
        """Return the elevation in m at local coordinates; outside of the district that of its edge."""
        ny, nx = self.level.shape
        column = np.clip((np.asarray(x) / CELL).astype(int), 0, nx - 1)
        row = np.clip((np.asarray(y) / CELL).astype(int), 0, ny - 1)
        found: Values = self.level[row, column]
        return found


@cache
def river() -> LineString:
    """Return the centre line of the river, downstream."""
    return smooth(plan.RIVER)


@cache
def stream() -> LineString:
    """Return the centre line of the tributary, downstream."""
    return smooth(plan.STREAM)


@cache
def railway() -> LineString:
    """Return the axis of the railway, eastward."""
    return smooth(plan.RAILWAY)


def centres() -> tuple[Values, Values]:
    """Return x and y of the cell centres, (ny, nx) each."""
    x = np.arange(plan.WIDTH / CELL) * CELL + CELL / 2
    y = np.arange(plan.HEIGHT / CELL) * CELL + CELL / 2
    grid = np.meshgrid(x, y)
    return grid[0], grid[1]


def course(line: LineString, reach: float) -> Course:
    """Return distance and place along `line`, good to 0.1 m, for cells within `reach` m; infinitely far beyond."""
    points = shapely.get_coordinates(shapely.segmentize(line, 1.0))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    x, y = centres()
    distance, place = np.full(x.shape, np.inf), np.zeros(x.shape)
    west, south, east, north = line.buffer(reach).bounds
    boxed = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    found, nearest = cKDTree(points).query(np.column_stack([x[boxed], y[boxed]]), distance_upper_bound=reach)
    distance[boxed], place[boxed] = found, along[np.minimum(nearest, len(along) - 1)]
    return Course(line, distance, place)


def river_bed(x: Values) -> Values:
    """Return the level of the river's bed in m at local easting x: 1.25 m per km down to the west."""
    return 14.0 + 0.00125 * np.asarray(x, dtype=float)


def stream_bed(along: Values) -> Values:
    """Return the level of the tributary's bed in m, `along` m downstream of its first point."""
    end = stream().length
    foot = float(river_bed(np.array(plan.STREAM[-1][0])))
    return foot + 8.6 * np.clip(1.0 - np.asarray(along) / end, 0.0, 1.0)


def crest(kind: str, x: Values, y: Values, along: Values) -> Values:
    """Return the level of a dike's crest in m; the river's south dike has sunk at one place."""
    if kind == "stream":
        backwater = float(river_bed(np.array(plan.STREAM[-1][0]))) + plan.RIVER_RISE[1]
        return np.maximum(stream_bed(along) + plan.STREAM_RISE[1], backwater)
    cx, cy, length, depth = plan.DIP
    near = np.exp(-(((x - cx) / (length / 2)) ** 4) - ((y - cy) / 45.0) ** 4)
    return river_bed(x) + plan.RIVER_RISE[1] - depth * near


def hills(x: Values, y: Values) -> Values:
    """Return the rise of the hills above the valley in m: north-west and south-east, with ridges."""
    shape = np.zeros_like(x)
    for top, cx, cy, wx, wy in (
        (118.0, 120.0, 2420.0, 470.0, 400.0), (88.0, 760.0, 2470.0, 330.0, 330.0), (62.0, 1270.0, 2520.0, 260.0, 290.0),
        (34.0, 1680.0, 2560.0, 200.0, 260.0), (30.0, -80.0, 1760.0, 260.0, 160.0), (42.0, 3330.0, -60.0, 330.0, 170.0),
    ):  # fmt: skip
        shape = np.maximum(shape, top * np.exp(-(((x - cx) / wx) ** 2) - ((y - cy) / wy) ** 2))
    # spurs and gullies that run downhill, so that no hollow is closed
    across = x + 70.0 * np.sin(y / 190.0) + 25.0 * np.sin(y / 67.0 + 1.0)
    along = np.arange(across.min(), across.max() + 4.0, 4.0)
    noise = dice("hills").standard_normal(len(along))
    profile = gaussian_filter(noise, 11) * 0.62 + gaussian_filter(noise[::-1], 4.5) * 0.16
    spurs = np.interp(across, along, profile)
    out: Values = np.maximum(gaussian_filter(shape, 20) - 1.5, 0.0) * (1.0 + spurs)
    return out


def valley(x: Values, y: Values) -> Values:
    """Return the level of the valley floor in m: it rises away from the river, and sags in the basin to its south."""
    bed = river_bed(x)
    river_y = np.interp(x, *np.array(sorted(plan.RIVER)).T)
    north = bed + 4.0 + NORTH_RISE * np.maximum(y - river_y - 70.0, 0.0)
    rail_y = np.interp(x, *np.array(plan.RAILWAY).T)
    behind = np.maximum(rail_y - y, 0.0)
    rim = 0.0048 * np.maximum(480.0 - x, 0.0) + 0.0016 * np.maximum(x - 2150.0, 0.0)
    bowl = 0.85 * np.exp(-(((x - 1060.0) / 430.0) ** 2) - ((y - 745.0) / 190.0) ** 2)
    pocket = 0.45 * np.exp(-(((x - 1120.0) / 150.0) ** 2) - ((y - 850.0) / 75.0) ** 2)
    fall = 0.0013 * np.clip(y - rail_y, 0.0, 500.0)
    south = bed + 2.75 + rim - bowl - pocket - fall + SOUTH_RISE * behind
    side = np.clip((y - river_y) / 60.0 + 0.5, 0.0, 1.0)
    waves = gaussian_filter(dice("valley").standard_normal(x.shape), 30) * 12
    level: Values = south + (north - south) * side + 0.06 * waves
    return level


def bank(kind: str, halves: tuple[float, ...], at: Course, x: Values, y: Values) -> tuple[Values, Values]:
    """Return (least level that the dikes give, greatest level that the channel leaves) in m, for every cell."""
    bed_half, foot, terrace, inner, outer, _ = halves
    rises = plan.RIVER_RISE if kind == "river" else plan.STREAM_RISE
    bed = river_bed(x) if kind == "river" else stream_bed(at.along)
    top = crest(kind, x, y, at.along)
    d = at.distance
    raised = top - DIKE_SLOPE * np.maximum(d - outer, 0.0)
    carved = bed + np.interp(d, (bed_half, foot, terrace), (0.0, rises[0], rises[0]))
    wall = np.where(d > terrace, bed + rises[0] + (top - bed - rises[0]) * (d - terrace) / (inner - terrace), carved)
    return raised, np.where(d < inner, wall, np.inf)


def dives() -> list[tuple[str, float, MultiPolygon]]:
    """Return name, depth in m of the roadway below the streets, and ground with both ramps of each underpass."""
    half = TRENCH_FLAT / 2 + TRENCH_RAMP
    return [
        (
            name,
            TRENCH_DEPTH,
            MultiPolygon(polygons(piece(line, at - half, at + half).buffer(TRENCH_HALF, cap_style="flat"))),
        )
        for name, line, at in underpasses()
    ]


def underpasses() -> list[tuple[str, LineString, float]]:
    """Return name, road axis and place along it (m) of the crossing, for each road that dives under the railway."""
    found = []
    for road in plan.MAIN_ROADS:
        if road.over_rail == "under":
            line = smooth(road.line)
            found.append((f"{road.name} 지하차도", line, line.project(crossing(line, railway()))))
    return found


@cache
def ground() -> Ground:
    """Return the ground of the district."""
    x, y = centres()
    to_river, to_stream, to_rail = (course(line, 90.0) for line in (river(), stream(), railway()))
    rise = hills(x, y)
    level = valley(x, y) + rise
    dikes = [bank("river", plan.RIVER_HALF, to_river, x, y), bank("stream", plan.STREAM_HALF, to_stream, x, y)]
    street = level.copy()
    for raised, _ in dikes:
        level = np.maximum(level, raised)
    station = np.clip((np.abs(to_rail.along - 1595.0) - 170.0) / 60.0, 0.0, 1.0)
    crown = plan.RAIL_HALF + 9.0 * (1.0 - station)
    floor = gaussian_filter(street, 8)
    level = np.maximum(level, floor + plan.RAIL_RISE - 0.6 * np.maximum(to_rail.distance - crown, 0.0))
    for _, carved in dikes:
        level = np.minimum(level, carved)
    for _, line, middle in underpasses():
        dive = course(line, TRENCH_HALF + CELL)
        opened = (dive.distance <= TRENCH_HALF) & (np.abs(dive.along - middle) < TRENCH_FLAT / 2 + TRENCH_RAMP)
        level = np.where(opened, np.minimum(level, floor), level)
    return Ground(level, rise)
