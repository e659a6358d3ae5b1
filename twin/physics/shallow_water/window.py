"""A window of the grid: only its cells are advanced, and the water around it is what somebody says over time.

What happens at a place can so be computed again, with something changed there, without the rest of the grid: the cells
around the window hold, cell by cell, the depth and the velocity that a run of the whole grid had there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.water import COURANT, Box, Water

RING = 2
"""Cells around a window that are laid: second order looks two cells far."""

State = tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]
"""(ny, nx) each: depth in m, velocity east and north in m s-1."""


class Window:
    """A window, and the water around it: by straight lines between the times at which it is known.

    water       of the whole grid
    box         rows and columns of the window
    times       (t,) s, rising; before the first and after the last the water stays as it was there
    states      of the whole grid at these times; only what lies around the window is kept
    structures  of the grid; those that work on nothing inside sleep from now on

    Where the window ends with the grid there is nothing to lay: the edges of the grid hold there.
    Raises InputError when the window is not in the grid, or times do not rise.
    """

    def __init__(
        self,
        water: Water,
        box: Box,
        times: Sequence[float],
        states: Sequence[State],
        structures: Iterable[Structure] = (),
    ) -> None:
        r0, r1, c0, c1 = box
        if not (0 <= r0 < r1 <= water.ny and 0 <= c0 < c1 <= water.nx):
            raise InputError(f"window of rows {r0} to {r1}, columns {c0} to {c1}: the grid has {water.ny} x {water.nx}")
        if not times or len(times) != len(states) or any(b <= a for a, b in pairwise(times)):
            raise InputError(f"window: {len(states)} states at {len(times)} times; times must rise, with a state each")
        inside = water.inside(box)
        around = water.inside((max(r0 - RING, 0), r1 + RING, max(c0 - RING, 0), c1 + RING)) & ~inside
        rows, columns = np.nonzero(around)
        self._at = rows + 2, columns + 2
        self._times = list(times)
        self._values = np.array([[field[rows, columns] for field in state] for state in states], np.float64)
        depth, east, north = self._values.swapaxes(0, 1)
        waves = np.maximum(np.abs(east), np.abs(north)) + np.sqrt(water.gravity * depth)
        self._fastest: list[float] = waves.max(axis=1, initial=0.0).tolist()
        places = {one.name: list(one.places()) for one in structures}
        self._asleep = {name for name, some in places.items() if some and not any(inside[at].any() for at in some)}

    def awake(self, structures: Sequence[Structure]) -> list[Structure]:
        """Return those of the structures that have work inside; one that came later has."""
        return [one for one in structures if one.name not in self._asleep]

    def longest(self, water: Water, time: float) -> float:
        """Return the longest time step in s by the Courant number of the water around the window."""
        first, second, _ = self._part(time)
        return COURANT * water.cell / max(self._fastest[first], self._fastest[second], 1e-9)

    def lay(self, water: Water, time: float) -> None:
        """Let the water around the window stand and flow as it does at `time` s."""
        first, second, share = self._part(time)
        values = (1 - share) * self._values[first] + share * self._values[second]
        for field, value in zip(water.now, values, strict=True):
            field[self._at] = value

    def _part(self, time: float) -> tuple[int, int, float]:
        """Return between which two of the times `time` lies, and how far it is from the one to the other, 0..1."""
        number, last = bisect_right(self._times, time) - 1, len(self._times) - 1
        if number < 0 or number >= last:
            end = max(0, number)
            return end, end, 0.0
        before, after = self._times[number : number + 2]
        return number, number + 1, (time - before) / (after - before)
