"""Valley after a dam failure (Environment Agency benchmark, test 5): 17 km of valley, 3000 m3/s at the peak, 30 hours.

The curves of the report (SC120002) are not published as figures, so this is model against model: first against second
order, and one cell against another. Terrain and inflow of the case; n = 0.04; closed edges.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.cases.files import Raster, flood_case, read_grid
from tests.physics.cases.lisflood import let_in, read_hydrographs, read_inflows, read_points
from tests.physics.cases.water import volume_error
from twin.physics.shallow_water.engine import ShallowWater

FILE_CELL, END = 10.0, 108_000.0
"""m, the cell for which the file gives m2/s; s."""


def valley(by: int, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, Raster]:
    """Return the dry valley with its inflow, and the ground; `by` cells of 10 m made one."""
    folder = flood_case("ea_test5")
    ground = read_grid(folder / "ea5-10m.dem.raw.gz").coarser(by)
    water = ShallowWater(ground.values, ground.cell, roughness=0.04, order=order, precision=precision, wet=0.05)
    flows = read_hydrographs(folder / "ea5.bdy")
    for name, points in read_inflows(folder / "ea5-10m.bci").items():
        let_in(water, ground, FILE_CELL, points, flows[name], name)
    return water, ground


def points() -> list[tuple[float, float]]:
    """Return the seven gauges in m."""
    return read_points(flood_case("ea_test5") / "ea5.stage")


def gauges(water: ShallowWater, ground: Raster) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return arrival in s and greatest level in m at the seven gauges of the case."""
    at = [ground.place(*p) for p in points()]
    bed = water.bed
    return (
        np.array([water.arrival[a] for a in at], np.float64),
        np.array([bed[a] + water.max_depth[a] for a in at], np.float64),
    )


def measure(short: bool) -> Iterator[Measure]:
    found = []
    for order in (1, 2):
        water, ground = valley(10 if short else 5, order)
        water.advance(20_000.0 if short else END)
        found.append(gauges(water, ground))
    (came, level), (came_second, level_second) = found
    late = float(np.abs(came / came_second - 1).max())
    yield Measure("flood.ea_test5.orders_arrival_relative", late, "1", "<= 0.06" if short else "<= 0.03")
    apart = float(np.abs(level - level_second).max())
    yield Measure("flood.ea_test5.orders_level_m", apart, "m", "<= 0.2" if short else "<= 0.09")
    yield Measure("flood.ea_test5.volume_error", volume_error(water), "1", "<= 1e-6")
