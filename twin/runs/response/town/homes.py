"""People at home, floor by floor: who sees the water and goes up in the house, and who is in water or near fire.

Some of those who see water at the door go up in the house when they are ready, with and without any action: from a
half-basement while its door still opens, from the ground floor where somebody lives above. A share stays, because it
sleeps, cannot climb or does not believe it. How many go, and how fast, is this project's own assumption (unverified).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.runs.response.town.felt import Felt
from twin.runs.response.town.ground import Ground
from twin.runs.response.town.settings import STAIRS_HARD, TRAPPED, WOMEN

Floats = NDArray[np.float64]
BELOW, GROUND, UPPER = 0, 1, 2


@dataclass(slots=True, eq=False)
class Homes:
    """The state of h homes; times in s, infinity: not yet.

    people   (h, 3) at home now: below, ground, upper
    ready    (h, 2) when those of a half-basement and of a ground floor go up
    up       (h, 2) whether they have gone
    told     (h,)   a broadcast has reached them;   turned  (h,) people who were to leave and found no room anywhere
    came     (h,)   the hazard has come: water at the door that people see, or fire
    wet, lit (h,)   when an incident of water (a half-basement) or of fire began
    empty    (h,)   when nobody was left in the half-basement of such an incident
    water, trapped, fire, lost  (h,) person s so far: in water, of these behind a door that does not open, near fire,
             without a way to a hospital
    cost     (h,) KRW of evacuating it so far: work of units there
    away     (h,) person s away from home on somebody's word
    """

    people: Floats
    ready: Floats
    up: NDArray[np.bool_]
    told: NDArray[np.bool_]
    turned: Floats
    came: NDArray[np.bool_]
    wet: Floats
    lit: Floats
    empty: Floats
    water: Floats
    trapped: Floats
    fire: Floats
    lost: Floats
    cost: Floats
    away: Floats

    @classmethod
    def of(cls, ground: Ground) -> Homes:
        """Return everybody at home."""
        h = len(ground.node)
        return cls(
            people=ground.people.copy(),
            ready=np.full((h, 2), np.inf),
            up=np.zeros((h, 2), bool),
            told=np.zeros(h, bool),
            turned=np.zeros(h),
            came=np.zeros(h, bool),
            wet=np.full(h, np.inf),
            lit=np.full(h, np.inf),
            empty=np.full(h, np.inf),
            water=np.zeros(h),
            trapped=np.zeros(h),
            fire=np.zeros(h),
            lost=np.zeros(h),
            cost=np.zeros(h),
            away=np.zeros(h),
        )

    def copy(self) -> Homes:
        """Return the same, independent."""
        return replace(self, **{name: getattr(self, name).copy() for name in self.__dataclass_fields__})

    def see(self, ground: Ground, felt: Felt, time: float) -> None:
        """Let people see the water at `time` s, and let those who are ready go up; begin incidents."""
        settings = ground.settings
        above = felt.depth - ground.first_floor
        seen = felt.depth >= settings.notice
        self.came |= seen | felt.fire
        waits = settings.climbing * np.exp(settings.spread * ground.chance[:, 2:])
        for floor, sees in ((BELOW, seen), (GROUND, above >= settings.notice)):
            new = sees & np.isinf(self.ready[:, floor])
            self.ready[new, floor] = time + waits[new, floor]
        share = settings.climb_night if settings.night else settings.climb
        self._up(BELOW, felt.depth <= np.float32(TRAPPED), share, time, ground)
        self._up(GROUND, ground.people[:, UPPER] > 0, share, time, ground)
        deep = (felt.depth >= np.float32(STAIRS_HARD)) & (ground.people[:, BELOW] > 0)
        self.wet[deep & np.isinf(self.wet)] = time
        self.lit[felt.fire & np.isinf(self.lit)] = time
        self.empty[np.isfinite(self.wet) & np.isinf(self.empty) & (self.people[:, BELOW] <= 0)] = time

    def _up(self, floor: int, can: NDArray[np.bool_], share: float, time: float, ground: Ground) -> None:
        goes = np.flatnonzero((self.ready[:, floor] <= time) & ~self.up[:, floor])
        if not len(goes):
            return
        self.up[goes, floor] = True
        goes = goes[can[goes]]
        moved = share * self.people[goes, floor]
        to = np.where(ground.people[goes, UPPER] > 0, UPPER, GROUND)
        self.people[goes, floor] -= moved
        self.people[goes, to] += moved

    def suffer(self, ground: Ground, felt: Felt, lost: NDArray[np.bool_], step: float) -> None:
        """Count `step` s in water, near fire and without access for everybody at home.

        lost  (h,) homes without a way to a hospital that have one while it is dry
        """
        deep = felt.depth >= np.float32(STAIRS_HARD)
        below = self.people[:, BELOW] * deep
        floor = self.people[:, GROUND] * (felt.depth - ground.first_floor >= WOMEN)
        self.water += step * (below + floor)
        self.trapped += step * self.people[:, BELOW] * (felt.depth > np.float32(TRAPPED))
        everybody = self.people.sum(axis=1)
        self.fire += step * everybody * felt.fire
        self.lost += step * everybody * lost

    def leave(
        self, home: int, wanted: tuple[float, float, float], felt: Felt, *, fetched: bool
    ) -> tuple[float, float, float]:
        """Take people out of a home and return how many came of each floor.

        wanted   of each floor; who has gone up meanwhile comes from there
        fetched  by a crew, which opens the door of a half-basement
        """
        here = self.people[home]
        shut = felt.depth[home] > np.float32(TRAPPED) and not fetched
        below = 0.0 if shut else min(wanted[BELOW], float(here[BELOW]))
        floor = min(wanted[GROUND], float(here[GROUND]))
        short = (0.0 if shut else wanted[BELOW] - below) + wanted[GROUND] - floor
        upper = min(wanted[UPPER] + short, float(here[UPPER]))
        self.people[home] = np.maximum(here - (below, floor, upper), 0.0)
        return below, floor, upper

    def back(self, ground: Ground, home: int, people: float) -> None:
        """Take people in again, upstairs where there is an upstairs."""
        self.people[home, UPPER if ground.people[home, UPPER] > 0 else GROUND] += people
