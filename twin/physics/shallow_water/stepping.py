"""One time step: how long it may be, and what the kernels carry out."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from twin.errors import UnstableError
from twin.physics.shallow_water import edges as edge_kinds
from twin.physics.shallow_water.edges import Edge
from twin.physics.shallow_water.fastmath import use_threads
from twin.physics.shallow_water.few import open_side
from twin.physics.shallow_water.flux import SOLID
from twin.physics.shallow_water.kernels_first import step_first
from twin.physics.shallow_water.kernels_second import step_second
from twin.physics.shallow_water.state import WALL
from twin.physics.shallow_water.tiles import BAND
from twin.physics.shallow_water.update import TILE
from twin.physics.shallow_water.water import COURANT, LONGEST_STEP, Water

SHORTEST_STEP = 1e-6
"""s; below it the computation has gone wrong."""

GATE = threading.Lock()
"""One step at a time in this process: numba's fallback for threads aborts the process on two."""


class Stepper:
    """Advances water over its bed, between edges, and counts what passes them.

    tally  m3 since the start: rain, edge_in, edge_out, and what was clipped at depth 0
    """

    def __init__(self, water: Water, edges: Mapping[str, Edge], shut: NDArray[np.bool_], order: int) -> None:
        """Lay the ground around the area; `shut` is (ny + 4, nx + 4), cells at which the edge is closed."""
        self.water, self.edges, self.order = water, dict(edges), order
        self._shut, self._kernel = shut, step_first if order == 1 else step_second
        self.tally = dict.fromkeys(("rain", "edge_in", "edge_out", "clipped"), 0.0)
        self.cell_updates = 0
        self.lay_edges()
        self.rain_changed()

    def lay_edges(self) -> None:
        """Set the ground around the area; to be called when the ground at its edge has changed."""
        for side, edge in self.edges.items():
            edge_kinds.lay_bed(self.water.bed, self._shut, side, edge, WALL)
        self._outside = {s: edge_kinds.inwards(self.water.bed, s)[:2].copy() for s in self.edges}

    def rain_changed(self) -> None:
        """Take note that the shares of the rain are new."""
        share, water = self.water.rain_share, self.water
        repeat = water.ny if len(share) == 1 else 1
        inner = share[:, 2:-2] if repeat > 1 else share[2:-2, 2:-2]
        self._rain_cells = float(inner.sum(dtype=np.float64)) * repeat

    def longest(self, time: float) -> float:
        """Return the longest time step in s by the Courant number, for the water there is and that at the edges.

        What an edge brings may rise within the step: its waves at the end of it count as well.

        Raises UnstableError when it is too short to go on.
        """
        water = self.water
        fastest = max(float(water.fastest.max()), self._at_edges(time, 0.0))
        ahead = min(LONGEST_STEP, COURANT * water.cell / max(fastest, 1e-9))
        fastest = max(fastest, self._at_edges(time, ahead))
        step = min(LONGEST_STEP, COURANT * water.cell / max(fastest, 1e-9))
        if not np.isfinite(fastest) or step < SHORTEST_STEP:
            band, column = np.unravel_index(int(np.argmax(water.fastest)), water.fastest.shape)
            raise UnstableError(
                f"the flow has become too fast to follow at {time:.3f} s: a wave of {fastest:.3g} m/s near row "
                f"{band * BAND}, column {column * TILE}; look for a spike or a hole in the ground there"
            )
        return step

    def step(self, time: float, dt: float, rain: float, threads: int) -> NDArray[np.bool_]:
        """Advance from `time` by `dt` s while `rain` m fall; return which tiles were advanced."""
        tiles = self.water.tiles
        if rain > 0:
            tiles.touch()
        active = tiles.active()
        runs = tiles.runs(active)
        with GATE:
            use_threads(threads)
            self._flow(runs, time, dt, rain)
        tiles.settle(self.water.fastest)
        self.cell_updates += int(((runs[:, 1] - runs[:, 0]) * (runs[:, 3] - runs[:, 2])).sum())
        return active

    def _at_edges(self, time: float, ahead: float) -> float:
        """Return the fastest wave in m s-1 at the edges `ahead` s after `time` s, or at a series' next corner."""
        fastest = 0.0
        for side, edge in self.edges.items():
            if edge.series is not None and side in self.water.beside:
                self._fill(side, edge, edge.series.reach(time, ahead))
                fastest = max(fastest, edge_kinds.fastest(self.water.now, side, self.water.gravity))
        return fastest

    def _fill(self, side: str, edge: Edge, time: float) -> None:
        """Set the ghost cells of a side; where water runs inwards an open one is a wall, so that none can enter."""
        water = self.water
        if edge.kind == "open":
            upright, far = side in ("west", "east"), side in ("east", "north")
            h, u, v = water.now
            now = (h, u, v) if upright else (h, v, u)
            open_side(now, water.bed, self._outside[side], upright, far, (WALL, SOLID))
            return
        edge_kinds.fill(water.now, water.bed, side, edge, time, water.gravity, water.datum)

    def _flow(self, runs: NDArray[np.int32], time: float, dt: float, rain: float) -> None:
        """Advance the water in the runs and count what passes."""
        water = self.water
        for side, edge in self.edges.items():
            if edge.kind != "closed" and side in water.beside:
                self._fill(side, edge, time + dt / 2)
        kind = water.bed.dtype.type
        stage = tuple(kind(x) for x in (dt / water.cell, dt, rain, water.gravity))
        tally = np.zeros((len(runs), 5))
        self._kernel(
            water.now,
            water.new,
            water.lost,
            water.bed,
            water.rain_share,
            water.gn2,
            water.porosity,
            runs,
            stage,
            water.fastest,
            tally,
        )
        water.now, water.new = water.new, water.now
        area = water.cell**2
        through = {
            "west": tally[runs[:, 2] == 2, 0].sum(),
            "east": -tally[runs[:, 3] == water.nx + 2, 1].sum(),
            "south": tally[runs[:, 0] == 2, 2].sum(),
            "north": -tally[runs[:, 1] == water.ny + 2, 3].sum(),
        }
        for entering in through.values():
            volume = float(stage[0]) * float(entering) * area
            self.tally["edge_in" if volume > 0 else "edge_out"] += abs(volume)
        self.tally["rain"] += float(stage[2]) * self._rain_cells * area
        self.tally["clipped"] += float(tally[:, 4].sum()) * area
