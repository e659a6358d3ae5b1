"""Save and go on: the same to the last bit, whatever was under way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.model.field import FieldSeries
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures.breach import Breach
from twin.physics.shallow_water.structures.infiltration import Infiltration
from twin.physics.shallow_water.structures.source import Source

SHAPE = (50, 300)
DIKE = np.arange(50), np.full(50, 100)


def busy(order: int, precision: str) -> ShallowWater:
    """Return water with rain maps, soil, a breach, a river, a pump and a tide at work."""
    rng = np.random.default_rng(8)
    bed = 10 + rng.random(SHAPE) * 0.5 + 0.01 * np.arange(300)
    bed[DIKE] = 14.0
    depth = np.where(np.arange(300) < 60, 1.0, 0.0) * np.ones((50, 1))
    solid = rng.random(SHAPE) < 0.05
    tide = Edge("level", Series((0.0, 60.0), (11.5, 10.5)))
    water = ShallowWater(
        bed,
        5.0,
        depth=depth,
        solid=solid,
        order=order,
        precision=precision,
        edges={"west": tide, "north": Edge("open")},
    )
    clouds = rng.random((4, *SHAPE)) * 1e-5
    clouds[1] = 0
    water.rain = FieldSeries("rain_rate", (0.0, 13.0, 26.0, 41.0), lambda number: clouds[number])
    water.put(Infiltration(water.water, rng.random(SHAPE) * 2e-6, rng.random(SHAPE) * 0.1))
    water.put(Breach("breach", water.water, DIKE, 11.0, 10.0, 40.0))
    free = np.argwhere(~solid)
    for name, cell, rate in (("river", free[40], 3.0), ("pump", free[9000], -0.5)):
        water.put(Source(name, (cell[:1], cell[1:]), Series((0.0, 30.0, 60.0), (0.0, rate, rate))))
    return water


def bytes_of(water: ShallowWater) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in water.save().items()}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_what_follows_a_checkpoint_is_the_same_to_the_last_bit(order: int, precision: str, tmp_path: Path) -> None:
    straight = busy(order, precision)
    frames = []
    for until in (7.0, 22.2, 33.3, 60.0):
        straight.advance(until)
        frames.append(bytes_of(straight))
    assert straight.budget()["infiltrated"] > 0
    assert straight.budget()["pumped"] > 0
    first = busy(order, precision)
    first.advance(7.0)
    first.advance(22.2)
    np.savez(tmp_path / "at.npz", **first.save())
    second = busy(order, precision)
    with np.load(tmp_path / "at.npz") as held:
        second.load(dict(held))
    assert bytes_of(second) == frames[1]
    second.advance(33.3)
    assert bytes_of(second) == frames[2]
    second.advance(60.0)
    assert bytes_of(second) == frames[3]
    assert second.budget() == straight.budget()
    assert second.cell_updates == straight.cell_updates
    for name in ("max_depth", "max_speed", "max_rating", "max_level", "duration", "arrival"):
        assert getattr(second, name).tobytes() == getattr(straight, name).tobytes()
    gap = straight.stored() - straight.stored_at_start
    parts = straight.budget()
    expected = parts["rain"] + parts["edge_in"] + parts["inflow"] - parts["edge_out"]
    expected -= parts["pumped"] + parts["infiltrated"]
    size = 1e-6 if precision == "float32" else 1e-12
    assert gap == pytest.approx(expected, abs=size * straight.stored())


def test_a_checkpoint_holds_copies() -> None:
    water = busy(1, "float32")
    water.advance(5.0)
    saved = water.save()
    kept = {name: array.copy() for name, array in saved.items()}
    water.advance(20.0)
    for name, array in kept.items():
        np.testing.assert_array_equal(saved[name], array)
