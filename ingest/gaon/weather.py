"""Three days of weather over Gaon, 6 to 8 August 2026, with a cloudburst on the second evening. All invented."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from ingest.gaon.shapes import dice

KST = timezone(timedelta(hours=9))
START = datetime(2026, 8, 6, tzinfo=KST)
#: minutes between readings, readings in three days
STEP, COUNT = 10, 432
#: index of the first reading of the cloudburst: 7 August, 17:00
BURST = 6 * (24 + 17)
#: mm per hour in each ten minutes of the cloudburst: 110 mm in three hours, as in scenarios/gaon_cloudburst.toml
HYETOGRAPH = (16, 14, 18, 22, 28, 36, 46, 62, 110, 84, 52, 40, 32, 28, 24, 20, 16, 12)

Values = NDArray[np.float64]


def rain() -> Values:
    """Return rain in mm per ten minutes, (432,): showers on both days, the cloudburst between them."""
    out = np.zeros(COUNT)
    random = dice("showers")
    for start, length, strength in ((80, 14, 3.0), (150, 9, 5.0), (215, 18, 6.0), (290, 30, 8.0), (345, 12, 2.5)):
        shape = np.sin(np.linspace(0, np.pi, length)) * random.uniform(0.5, 1.3, length)
        out[start : start + length] += strength * shape / 6
    out[BURST : BURST + len(HYETOGRAPH)] = np.array(HYETOGRAPH) / 6
    return np.round(out, 1)


def reservoir(inflow: Values, hours: float, delay: int = 0) -> Values:
    """Return what a store that empties with time constant `hours` lets out of `inflow`, `delay` readings later."""
    out = np.zeros(len(inflow))
    keep = float(np.exp(-STEP / 60 / hours))
    level = 0.0
    for i, value in enumerate(inflow):
        level = level * keep + value * (1 - keep)
        out[i] = level
    return np.concatenate([np.full(delay, out[0]), out[: len(out) - delay]])


def clock(index: int, *, midnight_as_24: bool = False) -> str:
    """Return the local time of a reading, as registers write it; midnight as 24:00 of the day before when asked."""
    at = START + timedelta(minutes=STEP * index)
    if midnight_as_24 and at.hour == 0 and at.minute == 0 and index:
        return f"{at - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{at:%Y-%m-%d %H:%M}"


def daily(low: float, high: float, peak_hour: float, noise: float, room: str) -> Values:
    """Return what swings once a day between `low` and `high`, highest at `peak_hour`, with noise of its size."""
    hour = np.arange(COUNT) * STEP / 60
    swing = np.cos((hour - peak_hour) / 24 * 2 * np.pi)
    return (low + high) / 2 + (high - low) / 2 * swing + dice(room).normal(0, noise, COUNT)
