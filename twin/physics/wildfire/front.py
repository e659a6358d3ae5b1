"""When fire is where: a front that runs over a grid of rates, in weather that changes, past what is opened and shut.

    front = Front((ny, nx), 30.0)
    front.burn(rates, 0.0)
    front.ignite([200], [500], 0.0)
    front.advance(6 * 3600.0)
    front.arrival

Memory: 41 bytes per cell and a rim of `stencil.REACH` cells on each side; 16 more while `burn` takes new rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError, UsageError
from twin.physics.wildfire import bands, marching, packing
from twin.physics.wildfire.progress import NORMALS
from twin.physics.wildfire.rates import Rates
from twin.physics.wildfire.stencil import REACH, stencils

HISTORY = ("front_cells", "front_progress")
FRESH = 1 << 16
"""Cells that the kernel settles between two visits to Python."""


class Front:
    """The front of a fire on (ny, nx) cells, row 0 south. Time runs forwards: nothing is told before `time`.

    shape  (ny, nx), at least 1 each
    cell   m   side of a cell, above 0

    Raises InputError for a shape or cell that cannot be.
    """

    def __init__(self, shape: tuple[int, int], cell: float) -> None:
        if min(shape) < 1 or not 0.0 < cell < np.inf:
            raise InputError(f"a front needs at least one cell of a positive side; found {shape} cells of {cell} m")
        self.shape, self.cell, self.time = (int(shape[0]), int(shape[1])), float(cell), 0.0
        ny, nx = self.shape
        self._width = nx + 2 * REACH
        size = (ny + 2 * REACH) * self._width
        self._fuel = np.zeros((size, 4), np.float32)
        self._state = np.zeros(size, np.uint8)
        self._time = np.full(size, np.inf)
        self._clock = np.full(size, np.inf)
        self._came = np.zeros((size, 2), np.float32)
        edge = self._inner(self._state)
        edge[[0, -1]] = marching.EDGE
        edge[:, [0, -1]] = marching.EDGE
        tables = stencils(self._width)
        self._tables = tuple(getattr(tables, name) for name in tables.__slots__)
        self._times, self._waiting = np.empty(1 << 12), np.empty(1 << 12, np.int64)
        self._counts = np.zeros(3, np.int64)
        self._touched = np.array([np.inf])
        self._to_come: dict[int, float] = {}
        self._burns = False
        self._history = (np.empty(0, np.int64), np.empty((0, NORMALS)))
        self._changed = 0.0

    def _inner(self, flat: NDArray[Any]) -> NDArray[Any]:
        """Return the view of (ny, nx, ...) without the rim."""
        ny, nx = self.shape
        whole = flat.reshape(ny + 2 * REACH, self._width, *flat.shape[1:])
        return whole[REACH : REACH + ny, REACH : REACH + nx]

    @property
    def _cells(self) -> tuple[NDArray[Any], ...]:
        return self._fuel, self._state, self._time, self._clock, self._came

    @property
    def burnt(self) -> NDArray[np.bool_]:
        """(ny, nx) cells that fire has reached until now."""
        return np.asarray(self._inner(self._state) & marching.SETTLED, bool)

    @property
    def arrival(self) -> NDArray[np.float64]:
        """(ny, nx) s, when fire reached the middle of the cell; infinity where it has not until now."""
        return np.where(self.burnt, self._inner(self._time), np.inf)

    @property
    def direction(self) -> NDArray[np.float64]:
        """(ny, nx) rad, counter-clockwise from east, the way that fire came; that of the head where it was lit."""
        came = self._inner(self._came)
        return np.asarray(np.arctan2(came[..., 1], came[..., 0]), np.float64)

    def came(self, cells: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return `arrival` (s) and `direction` (rad) of a few cells (n,), without a copy of the whole grid.

        cells  (n,)   row * nx + column, as `advance` returns them

        Raises InputError for cells outside the grid.
        """
        wanted = np.asarray(cells, np.int64)
        outside = (wanted < 0) | (wanted >= self.shape[0] * self.shape[1])
        if outside.any():
            raise InputError(f"cell {wanted[outside][0]} lies outside the grid of {self.shape} cells")
        rows, columns = np.divmod(wanted, self.shape[1])
        places = (rows + REACH) * self._width + columns + REACH
        settled, way = self._state[places] & marching.SETTLED, self._came[places]
        times = np.where(settled, self._time[places], np.inf)
        return times, np.asarray(np.arctan2(way[:, 1], way[:, 0]), np.float64)

    @property
    def touched(self) -> float:
        """s, when fire reached the edge of the grid; infinity while it has not. Beyond it nothing is known."""
        return float(self._touched[0])

    @property
    def bytes_per_cell(self) -> float:
        """Memory of the arrays by the number of cells, rim and all."""
        return sum(array.nbytes for array in self._cells) / (self.shape[0] * self.shape[1])

    def burn(self, rates: Rates, time: float) -> NDArray[np.intp]:
        """Take new rates from `time` on; return what `advance(time)` returns.

        Ways under way keep the piece they have run: the front stays where it is, and goes on with the new rates.
        Fire that has stood before a cell without a rate enters it when it gets one.

        rates  (ny, nx) arrays   see `rates.Rates`; not kept
        time   s                 not before `self.time`

        Raises InputError for rates that cannot be, UsageError for a time that is past.
        """
        for name in ("head", "eccentricity", "heading"):
            if np.shape(getattr(rates, name)) != self.shape:
                raise InputError(
                    f"rates.{name} has the shape {np.shape(getattr(rates, name))}; the front has {self.shape}"
                )
        fresh = self.advance(time)
        new = np.zeros_like(self._fuel)
        opened = np.empty(0 if not self._burns else FRESH, np.int64)
        while True:
            bad, count = packing.pack(
                np.asarray(rates.head, np.float64),
                np.asarray(rates.eccentricity, np.float64),
                np.asarray(rates.heading, np.float64),
                self.cell, packing.LIMITS, REACH, self._state, self._fuel, new, opened,
            )  # fmt: skip
            if bad >= 0:
                row, column = divmod(bad, self.shape[1])
                found = {n: float(getattr(rates, n)[row, column]) for n in ("head", "eccentricity", "heading")}
                raise InputError(
                    f"rates at row {row}, column {column} cannot be: {found}; known: head of 0 m s-1 or more, "
                    "eccentricity from 0 to below 1, a finite heading"
                )
            if count <= len(opened) or not self._burns:
                break
            opened = np.empty(count, np.int64)
        old, self._fuel = self._fuel, new
        self._rebase(old, opened[: count if self._burns else 0])
        self._burns = True
        return fresh

    def ignite(self, rows: ArrayLike, columns: ArrayLike, time: float) -> NDArray[np.bool_]:
        """Light cells in their middle; return (n,) which of them burn from that: not what has burnt or has no rate.

        rows, columns  (n,)  cells
        time           s     not before `self.time`; may lie ahead

        Raises InputError for cells outside the grid, UsageError before the first `burn` and for a time that is past.
        """
        if not self._burns:
            raise UsageError("ignite before any rates are known; give them with burn(rates, time) first")
        self._not_past(time, "ignite")
        r, c = np.atleast_1d(np.asarray(rows, np.int64)), np.atleast_1d(np.asarray(columns, np.int64))
        outside = (r < 0) | (r >= self.shape[0]) | (c < 0) | (c >= self.shape[1])
        if outside.any():
            k = int(np.flatnonzero(outside)[0])
            raise InputError(f"ignition at row {r[k]}, column {c[k]} lies outside the grid of {self.shape} cells")
        cells = (r + REACH) * self._width + c + REACH
        lit = np.zeros(len(cells), bool)
        for k, cell in enumerate(cells.tolist()):
            if self._fuel[cell, 0] > 0 and time < self._time[cell]:
                self._to_come[cell] = time
                lit[k] = True
        self._kindle()
        return lit

    def close(self, mask: NDArray[np.bool_], time: float) -> NDArray[np.intp]:
        """Let cells not burn from `time` on (a break, wet, flooded, cleared); return what `advance(time)` returns.

        Fire that would have crossed them later does not; what has burnt before stays burnt, and lights nothing more.

        mask  (ny, nx)
        time  s          not before `self.time`
        """
        fresh = self.advance(time)
        cells = self._places(mask)
        self._set_open(cells[~np.signbit(self._fuel[cells, 0])], open_=False)
        return fresh

    def open(self, mask: NDArray[np.bool_], time: float) -> NDArray[np.intp]:
        """Let closed cells burn again from `time` on; return what `advance(time)` returns.

        Fire that waits at their side enters them now. Cells that had burnt when they were closed stay out.

        mask  (ny, nx)
        time  s          not before `self.time`
        """
        fresh = self.advance(time)
        cells = self._places(mask)
        shut = np.signbit(self._fuel[cells, 0]) & (self._state[cells] & marching.SETTLED == 0)
        self._set_open(cells[shut], open_=True)
        return fresh

    def advance(self, until: float) -> NDArray[np.intp]:
        """Settle every arrival until `until` s; return (n,) the cells that lit, as row * nx + column, in their order.

        Steps of any length give the same, to the last bit. Raises UsageError for a time that is past.
        """
        self._not_past(until, "advance")
        found: list[NDArray[np.int64]] = []
        while self._counts[0] and self._times[0] <= until:
            fresh = np.empty(FRESH, np.int64)
            self._counts[1] = 0
            marching.advance(
                self._cells, self._tables, (self._times, self._waiting), float(until), fresh,
                (*self.shape, REACH), self._counts, self._touched,
            )  # fmt: skip
            found.append(fresh[: self._counts[1]])
            self._make_room(int(self._counts[2]))
        self.time = float(until)
        if not found:
            return np.empty(0, np.intp)
        rows, columns = np.divmod(np.concatenate(found), self._width)
        return np.asarray((rows - REACH) * self.shape[1] + columns - REACH, np.intp)

    def save(self) -> dict[str, NDArray[Any]]:
        """Return copies of all that the front is, by name; one of the same shape goes on from it to the last bit."""
        used = slice(int(self._counts[0]))
        return {
            "fuel": self._fuel.copy(), "state": self._state.copy(), "time": self._time.copy(),
            "clock": self._clock.copy(), "came": self._came.copy(),
            "heap_times": self._times[used].copy(), "heap_cells": self._waiting[used].copy(),
            "to_come_cells": np.array(list(self._to_come), np.int64),
            "to_come_times": np.array(list(self._to_come.values()), np.float64),
            **dict(zip(HISTORY, (kept.copy() for kept in self._history), strict=True)),
            "now": np.array([self.time, self.touched, float(self._burns), self._changed]),
        }  # fmt: skip

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood. Raises InputError if that was of another shape."""
        if saved["fuel"].shape != self._fuel.shape:
            raise InputError(
                f"the saved front has {saved['fuel'].shape[0]} cells with its rim; this one has {self._fuel.shape[0]}"
            )
        self._fuel, self._state = saved["fuel"].copy(), saved["state"].copy()
        self._time, self._clock, self._came = (saved[name].copy() for name in ("time", "clock", "came"))
        count = len(saved["heap_times"])
        self._make_room(count + 1)
        self._times[:count], self._waiting[:count] = saved["heap_times"], saved["heap_cells"]
        self._counts[0] = count
        self._to_come = dict(zip(saved["to_come_cells"].tolist(), saved["to_come_times"].tolist(), strict=True))
        self._history = (saved[HISTORY[0]].copy(), saved[HISTORY[1]].copy())
        self.time, self._touched[0], burns, self._changed = (float(value) for value in saved["now"])
        self._burns = bool(burns)

    def _not_past(self, time: float, verb: str) -> None:
        if not self.time <= time < np.inf:
            raise UsageError(f"cannot {verb} at {time:g} s: the front stands at {self.time:g} s and never goes back")

    def _places(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the cells of a mask in the flat grid. Raises InputError for another shape."""
        if mask.shape != self.shape:
            raise InputError(f"a mask of the shape {mask.shape} for a front of {self.shape} cells")
        rows, columns = np.nonzero(mask)
        return np.asarray((rows + REACH) * self._width + columns + REACH, np.int64)

    def _set_open(self, cells: NDArray[np.int64], *, open_: bool) -> None:
        """Change what is closed: the sign of a slowness. Then look after what was on its way."""
        if len(cells):
            self._fuel[cells, 0] = -self._fuel[cells, 0]
            if not open_:
                self._state[cells] |= bands.SHUT_NOW
            self._rebase(self._fuel, cells[self._fuel[cells, 0] > 0] if open_ else cells[:0])
            self._state[cells] &= ~np.uint8(bands.SHUT_NOW)

    def _rebase(self, old: NDArray[np.float32], opened: NDArray[np.int64]) -> None:
        """Set all times to come to the present rates."""
        self._counts[0], (self._times, self._waiting), self._history = bands.rebase(
            self._cells, self._tables, (self._times, self._waiting), int(self._counts[0]), old, opened, self._width,
            self.time, self._changed, self._history,
        )  # fmt: skip
        self._changed = self.time
        self._kindle()

    def _kindle(self) -> None:
        """Put the ignitions to come onto the heap, those again that fire on its way had made needless before."""
        waiting = {c: t for c, t in self._to_come.items() if t >= self.time and not self._state[c] & marching.SETTLED}
        self._to_come = waiting
        if waiting:
            self._make_room(int(self._counts[0]) + len(waiting))
            self._counts[0] = marching.kindle(
                self._cells, (self._times, self._waiting), int(self._counts[0]),
                np.array(list(waiting), np.int64), np.array(list(waiting.values()), np.float64),
            )  # fmt: skip

    def _make_room(self, count: int) -> None:
        """Let the heap have room for `count` entries at least."""
        if count > len(self._times):
            more = max(count, 2 * len(self._times)) - len(self._times)
            self._times = np.concatenate([self._times, np.empty(more)])
            self._waiting = np.concatenate([self._waiting, np.empty(more, np.int64)])
