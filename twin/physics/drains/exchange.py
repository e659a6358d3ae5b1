"""How much water passes an inlet: weirs and orifices between the street and the shaft below it.

Into the drain is positive. Source of the coefficients: Rubinato, Martins, Kesserwani, Leandro, Djordjevic, Shucksmith
(2017), Experimental calibration and validation of sewer/surface flow exchange equations in steady and unsteady flow
conditions, J. Hydrology 552, doi:10.1016/j.jhydrol.2017.06.024.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

FREE_WEIR, SUBMERGED_WEIR, ORIFICE = 0.54, 0.056, 0.167
"""Coefficients of Rubinato et al. (2017)."""

GRATE = 0.67
"""Coefficient of a drowned grate over a shaft that is not full: FHWA, HEC-22 (2009), equation 4-27,
quoted from memory: unverified."""

KEPT = 0.5
"""Share of the last rate that stays in the next one: the shaft answers to what enters it, and both would swing."""


def rim(area: Values) -> Values:
    """Return (n,) the length of the rim in m of round openings: w = 2 sqrt(pi A).

    area  (n,) m2  of the opening
    """
    return 2.0 * np.sqrt(np.pi * area)


def free_weir(depth: Values, width: Values, gravity: float) -> Values:
    """Return (n,) m3 s-1 over a rim into a shaft whose water stands below it: Q = 2/3 C w h^1.5 sqrt(2 g).

    depth  (n,) m  of the water on the street, >= 0; width  (n,) m  of the rim

    Source: Rubinato et al. (2017), free weir.
    """
    out: Values = 2.0 / 3.0 * FREE_WEIR * width * depth**1.5 * np.sqrt(2.0 * gravity)
    return out


def grate(depth: Values, area: Values, gravity: float) -> Values:
    """Return (n,) m3 s-1 through a drowned opening into a shaft whose water stands below it: Q = C A sqrt(2 g h).

    depth  (n,) m  of the water on the street, >= 0; area  (n,) m2  of the opening

    Source: FHWA HEC-22 (2009), equation 4-27.
    """
    out: Values = GRATE * area * np.sqrt(2.0 * gravity * depth)
    return out


def submerged_weir(depth: Values, drop: Values, width: Values, gravity: float) -> Values:
    """Return (n,) m3 s-1 over a rim into a shaft that is full: Q = C w h sqrt(2 g (Hs - Hn)).

    depth  (n,) m  of the water on the street, >= 0; drop  (n,) m  from its level down to the head in the shaft, >= 0
    width  (n,) m  of the rim

    Source: Rubinato et al. (2017), submerged weir, in the form that ends at 0 where the levels are the same; which form
    the paper has is unverified.
    """
    out: Values = SUBMERGED_WEIR * width * depth * np.sqrt(2.0 * gravity * drop)
    return out


def orifice(drop: Values, area: Values, gravity: float) -> Values:
    """Return (n,) m3 s-1 through a drowned opening, or out of a shaft under pressure: Q = C A sqrt(2 g dH).

    drop  (n,) m  between the levels, >= 0; area  (n,) m2  of the opening

    Source: Rubinato et al. (2017), submerged orifice.
    """
    out: Values = ORIFICE * area * np.sqrt(2.0 * gravity * drop)
    return out


def exchange(level: Values, crest: Values, head: Values, area: Values, gravity: float) -> Values:
    """Return (n,) m3 s-1 that pass inlets, positive into the drain, negative back to the street.

    level  (n,) m   of the water on the street; that of the ground where it is dry
    crest  (n,) m   the ground at the inlet
    head   (n,) m   in the shaft
    area   (n,) m2  of the opening, 0 where it is blocked

    Source: choice between the forms as in Rubinato et al. (2017): a free weir below the crest (no more than a drowned
    grate lets through), a submerged weir up to a depth of A/w, an orifice above it and for surcharge.
    """
    depth, width = np.maximum(level - crest, 0.0), rim(area)
    free = np.minimum(free_weir(depth, width, gravity), grate(depth, area, gravity))
    drop = np.maximum(level - head, 0.0)
    shallow = depth * width < area
    full = np.where(shallow, submerged_weir(depth, drop, width, gravity), orifice(drop, area, gravity))
    inward = np.where(head < crest, free, full)
    rise = np.maximum(head - np.maximum(level, crest), 0.0)
    return np.where(rise > 0.0, -orifice(rise, area, gravity), inward)


def relaxed(before: Values, wanted: Values) -> Values:
    """Return (n,) m3 s-1 to be used after `before`: a mean of both, and 0 where the direction turns.

    before, wanted  (n,) m3 s-1
    """
    return np.where(before * wanted < 0.0, 0.0, KEPT * before + (1.0 - KEPT) * wanted)
