"""The engine: a plan and people in, positions, counts and densities out. It knows no city, no file and no clock.

Every `Walking.step` each person takes up a velocity (`steering`), pymunk moves the circles, and who has crossed the
line of a gate has left. Nothing is drawn while it runs: two runs of the same input agree to the last bit, and so does
a copy with what it was copied from.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, UnstableError
from twin.physics.crowd import steering
from twin.physics.crowd.bodies import Bodies
from twin.physics.crowd.choice import EVERY, choose, expected
from twin.physics.crowd.doors import Doors
from twin.physics.crowd.ground import Ground
from twin.physics.crowd.people import People
from twin.physics.crowd.plan import Plan
from twin.physics.crowd.record import Record
from twin.physics.crowd.state import INSIDE, OUT, State, at_start
from twin.physics.crowd.walking import DOOR_FLOW, Walking
from twin.physics.crowd.ways import Ways

Values = NDArray[np.float64]
Whole = NDArray[np.int64]
Event = tuple[int, str, tuple[Any, ...]]
"""Step, name of the method, its arguments."""

CELL = 0.2
"""m of the raster."""
ANGLES = np.deg2rad([0.0, 15.0, 30.0, 50.0, 80.0])
"""rad off the way to one's goal that are tried, to both sides."""
THINK = 2
"""Steps between two looks of one person at those around; half of all look in each step."""
FRESH = 600
"""Steps after which the bodies are set up anew from the arrays: a copy goes on from there, bit by bit.
Setting up takes as long as some 30 steps."""
SAMPLE = 10
"""Steps between two looks at groups and densities."""
BEHIND, WAIT = 2.0, 0.15
"""m that one of a group may be ahead of its last before it goes at so much of its speed [design]."""


class Crowd:
    """People on a plan.

    plan, people   who and where;  walking  the numbers of the model;  cell  m of the raster
    ground         the raster of this plan, where it was made before

    Raises InputError naming the gate or person that cannot be.
    """

    def __init__(
        self,
        plan: Plan,
        people: People,
        walking: Walking | None = None,
        cell: float = CELL,
        ground: Ground | None = None,
    ) -> None:
        self.walking = walking or Walking()
        self.plan, self.people = plan, people
        self.ground = ground or Ground(plan, cell, self.walking.kernel)
        self.ways = Ways(self.ground)
        self.state = at_start(plan, people)
        self.record = Record(self.ground)
        self.doors = Doors(self.ground, people)
        self._check()
        self._core = self.walking.core * people.radius
        self._numbers = self.walking.array()
        self._body = np.column_stack([people.radius, np.full(len(people), -1.0)])
        self._flow = np.minimum(
            [g.capacity for g in plan.gates], DOOR_FLOW * np.array([g.width for g in plan.gates])
        ).astype(np.float64)
        self._since: list[Event] = []
        self._look_for_gates(np.flatnonzero((self.state.where == INSIDE) & self.state.chooses))
        self._mark = self._snapshot()
        self._set_up()

    def _check(self) -> None:
        """Raise InputError for people who stand where nobody can, or go where there is no gate."""
        gates = len(self.plan.gates)
        for name, values in (("goal", self.people.goal), ("entrance", self.people.entrance)):
            wrong = (values < -1) | (values >= gates)
            if wrong.any():
                k = int(np.argmax(wrong))
                raise InputError(
                    f"people: {name} of person {k} is gate {values[k]}; the plan has gates 0 to {gates - 1}."
                )
        inside = np.flatnonzero(self.state.where == INSIDE)
        place = self.state.position[inside]
        j, i = self.ground.cells(*np.nan_to_num(place).T)
        off = ~self.ground.floor[j, i] | ~np.isfinite(place).all(axis=1)
        if off.any():
            k = int(inside[np.argmax(off)])
            raise InputError(f"people: person {k} stands at {tuple(self.state.position[k].tolist())}, off the ground.")

    # -- looking -------------------------------------------------------------------------------------------------

    @property
    def time(self) -> float:
        """S since the start."""
        return self.state.step * self.walking.step

    @property
    def inside(self) -> Whole:
        """Numbers of those who are inside, rising."""
        return np.flatnonzero(self.state.where == INSIDE)

    @property
    def done(self) -> bool:
        """Whether everybody has left."""
        return bool((self.state.where >= OUT).all())

    def density(self) -> Values:
        """Return (ny, nx) persons m-2 now, on the raster of `record`."""
        return self.record.density(self.state.position[self.inside])

    def passed(self, gate: int, since: float = 0.0) -> Values:
        """Return s, when people left by a gate, rising, from `since` on."""
        times = np.sort(self.state.left[self.state.by == gate])
        return times[times >= since]

    # -- changing ------------------------------------------------------------------------------------------------

    def open(self, gate: int, *, is_open: bool = True) -> None:
        """Open or close a gate as a way out. Those bound for one that closes look for another."""
        self._apply("_open", gate, is_open)

    def hold(self, gate: int, share: float) -> None:
        """Let a share of those who come by a gate from now on wait before it; 0 lets all of them in."""
        self._apply("_hold", gate, share)

    def divert(self, gate: int, share: float, to: int = -1) -> None:
        """Tell a share of those who are bound for a gate, or choose theirs later, to take another.

        share  of them, by `People.obey`;  to  a gate, -1 or closed: the one each chooses
        """
        self._apply("_divert", gate, share, to)

    def factor(self, factor: Values | float) -> None:
        """Set the share (ny, nx) or one of the free speed that is left; ways are laid anew where it has changed."""
        self._apply("_factor", factor)

    def _apply(self, name: str, *values: Any) -> None:
        """Do it, and keep it for copies."""
        getattr(self, name)(*values)
        self._since.append((self.state.step, name, values))

    def _open(self, gate: int, is_open: bool) -> None:
        state = self.state
        state.is_open[gate] = is_open
        self._barriers()
        if not is_open:
            lost = (state.where < OUT) & (state.goal == gate)
            state.chooses[lost] = True
            state.goal[lost] = -1
        self._look_for_gates(np.flatnonzero((state.where == INSIDE) & state.chooses))

    def _hold(self, gate: int, share: float) -> None:
        self.state.held[gate] = share

    def _divert(self, gate: int, share: float, to: int) -> None:
        state = self.state
        told = (state.where < OUT) & (self.people.obey < share) & ((state.goal == gate) | state.chooses)
        state.avoids[told] = gate
        moved = told & (state.goal == gate)
        there = to >= 0 and bool(state.is_open[to])
        state.goal[moved] = to if there else -1
        state.chooses[moved] = not there
        self._look_for_gates(np.flatnonzero(moved & (state.where == INSIDE) & state.chooses))

    def _factor(self, factor: Values | float) -> None:
        self.ways = self.ways.copy()
        self.ways.factor(factor)

    # -- running -------------------------------------------------------------------------------------------------

    def advance(self, until: float) -> None:
        """Go on to a time in s, in whole steps. Raises UnstableError where a position is lost."""
        self._to(math.ceil(until / self.walking.step - 1e-6))

    def _to(self, last: int) -> None:
        """Go on until so many steps are done."""
        while self.state.step < last:
            if not len(self.bodies.who) and self.doors.idle(self.state):
                self._skip(last)
            else:
                self.step()

    def step(self) -> None:
        """Go on by one step of `Walking.step` s."""
        state, who = self.state, self.bodies.who
        seconds = self.walking.step
        if state.step % FRESH == 0:
            self._mark = self._snapshot()
            self._since = []
            self._set_up()
        new = self.doors.admit(state, self.time, seconds)
        if len(new):
            self._look_for_gates(new[state.chooses[new]])
            self.bodies.add(new, state.position[new], state.velocity[new], self._core[new])
        who = self.bodies.who
        if len(who):
            self._walk(who, seconds)
        state.step += 1
        if len(who):
            self._leave(who)
        if state.step % SAMPLE == 0:
            self._sample()

    def _walk(self, who: Whole, seconds: float) -> None:
        """Move them by one step."""
        state, ways = self.state, self.ways
        position, velocity = state.position[who], state.velocity[who]
        wish, out = np.empty_like(position), np.empty_like(position)
        steering.look(position, state.goal[who], ways.fields, self.ground.frame, wish)
        pace = self.people.speed[who] * ways.factor_at(position) * state.pace[who]
        pace[self.people.ready[who] > self.time] = 0.0
        ground = self.ground.clearance, self.ground.share, self.ground.frame
        body = self._body[who]
        thinks, target = (who + state.step) % THINK == 0, state.target[who]
        steering.steer(position, velocity, wish, pace, body, ground, self._numbers, ANGLES, thinks, target, out)
        state.target[who] = target
        self.bodies.step(out, seconds)
        position, velocity = self.bodies.read()
        if not np.isfinite(position).all():
            raise UnstableError(f"crowd: a position was lost at {self.time:.1f} s. Give a smaller step.")
        state.position[who], state.velocity[who] = position, velocity

    def _leave(self, who: Whole) -> None:
        """Note who has crossed a line; take out who is well behind it, or has got through a turnstile."""
        gone = self.doors.leave(self.state, who, self.time)
        if len(gone):
            self.bodies.remove(gone)

    def _sample(self) -> None:
        """Look at groups and densities, and let some think of their gate again."""
        state, inside = self.state, self.inside
        seconds = SAMPLE * self.walking.step
        self.record.note(self.time, seconds, state.position[inside])
        in_group = inside[self.people.group[inside] >= 0]
        if len(in_group):
            self._keep_together(in_group)
        turn = round(self.time / seconds)
        per = max(1, round(EVERY / 4 / seconds))
        if turn % per == 0:
            think = inside[(inside % 4 == turn // per % 4) & state.chooses[inside]]
            self._look_for_gates(think)

    def _keep_together(self, members: Whole) -> None:
        """Let those ahead of their group wait for it."""
        members = members[self.state.goal[members] >= 0]
        way = self.ways.left(self.state.position[members])[np.arange(len(members)), self.state.goal[members]]
        group = self.people.group[members]
        last = np.full(int(group.max(initial=-1)) + 1, -np.inf)
        np.maximum.at(last, group, way)
        self.state.pace[members] = np.where(way < last[group] - BEHIND, WAIT, 1.0)

    def _look_for_gates(self, persons: Whole) -> None:
        """Let them choose a gate."""
        state = self.state
        if not len(persons) or not len(self.plan.gates):
            return
        inside = np.flatnonzero((state.where == INSIDE) & (state.goal >= 0))
        everyone = np.union1d(inside, persons)
        way = self.ways.left(state.position[everyone])
        times = expected(way, self.people.speed[everyone], state.goal[everyone], self._flow)
        here = np.searchsorted(everyone, persons)
        fine = state.is_open & np.array([g.goal for g in self.plan.gates])
        numbers = np.arange(len(fine))
        told = numbers != state.avoids[persons][:, None]
        back = numbers == self.people.entrance[persons][:, None]
        allowed = fine & told & ~back
        # who has no other way goes back, and who has none at all does not keep to what was told
        for more in (fine & told, np.broadcast_to(fine, told.shape)):
            allowed = np.where(allowed.any(axis=1)[:, None], allowed, more)
        state.goal[persons] = choose(times[here], state.goal[persons], allowed)

    def _skip(self, last: int) -> None:
        """Nobody is here: go to the step before the next one comes, or to the last; densities are 0 meanwhile."""
        due = self.doors.next_due(self.state)
        target = last if not math.isfinite(due) else min(last, math.floor(due / self.walking.step))
        if target <= self.state.step:
            self.step()
            return
        for sample in range(self.state.step // SAMPLE + 1, target // SAMPLE + 1):
            self.record.note(sample * SAMPLE * self.walking.step, 0.0, np.zeros((0, 2)))
        self.state.step = target

    # -- copies --------------------------------------------------------------------------------------------------

    def copy(self) -> Crowd:
        """Return one that goes on from here, apart from it and bit by bit as it would itself.

        It is set up from the last time all bodies were, at most `FRESH` steps ago, and run again from there.
        """
        made = object.__new__(Crowd)
        made.__dict__.update(self.__dict__)
        if self.state.step % FRESH == 0:
            made.state, made.record, made.ways = self._snapshot()
            made._since, made._mark = list(self._since), self._mark
            made._set_up()
            return made
        state, record, ways = self._mark
        made.state, made.record, made.ways = state.copy(), record.copy(), ways.copy()
        made._since = []
        made._set_up()
        for step, name, values in self._since:
            made._to(step)
            made._apply(name, *values)
        made._to(self.state.step)
        return made

    def _snapshot(self) -> tuple[State, Record, Ways]:
        """Return what changes, copied."""
        return self.state.copy(), self.record.copy(), self.ways.copy()

    def _set_up(self) -> None:
        """Set the bodies up anew from the arrays, in the order of their numbers."""
        state = self.state
        here = np.flatnonzero((state.where == INSIDE) | (state.where == OUT))
        self.bodies = Bodies(self.ground.walls)
        self._barriers()
        self.bodies.add(here, state.position[here], state.velocity[here], self._core[here])

    def _barriers(self) -> None:
        """Put a barrier at each gate that people cannot simply walk through, and none at the others."""
        for g, gate in enumerate(self.plan.gates):
            if self.state.is_open[g] and not math.isfinite(gate.capacity):
                self.bodies.clear(g)
            else:
                self.bodies.block(g, np.array([*gate.start, *gate.end]))
