"""Water that is put into cells or taken out of them, counted as it really happens."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.model.scenario import Series


@dataclass(slots=True)
class Source:
    """Water enters (`rate` above 0) or is pumped out (below 0) of some cells.

    name           for the budget
    rows, columns  (n,) cells, counted in the grid without ghosts
    rate           m3 s-1 over time
    volume         m3 moved so far, positive in, negative out
    """

    name: str
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    rate: Series
    volume: float = field(default=0.0)


def add(
    state: tuple[NDArray[np.floating], ...],
    lost: NDArray[np.floating],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    depth: NDArray[np.float64],
) -> float:
    """Add `depth` (n,) m to cells, at rest; return the sum that stands there more in m, remainders included.

    state       depth, velocity east and north, with two rings of ghost cells
    lost        the remainders of rounding, same shape
    """
    cells = rows + 2, columns + 2
    h, kept = state[0][cells], lost[cells]
    exact = h.astype(np.float64) + kept + depth
    after = np.maximum(exact, 0).astype(h.dtype)
    rest = (exact - after).astype(h.dtype)
    share = np.divide(h, after, out=np.ones_like(h), where=after > h)
    state[0][cells], lost[cells] = after, rest
    for velocity in state[1:]:
        velocity[cells] *= share
    return float((after.astype(np.float64) - h + (rest.astype(np.float64) - kept)).sum())


def take(
    state: tuple[NDArray[np.floating], ...],
    lost: NDArray[np.floating],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    depth: float,
) -> float:
    """Take `depth` m, summed over the cells, out of them in proportion to what they hold; return what was there.

    Never more than the cells hold, as a positive sum in m.
    """
    held = state[0][rows + 2, columns + 2].astype(np.float64)
    there = held.sum()
    if there <= 0:
        return 0.0
    return -add(state, lost, rows, columns, -held * min(1.0, depth / there))


def empty(
    state: tuple[NDArray[np.floating], ...],
    lost: NDArray[np.floating],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> float:
    """Take all water out of cells and return its sum in m, remainders included."""
    cells = rows + 2, columns + 2
    gone = float(state[0][cells].sum(dtype=np.float64) + lost[cells].sum(dtype=np.float64))
    for values in (*state, lost):
        values[cells] = 0
    return gone
