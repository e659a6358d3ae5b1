"""Heat release over time: growth with the square of time, a plateau, a linear decay. The energy closes.

All in kW, s and kJ. Wind through broken windows and water change how fast the clock of a fire runs, see `clock_rate`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Value = float | Array

DECAY_FROM = 0.7
"""Share of the energy after which a fire decays (EN 1991-1-2 annex E.4; unverified)."""

VENTILATION = 1400.0
"""kW m-5/2 per opening area and root of opening height: EN 1991-1-2 (E.6) with m = 0.8, 17.5 MJ/kg (unverified)."""

DRAUGHT_DURATION = 1200.0
"""s in which the fire load burns where wind blows through the building: EN 1991-1-2, B.4.2 (as transcribed)."""

DRAUGHT_WIND = 6.0
"""m s-1 of wind at which it fully does: design wind speed of EN 1991-1-2 annex B (unverified)."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Heat release of n fires.

    growth   (n,) kW s-2   coefficient of the square of time
    peak     (n,) kW       of the plateau
    energy   (n,) kJ       under the whole curve
    grown, decays, ends   (n,) s   end of growth, of the plateau, of the fire
    """

    growth: Array
    peak: Array
    energy: Array
    grown: Array
    decays: Array
    ends: Array


def growth_coefficient(time_to_1mw: Value) -> Array:
    """Return the coefficient of growth in kW s-2.

    time_to_1mw  s   time to 1 MW, > 0

    Source: EN 1991-1-2 annex E.4 (the form of 1000 kW, not that of 1055 kW).
    """
    return np.asarray(1000.0 / np.square(np.asarray(time_to_1mw, np.float64)))


def peak_heat_release(hrrpua: Value, floor_area: Value, opening_area: Value, height: float) -> Array:
    """Return the greatest heat release in kW: what the floor area gives or what air through the openings allows.

    hrrpua        (n,) kW m-2   per floor area
    floor_area    (n,) m2
    opening_area  (n,) m2       of all openings; where walls burn away: of all facades
    height        m             of an opening

    Source: EN 1991-1-2, equation E.6.
    """
    by_fuel = np.asarray(hrrpua, np.float64) * np.asarray(floor_area, np.float64)
    return np.asarray(np.minimum(by_fuel, VENTILATION * np.asarray(opening_area, np.float64) * np.sqrt(height)))


def curve(growth: Value, peak: Value, energy: Value) -> Curve:
    """Return the curve of heat release; where 70 % of the energy burns before the peak is reached, a lower peak.

    growth  (n,) kW s-2      peak  (n,) kW      energy  (n,) kJ; all > 0

    Source: EN 1991-1-2 annex E.4; the plateau ends at 70 % of the energy, so the decay takes 0.6 energy / peak.
    """
    a, q, e = (np.atleast_1d(np.asarray(v, np.float64)) for v in np.broadcast_arrays(growth, peak, energy))
    grown = np.minimum(np.sqrt(q / a), np.cbrt(3 * DECAY_FROM * e / a))
    q = a * grown**2
    decays = grown + np.maximum(0.0, DECAY_FROM * e - a * grown**3 / 3) / q
    return Curve(a, q, e.copy(), grown, decays, decays + 2 * (1 - DECAY_FROM) * e / q)


def heat_release(fires: Curve, age: Value) -> Array:
    """Return the heat release in kW of fires of an age.

    age  (n,) s   since ignition on the fire's own clock
    """
    t = np.asarray(age, np.float64)
    rising = fires.growth * np.square(t)
    falling = fires.peak * (fires.ends - t) / (fires.ends - fires.decays)
    value = np.where(t < fires.grown, rising, np.where(t < fires.decays, fires.peak, falling))
    return np.where((t < 0) | (t >= fires.ends), 0.0, value)


def energy_released(fires: Curve, age: Value) -> Array:
    """Return the energy in kJ that fires of an age have released: the integral of `heat_release`.

    age  (n,) s   since ignition on the fire's own clock
    """
    t = np.clip(np.asarray(age, np.float64), 0.0, fires.ends)
    rising = fires.growth * np.minimum(t, fires.grown) ** 3 / 3
    level = fires.peak * np.clip(t - fires.grown, 0.0, fires.decays - fires.grown)
    rest, length = fires.ends - np.maximum(t, fires.decays), fires.ends - fires.decays
    return np.asarray(rising + level + fires.peak * (length - rest**2 / length) / 2)


def draught_rate(fires: Curve, load_share: Value, wind: Value) -> Array:
    """Return how many times faster fires burn with wind through the broken windows: 1 in calm air.

    With a through draught the fire load of the rooms burns in 1200 s; in between, in proportion to the wind.
    Taken for buildings whose shell burns open; where it stands the share is 0, and they burn by B.4.1 (assumption).

    load_share  (n,) 1   share of the energy that is contents, not structure
    wind        m s-1

    Source: EN 1991-1-2, B.4.2 (rate with forced draught). The blend below 6 m/s is an assumption.
    """
    full = np.maximum(1.0, fires.energy * np.asarray(load_share, np.float64) / (DRAUGHT_DURATION * fires.peak))
    return np.asarray(1 + (full - 1) * np.minimum(1.0, np.asarray(wind, np.float64) / DRAUGHT_WIND))
