"""A place with a crowd, as the response drives it: people come, gates open and close, cameras count.

A station, a stadium, a market street. What it does is up to `apply`; what it shows is up to `counts` and `alarms`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.errors import UsageError, suggest
from twin.physics.crowd.crowd import Crowd
from twin.physics.crowd.density import level_of_service
from twin.physics.crowd.ground import Ground
from twin.physics.crowd.people import People, arriving, bound_for, population, standing
from twin.physics.crowd.plan import Plan
from twin.physics.crowd.record import COARSE, Alarm
from twin.physics.crowd.state import GONE, OUT
from twin.physics.crowd.walking import Walking

Values = NDArray[np.float64]

ACTIONS = "hold_entrance", "open_exit", "divert"


@dataclass(frozen=True, slots=True)
class Flow:
    """People who come by a gate.

    entrance  id of a gate
    times     (k + 1,) s, rising;  rates (k,) persons s-1 between them; arrivals are a Poisson process
    goals     id of a gate -> share of them who leave by it; what is left to 1 choose theirs
    groups    share of them who come in pairs that stay together
    """

    entrance: str
    times: tuple[float, ...]
    rates: tuple[float, ...]
    goals: Mapping[str, float]
    groups: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """People who are there at the start: how many, in which zone, from when on they walk (s, from .. to, evenly)."""

    zone: str
    count: int
    ready: tuple[float, float] = (0.0, 0.0)
    goals: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What a camera counts in a zone.

    area        m2           of the zone
    mean, peak  persons m-2  over the zone, and where it is densest
    level       Fruin's, of the mean
    """

    zone: str
    persons: int
    area: float
    mean: float
    peak: float
    level: str


@dataclass(frozen=True, slots=True)
class Door:
    """A gate now: whether it is open to leave by, the share held before it, who waits there, came in, left by it."""

    gate: str
    is_open: bool
    held: float
    waiting: int
    entered: int
    left: int


class CrowdSite:
    """A plan with people who come and go.

    seed  of all that is drawn: when who comes, how fast they are, who obeys. All of it is drawn at the start: two
          copies that are driven in two ways hold the same people.

    Raises InputError of the plan, UsageError for an unknown gate or zone.
    """

    def __init__(
        self,
        plan: Plan,
        flows: Sequence[Flow],
        seed: int,
        here: Sequence[Standing] = (),
        walking: Walking | None = None,
        cell: float = 0.2,
    ) -> None:
        self.plan = plan
        self.gates = tuple(g.id for g in plan.gates)
        self.zones = tuple(z.id for z in plan.zones)
        whole = population(0, np.random.default_rng(seed))
        ground = Ground(plan, cell, (walking or Walking()).kernel)
        for k, some in enumerate(here):
            whole = whole.and_(
                self._standing(some, ground.zone, ground.x, ground.y, np.random.default_rng([seed, 1, k]))
            )
        for k, flow in enumerate(flows):
            whole = whole.and_(
                self._coming(flow, int(whole.group.max(initial=-1)) + 1, np.random.default_rng([seed, 2, k]))
            )
        self.crowd = Crowd(plan, whole, walking, ground=ground)

    def _number(self, kind: str, name: str) -> int:
        """Return the number of a gate or zone. Raises UsageError."""
        known = self.gates if kind == "gate" else self.zones
        if name not in known:
            raise UsageError(f"crowd site: there is no {kind} {name!r}; {suggest(name, known)}")
        return known.index(name)

    def _goals(self, goals: Mapping[str, float], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return (count,) numbers of gates, -1: choose."""
        names = sorted(goals)
        steps = np.cumsum([goals[n] for n in names])
        numbers = np.array([self._number("gate", n) for n in names] + [-1], np.int64)
        return numbers[np.searchsorted(steps, rng.random(count), side="right")]

    def _coming(self, flow: Flow, group: int, rng: np.random.Generator) -> People:
        """Return the people of a flow."""
        begin, end, rate = np.array(flow.times[:-1]), np.array(flow.times[1:]), np.array(flow.rates)
        counts = rng.poisson(rate * (end - begin))
        times = np.sort(np.concatenate([rng.uniform(a, b, n) for a, b, n in zip(begin, end, counts, strict=True)]))
        people = bound_for(population(len(times), rng), self._goals(flow.goals, len(times), rng))
        people = arriving(people, self._number("gate", flow.entrance), times)
        pairs = np.flatnonzero(rng.random(len(times) // 2) < flow.groups)
        for side in (0, 1):
            people.group[2 * pairs + side] = group + np.arange(len(pairs))
            people.goal[2 * pairs + side] = people.goal[2 * pairs]
        return people

    def _standing(
        self, some: Standing, zone: NDArray[np.int64], x: Values, y: Values, rng: np.random.Generator
    ) -> People:
        """Return people on free cells of a zone, half a metre apart where there is room for that."""
        j, i = np.nonzero(zone == self._number("zone", some.zone))
        slot = (np.floor(y[j] / COARSE).astype(np.int64), np.floor(x[i] / COARSE).astype(np.int64))
        _, first = np.unique(np.column_stack(slot), axis=0, return_index=True)
        if len(first) < some.count:
            raise UsageError(
                f"crowd site: zone {some.zone!r} has room for {len(first)}; {some.count} were to stand there."
            )
        chosen = np.sort(rng.permutation(first)[: some.count])
        ready = rng.uniform(*some.ready, some.count) if some.ready[1] > some.ready[0] else some.ready[0]
        people = standing(population(some.count, rng), x[i[chosen]], y[j[chosen]], ready)
        return bound_for(people, self._goals(some.goals or {}, some.count, rng))

    # -- driving -------------------------------------------------------------------------------------------------

    @property
    def time(self) -> float:
        """S since the start."""
        return self.crowd.time

    @property
    def grid(self) -> tuple[Values, Values]:
        """Middles x (nx,), y (ny,) m of the cells on which factors are given."""
        return self.crowd.ground.x, self.crowd.ground.y

    def advance(self, until: float, factor: Values | float | None = None) -> None:
        """Go on to a time in s; `factor` (ny, nx) or one, the share of the free speed that is left, from now on."""
        if factor is not None:
            self.crowd.factor(factor)
        self.crowd.advance(until)

    def apply(self, kind: str, gate: str, share: float = 1.0, to: str = "") -> None:
        """Do one of `ACTIONS` at a gate, now.

        hold_entrance  a share of those who come from now on waits outside; 0: all of them come in again
        open_exit      open it as a way out; with a share of 0 close it
        divert         a share of those bound for it goes to the gate `to` instead, or, without one, chooses another

        Raises UsageError for an unknown action or gate, or a share outside 0 .. 1.
        """
        number = self._number("gate", gate)
        if not 0.0 <= share <= 1.0:
            raise UsageError(
                f"crowd site: {kind} of gate {gate!r} with a share of {share}; it must lie within 0 and 1."
            )
        if kind == "hold_entrance":
            self.crowd.hold(number, share)
        elif kind == "open_exit":
            self.crowd.open(number, is_open=share > 0.0)
        elif kind == "divert":
            self.crowd.divert(number, share, self._number("gate", to) if to else -1)
        else:
            raise UsageError(f"crowd site: there is no action {kind!r}; {suggest(kind, ACTIONS)}")

    # -- looking -------------------------------------------------------------------------------------------------

    def counts(self) -> tuple[Count, ...]:
        """Return what cameras count now, zone by zone."""
        record, field = self.crowd.record, self.crowd.density()
        j, i = self.crowd.ground.cells(*self.crowd.state.position[self.crowd.inside].T)
        persons = np.bincount(self.crowd.ground.zone[j, i] + 1, minlength=len(self.zones) + 1)[1:]
        found = []
        for k, zone in enumerate(self.zones):
            here = self.crowd.ground.zone == k
            area = float(here.sum()) * float(self.crowd.ground.frame[2]) ** 2
            mean = float(persons[k]) / area if area else 0.0
            peak = float(field[record.zone == k].max(initial=0.0))
            found.append(Count(zone, int(persons[k]), area, mean, peak, str(level_of_service(mean))))
        return tuple(found)

    def doors(self) -> tuple[Door, ...]:
        """Return the gates now."""
        state, people = self.crowd.state, self.crowd.people
        came = np.isfinite(state.entered) & (people.entrance >= 0)
        return tuple(
            Door(
                gate,
                bool(state.is_open[g]),
                float(state.held[g]),
                len(state.queue[g]),
                int((came & (people.entrance == g)).sum()),
                int((state.by == g).sum()),
            )
            for g, gate in enumerate(self.gates)
        )

    def positions(self) -> tuple[Values, Values]:
        """Return x, y (n,) m of those inside, in the order of their numbers."""
        x, y = self.crowd.state.position[self.crowd.inside].T
        return x, y

    def alarms(self, *, now: bool = False) -> tuple[tuple[str, Alarm], ...]:
        """Return zone and alarm of all so far, oldest first, or those that go on now; "" is ground in no zone."""
        record = self.crowd.record
        names = (*self.zones, "")
        return tuple((names[a.zone], copy.copy(a)) for a in (record.going_on() if now else record.alarms))

    def person_seconds(self, density_above: float, zone: str = "") -> float:
        """Return person-seconds so far at so many persons m-2 or more, in a zone or everywhere."""
        return self.crowd.record.person_seconds(density_above, self._number("zone", zone) if zone else None)

    def still_here(self) -> int:
        """Return how many are inside, wait before an entrance or are yet to come."""
        return int((self.crowd.state.where < OUT).sum())

    def through(self) -> int:
        """Return how many have come and gone."""
        return int((self.crowd.state.where == GONE).sum())

    def copy(self) -> CrowdSite:
        """Return one that goes on from here apart from it, bit by bit as it would itself; cheap at whole minutes."""
        made = copy.copy(self)
        made.crowd = self.crowd.copy()
        return made
