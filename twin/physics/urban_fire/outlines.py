"""Polygons in plan: rings as corners one after the other, counter-clockwise, and what is measured on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError

Array = NDArray[np.float64]
LEAST_AREA = 1.0
"""m2; an outline below it is no building."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """n rings, counter-clockwise, the first corner not repeated.

    corners  (m, 2)   m   x, y of all rings, one after the other
    starts   (n + 1,)     where each begins
    """

    corners: Array
    starts: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of rings."""
        return len(self.starts) - 1

    @property
    def _next(self) -> Array:
        """(m, 2) m, the corner after each."""
        after = np.arange(1, len(self.corners) + 1)
        after[self.starts[1:] - 1] = self.starts[:-1]
        return self.corners[after]

    def _per_ring(self, values: Array) -> Array:
        return np.add.reduceat(values, self.starts[:-1]) if self.count else np.zeros(0)

    @property
    def area(self) -> Array:
        """(n,) m2."""
        a, b = self._local, self._next - self._origin
        return self._per_ring(a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]) / 2

    @property
    def perimeter(self) -> Array:
        """(n,) m."""
        return self._per_ring(np.hypot(*(self._next - self.corners).T))

    @property
    def centroid(self) -> Array:
        """(n, 2) m."""
        a, b = self._local, self._next - self._origin
        cross = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
        moment = np.stack([self._per_ring((a[:, k] + b[:, k]) * cross) for k in (0, 1)], -1)
        return moment / (6 * self.area)[:, None] + self.corners[self.starts[:-1]]

    @property
    def boxes(self) -> Array:
        """(n, 4) m, least x and y, greatest x and y."""
        low, high = (f.reduceat(self.corners, self.starts[:-1], axis=0) for f in (np.minimum, np.maximum))
        return np.hstack([low, high])

    @property
    def _origin(self) -> Array:
        return np.repeat(self.corners[self.starts[:-1]], np.diff(self.starts), axis=0)

    @property
    def _local(self) -> Array:
        return self.corners - self._origin

    def take(self, which: NDArray[np.int64]) -> Outlines:
        """Return the rings of these numbers, which may repeat."""
        lengths = np.diff(self.starts)[which]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        rows = np.arange(starts[-1]) + np.repeat(self.starts[:-1][which] - starts[:-1], lengths)
        return Outlines(self.corners[rows], starts)


def outlines(rings: Sequence[ArrayLike], names: Sequence[str]) -> Outlines:
    """Return rings of x, y in m as `Outlines`: closed or not, in either sense.

    rings  (k, 2)  m  corners of each       names  what an error calls it

    Raises InputError where a ring has fewer than three corners, a corner that is no number, or no area.
    """
    parts = []
    for ring, name in zip(rings, names, strict=True):
        points = np.asarray(ring, np.float64).reshape(-1, 2)
        if len(points) > 1 and np.array_equal(points[0], points[-1]):
            points = points[:-1]
        if len(points) < 3 or not np.isfinite(points).all():
            raise InputError(
                f"building {name!r}: an outline needs at least 3 corners that are numbers in m, found {len(points)}; "
                "give the polygon or leave the building out"
            )
        parts.append(points)
    starts = np.concatenate([[0], np.cumsum([len(p) for p in parts])]).astype(np.int64)
    made = Outlines(np.concatenate(parts) if parts else np.zeros((0, 2)), starts)
    area = made.area
    small = np.flatnonzero(np.abs(area) < LEAST_AREA)
    if len(small):
        raise InputError(
            f"building {names[small[0]]!r}: an outline of {abs(area[small[0]]):.3g} m2 is no building "
            f"({len(small)} such); {LEAST_AREA:g} m2 is the least, give the polygon or leave them out"
        )
    for k in np.flatnonzero(area < 0):
        ring_of = slice(starts[k], starts[k + 1])
        made.corners[ring_of] = made.corners[ring_of][::-1].copy()
    return made
