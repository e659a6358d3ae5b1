"""Storm drains under the street: water falls in through inlets, comes back under pressure, and leaves by outfalls.

The surface moves in steps of its own; the network in steps of `every` s. What has passed the inlets meanwhile is what
the network then gets, so no water is lost between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.physics.drains.exchange import exchange, relaxed
from twin.physics.drains.network import Inlets, Network
from twin.physics.drains.swmm import Swmm
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.water import COURANT, Cells, Water

NAME = "drains"
"""There is one network."""

EVERY = 2.0
"""s, step of the network: waves in pipes pass 10 m in it."""

GRAIN = 2.0**-16
"""m3 s-1, grain of what a node is given, 15 mL a second; the rest waits for the next step. A run that is to go on later
keeps all that the network was given, and whole numbers keep small."""


class Drains(Structure):
    """A network of drains with its inlets on the ground.

    inlets   openings, each over a node of the network
    cells    of the inlets, in their order; several inlets may lie in one cell
    mouths   the cells into which each outfall runs, in the order of their nodes; None where that is outside the grid
    begin    s, when it starts

    Budget: `drained` is what has passed the inlets downwards, `surcharge` what came back through them, `outfall` what
    outfalls brought back to the ground. What is in the pipes has left the ground and is not in the books of the surface
    (`stored` is 0); the network's own are `books`.
    """

    def __init__(
        self, network: Network, inlets: Inlets, cells: Cells, mouths: Sequence[Cells | None], begin: float = 0.0
    ) -> None:
        self.name, self.network, self.inlets, self.mouths = NAME, network, inlets, tuple(mouths)
        width = int(cells[1].max()) + 1
        flat, self._at = np.unique(cells[0] * width + cells[1], return_inverse=True)
        self._cells: Cells = (flat // width, flat % width)
        self._share = np.bincount(inlets.node, minlength=len(network.invert))[inlets.node]
        self._fed = np.unique(inlets.node)
        self._begin = begin
        self._swmm = Swmm(network, EVERY)
        self._rest()

    def _rest(self) -> None:
        """Stand at the beginning."""
        k = len(self.inlets.node)
        self.opened = np.ones(k)
        self._rate, self._moved = np.zeros(k), np.zeros(k)
        self._due, self._gone = self._begin, 0.0
        self._waiting, self._running = np.zeros(len(self.mouths)), np.zeros(len(self.mouths))
        self._heads = self._swmm.heads()
        self.volumes = dict.fromkeys(("drained", "surcharge", "outfall", "away"), 0.0)
        self._owed = np.zeros(len(self._fed))
        self._given: list[NDArray[np.int32]] = []
        self._stages: list[NDArray[np.float64]] = []
        self._throttled: list[tuple[float, float, float]] = []

    # -- what the engine asks -----------------------------------------------------------------------------------

    def corners(self) -> Iterable[float]:
        """Return the times in s at which the network moves next."""
        return (self._due, self._due + EVERY)

    def longest(self, water: Water, time: float) -> float:
        """Return the time step in s in which the wave of what outfalls bring stays within the Courant number."""
        del time
        step = inf
        for cells, rate in zip(self.mouths, self._running.tolist(), strict=True):
            if cells is not None and rate > 0:
                rise = rate / float(water.area_at(cells).sum())
                short = 0.01 * water.cell / rise
                held = float(water.depth_at(cells).max())
                step = min(step, short, COURANT * water.cell / sqrt(water.gravity * (held + rise * short)))
        return step

    def step(self, water: Water, time: float, dt: float) -> None:
        """Move the network when it is due; then let water pass inlets and outfalls for `dt` s."""
        if time >= self._due - 1e-9:
            self._couple(water)
        self._pass_inlets(water, dt)
        for k, (cells, rate) in enumerate(zip(self.mouths, self._running.tolist(), strict=True)):
            if cells is not None and rate > 0:
                volume = min(rate * dt, float(self._waiting[k]))
                self.volumes["outfall"] += water.give(cells, volume)
                self._waiting[k] -= volume
        self._gone += dt

    def budget(self) -> Mapping[str, float]:
        """Return what has passed the inlets down and up, and what outfalls brought back, in m3."""
        return {name: self.volumes[name] for name in ("drained", "surcharge", "outfall")}

    def books(self) -> dict[str, float]:
        """Return the network's own balance in m3: in, out, in the pipes, and the error of its routing."""
        inside = self._swmm.stored() - self._swmm.stored_at_start
        pending = float(self._moved.sum() + self._owed.sum() + self._waiting.sum())
        net = self.volumes["drained"] - self.volumes["surcharge"]
        out = self.volumes["outfall"] + self.volumes["away"]
        return {
            "drained": self.volumes["drained"],
            "surcharge": self.volumes["surcharge"],
            "outfall": out,
            "pipes": inside + pending,
            "error": inside + pending + out - net,
        }

    def state(self) -> Mapping[str, Mapping[str, float]]:
        """Return the mean depth of water at the ends of each pipe in m, above its bottom."""
        net = self.network
        depth = sum(
            np.maximum(self._heads[node] - level, 0.0) / 2
            for node, level in ((net.start, net.top), (net.end, net.foot))
        )
        return {"drain_level": {i: d for i, d in zip(net.ids, np.asarray(depth).tolist(), strict=True) if i}}

    # -- what people do -----------------------------------------------------------------------------------------

    def block(self, inlets: NDArray[np.bool_], pipes: NDArray[np.bool_], share: float) -> None:
        """Block a share, 0 to 1, of the opening of inlets, (k,), and of what pipes, (m,), carry; 0 clears them."""
        self.opened[inlets] = 1.0 - share
        for j in np.flatnonzero(pipes).tolist():
            self._throttle(float(len(self._given)), j, 1.0 - share)

    def _throttle(self, at: float, pipe: int, opened: float) -> None:
        self._swmm.throttle(pipe, opened)
        self._throttled.append((at, float(pipe), opened))

    # -- moving water -------------------------------------------------------------------------------------------

    def _pass_inlets(self, water: Water, dt: float) -> None:
        """Move what passes the inlets in `dt` s, no more down than the cells hold."""
        wanted, many = self._rate * dt, len(self._cells[0])
        down, up = np.maximum(wanted, 0.0), np.maximum(-wanted, 0.0)
        asked = np.bincount(self._at, down, many)
        held = np.maximum(water.depth_at(self._cells), 0.0) * water.area_at(self._cells)
        down *= np.divide(np.minimum(asked, held), asked, out=np.zeros(many), where=asked > 0)[self._at]
        taken, given = np.bincount(self._at, down, many), np.bincount(self._at, up, many)
        for name, volume in (("drained", -taken), ("surcharge", given)):
            some = volume != 0
            if some.any():
                cells = self._cells[0][some], self._cells[1][some]
                self.volumes[name] += abs(water.add(cells, volume[some]))
        self._moved += down - up

    def _couple(self, water: Water) -> None:
        """Move the network to now, and set the rates of inlets and outfalls for its next step."""
        bottoms = self.network.invert[self.network.outfall].tolist()
        level = np.array([stage(water, c, z) for c, z in zip(self.mouths, bottoms, strict=True)])
        if self._gone > 0:
            self._owed += np.bincount(self.inlets.node, self._moved, len(self.network.invert))[self._fed]
            grains = np.rint(self._owed / (GRAIN * EVERY)).astype(np.int32)
            self._owed -= grains * (GRAIN * EVERY)
            self._advance(grains, level)
            self._moved[:], self._gone = 0.0, 0.0
        self._heads = self._swmm.heads()
        self._rate = self._rates(water)
        self._running = self._waiting / EVERY
        self._due += EVERY

    def _advance(self, grains: NDArray[np.int32], level: NDArray[np.float64]) -> None:
        """Move the network by one step and take what leaves it; remember the step, so that it can be done again."""
        lateral = np.zeros(len(self.network.invert))
        lateral[self._fed] = grains * GRAIN
        left = self._swmm.advance(lateral, level)
        self._given.append(grains)
        self._stages.append(level)
        for k, volume in enumerate(left.tolist()):
            if self.mouths[k] is None:
                self.volumes["away"] += volume
            else:
                self._waiting[k] += volume

    def _rates(self, water: Water) -> NDArray[np.float64]:
        """Return (k,) m3 s-1 that pass each inlet, down positive.

        Up, no more than makes the levels the same, and than there is in the shaft: an inlet on a slope may lie lower
        than the bottom of its shaft.
        """
        node = self.inlets.node
        crest = water.bed_at(self._cells)[self._at]
        level = water.level_at(self._cells)[self._at]
        head = self._heads[node]
        wanted = exchange(level, crest, head, self.inlets.area * self.opened, water.gravity)
        above = head - np.maximum(np.maximum(level, crest), self.network.invert[node])
        spare = self.network.shaft[node] * np.maximum(above, 0.0) / self._share
        return np.where(self.opened > 0, np.maximum(relaxed(self._rate, wanted), -spare / EVERY), 0.0)

    # -- keeping ------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return what changes while it works; of the network all it was given: SWMM keeps float32."""
        return {
            "inlets": np.array([self._rate, self._moved, self.opened]),
            "outfalls": np.array([self._waiting, self._running]),
            "clock": np.array([self._due, self._gone]),
            "owed": self._owed.copy(),
            "volumes": np.array(list(self.volumes.values())),
            "given": np.array(self._given, np.int32).reshape(-1, len(self._fed)),
            "stages": np.array(self._stages).reshape(-1, len(self.mouths)),
            "throttled": np.array(self._throttled).reshape(-1, 3),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood: a new network is given again, step by step, what the old one was given."""
        if saved["inlets"].shape[1] != len(self.inlets.node):
            raise InputError(
                f"the saved drains have {saved['inlets'].shape[1]} inlets, those of this run {len(self.inlets.node)}"
            )
        self._swmm.close()
        self._swmm = Swmm(self.network, EVERY)
        self._rest()
        changes = saved["throttled"].tolist()
        for k, (grains, stages) in enumerate(zip(saved["given"], saved["stages"], strict=True)):
            while changes and changes[0][0] <= k:
                self._throttle(float(changes[0][0]), int(changes[0][1]), changes.pop(0)[2])
            self._advance(grains.copy(), stages.copy())
        for at, pipe, opened in changes:
            self._throttle(at, int(pipe), opened)
        self._heads = self._swmm.heads()
        self._rate, self._moved, self.opened = (row.copy() for row in saved["inlets"])
        self._waiting, self._running = (row.copy() for row in saved["outfalls"])
        self._due, self._gone = (float(v) for v in saved["clock"])
        self._owed = saved["owed"].copy()
        self.volumes.update(zip(self.volumes, saved["volumes"].tolist(), strict=True))


def stage(water: Water, cells: Cells | None, bottom: float) -> float:
    """Return the level of the water in m outside an outfall, -inf where that is not on the grid.

    cells   into which it runs; bottom  m, of the outfall

    It is that in the lowest cell. Where the ground of this cell is higher than the outfall, as where a grid does not
    resolve a ditch, the depth there stands over the bottom of the outfall.
    """
    if cells is None:
        return -inf
    bed = water.bed_at(cells)
    lowest = int(np.argmin(bed))
    return min(float(bed[lowest]), bottom) + float(water.depth_at(cells)[lowest])
