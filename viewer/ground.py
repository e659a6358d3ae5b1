"""Where things are on the map: the city's metres to longitude and latitude, grids to pictures in Web Mercator.

A grid of a city is slightly turned against the meridians; a picture of it is therefore resampled, through the
same transformation as the buildings, so that water and walls fall on each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry import crs

if TYPE_CHECKING:
    from twin.model.field import Bounds, Grid

#: the system of the map's pictures, and the one of its coordinates
MERCATOR, LON_LAT = "EPSG:3857", "EPSG:4326"

#: no picture is larger than this on a side
LARGEST = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture frame over a grid: row 0 north, square pixels in Web Mercator.

    bounds  west, south, east, north in degrees
    rows, columns  (height, width) float32: where each pixel's centre lies in the grid, in cells, 0 = centre of the
                   first; inside  (height, width) bool: whether it lies on the grid at all
    """

    bounds: Bounds
    rows: NDArray[np.float32]
    columns: NDArray[np.float32]
    inside: NDArray[np.bool_]

    def lay(
        self, values: NDArray[np.floating], outside: float | None = None, *, blend: bool = True
    ) -> NDArray[np.float32]:
        """Return (height, width) float32: `values` ((ny, nx), row 0 south) at the pixels.

        outside  what pixels beside the grid get; None: 0, or NaN where nothing is blended
        blend    straight between cell centres, NaN taken as 0; False: each pixel has the value of its cell
        """
        if not blend:
            ny, nx = values.shape
            row = np.clip(np.rint(self.rows), 0, ny - 1).astype(np.intp)
            column = np.clip(np.rint(self.columns), 0, nx - 1).astype(np.intp)
            rest = np.nan if outside is None else outside
            return np.where(self.inside, values[row, column], rest).astype(np.float32)
        from scipy.ndimage import map_coordinates

        laid = map_coordinates(np.nan_to_num(values), (self.rows, self.columns), np.float32, order=1, mode="nearest")
        return np.where(self.inside, laid, np.float32(outside or 0.0))


def sheet(grid: Grid) -> Sheet:
    """Return the picture frame over a grid, with about one pixel per cell."""
    west, south, east, north = grid.bounds
    step = np.linspace(0.0, 1.0, 33)
    edge_x = np.concatenate([west + (east - west) * step] * 2 + [np.full(33, west), np.full(33, east)])
    edge_y = np.concatenate([np.full(33, south), np.full(33, north)] + [south + (north - south) * step] * 2)
    x, y = crs.convert_xy(edge_x, edge_y, grid.crs, MERCATOR)
    # a Web Mercator metre is shorter than a metre on the ground: measure the grid itself
    pixel = max((x.max() - x.min()) / grid.nx, (y.max() - y.min()) / grid.ny)
    pixel *= max(1.0, grid.nx / LARGEST, grid.ny / LARGEST)
    width, height = int(np.ceil((x.max() - x.min()) / pixel)), int(np.ceil((y.max() - y.min()) / pixel))
    left, top = float(x.min()), float(y.max())
    at_x, at_y = np.meshgrid(left + (np.arange(width) + 0.5) * pixel, top - (np.arange(height) + 0.5) * pixel)
    here_x, here_y = crs.convert_xy(at_x.ravel(), at_y.ravel(), MERCATOR, grid.crs)
    columns = ((here_x - west) / grid.cell - 0.5).reshape(height, width)
    rows = ((here_y - south) / grid.cell - 0.5).reshape(height, width)
    inside = (columns >= -0.5) & (columns <= grid.nx - 0.5) & (rows >= -0.5) & (rows <= grid.ny - 0.5)
    lon, lat = crs.convert_xy([left, left + width * pixel], [top - height * pixel, top], MERCATOR, LON_LAT)
    bounds = (float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1]))
    return Sheet(bounds, rows.astype(np.float32), columns.astype(np.float32), inside)


def lon_lat(geometries: NDArray[np.object_], source: str | None) -> NDArray[np.object_]:
    """Return shapely geometries in longitude and latitude, flat, to 6 decimals (0.1 m).

    source  the coordinate system they are in
    """
    import shapely

    assert source is not None
    moved = crs.convert(shapely.force_2d(geometries), source, LON_LAT)
    return np.asarray(shapely.transform(moved, lambda xy: np.round(xy, 6)), dtype=object)


def point(x: float, y: float, source: str) -> tuple[float, float]:
    """Return longitude and latitude of one point, to 6 decimals."""
    lon, lat = crs.convert_xy([x], [y], source, LON_LAT)
    return round(float(lon[0]), 6), round(float(lat[0]), 6)


def union(boxes: list[Bounds]) -> Bounds | None:
    """Return the smallest box around boxes, None when there are none."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
