"""Wind from 10 m above open ground down to the flames.

Source: Andrews (2012), RMRS-GTR-266, after Albini and Baughman (1979), INT-221. Heights inside the equations in ft.
"""

from __future__ import annotations

import numpy as np

from twin.physics.wildfire.surface import Value

TEN_METRES = 1.15
"""Wind at 10 m by wind at 20 ft above open ground."""
SHELTER_SHARE = 0.05
"""Share of the volume under the tree tops that crowns fill, from which on they shelter."""
SHELTER_HEIGHT = 6.0
"""ft, height of trees from which on they shelter."""


def wind_20ft(wind_10m: Value) -> Value:
    """Return the wind at 20 ft above open ground from that at 10 m, in the same unit."""
    return wind_10m / TEN_METRES


def unsheltered(depth: Value) -> Value:
    """Return midflame wind by wind at 20 ft (1) over fuel of a depth in ft that nothing shelters."""
    return 1.83 / np.log((20.0 + 0.36 * depth) / (0.13 * depth))


def crown_fill(cover: Value, crown_ratio: Value) -> Value:
    """Return the share of the volume under the tree tops that crowns fill (1).

    cover        0..1   share of the ground under crowns
    crown_ratio  0..1   length of a crown by the height of its tree
    """
    return cover * crown_ratio / 3.0


def sheltered(fill: Value, height: Value) -> Value:
    """Return midflame wind by wind at 20 ft (1) under trees of a height in ft whose crowns fill a share (1)."""
    return 0.555 / (np.sqrt(fill * height) * np.log((20.0 + 0.36 * height) / (0.13 * height)))


def adjustment(open_factor: Value, cover: Value, height: Value, crown_ratio: Value) -> Value:
    """Return midflame wind by wind at 20 ft (1): under trees where they shelter, else as in the open.

    open_factor         1      unsheltered factor of the fuel
    cover, crown_ratio  0..1   as in `crown_fill`
    height              ft     of the trees
    """
    fill = crown_fill(cover, crown_ratio)
    shelter = (fill >= SHELTER_SHARE) & (height >= SHELTER_HEIGHT)
    return np.where(
        shelter, sheltered(np.maximum(fill, SHELTER_SHARE), np.maximum(height, SHELTER_HEIGHT)), open_factor
    )
