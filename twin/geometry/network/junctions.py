"""How roads join: centre lines become nodes, and pieces between them of at most `PIECE` m.

Vertices within `JOIN` m of each other are one node where both roads are on a bridge or both are not, or one of them
ends there; an end within `JOIN` m of the middle of another road joins it there. Roads that only cross do not meet.
An end that meets nothing so may reach farther: to the nearest other road of its level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

JOIN = 1.0
"""m within which vertices are one node."""

SAME = 0.001
"""m within which vertices are the same point, which is a junction whatever the roads are."""

PIECE = 50.0
"""m, longest piece: so finely water closes a road, and so near to a place a node lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """Nodes and the pieces between them, which are straight.

    x, y        (n,) m
    start, end  (m,)     nodes of a piece        length  (m,) m     line  (m,) of which road it is a piece
    """

    x: Floats
    y: Floats
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    length: Floats
    line: NDArray[np.int64]


def joined(lines: Sequence[Floats], bridge: NDArray[np.bool_], reach: float = JOIN) -> Net:
    """Return the net of some roads, at least one.

    lines   (k, 2) m each, centre lines of two different points or more
    bridge  (lines,)
    reach   m from an end that meets nothing to the road that it joins all the same
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    lines = [line[np.append(True, np.any(np.diff(line, axis=0) != 0, axis=1))] for line in lines]
    along = [np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))) for line in lines]
    touched, links = _touched(lines, along, bridge, reach)
    places, corner = zip(*(_marks(*each) for each in zip(along, touched, strict=True)), strict=True)
    count = [len(each) for each in places]
    xy = np.concatenate(
        [
            np.column_stack([np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1])])
            for at, way, line in zip(places, along, lines, strict=True)
        ]
    )
    owner = np.repeat(np.arange(len(lines)), count)
    tip = np.zeros(len(xy), bool)
    tip[np.cumsum(count) - 1] = True
    tip[np.cumsum(count) - count] = True
    corners = np.flatnonzero(np.concatenate(corner))
    a, b = corners[cKDTree(xy[corners]).query_pairs(JOIN, output_type="ndarray").T]
    level = bridge[owner[a]] == bridge[owner[b]]
    meet = ((owner[a] != owner[b]) & (level | tip[a] | tip[b])) | (np.hypot(*(xy[a] - xy[b]).T) <= SAME)
    last = np.cumsum(count) - 1
    far_a = [int(last[line] if tail else last[line] - count[line] + 1) for line, tail, _, _ in links]
    far_b = [int(last[line] - count[line] + 1 + np.abs(places[line] - at).argmin()) for _, _, line, at in links]
    pairs = np.append(a[meet], far_a).astype(np.int64), np.append(b[meet], far_b).astype(np.int64)
    together = coo_array((np.ones(len(pairs[0])), pairs), shape=(len(xy), len(xy)))
    number, node = connected_components(together, directed=False)
    share = np.bincount(node, minlength=number)
    x, y = (np.bincount(node, values, minlength=number) / share for values in xy.T)
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    length = np.diff(np.concatenate(places))[inner]
    start, end = node[inner], node[inner + 1]
    real = start != end
    return Net(x, y, start[real].astype(np.int64), end[real].astype(np.int64), length[real], owner[inner][real])


def _touched(
    lines: Sequence[Floats], along: Sequence[Floats], bridge: NDArray[np.bool_], reach: float
) -> tuple[list[list[float]], list[tuple[int, int, int, float]]]:
    """Return where ends of other lines touch each line, and which ends reach a line that they do not touch.

    That is, for each line at how many m away from its own vertices; and line, whether it is its tail, the line it
    reaches, and at how many m.
    """
    import shapely

    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    ends = np.array([shapely.Point(line[i]) for line in lines for i in (0, -1)], dtype=object)
    tree = shapely.STRtree(shapes)
    end, line = tree.query(ends, predicate="dwithin", distance=JOIN)
    other = end // 2 != line
    end, line = end[other], line[other]
    alone = np.setdiff1d(np.arange(len(ends)), end)
    far, to = tree.query(ends[alone], predicate="dwithin", distance=reach)
    far = alone[far]
    fit = (far // 2 != to) & (bridge[far // 2] == bridge[to])
    far, to = far[fit], to[fit]
    order = np.lexsort((to, shapely.distance(ends[far], shapes[to]), far))
    far, to = far[order], to[order]
    nearest = np.append(True, far[1:] != far[:-1])[: len(far)]
    far, to = far[nearest], to[nearest]
    end, line = np.append(end, far), np.append(line, to)
    at = shapely.line_locate_point(shapes[line], ends[end])
    found: list[list[float]] = [[] for _ in lines]
    for number, place in sorted(zip(line.tolist(), at.tolist(), strict=True)):
        if np.abs(along[number] - place).min() > JOIN:
            found[number].append(place)
    reached = at[len(at) - len(far) :]
    links = zip((far // 2).tolist(), (far % 2).tolist(), to.tolist(), reached.tolist(), strict=True)
    return found, sorted(links)


def _marks(along: Floats, touched: list[float]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return (k,) m at which a line is cut into pieces, and which of these are junctions perhaps."""
    corners = np.union1d(along, touched)
    parts = np.maximum(np.ceil(np.diff(corners) / PIECE), 1).astype(np.int64)
    first = np.cumsum(parts) - parts
    step = np.arange(parts.sum()) - np.repeat(first, parts)
    at = np.repeat(corners[:-1], parts) + step * np.repeat(np.diff(corners) / parts, parts)
    return np.append(at, corners[-1]), np.append(step == 0, True)
