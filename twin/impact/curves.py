"""Depth-damage curves: which share of its greatest damage a building takes at a depth of water."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError, suggest

JRC = "Huizinga, de Moel, Szewczyk 2017, EUR 28552 EN, doi:10.2760/16510"
METRES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """A depth-damage curve, straight between its points.

    depths    m above the first floor, rising from 0
    shares    1, share of the greatest damage at these depths, 0..1; below the first depth 0, above the last the last
    verified  whether the shares were read in a source; those that were not are off by default
    """

    name: str
    depths: tuple[float, ...]
    shares: tuple[float, ...]
    source: str = JRC
    verified: bool = True

    def share(self, depth: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """Return the share of the greatest damage, 0..1, at depths in m above the first floor."""
        return np.asarray(np.interp(depth, self.depths, self.shares, left=0.0), dtype=np.float64)


ASIA = Curve("asia-residential", METRES, (0, 0.3266, 0.4941, 0.6166, 0.7207, 0.8695, 0.9315, 0.9836, 1))
EUROPE = Curve("europe-residential", METRES, (0, 0.25, 0.40, 0.50, 0.60, 0.75, 0.85, 0.95, 1))
ASIA_SHOPS = Curve("asia-commercial", METRES, (0, 0.38, 0.54, 0.66, 0.76, 0.88, 0.94, 0.98, 1), verified=False)
ASIA_WORKS = Curve("asia-industrial", METRES, (0, 0.28, 0.48, 0.63, 0.72, 0.86, 0.91, 0.96, 1), verified=False)

DEFAULT = "jrc-asia-residential"

#: name people choose -> curve for each class of value (`value.value_class`)
CURVES: Mapping[str, Mapping[str, Curve]] = {
    DEFAULT: {"residential": ASIA, "commercial": ASIA, "industrial": ASIA},
    "jrc-asia-by-use": {"residential": ASIA, "commercial": ASIA_SHOPS, "industrial": ASIA_WORKS},
    "jrc-europe-residential": {"residential": EUROPE, "commercial": EUROPE, "industrial": EUROPE},
}


def curve_set(name: str) -> Mapping[str, Curve]:
    """Return the curves of a named set, by class of value. Raises UsageError for an unknown name."""
    if name not in CURVES:
        raise UsageError(f"curve '{name}' is not known; {suggest(name, CURVES)}")
    return CURVES[name]
