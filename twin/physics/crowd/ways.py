"""Ways to all gates of a ground, laid anew where the ground gets slower."""

from __future__ import annotations

import copy

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from twin.errors import InputError
from twin.physics.crowd.ground import Ground
from twin.physics.crowd.routing import directions, march

Values = NDArray[np.float64]


class Ways:
    """Times and directions to each gate of a ground.

    fields  (g, ny, nx, 2) unit vectors to each gate
    times   (g, ny, nx)    s at 1 m s-1 to each gate, dearer near walls; beside the ground that of the nearest cell
    """

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.share: Values = np.ones(ground.shape)
        self._lay()

    def _lay(self) -> None:
        ground = self.ground
        count = len(ground.plan.gates)
        self.fields = np.zeros((count, *ground.shape, 2))
        self.times = np.full((count, *ground.shape), np.inf)
        slowness = ground.slowness(self.share)
        off = ~ground.walkable
        near = ndimage.distance_transform_edt(off, return_distances=False, return_indices=True)
        for g in range(count):
            time = np.empty(ground.shape)
            # the strips behind other gates lead nowhere
            others = ground.walkable & ~ground.floor & ~ground.behind[g]
            march(np.where(others, np.inf, slowness), ground.behind[g], float(ground.frame[2]), time)
            self.fields[g] = directions(time)
            self.fields[g][ground.behind[g]] = ground.normal[g]
            self.times[g] = time[near[0], near[1]]

    def factor(self, factor: Values | float) -> None:
        """Set the share (ny, nx) or one of the free speed that is left. Raises InputError for another shape."""
        share = np.asarray(factor, np.float64)
        if share.shape not in {(), self.ground.shape}:
            raise InputError(f"crowd: the factor has shape {share.shape}; the raster has {self.ground.shape}.")
        if not ((share >= 0) & (share <= 2)).all():
            raise InputError("crowd: the factor must lie within 0 and 2 everywhere.")
        share = np.broadcast_to(share, self.ground.shape).copy()
        if not np.array_equal(share, self.share):
            self.share = share
            self._lay()

    def factor_at(self, position: Values) -> Values:
        """Return (n,) the share of the free speed at positions (n, 2) m."""
        j, i = self.ground.cells(position[:, 0], position[:, 1])
        found: Values = self.share[j, i]
        return found

    def left(self, position: Values) -> Values:
        """Return (n, g) s at 1 m s-1 from positions (n, 2) m to each gate."""
        j, i = self.ground.cells(position[:, 0], position[:, 1])
        return np.ascontiguousarray(self.times[:, j, i].T)

    def copy(self) -> Ways:
        """Return one that changes apart from it; arrays are replaced, never written to, and so shared."""
        return copy.copy(self)
