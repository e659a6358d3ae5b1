"""What an engineer builds, laid on the grid: a pump with its intake, a gate or a culvert with its two ends."""

from __future__ import annotations

from math import inf, pi
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import InputError
from twin.hazards._places import centres, lowest, within
from twin.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from twin.hazards._places import Cells
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.opening import Hole

Point = tuple[float, float]

INTAKE = 10.0
"""m round a pump, or round its outlet, of whose cells the lowest belong to it."""

CITY_INTAKE = 30.0
"""m round a pumping station of the city, whose ditches and basins are wider than a mobile pump's reach: assumed."""

GATE_WIDTH, GATE_HEIGHT = 2.0, 2.0
"""m, of a gate that states none: assumed, a small sluice in a dike."""

CULVERT_DIAMETER = 1.0
"""m, of a culvert that states none: assumed, the common size under a street."""

CONCRETE = 0.013
"""s m-1/3, Manning's n of a concrete barrel (Chow 1959)."""


def around(engine: ShallowWater, grid: Grid, point: Point, radius: float, what: str, *, dry: bool = False) -> Cells:
    """Return the lower free cells within `radius` m of a point. Raises InputError, naming `what`.

    dry  True: of those without water now, where there are such: not the river that a pump lifts into
    """
    mask = within(grid, *point, radius, what)
    land = mask & ~engine.solid & (engine.depth <= 0)
    return lowest(engine.bed, land if dry and land.any() else mask, what)


def ends(engine: ShallowWater, grid: Grid, line: Sequence[Point], radius: float, what: str) -> tuple[Cells, Cells]:
    """Return the cells at the two ends of a line: the lower ones within `radius` m that lie nearer to their end.

    Raises InputError, naming `what`, when the ends are one place, or one is outside the area or in a wall.
    """
    xs, ys = centres(grid)
    (x0, y0), (x1, y1) = line[0], line[-1]
    first = (xs - x0) ** 2 + (ys[:, None] - y0) ** 2 < (xs - x1) ** 2 + (ys[:, None] - y1) ** 2
    found = []
    for (x, y), near in (((x0, y0), first), ((x1, y1), ~first)):
        mask = within(grid, x, y, radius, what) & near
        if not mask.any():
            raise InputError(
                f"{what}: both ends lie at {x0:.1f}, {y0:.1f} in one cell; draw its line from one side of the dike "
                "to the other"
            )
        found.append(lowest(engine.bed, mask, what))
    return found[0], found[1]


def hole(
    engine: ShallowWater,
    cells: tuple[Cells, Cells],
    line: Sequence[Point],
    params: Mapping[str, float],
    *,
    culvert: bool,
) -> Hole:
    """Return what the water passes through, with what is not stated assumed.

    params  `width`, `height`, `diameter`, `level` (sill or invert, m in the city's datum), `coefficient`, `flap`;
            without a level the sill is the ground at the higher one of the two ends
    """
    from twin.physics.shallow_water.structures.hydraulics import ORIFICE, barrel_coefficient
    from twin.physics.shallow_water.structures.opening import Hole

    sill = params.get("level", max(float(engine.water.bed_at(end).min()) for end in cells))
    if culvert and "width" not in params and "height" not in params:
        height = params.get("diameter", CULVERT_DIAMETER)
        area = pi / 4 * height**2
        width, radius = area / height, height / 4
    else:
        width, height = params.get("width", GATE_WIDTH), params.get("height", params.get("width", GATE_HEIGHT))
        area = width * height
        radius = area / (2 * (width + height)) if height < inf else width / 2
    coefficient = ORIFICE
    if culvert:
        length = float(np.hypot(*np.diff(np.array(line), axis=0).T).sum())
        coefficient = barrel_coefficient(length, radius, params.get("roughness", CONCRETE), engine.water.gravity)
    coefficient = params.get("coefficient", coefficient)
    return Hole(sill, width, height, area, coefficient, inlet=culvert, flap=bool(params.get("flap", False)))


BUILDING_BURNS = 3
"""`fire_state` from which a building burns or has burnt out."""


def stop_burnt(engine: ShallowWater, grid: Grid, fire: NDArray[np.floating]) -> None:
    """Take the power from pumps that stand where a building burns or has burnt out; it does not come back.

    fire  (ny, nx) `fire_state`
    """
    from twin.physics.shallow_water.structures.pump import Pump

    for structure in engine.structures.values():
        if isinstance(structure, Pump):
            x, y = structure.place
            column, row = (x - grid.west) // grid.cell, (y - grid.south) // grid.cell
            if 0 <= column < grid.nx and 0 <= row < grid.ny and fire[int(row), int(column)] >= BUILDING_BURNS:
                structure.power = False


def without_power(engine: ShallowWater) -> list[Finding]:
    """Return a finding that names the pumps from which fire has taken the power; none where none did."""
    from twin.physics.shallow_water.structures.pump import Pump

    burnt = [one.asset for one in engine.structures.values() if isinstance(one, Pump) and not one.power]
    if not burnt:
        return []
    text = f"{len(burnt)} pumps stand still since the building around them burnt"
    return [Finding("warning", "pump_burnt", text, ", ".join(burnt))]
