"""Ways between cells: which neighbours a cell lights directly, and which cells each of those ways crosses.

A fire that starts at a point burns an ellipse around its rear focus: the time along a way v is a (|v| - e v.h), with
a = 1 / (R (1 - e)), h the heading. Directions are equally dense in the ellipse's own parametric angle, which means
dense around the head: two ways side by side are an acute pair for that measure, so that one pass in the order of time
is exact, and waves between two cells are interpolated with the same error whichever the length to width.

Source: Mirebeau (2014), Efficient fast marching with Finsler metrics, doi:10.1007/s00211-013-0571-3 (stencils by
refinement of a ring of lattice vectors along the Stern-Brocot tree).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

SECTORS = 64
"""Classes of headings; sector 0 lies around east. A multiple of 4: a turn by 90 degrees turns stencils exactly."""
BINS = 19
"""Classes of eccentricity, by sqrt((1 + e) / (1 - e)) in steps of 2^(1/4): up to a length to width of 11."""
WIDEST = math.radians(30.0)
"""Greatest difference of parametric angles of two ways side by side."""
REACH = 24
"""Cells, greatest step of a way along an axis; the width of the rim around the grid."""

Way = tuple[int, int]
AROUND: tuple[Way, ...] = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
"""Ways to the cells around, counter-clockwise: they are in every ring, and the first of the tables."""
Crossed = tuple[tuple[int, int, float], ...]


def stretch(e: float) -> float:
    """Return sqrt((1 + e) / (1 - e)), the factor by which directions near the head are denser than on a circle."""
    return math.sqrt((1.0 + e) / (1.0 - e))


def eccentricity_class(e: float) -> int:
    """Return the class, 0..BINS - 1, of an eccentricity of 0 to below 1."""
    return min(BINS - 1, math.ceil(4.0 * math.log2(stretch(e)) - 1e-9))


def heading_class(heading: float) -> int:
    """Return the class, 0..SECTORS - 1, of a heading in rad, counter-clockwise from east."""
    return math.floor(heading * SECTORS / math.tau + 0.5) % SECTORS


def parametric(angle: float, by: float) -> float:
    """Return the parametric angle, rad, of a direction `angle` rad from the head, for a stretch `by`; odd, rising."""
    turns = round(angle / math.tau)
    return 2.0 * math.atan(by * math.tan((angle - turns * math.tau) / 2.0)) + turns * math.tau


def too_wide(u: Way, v: Way, heading: float, by: float) -> bool:
    """Return whether two ways (dx, dy), v left of u, leave too great a gap for headings in the sector of one.

    The gap in parametric angle is WIDEST at most, and each way points forwards from a front that moves along the other.
    """
    first = math.atan2(u[1], u[0]) - heading
    first = (first + math.pi) % math.tau - math.pi
    apart = math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])
    second = first + apart
    half = math.pi / SECTORS
    e = (by * by - 1.0) / (by * by + 1.0)
    for d in (-half, 0.0, half):
        if parametric(second - d, by) - parametric(first - d, by) > WIDEST:
            return True
        if math.cos(apart) <= e * max(math.cos(first - d), math.cos(second - d)):
            return True
    return False


def refined(u: Way, v: Way, heading: float, by: float) -> list[Way]:
    """Return the ways from u (included) to v (excluded), split until none of the gaps is too wide."""
    w = (u[0] + v[0], u[1] + v[1])
    if max(abs(w[0]), abs(w[1])) > REACH or not too_wide(u, v, heading, by):
        return [u]
    return refined(u, w, heading, by) + refined(w, v, heading, by)


@cache
def ring(eccentricity: int, sector: int) -> tuple[Way, ...]:
    """Return the ways (dx, dy) of a class, counter-clockwise; two side by side span a cell of area 1.

    eccentricity  0..BINS - 1     see `eccentricity_class`
    sector        0..SECTORS - 1  see `heading_class`
    """
    quarter = SECTORS // 4
    if sector >= quarter:  # a turn by 90 degrees, exactly
        return tuple((-y, x) for x, y in ring(eccentricity, sector - quarter))
    by = 2.0 ** (eccentricity / 4.0)
    heading = sector * math.tau / SECTORS
    ways: list[Way] = []
    for k in range(8):
        ways += refined(AROUND[k], AROUND[(k + 1) % 8], heading, by)
    return tuple(ways)


@cache
def crossed(dx: int, dy: int) -> tuple[Crossed, tuple[Way, Way] | None]:
    """Return (x, y, length in cells) of the cells crossed from centre to centre, and the two beside a corner passed.

    dx, dy  without a common divisor; then at most one corner lies on the way, in its middle
    """
    length = math.hypot(dx, dy)
    ax, ay, sx, sy = abs(dx), abs(dy), 1 if dx > 0 else -1, 1 if dy > 0 else -1
    cells: list[tuple[int, int, float]] = []
    corner: tuple[Way, Way] | None = None
    x = y = i = j = 0
    at = 0.0
    while i < ax or j < ay:
        # side i across x is met at (2 i + 1) / (2 ax) of the way: compared in integers, so that corners are exact
        right, up = (2 * i + 1) * ay, (2 * j + 1) * ax
        here = (2 * i + 1) / (2 * ax) if ay == 0 or (ax and right <= up) else (2 * j + 1) / (2 * ay)
        cells.append((x, y, (here - at) * length))
        at = here
        if ax and ay and right == up:
            corner = ((x + sx, y), (x, y + sy))
            x, y, i, j = x + sx, y + sy, i + 1, j + 1
        elif ay == 0 or (ax and right < up):
            x, i = x + sx, i + 1
        else:
            y, j = y + sy, j + 1
    cells.append((x, y, (1.0 - at) * length))
    return tuple(cells), corner


@dataclass(frozen=True, slots=True, eq=False)
class Stencils:
    """All ways of all classes as flat tables for kernels, on a grid whose rows are `width` cells apart.

    ring_from  (classes + 1,) int32   first place of each class in `ring`; class = eccentricity * SECTORS + heading
    ring       (places,) int32        numbers of ways, counter-clockwise in each class
    way        (ways, 4) float64      dx, dy, length, 1 / length; in cells
    step       (ways,) int64          from cell to cell in the flat grid
    corner     (ways, 2) int64        steps to the two cells beside the corner that is passed; 0, 0 without
    cell_from  (ways + 1,) int32      first of the crossed cells of each way in the next two
    cell       (crossed,) int64       steps to the crossed cells
    share      (crossed,) float64     their share of the way
    """

    ring_from: NDArray[np.int32]
    ring: NDArray[np.int32]
    way: NDArray[np.float64]
    step: NDArray[np.int64]
    corner: NDArray[np.int64]
    cell_from: NDArray[np.int32]
    cell: NDArray[np.int64]
    share: NDArray[np.float64]


@cache
def stencils(width: int) -> Stencils:
    """Return the tables for a flat grid whose rows are `width` cells apart."""
    number = {way: k for k, way in enumerate(AROUND)}
    places: list[int] = []
    starts = [0]
    for eccentricity in range(BINS):
        for sector in range(SECTORS):
            places += [number.setdefault(way, len(number)) for way in ring(eccentricity, sector)]
            starts.append(len(places))
    found = [crossed(*way) for way in number]
    cells = [cell for row, _ in found for cell in row]
    lengths = [math.hypot(*way) for way in number]
    return Stencils(
        np.array(starts, np.int32),
        np.array(places, np.int32),
        np.array([(*way, d, 1.0 / d) for way, d in zip(number, lengths, strict=True)]),
        np.array([y * width + x for x, y in number], np.int64),
        np.array([[y * width + x for x, y in corner or ((0, 0), (0, 0))] for _, corner in found], np.int64),
        np.cumsum([0, *(len(row) for row, _ in found)]).astype(np.int32),
        np.array([y * width + x for x, y, _ in cells], np.int64),
        np.array([part / d for (row, _), d in zip(found, lengths, strict=True) for _, _, part in row]),
    )
