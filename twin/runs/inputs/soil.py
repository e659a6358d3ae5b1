"""What soaks away: infiltration by soil and land use, laid on a grid.

Only open ground takes water: a cell takes as much of the soil's rate as the share of it that is not sealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, suggest
from twin.geometry.burn import coverage
from twin.model.finding import Finding
from twin.runs.inputs.surface import CHOW, ORDER, areas

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.store import City

CM_PER_H = 1e-2 / 3600

#: texture -> saturated conductivity cm/h, suction head at the wetting front cm, effective porosity.
#: Rawls, Brakensiek & Miller (1983), J. Hydraul. Eng. 109(1), 62-70, doi:10.1061/(ASCE)0733-9429(1983)109:1(62), as
#: tabulated in textbooks (Chow, Maidment & Mays 1988, table 4.3.1); not checked against the paper, so runs say so.
RAWLS = {
    "sand": (11.78, 4.95, 0.417),
    "loamy_sand": (2.99, 6.13, 0.401),
    "sandy_loam": (1.09, 11.01, 0.412),
    "loam": (0.34, 8.89, 0.434),
    "silt_loam": (0.65, 16.68, 0.486),
    "sandy_clay_loam": (0.15, 21.85, 0.330),
    "clay_loam": (0.10, 20.88, 0.309),
    "silty_clay_loam": (0.10, 27.30, 0.432),
    "sandy_clay": (0.06, 23.90, 0.321),
    "silty_clay": (0.05, 29.22, 0.423),
    "clay": (0.03, 31.63, 0.385),
}

#: share of the ground that takes water, by the classes of `surface.CHOW`. Our assumption: sealed surfaces take none,
#: planted ground all, ground between buildings a third; water bodies are full.
OPEN = {
    "asphalt": 0.0, "concrete": 0.0, "built": 0.33, "bare": 1.0, "grass": 1.0, "crops": 1.0, "brush": 1.0,
    "timber": 1.0, "channel": 0.0,
}  # fmt: skip
OF_KIND = {"road": 0.0, "parking": 0.0, "water": 0.0, "vegetation": 1.0}
BY_WORD = {word: OPEN[name] for name, (_, words) in CHOW.items() for word in words}
#: where no feature says what the ground is
UNKNOWN = 0.33

DEFAULT_SOIL = "loam"
DEFAULT_SATURATION = 0.5


def soil(city: City, grid: Grid, params: Mapping[str, object]) -> tuple[dict[str, NDArray[np.float64]], list[Finding]]:
    """Return infiltration_rate m s-1, suction_head m and moisture_deficit (each (ny, nx)), and what was assumed.

    params  the scenario's: `soil` (a texture of `RAWLS`), `saturation` 0..1 at the start, and for a constant loss
            `loss_mm_per_h` instead of the soil's conductivity

    Raises InputError for a soil that is not known, or a value that makes no sense.
    """
    texture = str(params.get("soil", DEFAULT_SOIL))
    if texture not in RAWLS:
        raise InputError(f"flood parameter 'soil' is '{texture}'; {suggest(texture, RAWLS)}")
    saturation = _number(params, "saturation", DEFAULT_SATURATION, 1.0)
    conductivity, suction, porosity = RAWLS[texture]
    rate = conductivity * CM_PER_H
    if "loss_mm_per_h" in params:
        rate = _number(params, "loss_mm_per_h", 0.0, 1000.0) * 1e-3 / 3600
    share = open_ground(city, grid)
    deficit = porosity * (1 - saturation)
    text = (
        f"the soil is taken as {texture} everywhere (conductivity {conductivity:g} cm/h, suction {suction:g} cm, "
        f"porosity {porosity:g}, after Rawls et al. 1983 as textbooks give it, unverified), {saturation:.0%} "
        f"saturated at the start; {float(share.mean()):.0%} of the area takes water"
    )
    return (
        {
            "infiltration_rate": share * rate,
            "suction_head": np.full(grid.shape, suction * 1e-2),
            "moisture_deficit": np.full(grid.shape, deficit),
        },
        [Finding("info", "soil_assumed", text)],
    )


def open_ground(city: City, grid: Grid) -> NDArray[np.float64]:
    """Return (ny, nx) the share of each cell whose ground takes water, 0..1."""
    share = np.full(grid.shape, UNKNOWN)
    for kind in ORDER:
        if not city.features.count(kind):
            continue
        features = city.features.read(kind, bounds=grid.bounds)
        if not len(features):
            continue
        of_kind = OF_KIND.get(kind, np.nan)
        values = np.array([BY_WORD.get(str(w or "").lower(), of_kind) for w in features.column("class")], dtype=float)
        shapes = areas(features)
        for value in np.unique(values[np.isfinite(values)]):
            part = coverage(shapes[values == value], grid)
            share += part * (value - share)
    return share


def _number(params: Mapping[str, object], name: str, default: float, greatest: float) -> float:
    value = params.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= greatest:
        raise InputError(f"flood parameter '{name}' is {value!r}; it must be a number from 0 to {greatest:g}")
    return float(value)
