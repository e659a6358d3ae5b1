"""Rasters: GeoTIFF files beside the database, and the mosaic of all of a quantity on any grid."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import MissingError, UnitsError, suggest
from twin.model.field import Bounds, Field
from twin.names import QUANTITIES
from twin.store.coding import pack, unpack
from twin.store.files import numbered
from twin.store.mosaic import Sheet, lay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.model.field import Grid
    from twin.store.database import Database
    from twin.store.writing import Transaction

# of each name the newest version
_CURRENT = """
SELECT name, quantity, west, south, cell, nx, ny, vertical, file, source FROM raster
QUALIFY row_number() OVER (PARTITION BY name ORDER BY seq DESC) = 1 ORDER BY seq"""


@dataclass(frozen=True, slots=True)
class RasterInfo:
    """A raster of the city: `cell` and `bounds` in m, `vertical` the height datum, `path` its GeoTIFF."""

    name: str
    quantity: str
    bounds: Bounds
    cell: float
    vertical: str | None
    path: Path
    source: int


class RasterRoom:
    """The rasters of a city."""

    def __init__(self, database: Database, crs: str) -> None:
        self._database = database
        self._crs = crs

    def list(self) -> list[RasterInfo]:
        """Return the newest version of each raster, oldest first."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(_CURRENT).fetchall()
        return [
            RasterInfo(
                unpack(name),
                quantity,
                (west, south, west + nx * cell, south + ny * cell),
                cell,
                vertical,
                self._database.folder / file,
                source,
            )
            for name, quantity, west, south, cell, nx, ny, vertical, file, source in rows
        ]

    def read(self, quantity: str, grid: Grid) -> Field:
        """Return all rasters of a quantity as one field on `grid`, NaN where there is none.

        Where the grid is coarser than a raster, a cell is the average over its area; where it is finer, values lie
        on straight lines between the raster's cell centres. Of rasters that overlap the finer one counts, of
        equally fine ones the newer.

        Raises MissingError when there is no raster of the quantity, UnitsError when the grid is in another system
        or the rasters are above different datums.
        """
        infos = self.list()
        sheets = [info for info in infos if info.quantity == quantity]
        if not sheets:
            raise MissingError(
                f"there is no raster of '{quantity}' in this twin; {suggest(quantity, {i.quantity for i in infos})}"
            )
        if grid.crs != self._crs:
            from twin.geometry import crs as systems

            if not systems.same(grid.crs, self._crs):
                raise UnitsError(
                    f"the grid is in {systems.label(grid.crs)}, the city in {systems.label(self._crs)};"
                    " lay the grid in the city's system"
                )
        datums = {info.vertical for info in sheets if info.vertical is not None}
        if len(datums) > 1:
            raise UnitsError(
                f"rasters of '{quantity}' have heights above {' and '.join(sorted(datums))}; convert them to one datum"
            )
        values = lay([Sheet(info.path, info.bounds, info.cell) for info in sheets], grid, quantity)
        return Field(quantity, values, grid, next(iter(datums), None))


def store(tx: Transaction, field: Field, name: str) -> int:
    """Write a field as a GeoTIFF of this transaction; returns its status: 0 stored, 1 duplicate."""
    grid = field.grid
    values: NDArray[np.floating] = np.ascontiguousarray(
        field.values, np.float32 if field.values.dtype.itemsize <= 4 else np.float64
    )
    digest = blake2b(
        f"{field.quantity}\0{grid.west}\0{grid.south}\0{grid.cell}\0{field.vertical}".encode(), digest_size=8
    )
    digest.update(f"{values.shape}{values.dtype}".encode())
    digest.update(values.data)
    content = int.from_bytes(digest.digest(), "little", signed=True)
    known = tx.cursor.execute(
        "SELECT hash FROM raster WHERE name = ? ORDER BY seq DESC LIMIT 1", [pack(name)]
    ).fetchall()
    if known and known[0][0] == content:
        return 1
    seq = tx.take(1)[0]
    target = numbered("rasters", seq, name, ".tif")
    write(tx.staged.path(target), Field(field.quantity, values, grid, field.vertical))
    tx.cursor.execute(
        "INSERT INTO raster VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            seq, tx.source, pack(name), field.quantity, grid.west, grid.south, grid.cell, grid.nx, grid.ny,
            field.vertical, content, target,
        ],
    )  # fmt: skip
    return 0


def write(path: Path, field: Field) -> None:
    """Write a field as a GeoTIFF: north at the top, as the format has it, NaN where nothing is known."""
    import rasterio

    grid = field.grid
    quantity = QUANTITIES.get(field.quantity)
    with rasterio.open(
        path, "w", driver="GTiff", width=grid.nx, height=grid.ny, count=1, dtype=field.values.dtype, crs=grid.crs,
        transform=rasterio.Affine(grid.cell, 0.0, grid.west, 0.0, -grid.cell, grid.bounds[3]), nodata=np.nan,
        tiled=True, blockxsize=256, blockysize=256, compress="deflate", zlevel=1, predictor=3, num_threads=2,
    ) as file:  # fmt: skip
        file.write(field.values[::-1], 1)
        file.update_tags(quantity=field.quantity, vertical=field.vertical or "")
        file.set_band_description(1, field.quantity)
        if quantity is not None:
            file.set_band_unit(1, quantity.unit)
