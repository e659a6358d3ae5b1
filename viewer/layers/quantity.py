"""A quantity of a run at a moment, or of the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.layers._shapes import FLAT
from viewer.pictures import run_sheet
from viewer.quantities import PALETTES

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


class Quantity:
    """The frame as a picture in the classes of the legend."""

    shows = tuple(PALETTES)
    order = 30

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a BitmapLayer, None without a run. Only the address of its picture changes from moment to moment."""
        import pydeck

        if not at.run or not at.quantity:
            return None
        return pydeck.Layer(
            "BitmapLayer",
            id="quantity",
            image=f"'/frames/{at.run}/{at.quantity}/{at.index}.png'",
            bounds=list(run_sheet(city, at.run).bounds),
            parameters=FLAT,
        )


layer = Quantity()
