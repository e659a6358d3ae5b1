"""Dam breaks on a flat bed without friction, against the exact solutions of Stoker (1957) and Ritter (1892).

1000 m, cells of 1 m, 40 s; 2 m of water against 1 m or against dry ground. The figure is the mean of |h - exact|.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.analytic import ritter, stoker
from tests.physics.cases.water import volume_error
from twin.physics.shallow_water.engine import ShallowWater

BOUNDS = {
    ("stoker", 1): "<= 0.0034",
    ("stoker", 2): "<= 0.0010",
    ("ritter", 1): "<= 0.0045",
    ("ritter", 2): "<= 0.00105",
}


def measure(short: bool) -> Iterator[Measure]:
    del short  # it takes a second
    x = np.arange(1000) + 0.5
    exact = {"stoker": stoker(x - 500, 40.0, 2.0, 1.0), "ritter": ritter(x - 500, 40.0, 2.0)}
    behind = {"stoker": 1.0, "ritter": 0.0}
    lost = 0.0
    for (case, order), bound in BOUNDS.items():
        start = np.where(x < 500, 2.0, behind[case])
        water = ShallowWater(np.zeros((4, 1000)), 1.0, roughness=0.0, depth=np.tile(start, (4, 1)), order=order)
        water.advance(40.0)
        lost = max(lost, volume_error(water))
        name = f"flood.{case}.{('first', 'second')[order - 1]}_order.l1_m"
        yield Measure(name, float(np.abs(water.depth[1] - exact[case]).mean()), "m", bound)
    yield Measure("flood.dam_breaks.volume_error", lost, "1", "<= 1e-6")
