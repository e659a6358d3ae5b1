"""One time step of the network, compiled: what burns burns on, shines on its neighbours, and they may ignite.

`reference.step` is the same in plain NumPy, written with the functions of the other rooms, which say the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from twin.physics.compiling import called, kernel
from twin.physics.urban_fire import burning, dose, exposure, suppression, tables
from twin.physics.urban_fire.compiling import constants

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]

UNBURNT, HEATED, BURNING, BURNT, OUT = 0, 1, 2, 3, 4
RADIATION, CONTACT, BRAND, OUTSIDE = 2, 3, 4, 5

DRAUGHT_WIND = burning.DRAUGHT_WIND
EMITS, RADIATIVE, TOUCH, FUEL = exposure.FACADE_EMITS, exposure.RADIATIVE, exposure.CONTACT_FLUX, exposure.FUEL_HEAT
CRITICAL, POWER, LIMIT, FORGETS = dose.CRITICAL, dose.POWER, dose.LIMIT, dose.FORGETS
SINK, NEEDED, HOLD = suppression.EFFICIENCY * suppression.FULL_SINK, suppression.NEEDED, suppression.HOLD
SPRINKLES, SPRINKLER_TIME = suppression.SPRINKLER_AT, suppression.SPRINKLER_TIME
SPRINKLED_OUT = suppression.SPRINKLER_OUT
HIGH, ROOM = tables.OPENING_HEIGHT, tables.COMPARTMENT
CLOSE = 2.0
"""m, least distance of an element to the middle of a flame."""
FAINT = 0.05
"""kW m-2 below which a flame above a roof is not followed to its neighbours."""

LEAST = 1e-3
"""(kW m-2)^1.828 s, dose below which a wall is no longer warm."""

GROWTH, PEAK, GROWN, DECAYS, ENDS, FULL, FLOOR, THROWS = range(8)
"""Columns of `Fires`: kW s-2, kW, s, s, s (see `burning.Curve`), 1 (`burning.draught_rate` in full wind), m2 that
burn at once, 1 (see
`tables.Structure`)."""
AGE, SPENT, HEAT, GONE, HELD, SPRINKLED, HOSE, DRY = range(8)
"""Columns of `Runs`: s on the fire's clock; kJ burnt; kW; kJ that the curve has released at this age; s for
which enough water came; kW that sprinklers leave, infinite without; L s-1 on the fire; 1, share above water."""

Fires = Array
"""(n, 8), and `Runs` (n, 8): what a burning node needs lies side by side, because it is read in no order."""
Runs = Array
Nodes = tuple[Array, Array, Array, Array, Array, Array, Integers, Array, Array, Flags]
"""facade m2; of what burns at once opening area and footprint m2; emitting, roof, receives 1; above; rise m; climbs s;
whether wind blows through."""
Pairs = tuple[Integers, Integers, NDArray[np.int32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32],
              NDArray[np.float32], NDArray[np.float32]]  # fmt: skip
"""See `neighbours.Pairs`; the second says where a row ends: receivers that burn are moved behind it."""
Received = tuple[Array, Array, Integers, Integers, Integers, Flags, Flags]
"""kW m-2 radiation, kW m-2 greatest part of it, from which node; node that touches or -1; nodes that receive or are
heated, and which these are; which nodes burn but have nobody left to shine on."""
State = tuple[Codes, Array, Array, Array, Codes, Integers, Runs]
"""state; dose; ignited, ended s; cause; by; runs."""
Given = tuple[Array, Array, Flags, Flags]
"""flux from outside kW m-2 (none: empty); water on the facades L s-1; standing; whether sprinklers work."""


@called
def released(age: float, fires: Fires, i: int) -> float:
    """Return the energy in kJ that a fire has released, as `burning.energy_released`.

    age  s      i  row of the fires
    """
    t, grown = min(age, fires[i, ENDS]), fires[i, GROWN]
    low = min(t, grown)
    total: float = fires[i, GROWTH] * low * low * low / 3
    if t > grown:
        total += fires[i, PEAK] * (min(t, fires[i, DECAYS]) - grown)
    if t > fires[i, DECAYS]:
        length, rest = fires[i, ENDS] - fires[i, DECAYS], fires[i, ENDS] - t
        total += fires[i, PEAK] * (length - rest * rest / length) / 2
    return total


@called
def drenched(i: int, dt: float, draught: float, fires: Fires, runs: Runs) -> float:
    """Return how fast the clock of a fire under water runs, as `suppression.clock_rate`; count how long it was enough.

    dt  s      draught  1   how fast it would run without
    """
    free = runs[i, DRY] * (released(runs[i, AGE] + dt, fires, i) - runs[i, GONE]) / dt
    left = min(max(0.0, draught * free - SINK * runs[i, HOSE]), runs[i, SPRINKLED])
    enough = runs[i, HOSE] >= NEEDED * fires[i, FLOOR] * min(1.0, free / fires[i, PEAK])
    runs[i, HELD] = runs[i, HELD] + dt if enough and runs[i, HOSE] > 0 else 0.0
    if runs[i, SPRINKLED] < np.inf:
        runs[i, SPRINKLED] *= exp(-dt / SPRINKLER_TIME)
    return float(left / free) if free > 0 else 0.0


@called
def burn(i: int, time: float, dt: float, wind: float, fires: Fires, state: State, given: Given, book: Array) -> float:
    """Let node i burn for a step; return how many times faster than in calm air, at least 1.

    time, dt  s      wind  m s-1      book  (1,) kJ  released by all
    """
    code, ended, runs = state[0], state[3], state[6]
    _, _, standing, works = given
    draught = 1 + (fires[i, FULL] - 1) * min(1.0, wind / DRAUGHT_WIND)
    rate = draught
    if runs[i, HOSE] > 0 or runs[i, SPRINKLED] < np.inf:
        rate = drenched(i, dt, draught, fires, runs)
    else:
        runs[i, HELD] = 0.0
    runs[i, AGE] = min(runs[i, AGE] + rate * dt, fires[i, ENDS])
    gone = released(runs[i, AGE], fires, i)
    energy = runs[i, DRY] * (gone - runs[i, GONE])
    runs[i, GONE] = gone
    runs[i, SPENT] += energy
    book[0] += energy
    runs[i, HEAT] = energy / dt
    if works[i] and runs[i, HEAT] >= SPRINKLES and runs[i, SPRINKLED] == np.inf:
        runs[i, SPRINKLED] = runs[i, HEAT]
    if runs[i, AGE] >= fires[i, ENDS]:
        code[i] = BURNT
    elif runs[i, HELD] >= HOLD or runs[i, SPRINKLED] < SPRINKLED_OUT or not standing[i]:
        code[i] = OUT
    if code[i] != BURNING:
        ended[i], runs[i, HEAT] = time + dt, 0.0
    return float(draught)


@called
def exchange(pairs: Pairs, k: int, last: int) -> None:
    """Let two pairs of one row change places."""
    _, _, target, gap, view, dx, dy, dz = pairs
    target[k], target[last] = target[last], target[k]
    gap[k], gap[last] = gap[last], gap[k]
    view[k], view[last] = view[last], view[k]
    dx[k], dx[last] = dx[last], dx[k]
    dy[k], dy[last] = dy[last], dy[k]
    dz[k], dz[last] = dz[last], dz[k]


@called
def note(j: int, received: Received, noted: int) -> int:
    """Put node j on the list of those that receive; return the length of the list."""
    nodes, listed = received[4], received[5]
    if not listed[j]:
        listed[j] = True
        nodes[noted] = j
        noted += 1
    return noted


@called
def shine(
    i: int, draught: float, wind: float, east: float, north: float, fires: Fires, nodes: Nodes, pairs: Pairs,
    state: State, received: Received, noted: int,
) -> int:  # fmt: skip
    """Add what node i sends to its neighbours; return the length of the list of those that receive.

    draught  1  how fast it burns       wind  m s-1      east, north  1   where the wind blows to
    """
    starts, ends, target, gap, view, dx, dy, dz = pairs
    code = state[0]
    flux, most, source, touched, _, _, alone = received
    facade, openings, footprint, emitting, roof, _, above, rise, climbs, through = nodes
    up, q = above[i], state[6][i, HEAT]
    if ends[i] == starts[i] and (up < 0 or code[up] >= BURNING):
        alone[i] = True
        return noted
    share = min(1.0, q / (draught * fires[i, PEAK]))
    emits = min(EMITS * emitting[i] * sqrt(share), RADIATIVE * q / facade[i])
    point = max(0.0, RADIATIVE * q - emits * facade[i]) * roof[i] / (4 * pi)
    rooms = max(1.0, fires[i, FLOOR] / ROOM)
    area = openings[i] * share / rooms
    calm, far = HIGH / 3, 0.0
    if wind >= 1.0 and through[i]:
        far = 0.605 * (wind * wind / HIGH) ** 0.22 * 1.366 * wind**-0.43 * (q / 1e3 / rooms) / sqrt(area)
    if up >= 0 and code[up] < BURNING:
        length = max(0.0, 1.9 * (q / 1e3 / rooms * HIGH / area) ** (2 / 3) - HIGH)
        if state[6][i, AGE] >= climbs[i] or length >= rise[i] - HIGH:
            touched[up] = i
            noted = note(up, received, noted)
    ox, oy, oz = 0.0, 0.0, 0.0
    if point > FAINT * CLOSE * CLOSE:
        lit = footprint[i] * share
        across = sqrt(4 / pi * lit)
        high = max(0.0, 0.235 * q**0.4 - 1.02 * across) / 2
        scaled = wind / max(9.81 * q / (FUEL * lit) * across / 1.2, 1e-9) ** (1 / 3)
        lean = high * sqrt(1 - 1 / max(1.0, scaled))
        ox, oy, oz = lean * east, lean * north, sqrt(high * high - lean * lean)
    else:
        point = 0.0
    reach = max(calm, far)
    k = starts[i]
    while k < ends[i]:
        j = target[k]
        if code[j] >= BURNING:
            ends[i] -= 1
            exchange(pairs, k, ends[i])
            continue
        part = emits * view[k]
        if point > 0:
            ax, ay, az = dx[k] - ox, dy[k] - oy, dz[k] - oz
            part += point / max(ax * ax + ay * ay + az * az, CLOSE * CLOSE)
        noted = note(j, received, noted)
        flux[j] += part
        if part > most[j]:
            most[j], source[j] = part, i
        # flames out of windows reach across to what stands as high as they do
        if gap[k] <= reach and touched[j] < 0 and -rise[i] <= dz[k] < 0:
            length = sqrt(dx[k] * dx[k] + dy[k] * dy[k])
            along = (dx[k] * east + dy[k] * north) / max(length, 1e-6)
            if gap[k] <= max(calm, far * along):
                touched[j] = i
        k += 1
    return noted


@called
def warm(
    j: int, time: float, dt: float, fade: float, nodes: Nodes, state: State, given: Given, received: Received
) -> None:
    """Add what node j has received to its dose, and set it on fire where that is enough.

    time  s   at the end of the step      dt  s      fade  1   share of the dose that is left where there is too little
    """
    code, amount, ignited, _, cause, by, _ = state
    outside, wet, standing, _ = given
    flux, _, source, touched, _, _, _ = received
    other = outside[j] if outside.shape[0] > 0 else 0.0
    total = flux[j] + other + (TOUCH if touched[j] >= 0 else 0.0)
    total = max(0.0, total - SINK * wet[j] / nodes[0][j]) * nodes[5][j]
    if total > CRITICAL and standing[j]:
        amount[j] += (total - CRITICAL) ** POWER * dt
    else:
        amount[j] *= fade
    if amount[j] < LEAST:
        amount[j] = 0.0
    code[j] = HEATED if amount[j] > 0 else UNBURNT
    if amount[j] >= LIMIT:
        code[j], ignited[j] = BURNING, time
        if touched[j] >= 0:
            cause[j], by[j] = CONTACT, touched[j]
        elif other > flux[j]:
            cause[j], by[j] = OUTSIDE, -1
        else:
            cause[j], by[j] = RADIATION, source[j]


def _build(key: str) -> Callable[..., tuple[int, int]]:
    @kernel
    def step(
        alight: Integers, count: int, noted: int, time: float, dt: float, wind: float, east: float, north: float,
        fires: Fires, nodes: Nodes, pairs: Pairs, state: State, given: Given, received: Received, book: Array,
    ) -> tuple[int, int]:  # fmt: skip
        """Advance all nodes by one step; return how many burn after it, and how many are on the list of `Received`.

        alight       (n,)   first `count`: the nodes that burn, in the order in which they caught fire; kept up to date
        noted        1      length of the list of those that receive
        time, dt     s      at the beginning of the step, its length
        wind         m s-1  east, north  1   where it blows to
        fires, nodes, pairs, state, given, received   see the types of that name; the last ones are written
        book         (1,)   kJ  released by all since the start; written
        """
        if key == "":
            return 0, 0
        code, amount, outside = state[0], state[1], given[0]
        flux, most, _, touched, listed, known, alone = received
        kept = 0
        for k in range(noted):
            j = listed[k]
            flux[j], most[j], touched[j] = 0.0, 0.0, -1
            known[j] = amount[j] > 0 and code[j] < BURNING
            if known[j]:
                listed[kept] = j
                kept += 1
        noted, kept = kept, 0
        for k in range(count):
            i = alight[k]
            draught = burn(i, time, dt, wind, fires, state, given, book)
            if code[i] == BURNING:
                alight[kept] = i
                kept += 1
                if not alone[i] and state[6][i, HEAT] > 0:
                    noted = shine(i, draught, wind, east, north, fires, nodes, pairs, state, received, noted)
        if outside.shape[0] > 0:
            for j in range(code.shape[0]):
                if outside[j] > 0 and code[j] < BURNING:
                    noted = note(j, received, noted)
        fade, old = exp(-dt / FORGETS), kept
        for k in range(noted):
            j = listed[k]
            warm(j, time + dt, dt, fade, nodes, state, given, received)
            if code[j] == BURNING:
                place = kept
                while place > old and alight[place - 1] > j:  # in the order of their numbers, not of the list
                    alight[place] = alight[place - 1]
                    place -= 1
                alight[place] = j
                kept += 1
        return kept, noted

    return step


step = _build(constants())
