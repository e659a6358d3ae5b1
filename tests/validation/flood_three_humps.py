"""Three humps in a basin of 75 m by 30 m (Liang, Borthwick 2009), cells of 1 m.

At rest: water at 0.875 m, which just covers the two small humps and leaves the large one dry, must not move in 600 s.
Dam break: 1.875 m of water behind x = 16 m are let go over dry ground, n = 0.018; the flow is symmetric about the
centre line, comes to the small humps at about 2 s, over them to the large one at about 6 s, and to rest around it.
Published are pictures, no figures: beyond that the bounds are what this engine does, with a margin.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.cases.files import flood_case, read_grid
from tests.physics.cases.water import volume_error
from twin.physics.shallow_water.engine import ShallowWater

AT_REST, DAM = "humps_cp.wd", "humps_db_orig.wd"
"""Files of the depth at the start."""


def basin(depth: str, order: int, precision: str) -> ShallowWater:
    """Return the water at the start, its depth from a file of the case; without its southern row, which has no twin."""
    folder = flood_case("three_humps")
    grid, start = read_grid(folder / "humps.dem"), read_grid(folder / depth).values[1:]
    bed, held = grid.values[1:], np.maximum(0, start)
    if depth == AT_REST:
        # the file has twelve digits: a level that is even to the last bit is counted from the bed in this precision
        kind = np.dtype(precision).type
        level = np.maximum(0, kind(0.875) - bed.astype(kind))
        np.testing.assert_allclose(level, held, atol=1e-6)
        held = level
    return ShallowWater(bed, grid.cell, roughness=0.018, depth=held, order=order, precision=precision, wet=0.01)


def at_rest(seconds: float, precision: str) -> float:
    """Return the greatest speed in m/s of water that should not move, both orders."""
    fastest = 0.0
    for order in (1, 2):
        water = basin(AT_REST, order, precision)
        water.advance(seconds)
        fastest = max(fastest, *(float(np.abs(v).max()) for v in water.velocity))
    return fastest


def dam_break(order: int, precision: str = "float64") -> ShallowWater:
    """Return the water at the moment the dam is gone."""
    return basin(DAM, order, precision)


def measure(short: bool) -> Iterator[Measure]:
    for precision, bound in (("float32", "<= 1e-5"), ("float64", "<= 1e-13")):
        speed = at_rest(60.0 if short else 600.0, precision)
        yield Measure(f"flood.three_humps.at_rest.f{precision[5:]}.max_speed_m_s", speed, "m s-1", bound)
    water = dam_break(2)
    water.advance(30.0 if short else 300.0)
    depth = water.depth.astype(np.float64)
    yield Measure("flood.three_humps.asymmetry_m", float(np.abs(depth - depth[::-1]).max()), "m", "<= 1e-9")
    for name, (row, column), bound in (("small", (5, 22), "<= 2.8"), ("large", (14, 41), "<= 7.5")):
        yield Measure(f"flood.three_humps.{name}_hump_s", float(water.arrival[row, column]), "s", bound)
    yield Measure("flood.three_humps.volume_error", volume_error(water), "1", "<= 1e-13")
