"""Which ends of pipes meet, which hang free, and which parts of a network water can leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.physics.drains.network import Index, Values

SNAP = 0.5
"""m: ends nearer than this are one shaft."""


def joined(xy: Values, reach: float = SNAP) -> Index:
    """Return (n,) the number of the place of each point; points nearer than `reach` m, also by a chain, share one.

    xy  (n, 2) m
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = cKDTree(xy).query_pairs(reach, output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    _, label = connected_components(links, directed=False)
    return np.asarray(np.unique(label, return_inverse=True)[1].astype(np.intp))


def places(node: Index, ends: Values) -> Values:
    """Return (n, 2) m, where each node is: at the first end that lies there.

    node  (m, 2) nodes of the ends of pipes; ends  (m, 2, 2) m, where those lie
    """
    xy = np.zeros((int(node.max()) + 1, 2))
    xy[node.ravel()[::-1]] = ends.reshape(-1, 2)[::-1]
    return xy


def named(xy: Values, wanted: Values) -> Index:
    """Return the nodes, of those at `xy` (n, 2) m, that lie within `SNAP` of a point of `wanted` (k, 2) m."""
    from scipy.spatial import cKDTree

    far, which = cKDTree(xy).query(wanted)
    return np.asarray(which[far <= SNAP])


def free_ends(node: Index, count: int | None = None) -> NDArray[np.bool_]:
    """Return (n,) whether a node is the lower end of one pipe alone.

    node  (m, 2) upper and lower node of each pipe; count  number of nodes, where it is not their greatest
    """
    n = int(node.max()) + 1 if count is None else count
    return np.asarray((np.bincount(node[:, 1], minlength=n) == 1) & (np.bincount(node[:, 0], minlength=n) == 0))


def draining(node: Index, free: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], int]:
    """Return (m,) whether a pipe belongs to a part with an outfall, and how many parts have none.

    node  (m, 2) nodes of each pipe; free  (n,) outfalls
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(free)
    _, part = connected_components(coo_matrix((np.ones(len(node)), node.T), shape=(n, n)), directed=False)
    drained = np.zeros(part.max() + 1, bool)
    drained[part[free]] = True
    kept = drained[part[node[:, 0]]]
    return kept, len(np.unique(part[node[~kept][:, 0]]))


def traps(node: Index, free: NDArray[np.bool_]) -> int:
    """Return how many nodes have pipes that end there, none that goes on, and no outfall; arguments as above."""
    return len(set(node[:, 1].tolist()) - set(node[:, 0].tolist()) - set(np.flatnonzero(free).tolist()))


def loose(axes: Sequence[Values], node: Index, ends: Values, near: float) -> int:
    """Return how many free ends lie within `near` m of another pipe.

    axes  m of (k, 2) m; node  (m, 2) nodes; ends  (m, 2, 2) m
    """
    import shapely

    lines = np.array([shapely.LineString(points) for points in axes], dtype=object)
    single = np.flatnonzero(np.bincount(node.ravel())[node.ravel()] == 1)
    mine, other = shapely.STRtree(lines).query(
        shapely.points(ends.reshape(-1, 2)[single]), predicate="dwithin", distance=near
    )
    return len(np.unique(mine[other != single[mine] // 2]))
