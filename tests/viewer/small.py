"""A small city with a flood, made through the store itself: terrain, buildings with hostile names, sensors, a run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from twin import store
from twin.model.feature import Features
from twin.model.field import Field, Grid
from twin.model.observation import Datastream, Observations, Thing
from twin.model.run import Budget, Frame, Run
from twin.runs.frames import FrameWriter

if TYPE_CHECKING:
    from twin.store import City

CRS = "EPSG:5186"
WEST, SOUTH = 201_000.0, 466_000.0
RUN = "small0001"
START = datetime(2026, 7, 15, 13, tzinfo=UTC)
SCENARIO = 'title = "집중호우"\nhazard = "flood"\nstart = 2026-07-15T22:00:00+09:00\n'


def build(path: Path, names: list[str] | None = None, across: int = 8, frames: int = 6) -> City:
    """Return a new city of `across` x `across` blocks of 60 m, open; the first buildings are called `names`."""
    side = 60.0 * across
    city = store.create(path, crs=CRS, vertical="EPSG:5193")
    grid = Grid(CRS, WEST, SOUTH, 5.0, int(side / 5), int(side / 5))
    x = (np.arange(grid.nx) + 0.5) / grid.nx
    rise = 18.0 + 14 * np.abs(x[None, :] - 0.5) + 25 * np.maximum(0, x[:, None] - 0.7) ** 1.5
    batches = [buildings(across, names or []), *lines(side)]
    with city.writing(
        file="small.gpkg", sha256="1" * 64, reader="vector", licence="가상 데이터 (fictional)", size=1
    ) as tx:
        tx.raster(Field("elevation", rise.astype(np.float32), grid, "EPSG:5193"), "ground")
        for batch in batches:
            tx.features(batch)
        tx.observations(observations(side))
        tx.finish({})
    flood(city, grid, frames)
    return city


def buildings(across: int, names: list[str]) -> Features:
    rng = np.random.default_rng(5)
    shapes, heights = [], []
    for i in range(across):
        for j in range(across):
            x, y = WEST + 60 * i + 12, SOUTH + 60 * j + 12
            tall = rng.random() < 0.15
            width, length = rng.uniform(14, 22), rng.uniform(22, 34)
            shapes.append(shapely.box(x, y, x + width, y + length))
            heights.append(round(float(rng.uniform(40, 70) if tall else rng.uniform(6, 18)), 1))
    n = len(shapes)
    called = [names[i] if i < len(names) else f"건물 {i}" for i in range(n)]
    return Features(
        "building",
        [f"b{i:05d}" for i in range(n)],
        np.array(shapes, dtype=object),
        CRS,
        {
            "name": called,
            "height": heights,
            "use": ["apartment" if h > 30 else "residential" for h in heights],
            "residents": [round(h / 3) * 6 for h in heights],
            "half_basement": [i % 5 == 0 for i in range(n)],
        },
        np.arange(1, n + 1),
    )


def lines(side: float) -> list[Features]:
    middle = WEST + side / 2
    river = shapely.LineString([(middle, SOUTH), (middle + 8, SOUTH + side / 2), (middle, SOUTH + side)]).buffer(9)
    roads = [
        shapely.LineString([(WEST + 60 * i + 3, SOUTH), (WEST + 60 * i + 3, SOUTH + side)])
        for i in range(int(side / 60))
    ]
    edge = shapely.box(WEST, SOUTH, WEST + side, SOUTH + side)
    return [
        Features("water", ["w1"], np.array([river], dtype=object), CRS, {"name": ["가온천"]}, np.array([1])),
        Features(
            "road", [f"r{i}" for i in range(len(roads))], np.array(roads, dtype=object), CRS,
            {"class": ["primary" if i % 4 == 0 else "residential" for i in range(len(roads))]}, np.arange(1, len(roads) + 1),
        ),
        Features("boundary", ["c"], np.array([edge], dtype=object), CRS, {"name": ["가온시"]}, np.array([1])),
    ]  # fmt: skip


def observations(side: float) -> Observations:
    things = [
        Thing("T1", "가온교 수위계", (WEST + side / 2 + 10, SOUTH + side / 2), CRS),
        Thing("T2", "시청 <b>우량계</b>", (WEST + side / 4, SOUTH + side / 3), CRS),
    ]
    streams = [
        Datastream("T1/level", "T1", "water_level", "m"),
        Datastream("T2/rain", "T2", "rain_rate", "m s-1"),
    ]
    time = np.datetime64("2026-07-13T00:00", "us") + np.arange(432) * np.timedelta64(10, "m")
    keep = np.ones(432, bool)
    keep[200:230] = False
    level = 20 + np.sin(np.arange(432) / 30) + np.random.default_rng(3).normal(0, 0.02, 432)
    rain = np.maximum(0, 60 * np.sin(np.arange(432) / 40)) * 1e-3 / 3600
    n = int(keep.sum())
    return Observations(
        things, streams, np.repeat(np.array([0, 1], np.int32), n), np.tile(time[keep], 2),
        np.concatenate([level[keep], rain[keep]]), np.arange(1, 2 * n + 1),
    )  # fmt: skip


def depth(grid: Grid, share: float) -> np.ndarray:
    """Return the depth of water when `share` of the flood has come: deepest along the river."""
    x = np.abs((np.arange(grid.nx) + 0.5) / grid.nx - 0.5)
    y = (np.arange(grid.ny) + 0.5) / grid.ny
    return np.maximum(0, 2.6 * share - 7 * x[None, :] - 0.8 * y[:, None]).astype(np.float32)


def flood(city: City, grid: Grid, frames: int) -> None:
    writer = FrameWriter(city.runs.folder(RUN), grid, START, ("depth",), {"run": RUN})
    for i in range(frames):
        writer.add(Frame(600.0 * i, {"depth": depth(grid, i / (frames - 1))}))
    most = depth(grid, 1.0)
    writer.close({"max_depth": most, "max_speed": 0.2 * most, "max_hazard": 0.2 * most**2})
    budget = Budget(1000.0, 100.0, 900.0, 3e-12)
    run = Run(
        RUN, "시간당 70 mm 집중호우", "hash", "flood", "done", frames, grid.nx * grid.ny, 600.0 * (frames - 1), 1.0, 10,
        budget, START, city.snapshot, "0.1.0", "Ritter dam break within 2 % of the analytic front.", "Cloudburst of 70 mm an hour",
    )  # fmt: skip
    city.runs.add(run, SCENARIO)
