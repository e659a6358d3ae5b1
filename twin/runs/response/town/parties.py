"""People who have been told to leave: they get ready, walk to a shelter, are turned back by water, or ride a bus.

The people of a home are two parties, the able and the vulnerable. A place in the shelter is kept for them from the
moment they are told; where the one they are told has no room for the home, they are told the next by the way there that
has, and where none has, they are not told to go. A party that water or fire bars goes round, to another shelter with
room, or back home; where all is shut it waits, and tries again with every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.physics.movement import walking
from twin.runs.response.town.felt import ABLE, VULNERABLE, Felt
from twin.runs.response.town.ground import Ground
from twin.runs.response.town.homes import Homes
from twin.runs.response.town.paths import Paths, Way
from twin.runs.response.town.settings import WOMEN

Floats = NDArray[np.float64]
PREPARING, STAYS, WALKING, TURNED, RIDING, SHELTERED, HOME = range(7)
"""Getting ready; ready but without a way; on foot to the shelter; on foot back home; in a bus; there; at home again."""

Row = tuple[int, int, int, int, Floats, float, int, float, bool]
COLUMNS = "home", "kind", "shelter", "bus", "wanted", "people", "phase", "leaves", "fetched"
NOWHERE: Way = (np.zeros(0, np.int32), np.zeros(1, np.int32))


@dataclass(slots=True, eq=False)
class Parties:
    """The state of p parties.

    home, kind, shelter, bus  (p,) int64: positions, of the bus -1: on foot
    wanted   (p, 3) people of each floor who will go;   people  (p,) of them all, and from when they left how many did
    phase    (p,) int8;   leaves  (p,) s;   fetched  (p,) by a crew
    at, done (p,) edges of the way behind them, m of the next;   edge  (p,) int64 where they are, -1: on none
    ways     of each;   told  the way each was told, None: the fastest
    new      rows that are not yet in the arrays;   places  what `booked` returns, None: to be counted anew
    """

    home: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    kind: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    shelter: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    bus: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    wanted: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    people: Floats = field(default_factory=lambda: np.zeros(0))
    phase: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    leaves: Floats = field(default_factory=lambda: np.zeros(0))
    fetched: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    at: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    done: Floats = field(default_factory=lambda: np.zeros(0))
    edge: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    ways: list[Way] = field(default_factory=list)
    told: list[Way | None] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    places: Floats | None = None

    def copy(self) -> Parties:
        """Return the same, independent; ways are never written to."""
        self.settle()
        other = copy(self)
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray | list):
                setattr(other, name, value.copy())
        return other

    def booked(self, ground: Ground) -> Floats:
        """Return (s,) people who are at each site or have a place there."""
        places = self.places
        if places is None:
            self.settle()
            here, sites = self.phase != HOME, len(ground.facts.sites)
            places = self.places = np.bincount(self.shelter[here], self.people[here], sites).astype(np.float64)
        return places

    def tell(
        self,
        ground: Ground,
        homes: Homes,
        paths: Paths,
        felt: Felt,
        home: int,
        shelter: int,
        time: float,
        way: Way | None,
        *,
        fetched: bool,
    ) -> None:
        """Tell the people of a home, at `time` s, to go to a shelter; a broadcast counts once.

        way      they are told; None: the fastest
        fetched  by somebody at the door
        """
        settings = ground.settings
        if not fetched and homes.told[home]:
            return
        self._anew(home, fetched=fetched)
        share = settings.by_crew if fetched else settings.compliance
        going = share * homes.people[home]
        total = float(going.sum())
        where = self._room(ground, paths, felt, int(ground.node[home]), shelter, total, VULNERABLE)
        if total <= 0:
            return
        homes.turned[home] = total if where < 0 else 0.0
        if where < 0:
            return
        homes.told[home] = True
        for kind, part in ((ABLE, 1 - settings.vulnerable), (VULNERABLE, settings.vulnerable)):
            if part <= 0:
                continue
            wait = settings.preparing * float(np.exp(settings.spread * ground.chance[home, kind]))
            leaves = time + (settings.fetched if fetched else wait)
            self._add(home, kind, where, -1, part * going, leaves, PREPARING, fetched, way)

    def board(
        self, ground: Ground, homes: Homes, felt: Felt, home: int, shelter: int, time: float, bus: int, seats: int
    ) -> float:
        """Let people of a home into a bus at their door, and return how many came; the others stay."""
        self._anew(home, fetched=True)
        share = ground.settings.by_crew
        total = share * float(homes.people[home].sum())
        if total <= 0:
            return 0.0
        share *= min(1.0, min(float(seats), self._left(ground, shelter)) / total)
        below, floor, upper = (share * homes.people[home]).tolist()
        took = np.array(homes.leave(home, (below, floor, upper), felt, fetched=True))
        if took.sum() > 0:
            self._add(home, VULNERABLE, shelter, bus, took, time, RIDING, True, None)
        return float(took.sum())

    def alight(self, bus: int) -> None:
        """Let everybody out of a bus, at the shelter."""
        self.settle()
        self.phase[(self.bus == bus) & (self.phase == RIDING)] = SHELTERED

    def move(self, ground: Ground, homes: Homes, paths: Paths, felt: Felt, time: float, step: float) -> None:
        """Let everybody who is on the way, or sets out, go on from `time` s for `step` s."""
        self.settle()
        self.places = None
        for row in np.flatnonzero((self.phase <= STAYS) & (self.leaves < time + step)).tolist():
            self._set_out(ground, homes, paths, felt, row)
        rows = np.flatnonzero((self.phase == WALKING) | (self.phase == TURNED))
        if not len(rows):
            return
        count = np.array([len(self.ways[row][0]) for row in rows.tolist()], dtype=np.int64)
        way = np.concatenate([self.ways[row][0] for row in rows.tolist()])
        first = np.cumsum(count) - count
        at, done = self.at[rows], self.done[rows]
        left, state = np.zeros(len(rows)), np.zeros(len(rows), np.int8)
        seconds = np.minimum(step, time + step - self.leaves[rows])
        walking.advance(
            first, count, way, ground.roads.length, self.kind[rows], felt.rate, felt.shut, np.ones(len(rows)),
            seconds, at, done, left, state,
        )  # fmt: skip
        self.at[rows], self.done[rows] = at, done
        on = np.where(done > 0, at, at - 1)
        inside = (on >= 0) & (on < count)
        self.edge[rows] = np.where(inside, way[np.where(inside, first + on, 0)] if len(way) else -1, self.edge[rows])
        for i in np.flatnonzero(state == walking.THERE).tolist():
            self._arrive(ground, homes, int(rows[i]))
        for i in np.flatnonzero(state == walking.BARRED).tolist():
            self._turn(ground, paths, felt, int(rows[i]))
        self.places = None

    def suffer(self, homes: Homes, felt: Felt, held: Sequence[int], step: float) -> None:
        """Count `step` s for those on the way and in shelters, for the homes they come from.

        held  buses that stand in water
        """
        h = len(homes.away)
        out = np.flatnonzero((self.phase >= WALKING) & (self.phase <= SHELTERED))
        if not len(out):
            return
        homes.away += step * np.bincount(self.home[out], self.people[out], h)
        rows = out[self.phase[out] <= TURNED]
        there = out[self.phase[out] == SHELTERED]
        ride = out[(self.phase[out] == RIDING) & np.isin(self.bus[out], held)]
        flooded = there[felt.site_depth[self.shelter[there]] >= np.float32(WOMEN)]
        deep = np.concatenate([rows[felt.deep(self.kind[rows], self.edge[rows])], flooded, ride])
        homes.water += step * np.bincount(self.home[deep], self.people[deep], h)
        hot = np.concatenate([rows[felt.burns(self.edge[rows])], there[felt.site_fire[self.shelter[there]]]])
        homes.fire += step * np.bincount(self.home[hot], self.people[hot], h)

    def _anew(self, home: int, *, fetched: bool) -> None:
        """Let who is still getting ready wait for nothing more: somebody is at the door."""
        if fetched:
            self.settle()
            self.places = None
            self.phase[(self.home == home) & (self.phase <= STAYS)] = HOME

    def _left(self, ground: Ground, shelter: int) -> float:
        """Return the places left in a shelter; one that states no capacity takes any number."""
        capacity = ground.facts.sites[shelter].capacity
        return capacity - float(self.booked(ground)[shelter]) if capacity > 0 else np.inf

    def _room(
        self, ground: Ground, paths: Paths, felt: Felt, node: int, wanted: int, people: float, kind: int, but: int = -1
    ) -> int:
        """Return the shelter with room for a number of people: the one that is wanted, else the next by the way there.

        but  a shelter that is out of the question;   -1: there is none
        """
        booked = self.booked(ground)
        sites = ground.facts.sites

        def takes(site: int) -> bool:
            return sites[site].capacity <= 0 or booked[site] + people <= sites[site].capacity + 1e-9

        if wanted >= 0 and takes(wanted):
            return wanted
        found = []
        for site in ground.shelters:
            if site in (wanted, but) or not takes(site):
                continue
            way = paths.way(kind, node, sites[site].node, felt.shut[kind], foot=True)
            if way is not None:
                found.append((float(ground.roads.length[way[0]].sum()), site))
        return min(found)[1] if found else -1

    def _add(
        self,
        home: int,
        kind: int,
        shelter: int,
        bus: int,
        wanted: Floats,
        leaves: float,
        phase: int,
        fetched: bool,
        told: Way | None,
    ) -> None:
        people = float(wanted.sum())
        self.new.append((home, kind, shelter, bus, wanted, people, phase, leaves, fetched))
        self.ways.append(NOWHERE)
        self.told.append(told)
        if self.places is not None:
            self.places[shelter] += people

    def settle(self) -> None:
        """Put new rows into the arrays."""
        if not self.new:
            return
        columns = zip(*self.new, strict=True)
        for name, column in zip(COLUMNS, columns, strict=True):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.array(column, dtype=old.dtype)]))
        count = len(self.new)
        self.at = np.append(self.at, np.zeros(count, np.int64))
        self.done = np.append(self.done, np.zeros(count))
        self.edge = np.append(self.edge, np.full(count, -1))
        self.new = []

    def _set_out(self, ground: Ground, homes: Homes, paths: Paths, felt: Felt, row: int) -> None:
        home, kind = int(self.home[row]), int(self.kind[row])
        goal = ground.facts.sites[int(self.shelter[row])].node
        way, shut = self.told[row], felt.shut[kind]
        if way is None or way[1][-1] != goal or shut[way[0]].any():
            way = paths.way(kind, int(ground.node[home]), goal, shut, foot=True)
        if way is None:
            self.phase[row] = STAYS
            return
        below, floor, upper = self.wanted[row].tolist()
        took = homes.leave(home, (below, floor, upper), felt, fetched=bool(self.fetched[row]))
        self.people[row] = sum(took)
        self.ways[row] = way
        self.phase[row] = WALKING if self.people[row] > 0 else HOME

    def _arrive(self, ground: Ground, homes: Homes, row: int) -> None:
        if self.phase[row] == TURNED:
            self.phase[row] = HOME
            homes.back(ground, int(self.home[row]), float(self.people[row]))
        else:
            self.phase[row] = SHELTERED

    def _turn(self, ground: Ground, paths: Paths, felt: Felt, row: int) -> None:
        """Look for another way from the node where a party stands."""
        kind, (edges, nodes), at = int(self.kind[row]), self.ways[row], int(self.at[row])
        node, shut, shelter = int(nodes[at]), felt.shut[kind], int(self.shelter[row])
        way = paths.way(kind, node, ground.facts.sites[shelter].node, shut, foot=True)
        if way is None:
            other = self._room(ground, paths, felt, node, -1, float(self.people[row]), kind, shelter)
            if other >= 0:
                self.shelter[row], self.places = other, None
                way = paths.way(kind, node, ground.facts.sites[other].node, shut, foot=True)
        phase = WALKING
        if way is None:
            if self.phase[row] == TURNED or shut[edges[:at]].any():
                return
            way, phase = (edges[:at][::-1], nodes[: at + 1][::-1]), TURNED
        self.ways[row], self.at[row], self.done[row], self.phase[row] = way, 0, 0.0, phase
