"""A building as the generator draws it, before it becomes a line of a file."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Polygon

#: m, height of a storey by use
STOREY = {"apartment": 2.9, "residential": 2.9, "commercial": 3.6, "industrial": 5.2, "school": 3.6, "hospital": 4.0}


@dataclass(slots=True)
class House:
    """A building in local metres.

    group        how it came about: slab, villa, detached, hanok, shop, works, site
    roof         flat or gable; `angle` degrees is the direction of its ridge or longer side
    households   homes in it
    """

    area: Polygon
    group: str
    use: str
    structure: str
    storeys: int
    year: int
    basements: int = 0
    half_basement: bool = False
    piloti: bool = False
    households: int = 0
    name: str = ""
    roof: str = "flat"
    angle: float = 0.0

    @property
    def height(self) -> float:
        """Height in m from the ground to the roof's edge."""
        return round(self.storeys * STOREY.get(self.use, 3.5) + (0.9 if self.group in ("slab", "shop") else 0.5), 1)

    @property
    def floor_area(self) -> float:
        """Area of all floors in m2, those below the ground too."""
        return round(self.area.area * (self.storeys + self.basements), 1)
