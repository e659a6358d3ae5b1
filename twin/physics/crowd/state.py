"""All that changes while people walk, as arrays: what is copied, and what a copy goes on from."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.physics.crowd.people import CHOOSE, People
from twin.physics.crowd.plan import Plan

Values = NDArray[np.float64]
Whole = NDArray[np.int64]

OUTSIDE, INSIDE, OUT, GONE = 0, 1, 2, 3
"""Not here yet or queueing before an entrance; inside; over the line of a gate but still in the plane; gone."""


@dataclass(slots=True, eq=False)
class State:
    """n persons and g gates.

    step       number of steps done
    where      (n,) OUTSIDE, INSIDE, OUT or GONE
    position   (n, 2) m;  velocity (n, 2) m s-1
    target     (n, 2) m s-1, where the velocity of each tends to
    goal       (n,) gate, -1: none is open to them
    chooses    (n,) whether they choose their gate, again and again
    avoids     (n,) gate they were told to leave alone, -1: none
    entered    (n,) s, NaN: not yet;  left (n,) s, when they crossed the line of a gate;  by (n,) which, -1
    pace       (n,) share of the free speed that one keeps for the sake of one's group
    is_open    (g,) whether people may leave by it;  held (g,) share of those who come that must wait before it
    credit_in  (g,) persons that may come in;  credit_out (g,) persons that may go out, where that is limited
    comes      (g,) how many of its arrivals have reached each entrance
    queue      of each entrance: persons who wait before it, the first first
    """

    step: int
    where: NDArray[np.int8]
    position: Values
    velocity: Values
    target: Values
    goal: Whole
    chooses: NDArray[np.bool_]
    avoids: Whole
    entered: Values
    left: Values
    by: Whole
    pace: Values
    is_open: NDArray[np.bool_]
    held: Values
    credit_in: Values
    credit_out: Values
    comes: Whole
    queue: list[list[int]] = field(default_factory=list)

    def copy(self) -> State:
        """Return one that shares nothing with it."""
        return copy.deepcopy(self)


def at_start(plan: Plan, people: People) -> State:
    """Return the state before the first step: those who are inside stand, the others are yet to come."""
    n, g = len(people), len(plan.gates)
    inside = people.entrance < 0
    place = np.where(inside[:, None], np.column_stack([people.x, people.y]), 0.0)
    return State(
        step=0,
        where=np.where(inside, INSIDE, OUTSIDE).astype(np.int8),
        position=place,
        velocity=np.zeros((n, 2)),
        target=np.zeros((n, 2)),
        goal=people.goal.copy(),
        chooses=people.goal == CHOOSE,
        avoids=np.full(n, -1, np.int64),
        entered=np.where(inside, 0.0, np.nan),
        left=np.full(n, np.nan),
        by=np.full(n, -1, np.int64),
        pace=np.ones(n),
        is_open=np.array([gate.open for gate in plan.gates], np.bool_),
        held=np.zeros(g),
        credit_in=np.zeros(g),
        credit_out=np.zeros(g),
        comes=np.zeros(g, np.int64),
        queue=[[] for _ in range(g)],
    )
