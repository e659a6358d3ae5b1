"""Which facades see each other: pairs of nodes within reach, with gap, view factor and direction, in rows per emitter.

Real polygons. The gap is the least distance between the outlines. The view factor is exact for the facades of the
emitter as rectangles: the element of the receiver lies on the side that sees most of it, nearest to its middle.
Free-standing walls in between hide what is behind them; buildings in between are not looked for.
"""

from __future__ import annotations

from math import acos, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called, kernel
from twin.physics.urban_fire.buildings import Buildings
from twin.physics.urban_fire.exposure import FACADE_EMITS

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Grid = tuple[Integers, Integers, float, float, float, int, int]

REACH = 40.0
"""m beyond which a facade of 10 x 6 m has a view factor below 0.012."""

UNFELT = 1.0
"""kW m-2 below which a node without a flame above a roof is not felt: opposite half of its facades (assumption)."""

ATTACHED = 0.3
"""m; a gap below it is a party wall. Without timber or combustible cladding on either side nothing passes it; on one
side nothing comes to the other as high as the building stands that burns: that wall has no openings (assumption)."""

FAR = 1e6
"""m, gap of a pair that flames do not cross."""


class Pairs:
    """Directed pairs in compressed rows: those of emitter i are starts[i] to starts[i + 1].

    starts  (n + 1,)    target  (k,)  receiver      gap  (k,) m   between the outlines, `FAR` through a party wall
    view    (k,)  1     of the emitter's facade     dx, dy, dz  (k,) m   from the middle of its roof to the element

    View and place of the element are there once `look` has been asked for the emitter: those that never burn never are.
    """

    def __init__(
        self, city: Buildings, starts: Integers, target: NDArray[np.int32], gap: NDArray[np.float32], walls: Array
    ) -> None:
        self.starts, self.target, self.gap = starts, target, gap
        self.view, self.dx, self.dy, self.dz = (np.zeros(len(target), np.float32) for _ in range(4))
        self._looked = np.zeros(city.count, bool)
        shapes = city.outlines
        self._city = (shapes.corners, shapes.starts, city.base, city.top, shapes.centroid, walls)

    def look(self, emitters: Integers) -> None:
        """Work out what the neighbours of these nodes (k,) see of them, where it has not been."""
        fresh = emitters[~self._looked[emitters]]
        if len(fresh):
            fill(*self._city, fresh, self.starts, self.target, self.gap, (self.view, self.dx, self.dy, self.dz))
            self._looked[fresh] = True


@called
def apart(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Return the square of the distance from a point p to a segment a-b, in m2.

    px, py, ax, ay, bx, by  m
    """
    ux, uy = bx - ax, by - ay
    along = ((px - ax) * ux + (py - ay) * uy) / max(ux * ux + uy * uy, 1e-12)
    along = min(1.0, max(0.0, along))
    ex, ey = ax + along * ux - px, ay + along * uy - py
    return ex * ex + ey * ey


@called
def distance(corners: Array, a0: int, a1: int, b0: int, b1: int) -> float:
    """Return the least distance in m between two rings that do not cross.

    corners  (m, 2)  m     a0, a1, b0, b1  first corner of each ring and the one after its last
    """
    best = 1e30
    for k in range(a0, a1):
        n = k + 1 if k + 1 < a1 else a0
        for m in range(b0, b1):
            o = m + 1 if m + 1 < b1 else b0
            one = apart(corners[m, 0], corners[m, 1], corners[k, 0], corners[k, 1], corners[n, 0], corners[n, 1])
            two = apart(corners[k, 0], corners[k, 1], corners[m, 0], corners[m, 1], corners[o, 0], corners[o, 1])
            best = min(best, one, two)
    return sqrt(best)


@called
def corner_term(ax: float, ay: float, az: float, bx: float, by: float, bz: float, nx: float, ny: float) -> float:
    """Return the part that one side a-b of a polygon has in its view factor, in rad.

    ax .. bz  m   from the element      nx, ny  1   normal of the element, which is level

    Source: Lambert (1760); contour form in Sparrow and Cess, Radiation Heat Transfer.
    """
    cx, cy, cz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    size = sqrt(cx * cx + cy * cy + cz * cz)
    if size < 1e-12:
        return 0.0
    cosine = (ax * bx + ay * by + az * bz) / sqrt((ax * ax + ay * ay + az * az) * (bx * bx + by * by + bz * bz))
    return acos(min(1.0, max(-1.0, cosine))) * (cx * nx + cy * ny) / size


@called
def view_of_wall(ax: float, ay: float, bx: float, by: float, low: float, high: float, nx: float, ny: float) -> float:
    """Return the view factor of an upright rectangle from an element with a level normal; what is behind it is cut off.

    ax, ay, bx, by  m  ends of the rectangle in plan, from the element      low, high  m   from the element
    nx, ny          1  normal of the element
    """
    fa, fb = ax * nx + ay * ny, bx * nx + by * ny
    if max(fa, fb) <= 1e-9:
        return 0.0
    if fa < 0.0:
        share = fa / (fa - fb)
        ax, ay = ax + share * (bx - ax), ay + share * (by - ay)
    elif fb < 0.0:
        share = fb / (fb - fa)
        bx, by = bx + share * (ax - bx), by + share * (ay - by)
    total = corner_term(ax, ay, low, bx, by, low, nx, ny) + corner_term(bx, by, low, bx, by, high, nx, ny)
    total += corner_term(bx, by, high, ax, ay, high, nx, ny) + corner_term(ax, ay, high, ax, ay, low, nx, ny)
    return abs(total) / (2 * pi)


@called
def meet(ex: float, ey: float, wx: float, wy: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Return at which share of the way from e along w a segment a-b is met, infinity where it is not.

    ex .. by  m
    """
    ux, uy, px, py = bx - ax, by - ay, ax - ex, ay - ey
    cross = wx * uy - wy * ux
    if abs(cross) < 1e-12:
        return np.inf
    along = (px * wy - py * wx) / cross
    return (px * uy - py * ux) / cross if 0.0 <= along <= 1.0 else np.inf


@called
def hidden(ex: float, ey: float, ez: float, cx: float, cy: float, ring: Array, walls: Array) -> float:
    """Return the elevation in m up to which free-standing walls hide the facade of a building from an element e.

    ex, ey, ez, cx, cy  m   the element, the middle of the building      ring  (k, 2) m   its outline
    walls   (k, 5)  m       x, y of both ends, elevation of the crest
    """
    most, facade, wx, wy = -1e30, 1.0, cx - ex, cy - ey
    for k in range(ring.shape[0]):
        n = k + 1 if k + 1 < ring.shape[0] else 0
        met = meet(ex, ey, wx, wy, ring[k, 0], ring[k, 1], ring[n, 0], ring[n, 1])
        if met > 0:
            facade = min(facade, met)
    for k in range(walls.shape[0]):
        met = meet(ex, ey, wx, wy, walls[k, 0], walls[k, 1], walls[k, 2], walls[k, 3])
        if 0 < met < facade:
            most = max(most, ez + (walls[k, 4] - ez) * facade / met)
    return most


@called
def view(
    corners: Array, starts: Integers, base: Array, top: Array, middle: Array, walls: Array, i: int, j: int, out: Array
) -> None:
    """Write the view factor of node i from node j, where the element lies, and whether flames pass: 1, m, m, m, 1.

    corners (m, 2) m   starts (n + 1,)   base, top (n,) m   middle (n, 2) m   walls  see `hidden`   out (5,)
    """
    best, ex, ey, nx, ny = -1e30, 0.0, 0.0, 1.0, 0.0
    cx, cy = middle[i, 0], middle[i, 1]
    for k in range(starts[j], starts[j + 1]):
        n = k + 1 if k + 1 < starts[j + 1] else starts[j]
        ux, uy = corners[n, 0] - corners[k, 0], corners[n, 1] - corners[k, 1]
        length = sqrt(ux * ux + uy * uy)
        if length < 1e-6:
            continue
        along = ((cx - corners[k, 0]) * ux + (cy - corners[k, 1]) * uy) / (length * length)
        along = min(0.95, max(0.05, along))
        px, py = corners[k, 0] + along * ux, corners[k, 1] + along * uy
        wx, wy = cx - px, cy - py
        score = (wx * uy - wy * ux) / length / (wx * wx + wy * wy + 1e-9)
        if score > best:
            best, ex, ey, nx, ny = score, px, py, uy / length, -ux / length
    ez = min(max((base[i] + top[i]) / 2, base[j]), top[j])
    low = base[i]
    if walls.shape[0] > 0:
        low = max(low, hidden(ex, ey, ez, cx, cy, corners[starts[i] : starts[i + 1]], walls))
    out[1], out[2], out[3], out[4] = ex, ey, ez, 1.0 if low < (base[i] + top[i]) / 2 else 0.0
    total = 0.0
    for k in range(starts[i], starts[i + 1] if low < top[i] else starts[i]):
        n = k + 1 if k + 1 < starts[i + 1] else starts[i]
        ax, ay = corners[k, 0] - ex, corners[k, 1] - ey
        bx, by = corners[n, 0] - ex, corners[n, 1] - ey
        # a wall is seen from its outer side only
        if ax * (by - ay) - ay * (bx - ax) < -1e-9:
            total += view_of_wall(ax, ay, bx, by, low - ez, top[i] - ez, nx, ny)
    out[0] = min(total, 1.0)


@kernel
def find(corners: Array, starts: Integers, boxes: Array, grid: Grid, reach: float) -> tuple[Integers, Array]:
    """Return pairs (k, 2) of nodes i < j within reach and their gaps (k,) in m.

    corners (m, 2) m     starts (n + 1,)     boxes (n, 4) m     grid  see `lay`     reach  m
    """
    first, members, west, south, cell, nx, ny = grid
    n = boxes.shape[0]
    seen = np.full(n, -1, np.int64)
    room = 16 * n + 16
    found, gaps, count = np.empty((room, 2), np.int64), np.empty(room), 0
    for i in range(n):
        x0, x1 = int((boxes[i, 0] - reach - west) // cell), int((boxes[i, 2] + reach - west) // cell)
        y0, y1 = int((boxes[i, 1] - reach - south) // cell), int((boxes[i, 3] + reach - south) // cell)
        for row in range(max(0, y0), min(ny - 1, y1) + 1):
            for column in range(max(0, x0), min(nx - 1, x1) + 1):
                at = row * nx + column
                for k in range(first[at], first[at + 1]):
                    j = members[k]
                    if j <= i or seen[j] == i:
                        continue
                    seen[j] = i
                    ox = max(0.0, boxes[j, 0] - boxes[i, 2], boxes[i, 0] - boxes[j, 2])
                    oy = max(0.0, boxes[j, 1] - boxes[i, 3], boxes[i, 1] - boxes[j, 3])
                    if ox * ox + oy * oy > reach * reach:
                        continue
                    gap = distance(corners, starts[i], starts[i + 1], starts[j], starts[j + 1])
                    if gap > reach:
                        continue
                    if count == room:
                        room *= 2
                        more, longer = np.empty((room, 2), np.int64), np.empty(room)
                        more[:count], longer[:count] = found[:count], gaps[:count]
                        found, gaps = more, longer
                    found[count, 0], found[count, 1], gaps[count] = i, j, gap
                    count += 1
    return found[:count], gaps[:count]


@kernel
def fill(
    corners: Array, starts: Integers, base: Array, top: Array, middle: Array, walls: Array, emitters: Integers,
    rows: Integers, target: NDArray[np.int32], gap: NDArray[np.float32],
    out: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]],
) -> None:  # fmt: skip
    """Write what the neighbours of some nodes see of them.

    corners (m, 2) m   starts (n + 1,)   base, top (n,) m   middle (n, 2) m
    walls  see `hidden`   emitters (k,)   rows, target, gap m   the pairs
    out    view factor 1, and place of the element from the middle of the roof, m
    """
    seen = np.empty(5)
    for i in emitters:
        for k in range(rows[i], rows[i + 1]):
            view(corners, starts, base, top, middle, walls, i, target[k], seen)
            out[0][k] = seen[0] if gap[k] < FAR else 0.0
            if seen[4] == 0:
                gap[k] = FAR
            out[1][k], out[2][k], out[3][k] = seen[1] - middle[i, 0], seen[2] - middle[i, 1], seen[3] - top[i]


@kernel
def spread(
    pairs: Integers, gaps: Array, first: Integers, far: Array, rows: Integers
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return target and gap in m of both directions of pairs of buildings, node by node; fill or count the rows.

    pairs  (k, 2)     gaps (k,) m     first  (b + 1,)  nodes of building b are first[b] .. first[b + 1]
    far    (n,)  m    how far each node is looked at      rows  (n + 1,)  written: where the row of each begins
    """
    for turn in range(2):
        if turn == 1:
            for i in range(rows.shape[0] - 1, 0, -1):
                rows[i] = rows[i - 1]
            rows[0] = 0
            for i in range(1, rows.shape[0]):
                rows[i] += rows[i - 1]
            target, gap = np.empty(rows[-1], np.int32), np.empty(rows[-1], np.float32)
            place = rows[:-1].copy()
        for k in range(pairs.shape[0]):
            for side in range(2):
                one, two = pairs[k, side], pairs[k, 1 - side]
                for i in range(first[one], first[one + 1]):
                    if gaps[k] > far[i]:
                        continue
                    if turn == 0:
                        rows[i] += first[two + 1] - first[two]
                        continue
                    for j in range(first[two], first[two + 1]):
                        target[place[i]], gap[place[i]] = j, gaps[k]
                        place[i] += 1
    return target, gap


@kernel
def touch(boxes: Array, west: float, south: float, cell: float, nx: int, place: Integers, members: Integers) -> None:
    """Write which boxes touch the cells of a grid, or count them.

    boxes  (n, 4)  m      west, south, cell  m      nx  1  columns
    place    (cells,)  where the next box of a cell goes; counted up
    members  (k,)      the boxes of all cells; empty: they are counted only
    """
    for i in range(boxes.shape[0]):
        for row in range(int((boxes[i, 1] - south) // cell), int((boxes[i, 3] - south) // cell) + 1):
            for column in range(int((boxes[i, 0] - west) // cell), int((boxes[i, 2] - west) // cell) + 1):
                at = row * nx + column
                if members.shape[0] > 0:
                    members[place[at]] = i
                place[at] += 1


def lay(boxes: Array, cell: float) -> Grid:
    """Return a grid over boxes (n, 4) m with cells of `cell` m: first, members, west, south, cell, columns, rows."""
    west, south = float(boxes[:, 0].min()), float(boxes[:, 1].min())
    nx, ny = int((boxes[:, 2].max() - west) // cell) + 1, int((boxes[:, 3].max() - south) // cell) + 1
    count = np.zeros(nx * ny, np.int64)
    touch(boxes, west, south, cell, nx, count, np.zeros(0, np.int64))
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    members = np.empty(first[-1], np.int64)
    touch(boxes, west, south, cell, nx, first[:-1].copy(), members)
    return first, members, west, south, cell, nx, ny


def neighbours(city: Buildings, reach: float = REACH, walls: Array | None = None) -> Pairs:
    """Return the pairs of nodes whose outlines are within `reach` m of each other.

    walls  (k, 5) m   free-standing walls: x, y of both ends, elevation of the crest. They hide what is behind them and
                      stop flames that they reach half-way up; flames above roofs shine over them. None: there are none

    Storeys of one building are no pairs: fire goes from one to the next through `Buildings.above`.
    """
    shapes, none = city.outlines, np.zeros(0, np.float32)
    walls = np.zeros((0, 5)) if walls is None else np.asarray(walls, np.float64).reshape(-1, 5)
    if city.count < 2:
        return Pairs(city, np.zeros(city.count + 1, np.int64), none.astype(np.int32), none, walls)
    own = np.flatnonzero(np.diff(city.building, prepend=-1))
    whole = shapes.take(own)
    boxes = whole.boxes
    pairs, gaps = find(whole.corners, whole.starts, boxes, lay(boxes, reach), reach)
    shine = FACADE_EMITS * city.emitting * city.facade / 2 / pi / UNFELT
    far = np.where((city.roof > 0) | (city.draughty > 0), reach, np.minimum(reach, np.sqrt(shine)))
    rows = np.zeros(city.count + 1, np.int64)
    target, gap = spread(pairs, gaps, np.append(own, city.count), far, rows)
    burns = (city.structure == 0) | city.combustible
    emitter, middle = np.repeat(np.arange(city.count), np.diff(rows)), (city.base + city.top) / 2
    blind = (gap < ATTACHED) & ~burns[target]
    gap[blind & (~burns[emitter] | (middle[target] < city.top[emitter]))] = FAR
    return Pairs(city, rows, target, gap, walls)
