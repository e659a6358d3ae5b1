"""Forest, parks and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.layers import address
from viewer.layers._shapes import FLAT, GREEN, NOT_GREEN, geojson, kinds_of, text_of
from viewer.memo import remember

if TYPE_CHECKING:
    import pydeck

    from twin.model.feature import Features
    from twin.store import City
    from viewer.layers import At


def green(batch: Features, row: int) -> int | None:
    """Return 0 for green ground, None for any other land use."""
    if batch.kind == "vegetation":
        return 0
    word = f"{text_of(batch, 'class', row)} {text_of(batch, 'use', row)}".lower()
    if any(n in word for n in NOT_GREEN):
        return None
    return 0 if any(g in word for g in GREEN) else None


@remember(size=4)
def _records(city: City, language: str) -> bytes:
    return geojson(city, ("landuse", "vegetation"), language, width=lambda _batch, _row: 1.0, group=green)


class Green:
    """Plant cover as flat areas."""

    shows = ("landuse", "vegetation")
    order = 5

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None where no land use is known."""
        import pydeck

        if not {"landuse", "vegetation"} & kinds_of(city):
            return None
        return pydeck.Layer(
            "GeoJsonLayer",
            id="green",
            data=address("green", city, at),
            stroked=False,
            get_fill_color=[*palette.base("green"), 150],
            get_point_radius=2,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON."""
        return _records(city, at.language)


layer = Green()
