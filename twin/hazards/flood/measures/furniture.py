"""What every measure needs: the params of an action read, checked and named in errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from twin.errors import InputError, suggest
from twin.hazards.flood.params import number
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
    for name in action.params:
        if name not in names | (FROM_TARGET if action.target else set()):
            raise InputError(f"{action.kind}: param '{name}' is not known; {suggest(name, names)}")
    return action.params


def numbers(value: object, count: int, what: str) -> list[float]:
    """Return a list of so many numbers. Raises InputError when it is something else."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise InputError(f"{what} is {value!r}; it must be a list of {count} numbers")
    return [number(v, what, -math.inf) for v in value]


def pairs(value: object, least: int = 2) -> list[tuple[float, float]]:
    """Return a list of points. Raises InputError when it is something else, or has fewer than `least`."""
    if not isinstance(value, list | tuple) or len(value) < least:
        raise InputError(f"a list of at least {least} points [x, y] is needed, found {value!r}")
    return [(x, y) for x, y in (numbers(v, 2, "a point [x, y]") for v in value)]


def flag(value: object, what: str) -> bool:
    """Return yes or no. Raises InputError when it is something else."""
    if not isinstance(value, bool):
        raise InputError(f"{what} is {value!r}; it must be true or false")
    return value
