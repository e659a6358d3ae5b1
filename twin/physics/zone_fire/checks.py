"""What rooms, vents, fans, fires and devices must be; each refusal names the id, the value and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from twin.errors import InputError, suggest
from twin.physics.zone_fire.rooms import OUTSIDE, Ambient, Device, Fan, Fire, Lining, Room, Series, Vent

PLACES = {"centre": 1.0, "wall": 0.5, "corner": 0.25}
"""Share of the circle around a plume that is open."""
VENT_KINDS = ("wall", "ceiling")
DEVICE_KINDS = ("heat", "smoke", "sprinkler")


def number(who: str, name: str, value: float, low: float, high: float, unit: str, *, above: bool = False) -> None:
    """Raise InputError unless a value lies from `low` (`above`: above it) to `high`."""
    good = math.isfinite(value) and low <= value <= high and not (above and value == low)
    if not good:
        least = f"above {low:g}" if above else f"at least {low:g}"
        raise InputError(f"{who}: {name} is {value:g} {unit}; it must be {least} and at most {high:g} {unit}".rstrip())


def series(who: str, name: str, values: float | Series, high: float, unit: str) -> Series:
    """Return a value or series as a series. Raises InputError for times that do not rise, values out of 0 .. `high`."""
    pairs: Series = ((0.0, float(values)),) if isinstance(values, int | float) else tuple(values)
    if not pairs:
        raise InputError(f"{who}: {name} is an empty series; give at least one pair (time s, value)")
    last = -math.inf
    for time, value in pairs:
        if not math.isfinite(time) or time < last:
            raise InputError(f"{who}: {name} has the time {time:g} s after {last:g} s; times must be finite and rise")
        number(who, f"{name} at {time:g} s", value, 0.0, high, unit)
        last = time
    return pairs


def known(who: str, name: str, value: str, names: Iterable[str]) -> None:
    """Raise InputError unless a word is one of those known."""
    names = list(names)
    if value not in names:
        raise InputError(f"{who}: {name} {value!r} is not known; {suggest(value, names)}")


def once(what: str, ids: Sequence[str]) -> None:
    """Raise InputError when two things have one id."""
    seen: set[str] = set()
    for one in ids:
        if not one or one in seen:
            raise InputError(f"{what} {one!r}: the id is empty or taken by another; give each its own")
        seen.add(one)


def lining(who: str, name: str, of: Lining | None) -> None:
    """Raise InputError unless a lining is one."""
    if of is None:
        return
    number(who, f"conductivity of the {name}", of.conductivity, 0.0, 1000.0, "W m-1 K-1", above=True)
    number(who, f"density of the {name}", of.density, 0.0, 30_000.0, "kg m-3", above=True)
    number(who, f"specific heat of the {name}", of.specific_heat, 0.0, 20_000.0, "J kg-1 K-1", above=True)
    number(who, f"thickness of the {name}", of.thickness, 0.0, 10.0, "m", above=True)
    number(who, f"emissivity of the {name}", of.emissivity, 0.0, 1.0, "")


def room(of: Room) -> None:
    """Raise InputError unless a room is one."""
    who = f"room {of.id!r}"
    if of.id == OUTSIDE:
        raise InputError(f"{who}: this id stands for the open air; give the room another")
    number(who, "area", of.area, 0.0, 1e6, "m2", above=True)
    number(who, "height", of.height, 0.0, 500.0, "m", above=True)
    number(who, "floor", of.floor, -1000.0, 2000.0, "m")
    number(who, "leakage", of.leakage, 0.0, of.area, "m2")
    if of.perimeter is not None:
        number(who, "perimeter", of.perimeter, 2 * math.sqrt(math.pi * of.area) * (1 - 1e-6), 1e5, "m")
    for name, one in (("ceiling", of.ceiling), ("walls", of.walls), ("ground", of.ground)):
        lining(who, name, one)


def vent(of: Vent, rooms: dict[str, Room]) -> None:
    """Raise InputError unless a vent lies in the rooms it joins."""
    who = f"vent {of.id!r}"
    _pair(who, of.between, rooms)
    known(who, "kind", of.kind, VENT_KINDS)
    series(who, "open share", of.open, 1.0, "")
    if of.kind == "ceiling":
        number(who, "area", of.area, 0.0, 1e5, "m2", above=True)
        return
    number(who, "width", of.width, 0.0, 1e4, "m", above=True)
    first = rooms[of.between[0] if of.between[0] != OUTSIDE else of.between[1]]
    number(who, f"sill over the floor of {first.id!r}", of.sill, 0.0, first.height, "m")
    number(who, f"soffit over the floor of {first.id!r}", of.soffit, of.sill, first.height, "m", above=True)
    for name in of.between:
        if name == OUTSIDE:
            continue
        low, high = rooms[name].floor, rooms[name].floor + rooms[name].height
        bottom, top = first.floor + of.sill, first.floor + of.soffit
        if top <= low or bottom >= high:
            raise InputError(
                f"{who}: it reaches from {bottom:g} to {top:g} m and does not touch room {name!r}, which reaches from "
                f"{low:g} to {high:g} m; correct sill and soffit, or make it a ceiling vent"
            )


def _pair(who: str, between: tuple[str, str], rooms: dict[str, Room]) -> None:
    """Raise InputError unless both ends are known and differ."""
    for name in between:
        known(who, "room", name, [*rooms, OUTSIDE])
    if between[0] == between[1]:
        raise InputError(f"{who}: it joins {between[0]!r} with itself; name two rooms, or one and {OUTSIDE!r}")


def fan(of: Fan, rooms: dict[str, Room]) -> None:
    """Raise InputError unless a fan is one."""
    who = f"fan {of.id!r}"
    _pair(who, of.between, rooms)
    number(who, "flow", of.flow, 0.0, 1e4, "m3 s-1")
    series(who, "open share", of.open, 1.0, "")
    number(who, "first cutoff", of.cutoff[0], 0.0, 1e7, "Pa")
    number(who, "second cutoff", of.cutoff[1], of.cutoff[0], 1e7, "Pa", above=True)
    for name in of.between:
        if name != OUTSIDE:
            number(who, f"height over the floor of {name!r}", of.height, 0.0, rooms[name].height, "m")


def fire(of: Fire, rooms: dict[str, Room]) -> None:
    """Raise InputError unless a fire burns in a room there is."""
    who = f"fire {of.id!r}"
    known(who, "room", of.room, rooms)
    known(who, "place", of.place, PLACES)
    series(who, "heat", of.heat, 1e7, "kW")
    number(who, "area", of.area, 0.0, 1e5, "m2", above=True)
    high = rooms[of.room].height
    if not (math.isfinite(of.height) and 0 <= of.height < high):
        raise InputError(
            f"{who}: height is {of.height:g} m; it must lie in the room {of.room!r}, from 0 to below {high:g} m"
        )
    number(who, "heat of combustion", of.fuel.heat_of_combustion, 0.0, 2e5, "kJ kg-1", above=True)
    number(who, "radiative fraction", of.fuel.radiative_fraction, 0.0, 0.95, "")
    for name in ("carbon", "hydrogen", "oxygen", "nitrogen"):
        number(who, f"{name} of the fuel", getattr(of.fuel, name), 0.0, 1e4, "atoms")
    for name in ("soot", "co", "hcn"):
        number(who, f"yield of {name}", getattr(of.fuel, name), 0.0, 1.0, "kg kg-1")


def device(of: Device, rooms: dict[str, Room]) -> None:
    """Raise InputError unless a device hangs in a room there is."""
    who = f"device {of.id!r}"
    known(who, "room", of.room, rooms)
    known(who, "kind", of.kind, DEVICE_KINDS)
    number(who, "activation", of.activation, 0.0, 100.0 if of.kind == "smoke" else 1000.0, "", above=True)
    number(who, "response time index", of.rti, 0.0, 1e4, "(m s)^0.5", above=True)
    number(who, "distance", of.distance, 0.0, 1e3, "m")
    number(who, "spray", of.spray, 0.0, 10.0, "mm s-1", above=True)


def ambient(of: Ambient) -> None:
    """Raise InputError unless the air is air."""
    number("ambient", "temperature outside", of.outside, -80.0, 80.0, "degC")
    if of.inside is not None:
        number("ambient", "temperature inside", of.inside, -80.0, 200.0, "degC")
    number("ambient", "pressure", of.pressure, 30_000.0, 120_000.0, "Pa")
    number("ambient", "oxygen", of.oxygen, 0.0, 1.0, "")
    number("ambient", "humidity", of.humidity, 0.0, 1.0, "")
