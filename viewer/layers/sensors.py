"""Sensors with their latest value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.ground import point
from viewer.hazards import floods
from viewer.layers._shapes import FLAT
from viewer.readings import Reading, latest

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


#: quantities whose value stands on the map, the most wanted first
FIRST = ("water_level", "drain_level", "discharge", "rain_rate", "rainfall")

#: m, things nearer than this share a mark
NEAR = 60.0


class Sensors:
    """A mark for each place that measures, with its latest value where it measures water."""

    shows = ("sensor",)
    order = 50

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a TextLayer whose background is the mark, None where no sensor has a place or the run no water."""
        import pydeck

        # today's wind beside the wind of a fire of another day would be read as its wind
        records = marks(city, at.language) if not at.run or floods(city, at.run) else []
        if not records:
            return None
        ink = list(palette.base("sensor"))
        return pydeck.Layer(
            "TextLayer",
            id="sensors",
            data=records,
            get_position="p",
            get_text="v",
            get_size=12.5,
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
    """Return a record per place: `p` longitude and latitude, `v` the value beside it, `tip` all values there.

    Things that stand within NEAR of each other share a mark. A place that measures no water shows a dot alone.
    """
    places: list[tuple[float, float, list[Reading]]] = []
    values = latest(city)
    for thing in city.sensors.things():
        mine = [v for v in values if v.thing == thing.id]
        if thing.location is None or not mine:
            continue
        x, y = thing.location
        near = next((there for px, py, there in places if abs(px - x) < NEAR and abs(py - y) < NEAR), None)
        if near is None:
            places.append((x, y, mine))
        else:
            near.extend(mine)
    found: list[dict[str, object]] = []
    for x, y, there in places:
        first = sorted((v for v in there if v.quantity in FIRST), key=lambda v: FIRST.index(v.quantity))
        lines = [line for name in dict.fromkeys(v.name for v in there) for line in _about(name, there, language)]
        found.append({"p": list(point(x, y, city.crs)), "v": first[0].text if first else "·", "tip": "\n".join(lines)})
    return found


def _about(name: str, there: list[Reading], language: str) -> list[str]:
    return [name, *(v.line(language) for v in there if v.name == name)]


layer = Sensors()
