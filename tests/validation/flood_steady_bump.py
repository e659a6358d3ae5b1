"""Steady frictionless flow over a bump in 25 m of channel (SWASHES 3.1.3 to 3.1.5), second order.

Subcritical (4.42 m2/s, 2 m), choked with a jump (0.18 m2/s, 0.33 m), choked and supercritical to the end (1.53 m2/s).
The bounds are 1 % of the depth at the outlet (0.33 m and 0.41 m) where the flow is choked, and 0.15 % of it where it
is smooth; there the observed order must show that the scheme is of second order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.analytic import bump, steady_bump
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater

CASES = {
    "subcritical_bump": (4.42, 2.0, False, 2.0, "<= 0.003"),
    "shock_bump": (0.18, 0.33, True, 0.33, "<= 0.0033"),
    "transcritical_bump": (1.53, None, True, 1.0, "<= 0.004"),
}


def error(q: float, outlet: float | None, choked: bool, level: float, cells: int, seconds: float) -> float:
    """Return the mean error of the depth in m after `seconds` from a level pool."""
    x = (np.arange(cells) + 0.5) * 25 / cells
    edges = {
        "west": Edge("discharge", Series((0.0,), (q,))),
        "east": Edge("open") if outlet is None else Edge("level", Series((0.0,), (outlet,))),
        "south": Edge(),
        "north": Edge(),
    }
    pool = np.where(x < 12, level, 0.0 if outlet is None else level)
    start = np.tile(np.maximum(0, pool - bump(x)), (3, 1))
    water = ShallowWater(np.tile(bump(x), (3, 1)), 25 / cells, roughness=0.0, depth=start, edges=edges, gravity=9.8)
    water.advance(seconds)
    return float(np.abs(water.depth[1] - steady_bump(x, q, outlet, choked=choked)).mean())


def measure(short: bool) -> Iterator[Measure]:
    cells, seconds = (50, 100.0) if short else (100, 200.0)
    for name, (q, outlet, choked, level, bound) in CASES.items():
        found = error(q, outlet, choked, level, cells, seconds)
        yield Measure(f"flood.{name}.l1_m", found, "m", bound)
        if name == "subcritical_bump" and not short:
            coarse = error(q, outlet, choked, level, cells // 2, seconds)
            yield Measure(f"flood.{name}.order", float(np.log2(coarse / found)), "1", ">= 1.7")
