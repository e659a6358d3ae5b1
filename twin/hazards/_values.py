"""Values of a scenario's document as a hazard takes them: each read, checked, and named where it is wrong."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from twin.errors import InputError, suggest
from twin.model.action import Action


def known(action: Action, names: set[str], taken: Collection[str]) -> Mapping[str, object]:
    """Return the params of an action. Raises InputError for one that is neither in `names` nor given by its target.

    taken  what an action takes over from the feature it is aimed at
    """
    for name in action.params:
        if name not in names and not (action.target and name in taken):
            raise InputError(f"{action.kind}: param '{name}' is not known; {suggest(name, names)}")
    return action.params


def number(value: object, what: str, least: float, greatest: float = math.inf, hint: str = "") -> float:
    """Return a number. Raises InputError, ending with `hint`, when it is none, or outside least .. greatest."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= greatest:
        raise InputError(f"{what} is {value!r}; it must be a number from {least:g} to {greatest:g}{hint}")
    return float(value)


def numbers(value: object, count: int, what: str) -> list[float]:
    """Return a list of so many numbers. Raises InputError when it is something else."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise InputError(f"{what} is {value!r}; it must be a list of {count} numbers")
    return [number(v, what, -math.inf) for v in value]


def pairs(value: object, least: int = 2, what: str = "") -> list[tuple[float, float]]:
    """Return a list of points. Raises InputError when it is something else, or has fewer than `least`."""
    of = f"{what}: " if what else ""
    if not isinstance(value, list | tuple) or len(value) < least:
        raise InputError(f"{of}a list of at least {least} points [x, y] is needed, found {value!r}")
    return [(x, y) for x, y in (numbers(v, 2, f"{of}a point [x, y]") for v in value)]


def flag(value: object, what: str) -> bool:
    """Return yes or no. Raises InputError when it is something else."""
    if not isinstance(value, bool):
        raise InputError(f"{what} is {value!r}; it must be true or false")
    return value
