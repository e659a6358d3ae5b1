"""Rates of spread for tests of the front: uniform or by cell, and what a fire from one point burns by them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.physics.wildfire.front import Front
from twin.physics.wildfire.rates import Rates

SIX_HOURS = 6 * 3600.0


def eccentricity_of(length_to_width: ArrayLike) -> NDArray[np.float64]:
    """Return the eccentricity of an ellipse by its length to width."""
    ratio = np.asarray(length_to_width, float)
    return np.sqrt(ratio * ratio - 1.0) / ratio


def rates_of(shape: tuple[int, int], head: ArrayLike, e: ArrayLike, heading: ArrayLike) -> Rates:
    """Return rates (ny, nx) from numbers or arrays: m s-1, 1, rad."""
    head, e, heading = (np.broadcast_to(np.asarray(v, float), shape).copy() for v in (head, e, heading))
    return Rates(head, e, heading, np.full(shape, 1000.0), (head > 0).astype(np.int8))


def burnt_front(
    rates: Rates, cell: float, at: tuple[int, int], until: float, closed: NDArray[np.bool_] | None = None
) -> Front:
    """Return a front that was lit in one cell at 0 s and has run until `until` s."""
    front = Front(rates.head.shape, cell)
    front.burn(rates, 0.0)
    if closed is not None:
        front.close(closed, 0.0)
    front.ignite([at[0]], [at[1]], 0.0)
    front.advance(until)
    return front


def exact_times(
    shape: tuple[int, int], cell: float, at: tuple[int, int], head: float, e: float, heading: float
) -> NDArray[np.float64]:
    """Return (ny, nx) s, when fire from one cell reaches each in uniform fuel."""
    y, x = (np.indices(shape) - np.array(at)[:, None, None]) * cell
    return (np.hypot(x, y) - e * (x * math.cos(heading) + y * math.sin(heading))) / (head * (1.0 - e))


def ratio_of_moments(burnt: NDArray[np.bool_]) -> float:
    """Return the length to width of a filled ellipse of cells, by its second moments: no cell of the rim decides it."""
    y, x = np.nonzero(burnt)
    small, large = np.linalg.eigvalsh(np.cov(np.vstack([x, y]), bias=True))
    # a cell has a moment of its own
    return float(np.sqrt((large + 1 / 12) / (small + 1 / 12)))
