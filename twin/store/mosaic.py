"""Lay rasters of different cells and places on one grid, block by block, without seams.

Rasters whose cells lie on one lattice are read as one sheet (a GDAL virtual raster held in memory), so that an
average or a line between two cells does not stop at the edge of a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import numpy as np

from twin.model.field import Bounds, Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio.enums import Resampling

#: quantities whose values are names of classes: no average, no line between two of them
CLASSES = frozenset({"fuel_model"})

_BANDS = {"float32": "Float32", "float64": "Float64"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A GeoTIFF with square cells, north at the top."""

    path: Path
    bounds: Bounds
    cell: float


def lay(sheets: Sequence[Sheet], grid: Grid, quantity: str) -> NDArray[np.floating]:
    """Return (ny, nx), row 0 south, NaN where no sheet has a value.

    sheets    in the grid's coordinate system, oldest first
    quantity  decides how values are joined: numbers by average or line, classes by majority
    """
    import rasterio

    near = [sheet for sheet in sheets if _overlap(_grown(sheet.bounds, sheet.cell), grid.bounds)]
    kinds = set()
    for sheet in near:
        with rasterio.open(sheet.path) as file:
            kinds.add(file.dtypes[0])
    dtype = np.dtype("float64" if "float64" in kinds else "float32")
    out = np.full(grid.shape, np.nan, dtype)
    for group in _lattices(near):
        _paint(out, grid, group, dtype, quantity)
    return np.ascontiguousarray(out[::-1])


def _lattices(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """Return the sheets in the order in which they cover each other, neighbours of one lattice together."""
    ordered = sorted(sheets, key=lambda sheet: -round(sheet.cell, 6))
    return [list(group) for _, group in groupby(ordered, _lattice)]


def _lattice(sheet: Sheet) -> tuple[float, float, float]:
    """Return the cell and where its corners stand between two multiples of it: equal for cells that coincide."""
    east, north = (round(edge % sheet.cell / sheet.cell, 3) % 1.0 for edge in sheet.bounds[:2])
    return round(sheet.cell, 6), east, north


def _paint(
    out: NDArray[np.floating], grid: Grid, sheets: Sequence[Sheet], dtype: np.dtype[np.floating], quantity: str
) -> None:
    """Lay one group over `out` ((ny, nx), row 0 *north*) wherever it has values."""
    import rasterio
    from rasterio.warp import reproject

    west, south, east, north = _hull([sheet.bounds for sheet in sheets])
    left, right = (np.clip((edge - grid.west) / grid.cell, 0, grid.nx) for edge in (west, east))
    top, bottom = (np.clip((grid.bounds[3] - edge) / grid.cell, 0, grid.ny) for edge in (north, south))
    first_column, first_row = int(left), int(top)
    columns, rows = int(np.ceil(right)) - first_column, int(np.ceil(bottom)) - first_row
    if columns < 1 or rows < 1:
        return
    piece = np.full((rows, columns), np.nan, dtype)
    corner = grid.west + first_column * grid.cell, grid.bounds[3] - first_row * grid.cell
    transform = rasterio.Affine(grid.cell, 0.0, corner[0], 0.0, -grid.cell, corner[1])
    with rasterio.open(_virtual(sheets, dtype)) as sheet:
        reproject(
            rasterio.band(sheet, 1), piece, src_crs=grid.crs, dst_crs=grid.crs, src_nodata=np.nan, dst_nodata=np.nan,
            dst_transform=transform, resampling=_how(grid, sheets[0], quantity), num_threads=2,
        )  # fmt: skip
    place = out[first_row : first_row + rows, first_column : first_column + columns]
    np.copyto(place, piece, where=~np.isnan(piece))


def _how(grid: Grid, sheet: Sheet, quantity: str) -> Resampling:
    """Return how values of the sheets become values of the grid; cells that coincide are copied to the last bit."""
    from rasterio.enums import Resampling

    own = Sheet(sheet.path, grid.bounds, grid.cell)
    coarser = round(grid.cell, 6) > round(sheet.cell, 6)
    if quantity in CLASSES:
        return Resampling.mode if coarser else Resampling.nearest
    if _lattice(own) == _lattice(sheet):
        return Resampling.nearest
    return Resampling.average if coarser else Resampling.bilinear


def _virtual(sheets: Sequence[Sheet], dtype: np.dtype[np.floating]) -> str:
    """Return a GDAL virtual raster of sheets on one lattice; a later sheet lies over an earlier one."""
    cell = sheets[0].cell
    west, south, east, north = _hull([sheet.bounds for sheet in sheets])
    width, height = round((east - west) / cell), round((north - south) / cell)
    sources = []
    for sheet in sheets:
        x, y = round((sheet.bounds[0] - west) / cell), round((north - sheet.bounds[3]) / cell)
        nx = round((sheet.bounds[2] - sheet.bounds[0]) / cell)
        ny = round((sheet.bounds[3] - sheet.bounds[1]) / cell)
        sources.append(
            f'<ComplexSource><SourceFilename relativeToVRT="0">{escape(str(sheet.path))}</SourceFilename>'
            f'<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="{nx}" ySize="{ny}"/>'
            f'<DstRect xOff="{x}" yOff="{y}" xSize="{nx}" ySize="{ny}"/><NODATA>nan</NODATA></ComplexSource>'
        )
    return (
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">'
        f"<GeoTransform>{west!r}, {cell!r}, 0, {north!r}, 0, {-cell!r}</GeoTransform>"
        f'<VRTRasterBand dataType="{_BANDS[dtype.name]}" band="1"><NoDataValue>nan</NoDataValue>'
        f"{''.join(sources)}</VRTRasterBand></VRTDataset>"
    )


def _hull(boxes: Sequence[Bounds]) -> Bounds:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _grown(box: Bounds, by: float) -> Bounds:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _overlap(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
