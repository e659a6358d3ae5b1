"""How far fire has come from a cell in weather that changed meanwhile: Huygens, in every direction; parts of kernels.

In uniform fuel a fire from a point is convex, and each band of weather adds its ellipse in the sense of Minkowski: the
distance that the front has come along each normal grows by the rate along that normal. A point is burnt when it lies
behind the front along every normal.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called, part
from twin.physics.wildfire.stencil import AROUND
from twin.physics.wildfire.surface import Value
from twin.physics.wildfire.ways import along

Floats = NDArray[Value]
Whole = NDArray[Value]
Tables = tuple[NDArray[Value], ...]
Cells = tuple[NDArray[Value], ...]
History = tuple[NDArray[Value], NDArray[Value]]

SETTLED = 1
"""Bit of a cell's state: its time stands."""
OPENED = 32
"""Bit of a cell's state: it could not burn until now and can from now on."""
NEAR = len(AROUND)
"""The first ways of the tables lead to the cells around."""
SAME = 1e-5
"""Difference of eccentricity along an axis that is rounding."""
NORMALS = 72
"""Directions of normals, at equal angles. Between them a front is taken for the corner of its tangents."""
ANGLES = np.arange(NORMALS) * (math.tau / NORMALS)
NORMAL = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])


@part
def slowness_of_normal(a: float, wx: float, wy: float, nx: float, ny: float) -> float:
    """Return the slowness (s per cell) of a plane front with the unit normal nx, ny, from the slowness and drift there.

    The solution of |slowness n + w| = a, which the gradient of the arrival time fulfils.
    """
    # near the head of a long ellipse it is a small difference of float32 that are large
    a, wx, wy = np.float64(a), np.float64(wx), np.float64(wy)
    drift = nx * wx + ny * wy
    return math.sqrt(drift * drift - wx * wx - wy * wy + a * a) - drift


@called
def add_band(progress: Floats, a: float, wx: float, wy: float, duration: float) -> None:
    """Add to `progress` (NORMALS,) cells what fire gains along each normal in `duration` s; a, wx, wy s per cell."""
    for k in range(NORMALS):
        progress[k] += duration / slowness_of_normal(a, wx, wy, NORMAL[k, 0], NORMAL[k, 1])


@called
def time_to(progress: Floats, slowness: Floats, x: float, y: float) -> float:
    """Return the time (s) until fire from a cell, which has come as far as `progress`, burns x, y cells from it.

    progress   (NORMALS,) cells        slowness  (NORMALS,) s per cell   along each normal, from now on
    """
    latest = 0.0
    for k in range(NORMALS):
        latest = max(latest, (x * NORMAL[k, 0] + y * NORMAL[k, 1] - progress[k]) * slowness[k])
    return latest


@called
def at_front(cells: Cells, tables: Tables, here: int) -> bool:
    """Return whether a cell around this one can burn and has not."""
    fuel, state, _, _, _ = cells
    step = tables[3]
    for k in range(NEAR):
        there = here + step[k]
        if not state[there] & SETTLED and fuel[there, 0] > 0.0:
            return True
    return False


@called
def opens(cells: Cells, tables: Tables, here: int) -> bool:
    """Return whether a way from this cell leads to one that is opened now: what came that way until now was barred."""
    fuel, state, _, _, _ = cells
    ring_from, ring, _, step, _, _, _, _ = tables
    kind = int(fuel[here, 3])
    found = 0
    for place in range(ring_from[kind], ring_from[kind + 1]):
        found |= state[here + step[ring[place]]]
    return bool(found & OPENED)


@called
def turned(old: Floats, new: Floats, here: int) -> bool:
    """Return whether the ellipse of a cell has another shape or heading; if not, ways under way know all there is."""
    a, b = old[here, 0], new[here, 0]
    least = SAME * a * b
    return bool(abs(old[here, 1] * b - new[here, 1] * a) > least or abs(old[here, 2] * b - new[here, 2] * a) > least)


@called
def light_further(
    cells: Cells, tables: Tables, here: int, now: float, progress: Floats, slowness: Floats, reached: Whole
) -> int:
    """Let a burnt cell in new weather light those around it that its fire, as far as it has come, reaches sooner.

    progress, slowness   (NORMALS,)   see progress.time_to; the second is written for the rates of the cell
    reached              (room,)      out: cells that fire was not on its way to before; returned is their number
    """
    count = 0
    fuel, state, time, _, came = cells
    ring_from, ring, vector, step, _, _, _, _ = tables
    a, wx, wy = fuel[here, 0], fuel[here, 1], fuel[here, 2]
    for k in range(NORMALS):
        slowness[k] = slowness_of_normal(a, wx, wy, NORMAL[k, 0], NORMAL[k, 1])
    kind = int(fuel[here, 3])
    for place in range(ring_from[kind], ring_from[kind + 1]):
        way = ring[place]
        there = here + step[way]
        if state[there] & SETTLED or fuel[there, 0] <= 0.0:
            continue
        b, vx, vy = along(fuel, here, way, tables)
        if b < 0.0:
            continue
        x, y, length = vector[way, 0], vector[way, 1], vector[way, 2]
        # in fuel like that of the cell, times what the way takes by what it would take in such fuel
        other = (b * length - vx * x - vy * y) / (a * length - wx * x - wy * y)
        found = now + time_to(progress, slowness, x, y) * other
        if found < time[there]:
            if time[there] == np.inf:
                reached[count] = there
                count += 1
            time[there] = found
            came[there, 0], came[there, 1] = x, y
    return count


@called
def remember(
    cells: Cells, tables: Tables, old: Floats, behind: Whole, now: float, last: float, history: History
) -> History:
    """Return the history of the cells at the front, with what fire has gained there since rates changed last.

    behind   (n,)   burnt cells near the front, in their order; other arguments as in `rebase`
    A cell that comes to the front only now has gained since it lit or, if that was before, since the last change: it
    was not at the front then. So have those from which a way leads to what is opened now, at the next change.
    """
    _, _, time, _, _ = cells
    places, progress = history
    kept = np.empty(behind.shape[0], np.int64)
    count = 0
    for k in range(behind.shape[0]):
        if at_front(cells, tables, behind[k]) and not opens(cells, tables, behind[k]):
            kept[count] = behind[k]
            count += 1
    gained = np.zeros((count, NORMALS))
    for k in range(count):
        here = kept[k]
        at = np.searchsorted(places, here)
        if at < places.shape[0] and places[at] == here:
            gained[k] = progress[at]
        if old[here, 0] > 0.0:
            add_band(gained[k], old[here, 0], old[here, 1], old[here, 2], now - max(time[here], last))
    return kept[:count].copy(), gained
