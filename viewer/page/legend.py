"""What the colours mean: every class with its limits as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette
from viewer.plain import markup
from viewer.words import say

if TYPE_CHECKING:
    from viewer.layers import At


def legend(at: At, moment: str) -> str:
    """Return the legend of the map as HTML."""
    language = at.language
    parts = [f'<div class="legend" lang="{language}"><h3>{markup(say("legend", language))}</h3>']
    if at.run:
        parts.append(group(say("legend_water", language), palette.scale("water").rows, moment))
    name = "depth" if at.run and at.colour == "depth" else "height"
    rows = palette.scale(name).rows
    if name == "depth":
        rows.insert(0, (palette.base("dry_building"), say("legend_dry", language)))
    parts.append(group(say(f"legend_building_{name}", language), rows))
    parts.append(
        group(
            "",
            [
                (palette.base("sensor"), say("legend_sensor", language)),
                (palette.base("water"), say("legend_river", language)),
                (palette.base("road_main"), say("legend_main", language)),
                (palette.base("green"), say("legend_green", language)),
            ],
        )
    )
    parts.append(f'<div class="hint last">{markup(say("map_hint", language))}</div></div>')
    return "".join(parts)


def group(title: str, rows: list[tuple[palette.Colour, str]], note: str = "") -> str:
    """Return one block of a legend: a title, a note under it, and a swatch with text per row."""
    head = f"<h4>{markup(title)}</h4>" if title else ""
    small = f'<div class="hint">{markup(note)}</div>' if note else ""
    items = "".join(
        f'<li><span class="swatch" style="background:{palette.css(colour)}"></span>{markup(text)}</li>'
        for colour, text in rows
    )
    return f"{head}{small}<ul>{items}</ul>"
