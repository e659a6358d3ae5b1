"""Firebrands in the air: those of vegetation on their way, and where those of buildings come down on vegetation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.hazards.fire.things import Built
    from twin.hazards.fire.weather import Now
    from twin.model.field import Grid
    from twin.physics.wildfire.spotting import Brands

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIELDS = ("x", "y", "source", "delay", "number")
OF_TOWN = 1
"""Added to the seed of brands that buildings throw, whose draws must not be those of vegetation."""


class Sparks:
    """Brands on their way and what became of them.

    lost  brands that have left the area so far
    """

    def __init__(self, grid: Grid, buildings: Built, burnable: NDArray[np.bool_], seed: int, factor: float) -> None:
        from twin.physics.wildfire.spotting import PER_KJ

        self._grid, self._seed, self._per_kj = grid, seed, PER_KJ * factor
        self._burnable = burnable.ravel()
        self._owner = np.full(grid.nx * grid.ny, -1, dtype=np.int64)
        self._owner[buildings.cell] = buildings.owner
        self._count = len(buildings)
        self._air: Brands | None = None
        self._lands = np.zeros(0)
        self.lost = 0.0

    @property
    def pending(self) -> bool:
        """Whether any brand is on its way."""
        return bool(len(self._lands))

    def throw(self, cells: Ints, begun: Floats, intensity: Floats, heat: Floats, now: Now) -> None:
        """Let cells (n,) to which a front has come throw their brands.

        begun  s      intensity  kW m-1      heat  MJ of the cell
        """
        from twin.physics.wildfire import spotting

        made = spotting.throw(
            cells,
            self._grid.shape,
            self._grid.cell,
            intensity=intensity,
            heat=heat * 1000.0 / self._grid.cell**2,
            wind_speed=now.wind_speed,
            wind_from=now.wind_from,
            seed=self._seed,
            per_kj=self._per_kj,
        )
        if not len(made.x):
            return
        order = np.argsort(cells)
        thrown = begun[order[np.searchsorted(cells[order], made.source)]]
        self._lands = np.concatenate([self._lands, thrown + made.delay])
        self._air = made if self._air is None else _joined(self._air, made)

    def land(self, time: float, now: Now) -> tuple[Floats, Ints]:
        """Return how many brands have come down on each building (count,), and the cells that others set on fire.

        Those that land outside the area are lost and counted; on water, bare and built ground they go out, and
        wherever they land while it rains.
        """
        from twin.physics.wildfire.spotting import ignites, ignition_probability

        onto, none = np.zeros(self._count), np.zeros(0, dtype=np.int64)
        due = self._lands <= time
        if self._air is None or not due.any():
            return onto, none
        down = _taken(self._air, due)
        self._air, self._lands = _taken(self._air, ~due), self._lands[~due]
        if now.rains:
            return onto, none
        cell, here = self._cells(down.x, down.y)
        self.lost += float((~here).sum())
        owner = np.where(here, self._owner[cell], -1)
        if self._count:
            onto += np.bincount(owner[owner >= 0], minlength=self._count)
        fine = here & (owner < 0) & self._burnable[cell]
        chance = float(np.mean(ignition_probability(np.asarray(now.moisture.one), np.asarray(now.temperature))))
        lit = fine & ignites(down, chance, self._seed)
        return onto, cell[lit]

    def of_town(self, x: Floats, y: Floats, weight: Floats, step: int, now: Now) -> Ints:
        """Return the cells that brands of buildings set on fire.

        x, y    (n,) m   where they come down      weight  (n,)  how many brands each stands for
        step    number of the step, of which the draws are
        """
        from twin.physics.wildfire.spotting import ignition_probability, uniform

        cell, here = self._cells(x - self._grid.west, y - self._grid.south)
        self.lost += float(weight[~here].sum())
        here &= self._burnable[cell]
        if not here.any():
            return np.zeros(0, dtype=np.int64)
        cells, place = np.unique(cell[here], return_inverse=True)
        number = np.bincount(place, weight[here])
        chance = float(np.mean(ignition_probability(np.asarray(now.moisture.one), np.asarray(now.temperature))))
        return np.asarray(cells[uniform(self._seed + OF_TOWN, cells, step) < 1 - (1 - chance) ** number], np.int64)

    def _cells(self, x: Floats, y: Floats) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the cells of places (n,) in m from the corner of the grid, 0 outside it, and which lie inside."""
        row = np.floor(y / self._grid.cell).astype(np.int64)
        column = np.floor(x / self._grid.cell).astype(np.int64)
        here = (row >= 0) & (row < self._grid.ny) & (column >= 0) & (column < self._grid.nx)
        return np.where(here, row * self._grid.nx + column, 0), here

    def save(self) -> dict[str, NDArray[Any]]:
        """Return the brands on their way, and how many were lost."""
        out: dict[str, NDArray[Any]] = {"sparks_lands": self._lands, "sparks_lost": np.array(self.lost)}
        if self._air is not None:
            out |= {f"sparks_{name}": getattr(self._air, name) for name in FIELDS}
        return out

    def load(self, saved: dict[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        from twin.physics.wildfire.spotting import Brands

        self._lands, self.lost = saved["sparks_lands"].copy(), float(saved["sparks_lost"])
        held = "sparks_x" in saved
        self._air = Brands(*(saved[f"sparks_{name}"].copy() for name in FIELDS)) if held else None


def _joined(one: Brands, other: Brands) -> Brands:
    from twin.physics.wildfire.spotting import Brands

    return Brands(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in FIELDS))


def _taken(one: Brands, which: NDArray[np.bool_]) -> Brands:
    from twin.physics.wildfire.spotting import Brands

    return Brands(*(getattr(one, name)[which] for name in FIELDS))
