"""A network made of single pipes: ends that meet become shafts, levels are ordered, low free ends become outfalls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.physics.drains.joining import draining, free_ends, joined, loose, named, places, traps
from twin.physics.drains.network import MANNING, Index, Network, Values

NEAR = 2.0
"""m: a free end nearer than this to a pipe that it does not meet hangs loose."""

SHORTEST, LAST = 1.0, 5.0
"""m, least length of a pipe, and length of the one that leads from a shaft with several pipes to its outfall."""

LEAST_SHAFT, SHOULDER = 1.2, 0.6
"""m, diameter of the smallest shaft that a person gets into, and by how much a shaft is wider than its pipes."""

COVER, SLOPE = 1.0, 0.002
"""m of ground over a pipe, and its fall, where neither its level nor its depth is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Pipe:
    """A pipe as a register has it; what it does not know is NaN.

    points    (k, 2) m    its axis
    diameter  m           inside
    first, last  m        bottom of the pipe at the first and at the last point
    lower     m           bottom of the pipe at its lower end, where only that is known
    depth     m           of the bottom below the ground
    roughness s m-1/3     Manning's n
    """

    id: str
    points: Values
    diameter: float
    first: float = np.nan
    last: float = np.nan
    lower: float = np.nan
    depth: float = np.nan
    roughness: float = np.nan

    @property
    def length(self) -> float:
        """Length of the axis in m."""
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum())


@dataclass(frozen=True, slots=True)
class Laid:
    """What was made of the pipes, in numbers.

    outfalls      free lower ends, and named ones, at which water leaves
    loose         free ends within `NEAR` of another pipe that they do not meet
    no_diameter   ids of pipes that were left out, since their diameter is not known
    guessed       ids of pipes whose level was taken from the ground, `COVER` above the pipe
    traps         shafts lower than all around them, without an outlet
    closed        parts of the network without an outfall; they were left out, with `lost` pipes
    above         shafts whose bottom is above the ground
    """

    outfalls: int = 0
    loose: int = 0
    no_diameter: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    traps: int = 0
    closed: int = 0
    lost: int = 0
    above: int = 0


def bottoms(pipe: Pipe, ground: Values) -> tuple[float, float, bool]:
    """Return the bottom of a pipe in m at its first and at its last point, and whether the ground had to stand in.

    ground  (2,) m  at both ends

    Known levels hold. Where one end is known, or only the lower one, the other lies higher or lower by the fall of
    the ground, at least `SLOPE`. Where none is, the pipe lies `depth` or its diameter and `COVER` below the ground.
    """
    fall = max(abs(float(ground[0] - ground[1])), SLOPE * pipe.length)
    first, last = pipe.first, pipe.last
    if np.isnan(first) and np.isnan(last) and not np.isnan(pipe.lower):
        downhill = ground[0] >= ground[1]
        return (pipe.lower + fall, pipe.lower, False) if downhill else (pipe.lower, pipe.lower + fall, False)
    if np.isnan(first) and np.isnan(last):
        deep = pipe.diameter + COVER if np.isnan(pipe.depth) else pipe.depth
        return float(ground[0]) - deep, float(ground[1]) - deep, bool(np.isnan(pipe.depth))
    if np.isnan(first):
        return last + (fall if ground[0] >= ground[1] else -fall), last, False
    if np.isnan(last):
        return first, first - (fall if ground[0] >= ground[1] else -fall), False
    return first, last, False


def lay(
    pipes: Sequence[Pipe], ground: Callable[[Values], Values], outfalls: Values | None = None
) -> tuple[Network | None, Laid]:
    """Return the network, None when no pipe is left in one with an outfall, and what was made of it.

    ground    (n, 2) m -> (n,) m  height of the ground
    outfalls  (k, 2) m            where water leaves besides free lower ends
    """
    sized = [p for p in pipes if p.diameter > 0]
    unsized = tuple(p.id for p in pipes if not p.diameter > 0)
    if not sized:
        return None, Laid(no_diameter=unsized)
    ends = np.array([p.points[[0, -1]] for p in sized], dtype=float)
    node = joined(ends.reshape(-1, 2)).reshape(-1, 2)
    at = ground(ends.reshape(-1, 2)).reshape(-1, 2)
    found = [bottoms(p, g) for p, g in zip(sized, at, strict=True)]
    levels = np.array([f[:2] for f in found])
    turned = levels[:, 0] < levels[:, 1]
    for values in (levels, node, ends):
        values[turned] = values[turned][:, ::-1]
    free = free_ends(node)
    if outfalls is not None and len(outfalls):
        free[named(places(node, ends), outfalls)] = True
    kept, closed = draining(node, free)
    laid = Laid(
        outfalls=int(free[np.unique(node[kept])].sum()),
        loose=loose([p.points for p in sized], node, ends, NEAR),
        no_diameter=unsized,
        guessed=tuple(p.id for p, f in zip(sized, found, strict=True) if f[2]),
        traps=traps(node[kept], free),
        closed=closed,
        lost=int((~kept).sum()),
    )
    if not kept.any():
        return None, laid
    chosen = [p for p, k in zip(sized, kept, strict=True) if k]
    network = _assembled(chosen, node[kept], ends[kept], levels[kept], free, ground)
    return network, replace(laid, above=int((network.invert > network.rim)[~network.outfall].sum()))


def _assembled(
    pipes: Sequence[Pipe],
    node: Index,
    ends: Values,
    levels: Values,
    free: NDArray[np.bool_],
    ground: Callable[[Values], Values],
) -> Network:
    """Return the network of these pipes, its nodes numbered anew; outfalls get a pipe of their own where they must."""
    used, renamed = np.unique(node, return_inverse=True)
    node = renamed.reshape(-1, 2)
    outfall, xy = free[used].copy(), places(node, ends)
    diameter = np.array([p.diameter for p in pipes])
    length = np.array([max(p.length, SHORTEST) for p in pipes])
    invert, widest = np.full(len(used), np.inf), np.zeros(len(used))
    for side in (0, 1):
        np.minimum.at(invert, node[:, side], levels[:, side])
        np.maximum.at(widest, node[:, side], diameter)
    roughness = np.array([MANNING if np.isnan(p.roughness) else p.roughness for p in pipes])
    ids = [p.id for p in pipes]
    for i in np.flatnonzero(outfall & ~free_ends(node, len(used))).tolist():
        # SWMM lets one pipe end in an outfall: a last short one leads from the shaft to it
        outfall = np.append(outfall, True)
        outfall[i] = False
        node = np.vstack([node, [i, len(invert)]])
        xy, invert = np.vstack([xy, xy[i]]), np.append(invert, invert[i])
        levels = np.vstack([levels, [invert[i], invert[i]]])
        diameter, widest = np.append(diameter, widest[i]), np.append(widest, widest[i])
        length, roughness = np.append(length, LAST), np.append(roughness, MANNING)
        ids.append("")
    return Network(
        xy=xy,
        invert=invert,
        rim=ground(xy),
        shaft=np.pi / 4 * np.maximum(LEAST_SHAFT, widest + SHOULDER) ** 2,
        outfall=outfall,
        start=node[:, 0],
        end=node[:, 1],
        top=levels[:, 0],
        foot=levels[:, 1],
        length=length,
        diameter=diameter,
        roughness=roughness,
        ids=tuple(ids),
    )
