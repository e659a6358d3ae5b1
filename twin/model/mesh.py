"""Shapes in three dimensions that are too large to be rows: they are stored as glTF beside the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One body of a model: vertices (n, 3) float64 m, faces (m, 3) int64, colour red, green, blue, alpha 0..1."""

    id: str
    kind: str
    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    colour: tuple[float, float, float, float] = (0.8, 0.8, 0.8, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model of one building.

    id      id of the building feature it shows
    parts   bodies in local metres: x east, y north, z up, measured from `origin`
    origin  x, y, z in `crs`; z above the height datum `vertical`
    """

    id: str
    parts: Sequence[Part]
    origin: tuple[float, float, float]
    crs: str | None
    vertical: str | None = None
