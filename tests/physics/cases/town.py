"""Made-up towns for the tests and measures of building fires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.physics.urban_fire.buildings import Buildings, buildings

House = Mapping[str, float | str | bool]

BARE: House = {"structure": "timber", "cladding": "combustible", "storeys": 1, "height": 3.5, "use": "residential"}
"""The house of Hamada's time: bare wood, one storey."""
MORTARED: House = {
    "structure": "timber",
    "cladding": "non_combustible",
    "storeys": 2,
    "height": 6.0,
    "use": "residential",
}
"""A timber house of two storeys behind mortar or plaster: what is behind its openings ignites."""
CONCRETE: House = {"structure": "concrete", "storeys": 2, "height": 6.0, "use": "residential"}


def box(x: float, y: float, width: float, depth: float, turn: float = 0.0) -> NDArray[np.float64]:
    """Return the corners (4, 2) m of a rectangle around a point, turned by so many radians."""
    corners = np.array([[-width, -depth], [width, -depth], [width, depth], [-width, depth]]) / 2
    c, s = np.cos(turn), np.sin(turn)
    return np.asarray(corners @ np.array([[c, s], [-s, c]]) + (x, y))


def rows(across: int, along: int, side: float, gap: float, house: House) -> Buildings:
    """Return square buildings in rows: `across` to the east, `along` to the north, `side` m wide, `gap` m apart."""
    at = [(i * (side + gap), j * (side + gap)) for j in range(along) for i in range(across)]
    return buildings([box(x, y, side, side) for x, y in at], [house] * len(at))


def mixed(seed: int, nx: int, ny: int, kinds: Sequence[str], storeys: Sequence[int], pitch: float = 14.0) -> Buildings:
    """Return a town in which size, place, turn, structure and storeys differ, some houses with sprinklers."""
    rng = np.random.default_rng(seed)
    rings, about = [], []
    for i in range(nx):
        for j in range(ny):
            width, depth = rng.uniform(6, 11, 2)
            x, y = (i * pitch + rng.normal(), j * pitch + rng.normal())
            rings.append(box(x, y, width, depth, rng.uniform(0, 0.6)))
            about.append(
                {
                    "structure": str(rng.choice(kinds)),
                    "storeys": int(rng.choice(storeys)),
                    "sprinklers": bool(rng.random() < 0.2),
                }
            )
    return buildings(rings, about)
