"""Sensors with their latest value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.ground import point
from viewer.layers._shapes import FLAT
from viewer.plain import plain
from viewer.readings import latest

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


class Sensors:
    """A dot for each thing that measures, and the latest value of its first series beside it."""

    shows = ("sensor",)
    order = 50

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a TextLayer whose background is the mark, None where no sensor has a place."""
        import pydeck

        records = marks(city, at.language)
        if not records:
            return None
        ink = list(palette.base("sensor"))
        return pydeck.Layer(
            "TextLayer",
            id="sensors",
            data=records,
            get_position="p",
            get_text="v",
            get_size=13,
            get_color=[255, 255, 255],
            character_set="'auto'",
            font_family="'NanumSquare, NanumGothic, Noto Sans CJK KR, Malgun Gothic, Apple SD Gothic Neo, sans-serif'",
            font_weight=700,
            background=True,
            get_background_color=ink,
            get_border_color=list(palette.base("sensor_ring")),
            get_border_width=1.5,
            background_border_radius=9,
            background_padding=[7, 3],
            pickable=True,
            parameters=FLAT,
        )


def marks(city: City, language: str) -> list[dict[str, object]]:
    """Return a record per thing with a place: `p` longitude and latitude, `v` the value beside it, `tip` all values."""
    values = latest(city)
    found = []
    for thing in city.sensors.things():
        mine = [v for v in values if v.thing == thing.id]
        if thing.location is None or not mine:
            continue
        lines = [plain(thing.name)] + [v.line(language) for v in mine]
        place = point(*thing.location, thing.crs or city.crs)
        found.append({"p": list(place), "v": mine[0].text, "tip": "\n".join(lines)})
    return found


layer = Sensors()
