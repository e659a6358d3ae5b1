"""From when on a room cannot be used: heat, sight, gas and oxygen at the height of heads, each against a stated limit.

Limits as read: 60 degC of the gas, visibility 10 m, dose 0.3 for sensitive people (design guides, in part); oxygen 15 %
by volume is 0.165 by mass: unverified. Visibility is A/K with A = 3 for reflecting signs (Jin), K = ln(10) times the
optical density.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.hazards.indoor_fire.params import Params
    from twin.physics.zone_fire.engine import ZoneFire

Rooms = NDArray[np.float64]

WHY = ("", "temperature", "visibility", "gas", "heat", "oxygen")
"""By which limit a room became untenable; the number is what is kept."""

SIGNS = 3.0
"""A of visibility = A / K, for signs that reflect light."""


@dataclass(frozen=True, slots=True)
class Air:
    """What people in each room meet, (rooms,) each.

    temperature  degC at the height of heads      visibility  m there       extinction  m-1 there
    oxygen       1, by mass      gas, heat  1, fractional effective dose since the start of somebody who stays
    """

    temperature: Rooms
    visibility: Rooms
    extinction: Rooms
    oxygen: Rooms
    gas: Rooms
    heat: Rooms


def air(engine: ZoneFire, head: float) -> Air:
    """Return what people meet whose heads are `head` m above the floor."""
    deep = engine.interface <= head
    temperature = np.where(deep, engine.upper_temperature, engine.lower_temperature)
    extinction = math.log(10) * np.where(deep, engine.optical_density, engine.lower_optical_density)
    sight = SIGNS / np.maximum(extinction, 1e-6)
    return Air(temperature, sight, extinction, engine.oxygen, engine.fed_gas, engine.fed_heat)


def untenable(now: Air, params: Params) -> NDArray[np.int8]:
    """Return (rooms,) the number in WHY of the first limit that is broken, 0 where none is."""
    broken = (
        now.temperature >= params.temperature_limit_c,
        now.visibility < params.visibility_limit_m,
        now.gas >= params.dose_limit,
        now.heat >= params.dose_limit,
        now.oxygen < params.oxygen_limit,
    )
    out = np.zeros(len(now.oxygen), np.int8)
    for number in range(len(broken), 0, -1):
        out[broken[number - 1]] = number
    return out


def turned_back(now: Air, params: Params) -> NDArray[np.bool_]:
    """Return (rooms,): into which people do not go: they see too little, or it is too hot."""
    return (now.visibility < params.turn_back_m) | (now.temperature >= params.temperature_limit_c)


def slowed(now: Air) -> Rooms:
    """Return (rooms,) the factor on walking speed in smoke: FDS+Evac, v = v0 max(0.1, 1 - 0.0807 K)."""
    return np.maximum(0.1, 1 - 0.057 / 0.706 * now.extinction)
