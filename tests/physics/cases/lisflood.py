"""Readers of LISFLOOD-FP's files of forcing: inflow cells (.bci), hydrographs (.bdy) and points (.stage)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.physics.cases.files import Raster
from tests.physics.cases.water import discharge
from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater

Point = tuple[float, float]


def read_points(path: Path) -> list[Point]:
    """Return the points of a .stage file in m."""
    lines = path.read_text().split("\n")
    return [tuple(map(float, line.split())) for line in lines[1 : 1 + int(lines[0])]]


def read_inflows(path: Path) -> dict[str, list[Point]]:
    """Return the points in m of each hydrograph that a .bci file names: lines `P x y QVAR name`, others are of edges."""
    points: dict[str, list[Point]] = {}
    for line in path.read_text().splitlines():
        if line.startswith("P"):
            _, x, y, kind, name = line.split()
            assert kind == "QVAR"
            points.setdefault(name, []).append((float(x), float(y)))
    return points


def read_hydrographs(path: Path) -> dict[str, Series]:
    """Return the series of a .bdy file, m2 s-1 (per metre of a cell's side), times in s."""
    lines = [line.split() for line in path.read_text().splitlines()[1:] if line.strip()]
    found: dict[str, Series] = {}
    while lines:
        name, (count, unit), rows = lines[0][0], lines[1], lines[2 : 2 + int(lines[1][0])]
        assert unit == "seconds"
        flow, times = np.array(rows, np.float64).T
        found[name] = Series(tuple(times), tuple(flow))
        lines = lines[2 + int(count) :]
    return found


def let_in(water: ShallowWater, raster: Raster, width: float, points: list[Point], flow: Series, name: str) -> None:
    """Let `flow` m2 s-1 times `width` m, the cell of the case, enter at each point; each cell is named once."""
    cells = sorted({raster.place(*point) for point in points})
    total = Series(flow.times, tuple(q * width * len(points) for q in flow.values))
    discharge(water, name, cells, total)
