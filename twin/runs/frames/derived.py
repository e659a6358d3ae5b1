"""What follows from what the frames hold: level, speed, hazard rating and class are made when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from twin.impact import Debris, aidr_class, hazard_rating
from twin.runs.consequences.over_time import SPEED_FROM

Get = Callable[[str], NDArray[np.float32]]
"""Name of a quantity -> (ny, nx) its values at one moment."""

NO_DEBRIS = Debris("none", (), (0.0,), "the rating without its debris factor")


def level(get: Get) -> NDArray[np.floating]:
    """Return the level of the water in m above the city's datum, NaN where it is dry."""
    depth = get("depth")
    return np.where(depth > 0, get("elevation") + depth, np.nan)


def speed(get: Get) -> NDArray[np.floating]:
    """Return the magnitude of the velocity in m s-1."""
    return np.hypot(get("velocity_x"), get("velocity_y"))


def rating(get: Get) -> NDArray[np.floating]:
    """Return the hazard rating of Defra, d (v + 0.5) in m2 s-1, without debris factor."""
    return hazard_rating(get("depth"), _that_counts(get), NO_DEBRIS)


def hazard_class(get: Get) -> NDArray[np.floating]:
    """Return the class of AIDR, 1 (H1) to 6 (H6), 0 where it is dry."""
    depth, v = get("depth"), _that_counts(get)
    return aidr_class(depth, v, depth * v).astype(np.float32)


def _that_counts(get: Get) -> NDArray[np.floating]:
    """Return the speed in m s-1, 0 in films of water too thin to have one worth the name."""
    return np.where(get("depth") >= np.float32(SPEED_FROM), get("speed"), np.float32(0))


DERIVED: Mapping[str, tuple[tuple[str, ...], Callable[[Get], NDArray[np.floating]]]] = {
    "level": (("depth", "elevation"), level),
    "speed": (("velocity_x", "velocity_y"), speed),
    "rating": (("depth", "speed"), rating),
    "hazard_class": (("depth", "speed"), hazard_class),
}
"""Name -> what it is made from, and how; what it is made from may be derived itself."""


def derivable(held: Iterable[str]) -> tuple[str, ...]:
    """Return the derived quantities that can be made from these and are not among them."""
    known = set(held)
    for name, (needs, _) in DERIVED.items():
        if known.issuperset(needs):
            known.add(name)
    return tuple(sorted(known - set(held)))


def derive(name: str, get: Get) -> NDArray[np.float32]:
    """Return (ny, nx) a derived quantity at one moment.

    name  one of `DERIVED`
    get   values of what it is made from, derived or not
    """
    return np.asarray(DERIVED[name][1](get), dtype=np.float32)
