"""Pressures and interfaces of all rooms at the end of a step, by Newton's method over the vents; kernels, SI.

Pressures follow doors within microseconds and shut rooms within minutes; implicit Euler takes both in one step, and
rooms whose vents make their interfaces follow each other stiffly as well. Layers' temperatures are those of the start,
and what flows draw along after a door is that of the step before: it has no slope where a flow turns.
"""

from __future__ import annotations

import numpy as np

from twin.physics.compiling import called
from twin.physics.zone_fire.arrays import Array, Building, State, Work
from twin.physics.zone_fire.constants import (
    CEILING_VENT,
    CP,
    FROM_A_LOWER,
    FROM_B_LOWER,
    GAMMA,
    LOWER,
    RISES_A,
    SINKS_A,
    THINNEST,
    UPPER,
    WALL_VENT,
)
from twin.physics.zone_fire.layers import absolute, copy
from twin.physics.zone_fire.openings import (
    INTERFACE,
    PRESSURE,
    T_LOWER,
    T_UPPER,
    ceiling_vent,
    fan,
    share_to_upper,
    wall_vent,
)
from twin.physics.zone_fire.radiation import solve

CLOSE_PRESSURE, CLOSE_VOLUME = 3e-3, 1e-6
"""Pa, and share of a room: what of a balance may be left open in a step. Nothing is lost by it: what flows counts."""
CLOSE_SHARE = 1e-4
"""Share of the heat that passes a room's openings that may be left open as well: wide hatches move megawatts."""
TRIES = 20
HALVINGS = 8
NEARLY = 30.0
"""How many times more may be left open after the last try; it is made up for in the next step."""
NUDGE_PRESSURE, NUDGE_INTERFACE = 1e-6, 1e-6
"""Pa and m, for slopes by differences."""


@called
def upper_share(b: Building, seen: Array, room: int, source: float) -> float:
    """Return the share of a flow of `source` K that joins the hot layer of a room; all of it in a mixed one."""
    if b.mixed[room]:
        return 1.0
    return share_to_upper(source, seen[room, T_LOWER], seen[room, T_UPPER])


@called
def pass_vent(b: Building, w: Work, vent: int, out: Array) -> None:
    """Put into `out` (PASSES,) what passes a vent, kg s-1, as the rooms are seen in `w.seen`."""
    left, right = w.seen[b.vent_rooms[vent, 0]], w.seen[b.vent_rooms[vent, 1]]
    numbers, share = b.vent_numbers[vent], w.shares[vent]
    if b.vent_kind[vent] == WALL_VENT:
        wall_vent(left, right, numbers, share, b.outside[2], out)
    elif b.vent_kind[vent] == CEILING_VENT:
        ceiling_vent(left, right, numbers, share, b.outside[2], out)
    else:
        fan(left, right, numbers, share, b.outside[2], out)


@called
def gains(b: Building, seen: Array, vent: int, out: Array) -> tuple[float, float, float, float]:
    """Return W that a vent's flows bring: into all and into the hot layer of its first room, then of its second.

    seen  (R + 1, SIDE);  out  (PASSES,) kg s-1

    Source: enthalpy cp T of what passes.
    """
    rooms = len(b.area)
    whole_a, hot_a, whole_b, hot_b = 0.0, 0.0, 0.0, 0.0
    for n in range(2):
        here, there = b.vent_rooms[vent, n], b.vent_rooms[vent, 1 - n]
        first = FROM_A_LOWER if n == 0 else FROM_B_LOWER
        whole_here, hot_here, whole_there, hot_there = 0.0, 0.0, 0.0, 0.0
        for layer in range(2):
            passing = out[first + layer]
            if passing <= 0:
                continue
            heat = CP * seen[here, T_LOWER + layer] * passing
            whole_here -= heat
            whole_there += heat
            if layer == UPPER:
                hot_here -= heat
            if there < rooms:
                hot_there += heat * upper_share(b, seen, there, seen[here, T_LOWER + layer])
        if here < rooms:
            hot_here += CP * (out[RISES_A + n] * seen[here, T_LOWER] - out[SINKS_A + n] * seen[here, T_UPPER])
        if n == 0:
            whole_a, hot_a, whole_b, hot_b = whole_here, hot_here, whole_there, hot_there
        else:
            whole_a, hot_a = whole_a + whole_there, hot_a + hot_there
            whole_b, hot_b = whole_b + whole_here, hot_b + hot_here
    return whole_a, hot_a, whole_b, hot_b


@called
def add_gains(b: Building, w: Work, vent: int, out: Array) -> None:
    """Add what a vent brings to `w.gained`."""
    whole_a, hot_a, whole_b, hot_b = gains(b, w.seen, vent, out)
    left, right = b.vent_rooms[vent, 0], b.vent_rooms[vent, 1]
    if left < len(b.area):
        w.gained[left, 0] += whole_a
        w.gained[left, 1] += hot_a
    if right < len(b.area):
        w.gained[right, 0] += whole_b
        w.gained[right, 1] += hot_b


@called
def imbalance(b: Building, s: State, w: Work, dt: float, right: Array) -> tuple[float, float]:
    """Return the greatest W by which a room's balance fails at the trial in `w.seen`, and that over what it may be.

    right  (2 R,) W  where all imbalances are put

    Source: CFAST Technical Reference Guide, dP/dt and dV_u/dt, in the form of implicit Euler times V/(gamma - 1).
    """
    worst, over = 0.0, 0.0
    w.gained[:] = 0.0
    w.through[:] = 0.0
    for v in range(len(b.vent_kind)):
        pass_vent(b, w, v, w.passing[v])
        for n in range(2):
            here, there, first = b.vent_rooms[v, n], b.vent_rooms[v, 1 - n], FROM_A_LOWER if n == 0 else FROM_B_LOWER
            heat = CP * (
                w.passing[v, first] * w.seen[here, T_LOWER] + w.passing[v, first + UPPER] * w.seen[here, T_UPPER]
            )
            w.through[here] += heat
            w.through[there] += heat
        for k in range(4):
            w.drawn[v, k], w.passing[v, RISES_A + k] = w.passing[v, RISES_A + k], s.drawn[v, k]
        add_gains(b, w, v, w.passing[v])
    for i in range(len(b.area)):
        rise = w.seen[i, PRESSURE] - s.pressure[i]
        volume = b.area[i] * b.height[i]
        upper = volume - b.area[i] * w.seen[i, INTERFACE]
        row = 2 * b.rank[i]
        right[row] = (
            volume * rise / ((GAMMA - 1) * dt) - w.source_heat[i, LOWER] - w.source_heat[i, UPPER] - w.gained[i, 0]
        )
        if b.mixed[i]:
            right[row + 1] = 0.0
        else:
            grown = GAMMA * absolute(b, i, s.pressure[i]) * (upper - s.upper_volume[i]) + s.upper_volume[i] * rise
            drawn = CP * w.plume[i] * w.seen[i, T_LOWER]
            right[row + 1] = grown / ((GAMMA - 1) * dt) - w.source_heat[i, UPPER] - w.gained[i, 1] - drawn
            least = THINNEST * b.height[i]
            at_top, at_bottom = w.seen[i, INTERFACE] >= b.height[i] - least, w.seen[i, INTERFACE] <= least
            if (at_top and right[row + 1] > 0) or (at_bottom and right[row + 1] < 0):
                right[row + 1] = 0.0  # the layer would be thinner than the least: it is mixed afterwards
        per = volume / ((GAMMA - 1) * dt)
        left = CLOSE_SHARE * w.through[i]
        over = max(over, abs(right[row]) / (per * CLOSE_PRESSURE + left))
        over = max(over, abs(right[row + 1]) / (per * GAMMA * b.outside[1] * CLOSE_VOLUME + left))
        worst = max(worst, abs(right[row]), abs(right[row + 1]))
    return worst, over


@called
def slopes(b: Building, s: State, w: Work, dt: float) -> None:
    """Put into `w.matrix` (2 R, 2 R) how the imbalances follow pressures and interfaces, vent by vent."""
    w.matrix[:] = 0.0
    for v in range(len(b.vent_kind)):
        if w.shares[v] <= 0:
            continue
        base = gains(b, w.seen, v, w.passing[v])
        for n in range(2):
            moved = b.vent_rooms[v, n]
            if moved == len(b.area):
                continue
            for what in range(2):
                if what == 1 and b.mixed[moved]:
                    continue
                column = INTERFACE if what else PRESSURE
                nudge = NUDGE_INTERFACE if what else NUDGE_PRESSURE
                kept = w.seen[moved, column]
                w.seen[moved, column] = kept + nudge
                pass_vent(b, w, v, w.scratch)
                for k in range(4):
                    w.scratch[RISES_A + k] = s.drawn[v, k]
                new = gains(b, w.seen, v, w.scratch)
                w.seen[moved, column] = kept
                for m in range(2):
                    room = b.vent_rooms[v, m]
                    if room == len(b.area):
                        continue
                    row, place = 2 * b.rank[room], 2 * b.rank[moved] + what
                    w.matrix[row, place] -= (new[2 * m] - base[2 * m]) / nudge
                    if not b.mixed[room]:
                        w.matrix[row + 1, place] -= (new[2 * m + 1] - base[2 * m + 1]) / nudge
    for i in range(len(b.area)):
        row = 2 * b.rank[i]
        per = 1 / ((GAMMA - 1) * dt)
        w.matrix[row, row] += b.area[i] * b.height[i] * per
        if b.mixed[i]:
            w.matrix[row + 1, row + 1] = 1.0
        else:
            w.matrix[row + 1, row] += s.upper_volume[i] * per
            w.matrix[row + 1, row + 1] -= GAMMA * absolute(b, i, s.pressure[i]) * b.area[i] * per


@called
def place(b: Building, w: Work, step: float) -> None:
    """Move `w.seen` from `w.trial` against the solution in `w.right`, by a share of it, within the rooms."""
    for i in range(len(b.area)):
        row = 2 * b.rank[i]
        least = THINNEST * b.height[i]
        w.seen[i, PRESSURE] = w.trial[i, 0] - step * w.right[row]
        if not b.mixed[i]:
            moved = w.trial[i, 1] - step * w.right[row + 1]
            w.seen[i, INTERFACE] = min(max(moved, least), b.height[i] - least)


@called
def balance(b: Building, s: State, w: Work, dt: float) -> bool:
    """Return whether pressures and interfaces after `dt` s were found; they are in `w.seen`, flows in `w.passing`.

    Source: Newton's method with halved steps where a full one makes it worse.
    """
    rooms = len(b.area)
    right = np.empty(2 * rooms)
    worst, over = imbalance(b, s, w, dt, w.right)
    for _ in range(TRIES):
        if over < 1:
            return True
        slopes(b, s, w, dt)
        solve(w.matrix, w.right)
        for i in range(rooms):
            w.trial[i, 0], w.trial[i, 1] = w.seen[i, PRESSURE], w.seen[i, INTERFACE]
        step, better = 1.0, worst
        for _ in range(HALVINGS):
            place(b, w, step)
            better, over = imbalance(b, s, w, dt, right)
            if better < worst * (1 - 0.1 * step) or over < 1:
                break
            step *= 0.5
        if over < NEARLY and better > 0.9 * worst:
            return True  # it crawls about a bend of a flow, near enough
        worst = better
        copy(right, w.right)
    return over < NEARLY
