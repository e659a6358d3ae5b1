"""Landlab's OverlandFlow (local inertial of de Almeida et al. 2012, float64)."""

from __future__ import annotations

import numpy as np
from landlab import RasterModelGrid
from landlab.components import OverlandFlow
from numpy.typing import NDArray

from tests.benchmarks.peers.serving import serve

USUAL = 0.7
"""The component's own share of the longest stable step."""

SHORTER = {"rolling_surface": 0.5}
"""The cases on which it is not stable with `USUAL`: waves in both directions, NaN after 79 steps. A shorter step costs
no more, so its speed per step is not touched."""


class Landlab:
    """Water on a flat bed between walls; but for Manning's n and `SHORTER`, all settings are the component's own."""

    def __init__(self, depth: NDArray[np.float64], cell: float, manning: float, case: str) -> None:
        """Take the depth (ny, nx) in m, the side of a cell in m and Manning's n in s m-1/3, and the name of the case.

        A ring of closed nodes goes around the cells.
        """
        self.shape = depth.shape[0] + 2, depth.shape[1] + 2
        self.grid = RasterModelGrid(self.shape, xy_spacing=cell)
        self.grid.add_zeros("topographic__elevation", at="node")
        self.grid.add_field("surface_water__depth", np.pad(depth, 1, mode="edge").ravel(), at="node")
        self.grid.set_closed_boundaries_at_grid_edges(True, True, True, True)
        self.model = OverlandFlow(self.grid, mannings_n=manning, alpha=SHORTER.get(case, USUAL))
        self.now = 0.0

    def step(self) -> None:
        """Take one time step, as long as the component likes."""
        self.model.run_one_step()
        self.now += self.model.dt

    def until(self, time: float) -> None:
        """Go on to `time` s, exactly."""
        while self.now < time:
            step = min(self.model.calc_time_step(), time - self.now)
            self.model.run_one_step(dt=step)
            self.now += step

    def time(self) -> float:
        """Return the time in s."""
        return float(self.now)

    def depth(self) -> NDArray[np.floating]:
        """Return (ny, nx) m."""
        nodes = self.grid.at_node["surface_water__depth"].reshape(self.shape)
        return np.asarray(nodes[1:-1, 1:-1])


if __name__ == "__main__":
    serve("landlab", Landlab)
