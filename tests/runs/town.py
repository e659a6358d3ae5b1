"""A small town on a tilted plane with a basin: water runs to one place, and everybody can see where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from twin import store
from twin.model.feature import Features
from twin.model.field import Field, Grid
from twin.store import City

CRS = "EPSG:5186"
WEST, SOUTH, CELL = 200_000.0, 450_000.0, 5.0
TERRAIN = Grid(CRS, WEST, SOUTH, CELL, 60, 40)
#: centre of the basin in m from the corner, its radius and depth
BASIN = (200.0, 100.0, 60.0, 3.0)

SCENARIO = """
title = "분지에 비"
title_en = "Rain on a basin"
hazard = "flood"
start = 2026-07-15T15:00:00+09:00
duration_min = 40
frame_every_min = 10
cell_m = 5
edges = "closed"
[rain]
depth_mm = 60
duration_min = 20
shape = "uniform"
"""


def ground() -> np.ndarray:
    """Return (ny, nx) m: a plane falling 1 % to the east, with a parabolic basin in it."""
    x = (np.arange(TERRAIN.nx) + 0.5) * CELL
    y = ((np.arange(TERRAIN.ny) + 0.5) * CELL)[:, None]
    u, v, radius, depth = BASIN
    away = ((x - u) ** 2 + (y - v) ** 2) / radius**2
    return 20 - 0.01 * x - depth * np.maximum(0, 1 - away)


def batch(kind: str, ids: list[str], shapes: list[object], **attributes: list[object]) -> Features:
    """Return a batch of features, places in m from the corner of the town."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = [shapely.transform(s, lambda xy: xy + np.array([WEST, SOUTH])) for s in shapes]
    return Features(kind, ids, geometry, CRS, attributes, np.arange(1, len(ids) + 1), vertical="EPSG:5193")


BUILDINGS = batch(
    "building",
    ["high-1", "high-2", "low-1", "low-2", "low-3"],
    [
        shapely.box(20, 20, 32, 30),
        shapely.box(20, 160, 32, 170),
        shapely.box(190, 92, 202, 102),
        shapely.box(205, 105, 215, 115),
        shapely.box(186, 106, 196, 114),
    ],
    name=["언덕집", "언덕빌라", "분지빌라", "분지상가", "분지주택"],
    use=["residential", "residential", "apartment", "commercial", "residential"],
    height=[9.0, 9.0, 12.0, 6.0, 3.0],
    storeys=[3, 3, 4, 2, 1],
    residents=[6, 6, 24, 0, 3],
    half_basement=[False, True, True, False, None],
    first_floor=[0.0, 0.0, 0.2, None, 0.1],
)


def town(folder: Path, *more: Features, terrain: bool = True) -> City:
    """Return an open twin with the terrain, the five buildings and what else is given."""
    city = store.create(folder / "town.twin", crs=CRS, vertical="EPSG:5193")
    with city.writing(file="town", sha256="0" * 64, reader="test") as tx:
        if terrain:
            tx.raster(Field("elevation", ground(), TERRAIN, "EPSG:5193"), "ground")
        for features in (BUILDINGS, *more):
            tx.features(features)
        tx.finish({})
    return city


def document(folder: Path, text: str = SCENARIO) -> Path:
    """Return the path of a scenario document with this text."""
    path = folder / "rain.toml"
    path.write_text(text)
    return path
