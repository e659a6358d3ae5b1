"""Steady rain of 60 mm/h on a plane of 1 % and of 5 %: mean depth against the kinematic depth, second order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.analytic import kinematic_depth
from tests.physics.cases.water import volume_error
from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater

CELL, CELLS, MANNING, RAIN = 5.0, 200, 0.03, 60e-3 / 3600
"""A kilometre of slope; in its last ten cells the ground drops by 3 m, so that nothing backs up."""


def measure(short: bool) -> Iterator[Measure]:
    cells = 100 if short else CELLS
    x = (np.arange(cells) + 0.5) * CELL
    for slope, name in ((0.01, "1pct"), (0.05, "5pct")):
        bed = np.tile((cells * CELL - x) * slope, (4, 1))
        bed[:, -10:] -= 3.0
        water = ShallowWater(bed, CELL, roughness=MANNING)
        water.rain = Series((0.0,), (RAIN,))
        water.advance(2000.0 if short else 3000.0)
        steady = slice(20, cells - 20)
        error = water.depth[2, steady] / kinematic_depth(x, RAIN, slope, MANNING)[steady] - 1
        yield Measure(f"flood.rain_plane.{name}.depth_error", float(error.mean()), "1", "abs<= 0.01")
        yield Measure(f"flood.rain_plane.{name}.volume_error", volume_error(water), "1", "<= 1e-6")
