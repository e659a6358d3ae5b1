"""Who in the city will be in water or fire, how surely and how soon, by a forecast ensemble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.agents import _forecast as forecast
from twin.agents._limits import FLOOR, STAIRS
from twin.model.response.city import Home
from twin.model.response.view import Outlook, View

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Threat:
    """What comes to n homes, in the order of `Facts.homes`, in t times of m members.

    times          (t,) s
    below, ground  (m, t, n) water over the limit of the half-basement, of the ground floor, where people are there
    fire           (m, t, n)
    """

    times: Floats
    below: Bools
    ground: Bools
    fire: Bools

    @property
    def water(self) -> Bools:
        """Return (m, t, n) where water is over the limit of anybody there."""
        return self.below | self.ground


def threat(view: View, outlook: Outlook, ahead: float) -> Threat:
    """Return what comes within `ahead` s; a home without people is threatened by nothing."""
    homes, course = view.facts.homes, outlook.homes
    part = forecast.window(course, view.time, view.time + ahead)
    below = np.array([home.below > 0 for home in homes], bool)
    ground = np.array([home.ground > 0 for home in homes], bool)
    people = np.array([home.people > 0 for home in homes], bool)
    floor = np.array([home.first_floor for home in homes], float)
    depth = course.depth[:, part]
    return Threat(
        np.asarray(course.times[part], float),
        (depth > np.float32(STAIRS)) & below,
        (depth > (floor + FLOOR).astype(np.float32)) & ground,
        course.fire[:, part] & people,
    )


def in_water(homes: tuple[Home, ...], threat: Threat) -> Floats:
    """Return (m, t, n) people in water over their limit."""
    below = np.array([home.below for home in homes], float)
    ground = np.array([home.ground for home in homes], float)
    return np.asarray(threat.below * below + threat.ground * ground)


def in_fire(homes: tuple[Home, ...], threat: Threat) -> Floats:
    """Return (m, t, n) people where it burns."""
    return np.asarray(threat.fire * np.array([home.people for home in homes], float))
