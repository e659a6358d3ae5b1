"""What each person wants to do next: kernels over all of them. Each is held to `steering_reference` by the tests.

Speed falls with the density seen ahead (Weidmann 1993) and with the gap to the one in the way; the direction is the
one of nine that brings one nearest to where one wants to be, given where the others go. After Moussaid, Helbing &
Theraulaz (2011), doi:10.1073/pnas.1016507108; contacts are the business of `bodies`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.physics.crowd.compiling import called, kernel, part

Values = NDArray[np.float64]
Whole = NDArray[np.int64]

NEAREST = 12
"""Others that count for direction and gap: the nearest in sight."""
BESIDE = 0.3
"""m behind which others do not count for direction and gap."""
FACES = -0.3
"""Cosine of the angle between two people's ways below which the other comes towards one."""
LOOKS = 2.0
"""Standard deviations of the density kernel beyond which others do not count."""
WALL_STEPS = 4
WALL_STEP = 0.35
"""Points ahead, and m between them, at which a way is tried for walls."""


@part
def value_at(field: Values, x: float, y: float, west: float, south: float, cell: float) -> float:
    """Return the value of a field (ny, nx) in the cell of a point, m; 0 off the raster."""
    i, j = math.floor((x - west) / cell), math.floor((y - south) / cell)
    if i < 0 or j < 0 or j >= field.shape[0] or i >= field.shape[1]:
        return 0.0
    return float(field[j, i])


@kernel
def look(position: Values, goal: Whole, fields: Values, frame: Values, out: Values) -> None:
    """Write the direction in which each person's goal lies.

    position  (n, 2) m   goal  (n,) number of a field, negative: none   fields  (g, ny, nx, 2) unit vectors
    frame     (3,) m west, south, cell     out  (n, 2) unit vectors, linear between cells; 0 without a goal
    """
    west, south, cell = frame[0], frame[1], frame[2]
    ny, nx = fields.shape[1], fields.shape[2]
    for k in range(len(position)):
        out[k, 0] = out[k, 1] = 0.0
        g = goal[k]
        if g < 0:
            continue
        u = min(max((position[k, 0] - west) / cell - 0.5, 0.0), nx - 1.0)
        v = min(max((position[k, 1] - south) / cell - 0.5, 0.0), ny - 1.0)
        i, j = min(int(u), nx - 2), min(int(v), ny - 2)
        a, b = u - i, v - j
        x = (1 - b) * ((1 - a) * fields[g, j, i, 0] + a * fields[g, j, i + 1, 0])
        x += b * ((1 - a) * fields[g, j + 1, i, 0] + a * fields[g, j + 1, i + 1, 0])
        y = (1 - b) * ((1 - a) * fields[g, j, i, 1] + a * fields[g, j, i + 1, 1])
        y += b * ((1 - a) * fields[g, j + 1, i, 1] + a * fields[g, j + 1, i + 1, 1])
        size = math.hypot(x, y)
        if size > 1e-9:
            out[k, 0], out[k, 1] = x / size, y / size


@called
def free_way(cx: float, cy: float, pace: float, near: Values, count: int, horizon: float) -> float:
    """Return m that one can go at a pace in direction cx, cy until meeting one of those near; at most `horizon`.

    near  (NEAREST, 6) of each: x, y relative m, velocity m s-1, sum of both radii m, square of the distance m2
    """
    free = horizon
    for m in range(count):
        rx, ry, reach = near[m, 0], near[m, 1], near[m, 4]
        wx, wy = pace * cx - near[m, 2], pace * cy - near[m, 3]
        closing = rx * wx + ry * wy
        if closing <= 0.0:
            continue
        square = near[m, 5] - reach * reach
        if square <= 0.0:
            return 0.0
        speed = wx * wx + wy * wy
        root = closing * closing - speed * square
        if root > 0.0:
            free = min(free, pace * (closing - math.sqrt(root)) / speed)
    return free


@called
def gap_ahead(cx: float, cy: float, near: Values, count: int, in_way: float) -> float:
    """Return m between the circles of one who goes in direction cx, cy and the nearest in its way; infinity: nobody.

    in_way  share of the sum of both radii within which the other is in the way; other arguments as in `free_way`
    """
    gap = math.inf
    for m in range(count):
        rx, ry, reach = near[m, 0], near[m, 1], near[m, 4]
        if rx * cx + ry * cy > 0.0 and abs(rx * cy - ry * cx) < in_way * reach:
            gap = min(gap, max(0.0, math.sqrt(near[m, 5]) - reach))
    return gap


@part
def keep(near: Values, count: int, rx: float, ry: float, vx: float, vy: float, reach: float, square: float) -> int:
    """Return how many are kept after one more has come, the nearest first; arguments as in `free_way`."""
    m = count if count < NEAREST else NEAREST - 1
    if count == NEAREST and near[m, 5] <= square:
        return count
    while m > 0 and near[m - 1, 5] > square:
        for c in range(6):
            near[m, c] = near[m - 1, c]
        m -= 1
    near[m, 0], near[m, 1], near[m, 2], near[m, 3], near[m, 4], near[m, 5] = rx, ry, vx, vy, reach, square
    return min(count + 1, NEAREST)


@kernel
def steer(
    position: Values,
    velocity: Values,
    wish: Values,
    pace: Values,
    body: Values,
    ground: tuple[Values, Values, Values],
    numbers: Values,
    angles: Values,
    thinks: NDArray[np.bool_],
    target: Values,
    out: Values,
) -> None:
    """Write the velocity that each person takes up now.

    position, velocity  (n, 2) m, m s-1       wish  (n, 2) unit vectors, 0: stands     pace  (n,) m s-1 if free
    body     (n, 2) radius m, side +1 left or -1 right that is tried first
    ground   clearance (ny, nx) m, share (ny, nx) 1, frame (3,) m
    numbers  (14,) of `Walking`;  angles  (a,) rad, >= 0, rising from 0, tried on both sides
    thinks   (n,) who looks about now; the others go on as they did
    target   (n, 2) m s-1, where each one's velocity tends to; changed for those who think
    out      (n, 2) m s-1
    """
    clearance, share, frame = ground
    west, south, cell = frame[0], frame[1], frame[2]
    step, bend, jam, width, gap_time = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    in_way, relax, sight, horizon, shuffle = numbers[5], numbers[6], numbers[7], numbers[8], numbers[9]
    seen, aside, packing = numbers[10], numbers[11], numbers[12]
    n = len(position)
    if n == 0:
        return
    # others are looked up by buckets of half the sight
    side = 0.5 * sight
    low_x, low_y = position[:, 0].min(), position[:, 1].min()
    columns = int((position[:, 0].max() - low_x) / side) + 1
    rows = int((position[:, 1].max() - low_y) / side) + 1
    first = np.zeros(rows * columns + 1, np.int64)
    bucket = np.empty(n, np.int64)
    for k in range(n):
        bucket[k] = int((position[k, 1] - low_y) / side) * columns + int((position[k, 0] - low_x) / side)
        first[bucket[k] + 1] += 1
    for b in range(rows * columns):
        first[b + 1] += first[b]
    place = first.copy()
    sorted_by = np.empty(n, np.int64)
    packed = np.empty((n, 7))
    for k in range(n):
        at = place[bucket[k]]
        place[bucket[k]] += 1
        sorted_by[at] = k
        packed[at, 0], packed[at, 1] = position[k, 0], position[k, 1]
        packed[at, 2], packed[at, 3], packed[at, 4] = velocity[k, 0], velocity[k, 1], body[k, 0]
        packed[at, 5], packed[at, 6] = wish[k, 0], wish[k, 1]
    near = np.empty((NEAREST, 6))
    part_of = 1.0 - math.exp(-step / relax)
    reach_density = LOOKS * width
    # what a whole Gaussian, cut at `reach_density`, holds at a density of 1
    norm = 2.0 * math.pi * width * width * (1.0 - math.exp(-0.5 * LOOKS * LOOKS))
    for at in range(n):
        k = sorted_by[at]
        ex, ey, free = wish[k, 0], wish[k, 1], pace[k]
        stands = free <= 0.0 or (ex == 0.0 and ey == 0.0)
        if stands:
            target[k, 0] = target[k, 1] = 0.0
        if stands or not thinks[k]:
            out[k, 0] = velocity[k, 0] + part_of * (target[k, 0] - velocity[k, 0])
            out[k, 1] = velocity[k, 1] + part_of * (target[k, 1] - velocity[k, 1])
            continue
        px, py, radius = packed[at, 0], packed[at, 1], packed[at, 4]
        row, column = bucket[k] // columns, bucket[k] % columns
        count = 0
        density = against = 0.0
        for j in range(max(0, row - 2), min(rows, row + 3)):
            begin = first[j * columns + max(0, column - 2)]
            end = first[j * columns + min(columns - 1, column + 2) + 1]
            for o in range(begin, end):
                rx, ry = packed[o, 0] - px, packed[o, 1] - py
                square = rx * rx + ry * ry
                if o == at or square >= sight * sight:
                    continue
                along = rx * ex + ry * ey
                if along > 0.0 and square < reach_density * reach_density:
                    weight = math.exp(-0.5 * square / (width * width))
                    density += weight
                    if packed[o, 5] * ex + packed[o, 6] * ey < FACES:
                        against += weight
                if along > -BESIDE:
                    count = keep(near, count, rx, ry, packed[o, 2], packed[o, 3], radius + packed[o, 4], square)
        turned = body[k, 1] * aside * against / density if against > 0.0 else 0.0
        if turned != 0.0:
            cos, sin = math.cos(turned), math.sin(turned)
            ex, ey = ex * cos - ey * sin, ex * sin + ey * cos
        if density > 0.0:
            # twice the half that is seen, and oneself
            density = seen * (1.0 + 2.0 * density / max(0.2, value_at(share, px, py, west, south, cell))) / norm
        # pushing dies away as the jam gets denser, but not against those who come towards one
        push = shuffle
        if against == 0.0 and density > jam:
            push *= max(0.0, (packing - density) / (packing - jam))
        flow = 1.0
        if density > 0.0:
            flow = max(push, 1.0 - math.exp(-bend * (1.0 / density - 1.0 / jam)))
        best_x, best_y, best = ex, ey, math.inf
        close = value_at(clearance, px, py, west, south, cell) < WALL_STEPS * WALL_STEP + radius
        for a in range(len(angles)):
            if (horizon * math.sin(angles[a])) ** 2 >= best - 1e-9:
                break  # not even a free way would do
            for turn in range(2):
                if a == 0 and turn == 1:
                    continue
                sign = body[k, 1] if turn == 0 else -body[k, 1]
                cos, sin = math.cos(angles[a]), sign * math.sin(angles[a])
                cx, cy = ex * cos - ey * sin, ex * sin + ey * cos
                way = min(free_way(cx, cy, free, near, count, horizon), horizon * cos)
                if close:
                    for w in range(1, WALL_STEPS + 1):
                        d = w * WALL_STEP
                        if d >= way:
                            break
                        if value_at(clearance, px + d * cx, py + d * cy, west, south, cell) < 0.7 * radius:
                            way = d
                            break
                left = horizon * horizon + way * way - 2.0 * horizon * way * cos
                if left < best - 1e-9:
                    best, best_x, best_y = left, cx, cy
        speed = free * flow
        gap = gap_ahead(best_x, best_y, near, count, in_way)
        speed = min(speed, max(gap / gap_time, push * free))
        target[k, 0], target[k, 1] = speed * best_x, speed * best_y
        out[k, 0] = velocity[k, 0] + part_of * (target[k, 0] - velocity[k, 0])
        out[k, 1] = velocity[k, 1] + part_of * (target[k, 1] - velocity[k, 1])
