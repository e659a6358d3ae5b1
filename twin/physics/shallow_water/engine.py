"""The shallow-water engine: arrays in, arrays out. It knows no city, no file and no clock.

Full two-dimensional shallow water equations (Saint-Venant 1871) on a regular grid, finite volumes, first order or
MUSCL with Heun's method, hydrostatic reconstruction, HLL fluxes, exact implicit Manning friction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import UnstableError
from twin.model.scenario import Series
from twin.physics.shallow_water.edges import SIDES, Edge
from twin.physics.shallow_water.fastmath import use_threads
from twin.physics.shallow_water.state import padded, prepare
from twin.physics.shallow_water.stepping import GATE, Stepper
from twin.physics.shallow_water.structures import ENTERS, LEAVES, Structure
from twin.physics.shallow_water.summaries import NEVER, record
from twin.physics.shallow_water.water import Cells, Water

RECORD_EVERY = 8
"""Steps between two looks at the summaries and for cells out of range."""

WATCH_EVERY = 32
"""Steps between two calls of who watches."""


class ShallowWater:
    """Water on a grid.

    bed        (ny, nx) m        height of the ground; NaN is a wall
    cell       m                 side of a cell
    roughness  s m-1/3           Manning's n, (ny, nx) or one value
    depth      (ny, nx) m        at the start; None: dry
    velocity   two of (ny, nx) m s-1   east and north at the start; None: at rest
    solid      (ny, nx)          cells that are walls
    rain_share (ny, nx) 1        what a cell takes of the rain; None: 1 everywhere, 0 on walls
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
        edges: Mapping[str, Edge] | Edge | None = None,
        shut: NDArray[np.bool_] | None = None,
        order: int = 2,
        precision: str = "float32",
        wet: float = 0.05,
        gravity: float = 9.81,
        threads: int = 1,
    ) -> None:
        self.wet, self.threads = wet, threads
        kind: type[np.floating] = np.float32 if precision == "float32" else np.float64
        still = np.zeros(bed.shape)
        arrays = prepare(
            bed,
            np.broadcast_to(np.asarray(roughness, np.float64), bed.shape),
            still if depth is None else depth,
            (still, still) if velocity is None else velocity,
            np.zeros(bed.shape, bool) if solid is None else solid,
            np.ones(bed.shape) if rain_share is None else rain_share,
            gravity,
            kind,
        )
        self.water = Water(arrays, cell, gravity)
        sides = dict(edges) if isinstance(edges, Mapping) else {side: edges or Edge() for side in SIDES}
        closed = padded(np.zeros(bed.shape, bool) if shut is None else shut, False, np.bool_)
        self.stepper = Stepper(self.water, sides, closed, order)
        self.time, self.steps = 0.0, 0
        self.rain = Series((0.0,), (0.0,), step=True)
        self.structures: dict[str, Structure] = {}
        self._replaced = dict.fromkeys((*ENTERS, *LEAVES), 0.0)
        # where the ground ends inside the grid: water that reaches these cells has left
        self.outlet: Cells = np.zeros(0, np.intp), np.zeros(0, np.intp)
        self._since_record = np.zeros(self.water.tiles.shape, bool)
        # np.full writes its pages; masked stores into the untouched ones of np.zeros take twenty times as long
        self.max_depth, self.max_speed, self.max_hazard = (np.full(bed.shape, 0, np.float32) for _ in range(3))
        self._arrival = np.full(bed.shape, NEVER, np.float32)
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
    def arrival(self) -> NDArray[np.float32]:
        """(ny, nx) s, when the depth first reached `wet`; NaN where it has not."""
        return np.where(self._arrival == NEVER, np.float32(np.nan), self._arrival)

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
        parts = self.stepper.tally | self._replaced
        for structure in self.structures.values():
            for name, volume in structure.budget().items():
                parts[name] += volume
        return parts

    @property
    def bytes_per_cell(self) -> float:
        """Memory of all arrays over the number of cells, in bytes."""
        water = self.water
        arrays = [*water.now, *water.new, water.lost, water.bed, water.gn2, water.rain_share]
        arrays += [self.max_depth, self.max_speed, self.max_hazard, self._arrival]
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
            self.stepper.lay_edges()
            self.disturbed()
        return raised

    def disturbed(self) -> None:
        """Take note that depth, velocity or bed were changed from outside."""
        self.water.disturbed()
        self._since_record[:] = True

    # -- moving -------------------------------------------------------------------------------------------------

    def advance(self, until: float, watch: Callable[[float], None] | None = None) -> None:
        """Move to `until` s, exactly. Raises UnstableError with the time and the cell.

        watch  called now and then with the time in s; what it raises ends the run between two steps
        """
        while self.time < until:
            stop = min([until, *(t for t in self._corners() if t > self.time)])
            left = stop - self.time
            longest = min([self.stepper.longest(self.time), *(s.longest(self.water, self.time) for s in self._all())])
            count = max(1, int(np.ceil(left / longest - 1e-9)))
            self._step(left / count)
            self.time = stop if count == 1 else self.time + left / count
            self.steps += 1
            if self.steps % RECORD_EVERY == 0:
                self._record()
            if watch is not None and self.steps % WATCH_EVERY == 0:
                watch(self.time)
        self._record()

    def _all(self) -> list[Structure]:
        return list(self.structures.values())

    def _corners(self) -> list[float]:
        """Return the times in s at which something changes abruptly."""
        series = [self.rain, *(e.series for e in self.stepper.edges.values() if e.series)]
        return [t for one in series for t in one.times] + [t for s in self._all() for t in s.corners()]

    def _step(self, dt: float) -> None:
        """Advance by dt s: structures, then the flow."""
        for structure in self._all():
            structure.step(self.water, self.time, dt)
        rain = self.rain.at(self.time + dt / 2) * dt
        self._since_record |= self.stepper.step(self.time, dt, rain, self.threads)
        if len(self.outlet[0]):
            self.stepper.tally["edge_out"] += self.water.empty(self.outlet)

    def _record(self) -> None:
        """Bring the summaries up to date. Raises UnstableError for a cell out of range."""
        water = self.water
        runs = water.tiles.runs(self._since_record)
        bad = np.full(len(runs), -1, np.int64)
        summary = (self.max_depth, self.max_speed, self.max_hazard, self._arrival)
        with GATE:
            use_threads(self.threads)
            record(water.now, runs, np.float32(self.time), np.float32(self.wet), summary, bad)
        self._since_record = np.zeros_like(self._since_record)
        if (bad >= 0).any():
            place = int(bad[bad >= 0].min())
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
        for name in ("max_depth", "max_speed", "max_hazard", "_arrival"):
            saved[f"summary/{name}"] = getattr(self, name).copy()
        return saved

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood, in an engine that was made alike; what follows is the same to the last bit."""
        self.water.load({k.removeprefix("water/"): a for k, a in saved.items() if k.startswith("water/")})
        for structure in self._all():
            start = f"structure/{structure.name}/"
            structure.load({k.removeprefix(start): a for k, a in saved.items() if k.startswith(start)})
        self.stepper.lay_edges()
        volumes = iter(float(v) for v in saved["tally"])
        for books in (self.stepper.tally, self._replaced):
            books.update({name: next(volumes) for name in books})
        self.time, steps, updates, self.stored_at_start = (float(v) for v in saved["clock"])
        self.steps, self.stepper.cell_updates = int(steps), int(updates)
        for name in ("max_depth", "max_speed", "max_hazard", "_arrival"):
            getattr(self, name)[:] = saved[f"summary/{name}"]
