"""The kernel `steering.steer` in plain NumPy, one person after the other, written apart from it; the tests compare."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.physics.crowd.steering import BESIDE, FACES, LOOKS, NEAREST, WALL_STEP, WALL_STEPS
from twin.physics.crowd.walking import Walking

Values = NDArray[np.float64]


def cell_value(field: Values, point: Values, frame: Values) -> float:
    """Return the value of a field (ny, nx) in the cell of a point (2,) m; 0 off the raster."""
    i, j = (int(v) for v in np.floor((point - frame[:2]) / frame[2]))
    return float(field[j, i]) if 0 <= j < field.shape[0] and 0 <= i < field.shape[1] else 0.0


def turned(way: Values, angle: float) -> Values:
    """Return a vector (2,) turned to the left by rad."""
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([way[0] * cos - way[1] * sin, way[0] * sin + way[1] * cos])


def free_way(way: Values, pace: float, near: Values, moves: Values, reach: Values, horizon: float) -> float:
    """Return m free in direction `way` (2,) at a pace among others near (k, 2) m that move (k, 2) m s-1.

    reach  (k,) m, sums of radii;  horizon  m, the most that is returned
    """
    best = horizon
    for r, v, d in zip(near, moves, reach, strict=True):
        w = pace * way - v
        if r @ w <= 0:
            continue
        if r @ r <= d * d:
            return 0.0
        inside = (r @ w) ** 2 - (w @ w) * (r @ r - d * d)
        if inside > 0:
            best = min(best, pace * (r @ w - math.sqrt(inside)) / (w @ w))
    return best


def target(
    k: int,
    position: Values,
    velocity: Values,
    wish: Values,
    pace: float,
    body: Values,
    ground: tuple[Values, Values, Values],
    walking: Walking,
    angles: Values,
) -> Values:
    """Return the velocity (2,) m s-1 that person k tends to.

    Arguments as of `steering.steer`; `pace` of this one, m s-1 and above 0.
    """
    clearance, share, frame = ground
    e = wish[k]
    apart = position - position[k]
    square = (apart**2).sum(axis=1)
    others = (square < walking.sight**2) & (np.arange(len(position)) != k)
    half = others & (apart @ e > 0) & (square < (LOOKS * walking.kernel) ** 2)
    weight = np.exp(-0.5 * square / walking.kernel**2)
    seen = float(weight[half].sum())
    density = against = 0.0
    if seen > 0:
        norm = 2 * math.pi * walking.kernel**2 * (1 - math.exp(-0.5 * LOOKS**2))
        around = max(0.2, cell_value(share, position[k], frame))
        density = walking.seen * (1 + 2 * seen / around) / norm
    count = np.flatnonzero(others & (apart @ e > -BESIDE))
    count = count[np.argsort(square[count], kind="stable")][:NEAREST]
    near, moves, reach = apart[count], velocity[count], body[k, 0] + body[count, 0]
    if seen > 0:
        against = float(weight[half & (wish @ e < FACES)].sum())
        e = turned(e, body[k, 1] * walking.aside * against / seen)
    close = cell_value(clearance, position[k], frame) < WALL_STEPS * WALL_STEP + body[k, 0]
    best, chosen = math.inf, e
    for angle in angles:
        if (walking.horizon * math.sin(angle)) ** 2 >= best - 1e-9:
            break
        for side in (body[k, 1], -body[k, 1]) if angle else (body[k, 1],):
            way = turned(e, side * angle)
            free = free_way(way, pace, near, moves, reach, walking.horizon)
            free = min(free, walking.horizon * math.cos(angle))
            for step in np.arange(1, WALL_STEPS + 1) * WALL_STEP if close else ():
                if step >= free:
                    break
                if cell_value(clearance, position[k] + step * way, frame) < 0.7 * body[k, 0]:
                    free = step
                    break
            cost = walking.horizon**2 + free**2 - 2 * walking.horizon * free * math.cos(angle)
            if cost < best - 1e-9:
                best, chosen = cost, way
    ahead = (near @ chosen > 0) & (np.abs(near[:, 0] * chosen[1] - near[:, 1] * chosen[0]) < walking.in_way * reach)
    gap = np.maximum(np.sqrt(square[count]) - reach, 0)[ahead].min(initial=math.inf)
    push = walking.shuffle
    if against == 0 and density > walking.jam:
        push *= max(0.0, (walking.packing - density) / (walking.packing - walking.jam))
    flow = 1.0
    if density > 0:
        flow = max(push, 1 - math.exp(-walking.bend * (1 / density - 1 / walking.jam)))
    speed = min(pace * flow, max(gap / walking.gap_time, push * pace))
    found: Values = speed * chosen
    return found
