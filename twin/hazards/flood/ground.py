"""The ground under a flood: where it ends, and what is a wall."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCKED = 0.5
"""Share of a cell under buildings from which it is a wall."""

LEAST_OPEN = 0.05
"""Porosity of a cell that is built up altogether: courts and passages that no footprint shows, and room for rain."""


def porosity(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each cell that is open to water, from that under buildings, 0..1; at least `LEAST_OPEN`."""
    return np.maximum(1 - share, LEAST_OPEN)


def end_of_ground(ground: NDArray[np.float64], *, falls: bool) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the ground with a rim of one cell round it where it ends inside the grid, and where that rim is.

    ground  (ny, nx) m, NaN beyond its end; a hole that does not reach the border of the grid stays a wall
    falls   True: the rim takes the height of the nearest cell, and water on it has left; False: there is no rim, the
            end of the ground is a wall
    """
    import scipy.ndimage

    ndimage: Any = scipy.ndimage
    known = ~np.isnan(ground)
    if not falls or known.all() or not known.any():
        return ground, np.zeros(ground.shape, bool)
    holes, _ = ndimage.label(~known)
    border = np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]])
    rim = ndimage.binary_dilation(known) & np.isin(holes, border[border > 0])
    rows, columns = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.where(rim, ground[rows, columns], ground), rim
