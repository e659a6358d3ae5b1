"""The shape of storages below the ground: how high a volume stands in them, for many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.water import Cells

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Vessel:
    """A room below the ground: its plan grows in a straight line from the floor to the rim, and stays so above it.

    id         of the thing of the city
    floor      m, its lowest point in the datum of the city
    rim, top   m above the floor: where its ramps end, and where it is full
    flat, wide m2, its plan at the floor (at least a hundredth of the other) and from the rim upwards
    entrances  cells of the street beside its openings; a cell may serve several of them
    sill, width (n,) m in the datum of the city and m, of each entrance
    catch      cells whose rain falls into it
    parts      things of the city that it is made of, each with the height of its own floor in m; () for itself alone
    """

    id: str
    floor: float
    rim: float
    top: float
    flat: float
    wide: float
    entrances: Cells
    sill: Floats
    width: Floats
    catch: Cells = (np.zeros(0, np.intp), np.zeros(0, np.intp))
    parts: tuple[tuple[str, float], ...] = ()


class Shapes:
    """The shapes of many vessels, (n,) each; see `Vessel`."""

    def __init__(self, vessels: list[Vessel]) -> None:
        self.floor, self.rim, self.top, self.flat, self.wide = (
            np.array([getattr(v, name) for v in vessels], np.float64)
            for name in ("floor", "rim", "top", "flat", "wide")
        )
        self.flat = np.maximum(self.flat, 0.01 * self.wide)
        self.to_rim = self.rim * (self.flat + self.wide) / 2
        self.capacity = self.to_rim + (self.top - self.rim) * self.wide

    def volume(self, height: Floats) -> Floats:
        """Return (n,) m3 up to a height (n,) in m above the floor."""
        low = np.clip(height, 0.0, self.rim)
        slope = (self.wide - self.flat) / self.rim
        return np.asarray(low * (self.flat + slope * low / 2) + np.maximum(height - self.rim, 0.0) * self.wide)

    def height(self, volume: Floats) -> Floats:
        """Return (n,) m above the floor at which a volume (n,) in m3 stands; the reverse of `volume`."""
        low = np.minimum(volume, self.to_rim)
        slope = (self.wide - self.flat) / self.rim
        ramp = 2 * low / (self.flat + np.sqrt(self.flat**2 + 2 * slope * low))
        return np.asarray(ramp + np.maximum(volume - self.to_rim, 0.0) / self.wide)

    def area(self, height: Floats) -> Floats:
        """Return (n,) m2, the plan at a height (n,) in m above the floor."""
        share = np.clip(height / self.rim, 0.0, 1.0)
        return np.asarray(self.flat + (self.wide - self.flat) * share)
