"""From radiation to ignition: the flux-time product above a critical flux."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.physics.urban_fire.exposure import view_parallel

Array = NDArray[np.float64]
Value = float | Array

CRITICAL, POWER, LIMIT = 13.1, 1.828, 11_501.0
"""kW m-2, 1 and (kW m-2)^1.828 s of a wooden wall: Cohen (2004) (unverified; the power is that of Janssens 1991)."""

FORGETS = 600.0
"""s in which the dose falls to 1/e while the flux is below the critical one: a heated wall cools (assumption)."""

BEHIND_GLASS = float(view_parallel(1.8, 1.2, 0.5))
"""Share of the flux on a facade that reaches what stands half a metre behind an opening of 1.8 x 1.2 m. The glass is
taken as broken: it breaks near 9 kW m-2 (unverified), below the critical flux of what is behind it."""


def ignition_time(flux: Value) -> Array:
    """Return the time in s after which a wooden wall ignites under a steady flux; infinite up to the critical one.

    flux  kW m-2

    Source: Cohen (2004), flux-time product.
    """
    excess = np.maximum(0.0, np.asarray(flux, np.float64) - CRITICAL)
    with np.errstate(divide="ignore"):
        return np.asarray(LIMIT / excess**POWER)


def add_dose(dose: Value, flux: Value, seconds: float) -> Array:
    """Return the dose after a time under a flux; below the critical flux it is forgotten, see `FORGETS`.

    dose  (kW m-2)^1.828 s      flux  kW m-2      seconds  s
    """
    excess = np.asarray(flux, np.float64) - CRITICAL
    before = np.asarray(dose, np.float64)
    more = before + np.maximum(0.0, excess) ** POWER * seconds
    return np.where(excess > 0, more, before * np.exp(-seconds / FORGETS))
