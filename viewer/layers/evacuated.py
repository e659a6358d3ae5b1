"""Homes whose people are told to leave, or are fetched, by the moment or over the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.deployment import names, orders
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
        (order for order in orders(city, run) if order.action.kind == "evacuate"),
        lambda order: _timed.told_of(city, run, order, called, language, "tip_told_at"),
    )


class Evacuated:
    """A dot at each home, from when its people were told."""

    shows = ("building",)
    order = 51

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None where nobody is told to leave."""
        import pydeck

        if not any(order.action.kind == "evacuate" for order in orders(city, at.run)):
            return None
        return pydeck.Layer(
            "GeoJsonLayer",
            id="evacuated",
            data=_timed.of("evacuated", city, at),
            get_fill_color=_timed.shown([*palette.base("evacuated"), 255], at.time),
            get_line_color=_timed.shown([255, 255, 255, 255], at.time),
            update_triggers={"getFillColor": at.time, "getLineColor": at.time},
            get_line_width=1,
            line_width_min_pixels=1,
            get_point_radius=6,
            point_radius_min_pixels=4,
            point_radius_max_pixels=8,
            pickable=True,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON with `a` s at which people were told."""
        if not answered(city, at.run):
            return _timed.NOTHING
        return _records(city, at.run, at.language, version(city, at.run))


layer = Evacuated()
