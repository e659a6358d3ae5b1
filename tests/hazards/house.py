"""A made-up house for indoor fires: two rooms, a corridor, a way out, an upper room over a stair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from twin.hazards import Setting
from twin.hazards.indoor_fire import IndoorFireHazard
from twin.model.action import Action
from twin.model.asset import Asset
from twin.model.field import Grid
from twin.model.scenario import Ignition, Scenario

GRID = Grid("EPSG:5186", 0.0, 0.0, 0.5, 24, 20)


def box(x: float, y: float, wide: float, deep: float) -> tuple[tuple[float, float], ...]:
    return (x, y), (x + wide, y), (x + wide, y + deep), (x, y + deep), (x, y)


def space(key: str, name: str, outline: Any, level: float = 10.0, storey: str = "1F", **more: Any) -> Asset:
    return Asset("space", key, outline, {"name": name, "height": 2.4, "level": level, "storey": storey} | more)


def opening(kind: str, key: str, x: float, y: float, spaces: str, **more: Any) -> Asset:
    size = {"width": 0.9, "height": 2.0} if kind == "door" else {"width": 1.2, "height": 1.2}
    low = {"level": 10.0} if kind == "door" else {"level": 10.9}
    return Asset(kind, key, box(x, y, 0.9, 0.1), {"spaces": spaces} | size | low | more)


def assets() -> dict[str, Sequence[Asset]]:
    """Return the house: living and bed room (south), a corridor (north of both), a loft over the corridor."""
    return {
        "space": [
            space("S1", "living", box(1, 1, 5, 4)),
            space("S2", "bed", box(6, 1, 5, 4)),
            space("S3", "corridor", box(1, 5, 10, 2), stairs="S4:3.0:0.9"),
            space("S4", "loft", box(1, 5, 10, 2), 13.0, "2F"),
        ],
        "door": [
            opening("door", "D1", 3, 5, "S1 S3"),
            opening("door", "D2", 8, 5, "S2 S3"),
            opening("door", "D3", 1, 6, "S3", is_external=True),
        ],
        "window": [opening("window", "W1", 3, 1, "S1", is_external=True)],
    }


def scenario(*measures: Action, at: str = "living", **params: Any) -> Scenario:
    return Scenario(
        "집 안의 불", "indoor_fire", datetime(2026, 11, 1, tzinfo=UTC), 600.0, 30.0, 0.5, params=params,
        ignitions=(Ignition("sofa", target=at),), measures=measures,
    )  # fmt: skip


def begun(*measures: Action, things: Mapping[str, Sequence[Asset]] | None = None, **params: Any) -> IndoorFireHazard:
    hazard = IndoorFireHazard()
    hazard.start(Setting(GRID, scenario(*measures, **params), {}, assets=things or assets()))
    return hazard
