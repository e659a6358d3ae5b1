"""Values of things of the city over a run (depth in an underpass, rate of a pump): a table beside the frames.

<run>/assets.parquet   time_s, quantity, id, value: one row for each value, in the order of the frames
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.run import Frame

NAME = "assets.parquet"


class Things:
    """Collects the values of things frame by frame."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._rows: dict[str, list[tuple[int, str, float]]] = {}

    def add(self, frame: Frame) -> None:
        """Take in what a frame holds of things."""
        number = len(self._times)
        self._times.append(frame.time)
        for quantity, values in frame.assets.items():
            rows = self._rows.setdefault(quantity, [])
            rows += [(number, str(id_), float(value)) for id_, value in values.items()]

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything collected, as arrays."""
        saved: dict[str, NDArray[Any]] = {"times": np.array(self._times, dtype=np.float64)}
        for quantity, rows in self._rows.items():
            saved[f"{quantity}/frame"] = np.array([n for n, _, _ in rows], dtype=np.int64)
            saved[f"{quantity}/id"] = np.array([i for _, i, _ in rows], dtype=np.str_)
            saved[f"{quantity}/value"] = np.array([v for _, _, v in rows], dtype=np.float64)
        return saved

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self._times = [float(t) for t in saved["times"]]
        self._rows = {}
        for quantity in (name.removesuffix("/frame") for name in saved if name.endswith("/frame")):
            columns = (saved[f"{quantity}/{part}"].tolist() for part in ("frame", "id", "value"))
            self._rows[quantity] = list(zip(*columns, strict=True))

    def write(self, folder: Path) -> None:
        """Write the table into a run's folder, whole or not at all; nothing when there are no values."""
        if not any(self._rows.values()):
            (folder / NAME).unlink(missing_ok=True)
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        flat = sorted(
            ((number, quantity, id_, value) for quantity, rows in self._rows.items() for number, id_, value in rows),
            key=lambda row: row[:2],
        )
        columns = {
            "time_s": pa.array([self._times[number] for number, *_ in flat], pa.float64()),
            "quantity": pa.array([quantity for _, quantity, *_ in flat], pa.string()),
            "id": pa.array([id_ for *_, id_, _ in flat], pa.string()),
            "value": pa.array([value for *_, value in flat], pa.float64()),
        }
        part = folder / (NAME + ".part")
        pq.write_table(pa.table(columns), part, compression="zstd")
        part.replace(folder / NAME)


def read_things(folder: Path, times: tuple[float, ...]) -> dict[str, tuple[tuple[str, ...], NDArray[np.float64]]]:
    """Return quantity -> ids and (frames, n) their values, NaN where a frame has none; empty without a table."""
    if not (folder / NAME).is_file():
        return {}
    import pyarrow.parquet as pq

    table = pq.read_table(folder / NAME).to_pydict()
    frame_of = {time: i for i, time in enumerate(times)}
    places: dict[str, dict[str, int]] = {}
    for quantity, id_ in zip(table["quantity"], table["id"], strict=True):
        of = places.setdefault(quantity, {})
        of.setdefault(id_, len(of))
    values = {quantity: np.full((len(times), len(of)), np.nan) for quantity, of in places.items()}
    for time, quantity, id_, value in zip(*(table[c] for c in ("time_s", "quantity", "id", "value")), strict=True):
        values[quantity][frame_of[time], places[quantity][id_]] = value
    return {quantity: (tuple(of), values[quantity]) for quantity, of in places.items()}
