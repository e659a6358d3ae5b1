"""The state of the water: arrays with ghost cells, what rounding keeps back, and which tiles are wet.

Everything that moves water by other means than the flow itself (inflows, pumps, breaches, drains) goes through the
verbs here, so that nothing can be lost between float32 cells and float64 books.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.edges import SIDES
from twin.physics.shallow_water.few import put
from twin.physics.shallow_water.flux import FILM
from twin.physics.shallow_water.runoff import to_nearest
from twin.physics.shallow_water.state import WALL, Arrays
from twin.physics.shallow_water.tiles import Tiles

Cells = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns of cells, (n,) each, counted in the grid without ghosts."""


Box = tuple[int, int, int, int]
"""A window of the grid, counted without ghosts: rows from .. to, columns from .. to, the second of each excluded."""


LONGEST_STEP = 5.0
"""s, when nothing moves."""

COURANT = 0.45
"""dt times fastest wave over cell. A proof of positivity wants 0.25; what the cut at 0 adds is in the budget."""


class Water:
    """Depth and velocity over a bed, (ny + 4, nx + 4) each with two rings of ghost cells.

    now, new    depth m, velocity east and north m s-1; the step reads `now` and writes `new`
    lost        m, what rounding has kept from the depth so far
    bed         m above `datum`; `state.WALL` where it is solid
    gn2         m1/3, gravity times the square of Manning's n; (ny + 4, nx + 4) or (1, nx + 4)
    rain_share  share of the rain that a cell takes; as gn2
    porosity    share of a cell that is open to water, (ny + 4, nx + 4); None: all of it
    fastest     (bands, tiles) m s-1, fastest wave of each tile
    beside      sides of the grid along which cells are advanced
    moved       whether the ground was moved since the ground beyond the edges was last laid
    cell        m; gravity  m s-2
    """

    def __init__(self, arrays: Arrays, cell: float, gravity: float) -> None:
        self.cell, self.gravity, self.datum = cell, gravity, arrays.datum
        self.bed, self.gn2, self.rain_share, self.now = arrays.bed, arrays.gn2, arrays.rain_share, arrays.state
        self.lost, self.porosity = np.zeros_like(self.bed), arrays.porosity
        self.new = self.now[0].copy(), self.now[1].copy(), self.now[2].copy()
        self.ny, self.nx = self.bed.shape[0] - 4, self.bed.shape[1] - 4
        self.tiles = Tiles(self.ny, self.nx)
        self.tiles.set_solid(self.bed >= WALL)
        self.fastest = np.zeros(self.tiles.shape, self.bed.dtype)
        self.moved = False
        self.beside: tuple[str, ...] = SIDES

    @property
    def solid(self) -> NDArray[np.bool_]:
        """(ny, nx), cells that are walls."""
        return np.asarray(self.bed[2:-2, 2:-2] >= WALL)

    def stored(self) -> float:
        """Return the water on the grid in m3, with the remainders that float32 cannot show."""
        inner = np.s_[2:-2, 2:-2]
        parts = self.now[0][inner], self.lost[inner]
        if self.porosity is None:
            return float(sum(part.sum(dtype=np.float64) for part in parts)) * self.cell**2
        room = self.porosity[inner].astype(np.float64)
        return float(sum((part * room).sum() for part in parts)) * self.cell**2

    # -- looking at cells ---------------------------------------------------------------------------------------

    def area_at(self, cells: Cells) -> NDArray[np.float64]:
        """Return (n,) area in m2 that is open to water."""
        if self.porosity is None:
            return np.full(len(cells[0]), self.cell**2)
        return self.porosity[cells[0] + 2, cells[1] + 2].astype(np.float64) * self.cell**2

    def depth_at(self, cells: Cells) -> NDArray[np.float64]:
        """Return (n,) depth in m."""
        return self.now[0][cells[0] + 2, cells[1] + 2].astype(np.float64)

    def bed_at(self, cells: Cells) -> NDArray[np.float64]:
        """Return (n,) height of the ground in m, in the datum of the city."""
        return self.bed[cells[0] + 2, cells[1] + 2].astype(np.float64) + self.datum

    def level_at(self, cells: Cells) -> NDArray[np.float64]:
        """Return (n,) level of the water in m, in the datum of the city; of a dry cell the ground."""
        return self.bed_at(cells) + self.depth_at(cells)

    # -- moving water and ground --------------------------------------------------------------------------------

    def add(self, cells: Cells, volume: NDArray[np.float64]) -> float:
        """Add `volume` (n,) m3 to cells, at rest (below 0: take it); return the m3 that are there more.

        Never takes more than a cell holds. Each cell may be named once.
        """
        gained = np.empty(len(volume))
        put(self.now, self.lost, cells, volume, self.area_at(cells), gained)
        self.tiles.touch(*cells)
        return float(gained.sum())

    def give(self, cells: Cells, volume: float) -> float:
        """Spread `volume` m3 evenly over cells, at rest; return the m3 that are there more."""
        return self.add(cells, np.full(len(cells[0]), volume / len(cells[0])))

    def take(self, cells: Cells, volume: float) -> float:
        """Take `volume` m3 out of cells in proportion to what they hold; return the m3 taken, never more than that."""
        if volume <= 0:
            return 0.0
        held = self.depth_at(cells) * self.area_at(cells)
        there = float(held.sum())
        if there <= 0:
            return 0.0
        return -self.add(cells, -held * min(1.0, volume / there))

    def empty(self, cells: Cells) -> float:
        """Take all water out of cells; return it in m3, remainders included."""
        at = cells[0] + 2, cells[1] + 2
        held = self.now[0][at].astype(np.float64) + self.lost[at]
        gone = float((held * self.area_at(cells)).sum())
        for values in (*self.now, self.lost):
            values[at] = 0
        return gone

    def raise_bed(self, cells: NDArray[np.bool_], level: float) -> tuple[int, float]:
        """Raise the ground of free cells, (ny, nx), to `level` m; return how many rose and the m3 of water moved.

        Water above the new ground stays; the rest goes to the nearest free cells that did not rise.
        """
        bed, h, lost = (a[2:-2, 2:-2] for a in (self.bed, self.now[0], self.lost))
        top = level - self.datum
        low = cells & ~self.solid & (bed < top)
        beside = ~self.solid & ~low
        if not low.any() or not beside.any():
            return 0, 0.0
        room = np.ones(h.shape) if self.porosity is None else self.porosity[2:-2, 2:-2].astype(np.float64)
        held = h.astype(np.float64) + lost
        above = np.where(low, np.maximum(0, bed + held - top), held)
        moved = (held - above) * room
        exact = above + to_nearest(moved, beside) / room
        bed[low] = top
        h[:] = exact
        lost[:] = exact - h
        self.moved = True
        self.disturbed()
        return int(low.sum()), float(moved.sum()) * self.cell**2

    def set_bed(self, cells: Cells, level: NDArray[np.float64]) -> None:
        """Set the ground of free cells to `level` (n,) m in the datum of the city; the depth on it stays."""
        self.bed[cells[0] + 2, cells[1] + 2] = level - self.datum
        self.moved = True
        self.tiles.touch(*cells)

    def inside(self, box: Box) -> NDArray[np.bool_]:
        """Return (ny, nx) the cells of a window."""
        cells = np.zeros((self.ny, self.nx), bool)
        cells[box[0] : box[1], box[2] : box[3]] = True
        return cells

    def confine(self, box: Box) -> None:
        """Advance only the cells of a window from now on."""
        self.tiles.confine(box)
        ends = box[2] == 0, box[3] == self.nx, box[0] == 0, box[1] == self.ny
        self.beside = tuple(side for side, there in zip(SIDES, ends, strict=True) if there)
        self.disturbed()

    def disturbed(self) -> None:
        """Take note that depth, velocity or bed were changed from outside, everywhere."""
        for new, now in zip(self.new, self.now, strict=True):
            new[:] = now
        h, u, v = (a[2:-2, 2:-2] for a in self.now)
        wave = np.where(h > FILM, np.maximum(abs(u), abs(v)) + np.sqrt(self.gravity * h), 0)
        if self.tiles.window is not None:
            wave[~self.inside(self.tiles.window)] = 0
        self.fastest = np.asarray(self.tiles.reduce(wave, np.maximum)).astype(self.bed.dtype)
        self.tiles.settle(self.fastest)
        self.tiles.touch()

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, NDArray[Any]]:
        """Return copies of everything that changes while the water flows, by name."""
        return {name: array.copy() for name, array in self._held().items()} | {"tiles": self.tiles.save()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood; what follows is the same to the last bit."""
        for name, array in self._held().items():
            if name != "fastest":
                array[:] = saved[name]
        self.disturbed()
        self.fastest[:] = saved["fastest"]
        self.tiles.load(saved["tiles"])
        self.moved = True

    def _held(self) -> dict[str, NDArray[Any]]:
        """Return the cells that change, by name; what lies beyond the edges follows from them."""
        inner = {"bed": self.bed, "depth": self.now[0], "east": self.now[1], "north": self.now[2], "lost": self.lost}
        return {name: array[2:-2, 2:-2] for name, array in inner.items()} | {"fastest": self.fastest}
