"""Depth-damage curves: which share of its greatest damage a building takes at a depth of water."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError, suggest

JRC = "Huizinga, de Moel, Szewczyk 2017, EUR 28552 EN, doi:10.2760/16510"
MD_FDA = "다차원 홍수피해산정방법(MD-FDA), 건물 침수피해율; quoted from memory, the table itself was not seen"
METRES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """A depth-damage curve: data, not code.

    depths    m above the first floor, rising from 0
    shares    1, share of the greatest damage at these depths, 0..1; below the first depth 0, above the last the last
    source    where the shares come from
    version   edition of the source
    unit      of the shares
    covers    "structure and contents", or "structure" alone
    stepped   False: straight between its points; True: each share holds from above its depth up to the next
    verified  whether the shares were read in a source; those that were not are off by default
    """

    name: str
    depths: tuple[float, ...]
    shares: tuple[float, ...]
    source: str = JRC
    version: str = "2017"
    unit: str = "1"
    covers: str = "structure and contents"
    stepped: bool = False
    verified: bool = True

    @property
    def valid_m(self) -> tuple[float, float]:
        """The depths in m above the first floor that the curve was drawn for."""
        return self.depths[0], self.depths[-1]

    def share(self, depth: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """Return the share of the greatest damage, 0..1, at depths in m above the first floor."""
        if self.stepped:
            step = np.searchsorted(self.depths, depth, side="left")
            return np.asarray(np.array((0.0, *self.shares))[step], dtype=np.float64)
        return np.asarray(np.interp(depth, self.depths, self.shares, left=0.0), dtype=np.float64)

    def as_dict(self) -> dict[str, object]:
        """Return what a table that used the curve has to say about it."""
        return {
            "name": self.name,
            "source": self.source,
            "version": self.version,
            "unit": self.unit,
            "covers": self.covers,
            "valid_from_m": self.valid_m[0],
            "valid_to_m": self.valid_m[1],
            "stepped": self.stepped,
            "verified": self.verified,
        }


ASIA = Curve("asia-residential", METRES, (0, 0.3266, 0.4941, 0.6166, 0.7207, 0.8695, 0.9315, 0.9836, 1))
EUROPE = Curve("europe-residential", METRES, (0, 0.25, 0.40, 0.50, 0.60, 0.75, 0.85, 0.95, 1))
NORTH_AMERICA = Curve(
    "north-america-residential",
    (0.0, 0.1, *METRES[1:]),
    (0, 0.2018, 0.4433, 0.5828, 0.6825, 0.7840, 0.8543, 0.9237, 0.9585, 1),
)
OCEANIA = Curve("oceania-residential", METRES, (0, 0.48, 0.64, 0.71, 0.79, 0.93, 0.97, 0.98, 1))
ASIA_SHOPS = Curve("asia-commercial", METRES, (0, 0.38, 0.54, 0.66, 0.76, 0.88, 0.94, 0.98, 1), verified=False)
ASIA_WORKS = Curve("asia-industrial", METRES, (0, 0.28, 0.48, 0.63, 0.72, 0.86, 0.91, 0.96, 1), verified=False)
KOREA = Curve(
    "md-fda-structure",
    (0.0, 0.5, 1.0, 2.0, 3.0),
    (0.15, 0.32, 0.64, 0.95, 1),
    source=MD_FDA,
    version="unknown",
    covers="structure",
    stepped=True,
    verified=False,
)

DEFAULT = "jrc-asia-residential"


def _for_all(curve: Curve) -> dict[str, Curve]:
    return dict.fromkeys(("residential", "commercial", "industrial"), curve)


#: name people choose -> curve for each class of value (`value.value_class`)
CURVES: Mapping[str, Mapping[str, Curve]] = {
    DEFAULT: _for_all(ASIA),
    "jrc-asia-by-use": {"residential": ASIA, "commercial": ASIA_SHOPS, "industrial": ASIA_WORKS},
    "jrc-europe-residential": _for_all(EUROPE),
    "jrc-north-america-residential": _for_all(NORTH_AMERICA),
    "jrc-oceania-residential": _for_all(OCEANIA),
    "md-fda-structure": _for_all(KOREA),
}


def curve_set(name: str) -> Mapping[str, Curve]:
    """Return the curves of a named set, by class of value. Raises UsageError for an unknown name."""
    if name not in CURVES:
        raise UsageError(f"curve '{name}' is not known; {suggest(name, CURVES)}")
    return CURVES[name]


def verified_sets() -> dict[str, Mapping[str, Curve]]:
    """Return the sets whose every curve was read in a source, by name: those whose spread can be shown."""
    return {name: curves for name, curves in CURVES.items() if all(c.verified for c in curves.values())}
