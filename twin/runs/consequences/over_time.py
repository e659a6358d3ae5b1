"""A run seen once, frame by frame: when water reaches a place, how long it stays, when it stands highest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from twin.runs.consequences.exposure import Places
    from twin.runs.frames.store import Frames

#: m, depth from which the speed of a frame counts: below it a film of water has no speed worth the name
SPEED_FROM = 0.05
VELOCITY = ("velocity_x", "velocity_y")


class Watcher(Protocol):
    """Something that looks at every frame."""

    def see(self, i: int, depth: NDArray[np.float32], speed: NDArray[np.float32]) -> None:
        """Take in frame `i`: (cells,) m and m s-1, without NaN."""
        ...


def has_speed(frames: Frames) -> bool:
    """Return whether the frames tell how fast the water moves."""
    return all(name in frames.quantities for name in VELOCITY) or "speed" in frames.quantities


def watch(frames: Frames, watchers: Sequence[Watcher]) -> None:
    """Show every frame to all watchers, each frame read once. Nothing happens when there are no frames of depth."""
    if "depth" not in frames.quantities:
        return
    for i in range(len(frames.times)):
        depth = np.nan_to_num(frames.read("depth", i).ravel())
        speed = _speed(frames, i, depth)
        for watcher in watchers:
            watcher.see(i, depth, speed)


def _speed(frames: Frames, i: int, depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (cells,) m s-1, 0 where the water is shallower than `SPEED_FROM`, or nothing is known."""
    if all(name in frames.quantities for name in VELOCITY):
        speed = np.hypot(*(frames.read(name, i).ravel() for name in VELOCITY))
    elif "speed" in frames.quantities:
        speed = frames.read("speed", i).ravel()
    else:
        return np.zeros_like(depth)
    return np.where(depth >= np.float32(SPEED_FROM), np.nan_to_num(speed), np.float32(0))


class DepthSeries:
    """Keeps the depth at n places over the frames (a watcher).

    depths  (frames, n) m   reached by at least half of the cells of each place
    """

    def __init__(self, places: Places, frames: Frames) -> None:
        self.places = places
        self.depths = np.zeros((len(frames.times), places.count), dtype=np.float32)

    def see(self, i: int, depth: NDArray[np.float32], speed: NDArray[np.float32]) -> None:
        """Take in a frame."""
        del speed
        self.depths[i] = np.nan_to_num(self.places.reached(depth))


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """When water of a depth or more stands at n places.

    since   (n,) s     first moment, NaN where no frame shows it
    during  (n,) s     time at that depth or more, up to the end of the run
    peak    (n,) s     moment of the deepest frame, NaN where every frame is dry
    at_end  (n,) bool  whether it still stands there when the run ends
    """

    since: NDArray[np.float64]
    during: NDArray[np.float64]
    peak: NDArray[np.float64]
    at_end: NDArray[np.bool_]


def stay(times: Sequence[float], depths: NDArray[np.floating], limit: float) -> Stay:
    """Return when water of `limit` m or more stands at places; between frames the depth runs straight.

    times   (t,) s, rising
    depths  (t, n) m
    """
    clock, d = np.asarray(times, dtype=np.float64), np.asarray(depths, dtype=np.float64)
    if not len(clock):
        none = np.full(d.shape[1], np.nan)
        return Stay(none, np.zeros(d.shape[1]), none, np.zeros(d.shape[1], dtype=bool))
    above = d >= limit
    first, last, step = d[:-1], d[1:], np.diff(clock)[:, None]
    crosses = np.divide(limit - first, last - first, out=np.zeros_like(first), where=above[:-1] != above[1:])
    rises, falls = ~above[:-1] & above[1:], above[:-1] & ~above[1:]
    share = np.where(rises, 1 - crosses, np.where(falls, crosses, above[:-1] & above[1:]))
    enters = np.where(rises, clock[:-1, None] + crosses * step, np.inf)
    since = np.vstack([np.where(above[:1], clock[0], np.inf), enters]).min(axis=0)
    return Stay(
        np.where(np.isfinite(since), since, np.nan),
        (share * step).sum(axis=0),
        np.where(d.max(axis=0) > 0, clock[d.argmax(axis=0)], np.nan),
        above[-1],
    )
