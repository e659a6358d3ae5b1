"""The flood of January 2005 in Carlisle: three rivers, 68 hours, thirty points; terrain of 5 m from lidar.

No observed level comes with the files, so this is model against model: peaks in cells of 20 m against those in cells of
40 m. First order (the fast mode), n = 0.055, the west open; cells of 10 m take eight times as long and are not run.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.cases.files import Raster, read_grid, shared_folder
from tests.physics.cases.lisflood import let_in, read_hydrographs, read_inflows, read_points
from tests.physics.cases.water import volume_error
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater

FILE_CELL, END = 5.0, 245_700.0
"""m, the cell for which the file gives m2/s; s."""


def town(by: int, order: int = 1, precision: str = "float32") -> tuple[ShallowWater, Raster]:
    """Return the dry town with its rivers, and the ground; `by` cells of 5 m made one; the west is open."""
    folder = shared_folder() / "data" / "terrain" / "carlisle"
    ground = read_grid(folder / "carlisle-5m.dem.raw.gz").coarser(by)
    edges = {"west": Edge("open"), "east": Edge(), "south": Edge(), "north": Edge()}
    water = ShallowWater(
        ground.values, ground.cell, roughness=0.055, edges=edges, order=order, precision=precision, wet=0.05
    )
    flows = read_hydrographs(folder / "carlisle.bdy")
    for name, points in read_inflows(folder / "carlisle.bci").items():
        let_in(water, ground, FILE_CELL, points, flows[name], name)
    return water, ground


def places() -> list[tuple[float, float]]:
    """Return the thirty points in m."""
    return read_points(shared_folder() / "data" / "terrain" / "carlisle" / "carlisle.stage")


def peaks(water: ShallowWater, ground: Raster) -> NDArray[np.float64]:
    """Return the greatest level in m at each point; NaN where it stayed dry."""
    at = [ground.place(*p) for p in places()]
    bed = water.bed
    return np.array([bed[a] + water.max_depth[a] if water.max_depth[a] > 0.05 else np.nan for a in at], np.float64)


def measure(short: bool) -> Iterator[Measure]:
    found, lost = [], 0.0
    for by in (16, 10) if short else (8, 4):
        water, ground = town(by)
        water.advance(15_000.0 if short else END)
        found.append(peaks(water, ground))
        lost = max(lost, volume_error(water))
    coarse, fine = found
    both = np.isfinite(coarse) & np.isfinite(fine)
    apart = float(np.abs(coarse - fine)[both].mean())
    yield Measure("flood.carlisle.points_reached", float(np.isfinite(fine).sum()), "1", ">= 3" if short else ">= 20")
    yield Measure("flood.carlisle.cells_level_m", apart, "m", "<= 1" if short else "<= 0.37")
    yield Measure("flood.carlisle.volume_error", lost, "1", "<= 1e-6")
