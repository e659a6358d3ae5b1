"""What every measure needs: the params of an action read, checked and named in errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from twin.hazards import _values
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater

Measure = Callable[["ShallowWater", "Grid", Action], Effect]
"""Carries out an action on an engine now. Raises InputError for params that are wrong."""

FROM_TARGET = {"points", "level", "rate", "width", "depth", "height", "capacity", "diameter"}
"""Params that an action takes over from the feature it is aimed at; a measure uses what it needs of them."""


def known(action: Action, names: set[str]) -> Mapping[str, object]:
    """Return the params of an action. Raises InputError when one is neither in `names` nor given by its target."""
    return _values.known(action, names, FROM_TARGET)
