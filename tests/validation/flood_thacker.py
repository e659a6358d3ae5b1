"""Water that swings in a parabolic bowl (Thacker 1981), frictionless, with moving shorelines, for one period.

Planar: depth 4 m, half-width 10 m, amplitude 2 m. Radial: a bowl 1 km deep and 5 km wide, depths to 1562 m, speeds to
61 m/s. g = 9.8 m s-2. After one period the water must be where it began; the error is the mean over the cells that are
wet then. The observed order is that of halving the cells; shorelines keep it below the scheme's 2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.analytic import planar_thacker, radial_thacker
from tests.physics.cases.water import across, volume_error
from twin.physics.shallow_water.engine import ShallowWater

GRAVITY = 9.8
PLANAR = {"depth": 4.0, "length": 10.0, "amplitude": 2.0}
RADIAL = {"depth": 1000.0, "length": 2500.0, "radius": 2000.0}


def planar(cells: int, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, float, float]:
    """Return the water at the start, the period in s and the cell in m; 40 m of bowl."""
    cell = 40 / cells
    x = (np.arange(cells) + 0.5) * cell - 20
    h, u = planar_thacker(x, 0.0, **PLANAR, g=GRAVITY)
    velocity = across(u), np.zeros((4, cells))
    bed = across(PLANAR["depth"] * (x / PLANAR["length"]) ** 2)
    water = ShallowWater(
        bed,
        cell,
        roughness=0.0,
        depth=across(h),
        velocity=velocity,
        gravity=GRAVITY,
        order=order,
        precision=precision,
    )
    return water, 2 * np.pi * PLANAR["length"] / np.sqrt(2 * GRAVITY * PLANAR["depth"]), cell


def radial(cells: int, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, float, float]:
    """Return the water at the start, the period in s and the cell in m; 8 km by 8 km of bowl."""
    cell = 8000 / cells
    x = (np.arange(cells) + 0.5) * cell - 4000
    h, _, bed = radial_thacker(np.hypot(x, x[:, None]), 0.0, **RADIAL, g=GRAVITY)
    water = ShallowWater(bed, cell, roughness=0.0, depth=h, gravity=GRAVITY, order=order, precision=precision)
    return water, 2 * np.pi * RADIAL["length"] / np.sqrt(8 * GRAVITY * RADIAL["depth"]), cell


def error(water: ShallowWater, period: float) -> float:
    """Return the mean error of the depth in m after a period, over the cells that are wet then."""
    start = water.depth
    water.advance(period)
    return float(np.abs(water.depth - start, dtype=np.float64)[start > 0].mean())


CASES = {
    "thacker_planar": (planar, ("<= 0.002", "<= 0.027"), (">= 1.7", ">= 1.5")),
    "thacker_radial": (radial, ("<= 4.2", "<= 37"), (">= 1.5", ">= 1.1")),
}
"""How it is made; bounds of the error in m and of the order, on 400 cells and on the 100 of the short form."""


def measure(short: bool) -> Iterator[Measure]:
    for name, (make, bounds, orders) in CASES.items():
        errors = []
        for cells in (50, 100) if short else (200, 400):
            water, period, _ = make(cells)
            errors.append(error(water, period))
        yield Measure(f"flood.{name}.l1_m", errors[-1], "m", bounds[short])
        yield Measure(f"flood.{name}.order", float(np.log2(errors[0] / errors[1])), "1", orders[short])
        yield Measure(f"flood.{name}.volume_error", volume_error(water), "1", "<= 1e-6")
