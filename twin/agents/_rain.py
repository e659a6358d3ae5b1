"""How much rain falls and will fall."""

from __future__ import annotations

import numpy as np

from twin.agents._readings import of, plausible, trusted
from twin.model.response.view import Reading, View

MM_PER_H = 3.6e6
"""mm h-1 in a m s-1."""

MOST = 2000.0
"""mm h-1 that are believed at most: the greatest minute on record, 31 mm (unverified), is 1,860 mm/h."""

STEP = 60.0
"""s, of the sum."""


def expected(view: View, ahead: float) -> tuple[float, float]:
    """Return the peak in mm/h and the sum in mm of the rain expected within `ahead` s."""
    if not len(view.nowcast):
        return 0.0, 0.0
    times = view.nowcast[:, 0]
    rates = np.clip(np.nan_to_num(view.nowcast[:, 1], nan=0.0, posinf=0.0, neginf=0.0), 0.0, MOST)
    at = np.arange(view.time, view.time + ahead, STEP)
    rate = np.interp(at, times, rates, left=float(rates[0]), right=0.0)
    return float(rate.max(initial=0.0)), float(rate.sum() * STEP / 3600.0)


def now(view: View, oldest: float) -> tuple[float, list[Reading]]:
    """Return the hardest rain in mm/h that trusted gauges show, and their readings."""
    gauges = of(trusted(view.readings, view.time, oldest), "rain_rate")
    return max((one.value * MM_PER_H for one in gauges), default=0.0), gauges


def fallen(view: View, sensor: str, back: float) -> float:
    """Return the mm that fell at a gauge within the last `back` s, each reading holding until the next one."""
    past = [one for one in view.history.get((sensor, "rain_rate"), ()) if not one.mark and plausible(one)]
    times = [*(one.time for one in past), view.time]
    start = view.time - back
    return sum(
        one.value * MM_PER_H * max(0.0, min(end, view.time) - max(one.time, start)) / 3600.0
        for one, end in zip(past, times[1:], strict=True)
    )
