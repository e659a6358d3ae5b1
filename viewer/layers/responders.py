"""Where the units of a response are at the moment: crews, pumps, police, engines, buses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.deployment import Posted, names, nodes, posted
from viewer.layers._shapes import FLAT
from viewer.layers.engines import FONT
from viewer.plain import plain
from viewer.words import known_label, say

if TYPE_CHECKING:
    import pydeck

    from twin.store import City
    from viewer.layers import At


class Responders:
    """A mark for each kind of unit at each place, with their number."""

    shows = ("road",)
    order = 56

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return a TextLayer whose background is the mark, None where nobody stands ready."""
        import pydeck

        found = marks(city, at)
        if not found:
            return None
        return pydeck.Layer(
            "TextLayer",
            id="responders",
            data=found,
            get_position="p",
            get_text="v",
            get_size=12,
            get_color=[255, 255, 255],
            character_set="'auto'",
            font_family=FONT,
            font_weight=700,
            background=True,
            get_background_color=[*palette.base("unit"), 235],
            get_border_color=[255, 255, 255],
            get_border_width=1.5,
            background_border_radius=9,
            background_padding=[6, 3],
            get_pixel_offset="o",
            pickable=True,
            parameters=FLAT,
        )


def marks(city: City, at: At) -> list[dict[str, object]]:
    """Return a record per kind and place: `p` longitude and latitude, `o` px beside it, `v` its text, `tip`."""
    if not at.run:
        return []
    language, places = at.language, nodes(city)
    groups: dict[tuple[int, str], list[Posted]] = {}
    for unit in posted(city, at.run, at.time):
        if 0 <= unit.node < len(places):
            groups.setdefault((unit.node, unit.kind), []).append(unit)
    found: list[dict[str, object]] = []
    stacked: dict[int, int] = {}
    called = names(city, language) if groups else {}
    for (node, kind), units in sorted(groups.items()):
        row = stacked[node] = stacked.get(node, -1) + 1
        text = say("mark_unit", language, kind=plain(known_label("unit", kind, language)), n=len(units))
        tip = "\n".join(f"{unit_name(u.id, language)} · {task_of(u, called, language)}" for u in units[:8])
        found.append({"p": places[node].tolist(), "o": [0, -22 * row], "v": text, "tip": tip})
    return found


def unit_name(id_: str, language: str) -> str:
    """Return what people call a unit: its kind and its number."""
    kind, _, number = id_.rpartition("-")
    return plain(f"{known_label('unit', kind, language)} {number.lstrip('0') or number}" if kind else id_)


def task_of(unit: Posted, called: dict[str, str], language: str) -> str:
    """Return what a unit does, in words: on its way, at work, or ready."""
    if unit.task is None:
        return say("unit_ready", language)
    action = unit.task.action
    what = plain(known_label("measure", action.kind, language))
    where = called.get(action.target, plain(action.target))
    return say("unit_working" if unit.there else "unit_driving", language, what=what, where=where)


layer = Responders()
