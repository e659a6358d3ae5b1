"""Rasters as GeoTIFF or COG: one band, in the file's own coordinate system, NaN where nothing is known.

GDAL is allowed the GTiff driver only: a VRT could name other files and addresses.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.formats.raster import declared, outside, require_known_values, require_size
from ingest.formats.systems import settle
from ingest.reading import ReadOptions
from twin.errors import InputError, MissingError, UnitsError
from twin.model.field import Raster
from twin.model.finding import Counted, Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.formats.raster import Declared
    from ingest.reading import Item

#: classic TIFF and BigTIFF, little and big endian
MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
METRES = {"", "m", "metre", "metres", "meter", "meters"}


class GeoTiff:
    """Reads one band of a GeoTIFF."""

    name = "geotiff"
    suffixes = (".tif", ".tiff")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether the file begins as a TIFF does."""
        return head.startswith(MAGIC)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield one Raster and what is to be said about it. Raises before any cell is read where it can."""
        with path.open("rb") as file:
            head = file.read(8)
        if not head:
            raise InputError(f"{path.name}: the file is empty")
        if not self.sniff(head, path):
            raise InputError(f"{path.name}: not a TIFF, though it is called one; only GeoTIFF and COG are read")
        raster, findings = _read(path, options)
        yield raster
        yield from findings
        yield Counted(1, "rasters")


def _read(path: Path, options: ReadOptions) -> tuple[Raster, list[Finding]]:
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    said = declared(path, options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # said below, as an error
        try:
            with rasterio.open(path, driver="GTiff") as data:
                band = _band(data, path, said)
                findings = _require_usable(data, path, band, said)
                values = data.read(band, out_dtype="float64" if data.dtypes[band - 1] == "float64" else "float32")
                raster, more = _raster(data, path, options, said, band, values, _mask(data, band))
        except RasterioError as error:
            what = " ".join(str(error).replace(str(path), path.name).split())
            raise InputError(f"{path.name}: cannot be read: {what[:300]}") from error
    return raster, findings + more


def _band(data: Any, path: Path, said: Declared) -> int:
    if said.band is not None and said.band > data.count:
        raise InputError(f"{path.name}: band {said.band} is not there; it has {data.count}")
    if said.band is None and data.count != 1:
        raise InputError(
            f"{path.name}: has {data.count} bands, so it is not plain {said.quantity};"
            " say which one is ([raster] band = ... in a declaration)"
        )
    return said.band or 1


def _require_usable(data: Any, path: Path, band: int, said: Declared) -> list[Finding]:
    """Refuse what cannot become a field, before it is read; return what is to be said."""
    name, kind = path.name, np.dtype(data.dtypes[band - 1])
    require_size(name, data.width, data.height, kind.itemsize, path.stat().st_size)
    if kind.kind == "c":
        raise InputError(f"{name}: holds complex numbers, not {said.quantity}")
    unit = (data.units[band - 1] or "").strip().lower()
    if said.quantity == "elevation" and unit not in METRES:
        raise UnitsError(f"{name}: elevations are in '{unit}', not metres; convert the raster first")
    if data.transform[1] or data.transform[3]:
        return [
            Finding("info", "rotated", f"{name}: is rotated against its coordinate system; cells will be resampled")
        ]
    return []


def _require_place(data: Any, name: str) -> None:
    """Refuse a raster of which nobody can say where it lies."""
    transform = tuple(data.transform)[:6]
    if data.crs is None and transform in {(1.0, 0.0, 0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 0.0, 0.0, -1.0, 0.0)}:
        raise MissingError(
            f"{name}: says neither where it lies nor in which coordinate system; give it both, a CRS and bounds"
        )
    if not np.isfinite(transform).all() or transform[0] * transform[4] == transform[1] * transform[3]:
        raise InputError(f"{name}: its georeference {transform} places all cells on one line or nowhere")


def _mask(data: Any, band: int) -> NDArray[np.bool_] | None:
    """Return where a mask of the file itself says that nothing is known, None when it has no such mask."""
    from rasterio.enums import MaskFlags

    if MaskFlags.per_dataset in data.mask_flag_enums[band - 1]:
        masked: NDArray[np.bool_] = data.read_masks(band) == 0
        return masked
    return None


def _raster(
    data: Any,
    path: Path,
    options: ReadOptions,
    said: Declared,
    band: int,
    values: NDArray[np.floating],
    mask: NDArray[np.bool_] | None,
) -> tuple[Raster, list[Finding]]:
    name = path.name
    findings = []
    if mask is not None:
        values[mask] = np.nan
    tagged = data.nodatavals[band - 1]
    nodata = tagged if tagged is not None else said.nodata
    if tagged is not None and said.nodata is not None and tagged != said.nodata:
        findings.append(
            Finding("warning", "nodata", f"{name}: its own nodata {tagged:g} holds, not the declared {said.nodata:g}")
        )
    if nodata is None and mask is None and np.isnan(values).any():
        raise MissingError(
            f"{name}: holds NaN and has no nodata tag; say what means unknown ([raster] nodata = nan in a declaration)"
        )
    if nodata is not None and not np.isnan(nodata):
        values[values == values.dtype.type(nodata)] = np.nan
    require_known_values(name, said.quantity, values)
    _require_place(data, name)
    scale, offset = float(data.scales[band - 1]), float(data.offsets[band - 1])
    if (scale, offset) != (1.0, 0.0):
        values *= scale
        values += offset
        findings.append(
            Finding("info", "scale", f"{name}: values are the stored numbers times {scale:g} plus {offset:g}")
        )
    findings += outside(name, values)
    systems = settle(data.crs.to_wkt() if data.crs else None, options, name)
    findings += systems.findings
    transform = tuple(float(v) for v in tuple(data.transform)[:6])
    raster = Raster(
        quantity=said.quantity,
        values=values,
        crs=systems.crs,
        transform=(transform[0], transform[1], transform[2], transform[3], transform[4], transform[5]),
        vertical=systems.vertical if said.quantity == "elevation" else None,
    )
    return raster, findings


reader = GeoTiff()
