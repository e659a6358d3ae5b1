"""How an engine drives: it plans when it leaves, and anew where water closes the way ahead; without any way it waits.

It looks for another way at most once in `AGAIN` s and stands still until then. On a piece that has closed it turns
back to the last node, on one that is open it goes on to the next.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.hazards.fire.roads import Place, Roads
    from twin.hazards.fire.water import Water

AGAIN = 60.0
"""s between two looks for a way."""


@dataclass(slots=True)
class Drive:
    """The way of an engine along the roads, between two places. Times in s.

    node    from which it drives, or waits          leg     s from the start to the first node, and m
    leaves  when it leaves its station              dry     when it would arrive if there were no water
    nodes, at, pieces   of the way: when it passes each, what lies between
    due     when it arrives as it now drives        driven  m on roads before `nodes`   length  m of the whole way
    inside  it has come onto the roads              left    it has left
    stuck   since when it has no way, -1: it has    tried   when it last looked for one
    """

    start: Place
    place: Place
    node: int
    leg: tuple[float, float]
    leaves: float
    dry: float = 0.0
    nodes: list[int] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    due: float = 0.0
    driven: float = 0.0
    length: float = 0.0
    inside: bool = False
    left: bool = False
    stuck: float = -1.0
    tried: float = -1.0

    @property
    def held(self) -> float:
        """Return s by which water has put it off so far: waiting, and ways round."""
        return max(self.due - self.dry, 0.0)

    def next(self) -> float:
        """Return the time in s at which something is to be done."""
        if not self.left:
            return self.leaves
        return self.due if self.stuck < 0 else self.tried + AGAIN

    def begin(self, time: float, roads: Roads, water: Water) -> None:
        """Plan the way when the call comes, as the water stands."""
        self._look(time, self.leaves + self.leg[0], roads, water)

    def go(self, time: float, step: float, roads: Roads, water: Water) -> None:
        """Drive on from `time` for `step` s."""
        if time < self.leaves:
            return
        if not self.left:
            self.left = True
            if water.depth is not None:
                self._look(time, self.leaves + self.leg[0], roads, water)
        elif self.stuck >= 0:
            if time >= self.tried + AGAIN:
                self._look(time, time if self.inside else time + self.leg[0], roads, water)
        elif water.depth is not None and self._barred(time, roads, water):
            if time >= self.tried + AGAIN:
                self._turn(time, roads, water)
            else:
                passed = bisect_right(self.at, time)
                self.at[passed:] = [at + step for at in self.at[passed:]]
                self.due += step
        if self.stuck >= 0:
            self.due += step

    def _barred(self, time: float, roads: Roads, water: Water) -> bool:
        """Return whether water lies on what is left of the way."""
        passed = bisect_right(self.at, time) - 1
        if roads.closed(water)[self.pieces[max(passed, 0) :]].any():
            return True
        on_leg = passed < 0 and not self.inside
        return roads.shut_off(self.nodes[-1], self.place, water) or (
            on_leg and water.blocks(self.start, roads.at(self.nodes[0]))
        )

    def _turn(self, time: float, roads: Roads, water: Water) -> None:
        """Look for another way from where it is."""
        passed = bisect_right(self.at, time) - 1
        if passed < 0:
            self._look(time, self.at[0], roads, water)
            return
        self.inside = True
        begins = time
        if passed < len(self.pieces):
            onward = not roads.closed(water)[self.pieces[passed]]
            begins = self.at[passed + 1] if onward else 2 * time - self.at[passed]
            passed += onward
        self.node = self.nodes[passed]
        self.driven += float(roads.length[self.pieces[:passed]].sum())
        self._look(time, begins, roads, water)

    def _look(self, time: float, begins: float, roads: Roads, water: Water) -> None:
        """Plan the way from `node`, where it stands or will be when it `begins`; without one it waits from now on."""
        self.tried = time
        shut = not self.inside and water.blocks(self.start, roads.at(self.node))
        way = None if shut else roads.way(self.node, self.place, water)
        if way is None:
            self.stuck = time if self.stuck < 0 else self.stuck
            return
        self.stuck = -1.0
        self.nodes, self.pieces = way.nodes, way.pieces
        self.at = [begins + seconds for seconds in way.seconds]
        self.due = self.at[-1] + way.rest
        self.length = self.leg[1] + self.driven + way.length


def drive_of(start: Place, place: Place, leaves: float, roads: Roads, speed: float, detour: float) -> Drive | None:
    """Return the drive from one place to another as it is dry; None where one of them lies off the roads.

    leaves  s    speed  m s-1 and detour, on the way to the first node
    """
    node = roads.near(start)
    if node < 0 or roads.near(place) < 0:
        return None
    x, y = roads.at(node)
    metres = ((x - start[0]) ** 2 + (y - start[1]) ** 2) ** 0.5 * detour
    way = roads.way(node, place, None)
    if way is None:
        return None
    due = leaves + metres / speed + way.seconds[-1] + way.rest
    return Drive(start, place, node, (metres / speed, metres), leaves, due, due=due, length=metres + way.length)
