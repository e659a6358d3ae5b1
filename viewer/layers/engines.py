"""Where fire engines work at the moment, and the hydrants that feed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.crews import engines, groups, hydrants
from viewer.ground import point
from viewer.layers._shapes import FLAT
from viewer.moments import short
from viewer.plain import plain
from viewer.words import say

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At

#: no letters of a file: marks are counted in numbers
FONT = "'NanumSquare, NanumGothic, Noto Sans CJK KR, Malgun Gothic, Apple SD Gothic Neo, sans-serif'"


class Engines:
    """A mark for each place at which engines have arrived, and one for each hydrant in use."""

    shows = ("engine_water", "hydrant")
    order = 55

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a TextLayer whose background is the mark, None where no engine was sent out."""
        import pydeck

        if not engines(city, at.run):
            return None
        return pydeck.Layer(
            "TextLayer",
            id="engines",
            data=marks(city, at),
            get_position="p",
            get_text="v",
            get_size=12.5,
            get_color=[255, 255, 255],
            character_set="'auto'",
            font_family=FONT,
            font_weight=700,
            background=True,
            get_background_color="c",
            get_border_color=[255, 255, 255],
            get_border_width=1.5,
            background_border_radius=4,
            background_padding=[6, 3],
            pickable=True,
            parameters=FLAT,
        )


def marks(city: City, at: At) -> list[dict[str, object]]:
    """Return a record per mark: `p` longitude and latitude, `v` its text, `c` its colour, `tip`."""
    language, here = at.language, groups(engines(city, at.run), at.time)
    found: list[dict[str, object]] = []
    for id_, x, y in hydrants(city, at.run) if here else ():
        tip = f"{say('tip_hydrant', language)}\n{plain(id_)}"
        place = list(point(x, y, city.crs))
        found.append({"p": place, "v": say("mark_hydrant", language), "c": list(palette.base("hydrant")), "tip": tip})
    for group in here:
        arrived = short(city, at.run, min(e.arrived or 0.0 for e in group))
        lines = [say("tip_engine", language, n=len(group), clock=arrived), *(plain(e.name) for e in group)]
        found.append(
            {
                "p": list(point(group[0].x, group[0].y, city.crs)),
                "v": say("mark_engine", language, n=len(group)),
                "c": list(palette.base("engine")),
                "tip": "\n".join(lines),
            }
        )
    return found


layer = Engines()
