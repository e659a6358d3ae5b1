"""The ground under a flood: where it ends, and what is a wall."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCKED = 0.5
"""Share of a cell under buildings from which it is a wall."""

LARGEST_COURT = 1000.0
"""m2 up to which ground that buildings enclose is a court that drains to the street; our assumption."""

LEAST_OPEN = 0.05
"""Porosity of a cell that is built up altogether: courts and passages that no footprint shows, and room for rain."""


def porosity(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of each cell that is open to water, from that under buildings, 0..1; at least `LEAST_OPEN`."""
    return np.maximum(1 - share, LEAST_OPEN)


def courts(free: NDArray[np.bool_], built: NDArray[np.bool_], cell: float) -> tuple[NDArray[np.bool_], int]:
    """Return where cells are walled in by buildings, and how many such courts there are.

    On a grid they are pits without a way out, in which the rain of all roofs around would stand metres deep; a real
    court has a gateway or a gutter. Counted are those up to `LARGEST_COURT` that buildings alone shut in.

    free, built  (ny, nx)  cells that hold water; cells under buildings      cell  m
    """
    import scipy.ndimage

    ndimage: Any = scipy.ndimage
    parts, count = ndimage.label(free)
    area = np.bincount(parts.ravel(), minlength=count + 1) * cell**2
    shut = area <= LARGEST_COURT
    shut[0] = False
    beside = ndimage.binary_dilation(~free & ~built)  # the end of the ground is no wall of a building
    beside[[0, -1]] = beside[:, [0, -1]] = True
    shut[np.unique(parts[beside & free])] = False
    return shut[parts], int(shut.sum())


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
