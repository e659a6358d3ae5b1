"""Nouns of the planning: what is to be done, what it takes up, and who shall do it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

ARRIVES, DONE = "arrives", "done"
"""From when on a task takes up a resource: its unit is there, or has done it."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a task takes up of a shared resource.

    resource  id;   amount  in the unit of its capacity
    begins    `ARRIVES` or `DONE`
    lasts     s from then on; infinity: for good, as people in a shelter
    purpose   what it is for; matters where a resource is for one purpose at a time
    """

    resource: str
    amount: float
    begins: str = DONE
    lasts: float = math.inf
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Work for one unit.

    kind      of unit
    node      of the network, where it is done
    service   s that it takes there
    earliest  s from the start of the run, before which it is not begun
    deadline  s by which it has to be done
    weight    >= 0, what it is worth to be done in time
    seats     people the unit takes along
    ends      node at which the unit is afterwards; -1: where the work is
    """

    id: str
    kind: str
    node: int
    service: float
    earliest: float
    deadline: float
    weight: float
    uses: tuple[Use, ...] = ()
    seats: int = 0
    ends: int = -1


@dataclass(frozen=True, slots=True)
class Limit:
    """What a kind of unit can drive through.

    depth    m of water;   product  m2 s-1, depth times speed of the water
    fire     share of the speed past flames, 0: it does not drive there; less than 1, so that ways go round
    """

    depth: float
    product: float
    fire: float = 0.0


LARGE = Limit(0.5, 0.6)
LIMITS = {"": Limit(0.3, 0.3), "bus": LARGE, "pump_crew": LARGE, "engine": replace(LARGE, fire=0.25)}
"""Kind of unit -> what it can drive through, "" for all others: small cars H1, large vehicles H2 of AIDR 7-3.
Flames: design, no source."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How it is planned.

    iterations  of the large-neighbourhood search (never by the clock: the plan must not depend on the machine)
    seed        of its draws
    remove      tasks that one iteration takes out at most
    firm        s from now on within which a stop of the plan before stays where it was
    swap        share of the weight at stake that a plan must gain, or the one before is kept
    ahead       s from now on over which the forecast may shut a road
    quantile    of the members of the forecast, 0..1: a road is shut where its state at this quantile, from the best
                member to the worst, cannot be passed; 0.5 is the median, 1 the worst
    limits      kind of unit -> what it can drive through; "" for those that are not named
    bids        bids per task that are told, the best ones
    """

    iterations: int = 10_000
    seed: int = 1
    remove: int = 16
    firm: float = 600.0
    swap: float = 0.01
    ahead: float = 1800.0
    quantile: float = 0.9
    limits: Mapping[str, Limit] = field(default_factory=LIMITS.copy)
    bids: int = 8


@dataclass(frozen=True, slots=True)
class Bid:
    """What a unit offered for a task in the auction, in the round in which it was awarded.

    gain   weight that is met in time with it
    delay  weight s, by which the weighted completion of everything the unit does grows
    won    it got the task (a later improvement may give it to another)
    """

    round: int
    task: str
    unit: str
    gain: float
    delay: float
    won: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A task in the plan of a unit; s from the start of the run."""

    task: int
    leaves: float
    arrives: float
    done: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what.

    routes  stops of each unit, in the order they are made
    open    numbers of the tasks that nobody does, rising
    met     weight done in time
    late    weight s, sum over done tasks of weight times when it is done
    bids    of the auction behind it
    """

    routes: tuple[tuple[Stop, ...], ...]
    open: tuple[int, ...]
    met: float
    late: float
    bids: tuple[Bid, ...] = ()
