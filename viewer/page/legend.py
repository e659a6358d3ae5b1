"""What the colours mean: every class with its limits as text, and how much ground it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer import palette, pictures, quantities
from viewer.facts import status_of
from viewer.plain import SENTENCE, markup
from viewer.record import ensemble
from viewer.words import say

if TYPE_CHECKING:
    from twin.store import City
    from viewer.layers import At

Row = tuple[palette.Colour, str]


def legend(city: City, at: At, moment: str) -> str:
    """Return the legend of the map as HTML."""
    language = at.language
    parts = [f'<div class="legend" lang="{language}"><h3>{markup(say("legend", language))}</h3>']
    if at.run:
        run = city.runs.get(at.run)
        if run.status != "done":
            parts.append(f'<div class="badge">{markup(status_of(run, language))}</div>')
        members = ensemble(city, at.run)
        title = quantities.label(at.quantity, language, members=bool(members))
        notes = quantities.notes(pictures.frames(city, at.run), at.quantity, language)
        parts.append(group(title, water(city, at), moment, notes))
    name = at.colour if at.run else "height"
    rows = palette.scale(name).rows
    note = ""
    if name != "height":
        rows.insert(0, (palette.base("dry_building"), say("legend_dry", language)))
    if name == "probability":
        known = ensemble(city, at.run)
        note = say("share_above", language, members=known["members"], threshold=float(known["threshold_m"]))
    parts.append(group(say(f"legend_building_{name}", language), rows, "", [note] if note else []))
    if at.run:
        keys = (("closed", "legend_closed"), ("closed_some", "legend_closed_some"))
        parts.append(group("", [(palette.base(colour), say(key, language)) for colour, key in keys]))
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


def class_names(scale: palette.Scale, language: str) -> list[str]:
    """Return what the classes of a scale are called: their limits, with the name that some have."""
    if not scale.words:
        return scale.labels
    names = [say(f"{scale.words}_{number}", language) for number in range(1, len(scale.limits) + 1)]
    if scale.step == 1.0:  # numbers of classes have no limits
        return names
    return [f"{name} ({label})" for name, label in zip(names, scale.labels, strict=True)]


def water(city: City, at: At) -> list[Row]:
    """Return colour and text of each class of the quantity that is shown, with the area that it has at the moment."""
    scale = pictures.scale_of(city, at.run, at.quantity)
    areas = pictures.hectares(city, at.run, at.quantity, at.index)
    return [
        (colour, say("class_area", at.language, name=name, area=f"{area:,.1f}"))
        for colour, name, area in zip(scale.colours, class_names(scale, at.language), areas, strict=True)
    ]


def group(title: str, rows: list[Row], note: str = "", more: list[str] | None = None) -> str:
    """Return one block of a legend: a title, a note under it, a swatch with text per row, and notes below them."""
    head = f"<h4>{markup(title)}</h4>" if title else ""
    small = f'<div class="hint">{markup(note)}</div>' if note else ""
    items = "".join(
        f'<li><span class="swatch" style="background:{palette.css(colour)}"></span>{markup(text)}</li>'
        for colour, text in rows
    )
    below = "".join(f'<div class="hint">{markup(text, SENTENCE)}</div>' for text in more or ())
    return f"{head}{small}<ul>{items}</ul>{below}"
