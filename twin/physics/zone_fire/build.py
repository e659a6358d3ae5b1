"""From rooms, vents, fans, fires and devices to the arrays of the kernels: checked and in SI (W, K, kg)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from twin.errors import InputError
from twin.physics.zone_fire import checks
from twin.physics.zone_fire.arrays import Array, Building, Numbers, State, blank
from twin.physics.zone_fire.chemistry import products
from twin.physics.zone_fire.constants import (
    CEILING_VENT,
    CELLS,
    FAN,
    GAS,
    GAS_START,
    GRAVITY,
    LOWER,
    MASS_START,
    NITROGEN,
    OXYGEN,
    SPECIES,
    THINNEST,
    UPPER,
    WALL_VENT,
    WATER,
    ZERO_C,
)
from twin.physics.zone_fire.linings import thicknesses
from twin.physics.zone_fire.rooms import OUTSIDE, Ambient, Device, Fan, Fire, Room, Vent

LEAK_FROM, LEAK_TO = 0.05, 0.95
"""Shares of a room's height between which its cracks lie; CFAST Technical Reference Guide."""
FIRST_STEP = 0.1
"""s."""


def check(
    rooms: Sequence[Room],
    vents: Sequence[Vent],
    fires: Sequence[Fire],
    devices: Sequence[Device],
    fans: Sequence[Fan],
    ambient: Ambient,
) -> None:
    """Raise InputError naming the id and the value of what cannot be."""
    if not rooms:
        raise InputError("rooms: there is none; a fire needs at least one room")
    ducts: list[Vent | Fan] = [*vents, *fans]
    for what, ids in (("room", rooms), ("vent or fan", ducts), ("fire", fires), ("device", devices)):
        checks.once(what, [thing.id for thing in ids])
    checks.ambient(ambient)
    named = {room.id: room for room in rooms}
    for room in rooms:
        checks.room(room)
    for vent in vents:
        checks.vent(vent, named)
    for fan in fans:
        checks.fan(fan, named)
    for fire in fires:
        checks.fire(fire, named)
    for device in devices:
        checks.device(device, named)


def building(
    rooms: Sequence[Room],
    vents: Sequence[Vent],
    fires: Sequence[Fire],
    devices: Sequence[Device],
    fans: Sequence[Fan],
    ambient: Ambient,
) -> Building:
    """Return what stays the same in a run; vents first, then fans, then the cracks of rooms. Raises InputError."""
    index = {room.id: i for i, room in enumerate(rooms)} | {OUTSIDE: len(rooms)}
    leaks = [room for room in rooms if room.leakage > 0]
    pairs = [v.between for v in vents] + [f.between for f in fans] + [(room.id, OUTSIDE) for room in leaks]
    numbers = (
        [_vent(v, rooms, index) for v in vents] + [_fan(f, rooms, index) for f in fans] + [_leak(r) for r in leaks]
    )
    kinds = [CEILING_VENT if v.kind == "ceiling" else WALL_VENT for v in vents]
    kinds += [FAN] * len(fans) + [WALL_VENT] * len(leaks)
    joined: Numbers = np.array([[index[name] for name in pair] for pair in pairs], np.int64).reshape(-1, 2)
    ducts: list[Vent | Fan] = [*vents, *fans]
    courses = [checks.series(v.id, "open share", v.open, 1.0, "") for v in ducts]
    courses += [((0.0, 1.0),)] * len(leaks)
    courses += [tuple((t, 1000 * q) for t, q in checks.series(f.id, "heat", f.heat, 1e7, "kW")) for f in fires]
    air = np.zeros(SPECIES)
    air[WATER] = vapour(ambient)
    air[OXYGEN] = ambient.oxygen * (1 - air[WATER])
    air[NITROGEN] = 1 - air[OXYGEN] - air[WATER]
    t_outside = ambient.outside + ZERO_C
    t_inside = (ambient.outside if ambient.inside is None else ambient.inside) + ZERO_C
    return Building(
        area=np.array([r.area for r in rooms]),
        height=np.array([r.height for r in rooms]),
        floor=np.array([r.floor for r in rooms]),
        sides=np.array([_sides(r) for r in rooms]),
        mixed=np.array([r.mixed for r in rooms], np.int64),
        rank=_order(len(rooms), joined),
        sizes=np.array([[_sizes(one) for one in _linings(r)] for r in rooms]),
        stuff=np.array([[_stuff(one) for one in _linings(r)] for r in rooms]),
        vent_kind=np.array(kinds, np.int64),
        vent_rooms=joined,
        vent_numbers=np.array(numbers, np.float64).reshape(-1, 9),
        fire_room=np.array([index[f.room] for f in fires], np.int64),
        fire_numbers=np.array([_fire(f) for f in fires], np.float64).reshape(-1, 5),
        fire_made=np.array([products(f.fuel, f.id) for f in fires], np.float64).reshape(-1, SPECIES),
        device_room=np.array([index[d.room] for d in devices], np.int64),
        device_kind=np.array([checks.DEVICE_KINDS.index(d.kind) for d in devices], np.int64),
        device_numbers=np.array([_device(d) for d in devices], np.float64).reshape(-1, 4),
        series_first=np.cumsum([0] + [len(c) for c in courses]).astype(np.int64),
        series_time=np.array([t for course in courses for t, _ in course], np.float64),
        series_value=np.array([v for course in courses for _, v in course], np.float64),
        outside=np.array([t_outside, ambient.pressure, ambient.pressure / (GAS * t_outside), ambient.oxygen, t_inside]),
        air=air,
    )


def at_rest(b: Building, devices: int) -> State:
    """Return the state at the start: still air of one temperature, all of it in the cool layer (mixed: the hot one)."""
    s = blank(len(b.area), len(b.vent_kind), len(b.fire_room), devices)
    inside = b.outside[4]
    volume = b.area * b.height
    s.upper_volume[:] = volume * np.where(b.mixed > 0, 1 - THINNEST, THINNEST)
    pressure = b.outside[1] - GRAVITY * b.outside[2] * b.floor
    mass = pressure * volume / (GAS * inside)
    upper = s.upper_volume / volume
    s.species[:, UPPER] = (mass * upper)[:, None] * b.air
    s.species[:, LOWER] = (mass * (1 - upper))[:, None] * b.air
    s.lining[:], s.surface[:], s.link[:] = inside, inside, inside
    s.clock[1] = FIRST_STEP
    s.books[MASS_START] = mass.sum()
    s.books[GAS_START] = gas_energy(b, s)
    return s


def gas_energy(b: Building, s: State) -> float:
    """Return the J of inner energy of all gas, P V/(gamma - 1)."""
    pressure = b.outside[1] - GRAVITY * b.outside[2] * b.floor + s.pressure
    return float((pressure * b.area * b.height).sum() / 0.4)


def vapour(ambient: Ambient) -> float:
    """Return the mass fraction of water in the air outside, by its relative humidity.

    Source: Magnus' formula over water as WMO has it, 611.2 exp(17.62 t/(243.12 + t)) Pa.
    """
    saturated = 611.2 * math.exp(17.62 * ambient.outside / (243.12 + ambient.outside))
    return 0.622 * ambient.humidity * saturated / ambient.pressure


def _sides(room: Room) -> tuple[float, float]:
    """Return the sides in m of the rectangle of a room's area and perimeter; a rounder room is taken as a square."""
    half = (room.perimeter or 0.0) / 2
    half = max(half, 2 * math.sqrt(room.area))
    root = math.sqrt(max(half * half - 4 * room.area, 0.0))
    return (half + root) / 2, (half - root) / 2


def _linings(room: Room) -> tuple[object, ...]:
    """Return the linings of the four surfaces."""
    return room.ceiling, room.walls, room.walls, room.ground


def _sizes(one: object) -> Array:
    """Return the thickness in m of the cells of a lining; of none: ones."""
    return thicknesses(getattr(one, "thickness", CELLS * 1.0))


def _stuff(one: object) -> tuple[float, float, float, float]:
    """Return what conduction needs of a lining; the last is 0 where there is none."""
    if one is None:
        return 1.0, 1.0, 0.0, 0.0
    k, rho, c, eps = (float(getattr(one, n)) for n in ("conductivity", "density", "specific_heat", "emissivity"))
    return k, rho * c, eps, 1.0


def _vent(vent: Vent, rooms: Sequence[Room], index: dict[str, int]) -> tuple[float, ...]:
    """Return the numbers of a vent; heights over the datum, cut to the rooms it joins."""
    first, second = (rooms[index[n]] if n != OUTSIDE else None for n in vent.between)
    own = first or second
    assert own is not None
    if vent.kind == "ceiling":
        below = first.floor + first.height if first else (second.floor if second else 0.0)
        above = second.floor if second else below
        return 0.0, 0.0, 0.0, vent.area, below, above, 0.0, 0.0, float(not vent.round)
    bottom, top = own.floor + vent.sill, own.floor + vent.soffit
    for room in (first, second):
        if room is not None:
            bottom, top = max(bottom, room.floor), min(top, room.floor + room.height)
    return vent.width, bottom, top, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0


def _fan(fan: Fan, rooms: Sequence[Room], index: dict[str, int]) -> tuple[float, ...]:
    """Return the numbers of a fan."""
    first, second = (rooms[index[n]] if n != OUTSIDE else None for n in fan.between)
    own = first or second
    assert own is not None
    heights = [fan.height + (room or own).floor for room in (first, second)]
    return 0.0, 0.0, 0.0, fan.flow, heights[0], heights[1], *fan.cutoff, 0.0


def _leak(room: Room) -> tuple[float, ...]:
    """Return the numbers of a room's cracks: one slot."""
    low, high = room.floor + LEAK_FROM * room.height, room.floor + LEAK_TO * room.height
    return room.leakage / (high - low), low, high, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0


def _fire(fire: Fire) -> tuple[float, ...]:
    """Return the numbers of a fire."""
    fuel = fire.fuel
    return fire.area, fire.height, checks.PLACES[fire.place], 1000 * fuel.heat_of_combustion, fuel.radiative_fraction


def _device(device: Device) -> tuple[float, ...]:
    """Return the numbers of a device; the time constant of the spray by Evans (1993): 3 u^-1.8 s, u in mm s-1."""
    limit = device.activation if device.kind == "smoke" else device.activation + ZERO_C
    return limit, device.rti, device.distance, 3.0 * device.spray**-1.8


def _order(rooms: int, joined: Numbers) -> Numbers:
    """Return the place of each room in elimination: fewest open neighbours first, so that little fills in."""
    near: list[set[int]] = [set() for _ in range(rooms)]
    for a, b in joined.tolist():
        if a < rooms and b < rooms:
            near[a].add(b)
            near[b].add(a)
    rank: Numbers = np.zeros(rooms, np.int64)
    left = set(range(rooms))
    for place in range(rooms):
        room = min(left, key=lambda r: (len(near[r]), r))
        rank[room] = place
        left.remove(room)
        for other in near[room]:
            near[other] |= near[room] - {other}
            near[other].discard(room)
    return rank
