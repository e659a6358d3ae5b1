"""What the flood cases ask of the engine: a source, the error of the volume, columns of a channel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.model.scenario import Series
from twin.physics.shallow_water.engine import ShallowWater
from twin.physics.shallow_water.structures import ENTERS, LEAVES
from twin.physics.shallow_water.structures.source import Source

ROWS = 4
"""Of a channel that is the same all across."""


def discharge(water: ShallowWater, name: str, cells: Sequence[tuple[int, int]], flow: Series) -> None:
    """Let `flow` m3 s-1 enter, spread over cells, rows and columns."""
    rows, columns = np.array(cells, np.intp).T
    water.put(Source(name, (rows, columns), flow))


def volume_error(water: ShallowWater) -> float:
    """Return the water gained or lost without a reason, over what there is or has come in, whichever is more."""
    parts = water.budget()
    entered = sum(parts[name] for name in ("rain", "edge_in", *ENTERS))
    left = sum(parts[name] for name in ("edge_out", *LEAVES))
    stored = water.stored()
    return abs(stored - water.stored_at_start - entered + left) / max(entered, stored)


def across(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a profile, (nx,), as a channel, (ROWS, nx)."""
    return np.tile(profile, (ROWS, 1))


def rmse(found: NDArray[np.floating], wanted: NDArray[np.floating]) -> float:
    """Return the root of the mean square of the difference."""
    return float(np.sqrt(np.mean((found - wanted) ** 2)))
