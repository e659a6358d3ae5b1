"""Gates at work: who comes in, who waits before them, who has left."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from twin.physics.crowd.ground import Ground
from twin.physics.crowd.people import People
from twin.physics.crowd.state import GONE, INSIDE, OUT, State

Values = NDArray[np.float64]
Whole = NDArray[np.int64]

INWARD = 0.35
"""m behind the line where people appear who come in."""
APART = 0.45
"""m that must be free around them."""
PLACES = 6
"""Places along the gate that are tried in one step."""
GOLDEN = 0.618
"""Share of the width between two of those places: the golden section spreads them."""
LEAVES = 0.5
"""m over the line at which people are taken out of the plane."""
TOUCH = 0.25
"""m from its circle to the line at which one is served by a gate of limited capacity."""


class Doors:
    """The gates of a ground and the people who will come by them."""

    def __init__(self, ground: Ground, people: People) -> None:
        self.ground, self.people = ground, people
        gates = ground.plan.gates
        self.width = np.array([g.width for g in gates])
        self.capacity = np.array([g.capacity for g in gates])
        self.along = np.column_stack([ground.normal[:, 1], -ground.normal[:, 0]])
        # by time, ties by number
        self.coming: list[Whole] = []
        for g in range(len(gates)):
            those = np.flatnonzero(people.entrance == g)
            self.coming.append(those[np.argsort(people.ready[those], kind="stable")])

    def next_due(self, state: State) -> float:
        """Return s, when the next one reaches an entrance; infinity: nobody any more."""
        times = [
            float(self.people.ready[those[n]])
            for those, n in zip(self.coming, state.comes.tolist(), strict=True)
            if n < len(those)
        ]
        return min(times, default=math.inf)

    def idle(self, state: State) -> bool:
        """Return whether nobody waits before an entrance."""
        return not any(state.queue)

    def admit(self, state: State, time: float, seconds: float) -> Whole:
        """Let people in at a time in s; `state` is changed. Returns their numbers.

        seconds  of the step: gates with a capacity gain so much of it
        """
        limited = np.isfinite(self.capacity)
        gain = state.credit_out[limited] + seconds * self.capacity[limited]
        state.credit_out[limited] = np.minimum(gain, np.maximum(1.0, self.capacity[limited]))
        new: list[int] = []
        for g, those in enumerate(self.coming):
            while state.comes[g] < len(those) and self.people.ready[those[state.comes[g]]] <= time:
                state.queue[g].append(int(those[state.comes[g]]))
                state.comes[g] += 1
                state.credit_in[g] += 1.0 - state.held[g]
            if state.queue[g]:
                new += self._enter(state, g, time)
        return np.array(sorted(new), np.int64)

    def _enter(self, state: State, g: int, time: float) -> list[int]:
        """Let in as many of the queue of a gate as find room and may."""
        ground, queue = self.ground, state.queue[g]
        if state.held[g] == 0.0:
            state.credit_in[g] = len(queue)
        here = (state.where == INSIDE) | (state.where == OUT)
        close = here & (np.abs(state.position - ground.middle[g]).max(axis=1) < self.width[g] / 2 + 2 * APART)
        taken = state.position[close]
        room = max(0.0, self.width[g] - 2 * INWARD)
        new: list[int] = []
        while queue and state.credit_in[g] >= 1.0 - 1e-9:
            person = queue[0]
            for k in range(PLACES):
                at = ((self.people.place[person] + k * GOLDEN) % 1.0 - 0.5) * room
                spot = ground.middle[g] + at * self.along[g] - INWARD * ground.normal[g]
                if not len(taken) or ((taken - spot) ** 2).sum(axis=1).min() > APART**2:
                    break
            else:
                break
            queue.pop(0)
            taken = np.vstack([taken, spot])
            state.credit_in[g] -= 1.0
            state.where[person], state.entered[person] = INSIDE, time
            state.position[person] = spot
            state.velocity[person] = -ground.normal[g] * self.people.speed[person]
            new.append(person)
        return new

    def leave(self, state: State, who: Whole, time: float) -> Whole:
        """Note who of those (n,) in the plane has left by a time in s; returns who is to be taken out of it."""
        position, where = state.position[who], state.where[who]
        gone = np.zeros(len(who), np.bool_)
        for g in range(len(self.width)):
            apart = position - self.ground.middle[g]
            over = apart @ self.ground.normal[g]
            beside = np.abs(apart @ self.along[g]) <= self.width[g] / 2 + 0.05
            if math.isfinite(self.capacity[g]):
                if not state.is_open[g]:
                    continue
                served = (where == INSIDE) & (state.goal[who] == g) & beside
                served &= over >= -(self.people.radius[who] + TOUCH)
                first = np.flatnonzero(served)
                first = first[np.lexsort((who[first], -over[first]))][: int(state.credit_out[g] + 1e-9)]
                state.credit_out[g] -= len(first)
                gone[first] = True
                self._note(state, who[first], g, time)
                continue
            crossed = (where == INSIDE) & beside & (over >= 0.0)
            self._note(state, who[crossed], g, time)
            gone |= (state.where[who] == OUT) & (state.by[who] == g) & (over >= LEAVES)
        found = who[gone]
        state.where[found] = GONE
        return np.sort(found)

    @staticmethod
    def _note(state: State, persons: Whole, g: int, time: float) -> None:
        """Note that persons left by a gate; who was pushed over its line goes on that way."""
        state.goal[persons] = g
        state.where[persons], state.left[persons], state.by[persons] = OUT, time, g
