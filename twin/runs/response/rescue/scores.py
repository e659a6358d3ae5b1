"""The scores of the RoboCup Rescue league, as formulas.

Source: rcrs-server (BSD-3-Clause), as `agents.md`, section 12, of this project's reference has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError, suggest

HP = 10_000.0
"""Health points of a person who is unhurt."""

STEEPNESS = 5.0
"""Of the exponential in `rsl21`."""

FACTORS: Mapping[str, float] = {
    "unburnt": 1.0,
    "heating": 0.66,
    "burning": 0.33,
    "inferno": 0.0,
    "water": 0.90,
    "minor": 0.75,
    "moderate": 0.5,
    "severe": 0.25,
    "burnt_out": 0.0,
}
"""State of a building -> share of its area that counts in `legacy`."""


def rsl21(hp: ArrayLike, hp_max: float = HP) -> float:
    """Return the score of the league since 2021: alive * exp(-5 * (1 - sum(hp) / sum(hp_max))).

    hp      (n,) health points of the civilians at the end, 0 to `hp_max`; who has more than 0 is alive
    hp_max  of each

    The most is n, when nobody is hurt; 0 when nobody lives, or nobody is there. Raises InputError for health points
    outside.
    """
    points = _points(hp, hp_max)
    if not len(points):
        return 0.0
    return int((points > 0).sum()) * math.exp(-STEEPNESS * (1.0 - float(points.mean()) / hp_max))


def legacy(hp: ArrayLike, area: ArrayLike, state: Sequence[str], hp_max: float = HP) -> float:
    """Return the score before: (alive + sum(hp) / sum(hp_max)) * sqrt(sum(area * factor) / sum(area)).

    hp     (n,) health points as in `rsl21`
    area   (k,) m2   of the buildings, of all their floors, > 0
    state  k words of `FACTORS`

    The most is n + 1. Without people the first term is 0, without buildings the second is 1. Raises InputError for
    numbers and words that cannot be.
    """
    points = _points(hp, hp_max)
    size = np.atleast_1d(np.asarray(area, dtype=np.float64))
    if len(size) != len(state) or not (np.isfinite(size) & (size > 0)).all():
        raise InputError(f"legacy score: {len(size)} areas of {len(state)} buildings; each has to be > 0 m2")
    for word in state:
        if word not in FACTORS:
            raise InputError(f"legacy score: state '{word}' of a building is not known; {suggest(word, FACTORS)}")
    kept = float(np.sum(size * np.array([FACTORS[word] for word in state])) / size.sum()) if len(size) else 1.0
    people = int((points > 0).sum()) + float(points.mean()) / hp_max if len(points) else 0.0
    return people * math.sqrt(kept)


def _points(hp: ArrayLike, hp_max: float) -> NDArray[np.float64]:
    points = np.atleast_1d(np.asarray(hp, dtype=np.float64))
    if not 0 < hp_max < np.inf:
        raise InputError(f"score: hp_max is {hp_max}; it has to be > 0")
    if not ((points >= 0) & (points <= hp_max)).all():
        raise InputError(
            f"score: health points have to be from 0 to {hp_max:g}; found {points.min():g}, {points.max():g}"
        )
    return points
