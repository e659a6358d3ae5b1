"""Water is neither lost nor made: greatest relative volume error over storms, dam breaks, edges, walls and pumps,
swinging bowls and steady channels; the cases with data report their own.

Rain at 60 mm/h over metres of water is the hard case of float32: a step adds a few units in the last place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from tests.measures import Measure
from tests.physics.cases.water import volume_error
from tests.validation import flood_macdonald, flood_steady_bump, flood_thacker
from twin.hazards import Setting
from twin.hazards.flood import FloodHazard
from twin.model.action import Action
from twin.model.field import Grid
from twin.model.scenario import Inflow, Scenario, Series

BOUNDS = {"float32": "<= 1e-6", "float64": "<= 1e-13"}


def valley(ny: int, nx: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ground in m and building share of a rough valley with blocks, 5 m cells."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:ny, :nx] * 5.0
    ground = 480 + 0.003 * y + 0.01 * np.abs(x - x.mean()) + 0.2 * rng.random((ny, nx))
    share = np.zeros((ny, nx))
    for _ in range(ny * nx // 400):
        i, j = rng.integers(2, ny - 8), rng.integers(2, nx - 8)
        share[i : i + rng.integers(2, 7), j : j + rng.integers(2, 7)] = 1.0
    ground[:4, :6] = np.nan
    return ground, share


def error(order: int, precision: str, edges: str, pond: float, minutes: float) -> float:
    """Return the relative volume error of a storm over a valley that begins with `pond` m of water at its foot."""
    ground, share = valley(120, 150, 7)
    grid = Grid("EPSG:5186", 0.0, 0.0, 5.0, 150, 120)
    depth = np.maximum(0.0, np.nanmin(ground) + pond - ground) if pond else np.zeros(grid.shape)
    depth[60:90, 60:100] += pond
    scenario = Scenario(
        "volume",
        "flood",
        datetime(2026, 7, 1, tzinfo=UTC),
        minutes * 60,
        60.0,
        5.0,
        rain=Series((0.0, minutes * 40), (60e-3 / 3600, 0.0), step=True),
        inflows=(Inflow("river", 375.0, 580.0, Series((0.0, minutes * 30), (5.0, 15.0)), 20.0),),
        edges=edges,
        params={"order": order, "precision": precision},
    )
    flood = FloodHazard()
    flood.start(Setting(grid, scenario, {"elevation": ground, "building_share": share, "depth": depth}))
    flood.advance(minutes * 20)
    flood.apply(Action("pump", params={"x": 375.0, "y": 100.0, "rate": 2.0}))
    flood.apply(Action("barrier", params={"line": [[200.0, 250.0], [550.0, 260.0]], "level": 482.5}))
    flood.advance(minutes * 60)
    return abs(flood.budget().error_relative)


def channels_and_bowls(precision: str) -> Iterator[float]:
    """Yield the relative volume errors of the cases with exact solutions, both orders."""
    for order in (1, 2):
        waters = [flood_thacker.planar(100, order, precision)[0], flood_thacker.radial(50, order, precision)[0]]
        waters.append(flood_macdonald.channel(50, order, precision)[0])
        waters += [
            flood_steady_bump.channel(case, 25, order, precision)[0] for case in flood_steady_bump.CASES.values()
        ]
        for water in waters:
            water.advance(20.0)
            yield volume_error(water)


def measure(short: bool) -> Iterator[Measure]:
    minutes = 3.0 if short else 20.0
    for precision, bound in BOUNDS.items():
        errors = [
            error(order, precision, edges, pond, minutes)
            for order in (1, 2)
            for edges in ("closed", "open")
            for pond in ((3.0,) if short else (0.0, 3.0))
        ]
        errors += channels_and_bowls(precision)
        yield Measure(f"flood.volume.f{precision[5:]}.max_rel_error", max(errors), "1", bound)
