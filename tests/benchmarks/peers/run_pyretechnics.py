"""Pyretechnics' Eulerian level set (the algorithm of ELMFIRE) on the landscapes of the fire benchmark.

    python -m tests.benchmarks.peers.run_pyretechnics FUELS.npy HOURS ROW COLUMN
        {"peer", "version"} once it is ready; then for every line on stdin one fire:
        {"cells": burned, "cpu_s", "edge": whether the fire has reached the edge of the grid}

Called by its public names only: it is EPL, runs in its own process, and nothing of it is copied.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pyretechnics.eulerian_level_set as level_set
from pyretechnics.space_time_cube import SpaceTimeCube

from tests.benchmarks.peers.fire_cases import CELL, FOLIAR, MOISTURE, WIND

CONSTANT = {
    "slope": 0.0,
    "aspect": 0.0,
    "canopy_cover": 0.0,
    "canopy_height": 0.0,
    "canopy_base_height": 0.0,
    "canopy_bulk_density": 0.0,
    "wind_speed_10m": 3.6 * WIND[0],
    "upwind_direction": WIND[1],
    "fuel_moisture_dead_1hr": MOISTURE["1h"],
    "fuel_moisture_dead_10hr": MOISTURE["10h"],
    "fuel_moisture_dead_100hr": MOISTURE["100h"],
    "fuel_moisture_live_herbaceous": MOISTURE["herb"],
    "fuel_moisture_live_woody": MOISTURE["woody"],
    "foliar_moisture": FOLIAR,
}


def main() -> None:
    """Answer every line with a fire."""
    file, hours, row, column = sys.argv[1:5]
    fuels = np.load(file)
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**values: Any) -> None:
        print(json.dumps(values), file=out, flush=True)

    shape = (int(hours), *fuels.shape)
    cubes = {name: SpaceTimeCube(shape, value) for name, value in CONSTANT.items()}
    same = fuels.min() == fuels.max()
    cubes["fuel_model"] = SpaceTimeCube(shape, int(fuels[0, 0]) if same else fuels[None].astype(np.float32))
    say(peer="pyretechnics", version=version("pyretechnics"))
    for _ in sys.stdin:
        state = level_set.SpreadState(shape).ignite_cell((int(row), int(column)))
        cpu = time.process_time()
        done = level_set.spread_fire_with_phi_field(
            cubes, state, (60.0, CELL, CELL), 0.0, 60.0 * int(hours), surface_lw_ratio_model="behave"
        )
        cpu = time.process_time() - cpu
        burned = done["spread_state"].get_full_matrices()["fire_type"] > 0
        edge = bool(burned[[0, -1]].any() or burned[:, [0, -1]].any())
        say(cells=int(burned.sum()), cpu_s=cpu, edge=edge)


if __name__ == "__main__":
    main()
