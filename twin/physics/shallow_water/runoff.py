"""Where rain goes that falls on roofs, and where water goes that something displaces: to the nearest open cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Runoff:
    """Hands what closed cells have to the nearest open cell each.

    open_cells  (ny, nx)  at least one; of several at the same distance one is chosen, always the same
    """

    def __init__(self, open_cells: NDArray[np.bool_]) -> None:
        import scipy.ndimage

        ndimage: Any = scipy.ndimage
        self._open = open_cells
        rows, columns = ndimage.distance_transform_edt(~open_cells, return_distances=False, return_indices=True)
        self._closed = np.flatnonzero(~open_cells)
        self._nearest = np.ravel_multi_index((rows[~open_cells], columns[~open_cells]), open_cells.shape)

    def hand(self, amount: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (ny, nx) amounts of any unit with those of closed cells handed on; the sum stays."""
        out = np.where(self._open, amount, 0.0)
        np.add.at(out.reshape(-1), self._nearest, amount.reshape(-1)[self._closed])
        return out


def to_nearest(amount: NDArray[np.float64], open_cells: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (ny, nx) amounts with those of closed cells handed to the nearest open cell each; see `Runoff`."""
    return Runoff(open_cells).hand(amount)
