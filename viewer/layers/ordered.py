"""Roads that are closed by order, at the moment or at any time of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.deployment import closes, names, orders
from viewer.layers import _timed
from viewer.layers._shapes import FLAT
from viewer.memo import remember
from viewer.response import answered, version

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


@remember(size=4)
def _records(city: City, run: str, language: str, version: str) -> bytes:
    del version
    called = names(city, language)
    return _timed.records(
        city,
        (order for order in orders(city, run) if closes(order.action)),
        lambda order: _timed.told_of(city, run, order, called, language, "tip_closed_since"),
    )


class Ordered:
    """Closed roads as lines along their edges of the network, closed underpasses the same."""

    shows = ("road", "underpass")
    order = 36

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None where nobody closes a road."""
        import pydeck

        if not any(closes(order.action) for order in orders(city, at.run)):
            return None
        colour = _timed.shown([*palette.base("ordered"), 255], at.time)
        return pydeck.Layer(
            "GeoJsonLayer",
            id="ordered",
            data=_timed.of("ordered", city, at),
            get_line_color=colour,
            get_fill_color=colour,
            update_triggers={"getLineColor": at.time, "getFillColor": at.time},
            get_line_width=7,
            line_width_min_pixels=4,
            line_width_max_pixels=8,
            get_point_radius=7,
            point_radius_min_pixels=5,
            pickable=True,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON with `a`, `b` s of closing and opening."""
        if not answered(city, at.run):
            return _timed.NOTHING
        return _records(city, at.run, at.language, version(city, at.run))


layer = Ordered()
