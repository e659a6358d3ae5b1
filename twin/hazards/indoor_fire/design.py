"""Design fires: what burns in a room by its use, how fast it grows, how much there is of it, and who is there.

Sources: growth and curve EN 1991-1-2 annex E as transcribed by a third party; fire loads its table E.4 (mean values),
also transcribed. What no original was read for is marked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

GROWTH = {"slow": 600.0, "medium": 300.0, "fast": 150.0, "ultra": 75.0}
"""Time to 1 MW in s."""

#: unverified: share of the fire load that burns (m of EN 1991-1-2 E.4), and share burnt when the decay begins
COMBUSTION, BEFORE_DECAY = 0.8, 0.7


@dataclass(frozen=True, slots=True)
class Use:
    """What rooms are for.

    load     MJ m-2      fire load, mean of EN 1991-1-2 table E.4
    release  kW m-2      heat release per area; unverified: EN 1991-1-2 table E.5
    people   m-2         people per area; unverified: IBC table 1004.5 from memory
    """

    load: float
    release: float
    people: float


USES = {
    "dwelling": Use(780.0, 250.0, 0.05),
    "hospital": Use(230.0, 250.0, 0.045),
    "hotel": Use(310.0, 250.0, 0.05),
    "library": Use(1500.0, 500.0, 0.2),
    "office": Use(420.0, 250.0, 0.1),
    "school": Use(285.0, 250.0, 0.5),
    "shop": Use(600.0, 250.0, 0.18),
    "theatre": Use(300.0, 500.0, 0.7),
    "transport": Use(100.0, 250.0, 0.4),
}


@dataclass(frozen=True, slots=True)
class Burns:
    """Yields of a fuel: see `twin.physics.zone_fire.rooms.Fuel`."""

    carbon: float
    hydrogen: float
    oxygen: float
    nitrogen: float
    heat_of_combustion: float
    radiative_fraction: float
    soot: float
    co: float
    hcn: float = 0.0


FUELS = {
    # CH2O0.5 and the yields before flashover of C/VM2; unverified: from memory
    "furnishings": Burns(1.0, 2.0, 0.5, 0.0, 20_000.0, 0.35, 0.07, 0.04),
    # wood pallets as in the user's guide case of CFAST (NIST, NUREG-1824)
    "wood": Burns(6.0, 10.0, 5.0, 0.0, 17_100.0, 0.37, 0.015, 0.004),
    "methane": Burns(1.0, 4.0, 0.0, 0.0, 50_000.0, 0.35, 0.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """A fire of t squared, a plateau and a straight decay, that releases `energy` MJ in all.

    alpha   kW s-2     peak   kW     grown, fading, out   s after the ignition
    """

    alpha: float
    peak: float
    grown: float
    fading: float
    out: float

    def at(self, time: float) -> float:
        """Return the heat release in kW at `time` s after the ignition."""
        if time <= 0 or time >= self.out:
            return 0.0
        if time < self.grown:
            return self.alpha * time * time
        if time <= self.fading:
            return self.peak
        return self.peak * (self.out - time) / (self.out - self.fading)

    def series(self, begin: float, points: int = 24) -> tuple[tuple[float, float], ...]:
        """Return (time s, kW) for an ignition at `begin` s, straight between; growth in so many steps."""
        growing = [self.grown * n / points for n in range(points + 1)]
        times = [*growing, self.fading, self.out]
        values = [*(self.alpha * t * t for t in growing), self.peak, 0.0]
        if begin > 0:
            times, values = [-begin, *times], [0.0, *values]
        made: list[tuple[float, float]] = []
        for t, value in zip(times, values, strict=True):
            if not made or begin + t > made[-1][0] + 1e-6:
                made.append((begin + t, value))
        return tuple(made)


def curve(growth: str, peak: float, energy: float) -> Curve:
    """Return the fire of a growth that reaches `peak` kW unless its `energy` MJ is too small for it.

    The decay begins when 70 % of the energy is released and takes the rest; a fire that would not get to its peak by
    then has the peak that it has there. Source: EN 1991-1-2 annex E.4.
    """
    alpha = 1000.0 / GROWTH[growth] ** 2
    before = BEFORE_DECAY * energy * 1000.0
    reach = math.sqrt(peak / alpha)
    if alpha * reach**3 / 3 > before:
        reach = (3 * before / alpha) ** (1 / 3)
        peak = alpha * reach * reach
    fading = reach + max(0.0, before - alpha * reach**3 / 3) / peak
    return Curve(alpha, peak, reach, fading, fading + 2 * (1 - BEFORE_DECAY) * energy * 1000.0 / peak)
