"""A lake at rest over a random bed with an island must stay at rest: greatest speed after 60 s, both orders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from twin.physics.shallow_water.engine import ShallowWater

BOUNDS = {"float32": "<= 1.3e-5", "float64": "<= 1e-13"}


def measure(short: bool) -> Iterator[Measure]:
    n = 100 if short else 200
    x = np.arange(n) + 0.5 - n / 2
    rng = np.random.default_rng(1)
    bed = 3 * np.exp(-(x**2 + x[:, None] ** 2) / (n * n / 50)) + 0.3 * rng.random((n, n))
    for precision, bound in BOUNDS.items():
        ground = bed.astype(precision)
        depth = np.maximum(np.array(0, precision), np.array(1.5, precision) - ground)
        fastest = 0.0
        for order in (1, 2):
            water = ShallowWater(ground, 1.0, roughness=0.03, depth=depth, order=order, precision=precision)
            water.advance(60.0)
            fastest = max(fastest, *(float(np.abs(v).max()) for v in water.velocity))
        name = f"flood.lake_at_rest.f{precision[5:]}.max_speed_m_s"
        yield Measure(name, fastest, "m s-1", bound)
