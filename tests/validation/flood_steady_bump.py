"""Steady frictionless flow in 25 m of channel (SWASHES 3.1.3 to 3.1.5, and a step), second order, g = 9.8 m s-2.

Over a bump: subcritical (4.42 m2/s, 2 m), choked with a jump (0.18 m2/s, 0.33 m), choked and supercritical to the end
(1.53 m2/s). Down a step of 0.2 m: subcritical (1 m2/s, 1 m). The error is the mean of |h - exact|.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.analytic import bump, depth_of, expansion, steady_bump
from tests.physics.cases.water import across, volume_error
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater

LENGTH, GRAVITY = 25.0, 9.8


@dataclass(frozen=True, slots=True)
class Case:
    """q m2/s at the inlet; depth at the outlet in m, None where it is supercritical; pool m, the level at the start.

    bounds  of the error in m, on 100 cells and on the 50 of the short form
    """

    q: float
    outlet: float | None
    pool: float
    bounds: tuple[str, str]

    def bed(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return expansion(x) if self.q == 1 else bump(x)

    def exact(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.q == 1:
            return depth_of(1 + 1 / (2 * GRAVITY), self.bed(x), 1.0, GRAVITY, fast=False)
        return steady_bump(x, self.q, self.outlet, choked=self.q < 2, g=GRAVITY)


CASES = {
    "subcritical_bump": Case(4.42, 2.0, 2.0, ("<= 0.0006", "<= 0.003")),
    "shock_bump": Case(0.18, 0.33, 0.33, ("<= 0.0015", "<= 0.0033")),
    "transcritical_bump": Case(1.53, None, 1.0, ("<= 0.0011", "<= 0.0035")),
    "subcritical_step": Case(1.0, 1.0, 1.0, ("<= 0.0003", "<= 0.0013")),
}


def channel(case: Case, cells: int, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, float]:
    """Return the water at the start and the cell in m: a level pool, dry beyond the crest where the outlet is free."""
    cell = LENGTH / cells
    x = (np.arange(cells) + 0.5) * cell
    edges = {
        "west": Edge("discharge", Series((0.0,), (case.q,))),
        "east": Edge("open") if case.outlet is None else Edge("level", Series((0.0,), (case.outlet,))),
        "south": Edge(),
        "north": Edge(),
    }
    pool = np.where(x < 12, case.pool, 0.0 if case.outlet is None else case.pool)
    start = across(np.maximum(0, pool - case.bed(x)))
    water = ShallowWater(
        across(case.bed(x)),
        cell,
        roughness=0.0,
        depth=start,
        edges=edges,
        gravity=GRAVITY,
        order=order,
        precision=precision,
    )
    return water, cell


def error(case: Case, cells: int, seconds: float, order: int = 2) -> tuple[float, float]:
    """Return the mean error of the depth in m and the volume error after `seconds`."""
    water, cell = channel(case, cells, order)
    water.advance(seconds)
    x = (np.arange(cells) + 0.5) * cell
    return float(np.abs(water.depth[1] - case.exact(x)).mean()), volume_error(water)


def measure(short: bool) -> Iterator[Measure]:
    for name, case in CASES.items():
        # a step without friction lets waves run to and fro for long
        seconds = (100.0 if short else 200.0) * (2 if name == "subcritical_step" else 1)
        found, lost = error(case, 50 if short else 100, seconds)
        yield Measure(f"flood.{name}.l1_m", found, "m", case.bounds[short])
        yield Measure(f"flood.{name}.volume_error", lost, "1", "<= 1e-6")
        if name == "subcritical_bump" and not short:
            coarse, _ = error(case, 50, seconds)
            yield Measure(f"flood.{name}.order", float(np.log2(coarse / found)), "1", ">= 1.7")
