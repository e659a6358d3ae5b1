"""How roads join: centre lines become nodes, and pieces between them of at most `PIECE` m.

Vertices within `JOIN` m of each other are one node where both roads are on a bridge or both are not, or one of them
ends there; an end within `JOIN` m of the middle of another road joins it there. Roads that only cross do not meet.
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


def joined(lines: Sequence[Floats], bridge: NDArray[np.bool_]) -> Net:
    """Return the net of some roads, at least one.

    lines   (k, 2) m each, centre lines of two different points or more
    bridge  (lines,)
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    lines = [line[np.append(True, np.any(np.diff(line, axis=0) != 0, axis=1))] for line in lines]
    along = [np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))) for line in lines]
    places, corner = zip(*(_marks(*each) for each in zip(along, _touched(lines, along), strict=True)), strict=True)
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
    links = coo_array((np.ones(int(meet.sum())), (a[meet], b[meet])), shape=(len(xy), len(xy)))
    number, node = connected_components(links, directed=False)
    share = np.bincount(node, minlength=number)
    x, y = (np.bincount(node, values, minlength=number) / share for values in xy.T)
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    length = np.diff(np.concatenate(places))[inner]
    start, end = node[inner], node[inner + 1]
    real = start != end
    return Net(x, y, start[real].astype(np.int64), end[real].astype(np.int64), length[real], owner[inner][real])


def _touched(lines: Sequence[Floats], along: Sequence[Floats]) -> list[list[float]]:
    """Return, for each line, at how many m ends of other lines touch it away from its own vertices."""
    import shapely

    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    ends = np.array([shapely.Point(line[i]) for line in lines for i in (0, -1)], dtype=object)
    end, line = shapely.STRtree(shapes).query(ends, predicate="dwithin", distance=JOIN)
    other = end // 2 != line
    at = shapely.line_locate_point(shapes[line[other]], ends[end[other]])
    found: list[list[float]] = [[] for _ in lines]
    for number, place in sorted(zip(line[other].tolist(), at.tolist(), strict=True)):
        if np.abs(along[number] - place).min() > JOIN:
            found[number].append(place)
    return found


def _marks(along: Floats, touched: list[float]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return (k,) m at which a line is cut into pieces, and which of these are junctions perhaps."""
    corners = np.union1d(along, touched)
    parts = np.maximum(np.ceil(np.diff(corners) / PIECE), 1).astype(np.int64)
    first = np.cumsum(parts) - parts
    step = np.arange(parts.sum()) - np.repeat(first, parts)
    at = np.repeat(corners[:-1], parts) + step * np.repeat(np.diff(corners) / parts, parts)
    return np.append(at, corners[-1]), np.append(step == 0, True)
