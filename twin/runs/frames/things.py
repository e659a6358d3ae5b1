"""Values of things of the city over a run (depth in an underpass, rate of a pump): a table beside the frames.

<run>/assets.parquet   time_s, quantity, id, value: one row for each value, in the order of the frames
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.run import Frame

NAME = "assets.parquet"


@dataclass(slots=True)
class _Column:
    """The values of one quantity: a number for each id and, of each frame that has any, which ids have which value.

    numbers  id -> its number, in the order in which they came
    frames   number of a frame, (n,) numbers of ids, (n,) values; as arrays 20,000 things over 100 frames are 24 MB
    """

    numbers: dict[str, int] = field(default_factory=dict)
    frames: list[tuple[int, NDArray[np.int32], NDArray[np.float64]]] = field(default_factory=list)


class Things:
    """Collects the values of things frame by frame."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._columns: dict[str, _Column] = {}

    def add(self, frame: Frame) -> None:
        """Take in what a frame holds of things."""
        number = len(self._times)
        self._times.append(frame.time)
        for quantity, values in frame.assets.items():
            column = self._columns.setdefault(quantity, _Column())
            if values:
                of = column.numbers
                ids = np.fromiter((of.setdefault(str(id_), len(of)) for id_ in values), np.int32, len(values))
                column.frames.append((number, ids, np.fromiter(values.values(), np.float64, len(values))))

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything collected, as arrays."""
        saved: dict[str, NDArray[Any]] = {"times": np.array(self._times, dtype=np.float64)}
        for quantity, column in self._columns.items():
            saved[f"{quantity}/names"] = np.array(list(column.numbers), dtype=np.str_)
            saved[f"{quantity}/frame"] = np.array([number for number, *_ in column.frames], dtype=np.int64)
            saved[f"{quantity}/count"] = np.array([len(ids) for _, ids, _ in column.frames], dtype=np.int64)
            saved[f"{quantity}/id"] = _flat([ids for _, ids, _ in column.frames], np.int32)
            saved[f"{quantity}/value"] = _flat([values for *_, values in column.frames], np.float64)
        return saved

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self._times = [float(t) for t in saved["times"]]
        self._columns = {}
        for quantity in (name.removesuffix("/frame") for name in saved if name.endswith("/frame")):
            names, frame, count, ids, values = (
                saved[f"{quantity}/{part}"] for part in ("names", "frame", "count", "id", "value")
            )
            ends = np.cumsum(count)[:-1]
            parts = zip(frame.tolist(), np.split(ids, ends), np.split(values, ends), strict=True) if len(frame) else ()
            self._columns[quantity] = _Column({str(n): i for i, n in enumerate(names)}, list(parts))

    def write(self, folder: Path) -> None:
        """Write the table into a run's folder, whole or not at all; nothing when there are no values."""
        blocks = sorted((n, quantity, i) for quantity, c in self._columns.items() for i, (n, *_) in enumerate(c.frames))
        if not blocks:
            (folder / NAME).unlink(missing_ok=True)
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = {quantity: pa.array(list(c.numbers), pa.string()) for quantity, c in self._columns.items()}
        schema = pa.schema(
            [("time_s", pa.float64()), ("quantity", pa.string()), ("id", pa.string()), ("value", pa.float64())]
        )
        tables = []
        for number, quantity, i in blocks:
            _, ids, values = self._columns[quantity].frames[i]
            columns = (
                pa.array(np.full(len(ids), self._times[number]), pa.float64()),
                pa.array([quantity], pa.string()).take(pa.array(np.zeros(len(ids), np.int32))),
                names[quantity].take(pa.array(ids)),
                pa.array(values, pa.float64()),
            )
            tables.append(pa.Table.from_arrays(list(columns), schema=schema))
        part = folder / (NAME + ".part")
        pq.write_table(pa.concat_tables(tables).combine_chunks(), part, compression="zstd")
        part.replace(folder / NAME)


def _flat(parts: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    """Return arrays one after the other, of a type that also none of them has."""
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def held_quantities(folder: Path) -> tuple[str, ...]:
    """Return the quantities of which a run holds values of things, in alphabetical order."""
    if not (folder / NAME).is_file():
        return ()
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    return tuple(sorted(pc.unique(pq.read_table(folder / NAME, columns=["quantity"])["quantity"]).to_pylist()))


def read_things(
    folder: Path, times: tuple[float, ...], only: str | None = None
) -> dict[str, tuple[tuple[str, ...], NDArray[np.float64]]]:
    """Return quantity -> ids and (frames, n) their values, NaN where a frame has none; empty without a table.

    only  a quantity; None: all of them
    """
    if not (folder / NAME).is_file():
        return {}
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(folder / NAME, filters=None if only is None else [("quantity", "==", only)])
    out: dict[str, tuple[tuple[str, ...], NDArray[np.float64]]] = {}
    for quantity in pc.unique(table["quantity"]).to_pylist():
        mine = table.filter(pc.equal(table["quantity"], quantity))
        coded = pc.dictionary_encode(mine["id"].combine_chunks())
        # the table holds the times of frames as they are, and these rise
        rows = np.searchsorted(times, mine["time_s"].to_numpy())
        values = np.full((len(times), len(coded.dictionary)), np.nan)
        values[rows, coded.indices.to_numpy()] = mine["value"].to_numpy()
        out[quantity] = (tuple(coded.dictionary.to_pylist()), values)
    return out
