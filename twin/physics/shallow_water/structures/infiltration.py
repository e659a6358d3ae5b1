"""Water that seeps into the ground: a constant loss, or after Green and Ampt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from twin.physics.shallow_water.fastmath import compiled, exact, inlined, like, sources, span, strict
from twin.physics.shallow_water.flux import FILM
from twin.physics.shallow_water.state import refuse, spread
from twin.physics.shallow_water.stepping import GATE
from twin.physics.shallow_water.structures import Structure
from twin.physics.shallow_water.update import STRIDE, Array, Row, spans
from twin.physics.shallow_water.water import Water

EVERY = 1.0
"""s; the ground takes its water at least this long apart, and whenever the steps are longer. In between the water
stands: of 60 mm/h that is 0.02 mm."""

FASTEST = 0.1
"""m s-1; gravel takes a tenth of it. What is above it is in another unit."""

SOAKED = 1e-6
"""m, water in the ground from which Green and Ampt begin: their rate into dry ground is infinite."""


@inlined
def green_ampt(before: float, conductivity: float, suction: float, dt: float) -> float:
    """Return the water in m that ponded ground takes in dt s.

    before        m      water it has taken so far, > 0
    conductivity  m s-1  saturated hydraulic conductivity K, >= 0
    suction       m      suction head at the wetting front times the moisture deficit S, >= 0

    The root x of x - S ln(1 + x / (F + S)) = K dt, which is the exact integral of dF/dt = K (1 + S / F) with F the
    water so far. The first guess takes two terms of the logarithm; two steps of Newton's method leave less than 1e-6 of
    it. The logarithm is its Pade approximant [3/3], so that loops over this become vector code. Source: Green and Ampt
    (1911); Chow, Maidment, Mays (1988), Applied Hydrology, eq. 4.3.5 f.
    """
    whole = before + suction
    gain = conductivity * dt
    linear, square = before / whole, 0.5 * suction / (whole * whole)
    x = 2.0 * gain / (linear + sqrt(linear * linear + 4.0 * square * gain))
    for _ in range(2):
        y = x / whole
        log = y * (60.0 + y * (60.0 + 11.0 * y)) / (60.0 + y * (90.0 + y * (36.0 + 3.0 * y)))
        x = max(x - (x - suction * log - gain) / (1.0 - suction / (whole + x)), gain)
    return x


@exact
def without(depth: float, lost: float, taken: float) -> tuple[float, float, float]:
    """Return a depth less what is taken from it, in m, what rounding keeps back, and in float64 what is gone of both.

    depth, lost  m   depth, and what rounding has kept from it so far
    taken        m   0 .. depth

    Source: Dekker (1971) for the sum of two numbers, the larger one first.
    """
    step = lost - taken
    after = depth + step
    rest = step - (after - depth)
    if after <= 0:
        after, rest = like(depth, 0.0), like(depth, 0.0)
    gone = (np.float64(depth) - np.float64(after)) + (np.float64(lost) - np.float64(rest))
    return after, rest, gone


@compiled
def seep_row(
    water: tuple[Row, Row, Row, Row],
    ground: tuple[Row, Row, Row],
    porosity: Row | None,
    scratch: Row,
    dt: float,
    soil: bool,
) -> float:
    """Let the water of n cells seep away for dt s; return its depth times the share of the cell, summed, in m.

    water    m, m s-1, m s-1, m   depth, velocity east and north, and what rounding has kept; (n,) each
    ground   m s-1, m, m   rate or conductivity; suction times deficit; water taken so far, float64; (n,) each
    porosity (n,) 1    share of the cell that is open to water; None: all
    scratch  (STRIDE,)
    dt       s
    soil     whether after Green and Ampt; else a constant loss
    """
    h, u, v, lost = water
    rate, suction, so_far = ground
    zero, film = like(h[0], 0.0), like(h[0], FILM)
    gone = 0.0
    for j in range(h.shape[0]):
        scratch[j] = rate[j] * dt
    if soil:
        for j in range(h.shape[0]):
            scratch[j] = green_ampt(max(so_far[j], SOAKED), np.float64(rate[j]), np.float64(suction[j]), dt)
    for j in range(h.shape[0]):
        after, rest, real = without(h[j], lost[j], min(scratch[j], h[j]))
        gone += real if porosity is None else real * porosity[j]
        so_far[j] += real
        h[j], lost[j] = after, rest
        u[j], v[j] = (u[j] if after > film else zero), (v[j] if after > film else zero)
    return gone


def _build(key: str) -> Callable[..., None]:
    @strict
    def seep(
        now: tuple[Array, Array, Array],
        lost: Array,
        ground: tuple[Array, Array, Array],
        porosity: Array | None,
        runs: NDArray[np.int32],
        dt: float,
        soil: bool,
        tally: NDArray[np.float64],
    ) -> None:
        """Let water seep away in the cells of the runs.

        now     depth m, velocity east and north m s-1, (ny + 4, nx + 4) with two rings of ghost cells
        lost    (ny + 4, nx + 4)  m  rounding so far
        ground  rate or conductivity m s-1 and suction times deficit m, (ny + 4, nx + 4) or, where they are the same
                everywhere, (1, nx + 4); water taken so far m, (ny + 4, nx + 4) float64
        porosity (ny + 4, nx + 4)  1  share of a cell that is open to water; None: all
        runs    (k, 6)  see `tiles.Tiles.runs`
        dt      s
        soil    whether after Green and Ampt
        tally   (k,)    out: depth that is gone times the open share, summed, m
        """
        if key == "":
            return
        h, u, v = now
        rate, suction, so_far = ground
        rate_row, suction_row = min(rate.shape[0], 2) - 1, min(suction.shape[0], 2) - 1
        for k in prange(runs.shape[0]):
            c0 = runs[k, 2]
            n = runs[k, 3] - c0
            scratch = np.empty(STRIDE, h.dtype)
            gone = 0.0
            for i in range(runs[k, 0], runs[k, 1]):
                gone += seep_row(
                    spans(h, u, v, lost, i, c0, n),
                    (
                        span(rate, i * rate_row, c0, n),
                        span(suction, i * suction_row, c0, n),
                        span(so_far, i, c0, n),
                    ),
                    None if porosity is None else span(porosity, i, c0, n),
                    scratch,
                    dt,
                    soil,
                )
            tally[k] = gone

    return seep


seep = _build(sources())


class Infiltration(Structure):
    """The ground under all water, as far as it takes any; where a cell is built up in part, its open part.

    rate     (ny, nx) m s-1   constant loss; with `suction` the saturated hydraulic conductivity
    suction  (ny, nx) m       suction head at the wetting front times the moisture deficit; None: a constant loss

    Walls take nothing. Raises InputError for rates and suctions that are negative, infinite or of no ground.
    """

    def __init__(
        self,
        water: Water,
        rate: NDArray[np.floating],
        suction: NDArray[np.floating] | None = None,
    ) -> None:
        free = ~water.solid
        refuse("infiltration rate", rate, free & ~((rate >= 0) & (rate <= FASTEST)), f"between 0 and {FASTEST:g} m s-1")
        self.name, self._soil = "infiltration", suction is not None
        drawn = np.zeros(rate.shape) if suction is None else suction
        refuse("suction head times moisture deficit", drawn, free & ~((drawn >= 0) & (drawn <= 10)), "0 to 10 m")
        kind = water.bed.dtype.type
        self._rate = spread(np.where(free, rate, 0.0), 0.0, kind)
        self._suction = spread(np.where(free, drawn, 0.0), 0.0, kind)
        self._so_far = np.zeros(water.bed.shape)
        self._due = np.zeros(water.tiles.shape, bool)
        self._waited, self.infiltrated = 0.0, 0.0

    @property
    def taken(self) -> NDArray[np.float64]:
        """(ny, nx) m, water that the ground has taken so far."""
        return self._so_far[2:-2, 2:-2].copy()

    def step(self, water: Water, time: float, dt: float) -> None:  # noqa: ARG002 - of the protocol
        """Take what the ground takes, when it is due."""
        self._due |= water.tiles.active()
        self._waited += dt
        if self._waited < EVERY:
            return
        runs = water.tiles.runs(self._due)
        tally = np.zeros(len(runs))
        ground = self._rate, self._suction, self._so_far
        with GATE:
            seep(water.now, water.lost, ground, water.porosity, runs, self._waited, self._soil, tally)
        self.infiltrated += float(tally.sum()) * water.cell**2
        self._due[:], self._waited = False, 0.0

    def budget(self) -> Mapping[str, float]:
        """Return what has seeped away, in m3."""
        return {"infiltrated": self.infiltrated}

    def save(self) -> dict[str, NDArray[np.generic]]:
        """Return the water that the ground has taken, and what is due."""
        return {
            "so_far": self._so_far.copy(),
            "due": self._due.copy(),
            "clock": np.array([self._waited, self.infiltrated]),
        }

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `save` stood."""
        self._so_far[:], self._due[:] = saved["so_far"], saved["due"]
        self._waited, self.infiltrated = (float(v) for v in saved["clock"])
