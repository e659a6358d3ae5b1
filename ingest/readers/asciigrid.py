"""ESRI ASCII grids: a header of six lines and numbers; nothing in them says the coordinate system or the unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.formats.raster import declared, outside, require_known_values, require_size
from ingest.formats.systems import settle
from ingest.reading import ReadOptions
from twin.errors import InputError, suggest
from twin.model.field import Raster
from twin.model.finding import Counted, Finding

if TYPE_CHECKING:
    from ingest.reading import Item

KEYS = ("ncols", "nrows", "xllcorner", "yllcorner", "xllcenter", "yllcenter", "cellsize", "nodata_value")
#: lines of numbers that are read at once, and bytes of one line
CHUNK, MAX_LINE = 512, 50_000_000
_HEAD = re.compile(rb"\s*(ncols|nrows)\s+[\d.,+-]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Header:
    columns: int
    rows: int
    west: float
    south: float
    cell: float
    nodata: float | None
    lines: int


class AsciiGrid:
    """Reads one grid of numbers."""

    name = "asciigrid"
    suffixes = (".asc", ".agr", ".dem")

    def sniff(self, head: bytes, path: Path) -> bool:  # noqa: ARG002  the contract's argument
        """Return whether the file begins with the number of columns or rows of a grid."""
        return bool(_HEAD.match(head))

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield one Raster; the coordinate system is the person's word or that of a .prj beside the file."""
        said = declared(path, options)
        size = path.stat().st_size
        if not size:
            raise InputError(f"{path.name}: the file is empty")
        with path.open("rb") as file:
            header = _header(file, path.name)
            # a cell takes two bytes of text at least: a header that claims more than the file can hold is refused here
            require_size(path.name, header.columns, header.rows, 4, max(size, 1))
            values = _values(file, header, path.name)
        findings = []
        nodata = header.nodata if header.nodata is not None else said.nodata
        if header.nodata is not None and said.nodata is not None and header.nodata != said.nodata:
            message = f"{path.name}: its own NODATA_value {header.nodata:g} holds, not the declared {said.nodata:g}"
            findings.append(Finding("warning", "nodata", message))
        if nodata is not None:
            values[values == np.float32(nodata)] = np.nan
        require_known_values(path.name, said.quantity, values)
        systems = settle(_prj(path), options, path.name)
        findings += systems.findings + outside(path.name, values)
        yield Raster(
            quantity=said.quantity,
            values=values,
            crs=systems.crs,
            transform=(header.cell, 0.0, header.west, 0.0, -header.cell, header.south + header.rows * header.cell),
            vertical=systems.vertical if said.quantity == "elevation" else None,
        )
        yield from findings
        yield Counted(1, "rasters")


def _header(file: IO[bytes], name: str) -> _Header:
    """Return the header and leave the file at the first line of numbers. Raises InputError with the line."""
    found: dict[str, float] = {}
    at = 0
    for number in range(1, 8):
        line = file.readline(1000)
        words = line.split()
        if len(words) != 2 or not words[0][:1].isalpha():
            break
        key = words[0].decode("latin-1").lower()
        if key not in KEYS:
            found_word = words[0].decode("latin-1")
            raise InputError(
                f"{name}:{number}: '{found_word}' is no line of an ESRI ASCII header; {suggest(key, KEYS)}"
            )
        if key in found:
            raise InputError(f"{name}:{number}: '{key}' comes twice")
        found[key] = _number(words[1], name, number)
        at = file.tell()
    else:
        number += 1
    file.seek(at)
    missing = [key for key in ("ncols", "nrows", "cellsize") if key not in found]
    for axis in "xy":
        corners = [key for key in (f"{axis}llcorner", f"{axis}llcenter") if key in found]
        if len(corners) != 1:
            missing.append(f"{axis}llcorner (or {axis}llcenter)")
    if missing:
        raise InputError(f"{name}:{number}: the header lacks {', '.join(missing)}")
    columns, rows, cell = found["ncols"], found["nrows"], found["cellsize"]
    if columns < 1 or rows < 1 or columns % 1 or rows % 1 or not cell > 0:
        raise InputError(
            f"{name}: {columns:g} columns, {rows:g} rows, cell {cell:g}: counts must be whole and all above 0"
        )
    west = found["xllcorner"] if "xllcorner" in found else found["xllcenter"] - cell / 2
    south = found["yllcorner"] if "yllcorner" in found else found["yllcenter"] - cell / 2
    return _Header(int(columns), int(rows), west, south, cell, found.get("nodata_value"), number - 1)


def _number(word: bytes, name: str, line: int) -> float:
    text = word.decode("latin-1")
    if "," in text:
        raise InputError(f"{name}:{line}: {text!r} has a decimal comma; write numbers with a point")
    try:
        value = float(text)
    except ValueError as error:
        raise InputError(f"{name}:{line}: {text[:40]!r} is not a number") from error
    if not np.isfinite(value) and text.lower() != "nan":
        raise InputError(f"{name}:{line}: {text[:40]!r} is not a finite number")
    return value


def _values(file: IO[bytes], header: _Header, name: str) -> NDArray[np.float32]:
    """Return (rows, columns) values as they stand. Raises InputError with the line of the first fault."""
    n = header.columns * header.rows
    wanted = f"{n} values that {header.columns} columns and {header.rows} rows make"
    values = np.empty(n, dtype=np.float32)
    filled, number = 0, header.lines
    while chunk := list(islice(iter(lambda: file.readline(MAX_LINE), b""), CHUNK)):
        words = b"".join(chunk).split()
        if filled + len(words) > n:
            raise InputError(f"{name}:{number + len(chunk)}: more than the {wanted}")
        try:
            values[filled : filled + len(words)] = np.array(words, dtype=np.float64) if words else ()
        except ValueError:
            for i, line in enumerate(chunk, number + 1):
                for word in line.split():
                    _number(word, name, i)
            raise InputError(f"{name}:{number + 1}: holds something that is not a number") from None
        filled += len(words)
        number += len(chunk)
    if filled < n:
        raise InputError(f"{name}:{number}: ends after {filled} of the {wanted}")
    return values.reshape(header.rows, header.columns)


def _prj(path: Path) -> str | None:
    """Return the text of the .prj beside the file, None when there is none."""
    beside = next((p for p in (path.with_suffix(".prj"), path.with_suffix(".PRJ")) if p.is_file()), None)
    return beside.read_text("utf-8", errors="replace").strip() or None if beside else None


reader = AsciiGrid()
