"""The arithmetic of the network of buildings against the rows that were worked out apart: not physics, but its spelling."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from tests.measures import Measure
from tests.physics.cases.files import shared_folder
from twin.physics.urban_fire import brands, dose, exposure

VIEWS = {1: 0.940, 3: 0.650, 6: 0.332, 10: 0.156, 14: 0.0875, 20: 0.0452}
"""m -> view factor of a facade of 10 x 6 m, to three digits."""
DOSES = {15: 3558, 20: 337, 30: 65, 40: 28}
"""kW m-2 -> s to ignition of a wooden wall."""


def worked_out(check: str, inputs: str) -> float | None:
    """Return what our functions give for a row; None: a row that belongs to another room."""
    numbers = [float(v) for v in re.findall(r"(?<![A-Za-z_])\d+\.?\d*", inputs)]
    if check == "view_factor_parallel_centre":
        return float(exposure.view_parallel(*numbers))
    if check == "view_factor_perpendicular_corner":
        return float(exposure.view_perpendicular_corner(*numbers))
    if check == "opening_emission":
        return float(exposure.emitted(numbers[0], numbers[1], numbers[2]))
    if check == "distance_for_12.5_kW_m2":
        return crossing(float(exposure.emitted(numbers[-2], numbers[-1], 293.0)))
    if check == "ftp_ignition_time":
        return float(dose.ignition_time(numbers[0]))
    if check.startswith("himoto_brand"):
        number = brands.transport_number(30e3, 10.0, numbers[1], 100.0, 0.005)
        mean, deviation, across = brands.landing_distance(number, 10.0)
        found = {"B_star": number, "mean_m": mean, "sd_m": deviation, "crosswind_sd_m": across}
        return float(found[check.removeprefix("himoto_brand_")])
    return None


def crossing(emitted: float) -> float:
    """Return the distance in m at which a facade of 10 x 6 m that emits so much, kW m-2, gives 12.5 kW m-2."""
    low, high = 1.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        strong = emitted * float(exposure.view_parallel(10.0, 6.0, middle)) > 12.5
        low, high = (middle, high) if strong else (low, middle)
    return low


def measure(short: bool) -> Iterator[Measure]:
    path = shared_folder() / "validation" / "fire" / "urban_formula_checks" / "urban_formula_checks.csv"
    errors, rows = [], 0
    with path.open() as file:
        for row in csv.DictReader(file):
            found = worked_out(row["check"], row["inputs"])
            if found is not None:
                rows += 1
                errors.append(abs(found / float(row["value"]) - 1))
    yield Measure("fire.urban.formula_max_rel_error", max(errors), "1", "<= 5e-5")
    yield Measure("fire.urban.formula_rows", float(rows), "1", ">= 29")
    digits = sum(f"{float(exposure.view_parallel(10.0, 6.0, d)):.3g}" != f"{v:.3g}" for d, v in VIEWS.items())
    yield Measure("fire.urban.view_factors_wrong_in_3_digits", float(digits), "1", "<= 0")
    late = sum(round(float(dose.ignition_time(q))) != t for q, t in DOSES.items())
    yield Measure("fire.urban.dose_times_wrong_in_s", float(late), "1", "<= 0")
