"""What a change of weather, or a cell that is shut, makes of fire that is on its way between two cells.

The front lies where the times of the old rates say it is now. From there on, ways go on with the new rates: those from
between two cells as part of a plane front, whose normal stays while the rate along it changes; those from one cell
along the same straight line, which is never too early, and sooner where what the fire from that cell has gained along
every normal (progress.py) says so. With equal rates nothing changes. What is behind the front keeps a clock that is
set to the new rates, because times between two cells are interpolated from it.

Slow fuel in wind that wavers far from hour to hour is where this is least exact: see tests/validation/fire_split.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called, kernel
from twin.physics.wildfire.compiling import sources
from twin.physics.wildfire.heap import push
from twin.physics.wildfire.progress import (
    NEAR,
    NORMALS,
    OPENED,
    SETTLED,
    History,
    light_further,
    remember,
    slowness_of_normal,
    turned,
)
from twin.physics.wildfire.surface import Value
from twin.physics.wildfire.ways import along

Floats = NDArray[Value]
Whole = NDArray[Value]
Tables = tuple[NDArray[Value], ...]
Cells = tuple[NDArray[Value], ...]
Heap = tuple[NDArray[Value], ...]

MARKED, SHUT_NOW = 8, 16
"""Bits of a cell's state: its clock has been set already; it is being closed."""
CORNER = 1e-5
"""Cells; sides that are met within it are met in their corner, which ways between the middles of cells often do. What
ends within it behind a side ends there: fire that has stood at a cell is not in the one before it."""
RING_ROOM = 128
"""More than any ring has ways."""


@called
def travelled(
    rates: tuple[Floats, Floats, Whole],
    width: int,
    cell: int,
    x: float,
    y: float,
    time: float,
    normal: tuple[float, float],
) -> float:
    """Return the time (s) with new rates of the piece of a straight way that takes `time` with the old ones.

    rates   old, new (cells, 4) float32, see ways.py; state (cells,)
    width   cells from row to row
    cell    where the piece begins, in the middle of the cell
    x, y    unit vector in which it is walked; `time` above 0: with the fire, below 0: against it
    normal  unit normal of the front if the front is plane, else 0, 0
    Infinity where the piece crosses a cell that no longer burns. One that did not burn before either is only touched:
    what is left is then as in the cell before it.
    """
    old, new, state = rates
    sign = 1.0 if time > 0.0 else -1.0
    left = abs(time)
    dx, dy = sign * x, sign * y
    # distances to the next side across x and y, and from side to side
    next_x = 0.5 / abs(dx) if dx != 0.0 else np.inf
    next_y = 0.5 / abs(dy) if dy != 0.0 else np.inf
    at, here, spent = 0.0, cell, 0.0
    nx, ny = normal
    before, after = 1.0, 1.0
    while True:
        a, b = np.float64(old[here, 0]), np.float64(new[here, 0])
        if b <= 0.0 and (a > 0.0 or state[here] & SHUT_NOW):
            return np.inf
        if a <= 0.0 or b <= 0.0:
            break
        if nx == 0.0 and ny == 0.0:
            before = a - old[here, 1] * x - old[here, 2] * y
            after = b - new[here, 1] * x - new[here, 2] * y
        else:
            before = slowness_of_normal(a, old[here, 1], old[here, 2], nx, ny) * (nx * x + ny * y)
            after = slowness_of_normal(b, new[here, 1], new[here, 2], nx, ny) * (nx * x + ny * y)
        end = min(next_x, next_y)
        if left <= (end - at + CORNER) * before:
            break
        left -= (end - at) * before
        spent += (end - at) * after
        at = end
        step_x, step_y = next_x <= end + CORNER, next_y <= end + CORNER
        if step_x:
            here += 1 if dx > 0.0 else -1
            next_x += 1.0 / abs(dx)
        if step_y:
            here += width if dy > 0.0 else -width
            next_y += 1.0 / abs(dy)
    whole: float = spent + left / before * after
    return whole


@called
def set_clock(cells: Cells, old: Floats, width: int, here: int, now: float) -> None:
    """Set the clock of a settled cell so that with the new rates the front would be where it is.

    old   (cells, 4) float32   the rates before; those of `cells` are the new ones
    """
    fuel, state, _, clock, came = cells
    behind = now - clock[here]
    x, y = np.float64(came[here, 0]), np.float64(came[here, 1])
    length = math.sqrt(x * x + y * y)
    if behind > 0.0 and length > 0.0:
        spent = travelled((old, fuel, state), width, here, x / length, y / length, behind, (0.0, 0.0))
        if spent < np.inf:
            clock[here] = now - spent


@called
def carry_on(cells: Cells, tables: Tables, old: Floats, width: int, here: int, now: float) -> None:
    """Give a cell that fire is on its way to its time with the new rates; infinity if its way is barred now."""
    fuel, state, time, _, came = cells
    step = tables[3]
    x, y = np.float64(came[here, 0]), np.float64(came[here, 1])
    length = math.sqrt(x * x + y * y)
    if fuel[here, 0] <= 0.0:
        time[here] = np.inf
        return
    if length == 0.0 or time[here] <= now:
        return  # a point of ignition to come, or there now
    plane = False
    if x != math.floor(x) or y != math.floor(y):  # from between two cells
        for k in range(NEAR):
            if state[here - step[k]] & SETTLED:
                plane = True
    x, y = x / length, y / length
    nx, ny = 0.0, 0.0
    if plane:
        nx, ny = old[here, 0] * x - old[here, 1], old[here, 0] * y - old[here, 2]
        norm = math.sqrt(nx * nx + ny * ny)
        nx, ny = nx / norm, ny / norm
    spent = travelled((old, fuel, state), width, here, x, y, now - time[here], (nx, ny))
    time[here] = now + spent
    if plane and spent < np.inf:
        slow = slowness_of_normal(fuel[here, 0], fuel[here, 1], fuel[here, 2], nx, ny)
        came[here, 0] = (slow * nx + fuel[here, 1]) / fuel[here, 0]
        came[here, 1] = (slow * ny + fuel[here, 2]) / fuel[here, 0]


@called
def light_from_beside(cells: Cells, tables: Tables, here: int, now: float, wait: bool) -> None:
    """Give a cell without a time the earliest from the settled cells around it, not before now.

    wait   whether fire has stood at the side of the cell until now, so that it needs the piece inside from now on
    """
    fuel, state, time, clock, came = cells
    vector, step = tables[2], tables[3]
    for k in range(NEAR):
        beside = here - step[k]
        if not state[beside] & SETTLED:
            continue
        a, wx, wy = along(fuel, beside, k, tables)
        if a < 0.0:
            continue
        x, y, length = vector[k, 0], vector[k, 1], vector[k, 2]
        first = now
        if wait:
            first += 0.5 * (fuel[here, 0] * length - fuel[here, 1] * x - fuel[here, 2] * y)
        found = max(first, clock[beside] + a * length - wx * x - wy * y)
        if found < time[here]:
            time[here] = found
            came[here, 0], came[here, 1] = x, y


def _build_rebase(source: str) -> Callable[..., tuple[int, Heap, History]]:
    @kernel
    def rebase(
        cells: Cells,
        tables: Tables,
        heap: Heap,
        count: int,
        old: Floats,
        opened: Whole,
        width: int,
        now: float,
        last: float,
        history: History,
    ) -> tuple[int, Heap, History]:
        """Return entries of the heap, the heap and the history after all times to come are set to the new rates.

        cells    with the new rates     old    (cells, 4) float32 the rates until now; may be those of `cells`
        opened   (n,)   cells that did not burn until now and do from now on
        now      s      when rates change        last  s   when they have changed last
        history  (m,), (m, NORMALS)   cells at the front, in their order, and how far (cells) fire had come from each
                        along every normal when rates changed last: see progress.py
        Other arguments as in marching.py.
        """
        source  # noqa: B018  # makes the parts' text part of the key of the copy on disk
        fuel, state, time, _, _ = cells
        times, waiting = heap
        ring_from, ring, _, step, _, _, _, _ = tables
        ahead = np.empty(count + opened.shape[0], np.int64)
        found = 0
        for k in range(count):
            if not state[waiting[k]] & SETTLED and time[waiting[k]] == times[k]:
                ahead[found] = waiting[k]
                found += 1
        ahead[found : found + opened.shape[0]] = opened
        marked = 0
        behind = np.empty(1024, np.int64)
        for k in range(found + opened.shape[0]):
            kind = int(fuel[ahead[k], 3])
            for place in range(ring_from[kind], ring_from[kind + 1]):
                here = ahead[k] - step[ring[place]]
                if state[here] & (SETTLED | MARKED) == SETTLED:
                    state[here] |= MARKED
                    if marked == behind.shape[0]:
                        behind = np.concatenate((behind, behind))
                    behind[marked] = here
                    marked += 1
                    set_clock(cells, old, width, here, now)
        coming = 0
        for k in range(found):
            here = ahead[k]
            carry_on(cells, tables, old, width, here, now)
            if time[here] == np.inf and fuel[here, 0] > 0.0:
                light_from_beside(cells, tables, here, now, False)
            if time[here] < np.inf:
                ahead[coming] = here
                coming += 1
        for k in range(marked):
            state[behind[k]] &= ~MARKED
        for k in range(opened.shape[0]):
            state[opened[k]] |= OPENED
        kept, progress = remember(cells, tables, old, np.sort(behind[:marked]), now, last, history)
        for k in range(opened.shape[0]):
            state[opened[k]] &= ~OPENED
        slowness = np.empty(NORMALS)
        for k in range(kept.shape[0]):
            if coming + RING_ROOM > ahead.shape[0]:
                ahead = np.concatenate((ahead, np.empty(ahead.shape[0] + RING_ROOM, np.int64)))
            if fuel[kept[k], 0] > 0.0 and turned(old, fuel, kept[k]):
                coming += light_further(cells, tables, kept[k], now, progress[k], slowness, ahead[coming:])
        if coming + opened.shape[0] > ahead.shape[0]:
            ahead = np.concatenate((ahead, np.empty(opened.shape[0], np.int64)))
        for k in range(opened.shape[0]):
            if not state[opened[k]] & SETTLED and time[opened[k]] == np.inf:
                light_from_beside(cells, tables, opened[k], now, True)
                if time[opened[k]] < np.inf:
                    ahead[coming] = opened[k]
                    coming += 1
        if coming > times.shape[0]:
            times, waiting = np.empty(2 * coming), np.empty(2 * coming, np.int64)
        for k in range(coming):
            push(times, waiting, k, time[ahead[k]], ahead[k])
        return coming, (times, waiting), (kept, progress)

    return rebase


rebase = _build_rebase(sources())
