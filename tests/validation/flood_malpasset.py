"""The dam break of Malpasset (1959): a valley of 17 km, against the levels and times that were measured.

Nine gauges of the physical model of 1 to 400 (EDF, 1964), the marks of the police at seventeen places and the times at
which three transformers failed. Terrain from the mesh of the case, in cells of 20 m; the reservoir stands at 100 m,
the dam vanishes at once, n = 0.033, the sea at 0 m, second order, 40 minutes.

Source: the measured values as tabulated by Hervouet, Petitjean (1999), J. Hydraul. Res. 37(6) 777-788, and
Valiani, Caleffi, Zanni (2002), J. Hydraul. Eng. 128(5) 460-472. Levels in m, times in s after the break.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.measures import Measure
from tests.physics.cases.files import Raster, flood_case
from tests.physics.cases.mesh import on_grid
from tests.physics.cases.water import rmse, volume_error
from twin.physics.shallow_water.engine import ShallowWater

#: gauge of the physical model -> x m, y m, greatest level m, arrival s
GAUGES = {
    "S6": (4947.46, 4289.71, 84.2, 10.2),
    "S7": (5717.30, 4407.61, 49.1, 102.0),
    "S8": (6775.14, 3869.23, 54.0, 182.0),
    "S9": (7128.20, 3162.00, 40.2, 263.0),
    "S10": (8585.30, 3443.08, 34.9, 404.0),
    "S11": (9674.97, 3085.89, 27.4, 600.0),
    "S12": (10939.15, 3044.78, 21.5, 845.0),
    "S13": (11724.37, 2810.41, 16.1, 972.0),
    "S14": (12723.70, 2485.08, 12.9, 1139.0),
}

#: mark of the police -> x m, y m, greatest level m
MARKS = {
    "P1": (4913.11, 4244.01, 79.15),
    "P2": (5159.75, 4369.62, 87.20),
    "P3": (5790.63, 4177.76, 54.90),
    "P4": (5886.54, 4503.97, 64.70),
    "P5": (6763.05, 3429.60, 51.10),
    "P6": (6929.97, 3591.87, 43.75),
    "P7": (7326.02, 2948.78, 44.35),
    "P8": (7441.01, 3232.12, 38.60),
    "P9": (8735.94, 3264.61, 31.90),
    "P10": (8628.60, 3604.63, 40.75),
    "P11": (9761.13, 3480.36, 24.15),
    "P12": (9800.00, 2414.79, 24.90),
    "P13": (10957.00, 2651.94, 17.25),
    "P14": (11156.99, 3800.72, 20.70),
    "P15": (11689.05, 2592.36, 18.60),
    "P16": (11626.05, 3406.80, 17.25),
    "P17": (12333.72, 2269.74, 14.00),
}

#: transformer -> x m, y m, time s at which it failed; as commonly quoted, not checked against a source: unverified
TRANSFORMERS = {"A": (5550.0, 4400.0, 100.0), "B": (11900.0, 3250.0, 1240.0), "C": (13000.0, 2700.0, 1420.0)}

LEVEL, DAM = 100.0, ((4701.18, 4143.41), (4655.50, 4392.10))
"""m, of the reservoir; ends of the dam, m."""

END = 2400.0


def valley(cell: float, order: int = 2, precision: str = "float32") -> tuple[ShallowWater, Raster]:
    """Return the water at the moment the dam is gone, and the ground."""
    from scipy.ndimage import label

    ground = on_grid(flood_case("malpasset") / "malpasset_26000_merged.tsh", cell)
    bed = ground.values
    y, x = ((np.arange(n) + 0.5) * cell for n in bed.shape)
    x, y = x + ground.west, (y + ground.south)[:, None]
    (x0, y0), (x1, y1) = DAM
    upstream = (x - x0) * (y1 - y0) < (y - y0) * (x1 - x0)
    pools, _ = label(upstream & (bed < LEVEL))
    # the ground above the dam also has hollows that the reservoir never reached
    deepest = np.unravel_index(np.nanargmin(np.where(pools > 0, bed, np.nan)), bed.shape)
    depth = np.where(pools == pools[deepest], LEVEL - bed, np.where(upstream, 0.0, np.maximum(0, -bed)))
    water = ShallowWater(
        bed, cell, roughness=0.033, depth=np.nan_to_num(depth), order=order, precision=precision, wet=0.1
    )
    return water, ground


def highest(water: ShallowWater, ground: Raster, places: dict[str, tuple[float, ...]]) -> np.ndarray:
    """Return the greatest level in m at each place; the ground where it stayed dry."""
    at = [ground.place(p[0], p[1]) for p in places.values()]
    return np.array([water.bed[a] + water.max_depth[a] for a in at])


def arrivals(water: ShallowWater, ground: Raster, places: dict[str, tuple[float, ...]]) -> np.ndarray:
    """Return the time in s at which the water came to each place."""
    return np.array([water.arrival[ground.place(p[0], p[1])] for p in places.values()], np.float64)


BOUNDS = {
    "gauges.rmse_m": ("<= 4.7", "<= 4.9"),
    "marks.rmse_m": ("<= 4.1", "<= 3.7"),
    "arrival_relative": ("<= 0.15", "<= 0.4"),
    "transformers_s": ("<= 85", "<= 220"),
    "gauges_out_of_order": ("<= 0", "<= 0"),
    "volume_error": ("<= 1e-6", "<= 1e-6"),
}
"""In cells of 20 m; in those of 60 m of the short form, in which the gorge is three cells wide."""


def measure(short: bool) -> Iterator[Measure]:
    water, ground = valley(60.0 if short else 20.0)
    water.advance(END)
    levels, times = (np.array([g[i] for g in GAUGES.values()]) for i in (2, 3))
    came = arrivals(water, ground, GAUGES)
    failed = arrivals(water, ground, TRANSFORMERS) - [t[2] for t in TRANSFORMERS.values()]
    found = {
        "gauges.rmse_m": rmse(highest(water, ground, GAUGES), levels),
        "marks.rmse_m": rmse(highest(water, ground, MARKS), np.array([m[2] for m in MARKS.values()])),
        "arrival_relative": float(np.mean(np.abs(came / times - 1))),
        "transformers_s": float(np.abs(failed).max()),
        "gauges_out_of_order": float(np.sum(np.diff(came) <= 0)),
        "volume_error": volume_error(water),
    }
    for name, value in found.items():
        unit = "m" if name.endswith("_m") else "s" if name.endswith("_s") else "1"
        yield Measure(f"flood.malpasset.{name}", value, unit, BOUNDS[name][short])
