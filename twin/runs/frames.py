"""Frames on disk: one Zarr store per run, by the CF conventions, so that xarray, QGIS and GDAL read it as it is.

    <run>/frames.zarr   time, x, y, crs; every quantity (time, y, x); every summary (y, x); row 0 south, y rising

Values are float32; time is seconds since the start of the run. The writer works while the run goes on; a run that
was cancelled keeps the frames up to then.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, MissingError, UsageError, suggest
from twin.model.field import Grid
from twin.model.run import Frame, Run
from twin.names import QUANTITIES

if TYPE_CHECKING:
    from twin.store import City

NAME = "frames.zarr"
CONVENTIONS = "CF-1.11"
#: cells along a side of a chunk: a frame of a district is one to four chunks of at most 4 MB
CHUNK = 1024
NOT_CF = "Consolidated metadata is currently not part in the Zarr format 3 specification"


def crs_attributes(crs: str) -> dict[str, Any]:
    """Return the CF grid mapping of a coordinate system, with `spatial_ref` for GDAL."""
    from pyproj import CRS

    system = CRS.from_user_input(crs)
    mapping = {key: value for key, value in system.to_cf().items() if value is not None}
    return mapping | {"spatial_ref": system.to_wkt(), "long_name": system.name}


def attributes(quantity: str) -> dict[str, Any]:
    """Return the CF attributes of a quantity: its unit, names in two languages, standard name."""
    q = QUANTITIES[quantity]
    named = {"units": q.unit, "long_name": q.en, "long_name_ko": q.ko, "comment": q.doc, "grid_mapping": "crs"}
    return named | ({"standard_name": q.cf} if q.cf else {})


def coordinates(grid: Grid, start: datetime) -> dict[str, tuple[NDArray[np.float64], dict[str, Any]]]:
    """Return values and CF attributes of x and y (cell centres, m) and the attributes of time (empty)."""
    x = np.asarray(grid.west + (np.arange(grid.nx) + 0.5) * grid.cell, dtype=np.float64)
    y = np.asarray(grid.south + (np.arange(grid.ny) + 0.5) * grid.cell, dtype=np.float64)
    epoch = start.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    plane = {"units": "m", "axis": "X", "standard_name": "projection_x_coordinate", "long_name": "easting"}
    clock = {"units": f"seconds since {epoch}", "calendar": "standard", "standard_name": "time", "axis": "T"}
    north = plane | {"axis": "Y", "standard_name": "projection_y_coordinate", "long_name": "northing"}
    return {"time": (np.zeros(0), clock | {"long_name": "time"}), "y": (y, north), "x": (x, plane)}


class FrameWriter:
    """Writes the frames of one run; `close` makes the store whole, with the summaries and the frames there are."""

    def __init__(
        self, folder: Path, grid: Grid, start: datetime, quantities: Sequence[str], about: Mapping[str, str]
    ) -> None:
        """Begin a store in `folder` (an older one there is replaced); `about` goes into its global attributes."""
        import zarr

        path = folder / NAME
        shutil.rmtree(path, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.grid = grid
        self.times: list[float] = []
        self._root = zarr.open_group(
            path,
            mode="w",
            zarr_format=3,
            attributes={"Conventions": CONVENTIONS, **about, "grid": asdict(grid), "start": start.isoformat()},
        )
        for name, (values, attrs) in coordinates(grid, start).items():
            held = self._root.create_array(
                name, shape=values.shape, dtype="float64", chunks=(max(len(values), 4096),), attributes=attrs,
                dimension_names=(name,),
            )  # fmt: skip
            held[:] = values
        self._root.create_array(
            "crs", shape=(), dtype="int32", attributes=crs_attributes(grid.crs), dimension_names=()
        )[...] = 0
        for name in quantities:
            self._array(name, (0, *grid.shape), ("time", "y", "x"))

    def _array(self, name: str, shape: tuple[int, ...], dimensions: tuple[str, ...]) -> Any:
        from zarr.codecs import BloscCodec

        chunks = ((1,) if len(shape) == 3 else ()) + tuple(min(CHUNK, n) for n in self.grid.shape)
        return self._root.create_array(
            name, shape=shape, dtype="float32", chunks=chunks, fill_value=float("nan"), attributes=attributes(name),
            compressors=BloscCodec(cname="zstd", clevel=3, shuffle="shuffle"), dimension_names=dimensions,
        )  # fmt: skip

    def add(self, frame: Frame) -> None:
        """Append one frame."""
        self.times.append(frame.time)
        n = len(self.times)
        for name, values in frame.fields.items():
            held: Any = self._root[name]
            held.resize((n, *self.grid.shape))
            held[n - 1] = values
        clock: Any = self._root["time"]
        clock.resize((n,))
        clock[n - 1] = frame.time

    def close(self, summary: Mapping[str, NDArray[np.float32]]) -> None:
        """Write the fields of the whole run and the index of the store."""
        import zarr

        for name, values in summary.items():
            self._array(name, self.grid.shape, ("y", "x"))[:] = values
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=NOT_CF)
            zarr.consolidate_metadata(self._root.store)


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of a run, read one at a time.

    grid        where the values lie
    start       aware moment of time 0
    times       s from the start, rising
    quantities  names with one field per time
    summaries   names with one field for the whole run
    """

    path: Path
    grid: Grid
    start: datetime
    times: tuple[float, ...]
    quantities: tuple[str, ...]
    summaries: tuple[str, ...]

    def read(self, quantity: str, i: int) -> NDArray[np.float32]:
        """Return (ny, nx) the values of a quantity in frame `i` (-1 is the last), row 0 south.

        Raises UsageError for a name or a number that is not there.
        """
        if quantity not in self.quantities:
            raise UsageError(f"{self.path}: no frames of '{quantity}'; {suggest(quantity, self.quantities)}")
        if not -len(self.times) <= i < len(self.times):
            raise UsageError(f"{self.path}: no frame {i}; there are {len(self.times)}, counted from 0")
        return np.asarray(self._field(quantity)[i % len(self.times)], dtype=np.float32)

    def summary(self, name: str) -> NDArray[np.float32]:
        """Return (ny, nx) a field of the whole run, row 0 south. Raises UsageError for an unknown name."""
        if name not in self.summaries:
            raise UsageError(f"{self.path}: no summary '{name}'; {suggest(name, self.summaries)}")
        return np.asarray(self._field(name)[:], dtype=np.float32)

    def at(self, time: float | None) -> int:
        """Return the number of the frame nearest to `time` s; None: the last."""
        if time is None:
            return len(self.times) - 1
        return int(np.argmin(np.abs(np.array(self.times) - time)))

    def _field(self, name: str) -> Any:
        import zarr

        return zarr.open_array(self.path / name, mode="r")


def open_frames(city: City, run_id: str) -> Frames:
    """Return the frames of a run (a unique beginning of its id is enough).

    Raises MissingError (no such run, or its frames are gone) and UsageError (several runs begin so).
    """
    run: Run = city.runs.get(run_id)
    path = city.runs.folder(run.id) / NAME
    if not (path / "zarr.json").is_file():
        raise MissingError(f"{path}: run {run.id} ({run.status}) has no frames; simulate it again")
    return read_frames(path)


def read_frames(path: Path) -> Frames:
    """Return the frames of a store. Raises InputError when it is not one of ours."""
    import zarr

    root = zarr.open_group(path, mode="r")
    fields = {name: array.ndim for name, array in root.arrays() if name in QUANTITIES}
    laid: Any = root.attrs.get("grid")
    start = str(root.attrs.get("start"))
    if not isinstance(laid, dict) or "time" not in root:
        raise InputError(f"{path}: no frames of a run: its grid or its times are missing")
    times: Any = root["time"]
    return Frames(
        path,
        Grid(**laid),
        datetime.fromisoformat(start),
        tuple(float(t) for t in times[:]),
        tuple(sorted(name for name, n in fields.items() if n == 3)),
        tuple(sorted(name for name, n in fields.items() if n == 2)),
    )
