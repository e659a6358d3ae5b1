"""Geometry as well-known text, one shape on each line. The text holds no coordinate system: a person states it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ingest.formats.kinds import guess
from ingest.reading import BATCH, ReadOptions
from twin.errors import InputError
from twin.model.feature import Features
from twin.model.finding import Counted, Finding, Quarantined

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.reading import Item

WORDS = (b"POINT", b"LINESTRING", b"LINEARRING", b"POLYGON", b"MULTI", b"GEOMETRYCOLLECTION", b"SRID=")

#: characters of a line; a coast of a million corners stays below
LONGEST = 64 * 1024**2


class Wkt:
    """Reads lines of well-known text; an `SRID=5186;` before the shape is its coordinate system."""

    name = "wkt"
    suffixes = (".wkt",)

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether the file is called .wkt and begins with the name of a shape."""
        return path.suffix.lower() == ".wkt" and head.lstrip().upper().startswith(WORDS)

    def read(self, path: Path, options: ReadOptions) -> Iterator[Item]:
        """Yield a feature per line; lines that are no shape are quarantined, blank ones are not counted.

        Raises InputError when the file is empty or no text.
        """
        if not path.stat().st_size:
            raise InputError(f"{path.name}: the file is empty")
        kind = options.kind or guess((path.stem,)) or "feature"
        yield Finding("info", "kind", f"{path.name}: shapes taken as {kind}, ids from the number of the line")
        lines: list[tuple[int, str]] = []
        count = 0
        try:
            with path.open(encoding=options.encoding or "utf-8-sig") as file:
                for number, line in enumerate(file, start=1):
                    if len(line) > LONGEST:
                        raise InputError(f"{path.name}: line {number} is longer than {LONGEST} characters")
                    if line.strip():
                        lines.append((number, line.strip()))
                        count += 1
                    if len(lines) == BATCH:
                        yield from _shapes(path, lines, kind, options)
                        lines = []
        except UnicodeDecodeError as error:
            raise InputError(f"{path.name}: is not text ({error.reason} at byte {error.start})") from error
        yield from _shapes(path, lines, kind, options)
        yield Counted(count, "lines")


def _shapes(
    path: Path, lines: list[tuple[int, str]], kind: str, options: ReadOptions
) -> Iterator[Features | Quarantined]:
    """Yield the shapes of some lines, one batch per coordinate system, and the lines that are none."""
    import shapely

    systems: dict[str | None, list[int]] = {}
    texts = []
    for row, (_, line) in enumerate(lines):
        srid, found, text = line.partition(";")
        stated = found and srid.upper().startswith("SRID=") and srid[5:].isdigit()
        systems.setdefault(f"EPSG:{srid[5:]}" if stated else options.crs, []).append(row)
        texts.append(text if stated else line)
    shapes = np.asarray(shapely.from_wkt(texts, on_invalid="ignore"), dtype=object).reshape(len(lines))
    for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        yield Quarantined(lines[row][0], "is not well-known text of a shape", lines[row][1][:10_000])
    for crs, rows in systems.items():
        good = [row for row in rows if shapes[row] is not None]
        if good:
            numbers = [lines[row][0] for row in good]
            yield Features(
                kind=kind,
                ids=[f"{path.stem}:{number}" for number in numbers],
                geometry=shapes[good],
                crs=crs,
                attributes={},
                lines=np.array(numbers, dtype=np.int64),
                layer=options.layer,
                vertical=options.vertical,
            )


reader = Wkt()
