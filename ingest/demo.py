"""Writes 가온시 (Gaon), the made-up city, as the files a city would hand over; they enter only through readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.errors import UsageError, suggest

SIZES = ("district", "city600k")


def write(folder: Path | str, size: str = "district", progress: Callable[[float], None] | None = None) -> list[Path]:
    """Return the files of the demo city in the order to load them; what belongs beside them is not listed.

    folder    is made when it is not there; files of the same names are replaced
    size      "district": about 6,000 buildings with everything; "city600k": terrain and 600,000 buildings
    progress  called with the share done, 0 to 1
    The same bytes every time. Raises UsageError for a size that is not known.
    """
    if size not in SIZES:
        raise UsageError(f"demo size '{size}' is not known; {suggest(size, SIZES)}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if size == "city600k":
        from ingest.gaon import metropolis

        files: list[Path] = metropolis.write(folder, metropolis.BUILDINGS, progress)
        return files
    from ingest.gaon import handover

    return handover.write(folder, progress)
