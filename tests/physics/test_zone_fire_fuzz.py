"""Buildings drawn by chance: temperatures within bounds, masses never below zero, books closed, steps bounded."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import UnstableError
from twin.physics.zone_fire.engine import ZoneFire
from twin.physics.zone_fire.rooms import CONCRETE, GYPSUM, OUTSIDE, WOOD, Ambient, Fire, Room, Vent

SECONDS = 240


def drawn(seed: int) -> tuple[ZoneFire, np.random.Generator]:
    """Return 1 to 25 rooms on three storeys joined to a tree, windows and cracks, and a fire of 0.1 to 10 MW."""
    r = np.random.default_rng([seed, 2])
    n = int(r.integers(1, 26))
    rooms, vents = [], []
    for i in range(n):
        lining = (None, GYPSUM, CONCRETE)[int(r.integers(0, 3))]
        size = float(r.uniform(2.0, 80.0)), float(r.uniform(2.2, 3.2)), 3.3 * int(r.integers(0, 3))
        leak = float(r.choice([0.001, 0.01]))
        rooms.append(Room(f"r{i}", *size, None, lining, lining, lining, leakage=leak, mixed=bool(r.random() < 0.1)))
    for i in range(1, n):
        pair = rooms[i], rooms[int(r.integers(0, i))]
        low, high = sorted(pair, key=lambda room: room.floor)
        if low.floor == high.floor:
            share = float(r.choice([0.01, 1.0]))
            vents.append(Vent(f"v{i}", (low.id, high.id), "wall", float(r.uniform(0.6, 3.0)), 0.0, 2.0, open=share))
        else:
            area = float(r.uniform(0.2, 0.5)) * min(low.area, high.area, 12.0)
            vents.append(Vent(f"v{i}", (low.id, high.id), "ceiling", area=area))
    for i in range(n):
        if r.random() < 0.4:
            share = float(r.choice([0.02, 1.0]))
            vents.append(Vent(f"w{i}", (f"r{i}", OUTSIDE), "wall", float(r.uniform(0.3, 3.0)), 0.9, 2.0, open=share))
    heat = float(10 ** r.uniform(2.0, 4.0))
    series = ((0.0, 0.0), (float(r.uniform(30.0, 200.0)), heat))
    place = str(r.choice(["centre", "wall", "corner"]))
    fire = Fire(
        "f", f"r{int(r.integers(0, n))}", series, float(r.uniform(0.2, 5.0)), float(r.uniform(0.0, 1.0)), place, WOOD
    )
    air = Ambient(float(r.uniform(-10.0, 35.0)), float(r.uniform(10.0, 25.0)))
    return ZoneFire(rooms, vents, [fire], ambient=air), r


@pytest.mark.parametrize("seed", range(12))
def test_no_building_gives_a_number_that_cannot_be(seed: int) -> None:
    zones, r = drawn(seed)
    air = zones.ambient
    assert air.inside is not None
    coldest = min(air.outside, air.inside) - 5.0
    for time in range(60, SECONDS + 1, 60):
        try:
            zones.advance(float(time))
        except UnstableError as error:  # never silent: only an adiabatic room may become hotter than gas burns
            assert "room 'r" in str(error)
            assert "over 2000 K" in str(error)
            room = next(x for x in zones.rooms if f"{x.id!r}" in str(error))
            assert room.ceiling is None
            break
        layers = np.stack([zones.lower_temperature, zones.upper_temperature])
        assert np.isfinite(layers).all()
        assert layers.min() > coldest
        assert layers.max() < 1727.0
        assert zones.state.species.min() > -1e-9
        if zones.vents:
            zones.set_open(zones.vents[int(r.integers(0, len(zones.vents)))].id, float(r.choice([0.0, 0.02, 1.0])))
    energy, mass = zones.energy, zones.mass
    assert abs(energy["error"]) < 1e-9 * max(1.0, energy["released"])
    assert abs(mass["error"]) < 1e-9 * max(1.0, mass["fuel"])
    assert zones.steps < 20 * SECONDS


def test_what_a_smothered_fire_gives_off_does_not_cool_the_room() -> None:
    room = Room("store", 43.0, 3.0, 0.0, None, CONCRETE, CONCRETE, CONCRETE, leakage=0.001)
    zones = ZoneFire([room], fires=[Fire("f", "store", ((0.0, 0.0), (200.0, 6000.0)), 4.3)])
    zones.advance(600.0)
    assert zones.heat_release[0] < 100
    assert zones.upper_temperature[0] > 20
    assert zones.lower_temperature[0] > 20
    assert abs(zones.energy["error"]) < 1e-9 * zones.energy["released"]


def test_a_run_that_cannot_be_names_the_room_the_time_and_why() -> None:
    zones = ZoneFire([Room("oven", 4.0, 2.5)])
    zones.advance(5.0)
    zones.state.species[:] *= 0.1  # of the same pressure: ten times as hot
    with pytest.raises(UnstableError, match=r"room 'oven' left its valid range at 5\.000 s: a layer would have"):
        zones.advance(600.0)
