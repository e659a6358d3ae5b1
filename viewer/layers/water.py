"""Rivers, canals and ponds of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.layers import address
from viewer.layers._shapes import FLAT, geojson, kinds_of
from viewer.memo import remember

if TYPE_CHECKING:
    import pydeck

    from twin.model.feature import Features
    from twin.store import City
    from viewer.layers import At

#: m, width of a stream that is drawn as a line and says no width
WIDTH = 4.0


def width(batch: Features, row: int) -> float:
    """Return the width of a stream in m."""
    known = float(batch.numbers("width")[row])
    return known if known > 0 else WIDTH


@remember(size=4)
def _records(city: City, language: str) -> bytes:
    return geojson(city, ("water",), language, width=width, group=lambda _batch, _row: 0)


class Water:
    """Water bodies as areas, streams as lines of their width."""

    shows = ("water",)
    order = 10

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None where no water is known."""
        import pydeck

        if "water" not in kinds_of(city):
            return None
        colour = list(palette.base("water"))
        return pydeck.Layer(
            "GeoJsonLayer",
            id="water",
            data=address("water", city, at),
            get_fill_color=colour,
            get_line_color=colour,
            get_line_width="properties.w",
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON."""
        return _records(city, at.language)


layer = Water()
