"""Small cities for the tests of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager

import numpy as np
import shapely

from twin.model.feature import Features
from twin.model.field import Field, Grid
from twin.model.mesh import Model, Part
from twin.model.observation import Datastream, Observations, Thing
from twin.store import City
from twin.store.writing import Transaction

CRS = "EPSG:5186"


def writing(city: City, file: str = "a.gpkg", **more: object) -> AbstractContextManager[Transaction]:
    sha = hashlib.sha256(file.encode(errors="surrogatepass")).hexdigest()
    return city.writing(file=file, sha256=sha, reader="vector", **more)


def boxes(ids: Sequence[str], *, kind: str = "building", layer: str | None = None, crs: str | None = CRS, at: float = 0.0,
          **attributes: Sequence[object]) -> Features:  # fmt: skip
    """Squares of 10 m along a line, 20 m apart."""
    x = at + 20.0 * np.arange(len(ids))
    shapes = np.asarray(shapely.box(x, 0.0, x + 10.0, 10.0), object).reshape(-1)
    return Features(kind, ids, shapes, crs, attributes, np.arange(1, len(ids) + 1), layer)


def readings(times: Sequence[str], values: Sequence[float], *, stream: str = "gauge:level", thing: str = "gauge",
             unit: str = "m", streams: Sequence[int] | None = None) -> Observations:  # fmt: skip
    n = len(times)
    return Observations(
        [Thing(thing, "수위계", (100.0, 200.0), CRS)],
        [Datastream(stream, thing, "water_level", unit)],
        np.zeros(n, np.int32) if streams is None else np.array(streams, np.int32),
        np.array(times, "datetime64[us]"),
        np.array(values, float),
        np.arange(1, n + 1),
    )


def plane(west: float, south: float, cell: float, nx: int, ny: int, *, quantity: str = "elevation", slope=(0.1, 0.2),
          vertical: str | None = None, dtype: str = "float64") -> Field:  # fmt: skip
    """A tilted plane, exact at cell centres."""
    x = west + cell * (np.arange(nx) + 0.5)
    y = south + cell * (np.arange(ny) + 0.5)
    values = (slope[0] * x[None, :] + slope[1] * y[:, None]).astype(dtype)
    return Field(quantity, values, Grid(CRS, west, south, cell, nx, ny), vertical)


def model(building: str = "b1", *, top: float = 3.0) -> Model:
    corners = np.array([[0, 0, 0], [4, 0, 0], [0, 5, 0], [0, 0, top]], float)
    faces = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
    parts = [Part("벽 1", "wall", corners, faces, (0.2, 0.4, 0.6, 0.8)), Part("slab", "slab", corners + 1.0, faces)]
    return Model(building, parts, (200_000.0, 600_000.0, 35.5), CRS, "EPSG:5193")
