"""Who walks: arrays with one value per person, and how a population is drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.physics.crowd.walking import FREE_SPEED, FREE_SPEED_SPREAD

Values = NDArray[np.float64]
Whole = NDArray[np.int64]

CHOOSE = -1
"""Goal of people who choose a gate by themselves; entrance of people who are inside from the start."""
RADIUS = 0.19, 0.22
"""m, of the circle a person takes up, drawn evenly [design]; how much of it pushes says `Walking.core`."""
SLOWEST, FASTEST = 0.6, 2.1
"""m s-1 at which the normal distribution of free speeds is cut."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """n persons, in the order of their ids.

    radius    (n,) m       of the circle
    speed     (n,) m s-1   free walking speed on dry, level, empty ground
    x, y      (n,) m       where they stand at the start; NaN: they come by their entrance
    entrance  (n,)         number of a gate, or CHOOSE (-1): inside from the start
    ready     (n,) s       when they start to walk (inside), or reach their entrance
    goal      (n,)         number of the gate they leave by, or CHOOSE
    group     (n,)         number of a group that stays together, -1: alone
    obey      (n,) 0..1    whether a diversion of a share s is followed: obey < s
    place     (n,) 0..1    where along the width of their entrance they come in
    """

    radius: Values
    speed: Values
    x: Values
    y: Values
    entrance: Whole
    ready: Values
    goal: Whole
    group: Whole
    obey: Values
    place: Values

    def __post_init__(self) -> None:
        """Raise InputError naming the array and the person whose value cannot be."""
        n = len(self.radius)
        for field in fields(self):
            values = getattr(self, field.name)
            if values.shape != (n,):
                raise InputError(f"people: {field.name} has shape {values.shape}; radius has ({n},). Give one each.")
        good = {
            "radius": (self.radius >= 0.1) & (self.radius <= 0.6),
            "speed": (self.speed > 0) & (self.speed <= 10),
            "ready": np.isfinite(self.ready) & (self.ready >= 0),
        }
        for name, fine in good.items():
            if not fine.all():
                i = int(np.argmin(fine))
                raise InputError(f"people: {name} of person {i} is {getattr(self, name)[i]}; it cannot be.")

    def __len__(self) -> int:
        """Return n."""
        return len(self.radius)

    def and_(self, other: People) -> People:
        """Return these and those, these first."""
        return People(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


def population(count: int, rng: np.random.Generator, *, speed: float = FREE_SPEED) -> People:
    """Return so many persons without place, gate or group, ready at 0 s.

    speed  m s-1, mean of the free speeds; their spread is that of Weidmann's (1993) in proportion, cut at `SLOWEST`
           and `FASTEST`

    The numbers of one person do not depend on how many come after it in another kind of array.
    """
    drawn = rng.normal(size=count)
    free = np.clip(speed * (1.0 + drawn * FREE_SPEED_SPREAD / FREE_SPEED), SLOWEST, FASTEST)
    nowhere = np.full(count, np.nan)
    none = np.full(count, CHOOSE, np.int64)
    radius = rng.uniform(*RADIUS, count)
    obey, place = rng.random(count), rng.random(count)
    return People(radius, free, nowhere, nowhere.copy(), none, np.zeros(count), none.copy(), none.copy(), obey, place)


def standing(people: People, x: Values, y: Values, ready: Values | float = 0.0) -> People:
    """Return them standing at x, y (n,) m from the start, walking from `ready` s on."""
    return replace(people, x=np.asarray(x), y=np.asarray(y), ready=np.broadcast_to(ready, len(people)).copy())


def arriving(people: People, entrance: int, times: Values) -> People:
    """Return them coming by a gate (its number) at times (n,) s."""
    order = np.sort(np.asarray(times, np.float64), kind="stable")
    return replace(people, entrance=np.full(len(people), entrance, np.int64), ready=order)


def bound_for(people: People, goal: int | Whole) -> People:
    """Return them with a goal: the number of a gate, or one per person."""
    return replace(people, goal=np.broadcast_to(np.asarray(goal, np.int64), len(people)).copy())
