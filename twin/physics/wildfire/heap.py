"""A heap of cells by the time at which they may light, ties by the number of the cell; parts of kernels.

Cells are pushed again when their time falls; an entry whose time is no longer that of its cell is passed over by who
takes it. Both arrays must have room; the count is the caller's.
"""

from __future__ import annotations

from numpy.typing import NDArray

from twin.physics.compiling import part
from twin.physics.wildfire.surface import Value

Floats = NDArray[Value]
Whole = NDArray[Value]


@part
def push(times: Floats, cells: Whole, count: int, time: float, cell: int) -> int:
    """Return the number of entries after one more.

    times, cells  (room,) s and 1   the heap; `count` entries of it in use
    time, cell    s, 1              what to add
    """
    k = count
    while k > 0:
        above = (k - 1) >> 1
        if times[above] < time or (times[above] == time and cells[above] < cell):
            break
        times[k] = times[above]
        cells[k] = cells[above]
        k = above
    times[k] = time
    cells[k] = cell
    return count + 1


@part
def drop_first(times: Floats, cells: Whole, count: int) -> int:
    """Return the number of entries after the first, which is the earliest, is taken out; arguments as in `push`."""
    count -= 1
    time, cell = times[count], cells[count]
    k = 0
    while True:
        below = 2 * k + 1
        if below >= count:
            break
        other = below + 1
        if other < count and (
            times[other] < times[below] or (times[other] == times[below] and cells[other] < cells[below])
        ):
            below = other
        if time < times[below] or (time == times[below] and cell < cells[below]):
            break
        times[k] = times[below]
        cells[k] = cells[below]
        k = below
    times[k] = time
    cells[k] = cell
    return count
