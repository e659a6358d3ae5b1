"""Where rain goes that falls on roofs, and where water goes that something displaces: to the nearest open cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_nearest(amount: NDArray[np.float64], open_cells: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (ny, nx) amounts with those of closed cells handed to the nearest open cell each; the sum stays.

    amount      (ny, nx)  any unit
    open_cells  (ny, nx)  at least one; of several at the same distance one is chosen, always the same
    """
    import scipy.ndimage

    ndimage: Any = scipy.ndimage
    rows, columns = ndimage.distance_transform_edt(~open_cells, return_distances=False, return_indices=True)
    closed = ~open_cells & (amount != 0)
    out = np.where(open_cells, amount, 0.0)
    np.add.at(out, (rows[closed], columns[closed]), amount[closed])
    return out
