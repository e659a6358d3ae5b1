"""The most dangerous moment of every cell of a run.

A class of AIDR is the greatest of three, one by depth, one by speed, one by their product. So the class of the run's
greatest depth, speed and product *is* the worst class of its time steps, as long as the product was kept as one and
not multiplied afterwards: nothing is combined that did not happen. The hazard rating of Defra is a sum: a run keeps the
greatest d (v + 0.5) of its time steps (`max_rating`), and the debris factor of the greatest depth is added to it, which
is not less than the worst moment and the same where depth and rating are greatest together. Else the frames tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.impact import Debris, aidr_class, debris_factor, hazard_rating

if TYPE_CHECKING:
    from twin.runs.frames.store import Frames

#: summaries that together give the worst class of every time step
STEPS = ("max_depth", "max_speed", "max_hazard")


@dataclass(frozen=True, slots=True, eq=False)
class Worst:
    """The worst of each cell over the run.

    aidr         (cells,) 0..6   class of AIDR, 0 where it stays dry
    rating       (cells,) 1      hazard rating of Defra, 0 where it stays dry
    aidr_from    "steps" (every time step), "frames" (the moments kept) or "depth" (no speeds: still water)
    rating_from  as `aidr_from`, or "maxima": an upper bound from the greatest depth and product
    """

    aidr: NDArray[np.int8]
    rating: NDArray[np.float32]
    aidr_from: str
    rating_from: str


class WorstOfFrames:
    """Keeps the worst class and rating of the frames it has seen (a watcher of `over_time.watch`)."""

    def __init__(self, cells: int, form: Debris) -> None:
        self.form = form
        self.aidr = np.zeros(cells, dtype=np.int8)
        self.rating = np.zeros(cells, dtype=np.float32)

    def see(self, i: int, depth: NDArray[np.float32], speed: NDArray[np.float32]) -> None:
        """Take in a frame: (cells,) m and m s-1."""
        del i
        wet = np.flatnonzero(depth > 0)
        d, v = depth[wet], speed[wet]
        self.aidr[wet] = np.maximum(self.aidr[wet], aidr_class(d, v, d * v))
        self.rating[wet] = np.maximum(self.rating[wet], hazard_rating(d, v, self.form))


def worst_moments(frames: Frames, form: Debris, seen: WorstOfFrames | None) -> Worst:
    """Return the worst of each cell, from the best that the run has kept.

    form  debris factor of the rating
    seen  what frames with depth and speed held; None: there are none, or they were not read
    """
    deep = summary(frames, "max_depth", 0.0)
    steps = all(name in frames.summaries for name in STEPS)
    fast, product = summary(frames, "max_speed", 0.0), summary(frames, "max_hazard", 0.0)
    aidr = aidr_class(deep, fast, product).astype(np.int8)
    if not steps and seen is not None:
        aidr = np.maximum(aidr, seen.aidr)
    # the greatest depth did occur, at whatever speed: still water is the least that can be said of that moment
    rating = hazard_rating(deep, 0.0, form)
    how = "depth"
    if "max_rating" in frames.summaries:
        debris = debris_factor(deep, form)
        rating, how = np.maximum(rating, summary(frames, "max_rating", 0.0) + debris), "steps"
    elif seen is not None:
        rating, how = np.maximum(rating, seen.rating), "frames"
    elif "max_hazard" in frames.summaries:
        rating, how = product + 0.5 * deep + debris_factor(deep, form), "maxima"
    return Worst(aidr, rating.astype(np.float32), "steps" if steps else "frames" if seen is not None else "depth", how)


def summary(frames: Frames, name: str, absent: float) -> NDArray[np.float32]:
    """Return a field of the run as (cells,), a constant where the hazard does not give it or a cell has none."""
    if name not in frames.summaries:
        return np.full(frames.grid.nx * frames.grid.ny, absent, dtype=np.float32)
    values = frames.summary(name).ravel()
    return np.where(np.isnan(values), np.float32(absent), values)
