"""A made-up city of 600,000 buildings for work at scale: footprints in neighbourhoods over 30 x 30 km, and terrain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.gaon import plan
from ingest.gaon.shapes import dice

BUILDINGS = 600_000
#: m, side of the square city, of a block with its streets, of a cell of the terrain; places for houses in a block
SIDE, BLOCK, CELL = 30_000.0, 100.0, 30.0
SLOTS = 24
#: rows in one file: memory of a reader, not of the city
PER_FILE = 100_000
#: EPSG:5186 of the south-west corner
ORIGIN = np.array([186_000.0, 530_000.0])


def write(folder: Path, buildings: int, progress: Callable[[float], None] | None = None) -> list[Path]:
    """Return the files: terrain, then footprints as GeoParquet in parts of 100,000."""
    terrain_file = folder / "gaon_metropolis_terrain.tif"
    write_terrain(terrain_file)
    files = [terrain_file]
    count = math.ceil(buildings / PER_FILE)
    for number, table in enumerate(parts(buildings), 1):
        file = folder / f"gaon_metropolis_building_{number:02d}.parquet"
        table.to_parquet(file, index=False, compression="zstd")
        files.append(file)
        if progress:
            progress(number / count)
    (folder / "README_fictional_가상.txt").write_text(plan.FICTION + "\n", "utf-8")
    return files


def parts(buildings: int) -> Iterator[Any]:
    """Yield the city as GeoDataFrames of at most 100,000 footprints, neighbourhood after neighbourhood."""
    import geopandas

    random = dice("metropolis")
    blocks = neighbourhoods(math.ceil(buildings / SLOTS), random)
    for start in range(0, buildings, PER_FILE):
        rows = np.arange(start, min(start + PER_FILE, buildings))
        shapes = footprints(rows, blocks, random)
        tall = (rows // SLOTS * 7919) % 23 == 0
        storeys = np.where(tall, random.integers(9, 26, len(rows)), random.integers(1, 6, len(rows)))
        year = random.integers(1965, 2024, len(rows))
        half = ~tall & (year < 2001) & (random.random(len(rows)) < 0.2)
        area = shapely.area(shapes)
        yield geopandas.GeoDataFrame(
            {
                "register_id": [f"99{n // 10_000 + 100:03d}101001{n % 10_000:04d}0000{n:06d}" for n in rows.tolist()],
                "use": np.where(tall, "apartment", np.where(storeys == 5, "commercial", "residential")),
                "structure": np.where(year < 1990, "masonry", "concrete"),
                "height": np.round(storeys * 2.9 + 0.6, 1),
                "storeys": storeys.astype(np.int32),
                "basements": half.astype(np.int32),
                "half_basement": half,
                "year": year.astype(np.int32),
                "floor_area": np.round(area * storeys, 1),
                "residents": np.round(area * storeys / 32.0).astype(np.int32),
            },
            geometry=shapes, crs=plan.CRS,
        )  # fmt: skip


def neighbourhoods(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Return the south-west corners of `count` blocks in m, (count, 2), most of them near one of 60 centres."""
    side = int(SIDE / BLOCK)
    column, row = (a.ravel() for a in np.meshgrid(np.arange(side), np.arange(side)))
    x, y = column * BLOCK, row * BLOCK
    centres = random.uniform(0.08, 0.92, (60, 2)) * SIDE
    reach = random.uniform(900, 3200, 60)
    pull = np.zeros(len(x))
    for (cx, cy), far in zip(centres, reach, strict=True):
        pull = np.maximum(pull, np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * far**2)))
    river = 900 * np.sin(x / SIDE * 7) + SIDE * 0.45
    pull = np.where(np.abs(y - river) < 500, 0.0, pull + random.uniform(0, 0.15, len(x)))
    best = np.sort(np.argsort(-pull, kind="stable")[:count])
    return np.column_stack([x[best], y[best]])


def footprints(rows: NDArray[np.int64], blocks: NDArray[np.float64], random: np.random.Generator) -> Any:
    """Return the footprints of these places: houses with a corner taken out, four rows of six in a block."""
    block, slot = blocks[rows // SLOTS], rows % SLOTS
    x0, y0 = block[:, 0] + 6 + slot % 6 * 15.0, block[:, 1] + 6 + slot // 6 * 22.5
    wide, deep = random.uniform(8.5, 13.5, len(rows)), random.uniform(9.0, 18.0, len(rows))
    cut_x, cut_y = wide * random.uniform(0.3, 0.7, len(rows)), deep * random.uniform(0.3, 0.7, len(rows))
    zero = np.zeros(len(rows))
    ring_x = np.stack([zero, wide, wide, cut_x, cut_x, zero, zero], axis=1) + x0[:, None]
    ring_y = np.stack([zero, zero, cut_y, cut_y, deep, deep, zero], axis=1) + y0[:, None]
    xy = np.round(np.stack([ring_x, ring_y], axis=2) + ORIGIN, 2)
    return shapely.polygons(xy)


def write_terrain(file: Path) -> None:
    """Write a terrain of hills around a plain, in m above KVD1964, 30 m cells."""
    import rasterio
    from rasterio import Affine
    from rasterio.crs import CRS
    from scipy.ndimage import gaussian_filter

    side = int(SIDE / CELL)
    noise = dice("metropolis ground").standard_normal((side, side))
    hills = np.maximum(gaussian_filter(noise, 60) * 60 * 220 - 40, 0) + gaussian_filter(noise, 12) * 12 * 4
    level = np.round(22 + hills, 2).astype(np.float32)
    crs = CRS.from_string(f"{plan.CRS}+{plan.VERTICAL[5:]}")
    with rasterio.open(
        file, "w", driver="GTiff", width=side, height=side, count=1, dtype="float32", crs=crs, nodata=-9999.0,
        transform=Affine(CELL, 0, ORIGIN[0], 0, -CELL, ORIGIN[1] + SIDE), compress="deflate", predictor=3, tiled=True,
        blockxsize=256, blockysize=256,
    ) as data:  # fmt: skip
        data.write(level, 1)
        data.update_tags(TIFFTAG_IMAGEDESCRIPTION="Gaon is a made-up city (fictional data), not a real place.")
