"""From the frames of an ensemble's members to one run: probabilities and quantiles, per cell and per building."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.model.run import Frame
from twin.runs.consequences.exposure import blocked_cells, buildings, places_of
from twin.runs.ensembles.member import KEPT
from twin.runs.frames.store import NAME, Frames, FrameWriter, read_frames

if TYPE_CHECKING:
    from twin.runs.ensembles.member import Plan
    from twin.store import City

TABLE = "buildings.parquet"
MEMORY = 256 * 2**20
"""Bytes of members that are looked at together."""
LIKELY = (0.05, 0.1, 0.5, 0.9)
"""Probabilities from which buildings are counted."""
QUANTITIES = (KEPT, "exceedance_now")
QUANTILES = {
    "max_depth": {"max_depth_p10": 0.1, "max_depth_p50": 0.5, "max_depth_p90": 0.9},
    "arrival": {"arrival_p10": 0.1, "arrival_p50": 0.5},
}
"""Summary of the members -> what is made of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The frames of the members that were done, in the order of their numbers."""

    frames: Sequence[Frames]

    @classmethod
    def of(cls, plan: Plan, numbers: Sequence[int]) -> Members:
        """Return the members with these numbers."""
        return cls([read_frames(plan.member(number) / NAME) for number in sorted(numbers)])

    def blocks(self, name: str, i: int | None) -> list[tuple[slice, Callable[[], NDArray[np.float32]]]]:
        """Return rows, and how to read (members, rows, nx) the values there, of frame `i` or of a summary (None)."""
        import zarr

        arrays: list[Any] = [zarr.open_array(f.path / name, mode="r") for f in self.frames]
        grid = self.frames[0].grid
        rows = max(1, MEMORY // (4 * grid.nx * len(arrays)))
        parts = [slice(low, min(low + rows, grid.ny)) for low in range(0, grid.ny, rows)]

        def reader(part: slice) -> Callable[[], NDArray[np.float32]]:
            return lambda: np.stack([np.asarray(a[part] if i is None else a[i, part], np.float32) for a in arrays])

        return [(part, reader(part)) for part in parts]


def ranks(values: NDArray[np.floating], shares: Sequence[float]) -> list[NDArray[np.floating]]:
    """Return quantiles over the first axis: the least value that at least such a share of members does not exceed.

    Each is the value of a member, so that equal members give it to the last bit. NaN counts as never: above all.
    """
    ordered = np.sort(values, axis=0)
    return [ordered[max(int(np.ceil(share * len(values) - 1e-9)) - 1, 0)] for share in shares]


def quantiles(values: NDArray[np.float32], shares: Sequence[float]) -> list[NDArray[np.floating]]:
    """Return the same as `ranks` for fields of which most is 0 in all members."""
    some = (values != 0).any(axis=0)
    out: list[NDArray[np.floating]] = [np.zeros(values.shape[1:], np.float32) for _ in shares]
    for field, made in zip(out, ranks(values[:, some], shares), strict=True):
        field[some] = made
    return out


def write_statistics(folder: Path, plan: Plan, numbers: Sequence[int], about: Mapping[str, str]) -> Frames:
    """Write the frames of an ensemble from those of its members and return them.

    depth is the median of the members at each moment, max_depth and arrival are their medians.

    numbers  members that were done, at least one
    """
    members, threshold = Members.of(plan, numbers), np.float32(plan.spread.threshold)
    first, shape = members.frames[0], plan.grid.shape
    given = {"elevation": np.load(plan.folder / "elevation.npy")} if "elevation" in plan.fields else {}
    writer = FrameWriter(folder, plan.grid, plan.scenario.start, QUANTITIES, about, given)
    for i, time in enumerate(first.times):
        fields = {name: np.zeros(shape, np.float32) for name in QUANTITIES}
        for rows, read in members.blocks(KEPT, i):
            depth = read()
            fields["exceedance_now"][rows] = (depth > threshold).mean(axis=0)
            (fields[KEPT][rows],) = quantiles(depth, [0.5])
        writer.add(Frame(time, fields))
    summary: dict[str, NDArray[np.float32]] = {}
    for source in (name for name in QUANTILES if name in first.summaries):
        made = {name: np.zeros(shape, np.float32) for name in QUANTILES[source]}
        exceeds = np.zeros(shape, np.float32)
        for rows, read in members.blocks(source, None):
            values = read()
            exceeds[rows] = (values > threshold).mean(axis=0)
            for name, field in zip(made, quantiles(values, list(QUANTILES[source].values())), strict=True):
                made[name][rows] = field
        summary |= made | {source: made[f"{source}_p50"]}
        if source == "max_depth":
            summary["exceedance"] = exceeds
    median = {"cell_methods": "realization: median", "members": len(numbers)}
    share = {"threshold_m": float(plan.spread.threshold), "members": len(numbers)}
    notes: dict[str, dict[str, Any]] = dict.fromkeys((KEPT, *summary), median) | {"exceedance_now": share}
    for of in QUANTILES.values():
        notes |= {name: {"members": len(numbers), "quantile": q} for name, q in of.items() if name in summary}
    if "exceedance" in summary:
        notes["exceedance"] = share
    writer.close(summary, "done" if len(numbers) == plan.spread.members else "partial", notes)
    return read_frames(folder / NAME)


def write_buildings(folder: Path, city: City, plan: Plan, numbers: Sequence[int]) -> dict[str, Any]:
    """Write how deep the water stands at each building in the members, and return what to count of it.

    buildings.parquet: id, probability (share of members above the threshold), depth_p10, depth_p50, depth_p90 in m.
    The depth at a building is the one of `exposure.places_of`, as in an assessment.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    of, footprints = buildings(city)
    columns: dict[str, Any] = {name: [] for name in ("id", "probability", "depth_p10", "depth_p50", "depth_p90")}
    outside = 0
    if of is not None:
        members = Members.of(plan, numbers).frames
        places = places_of(of.geometry, plan.grid, blocked_cells(members[0], footprints))
        depths = np.stack([places.reached(f.summary("max_depth").ravel()) for f in members])
        inside = np.isfinite(depths[0])
        outside = int((~inside).sum())
        depths = depths[:, inside]
        columns["id"] = [id_ for id_, here in zip(of.ids, inside, strict=True) if here]
        columns["probability"] = (depths > plan.spread.threshold).mean(axis=0)
        columns |= zip(("depth_p10", "depth_p50", "depth_p90"), ranks(depths, [0.1, 0.5, 0.9]), strict=True)
    table = pa.table({k: pa.array(v, pa.string() if k == "id" else pa.float64()) for k, v in columns.items()})
    part = folder / (TABLE + ".part")
    pq.write_table(table, part, compression="zstd")
    part.replace(folder / TABLE)
    probability = np.asarray(columns["probability"])
    return {
        "buildings": len(probability),
        "buildings_outside": outside,
        "buildings_with_probability": {f"{p:g}": int((probability >= p - 1e-12).sum()) for p in LIKELY},
    }
