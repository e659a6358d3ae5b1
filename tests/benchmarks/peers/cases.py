"""The cases that every engine runs, as plain arrays: this file is read by our interpreter and by the peers' own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CELL = 5.0
"""m."""

MANNING = 0.03
"""s m-1/3."""

DAM_CELLS, DAM_CELL, DAM_TIME = (10, 1000), 1.0, 40.0
"""Cells, their side in m and time in s of the dam breaks with an exact solution; there is no friction."""

DAMS = {"stoker": 1.0, "ritter": 0.0}
"""Depth in m in front of the dam; 2 m behind it."""


def dam_break(n: int) -> NDArray[np.float64]:
    """Return (n, n) m: 2 m in the southern half, 1 m in the northern."""
    return np.repeat(np.where(np.arange(n) < n // 2, 2.0, 1.0)[:, None], n, axis=1)


def rolling_surface(n: int) -> NDArray[np.float64]:
    """Return (n, n) m: 1.5 m with hills and hollows of 0.3 m, so that every cell moves from the start."""
    wave = np.cos(8 * np.pi * (np.arange(n) + 0.5) / n)
    return 1.5 + 0.3 * wave[:, None] * wave[None, :]


STARTS = {"dam_break": dam_break, "rolling_surface": rolling_surface}


def dam(behind: float) -> NDArray[np.float64]:
    """Return (10, 1000) m: 2 m in the western half, `behind` m in the eastern."""
    rows, columns = DAM_CELLS
    return np.tile(np.where(np.arange(columns) < columns // 2, 2.0, behind), (rows, 1))
