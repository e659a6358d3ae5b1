"""What is proposed and waits for a decision at the moment: drawn like a ghost, for nothing of it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.deployment import names, waiting
from viewer.layers import _timed
from viewer.layers._shapes import FLAT
from viewer.memo import remember
from viewer.response import answered, version

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At

#: of 255, how far a ghost hides what lies under it: its inside, its outline
INSIDE, OUTLINE = 60, 170


@remember(size=4)
def _records(city: City, run: str, language: str, version: str) -> bytes:
    del version
    called = names(city, language)
    return _timed.records(
        city,
        waiting(city, run),
        lambda order: _timed.told_of(city, run, order, called, language, "tip_proposed_at"),
    )


class Proposed:
    """Rings at targets, and thin lines along roads, as long as their proposals wait."""

    shows = ("road", "underpass", "building")
    order = 52

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer; None where nothing waits, and for the whole run, in which everything waits once."""
        import pydeck

        if at.time is None or not waiting(city, at.run):
            return None
        return pydeck.Layer(
            "GeoJsonLayer",
            id="proposed",
            data=_timed.of("proposed", city, at),
            get_fill_color=_timed.shown([*palette.base("ordered"), INSIDE], at.time),
            get_line_color=_timed.shown([*palette.base("ordered"), OUTLINE], at.time),
            update_triggers={"getFillColor": at.time, "getLineColor": at.time},
            get_line_width=2,
            line_width_min_pixels=1.5,
            line_width_max_pixels=3,
            get_point_radius=9,
            point_radius_min_pixels=5,
            point_radius_max_pixels=10,
            pickable=True,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON with `a`, `b` s between which a proposal waits."""
        if not answered(city, at.run):
            return _timed.NOTHING
        return _records(city, at.run, at.language, version(city, at.run))


layer = Proposed()
