"""Fire from one cell in uniform fuel against the exact ellipse: 1000 x 1000 cells of 30 m, 6 h.

GR2, SH5 and TU5 in a wind of 20 km/h at 10 m, dead fuel at 3-5 %, from spread_reference; and lengths to width of 3, 5
and 7 at 30 m/min, headings of 0, 17 and 45 degrees to the grid, of which the worst figure counts.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.cases.files import shared_folder
from tests.physics.fire_rates import (
    SIX_HOURS,
    burnt_front,
    eccentricity_of,
    exact_times,
    rates_of,
    ratio_of_moments,
)

SIDE, CELL = 1000, 30.0
WIDE = {3: 0.02, 5: 0.02, 7: 0.02}
HEADINGS = (0.0, 17.0, 45.0)


def against_ellipse(head: float, ratio: float, degrees: float, at: tuple[int, int]) -> dict[str, float]:
    """Return the errors of area and of length to width (1) and the IoU after 6 h; head in m s-1."""
    e, heading = float(eccentricity_of(ratio)), math.radians(degrees)
    shape = (SIDE, SIDE)
    front = burnt_front(rates_of(shape, head, e, heading), CELL, at, SIX_HOURS)
    assert front.touched == np.inf
    exact = exact_times(shape, CELL, at, head, e, heading) <= SIX_HOURS
    along = head / (1.0 + e) * SIX_HOURS
    area = math.pi * along * along * math.sqrt(1.0 - e * e)
    burnt = front.burnt
    return {
        "area_error": burnt.sum() * CELL * CELL / area - 1.0,
        "iou": float((burnt & exact).sum() / (burnt | exact).sum()),
        "lw_error": ratio_of_moments(burnt) / ratio - 1.0,
    }


def measure(short: bool) -> Iterator[Measure]:
    with (shared_folder() / "validation" / "fire" / "spread_reference" / "uniform_cases.csv").open() as file:
        cases = {row["fuel"].lower(): row for row in csv.DictReader(file) if row["hours"] == "6"}
    for fuel, row in cases.items():
        found = against_ellipse(float(row["head_ros_m_min"]) / 60.0, float(row["length_to_width"]), 90.0, (200, 500))
        yield from reported(fuel, found, 0.015)
    for ratio, limit in WIDE.items():
        worst: dict[str, float] = {}
        for degrees in HEADINGS[1:2] if short else HEADINGS:
            at = (200, 200) if degrees == 45.0 else (300, 100)
            for name, value in against_ellipse(0.5, ratio, degrees, at).items():
                better = min if name == "iou" else lambda a, b: max(a, b, key=abs)
                worst[name] = better(worst.get(name, value), value)
        yield from reported(f"lw{ratio}", worst, limit)


def reported(case: str, found: dict[str, float], area: float) -> Iterator[Measure]:
    """Yield the three measures of one case; `area` is the bound of its error."""
    bounds = {"area_error": f"abs<= {area}", "iou": ">= 0.98", "lw_error": "abs<= 0.01"}
    for name, value in found.items():
        yield Measure(f"fire.ellipse.{case}.{name}", value, "1", bounds[name])
