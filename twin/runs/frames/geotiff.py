"""Fields as GeoTIFF, cloud-optimised: tiles, overviews, the coordinate system and where the values come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.names import QUANTITIES

if TYPE_CHECKING:
    from twin.runs.frames.store import Frames

NODATA = -9999.0


def write_geotiff(
    frames: Frames, quantity: str, file: Path, numbers: Sequence[int] | None, tags: Mapping[str, str]
) -> None:
    """Write one band per frame, or one with a field of the whole run; row 0 of the file is the north row.

    numbers  frames to write; None: `quantity` is a field of the whole run
    tags     of the whole file; each band of a frame gets `time_s` and `time` (ISO 8601, in the scenario's zone)

    Cells without a value are `NODATA`. The file is there whole or not at all.
    """
    import rasterio
    import rasterio.shutil
    from affine import Affine

    grid, unit = frames.grid, QUANTITIES[quantity].unit
    _, _, _, north = grid.bounds
    plain, part = file.with_name(f".{file.name}.plain.tif"), file.with_name(f".{file.name}.part.tif")
    try:
        with rasterio.open(
            plain, "w", driver="GTiff", width=grid.nx, height=grid.ny, count=1 if numbers is None else len(numbers),
            dtype="float32", crs=grid.crs, transform=Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, north),
            nodata=NODATA, tiled=True, bigtiff="if_safer",
        ) as data:  # fmt: skip
            data.update_tags(**tags, quantity=quantity, units=unit)
            for band, number in enumerate([None] if numbers is None else numbers, start=1):
                moment = {} if number is None else moment_of(frames, number)
                if number is None:
                    values = frames.summary(quantity) if quantity in frames.summaries else frames.constant(quantity)
                else:
                    values = frames.read(quantity, number)
                data.write(np.where(np.isfinite(values), values, NODATA).astype(np.float32)[::-1], band)
                data.set_band_description(band, " ".join([QUANTITIES[quantity].en, *list(moment.values())[1:]]))
                data.set_band_unit(band, unit)
                data.update_tags(band, **moment)
                if numbers is not None and len(numbers) == 1:
                    data.update_tags(**moment)
        rasterio.shutil.copy(
            plain, part, driver="COG", compress="deflate", predictor="floating_point", bigtiff="if_safer",
            overview_resampling="average", num_threads="2",
        )  # fmt: skip
        part.replace(file)
    finally:
        for left in (plain, part):
            left.unlink(missing_ok=True)


def moment_of(frames: Frames, number: int) -> dict[str, str]:
    """Return when a frame is: `time_s` from the start, and `time` as ISO 8601."""
    seconds = frames.times[number]
    return {"time_s": f"{seconds:g}", "time": (frames.start + timedelta(seconds=seconds)).isoformat()}
