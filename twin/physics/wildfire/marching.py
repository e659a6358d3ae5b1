"""The march: cells are settled in the order of their times, and each lights those around it. One pass, no iterations.

Source: Sethian (1996), doi:10.1073/pnas.93.4.1591; Mirebeau (2014), doi:10.1007/s00211-013-0571-3 for metrics that
depend on the direction; Finney (2002), doi:10.1139/x02-068 for the times of ways through the cells they cross.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from numpy.typing import NDArray

from twin.physics.compiling import called, kernel
from twin.physics.wildfire.compiling import sources
from twin.physics.wildfire.heap import drop_first, push
from twin.physics.wildfire.surface import Value
from twin.physics.wildfire.ways import along, from_between, straight

Floats = NDArray[Value]
Whole = NDArray[Value]
Tables = tuple[NDArray[Value], ...]
Cells = tuple[NDArray[Value], ...]
Heap = tuple[NDArray[Value], ...]

SETTLED, SOURCE, EDGE = 1, 2, 4
"""Bits of a cell's state: its time stands; fire starts there as at a point; it lies at the edge of the grid."""

RADIUS = 8.0
RING_ROOM = 128
"""Entries that the heap must have room for before a cell lights those around it: more than any ring has ways."""
"""Cells across the wind, around a point of ignition, that are reached by straight ways: waves of a small radius cannot
be interpolated."""


@called
def light_around(cells: Cells, tables: Tables, heap: Heap, count: int, here: int) -> int:
    """Return the number of entries of the heap after a settled cell has lit those around it.

    cells   fuel (cells, 4), state (cells,), time s, clock s (cells,), way (cells, 2) cells; flat, with a rim
    tables  the arrays of `stencil.Stencils`
    heap    times s, cells; `count` entries, and room for one ring of ways
    here    the settled cell
    """
    fuel, state, time, clock, came = cells
    times, waiting = heap
    ring_from, ring, vector, step, _, _, _, _ = tables
    kind = int(fuel[here, 3])
    first, last = ring_from[kind], ring_from[kind + 1]
    begin = clock[here]
    for place in range(first, last):
        way = ring[place]
        there = here + step[way]
        if state[there] & SETTLED or fuel[there, 0] <= 0.0:
            continue
        a1, wx, wy = along(fuel, here, way, tables)
        if a1 < 0.0:
            continue
        x1, y1, l1 = vector[way, 0], vector[way, 1], vector[way, 2]
        u1 = begin - wx * x1 - wy * y1
        best = u1 + a1 * l1
        bx, by = x1, y1
        for side in range(2):
            if side == 0:
                other = ring[place + 1] if place + 1 < last else ring[first]
            else:
                other = ring[place - 1] if place > first else ring[last - 1]
            beside = there - step[other]
            if not state[beside] & SETTLED:
                continue
            x2, y2, l2 = vector[other, 0], vector[other, 1], vector[other, 2]
            late = clock[beside] - begin - wx * (x2 - x1) - wy * (y2 - y1)
            p12 = x1 * x2 + y1 * y2
            # with the slowness of the first way, the best one would begin at one of the two cells, not between them
            if late >= a1 * (l1 - p12 / l1) or late <= a1 * (p12 / l2 - l2):
                continue
            a2, vx, vy = along(fuel, beside, other, tables)
            if a2 < 0.0:
                continue
            found, s = from_between(u1, a1, x1, y1, clock[beside] - vx * x2 - vy * y2, a2, x2, y2)
            if begin <= found < best:
                best = found
                bx, by = x1 + s * (x2 - x1), y1 + s * (y2 - y1)
        if best < time[there]:
            time[there] = best
            came[there, 0], came[there, 1] = bx, by
            count = push(times, waiting, count, best, there)
    return count


@called
def light_straight(cells: Cells, heap: Heap, count: int, here: int, shape: tuple[int, int, int]) -> int:
    """Return the number of entries of the heap after a point of ignition has lit what straight ways reach.

    shape   rows and columns of the grid in the rim, width of the rim; other arguments as in `light_around`. The heap
            has room for all cells within `reach`.
    """
    fuel, state, time, clock, came = cells
    times, waiting = heap
    rows, columns, rim = shape
    width = columns + 2 * rim
    row, column = here // width, here % width
    west, east, south, north = reach(fuel[here, 0], fuel[here, 1], fuel[here, 2])
    a, wx, wy = fuel[here, 0], fuel[here, 1], fuel[here, 2]
    limit = RADIUS * math.sqrt(a * a - wx * wx - wy * wy)
    for dy in range(max(-south, rim - row), min(north, rim + rows - 1 - row) + 1):
        for dx in range(max(-west, rim - column), min(east, rim + columns - 1 - column) + 1):
            there = here + dy * width + dx
            if state[there] & SETTLED or a * math.sqrt(float(dx * dx + dy * dy)) - wx * dx - wy * dy > limit:
                continue
            best = clock[here] + straight(fuel, width, here, dx, dy)
            if best < time[there]:
                time[there] = best
                came[there, 0], came[there, 1] = dx, dy
                count = push(times, waiting, count, best, there)
    return count


@called
def reach(a: float, wx: float, wy: float) -> tuple[int, int, int, int]:
    """Return how many cells straight ways go west, east, south, north from a point of ignition.

    a, wx, wy   s per cell   slowness and drift there: the box around an ellipse of RADIUS across
    """
    e2 = (wx * wx + wy * wy) / (a * a)
    wide = 1.0 / math.sqrt(1.0 - e2)
    ahead_x, ahead_y = RADIUS * wide * wx / a, RADIUS * wide * wy / a
    # half a box around an ellipse of half axes RADIUS wide along and RADIUS across
    half_x = RADIUS * math.sqrt(1.0 + wide * wide * wx * wx / (a * a))
    half_y = RADIUS * math.sqrt(1.0 + wide * wide * wy * wy / (a * a))
    return int(half_x - ahead_x), int(half_x + ahead_x), int(half_y - ahead_y), int(half_y + ahead_y)


def _build(source: str) -> Callable[..., None]:
    @kernel
    def advance(
        cells: Cells,
        tables: Tables,
        heap: Heap,
        until: float,
        fresh: Whole,
        shape: tuple[int, int, int],
        counts: Whole,
        touched: Floats,
    ) -> None:
        """Settle all cells whose time is at most `until`.

        fresh     (room,)  out: the cells settled, in their order, from the place counts[1] on
        counts    entries of the heap, cells in `fresh`, room that the heap wants (0: it has enough); changed
        touched   (1,) s   when fire reached the edge of the grid; changed
        Stops early when the heap or `fresh` is full.
        """
        source  # noqa: B018  # makes the parts' text part of the key of the copy on disk
        fuel, state, time, clock, came = cells
        times, waiting = heap
        count, settled, wanting = counts[0], counts[1], 0
        while count > 0 and times[0] <= until and settled < fresh.shape[0]:
            here = waiting[0]
            if state[here] & SETTLED or times[0] != time[here]:
                count = drop_first(times, waiting, count)
                continue
            room = RING_ROOM
            if state[here] & SOURCE:
                west, east, south, north = reach(fuel[here, 0], fuel[here, 1], fuel[here, 2])
                room += (west + east + 1) * (south + north + 1)
            if count + room > times.shape[0]:
                wanting = count + room
                break
            count = drop_first(times, waiting, count)
            state[here] |= SETTLED
            clock[here] = time[here]
            fresh[settled] = here
            settled += 1
            if state[here] & EDGE and time[here] < touched[0]:
                touched[0] = time[here]
            if came[here, 0] == 0.0 and came[here, 1] == 0.0:  # lit from outside: its direction is that of the head
                came[here, 0], came[here, 1] = fuel[here, 1], fuel[here, 2]
            if state[here] & SOURCE:
                count = light_straight(cells, heap, count, here, shape)
            count = light_around(cells, tables, heap, count, here)
        counts[0], counts[1], counts[2] = count, settled, wanting

    return advance


def _build_kindle(source: str) -> Callable[..., int]:
    @kernel
    def kindle(cells: Cells, heap: Heap, count: int, where: Whole, when: Floats) -> int:
        """Return the number of entries of the heap after cells are to light by themselves, those that do not before.

        where, when  (n,)  cells, s; the heap has room for n entries more
        """
        source  # noqa: B018  # as above
        fuel, state, time, _, came = cells
        times, waiting = heap
        for k in range(where.shape[0]):
            here = where[k]
            if fuel[here, 0] > 0.0 and when[k] < time[here]:
                state[here] |= SOURCE
                time[here] = when[k]
                came[here, 0], came[here, 1] = 0.0, 0.0
                count = push(times, waiting, count, when[k], here)
        return count

    return kindle


advance, kindle = _build(sources()), _build_kindle(sources())
