"""The arrays that the kernels work on, by name: what stays the same in a run, what changes, what a step needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.physics.zone_fire.constants import BOOKS, CELLS, PASSES, SPECIES, SURFACES
from twin.physics.zone_fire.openings import SIDE

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Building(NamedTuple):
    """What stays: R rooms, V vents and fans, F fires, D devices, W series of shares and heats."""

    area: Array  # (R,) m2
    height: Array  # (R,) m
    floor: Array  # (R,) m
    sides: Array  # (R, 2) m, of a rectangle of this area and perimeter
    mixed: Numbers  # (R,) 1: one layer
    rank: Numbers  # (R,) order in which the pressures are eliminated
    sizes: Array  # (R, SURFACES, CELLS) m
    stuff: Array  # (R, SURFACES, 4) conductivity, density times specific heat, emissivity, 1 where there is a lining
    vent_kind: Numbers  # (V,)
    vent_rooms: Numbers  # (V, 2), R: outside
    vent_numbers: Array  # (V, VENT_NUMBERS)
    fire_room: Numbers  # (F,)
    fire_numbers: Array  # (F, F_NUMBERS)
    fire_made: Array  # (F, SPECIES) kg per kg of fuel burnt
    device_room: Numbers  # (D,)
    device_kind: Numbers  # (D,) 0 heat, 1 smoke, 2 sprinkler
    device_numbers: Array  # (D, 4) activation (K or %/m), RTI, distance m, time constant of the spray s
    series_first: Numbers  # (V + F + 1,)
    series_time: Array  # s
    series_value: Array  # share or W
    outside: Array  # (5,) K, Pa, kg m-3, mass fraction of oxygen; K of gas that fuel gives off
    air: Array  # (SPECIES,) mass fractions outside


class State(NamedTuple):
    """What changes; all of it is saved."""

    pressure: Array  # (R,) Pa at the floor over the outside air there
    upper_volume: Array  # (R,) m3
    species: Array  # (R, 2, SPECIES) kg
    lining: Array  # (R, SURFACES, CELLS) K
    surface: Array  # (R, SURFACES) K
    falling: Array  # (R, SURFACES) W m-2 of radiation
    heat: Array  # (F,) W released now
    fire_share: Array  # (F,) set from outside
    fire_cap: Array  # (F, 3) W at the time a sprinkler opened, that time s, time constant s
    vent_share: Array  # (V,) set from outside; NaN: the series counts
    drawn: Array  # (V, 4) kg s-1 that flows draw along in the rooms, as of the last step
    link: Array  # (D,) K
    activated: Array  # (D,) s, inf: not
    dose: Array  # (R, 2) gas, heat
    books: Array  # (BOOKS,)
    clock: Array  # (2,) s: time, next step


class Work(NamedTuple):
    """What one step needs; nothing of it outlives the step."""

    seen: Array  # (R + 1, SIDE)
    passing: Array  # (V, PASSES) kg s-1
    drawn: Array  # (V, 4) kg s-1 that flows draw along now: for the next step
    scratch: Array  # (PASSES,)
    shares: Array  # (V,)
    source_mass: Array  # (R, 2, SPECIES) kg s-1 of the fires
    source_heat: Array  # (R, 2) W into the layers but for vents
    plume: Array  # (R,) kg s-1
    glow: Array  # (R, 3) W radiated by fires, height of it over the floor times W, convective W
    lining: Array  # (R, SURFACES, CELLS) K
    surface: Array  # (R, SURFACES) K
    falling: Array  # (R, SURFACES) W m-2
    heat: Array  # (F,) W
    gained: Array  # (R, 2) W, whole room and hot layer, through vents
    given: Array  # (R, 2) share of a layer that leaves it
    makeup: Array  # (R, 2, SPECIES) kg kg-1, of what leaves a layer
    through: Array  # (R + 1,) W in and out through vents; last: outside
    species: Array  # (R, 2, SPECIES) kg
    matrix: Array  # (2 R, 2 R)
    right: Array  # (2 R,)
    trial: Array  # (R, 2) Pa, m
    lost: Array  # (2,) why a run was given up, and the K or Pa that was found
    sums: Array  # (4,) W to linings, W radiated out, W in through vents, kg s-1 in through vents


def work(rooms: int, vents: int, fires: int) -> Work:
    """Return the arrays of a step for so many rooms, vents and fires."""
    return Work(
        seen=np.zeros((rooms + 1, SIDE)),
        passing=np.zeros((vents, PASSES)),
        drawn=np.zeros((vents, 4)),
        scratch=np.zeros(PASSES),
        shares=np.zeros(vents),
        source_mass=np.zeros((rooms, 2, SPECIES)),
        source_heat=np.zeros((rooms, 2)),
        plume=np.zeros(rooms),
        glow=np.zeros((rooms, 3)),
        lining=np.zeros((rooms, SURFACES, CELLS)),
        surface=np.zeros((rooms, SURFACES)),
        falling=np.zeros((rooms, SURFACES)),
        heat=np.zeros(fires),
        gained=np.zeros((rooms, 2)),
        given=np.zeros((rooms, 2)),
        makeup=np.zeros((rooms, 2, SPECIES)),
        through=np.zeros(rooms + 1),
        species=np.zeros((rooms, 2, SPECIES)),
        matrix=np.zeros((2 * rooms, 2 * rooms)),
        right=np.zeros(2 * rooms),
        trial=np.zeros((rooms, 2)),
        lost=np.zeros(2),
        sums=np.zeros(4),
    )


def blank(rooms: int, vents: int, fires: int, devices: int) -> State:
    """Return a state of zeros of the right shapes."""
    return State(
        pressure=np.zeros(rooms),
        upper_volume=np.zeros(rooms),
        species=np.zeros((rooms, 2, SPECIES)),
        lining=np.zeros((rooms, SURFACES, CELLS)),
        surface=np.zeros((rooms, SURFACES)),
        falling=np.zeros((rooms, SURFACES)),
        heat=np.zeros(fires),
        fire_share=np.ones(fires),
        fire_cap=np.zeros((fires, 3)),
        vent_share=np.full(vents, np.nan),
        drawn=np.zeros((vents, 4)),
        link=np.zeros(devices),
        activated=np.full(devices, np.inf),
        dose=np.zeros((rooms, 2)),
        books=np.zeros(BOOKS),
        clock=np.zeros(2),
    )
