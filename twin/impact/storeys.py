"""How many storeys of a building stand in water, above ground and below it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: m, from floor to floor where height and storeys of a building do not tell
USUAL = 3.0
#: m, least height from floor to floor that is believed
LEAST = 2.0


def storey_height(
    height: NDArray[np.floating], storeys: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return (n,) m from floor to floor, and (n,) where it is `USUAL` because nothing or less than `LEAST` was told.

    height   (n,) m  from the ground to the top of the roof, NaN where unknown
    storeys  (n,) 1  above ground, NaN where unknown
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.asarray(height, dtype=np.float64) / np.asarray(storeys, dtype=np.float64)
    assumed = ~(np.isfinite(each) & (each >= LEAST))
    return np.where(assumed, USUAL, each), assumed


def storeys_wet(
    depth: NDArray[np.floating],
    first_floor: NDArray[np.floating],
    each: NDArray[np.floating],
    storeys: NDArray[np.floating],
) -> NDArray[np.int64]:
    """Return (n,) storeys above ground whose floor lies below the water.

    depth        (n,) m  of the water above the ground
    first_floor  (n,) m  of the first floor above the ground; NaN: at the ground
    each         (n,) m  from floor to floor, > 0
    storeys      (n,) 1  above ground, NaN where unknown (then one)
    """
    above = np.asarray(depth, dtype=np.float64) - np.nan_to_num(first_floor)
    most = np.maximum(np.nan_to_num(storeys, nan=1.0), 1.0)
    return np.asarray(np.clip(np.ceil(above / each), 0, most), dtype=np.int64)


def basements_wet(
    reached: NDArray[np.bool_], basements: NDArray[np.floating], half: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return (n,) storeys below ground that take water: all of them, once it stands at the building.

    reached    (n,)    whether water stands at the building deep enough to run in
    basements  (n,) 1  storeys below ground, NaN where unknown
    half       (n,)    whether there is a half-basement: at least one
    """
    known = np.maximum(np.nan_to_num(basements, nan=0.0), np.asarray(half, dtype=np.float64))
    return np.where(reached, known, 0).astype(np.int64)
