"""One step of all rooms, and the loop over steps with their lengths; kernels, SI."""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Building, State, Work
from twin.physics.zone_fire.burning import burn
from twin.physics.zone_fire.constants import (
    COLDER,
    CP,
    FROM_A_LOWER,
    FROM_B_LOWER,
    FUEL_MASS,
    GAMMA,
    GAS,
    GAVE_TOO_MUCH,
    GROUND,
    HIGH_WALL,
    HOTTEST,
    LOWER,
    MASS_OUT,
    PRESSED_TOO_MUCH,
    RADIATED_OUT,
    RELEASED,
    REPEATS,
    RISES_A,
    SINKS_A,
    SPECIES,
    STEPS,
    THROUGH_VENTS,
    TO_LININGS,
    TOO_COLD,
    TOO_HOT,
    UPPER,
    WITH_FUEL,
)
from twin.physics.zone_fire.devices import sense
from twin.physics.zone_fire.doses import add_doses
from twin.physics.zone_fire.layers import absolute, copy, keep_layers, look, move_walls, split, value_at
from twin.physics.zone_fire.network import balance, upper_share
from twin.physics.zone_fire.openings import T_LOWER, T_UPPER
from twin.physics.zone_fire.surfaces import heat_surfaces

BEAT = 1.0
"""s; steps end on whole beats, so that looking at whole seconds changes nothing."""
SHORTEST = 1e-5
"""s; below it a step is taken as it is, or the run is given up."""
AIM_RISE, AIM_INTERFACE = 10.0, 0.04
"""K and share of the height by which a layer may change in a step."""
MOST_DRAWN = 0.9
"""Share of a layer's mass that may leave in a step."""
LEAST_MASS = 2e-3
"""Mass of a layer over that of the other under which it may give all."""

DONE, RETRY, LOST = 0, 1, 2


@called
def give(b: Building, s: State, w: Work, dt: float) -> int:
    """Return the first room that would have to give more than it may in `dt` s, -1: none.

    Puts into `w.given` (R, 2) the share of each layer that leaves it, and into `w.makeup` (R, 2, SPECIES) kg kg-1 what
    it is made of: a thin layer that gives more than it holds draws the rest from the other one.
    """
    rooms = len(b.area)
    for i in range(rooms):
        w.given[i, LOWER], w.given[i, UPPER] = dt * w.plume[i], 0.0
    for v in range(len(b.vent_kind)):
        for n in range(2):
            here = b.vent_rooms[v, n]
            if here < rooms:
                first = FROM_A_LOWER if n == 0 else FROM_B_LOWER
                w.given[here, LOWER] += dt * (max(w.passing[v, first], 0.0) + w.passing[v, RISES_A + n])
                w.given[here, UPPER] += dt * (max(w.passing[v, first + UPPER], 0.0) + w.passing[v, SINKS_A + n])
    for i in range(rooms):
        masses = (s.species[i, LOWER].sum(), s.species[i, UPPER].sum())
        for layer in range(2):
            mass, other = masses[layer], masses[1 - layer]
            share = w.given[i, layer] / mass
            # a layer at its least thickness may give all: it is mixed with the other afterwards
            if share > MOST_DRAWN and (mass > LEAST_MASS * other or w.given[i, layer] > MOST_DRAWN * other):
                return i
            own = 1.0 if share <= MOST_DRAWN else MOST_DRAWN / share
            for k in range(SPECIES):
                w.makeup[i, layer, k] = (
                    own * s.species[i, layer, k] / mass + (1 - own) * s.species[i, 1 - layer, k] / other
                )
            w.given[i, layer] = share
    return -1


@called
def carry(b: Building, s: State, w: Work, dt: float) -> None:
    """Put the masses after `dt` s into `w.species`; what leaves a layer is made up as `give` found.

    Source: conservation of mass of each species.
    """
    rooms = len(b.area)
    copy(s.species, w.species)
    for i in range(rooms):
        for k in range(SPECIES):
            drawn = dt * w.plume[i] * w.makeup[i, LOWER, k]
            w.species[i, LOWER, k] += dt * w.source_mass[i, LOWER, k] - drawn
            w.species[i, UPPER, k] += dt * w.source_mass[i, UPPER, k] + drawn
    for v in range(len(b.vent_kind)):
        for n in range(2):
            here, there = b.vent_rooms[v, n], b.vent_rooms[v, 1 - n]
            first = FROM_A_LOWER if n == 0 else FROM_B_LOWER
            for layer in range(2):
                passing = w.passing[v, first + layer]
                if passing <= 0:
                    continue
                hot = upper_share(b, w.seen, there, w.seen[here, T_LOWER + layer]) if there < rooms else 0.0
                for k in range(SPECIES):
                    moved = dt * passing * (w.makeup[here, layer, k] if here < rooms else b.air[k])
                    if here < rooms:
                        w.species[here, layer, k] -= moved
                    if there < rooms:
                        w.species[there, UPPER, k] += hot * moved
                        w.species[there, LOWER, k] += (1 - hot) * moved
                if here == rooms:
                    w.sums[2] += CP * b.outside[0] * passing
                    w.sums[3] += passing
                elif there == rooms:
                    w.sums[2] -= CP * w.seen[here, T_LOWER + layer] * passing
                    w.sums[3] -= passing
            if here < rooms:
                for way in range(2):
                    layer = LOWER if way == 0 else UPPER
                    moving = w.passing[v, (RISES_A if way == 0 else SINKS_A) + n]
                    for k in range(SPECIES):
                        moved = dt * moving * w.makeup[here, layer, k]
                        w.species[here, layer, k] -= moved
                        w.species[here, 1 - layer, k] += moved


@called
def step(b: Building, s: State, w: Work, dt: float, force: bool) -> tuple[int, float]:
    """Return DONE, RETRY or LOST, and how far the step went of what a step may change (room number when lost).

    dt     s
    force  take the step even where it changes much

    Source: CFAST Technical Reference Guide, balances per layer; implicit Euler in pressures and volumes, enthalpy
    flows of the same solution in all rooms, so that mass and energy are kept to rounding.
    """
    rooms = len(b.area)
    time = s.clock[0]
    look(b, s, w.seen)
    middle = time + 0.5 * dt
    for v in range(len(b.vent_kind)):
        set_by_hand = not np.isnan(s.vent_share[v])
        w.shares[v] = s.vent_share[v] if set_by_hand else min(1.0, max(0.0, value_at(b, v, middle)))
    fuel, unburnt = burn(b, s, w, middle, dt)
    heat_surfaces(b, s, w, dt)
    found = balance(b, s, w, dt)
    if not found and not force:
        return RETRY, 4.0
    short = give(b, s, w, dt)
    if short >= 0:
        w.lost[0], w.lost[1] = GAVE_TOO_MUCH, w.seen[short, T_UPPER]
        return (LOST, float(short)) if force else (RETRY, 4.0)
    carry(b, s, w, dt)
    went = 0.0
    volumes, pressures = np.empty(rooms), np.empty(rooms)
    for i in range(rooms):
        volume = b.area[i] * b.height[i]
        whole = w.source_heat[i, LOWER] + w.source_heat[i, UPPER] + w.gained[i, 0]
        hot = w.source_heat[i, UPPER] + w.gained[i, 1] + CP * w.plume[i] * w.seen[i, T_LOWER]
        rise = (GAMMA - 1) * dt * whole / volume
        before = absolute(b, i, s.pressure[i])
        upper = s.upper_volume[i] + ((GAMMA - 1) * dt * hot - s.upper_volume[i] * rise) / (GAMMA * before)
        pressures[i] = s.pressure[i] + rise
        volumes[i] = keep_layers(b, i, w.species[i], upper)
        if w.given[i, LOWER] > MOST_DRAWN or w.given[i, UPPER] > MOST_DRAWN:
            split(w.species[i], volumes[i] / volume)
        if not (abs(rise) < 0.5 * before):
            w.lost[0], w.lost[1] = PRESSED_TOO_MUCH, s.pressure[i] + rise
            return (LOST, float(i)) if force else (RETRY, 4.0)
        for layer in range(2):
            part = volumes[i] if layer == UPPER else volume - volumes[i]
            mass = w.species[i, layer].sum()
            after = (before + rise) * part / (GAS * max(mass, 1e-12))
            # layers of less than a percent may change fast: they are about to grow or to go
            small = part < 0.01 * volume
            coldest = min(w.seen[i, T_LOWER], w.seen[i, T_LOWER + 1], b.outside[0])
            if small and (after < coldest - 1 or after > HOTTEST):
                # a vanishing layer gave volume and mass at rates that do not go together: it is mixed into the other
                split(w.species[i], volumes[i] / volume)
                continue
            if not (min(b.outside[0], b.outside[4]) - COLDER < after < HOTTEST):
                w.lost[0], w.lost[1] = TOO_HOT if after >= HOTTEST else TOO_COLD, after
                return (LOST, float(i)) if force else (RETRY, 4.0)
            if not small:
                went = max(went, abs(after - w.seen[i, T_LOWER + layer]) / AIM_RISE - 0.5)
        if not b.mixed[i]:
            went = max(went, abs(volumes[i] - s.upper_volume[i]) / volume / AIM_INTERFACE)
    if went > 4.0 and not force:
        return RETRY, went
    for i in range(rooms):
        before = b.height[i] - s.upper_volume[i] / b.area[i]
        s.pressure[i], s.upper_volume[i] = pressures[i], volumes[i]
        for k in range(GROUND + 1):
            if b.stuff[i, k, 3] > 0:
                copy(w.lining[i, k], s.lining[i, k])
                s.surface[i, k] = w.surface[i, k]
        if b.stuff[i, HIGH_WALL, 3] > 0:
            move_walls(s.lining[i], s.surface[i], b.height[i], before, b.height[i] - volumes[i] / b.area[i])
    copy(w.species, s.species)
    copy(w.falling, s.falling)
    copy(w.drawn, s.drawn)
    copy(w.heat, s.heat)
    s.books[RELEASED] += dt * w.heat.sum()
    s.books[TO_LININGS] += dt * w.sums[0]
    s.books[RADIATED_OUT] += dt * w.sums[1]
    s.books[THROUGH_VENTS] -= dt * w.sums[2]
    s.books[MASS_OUT] -= dt * w.sums[3]
    s.books[FUEL_MASS] += dt * fuel
    s.books[WITH_FUEL] += dt * unburnt * CP * b.outside[4]
    add_doses(b, s, w.seen, dt)
    sense(b, s, w.seen, dt)
    return DONE, went


@called
def march(b: Building, s: State, w: Work, until: float) -> int:
    """Return -1 when time `until` s was reached, else the number of the room that left its valid range.

    Source: our own choice of steps: as long as layers change by little, ending on whole beats.
    """
    while s.clock[0] < until:
        beat = (np.floor(s.clock[0] / BEAT + 1e-9) + 1) * BEAT
        end = min(until, beat)
        ahead = end - s.clock[0]
        parts = max(1.0, np.ceil(ahead / s.clock[1] - 1e-9))
        dt = ahead / parts
        force = dt <= SHORTEST
        outcome, went = step(b, s, w, dt, force)
        if outcome == LOST:
            return int(went)
        if outcome == RETRY:
            s.books[REPEATS] += 1
            s.clock[1] = max(dt / 4 if went >= 4 else dt / 2, 0.5 * SHORTEST)
            continue
        s.books[STEPS] += 1
        s.clock[0] = end if parts == 1.0 else s.clock[0] + dt
        longer = 2.0 if went <= 0.4 else max(0.5, 0.8 / went)
        if longer < 1 or dt >= 0.5 * s.clock[1]:  # a step cut short by the clock says little about longer ones
            s.clock[1] = min(BEAT, dt * longer)
    return -1
