"""A fire in bands of weather in plain Python, cell by cell: what the kernel of bands.py, driven by front.py, must give.

While the weather stays it is the march of marching_reference.py, which goes on from what a change has made of the fire.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from twin.physics.wildfire.bands import CORNER
from twin.physics.wildfire.ellipse import rate_of_normal
from twin.physics.wildfire.marching_reference import Cell, Fire, Ground
from twin.physics.wildfire.progress import NORMALS, SAME
from twin.physics.wildfire.rates import Rates
from twin.physics.wildfire.stencil import AROUND, Way

Progress = NDArray[np.float64]
ANGLES = np.linspace(0.0, math.tau, NORMALS, endpoint=False, dtype=np.float64)
"""rad, of the normals along which progress is kept."""


def rate_along_normals(ground: Ground, cell: Cell, normals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rates, cells per s, at which plane fronts with normals (n,) rad move in the fuel of a cell."""
    a, (x, y) = ground.slow[cell], ground.drift[:, cell[0], cell[1]]
    e = math.hypot(x, y) / a
    return np.asarray(rate_of_normal(1.0 / (a * (1.0 - e)), e, normals - math.atan2(y, x)), np.float64)


def slowness_along(ground: Ground, cell: Cell, x: float, y: float, normal: float | None) -> float:
    """Return what fire takes along the unit vector x, y, s per cell: as from a point, or with a plane front's normal.

    A plane front moves by `rate_along_normals` along its normal (rad), and by that over the cosine along x, y.
    """
    if normal is None:
        return float(ground.slow[cell] - ground.drift[0][cell] * x - ground.drift[1][cell] * y)
    return (math.cos(normal) * x + math.sin(normal) * y) / float(
        rate_along_normals(ground, cell, np.array([normal]))[0]
    )


def pieces(start: Cell, x: float, y: float) -> Iterator[tuple[Cell, float]]:
    """Yield the cells that a line from the middle of `start` along the unit vector x, y crosses, and its lengths there.

    In cells, without an end. What is left of a cell within CORNER of its corner goes with the next one.
    """
    sides = [itertools.count(0.5 / abs(step), 1.0 / abs(step)) for step in (x, y) if step]
    at = 0.0
    for side in heapq.merge(*sides):
        if side > at + CORNER:
            middle = (at + side) / 2
            yield (start[0] + round(middle * y), start[1] + round(middle * x)), side - at
            at = side


def travelled(
    old: Ground, new: Ground, start: Cell, way: tuple[float, float], time: float, normal: float | None = None
) -> float:
    """Return the time (s) with new rates of the piece of a straight way that takes `time` with the old ones.

    way     x, y of any length, the direction of the fire, from the middle of `start`
    time    s    above 0: the piece is ahead of `start`; below 0: behind it, walked against the fire
    normal  rad  of the front where it is plane

    Infinity where the piece crosses a cell that burnt until now and no longer does. A piece that comes to one that has
    not burnt keeps the ratio of new to old of the cell before it; one that ends within CORNER behind a side ends there.
    """
    x, y = way[0] / math.hypot(*way), way[1] / math.hypot(*way)
    sign = math.copysign(1.0, time)
    left, spent, ratio = abs(time), 0.0, 1.0
    for cell, length in pieces(start, sign * x, sign * y):
        if old.burns(cell) and not new.burns(cell):
            return math.inf
        if not old.burns(cell) or not new.burns(cell):
            break
        before = slowness_along(old, cell, x, y, normal)
        ratio = slowness_along(new, cell, x, y, normal) / before
        if left <= (length + CORNER) * before:
            break
        left -= length * before
        spent += length * before * ratio
    return spent + left * ratio


class BandedFire:
    """A fire on (ny, nx) cells of `cell` m, with the verbs of `front.Front`; times in s, each not before the last."""

    def __init__(self, shape: tuple[int, int], cell: float) -> None:
        self.shape, self.cell = shape, cell
        self.fire = Fire(shape)
        self.shut = np.zeros(shape, bool)
        self.rates: Rates | None = None
        none = np.zeros(shape)
        self.ground = Ground(Rates(none, none, none, none, np.zeros(shape, np.int8)), cell)
        self.to_come: dict[Cell, float] = {}
        # (NORMALS,) cells that fire has come along each normal from a burnt cell at the front, until `told`
        self.progress: dict[Cell, Progress] = {}
        self.told = 0.0

    @property
    def arrival(self) -> NDArray[np.float64]:
        """(ny, nx) s, when fire came; infinity where it has not."""
        return self.fire.arrival

    def advance(self, until: float) -> None:
        """Let everything light that lights until `until` s."""
        self.fire.advance(self.ground, until)

    def ignite(self, cell: Cell, when: float) -> None:
        """Let a cell (row, column) light by itself at `when` s if it burns and no fire is to be there sooner."""
        if self.ground.burns(cell) and when < self.fire.time[cell]:
            self.to_come[cell] = when
            self.fire.ignite(self.ground, cell, when)

    def burn(self, rates: Rates, now: float) -> None:
        """Take new rates from `now` s on. Fire that stands beside cells that had none enters them."""
        self.advance(now)
        had_none = np.ones(self.shape, bool) if self.rates is None else ~(self.rates.head > 0)
        self.rates = rates
        new = Ground(rates, self.cell, self.shut)
        opened = {
            cell
            for cell in np.ndindex(*self.shape)
            if had_none[cell] and new.burns(cell) and not self.fire.burnt[cell] and self.burnt_around(cell)
        }
        self.rebase(new, opened, now)

    def close(self, mask: NDArray[np.bool_], now: float) -> None:
        """Let cells (ny, nx) not burn from `now` s on."""
        self.advance(now)
        assert self.rates is not None
        if (mask & ~self.shut).any():
            self.shut |= mask
            self.rebase(Ground(self.rates, self.cell, self.shut), set(), now)

    def open(self, mask: NDArray[np.bool_], now: float) -> None:
        """Let closed cells (ny, nx) that have not burnt burn again from `now` s on."""
        self.advance(now)
        assert self.rates is not None
        opened = mask & self.shut & ~self.fire.burnt
        if opened.any():
            self.shut &= ~opened
            new = Ground(self.rates, self.cell, self.shut)
            self.rebase(new, {cell for cell in np.ndindex(*self.shape) if opened[cell] and new.burns(cell)}, now)

    def rebase(self, new: Ground, opened: set[Cell], now: float) -> None:
        """Go on with new rates from `now` s on: carry what is on its way, then see what lights it sooner."""
        old, self.ground = self.ground, new
        fire = self.fire
        ahead = [c for c in np.ndindex(*self.shape) if np.isfinite(fire.time[c]) and not fire.burnt[c]]
        behind = {
            cell
            for there in (*ahead, *opened)
            for cell in self.from_where(there, new.ways(there))
            if self.inside(cell) and fire.burnt[cell]
        }
        for cell in behind:
            self.set_clock(old, cell, now)
        for cell in ahead:
            self.carry_on(old, cell, now)
        self.gain(old, behind, opened, now)
        for cell in sorted(self.progress):
            if self.turned(old, cell):
                self.light_further(cell, now)
        for cell in opened:
            self.light_from_beside(cell, now, wait=True)
        for cell, when in self.to_come.items():
            if when >= now and not fire.burnt[cell]:
                fire.ignite(new, cell, when)
        self.told = now

    def inside(self, cell: Cell) -> bool:
        """Return whether a cell lies in the grid."""
        return 0 <= cell[0] < self.shape[0] and 0 <= cell[1] < self.shape[1]

    def from_where(self, there: Cell, ways: tuple[Way, ...]) -> list[Cell]:
        """Return the cells from which the ways (dx, dy) lead to one; some may lie outside the grid."""
        return [(there[0] - dy, there[1] - dx) for dx, dy in ways]

    def burnt_around(self, there: Cell) -> bool:
        """Return whether one of the eight cells around has burnt."""
        return any(self.inside(cell) and self.fire.burnt[cell] for cell in self.from_where(there, AROUND))

    def set_clock(self, old: Ground, here: Cell, now: float) -> None:
        """Let a burnt cell have lit when it would have with the new rates, for the front to be where it is at `now` s.

        The front is looked for beyond the cell, straight on by which fire came, as far as it has run since.
        """
        x, y = self.fire.came[here].tolist()
        since = now - self.fire.clock[here]
        if since > 0 and (x, y) != (0.0, 0.0):
            spent = travelled(old, self.ground, here, (x, y), since)
            if math.isfinite(spent):
                self.fire.clock[here] = now - spent

    def carry_on(self, old: Ground, here: Cell, now: float) -> None:
        """Give a cell that fire is on its way to its time with the new rates.

        What is left of the way is run with the new rates. A way from between two cells is that of a plane front if one
        of the cells around has burnt: its normal stays, and the way that belongs to it is turned by the new rates. A
        cell to which the way is barred now is lit by a burnt one around it instead, if there is any.
        """
        fire, new = self.fire, self.ground
        x, y = fire.came[here].tolist()
        if not new.burns(here):
            fire.time[here] = np.inf
            return
        if (x, y) == (0.0, 0.0) or fire.time[here] <= now:
            return
        plane = not (x.is_integer() and y.is_integer()) and self.burnt_around(here)
        normal = None
        if plane:  # the gradient of the time: slowness times the direction, less the drift
            length = math.hypot(x, y)
            east, north = old.slow[here] * np.array([x, y]) / length - old.drift[:, here[0], here[1]]
            normal = math.atan2(north, east)
        fire.time[here] = now + travelled(old, new, here, (x, y), now - fire.time[here], normal)
        if math.isinf(fire.time[here]):
            self.light_from_beside(here, now, wait=False)
        elif normal is not None:  # the same equation, solved for the direction
            slow = 1.0 / float(rate_along_normals(new, here, np.array([normal]))[0])
            gradient = slow * np.array([math.cos(normal), math.sin(normal)])
            fire.came[here] = (gradient + new.drift[:, here[0], here[1]]) / new.slow[here]

    def light_from_beside(self, here: Cell, now: float, *, wait: bool) -> None:
        """Let the earliest of the burnt cells around light one that fire is not on its way to, not before `now` s.

        wait  whether fire has stood at its side until now: the piece of the way that lies in it is still to be run
        """
        if np.isfinite(self.fire.time[here]):
            return
        for way, cell in zip(AROUND, self.from_where(here, AROUND), strict=True):
            if not self.inside(cell) or not self.fire.burnt[cell]:
                continue
            length = math.hypot(*way)
            half = 0.5 * length * slowness_along(self.ground, here, way[0] / length, way[1] / length, None)
            least = now + half if wait else now
            self.fire.offer(max(least, self.fire.clock[cell] + self.ground.duration(cell, way)), here, way)

    def gain(self, old: Ground, behind: set[Cell], opened: set[Cell], now: float) -> None:
        """Add to the progress of cells at the front what fire has gained since the last change; forget all others.

        Cells that come to the front only now have gained since they lit or, if that was before, since the last change.
        So have those beside cells that are opened, at the next change: until now nothing came that way.
        """
        kept: dict[Cell, Progress] = {}
        for cell in behind:
            around = [(cell[0] + dy, cell[1] + dx) for dx, dy in AROUND]
            at_front = any(self.ground.burns(there) and not self.fire.burnt[there] for there in around)
            barred = any((cell[0] + dy, cell[1] + dx) in opened for dx, dy in self.ground.ways(cell))
            if not at_front or barred:
                continue
            kept[cell] = self.progress.get(cell, np.zeros(len(ANGLES)))
            if old.burns(cell):
                since = max(float(self.fire.time[cell]), self.told)
                kept[cell] = kept[cell] + (now - since) * rate_along_normals(old, cell, ANGLES)
        self.progress = kept

    def turned(self, old: Ground, cell: Cell) -> bool:
        """Return whether the ellipse of a cell that burns before and after has another eccentricity or heading."""
        if not old.burns(cell) or not self.ground.burns(cell):
            return False
        before, after = (g.drift[:, cell[0], cell[1]] / g.slow[cell] for g in (old, self.ground))
        return bool((np.abs(before - after) > SAME).any())

    def light_further(self, here: Cell, now: float) -> None:
        """Offer fire from a burnt cell that has come along every normal as far as it has, and goes on with new rates.

        It is at a point when it has passed it along every normal. In fuel unlike that of the cell this takes as much
        longer as the whole way does.
        """
        rate = rate_along_normals(self.ground, here, ANGLES)
        for way in self.ground.ways(here):
            dx, dy = way
            there = (here[0] + dy, here[1] + dx)
            if not self.ground.burns(there) or self.fire.burnt[there]:
                continue
            duration = self.ground.duration(here, way)
            if math.isfinite(duration):
                ahead = dx * np.cos(ANGLES) + dy * np.sin(ANGLES) - self.progress[here]
                length = math.hypot(dx, dy)
                alike = length * slowness_along(self.ground, here, dx / length, dy / length, None)
                self.fire.offer(now + max(0.0, float((ahead / rate).max())) * duration / alike, there, way)
