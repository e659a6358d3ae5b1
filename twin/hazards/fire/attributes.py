"""What the city says of its buildings, as far as a fire asks for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.hazards.fire.things import Built
    from twin.model.field import Grid

ASKED = ("height", "storeys", "floor_area", "use", "structure", "cladding", "sprinklers", "shutters")

LEAST = {"height": 0.5, "storeys": 1.0, "floor_area": 1.0}
"""Numbers below which registers mean that nobody knows."""

Rows = list[dict[str, float | str | bool]]


def attributes_of(buildings: Built, elevation: NDArray[np.float64], grid: Grid) -> tuple[Rows, list[Finding]]:
    """Return a row of attributes per building, and what was taken as not known.

    elevation  (ny, nx) m   on which buildings stand that do not say at which height
    """
    column = np.clip(((buildings.x - grid.west) // grid.cell).astype(np.int64), 0, grid.nx - 1)
    row = np.clip(((buildings.y - grid.south) // grid.cell).astype(np.int64), 0, grid.ny - 1)
    below = elevation[row, column]
    rows: Rows = []
    small: Counter[str] = Counter()
    for asset, level in zip(buildings.assets, below.tolist(), strict=True):
        said = {name: asset.params[name] for name in ASKED if name in asset.params}
        for name, least in LEAST.items():
            value = said.get(name)
            if isinstance(value, int | float) and value < least:
                del said[name]
                small[name] += 1
        ground = asset.params.get("ground")
        if isinstance(ground, int | float) and not isinstance(ground, bool) and np.isfinite(ground):
            said["ground"] = float(ground)
        elif np.isfinite(level):
            said["ground"] = level
        rows.append(said)
    return rows, [
        Finding(
            "info", "building_too_small", f"{n} buildings state a {name} below {LEAST[name]:g}: taken as unknown", name
        )
        for name, n in small.items()
    ]
