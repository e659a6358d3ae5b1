"""Terrain, fuel and the crowns of the woods as GeoTIFF."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.gaon import plan, terrain, water
from ingest.gaon.city import district
from ingest.gaon.shapes import dice
from twin.names import QUANTITIES

#: standard fuel models (Scott and Burgan 2005): not burnable, grass, shrub, timber litter and understorey
URBAN, WATER, GRASS, BROADLEAF, PINE, MIXED = 91, 98, 102, 182, 188, 165
#: m, how far a kerb lifts a plot above the road
KERB = 0.15

#: crowns by fuel model: pine, broad-leaved wood before it is in leaf, both mixed; all invented
CROWNS: dict[str, dict[int, float]] = {
    "canopy_cover": {PINE: 0.70, BROADLEAF: 0.45, MIXED: 0.60},
    "canopy_height": {PINE: 12.0, BROADLEAF: 13.0, MIXED: 12.0},
    "canopy_base_height": {PINE: 1.5, BROADLEAF: 4.0, MIXED: 1.5},
    "canopy_bulk_density": {PINE: 0.15, BROADLEAF: 0.03, MIXED: 0.10},
}


def write_terrain(file: Path) -> None:
    """Write bare ground in m above KVD1964: roads a kerb's height below the plots beside them."""
    level = terrain.ground().level
    on_ground = [r.area for r in district().roads if r.level == 0 and r.grade != "footway"]
    paved = burn([(shape, 1) for shape in on_ground])
    _write(
        file,
        np.round(level - KERB * (paved == 1), 2).astype(np.float32),
        f"{plan.CRS}+{plan.VERTICAL[5:]}",
        "elevation",
        -9999.0,
        3,
    )


@cache
def fuels() -> NDArray[np.int16]:
    """Return (ny, nx) the number of the surface fuel model of every cell, row 0 south."""
    ground: dict[str, int] = {"forest": PINE, "park": GRASS, "farmland": GRASS, "grass": GRASS}
    from scipy.ndimage import gaussian_filter

    fuel = burn([(shape, ground[name]) for name, shape in district().open if name in ground], URBAN)
    mix = gaussian_filter(dice("fuel").standard_normal(fuel.shape), 18)
    wooded = fuel == PINE
    fuel[wooded & (mix > 0.012)] = BROADLEAF
    fuel[wooded & (mix < -0.012)] = MIXED
    fuel[burn([(shape, 1) for _, _, shape in water.surface()]) == 1] = WATER
    return fuel


def write_fuel(file: Path) -> None:
    """Write the number of the surface fuel model of every cell, and the declaration that says so."""
    _write(file, fuels().astype(np.uint8), plan.CRS, "fuel_model", None, 2)
    _declare(file, "fuel_model", "Scott & Burgan (2005) fuel model numbers")


def write_crowns(file: Path, quantity: str) -> None:
    """Write a quantity of `CROWNS` for every cell, 0 where no wood grows."""
    values = np.zeros(fuels().shape, np.float32)
    for model, value in CROWNS[quantity].items():
        values[fuels() == model] = value
    _write(file, values, plan.CRS, quantity, None, 3)
    _declare(file, quantity, f"{QUANTITIES[quantity].en}, unit {QUANTITIES[quantity].unit}")


def _declare(file: Path, quantity: str, meaning: str) -> None:
    """Write the declaration that says what a raster holds."""
    text = f'# {plan.FICTION}\n# {meaning}\n[raster]\nquantity = "{quantity}"\n'
    file.with_name(file.name + ".toml").write_text(text, "utf-8")


def burn(shapes: list[tuple[Any, int]], empty: int = 0) -> NDArray[np.int16]:
    """Return (ny, nx) int16, row 0 south: the value of the last shape that covers a cell's centre."""
    from rasterio import Affine
    from rasterio.features import rasterize

    shape = terrain.ground().level.shape
    out: NDArray[np.int16] = rasterize(
        shapes, shape, fill=empty, transform=Affine(terrain.CELL, 0, 0, 0, -terrain.CELL, plan.HEIGHT), dtype="int16"
    )[::-1]
    return out


def _write(file: Path, values: NDArray[Any], crs: str, quantity: str, nodata: float | None, predictor: int) -> None:
    import rasterio
    from rasterio import Affine
    from rasterio.crs import CRS

    with rasterio.open(
        file, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype,
        crs=CRS.from_string(crs),
        transform=Affine(terrain.CELL, 0, plan.WEST, 0, -terrain.CELL, plan.SOUTH + plan.HEIGHT),
        nodata=nodata, compress="deflate", predictor=predictor, tiled=True, blockxsize=256, blockysize=256,
    ) as data:  # fmt: skip
        data.write(values[::-1], 1)
        data.set_band_description(1, quantity)
        data.update_tags(TIFFTAG_IMAGEDESCRIPTION=plan.FICTION.encode("ascii", "ignore").decode().strip())
