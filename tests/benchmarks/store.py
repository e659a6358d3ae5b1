"""How fast the store takes footprints and readings in, and how fast it answers a viewport of 2 km.

The city is made up: L-shaped footprints in 300 clusters over 30 x 30 km of EPSG:5186, with the attributes of a
building register; 600,000 of them, 60,000 in the short form.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tests.measures import Measure
from twin import store
from twin.model.feature import Features
from twin.model.observation import Datastream, Observations, Thing

CRS, SIDE, BATCH = "EPSG:5186", 30_000.0, 20_000
WEST, SOUTH = 180_000.0, 360_000.0
OUTLINE = np.array([[0, 0], [1, 0], [1, 0.5], [0.5, 0.5], [0.5, 1], [0, 1], [0, 0]]) - 0.5


def places(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (n, 2) m: where buildings stand, in clusters of different width."""
    centres = rng.uniform((WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (300, 2))
    width = rng.uniform(200, 1800, 300)
    which = rng.integers(0, 300, n)
    return centres[which] + rng.normal(0, 1, (n, 2)) * width[which, None]


def footprints(place: NDArray[np.float64], first: int, rng: np.random.Generator) -> Features:
    """Return a batch of L-shaped buildings, turned at random."""
    n = len(place)
    size, angle = rng.uniform(5, 25, (n, 1, 2)), rng.uniform(0, np.pi, n)
    turn = np.stack([np.stack([np.cos(angle), np.sin(angle)], -1), np.stack([-np.sin(angle), np.cos(angle)], -1)], 1)
    shapes = shapely.polygons(np.matmul(OUTLINE[None] * size, turn) + place[:, None, :])
    storeys = rng.integers(1, 40, n)
    return Features(
        "building", [f"4413310{i:018d}" for i in range(first, first + n)], np.asarray(shapes, object), CRS,
        {
            "name": [f"건물 {i}" if i % 5 == 0 else None for i in range(n)], "height": (3.0 * storeys).tolist(),
            "storeys": storeys.tolist(), "use": ["residential" if s < 20 else "apartment" for s in storeys],
            "structure": ["concrete"] * n, "year": rng.integers(1960, 2025, n).tolist(),
        },
        np.arange(first, first + n),
    )  # fmt: skip


def series(n: int, rng: np.random.Generator) -> Observations:
    """Return n readings of 500 gauges, ten minutes apart."""
    streams = 500
    time_ = np.datetime64("2026-01-01", "us") + np.arange(n) // streams * np.timedelta64(10, "m")
    return Observations(
        [Thing(f"t{i}", f"t{i}") for i in range(streams)],
        [Datastream(f"d{i}", f"t{i}", "water_level", "m") for i in range(streams)],
        (np.arange(n) % streams).astype(np.int32), time_, rng.normal(2, 0.5, n).round(2), np.arange(n),
    )  # fmt: skip


def measure(short: bool) -> Iterator[Measure]:
    """Yield rows per second of both logs (making the data not counted) and the 95th percentile of 200 viewports."""
    n, m = (60_000, 100_000) if short else (600_000, 1_000_000)
    rng = np.random.default_rng(1)
    place = places(n, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.twin"
        with store.create(path, CRS) as city:
            spent = 0.0
            with city.writing(file="footprints", sha256="1", reader="bench") as tx:
                for first in range(0, n, BATCH):
                    batch = footprints(place[first : first + BATCH], first, rng)
                    begin = time.perf_counter()
                    tx.features(batch)
                    spent += time.perf_counter() - begin
                begin = time.perf_counter()
            spent += time.perf_counter() - begin
            readings = series(m, rng)
            begin = time.perf_counter()
            with city.writing(file="readings", sha256="2", reader="bench") as tx:
                tx.observations(readings)
            observed = time.perf_counter() - begin
        with store.open_city(path) as city:
            waits = [_wait(city, centre) for centre in place[rng.integers(0, n, 210)]][
                10:
            ]  # the first ones load libraries
    yield Measure("store.viewport_2km_p95_ms", float(np.percentile(waits, 95)), "ms", "<= 10")
    yield Measure("store.features_per_s", n / spent, "1/s")
    yield Measure("store.observations_per_s", m / observed, "1/s")


def _wait(city: store.City, centre: NDArray[np.float64]) -> float:
    x, y = map(float, centre)
    begin = time.perf_counter()
    city.features.viewport("building", (x - 1000, y - 1000, x + 1000, y + 1000))
    return (time.perf_counter() - begin) * 1000
