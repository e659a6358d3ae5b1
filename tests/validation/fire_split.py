"""Weather in bands. Equal weather told twice changes nothing; wind that turns gives the sum of the ellipses (Huygens).

Uniform SH5, 30 m, 6 h. In uniform fuel a fire from a point is convex, and what it has burnt after several bands is the
Minkowski sum of what each of them would burn from a point: its support functions add.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.fire_rates import SIX_HOURS, eccentricity_of, rates_of
from twin.physics.wildfire.ellipse import rate_of_normal
from twin.physics.wildfire.front import Front

CELL, HEAD, RATIO = 30.0, 36.93571 / 60.0, 1.752691
E = float(eccentricity_of(RATIO))
NORMALS = np.linspace(0.0, math.tau, 720, endpoint=False)


def in_bands(
    shape: tuple[int, int],
    at: tuple[int, int],
    times: Sequence[float],
    headings: Sequence[float],
    head: float,
    e: float,
) -> Front:
    """Return a front with a new heading (rad) from each of the times (s) on but the last, at which it ends."""
    front = Front(shape, CELL)
    for time, heading in zip(times[:-1], headings, strict=True):
        front.burn(rates_of(shape, head, e, heading), time)
        if time == times[0]:
            front.ignite([at[0]], [at[1]], time)
    front.advance(times[-1])
    return front


def huygens(
    shape: tuple[int, int],
    at: tuple[int, int],
    times: Sequence[float],
    headings: Sequence[float],
    head: float,
    e: float,
) -> tuple[NDArray[np.bool_], float]:
    """Return which cells have burnt, exactly, and the area in cells."""
    support = sum(
        rate_of_normal(head, e, NORMALS - heading) * (end - begin) / CELL
        for (begin, end), heading in zip(pairwise(times), headings, strict=True)
    )
    y, x = (axis.ravel() for axis in np.indices(shape) - np.array(at)[:, None, None])
    inside = np.arange(x.size)
    for k in np.random.default_rng(0).permutation(len(NORMALS)):  # most cells are out after a few
        ahead = x[inside] * math.cos(NORMALS[k]) + y[inside] * math.sin(NORMALS[k])
        inside = inside[ahead <= support[k]]
    burnt = np.isin(np.arange(x.size), inside).reshape(shape)
    step = math.tau / len(NORMALS)
    slope = (np.roll(support, -1) - np.roll(support, 1)) / (2 * step)
    return burnt, float(0.5 * step * (support**2 - slope**2).sum())


def measure(short: bool) -> Iterator[Measure]:
    shape, at = (1000, 1000), (200, 500)
    north = math.pi / 2
    whole = in_bands(shape, at, [0.0, SIX_HOURS], [north], HEAD, E)
    splits = {"": 2, ".hourly": 6} if short else {"": 2, ".hourly": 6, ".5_minutes": 72}
    for name, count in splits.items():
        times = np.linspace(0.0, SIX_HOURS, count + 1).tolist()
        found = in_bands(shape, at, times, [north] * count, HEAD, E)
        difference = found.burnt.sum() / whole.burnt.sum() - 1.0
        yield Measure(f"fire.split_run{name}.area_difference", float(difference), "1", "abs<= 1e-6")
        both = whole.burnt & found.burnt
        late = np.abs(found.arrival[both] - whole.arrival[both]).max()
        yield Measure(f"fire.split_run{name}.time_difference_s", float(late), "s", "<= 0.001")
    turns = {"quarter": [0.0, math.pi / 2], "hourly": [math.radians(20.0 * k) for k in range(6)]}
    for name, headings in turns.items():
        for ratio in (5.0,) if short else (RATIO, 3.0, 5.0):
            times = np.linspace(0.0, SIX_HOURS, len(headings) + 1).tolist()
            area, iou = against_huygens((1000, 1000), (250, 250), times, headings, HEAD, ratio)
            yield Measure(f"fire.turning_wind.{name}.lw{ratio:.2g}.area_error", area, "1", "abs<= 0.015")
            yield Measure(f"fire.turning_wind.{name}.lw{ratio:.2g}.iou", iou, "1", ">= 0.98")
    if short:
        return
    # wind that wavers from hour to hour by 20 degrees; 30 and 200 m an hour at the head, 1 and 7 cells
    for metres, hours, ratio in ((200.0, 60, RATIO), (200.0, 60, 5.0), (30.0, 300, RATIO), (30.0, 300, 3.0)):
        headings = (math.pi / 4 + np.radians(np.random.default_rng(1).normal(0.0, 20.0, hours))).tolist()
        times = [3600.0 * k for k in range(hours + 1)]
        area, iou = against_huygens((500, 500), (100, 100), times, headings, metres / 3600.0, ratio)
        case = f"fire.wavering_wind.{metres:g}_m_per_h.lw{ratio:.2g}"
        # a cell an hour is the least exact that there is: reported
        yield Measure(f"{case}.area_error", area, "1", "abs<= 0.02" if metres > 100.0 else "")
        yield Measure(f"{case}.iou", iou, "1")


def against_huygens(
    shape: tuple[int, int],
    at: tuple[int, int],
    times: Sequence[float],
    headings: Sequence[float],
    head: float,
    ratio: float,
) -> tuple[float, float]:
    """Return the error of the area and the IoU of a fire in bands."""
    e = float(eccentricity_of(ratio))
    exact, area = huygens(shape, at, times, headings, head, e)
    front = in_bands(shape, at, times, headings, head, e)
    assert front.touched == np.inf
    burnt = front.burnt
    return float(burnt.sum() / area - 1.0), float((burnt & exact).sum() / (burnt | exact).sum())
