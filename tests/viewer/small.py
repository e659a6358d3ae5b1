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
from twin.runs.frames.store import FrameWriter
from twin.runs.frames.things import Things
from twin.runs.provenance import write_record

if TYPE_CHECKING:
    from twin.store import City

CRS = "EPSG:5186"
WEST, SOUTH = 201_000.0, 466_000.0
RUN = "small0001"
START = datetime(2026, 7, 15, 13, tzinfo=UTC)
MEMBERS = "small0many"
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


def ensemble(city: City) -> str:
    """Add an ensemble of four members over the same ground and return the id of its run."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    grid, folder = Grid(CRS, WEST, SOUTH, 5.0, 36, 36), city.runs.folder(MEMBERS)
    most = depth(grid, 1.0)
    writer = FrameWriter(folder, grid, START, ("depth", "exceedance_now"), {"run": MEMBERS})
    for i in range(3):
        writer.add(Frame(600.0 * i, {"depth": 0.5 * i * most, "exceedance_now": np.clip(0.4 * i * most, 0, 1)}))
    quantiles = {f"max_depth_p{p}": most * p / 50 for p in (10, 50, 90)}
    share = {"threshold_m": 0.3, "members": 4}
    writer.close(
        {"max_depth": most, "exceedance": np.clip(most, 0, 1), **quantiles},
        notes={"exceedance": share, "exceedance_now": share, "depth": {"members": 4}},
    )
    ids = [f"b{i:05d}" for i in range(9)]
    shares = [0.0, 0.25, 0.5, 0.75, 1.0, 0.0, 0.0, 0.25, 0.0]
    table = {"id": ids, "probability": shares, **{f"depth_p{p}": [s * p / 50 for s in shares] for p in (10, 50, 90)}}
    pq.write_table(pa.table(table), folder / "buildings.parquet")
    spread = {"members": 4, "threshold": 0.3, "rain_cv": 0.3, "rain_shift": 300.0, "roughness_cv": 0.0}
    facts = {
        "asked": 5, "members": 4, "threshold_m": 0.3, "spread": spread, "stopped": "",
        "missing": [{"member": 3, "error": "UnstableError: cell 3"}],
        "buildings_with_probability": {"0.05": 5, "0.5": 3, "0.9": 1},
    }  # fmt: skip
    write_record(folder, {"ensemble": facts, "findings": []})
    run = Run(
        MEMBERS, "집중호우 · 앙상블 5", "hash", "flood", "partial", 3, grid.nx * grid.ny, 1200.0, 1.0, 10,
        Budget(1000.0, 100.0, 900.0, 3e-12), START, city.snapshot, "0.1.0", members=4,
    )  # fmt: skip
    city.runs.add(run, SCENARIO)
    return MEMBERS


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
    folder, things = city.runs.folder(RUN), Things()
    ground = city.rasters.read("elevation", grid).values
    writer = FrameWriter(
        folder, grid, START, ("depth", "velocity_x", "velocity_y"), {"run": RUN}, {"elevation": ground}
    )
    for i in range(frames):
        here = depth(grid, i / (frames - 1))
        below = {"U1": 0.5 * i, "U2": 0.0}, {"b00001": 0.1 * i, "b00002": 0.0}
        frame = Frame(
            600.0 * i,
            {"depth": here, "velocity_x": 0.2 * here, "velocity_y": np.zeros_like(here)},
            {"underpass_depth": below[0], "basement_depth": below[1], "pump_rate": {"P1": 0.25 * (i > 2)}},
        )
        writer.add(frame)
        things.add(frame)
    most = depth(grid, 1.0)
    arrival = np.where(most > 0, np.float32(1200.0), np.float32(np.nan))
    writer.close(
        {
            "max_depth": most, "max_speed": 0.2 * most, "max_hazard": 0.2 * most**2, "max_rating": most * (0.2 * most + 0.5),
            "duration": 60.0 * most, "arrival": arrival, "max_level": np.where(most > 0, ground + most, np.nan),
        }
    )  # fmt: skip
    things.write(folder)
    parts = {"rain": 900.0, "inflow": 100.0, "edge_out": 100.0, "infiltrated": 0.0, "drained": 0.0}
    budget = Budget(1000.0, 100.0, 900.0, 3e-12, parts)
    books = [
        {"time": 600.0 * i, "in": 200.0 * i, "out": 20.0 * i, "stored": 180.0 * i, "error_relative": 3e-12,
         "parts": {name: value * i / (frames - 1) for name, value in parts.items()}}
        for i in range(frames)
    ]  # fmt: skip
    limits = {"water_enters": 700.0, "stairs_hard": 1300.0}
    write_record(
        folder,
        {
            "error": "cancelled",
            "findings": [
                {"severity": "info", "code": "assumed", "message": "1 wall <b>assumed</b>", "where": "b1"},
                {"severity": "warning", "code": "pump_left_out", "message": "no rate", "where": "P9"},
            ],
            "measures": [{"action": {"kind": "pump", "at": 600.0, "target": "P1"}, "note": "pump 'P1' runs"}],
            "storages": [
                {"id": "U1", "kind": "underpass", "capacity_m3": 400.0, "volume_m3": 100.0, "deepest_m": 2.6, "limits": limits}
            ],
            "budget_per_frame": books,
        },
    )  # fmt: skip
    run = Run(
        RUN, "시간당 70 mm 집중호우", "hash", "flood", "done", frames, grid.nx * grid.ny, 600.0 * (frames - 1), 1.0, 10,
        budget, START, city.snapshot, "0.1.0", "Ritter dam break within 2 % of the analytic front.", "Cloudburst of 70 mm an hour",
    )  # fmt: skip
    city.runs.add(run, SCENARIO)
