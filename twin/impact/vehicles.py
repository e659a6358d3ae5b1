"""From which water on a road is closed, by class of vehicle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.impact.danger import AIDR, AIDR_SOURCE


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A class of vehicle and the water it still passes.

    depth    m       greatest depth
    product  m2 s-1  greatest depth times speed
    """

    name: str
    depth: float
    product: float
    ko: str
    en: str
    source: str


def _limit_of(number: str) -> tuple[float, float]:
    product, depth, _ = AIDR[number]
    return depth, product


SMALL_CAR = Vehicle("small_car", *_limit_of("H1"), "승용차", "small car", f"limit of H1, {AIDR_SOURCE}")
LARGE_VEHICLE = Vehicle("large_vehicle", *_limit_of("H2"), "대형차", "large vehicle", f"limit of H2, {AIDR_SOURCE}")


def emergency(depth: float | None, product: float | None) -> Vehicle:
    """Return the class of the emergency fleet; what the fleet does not state is the limit of a large vehicle.

    depth, product  m, m2 s-1   what its vehicles pass; None: not stated
    """
    stated = depth is not None or product is not None
    return Vehicle(
        "emergency",
        LARGE_VEHICLE.depth if depth is None else depth,
        LARGE_VEHICLE.product if product is None else product,
        "긴급차",
        "emergency vehicle",
        "fleet setting" if stated else "no fleet setting: the limits of a large vehicle",
    )


def impassable(depth: NDArray[np.floating], product: NDArray[np.floating], vehicle: Vehicle) -> NDArray[np.bool_]:
    """Return where a vehicle does not pass.

    depth    m       of the water
    product  m2 s-1  depth times speed at the same moment

    Source: AIDR Guideline 7-3, limits of H1 and H2.
    """
    # frames hold float32: 0.3 of a frame is 0.3 of the limit
    return np.asarray((depth > np.float32(vehicle.depth)) | (product > np.float32(vehicle.product)))
