"""What a network of drains is: shafts, pipes between them, inlets above them, outfalls at its ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError

Values = NDArray[np.float64]
Index = NDArray[np.intp]

MANNING = 0.013
"""s m-1/3, Manning's n of concrete pipes where nobody says another."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """n nodes (shafts and outfalls) and m pipes.

    xy           (n, 2) m    in the coordinates of the city
    invert       (n,) m      bottom of a node above the datum
    rim          (n,) m      ground above it
    shaft        (n,) m2     area of the shaft in plan
    outfall      (n,)        nodes at which water leaves; each has one pipe, which ends there
    start, end   (m,)        nodes of each pipe, the upper end first
    top, foot    (m,) m      bottom of the pipe at both ends, top >= foot
    length       (m,) m      > 0
    diameter     (m,) m      > 0
    roughness    (m,) s m-1/3  Manning's n
    ids          m texts     of the pipes

    Raises InputError when there is no pipe or no outfall, or an outfall has not one pipe.
    """

    xy: Values
    invert: Values
    rim: Values
    shaft: Values
    outfall: NDArray[np.bool_]
    start: Index
    end: Index
    top: Values
    foot: Values
    length: Values
    diameter: Values
    roughness: Values
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not len(self.start):
            raise InputError("the network of drains has no pipe")
        if not self.outfall.any():
            raise InputError("the network of drains has no outfall; water could not leave it")
        ends = np.bincount(self.end, minlength=len(self.invert))
        starts = np.bincount(self.start, minlength=len(self.invert))
        if (self.outfall & ((ends != 1) | (starts != 0))).any():
            raise InputError("an outfall of the network of drains must be the lower end of exactly one pipe")

    def capacity(self) -> Values:
        """Return (m,) m3 s-1 that each pipe carries when it just runs full, at a slope of 1 in 1000 or its own.

        Source: Manning, Q = (1/n) A R^(2/3) S^(1/2) with R = D/4.
        """
        slope = np.maximum((self.top - self.foot) / self.length, 1e-3)
        out: Values = np.pi / 4 * self.diameter**2 * (self.diameter / 4) ** (2 / 3) * np.sqrt(slope) / self.roughness
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Inlets:
    """k openings between street and network.

    node  (k,)     node below each
    xy    (k, 2) m
    area  (k,) m2  of the opening
    ids   k texts
    """

    node: Index
    xy: Values
    area: Values
    ids: tuple[str, ...]
