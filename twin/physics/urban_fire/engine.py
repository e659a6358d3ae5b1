"""The network of buildings on fire: arrays in, arrays out. It knows no city, no file and no clock but its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import InputError
from twin.physics.urban_fire import stepping, suppression, throwing
from twin.physics.urban_fire.brands import Brands
from twin.physics.urban_fire.buildings import Buildings
from twin.physics.urban_fire.burning import DRAUGHT_WIND, Curve, draught_rate, energy_released
from twin.physics.urban_fire.neighbours import REACH, lay, neighbours

Array = NDArray[np.float64]

GIVEN = 1
"""Cause of a fire that was given; the others stand in `stepping`: 2 radiation, 3 contact, 4 brand, 5 vegetation."""
LOOKUP = 20.0
"""m, cell of the grid in which a brand looks for the roof it falls on."""
SIZES = 3.0, 30.0
"""m, least and greatest size of a building as a source of brands (assumption)."""
SLACK = 1e-9
"""s, by which a step may end after the time asked for, because sums of floating-point numbers are not exact."""
KEPT = "state", "runs", "dose", "ignited", "ended", "cause", "by", "wetted", "standing", "radiation"


class UrbanFire:
    """Fire among buildings.

    city    the nodes, see `buildings.buildings`      seed   of brands and sprinklers, 0 or more
    step    s        length of a time step            brands what is assumed of firebrands
    reach   m        beyond which buildings do not see each other
    walls   (k, 5) m    free-standing walls, see `neighbours.neighbours`; None: none

    All arrays are (n,), one value per node:
    state   0 unburnt, 1 heated, 2 burning, 3 burnt out, 4 extinguished (it stays so)
    ignited, ended  s    infinite where not
    cause   0 none, 1 given, 2 radiation, 3 contact, 4 brand, 5 vegetation      by  node that did it, -1: none
    dose    (kW m-2)^1.828 s                          radiation  kW m-2  from other nodes in the last step
    runs    (n, 8)  see `stepping.AGE` and the columns beside it

    Raises InputError for a step or a seed that cannot be.
    """

    def __init__(
        self,
        city: Buildings,
        *,
        seed: int,
        step: float = 10.0,
        brands: Brands | None = None,
        reach: float = REACH,
        walls: Array | None = None,
    ) -> None:
        if not 0 < step <= 60:
            raise InputError(f"urban fire: a step of {step:g} s was given; above 0 and at most 60 s was expected")
        if not 0 <= seed < 2**63:
            raise InputError(f"urban fire: seed {seed} was given; a whole number from 0 to 2^63 - 1 was expected")
        self.city, self.seed, self.step, self.brands = city, seed, step, brands or Brands()
        self.pairs = neighbours(city, reach, walls)
        n = city.count
        self.time, self.steps = 0.0, 0
        self.state, self.cause = np.zeros(n, np.int8), np.zeros(n, np.int8)
        self.dose, self.wetted, self.radiation = (np.zeros(n) for _ in range(3))
        self.ignited, self.ended = np.full(n, np.inf), np.full(n, np.inf)
        self.by, self.standing = np.full(n, -1, np.int64), np.ones(n, bool)
        self.runs = np.tile([0.0, 0.0, 0.0, 0.0, 0.0, np.inf, 0.0, 1.0], (n, 1))
        self.brands_thrown = np.zeros((0, 3))
        self._alight, self._count = np.zeros(n + 1, np.int64), 0
        self._book = np.zeros(1)
        self._waiting: list[tuple[float, int, int, int]] = []
        self._most, self._source, self._touched = np.zeros(n), np.zeros(n, np.int64), np.full(n, -1, np.int64)
        self._listed, self._known, self._noted = np.zeros(n, np.int64), np.zeros(n, bool), 0
        self._alone = np.zeros(n, bool)
        works = throwing.uniforms(seed, n, 0, throwing.FROM_SPRINKLER) < suppression.SPRINKLER_WORKS
        self.sprinklers_work = city.sprinklers & works
        shapes, fires = city.outlines, city.fires
        footprint = shapes.area if n else np.zeros(0)
        self._size = np.clip(np.sqrt(footprint), *SIZES)
        self._middle = shapes.centroid if n else np.zeros((0, 2))
        self._grid = lay(shapes.boxes, LOOKUP) if n else None
        full = draught_rate(fires, city.draughty, DRAUGHT_WIND)
        self._fires = np.column_stack(
            [
                fires.growth,
                fires.peak,
                fires.grown,
                fires.decays,
                fires.ends,
                full,
                city.floor_area / city.parts,
                city.throws,
            ]
        )
        rise, receives = city.top - city.base, city.receives.astype(np.float64)
        self._nodes = (city.facade, city.opening_area, footprint / city.parts, city.emitting, city.roof, receives,
                       city.above, rise, city.climbs, city.draughty > 0)  # fmt: skip
        p = self.pairs
        self._pairs = (p.starts, p.starts[1:].copy(), p.target, p.gap, p.view, p.dx, p.dy, p.dz)

    # -- looking ------------------------------------------------------------------------------------------------

    @property
    def heat_release(self) -> Array:
        """(n,) kW, mean of the last step."""
        return self.runs[:, stepping.HEAT]

    @property
    def burnt(self) -> Array:
        """(n,) kJ, what each node has released."""
        return self.runs[:, stepping.SPENT]

    @property
    def hosed(self) -> Array:
        """(n,) L s-1, water on the fire of each node now."""
        return self.runs[:, stepping.HOSE]

    def flow_needed(self, nodes: NDArray[np.int64]) -> Array:
        """Return the water (k,) in L s-1 that puts nodes that burn out when it is held from the next step on."""
        city, fires = self.city, self.city.fires
        some = Curve(*(getattr(fires, name)[nodes] for name in ("growth", "peak", "energy", "grown", "decays", "ends")))
        age, dry = self.runs[nodes, stepping.AGE], self.runs[nodes, stepping.DRY]
        free = dry * (energy_released(some, age + self.step) - energy_released(some, age)) / self.step
        area = city.floor_area[nodes] / city.parts[nodes]
        return suppression.flow_needed(area * np.minimum(1.0, free / some.peak)) * (1 + SLACK)

    @property
    def fuel(self) -> float:
        """MJ, all fuel of all nodes at the start."""
        return float(self.city.fires.energy.sum()) / 1e3

    @property
    def released(self) -> float:
        """MJ, released so far, added up step by step."""
        return float(self._book[0]) / 1e3

    @property
    def left(self) -> float:
        """MJ, that has not burnt: with what was put out, is wet or was cleared away."""
        return float((self.city.fires.energy - self.burnt).sum()) / 1e3

    @property
    def burning(self) -> NDArray[np.int64]:
        """(k,) nodes that burn now, in the order in which they caught fire."""
        return self._alight[: self._count].copy()

    # -- setting ------------------------------------------------------------------------------------------------

    def ignite(self, index: int, time: float, cause: int = GIVEN, by: int = -1) -> bool:
        """Set a node on fire in the step that holds `time` s; return whether it can still catch fire.

        index  of the node      cause  1 to 5, see the class      by  node that did it, -1: none

        Raises InputError for a node or a cause that there is not, and for a time that has passed.
        """
        self._check(index)
        if not 1 <= cause <= 5:
            raise InputError(f"urban fire: cause {cause} of node {index} is not known; known: 1 to 5")
        if not self.time - self.step <= time < np.inf:
            raise InputError(f"urban fire: node {index} is to burn at {time:g} s, but it is {self.time:g} s already")
        if self.state[index] >= stepping.BURNING or not self.standing[index]:
            return False
        self._waiting = sorted([*self._waiting, (float(time), int(index), int(cause), int(by))])
        return True

    def hose(self, index: int, litres_per_s: float) -> None:
        """Deliver so much water, L s-1, to the fire of a node from now on. Raises InputError."""
        self.runs[self._check(index), stepping.HOSE] = self._flow(litres_per_s)

    def wet(self, index: int, litres_per_s: float) -> None:
        """Deliver so much water, L s-1, to the facades of a node from now on. Raises InputError."""
        self.wetted[self._check(index)] = self._flow(litres_per_s)

    def stop(self, index: int) -> None:
        """Demolish a node: it has no facade and its fuel does not burn. Raises InputError."""
        self.standing[self._check(index)] = False

    def flood(self, depth: ArrayLike) -> None:
        """Put water around the buildings from now on: what stands in it does not burn.

        depth  (n,) m   above the ground at each node

        Raises InputError where it is negative or no number.
        """
        d = np.broadcast_to(np.asarray(depth, np.float64), self.state.shape)
        if not (d >= 0).all():
            raise InputError(f"urban fire: depth of water at node {int(np.argmin(d >= 0))} is no number of 0 m or more")
        city = self.city
        above_floor = np.maximum(0.0, d - (city.base - city.ground))
        self.runs[:, stepping.DRY] = suppression.dry_share(above_floor, city.top - city.base)

    # -- going on -----------------------------------------------------------------------------------------------

    def advance(
        self,
        until: float,
        *,
        wind_speed: float = 0.0,
        wind_from: float = 0.0,
        flux: ArrayLike | None = None,
        brands: ArrayLike | None = None,
    ) -> None:
        """Go on in whole steps to the last one that ends at `until` s or before.

        wind_speed  m s-1      wind_from  deg, clockwise from north
        flux        (n,) kW m-2   radiation from elsewhere (vegetation) during all of it; None: none
        brands      (n,)          brands expected from elsewhere over all of it; None: none

        Raises InputError for wind or arrays that cannot be.
        """
        if not (0 <= wind_speed < np.inf and np.isfinite(wind_from)):
            raise InputError(f"urban fire: wind of {wind_speed:g} m/s from {wind_from:g} deg cannot be")
        heat, sparks = self._outside("flux", flux), self._outside("brands", brands)
        turns = int((until - self.time + SLACK) // self.step)
        fallen = []
        for _ in range(turns):
            self._light()
            fallen.append(self._advance(wind_speed, np.radians(wind_from), heat, sparks / turns))
        if turns:
            points = np.concatenate(fallen)
            self.brands_thrown = np.column_stack([points, np.ones(len(points))])

    def _light(self) -> None:
        """Set on fire what was asked for up to the end of the coming step."""
        while self._waiting and self._waiting[0][0] < self.time + self.step - SLACK:
            at, index, cause, by = self._waiting.pop(0)
            if self.state[index] < stepping.BURNING and self.standing[index]:
                self.state[index], self.ignited[index] = stepping.BURNING, at
                self.cause[index], self.by[index] = cause, by
                self._alight[self._count] = index
                self._count += 1

    def _advance(self, wind: float, came: float, heat: Array, sparks: Array) -> Array:
        """Take one step; return where brands fell, (k, 2) m."""
        east, north, city = float(-np.sin(came)), float(-np.cos(came)), self.city
        state = (self.state, self.dose, self.ignited, self.ended, self.cause, self.by, self.runs)
        given = (heat, self.wetted, self.standing, self.sprinklers_work)
        received = (self.radiation, self._most, self._source, self._touched, self._listed, self._known,
                    self._alone)  # fmt: skip
        self.pairs.look(self._alight[: self._count])
        self._count, self._noted = stepping.step(
            self._alight, self._count, self._noted, self.time, self.step, wind, east, north, self._fires, self._nodes,
            self._pairs, state, given, received, self._book,
        )  # fmt: skip
        self.steps += 1
        self.time = self.steps * self.step
        if self._grid is None:
            return np.zeros((0, 2))
        kind = (self.brands.rate, self.brands.density, self.brands.thickness)
        self._count, fell = throwing.throw(
            self._alight, self._count, self.time, self.step, self.steps, self.seed, wind, east, north, kind, self._grid,
            city.outlines.corners, city.outlines.starts, self._middle, self._size, self._fires, self.runs, city.catches,
            sparks, self.wetted, self.standing, (self.state, self.ignited, self.cause, self.by),
        )  # fmt: skip
        return fell

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name, as arrays."""
        saved: dict[str, NDArray[Any]] = {name: getattr(self, name).copy() for name in KEPT}
        saved["alight"], saved["brands_thrown"] = self.burning, self.brands_thrown.copy()
        saved["listed"] = np.sort(self._listed[: self._noted])
        saved["clock"] = np.array([self.time, self.steps, self._book[0]])
        saved["waiting"] = np.array(self._waiting, np.float64).reshape(-1, 4)
        return saved

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, in an engine that was made alike; what follows is the same to the last bit."""
        for name in KEPT:
            getattr(self, name)[:] = saved[name]
        self._count = len(saved["alight"])
        self._alight[: self._count] = saved["alight"]
        self._noted = len(saved["listed"])
        self._listed[: self._noted] = saved["listed"]
        self._known[:] = False
        self._known[saved["listed"]] = True
        self._alone[:] = False
        self._pairs[1][:] = self.pairs.starts[1:]
        self.brands_thrown = saved["brands_thrown"].copy()
        self.time, self.steps, self._book[0] = float(saved["clock"][0]), int(saved["clock"][1]), saved["clock"][2]
        self._waiting = [(float(t), int(i), int(c), int(b)) for t, i, c, b in saved["waiting"]]

    # -- checking -----------------------------------------------------------------------------------------------

    def _check(self, index: int) -> int:
        """Return the index of a node. Raises InputError."""
        if not 0 <= index < self.city.count:
            raise InputError(f"urban fire: there is no node {index}; known: 0 to {self.city.count - 1}")
        return int(index)

    @staticmethod
    def _flow(litres_per_s: float) -> float:
        """Return a flow in L s-1. Raises InputError."""
        if not 0 <= litres_per_s < np.inf:
            raise InputError(f"urban fire: a flow of {litres_per_s:g} L/s cannot be; 0 or more was expected")
        return float(litres_per_s)

    def _outside(self, name: str, values: ArrayLike | None) -> Array:
        """Return what comes from elsewhere, (n,), or nothing. Raises InputError."""
        if values is None:
            return np.zeros(0)
        found = np.broadcast_to(np.asarray(values, np.float64), self.state.shape).copy()
        bad = ~((found >= 0) & (found < np.inf))
        if bad.any():
            raise InputError(
                f"urban fire: {name} at node {int(np.argmax(bad))} is {found[bad][0]}, 0 or more was expected"
            )
        return found
