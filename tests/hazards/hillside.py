"""A hillside of grass and a street of houses at its foot: what fire tests burn."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from twin.hazards import Setting
from twin.hazards.fire import FireHazard
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.scenario import Ignition, Scenario, Series, Weather

WEST, SOUTH, CELL = 200_000.0, 450_000.0, 10.0
GRID = Grid("EPSG:5186", WEST, SOUTH, CELL, 80, 60)
GRASS, STREET = 102, 91
DRY = {
    name: Series((0.0,), (share,), step=True)
    for name, share in {"1h": 0.05, "10h": 0.06, "100h": 0.07, "herb": 0.5, "woody": 0.8}.items()
}


def wind(speed: float = 8.0, direction: float = 270.0) -> Weather:
    return Weather(Series((0.0,), (speed,), step=True), Series((0.0,), (direction,), step=True), moisture=DRY)


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + x, SOUTH + y


def house(id_: str, x: float, y: float, **params: object) -> Asset:
    ring = tuple(at(x + dx, y + dy) for dx, dy in ((0, 0), (9, 0), (9, 8), (0, 8), (0, 0)))
    return Asset(
        "building",
        id_,
        ring,
        {
            "structure": "timber",
            "cladding": "combustible",
            "use": "residential",
            "storeys": 2,
            "height": 6.0,
            "residents": 3.0,
        }
        | params,
    )


def street(columns: int = 3, rows: int = 6) -> list[Asset]:
    """Houses of timber from x 520 on, 4 m apart."""
    return [house(f"h{i}{j}", 521 + 13 * i, 260 + 12 * j) for i in range(columns) for j in range(rows)]


def ground(meadow_to: float = 520.0) -> dict[str, np.ndarray]:
    """A gentle slope down to the east, grass up to `meadow_to` m and street beyond."""
    x = (np.arange(GRID.nx) + 0.5) * CELL
    fuel = np.where(x < meadow_to, float(GRASS), float(STREET)) * np.ones((GRID.ny, 1))
    return {"elevation": (100 - 0.05 * x) * np.ones((GRID.ny, 1)), "fuel_model": fuel}


def scenario(**changes: object) -> Scenario:
    given = {"weather": wind(), "ignitions": (Ignition("grass", points=(at(150, 300),)),), "seed": 5} | changes
    return Scenario("test", "fire", datetime(2026, 4, 1, tzinfo=UTC), 7200.0, 300.0, CELL, **given)


def begun(
    assets: dict[str, list[Asset]] | None = None, fields: dict[str, np.ndarray] | None = None, **changes: object
) -> FireHazard:
    fire = FireHazard()
    things = {"building": street()} if assets is None else assets
    fire.start(Setting(GRID, scenario(**changes), ground() | (fields or {}), assets=things))
    return fire


def do(fire: FireHazard, kind: str, target: str = "", **params: object):
    return fire.apply(Action(kind, fire.world.time, target, params))


def rows(fire: FireHazard, table: str = "buildings") -> dict[str, dict[str, object]]:
    return {str(row.get("id", row.get("name"))): row for row in fire.aftermath()[table]}


def codes(fire: FireHazard) -> list[str]:
    return [finding.code for finding in fire.findings] + [str(row["code"]) for row in fire.aftermath()["findings"]]
