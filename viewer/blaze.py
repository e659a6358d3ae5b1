"""Buildings on fire: their states over a run, and when, by what and by which building each was set on fire."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from viewer import pictures
from viewer.memo import remember
from viewer.record import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.store import City

#: states of `building_fire` in their order, 1 and up
STATES = ("heated", "burning", "burnt", "extinguished")

#: m2 in a hectare
HECTARE = 1e4


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one building.

    states   (frames,) 0 untouched, and the numbers of STATES
    ignited  s from the start, None: it never burnt; ended: burnt out or extinguished
    cause    word of the cause, "" where it is not known; by: id of the building that it came from, "" for none
    """

    id: str
    states: NDArray[np.int8]
    ignited: float | None
    ended: float | None
    cause: str
    by: str

    def state(self, index: int) -> int:
        """Return the state in a frame."""
        return int(self.states[index])


@remember(size=4)
def fates(city: City, run: str) -> tuple[Fate, ...]:
    """Return the buildings that a fire heats or burns at any moment of a run, the first to burn first."""
    frames = pictures.frames(city, run) if run else None
    if frames is None or "building_fire" not in frames.asset_quantities:
        return ()
    ids, values = frames.assets("building_fire")
    # a building that a frame does not name is untouched in it
    states = np.nan_to_num(values).astype(np.int8)
    told = {str(row["id"]): row for row in record(city, run).get("buildings", [])}
    found = []
    for id_, course in zip(ids, states.T, strict=True):
        row = told.get(id_, {})
        if not course.any() and not row:
            continue
        burning = np.flatnonzero(course >= STATES.index("burning") + 1)
        ended = np.flatnonzero(course >= STATES.index("burnt") + 1)
        found.append(
            Fate(
                id_,
                course,
                _time(row.get("ignited_s"), burning, frames.times),
                _time(row.get("ended_s"), ended, frames.times),
                str(row.get("cause") or ""),
                str(row.get("by") or ""),
            )
        )
    never = float("inf")
    return tuple(sorted(found, key=lambda f: (never if f.ignited is None else f.ignited, f.id)))


def _time(told: object, frames: NDArray[np.intp], times: tuple[float, ...]) -> float | None:
    """Return when the record says that it happened, else the first frame that shows it."""
    if isinstance(told, int | float):
        return float(told)
    return times[int(frames[0])] if len(frames) else None


def counts(fates: tuple[Fate, ...], index: int) -> tuple[int, ...]:
    """Return the number of buildings in each of STATES in a frame."""
    here = Counter(fate.state(index) for fate in fates)
    return tuple(here[number + 1] for number in range(len(STATES)))


def causes(fates: tuple[Fate, ...]) -> dict[str, int]:
    """Return cause -> number of buildings that it set on fire, the most frequent first."""
    here = Counter(fate.cause or "unknown" for fate in fates if fate.ignited is not None)
    return dict(sorted(here.items(), key=lambda row: (-row[1], row[0])))


@remember(size=8)
def burnt_hectares(city: City, run: str) -> tuple[float, ...]:
    """Return the ground in ha, in each frame, that burns or has burnt; nothing where the run does not say."""
    frames = pictures.frames(city, run)
    if "fire_state" not in frames.quantities:
        return ()
    cell = frames.grid.cell**2 / HECTARE
    return tuple(float((frames.read("fire_state", i) > 0).sum()) * cell for i in range(len(frames.times)))
