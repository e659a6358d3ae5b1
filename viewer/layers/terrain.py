"""The shaded ground, so that the map is a place and not an empty sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.layers._shapes import FLAT
from viewer.pictures import ground_sheet

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


class Terrain:
    """Elevation as a picture, lit from the north-west."""

    shows = ("elevation",)
    order = 0

    def deck(self, city: City, at: At) -> pydeck.Layer | None:  # noqa: ARG002 - the ground is the same at all times
        """Return a BitmapLayer, None where the city has no terrain."""
        import pydeck

        frame = ground_sheet(city)
        if frame is None:
            return None
        return pydeck.Layer(
            "BitmapLayer",
            id="terrain",
            image=f"'/ground.png?snapshot={city.snapshot}'",
            bounds=list(frame.bounds),
            parameters=FLAT,
        )


layer = Terrain()
