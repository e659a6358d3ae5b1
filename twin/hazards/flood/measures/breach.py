"""A breach: a dike, or any other ground, sinks along a line while the water stands at it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.hazards._places import centres, within
from twin.hazards._values import flag, number, pairs
from twin.hazards.flood.measures.furniture import known
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.breach import Breach

BODY = 30.0
"""m, thickness of a dike from foot to foot where none is given; at least three cells."""

Point = tuple[float, float]


def breach(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Let the ground sink along a line, or around a point of it, from now on.

    line        [[x, y], ...], the crest; the `points` of a target stand for it. Without it a point and a direction:
    x, y        m, the middle of the breach; on a line the nearest place of it, without both the middle of the line
    direction   degree clockwise from north in which the crest runs, where there is no line
    width       m, along the crest at the end; default the whole line
    level       m, of the ground at the end; never below the lowest ground beside the breach; default just that
    duration    s until it is open, default 0: at once
    widening    true: it begins in the middle and widens; false (default): all of it sinks evenly
    thickness   m, how far across the crest the dike is taken away, default 30 and at least three cells
    dig         true: `level` may be below the ground beside

    Raises InputError for a place outside the area, and where nothing lies above the level.
    """
    made, note = plan(engine, grid, action)
    engine.put(made)
    return Effect(action, len(made.cells[0]), note)


def plan(engine: ShallowWater, grid: Grid, action: Action) -> tuple[Breach, str]:
    """Return the structure that `breach` puts into the engine, and a sentence about it."""
    from twin.physics.shallow_water.structures.breach import Breach

    params = known(
        action, {"line", "x", "y", "direction", "width", "level", "duration", "widening", "thickness", "dig"}
    )
    name, cells, apart, width = swath(grid, action)
    beside = engine.bed[_beside(cells) & ~engine.solid]
    foot = float(beside.min()) if beside.size else -math.inf
    stated = number(params["level"], "breach: 'level'", -500, 9000) if "level" in params else foot
    level = stated if flag(params.get("dig", False), "breach: 'dig'") else max(stated, foot)
    if not math.isfinite(level):
        raise InputError(f"{name}: there is no ground beside it that says how deep it goes; give 'level'")
    duration = number(params.get("duration", 0.0), "breach: 'duration'", 0.0, 366 * 86400.0)
    widens = flag(params.get("widening", False), "breach: 'widening'")
    rows, columns = np.nonzero(cells)
    made = Breach(
        name, engine.water, (rows, columns), level, engine.time, duration, apart[rows, columns] if widens else None
    )
    held = "" if level == stated else f", the ground beside it, where {stated:g} m were asked for"
    when = f"within {duration:g} s" if duration else "at once"
    return made, f"{name} opens {when} over {width:.1f} m down to {level:.2f} m{held}; {len(made.cells[0])} cells sink"


def swath(grid: Grid, action: Action) -> tuple[str, NDArray[np.bool_], NDArray[np.float64], float]:
    """Return the name of a breach, its cells (ny, nx), how far each is from its middle, 0..1, and its width in m.

    Raises InputError when it lies outside the area.
    """
    params = action.params
    piece, middle = _piece(grid, action)
    width = sum(math.dist(a, b) for a, b in pairwise(piece))
    thickness = number(params.get("thickness", max(BODY, 3 * grid.cell)), "breach: 'thickness'", grid.cell, 1e4)
    name = f"breach '{action.target}'" if action.target else f"breach at {middle[0]:.1f}, {middle[1]:.1f}"
    xs, ys = centres(grid)
    px, py = np.meshgrid(xs, ys)
    cells, along = np.zeros(grid.shape, bool), np.zeros(grid.shape)
    done = 0.0
    for number_of, ((x0, y0), (x1, y1)) in enumerate(pairwise(piece)):
        length = math.dist((x0, y0), (x1, y1))
        ex, ey = (x1 - x0) / length, (y1 - y0) / length
        s, across = (px - x0) * ex + (py - y0) * ey, np.abs((py - y0) * ex - (px - x0) * ey)
        here = (s >= 0) & (s < length) & (across <= thickness / 2)
        if number_of:  # the wedge outside a bend
            here |= (s < 0) & (np.hypot(px - x0, py - y0) <= thickness / 2) & ~cells
        along[here & ~cells] = np.clip(done + s[here & ~cells], 0, width)
        cells |= here
        done += length
    if not cells.any():
        west, south, east, north = grid.bounds
        raise InputError(
            f"{name} is outside the area, which reaches from {west:.1f}, {south:.1f} to {east:.1f}, {north:.1f}"
        )
    return name, cells, np.abs(along / width * 2 - 1), width


def _piece(grid: Grid, action: Action) -> tuple[list[Point], Point]:
    """Return the piece of the crest that breaks, as points, and its middle."""
    params = action.params
    wanted = None if "width" not in params else number(params["width"], "breach: 'width'", 0.1, 1e5)
    crest = params.get("line", params.get("points"))
    at: Point | None = None
    if "x" in params or "y" in params:
        x, y = (number(params.get(key), f"breach: '{key}'", -math.inf) for key in ("x", "y"))
        within(grid, x, y, 0.0, "breach")
        at = x, y
    if crest is None or len(pairs(crest, 1)) == 1:
        at = at or (pairs(crest, 1)[0] if crest is not None else None)
        if at is None or "direction" not in params or wanted is None:
            raise InputError(
                "breach: give 'line' (the crest, a list of points), a levee as target, or 'x', 'y', 'direction' "
                "(degree clockwise from north in which the crest runs) and 'width'"
            )
        within(grid, *at, 0.0, "breach")
        turn = math.radians(number(params["direction"], "breach: 'direction'", -360, 360))
        east, north = math.sin(turn), math.cos(turn)
        half = max(wanted, _least(grid, east, north)) / 2
        return [(at[0] - half * east, at[1] - half * north), (at[0] + half * east, at[1] + half * north)], at
    points = [p for i, p in enumerate(pairs(crest)) if i == 0 or p != pairs(crest)[i - 1]]
    if len(points) < 2:
        raise InputError(f"breach: all points of the line are the same, {points[0]}")
    ends = np.concatenate([[0.0], np.cumsum([math.dist(a, b) for a, b in pairwise(points)])])
    middle = ends[-1] / 2 if at is None else _nearest(points, ends, at)
    east, north = (np.array(_place(points, ends, middle + 0.01)) - _place(points, ends, middle - 0.01)) / 0.02
    half = max(ends[-1] if wanted is None else wanted, _least(grid, float(east), float(north))) / 2
    first, last = max(0.0, middle - half), min(float(ends[-1]), middle + half)
    between = [p for p, s in zip(points, ends, strict=True) if first < s < last]
    return [_place(points, ends, first), *between, _place(points, ends, last)], _place(points, ends, middle)


def _least(grid: Grid, east: float, north: float) -> float:
    """Return the width in m from which cells across a crest in this direction share sides: water passes no corners."""
    return grid.cell * max(1.0, abs(east) + abs(north)) * (1 + 1e-9)


def _place(points: list[Point], ends: NDArray[np.float64], s: float) -> Point:
    """Return the point of a line `s` m from its start."""
    xs, ys = zip(*points, strict=True)
    return float(np.interp(s, ends, xs)), float(np.interp(s, ends, ys))


def _nearest(points: list[Point], ends: NDArray[np.float64], at: Point) -> float:
    """Return how many m from the start of a line its nearest place to a point is."""
    best, found = math.inf, 0.0
    for ((x0, y0), (x1, y1)), start, end in zip(pairwise(points), ends, ends[1:], strict=False):
        length = end - start
        s = min(max(((at[0] - x0) * (x1 - x0) + (at[1] - y0) * (y1 - y0)) / length, 0.0), length)
        away = math.dist(at, (x0 + s * (x1 - x0) / length, y0 + s * (y1 - y0) / length))
        if away < best:
            best, found = away, start + s
    return found


def _beside(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the cells around those marked, corners included."""
    wide = np.pad(cells, 1)
    near = np.zeros_like(cells)
    ny, nx = cells.shape
    for i in range(3):
        for j in range(3):
            near |= wide[i : i + ny, j : j + nx]
    return near & ~cells
