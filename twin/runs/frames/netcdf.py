"""A run as NetCDF-4 by the CF conventions: frame by frame, so that a long run needs no memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.runs.frames.store import CHUNK, CONVENTIONS, GIVEN, attributes, coordinates, crs_attributes

if TYPE_CHECKING:
    from twin.runs.frames.store import Frames


def write_netcdf(frames: Frames, quantities: Sequence[str], file: Path, tags: Mapping[str, str]) -> None:
    """Write quantities of a run: (time, y, x) those with frames, (y, x) those of the whole run; row 0 south, y rising.

    tags  global attributes

    The file is there whole or not at all.
    """
    import h5netcdf  # type: ignore[import-untyped]  # the library ships no types

    grid = frames.grid
    whole = (*frames.summaries, *frames.given)
    chunk = tuple(min(CHUNK, n) for n in grid.shape)
    packed: dict[str, Any] = {"compression": "gzip", "compression_opts": 4, "shuffle": True, "fillvalue": np.nan}
    part = file.with_name(f".{file.name}.part")
    clock, *plane = coordinates(grid, frames.start).items()
    try:
        with h5netcdf.File(part, "w") as data:
            data.attrs.update({"Conventions": CONVENTIONS, **tags})
            data.dimensions = {"time": len(frames.times), "y": grid.ny, "x": grid.nx}
            for name, (values, attrs) in plane:
                data.create_variable(name, (name,), "f8", data=values).attrs.update(attrs)
            data.create_variable("crs", (), "i4", data=0).attrs.update(crs_attributes(grid.crs))
            name, (_, attrs) = clock
            data.create_variable(name, (name,), "f8", data=np.array(frames.times)).attrs.update(attrs)
            for name in quantities:
                dimensions = ("y", "x") if name in whole else ("time", "y", "x")
                chunks = chunk if name in whole else (1, *chunk)
                held = data.create_variable(name, dimensions, "f4", chunks=chunks, **packed)
                held.attrs.update(dict(_attributes(frames, name)))
                if name in whole:
                    held[:] = frames.summary(name) if name in frames.summaries else frames.constant(name)
                else:
                    for i in range(len(frames.times)):
                        held[i] = frames.read(name, i)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _attributes(frames: Frames, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the CF attributes of a quantity, with what the run noted of it (a threshold)."""
    stored = name in (*frames.quantities, *frames.summaries, *frames.given)
    notes = attributes(name) | (frames.notes(name) if stored else {})
    yield from ((key, value) for key, value in notes.items() if not key.startswith("_") and key != GIVEN)
