"""The shallow-water engine: arrays in, arrays out. It knows no city, no file and no clock.

Full two-dimensional shallow water equations (Saint-Venant 1871) on a regular grid, finite volumes, first order or
MUSCL with Hancock's half step, hydrostatic reconstruction, HLL fluxes, exact implicit Manning friction.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import UnstableError
from twin.physics.shallow_water.edges import Edge, complete, inwards
from twin.physics.shallow_water.fastmath import use_threads
from twin.physics.shallow_water.rainfall import Course, Rainfall
from twin.physics.shallow_water.state import WALL, padded, prepare
from twin.physics.shallow_water.stepping import GATE, Stepper
from twin.physics.shallow_water.structures import ENTERS, LEAVES, Structure
from twin.physics.shallow_water.summaries import Summaries
from twin.physics.shallow_water.water import Box, Cells, Water
from twin.physics.shallow_water.window import State, Window

RECORD_EVERY = 8
"""Steps between two looks at the summaries and for cells out of range."""

WATCH_EVERY = 32, 0.5
"""Steps and s of wall time between two calls of who watches, whichever comes first."""


class ShallowWater:
    """Water on a grid.

    bed        (ny, nx) m        height of the ground; NaN is a wall
    cell       m                 side of a cell
    roughness  s m-1/3           Manning's n, (ny, nx) or one value
    depth      (ny, nx) m        at the start; None: dry
    velocity   two of (ny, nx) m s-1   east and north at the start; None: at rest
    solid      (ny, nx)          cells that are walls
    rain_share (ny, nx) 1        what a cell takes of the rain; None: 1 everywhere, 0 on walls
    porosity   (ny, nx) 1        share of a cell that is open to water, the rest is buildings; None: all of it. Depth is
                                 that of the water in the open part; rain still falls on the whole cell
    edges      side -> Edge, or one for all
    shut       (ny, nx)          cells at which the edge is closed, whatever its kind
    order      1 or 2
    precision  "float32" or "float64"
    wet        m                 depth from which water has arrived
    gravity    m s-2
    threads    1 .. number of cores

    Raises InputError with the number of bad values and the first place.
    """

    def __init__(
        self,
        bed: NDArray[np.floating],
        cell: float,
        *,
        roughness: NDArray[np.floating] | float = 0.035,
        depth: NDArray[np.floating] | None = None,
        velocity: tuple[NDArray[np.floating], NDArray[np.floating]] | None = None,
        solid: NDArray[np.bool_] | None = None,
        rain_share: NDArray[np.floating] | None = None,
        porosity: NDArray[np.floating] | None = None,
        edges: Mapping[str, Edge] | Edge | None = None,
        shut: NDArray[np.bool_] | None = None,
        order: int = 2,
        precision: str = "float32",
        wet: float = 0.05,
        gravity: float = 9.81,
        threads: int = 1,
    ) -> None:
        self.threads = threads
        kind: type[np.floating] = np.float32 if precision == "float32" else np.float64
        still = np.zeros(bed.shape)
        arrays = prepare(
            bed,
            np.broadcast_to(np.asarray(roughness, np.float64), bed.shape),
            still if depth is None else depth,
            (still, still) if velocity is None else velocity,
            np.zeros(bed.shape, bool) if solid is None else solid,
            np.ones(bed.shape) if rain_share is None else rain_share,
            porosity,
            gravity,
            kind,
        )
        self.water = Water(arrays, cell, gravity)
        sides = complete(edges)
        for side, edge in sides.items():
            beside = inwards(self.water.bed, side)[2, 2:-2].astype(np.float64)
            edge.check(side, beside[beside < WALL] + self.water.datum)
        closed = padded(np.zeros(bed.shape, bool) if shut is None else shut, False, np.bool_)
        self.stepper = Stepper(self.water, sides, closed, order)
        self.time, self.steps = 0.0, 0
        self.rainfall = Rainfall(self.water, self.stepper)
        self.structures: dict[str, Structure] = {}
        self._replaced = dict.fromkeys((*ENTERS, *LEAVES), 0.0)
        # where the ground ends inside the grid: water that reaches these cells has left
        self.outlet: Cells = np.zeros(0, np.intp), np.zeros(0, np.intp)
        self._window: Window | None = None
        self._since_record = np.zeros(self.water.tiles.shape, bool)
        self.summaries = Summaries((self.water.ny, self.water.nx), wet)
        self.stored_at_start = self.stored()
        self.disturbed()
        self._record()

    # -- looking ------------------------------------------------------------------------------------------------

    @property
    def depth(self) -> NDArray[np.float32]:
        """(ny, nx) m."""
        return self.water.now[0][2:-2, 2:-2].astype(np.float32)

    @property
    def velocity(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(ny, nx) m s-1, east and north."""
        _, east, north = self.water.now
        return east[2:-2, 2:-2].astype(np.float32), north[2:-2, 2:-2].astype(np.float32)

    @property
    def max_depth(self) -> NDArray[np.float32]:
        """(ny, nx) m, greatest depth so far."""
        return self.summaries.max_depth

    @property
    def max_speed(self) -> NDArray[np.float32]:
        """(ny, nx) m s-1, greatest speed where it was wet."""
        return self.summaries.max_speed

    @property
    def max_hazard(self) -> NDArray[np.float32]:
        """(ny, nx) m2 s-1, greatest depth times speed where it was wet."""
        return self.summaries.max_hazard

    @property
    def max_rating(self) -> NDArray[np.float32]:
        """(ny, nx) m2 s-1, greatest depth times (speed + 0.5 m s-1) where it was wet."""
        return self.summaries.max_rating

    @property
    def arrival(self) -> NDArray[np.float32]:
        """(ny, nx) s, when the depth first reached `wet`; NaN where it has not."""
        return self.summaries.arrival

    @property
    def duration(self) -> NDArray[np.float32]:
        """(ny, nx) s, for how long the depth was `wet` or more."""
        return self.summaries.duration

    @property
    def max_level(self) -> NDArray[np.float32]:
        """(ny, nx) m, height of the ground as it is now plus the greatest depth; NaN where it was never wet."""
        most = self.summaries.max_depth
        return np.where(most >= self.summaries.wet, self.bed + most, np.nan).astype(np.float32)

    @property
    def rain(self) -> Course:
        """The rain: one rate in m s-1, of which each cell takes its share, or maps of what each cell takes."""
        return self.rainfall.course

    @rain.setter
    def rain(self, course: Course) -> None:
        """Let it rain like this from now on. Raises InputError when times do not rise."""
        self.rainfall.course = course

    @property
    def solid(self) -> NDArray[np.bool_]:
        """(ny, nx), cells that are walls."""
        return self.water.solid

    @property
    def bed(self) -> NDArray[np.float64]:
        """(ny, nx) m, height of the ground; NaN where there is a wall."""
        water = self.water
        return np.where(water.solid, np.nan, water.bed[2:-2, 2:-2].astype(np.float64) + water.datum)

    @property
    def cell_updates(self) -> int:
        """Cells advanced so far, summed over time steps."""
        return self.stepper.cell_updates

    def stored(self) -> float:
        """Return the water there is in m3: on the grid and in what structures hold."""
        return self.water.stored() + sum(s.stored() for s in self.structures.values())

    def budget(self) -> dict[str, float]:
        """Return the m3 since the start by part: rain, edges, what structures brought in and out, clipped."""
        parts = self.stepper.tally | self._replaced | {"rain": self.rainfall.fallen}
        for structure in self.structures.values():
            for name, volume in structure.budget().items():
                parts[name] += volume
        return parts

    @property
    def bytes_per_cell(self) -> float:
        """Memory of all arrays over the number of cells, in bytes."""
        water = self.water
        arrays = [*water.now, *water.new, water.lost, water.bed, water.gn2, water.rain_share]
        arrays += self.summaries.arrays.values()
        return float(sum(a.nbytes for a in arrays) / (water.ny * water.nx))

    # -- changing from outside ----------------------------------------------------------------------------------

    def put(self, structure: Structure) -> None:
        """Let a structure work from now on; one of the same name is replaced, what that has moved stays counted."""
        if structure.name in self.structures:
            for name, volume in self.structures[structure.name].budget().items():
                self._replaced[name] += volume
        self.structures[structure.name] = structure

    def raise_bed(self, cells: NDArray[np.bool_], level: float) -> tuple[int, float]:
        """Raise the ground of free cells, (ny, nx), to `level` m; return how many rose and the m3 of water moved."""
        raised = self.water.raise_bed(cells, level)
        if raised[0]:
            self._ground_moved()
            self.disturbed()
        return raised

    def disturbed(self) -> None:
        """Take note that depth, velocity or bed were changed from outside."""
        self.water.disturbed()
        self._since_record[:] = True

    def confine(self, box: Box, times: Sequence[float], states: Sequence[State]) -> None:
        """Advance only the cells of a window from now on; the water around it is that of a run of the whole grid.

        box, times, states  as of `window.Window`

        What is outside stands still, and so do structures that work on nothing inside; the budget no longer adds up,
        since nobody counts what crosses the rim. Raises InputError as `Window`.
        """
        self._window = Window(self.water, box, times, states, self.structures.values())
        self.water.confine(box)
        self._since_record[:] = True

    # -- moving -------------------------------------------------------------------------------------------------

    def advance(self, until: float, watch: Callable[[float], None] | None = None) -> None:
        """Move to `until` s, exactly. Raises UnstableError with the time and the cell.

        watch  called now and then with the time in s; what it raises ends the run between two steps
        """
        corners = self._corners()
        seen_steps, seen = self.steps, time.monotonic()
        while self.time < until:
            following = bisect_right(corners, self.time)
            stop = min([until, *corners[following : following + 1]])
            left = stop - self.time
            longest = min(
                [self.stepper.longest(self.time), *(s.longest(self.water, self.time) for s in self._working())]
            )
            if self._window is not None:
                longest = min(longest, self._window.longest(self.water, self.time))
            count = max(1, int(np.ceil(left / longest - 1e-9)))
            self._step(left / count)
            self.time = stop if count == 1 else self.time + left / count
            self.steps += 1
            if self.steps % RECORD_EVERY == 0:
                self._record()
            if watch is not None and (
                self.steps - seen_steps >= WATCH_EVERY[0] or time.monotonic() - seen >= WATCH_EVERY[1]
            ):
                watch(self.time)
                seen_steps, seen = self.steps, time.monotonic()
        self._record()

    def _all(self) -> list[Structure]:
        return list(self.structures.values())

    def _working(self) -> list[Structure]:
        return self._all() if self._window is None else self._window.awake(self._all())

    def _corners(self) -> list[float]:
        """Return the times in s at which something changes abruptly, rising."""
        courses = [self.rain, *(e.series for e in self.stepper.edges.values() if e.series)]
        return sorted({t for one in courses for t in one.times} | {t for s in self._working() for t in s.corners()})

    def _ground_moved(self) -> None:
        """Lay the ground beyond the edges anew."""
        self.stepper.lay_edges()
        self.water.moved = False

    def _step(self, dt: float) -> None:
        """Advance by dt s: structures, then the flow."""
        use_threads(self.threads)
        for structure in self._working():
            structure.step(self.water, self.time, dt)
        if self._window is not None:
            self._window.lay(self.water, self.time + dt / 2)
        if self.water.moved:
            self._ground_moved()
        rain = self.rainfall.fall(self.time, dt)
        self._since_record |= self.stepper.step(self.time, dt, rain, self.threads)
        if len(self.outlet[0]):
            self.stepper.tally["edge_out"] += self.water.empty(self.outlet)

    def _record(self) -> None:
        """Bring the summaries up to date. Raises UnstableError for a cell out of range."""
        water = self.water
        runs = water.tiles.runs(self._since_record)
        with GATE:
            use_threads(self.threads)
            place = self.summaries.look(water.now, runs, self.time)
        self._since_record = np.zeros_like(self._since_record)
        if place >= 0:
            worst = sum(np.nan_to_num(np.abs(a[place]), nan=np.inf) for a in water.now)
            row, column = place - 2, int(np.argmax(worst)) - 2
            depth, east, north = (float(a[row + 2, column + 2]) for a in water.now)
            raise UnstableError(
                f"the water left its valid range at {self.time:.3f} s in row {row}, column {column}: {depth:g} m deep, "
                f"velocity {east:g}, {north:g} m/s; look for a spike or a hole in the ground there"
            )

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name; arrays only, so that any file can hold it."""
        saved: dict[str, NDArray[Any]] = {f"water/{name}": array for name, array in self.water.save().items()}
        for structure in self._all():
            saved |= {f"structure/{structure.name}/{name}": array for name, array in structure.save().items()}
        saved["tally"] = np.array([*self.stepper.tally.values(), *self._replaced.values()])
        saved["clock"] = np.array([self.time, self.steps, self.cell_updates, self.stored_at_start])
        saved |= {f"summary/{name}": array.copy() for name, array in self.summaries.arrays.items()}
        saved["rain"] = self.rainfall.save()
        return saved

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, in an engine that was made alike; what follows is the same to the last bit."""
        self.water.load(_below("water/", saved))
        for structure in self._all():
            structure.load(_below(f"structure/{structure.name}/", saved))
        self._ground_moved()
        self._since_record[:] = False
        volumes = iter(float(v) for v in saved["tally"])
        for books in (self.stepper.tally, self._replaced):
            books.update({name: next(volumes) for name in books})
        self.time, steps, updates, self.stored_at_start = (float(v) for v in saved["clock"])
        self.steps, self.stepper.cell_updates = int(steps), int(updates)
        self.rainfall.load(saved["rain"])
        self.summaries.load(_below("summary/", saved), self.time)


def _below(start: str, saved: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return what is saved under names that begin so, without that beginning."""
    return {name.removeprefix(start): array for name, array in saved.items() if name.startswith(start)}
