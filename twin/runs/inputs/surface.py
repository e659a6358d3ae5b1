"""What the ground is made of: Manning's n per cell from land use, roads, water and plants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.geometry.burn import coverage
from twin.model.finding import Finding

if TYPE_CHECKING:
    from twin.model.feature import Features
    from twin.model.field import Grid
    from twin.store import City

#: Manning's n in s m-1/3, normal values of Chow (1959), Open-Channel Hydraulics, table 5-6, by the words that
#: registers and OpenStreetMap use for a surface. `built` is not in Chow: open ground between buildings that stand in
#: the model themselves, taken between asphalt (0.016) and gravel (0.025).
CHOW = {
    "asphalt": (0.016, ("paved", "asphalt", "road", "parking", "apron", "railway_yard")),
    "concrete": (0.015, ("concrete", "plaza", "pedestrian")),
    "built": (
        0.020,
        ("residential", "apartment", "commercial", "retail", "office", "industrial", "school", "hospital", "public",
         "institutional", "construction", "railway", "built", "urban", "religious", "education"),
    ),
    "bare": (0.025, ("bare", "gravel", "sand", "soil", "brownfield", "quarry")),
    "grass": (0.030, ("grass", "park", "meadow", "garden", "recreation_ground", "cemetery", "pitch", "lawn")),
    "crops": (0.035, ("farmland", "field", "paddy", "agricultural", "allotments", "farmyard", "cropland")),
    "brush": (0.070, ("scrub", "brush", "heath", "orchard", "shrub", "wetland", "reed")),
    "timber": (0.100, ("forest", "wood", "tree", "trees", "conifer", "broadleaf", "mixed")),
    "channel": (0.030, ("water", "river", "stream", "canal", "ditch", "pond", "lake", "basin", "sea", "reservoir")),
}  # fmt: skip

#: n of a whole kind where its class says nothing
OF_KIND = {"road": 0.016, "parking": 0.016, "water": 0.030}
BY_WORD = {word: n for n, words in CHOW.values() for word in words}

#: a later kind lies on an earlier one
ORDER = ("landuse", "vegetation", "parking", "road", "water")

#: m, width of a lane where a road states lanes and no width (3.0 m is the least for urban roads, 도로구조규칙 제10조)
LANE = 3.0
LANES = 2


def roughness(city: City, grid: Grid, default: float) -> tuple[NDArray[np.float64], dict[str, int], list[Finding]]:
    """Return (ny, nx) Manning's n in s m-1/3, how many features of each kind it comes from, and what was unclear.

    Shares of a cell are averaged by area. An attribute `roughness` goes before the class, the class before the kind.

    default  s m-1/3  where no feature says anything
    Source: Chow (1959), table 5-6, normal values; see `CHOW`.
    """
    n = np.full(grid.shape, default)
    used: dict[str, int] = {}
    findings: list[Finding] = []
    for kind in ORDER:
        if not city.features.count(kind):
            continue
        features = city.features.read(kind, bounds=grid.bounds)
        values = _values(features)
        if not len(features):
            continue
        used[kind] = len(features)
        findings += _unclear(features, values)
        shapes = areas(features)
        for value in np.unique(values[np.isfinite(values)]):
            share = coverage(shapes[values == value], grid)
            n += share * (value - n)
    return n, used, findings


def areas(features: Features) -> NDArray[np.object_]:
    """Return (n,) the ground each feature takes: polygons as they are, lines by their width, None for points."""
    import shapely

    shapes = np.array(features.geometry, dtype=object)
    kinds = shapely.get_dimensions(shapes)
    width, lanes = features.numbers("width"), features.numbers("lanes")
    width = np.where(np.isfinite(width), width, LANE * np.where(np.isfinite(lanes), lanes, LANES))
    shapes[kinds == 1] = shapely.buffer(shapes[kinds == 1], width[kinds == 1] / 2, cap_style="flat")
    shapes[kinds < 1] = None
    return shapes


def _values(features: Features) -> NDArray[np.float64]:
    """Return (n,) Manning's n of each feature, NaN where nothing tells."""
    stated = features.numbers("roughness")
    of_kind = OF_KIND.get(features.kind, np.nan)
    by_class = np.array(
        [BY_WORD.get(str(word or "").lower(), of_kind) for word in features.column("class")], dtype=float
    )
    return np.where(np.isfinite(stated), stated, by_class)


def _unclear(features: Features, values: NDArray[np.float64]) -> Iterator[Finding]:
    """Yield one finding that lists the classes without a value."""
    unknown = {str(word) for word, n in zip(features.column("class"), values, strict=True) if np.isnan(n)}
    if unknown:
        count = int(np.isnan(values).sum())
        yield Finding(
            "info",
            "roughness_unknown",
            f"{count} features of kind '{features.kind}' have no known roughness "
            f"(class {', '.join(sorted(unknown)[:5])}); the default holds there",
        )
