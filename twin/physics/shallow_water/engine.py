"""The shallow-water engine: arrays in, arrays out. It knows no city, no file and no clock.

Full two-dimensional shallow water equations (Saint-Venant 1871) on a regular grid, finite volumes, first order or
MUSCL with Heun's method, hydrostatic reconstruction, HLL fluxes, exact implicit Manning friction.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.errors import UnstableError
from twin.model.scenario import Series
from twin.physics.shallow_water import edges as edge_kinds
from twin.physics.shallow_water.edges import SIDES, Edge
from twin.physics.shallow_water.fastmath import use_threads
from twin.physics.shallow_water.flux import FILM
from twin.physics.shallow_water.kernels_first import step_first
from twin.physics.shallow_water.kernels_second import step_second
from twin.physics.shallow_water.runoff import to_nearest
from twin.physics.shallow_water.sources import Source, add, empty, take
from twin.physics.shallow_water.state import WALL, padded, prepare
from twin.physics.shallow_water.summaries import NEVER, record
from twin.physics.shallow_water.tiles import BAND, Tiles
from twin.physics.shallow_water.update import TILE

COURANT = 0.45
"""dt times fastest wave over cell. A proof of positivity wants 0.25; what the cut at 0 adds is in the budget."""

LONGEST_STEP = 5.0
"""s, when nothing moves."""

SHORTEST_STEP = 1e-6
"""s; below it the computation has gone wrong."""

RECORD_EVERY = 8
"""Steps between two looks at the summaries and for cells out of range."""

_GATE = threading.Lock()
"""One step at a time in this process: numba's fallback for threads aborts the process on two."""


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
        self.ny, self.nx = bed.shape
        self.cell, self.gravity, self.wet, self.threads, self.order = cell, gravity, wet, threads, order
        self.edges = {side: edges or Edge() for side in SIDES} if not isinstance(edges, Mapping) else dict(edges)
        self._type: type[np.floating] = np.float32 if precision == "float32" else np.float64
        self._kernel = step_first if order == 1 else step_second
        still = np.zeros(bed.shape)
        arrays = prepare(
            bed,
            np.broadcast_to(np.asarray(roughness, np.float64), bed.shape),
            still if depth is None else depth,
            (still, still) if velocity is None else velocity,
            np.zeros(bed.shape, bool) if solid is None else solid,
            np.ones(bed.shape) if rain_share is None else rain_share,
            gravity,
            self._type,
        )
        self.datum, self._bed, self._gn2, self._rain_share = arrays.datum, arrays.bed, arrays.gn2, arrays.rain_share
        self._now, self._lost = arrays.state, np.zeros_like(arrays.bed)
        self._shut = padded(np.zeros(bed.shape, bool) if shut is None else shut, False, np.bool_)
        self._lay_edges()
        self.solid = self._bed[2:-2, 2:-2] >= WALL
        self._new = self._now[0].copy(), self._now[1].copy(), self._now[2].copy()
        self.tiles = Tiles(self.ny, self.nx)
        self.tiles.set_solid(self._bed >= WALL)
        self._fastest = np.zeros(self.tiles.shape, self._type)
        self.time, self.steps, self.cell_updates = 0.0, 0, 0
        self.rain = Series((0.0,), (0.0,), step=True)
        self.sources: list[Source] = []
        # where the ground ends inside the grid: water that reaches these cells has left
        self.outlet = np.zeros(0, np.intp), np.zeros(0, np.intp)
        self.tally = dict.fromkeys(("rain", "edge_in", "edge_out", "clipped"), 0.0)
        repeat = self.ny if len(self._rain_share) == 1 else 1
        inner = self._rain_share[:, 2:-2] if repeat > 1 else self._rain_share[2:-2, 2:-2]
        self._rain_cells = float(inner.sum(dtype=np.float64)) * repeat
        self._since_record = np.zeros(self.tiles.shape, bool)
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
        return self._now[0][2:-2, 2:-2].astype(np.float32)

    @property
    def velocity(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(ny, nx) m s-1, east and north."""
        return self._now[1][2:-2, 2:-2].astype(np.float32), self._now[2][2:-2, 2:-2].astype(np.float32)

    @property
    def arrival(self) -> NDArray[np.float32]:
        """(ny, nx) s, when the depth first reached `wet`; NaN where it has not."""
        return np.where(self._arrival == NEVER, np.float32(np.nan), self._arrival)

    @property
    def bed(self) -> NDArray[np.float64]:
        """(ny, nx) m, height of the ground; NaN where there is a wall."""
        return np.where(self.solid, np.nan, self._bed[2:-2, 2:-2].astype(np.float64) + self.datum)

    def stored(self) -> float:
        """Return the water on the grid in m3, with the remainders that float32 cannot show."""
        inner = np.s_[2:-2, 2:-2]
        total = self._now[0][inner].sum(dtype=np.float64) + self._lost[inner].sum(dtype=np.float64)
        return float(total) * self.cell**2

    @property
    def bytes_per_cell(self) -> float:
        """Memory of all arrays over the number of cells, in bytes."""
        arrays = [*self._now, *self._new, self._lost, self._bed, self._gn2, self._rain_share, self.solid]
        arrays += [self.max_depth, self.max_speed, self.max_hazard, self._arrival]
        return float(sum(a.nbytes for a in arrays) / self.solid.size)

    def _lay_edges(self) -> None:
        """Set the ground around the area."""
        for side, edge in self.edges.items():
            edge_kinds.lay_bed(self._bed, self._shut, side, edge, WALL)

    def _shifted(self, edge: Edge) -> Edge:
        """Return the edge with its level counted from the datum of the bed inside."""
        if edge.kind != "level" or edge.series is None:
            return edge
        return Edge("level", replace(edge.series, values=tuple(v - self.datum for v in edge.series.values)))

    # -- changing from outside ----------------------------------------------------------------------------------

    def set_source(self, name: str, rows: NDArray[np.intp], columns: NDArray[np.intp], rate: Series) -> None:
        """Let water enter cells, (n,) rows and columns, at `rate` m3 s-1, or leave them where it is below 0.

        A source of the same name is replaced; what it has moved stays counted.
        """
        for source in self.sources:
            if source.name == name:
                source.rows, source.columns, source.rate = rows, columns, rate
                return
        self.sources.append(Source(name, rows, columns, rate))

    def raise_bed(self, cells: NDArray[np.bool_], level: float) -> tuple[int, float]:
        """Raise the ground of free cells, (ny, nx), to `level` m; return how many rose and the m3 of water moved.

        Water above the new ground stays; the rest goes to the nearest free cells that did not rise.
        """
        bed, h, lost = (a[2:-2, 2:-2] for a in (self._bed, self._now[0], self._lost))
        top = level - self.datum
        low = cells & ~self.solid & (bed < top)
        beside = ~self.solid & ~low
        if not low.any() or not beside.any():
            return 0, 0.0
        held = h.astype(np.float64) + lost
        above = np.where(low, np.maximum(0, bed + held - top), held)
        exact = above + to_nearest(held - above, beside)
        bed[low] = top
        h[:] = exact
        lost[:] = exact - h
        self._lay_edges()
        self.disturbed()
        return int(low.sum()), float((held - above).sum()) * self.cell**2

    def disturbed(self) -> None:
        """Take note that depth, velocity or bed were changed from outside."""
        for new, now in zip(self._new, self._now, strict=True):
            new[:] = now
        h, u, v = (a[2:-2, 2:-2] for a in self._now)
        wave = np.where(h > FILM, np.maximum(abs(u), abs(v)) + np.sqrt(self.gravity * h), 0)
        self._fastest = self.tiles.reduce(wave, np.maximum).astype(self._type)
        self.tiles.settle(self._fastest)
        self.tiles.touch()
        self._since_record[:] = True

    # -- moving -------------------------------------------------------------------------------------------------

    def advance(self, until: float) -> None:
        """Move to `until` s, exactly. Raises UnstableError with the time and the cell."""
        while self.time < until:
            stop = min([until, *(t for t in self._changes() if t > self.time)])
            left = stop - self.time
            count = max(1, int(np.ceil(left / self._stable_step() - 1e-9)))
            self._step(left / count)
            self.time = stop if count == 1 else self.time + left / count
            self.steps += 1
            if self.steps % RECORD_EVERY == 0:
                self._record()
        self._record()

    def _changes(self) -> list[float]:
        """Return the times in s at which a series has a corner."""
        series = [self.rain, *(s.rate for s in self.sources), *(e.series for e in self.edges.values() if e.series)]
        return [t for one in series for t in one.times]

    def _stable_step(self) -> float:
        """Return the longest time step in s by the Courant number, also for the water that is about to be added."""
        fastest = float(self._fastest.max())
        longest = LONGEST_STEP
        for source in self.sources:
            rate = source.rate.at(self.time) / (len(source.rows) * self.cell**2)
            if rate > 0:
                longest = min(longest, 0.01 * self.cell / rate)
                held = float(self._now[0][source.rows + 2, source.columns + 2].max())
                fastest = max(fastest, float(np.sqrt(self.gravity * (held + rate * longest))))
        for side, edge in self.edges.items():
            if edge.series is not None:
                edge_kinds.fill(self._now, self._bed, side, self._shifted(edge), self.time, self.gravity)
                fastest = max(fastest, edge_kinds.fastest(self._now, side, self.gravity))
        step = min(longest, COURANT * self.cell / max(fastest, 1e-9))
        if not np.isfinite(fastest) or step < SHORTEST_STEP:
            band, column = np.unravel_index(int(np.argmax(self._fastest)), self._fastest.shape)
            raise UnstableError(
                f"the flow has become too fast to follow at {self.time:.3f} s: a wave of {fastest:.3g} m/s near row "
                f"{band * BAND}, column {column * TILE}; look for a spike or a hole in the ground there"
            )
        return step

    def _step(self, dt: float) -> None:
        """Advance by dt s: sources, then one stage (first order) or two (second)."""
        self._exchange(dt)
        rain = self.rain.at(self.time + dt / 2) * dt
        if rain > 0:
            self.tiles.touch()
        active = self.tiles.active()
        runs = self.tiles.runs(active)
        with _GATE:
            use_threads(self.threads)
            if self.order == 1:
                self._stage(runs, dt, rain, 1.0, 0.0)
                self._now, self._new = self._new, self._now
            else:
                self._stage(runs, dt, rain, 1.0, 1.0)
                self._now, self._new = self._new, self._now
                self._stage(runs, dt, rain, 0.5, 0.0)
                self._now, self._new = self._new, self._now
        if len(self.outlet[0]):
            self.tally["edge_out"] += empty(self._now, self._lost, *self.outlet) * self.cell**2
        self.tiles.settle(self._fastest)
        self._since_record |= active
        self.cell_updates += int(((runs[:, 1] - runs[:, 0]) * (runs[:, 3] - runs[:, 2])).sum())

    def _stage(self, runs: NDArray[np.int32], dt: float, rain: float, weight: float, keep: float) -> None:
        """Advance `_now` into `_new` by one stage and count what passes; see `update.Stage`."""
        for side, edge in self.edges.items():
            if edge.kind != "closed":
                edge_kinds.fill(self._now, self._bed, side, self._shifted(edge), self.time + dt / 2, self.gravity)
        stage = tuple(self._type(x) for x in (dt / self.cell, dt * weight, rain, self.gravity, weight, keep))
        tally = np.zeros((len(runs), 5))
        self._kernel(
            self._now,
            self._new,
            self._lost,
            self._bed,
            self._rain_share,
            self._gn2,
            runs,
            stage,
            weight < 1,
            self._fastest,
            tally,
        )
        part = (0.5 if self.order == 2 else 1.0) * self.cell**2
        through = {
            "west": tally[runs[:, 2] == 2, 0].sum(),
            "east": -tally[runs[:, 3] == self.nx + 2, 1].sum(),
            "south": tally[runs[:, 0] == 2, 2].sum(),
            "north": -tally[runs[:, 1] == self.ny + 2, 3].sum(),
        }
        for entering in through.values():
            volume = float(stage[0]) * float(entering) * part
            self.tally["edge_in" if volume > 0 else "edge_out"] += abs(volume)
        self.tally["rain"] += float(stage[2]) * self._rain_cells * part
        self.tally["clipped"] += float(tally[:, 4].sum()) * (part if weight == 1 else self.cell**2)

    def _exchange(self, dt: float) -> None:
        """Let the sources give and take what they do in dt s."""
        for source in self.sources:
            depth = source.rate.at(self.time + dt / 2) * dt / self.cell**2
            if depth == 0:
                continue
            if depth > 0:
                each = np.full(len(source.rows), depth / len(source.rows))
                moved = add(self._now, self._lost, source.rows, source.columns, each)
            else:
                moved = -take(self._now, self._lost, source.rows, source.columns, -depth)
            source.volume += moved * self.cell**2
            self.tiles.touch(source.rows, source.columns)

    def _record(self) -> None:
        """Bring the summaries up to date. Raises UnstableError for a cell out of range."""
        runs = self.tiles.runs(self._since_record)
        bad = np.full(len(runs), -1, np.int64)
        summary = (self.max_depth, self.max_speed, self.max_hazard, self._arrival)
        with _GATE:
            use_threads(self.threads)
            record(self._now, runs, np.float32(self.time), np.float32(self.wet), summary, bad)
        self._since_record = np.zeros_like(self._since_record)
        if (bad >= 0).any():
            place = int(bad[bad >= 0].min())
            worst = sum(np.nan_to_num(np.abs(a[place]), nan=np.inf) for a in self._now)
            row, column = place - 2, int(np.argmax(worst)) - 2
            depth, east, north = (float(a[row + 2, column + 2]) for a in self._now)
            raise UnstableError(
                f"the water left its valid range at {self.time:.3f} s in row {row}, column {column}: {depth:g} m deep, "
                f"velocity {east:g}, {north:g} m/s; look for a spike or a hole in the ground there"
            )
