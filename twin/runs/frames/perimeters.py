"""Perimeters of a fire: the ground it has reached by each frame as polygons, for maps and for other programs.

They run along the edges of cells, so that their area is that of the cells: nothing is smoothed that was not computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError
from twin.runs.frames.store import open_frames

if TYPE_CHECKING:
    import shapely

    from twin.model.field import Grid
    from twin.runs.frames.store import Frames
    from twin.store import City

ARRIVAL = "fire_arrival"
DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG"}
"""Suffix of a file of perimeters -> what writes it."""
DEGREES = "EPSG:4326"
"""What GeoJSON is in (RFC 7946)."""


@dataclass(frozen=True, slots=True, eq=False)
class Perimeter:
    """What the fire has reached by a time.

    time      s from the start of the run; moment: the same, aware
    area      m2, without what did not burn inside it; length m of its outlines, inner ones too
    polygons  in the coordinates of the city
    """

    time: float
    moment: datetime
    area: float
    length: float
    polygons: shapely.MultiPolygon


def perimeters(city: City, run_id: str) -> tuple[Perimeter, ...]:
    """Return the perimeter at each frame of a run from the first at which something has burnt.

    run_id  id of a run, or a unique beginning of it; of an ensemble the median of the members

    Raises MissingError (no such run, or its frames are gone) and UsageError (it is of no fire).
    """
    return tuple(perimeters_of(open_frames(city, run_id)))


def perimeters_of(frames: Frames) -> Iterator[Perimeter]:
    """Yield the perimeter at each frame at which something has burnt. Raises UsageError without arrival times."""
    if ARRIVAL not in frames.summaries:
        raise UsageError(f"{frames.path}: the run has no '{ARRIVAL}', so there are no perimeters; it is of no fire")
    arrival = np.nan_to_num(frames.summary(ARRIVAL), nan=np.inf)
    for time in frames.times:
        reached = arrival <= np.float32(time)
        if reached.any():
            shape = outlines(reached, frames.grid)
            area = float(np.count_nonzero(reached)) * frames.grid.cell**2
            yield Perimeter(time, frames.start + timedelta(seconds=time), area, float(shape.length), shape)


def outlines(cells: NDArray[np.bool_], grid: Grid) -> shapely.MultiPolygon:
    """Return the outlines of marked cells (ny, nx) as polygons with holes; cells that touch at a corner are two."""
    import shapely
    from affine import Affine
    from rasterio.features import shapes
    from shapely.geometry import shape

    to_city = Affine(grid.cell, 0.0, grid.west, 0.0, grid.cell, grid.south)
    found = shapes(cells.astype(np.uint8), mask=cells, connectivity=4, transform=to_city)
    parts = np.array([shape(geometry) for geometry, _ in found], dtype=object)
    order = np.argsort(-shapely.area(parts), kind="stable")
    return shapely.MultiPolygon(list(shapely.orient_polygons(parts[order])))


def write_perimeters(frames: Frames, file: Path, tags: Mapping[str, str]) -> None:
    """Write the perimeters of a run: one feature per frame with `time_s`, `time`, `area_ha`, `length_m` and `tags`.

    file  .geojson (longitude and latitude, RFC 7946) or .gpkg (the city's own system)

    The file is there whole or not at all. Raises UsageError when nothing has burnt by any frame.
    """
    import geopandas as gpd

    found = list(perimeters_of(frames))
    if not found:
        raise UsageError(f"{frames.path}: nothing has burnt by any frame; there is no perimeter to write")
    columns: dict[str, list[Any]] = {
        "time_s": [p.time for p in found],
        "time": [p.moment.isoformat() for p in found],
        "area_ha": [p.area / 1e4 for p in found],
        "length_m": [p.length for p in found],
        **{name: [value] * len(found) for name, value in tags.items()},
    }
    table = gpd.GeoDataFrame(columns, geometry=[p.polygons for p in found], crs=frames.grid.crs)
    suffix = file.suffix.lower()
    part = file.with_name(f".{file.stem}.part{suffix}")
    more: dict[str, Any] = {"RFC7946": "YES"} if suffix == ".geojson" else {"layer": "perimeters"}
    try:
        out = table.to_crs(DEGREES) if suffix == ".geojson" else table
        out.to_file(part, driver=DRIVERS[suffix], engine="pyogrio", **more)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
