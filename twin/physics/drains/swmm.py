"""The network at work: EPA's SWMM 5.2, one open network per process, its files in a folder that goes with it."""

from __future__ import annotations

import gc
import importlib
import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import BusyError, InputError, MissingError, UnstableError
from twin.physics.drains.inp import written
from twin.physics.drains.network import Network, Values

_HELD = threading.Lock()
"""SWMM keeps its network in global variables of its library."""

# numbers of the toolkit: NODE and LINK among objects; results of a node and of a link; the flow limit of a link
_NODE, _LINK, _VOLUME, _HEAD, _FLOW, _LINK_VOLUME, _LIMIT = 2, 3, 3, 6, 0, 2, 3


def toolkit() -> Any:
    """Return the interface of SWMM. Raises MissingError with what to install."""
    try:
        return importlib.import_module("swmm.toolkit.solver")
    except ImportError as error:
        raise MissingError(
            "drains = \"swmm\" needs the package pyswmm, which is not installed here; install the extra 'drains' "
            "(pip install 'gaon-twin[drains]'), or set drains = \"none\""
        ) from error


class Swmm:
    """A network that stands at a time and is moved on step by step.

    network  what it is made of
    step     s, of routing; whole milliseconds

    Raises MissingError without pyswmm, BusyError when this process has a network open already, InputError when SWMM
    does not take the network.
    """

    def __init__(self, network: Network, step: float) -> None:
        self.network, self.step = network, step
        self._solver = solver = toolkit()
        if not _HELD.acquire(blocking=False):
            gc.collect()  # a run that has ended may still wait to be cleared away
            if not _HELD.acquire(blocking=False):
                raise BusyError(
                    "this process calculates a network of drains already, and SWMM holds one at a time; end that run "
                    "first, or start this one in a process of its own"
                )
        folder = tempfile.mkdtemp(prefix="drains-")
        self._close = weakref.finalize(self, _closed, solver, folder)
        file = Path(folder) / "network.inp"
        file.write_text(written(network, step), "ascii")
        try:
            solver.swmm_open(*(str(file.with_suffix(s)) for s in (".inp", ".rpt", ".out")))
            solver.swmm_start(0)
            # SWMM lists nodes by type: where each of ours stands
            self._node = [solver.project_get_index(_NODE, f"N{i}") for i in range(len(network.invert))]
            self._link = [solver.project_get_index(_LINK, f"L{j}") for j in range(len(network.start))]
        except Exception as error:
            self.close()
            raise InputError(f"SWMM does not take this network of drains: {' '.join(str(error).split())}") from error
        self._floor = float(network.invert.min())
        self._ends = np.flatnonzero(network.outfall).tolist()
        self._left = np.zeros(len(self._ends))
        self._lateral = np.zeros(len(network.invert))
        self._stages = np.full(len(self._ends), -np.inf)
        self.stored_at_start = self.stored()

    def advance(self, lateral: Values, stages: Values) -> Values:
        """Move on by one step; return (k,) m3 that left by each outfall, in the order of their nodes.

        lateral  (n,) m3 s-1  that enters each node from above, below 0 what is taken out of it
        stages   (k,) m       level of the water outside each outfall; -inf where it falls freely

        Raises UnstableError when SWMM gives up.
        """
        solver = self._solver
        try:
            for i in np.flatnonzero(lateral != self._lateral).tolist():
                solver.node_set_total_inflow(self._node[i], float(lateral[i]))
            for k in np.flatnonzero(stages != self._stages).tolist():
                # below its bottom an outfall falls freely
                stage = max(float(stages[k]) - self._floor, -1.0)
                solver.outfall_set_stage(self._node[self._ends[k]], stage)
            solver.swmm_step()
        except Exception as error:
            raise UnstableError(f"SWMM gave up on the drains: {' '.join(str(error).split())}") from error
        self._lateral, self._stages = lateral.copy(), stages.copy()
        left = np.array([solver.node_get_total_inflow(self._node[i]) for i in self._ends])
        out, self._left = left - self._left, left
        return np.asarray(out)

    def heads(self) -> Values:
        """Return (n,) m, head in each node above the datum."""
        get = self._solver.node_get_result
        heads = np.fromiter((get(i, _HEAD) for i in self._node), np.float64, len(self._node))
        return np.asarray(heads + self._floor)

    def flows(self) -> Values:
        """Return (m,) m3 s-1, flow in each pipe, positive from its upper to its lower end."""
        get = self._solver.link_get_result
        return np.fromiter((get(j, _FLOW) for j in self._link), np.float64, len(self._link))

    def stored(self) -> float:
        """Return the m3 in shafts and pipes.

        Of a pipe that ends in an outfall the lower half does not count: SWMM sets the depth at its end, and no water
        of the network fills or leaves that half.
        """
        solver = self._solver
        nodes = sum(solver.node_get_result(i, _VOLUME) for i in self._node)
        pipes = np.array([solver.link_get_result(j, _LINK_VOLUME) for j in self._link])
        return float(nodes + (pipes * np.where(self.network.outfall[self.network.end], 0.5, 1.0)).sum())

    def throttle(self, pipe: int, opened: float) -> None:
        """Let a pipe carry no more than the share `opened`, 0 to 1, of what it carries when it just runs full."""
        limit = opened * float(self.network.capacity()[pipe]) if 0 < opened < 1 else 0.0  # SWMM: 0 is no limit
        self._solver.link_set_parameter(self._link[pipe], _LIMIT, limit)
        self._solver.link_set_target_setting(self._link[pipe], 0.0 if opened <= 0 else 1.0)

    def close(self) -> None:
        """End it and remove its files; it cannot be used afterwards."""
        self._close()


def _closed(solver: Any, folder: str) -> None:
    """End SWMM's network and remove its folder."""
    try:
        for end in (solver.swmm_end, solver.swmm_close):
            try:
                end()
            except Exception:  # noqa: BLE001, S112 (the toolkit raises plain exceptions when it had not begun)
                continue
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _HELD.release()
