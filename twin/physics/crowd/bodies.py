"""The circles of people in pymunk: they push each other and never pass a wall. Read and moved in batches.

Pymunk's batch module is marked as experimental by its authors; it is used here only, and only for positions,
velocities and ids.
"""

from __future__ import annotations

import math

import numpy as np
import pymunk
from numpy.typing import NDArray
from pymunk import batch

Values = NDArray[np.float64]
Whole = NDArray[np.int64]

HASH_CELL, HASH_COUNT = 1.0, 20_000
"""m and 1 of the spatial hash; with 5,000 circles twice as fast as the tree of boxes [measured]."""
ITERATIONS = 6
SLOP = 0.01
"""m that circles may overlap."""
WALL = 0.05
"""m, half thickness of walls."""
MOVING = batch.BodyFields.POSITION | batch.BodyFields.VELOCITY


class Bodies:
    """Circles of unit mass that do not turn, and walls.

    walls  (k, 4) m, segments x, y, x, y

    `who` (n,) are the persons in the order in which pymunk keeps them, which is that of all arrays here.
    """

    def __init__(self, walls: Values) -> None:
        self.space = pymunk.Space()
        self.space.iterations = ITERATIONS
        self.space.collision_slop = SLOP
        self.space.use_spatial_hash(HASH_CELL, HASH_COUNT)
        for ax, ay, bx, by in walls.tolist():
            self.space.add(self._wall(ax, ay, bx, by))
        self.who: Whole = np.zeros(0, np.int64)
        self._of: dict[int, int] = {}
        self._circle: dict[int, pymunk.Circle] = {}
        self._barrier: dict[int, pymunk.Segment] = {}
        self._read, self._write = batch.Buffer(), batch.Buffer()
        self._room = np.zeros((1, 2))

    def _wall(self, ax: float, ay: float, bx: float, by: float) -> pymunk.Segment:
        made = pymunk.Segment(self.space.static_body, (ax, ay), (bx, by), WALL)
        made.friction = made.elasticity = 0.0
        return made

    def add(self, persons: Whole, position: Values, velocity: Values, radius: Values) -> None:
        """Put persons (m,) at positions (m, 2) m with velocities (m, 2) m s-1 and radii (m,) m."""
        rows = zip(persons.tolist(), position.tolist(), velocity.tolist(), radius.tolist(), strict=True)
        for person, place, speed, size in rows:
            body = pymunk.Body(1.0, math.inf)
            body.position = place[0], place[1]
            body.velocity = speed[0], speed[1]
            circle = pymunk.Circle(body, size)
            circle.friction = circle.elasticity = 0.0
            self.space.add(body, circle)
            self._of[body.id] = person
            self._circle[person] = circle
        self._order()

    def remove(self, persons: Whole) -> None:
        """Take persons (m,) out."""
        for person in persons.tolist():
            circle = self._circle.pop(person)
            body = circle.body
            assert body is not None
            del self._of[body.id]
            self.space.remove(circle, body)
        self._order()

    def _order(self) -> None:
        """Read in which order pymunk keeps the bodies now: it fills a gap with the last one."""
        ids = batch.Buffer()
        batch.get_space_bodies(self.space, batch.BodyFields.BODY_ID, ids)
        order = np.frombuffer(ids.int_buf(), np.uintp).tolist()
        self.who = np.array([self._of[i] for i in order if i in self._of], np.int64)
        # one more for the body of the walls, which pymunk keeps behind those that move
        self._room = np.zeros((len(order), 2))
        self._write.set_float_buf(self._room)

    def block(self, gate: int, segment: Values) -> None:
        """Put a barrier (4,) m at a gate."""
        if gate not in self._barrier:
            ax, ay, bx, by = segment.tolist()
            self._barrier[gate] = self._wall(ax, ay, bx, by)
            self.space.add(self._barrier[gate])

    def clear(self, gate: int) -> None:
        """Take the barrier of a gate away."""
        if gate in self._barrier:
            self.space.remove(self._barrier.pop(gate))

    def read(self) -> tuple[Values, Values]:
        """Return positions (n, 2) m and velocities (n, 2) m s-1, in the order of `who`; copies."""
        self._read.clear()
        batch.get_space_bodies(self.space, MOVING, self._read)
        rows = np.frombuffer(self._read.float_buf(), np.float64).reshape(-1, 4)[: len(self.who)]
        return rows[:, :2].copy(), rows[:, 2:].copy()

    def step(self, velocity: Values, seconds: float) -> None:
        """Give velocities (n, 2) m s-1 in the order of `who`, and move for so many s."""
        self._room[: len(velocity)] = velocity
        batch.set_space_bodies(self.space, batch.BodyFields.VELOCITY, self._write)
        self.space.step(seconds)
