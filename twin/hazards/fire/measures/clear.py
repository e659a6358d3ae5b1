"""A fire break: fuel taken away along a line, at the pace at which it can be done."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from twin.errors import InputError
from twin.hazards._places import along, centres
from twin.hazards._values import flag, number, pairs
from twin.hazards.fire.measures.furniture import known
from twin.hazards.fire.world import World
from twin.model.action import Action, Effect

PACE = 0.1
"""m s-1 of a crew with machines when neither `pace` nor `duration` is stated (unverified: 360 m/h)."""


def clear(world: World, action: Action) -> Effect:
    """Take the fuel from a strip of `width` m (10) along `line`, from its first point to its last.

    pace      m s-1 (0.1); or `duration` s of the whole; 0 s: it is there at once
    demolish  true: buildings on the strip are taken down when it reaches them, and have neither fuel nor facade
    """
    params = known(action, {"line", "width", "pace", "duration", "demolish"})
    line = pairs(params.get("line"), 2, "clear: 'line'")
    length = sum(float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in pairwise(line))
    width = number(params.get("width", 10.0), "clear: 'width'", 0.1, 1e4)
    if "pace" in params and "duration" in params:
        raise InputError("clear: give either 'pace' or 'duration'")
    pace = number(params.get("pace", PACE), "clear: 'pace'", 1e-4, 100.0)
    duration = number(params.get("duration", length / pace), "clear: 'duration'", 0.0)
    mask = along(world.grid, line, width / 2)
    if not mask.any():
        raise InputError("clear: no cell of the area lies on the line")
    times = world.time + duration * _share(world, line, length)
    world.works.clear(mask, times)
    note = f"{int(mask.sum())} cells to be cleared by {(world.time + duration) / 60:.1f} min"
    if flag(params.get("demolish", False), "clear: 'demolish'"):
        hit = world.demolish(line, width, times)
        note += f", {hit} building{'s' * (hit != 1)} to be taken down"
    world.shut(world.time)
    return Effect(action, int(mask.sum()), note)


def _share(world: World, line: list[tuple[float, float]], length: float) -> np.ndarray:
    """Return (ny, nx) how far along a line each cell lies, 0..1, by the nearest place of the line."""
    xs, ys = centres(world.grid)
    px, py = np.meshgrid(xs, ys)
    best, share, done = np.full(px.shape, np.inf), np.zeros(px.shape), 0.0
    for (x0, y0), (x1, y1) in pairwise(line):
        piece = float(np.hypot(x1 - x0, y1 - y0))
        if piece <= 0:
            continue
        t = np.clip(((px - x0) * (x1 - x0) + (py - y0) * (y1 - y0)) / piece**2, 0.0, 1.0)
        away = (px - x0 - t * (x1 - x0)) ** 2 + (py - y0 - t * (y1 - y0)) ** 2
        share = np.where(away < best, (done + t * piece) / length, share)
        best = np.minimum(best, away)
        done += piece
    return share
