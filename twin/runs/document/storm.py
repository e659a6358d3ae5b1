"""Rain over time: a depth and a shape become rates. Volumes are kept to the last bit of the sum."""

from __future__ import annotations

import itertools

from twin.errors import InputError, suggest
from twin.model.scenario import Series

#: steps of a shaped storm: each a twentieth of its duration, the resolution of Huff's table
STEPS = 20

#: cumulative share of the depth at each twentieth of the duration, 0 first.
#: centred: triangle with its peak in the middle, integrated (Yen & Chow 1980, J. Hydraul. Div. 106(HY6), ratio 0.5).
#: huff2: median second-quartile storm (Huff 1967, doi:10.1029/WR003i004p01007, as tabulated for design practice).
CUMULATIVE = {
    "uniform": tuple(i / STEPS for i in range(STEPS + 1)),
    "centred": tuple(
        2 * (i / STEPS) ** 2 if 2 * i <= STEPS else 1 - 2 * (1 - i / STEPS) ** 2 for i in range(STEPS + 1)
    ),
    "huff2": (
        0.0, 0.015, 0.031, 0.070, 0.125, 0.208, 0.305, 0.420, 0.525, 0.630, 0.725,
        0.805, 0.860, 0.900, 0.930, 0.948, 0.962, 0.974, 0.985, 0.993, 1.0,
    ),
}  # fmt: skip


def storm(depth: float, duration: float, shape: str, start: float = 0.0) -> Series:
    """Return the rain rate, m s-1, as a step series that ends with 0.

    depth     m   rain that falls in all, >= 0
    duration  s   > 0
    shape     uniform, centred or huff2
    start     s   when the rain begins

    Raises InputError for an unknown shape.
    Source: Yen & Chow (1980) for `centred`, Huff (1967) for `huff2`.
    """
    if shape not in CUMULATIVE:
        raise InputError(f"rain shape '{shape}' is not known; {suggest(shape, CUMULATIVE)}")
    if shape == "uniform":
        return Series((start, start + duration), (depth / duration, 0.0), step=True)
    share, step = CUMULATIVE[shape], duration / STEPS
    times = tuple(start + i * step for i in range(STEPS + 1))
    return Series(times, (*((b - a) * depth / step for a, b in itertools.pairwise(share)), 0.0), step=True)
