"""Itzi (local inertial, float32), in memory and without GRASS, by its public names only."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from itzi.configreader import SimulationTimes
from itzi.const import DefaultValues
from itzi.rasterdomain import DomainData
from itzi.simulation_factories import create_memory_simulation
from numpy.typing import NDArray

from tests.benchmarks.peers.serving import serve

FAR = "24:00:00"
"""End of the run, and the first time that it records maps: neither comes while it is timed."""


class Itzi:
    """Water on a flat bed between walls; every setting is Itzi's own default."""

    def __init__(self, depth: NDArray[np.float64], cell: float, manning: float, case: str) -> None:
        """Take the depth (ny, nx) in m, the side of a cell in m and Manning's n in s m-1/3; its case does not matter."""
        del case
        rows, columns = depth.shape
        settings = {
            "dtmax": DefaultValues.DTMAX,
            "cfl": DefaultValues.CFL,
            "g": DefaultValues.G,
            "theta": DefaultValues.THETA,
            "hmin": DefaultValues.HFMIN,
            "slmax": DefaultValues.SLMAX,
            "vrouting": DefaultValues.VROUTING,
            "dtinf": DefaultValues.DTINF,
            "max_error": DefaultValues.MAX_ERROR,
            "inf_model": "null",
        }
        self.model = create_memory_simulation(
            SimulationTimes({"start_time": "", "end_time": "", "duration": FAR, "record_step": FAR}),
            {"water_depth": "depth"},
            settings,
            {"swmm_inp": None},
            DomainData(north=rows * cell, south=0.0, east=columns * cell, west=0.0, rows=rows, cols=columns),
            np.zeros(depth.shape, bool),
            np.float32,
        )
        for name, values in (("dem", np.zeros_like(depth)), ("water_depth", depth)):
            self.model.set_array(name, values.astype(np.float32))
        self.model.set_array("friction", np.full(depth.shape, manning, np.float32))
        self.model.initialize()
        self.start = self.model.sim_time

    def step(self) -> None:
        """Take one time step, as long as Itzi likes."""
        self.model.update()

    def until(self, time: float) -> None:
        """Go on to `time` s, exactly."""
        self.model.update_until(timedelta(seconds=time))

    def time(self) -> float:
        """Return the time in s."""
        return float((self.model.sim_time - self.start).total_seconds())

    def depth(self) -> NDArray[np.floating]:
        """Return (ny, nx) m."""
        return np.asarray(self.model.get_array("water_depth"))


if __name__ == "__main__":
    serve("itzi", Itzi)
