"""What became of each building in a fire: its state, when and by what it was lit, how much of it burnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.runs.provenance import record

if TYPE_CHECKING:
    from twin.runs.frames.store import Frames
    from twin.store import City

#: states of `building_fire` (`names.QUANTITIES`), by their number
STATES = ("unburnt", "heated", "burning", "burnt_out", "extinguished")
HEATED, BURNING, BURNT_OUT, EXTINGUISHED = 1, 2, 3, 4
QUANTITY = "building_fire"
MEMBERS_RULE = "buildings that burn in at least half of the members, at the median of the times at which they are lit"


@dataclass(frozen=True, slots=True, eq=False)
class Fates:
    """What became of n buildings.

    state    (n,) int8  at the end: 0..4 of STATES
    course   (frames, n) int8  at each frame
    heated   (n,) s  first moment that is known at which it was heated or burnt, NaN: never
    ignited  (n,) s  when it was lit; ended: burnt out or put out; NaN: never
    cause    n words; by: n ids or places, "" where nothing is known
    share    (n,) 0..1  of its fuel that burnt, NaN where the run does not say
    away     (n,) s  when its people had been evacuated, NaN: never
    """

    state: NDArray[np.int8]
    course: NDArray[np.int8]
    heated: NDArray[np.float64]
    ignited: NDArray[np.float64]
    ended: NDArray[np.float64]
    cause: Sequence[str]
    by: Sequence[str]
    share: NDArray[np.float64]
    away: NDArray[np.float64]

    @property
    def lost(self) -> NDArray[np.float64]:
        """(n,) share that is lost: of one that was put out what had burnt, or all where that is not known."""
        out = np.where(self.state == EXTINGUISHED, np.nan_to_num(self.share, nan=1.0), 1.0)
        return np.where(self.state >= BURNING, np.clip(out, 0.0, 1.0), 0.0)

    @property
    def exposed(self) -> NDArray[np.bool_]:
        """(n,) whether people were in it when it was heated or lit: not where they had been evacuated before."""
        with np.errstate(invalid="ignore"):
            return np.isfinite(self.heated) & ~(self.away <= self.heated)


def fates(city: City, run_id: str, frames: Frames, ids: Sequence[str]) -> Fates:
    """Return what became of buildings: what the record of the run says, else what its frames show.

    ids  n of the buildings, in their order
    """
    row = {id_: i for i, id_ in enumerate(ids)}
    n, times = len(ids), np.asarray(frames.times, dtype=np.float64)
    course = np.zeros((len(times), n), dtype=np.int8)
    if QUANTITY in frames.asset_quantities:
        known, values = frames.assets(QUANTITY)
        mine = np.array([row.get(id_, -1) for id_ in known], dtype=np.int64)
        course[:, mine[mine >= 0]] = np.nan_to_num(values[:, mine >= 0]).astype(np.int8)
    told = record(city, run_id)
    state = course[-1].copy() if len(times) else np.zeros(n, dtype=np.int8)
    heated, ignited = _first(course >= HEATED, times), _first(course >= BURNING, times)
    ended, share, away = _first(course >= BURNT_OUT, times), np.full(n, np.nan), np.full(n, np.nan)
    cause, by = [""] * n, [""] * n
    for entry in told.get("buildings", []):
        i = row.get(str(entry["id"]), -1)
        if i < 0:
            continue
        state[i] = STATES.index(entry["state"]) if entry.get("state") in STATES else state[i]
        ignited[i], ended[i] = _time(entry, "ignited_s"), _time(entry, "ended_s")
        cause[i], by[i] = str(entry.get("cause") or ""), str(entry.get("by") or "")
        share[i] = _share(entry)
    for entry in told.get("evacuated", []):
        i = row.get(str(entry["id"]), -1)
        if i >= 0:
            away[i] = np.fmin(away[i], _time(entry, "by_s"))
    if told.get("members", 1) > 1:
        _of_members(city, run_id, row, state, ignited)
    return Fates(state, course, np.fmin(heated, ignited), ignited, ended, cause, by, share, away)


def _of_members(
    city: City, run_id: str, row: dict[str, int], state: NDArray[np.int8], ignited: NDArray[np.float64]
) -> None:
    """Let the buildings burn that do in at least half of the members of an ensemble."""
    import pyarrow.parquet as pq

    file = city.runs.folder(city.runs.get(run_id).id) / "buildings.parquet"
    if file.is_file():
        table = pq.read_table(file, columns=["id", "arrival_p50_s"]).to_pydict()
        for id_, time in zip(table["id"], table["arrival_p50_s"], strict=True):
            if id_ in row and time is not None:
                state[row[id_]], ignited[row[id_]] = BURNING, time


def _first(when: NDArray[np.bool_], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n,) s of the first frame in which something holds, NaN where in none."""
    if not len(times):
        return np.full(when.shape[1], np.nan)
    return np.where(when.any(axis=0), times[when.argmax(axis=0)], np.nan)


def _time(entry: dict[str, Any], name: str) -> float:
    value = entry.get(name)
    return float(value) if isinstance(value, int | float) else np.nan


def _share(entry: dict[str, Any]) -> float:
    """Return the share of a building's fuel that burnt, NaN where the record does not hold both energies."""
    burnt, load = _time(entry, "energy_mj"), _time(entry, "load_mj")
    return burnt / load if load > 0 else np.nan
