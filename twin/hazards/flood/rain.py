"""The rain of a scenario over a flood: one rate for all, or maps; what falls on roofs goes to the street beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.hazards.flood.params import rising
from twin.model.field import FieldSeries

if TYPE_CHECKING:
    from twin.hazards import Setting
    from twin.physics.shallow_water.engine import ShallowWater


def let_it_rain(
    engine: ShallowWater, setting: Setting, hand: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> None:
    """Give the engine the rain of the setting: its maps where it has any, else the scenario's own.

    hand  rates (ny, nx) m s-1 -> what the cells take when roofs hand on theirs

    Raises InputError for times that do not rise and for what is no rain; every map is looked at, one at a time.
    """
    from twin.physics.shallow_water.rainfall import check, read_map

    maps, rain, shape = setting.forcing.get("rain_rate"), setting.scenario.rain, setting.grid.shape
    if maps is not None:
        if maps.quantity != "rain_rate":
            raise InputError(f"rain maps hold '{maps.quantity}'; they must hold 'rain_rate' in m s-1")
        check(maps, shape)
        engine.rain = FieldSeries("rain_rate", maps.times, lambda number: hand(read_map(maps, number, shape)))
    elif rain is not None:
        check(rising(rain, "rain"), shape)
        engine.rain = rain
