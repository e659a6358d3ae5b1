"""Fewer pieces for the same roads: bends that nobody would miss are taken out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from twin.geometry.network.junctions import PIECE, Net

BEND = 1.0
"""m that a node may lie off the straight line in its place."""


def thinned(net: Net) -> Net:
    """Return the net with pieces of a road put together where nothing else meets them.

    A new piece is at most `PIECE` m long, no node left out of it lies farther than `BEND` m from it, and its length is
    that of the pieces it was made of.
    """
    degree = np.bincount(np.concatenate([net.start, net.end]), minlength=len(net.x)).tolist()
    x, y = net.x.tolist(), net.y.tolist()
    start, end, length, line = net.start.tolist(), net.end.tolist(), net.length.tolist(), net.line.tolist()
    new: list[tuple[int, int, float, int]] = []
    skipped: list[int] = []
    for piece in range(len(start)):
        if new:
            a, b, metres, of = new[-1]
            between = [*skipped, b]
            if (
                line[piece] == of
                and start[piece] == b
                and degree[b] == 2
                and end[piece] != a
                and metres + length[piece] <= PIECE
                and all(_off(x[n], y[n], x[a], y[a], x[end[piece]], y[end[piece]]) <= BEND for n in between)
            ):
                new[-1] = (a, end[piece], metres + length[piece], of)
                skipped = between
                continue
        new.append((start[piece], end[piece], length[piece], line[piece]))
        skipped = []
    if not new:
        return net
    ends = np.array([piece[:2] for piece in new], dtype=np.int64)
    kept, number = np.unique(ends, return_inverse=True)
    number = number.reshape(ends.shape)
    return replace(
        net, x=net.x[kept], y=net.y[kept], start=number[:, 0], end=number[:, 1],
        length=np.array([piece[2] for piece in new]), line=np.array([piece[3] for piece in new], dtype=np.int64),
    )  # fmt: skip


def _off(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    """Return m from a place to the piece from a to b."""
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    share = 0.0 if square == 0 else min(max(((x - ax) * dx + (y - ay) * dy) / square, 0.0), 1.0)
    return math.hypot(x - ax - share * dx, y - ay - share * dy)
