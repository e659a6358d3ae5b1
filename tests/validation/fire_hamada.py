"""Rows of timber houses in a wind against the formula of Hamada (1951), and rows of concrete far below it.

Houses of 10 x 10 m of bare wood, one storey, 3 m apart, nine to a row; the first row burns at once. The speed is that
at which the median of a row's middle houses ignites, between the fourth and the fourteenth row. The formula is that of
pre-war wooden cities; it is a baseline, not a truth, and nothing of the model was fitted to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.cases.files import shared_folder
from tests.physics.cases.town import BARE, CONCRETE, House, rows
from twin.physics.urban_fire import hamada
from twin.physics.urban_fire.engine import UrbanFire

SIDE, GAP, ACROSS, ALONG = 10.0, 3.0, 9, 18
"""m, m, houses in a row, rows."""


def speed(house: House, wind: float) -> float:
    """Return the speed in m/s at which fire goes downwind through rows of a house; 0 where it does not get through."""
    fire = UrbanFire(rows(ACROSS, ALONG, SIDE, GAP, house), seed=1)
    for node in np.flatnonzero(fire.city.building < ACROSS):
        fire.ignite(int(node), 0.0)
    fire.advance(36_000.0, wind_speed=wind, wind_from=180.0)
    first = np.full(ALONG * ACROSS, np.inf)
    np.minimum.at(first, fire.city.building, fire.ignited)
    came = np.median(first.reshape(ALONG, ACROSS)[:, 2:-2], axis=1)
    return float(10 * (SIDE + GAP) / (came[13] - came[3])) if np.isfinite(came[13]) else 0.0


def table_error() -> float:
    """Return the greatest relative difference to the published and worked-out values of the formula."""
    path = shared_folder() / "validation" / "fire" / "hamada_firebench" / "hamada_check_values.csv"
    lines = [line.split(",") for line in path.read_text().splitlines()[1:]]
    worst = 0.0
    for line in lines:
        if line[0] == "hamada_1":
            side, gap, wind, share = (float(v) for v in line[1:5])
            constant = float(line[7]) if line[8] == "down" else None
            found = hamada.spread_rate(side, gap, wind, share, direction=line[8], constant=constant)
            worst = max(worst, abs(float(found) / float(line[11]) - 1))
    return worst


def measure(short: bool) -> Iterator[Measure]:
    yield Measure("fire.hamada.table_max_rel_error", table_error(), "1", "<= 1e-6")
    for wind in (5.0, 10.0):
        ratio = speed(BARE, wind) / float(hamada.spread_rate(SIDE, GAP, wind))
        name = "fire.hamada.timber_ratio" if wind == 10 else f"fire.hamada.timber_ratio_at_{wind:g}_m_per_s"
        yield Measure(name, ratio, "1", "<= 2")
        yield Measure(f"{name}_log2", float(np.log2(ratio)), "1", "abs<= 1")
        concrete = speed(CONCRETE, wind) / float(hamada.spread_rate(SIDE, GAP, wind))
        yield Measure(name.replace("timber", "concrete"), concrete, "1", "<= 0.5")
