"""How people walk: all numbers of the model in one place, and where they are from."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

FREE_SPEED, FREE_SPEED_SPREAD = 1.34, 0.26
"""m s-1, mean and standard deviation of the free walking speed. Weidmann (1993), Transporttechnik der Fussgaenger;
the mean read in later papers that cite it, the spread [unverified]."""
BEND, JAM = 1.913, 5.4
"""m-2, m-2: v = v0 (1 - exp(-BEND (1/rho - 1/JAM))). Weidmann (1993), as cited by later papers that were read."""
DOOR_FLOW = 1.22
"""Persons m-1 s-1 that people expect of a free door when they choose one: the greatest flow of Weidmann's curve."""


@dataclass(frozen=True, slots=True)
class Walking:
    """The numbers of the model; one set for every use of it.

    step      s       of time
    bend      m-2     of the fundamental diagram, see `BEND`
    jam       persons m-2 at which nobody gets on, see `JAM`
    kernel    m       standard deviation of the half Gaussian by which people see density ahead of them [design]
    gap_time  s       that people keep to the one in their way; 0.5 s: Moussaid, Helbing & Theraulaz (2011),
                      doi:10.1073/pnas.1016507108
    in_way    share of the sum of two radii within which the other is in one's way [design]
    relax     s       in which speed and direction are taken up [design]
    sight     m       how far people look for others
    horizon   m       how far ahead a way is judged
    shuffle   share of the free speed that is kept in a jam: people push on slowly [calibrated]
    seen      share of the density ahead that counts [calibrated]
    aside     rad      that people turn to their right when all ahead come towards them: keep right [calibrated]
    packing   persons m-2 ahead at which nobody pushes on any more [calibrated]
    core      share of the radius of the circle that pushes: shoulders turn [calibrated]

    `seen` was set once, by hand, between two aims: Weidmann's speeds in a corridor of 4 m (they ask for less), and a
    flow through a door of 1 m that does not exceed 1.33 persons m-1 s-1 (it asks for more); `aside`, `shuffle`,
    `packing` and `core` on 100 people against 10 to 100 others in a corridor of 2 m, who must not get stuck, and on
    that door. Nothing was set on any other test.
    """

    step: float = 0.1
    bend: float = BEND
    jam: float = JAM
    kernel: float = 0.7
    gap_time: float = 0.5
    in_way: float = 0.75
    relax: float = 0.3
    sight: float = 2.5
    horizon: float = 4.0
    shuffle: float = 0.08
    seen: float = 0.92
    aside: float = 0.9
    packing: float = 7.0
    core: float = 0.85

    def __post_init__(self) -> None:
        """Raise InputError naming the number that cannot be."""
        for name, value in zip(self.__slots__, astuple(self), strict=True):
            if not (np.isfinite(value) and value > 0):
                raise InputError(f"walking: {name} is {value!r}; it must be a positive number. Leave it out.")
        if self.step > 0.2:
            raise InputError(f"walking: step is {self.step} s; bodies pass each other above 0.2 s. Give 0.1.")

    def array(self) -> NDArray[np.float64]:
        """Return (14,) the numbers in the order of the fields, as kernels take them."""
        return np.array(astuple(self), np.float64)


def speed_at(density: NDArray[np.float64] | float, free_speed: float = FREE_SPEED) -> NDArray[np.float64]:
    """Return m s-1, the speed at a density in persons m-2, of the shape of the density.

    Source: Weidmann (1993); 0 from `JAM` on. The standard error of the curve is not known here.
    """
    rho = np.maximum(np.asarray(density, np.float64), 1e-9)
    return np.where(rho < JAM, free_speed * -np.expm1(-BEND * (1.0 / rho - 1.0 / JAM)), 0.0)
