"""A fire through patches of three fuels against minimum travel times that have converged on cells of 6 m.

Patches of 600 m of GR2, SH5 and TU5, cells of 30 m, wind of 20 km/h at 10 m: spread_reference. The reference gives the
burnt cells of each patch, from which the greatest IoU that they allow, and times at a hundredth of the cells.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.measures import Measure
from tests.physics.cases.files import shared_folder
from tests.physics.fire_rates import burnt_front, eccentricity_of, rates_of
from twin.physics.wildfire.rates import Rates

CELL, AT, PATCH = 30.0, (200, 500), 20


def mosaic() -> Rates:
    """Return the rates of spread, (1000, 1000). Raises NoSharedData."""
    folder = shared_folder() / "validation" / "fire" / "spread_reference"
    with (folder / "uniform_cases.csv").open() as file:
        cases = {row["fuel"]: row for row in csv.DictReader(file)}
    fuel = np.kron(np.loadtxt(folder / "mosaic_pattern_50x50.csv", int, delimiter=","), np.ones((PATCH, PATCH), int))
    order = ("GR2", "SH5", "TU5")
    head = np.array([float(cases[name]["head_ros_m_min"]) / 60.0 for name in order])
    e = eccentricity_of([float(cases[name]["length_to_width"]) for name in order])
    return rates_of(fuel.shape, head[fuel], e[fuel], math.pi / 2)


def times() -> NDArray[np.float64]:
    """Return (100, 100) s the reference's arrival at cells (10 i + 5, 10 j + 5), infinity after 12 h."""
    path = shared_folder() / "validation" / "fire" / "spread_reference" / "mosaic_toa_min_100x100.csv"
    with path.open() as file:
        return np.array([[float(v) * 60.0 if v else np.inf for v in row] for row in csv.reader(file)])


def measure(short: bool) -> Iterator[Measure]:
    del short  # it takes a second
    rates, reference = mosaic(), times()
    for hours in (6, 12):
        until = hours * 3600.0
        front = burnt_front(rates, CELL, AT, until)
        path = (
            shared_folder() / "validation" / "fire" / "spread_reference" / f"mosaic_burned_cells_per_patch_{hours}h.csv"
        )
        cells = np.loadtxt(path, delimiter=",")
        patches = front.burnt.reshape(50, PATCH, 50, PATCH).sum(axis=(1, 3))
        mine, theirs = front.arrival[5::10, 5::10], reference
        both = (mine <= until) & (theirs <= until)
        name = f"fire.mosaic.{hours}h"
        yield Measure(f"{name}.area_error", float(patches.sum() / cells.sum() - 1.0), "1", "abs<= 0.015")
        iou = np.minimum(patches, cells).sum() / np.maximum(patches, cells).sum()
        yield Measure(f"{name}.iou_of_patches", float(iou), "1", ">= 0.98")
        sampled = both.sum() / ((mine <= until) | (theirs <= until)).sum()
        yield Measure(f"{name}.iou_of_samples", float(sampled), "1", ">= 0.98")
        late = mine[both] - theirs[both]
        yield Measure(f"{name}.time_error_s", float(np.abs(late).mean()), "s", "")
