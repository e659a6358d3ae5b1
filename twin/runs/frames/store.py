"""Frames on disk: one Zarr store per run, by the CF conventions, so that xarray, QGIS and GDAL read it as it is.

    <run>/frames.zarr   time, x, y, crs; every quantity (time, y, x); every summary and the ground (y, x);
                        row 0 south, y rising

Values are float32; time is seconds since the start of the run. The writer works while the run goes on; a run that
was cancelled keeps the frames up to then. The store is of Zarr's format 2: GDAL reads it since 3.4, of format 3
GDAL 3.10 does not know the codecs.
"""

from __future__ import annotations

import shutil
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
from twin.runs.frames.derived import derivable, derive
from twin.runs.frames.things import held_quantities, read_things

if TYPE_CHECKING:
    from twin.store import City

NAME = "frames.zarr"
CONVENTIONS = "CF-1.11"
#: cells along a side of a chunk: a frame of a district is one to four chunks of at most 4 MB
CHUNK = 1024
#: what a store of Zarr's format 2 or 3 holds at its root
ROOTS = (".zgroup", "zarr.json")
#: attribute of a field of the run that was given and not computed
GIVEN = "given"


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
        self,
        folder: Path,
        grid: Grid,
        start: datetime,
        quantities: Sequence[str],
        about: Mapping[str, str],
        given: Mapping[str, NDArray[np.floating]] | None = None,
    ) -> None:
        """Begin a store in `folder` (an older one there is replaced); `about` goes into its global attributes.

        given  quantity -> (ny, nx) what does not change over the run and was not computed: the ground
        """
        import zarr

        path = folder / NAME
        shutil.rmtree(path, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.grid = grid
        self.times: list[float] = []
        head: dict[str, Any] = {"Conventions": CONVENTIONS, **about, "grid": asdict(grid), "start": start.isoformat()}
        self._root = zarr.open_group(path, mode="w", zarr_format=2, attributes=head | {"status": "running"})
        for name, (values, attrs) in coordinates(grid, start).items():
            self._array(name, values.shape, (name,), attrs, "float64")[:] = values
        self._array("crs", (), (), crs_attributes(grid.crs), "int32")[...] = 0
        for name in quantities:
            self._array(name, (0, *grid.shape), ("time", "y", "x"), attributes(name))
        for name, field in (given or {}).items():
            self._array(name, grid.shape, ("y", "x"), attributes(name) | {GIVEN: True})[:] = field

    @classmethod
    def again(cls, folder: Path, grid: Grid, count: int) -> FrameWriter:
        """Go on with a store at its first `count` frames; what was written after them is taken away.

        Raises InputError when the store is not there or holds fewer frames.
        """
        import zarr

        writer = cls.__new__(cls)
        writer.path, writer.grid = folder / NAME, grid
        if not (writer.path / ROOTS[0]).is_file():
            raise InputError(f"{writer.path}: the frames are not there; simulate the run anew")
        writer._root = zarr.open_group(writer.path, mode="r+", zarr_format=2, use_consolidated=False)  # noqa: SLF001 (a constructor)
        root: Any = writer._root  # noqa: SLF001 (a constructor)
        (writer.path / ".zmetadata").unlink(missing_ok=True)
        for name, array in list(root.arrays()):
            dimensions = array.attrs["_ARRAY_DIMENSIONS"]
            if dimensions == ["y", "x"] and not array.attrs.get(GIVEN):
                del root[name]
            elif dimensions[:1] == ["time"]:
                if array.shape[0] < count:
                    raise InputError(
                        f"{writer.path}: '{name}' holds {array.shape[0]} frames, the checkpoint {count}; "
                        "simulate the run anew"
                    )
                array.resize((count, *array.shape[1:]))
        root.attrs["status"] = "running"
        writer.times = [float(t) for t in root["time"][:]]
        return writer

    def _array(
        self, name: str, shape: tuple[int, ...], dimensions: tuple[str, ...], attrs: Mapping[str, Any],
        dtype: str = "float32",
    ) -> Any:  # fmt: skip
        from numcodecs import Blosc  # type: ignore[import-untyped]  # the library ships no types

        field = dimensions[-2:] == ("y", "x")
        side = tuple(min(CHUNK, n) for n in self.grid.shape) if field else tuple(max(n, 4096) for n in shape)
        return self._root.create_array(
            name,
            shape=shape,
            dtype=dtype,
            chunks=(1, *side) if len(dimensions) == 3 else side,
            # in format 2 a fill value means that equal values are missing: only fields have one
            fill_value=float("nan") if field else None,
            attributes={"_ARRAY_DIMENSIONS": list(dimensions), **attrs},
            compressors=Blosc(cname="zstd", clevel=3, shuffle=Blosc.SHUFFLE),
        )

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

    def close(
        self,
        summary: Mapping[str, NDArray[np.float32]],
        status: str = "done",
        notes: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Write the fields of the whole run and the index of the store.

        status  "done", "partial" or "failed": stands in the global attributes
        notes   further attributes of quantities (a threshold, how it was made from members)
        """
        import zarr

        for name, values in summary.items():
            self._array(name, self.grid.shape, ("y", "x"), attributes(name))[:] = values
        for name, attrs in (notes or {}).items():
            self._root[name].attrs.update(attrs)
        self._root.attrs["status"] = status
        zarr.consolidate_metadata(self._root.store, zarr_format=2)


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of a run, read one at a time.

    grid        where the values lie
    start       aware moment of time 0
    times       s from the start, rising
    quantities  names with one field per time
    summaries   names with one field for the whole run
    given       names with one field that was given to the run: the ground
    status      "done", "partial", "failed", or "running" when the run never came to its end
    """

    path: Path
    grid: Grid
    start: datetime
    times: tuple[float, ...]
    quantities: tuple[str, ...]
    summaries: tuple[str, ...]
    given: tuple[str, ...] = ()
    status: str = "done"

    @property
    def derived(self) -> tuple[str, ...]:
        """Names that `read` makes from the others."""
        return derivable((*self.quantities, *self.given))

    def read(self, quantity: str, i: int) -> NDArray[np.float32]:
        """Return (ny, nx) the values of a quantity in frame `i` (-1 is the last), row 0 south.

        quantity  one of `quantities` or `derived`

        Raises UsageError for a name or a number that is not there.
        """
        known = (*self.quantities, *self.derived)
        if quantity not in known:
            raise UsageError(f"{self.path}: no frames of '{quantity}'; {suggest(quantity, known)}")
        if not -len(self.times) <= i < len(self.times):
            raise UsageError(f"{self.path}: no frame {i}; there are {len(self.times)}, counted from 0")
        if quantity not in self.quantities:
            return derive(quantity, lambda name: self.constant(name) if name in self.given else self.read(name, i))
        return np.asarray(self._field(quantity)[i % len(self.times)], dtype=np.float32)

    def summary(self, name: str) -> NDArray[np.float32]:
        """Return (ny, nx) a field of the whole run, row 0 south. Raises UsageError for an unknown name."""
        if name not in self.summaries:
            raise UsageError(f"{self.path}: no summary '{name}'; {suggest(name, self.summaries)}")
        return np.asarray(self._field(name)[:], dtype=np.float32)

    def constant(self, name: str) -> NDArray[np.float32]:
        """Return (ny, nx) a field that was given to the run. Raises UsageError for an unknown name."""
        if name not in self.given:
            raise UsageError(f"{self.path}: '{name}' was not given to the run; {suggest(name, self.given)}")
        return np.asarray(self._field(name)[:], dtype=np.float32)

    def notes(self, name: str) -> dict[str, Any]:
        """Return the attributes of a quantity or summary: unit, labels, threshold."""
        return dict(self._field(name).attrs)

    def assets(self, quantity: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Return ids of things of the city and (frames, n) their values, NaN where a frame has none.

        quantity  one of `asset_quantities`; its unit stands in `names.QUANTITIES`

        Raises UsageError for an unknown name.
        """
        held = self.asset_quantities
        if quantity not in held:
            raise UsageError(f"{self.path.parent}: no things with '{quantity}'; {suggest(quantity, held)}")
        return read_things(self.path.parent, self.times, quantity)[quantity]

    @property
    def asset_quantities(self) -> tuple[str, ...]:
        """Names of the quantities that things of the city have."""
        return held_quantities(self.path.parent)

    def at(self, time: float | None) -> int:
        """Return the number of the frame nearest to `time` s; None: the last."""
        if time is None:
            return len(self.times) - 1
        return int(np.argmin(np.abs(np.array(self.times) - time)))

    def _field(self, name: str) -> Any:
        import zarr

        return zarr.open_array(self.path / name, mode="r")


def has_frames(folder: Path) -> bool:
    """Return whether a run's folder holds a store of frames."""
    return any((folder / NAME / root).is_file() for root in ROOTS)


def open_frames(city: City, run_id: str) -> Frames:
    """Return the frames of a run (a unique beginning of its id is enough).

    Raises MissingError (no such run, or its frames are gone) and UsageError (several runs begin so).
    """
    run: Run = city.runs.get(run_id)
    folder = city.runs.folder(run.id)
    if not has_frames(folder):
        raise MissingError(f"{folder / NAME}: run {run.id} ({run.status}) has no frames; simulate it again")
    return read_frames(folder / NAME)


def read_frames(path: Path) -> Frames:
    """Return the frames of a store. Raises InputError when it is not one of ours."""
    import zarr

    root = zarr.open_group(path, mode="r")
    fields = {name: array for name, array in root.arrays() if name in QUANTITIES}
    laid: Any = root.attrs.get("grid")
    start = str(root.attrs.get("start"))
    if not isinstance(laid, dict) or "time" not in root:
        raise InputError(f"{path}: no frames of a run: its grid or its times are missing")
    times: Any = root["time"]
    whole = sorted(name for name, array in fields.items() if array.ndim == 2)
    given = tuple(name for name in whole if fields[name].attrs.get(GIVEN))
    return Frames(
        path,
        Grid(**laid),
        datetime.fromisoformat(start),
        tuple(float(t) for t in times[:]),
        tuple(sorted(name for name, array in fields.items() if array.ndim == 3)),
        tuple(name for name in whole if name not in given),
        given,
        str(root.attrs.get("status", "done")),
    )
