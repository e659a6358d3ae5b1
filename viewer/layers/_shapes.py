"""What the flat layers share: features of some kinds as GeoJSON in longitude and latitude."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from viewer.ground import lon_lat
from viewer.plain import plain
from viewer.words import kind_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin.model.feature import Features
    from twin.store import City

#: lets flat layers lie on each other in their order, without flicker
FLAT = {"depthCompare": "always", "depthWriteEnabled": False}

#: words by which land registers, OpenStreetMap and fuel maps call green ground
GREEN = (
    "forest", "wood", "park", "grass", "meadow", "scrub", "orchard", "garden", "farm", "paddy", "field", "green",
    "tree", "산림", "임야", "숲", "공원", "녹지", "초지", "밭", "논", "과수원", "하천부지",
)  # fmt: skip

#: words that hold one of the above and are not green
NOT_GREEN = ("parking", "주차")


def kinds_of(city: City) -> set[str]:
    """Return the kinds of feature that the city has."""
    return {info.kind for info in city.features.layers() if info.count}


def text_of(batch: Features, name: str, row: int) -> str:
    """Return an attribute as text, "" where it is unknown."""
    value = batch.column(name)[row]
    return "" if value is None else str(value)


def geojson(
    city: City,
    kinds: tuple[str, ...],
    language: str,
    *,
    width: Callable[[Features, int], float],
    group: Callable[[Features, int], int | None],
) -> bytes:
    """Return a FeatureCollection of the features of `kinds` that have a place.

    Each has `tip` (its name, or what it is), `w` (m, width as a line; 0 for areas) and `g`.
    group  the number by which the layer colours a feature; None leaves it out of the map
    """
    import shapely

    features = []
    for kind in kinds:
        batch = city.features.read(kind)
        placed = np.flatnonzero(~shapely.is_missing(batch.geometry) & ~shapely.is_empty(batch.geometry))
        for row, geometry in zip(placed.tolist(), lon_lat(batch.geometry[placed], batch.crs), strict=True):
            number = group(batch, row)
            if number is None:
                continue
            area = shapely.get_dimensions(geometry) == 2
            tip = plain(text_of(batch, "name", row) or kind_label(kind, language))
            properties = {"tip": tip, "w": 0 if area else round(width(batch, row), 1), "g": number}
            features.append({"type": "Feature", "geometry": geometry.__geo_interface__, "properties": properties})
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
