"""Sensors in the words of OGC SensorThings: a Thing has Datastreams, a Datastream has Observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError


@dataclass(frozen=True, slots=True)
class Thing:
    """What carries sensors: a gauge, a station, a pump.

    location  x, y in `crs`, or None when the file does not say where it stands
    """

    id: str
    name: str
    location: tuple[float, float] | None = None
    crs: str | None = None
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Datastream:
    """One measured quantity of one thing.

    property  a name of `names.QUANTITIES` where it fits, else the file's own word
    unit      the unit of the stored values, in the spelling of `names.py`
    """

    id: str
    thing: str
    property: str
    unit: str
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """A batch of n readings.

    things, datastreams   what the batch speaks of; known ones may be repeated
    stream   (n,) int32: position in `datastreams`
    time     (n,) datetime64[us], UTC: when it was so (phenomenonTime)
    value    (n,) float64
    lines    (n,) int64: line or record of the file, counted from 1; several readings may share a line
    """

    things: Sequence[Thing]
    datastreams: Sequence[Datastream]
    stream: NDArray[np.int32]
    time: NDArray[np.datetime64]
    value: NDArray[np.float64]
    lines: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.value)
        for name, column in (("stream", self.stream), ("time", self.time), ("lines", self.lines)):
            if len(column) != n:
                raise InputError(f"observations: {name} has {len(column)} entries for {n} values")

    def __len__(self) -> int:
        return len(self.value)
