"""From what is kept of a room (masses, volume, pressure) to what its layers are: temperatures, densities."""

from __future__ import annotations

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Array, Building, State
from twin.physics.zone_fire.constants import CELLS, GAS, GRAVITY, HIGH_WALL, LOW_WALL, LOWER, THINNEST, UPPER
from twin.physics.zone_fire.openings import (
    FLOOR,
    HEIGHT,
    INTERFACE,
    PRESSURE,
    RHO_LOWER,
    RHO_UPPER,
    ROOM,
    T_LOWER,
    T_UPPER,
)


@called
def copy(of: Array, to: Array) -> None:
    """Write one array into another of its shape; numba's own assignment takes seconds to compile."""
    for k in range(of.size):
        to.flat[k] = of.flat[k]


@called
def absolute(b: Building, room: int, over: float) -> float:
    """Return the absolute pressure in Pa at a room's floor.

    over  Pa  over the outside air at the same height

    Source: hydrostatics of the outside air, taken as of one density.
    """
    return float(b.outside[1] - GRAVITY * b.outside[2] * b.floor[room] + over)


@called
def look(b: Building, s: State, seen: Array) -> None:
    """Put into `seen` (R + 1, SIDE) how openings see the rooms and, in the last row, the outside (SI, K).

    Source: equation of state of an ideal gas, one pressure per room.
    """
    rooms = len(b.area)
    for i in range(rooms):
        upper = s.upper_volume[i]
        lower = b.area[i] * b.height[i] - upper
        pressure = absolute(b, i, s.pressure[i])
        rho_lower = s.species[i, LOWER].sum() / lower
        rho_upper = s.species[i, UPPER].sum() / upper
        seen[i, FLOOR], seen[i, HEIGHT], seen[i, PRESSURE] = b.floor[i], b.height[i], s.pressure[i]
        seen[i, INTERFACE] = lower / b.area[i]
        seen[i, RHO_LOWER], seen[i, RHO_UPPER] = rho_lower, rho_upper
        seen[i, T_LOWER], seen[i, T_UPPER] = pressure / (GAS * rho_lower), pressure / (GAS * rho_upper)
        seen[i, ROOM] = 1.0
    seen[rooms, :] = 0.0
    seen[rooms, HEIGHT] = 1.0
    seen[rooms, RHO_LOWER], seen[rooms, RHO_UPPER] = b.outside[2], b.outside[2]
    seen[rooms, T_LOWER], seen[rooms, T_UPPER] = b.outside[0], b.outside[0]


@called
def split(species: Array, share: float) -> None:
    """Mix both layers of a room, (2, SPECIES) kg, and give the hot one this share of all: mass and energy stay."""
    for k in range(species.shape[1]):
        whole = species[LOWER, k] + species[UPPER, k]
        species[UPPER, k] = whole * share
        species[LOWER, k] = whole * (1 - share)


@called
def keep_layers(b: Building, room: int, species: Array, volume: float) -> float:
    """Return the volume in m3 of the hot layer, after mixing a room whose layer has become too thin (or is one)."""
    whole = b.area[room] * b.height[room]
    least = THINNEST * whole
    if b.mixed[room]:
        split(species, 1 - THINNEST)
        return float(whole - least)
    if volume < least:
        split(species, THINNEST)
        return float(least)
    if volume > whole - least:
        split(species, 1 - THINNEST)
        return float(whole - least)
    return volume


@called
def move_walls(lining: Array, surface: Array, height: float, before: float, after: float) -> None:
    """Hand a strip of wall from one side of the interface to the other and mix it in: the heat in walls stays.

    lining         (SURFACES, CELLS) K
    surface        (SURFACES,) K
    height         m  of the room
    before, after  m  the interface
    """
    if before == after:
        return
    grows, gives = (HIGH_WALL, LOW_WALL) if after < before else (LOW_WALL, HIGH_WALL)
    size = height - after if after < before else after
    part = abs(after - before) / size
    for k in range(CELLS):
        lining[grows, k] += part * (lining[gives, k] - lining[grows, k])
    surface[grows] += part * (surface[gives] - surface[grows])


@called
def value_at(b: Building, row: int, time: float) -> float:
    """Return a series at a time in s; straight between its points, constant outside them."""
    first, last = b.series_first[row], b.series_first[row + 1]
    for n in range(first, last):
        if time < b.series_time[n]:
            if n == first:
                break
            gone = (time - b.series_time[n - 1]) / (b.series_time[n] - b.series_time[n - 1])
            return float(b.series_value[n - 1] + gone * (b.series_value[n] - b.series_value[n - 1]))
        if n == last - 1:
            return float(b.series_value[n])
    return float(b.series_value[first])
