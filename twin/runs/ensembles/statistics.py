"""From the frames of an ensemble's members to one run: probabilities and quantiles, per cell and per building.

What is kept and how it is named follows from the hazard (`hazards.Kept`); nothing here knows water from fire but the
table of buildings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.model.run import Frame
from twin.runs.consequences.exposure import blocked_cells, buildings, places_of
from twin.runs.ensembles.made import Made, made_of
from twin.runs.ensembles.member import FATES, SHARES
from twin.runs.frames.store import NAME, Frames, FrameWriter, read_frames

if TYPE_CHECKING:
    from twin.runs.ensembles.member import Plan
    from twin.store import City

TABLE = "buildings.parquet"
MEMORY = 256 * 2**20
"""Bytes of members that are looked at together."""
LIKELY = (0.05, 0.1, 0.5, 0.9)
"""Probabilities from which buildings are counted."""
IGNITIONS = "burn_probability"
"""The share over the run by which a building counts as one that burns."""


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The frames of the members that were done, in the order of their numbers; folders: where each lies."""

    frames: Sequence[Frames]
    folders: Sequence[Path]

    @classmethod
    def of(cls, plan: Plan, numbers: Sequence[int]) -> Members:
        """Return the members with these numbers."""
        folders = [plan.member(number) for number in sorted(numbers)]
        return cls([read_frames(folder / NAME) for folder in folders], folders)

    def shares(self) -> Iterator[NDArray[np.float64]]:
        """Yield (ny, nx) the share of members that counts, frame by frame; of members that keep nothing else."""
        shape, count = self.frames[0].grid.shape, self.frames[0].grid.nx * self.frames[0].grid.ny
        kept = [np.load(folder / SHARES, mmap_mode="r") for folder in self.folders]
        for i in range(len(self.frames[0].times)):
            total = np.zeros(count, dtype=np.uint16)
            for bits in kept:
                total += np.unpackbits(bits[i], count=count)
            yield (total / len(kept)).reshape(shape)

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
    """Return the same as `ranks` for fields of which most is 0, or is never, in all members."""
    never = np.isnan(values).all(axis=0)
    some = (values != 0).any(axis=0) & ~never
    empty = np.where(never, np.nan, 0.0).astype(np.float32)
    out: list[NDArray[np.floating]] = [empty.copy() for _ in shares]
    for field, made in zip(out, ranks(values[:, some], shares), strict=True):
        field[some] = made
    return out


def write_statistics(folder: Path, plan: Plan, numbers: Sequence[int], about: Mapping[str, str]) -> Frames:
    """Write the frames of an ensemble from those of its members and return them.

    A summary without a share in its name (max_depth, fire_arrival) is the median of the members.

    numbers  members that were done, at least one
    """
    members, made = Members.of(plan, numbers), made_of(plan.hazard.members, plan.spread.threshold)
    first, shape, kept = members.frames[0], plan.grid.shape, made.kept
    given = {"elevation": np.load(plan.folder / "elevation.npy")} if "elevation" in plan.fields else {}
    writer = FrameWriter(folder, plan.grid, plan.scenario.start, made.frames, about, given)
    if kept.shown == "share":
        for time, counted in zip(first.times, members.shares(), strict=True):
            writer.add(Frame(time, {made.now: counted.astype(np.float32)}))
    for i, time in enumerate(first.times if kept.shown == "median" else ()):
        fields = {name: np.zeros(shape, np.float32) for name in made.frames}
        for rows, read in members.blocks(kept.frame, i):
            values = read()
            fields[made.now][rows] = made.reached(kept.frame, values).mean(axis=0).astype(np.float32)
            (fields[kept.frame][rows],) = quantiles(values, [0.5])
        writer.add(Frame(time, fields))
    summary: dict[str, NDArray[np.float32]] = {}
    for source, wanted in made.quantiles.items():
        if source not in first.summaries:
            continue
        found = {name: np.zeros(shape, np.float32) for name in wanted}
        share = np.zeros(shape, np.float32)
        for rows, read in members.blocks(source, None):
            values = read()
            share[rows] = made.reached(source, values).mean(axis=0).astype(np.float32)
            for name, field in zip(found, quantiles(values, list(wanted.values())), strict=True):
                found[name][rows] = field
        summary |= found | ({source: found[f"{source}_p50"]} if f"{source}_p50" in found else {})
        if source == kept.whole:
            summary[made.ever] = share
    writer.close(summary, "done" if len(numbers) == plan.spread.members else "partial", _notes(made, summary, numbers))
    return read_frames(folder / NAME)


def _notes(made: Made, summary: Mapping[str, object], numbers: Sequence[int]) -> dict[str, dict[str, Any]]:
    """Return what the fields of an ensemble say of themselves: members, quantile, limit."""
    count = len(numbers)
    limit = {"threshold_m": float(made.limit)} if made.kept.above is None else {"above": float(made.limit)}
    share: dict[str, Any] = limit | {"members": count}
    median = {"cell_methods": "realization: median", "members": count}
    whole = (name for name in (made.kept.frame, *summary) if name in (*made.frames, *summary))
    notes: dict[str, dict[str, Any]] = dict.fromkeys(whole, median) | {made.now: share}
    for of in made.quantiles.values():
        notes |= {name: {"members": count, "quantile": q} for name, q in of.items() if name in summary}
    return notes | ({made.ever: share} if made.ever in summary else {})


def write_buildings(folder: Path, city: City, plan: Plan, numbers: Sequence[int]) -> dict[str, Any]:
    """Write a table of the buildings and return what to count of it.

    buildings.parquet of floods: id, probability (share of members above the threshold), depth_p10, depth_p50,
    depth_p90 in m; the depth at a building is the one of `exposure.places_of`, as in an assessment. Of fires: id,
    probability (share of members in which it burnt), arrival_p10_s, arrival_p50_s (missing: never).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    burns = made_of(plan.hazard.members, plan.spread.threshold).ever == IGNITIONS
    columns, outside = (_burnt if burns else _flooded)(city, plan, numbers)
    table = pa.table(
        {k: pa.array(v, pa.string() if k == "id" else pa.float64(), from_pandas=burns) for k, v in columns.items()}
    )
    part = folder / (TABLE + ".part")
    pq.write_table(table, part, compression="zstd")
    part.replace(folder / TABLE)
    probability = np.asarray(columns["probability"])
    return {
        "buildings": len(probability),
        "buildings_outside": outside,
        "buildings_with_probability": {f"{p:g}": int((probability >= p - 1e-12).sum()) for p in LIKELY},
    }


def _flooded(city: City, plan: Plan, numbers: Sequence[int]) -> tuple[dict[str, Any], int]:
    """Return the depths at the buildings over the members, by column, and how many lie outside the area."""
    of, footprints = buildings(city)
    columns: dict[str, Any] = {name: [] for name in ("id", "probability", "depth_p10", "depth_p50", "depth_p90")}
    if of is None:
        return columns, 0
    members = Members.of(plan, numbers).frames
    places = places_of(of.geometry, plan.grid, blocked_cells(members[0], footprints))
    depths = np.stack([places.reached(f.summary("max_depth").ravel()) for f in members])
    inside = np.isfinite(depths[0])
    depths = depths[:, inside]
    columns["id"] = [id_ for id_, here in zip(of.ids, inside, strict=True) if here]
    columns["probability"] = (depths > plan.spread.threshold).mean(axis=0)
    columns |= zip(("depth_p10", "depth_p50", "depth_p90"), ranks(depths, [0.1, 0.5, 0.9]), strict=True)
    return columns, int((~inside).sum())


def _burnt(city: City, plan: Plan, numbers: Sequence[int]) -> tuple[dict[str, Any], int]:
    """Return when the buildings caught fire over the members, by column, and how many lie outside the area."""
    of, _ = buildings(city)
    columns: dict[str, Any] = {name: [] for name in ("id", "probability", "arrival_p10_s", "arrival_p50_s")}
    if of is None:
        return columns, 0
    west, south, east, north = plan.grid.bounds
    box = np.array([(np.nan,) * 4 if g is None else g.bounds for g in of.geometry])
    inside = (box[:, 0] < east) & (box[:, 2] > west) & (box[:, 1] < north) & (box[:, 3] > south)
    ids = [id_ for id_, here in zip(of.ids, inside, strict=True) if here]
    row = {id_: i for i, id_ in enumerate(ids)}
    times = np.full((len(numbers), len(ids)), np.nan)
    for k, number in enumerate(sorted(numbers)):
        file = plan.member(number) / FATES
        if file.is_file():
            with np.load(file) as fates:
                for id_, time in zip(fates["id"].tolist(), fates["time"].tolist(), strict=True):
                    if id_ in row:
                        times[k, row[id_]] = time
    columns["id"] = ids
    columns["probability"] = np.isfinite(times).mean(axis=0)
    columns |= zip(("arrival_p10_s", "arrival_p50_s"), ranks(times, [0.1, 0.5]), strict=True)
    return columns, int((~inside).sum())
