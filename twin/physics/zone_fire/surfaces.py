"""Heat between gas, fire, surfaces and linings in a step; kernels, SI."""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Array, Building, State, Work
from twin.physics.zone_fire.constants import (
    AREA,
    BOTTOM,
    CEILING,
    CEILING_VENT,
    CP,
    GROUND,
    HIGH_WALL,
    LOW_WALL,
    LOWER,
    SIGMA,
    SURFACES,
    TOP,
    UPPER,
    WALL_VENT,
    WIDTH,
)
from twin.physics.zone_fire.layers import absolute, copy
from twin.physics.zone_fire.linings import conduct, convection, flux_over_fire
from twin.physics.zone_fire.openings import INTERFACE, PRESSURE, T_LOWER
from twin.physics.zone_fire.radiation import exchange, fire_glow, layer_emissivity, view_factors

MOST_OPEN = 0.99
"""Share of a surface that vents can take at most."""


@called
def openings_in(b: Building, w: Work, room: int, gone: Array, to_sky: Array) -> None:
    """Put the m2 that open vents take of each surface, (SURFACES,), into `gone`, those to the outside into `to_sky`."""
    gone[:] = 0.0
    to_sky[:] = 0.0
    level = b.floor[room] + w.seen[room, INTERFACE]
    for v in range(len(b.vent_kind)):
        for n in range(2):
            if b.vent_rooms[v, n] != room:
                continue
            out = b.vent_rooms[v, 1 - n] == len(b.area)
            numbers = b.vent_numbers[v]
            if b.vent_kind[v] == WALL_VENT:
                width = numbers[WIDTH] * w.shares[v]
                high = width * max(0.0, numbers[TOP] - max(numbers[BOTTOM], level))
                low = width * max(0.0, min(numbers[TOP], level) - numbers[BOTTOM])
                gone[HIGH_WALL] += high
                gone[LOW_WALL] += low
                to_sky[HIGH_WALL] += high if out else 0.0
                to_sky[LOW_WALL] += low if out else 0.0
            elif b.vent_kind[v] == CEILING_VENT:
                surface = CEILING if n == 0 else GROUND
                gone[surface] += numbers[AREA] * w.shares[v]
                to_sky[surface] += numbers[AREA] * w.shares[v] if out else 0.0


@called
def heat_surfaces(b: Building, s: State, w: Work, dt: float) -> None:
    """Add to `w.source_heat` what surfaces and radiation give the layers; move linings on by `dt` s.

    Convection and radiation are taken implicitly in the surface.

    Source: CFAST Technical Reference Guide, heat transfer; splitting and linearisation are our own.
    """
    factors, areas, gone, to_sky = (
        np.zeros((SURFACES, SURFACES)),
        np.zeros(SURFACES),
        np.zeros(SURFACES),
        np.zeros(SURFACES),
    )
    share, falling, glow = np.zeros(SURFACES), np.zeros(SURFACES + 2), np.zeros(SURFACES + 2)
    gas, emissivities, coefficients = np.zeros(6), np.zeros(SURFACES), np.zeros(SURFACES)
    w.sums[:] = 0.0
    t_outside = b.outside[0]
    for i in range(len(b.area)):
        seen, stuff = w.seen[i], b.stuff[i]
        w.falling[i, :] = 0.0
        lined = stuff[:, 3].sum() > 0
        if not lined:
            continue
        x, y, height, interface = b.sides[i, 0], b.sides[i, 1], b.height[i], seen[INTERFACE]
        around = 2 * (x + y)
        areas[CEILING], areas[GROUND] = b.area[i], b.area[i]
        areas[HIGH_WALL], areas[LOW_WALL] = around * (height - interface), around * interface
        openings_in(b, w, i, gone, to_sky)
        pressure = absolute(b, i, seen[PRESSURE])
        for layer in range(2):
            depth = interface if layer == LOWER else height - interface
            volume = b.area[i] * depth
            path = 3.6 * volume / (2 * b.area[i] + around * depth)
            temperature = seen[T_LOWER + layer]
            gas[layer] = temperature
            gas[2 + layer] = layer_emissivity(s.species[i, layer], volume, temperature, pressure, path)
            gas[4 + layer] = layer_emissivity(s.species[i, layer], volume, temperature, pressure, path / 2)
        view_factors(x, y, height, interface, factors)
        glow[:] = 0.0
        if w.glow[i, 0] > 0:
            fire_glow(w.glow[i, 0], x, y, height, interface, w.glow[i, 1] / w.glow[i, 0], gas, glow)
        for k in range(SURFACES):
            emissivities[k] = stuff[k, 2] * stuff[k, 3]
            share[k] = min(to_sky[k] / areas[k], MOST_OPEN)
        out = exchange(factors, areas, s.surface[i], emissivities, share, gas, glow, t_outside, falling)
        w.sums[1] += out
        w.source_heat[i, LOWER] += falling[SURFACES]
        w.source_heat[i, UPPER] += falling[SURFACES + 1]
        for layer in range(2):
            total = 0.0
            for k in range(SURFACES):
                if (k <= HIGH_WALL) == (layer == UPPER) and stuff[k, 3] > 0:
                    coefficients[k] = convection(k, seen[T_LOWER + layer] - s.surface[i, k])
                    total += coefficients[k] * areas[k]
            # a layer as thin as paper takes on the temperature of its surfaces within a step, but does not pass it
            calm = min(1.0, 0.5 * CP * s.species[i, layer].sum() / max(dt * total, 1e-9))
            for k in range(SURFACES):
                if (k <= HIGH_WALL) == (layer == UPPER):
                    coefficients[k] *= calm
        over = flux_over_fire(w.glow[i, 2], b.area[i], height)
        for k in range(SURFACES):
            w.falling[i, k] = falling[k]
            if stuff[k, 3] <= 0:
                continue
            layer = UPPER if k <= HIGH_WALL else LOWER
            before = s.surface[i, k]
            lining_area = areas[k] * (1 - share[k])
            touched = (1 - min(gone[k] / areas[k], MOST_OPEN)) / (1 - share[k])
            radiated = emissivities[k] * (falling[k] - SIGMA * before**4)
            falls = 4 * emissivities[k] * SIGMA * before**3
            carried = (
                coefficients[k] * touched,
                seen[T_LOWER + layer],
                over * touched if k == CEILING else 0.0,
            )
            copy(s.lining[i, k], w.lining[i, k])
            entering, after = conduct(
                w.lining[i, k], b.sizes[i, k], stuff[k], t_outside, dt, before, (radiated, falls), carried
            )
            w.surface[i, k] = after
            # what radiation changes by as the surface warms falls to both layers by their mass: a thin one bears little
            change = -falls * (after - before)
            w.source_heat[i, layer] -= (entering - radiated - change) * lining_area
            lower, upper = s.species[i, LOWER].sum(), s.species[i, UPPER].sum()
            w.source_heat[i, LOWER] -= change * lining_area * lower / (lower + upper)
            w.source_heat[i, UPPER] -= change * lining_area * upper / (lower + upper)
            w.sums[0] += entering * lining_area
