"""A pump: takes water at its intake while it runs, and puts it outside the area or into other cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from twin.model.scenario import Series
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.structures.ends import surface
from twin.physics.shallow_water.structures.source import longest_entering
from twin.physics.shallow_water.water import Cells, Water

MODES = ("auto", "on", "off")
"""What a pump can be told: to follow its rule, to run, to stand still."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a pump starts and stops: between the two it goes on with what it does.

    start, stop  m of water at the intake, stop <= start: it starts above `start` and stops at or below `stop`
    level        False: depth above the ground; True: level in the datum of the city
    """

    start: float = 0.1
    stop: float = 0.03
    level: bool = False


def from_curve(head: float, curve: Sequence[tuple[float, float]]) -> float:
    """Return the rate in m3 s-1 of a pump against a head in m, by straight lines between the points of its curve.

    curve  (head m, rate m3 s-1), heads rising; below the first head the first rate, above the last one nothing
    """
    if head > curve[-1][0]:
        return 0.0
    return float(np.interp(head, [h for h, _ in curve], [q for _, q in curve]))


class Sump(Protocol):
    """A storage below the ground that a pump empties instead of cells of the street."""

    def held(self) -> float:
        """Return the depth of water in it in m."""
        ...

    def draw(self, volume: float) -> float:
        """Take `volume` m3 out of it; return the m3 taken, never more than there is."""
        ...


class Pump(Structure):
    """Takes `rate` m3 s-1, or less where `curve` says so against the head, and never more than there is.

    intake        cells it takes from
    curve         (head m, rate m3 s-1) points, heads rising; () for a pump that moves `rate` whatever the head
    rule          when it runs in mode "auto"; without one "auto" is "on"
    outlet        cells that take the water; None: it leaves the area
    outlet_level  m over time in the datum of the city, against which it lifts when `outlet` is None
    sump          what it takes from instead of its intake; its rule is by depth then
    place         x, y in m at which it was put, for those who move it
    mode          one of `MODES`; may be set at any time, as all of the above
    power         False: it stands still whatever its mode
    """

    def __init__(
        self,
        name: str,
        intake: Cells,
        *,
        asset: str = "",
        rate: float = inf,
        curve: Sequence[tuple[float, float]] = (),
        rule: Rule | None = None,
        outlet: Cells | None = None,
        outlet_level: Series | None = None,
        sump: Sump | None = None,
    ) -> None:
        self.name, self.asset, self.intake = name, asset or name, intake
        self.rate, self.curve, self.rule = rate, tuple(curve), rule
        self.outlet, self.outlet_level, self.sump = outlet, outlet_level, sump
        self.place = (nan, nan)
        self.mode = "auto"
        self.power = True
        self.running = False
        self.now = 0.0
        self.left = 0.0
        self.inside = 0.0

    def corners(self) -> Iterable[float]:
        """Return the times in s of the level outside."""
        return () if self.outlet_level is None else self.outlet_level.times

    def places(self) -> Iterable[Cells]:
        """Return where it takes water and where it puts it."""
        return (self.intake,) if self.outlet is None else (self.intake, self.outlet)

    def longest(self, water: Water, time: float) -> float:  # noqa: ARG002 - the same at any time
        """Return the time step in s in which the wave of what it delivers stays within the Courant number."""
        if self.outlet is None or not self._runs(water):
            return inf
        return longest_entering(water, self.outlet, self._most())

    def step(self, water: Water, time: float, dt: float) -> None:
        """Take note of the level, start or stop, and move what the pump moves in `dt` s."""
        self.running = self._runs(water)
        rate = self.capacity(self._head(water, time + dt / 2)) if self.running else 0.0
        taken = water.take(self.intake, rate * dt) if self.sump is None else self.sump.draw(rate * dt)
        self.now = taken / dt
        if self.outlet is None:
            self.left += taken
        elif taken or self.inside:
            self.inside += taken
            self.inside -= water.give(self.outlet, self.inside)

    def capacity(self, head: float) -> float:
        """Return the m3 s-1 that it moves against a head in m."""
        return min(self.rate, from_curve(head, self.curve)) if self.curve else self.rate

    def budget(self) -> Mapping[str, float]:
        """Return what has been pumped out of the area, in m3."""
        return {"pumped": self.left}

    def stored(self) -> float:
        """Return what rounding kept from the outlet so far, in m3."""
        return self.inside

    def state(self) -> Mapping[str, Mapping[str, float]]:
        """Return the rate in m3 s-1 of the last step."""
        return {"pump_rate": {self.asset: self.now}}

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return the volumes so far, whether it runs, and where it stands."""
        outlet = self.outlet or (np.zeros(0, np.intp), np.zeros(0, np.intp))
        return {
            "volumes": np.array([self.left, self.inside, self.now]),
            "running": np.array([self.running, self.power]),
            "intake": np.array(self.intake),
            "outlet": np.array(outlet),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self.left, self.inside, self.now = (float(v) for v in saved["volumes"])
        self.running, self.power = (bool(v) for v in saved["running"])
        self.intake = saved["intake"][0], saved["intake"][1]
        if self.outlet is not None:
            self.outlet = saved["outlet"][0], saved["outlet"][1]

    def _most(self) -> float:
        """Return the greatest m3 s-1 that it can move."""
        return min(self.rate, max((q for _, q in self.curve), default=self.rate))

    def _runs(self, water: Water) -> bool:
        """Return whether it runs now: as told, or by its rule with hysteresis."""
        if self.mode == "off" or not self.power:
            return False
        if self.mode == "on" or self.rule is None:
            return True
        if self.sump is not None:
            stands = self.sump.held()
        elif self.rule.level:
            stands = float(water.level_at(self.intake).max())
        else:
            stands = float(water.depth_at(self.intake).max())
        return stands > (self.rule.stop if self.running else self.rule.start)

    def _head(self, water: Water, time: float) -> float:
        """Return the m that it lifts the water: from the level at its intake to that at its outlet."""
        if not self.curve:
            return 0.0
        if self.outlet is not None:
            return surface(water, self.outlet) - surface(water, self.intake)
        return 0.0 if self.outlet_level is None else self.outlet_level.at(time) - surface(water, self.intake)
