"""A gate or a culvert: water passes between two ends by the difference of their levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.scenario import Series
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.structures.ends import above, draw, surface, to_equal, wet_area
from twin.physics.shallow_water.structures.hydraulics import ORIFICE, drowned, inlet_control, orifice, weir
from twin.physics.shallow_water.structures.source import longest_entering
from twin.physics.shallow_water.water import Cells, Water

RELAX = 2.0
"""s, in which the flow follows a head that rises; one that falls it follows at once, so that nothing sloshes."""

SHARE = 0.5
"""Share of the volume that would make the levels equal which may move in one step: they meet and do not swap."""


@dataclass(frozen=True, slots=True)
class Hole:
    """What the water passes through.

    sill         m, bottom of the opening in the datum of the city
    width        m
    height       m when fully open; infinity for a weir
    area         m2 when fully open: width times height, or a circle
    coefficient  of the orifice formula, 0..1
    inlet        whether the inlet of a culvert limits it
    flap         whether water passes only from the first end to the second
    """

    sill: float
    width: float
    height: float
    area: float
    coefficient: float = ORIFICE
    inlet: bool = False
    flap: bool = False


def through(hole: Hole, opening: float, up: float, down: float, gravity: float) -> float:
    """Return the m3 s-1 through a hole: the least of what its sill, its cross section and its inlet let pass.

    opening   0..1, share of the height that is free
    up, down  m, levels in the datum of the city, up >= down
    """
    head, tail = up - hole.sill, max(0.0, down - hole.sill)
    if head <= 0 or opening <= 0:
        return 0.0
    flow = float(weir(head, hole.width, gravity) * drowned(head, tail))
    if hole.height < inf:
        # a free jet is driven by the water above the middle of the opening
        middle = min(opening * hole.height, head) / 2
        flow = min(flow, float(orifice(head - max(tail, middle), opening * hole.area, gravity, hole.coefficient)))
    if hole.inlet:
        flow = min(flow, float(inlet_control(head, opening * hole.area, hole.height)))
    return flow


class Opening(Structure):
    """Lets water pass between two groups of cells.

    ends     from, to
    opening  0..1 over time: straight lines between its times; may be set anew at any time
    """

    def __init__(
        self, name: str, ends: tuple[Cells, Cells], hole: Hole, opening: Series | None = None, *, asset: str = ""
    ) -> None:
        self.name, self.asset, self.ends, self.hole = name, asset or name, ends, hole
        self.opening = opening or Series((0.0,), (1.0,))
        self.flow = 0.0
        self.open_now = self.opening.at(0.0)
        self.inside = 0.0
        self.passed = 0.0

    def corners(self) -> Iterable[float]:
        """Return the times in s at which its opening begins or ceases to move."""
        return self.opening.times

    def places(self) -> Iterable[Cells]:
        """Return both its ends."""
        return self.ends

    def longest(self, water: Water, time: float) -> float:  # noqa: ARG002 - the flow of the last step counts
        """Return the time step in s in which the wave of what passes stays within the Courant number."""
        return longest_entering(water, self.ends[1 if self.flow > 0 else 0], abs(self.flow))

    def step(self, water: Water, time: float, dt: float) -> None:
        """Move what the levels drive through in `dt` s, at most as far as makes them equal."""
        self.open_now = self.opening.at(time + dt / 2)
        levels = [surface(water, cells) for cells in self.ends]
        ahead = levels[0] >= levels[1]
        source, target = self.ends if ahead else self.ends[::-1]
        up, down = max(levels), min(levels)
        wanted = through(self.hole, self.open_now, up, down, water.gravity)
        if self.hole.flap and not ahead:
            wanted = 0.0
        before = max(0.0, self.flow if ahead else -self.flow)
        rate = min(wanted, before + (wanted - before) * (1 - exp(-dt / RELAX)))
        most = min(
            above(water, source, self.hole.sill),
            SHARE * to_equal(wet_area(water, source), float(water.area_at(target).sum()), up - down),
        )
        taken = draw(water, source, min(rate * dt, most), self.hole.sill)
        if taken or self.inside:
            self.inside += taken
            self.inside -= water.give(target, self.inside)
        self.flow = taken / dt if ahead else -taken / dt
        self.passed += taken if ahead else -taken

    def stored(self) -> float:
        """Return what rounding kept from the lower end so far, in m3."""
        return self.inside

    def state(self) -> Mapping[str, Mapping[str, float]]:
        """Return how far it is open, 0..1, and the m3 s-1 that pass from its first end to the second."""
        return {"gate_opening": {self.asset: self.open_now}, "discharge": {self.asset: self.flow}}

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return the flow, what has passed, and where its ends are."""
        return {
            "flow": np.array([self.flow, self.open_now, self.inside, self.passed]),
            "from": np.array(self.ends[0]),
            "to": np.array(self.ends[1]),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self.flow, self.open_now, self.inside, self.passed = (float(v) for v in saved["flow"])
        self.ends = (saved["from"][0], saved["from"][1]), (saved["to"][0], saved["to"][1])
