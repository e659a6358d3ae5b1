"""Grids and what lies on them. Row 0 is the south row: said here once, true everywhere inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

Bounds = tuple[float, float, float, float]
"""west, south, east, north"""


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular grid of square cells in the city's coordinate system.

    crs     projected coordinate system in metres
    west, south   m   lower left corner of the lower left cell
    cell    m   side of a cell, > 0
    nx, ny  cells to the east and to the north
    """

    crs: str
    west: float
    south: float
    cell: float
    nx: int
    ny: int

    def __post_init__(self) -> None:
        if self.cell <= 0 or self.nx < 1 or self.ny < 1:
            raise InputError(f"grid of {self.nx} x {self.ny} cells of {self.cell} m: cell and counts must be above 0")

    @property
    def shape(self) -> tuple[int, int]:
        """(ny, nx)."""
        return self.ny, self.nx

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in m."""
        return self.west, self.south, self.west + self.nx * self.cell, self.south + self.ny * self.cell

    @classmethod
    def over(cls, crs: str, bounds: Bounds, cell: float) -> Grid:
        """Return the smallest grid whose cells lie on multiples of `cell` and cover `bounds`."""
        west, south = np.floor(bounds[0] / cell) * cell, np.floor(bounds[1] / cell) * cell
        nx = max(1, int(np.ceil((bounds[2] - west) / cell - 1e-9)))
        ny = max(1, int(np.ceil((bounds[3] - south) / cell - 1e-9)))
        return cls(crs, float(west), float(south), float(cell), nx, ny)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A quantity on a grid.

    quantity  a name of `names.QUANTITIES`
    values    (ny, nx) float32 or float64, row 0 south, NaN where nothing is known
    vertical  height datum of the values when they are elevations, else None
    """

    quantity: str
    values: NDArray[np.floating]
    grid: Grid
    vertical: str | None = None

    def __post_init__(self) -> None:
        if self.values.shape != self.grid.shape:
            raise InputError(f"field '{self.quantity}': {self.values.shape} values on a grid of {self.grid.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class FieldSeries:
    """A quantity on a grid over time, in steps: each field holds until the next time; 0 before the first.

    quantity  a name of `names.QUANTITIES`, in its unit
    times     s from the start of the run, rising; the field of the last one holds to the end
    read      number of a time -> (ny, nx), row 0 south, finite; called when the run gets there, so that a long radar
              series never has to be in memory at once
    """

    quantity: str
    times: tuple[float, ...]
    read: Callable[[int], NDArray[np.floating]]


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A raster as a file holds it, in the file's own coordinate system: row 0 is the *first row of the file*.

    transform  (a, b, c, d, e, f) of x = a col + b row + c, y = d col + e row + f, at cell corners
    crs        None when the file states none
    """

    quantity: str
    values: NDArray[np.floating]
    transform: tuple[float, float, float, float, float, float]
    crs: str | None
    vertical: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tin:
    """A triangulated surface: vertices (n, 3) float64 in m or degrees, faces (m, 3) int."""

    quantity: str
    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    crs: str | None
    vertical: str | None = None
    line: int = 1
