"""Where the published cases lie, and readers of the plain formats they come in."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.conftest import SHARED


class NoSharedData(LookupError):
    """The folder of shared data is not there: who runs a case says so, loudly, and measures nothing."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Heights in m, (ny, nx), row 0 south, NaN where there are none; `west`, `south` m of the corner; `cell` m."""

    values: NDArray[np.float64]
    west: float
    south: float
    cell: float

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of the cell that holds a point in m."""
        row, column = int((y - self.south) // self.cell), int((x - self.west) // self.cell)
        assert 0 <= row < self.values.shape[0]
        assert 0 <= column < self.values.shape[1], (x, y)
        return row, column

    def coarser(self, by: int) -> Raster:
        """Return means over blocks of by x by cells; a block without a single value stays empty."""
        ny, nx = (n // by for n in self.values.shape)
        blocks = self.values[: ny * by, : nx * by].reshape(ny, by, nx, by)
        known = np.isfinite(blocks)
        count = known.sum(axis=(1, 3))
        total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
        means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        return Raster(means, self.west, self.south, self.cell * by)


def shared_folder() -> Path:
    """Return the folder of shared data, the one of the fixture `shared`. Raises NoSharedData."""
    if not SHARED.is_dir():
        raise NoSharedData(f"{SHARED} with the real files is missing")
    return SHARED


def flood_case(name: str) -> Path:
    """Return the folder of a flood case. Raises NoSharedData."""
    return shared_folder() / "validation" / "flood" / name


def read_grid(path: Path) -> Raster:
    """Return an ESRI ASCII grid, packed by gzip or not."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        head = dict(file.readline().split() for _ in range(6))
        values = np.array(file.read().split(), np.float64)
    known = {key.lower(): float(value) for key, value in head.items()}
    values = values.reshape(int(known["nrows"]), int(known["ncols"]))[::-1]
    empty = values == known["nodata_value"]
    return Raster(np.where(empty, np.nan, values), known["xllcorner"], known["yllcorner"], known["cellsize"])


def read_table(path: Path) -> dict[str, NDArray[np.float64]]:
    """Return the columns of a table by name: lines of comments, a line of names, then rows, by commas or blanks."""
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    comma = "," if "," in lines[0] else None
    names = lines[0].split(comma) if comma else re.split(r"\t+|  +", lines[0].strip())
    rows = np.array([line.split(comma) for line in lines[1:]], np.float64)
    return {name.strip(): rows[:, i] for i, name in enumerate(names)}
