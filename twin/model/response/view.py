"""What an agent may see: observations and forecasts, with their age and doubt. Never the truth of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.model.response.city import Facts, Unit
from twin.model.response.proposal import Decision, Proposal


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation as it came in.

    id        of the reading, for the journal
    sensor    id of the thing;   quantity  a name of `names.QUANTITIES`, `value` in its unit
    x, y      m    where the sensor stands
    time      s from the start of the run, when it was so
    received  s    when it came in, >= time
    mark      "" or why it is not to be trusted: stale, frozen, spike, gap
    """

    id: str
    sensor: str
    quantity: str
    value: float
    x: float
    y: float
    time: float
    received: float
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a person reports: by 119, by a crew, or a complaint.

    kind  fire, breach, water, crowd, blocked;   target  id of a thing of the city, "" where only the place is known
    """

    id: str
    kind: str
    x: float
    y: float
    time: float
    received: float
    target: str = ""
    value: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What a hazard does at n things over t times, in m members of a forecast.

    ids      of the things
    times    (t,) s from the start of the run, rising
    depth    (m, t, n) float32 m      water at it (of an edge: the deepest on it; of a home: above ground)
    product  (m, t, n) float32 m2 s-1 depth times speed of the water
    fire     (m, t, n) bool           burns, or stands within reach of flames and their heat
    """

    ids: tuple[str, ...]
    times: NDArray[np.float64]
    depth: NDArray[np.float32]
    product: NDArray[np.float32]
    fire: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """A forecast ensemble, at the things of the city.

    id       digest of what it was made from
    made     s from the start of the run;   horizon  s beyond it
    homes    at `Facts.homes`, in their order
    sites    at `Facts.sites`
    edges    at the edges of `Facts.roads`; ids are their numbers as text
    """

    id: str
    made: float
    horizon: float
    homes: Course
    sites: Course
    edges: Course


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """All that an agent gets. Same view, same answer.

    time       s from the start of the run;  cycle  number of this cycle, from 0;  every  s between two cycles
    facts      the city
    readings   newest reading of each sensor and quantity, in the order of sensor and quantity
    history    sensor, quantity -> its readings of the last hours, oldest first
    reports    all that came in, oldest first
    nowcast    (t, 2): s, mm h-1 of rain expected from now on (m members aside); empty without rain
    wind       m s-1, degree it blows from; 0, 0 where nobody says
    outlook    newest forecast; None before the first
    units      in the order of their ids
    sheltered  id of a shelter -> people who are there or on the way
    away       ids of homes whose people have left or are leaving
    closed     ids of roads that are closed
    running    kind of action -> ids of targets for which one is in force or under way
    board      proposals of earlier cycles that are neither done nor expired, with what was decided
    seed       for agents that draw numbers
    """

    time: float
    cycle: int
    every: float
    facts: Facts
    readings: tuple[Reading, ...] = ()
    history: Mapping[tuple[str, str], tuple[Reading, ...]] = field(default_factory=dict)
    reports: tuple[Report, ...] = ()
    nowcast: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    wind: tuple[float, float] = (0.0, 0.0)
    outlook: Outlook | None = None
    units: tuple[Unit, ...] = ()
    sheltered: Mapping[str, float] = field(default_factory=dict)
    away: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    running: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    board: tuple[tuple[Proposal, tuple[Decision, ...]], ...] = ()
    seed: int = 1
