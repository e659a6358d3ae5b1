"""What both raster formats need: which quantity it is, how large it may be, and whether its numbers can be meant."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.reading import ReadOptions
from twin.errors import InputError, MissingError, RefusedError, suggest
from twin.model.finding import Finding
from twin.names import QUANTITIES

#: cells of one raster: as float32 they take 0.6 GB
MAX_CELLS = 150_000_000
#: a file that claims to hold more than this many times its own size, and much, is a bomb
MAX_RATIO = 500
MANY_BYTES = 32_000_000

#: values that mean "nothing known" wherever they are met untagged, and the range that elevations have on Earth
SUSPECT = (-9999.0, -99999.0, -32768.0, -32767.0, -999.0)
ELEVATIONS = (-500.0, 9000.0)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person says about a raster: in `[raster]` of the declaration, or by kind or layer."""

    quantity: str
    nodata: float | None = None
    band: int | None = None


def declared(path: Path, options: ReadOptions) -> Declared:
    """Return what is said about a raster; elevation where nothing is.

    The declaration is TOML, named in the options or beside the file as FILE.tif.toml:
    [raster] quantity = "elevation", nodata = -9999, band = 1.
    Raises InputError for unknown words.
    """
    table: dict[str, object] = {}
    beside = path.with_name(path.name + ".toml")
    file = options.declaration or (beside if beside.is_file() else None)
    if file is not None:
        try:
            table = tomllib.loads(file.read_text("utf-8")).get("raster", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{file.name}: not TOML in UTF-8: {error}") from error
        if not isinstance(table, dict):
            raise InputError(f"{file.name}: 'raster' must be a table [raster], found {table!r}")
        for key in table:
            if key not in {"quantity", "nodata", "band"}:
                known = suggest(key, ("quantity", "nodata", "band"))
                raise InputError(f"{file.name} [raster]: '{key}' is not known; {known}")
    quantity = table.get("quantity") or next((w for w in (options.kind, options.layer) if w in QUANTITIES), "elevation")
    if quantity not in QUANTITIES:
        raise InputError(f"{path.name}: quantity '{quantity}' is not known; {suggest(str(quantity), QUANTITIES)}")
    nodata, band = table.get("nodata"), table.get("band")
    if nodata is not None and (not isinstance(nodata, int | float) or isinstance(nodata, bool)):
        raise InputError(f"{path.name}: nodata must be a number, found {nodata!r}")
    if band is not None and (not isinstance(band, int) or isinstance(band, bool) or band < 1):
        raise InputError(f"{path.name}: band must be a whole number from 1, found {band!r}")
    return Declared(str(quantity), None if nodata is None else float(nodata), band)


def require_size(name: str, width: int, height: int, item: int, held: int) -> None:
    """Refuse a raster before a byte of it is allocated.

    width, height  cells, as the file claims
    item, held     bytes of a cell; bytes of the file
    Raises RefusedError.
    """
    if width * height > MAX_CELLS:
        raise RefusedError(
            f"{name}: {width} x {height} cells are more than the {MAX_CELLS:,} read at once; cut it into sheets"
        )
    claimed = width * height * item
    if claimed > MANY_BYTES and claimed > MAX_RATIO * held:
        raise RefusedError(
            f"{name}: {held:,} bytes claim to be {claimed:,}; it holds next to nothing or is made to fill memory"
        )


def require_known_values(name: str, quantity: str, values: NDArray[np.floating]) -> None:
    """Refuse a raster whose numbers cannot all be meant, because nothing says which of them mean "unknown".

    values  (ny, nx), NaN already where the file itself says that nothing is known
    Raises MissingError that asks for the nodata value.
    """
    known = values[~np.isnan(values)]
    if not known.size:
        raise InputError(f"{name}: no cell of it holds a value")
    found = [f"{v:g}" for v in SUSPECT if (known == np.float32(v)).any()]
    if np.isinf(known).any():
        found.append("inf")
    low, high = float(known.min()), float(known.max())
    if quantity == "elevation" and not found and not (low >= ELEVATIONS[0] and high <= ELEVATIONS[1]):
        found.append(f"{low:g} to {high:g}")
    if found:
        raise MissingError(
            f"{name}: holds {', '.join(found)}, which no {QUANTITIES[quantity].en} is; say which value means unknown"
            " (the file's nodata tag, or [raster] nodata = ... in a declaration)"
        )


def outside(name: str, values: NDArray[np.floating]) -> list[Finding]:
    """Return what is to be said about cells that hold nothing."""
    unknown = int(np.isnan(values).sum())
    if not unknown:
        return []
    share = unknown / values.size
    return [Finding("info", "nodata", f"{name}: {unknown} of {values.size} cells ({share:.1%}) hold no value")]
