"""What a peer's script says and understands: one JSON object per line on stdout, commands on stdin.

    python -m tests.benchmarks.peers.run_NAME speed dam_break 500
        {"peer": ..., "version": ..., "cells": ...} once it is ready; then for each number of steps on stdin
        {"steps", "cell_updates", "cpu_s", "simulated_s", "volume_error"}, the error since the start
    python -m tests.benchmarks.peers.run_NAME dam stoker
        {"peer": ..., "version": ..., "depth": [m along the middle row], "volume_error"}

So two engines take turns on one machine, and neither pays for its start. What else a peer prints goes to stderr.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.peers.cases import CELL, DAM_CELL, DAM_TIME, DAMS, MANNING, STARTS, dam


class Model(Protocol):
    """An engine on a flat bed between walls."""

    def step(self) -> None:
        """Take one time step, as long as the engine likes."""
        ...

    def until(self, time: float) -> None:
        """Go on to `time` s, exactly."""
        ...

    def time(self) -> float:
        """Return the time in s."""
        ...

    def depth(self) -> NDArray[np.floating]:
        """Return (ny, nx) m."""
        ...


def serve(package: str, make: Callable[[NDArray[np.float64], float, float, str], Model]) -> None:
    """Do what the command line says with the models that `make(depth, cell, manning, case)` gives."""
    what, case = sys.argv[1:3]
    out, sys.stdout = sys.stdout, sys.stderr

    def say(**values: Any) -> None:
        print(json.dumps(values), file=out, flush=True)

    peer = {"peer": package, "version": version(package)}
    if what == "dam":
        model = make(dam(DAMS[case]), DAM_CELL, 0.0, case)
        held = water(model)
        model.until(DAM_TIME)
        depth = model.depth()
        say(**peer, depth=depth[len(depth) // 2].tolist(), volume_error=water(model) / held - 1)
        return
    start = STARTS[case](int(sys.argv[3]))
    model = make(start, CELL, MANNING, case)
    held = water(model)
    for _ in range(3):
        model.step()
    say(**peer, cells=start.size)
    for line in sys.stdin:
        steps = int(line)
        before, cpu = model.time(), time.process_time()
        for _ in range(steps):
            model.step()
        cpu = time.process_time() - cpu
        say(
            steps=steps,
            cell_updates=steps * start.size,
            cpu_s=cpu,
            simulated_s=model.time() - before,
            volume_error=water(model) / held - 1,
        )


def water(model: Model) -> float:
    """Return the water there is, in m times cells."""
    return float(model.depth().sum(dtype=np.float64))
