"""The Monai valley flume (Okushiri tsunami, benchmark 2 of the 2004 long-wave workshop): three measured gauges.

5.5 m by 3.4 m in cells of 14 mm, the measured wave as level of the sea in the west, walls elsewhere, n = 0.0025,
22.5 s, second order. The figure is the root mean square of computed minus measured level over all 22.5 s.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.cases.files import flood_case, read_grid, read_table
from tests.physics.cases.water import rmse, volume_error
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater

GAUGES = {"ch5": (4.521, 1.196), "ch7": (4.521, 1.696), "ch9": (4.521, 2.196)}
"""m east and north."""

END, EVERY = 22.5, 0.05
"""s."""


def flume(by: int = 1, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, dict[str, tuple[int, int]]]:
    """Return the water at the start and the cells of the gauges; `by` cells of the grid made one."""
    folder = flood_case("okushiri")
    grid = read_grid(folder / "Benchmark_2_Bathymetry.asc").coarser(by)
    wave = read_table(folder / "Benchmark_2_input.txt")
    time, level = wave["time(s)"], wave["water surface(m)"]
    edges = {side: Edge() for side in ("east", "south", "north")}
    edges["west"] = Edge("level", Series(tuple(time), tuple(level)))
    bed = grid.values
    water = ShallowWater(
        bed,
        grid.cell,
        roughness=0.0025,
        depth=np.maximum(0, -bed),
        edges=edges,
        order=order,
        precision=precision,
        wet=0.002,
    )
    return water, {name: grid.place(*at) for name, at in GAUGES.items()}


def measured() -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Return the times in s up to the end, and the level in m at each gauge."""
    table = read_table(flood_case("okushiri") / "output_ch5-7-9.txt")
    kept = table["time"] <= END + 1e-9
    return table["time"][kept], {name: table[f"{name}(cm)"][kept] / 100 for name in GAUGES}


def run(water: ShallowWater, cells: dict[str, tuple[int, int]]) -> dict[str, NDArray[np.float64]]:
    """Return the level in m at each gauge at the times of the measurements."""
    times, _ = measured()
    bed = water.bed
    levels: dict[str, list[float]] = {name: [] for name in cells}
    for time in times:
        water.advance(float(time))
        depth = water.depth
        for name, at in cells.items():
            levels[name].append(float(depth[at] + bed[at]))
    return {name: np.array(values) for name, values in levels.items()}


BOUNDS = {"ch5": "<= 0.0046", "ch7": "<= 0.0041", "ch9": "<= 0.0045"}
"""A tenth of the greatest level, in cells of 14 mm as in those of 56 mm of the short form."""


def measure(short: bool) -> Iterator[Measure]:
    water, cells = flume(4 if short else 1)
    found, (_, wanted) = run(water, cells), measured()
    for name in GAUGES:
        yield Measure(f"flood.okushiri.{name}.rmse_m", rmse(found[name], wanted[name]), "m", BOUNDS[name])
    yield Measure("flood.okushiri.volume_error", volume_error(water), "1", "<= 1e-6")
