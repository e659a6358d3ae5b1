"""Steady flow with friction through a jump in 100 m of channel (MacDonald et al. 1997), second order.

q = 2 m2/s, n = 0.0328, g = 9.8 m s-2; the bed is the one over which the given depth is steady. Subcritical at the
inlet, critical at 50 m, a jump at 66.7 m, subcritical at the outlet. The error is the mean of |h - exact|.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.analytic import MACDONALD, macdonald, macdonald_depth
from tests.physics.cases.water import across, volume_error
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater


def channel(cells: int, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, NDArray[np.float64]]:
    """Return the water at the start, level with the outlet, and the depth in m that it must come to."""
    cell = MACDONALD["length"] / cells
    exact, bed = macdonald((np.arange(cells) + 0.5) * cell)
    outlet = float(macdonald_depth(np.array(MACDONALD["length"]))[0])
    edges = {
        "west": Edge("discharge", Series((0.0,), (MACDONALD["q"],))),
        "east": Edge("level", Series((0.0,), (outlet,))),
        "south": Edge(),
        "north": Edge(),
    }
    water = ShallowWater(
        across(bed),
        cell,
        roughness=MACDONALD["manning"],
        depth=across(np.maximum(0.1, outlet - bed)),
        edges=edges,
        gravity=9.8,
        order=order,
        precision=precision,
    )
    return water, exact


def error(cells: int, seconds: float, order: int = 2) -> tuple[float, float]:
    """Return the mean error of the depth in m and the volume error after `seconds`."""
    water, exact = channel(cells, order)
    water.advance(seconds)
    return float(np.abs(water.depth[1] - exact).mean()), volume_error(water)


def measure(short: bool) -> Iterator[Measure]:
    cells = 50 if short else 200
    found, lost = error(cells, 200.0)
    yield Measure("flood.macdonald.l1_m", found, "m", "<= 0.009" if short else "<= 0.0022")
    yield Measure("flood.macdonald.volume_error", lost, "1", "<= 1e-6")
    if not short:
        yield Measure("flood.macdonald.order", float(np.log2(error(cells // 2, 200.0)[0] / found)), "1", ">= 0.7")
