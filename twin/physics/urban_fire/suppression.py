"""Water on a fire and on facades, sprinklers, flood. Residents who fight the fire are not modelled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Value = float | Array

EFFICIENCY = 0.4
"""Share of the water that takes up heat: 0.3 to 0.5 (unverified)."""
FULL_SINK = 2600.0
"""kW per L s-1 of water that is heated by 90 K and boils away: 4.18 kJ/kgK and 2257 kJ/kg."""
NEEDED = 5.0 / 60.0
"""L s-1 per m2 of burning floor: 5 L/min (National Fire Chiefs Council, as quoted; 50 to 600 m2)."""
HOLD = 300.0
"""s for which the needed flow must be held until a fire is out (assumption)."""
SPRINKLER_AT = 750.0
"""kW at which sprinklers open: 0.5 to 1 MW (unverified)."""
SPRINKLER_WORKS = 0.9
"""Probability that they do (unverified)."""
SPRINKLER_TIME = float(3.0 * 0.07**-1.8)
"""s in which a sprinklered fire falls to 1/e: CFAST, 3 u^-1.8 with 0.07 mm/s."""
SPRINKLER_OUT = 50.0
"""kW below which a sprinklered fire is out (assumption)."""


def heat_sink(flow: Value) -> Array:
    """Return the heat in kW that water on a fire takes up.

    flow  L s-1

    Source: heat of water from 10 degC to steam, times `EFFICIENCY`.
    """
    return np.asarray(EFFICIENCY * FULL_SINK * np.asarray(flow, np.float64))


def flow_needed(burning_area: Value) -> Array:
    """Return the flow in L s-1 that puts a fire out when it is held.

    burning_area  m2
    """
    return np.asarray(NEEDED * np.asarray(burning_area, np.float64))


def clock_rate(free: Value, draught: Value, flow: Value, limit: Value) -> Array:
    """Return how fast the clock of a fire runs: 1 in calm air, more in wind, less under water, 0 with enough.

    free     kW   heat release in calm air without water
    draught  1    see `burning.draught_rate`
    flow     L s-1   water on the fire
    limit    kW   what sprinklers leave of it; infinite without
    """
    q = np.asarray(free, np.float64)
    left = np.minimum(np.maximum(0.0, draught * q - heat_sink(flow)), limit)
    wet = (np.asarray(flow, np.float64) > 0) | np.isfinite(limit)
    share = np.divide(left, q, out=np.zeros_like(left), where=q > 0)
    return np.where(wet, share, draught)


def facade_cooling(flow: Value, facade: Value) -> Array:
    """Return the flux in kW m-2 that water on the facades takes away.

    flow  L s-1, on all facades      facade  m2, of all facades
    """
    return heat_sink(flow) / facade


def dry_share(depth: Value, height: Value) -> Array:
    """Return the share of a node's fire load that stands above water.

    depth  m, of water above the node's floor      height  m, of the node
    """
    return np.asarray(1 - np.clip(np.asarray(depth, np.float64) / height, 0.0, 1.0))
