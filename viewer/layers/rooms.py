"""Rooms of the storey on the map where a fire burns inside a building, with what became of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from viewer import palette
from viewer.ground import lon_lat
from viewer.hazards import indoors
from viewer.inside import Room, clock, shown, verdict
from viewer.layers import address
from viewer.layers._shapes import FLAT
from viewer.memo import remember
from viewer.plain import plain
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


@remember(size=4)
def _records(city: City, run: str, language: str) -> bytes:
    import shapely

    here, features = {room.id: room for room in shown(city, run)}, []
    if here and city.features.count("space"):
        batch = city.features.read("space")
        rows = np.flatnonzero(np.isin(batch.ids, list(here)) & ~shapely.is_missing(batch.geometry))
        for row, geometry in zip(rows.tolist(), lon_lat(batch.geometry[rows], batch.crs), strict=True):
            properties = {"tip": tip(here[batch.ids[row]], language)}
            features.append({"type": "Feature", "geometry": geometry.__geo_interface__, "properties": properties})
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def tip(room: Room, language: str) -> str:
    """Return what is said of a room under the pointer."""
    lines = [room.name, say("tip_people", language, n=room.people)]
    if room.untenable is None:
        lines.append(say("tip_tenable", language))
    else:
        why = plain(known_label("untenable", room.why, language))
        lines.append(say("tip_untenable", language, clock=clock(room.untenable), why=why))
    left = verdict(room, language)
    if left != "–":
        lines.append(f"{say('column_margin', language)}: {left}")
    return "\n".join(lines)


class Rooms:
    """Walls of rooms as lines over the picture of their air."""

    shows = ("space",)
    order = 45

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a GeoJsonLayer, None where the run does not look into a building."""
        import pydeck

        if not indoors(city, at.run):
            return None
        return pydeck.Layer(
            "GeoJsonLayer",
            id="rooms",
            data=address("rooms", city, at, run=True),
            get_fill_color=[0, 0, 0, 0],
            get_line_color=list(palette.base("ink")),
            get_line_width=0.07,
            line_width_min_pixels=1.5,
            pickable=True,
            parameters=FLAT,
        )

    def records(self, city: City, at: At) -> bytes:
        """Return GeoJSON with `tip`."""
        return _records(city, at.run, at.language)


layer = Rooms()
