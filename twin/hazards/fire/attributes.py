"""What the city says of its buildings, as far as a fire asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.model.finding import Finding
from twin.physics.urban_fire import tables

if TYPE_CHECKING:
    from twin.hazards.fire.things import Built
    from twin.model.field import Grid

ASKED = ("height", "storeys", "floor_area", "use", "structure", "cladding", "sprinklers", "shutters")

NAMED = 5
"""Ids that a finding names."""

RANGES = {
    "height": (0.5, tables.HIGHEST),
    "storeys": (1.0, tables.MOST_STOREYS),
    "floor_area": (1.0, tables.LARGEST),
    "ground": (-500.0, 9000.0),
}
"""Least and greatest number that a building can have; what registers state beyond means that nobody knows."""

LEAST_STOREY = 1.5
"""m of height per storey below which the storeys do not fit the height, and are not known."""

Rows = list[dict[str, float | str | bool]]


def attributes_of(buildings: Built, elevation: NDArray[np.float64], grid: Grid) -> tuple[Rows, list[Finding]]:
    """Return a row of attributes per building, and what was taken as not known.

    elevation  (ny, nx) m   on which buildings stand that do not say at which height
    """
    column = np.clip(((buildings.x - grid.west) // grid.cell).astype(np.int64), 0, grid.nx - 1)
    row = np.clip(((buildings.y - grid.south) // grid.cell).astype(np.int64), 0, grid.ny - 1)
    below = elevation[row, column]
    rows: Rows = []
    beyond: dict[tuple[str, str], list[str]] = {}
    for asset, level in zip(buildings.assets, below.tolist(), strict=True):
        said = {name: asset.params[name] for name in (*ASKED, "ground") if name in asset.params}
        for name, (least, most) in RANGES.items():
            value = _number(said.get(name))
            if value is not None and not least <= value <= most:
                del said[name]
                if not np.isnan(value):
                    side = f"below {least:g}" if value < least else f"above {most:,.0f}"
                    beyond.setdefault((name, side), []).append(asset.id)
        height, storeys = _number(said.get("height")), _number(said.get("storeys"))
        if height is not None and storeys is not None and height < LEAST_STOREY * storeys:
            del said["storeys"]
            beyond.setdefault(("storeys", ""), []).append(asset.id)
        if _number(said.get("ground")) is None:
            said.pop("ground", None)
            if np.isfinite(level):
                said["ground"] = level
        rows.append(said)
    return rows, [_finding(name, side, ids) for (name, side), ids in beyond.items()]


def _number(value: object) -> float | None:
    """Return a number of a register, also one that is written as text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _finding(name: str, side: str, ids: list[str]) -> Finding:
    """Return what is said of the buildings whose number of a name is taken as unknown."""
    code = "building_too_small" if side.startswith("below") else "building_too_large"
    text = f"{len(ids)} buildings state a {name} {side}: taken as unknown"
    if not side:
        code, text = "building_too_low", f"{len(ids)} buildings have less than {LEAST_STOREY:g} m of height per storey"
        text += ": their storeys are taken as unknown"
    return Finding("info", code, f"{text} (the first: {', '.join(ids[:NAMED])})", name)
