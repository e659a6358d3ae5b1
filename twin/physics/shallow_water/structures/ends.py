"""The two ends of a pump or an opening: groups of cells, their level, and how much of their water can move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.shallow_water.water import Cells, Water


def surface(water: Water, cells: Cells) -> float:
    """Return the level in m of the water in some cells, the mean by depth; their lowest ground where all are dry."""
    depth, bed = water.depth_at(cells), water.bed_at(cells)
    held = float(depth.sum())
    return float(((bed + depth) * depth).sum()) / held if held > 0 else float(bed.min())


def above(water: Water, cells: Cells, level: float) -> float:
    """Return the m3 of water that stands above a level in some cells."""
    return float(_part_above(water, cells, level).sum())


def draw(water: Water, cells: Cells, volume: float, level: float) -> float:
    """Take `volume` m3 from what stands above `level` m, in proportion to it; return the m3 taken, never more."""
    part = _part_above(water, cells, level)
    there = float(part.sum())
    if there <= 0 or volume <= 0:
        return 0.0
    return -water.add(cells, -part * min(1.0, volume / there))


def _part_above(water: Water, cells: Cells, level: float) -> NDArray[np.float64]:
    """Return (n,) m3 of water that stands above a level in each cell."""
    return np.asarray(np.clip(water.level_at(cells) - level, 0.0, water.depth_at(cells)) * water.area_at(cells))


def wet_area(water: Water, cells: Cells) -> float:
    """Return the m2 of the cells that hold water; of all of them when none does."""
    area = water.area_at(cells)
    return float(area[water.depth_at(cells) > 0].sum()) or float(area.sum())


def to_equal(up_area: float, down_area: float, head: float) -> float:
    """Return the m3 that, moved from one basin to the other, makes their levels equal.

    up_area, down_area  m2 of water on either side; head  m between their levels
    """
    return head * up_area * down_area / (up_area + down_area)
